package plain

import (
	"bufio"
	"context"
	"errors"
	"io"

	"cognito-enroll/ui"
)

// Input is where the answers come from.
type Input interface {
	// Line reads one line, without its end. A hidden one is not echoed. The error at the end is
	// io.EOF; when ctx ends, ctx's.
	Line(ctx context.Context, hidden bool) (string, error)
	// Interactive reports whether somebody types.
	Interactive() bool
}

// line is what a read brings.
type line struct {
	text string
	err  error
}

// Pipe reads the lines of r, one for each question and no further ahead than its buffer.
func Pipe(r io.Reader) Input {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, ui.LongestLine)
	return &pipe{lines}
}

type pipe struct{ lines *bufio.Scanner }

func (p *pipe) Interactive() bool { return false }

func (p *pipe) Line(ctx context.Context, _ bool) (string, error) {
	read := make(chan line, 1)
	go func() {
		if p.lines.Scan() {
			read <- line{p.lines.Text(), nil}
			return
		}
		err := p.lines.Err()
		switch {
		case errors.Is(err, bufio.ErrTooLong):
			err = ui.ErrLineTooLong
		case err == nil:
			err = io.EOF
		}
		read <- line{err: err}
	}()
	select {
	case l := <-read:
		return l.text, l.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// Keyboard is where somebody types.
type Keyboard interface {
	io.Reader
	// Hidden reads one line without showing it, and turns the echo on again in every case. The line has no
	// end. The error at the end is io.EOF; when ctx ends, ctx's.
	Hidden(ctx context.Context) (string, error)
}

// Typed reads from a keyboard, whose terminal shows what is typed and lets lines be edited.
func Typed(k Keyboard) Input { return &typed{pipe{bufio.NewScanner(k)}, k} }

type typed struct {
	pipe
	keyboard Keyboard
}

func (t *typed) Interactive() bool { return true }

func (t *typed) Line(ctx context.Context, hidden bool) (string, error) {
	if hidden {
		return t.keyboard.Hidden(ctx)
	}
	return t.pipe.Line(ctx, false)
}
