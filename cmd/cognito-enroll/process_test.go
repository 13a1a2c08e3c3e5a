package main

import (
	"os/exec"
	"testing"
)

// The real script(1) is seen from below, and its recording has the warning.
func TestScriptIsNoticed(t *testing.T) {
	needs(t, "script")
	w := open(t, nil, "script", "-qc", `"cognito-enroll demo --username optional"`, "/dev/null")
	w.waits(`This session is being recorded \(script\)`)
}

func TestTmuxPipeIsNoticed(t *testing.T) {
	w := open(t, nil, "sh", "-c", `"read go; exec cognito-enroll demo --username optional"`)
	w.tmux("pipe-pane", "cat >/dev/null")
	w.enter()
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

// A group that nobody above it in the session can continue is orphaned (POSIX, "Orphaned Process Group").
func TestUnderShell(t *testing.T) {
	for _, tt := range []struct {
		name  string
		above map[int]stat // by pid; 9 is the program's parent
		want  bool
	}{
		{"a shell with job control", map[int]stat{9: {group: 9, session: 9, parent: 1}}, true},
		{"a script that such a shell runs", map[int]stat{9: {group: 20, session: 8, parent: 8}, 8: {group: 8, session: 8,
			parent: 1}}, true},
		{"a script that leads the session", map[int]stat{9: {group: 20, session: 20, parent: 1}, 1: {group: 1, session: 1}},
			false},
		{"a server of another session", map[int]stat{9: {group: 9, session: 7}}, false},
		{"nothing", nil, false},
	} {
		read := func(pid int) (stat, bool) { p, ok := tt.above[pid]; return p, ok }
		session := tt.above[9].session
		if tt.name == "a server of another session" {
			session = 20
		}
		if got := underShell(stat{parent: 9, group: 20, session: session}, read); got != tt.want {
			t.Errorf("below %s: %v", tt.name, got)
		}
	}
}
