package terminal

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	tea "charm.land/bubbletea/v2"
	uv "github.com/charmbracelet/ultraviolet"
)

// endless is typed again and again, until ctx ends.
type endless struct {
	ctx  context.Context
	text string
}

func (e endless) Read(p []byte) (int, error) {
	if err := e.ctx.Err(); err != nil {
		return 0, err
	}
	return copy(p, e.text), nil
}

// TestKeysLeft: whoever takes one and no more leaves nothing behind that waits. Synctest panics if something does.
func TestKeysLeft(t *testing.T) {
	for _, text := range []string{strings.Repeat("a", 4096), strings.Repeat("\x1b[A", 1000) + "\x1b[", "a\x1b"} {
		synctest.Test(t, func(t *testing.T) {
			ctx, end := context.WithCancel(t.Context())
			keys := Keys(ctx, endless{ctx, text}, "xterm-256color")
			if _, ok := <-keys; !ok {
				t.Errorf("nothing is read of %q", text[:2])
			}
			end()
		})
	}
}

// TestKeysEnd: all that was typed comes, and then the end.
func TestKeysEnd(t *testing.T) {
	var got []tea.Msg
	for key := range Keys(t.Context(), strings.NewReader("aé\x1b[A\x1b[12;3R"), "xterm-256color") {
		got = append(got, key)
	}
	want := []tea.Msg{
		uv.KeyPressEvent{Code: 'a', Text: "a"}, uv.KeyPressEvent{Code: 'é', Text: "é"}, uv.KeyPressEvent{Code: tea.KeyUp},
		uv.CursorPositionEvent{X: 2, Y: 11},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %#v", got)
	}
}
