package wizard

import (
	"context"
	"fmt"

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

// give lets the program have the terminal and the key URI of ask.
func (m Model) give(ask flow.Ask) tea.Cmd {
	return tea.Exec(m.recipient.Run(m.ctx, ask.Enroll.URI), func(err error) tea.Msg { return given{err} })
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
	return m, nil
}
