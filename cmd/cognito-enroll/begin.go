package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/flow"
	"cognito-enroll/ui"
	"cognito-enroll/ui/ndjson"
	"cognito-enroll/ui/plain"
)

func newBegin() *cobra.Command {
	var s settings
	f := front{appearance: appearance{theme: "auto"}, plain: true}
	var file string
	var force bool
	cmd := &cobra.Command{
		Use:   "begin [--pool-id ID --client-id ID]",
		Short: "Begin an enrolment that finish completes",
		Long: `Begin an enrolment that cognito-enroll finish completes: for scripts and agents, where the
code comes later than the key. Signs in, asks Cognito for a key, prints it with its key URI and
writes a handle, a file that only you can read.

The handle holds neither the password nor the key, but whoever reads it can finish in your place
until it expires: three minutes at least in a pool that requires MFA. How much longer, the app
client decides.

Somebody who is enrolled already gets the result, and no handle is written.`,
		Example: `  cognito-enroll begin --pool-id eu-west-1_AbCdEf123 --client-id 4example5client6id7 --json \
      --answers answers.ndjson
  echo 123456 | cognito-enroll finish --code-stdin`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			f.plain = !f.json
			f.open(cmd)
			return begin(cmd, s, &f, file, force)
		},
	}
	s.addTo(cmd.Flags())
	s.addNamesTo(cmd.Flags())
	f.addJSONTo(cmd.Flags())
	cmd.Flags().StringVar(&f.qr, "qr", "", "draw the QR code as well, in this `STYLE`: auto, half, full, ascii or sixel")
	cmd.Flags().StringVar(&file, "handle", "", "`FILE` for finish (default: handle.json in your folder for caches)")
	cmd.Flags().BoolVar(&force, "force", false, "take the place of a handle that was not finished")
	return cmd
}

func begin(cmd *cobra.Command, s settings, f *front, file string, force bool) error {
	if file == "" {
		var err error
		if file, err = standardHandle(); err != nil {
			return err
		}
	}
	edge, start, err := s.open(cmd, f)
	if err != nil {
		return err
	}
	place, err := claim(file, force, time.Now())
	if err != nil {
		return err
	}
	defer place.release()
	last, err := f.run(cmd.Context(), job{start: start, pool: edge, around: func(face ui.Face) ui.Face { return beforeScan{face} }})
	if err != nil {
		return err
	}
	paused, ok := last.Pause()
	if !ok {
		return nil // enrolled before, and that was told
	}
	h := handle{Pool: edge.last.Pool, Client: edge.last.Client, Region: edge.last.Region, Browsed: edge.last.Browsed, Endpoint: edge.config.Endpoint}
	if s.secretFile != "" {
		if h.SecretFile, err = filepath.Abs(s.secretFile); err != nil {
			return err
		}
	}
	ask := last.Ask()
	if err := place.write(h.with(paused)); err != nil {
		return &exit.Unfinished{Standing: ask.Standing, Cause: err}
	}
	return errors.Join(f.begun(ask, file, flow.Start(flow.Options{Resume: &paused}).Ask().Standing), f.given.Left())
}

// begun says what the app needs, and how to go on.
func (f *front) begun(ask flow.Ask, file, standing string) error {
	if f.json {
		return ndjson.Write(f.stdout, ndjson.NewBegun(file, *ask.Enrol, standing))
	}
	qr, err := f.picture()
	plain.Tell(plain.Config{Out: f.stdout, ASCII: !utf8Locale(os.Getenv), QR: qr}, *ask.Enrol)
	fmt.Fprintf(f.stdout, "%s\nFinish with: cognito-enroll finish --handle %q\n", standing, file)
	return err
}

// beforeScan ends a run at the QR code.
type beforeScan struct{ ui.Face }

func (b beforeScan) Ask(ctx context.Context, a flow.Ask) (flow.Event, error) {
	if a.Enrol != nil {
		return nil, errEnough
	}
	return b.Face.Ask(ctx, a)
}
