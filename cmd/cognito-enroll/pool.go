package main

import (
	"github.com/spf13/cobra"

	"cognito-enroll/cmd/cognito-enroll/demo"
	"cognito-enroll/cmd/cognito-enroll/help"
	"cognito-enroll/cmd/cognito-enroll/terminal"
)

func newPool(t *terminal.Terminal) *cobra.Command {
	var o demo.PoolOptions
	cmd := &cobra.Command{
		Use:   "pool",
		Short: "Run the embedded user pool for other tools",
		Long: `Run the embedded user pool for other tools: the AWS CLI, an SDK, a test. It speaks Cognito's
wire protocol and accepts any AWS credentials. Everything is kept in memory, unless --state
names a file.

When it is ready it prints one line of JSON on stdout: the endpoint, the region, and the
pools with their clients and users. What the pool would mail or text, such as a code, follows
on stderr, a line of JSON each. SIGINT or SIGTERM ends it.

GET /_messages shows what was mailed, GET /_health answers when it is ready, and PUT /_faults
makes calls fail on demand. docs/local-pool.md has the list of operations and faults.`,
		Example: `  cognito-enroll pool
  cognito-enroll pool --listen 127.0.0.1:0 >pool.json
  cognito-enroll pool --state pool.db --seed seed.json --issuer endpoint`,
		Args: help.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, stop := t.UntilInterrupted(cmd.Context(), terminal.Leave{})
			defer stop()
			return o.Serve(ctx, t.Out, t.Err)
		},
	}
	o.AddTo(cmd.Flags())
	return cmd
}
