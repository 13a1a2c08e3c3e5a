package terminal

import (
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"cognito-enroll/flow"
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

// TestTmux: what tmux says of its client counts, and not what the pane's environment says.
func TestTmux(t *testing.T) {
	for _, tt := range []struct {
		says, env string
		utf8      bool
		colors    string
		ascii     bool
	}{
		{"0|1|xterm-256color|bpaste,title", "TERM=tmux-256color LANG=C.UTF-8", true, "256", false},
		{"0|1|xterm-256color|bpaste,title", "TERM=tmux-256color LANG=C", true, "256", false},
		{"0|0|xterm-256color|bpaste,title", "TERM=tmux-256color LANG=C.UTF-8", false, "256", true},
		{"0|0|xterm-256color|bpaste,title", "TERM=tmux-256color", false, "256", true},
		{"0|1|xterm|bpaste,title", "TERM=tmux-256color LANG=C.UTF-8", true, "16", false},
		{"0|1|xterm|256,bpaste,title", "TERM=tmux-256color LANG=C.UTF-8", true, "256", false},
		{"0|1|xterm|RGB,bpaste", "TERM=tmux-256color LANG=C.UTF-8", true, "256", false},
		{"0|1|linux|bpaste", "TERM=screen LANG=C.UTF-8", true, "16", false},
		{"0|1|alacritty|bpaste", "TERM=screen LANG=C.UTF-8", true, "256", false},
		{"0|1|xterm|bpaste", "TERM=tmux-256color LANG=C.UTF-8 NO_COLOR=1", true, "none", false},
		{"0|||", "TERM=tmux-256color LANG=C", false, "256", false}, // nobody is attached
		{"no server running", "TERM=tmux-256color LANG=C.UTF-8", true, "256", false},
		{"", "TERM=tmux-256color LANG=C.UTF-8", true, "256", false},
	} {
		f := FactsOf(strings.Fields(tt.env), colorprofile.ANSI256, nil).in(ParseTmux(tt.says + "\n"))
		if f.UTF8 != tt.utf8 || f.Colors != tt.colors || f.TmuxASCII != tt.ascii || f.Recorders != nil {
			t.Errorf("%q, %s: %+v", tt.says, tt.env, f)
		}
	}
	for _, says := range []string{"1|1|xterm-256color|title", "1|||"} {
		if f := FactsOf(nil, colorprofile.ANSI256, nil).in(ParseTmux(says)); !slices.Equal(f.Recorders, []string{"tmux pipe-pane"}) {
			t.Errorf("%q is not told as a recorder: %+v", says, f)
		}
	}
}

// TestTellsUTF8: a terminal is asked where the environment does not say that it shows UTF-8, and what it answers
// counts.
func TestTellsUTF8(t *testing.T) {
	for _, tt := range []struct {
		env               string
		asks, without     bool
		afterYes, afterNo bool
	}{
		{"TERM=xterm", true, true, true, false},
		{"TERM=screen STY=1.pts-0", true, true, true, false},
		{"TERM=xterm LANG=C", true, false, true, false},
		{"TERM=screen LANG=C", false, false, true, false},
		{"TERM=xterm LANG=C.UTF-8", false, true, true, false},
	} {
		f := FactsOf(strings.Fields(tt.env), colorprofile.ANSI256, nil)
		none, yes, no := f.With(Answers{}), f.With(Answers{UTF8: flow.Yes}), f.With(Answers{UTF8: flow.No})
		if f.TellsUTF8() != tt.asks || none.UTF8 != tt.without || yes.UTF8 != tt.afterYes || no.UTF8 != tt.afterNo {
			t.Errorf("%s: asks %t, shows it %t, then %t or %t", tt.env, f.TellsUTF8(), none.UTF8, yes.UTF8, no.UTF8)
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
		{"TERM=xterm-mono", colorprofile.ANSI, Facts{Term: "xterm-mono", Colors: "none", UTF8: true, Rendering: plain}},
		{"TERM=vt220-m", colorprofile.ANSI, Facts{Term: "vt220-m", Colors: "none", UTF8: true, Rendering: plain}},
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
