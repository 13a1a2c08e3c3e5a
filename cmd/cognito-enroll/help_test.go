package main

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What a shell offers for a flag is what the flag takes.
func TestHelpOfValues(t *testing.T) {
	var qr []string
	for _, s := range styles {
		qr = append(qr, string(s))
	}
	for flag, want := range map[string][]string{
		"auth-flow": slices.Collect(maps.Keys(authFlows)),
		"theme":     slices.Collect(maps.Keys(themes)),
		"qr":        qr,
	} {
		var got []string
		for _, v := range flagValues[flag] {
			name, what, _ := strings.Cut(v, "\t")
			if what == "" {
				t.Errorf("--%s %s: not described", flag, name)
			}
			got = append(got, name)
		}
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("--%s (-takes +offers):\n%s", flag, diff)
		}
	}
}
