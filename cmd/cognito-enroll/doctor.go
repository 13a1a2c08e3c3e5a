package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"

	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cognito"
	"cognito-enroll/flow"
)

func newDoctor() *cobra.Command {
	var s settings
	var asJSON, withAWS bool
	cmd := &cobra.Command{
		Use:   "doctor [--pool-id ID --client-id ID]",
		Short: "See whether an enrolment would work here",
		Long: `See whether an enrolment would work here: what this terminal can do, with a pool named what its app
client allows and whether the clock is right, and a harmless QR code to scan before there is a
secret.

The pool is asked without credentials. It is told the names of users that do not exist, and
what follows is read from its refusals; nobody signs in or can be locked out. What they do not
tell is asked with AWS credentials if --aws-credentials is given: that takes the actions
cognito-idp:DescribeUserPoolClient and cognito-idp:GetUserPoolMfaConfig.

The exit code is 0 when nothing is known to stand in the way, 5 when something has to change
and 4 when the pool cannot be reached.`,
		Example: `  cognito-enroll doctor
  cognito-enroll doctor --pool-id eu-west-1_AbCdEf123 --client-id 4example5client6id7
  cognito-enroll doctor --pool-id eu-west-1_AbCdEf123 --client-id 4example5client6id7 \
      --aws-credentials --json`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var f front
			f.open(cmd)
			if err := s.find(cmd, &f); err != nil {
				return err
			}
			client, err := s.patient(cmd.Context(), withAWS)
			if err != nil {
				return err
			}
			facts, err := look(cmd.Context())
			if err != nil {
				return err
			}
			return diagnose(cmd.Context(), cmd.OutOrStdout(), facts, client, &s, asJSON)
		},
	}
	f := cmd.Flags()
	s.addPoolTo(f)
	f.BoolVar(&withAWS, "aws-credentials", false, "ask for the settings of pool and client as well, with AWS credentials")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// patient returns a client of the pool that the flags name, and nil if they name none.
func (s *settings) patient(ctx context.Context, withAWS bool) (*cognito.Client, error) {
	if s.pool == "" && s.client == "" && s.secretFile == "" && s.region == "" && s.endpoint == "" && !withAWS {
		return nil, nil
	}
	if s.pool == "" || s.client == "" {
		return nil, exit.Usagef("leave all of them out to look at the terminal alone", "a pool takes both --pool-id and --client-id")
	}
	return s.newClient(ctx, withAWS)
}

// diagnosis is what doctor --json prints. Clock is there when a pool was asked.
type diagnosis struct {
	V        int               `json:"v"` // 1; another when something changes its meaning
	Terminal terminalFacts     `json:"terminal"`
	Clock    *clockFacts       `json:"clock,omitempty"`
	Findings []cognito.Finding `json:"findings"`
	OK       bool              `json:"ok"` // no finding is a problem
}

// clockFacts compares this computer's clock with the Date of the pool's answers.
type clockFacts struct {
	Host  string `json:"host"`
	Known bool   `json:"known"`         // they had a Date
	Ahead int    `json:"ahead_seconds"` // of this computer's clock; negative when it is behind
}

// diagnose prints what there is to know as soon as it is known, and the test code last, where it
// stays on the screen. Its error says that there is a problem.
func diagnose(ctx context.Context, stdout io.Writer, facts terminalFacts, client *cognito.Client, s *settings, asJSON bool) error {
	out := stdout
	if asJSON {
		out = io.Discard
	}
	d := diagnosis{V: 1, Terminal: facts, Findings: harmless(facts.findings())}
	fmt.Fprintln(out, "Terminal")
	list(out, d.Findings, facts.Columns)
	if client != nil {
		fmt.Fprintf(out, "\nUser pool %s\n", s.pool)
		for _, line := range s.told() {
			fmt.Fprintln(out, "  "+flow.Printable(line))
		}
		in := client.Inspect(ctx)
		clock, found := compare(in)
		findings := harmless(append(in.Findings, found))
		d.Clock, d.Findings = &clock, append(d.Findings, findings...)
		list(out, findings, facts.Columns)
	}
	if facts.Columns > 0 {
		facts.drawTest(&colorprofile.Writer{Forward: out, Profile: facts.profile})
	}
	err := verdict(d.Findings)
	d.OK = err == nil
	fmt.Fprintln(out)
	switch {
	case d.OK && client == nil:
		fmt.Fprintln(out, "Nothing stands in the way here; --pool-id and --client-id look at a pool as well.")
	case d.OK:
		fmt.Fprintln(out, "Nothing stands in the way of an enrolment, as far as can be known.")
	}
	if asJSON {
		e := json.NewEncoder(stdout)
		e.SetEscapeHTML(false)
		if err := e.Encode(d); err != nil {
			return err
		}
	}
	return err
}

