package serve

import (
	"bytes"
	"context"
	"errors"
	"io"
	"regexp"
	"sync"
	"time"

	"golang.org/x/term"
	"golang.org/x/time/rate"
)

// What somebody may send. Nobody types as much: it is what a broken client or a flood sends.
const (
	mostPasted = 64 << 10  // bytes, of one paste: the rest of it is dropped
	mostTyped  = 160 << 10 // bytes that get as far as the program
	mostSent   = 16 << 20  // bytes, with those that were dropped

	// Each key that is no part of a paste draws a frame.
	mostAtOnce = 4 << 10 // bytes of keys
	fastest    = 1 << 10 // bytes of keys a second after that: a key that is held down is 100
)

var errFlood = errors.New("more was sent than anybody types")

// keys is what a visitor types, bounded. Its Read ends with its context.
type keys struct {
	ctx    context.Context
	chunks chan []byte
	mu     sync.Mutex // of rest
	rest   []byte
}

// newKeys reads from r until that ends, ctx does, or it is too much: gone is told why.
func newKeys(ctx context.Context, r io.Reader, gone func(error)) *keys {
	k := &keys{ctx: ctx, chunks: make(chan []byte)}
	go func() {
		defer close(k.chunks)
		gone(k.pump(r))
	}()
	return k
}

func (k *keys) pump(r io.Reader) error {
	var p pasting
	typed, sent, speed := 0, 0, rate.NewLimiter(fastest, mostAtOnce)
	for buffer := make([]byte, 4096); ; {
		n, err := r.Read(buffer)
		before := p.keys
		chunk := p.cut(bytes.Clone(buffer[:n]))
		clear(buffer[:n])
		typed, sent = typed+len(chunk), sent+n
		if typed > mostTyped || sent > mostSent || !speed.AllowN(time.Now(), p.keys-before) {
			return errFlood
		}
		if len(chunk) > 0 {
			select {
			case k.chunks <- chunk:
			case <-k.ctx.Done():
				return nil
			}
		}
		if err != nil {
			return err
		}
	}
}

// Read implements io.Reader. What was read is wiped here.
func (k *keys) Read(p []byte) (int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.rest) == 0 {
		select {
		case chunk, ok := <-k.chunks:
			if !ok {
				return 0, io.EOF
			}
			k.rest = chunk
		case <-k.ctx.Done():
			return 0, io.EOF
		}
	}
	n := copy(p, k.rest)
	clear(k.rest[:n])
	k.rest = k.rest[n:]
	return n, nil
}

// position is a terminal's answer to the question where its cursor is (ECMA-48, CPR).
var position = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\x1b\[\d{1,5};(\d{1,5})R`) })

// answer waits for that answer, and returns the column. What else comes meanwhile stays to be read.
func (k *keys) answer(within time.Duration) (column string, ok bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	late := time.NewTimer(within)
	defer late.Stop()
	for {
		if at := position().FindSubmatchIndex(k.rest); at != nil {
			column = string(k.rest[at[2]:at[3]])
			k.rest = append(k.rest[:at[0]], k.rest[at[1]:]...)
			return column, true
		}
		const most = 4096
		if len(k.rest) > most {
			return "", false
		}
		select {
		case chunk, open := <-k.chunks:
			if !open {
				return "", false
			}
			k.rest = append(k.rest, chunk...)
		case <-late.C:
			return "", false
		case <-k.ctx.Done():
			return "", false
		}
	}
}

// pasting shortens what is pasted in brackets (xterm's mode 2004). Bubble Tea would keep all of it.
type pasting struct {
	length int // of the paste so far; 0 outside of one
	keys   int // bytes that were let through outside of pastes
	kept   []byte
}

var (
	pasteBegins = []byte("\x1b[200~")
	pasteEnds   = []byte("\x1b[201~")
)

// cut returns what of chunk is let through. A bracket may be cut by the end of a chunk, so what could be the
// beginning of one is kept while a paste is too long.
func (p *pasting) cut(chunk []byte) []byte {
	var out []byte
	for len(chunk) > 0 {
		if p.length == 0 {
			at := bytes.Index(append(p.kept, chunk...), pasteBegins)
			if at < 0 {
				p.kept = tail(append(p.kept, chunk...))
				p.keys += len(chunk)
				return append(out, chunk...)
			}
			end := at + len(pasteBegins) - len(p.kept)
			p.keys += end
			out, chunk = append(out, chunk[:end]...), chunk[end:]
			p.kept, p.length = nil, 1
			continue
		}
		at := bytes.Index(append(p.kept, chunk...), pasteEnds)
		part := chunk
		if at >= 0 {
			part = chunk[:at+len(pasteEnds)-len(p.kept)]
		}
		room := max(0, mostPasted-p.length)
		p.length += len(part)
		switch {
		case len(part) <= room:
			out = append(out, part...)
		case at >= 0:
			out = append(append(out, part[:min(room, max(0, len(part)-len(pasteEnds)))]...), pasteEnds...)
		default:
			out = append(out, part[:room]...)
		}
		chunk = chunk[len(part):]
		if at >= 0 {
			p.kept, p.length = nil, 0
		} else {
			p.kept = tail(append(p.kept, part...))
		}
	}
	return out
}

// tail is as much of text as may be the beginning of a bracket.
func tail(text []byte) []byte {
	return bytes.Clone(text[max(0, len(text)-len(pasteBegins)+1):])
}

// typist is a plain.Keyboard for screens, which hide by themselves.
type typist struct{ *keys }

// Hidden implements plain.Keyboard.
func (t typist) Hidden(context.Context) (string, error) { return "", errors.ErrUnsupported }

// liner is a plain.Keyboard that edits and echoes lines: an SSH server has no terminal device that would.
type liner struct {
	terminal *term.Terminal
	rest     []byte
}

// newLiner echoes to w.
func newLiner(k io.Reader, w io.Writer, s size) *liner {
	t := term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{k, w}, "")
	t.SetSize(s.columns, s.rows)
	t.History = noHistory{}
	return &liner{terminal: t}
}

// Read implements io.Reader: it gives lines.
func (l *liner) Read(p []byte) (int, error) {
	if len(l.rest) == 0 {
		line, err := l.terminal.ReadLine()
		if err != nil {
			return 0, err
		}
		l.rest = []byte(line + "\n")
	}
	n := copy(p, l.rest)
	clear(l.rest[:n])
	l.rest = l.rest[n:]
	return n, nil
}

// Hidden implements plain.Keyboard.
func (l *liner) Hidden(ctx context.Context) (string, error) {
	type line struct {
		text string
		err  error
	}
	read := make(chan line, 1)
	go func() {
		text, err := l.terminal.ReadPassword("")
		read <- line{text, err}
	}()
	select {
	case got := <-read:
		return got.text, got.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// noHistory forgets what was typed.
type noHistory struct{}

func (noHistory) Add(string)    {}
func (noHistory) Len() int      { return 0 }
func (noHistory) At(int) string { return "" }
