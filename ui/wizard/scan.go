package wizard

import (
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"

	"cognito-enroll/flow"
	"cognito-enroll/ui"
)

// scan shows the QR code with everything else beside it, because there is no room below: at 80×24
// the code of a usual URI takes 45×23 cells.
type scan struct{ form }

func (s *scan) update(msg tea.Msg) (screen, bool) {
	f, answered := s.fields.update(msg)
	return &scan{form{f}}, answered
}

// resize keeps the fields as wide as the column, with a panel and without.
func (s *scan) resize(width int) { s.fields.resize(min(side, inner(width))) }

func (s *scan) enter(flow.Ask) string { return "send" }

func (s *scan) view(f frame) drawn {
	panel := f.panel()
	if len(panel.lines) == 0 {
		return page(f, func(f frame) ([]block, func() *tea.Cursor) {
			blocks, cursor := s.column(f, f.key(), panel, f.said(lipgloss.NewStyle(), panel.words, scans))
			return append([]block{f.said(f.palette.Title, f.ask.Title, titles)}, blocks...), cursor
		})
	}
	d := drawn{graphic: panel.graphic}
	if f.width >= margin+panel.width+gap+side {
		d.margin = margin
	}
	d.at = d.margin
	left := d.margin + panel.width + gap
	f.width = min(f.width-left, sideMost)
	d.width = left + f.width
	var key []string
	if !f.display.spelled {
		key = f.key()
	}
	blocks, cursor := s.column(f, key, panel, f.said(lipgloss.NewStyle(), panel.words, instructs))
	column := stack(f.height, append([]block{f.shortHeader(), f.shortSteps().under()}, blocks...)...)
	if d.cursor = cursor(); d.cursor != nil {
		d.cursor.X += panel.width + gap
	}
	d.lines = panel.beside(column)
	shifted(d.lines, d.cursor, d.margin)
	return d
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

// column is everything but the panel, with words about that.
func (s *scan) column(f frame, key []string, p panel, words block) ([]block, func() *tea.Cursor) {
	upper, _, cursor := s.fields.around(f)
	var row int
	spare := f.said(f.palette.Quiet, ui.SparePhones, spares)
	if f.ask.Note != "" || f.ask.Problem != nil { // both were read before: what is new takes their room
		if words.rank == instructs || f.typed() {
			words.rank = repeats
		}
		if f.rows < raises {
			spare = block{}
		}
	}
	blocks := []block{
		f.said(f.palette.Accent.UnsetBold(), f.ask.Note, notes),
		f.warning(),
		words,
		f.said(lipgloss.NewStyle(), p.caution, warns),
		{lines: key},
		f.names(),
		spare,
		air(parts),
		upper.at(&row),
		f.ring(),
	}
	blocks = append(blocks, f.problem()...)
	blocks = append(blocks,
		f.said(f.palette.Accent, f.phone, warns),
		f.said(f.palette.Accent, f.fault, warns),
		f.copied(),
		f.said(f.palette.Quiet, f.display.saved, copies),
		f.timeLeft(),
		f.advice(p),
	)
	return blocks, func() *tea.Cursor { return place(cursor, upper, row, 0) }
}

// typed reports whether a code was typed, so that there is an entry, whether the QR code could be drawn or not.
func (f frame) typed() bool {
	return f.ask.Problem != nil && f.ask.Problem.Code != flow.CodeInvalidInput
}

// advice helps where the code does not scan, which no terminal tells. It is there until a code of the new entry was
// typed: that the field was left empty says nothing about the scan, and a code of another entry may be there because
// the new one could not be scanned.
func (f frame) advice(p panel) block {
	switch {
	case !f.typed():
		return f.said(f.palette.Quiet, p.advice, scans)
	case f.ask.Problem.Code == flow.CodeUnlikely:
		return f.said(f.palette.Quiet, p.advice, instructs)
	}
	return block{}
}

// timeLeft says how long Cognito waits, in steps of 15 seconds while something else moves: it is a minimum. Near the
// end it stands out.
func (f frame) timeLeft() block {
	left := f.ask.Enroll.Deadline.Sub(f.now)
	if left > 0 && f.moves() != expiring {
		left = max(left.Truncate(15*time.Second), min(left, 5*time.Second))
	}
	style := f.palette.Quiet
	switch {
	case left <= 20*time.Second:
		style = f.palette.Bad
	case left <= time.Minute:
		style = f.palette.Accent
	}
	return f.said(style, ui.TimeLeft(f.ask.Enroll.Deadline, f.ask.Enroll.Deadline.Add(-left), ui.Digital), limits)
}

// names are those of the entry. A terminal that knows hyperlinks opens the key URI with them, in an app
// on the same computer.
func (f frame) names() block {
	style := lipgloss.NewStyle()
	if f.palette.profile >= colorprofile.ANSI256 && !f.display.hidden {
		style = style.Hyperlink(f.ask.Enroll.URI.Reveal())
	}
	label := f.palette.Quiet.Width(len("Service") + 2)
	by := label.GetWidth()
	named := func(name, value string) []string {
		b := text(style, f.width-by, value, names).hanging(by)
		b.lines[0] = label.Render(name) + b.lines[0]
		return b.lines
	}
	return block{lines: append(named("Service", f.ask.Enroll.Issuer), named("Account", f.ask.Enroll.Account)...), rank: names}
}

// copied promises nothing: a terminal does not tell whether it did as it was asked.
func (f frame) copied() block {
	if !f.display.copied || f.ask.Phase != flow.Asking {
		return block{}
	}
	return f.said(f.palette.Accent, "Asked your terminal to copy the key. Paste it to check. It stays in the clipboard.",
		copies)
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
