package terminal

import (
	"bytes"
	"io"
	"strings"

	"github.com/muesli/cancelreader"
)

// erasing is what somebody types, with something long and meaningless behind each line. Bubble Tea collects
// what it reads in a buffer, where a password would stay until as much was typed again.
type erasing struct {
	io.Reader
	due bool
}

// meaningless is an operating system command that no terminal knows, as long as Bubble Tea reads at a time.
var meaningless = "\x1b]999;" + strings.Repeat("0", 4096-7) + "\a"

// Read implements io.Reader. It gives what is meaningless alone, when the next key is pressed.
func (e *erasing) Read(p []byte) (int, error) {
	if e.due && len(p) >= len(meaningless) {
		e.due = false
		return copy(p, meaningless), nil
	}
	n, err := e.Reader.Read(p)
	e.due = bytes.HasSuffix(p[:n], []byte("\r")) || bytes.HasSuffix(p[:n], []byte("\x1b[201~"))
	return n, err
}

// erasingFile is an erasing that is still a terminal device.
type erasingFile struct {
	cancelreader.File
	erasing *erasing
}

// Read implements io.Reader.
func (f erasingFile) Read(p []byte) (int, error) { return f.erasing.Read(p) }

// erased returns r so that nothing of it stays.
func erased(r io.Reader) io.Reader {
	e := &erasing{Reader: r}
	if file, ok := r.(cancelreader.File); ok {
		return erasingFile{file, e}
	}
	return e
}
