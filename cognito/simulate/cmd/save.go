package main

import (
	"os"
	"os/exec"
	"path/filepath"

	"cognito-enroll/cognito/simulate"
)

// saveTranscript writes a run in the form of flow/testdata, and lets flow's own test fill in what it
// says: read that before it is committed.
func saveTranscript(name string, r simulate.Result) error {
	if err := os.WriteFile(name, []byte(simulate.Transcript(r)), 0o644); err != nil {
		return err
	}
	cmd := exec.Command("go", "test", "./flow", "-run", "Transcripts/"+filepath.Base(name), "-rewrite")
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd.Run()
}
