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
	var session front.SessionFile
	var network settings.Network
	var codeOnStdin bool
	cmd := &cobra.Command{
		Use:   "finish",
		Short: "Complete an enrollment that begin started",
		Long: `Complete an enrollment that cognito-enroll begin started, with a code from the app. The handle
names the pool and the user. After a wrong code the handle is kept, so you can try the next
code. It is deleted when the enrollment is complete, or can no longer be completed.

An expired handle is tried too, because Cognito may wait longer than promised. If it does not,
the exit code is 3, and nothing was enrolled.`,
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
			if codeOnStdin && cmd.Flags().Changed("answers") {
				return exit.Usagef("leave one of them out", "--code-stdin and --answers cannot be used together")
			}
			return finish(cmd, f, file, secretFile, network, &session, codeOnStdin)
		},
	}
	f.AddTo(cmd.Flags())
	session.AddTo(cmd.Flags())
	network.AddNetworkTo(cmd.Flags())
	cmd.Flags().BoolVar(&codeOnStdin, "code-stdin", false, "read the code from stdin")
	cmd.Flags().StringVar(&file, "handle", "",
		"read the handle from `FILE` (default: handle.json in your cache directory)")
	cmd.Flags().StringVar(&secretFile, "client-secret-file", "",
		"read the app client's secret from `FILE` (default: the file given to begin)")
	return cmd
}

func finish(cmd *cobra.Command, f *front.Front, file, secretFile string, network settings.Network,
	session *front.SessionFile, codeOnStdin bool) error {
	t := f.Terminal
	h, err := handle.Read(t, file)
	if err != nil {
		return err
	}
	s := settings.Settings{
		Network:    network,
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
	to := client.Destination()
	to.Source, to.Found = "the handle", true // which does not say where begin found it
	o := flow.Options{Pool: h.Pool, AuthFlow: h.Flow, Resume: &suspended, To: to}
	j := front.Job{Start: flow.Start(o), Pool: client,
		Stderr: network.DebugsOnStderr()}
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
	mode, err := f.ChooseMode()
	if err != nil {
		return err
	}
	if err := session.Claim(t, h.HandBack, mode); err != nil {
		return err
	}
	release := func() { session.Release() }
	ctx, stop := t.UntilInterrupted(cmd.Context(), terminal.Leave{Left: release}) // until the handle is gone
	defer stop()
	defer release() // after a panic
	last, err := f.Run(ctx, j)
	err = errors.Join(err, session.Write(t, last.Ask()))
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
			Msg:  fmt.Sprintf("no answer was given to the question %q", ask.ID),
			Hint: "run cognito-enroll status to see the result"}
	}
	if ask.Problem.Code == flow.CodeInvalidInput {
		return exit.Usagef("pipe the six digits that the app shows; the handle was kept", "%s", ask.Problem)
	}
	if ask.ID == "sign-in" {
		p := *ask.Problem
		p.Hint, p.Remedy = "start again with cognito-enroll begin", flow.Remedy{}
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
		return flow.Secret{}, exit.Usagef("pipe the code to stdin", "cannot read stdin: %s", err)
	}
	code := flow.NewSecret(strings.TrimSpace(string(text)))
	if code.Empty() {
		return code, exit.Usagef(
			"pipe the code, as in echo 123456 | cognito-enroll finish --code-stdin",
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
