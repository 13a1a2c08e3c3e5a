package front

import (
	"context"
	"io"
	"slices"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/ui/qrcode"
	"cognito-enroll/ui/theme"
	"cognito-enroll/ui/wizard"
)

// Appearance are the flags about how the wizard looks.
type Appearance struct {
	theme, qr, color string
	cover            bool

	flags *pflag.FlagSet // with --qr; nil without
}

// styles are the values of --qr.
var styles = []qrcode.Style{qrcode.Auto, qrcode.Half, qrcode.Full, qrcode.ASCII, qrcode.Sixel, qrcode.None}

// AddTo adds all flags.
func (a *Appearance) AddTo(f *pflag.FlagSet) {
	f.StringVar(&a.theme, "theme", "auto", "use `THEME`: auto, dark, light or none")
	f.StringVar(&a.color, "color", "auto", "use colors: `WHEN` is auto, on or off")
	a.AddQRTo(f, "draw the QR code in `STYLE`: auto, half, full, ascii, sixel or none (default: your last choice)")
	f.BoolVar(&a.cover, "cover", false, "cover the QR code and the key until you press h")
}

// AddQRTo adds --qr alone.
func (a *Appearance) AddQRTo(f *pflag.FlagSet, usage string) {
	a.flags = f
	f.StringVar(&a.qr, "qr", "", usage)
}

// only reports whether --qr was typed: then that is drawn or nothing, with the reason. A setting of config.toml is what
// somebody likes best.
func (a Appearance) only() bool {
	return a.flags != nil && a.flags.Changed("qr") && a.qr != string(qrcode.Auto)
}

// Styled is where t has its texts in colors, if the flags want colors.
func (a Appearance) Styled(t *terminal.Terminal) io.Writer {
	if a.theme == "none" {
		return t.Styled("off")
	}
	return t.Styled(a.color)
}

// Colors are those of the background that --theme names.
func (a Appearance) Colors() theme.Colors { return terminal.Colors(a.theme) }

// Values are those of the flags that have a fixed set of them, and what each means.
var Values = map[string][]cobra.Completion{
	"qr": {
		"auto\tthe best that fits",
		"half\thalf blocks",
		"full\twhole blocks, four times as large",
		"ascii\twithout UTF-8",
		"sixel\tan image, if the terminal supports it",
		"none\tonly the key",
	},
	"color": {
		"auto\tas the terminal and NO_COLOR say",
		"on\talso where they say no",
		"off\tnone",
	},
	"theme": {
		"auto\twhat the terminal reports",
		"dark\tfor a dark background",
		"light\tfor a light background",
		"none\tno colors",
	},
}

// check refuses what the flags cannot be.
func (a Appearance) check() error {
	if expected := CheckSetting("qr", a.qr); expected != "" && a.qr != "" {
		return exit.Usagef("choose "+expected, "unknown --qr %q", a.qr)
	}
	if expected := CheckSetting("theme", a.theme); expected != "" {
		return exit.Usagef("choose "+expected, "unknown --theme %q", a.theme)
	}
	if !slices.Contains([]string{"", "auto", "on", "off"}, a.color) {
		return exit.Usagef("choose auto, on or off", "unknown --color %q", a.color)
	}
	return nil
}

// CheckSetting says what a flag of the appearance has to be when it is not that, else "".
func CheckSetting(key, value string) string {
	_, theme := themes[value]
	switch {
	case key == "theme" && !theme:
		return "auto, dark, light or none"
	case key == "qr" && !slices.Contains(styles, qrcode.Style(value)):
		return "auto, half, full, ascii, sixel or none"
	case key == "cover" && value != "true" && value != "false":
		return "true or false"
	}
	return ""
}

// themes are the values of --theme.
var themes = map[string]wizard.Theme{"auto": wizard.Auto, "dark": wizard.Dark, "light": wizard.Light, "none": ""}

// wizard completes c with these flags and with what is known of t, and returns Bubble Tea's option for the
// colors.
func (a Appearance) wizard(
	ctx context.Context,
	t *terminal.Terminal,
	c wizard.Config,
) (wizard.Config, tea.ProgramOption, error) {
	if err := a.check(); err != nil {
		return c, nil, err
	}
	facts := t.Facts(ctx)
	c.AskUTF8 = facts.TellsUTF8()
	c.ASCII, c.TmuxASCII, c.Multiplexer, c.Cover = !facts.UTF8, facts.TmuxASCII, facts.Passthrough, a.cover
	facts.Profile = max(facts.Profile, colorprofile.ASCII) // where the cursor can be moved, reverse video is known
	if len(facts.Recorders) > 0 {
		c.Recorded = facts.Recorders[0]
	}
	file := memoryFile(t)
	last := recall(file)
	if a.qr != "" {
		last = memory{QR: qrcode.Style(a.qr)}
		c.Only = a.only()
	}
	if c.Only && last.QR == qrcode.Sixel && facts.Passthrough != wizard.NoMultiplexer {
		return c, nil, exit.Usagef("run it outside of tmux and screen, or choose auto",
			"--qr sixel cannot be drawn: %s", qrcode.ErrNoGraphics)
	}
	c.QR, c.Invert = last.QR, last.Invert
	c.Keep = func(s qrcode.Style, invert bool) { memory{s, invert}.save(file) }
	c.Theme, c.Background = themes[a.theme], themes[facts.Background]
	if a.color == "on" && facts.Profile < colorprofile.ANSI {
		facts.Profile = colorprofile.ANSI256
	}
	if a.theme == "none" || a.color == "off" {
		facts.Profile = min(facts.Profile, colorprofile.ASCII)
	}
	return c, tea.WithColorProfile(facts.Profile), nil
}
