package wizard

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"cognito-enroll/flow"
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

// TestListBelowItsSentence: in no window does the sentence above a list stand without a row of it, or the list right
// above the fields while a blank line separates paragraphs.
func TestListBelowItsSentence(t *testing.T) {
	rows := []string{"  alice  one", "  bob    two", "  carol  three"}
	welcome := "This is one paragraph.\nThis is another.\nSign in as one of these users.\n" + strings.Join(rows, "\n")
	start := flow.Start(flow.Options{Issuer: "Acme", Pool: "us-east-1_A", Welcome: welcome})
	for height := 4; height <= 30; height++ {
		m := drive(New(context.Background(), Config{Start: start}), tea.WindowSizeMsg{Width: 80, Height: height})
		text := screenText(m)
		if strings.Contains(text, "Sign in as one") != strings.Contains(text, rows[0]) {
			t.Errorf("in %d rows:\n%s", height, text)
		}
		dense := regexp.MustCompile(rows[2] + `\n *Username`).MatchString(text)
		apart := regexp.MustCompile(`paragraph\.\n *\n`).MatchString(text)
		if dense && apart {
			t.Errorf("in %d rows the list stands closer to the fields than a paragraph to the next:\n%s", height, text)
		}
	}
}
