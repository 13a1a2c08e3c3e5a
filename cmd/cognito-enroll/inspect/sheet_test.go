package inspect

import (
	"bytes"
	"strings"
	"testing"

	"charm.land/lipgloss/v2"

	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/cognito"
)

// TestSheet: on a terminal a sign says what a finding is worth, in color, and sentences are broken at words; a command
// is not broken. Elsewhere a word says it.
func TestSheet(t *testing.T) {
	const command = "aws cognito-idp update-user-pool-client --user-pool-id us-east-1_AbCdEf123 --enable-token-revocation"
	found := []cognito.Finding{
		{Level: cognito.LevelOK, Text: "the app client exists"},
		{Level: cognito.LevelProblem, Text: "it allows neither SRP nor the password, which is what this program signs in with",
			Hint:   "allow one of the two in the settings of the app client",
			Repair: &cognito.Repair{CLI: command}},
	}
	var b bytes.Buffer
	s := sheet{&b, 50, terminal.Colors("dark"), true}
	s.heading("User pool")
	s.list(found)
	s.end("Enrollment should work: nothing is known to be in the way.")
	text := b.String()
	for _, want := range []string{s.colors.Good.Render("✓") + " the app client exists\n",
		s.colors.Bad.Render("✗") + " it allows neither SRP nor the password, which\n    is", "\n    \x1b", command + "\n",
		s.colors.Title.Render("User pool")} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in %q", want, text)
		}
	}
	for line := range strings.Lines(text) {
		if w := lipgloss.Width(strings.TrimSuffix(line, "\n")); w > 50 && !strings.Contains(line, command) {
			t.Errorf("a line has %d columns: %q", w, line)
		}
	}
	b.Reset()
	s = sheet{Writer: plainText(&b)}
	s.list(found[:1])
	if got, want := b.String(), "  ok       the app client exists\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
