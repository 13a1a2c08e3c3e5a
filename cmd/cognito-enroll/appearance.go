package main

import (
	"context"
	"os"
	"slices"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/spf13/pflag"

	"cognito-enroll/cmd/cognito-enroll/exit"
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
	f.StringVar(&a.theme, "theme", "auto", "`THEME` for a dark or light background: auto, dark, light or none")
	f.StringVar(&a.qr, "qr", "", "`STYLE` of the QR code: auto, half, full, ascii, sixel or none (default: as you chose last)")
	f.BoolVar(&a.cover, "cover", false, "keep the QR code and the key covered until h is pressed")
}

// check refuses what the flags cannot be.
func (a appearance) check() error {
	if a.qr != "" && !slices.Contains(styles, qrcode.Style(a.qr)) {
		return exit.Usagef("choose auto, half, full, ascii, sixel or none", "--qr %q is not one of them", a.qr)
	}
	if _, ok := themes[a.theme]; !ok {
		return exit.Usagef("choose auto, dark, light or none", "--theme %q is not one of them", a.theme)
	}
	return nil
}

// themes are the values of --theme.
var themes = map[string]wizard.Theme{"auto": wizard.Auto, "dark": wizard.Dark, "light": wizard.Light, "none": ""}

// wizard completes c with these flags and with what the environment tells, and returns Bubble Tea's
// options.
func (a appearance) wizard(ctx context.Context, c wizard.Config) (wizard.Config, []tea.ProgramOption, error) {
	if err := a.check(); err != nil {
		return c, nil, err
	}
	s := lookAround(ctx)
	c.ASCII, c.Multiplexer, c.Recorded, c.Cover = s.ascii, s.multiplexer, s.recorder, a.cover
	file := memoryFile()
	last := recall(file)
	if a.qr != "" {
		last = memory{QR: qrcode.Style(a.qr)}
	}
	c.QR, c.Invert = last.QR, last.Invert
	c.Keep = func(s qrcode.Style, invert bool) { memory{s, invert}.save(file) }
	c.Theme = themes[a.theme]
	// NO_COLOR counts whatever its value is (no-color.org); Bubble Tea would take NO_COLOR=yes for a no.
	if os.Getenv("NO_COLOR") != "" || a.theme == "none" {
		return c, []tea.ProgramOption{tea.WithColorProfile(colorprofile.ASCII)}, nil
	}
	return c, nil, nil
}
