package main

import (
	"errors"

	"github.com/spf13/cobra"

	"cognito-enroll/cmd/cognito-enroll/front"
	"cognito-enroll/cmd/cognito-enroll/help"
	"cognito-enroll/cmd/cognito-enroll/settings"
	"cognito-enroll/cmd/cognito-enroll/terminal"
)

func newEnroll(t *terminal.Terminal) *cobra.Command {
	var s settings.Settings
	f := front.New(t)
	var p front.PNG
	cmd := &cobra.Command{
		Use:   "cognito-enroll [--pool-id ID --client-id ID]",
		Short: "Enrol an authenticator app in an Amazon Cognito user pool",
		Long: `Enrol an authenticator app (TOTP, software token MFA) in an Amazon Cognito user pool.

Signs you in, shows the QR code in the terminal, checks the code of your app, names the
device and shows the result. The password is proved with SRP and does not leave this
machine, unless the app client allows nothing else.

Without a pool it asks for one: what was found in your project, the ids, a token of the pool,
or a choice from your AWS account. AWS credentials are needed for that choice, with
--aws-credentials, and for --auth-flow admin: that is for an administrator who sits with the
user. Nothing else uses them.`,
		Example: `  cognito-enroll --pool-id eu-west-1_AbCdEf123 --client-id 4example5client6id7
  cognito-enroll --pool-profile staging --username alice --issuer "Acme Staging" --prove
  cognito-enroll --aws-credentials
  cognito-enroll demo`,
		Args: help.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			edge, start, err := s.Open(cmd.Context(), cmd.Flags(), t)
			if err != nil {
				return err
			}
			if err := p.Check(t); err != nil {
				return err
			}
			defer p.Remove() // also after a panic
			_, err = f.Run(cmd.Context(), front.Job{Start: start, Pool: edge, Save: p.Saver(), Left: func() { p.Remove() }})
			return errors.Join(err, p.Remove())
		},
	}
	s.AddTo(cmd.Flags())
	f.AddTo(cmd.Flags())
	p.AddTo(cmd.Flags())
	s.AddNamesTo(cmd.Flags())
	cmd.Flags().BoolVar(&s.Options.Prove, "prove", false, "test the result with a fresh sign-in")
	return cmd
}
