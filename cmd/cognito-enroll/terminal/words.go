package terminal

import (
	"io"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Text is Out for sentences: on a terminal, what does not fit into a line is broken between words. A line that begins
// with a space is set and stays as it is. What goes elsewhere is left alone, for programs that look for sentences.
func (t *Terminal) Text() io.Writer {
	return fitted(t.Out, t.OutKind, t.Columns())
}

// Notes is Err for sentences, as Text is Out for them.
func (t *Terminal) Notes() io.Writer {
	columns, _ := t.Cells()
	if t.ErrSize != nil {
		columns, _ = t.ErrSize()
	}
	return fitted(t.Err, t.ErrKind, columns)
}

func fitted(w io.Writer, k Kind, columns int) io.Writer {
	if k != Screen || columns <= 0 {
		return w
	}
	return words{w, columns}
}

// words breaks lines. Each Write is to begin a line.
type words struct {
	io.Writer
	columns int
}

// Write implements io.Writer.
func (w words) Write(p []byte) (int, error) {
	lines := strings.Split(string(p), "\n")
	for i, line := range lines {
		if !strings.HasPrefix(line, " ") && ansi.StringWidth(line) > w.columns {
			lines[i] = Wrap(line, w.columns)
		}
	}
	if _, err := io.WriteString(w.Writer, strings.Join(lines, "\n")); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Wrap breaks text between words, so that it is at most width columns wide. A word with hyphens, such as a flag or an
// ID, stays whole, which Wordwrap would break.
func Wrap(text string, width int) string {
	const hyphen, whole = "-", "\u2011"
	return strings.ReplaceAll(ansi.Wordwrap(strings.ReplaceAll(text, hyphen, whole), width, ""), whole, hyphen)
}

// Hang is Wrap for what follows first in its line: the lines below begin under it. Where there is little room beside
// first, all of them stand below it. A width of 0 is any.
func Hang(first, text string, width int) string {
	const little, margin = 16, 4
	indent := ansi.StringWidth(first)
	if width > 0 {
		if ansi.StringWidth(text) > width-indent && width-indent < little {
			indent = min(indent, margin)
			if first = strings.TrimRight(first, " "); first != "" {
				first += "\n"
			}
			first += strings.Repeat(" ", indent)
		}
		text = Wrap(text, max(1, width-indent))
	}
	return first + strings.ReplaceAll(text, "\n", "\n"+strings.Repeat(" ", indent))
}
