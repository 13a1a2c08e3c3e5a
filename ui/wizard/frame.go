package wizard

import (
	"fmt"
	"strings"
	"time"

	"charm.land/bubbles/v2/help"
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"cognito-enroll/flow"
	"cognito-enroll/ui"
	"cognito-enroll/ui/qrcode"
)

// Every screen stands in the same frame:
//
//	cognito-enroll                 Acme · us-east-1_AbC    the header
//	✓ Sign in  ✓ Get ready  ● Scan  ○ Done                 the steps
//
//	Scan, then type the code                               the body
//	...
//
//	enter send · esc back · ? more                         the keys
//
// A QR code stands left of all that but the keys, because there is no room below: at 80×24 the code of a usual URI
// takes 45×23 cells. Right of it all there may be a Companion. What falls away first in a low window is said by
// the ranks of stack.go; in a narrow one first the Companion goes, then the centering, the margin, the QR code, and
// of the header what does not fit, from the ID on.
const (
	margin    = 2   // columns left of everything but a QR code, which may need each
	measure   = 76  // columns that header, steps and body take at most
	legible   = 72  // columns of a line of text at most
	narrow    = 40  // a window with fewer columns has no margin
	centers   = 100 // one with so many has everything in its middle,
	raises    = 32  // and one with so many rows in its upper third
	usual     = 26  // rows of a block that stands there, at least, without the keys: a QR code with a problem beside it
	abreast   = 110 // columns of a window that has room for a Companion
	companion = 22  // columns that it takes, with the gap before it
	brief     = 60  // a window with fewer columns names the current step alone
	side      = 33  // columns beside a QR code, at least
	sideMost  = 44  // and at most
	gap       = 2   // between the two
)

// frame is what a screen is drawn with.
type frame struct {
	ask           flow.Ask
	palette       palette
	columns, rows int // of the window
	width, height int // of the part of it that a screen draws in
	now           time.Time
	spinner       string   // the frame to show while Working
	phone         string   // what the simulated phone shows
	fault         string   // what is to go wrong in a demo
	notice        []string // lines instead of the keys, if any
	beside        []string // the Companion
	abreast       bool     // there is one, and room for it
	recorded      string   // what records this session
	display       display
	picture       *picture
	ascii         bool
	doubtful      bool // the terminal may show UTF-8, and does not tell
	tmux          bool // tells that it was attached without UTF-8
	guessed       bool // the environment tells what the background is, and the terminal does not
	faded         bool // the terminal tells that the QR code's colors are hard to tell apart
	graphics      bool // the terminal tells that it shows Sixel
	cell          qrcode.Cell
	wording       ui.Wording
	multiplexer   Multiplexer
}

// drawn is what a screen drew: at most as many lines as the frame has.
type drawn struct {
	lines  []string
	cursor *tea.Cursor
	width  int // columns that it takes, its margin included
	margin int // columns of it left of the text

	graphic  string // drawn over the lines,
	at       int    // from this column of them on
	standing bool   // it may take all rows of the window
}

// inner is what a window's margins leave of its width.
func inner(width int) int {
	if width < narrow {
		return width
	}
	return min(width-2*margin, measure)
}

// page draws with a margin, header and steps.
func page(f frame, view func(frame) ([]block, func() *tea.Cursor)) drawn {
	d := drawn{width: f.width}
	if f.width = inner(f.width); f.width < d.width {
		d.margin = margin
		d.width = f.width + 2*margin
	}
	blocks, cursor := view(f)
	lines := stack(f.height, append([]block{f.header(), f.steps().under()}, blocks...)...)
	if cursor != nil {
		d.cursor = cursor()
	}
	d.lines = shifted(lines, d.cursor, d.margin)
	return d
}

