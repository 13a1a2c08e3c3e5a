package settings

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What a shell offers for a flag is what the flag takes.
func TestValues(t *testing.T) {
	var got []string
	for _, v := range Values["auth-flow"] {
		name, what, _ := strings.Cut(v, "\t")
		if what == "" {
			t.Errorf("--auth-flow %s: not described", name)
		}
		got = append(got, name)
	}
	slices.Sort(got)
	if diff := cmp.Diff(slices.Sorted(maps.Keys(authFlows)), got); diff != "" {
		t.Errorf("--auth-flow (-takes +offers):\n%s", diff)
	}
}
