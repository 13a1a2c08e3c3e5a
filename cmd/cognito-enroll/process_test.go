package main

import (
	"os/exec"
	"testing"
)

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