// shifted moves lines and the cursor in them to the right.
func shifted(lines []string, cursor *tea.Cursor, by int) []string {
	for i := range lines {
		if lines[i] != "" {
			lines[i] = strings.Repeat(" ", by) + lines[i]
		}
	}
	if cursor != nil {
		cursor.X += by
	}
	return lines
}

// noticed returns f with text instead of the keys; "" leaves the keys.
func (f frame) noticed(text string) frame {
	if text != "" {
		f.notice = strings.Split(ansi.Wrap(text, inner(f.columns), ""), "\n")
		f.notice = f.notice[:min(len(f.notice), f.rows)]
		f.height = f.rows - len(f.notice)
	}
	return f
}

// window puts what a screen drew into the window, and the keys below it.
func (f frame) window(d drawn, keys []key.Binding, more int) (content string, cursor *tea.Cursor, graphic string) {
	left, top, height := 0, 0, f.height
	lines := d.lines[:min(len(d.lines), height)]
	if f.rows >= raises && !d.standing {
		height = min(height, max(usual, len(lines)+1)) // a blank line above the keys
		top = (f.height - height) / 3
	}
	width := d.width
	if len(f.beside) > 0 {
		block := lipgloss.NewStyle().Width(d.width).Render(strings.Join(lines, "\n"))
		lines = strings.Split(lipgloss.JoinHorizontal(lipgloss.Top, block, strings.Repeat(" ", gap),
			strings.Join(f.beside, "\n")), "\n")
		width += companion
	}
	if f.columns >= centers {
		left = max(0, (f.columns-width)/2)
	}
	if cursor = d.cursor; cursor != nil && cursor.Y < height {
		cursor.X, cursor.Y, cursor.Blink = cursor.X+left, cursor.Y+top, false
	} else {
		cursor = nil
	}
	if d.graphic != "" {
		graphic = ansi.CursorPosition(left+d.at+1, top+1) + d.graphic
	}
	rows := make([]string, f.rows)
	copy(rows[top:top+height], shifted(lines, nil, left))
	last := []string{f.keys(keys, more, f.columns-left-min(margin, d.margin))}
	if f.notice != nil {
		last = last[:0]
		for _, line := range f.notice {
			last = append(last, f.palette.Accent.Render(line))
		}
	}
	indent := left
	if f.columns >= narrow {
		indent += margin
	}
	for i, line := range last {
		rows[top+height+i] = ansi.Truncate(strings.Repeat(" ", indent)+line, f.columns, "…")
	}
	return strings.Join(rows, "\n"), cursor, graphic
}

var keyMore = key.NewBinding(key.WithKeys("?"), key.WithHelp("?", "more"))

// keys names in one line those that work now, the most important first. Where they do not all fit, ? leads to the
// rest of them, and on the screens where a letter is input the end is cut.
func (f frame) keys(keys []key.Binding, page, width int) string {
	h := help.New()
	h.Styles, h.ShortSeparator = f.palette.help, " · "
	wide := func(keys ...key.Binding) (columns int) { // of ShortHelpView, which takes longer
		for i, k := range keys {
			if i > 0 {
				columns += lipgloss.Width(h.ShortSeparator)
			}
			columns += lipgloss.Width(k.Help().Key + " " + k.Help().Desc)
		}
		return columns
	}
	if page < 0 || wide(keys...) <= width {
		return ansi.Truncate(h.ShortHelpView(keys), width, "…")
	}
	pages := [][]key.Binding{nil}
	for _, k := range keys {
		last := &pages[len(pages)-1]
		if len(*last) > 0 && wide(append(append([]key.Binding{}, *last...), k, keyMore)...) > width {
			pages = append(pages, nil)
			last = &pages[len(pages)-1]
		}
		*last = append(*last, k)
	}
	return ansi.Truncate(h.ShortHelpView(append(pages[page%len(pages)], keyMore)), width, "…")
}

const product = "cognito-enroll"

