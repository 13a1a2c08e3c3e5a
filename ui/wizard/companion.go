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
	// Knows returns what is known to go into the fields of a question, by their keys.
	Knows(flow.Ask) map[string]string
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

var keyFault = key.NewBinding(key.WithKeys("n", "ctrl+n"), key.WithHelp("n", "next fault"))

// accompanied is m with what its Companion knows in the fields of the question, that nobody has to type it.
func (m Model) accompanied(a flow.Ask) flow.Ask {
	c, ok := m.phone.(Companion)
	if !ok || a.Problem != nil {
		return a
	}
	known := c.Knows(a)
	fields := make([]flow.Field, len(a.Fields))
	for i, f := range a.Fields {
		if value, ok := known[f.Key]; ok && f.Value.Empty() {
			f.Value = flow.NewSecret(value)
		}
		fields[i] = f
	}
	a.Fields = fields
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
