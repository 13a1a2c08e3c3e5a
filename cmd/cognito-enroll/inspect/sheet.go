package inspect

import (
	"fmt"
	"io"
	"strings"

	"charm.land/lipgloss/v2"

	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/cognito"
	"cognito-enroll/ui/theme"
)

// sheet is where findings are printed. Sentences are broken to fit columns, if that is not 0; a command is not, so
// that it can be copied.
type sheet struct {
	io.Writer
	columns int
	colors  theme.Colors
	signs   bool // a sign says what a finding is worth, not a word
}

// signs are those of the levels.
var signs = map[cognito.Level]string{
	cognito.LevelOK: "✓", cognito.LevelWarning: "!", cognito.LevelProblem: "✗", cognito.LevelUnknown: "?",
}

func (s sheet) heading(text string) { fmt.Fprintln(s, s.colors.Title.Render(text)) }

// say prints a text after what its first line begins with; the others stand below.
func (s sheet) say(first, text string) {
	fmt.Fprintln(s, terminal.Hang(first, text, s.columns-1))
}

// end prints the conclusion.
func (s sheet) end(text string) {
	first := ""
	if s.signs {
		first = s.colors.Good.Render(signs[cognito.LevelOK]) + " "
	}
	s.say(first, text)
}

// mark is what a finding begins with.
func (s sheet) mark(l cognito.Level) string {
	if !s.signs {
		return fmt.Sprintf("  %-9s", l)
	}
	style := s.colors.Quiet
	switch l {
	case cognito.LevelOK:
		style = s.colors.Good
	case cognito.LevelWarning:
		style = s.colors.Accent
	case cognito.LevelProblem:
		style = s.colors.Bad
	}
	return "  " + style.Render(signs[l]) + " "
}

// list prints each finding, and below it what can be done.
func (s sheet) list(findings []cognito.Finding) {
	below := func(name, text string) {
		if text != "" {
			indent := strings.Repeat(" ", lipgloss.Width(s.mark(cognito.LevelOK)))
			fmt.Fprintf(s, "%s%s %s\n", indent, s.colors.Quiet.Render(name+":"), text)
		}
	}
	for i, f := range findings {
		s.say(s.mark(f.Level), f.Text)
		if f.Hint != "" && (i == len(findings)-1 || f.Hint != findings[i+1].Hint) {
			s.say(strings.Repeat(" ", lipgloss.Width(s.mark(f.Level))), s.colors.Quiet.Render("hint:")+" "+f.Hint)
		}
		if r := f.Repair; r != nil {
			below("console", r.Console)
			below("AWS CLI", r.CLI)
			below("note", r.Note)
			below("Terraform", r.Terraform)
		}
	}
}
