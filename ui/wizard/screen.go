package wizard

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"cognito-enroll/flow"
	"cognito-enroll/ui"
)

// screen shows one shape of Ask. A new Ask gets a new screen; while a call is under way the old one
// stays and is drawn with the Ask's progress.
type screen interface {
	// update reports true when the person has answered.
	update(tea.Msg) (screen, bool)
	answer() flow.Answer
	// letters reports whether a letter is input now, and not a command.
	letters() bool
	// view draws at most f.height lines.
	view(f frame) ([]string, *tea.Cursor)
	restyle(palette)
	// resize tells the width of the window.
	resize(width int)
	// enter is what the Enter key does here, in a word or two.
	enter(flow.Ask) string
	// choosing reports whether the arrow keys choose an option.
	choosing() bool
}

// frame is what a screen is drawn with.
type frame struct {
	ask           flow.Ask
	palette       palette
	width, height int
	now           time.Time
	spinner       string // the frame to show while Working
	phone         string // what the simulated phone shows
	recorded      string // what records this session
	display       display
	picture       *picture
	ascii         bool
	wording       ui.Wording
	multiplexer   Multiplexer
}

func newScreen(a flow.Ask, l palette, width int) screen {
	switch {
	case a.Phase == flow.Finished:
		return end{}
	case a.Enroll != nil:
		return &scan{form{fields: newFields(a, l, min(side, inner(width)))}}
	}
	return &form{fields: newFields(a, l, inner(width))}
}

// stepper tells where the person is on the way.
func (f frame) stepper(drop int) block {
	var parts []string
	for i, name := range f.ask.Steps {
		switch {
		case f.failed() && i == f.ask.Step:
			parts = append(parts, f.palette.bad.Render("✗ "+name))
		case i < f.ask.Step || f.ask.Phase == flow.Finished && !f.failed():
			parts = append(parts, f.palette.faint.Render("✓ "+name))
		case i == f.ask.Step:
			parts = append(parts, f.palette.accent.Render(fmt.Sprintf("%d %s", i+1, name)))
		default:
			parts = append(parts, f.palette.faint.Render(fmt.Sprintf("%d %s", i+1, name)))
		}
	}
	line := strings.Join(parts, f.palette.faint.Render("  ›  "))
	if lipgloss.Width(line) > f.width {
		return text(f.palette.accent, f.width, fmt.Sprintf("%d of %d: %s", f.ask.Step+1, len(f.ask.Steps),
			f.ask.Steps[f.ask.Step]), drop)
	}
	return block{lines: []string{line}, drop: drop}
}

// failed reports whether the run ended without reaching its goal.
func (f frame) failed() bool { return f.ask.Phase == flow.Finished && f.ask.Problem != nil }

// problem says why the question is asked again, or what is being done about the answer.
func (f frame) problem() block {
	if f.ask.Phase == flow.Working {
		return text(f.palette.accent, f.width, f.spinner+" "+f.ask.Progress+"…", 0)
	}
	p := f.ask.Problem
	if p == nil {
		return block{}
	}
	return text(f.palette.bad.Bold(true), f.width, "✗ "+ui.Sentence(p.Msg), 0)
}

// nextCode counts down to a code that was not used yet.
func (f frame) nextCode() block {
	wait := f.ask.NextCode.Sub(f.now)
	if f.ask.NextCode.IsZero() || f.ask.Phase != flow.Asking {
		return block{}
	}
	if wait <= 0 {
		return text(f.palette.good, f.width, "The app shows a new code now.", 2)
	}
	return text(f.palette.faint, f.width, fmt.Sprintf("The next code appears in %d s.",
		int((wait+time.Second-1)/time.Second)), 2)
}

// hint says what to do about the problem.
func (f frame) hint(drop int) block {
	if f.ask.Phase == flow.Working || f.ask.Problem == nil {
		return block{}
	}
	return text(lipgloss.NewStyle(), f.width, ui.Sentence(f.wording.Hint(f.ask.Problem)), drop).under()
}

// ring counts down to the next code of the app. Its time is Cognito's, as a phone's is.
func (f frame) ring(drop int) block {
	isTOTP := func(field flow.Field) bool { return field.Kind == flow.Code && field.Min == field.Max }
	if f.ask.Phase != flow.Asking || !f.ask.NextCode.IsZero() || !slices.ContainsFunc(f.ask.Fields, isTOTP) {
		return block{}
	}
	const period = int64(flow.Period / time.Second)
	left := period - f.now.Add(-f.ask.Skew).Unix()%period
	line := fmt.Sprintf("next code in %d s", left)
	if !f.ascii {
		line = []string{"○", "◔", "◑", "◕", "●"}[(left*4+period-1)/period] + " " + line
	}
	return text(f.palette.faint, f.width, line, drop).under()
}

// warning is about whoever may be looking on.
func (f frame) warning(drop int) block {
	if f.recorded == "" {
		return block{}
	}
	return text(f.palette.bad, f.width,
		"This session is being recorded ("+f.recorded+"). The key will be in the recording.", drop)
}

// margin is the space left of everything but a QR code, which needs each column.
const margin = 2

