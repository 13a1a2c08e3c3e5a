package wizard

import (
	"errors"
	"fmt"
	"slices"

	"charm.land/lipgloss/v2"

	"cognito-enroll/flow"
	"cognito-enroll/ui"
	"cognito-enroll/ui/qrcode"
)

// panel is what stands left of the column: the QR code, the key in words, or nothing.
type panel struct {
	lines    []string
	width    int
	even     bool   // all lines have it
	words    string // what to do with it
	commands string // the keys that change it
	graphic  string // drawn over it
}

// widthOf is how wide a line of it is. Those of a QR code are alike, and take long to measure.
func (p panel) widthOf(line int) int {
	switch {
	case line >= len(p.lines):
		return 0
	case p.even:
		return p.width
	}
	return lipgloss.Width(p.lines[line])
}

func (f frame) panel() panel {
	enroll, room := f.ask.Enroll, f.width-gap-side
	if f.display.hidden {
		return panel{words: "The QR code and the key are covered. Press h to show them.", commands: "h show"}
	}
	if f.display.spelled {
		p := panel{words: "Read the groups to the person who types the key:", commands: "s QR code   " +
			f.display.copying() + "h cover"}
		if lines := ui.Spell(enroll.Key.Reveal()); widthOf(lines) <= room && len(lines) <= f.height {
			p.lines, p.width = lines, widthOf(lines)
		}
		return p
	}
	e, drawn, err := f.draw()
	p := panel{lines: drawn.Lines, width: drawn.Width, even: true, graphic: drawn.Graphic, commands: "s spell   " +
		f.display.copying() + "h cover"}
	switch {
	case errors.Is(err, qrcode.ErrNone):
		p.commands += "\nv QR code"
		p.words = f.why(err)
		return p
	case err != nil:
		p.words = f.why(err)
		return p
	}
	p.commands += "\nv other QR code   i invert"
	p.words = "Scan the code with your authenticator app, or type this key:"
	if e.Account != enroll.Account {
		p.words = flow.Fill("Scan the code, in which the account is cut to {account}, with your authenticator app, or type "+
			"this key:",
			"account", e.Account)
	}
	if drawn.Caution != "" {
		p.words += "\n" + drawn.Caution
	}
	return p
}

// room is what the column leaves.
func (f frame) room() qrcode.Room {
	return qrcode.Room{
		Width: f.width - gap - side, Height: f.height, Colors: Colors(f.palette.profile), UTF8: !f.ascii,
		Background: []qrcode.Background{unknown: qrcode.Unknown, dark: qrcode.Dark,
			light: qrcode.Light}[f.palette.background],
		Style: f.display.style, Invert: f.display.invert, Multiplexer: f.multiplexer != NoMultiplexer,
	}
}

// drawAnew is draw without what was drawn before.
func (f frame) drawAnew() (flow.Entry, qrcode.Picture, error) {
	enroll := f.ask.Enroll
	var first error
	for _, style := range []qrcode.Style{f.display.style, qrcode.Auto} {
		room := f.room()
		room.Style = style
		for _, e := range append([]flow.Entry{{URI: enroll.URI, Account: enroll.Account}}, enroll.Shorter...) {
			drawn, err := qrcode.Draw(e.URI.Reveal(), room)
			if err == nil {
				return e, drawn, nil
			}
			if first == nil || style == qrcode.Auto && e.Account == enroll.Account {
				first = err
			}
		}
		if style == qrcode.None {
			break
		}
	}
	return flow.Entry{}, qrcode.Picture{}, first
}

// otherStyle is the next one that fits.
func (f frame) otherStyle() qrcode.Style {
	now := qrcode.None
	entries := append([]flow.Entry{{URI: f.ask.Enroll.URI}}, f.ask.Enroll.Shorter...)
	if _, drawn, err := f.draw(); err == nil {
		now = drawn.Style
	}
	styles := qrcode.Fitting(entries[len(entries)-1].URI.Reveal(), f.room())
	return styles[(slices.Index(styles, now)+1)%len(styles)]
}

// why says what to do about a QR code that cannot be drawn.
func (f frame) why(err error) string {
	const instead = " Type this key into your app:"
	var small *qrcode.TooSmall
	switch {
	case errors.As(err, &small):
		return fmt.Sprintf("The QR code needs %d×%d cells, and this window has %d×%d. Enlarge it, or use a smaller "+
			"font."+instead,
			small.Width+gap+side, small.Height+1, f.width, f.height+1)
	case errors.Is(err, qrcode.ErrNone):
		return "You turned off the QR code. Press v to show it." + instead
	}
	return "The QR code cannot be drawn (" + err.Error() + ")." + instead
}
