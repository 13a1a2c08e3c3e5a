package wizard

import (
	"context"
	"fmt"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"cognito-enroll/flow"
)

// Recipient is a program to which the key URI can be given, such as a password manager.
type Recipient struct {
	Name string // to be shown
	// Run shows nothing of what the program says. The terminal is the program's while it runs, until ctx ends.
	Run func(ctx context.Context, uri flow.Secret) tea.ExecCommand
}

var keyGive = key.NewBinding(key.WithKeys("k"))

// given is how the program ended.
type given struct{ err error }

// give lets the program have the terminal and the key URI of ask, when nothing comes from the terminal any more that
// the program would read.
func (m Model) give(ask flow.Ask) (Model, tea.Cmd) {
	lend := tea.Exec(m.recipient.Run(m.ctx, ask.Enroll.URI), func(err error) tea.Msg { return given{err} })
	wait := m.owed.left()
	if wait <= 0 {
		return m, lend
	}
	m.owed.lend = lend
	return m, tea.Tick(wait, func(time.Time) tea.Msg { return timeUp{} })
}

// gave says how it went. A program that fails changes nothing here: the key is still on the screen.
func (m Model) gave(err error) (tea.Model, tea.Cmd) {
	name := flow.Printable(m.recipient.Name)
	m.display.saved = fmt.Sprintf("%s has the key. Type a code from it to finish.", name)
	if err != nil {
		m.display.saved = fmt.Sprintf("%s did not take the key (%s). It is still here: scan it, or try again.", name,
			flow.Printable(err.Error()))
	}
	m.sends, m.time = 2, m.now()
	return m, askLast() // Bubble Tea asks again as well
}
