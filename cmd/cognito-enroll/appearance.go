package main

import (
	"context"
	"os"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/term"
	"github.com/spf13/pflag"

	"cognito-enroll/ui/qrcode"
	"cognito-enroll/ui/wizard"
)

// appearance are the flags about how the wizard looks.
type appearance struct {
	theme, qr string
	cover     bool
}

// styles are the values of --qr.
var styles = []qrcode.Style{qrcode.Auto, qrcode.Half, qrcode.Full, qrcode.ASCII, qrcode.Sixel, qrcode.None}

func (a *appearance) addTo(f *pflag.FlagSet) {
	f.StringVar(&a.theme, "theme", "auto", "colours for a dark or light background: auto, dark, light or none")
	f.StringVar(&a.qr, "qr", "", "how to draw the QR code: auto, half, full, ascii, sixel or none (default: as you chose last)")
	f.BoolVar(&a.cover, "cover", false, "keep the QR code and the key covered until h is pressed")
}

// wizard completes c with these flags and with what the environment tells, and returns Bubble Tea's
// options. It refuses what cannot show a wizard. With tokenOnStdin the keys come from the terminal
// itself.
func (a appearance) wizard(ctx context.Context, c wizard.Config, tokenOnStdin bool) (wizard.Config, []tea.ProgramOption, error) {
	for _, f := range []*os.File{os.Stdin, os.Stdout} {
		if !term.IsTerminal(f.Fd()) && !(tokenOnStdin && f == os.Stdin) {
			return c, nil, usagef("run it in a terminal, without pipes; over SSH use ssh -t", "%s is not a terminal", strings.TrimPrefix(f.Name(), "/dev/"))
		}
	}
	if t := os.Getenv("TERM"); t == "dumb" {
		return c, nil, usagef("set TERM to what the terminal is, such as xterm-256color", "TERM=%s cannot show a full screen", t)
	}
	s := lookAround(ctx)
	c.ASCII, c.Multiplexer, c.Recorded, c.Cover = s.ascii, s.multiplexer, s.recorder, a.cover
	file := memoryFile()
	last := recall(file)
	if a.qr != "" {
		last = memory{QR: qrcode.Style(a.qr)}
	}
	if !slices.Contains(styles, last.QR) {
		return c, nil, usagef("choose auto, half, full, ascii, sixel or none", "--qr %q is not one of them", a.qr)
	}
	c.QR, c.Invert = last.QR, last.Invert
	c.Keep = func(s qrcode.Style, invert bool) { memory{s, invert}.save(file) }
	switch a.theme {
	case "auto":
		c.Theme = wizard.Auto
	case "dark":
		c.Theme = wizard.Dark
	case "light":
		c.Theme = wizard.Light
	case "none":
	default:
		return c, nil, usagef("choose auto, dark, light or none", "--theme %q is not one of them", a.theme)
	}
	// NO_COLOR counts whatever its value is (no-color.org); Bubble Tea would take NO_COLOR=yes for a no.
	if os.Getenv("NO_COLOR") != "" || a.theme == "none" {
		return c, []tea.ProgramOption{tea.WithColorProfile(colorprofile.ASCII)}, nil
	}
	return c, nil, nil
}
