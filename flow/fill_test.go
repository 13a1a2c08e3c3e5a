package flow

import "testing"

// TestFill: each slot gets its own value, and what looks like a slot in a value is text of a server or a file.
func TestFill(t *testing.T) {
	for _, tt := range []struct {
		text  string
		pairs []string
		want  string
	}{
		{"{pool} and {client}, {pool}", []string{"pool", "p", "client", "c"}, "p and c, p"},
		{"{pool}, from {source}", []string{"pool", "{source}", "source", "a file"}, "{source}, from a file"},
		{"{has} of {most}", []string{"most", "{has}", "has", "2"}, "2 of {has}"},
		{"{other}", []string{"pool", "p"}, "{other}"},
		{"no slot", nil, "no slot"},
	} {
		if got := Fill(tt.text, tt.pairs...); got != tt.want {
			t.Errorf("Fill(%q, %q) = %q, want %q", tt.text, tt.pairs, got, tt.want)
		}
	}
}
