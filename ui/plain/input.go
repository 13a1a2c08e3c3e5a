package plain

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"

	"github.com/charmbracelet/x/term"

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

// Terminal reads from a terminal, in which lines can be edited as everywhere.
func Terminal(f *os.File) Input { return &terminal{pipe{bufio.NewScanner(f)}, f} }

type terminal struct {
	pipe
	file *os.File
}

func (t *terminal) Interactive() bool { return true }

// Line restores the terminal's echo in every case.
func (t *terminal) Line(ctx context.Context, hidden bool) (string, error) {
	if !hidden {
		return t.pipe.Line(ctx, false)
	}
	before, err := term.GetState(t.file.Fd())
	if err != nil {
		return "", err
	}
	defer term.Restore(t.file.Fd(), before)
	read := make(chan line, 1)
	go func() {
		text, err := term.ReadPassword(t.file.Fd())
		read <- line{string(text), err}
	}()
	select {
	case l := <-read:
		return l.text, l.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}
