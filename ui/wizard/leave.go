package wizard

import (
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"cognito-enroll/ui"
)

// Reset restores a terminal whose wizard had no time to do so itself: the kitty keyboard, pasting, the
// focus, the screen, the cursor.
const Reset = ansi.ResetModifyOtherKeys + "\x1b[<1u" + ansi.ResetModeBracketedPaste + ansi.ResetModeFocusEvent +
	ansi.ResetModeAltScreenSaveCursor + ansi.SetModeTextCursorEnable

// answers are what the terminal still owes. Bubble Tea asks it when it starts and with the first frame. The
// last question is ours, which every terminal answers, and in turn: nothing comes after that.
type answers struct {
	since time.Time // when the first question was asked; zero when all are answered
	leave tea.Cmd   // ends or suspends the program when all are answered; nil while nobody leaves
}

type (
	asking time.Time // the program has begun
	asked  struct{}  // the first frame is out, and with it Bubble Tea's questions
	timeUp struct{}
	ended  struct{} // the context that the wizard was given
	notice string   // as in Config.Notices
)

// lastFrame is how long the program may take for an empty frame when it was told to end.
const lastFrame = time.Second

// askLast begins the answers.
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
		return m, tea.Raw(ansi.RequestPrimaryDeviceAttributes)
	}
	m.owed.since = time.Time{}
	if m.owed.leave != nil {
		return m.quit()
	}
	return m, nil
}

// leave ends or suspends the program by way of how, and waits for what the terminal owes: the shell would read it.
func (m Model) leave(how tea.Cmd) (Model, tea.Cmd) {
	m.quitting, m.owed.leave = true, how
	wait := ui.AnswersOwed - time.Since(m.owed.since)
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
