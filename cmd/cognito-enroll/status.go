package main

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cmd/cognito-enroll/front"
	"cognito-enroll/cmd/cognito-enroll/help"
	"cognito-enroll/cmd/cognito-enroll/settings"
	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/flow"
	"cognito-enroll/ui"
	"cognito-enroll/ui/ndjson"
)

func newStatus(t *terminal.Terminal) *cobra.Command {
	var s settings.Settings
	f := front.New(t)
	f.Keyless = true
	cmd := &cobra.Command{
		Use:   "status [--pool-id ID --client-id ID]",
		Short: "Show whether an authenticator app is enrolled",
		Long: `Show whether an authenticator app is enrolled, which factors are active and which one is
preferred. It signs you in, or reads an access token from stdin. It changes nothing, but signing
in may send you a message. The device name is known only if the sign-in asked for a code.

The exit code is 0 if an authenticator is enrolled, and 6 if none is. It is 5 if that cannot be
known yet, for example because you need a new password first.`,
		Example: `  cognito-enroll status --pool-id eu-west-1_AbCdEf123 --client-id 4example5client6id7
  cognito-enroll status --pool-id eu-west-1_AbCdEf123 --client-id 4example5client6id7 \
      --access-token-stdin --json <token.txt`,
		Args: help.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s.Options.Show = true
			return status(cmd, &s, f)
		},
	}
	s.AddTo(cmd.Flags())
	f.AddTo(cmd.Flags())
	return cmd
}

// status shows what a run finds that changes nothing. With an access token there is nothing to ask.
func status(cmd *cobra.Command, s *settings.Settings, f *front.Front) error {
	ctx, stdout := cmd.Context(), f.Terminal.Out
	if s.TokenOnStdin && cmd.Flags().Changed("answers") {
		// nothing is asked
		return exit.Usagef("leave one of them out", "--access-token-stdin and --answers cannot be used together")
	}
	s.TakeOne = f.OnScreens
	edge, start, err := s.Open(ctx, cmd.Flags(), f.Terminal)
	if err != nil {
		return err
	}
	var ask flow.Ask
	if s.TokenOnStdin {
		last, err := ui.Walk(ctx, start, edge, unattended{})
		if err != nil && !errors.Is(err, ui.ErrCanceled) {
			return err
		}
		ask = last.Ask()
		if f.Mode == front.JSON && ask.Summary != nil {
			err = ndjson.Write(stdout, ndjson.NewResult(ask))
		} else {
			err = f.Result(ask)
		}
		if err != nil {
			return err
		}
	} else {
		last, err := f.Run(ctx, front.Job{Start: start, Pool: edge, Stderr: s.DebugsOnStderr(),
			Around: func(face ui.Face) ui.Face { return codeOptional{face} }})
		if err != nil {
			return err
		}
		ask = last.Ask()
		s.Remember(f.Terminal, ask)
	}
	if ask.Summary == nil || !ask.Summary.Enrolled {
		return exit.ErrNotEnrolled
	}
	return nil
}

// codeOptional leaves the code of an authenticator out where the input ends: that it is asked for says
// that one is enrolled.
type codeOptional struct{ ui.Face }

func (c codeOptional) Ask(ctx context.Context, a flow.Ask) (flow.Event, error) {
	event, err := c.Face.Ask(ctx, a)
	var unanswered *ui.Unanswered
	if errors.As(err, &unanswered) && len(a.Fields) > 0 && a.Fields[0].Optional {
		return flow.Answer{At: time.Now()}, nil
	}
	return event, err
}

// unattended answers each question with what stands in its fields, until there is a problem.
type unattended struct{}

func (unattended) Working(flow.Ask) {}

func (unattended) Ask(_ context.Context, a flow.Ask) (flow.Event, error) {
	if a.Phase == flow.Finished || a.Problem != nil {
		return nil, nil
	}
	answer := flow.Answer{Values: map[string]flow.Secret{}, At: time.Now()}
	for _, f := range a.Fields {
		answer.Values[f.Key] = f.Value
	}
	return answer, nil
}
