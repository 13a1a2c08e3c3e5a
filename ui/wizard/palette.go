package wizard

import (
	"charm.land/bubbles/v2/help"
	"charm.land/bubbles/v2/textinput"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"

	"cognito-enroll/ui/qrcode"
	"cognito-enroll/ui/theme"
)

// Theme is what the person says of the terminal's background; Auto asks the terminal.
type Theme string

const (
	Auto  Theme = "auto"
	Dark  Theme = "dark"
	Light Theme = "light"
)

// background is what is known of the terminal's.
type background = theme.Background

const (
	unknown = theme.Unknown
	dark    = theme.Dark
	light   = theme.Light
)

// palette is how things are drawn.
type palette = *look

// look is what a palette has. It is a few KiB, and a Model and what is made of it are copied with each message.
type look struct {
	theme.Colors
	background background
	profile    colorprofile.Profile

	input textinput.Styles
	help  help.Styles
}

// still reports whether nothing may move: whoever wants no colors gets no motion, either.
func (l *look) still() bool { return l.profile < colorprofile.ANSI }

func newPalette(b background, profile colorprofile.Profile) palette {
	l := &look{Colors: theme.For(b), background: b, profile: profile}
	l.input = textinput.DefaultStyles(b != light)
	l.input.Focused.Prompt, l.input.Blurred.Prompt = l.Accent, l.Quiet
	l.input.Focused.Text, l.input.Blurred.Text = lipgloss.NewStyle(), lipgloss.NewStyle()
	l.input.Focused.Placeholder, l.input.Blurred.Placeholder = l.Quiet, l.Quiet
	l.input.Cursor.Color, l.input.Cursor.Blink = nil, false
	l.help = help.Styles{
		ShortKey: l.Accent.UnsetBold(), ShortDesc: l.Quiet, ShortSeparator: l.Quiet, Ellipsis: l.Quiet,
	}
	return l
}

// Colors are a profile's as package qrcode counts them.
func Colors(p colorprofile.Profile) qrcode.Colors {
	switch p {
	case colorprofile.TrueColor:
		return qrcode.TrueColor
	case colorprofile.ANSI256:
		return qrcode.Colors256
	case colorprofile.ANSI:
		return qrcode.Colors16
	}
	return qrcode.NoColors
}
