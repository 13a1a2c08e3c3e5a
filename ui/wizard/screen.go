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
	view(f frame) drawn
	restyle(palette)
	// resize tells the width of the window.
	resize(width int)
	// enter is what the Enter key does here, in a word or two.
	enter(flow.Ask) string
	// choosing reports whether the arrow keys choose an option.
	choosing() bool
	// searching reports whether only the options that match are shown, and lost whether none does.
	searching() bool
	lost() bool
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

// failed reports whether the run ended without reaching its goal.
func (f frame) failed() bool { return f.ask.Phase == flow.Finished && f.ask.Problem != nil }

// readable is how wide a line of text is at most.
func (f frame) readable() int { return max(1, min(f.width, legible)) }

// said are sentences in lines.
func (f frame) said(style lipgloss.Style, s string, r rank) block {
	return text(style, f.readable(), s, r)
}

// body are the paragraphs of the question at length. Lines that are moved to the right, as those of a list, stay
// together, and the first of them with the sentence above, which would introduce nothing without it. A list at the end
// keeps a blank line below it longer than paragraphs do.
func (f frame) body() (blocks []block) {
	list := false
	for line := range strings.Lines(f.ask.Body) {
		b := f.said(lipgloss.NewStyle(), strings.TrimSuffix(line, "\n"), explains)
		before := list
		switch list = strings.HasPrefix(line, " "); {
		case list && !before && len(blocks) > 0:
			above := &blocks[len(blocks)-1]
			above.lines = append(above.lines, b.lines...)
		case list:
			blocks = append(blocks, b.under())
		default:
			blocks = append(blocks, b)
		}
	}
	if list {
		blocks = append(blocks, air(parts))
	}
	return blocks
}

// problem says why the question is asked again and what to do about it, or what is being done about the answer. It
// has a blank line above and below.
func (f frame) problem() []block {
	if f.ask.Phase == flow.Working {
		return []block{air(airs), f.said(f.palette.Accent, f.spinner+" "+f.ask.Progress+"…", stays).under(), air(airs)}
	}
	p := f.ask.Problem
	if p == nil {
		return nil
	}
	below := f
	below.width = max(1, f.readable()-signWidth)
	hint := below.said(lipgloss.NewStyle(), ui.Sentence(f.wording.Hint(p)), hints)
	return []block{air(airs), f.bad("✗", ui.Sentence(p.Msg), stays).under(), hint.moved(signWidth).under(), air(airs)}
}

// signWidth is how many columns a sign takes, with the space behind it.
const signWidth = 2

// bad is a sentence behind a sign.
func (f frame) bad(sign, s string, r rank) block {
	lines := wrapped(s, f.readable()-signWidth)
	lines[0] = sign + " " + lines[0]
	return colored(f.palette.Bad, lines, r).hanging(signWidth)
}

// nextCode counts down to a code that was not used yet.
func (f frame) nextCode() block {
	wait := f.ask.NextCode.Sub(f.now)
	switch {
	case f.ask.NextCode.IsZero() || f.ask.Phase != flow.Asking:
		return block{}
	case wait <= 0:
		return f.said(f.palette.Good, "✓ The app shows a new code now.", waits)
	case f.moves() != ringing && f.ask.Problem != nil: // whose hint says it
		return block{}
	case f.moves() != ringing:
		return f.said(f.palette.Quiet, "Wait for the next code.", waits)
	}
	return f.said(f.palette.Quiet, fmt.Sprintf("The next code appears in %d s.", int((wait+time.Second-1)/time.Second)),
		waits)
}

// ring counts down to the next code of the app. Its time is Cognito's, as a phone's is.
func (f frame) ring() block {
	isTOTP := func(field flow.Field) bool { return field.Kind == flow.Code && field.Min == field.Max }
	if f.ask.Phase != flow.Asking || !f.ask.NextCode.IsZero() || !slices.ContainsFunc(f.ask.Fields, isTOTP) {
		return block{}
	}
	switch f.moves() {
	case phoning: // and says it
		return block{}
	case nothing, expiring:
		return f.said(f.palette.Quiet, "a new code every 30 s", rings).under()
	}
	left := Left(f.now.Add(-f.ask.Skew))
	line := fmt.Sprintf("next code in %d s", left/time.Second)
	if !f.ascii {
		line = Ring(left) + " " + line
	}
	return f.said(f.palette.Quiet, line, rings).under()
}

