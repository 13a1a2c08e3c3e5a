package terminal

import (
	"fmt"
	"strings"
	"testing"
)

// TestStyled: colors reach a terminal that wants them, and nothing else.
func TestStyled(t *testing.T) {
	for _, tt := range []struct {
		kind    Kind
		color   string
		environ []string
		colored bool
	}{
		{Screen, "auto", []string{"TERM=xterm-256color"}, true},
		{Screen, "auto", []string{"TERM=xterm-256color", "NO_COLOR=1"}, false},
		{Screen, "auto", []string{"TERM=dumb"}, false},
		{Screen, "auto", []string{"TERM=xterm-mono"}, false},
		{Screen, "auto", []string{"TERM=xterm"}, true},
		{Screen, "off", []string{"TERM=xterm-256color"}, false},
		{Screen, "on", []string{"TERM=xterm-256color", "NO_COLOR=1"}, true},
		{Screen, "", []string{"TERM=xterm-256color"}, true},
		{Pipe, "on", []string{"TERM=xterm-256color"}, false},
		{File, "auto", []string{"TERM=xterm-256color", "COLORTERM=truecolor"}, false},
	} {
		var out strings.Builder
		to := &Terminal{Out: &out, OutKind: tt.kind, Environ: tt.environ}
		fmt.Fprint(to.Styled(tt.color), Colors("dark").Good.Render("good"))
		if got := strings.Contains(out.String(), "\x1b[") && strings.Contains(out.String(), "38;5;114"); got != tt.colored {
			t.Errorf("kind %d, %q: %q", tt.kind, tt.environ, out.String())
		}
		if !strings.Contains(out.String(), "good") {
			t.Errorf("kind %d, %q: the text is gone: %q", tt.kind, tt.environ, out.String())
		}
	}
	if Colors("dark").Good.GetForeground() == Colors("light").Good.GetForeground() {
		t.Error("dark and light have the same colors")
	}
}
