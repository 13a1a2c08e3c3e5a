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
	cmd := &cobra.Command{
		Use:   "doctor [--pool-id ID --client-id ID]",
		Short: "See whether an enrolment would work here",
		Long: `See whether an enrolment would work here: what this terminal can do, with a pool named what its app
client allows and whether the clock is right, and a harmless QR code to scan before there is a
secret.

The pool is asked without credentials. It is told the names of users that do not exist, and
what follows is read from its refusals; nobody signs in or can be locked out. What they do not
tell is asked with AWS credentials if --aws-credentials is given: that takes the actions
cognito-idp:DescribeUserPoolClient and cognito-idp:GetUserPoolMfaConfig.

The exit code is 0 when nothing is known to stand in the way, 5 when something has to change
and 4 when the pool cannot be reached.`,
		Example: `  cognito-enroll doctor
  cognito-enroll doctor --pool-id eu-west-1_AbCdEf123 --client-id 4example5client6id7
  cognito-enroll doctor --pool-id eu-west-1_AbCdEf123 --client-id 4example5client6id7 \
      --aws-credentials --json`,
		Args: help.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := s.Find(cmd.Flags(), t); err != nil {
				return err
			}
			pool, err := poolToInspect(cmd.Context(), t, &s, withAWS)
			if err != nil {
				return err
			}
			facts := t.Facts(cmd.Context())
			if facts.Background, err = t.Background(cmd.Context()); err != nil {
				return err
			}
			pool.Found = s.Found
			return inspect.Run(cmd.Context(), t.Out, facts, pool, asJSON)
		},
	}
	f := cmd.Flags()
	s.AddPoolTo(f)
	f.BoolVar(&withAWS, "aws-credentials", false, "ask for the settings of pool and client as well, with AWS credentials")
	f.BoolVar(&asJSON, "json", false, "print JSON")
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
	if s.Pool == "" || s.Client == "" {
		return pool, exit.Usagef(
			"leave all of them out to look at the terminal alone",
			"a pool takes both --pool-id and --client-id",
		)
	}
	pool.ID = s.Pool
	pool.Client, err = s.NewClient(ctx, t, withAWS)
	pool.Origins = s.Origins()
	return pool, err
}
