package terminal

import (
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"cognito-enroll/ui/wizard"
)

func env(pairs ...string) func(string) string {
	m := map[string]string{}
	for pair := range slices.Chunk(pairs, 2) {
		m[pair[0]] = pair[1]
	}
	return func(name string) string { return m[name] }
}

func TestUTF8Locale(t *testing.T) {
	for _, tt := range []struct {
		env  func(string) string
		want bool
	}{
		{env(), true},
		{env("LANG", "en_GB.UTF-8"), true},
		{env("LANG", "C.utf8"), true},
		{env("LANG", "C"), false},
		{env("LANG", "de_DE.ISO-8859-1"), false},
		{env("LC_ALL", "C", "LANG", "en_GB.UTF-8"), false},
		{env("LC_ALL", "", "LC_CTYPE", "en_GB.UTF-8", "LANG", "C"), true},
	} {
		if got := utf8Locale(tt.env); got != tt.want {
			t.Errorf("LC_ALL=%s LC_CTYPE=%s LANG=%s: %v", tt.env("LC_ALL"), tt.env("LC_CTYPE"), tt.env("LANG"), got)
		}
	}
}

func TestMultiplexer(t *testing.T) {
	for _, tt := range []struct {
		env  func(string) string
		want wizard.Multiplexer
	}{
		{env("TERM", "xterm-256color"), wizard.NoMultiplexer},
		{env("TERM", "screen-256color", "TMUX", "/tmp/tmux,1,0"), wizard.Tmux},
		{env("TERM", "tmux-256color"), wizard.Tmux},
		{env("TERM", "xterm", "STY", "1.pts-0"), wizard.GNUScreen},
		{env("TERM", "screen"), wizard.GNUScreen},
	} {
		if got := multiplexer(tt.env); got != tt.want {
			t.Errorf("TERM=%s TMUX=%s STY=%s: %q", tt.env("TERM"), tt.env("TMUX"), tt.env("STY"), got)
		}
	}
}

func TestRecorders(t *testing.T) {
	for _, tt := range []struct {
		env       func(string) string
		ancestors []string
		want      string
	}{
		{env(), []string{"bash", "sshd", "systemd"}, ""},
		{env("ASCIINEMA_REC", "1"), nil, "asciinema"},
		{env("ASCIINEMA_SESSION", "x"), nil, "asciinema"},
		{env("SCRIPT", "typescript"), nil, "script"},
		{env(), []string{"bash", "script", "bash"}, "script"},
		{env(), []string{"bash", "description"}, ""},
	} {
		if got := strings.Join(recorders(tt.env, tt.ancestors), " "); got != tt.want {
			t.Errorf("%v: %q, want %q", tt.ancestors, got, tt.want)
		}
	}
}

func TestFactsOf(t *testing.T) {
	const large = "two cells a module in black on white"
	const (
		colored = "half blocks in black on white, or whole cells where they fit"
		plain   = "half blocks in the terminal's own two colors, or whole cells where they fit"
	)
	for _, tc := range []struct {
		env     string
		profile colorprofile.Profile
		want    Facts
	}{
		{"", colorprofile.NoTTY, Facts{Colors: "none", UTF8: true, Rendering: plain}},
		{"TERM=xterm-256color LANG=en_GB.UTF-8", colorprofile.ANSI256,
			Facts{Term: "xterm-256color", Colors: "256", UTF8: true, Locale: "LANG=en_GB.UTF-8", Rendering: colored}},
		{"TERM=xterm LANG=en_GB.utf8 LC_ALL=C", colorprofile.ANSI,
			Facts{Term: "xterm", Colors: "256", Locale: "LC_ALL=C", Rendering: large}},
		{"TERM=xterm LANG=C LC_CTYPE=UTF-8 LC_ALL=", colorprofile.TrueColor,
			Facts{Term: "xterm", Colors: "true", UTF8: true, Locale: "LC_CTYPE=UTF-8", Rendering: colored}},
		{"TERM=xterm NO_COLOR=yes", colorprofile.TrueColor, Facts{Term: "xterm", Colors: "none", UTF8: true,
			Rendering: plain}},
		{"TERM=xterm NO_COLOR=", colorprofile.TrueColor, Facts{Term: "xterm", Colors: "true", UTF8: true,
			Rendering: colored}},
		{"TERM=xterm TMUX=/tmp/tmux-0/default,1,0", colorprofile.ANSI,
			Facts{Term: "xterm", Colors: "256", UTF8: true, Multiplexer: "tmux", Rendering: colored}},
		{"TERM=tmux-256color", colorprofile.ANSI, Facts{Term: "tmux-256color", Colors: "256", UTF8: true, Multiplexer: "tmux",
			Rendering: colored}},
		{"TERM=screen STY=1.pts-0", colorprofile.ANSI, Facts{Term: "screen", Colors: "256", UTF8: true, Multiplexer: "screen",
			Rendering: colored}},
		{"TERM=screen-256color", colorprofile.ANSI, Facts{Term: "screen-256color", Colors: "256", UTF8: true,
			Multiplexer: "tmux or screen", Rendering: colored}},
		{"TERM=linux", colorprofile.ANSI, Facts{Term: "linux", Colors: "16", UTF8: true, Rendering: colored}},
		{"TERM=vt100", colorprofile.ANSI, Facts{Term: "vt100", Colors: "16", UTF8: true, Rendering: colored}},
		{"TERM=xterm-16color", colorprofile.ANSI, Facts{Term: "xterm-16color", Colors: "16", UTF8: true, Rendering: colored}},
		{"TERM=rxvt COLORFGBG=0;default;15", colorprofile.ANSI, Facts{Term: "rxvt", Colors: "256", UTF8: true,
			Background: "light", Rendering: colored}},
		{"TERM=xterm COLORFGBG=15;8 NO_COLOR=1", colorprofile.ANSI, Facts{Term: "xterm", Colors: "none", UTF8: true,
			Background: "dark", Rendering: plain}},
		{"TERM=xterm COLORFGBG=15;16", colorprofile.ANSI, Facts{Term: "xterm", Colors: "256", UTF8: true, Rendering: colored}},
		{"TERM=xterm COLORFGBG=15;default", colorprofile.ANSI, Facts{Term: "xterm", Colors: "256", UTF8: true,
			Rendering: colored}},
		{"ASCIINEMA_REC=1 ASCIINEMA_SESSION=x SCRIPT=typescript", colorprofile.NoTTY,
			Facts{Colors: "none", UTF8: true, Recorders: []string{"asciinema"}, Rendering: plain}},
		{"TERM=\x1b[2J LANG=\u202e\x9b", colorprofile.NoTTY,
			Facts{Term: "\uFFFD[2J", Colors: "none", Locale: "LANG=\uFFFD\uFFFD",
				Rendering: "two cells a module in the terminal's own two colors"}},
	} {
		if tc.want.Background == "" {
			tc.want.Background = "unknown"
		}
		got := FactsOf(strings.Fields(tc.env), tc.profile, nil)
		if d := cmp.Diff(tc.want, got, cmpopts.IgnoreFields(Facts{}, "Profile", "NoColor", "Passthrough")); d != "" {
			t.Errorf("%q (-want +got):\n%s", tc.env, d)
		}
	}
}