// compare judges the clock. The pool's own time is what its codes and signatures go by.
func compare(in cognito.Inspection) (clockFacts, cognito.Finding) {
	const plausible, signed = 20 * time.Second, 5 * time.Minute // AWS refuses a signature that is older
	facts := clockFacts{Host: harmlessText(in.Host), Known: in.Dated, Ahead: int(in.Skew / time.Second)}
	found := cognito.Finding{Topic: "clock", Level: cognito.LevelOK, Text: "this computer's clock is right"}
	way := "ahead"
	if in.Skew < 0 {
		way = "behind"
	}
	switch off := in.Skew.Abs(); {
	case !in.Dated:
		found.Level, found.Text = cognito.LevelUnknown, "whether this computer's clock is right is not to be known from the answers"
	case off > signed:
		found.Level, found.Fault = cognito.LevelProblem, flow.Elsewhere
		found.Text = fmt.Sprintf("this computer's clock is %s %s, and then Cognito may refuse the right password", off, way)
		found.Hint = "set the clock"
	case off > plausible:
		found.Level = cognito.LevelWarning
		found.Text = fmt.Sprintf("this computer's clock is %s %s", off, way)
		found.Hint = "set the clock, and check that of the phone: a code is only as right as its clock"
	}
	return facts, found
}

// verdict sums the problems up. What has to change comes before what passes by itself.
func verdict(findings []cognito.Finding) error {
	problems := slices.DeleteFunc(slices.Clone(findings), func(f cognito.Finding) bool { return f.Level != cognito.LevelProblem })
	if len(problems) == 0 {
		return nil
	}
	first, when := problems[0], "now"
	if i := slices.IndexFunc(problems, func(f cognito.Finding) bool { return f.Fault != flow.Wait }); i >= 0 {
		first, when = problems[i], "before something changes"
	}
	return &flow.Error{Fault: first.Fault, Msg: "an enrolment would not work " + when + ": " + first.Text, Hint: first.Hint}
}

// list prints each finding, and below it what can be done. Sentences are broken to fit columns, if that is
// not 0; a command is not, so that it can be copied.
func list(w io.Writer, findings []cognito.Finding, columns int) {
	const indent = 11
	wrap := func(text string) string {
		if columns > 2*indent {
			text = ansi.Wordwrap(text, columns-indent-1, "")
		}
		return strings.ReplaceAll(text, "\n", "\n"+strings.Repeat(" ", indent))
	}
	below := func(name, text string) {
		if text != "" {
			fmt.Fprintf(w, "%*s%s: %s\n", indent, "", name, text)
		}
	}
	for i, f := range findings {
		fmt.Fprintf(w, "  %-*s%s\n", indent-2, f.Level, wrap(f.Text))
		if f.Hint != "" && (i == len(findings)-1 || f.Hint != findings[i+1].Hint) {
			below("hint", strings.TrimPrefix(wrap("hint: "+f.Hint), "hint: "))
		}
		if r := f.Repair; r != nil {
			below("console", r.Console)
			below("AWS CLI", r.CLI)
			below("note", r.Note)
			below("Terraform", r.Terraform)
		}
	}
}

// harmless makes what a server or the environment wrote fit for a terminal, as flow does with its
// Asks. Repairs hold nothing of theirs.
func harmless(findings []cognito.Finding) []cognito.Finding {
	for i := range findings {
		f := &findings[i]
		f.Text, f.Hint = harmlessText(f.Text), harmlessText(f.Hint)
	}
	return findings
}

func harmlessText(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) && r != utf8.RuneError {
			return r
		}
		return '\uFFFD'
	}, s)
}
