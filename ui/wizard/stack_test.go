package wizard

import (
	"slices"
	"testing"
)

// TestFirstStaysLongest: of blocks that matter alike the last falls away first, so that the first screen of a served
// session says which host this is in a low window, too.
func TestFirstStaysLongest(t *testing.T) {
	said := func(text string, r rank) block { return block{lines: []string{text}, rank: r} }
	got := stack(3, said("host", explains), said("users", explains), said("field", stays), said("hint", hints))
	if want := []string{"host", "field", "hint"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
