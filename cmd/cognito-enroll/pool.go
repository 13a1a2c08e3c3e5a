package main

import (
	"github.com/spf13/cobra"

	"cognito-enroll/cmd/cognito-enroll/demo"
	"cognito-enroll/cmd/cognito-enroll/help"
	"cognito-enroll/cmd/cognito-enroll/terminal"
)

func newPool(t *terminal.Terminal) *cobra.Command {
	var listen string
	var remote bool
	cmd := &cobra.Command{
		Use:   "pool",
		Short: "Run the embedded user pool for other tools",
		Long: `Run the embedded user pool for other tools: the AWS CLI, an SDK, a test. It speaks Cognito's
wire protocol, keeps everything in memory and takes any AWS credentials.

When it is ready it prints one line of JSON on stdout: the endpoint, the region, and the
pools with their clients and users. What the pool would mail or text, such as a code, follows
on stderr, a line of JSON each. SIGINT or SIGTERM ends it.

PUT /_faults makes it misbehave; the documentation of package localpool has the list.`,
		Example: `  cognito-enroll pool
  cognito-enroll pool --listen 127.0.0.1:0 >pool.json`,
		Args: help.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, stop := t.UntilInterrupted(cmd.Context())
			defer stop()
			return demo.Serve(ctx, t.Out, t.Err, listen, remote)
		},
	}
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:9229", "`ADDRESS` to listen on; port 0 picks a free one")
	cmd.Flags().BoolVar(&remote, "allow-remote", false, "let --listen name an address that other machines reach")
	return cmd
}
