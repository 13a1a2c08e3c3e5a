package wizard

import (
	"slices"
	"time"

	"charm.land/bubbles/v2/spinner"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"

	"cognito-enroll/ui"
	"cognito-enroll/ui/qrcode"
)

const (
	askCell        = "\x1b[16t" // the size of a cell in pixels (XTWINOPS)
	sixelAttribute = 4          // of the primary device attributes (DA1)
)

// Reset restores a terminal whose wizard had no time to do so itself, or on which another program ran: the kitty
// keyboard, the mouse, the keys of cursor and keypad, pasting, the focus, the screen and its margins, the character
// set, the colors, the cursor. The cursor stays where it is, or goes to where it was before the alternate screen.
const Reset = ansi.ResetModifyOtherKeys + "\x1b[<1u" + ansi.ResetModeMouseX10 + ansi.ResetModeMouseNormal +
	ansi.ResetModeMouseHighlight + ansi.ResetModeMouseButtonEvent + ansi.ResetModeMouseAnyEvent +
	ansi.ResetModeMouseExtUtf8 + ansi.ResetModeMouseExtSgr + ansi.ResetModeMouseExtUrxvt +
	ansi.ResetModeMouseExtSgrPixel + ansi.ResetModeCursorKeys +
	ansi.KeypadNumericMode + ansi.ResetModeBracketedPaste + ansi.ResetModeFocusEvent +
	ansi.ResetModeAltScreenSaveCursor + ansi.SaveCursor + "\x1b[r" + ansi.RestoreCursor + "\x1b(B\x0f" +
	ansi.ResetModeInsertReplace + ansi.SetModeAutoWrap + ansi.ResetStyle + ansi.SetModeTextCursorEnable

// answers are what the terminal still owes. Bubble Tea asks it when it starts and with the first frame. The
// last question is ours, which every terminal answers, and in turn: nothing comes after that.
type answers struct {
	since time.Time // when the first question was asked; zero when all are answered
	leave tea.Cmd   // ends or suspends the program when all are answered; nil while nobody leaves
	lend  tea.Cmd   // lets another program have the terminal then; nil if none is to
}

// left is how long to wait for what is owed.
func (a answers) left() time.Duration { return ui.AnswersOwed - time.Since(a.since) }

type (
	asking time.Time // the program has begun, or goes on
	asked  struct{}  // the first frame is out, and with it Bubble Tea's questions
	probed struct{}  // what was written to ask a question is on the screen
	timeUp struct{}
	ended  struct{} // the context that the wizard was given
	notice string   // as in Config.Notices
)

// lastFrame is how long the program may take for an empty frame when it was told to end.
const lastFrame = time.Second

// askLast asks the last question.
func askLast() tea.Cmd {
	return tea.Batch(
		func() tea.Msg { return asking(time.Now()) },
		tea.Tick(150*time.Millisecond, func(time.Time) tea.Msg { return asked{} }),
	)
}

// answered takes what concerns the answers.
func (m Model) answered(msg tea.Msg) (Model, tea.Cmd) {
	switch msg := msg.(type) {
	case asking:
		m.owed.since = time.Time(msg)
		return m, nil
	case asked:
		questions, cmd := ansi.RequestPrimaryDeviceAttributes, tea.Cmd(nil)
		if m.palette.profile == colorprofile.ANSI256 && !m.quitting { // with less it may show what it does not know
			questions = askInks + questions
		}
		if m.multiplexer == NoMultiplexer && !m.quitting {
			questions = askCell + questions
		}
		if m.asksUTF8 && !m.quitting {
			// Not in the first row, where the answer is that of a key as well (F3).
			questions = ansi.SaveCursor + ansi.CursorPosition(1, 2) + ui.AskUTF8 + "\r" + ansi.EraseLineRight +
				ansi.RestoreCursor + questions
			cmd = tea.Tick(wipes, func(time.Time) tea.Msg { return probed{} })
		}
		return m, tea.Batch(tea.Raw(questions), cmd)
	case probed:
		return m, tea.ClearScreen // which draws the row again
	case uv.CellSizeEvent:
		m.cell = qrcode.Cell{Width: msg.Width, Height: msg.Height}
		return m, nil
	case uv.UnknownOscEvent:
		m.inks = m.inks.answered(string(msg))
		return m, nil
	case tea.CursorPositionMsg:
		if m.asksUTF8 {
			m.asksUTF8, m.doubtful, m.ascii = false, false, msg.X != 1
		}
		m.working.Spinner = spinner.MiniDot
		if m.ascii {
			m.working.Spinner = spinner.Line
		}
		return m, nil
	}
	if attributes, ok := msg.(uv.PrimaryDeviceAttributesEvent); ok {
		m.graphics = slices.Contains(attributes, sixelAttribute)
	}
	m.owed.since = time.Time{}
	if m.owed.leave != nil {
		return m.quit()
	}
	lend := m.owed.lend
	m.owed.lend = nil
	return m, lend
}

// leave ends or suspends the program by way of how, and waits for what the terminal owes: the shell would read it.
func (m Model) leave(how tea.Cmd) (Model, tea.Cmd) {
	m.quitting, m.owed.leave, m.owed.lend = true, how, nil
	wait := m.owed.left()
	if wait <= 0 {
		return m.quit()
	}
	return m, tea.Tick(wait, func(time.Time) tea.Msg { return timeUp{} })
}

// flush is how long the program goes on after it has decided to end. What was read by then is taken: Bubble Tea's
// reader waits for ever to hand an event to a program that has ended.
const flush = 20 * time.Millisecond

// quit leaves. The last frame is empty.
func (m Model) quit() (Model, tea.Cmd) {
	how := m.owed.leave
	if how == nil {
		return m, nil // it is about to
	}
	m.owed.leave = nil
	return m, tea.Tick(flush, func(time.Time) tea.Msg { return how() })
}
