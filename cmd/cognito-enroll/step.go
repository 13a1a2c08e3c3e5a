package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"cognito-enroll/cmd/cognito-enroll/front"
	"cognito-enroll/cmd/cognito-enroll/help"
	"cognito-enroll/cmd/cognito-enroll/settings"
	"cognito-enroll/cmd/cognito-enroll/step"
	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/ui"
)

func newAssociate(t *terminal.Terminal) *cobra.Command {
	var flags stepFlags
	f := front.New(t)
	var s settings.Settings
	cmd := &cobra.Command{
		Use:   "associate [--input FILE]",
		Short: "Ask Cognito for a key, and do nothing else",
		Long: `Ask Cognito for the key of a new authenticator, and do nothing else. This is for scripts that
sign in by themselves. The input is JSON on stdin or in a file, with one of these members:

  access_token  of a user who is signed in
  session       of an open MFA_SETUP challenge

The output is JSON: the key, its URI, the session to send the code with, and how long that is
valid at least. Nothing is kept. If it fails, the output has the problem, and the exit code is
that of every command.`,
		Example: `  cognito-enroll associate --skeleton
  cognito-enroll associate --region eu-west-1 --username alice --qr half <session.json`,
		Annotations: help.Aside,
		Args:        help.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return flags.run(cmd, t, &s, step.ForAssociate, func(ctx context.Context, one step.Step, in step.Input) error {
				issuer, account, err := s.Names()
				if err != nil {
					return err
				}
				qr, err := f.DrawQR()
				if err != nil {
					return err
				}
				if t.OutKind == terminal.File {
					fmt.Fprintln(t.Notes(), "cognito-enroll: stdout is a file; it will contain the key")
				}
				return one.Associate(ctx, in, step.Entry{Issuer: issuer, Account: account}, drawOn(t, qr))
			})
		},
	}
	flags.addTo(cmd.Flags(), &s)
	cmd.Flags().StringVar(&s.Options.Issuer, "issuer", "",
		"show `NAME` as the service in the authenticator app (default: Cognito and the pool)")
	s.AddAccountTo(cmd.Flags())
	f.AddQRTo(cmd.Flags(), "also draw the QR code on stderr in `STYLE`: auto, half, full, ascii or sixel")
	return cmd
}

// drawOn draws on stderr, because stdout is JSON; nil if nothing is to be drawn.
func drawOn(t *terminal.Terminal, qr func(string) ([]string, error)) func(uri string) error {
	if qr == nil {
		return nil
	}
	return func(uri string) error {
		lines, err := qr(uri)
		for _, line := range lines {
			fmt.Fprintln(t.Err, line)
		}
		return err
	}
}

func newVerify(t *terminal.Terminal) *cobra.Command {
	var flags stepFlags
	var s settings.Settings
	cmd := &cobra.Command{
		Use:   "verify [--input FILE]",
		Short: "Send Cognito a code of the new app, and do nothing else",
		Long: `Send Cognito a code of a new authenticator, and do nothing else. This is for scripts that sign in
by themselves. The input is JSON on stdin or in a file:

  access_token  of a user who is signed in
  session       or that of associate, in an MFA_SETUP challenge
  code          the six digits that the app shows
  device_name   the friendly device name (may be left out)
  key           that of associate (may be left out): then the code is compared
                with it first, and one that does not fit is not sent

The output is {"status":"SUCCESS"}, with the session that answers MFA_SETUP if there was one. If
it fails, the output has the problem, and the exit code is that of every command.`,
		Example: `  cognito-enroll verify --skeleton
  cognito-enroll verify --region eu-west-1 --input verify.json`,
		Annotations: help.Aside,
		Args:        help.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return flags.run(cmd, t, &s, step.ForVerify, func(ctx context.Context, one step.Step, in step.Input) error {
				return one.Verify(ctx, in)
			})
		},
	}
	flags.addTo(cmd.Flags(), &s)
	return cmd
}

// stepFlags are those of both steps.
type stepFlags struct {
	input    string
	skeleton bool
}

func (f *stepFlags) addTo(flags *pflag.FlagSet, s *settings.Settings) {
	s.AddPlaceTo(flags)
	s.AddFileTo(flags)
	flags.StringVar(&f.input, "input", "", "read the JSON from `FILE`, which must be readable only by you (default: stdin)")
	flags.BoolVar(&f.skeleton, "skeleton", false, "print the JSON to fill in, and do nothing else")
}

// run prints the skeleton, or reads the input and makes the call.
func (f *stepFlags) run(cmd *cobra.Command, t *terminal.Terminal, s *settings.Settings, m step.Members,
	call func(context.Context, step.Step, step.Input) error) error {
	if f.skeleton {
		return m.Skeleton(t.Out)
	}
	s.Alone = true
	if err := s.Find(cmd.Flags(), t); err != nil {
		return err
	}
	in, err := m.Read(t, f.input)
	if err != nil {
		return err
	}
	ctx, stop := t.UntilInterrupted(cmd.Context(), terminal.Leave{})
	defer stop()
	return call(ctx, step.Step{
		Pool: s.Pool, Out: t.Out, Now: time.Now,
		Connect: func(pool string) (ui.Pool, error) { return s.NewStepClient(ctx, t, pool) },
	}, in)
}
