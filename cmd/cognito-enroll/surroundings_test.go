package main

import (
	"os/exec"
	"slices"
	"testing"

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

func TestRecorder(t *testing.T) {
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
		if got := recorder(tt.env, tt.ancestors); got != tt.want {
			t.Errorf("%v: %q, want %q", tt.ancestors, got, tt.want)
		}
	}
}

// The real script(1) is seen from below, and its recording has the warning.
func TestScriptIsNoticed(t *testing.T) {
	needs(t, "script")
	w := open(t, nil, "script", "-qc", `"cognito-enroll demo"`, "/dev/null")
	w.signsIn("optional", "demo-Pass-1")
	w.waits(`This session is being recorded \(script\)`)
}

func TestTmuxPipeIsNoticed(t *testing.T) {
	w := open(t, nil, "sh", "-c", `"read go; exec cognito-enroll demo"`)
	w.tmux("pipe-pane", "cat >/dev/null")
	w.enter()
	w.signsIn("optional", "demo-Pass-1")
	w.waits(`This session is being recorded \(tmux pipe-pane\)`)
}

func TestAncestors(t *testing.T) {
	if _, err := exec.LookPath("/proc/self/exe"); err != nil {
		t.Skip("there is no /proc")
	}
	if len(ancestors()) == 0 {
		t.Error("nothing is above this process")
	}
}
