package main

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
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

// The README has the same exit codes, and says the same of them; each fault has one of them.
func TestHelpOfExitCodes(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	table := regexp.MustCompile(`(?m)^\| exit code \| \|\n\|---\|---\|\n((?:\| .*\n)+)`).FindSubmatch(text)
	if table == nil {
		t.Fatal("the README has no table of them")
	}
	var got, want []string
	for row := range strings.Lines(string(table[1])) {
		got = append(got, strings.ReplaceAll(strings.TrimSpace(row), "`", ""))
	}
	known := map[int]bool{}
	for _, e := range exitTable {
		want = append(want, "| "+strconv.Itoa(e.code)+" | "+e.meaning+" |")
		known[e.code] = true
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the README's (-program +README):\n%s", diff)
	}
	for fault, code := range exitCodes {
		if !known[code] {
			t.Errorf("%v ends with %d, which is not documented", fault, code)
		}
	}
}
