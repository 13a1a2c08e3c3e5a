package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"time"

	"github.com/spf13/cobra"

	"cognito-enroll/flow"
	"cognito-enroll/ui"
	"cognito-enroll/ui/wizard"
)

func newStatus() *cobra.Command {
	var s settings
	var a appearance
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "status --pool-id ID --client-id ID",
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
			return s.status(cmd.Context(), cmd.InOrStdin(), cmd.OutOrStdout(), a, asJSON)
		},
	}
	s.addTo(cmd.Flags())
	a.addTo(cmd.Flags())
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// errNotEnrolled is no failure, but an answer: exit code 6.
var errNotEnrolled = errors.New("no authenticator is enrolled")

func (s settings) status(ctx context.Context, stdin io.Reader, stdout io.Writer, a appearance, asJSON bool) error {
	client, start, err := s.open(ctx, stdin)
	if err != nil {
		return err
	}
	out := stdout
	if asJSON {
		out = io.Discard
	}
	var summary *flow.Summary
	if s.tokenOnStdin {
		ask, err := unattended(ctx, start, client)
		if err != nil {
			return err
		}
		summary, err = result(out, ask)
		if err != nil {
			return err
		}
	} else if summary, err = runWizard(ctx, out, wizard.Config{Start: start, Pool: client}, a, false); err != nil {
		return err
	}
	if asJSON {
		if err := json.NewEncoder(stdout).Encode(statusLine{
			User: summary.User, Pool: summary.Pool, Enrolled: summary.Enrolled,
			Factors: append([]string{}, summary.Factors...), Preferred: summary.Preferred, Device: summary.Device,
		}); err != nil {
			return err
		}
	}
	if !summary.Enrolled {
		return errNotEnrolled
	}
	return nil
}

// statusLine is what status --json prints. Factors have Cognito's names.
type statusLine struct {
	User      string   `json:"user"`
	Pool      string   `json:"pool"`
	Enrolled  bool     `json:"enrolled"`
	Factors   []string `json:"factors"`
	Preferred string   `json:"preferred,omitempty"`
	Device    string   `json:"device,omitempty"`
}

// unattended answers each question with what stands in its fields, until there is a problem.
func unattended(ctx context.Context, s flow.State, pool ui.Pool) (flow.Ask, error) {
	for {
		ask := s.Ask()
		if ask.Phase == flow.Finished || ask.Problem != nil {
			return ask, nil
		}
		answer := flow.Answer{Values: map[string]flow.Secret{}, At: time.Now()}
		for _, f := range ask.Fields {
			answer.Values[f.Key] = f.Value
		}
		var event flow.Event = answer
		for event != nil {
			next, call, err := flow.Next(s, event)
			if err != nil {
				return ask, err
			}
			s, event = next, nil
			if call != nil {
				event = pool.Do(ctx, call)
			}
		}
	}
}
