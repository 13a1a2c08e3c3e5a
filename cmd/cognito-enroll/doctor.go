package main

import (
	"context"

	"github.com/spf13/cobra"

	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cmd/cognito-enroll/help"
	"cognito-enroll/cmd/cognito-enroll/inspect"
	"cognito-enroll/cmd/cognito-enroll/settings"
	"cognito-enroll/cmd/cognito-enroll/terminal"
)

func newDoctor(t *terminal.Terminal) *cobra.Command {
	var s settings.Settings
	var asJSON, withAWS bool
	var report inspect.Report
	cmd := &cobra.Command{
		Use:   "doctor [--pool-id ID --client-id ID]",
		Short: "Check the terminal, the pool and the clock before you begin",
		Long: `Check whether enrollment will work here, before there is a secret. doctor checks the terminal
and draws a QR code without a secret for you to scan. If you name a pool, it also checks the
clock and what the app client allows.

For the pool it needs no credentials. It tries made-up usernames and reads the errors, so
nobody signs in and nobody can be locked out. With --aws-credentials it also reads the settings
of the pool and the app client. AWS must allow you cognito-idp:DescribeUserPoolClient and
cognito-idp:GetUserPoolMfaConfig.

With --report it shows a report for somebody who helps you, and then writes it to a file that
is readable only by you. The report has the IDs of the pool and the app client. It has no
secrets, and hashes instead of usernames.

The exit code is 0 if nothing is known to be in the way, 5 if something must be changed first,
and 4 if the pool cannot be reached.`,
		Example: `  cognito-enroll doctor
  cognito-enroll doctor --pool-id eu-west-1_AbCdEf123 --client-id 4example5client6id7
  cognito-enroll doctor --pool-id eu-west-1_AbCdEf123 --client-id 4example5client6id7 \
      --aws-credentials --json`,
		Args: help.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if report.File != "" {
				if asJSON {
					return exit.Usagef("leave one of them out", "--report and --json cannot be used together")
				}
				if err := report.Check(t); err != nil {
					return err
				}
			}
			if err := s.Find(cmd.Flags(), t); err != nil {
				return err
			}
			pool, err := poolToInspect(cmd.Context(), t, &s, withAWS)
			if err != nil {
				return err
			}
			facts := t.Facts(cmd.Context())
			answers, err := t.Ask(cmd.Context(), facts.TellsUTF8())
			if err != nil {
				return err
			}
			facts = facts.With(answers)
			pool.Found = s.Found
			if report.File != "" {
				return report.Run(cmd.Context(), t, facts, pool)
			}
			return inspect.Run(cmd.Context(), t, facts, pool, asJSON)
		},
	}
	f := cmd.Flags()
	s.AddPoolTo(f)
	f.BoolVar(&withAWS, "aws-credentials", false,
		"also read the settings of the pool and the app client, with AWS credentials")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	f.StringVar(&report.File, "report", "", "show a report for support, without secrets and usernames, and write it to `FILE`")
	return cmd
}

// poolToInspect returns the pool that the flags name, and none if they name none.
func poolToInspect(
	ctx context.Context,
	t *terminal.Terminal,
	s *settings.Settings,
	withAWS bool,
) (pool inspect.Pool, err error) {
	if s.Pool == "" && s.Client == "" && s.SecretFile == "" && s.Region == "" && s.Endpoint == "" && !withAWS {
		return pool, nil
	}
	if err := s.CheckIDs(); err != nil {
		return pool, err
	}
	if s.Pool == "" || s.Client == "" {
		return pool, exit.Usagef(
			"leave out all of them to check only the terminal",
			"a pool needs both --pool-id and --client-id",
		)
	}
	pool.ID, pool.ClientID = s.Pool, s.Client
	pool.Client, err = s.NewClient(ctx, t, withAWS)
	pool.Origins = s.Origins()
	return pool, err
}
