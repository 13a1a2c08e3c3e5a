// Package theme is the colors of everything that is shown on a terminal: one accent, and what is good, bad and
// quiet. They keep a contrast of 4.5:1 (WCAG 2.2, "Contrast (Minimum)") on usual dark and light backgrounds. No
// color tells anything alone: a sign or a word says the same.
package theme

import (
	"image/color"

	"charm.land/lipgloss/v2"
)

// Background is what is known of the terminal's.
type Background int

const (
	Unknown Background = iota // many terminals do not answer, and tmux answers late or never
	Dark
	Light
)

// Colors are the styles of texts.
type Colors struct {
	Title  lipgloss.Style // what a screen is about
	Accent lipgloss.Style // what has the focus, and the current step
	Quiet  lipgloss.Style // labels, and the keys that work
	Good   lipgloss.Style // ✓
	Bad    lipgloss.Style // ✗, and the first line of what it says
}

// The colors, each by Background. All are of the 256 that terminals have in common, so that none is changed into
// a neighbor. Those for an unknown background keep their contrast on black and on white.
var (
	accent = [...]string{Unknown: "#5F5FFF", Dark: "#5FD7FF", Light: "#005F87"}
	quiet  = [...]string{Unknown: "#767676", Dark: "#A8A8A8", Light: "#5F5F5F"}
	good   = [...]string{Unknown: "#00875F", Dark: "#87D787", Light: "#005F00"}
	bad    = [...]string{Unknown: "#AF5F5F", Dark: "#FF8787", Light: "#AF0000"}
)

// For returns the colors for a background.
func For(b Background) Colors {
	of := func(by [3]string) lipgloss.Style { return lipgloss.NewStyle().Foreground(lipgloss.Color(by[b])) }
	return Colors{
		Title: lipgloss.NewStyle().Bold(true), Accent: of(accent).Bold(true), Quiet: of(quiet),
		Good: of(good).Bold(true), Bad: of(bad).Bold(true),
	}
}

// Inks are the colors themselves.
func (c Colors) Inks() []color.Color {
	return []color.Color{c.Accent.GetForeground(), c.Quiet.GetForeground(), c.Good.GetForeground(), c.Bad.GetForeground()}
}
