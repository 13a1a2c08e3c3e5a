// Package inspect is what doctor looks at: the terminal, the clock and the pool. It prints what it finds, and
// a QR code to try before there is a secret.
package inspect

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/charmbracelet/colorprofile"

	"cognito-enroll/cmd/cognito-enroll/config"
	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/cognito"
	"cognito-enroll/flow"
	"cognito-enroll/ui"
	"cognito-enroll/ui/ndjson"
)

// diagnosis is what doctor --json prints. Clock is there when a pool was asked.
type diagnosis struct {
	V        int               `json:"v"` // 1; another when something changes its meaning
	Terminal terminal.Facts    `json:"terminal"`
	Clock    *clockFacts       `json:"clock,omitempty"`
	Findings []cognito.Finding `json:"findings"`
	OK       bool              `json:"ok"` // no finding is a problem

	// Candidates are pools of the project, when none was named. Nothing is sent to them.
	Candidates []config.CandidateJSON `json:"candidates,omitempty"`
}

// clockFacts compares this computer's clock with the Date of the pool's answers.
type clockFacts struct {
	Host  string `json:"host"`
	Known bool   `json:"known"`         // they had a Date
	Ahead int    `json:"ahead_seconds"` // of this computer's clock; negative when it is behind
}

// Pool is what is looked at beside the terminal.
type Pool struct {
	ID       string
	ClientID string          // of its app client
	Client   *cognito.Client // nil for no pool
	Origins  []string        // where the settings came from
	Found    config.Found    // what else there is
}

// Run prints what there is to know as soon as it is known, and the test code last, where it
// stays on the screen. Its error says that there is a problem.
func Run(ctx context.Context, t *terminal.Terminal, facts terminal.Facts, pool Pool, asJSON bool) error {
	stdout := t.Out
	out := t.Styled("auto")
	if asJSON {
		out = io.Discard
	}
	sheet := sheet{out, facts.Columns, terminal.Colors(facts.Background), facts.Interactive && facts.UTF8}
	d := look(ctx, sheet, facts, pool)
	if pool.Client == nil {
		d.Candidates = config.CandidatesJSON(pool.Found)
		sheet.offer(pool.Found)
	}
	if facts.Columns > 0 {
		drawTest(&colorprofile.Writer{Forward: out, Profile: facts.Profile}, facts)
	}
	err := Conclude(d.Findings)
	d.OK = err == nil
	fmt.Fprintln(out)
	switch {
	case d.OK && pool.Client == nil:
		sheet.end("Nothing is in the way here. Add --pool-id and --client-id to check a pool.")
	case d.OK:
		sheet.end("Enrollment should work: nothing is known to be in the way.")
	}
	if asJSON {
		if err := ndjson.Write(stdout, d); err != nil {
			return err
		}
	}
	return err
}

// look prints the findings as soon as they are there, and returns them.
func look(ctx context.Context, out sheet, facts terminal.Facts, pool Pool) diagnosis {
	d := diagnosis{V: 1, Terminal: facts, Findings: printable(findings(facts))}
	out.heading("Terminal")
	out.list(d.Findings)
	if pool.Client != nil {
		fmt.Fprintln(out)
		out.heading("User pool " + pool.ID)
		for _, line := range pool.Origins {
			out.say("  ", flow.Printable(line))
		}
		in := pool.Client.Inspect(ctx)
		clock, found := compare(in)
		about := printable(append(in.Findings, found))
		d.Clock, d.Findings = &clock, append(d.Findings, about...)
		out.list(about)
	}
	return d
}

// offer prints the pools of the project as what can be added to the command. None is asked anything before.
func (s sheet) offer(found config.Found) {
	const most = 5
	if len(found.Candidates) > 0 {
		fmt.Fprintln(s, "\nFound in your project, and not contacted. Add one of these to check it:")
	}
	for i, c := range found.Candidates {
		if i == most {
			s.say("  ", fmt.Sprintf("and %d more: cognito-enroll config lists them", len(found.Candidates)-most))
			break
		}
		client := c.Client
		if client == "" {
			client = "ID"
		}
		s.say("  ", fmt.Sprintf("--pool-id %s --client-id %s  (%s)", c.Pool, client, c.Sources[0]))
	}
}

// compare says what the clock is worth. The pool's own time is what its codes and signatures go by.
func compare(in cognito.Inspection) (clockFacts, cognito.Finding) {
	const signed = 5 * time.Minute // AWS refuses a signature that is older
	facts := clockFacts{Host: flow.Printable(in.Host), Known: in.Dated, Ahead: int(in.Skew / time.Second)}
	found := cognito.Finding{Topic: "clock", Level: cognito.LevelOK, Text: "this computer's clock is right"}
	clock := func(ahead, behind string) string {
		text := ahead
		if in.Skew < 0 {
			text = behind
		}
		return flow.Fill(text, "off", in.Skew.Abs().String())
	}
	switch off := in.Skew.Abs(); {
	case !in.Dated:
		found.Level, found.Text = cognito.LevelUnknown, "the responses do not tell whether this computer's clock is right"
	case off > signed:
		found.Level, found.Fault = cognito.LevelProblem, flow.Elsewhere
		found.Text = clock(
			"this computer's clock is {off} ahead, so Cognito may refuse the right password",
			"this computer's clock is {off} behind, so Cognito may refuse the right password",
		)
		found.Hint = "set the clock"
	case off > flow.Plausible:
		found.Level = cognito.LevelWarning
		found.Text = clock("this computer's clock is {off} ahead", "this computer's clock is {off} behind")
		found.Hint = "set the clock, and check the clock of the phone, which makes the codes"
	}
	return facts, found
}

// Conclude sums the problems up; nil is none. What has to change comes before what passes by itself.
func Conclude(findings []cognito.Finding) error {
	problems := slices.DeleteFunc(
		slices.Clone(findings),
		func(f cognito.Finding) bool { return f.Level != cognito.LevelProblem },
	)
	if len(problems) == 0 {
		return nil
	}
	first, msg := problems[0], "enrollment will not work now: {problem}"
	if i := slices.IndexFunc(problems, func(f cognito.Finding) bool { return f.Fault != flow.Wait }); i >= 0 {
		first, msg = problems[i], "enrollment will not work until this is fixed: {problem}"
	}
	return &flow.Error{
		Fault:  first.Fault,
		Msg:    flow.Fill(msg, "problem", first.Text),
		Hint:   first.Hint,
		Remedy: first.Remedy,
	}
}

// printable puts remedies into words, and makes what a server or the environment wrote fit for a terminal, as
// flow does with its Asks. Repairs hold nothing of theirs.
func printable(findings []cognito.Finding) []cognito.Finding {
	for i := range findings {
		f := &findings[i]
		f.Hint = ui.CommandLine.Hint(&flow.Error{Hint: f.Hint, Remedy: f.Remedy})
		f.Text, f.Hint = flow.Printable(f.Text), flow.Printable(f.Hint)
	}
	return findings
}