// inner is what a window's margins leave of its width; a narrow one has none.
func inner(width int) int {
	if width < 40 {
		return width
	}
	return width - 2*margin
}

// indent draws with a margin.
func indent(f frame, view func(frame) ([]string, *tea.Cursor)) ([]string, *tea.Cursor) {
	if inner(f.width) == f.width {
		return view(f)
	}
	f.width = inner(f.width)
	lines, cursor := view(f)
	for i := range lines {
		lines[i] = strings.Repeat(" ", margin) + lines[i]
	}
	if cursor != nil {
		cursor.X += margin
	}
	return lines, cursor
}

// form asks for one or more values, one below the other.
type form struct{ fields fields }

func (s *form) update(msg tea.Msg) (screen, bool) {
	f, answered := s.fields.update(msg)
	return &form{f}, answered
}

func (s *form) answer() flow.Answer { return s.fields.answer() }
func (s *form) letters() bool       { return s.fields.letters() }
func (s *form) restyle(l palette)   { s.fields.restyle(l) }
func (s *form) resize(width int)    { s.fields.resize(inner(width)) }

func (s *form) choosing() bool { return s.fields.choosing() }

func (s *form) enter(a flow.Ask) string {
	if len(a.Fields) == 0 && a.Problem != nil {
		return "try again"
	}
	return "continue"
}

func (s *form) view(f frame) ([]string, *tea.Cursor) { return indent(f, s.draw) }

func (s *form) draw(f frame) ([]string, *tea.Cursor) {
	warning := block{}
	if f.ask.ID == "get-ready" {
		warning = f.warning(2)
	}
	upper, lower, cursor := s.fields.around(f)
	problem := f.problem()
	if len(lower.lines) > 0 {
		problem, lower = problem.under(), lower.under()
	}
	var upperRow, lowerRow int
	lines := stack(f.height,
		f.stepper(6),
		text(f.palette.title, f.width, f.ask.Title, 2),
		text(f.palette.accent.UnsetBold(), f.width, f.ask.Note, 3),
		text(lipgloss.NewStyle(), f.width, f.ask.Body, 5),
		warning,
		upper.at(&upperRow),
		f.ring(6),
		problem,
		f.hint(3),
		lower.at(&lowerRow),
		f.nextCode(),
		text(f.palette.accent, f.width, f.phone, 4),
	)
	return lines, place(cursor, upper, upperRow, lowerRow)
}

// end shows the summary, or what stopped the run.
type end struct{}

func (e end) update(tea.Msg) (screen, bool) { return e, false }
func (end) answer() flow.Answer             { return flow.Answer{} }
func (end) letters() bool                   { return false }
func (end) restyle(palette)                 {}
func (end) resize(int)                      {}
func (end) enter(flow.Ask) string           { return "close" }
func (end) choosing() bool                  { return false }

func (e end) view(f frame) ([]string, *tea.Cursor) { return indent(f, e.draw) }

func (end) draw(f frame) ([]string, *tea.Cursor) {
	title := text(f.palette.good, f.width, "✓ "+f.ask.Title, 1)
	var rows []string
	if f.failed() {
		title = text(f.palette.title, f.width, f.ask.Title, 1)
	}
	if f.ask.Summary != nil {
		for _, r := range f.ask.Summary.Rows() {
			label := f.palette.faint.Width(16).Render(r[0])
			rows = append(rows, ansi.Truncate(label+r[1], f.width, "…"))
		}
	}
	lines := stack(f.height,
		f.stepper(4),
		title,
		f.problem(),
		f.hint(3),
		block{lines: rows, drop: 0},
		text(lipgloss.NewStyle(), f.width, f.ask.Body, 2),
		text(f.palette.accent.UnsetBold(), f.width, f.ask.Note, 3),
		text(f.palette.faint, f.width, f.display.clipboard.note(), 3),
	)
	return lines, nil
}

// note says at the end what became of a copied key.
func (c clipboard) note() string {
	switch c {
	case holdsKey:
		return "The key may still be in your clipboard."
	case cleared:
		return "Asked your terminal to clear the clipboard. Paste to check."
	}
	return ""
}

var (
	keySuspend = key.NewBinding(key.WithKeys("ctrl+z"))
	keyQuit    = key.NewBinding(key.WithKeys("ctrl+c"), key.WithHelp("ctrl+c", "quit"))
	keyBack    = key.NewBinding(key.WithKeys("esc"), key.WithHelp("esc", "back"))
	keyPhone   = key.NewBinding(key.WithKeys("p"), key.WithHelp("p", "demo phone"))
	keyNext    = key.NewBinding(key.WithKeys("tab", "shift+tab", "up", "down"), key.WithHelp("tab", "next field"))
	keyTest    = key.NewBinding(key.WithKeys("t"), key.WithHelp("t", "test it with a fresh sign-in"))
	keyMove    = key.NewBinding(key.WithKeys("up", "down"), key.WithHelp("↑/↓", "choose"))
	keyEnter   = key.NewBinding(key.WithKeys("enter", "ctrl+j"))
)
