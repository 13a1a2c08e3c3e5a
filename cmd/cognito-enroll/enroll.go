package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"cognito-enroll/cmd/cognito-enroll/front"
	"cognito-enroll/cmd/cognito-enroll/help"
	"cognito-enroll/cmd/cognito-enroll/settings"
	"cognito-enroll/cmd/cognito-enroll/terminal"
)

// newEnroll returns the command that enrolls. It is also what the program does without a command.
func newEnroll(t *terminal.Terminal) *cobra.Command {
	var s settings.Settings
	f := front.New(t)
	var p front.PNG
	var session front.SessionFile
	var keyTo front.KeyTo
	cmd := &cobra.Command{
		Use:   "enroll [--pool-id ID --client-id ID]",
		Short: "Enroll an authenticator app in an Amazon Cognito user pool",
		Long: `Enroll an authenticator app (TOTP) in an Amazon Cognito user pool. The word enroll can be omitted.

It signs you in, shows a QR code, checks the code from your app, names the device and shows
the result. The password is proved with SRP and does not leave this machine, unless the app
client allows nothing else.

Without a pool it asks for one. It offers what it found in your project, accepts an ID, or
reads the pool from a token. With --aws-credentials it offers the pools of your AWS account.
On screens, the only pool in your project needs no choice: the sign-in names it and its file,
and Esc leads to the others. --plain and --json always ask, so that nothing that is piped in
goes to a pool that you have not seen.

With --session-stdin it goes on with a sign-in that another program began, at its challenge
MFA_SETUP; --hand-back leaves the end of that to the program.

AWS credentials are used only with --aws-credentials, and with --auth-flow admin, which is
for an administrator who sits with the user.`,
		Example: `  cognito-enroll --pool-id eu-west-1_AbCdEf123 --client-id 4example5client6id7
  cognito-enroll --pool-profile staging --username alice --issuer "Acme Staging" --prove
  cognito-enroll enroll --aws-credentials
  cognito-enroll --session-stdin --hand-back --session-file next <session`,
		Args: help.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s.TakeOne = f.OnScreens
			edge, start, err := s.Open(cmd.Context(), cmd.Flags(), t)
			if err != nil {
				return err
			}
			if err := p.Check(t); err != nil {
				return err
			}
			mode, err := f.ChooseMode()
			if err != nil {
				return err
			}
			if err := keyTo.Check(t, cmd.Flags(), mode); err != nil {
				return err
			}
			if err := session.Claim(t, s.Options.HandBack, mode); err != nil {
				return err
			}
			remove := func() { p.Remove(); session.Release() }
			ctx, stop := t.UntilInterrupted(cmd.Context(), terminal.Leave{Left: remove})
			defer stop()
			defer remove()                         // also after a panic
			over := context.AfterFunc(ctx, remove) // at once: a run that is told to end may take a while
			last, err := f.Run(ctx, front.Job{Start: start, Pool: edge, Save: p.Saver(),
				KeyTo: keyTo.Recipient(t), Stderr: s.DebugsOnStderr()})
			over()
			s.Remember(t, last.Ask())
			if offer := edge.Offer(); offer != "" && err == nil && mode != front.JSON {
				fmt.Fprintf(t.Notes(), "cognito-enroll: %s\n", offer)
			}
			return errors.Join(err, session.Write(t, last.Ask()), p.Remove())
		},
	}
	s.AddTo(cmd.Flags())
	s.AddSessionTo(cmd.Flags())
	session.AddTo(cmd.Flags())
	f.AddTo(cmd.Flags())
	p.AddTo(cmd.Flags())
	keyTo.AddTo(cmd.Flags())
	s.AddNamesTo(cmd.Flags())
	cmd.Flags().BoolVar(&s.Options.TestSignIn, "prove", false, "test the result with a fresh sign-in")
	return cmd
}