// header names the product and the pool, as much of it as fits.
func (f frame) header() block {
	style := f.palette.Quiet
	for _, pool := range f.pool() {
		if space := f.width - lipgloss.Width(product) - lipgloss.Width(pool); space >= gap {
			return block{lines: []string{style.Render(product + strings.Repeat(" ", space) + pool)}, rank: heads}
		}
	}
	return block{lines: []string{style.Render(ansi.Truncate(product, f.width, "…"))}, rank: heads}
}

// pool names it, in fewer and fewer words. A service that is only called after the ID adds nothing to it.
func (f frame) pool() []string {
	_, own, _ := strings.Cut(f.ask.Pool, "_")
	switch name, id := f.ask.Service, f.ask.Pool; {
	case id == "" && name == "":
		return nil
	case id == "":
		return []string{name}
	case name == "", strings.HasSuffix(name, " "+own):
		return []string{id}
	default:
		return []string{name + " · " + id, name}
	}
}

// shortHeader is the header beside a QR code.
func (f frame) shortHeader() block {
	line := product
	if pool := f.pool(); len(pool) > 0 {
		if line += " · " + pool[len(pool)-1]; lipgloss.Width(line) > f.width { // of the two, the pool is the news
			line = pool[len(pool)-1]
		}
	}
	return block{lines: []string{f.palette.Quiet.Render(ansi.Truncate(line, f.width, "…"))}, rank: heads}
}

// marks are the signs of the steps, which tell how far the person is without colors.
func (f frame) marks() (marks []string) {
	for i := range f.ask.Steps {
		switch {
		case f.failed() && i == f.ask.Step:
			marks = append(marks, f.palette.Bad.Render("✗"))
		case i < f.ask.Step || f.ask.Phase == flow.Finished && !f.failed():
			marks = append(marks, f.palette.Good.Render("✓"))
		case i == f.ask.Step:
			marks = append(marks, f.palette.Accent.Render("●"))
		default:
			marks = append(marks, f.palette.Quiet.Render("○"))
		}
	}
	return marks
}

// steps tells where the person is on the way.
func (f frame) steps() block {
	if len(f.ask.Steps) == 0 {
		return block{}
	}
	marks := f.marks()
	for i, name := range f.ask.Steps {
		style := f.palette.Quiet
		if i == f.ask.Step {
			style = f.palette.Accent
		}
		marks[i] += style.Render(" " + name)
	}
	if line := strings.Join(marks, "  "); f.columns >= brief && lipgloss.Width(line) <= f.width {
		return block{lines: []string{line}, rank: steps}
	}
	current := fmt.Sprintf("%d/%d %s", f.ask.Step+1, len(f.ask.Steps), f.ask.Steps[f.ask.Step])
	if f.failed() {
		return text(f.palette.Bad, f.width, "✗ "+current, steps)
	}
	return text(f.palette.Accent, f.width, current, steps)
}

// shortSteps is the line of the steps beside a QR code.
func (f frame) shortSteps() block {
	if len(f.ask.Steps) == 0 {
		return block{}
	}
	line := strings.Join(f.marks(), " ") + "  " + f.palette.Accent.Render(f.ask.Steps[f.ask.Step])
	return block{lines: []string{ansi.Truncate(line, f.width, "…")}, rank: steps}
}

// motion is what may move on a screen: one thing at most.
type motion int

const (
	nothing motion = iota
	working
	phoning  // the phone of a demo counts down to its next code
	expiring // the last minute of a session
	ringing  // the countdown to the next code
)

// moves returns what moves now. Whatever else changes with the time does so rarely.
func (f frame) moves() motion {
	switch {
	case f.palette.still():
		return nothing
	case f.ask.Phase == flow.Working:
		return working
	case f.phone != "" || f.abreast:
		return phoning
	case f.ask.Enroll != nil && !f.ask.Enroll.Deadline.IsZero() && f.ask.Enroll.Deadline.Sub(f.now) <= time.Minute:
		return expiring
	}
	return ringing
}
