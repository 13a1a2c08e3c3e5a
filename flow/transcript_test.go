package flow_test

import (
	"path/filepath"
	"testing"

	"cognito-enroll/flow"
	"cognito-enroll/flow/flowtest"
)

// The transcripts in testdata are the documentation of the protocol and of every word on screen.
// Rewrite them with
//
//	go test ./flow -run Transcripts -rewrite
//
// and commit a rewrite only when each changed line is meant. flowtest.Run tells their form.
func TestTranscripts(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatal("no transcripts", err)
	}
	ids := map[string]bool{}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			var s flow.State
			flowtest.Run(t, path, func(t *testing.T, line flowtest.Line) string {
				var call flow.Call
				if line.Start != nil {
					s = flow.Start(*line.Start)
				} else {
					next, c, err := flow.Next(s, line.Event)
					if err != nil {
						return err.Error() + "\n"
					}
					s, call = next, c
				}
				ids[s.Ask().ID] = true
				return flowtest.Describe(s.Ask(), call)
			})
		})
	}
	t.Run("map", func(t *testing.T) { checkMap(t, ids) })
}
