// Package admin is what an administrator does for somebody else: cognito-enroll admin.
//
// Each verb has a file. desk.go is what they share: the pool and what stands above every question; find.go finds the
// user who is meant; screen.go searches as one types; follows.go says what a user meets at the next sign-in, as a
// value.
package admin

import (
	"context"

	"github.com/spf13/cobra"

	"cognito-enroll/cmd/cognito-enroll/help"
	"cognito-enroll/cmd/cognito-enroll/settings"
	"cognito-enroll/cmd/cognito-enroll/terminal"
)

// New returns the command with all its verbs.
func New(t *terminal.Terminal) *cobra.Command {
	var s settings.Settings
	cmd := &cobra.Command{
		Use:   "admin [VERB]",
		Short: "Help somebody else: lost phones, hand-overs, reports",
		Long: `Help somebody else, with AWS credentials that the AWS SDK finds by its conventions. The user pool is
found as for every other command. Only invite needs an app client. A pool that was only found in a
project has to be confirmed before anything changes.

In a terminal, admin without a verb shows a screen: search a user as you type, see the state, and
choose what to do. It needs cognito-idp:DescribeUserPool, GetUserPoolMfaConfig, ListUsers and
AdminGetUser, and what the verb needs.

The help of each verb lists the IAM actions that it needs. docs/admin.md has the policies.`,
		Example: `  cognito-enroll admin --pool-id eu-west-1_AbCdEf123
  cognito-enroll admin reset ada --pool-id eu-west-1_AbCdEf123
  cognito-enroll admin invite ada --pool-id eu-west-1_AbCdEf123 --client-id 4example5client6id7
  cognito-enroll admin watch ada --pool-id eu-west-1_AbCdEf123
  cognito-enroll admin report --pool-id eu-west-1_AbCdEf123`,
		Args: help.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !t.Interactive() || t.Getenv("TERM") == "dumb" || t.Getenv("ACCESSIBLE") != "" {
				return cmd.Help()
			}
			return at(cmd, t, &s, false, nil, func(ctx context.Context, d *desk) error { return d.overview(ctx) })
		},
	}
	s.AddPoolTo(cmd.Flags())
	cmd.AddCommand(newReset(t), newInvite(t), newReport(t), newWatch(t))
	return cmd
}
