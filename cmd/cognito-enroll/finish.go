package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
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
)

func newFinish(t *terminal.Terminal) *cobra.Command {
	f := front.New(t)
	var file, secretFile string
	var codeOnStdin bool
	cmd := &cobra.Command{
		Use:   "finish",
		Short: "Finish an enrolment that begin began",
		Long: `Finish an enrolment that cognito-enroll begin began, with a code of the app. The handle says
which pool and whose. After a wrong code it stays, for the next one; it is deleted when the
enrolment is finished or cannot be any more.

An expired handle is tried as well, since Cognito may wait longer than it has to. When it does
not, the exit code is 3, and nothing was enrolled.`,
		Example: `  cognito-enroll finish
  oathtool --totp --base32 - <key | cognito-enroll finish --code-stdin --json`,
		Args: help.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if file == "" {
				var err error
				if file, err = handle.Standard(t); err != nil {
					return err
				}
			}
			return finish(cmd, f, file, secretFile, codeOnStdin)
		},
	}
	f.AddTo(cmd.Flags())
	cmd.Flags().BoolVar(&codeOnStdin, "code-stdin", false, "read the code, and nothing else, from stdin")
	cmd.Flags().StringVar(&file, "handle", "", "`FILE` of begin (default: handle.json in your folder for caches)")
	cmd.Flags().StringVar(&secretFile, "client-secret-file", "", "`FILE` that holds the app client's secret (default: the one that begin was given)")
	return cmd
}

func finish(cmd *cobra.Command, f *front.Front, file, secretFile string, codeOnStdin bool) error {
	t := f.Terminal
	h, err := handle.Read(t, file)
	if err != nil {
		return err
	}
	s := settings.Settings{
		Pool:       h.Pool,
		Client:     h.Client,
		Region:     h.Region,
		Endpoint:   h.Endpoint,
		SecretFile: h.SecretFile,
		Browsed:    h.Browsed,
	}
	if secretFile != "" {
		s.SecretFile = secretFile
	}
	s.Alone, s.Beside = true, h.SecretBeside
	if err := s.Look(cmd.Flags(), t); err != nil {
		return err
	}
	client, err := s.NewClient(cmd.Context(), t, h.Flow == flow.Admin || h.Browsed)
	if err != nil {
		return err
	}
	suspended := h.Suspended()
	j := front.Job{Start: flow.Start(flow.Options{Pool: h.Pool, AuthFlow: h.Flow, Resume: &suspended}), Pool: client}
	if codeOnStdin {
		code, err := readCode(t.Lines())
		if err != nil {
			return err
		}
		if f.Mode == front.Auto {
			f.Mode = front.Lines
		}
		j.Around = func(face ui.Face) ui.Face { return oneCode{face, code} }
	}
	last, err := f.Run(cmd.Context(), j)
	if suspended, ok := last.Suspend(); ok {
		err = errors.Join(err, keep(t, file, h.With(suspended)))
	} else {
		err = errors.Join(err, os.Remove(file))
	}
	if ask := last.Ask(); err == nil && ask.Summary == nil {
		err = notFinished(f, ask)
	}
	return err
}

// keep writes the handle anew, for the next code.
func keep(t *terminal.Terminal, file string, h handle.Handle) error {
	place, err := handle.Claim(t, file, true, time.Now())
	if err != nil {
		return err
	}
	defer place.Release()
	return place.Write(h)
}

// notFinished says why the one code did not do.
func notFinished(f *front.Front, ask flow.Ask) error {
	if ask.Problem == nil {
		ask.Problem = &flow.Error{Code: ndjson.CodeInput, Fault: flow.Retry,
			Msg: fmt.Sprintf("there is no answer to the question %q", ask.ID), Hint: "run cognito-enroll again to see what is true now"}
	}
	if ask.Problem.Code == flow.CodeInvalidInput {
		return exit.Usagef("pipe the six digits that the app shows; the handle is kept", "%s", ask.Problem)
	}
	if ask.ID == "sign-in" {
		p := *ask.Problem
		p.Hint, p.Remedy = "begin again with cognito-enroll begin", flow.Remedy{}
		ask.Problem = &p
	}
	if f.Mode == front.JSON {
		if err := ndjson.Write(f.Terminal.Out, ndjson.NewStopped(ask, nil)); err != nil {
			return err
		}
	}
	return &exit.Unfinished{Problem: ask.Problem, Standing: ask.Standing}
}

// readCode reads what --code-stdin is given; flow judges it.
func readCode(stdin io.Reader) (flow.Secret, error) {
	const most = 64
	text, err := io.ReadAll(io.LimitReader(stdin, most))
	if err != nil {
		return flow.Secret{}, exit.Usagef("pipe the code to it", "stdin cannot be read: %s", err)
	}
	code := flow.NewSecret(strings.TrimSpace(string(text)))
	if code.Empty() {
		return code, exit.Usagef(
			"pipe it, as in echo 123456 | cognito-enroll finish --code-stdin",
			"there is no code on stdin",
		)
	}
	return code, nil
}

// oneCode answers one question, and ends the run at any other.
type oneCode struct {
	ui.Face
	code flow.Secret
}

func (o oneCode) Ask(ctx context.Context, a flow.Ask) (flow.Event, error) {
	switch {
	case a.Phase == flow.Finished:
		_, err := o.Face.Ask(ctx, a)
		return nil, err
	case a.ID == "finish" && a.Problem == nil:
		return flow.Answer{Values: map[string]flow.Secret{"code": o.code}, At: time.Now()}, nil
	}
	return nil, front.ErrEnough
}
