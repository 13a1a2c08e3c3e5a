package wizard

import (
	"charm.land/bubbles/v2/key"

	"cognito-enroll/flow"
	"cognito-enroll/ui"
	"cognito-enroll/ui/theme"
)

// Companion is a ui.Phone that can do more for whoever is shown the wizard, in the demo.
type Companion interface {
	ui.Phone
	// Beside draws the phone in lines of at most BesideWidth columns.
	Beside(flow.Ask, Look) []string
	// Fills returns the question with what is known in its fields, so that nobody has to type it. It is asked each time
	// that the question is, also after a problem.
	Fills(flow.Ask) flow.Ask
	// Next makes something else go wrong next, and says what.
	Next() string
}

// BesideWidth is how many columns a Companion has.
const BesideWidth = companion - gap

// Look is how a Companion draws.
type Look struct {
	Colors   theme.Colors
	ASCII    bool // no other characters are shown
	Counting bool // a countdown may move
}

// keyFault is one key, with ctrl also where a letter is input.
var keyFault = key.NewBinding(key.WithKeys("n", "ctrl+n"), key.WithHelp("n", "next fault"))

// accompanied is the question with what the Companion knows in its fields.
func (m Model) accompanied(a flow.Ask) flow.Ask {
	if c, ok := m.phone.(Companion); ok {
		return c.Fills(a)
	}
	return a
}

// abreast is f with the Companion beside it, if there is one and room for it, which a QR code takes first.
func (m Model) abreast(f frame) frame {
	c, ok := m.phone.(Companion)
	if !ok || m.width < abreast {
		return f
	}
	alone := f
	f.abreast, f.phone, f.width = true, "", m.width-companion
	if f.ask.Enroll != nil && !m.display.pictured(f) && m.display.pictured(alone) {
		return alone
	}
	f.beside = c.Beside(f.ask, Look{Colors: m.palette.Colors, ASCII: m.ascii, Counting: f.moves() == phoning})
	return f
}
