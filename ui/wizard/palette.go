package wizard

import (
	"charm.land/bubbles/v2/help"
	"charm.land/bubbles/v2/textinput"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"

	"cognito-enroll/ui/qrcode"
)

// Theme is what the person says of the terminal's background; Auto asks the terminal.
type Theme string

const (
	Auto  Theme = "auto"
	Dark  Theme = "dark"
	Light Theme = "light"
)

// background is what is known of the terminal's.
type background int

const (
	unknown background = iota // many terminals do not answer, and tmux answers late or never
	dark
	light
)

// palette is how things are drawn: one accent, and colors that keep a contrast of 4.5:1 on a black
// background, on a white one, or on both when it is not known which. Nothing is told by color alone.
type palette = *colors

// colors are those of a palette. They are a few KiB, and a Model and what is made of it are copied with each message.
type colors struct {
	background background
	profile    colorprofile.Profile

	title, accent, faint, good, bad, label lipgloss.Style
	input                                  textinput.Styles
	help                                   help.Styles
}

func newPalette(b background, profile colorprofile.Profile) palette {
	color := func(onBoth, onDark, onLight string) lipgloss.Style {
		return lipgloss.NewStyle().Foreground(lipgloss.Color([]string{onBoth, onDark, onLight}[b]))
	}
	l := &colors{
		background: b, profile: profile,
		title:  lipgloss.NewStyle().Bold(true),
		accent: color("#007CBA", "#5FD7FF", "#005F87").Bold(true),
		faint:  color("#757575", "#A8A8A8", "#5F5F5F"),
		good:   color("#008900", "#87D787", "#005F00").Bold(true),
		bad:    color("#E12B2B", "#FF8787", "#AF0000"),
		label:  lipgloss.NewStyle(),
	}
	l.input = textinput.DefaultStyles(b != light)
	l.input.Focused.Prompt, l.input.Blurred.Prompt = l.accent, l.faint
	l.input.Focused.Text, l.input.Blurred.Text = lipgloss.NewStyle(), lipgloss.NewStyle()
	l.input.Focused.Placeholder, l.input.Blurred.Placeholder = l.faint, l.faint
	l.input.Cursor.Color, l.input.Cursor.Blink = nil, false
	l.help = help.Styles{
		ShortKey: l.accent.UnsetBold(), ShortDesc: l.faint, ShortSeparator: l.faint, Ellipsis: l.faint,
		FullKey: l.accent.UnsetBold(), FullDesc: l.faint, FullSeparator: l.faint,
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
