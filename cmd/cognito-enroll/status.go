package main

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/flow"
	"cognito-enroll/ui"
	"cognito-enroll/ui/ndjson"
)

func newStatus() *cobra.Command {
	var s settings
	var f front
	cmd := &cobra.Command{
		Use:   "status [--pool-id ID --client-id ID]",
		Short: "Show whether an authenticator app is enrolled",
		Long: `Show whether an authenticator app is enrolled, which factors are active and which is
preferred. Signs you in, or takes an access token on stdin; nothing is changed. The device's
name is known only if the sign-in asked for its code.

The exit code is 0 when an authenticator is enrolled and 6 when none is.`,
		Example: `  cognito-enroll status --pool-id eu-west-1_AbCdEf123 --client-id 4example5client6id7
  cognito-enroll status --pool-id eu-west-1_AbCdEf123 --client-id 4example5client6id7 \
      --access-token-stdin --json <token.txt`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s.options.Show = true
			f.open(cmd)
			return s.status(cmd, &f)
		},
	}
	s.addTo(cmd.Flags())
	f.addTo(cmd.Flags())
	return cmd
}

// status shows what a run finds that changes nothing. With an access token there is nothing to ask.
func (s *settings) status(cmd *cobra.Command, f *front) error {
	ctx := cmd.Context()
	client, start, err := s.open(cmd, f)
	if err != nil {
		return err
	}
	var ask flow.Ask
	if s.tokenOnStdin {
		last, err := ui.Walk(ctx, start, client, unattended{})
		if err != nil && !errors.Is(err, ui.ErrCancelled) {
			return err
		}
		ask = last.Ask()
		if f.json && ask.Summary != nil {
			err = ndjson.Write(f.stdout, ndjson.NewResult(ask))
		} else {
			err = result(f.stdout, ask)
		}
		if err != nil {
			return err
		}
	} else {
		last, err := f.run(ctx, job{start: start, pool: client})
		if err != nil {
			return err
		}
		ask = last.Ask()
	}
	if !ask.Summary.Enrolled {
		return exit.ErrNotEnrolled
	}
	return nil
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