// Left is how long apps go on to show the code of now.
func Left(now time.Time) time.Duration {
	period := int64(flow.Period / time.Second)
	return time.Duration(period-now.Unix()%period) * time.Second
}

// Ring is a sign for what is left of a period.
func Ring(left time.Duration) string {
	return []string{"○", "◔", "◑", "◕", "●"}[(left*4+flow.Period-1)/flow.Period]
}

// warning is about whoever may be looking on.
func (f frame) warning() block {
	if f.recorded == "" {
		return block{}
	}
	return f.bad("!", "This session is being recorded ("+f.recorded+"). The key will be in the recording.", warns)
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

func (s *form) choosing() bool  { return s.fields.choosing() }
func (s *form) searching() bool { return s.fields.searching() }
func (s *form) lost() bool      { return s.fields.lost() }

func (s *form) enter(a flow.Ask) string {
	if len(a.Fields) == 0 && a.Problem != nil {
		return "try again"
	}
	return "continue"
}

func (s *form) view(f frame) drawn {
	d := page(f, s.draw)
	d.standing = s.fields.tall()
	return d
}

func (s *form) draw(f frame) ([]block, func() *tea.Cursor) {
	warning := block{}
	if f.ask.ID == "get-ready" {
		warning = f.warning()
	}
	upper, lower, cursor := s.fields.around(f)
	var upperRow, lowerRow int
	blocks := []block{
		f.said(f.palette.Title, f.ask.Title, titles),
		f.said(f.palette.Accent.UnsetBold(), f.ask.Note, notes),
	}
	blocks = append(blocks, f.body()...)
	blocks = append(blocks, warning, upper.at(&upperRow), f.ring())
	blocks = append(blocks, f.problem()...)
	blocks = append(blocks,
		lower.at(&lowerRow),
		f.nextCode(),
		f.said(f.palette.Accent, f.phone, warns),
		f.said(f.palette.Accent, f.fault, warns),
	)
	return blocks, func() *tea.Cursor { return place(cursor, upper, upperRow, lowerRow) }
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
func (end) searching() bool                 { return false }
func (end) lost() bool                      { return false }

func (e end) view(f frame) drawn { return page(f, e.draw) }

func (end) draw(f frame) ([]block, func() *tea.Cursor) {
	title := f.said(f.palette.Good, "✓ "+f.ask.Title, titles)
	if f.failed() {
		title = f.said(f.palette.Title, f.ask.Title, titles)
	}
	blocks := append([]block{title}, f.problem()...)
	return append(blocks,
		f.celebration(),
		f.said(lipgloss.NewStyle(), f.ask.Body, explains),
		f.summary(),
		f.said(f.palette.Accent.UnsetBold(), f.ask.Note, notes),
		f.said(f.palette.Quiet, f.display.clipboard.note(), copies),
	), nil
}

// celebration is for whoever has just enrolled, and has nothing more to do.
func (f frame) celebration() block {
	if s := f.ask.Summary; f.failed() || s == nil || !s.Enrolled || !s.New {
		return block{}
	}
	return f.said(lipgloss.NewStyle(), "Well done. That was all.", instructs).moved(signWidth).under()
}

// summary shows what is true of the account, and in color what is active.
func (f frame) summary() block {
	if f.ask.Summary == nil {
		return block{}
	}
	rows := f.ask.Summary.Rows()
	label := 0
	for _, r := range rows {
		label = max(label, lipgloss.Width(r[0])+2)
	}
	b := block{rank: stays}
	for _, r := range rows {
		value := lipgloss.NewStyle()
		if r[0] == flow.ActiveFactors && len(f.ask.Summary.Factors) > 0 {
			value = f.palette.Good
		}
		b.lines = append(b.lines, ansi.Truncate(f.palette.Quiet.Width(label).Render(r[0])+value.Render(r[1]), f.width, "…"))
	}
	return b
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
