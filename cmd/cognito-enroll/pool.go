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
		Short: "Run a local Cognito for tests",
		Long: `Run a local user pool for the AWS CLI, an SDK or a test. It speaks Cognito's wire protocol and
accepts any AWS credentials. Everything is kept in memory, unless --state names a file.

When it is ready, it prints one line of JSON on stdout: the endpoint, the region, and the pools
with their app clients and users. Emails and text messages, such as codes, are printed on
stderr, one line of JSON each. SIGINT or SIGTERM stops it.

GET /_messages shows the messages, GET /_health answers when it is ready, and PUT /_faults makes
calls fail on demand. docs/local-pool.md lists the operations and faults.`,
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
