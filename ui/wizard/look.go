package wizard

import (
	"charm.land/bubbles/v2/help"
	"charm.land/bubbles/v2/textinput"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
)

// Theme is what the person says of the terminal's background; Auto asks the terminal.
type Theme string

const (
	Auto  Theme = "auto"
	Dark  Theme = "dark"
	Light Theme = "light"
)

// look is how things are drawn: one accent, and colours that keep a contrast of 4.5:1 on a black
// and on a white background. Nothing is told by colour alone.
type look struct {
	dark    bool
	known   bool // the terminal, or the person, said so
	profile colorprofile.Profile

	title, accent, faint, good, bad, label lipgloss.Style
	input                                  textinput.Styles
	help                                   help.Styles
}

func newLook(dark bool, profile colorprofile.Profile) look {
	pick := lipgloss.LightDark(dark)
	color := func(light, dark string) lipgloss.Style {
		return lipgloss.NewStyle().Foreground(pick(lipgloss.Color(light), lipgloss.Color(dark)))
	}
	l := look{
		dark: dark, profile: profile,
		title:  lipgloss.NewStyle().Bold(true),
		accent: color("#005F87", "#5FD7FF").Bold(true),
		faint:  color("#5F5F5F", "#A8A8A8"),
		good:   color("#005F00", "#87D787").Bold(true),
		bad:    color("#AF0000", "#FF8787"),
		label:  lipgloss.NewStyle(),
	}
	l.input = textinput.DefaultStyles(dark)
	l.input.Focused.Prompt, l.input.Blurred.Prompt = l.accent, l.faint
	l.input.Focused.Text, l.input.Blurred.Text = lipgloss.NewStyle(), lipgloss.NewStyle()
	l.input.Cursor.Color, l.input.Cursor.Blink = nil, false
	l.help = help.Styles{
		ShortKey: l.accent.UnsetBold(), ShortDesc: l.faint, ShortSeparator: l.faint, Ellipsis: l.faint,
		FullKey: l.accent.UnsetBold(), FullDesc: l.faint, FullSeparator: l.faint,
	}
	return l
}

// colors reports whether the terminal shows colours at all; NO_COLOR says no.
func (l look) colors() bool { return l.profile >= colorprofile.ANSI }
