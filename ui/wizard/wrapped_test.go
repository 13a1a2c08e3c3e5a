package wizard

import (
	"slices"
	"testing"
)

// TestWrappedApart: paragraphs are broken each by itself, and rows of a list keep what fits of their columns.
func TestWrappedApart(t *testing.T) {
	const text = "one two three four by\nsix\n    row  a column\n    row  a longer column"
	want := []string{"one two three", "four by", "six", "    row  a column", "    row  a longer", "column"}
	if got := wrapped(text, 18); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
