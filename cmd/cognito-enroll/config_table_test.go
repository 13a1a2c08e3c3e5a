package main

import (
	"strings"
	"testing"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"cognito-enroll/cmd/cognito-enroll/terminal"
)

// TestTable: in a narrow window a source goes below its value and is broken at words; elsewhere it stays in its column.
func TestTable(t *testing.T) {
	rows := [][3]string{
		{"pool-id", "us-east-1_AbCdEf123", "environment COGNITO_ENROLL_POOL_ID"},
		{"auth-flow", "auto", "default"},
	}
	colors := terminal.Colors("light")
	wide := ansi.Strip(table(rows, colors, 0))
	if want := "pool-id    us-east-1_AbCdEf123  environment COGNITO_ENROLL_POOL_ID\n" +
		"auth-flow  auto                 default\n"; wide != want {
		t.Errorf("%q, want %q", wide, want)
	}
	narrow := table(rows, colors, 40)
	for line := range strings.Lines(narrow) {
		if w := lipgloss.Width(strings.TrimSuffix(line, "\n")); w > 40 {
			t.Errorf("a line has %d columns: %q", w, line)
		}
	}
	if !strings.Contains(ansi.Strip(narrow), "us-east-1_AbCdEf123\n           environment\n           COGNITO_ENROLL_POOL_ID\n") {
		t.Errorf("the source is not below:\n%s", narrow)
	}
	if !strings.Contains(narrow, colors.Quiet.Render("default")) {
		t.Errorf("there are no colors: %q", narrow)
	}
}
