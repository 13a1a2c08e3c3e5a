package front

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What a shell offers for a flag is what the flag takes.
func TestValues(t *testing.T) {
	var qr []string
	for _, s := range styles {
		qr = append(qr, string(s))
	}
	for flag, want := range map[string][]string{"theme": slices.Collect(maps.Keys(themes)), "qr": qr} {
		var got []string
		for _, v := range Values[flag] {
			name, what, _ := strings.Cut(v, "\t")
			if what == "" {
				t.Errorf("--%s %s: not described", flag, name)
			}
			if expected := CheckSetting(flag, name); expected != "" {
				t.Errorf("--%s does not take %s, but %s", flag, name, expected)
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
