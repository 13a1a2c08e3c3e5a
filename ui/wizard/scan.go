package wizard

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"

	"cognito-enroll/flow"
	"cognito-enroll/ui"
)

// scan shows the QR code with everything else beside it, because there is no room below: at 80×24
// the code of a usual URI takes 45×23 cells.
type scan struct{ form }

// side is what the column beside the QR code needs, and gap the space between the two.
const (
	side = 33
	gap  = 2
)

func (s *scan) update(msg tea.Msg) (screen, bool) {
	f, answered := s.fields.update(msg)
	return &scan{form{f}}, answered
}

// resize keeps the fields as wide as the column, with a panel and without.
func (s *scan) resize(width int) { s.fields.resize(min(side, inner(width))) }

func (s *scan) enter(flow.Ask) string { return "send" }

func (s *scan) view(f frame) ([]string, *tea.Cursor) {
	panel := f.panel()
	if len(panel.lines) == 0 {
		return indent(f, func(f frame) ([]string, *tea.Cursor) { return s.column(f, panel, f.key()) })
	}
	left := panel.width + gap
	beside := f
	beside.width -= left
	var key []string
	if !f.display.spelled {
		key = beside.key()
	}
	lines, cursor := s.column(beside, panel, key)
	out := make([]string, max(len(lines), len(panel.lines)))
	for i := range out {
		row := ""
		if i < len(panel.lines) {
			row = panel.lines[i]
		}
		if i < len(lines) {
			row += strings.Repeat(" ", left-panel.widthOf(i)) + lines[i]
		}
		out[i] = row
	}
	if cursor != nil {
		cursor.X += left
	}
	return out, cursor
}

// key is for typing: in numbered groups, or in words where there is room.
func (f frame) key() []string {
	text := f.ask.Enroll.Key.Reveal()
	const others = 6 // lines
	switch lines := ui.Spell(text); {
	case f.display.hidden:
		return nil
	case f.display.spelled && widthOf(lines) <= f.width && len(lines)+others <= f.height:
		return lines
	}
	return numbered(text, f.width)
}

func widthOf(lines []string) (width int) {
	for _, l := range lines {
		width = max(width, lipgloss.Width(l))
	}
	return width
}

// column draws everything but the panel.
func (s *scan) column(f frame, p panel, key []string) ([]string, *tea.Cursor) {
	if f.ask.Phase != flow.Asking {
		p.commands = ""
	}
	drop := 7
	if len(p.lines) == 0 {
		drop = 2 // then its words are all that there is of it
	}
	upper, _, cursor := s.fields.around(f)
	var row int
	lines := stack(f.height,
		text(f.palette.accent, f.width, fmt.Sprintf("%d %s", f.ask.Step+1, f.ask.Title), 5),
		text(f.palette.accent.UnsetBold(), f.width, f.ask.Note, 1),
		f.warning(1),
		text(lipgloss.NewStyle(), f.width, p.words, drop),
		block{lines: key, drop: 0},
		f.names(8),
		upper.at(&row),
		f.ring(9),
		f.problem(),
		f.hint(3),
		text(f.palette.accent, f.width, f.phone, 1),
		f.copied(2),
		text(f.palette.faint, f.width, f.display.saved, 2),
		text(f.palette.faint, f.width, ui.TimeLeft(f.ask.Enroll.Deadline, f.now, ui.Digital), 4),
		text(f.palette.faint, f.width, p.commands, 6).under(),
	)
	return lines, place(cursor, upper, row, 0)
}

// names are those of the entry. A terminal that knows hyperlinks opens the key URI with them, in an app
// on the same computer.
func (f frame) names(drop int) block {
	style := f.palette.faint
	if f.palette.profile >= colorprofile.ANSI256 && !f.display.hidden {
		style = style.Hyperlink(f.ask.Enroll.URI.Reveal())
	}
	return text(style, f.width, f.ask.Enroll.Issuer+"\n"+f.ask.Enroll.Account, drop)
}

// copied promises nothing: a terminal does not tell whether it did as it was asked.
func (f frame) copied(drop int) block {
	if !f.display.copied || f.ask.Phase != flow.Asking {
		return block{}
	}
	return text(f.palette.accent, f.width,
		"Asked your terminal to copy the key. Paste it to check. It stays in the clipboard.", drop)
}

// numbered breaks a key into groups of four that are never cut by the end of a line. Each line begins
// with the number of its first group, and a point, which no key has.
func numbered(key string, width int) (lines []string) {
	perLine := max(1, min(5, (width-3)/5))
	for i, g := range ui.Groups(key) {
		if i%perLine == 0 {
			lines = append(lines, fmt.Sprintf("%2d.", i+1))
		}
		lines[len(lines)-1] += " " + g
	}
	return lines
}
