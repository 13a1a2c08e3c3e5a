package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cmd/cognito-enroll/front"
	"cognito-enroll/cmd/cognito-enroll/handle"
	"cognito-enroll/cmd/cognito-enroll/help"
	"cognito-enroll/cmd/cognito-enroll/settings"
	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/flow"
	"cognito-enroll/ui"
	"cognito-enroll/ui/ndjson"
	"cognito-enroll/ui/plain"
)

func newBegin(t *terminal.Terminal) *cobra.Command {
	var s settings.Settings
	f := front.New(t)
	var file string
	var force bool
	var keyTo front.KeyTo
	cmd := &cobra.Command{
		Use:   "begin [--pool-id ID --client-id ID]",
		Short: "Start an enrollment in a script; finish completes it",
		Long: `Start an enrollment that cognito-enroll finish completes. This is for scripts, where the code
comes later than the key. It signs in, asks Cognito for a key, prints the key in groups, and
writes a handle. With --json it also prints the key URI, and with --qr it draws the QR code.
The handle is a file that is readable only by you.

The handle holds neither the password nor the key. But whoever can read it can finish in your
place until it expires. In a pool that requires MFA, that is after three minutes or more,
depending on the app client.

If the user is already enrolled, the result is printed and no handle is written.`,
		Example: `  cognito-enroll begin --pool-id eu-west-1_AbCdEf123 --client-id 4example5client6id7 --json \
      --answers answers.ndjson
  echo 123456 | cognito-enroll finish --code-stdin`,
		Args: help.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.Mode == front.Auto {
				f.Mode = front.Lines
			}
			if err := keyTo.Check(t, cmd.Flags(), f.Mode); err != nil {
				return err
			}
			return begin(cmd, &s, f, file, force)
		},
	}
	s.AddTo(cmd.Flags())
	s.AddSessionTo(cmd.Flags())
	s.AddNamesTo(cmd.Flags())
	f.AddJSONTo(cmd.Flags())
	f.AddQRTo(cmd.Flags(), "also draw the QR code in `STYLE`: auto, half, full, ascii or sixel")
	cmd.Flags().StringVar(&file, "handle", "", "write the handle to `FILE` (default: handle.json in your cache directory)")
	cmd.Flags().BoolVar(&force, "force", false, "replace a handle that was not finished")
	keyTo.AddTo(cmd.Flags())
	cmd.Flags().MarkHidden("key-to") // it is there to be refused with the reason
	return cmd
}

func begin(cmd *cobra.Command, s *settings.Settings, f *front.Front, file string, force bool) error {
	t := f.Terminal
	if file == "" {
		var err error
		if file, err = handle.Standard(t); err != nil {
			return err
		}
	}
	edge, start, err := s.Open(cmd.Context(), cmd.Flags(), t)
	if err != nil {
		return err
	}
	place, err := handle.Claim(t, file, force, time.Now())
	if err != nil {
		return err
	}
	ctx, stop := t.UntilInterrupted(cmd.Context(), terminal.Leave{}) // until the handle is written
	defer stop()
	defer place.Release()
	last, err := f.Run(
		ctx,
		front.Job{Start: start, Pool: edge, Around: func(face ui.Face) ui.Face { return beforeScan{face} }},
	)
	if err != nil {
		return err
	}
	suspended, ok := last.Suspend()
	if !ok {
		return nil // enrolled before, and that was told
	}
	to, endpoint := edge.Chosen()
	h := handle.Handle{Pool: to.Pool, Client: to.Client, Region: to.Region, Browsed: to.Browsed, Endpoint: endpoint}
	if s.SecretFile != "" {
		if h.SecretFile, err = filepath.Abs(s.SecretFile); err != nil {
			return err
		}
	}
	if s.SecretFile == "" && !h.Browsed {
		for _, name := range s.Found.SecretFiles(h.Pool, h.Client) {
			if name, err = filepath.Abs(name); err != nil {
				return err
			}
			h.SecretBeside = append(h.SecretBeside, name)
		}
	}
	ask := last.Ask()
	if err := place.Write(h.With(suspended)); err != nil {
		return &exit.Unfinished{Standing: ask.Standing, Cause: err}
	}
	if ask.Note != "" {
		fmt.Fprintf(t.Notes(), "cognito-enroll: %s\n", ask.Note)
	}
	put := flow.Start(flow.Options{Resume: &suspended}).Ask()
	return errors.Join(tellBegun(f, *ask.Enroll, file, put), f.AnswersLeft())
}

// tellBegun says what the app needs, and how to go on from the question put at which it goes on.
func tellBegun(f *front.Front, enroll flow.Enroll, file string, put flow.Ask) error {
	t := f.Terminal
	if f.Mode == front.JSON {
		return ndjson.Write(t.Out, ndjson.NewBegun(file, enroll, put))
	}
	qr, err := f.DrawQR()
	plain.Tell(plain.Config{Out: t.Text(), ASCII: !t.UTF8(), QR: qr}, enroll)
	fmt.Fprintf(t.Text(), "%s\nFinish with: cognito-enroll finish --handle %q\n", put.Standing, file)
	return err
}

// beforeScan ends a run at the QR code.
type beforeScan struct{ ui.Face }

func (b beforeScan) Ask(ctx context.Context, a flow.Ask) (flow.Event, error) {
	if a.Enroll != nil {
		return nil, front.ErrEnough
	}
	return b.Face.Ask(ctx, a)
}
