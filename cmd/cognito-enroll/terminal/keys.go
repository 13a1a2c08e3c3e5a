package terminal

import (
	"context"
	"io"

	tea "charm.land/bubbletea/v2"
	uv "github.com/charmbracelet/ultraviolet"
)

// Keys are what somebody types and what a terminal of that name answers, read from in as Bubble Tea reads it, until in
// or ctx ends. It is for programs that share their process with others: Bubble Tea's own reader would wait for ever to
// hand over what it has when its program ends.
func Keys(ctx context.Context, in io.Reader, term string) <-chan tea.Msg {
	read, keys := make(chan uv.Event), make(chan tea.Msg)
	go func() {
		defer close(read)
		uv.NewTerminalReader(erased(in), term).StreamEvents(ctx, read) // its error is that of in, which whoever made in knows
	}()
	go func() {
		defer close(keys)
		for key := range read {
			select {
			case keys <- key:
			case <-ctx.Done():
			}
		}
	}()
	return keys
}
