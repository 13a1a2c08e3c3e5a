package wizard

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"charm.land/lipgloss/v2"

	"cognito-enroll/flow"
	"cognito-enroll/ui"
	"cognito-enroll/ui/qrcode"
)

// panel is what stands left of the column: the QR code, the key in words, or nothing.
type panel struct {
	lines   []string
	width   int
	even    bool   // all lines have it
	words   string // what to do with it
	caution string // why it may not scan
	advice  string // what helps if it does not
	graphic string // drawn over it
}

// beside puts a column beside it, as lipgloss.JoinHorizontal does, and does not measure a QR code, which takes long.
func (p panel) beside(column []string) []string {
	wide := widthOf(column)
	lines := make([]string, max(len(p.lines), len(column)))
	for i := range lines {
		left, right, width := "", "", 0
		switch {
		case i >= len(p.lines):
		case p.even:
			left, width = p.lines[i], p.width
		default:
			left, width = p.lines[i], lipgloss.Width(p.lines[i])
		}
		if i < len(column) {
			right = column[i]
		}
		lines[i] = left + strings.Repeat(" ", p.width-width+gap) + right + strings.Repeat(" ", wide-lipgloss.Width(right))
	}
	return lines
}

func (f frame) panel() panel {
	enroll, room := f.ask.Enroll, f.width-gap-side
	if f.display.hidden {
		return panel{words: "The QR code and the key are covered. Press h to show them."}
	}
	if f.display.spelled {
		p := panel{words: "Read the groups to the person who types the key:"}
		if lines := ui.Spell(enroll.Key.Reveal()); widthOf(lines) <= room && len(lines) <= f.height {
			p.lines, p.width = lines, widthOf(lines)
		}
		return p
	}
	e, drawn, err := f.draw()
	p := panel{lines: drawn.Lines, width: drawn.Width, even: true, graphic: drawn.Graphic}
	if err != nil {
		p.words = f.why(err)
		return p
	}
	p.words = "Scan this with your authenticator app, or type the key into it:"
	if e.Account != enroll.Account {
		p.words = flow.Fill("Scan this with your authenticator app, or type the key into it. In the QR code the account is "+
			"cut to {account}.", "account", e.Account)
	}
	p.caution, p.advice = drawn.Caution, drawn.Advice
	return p
}

// room is what the column leaves.
func (f frame) room() qrcode.Room {
	return qrcode.Room{
		Width: f.width - gap - side, Height: f.height, Colors: Colors(f.palette.profile), UTF8: !f.ascii,
		Background: []qrcode.Background{unknown: qrcode.Unknown, dark: qrcode.Dark,
			light: qrcode.Light}[f.palette.background],
		Guessed: f.guessed, Reduced: f.multiplexer == GNUScreen, Faded: f.faded, Graphics: f.graphics, Cell: f.cell,
		Style: f.display.style, Invert: f.display.invert, Multiplexer: f.multiplexer != NoMultiplexer,
	}
}

// largest draws with whole cells where they fit: they scan from twice the distance of half blocks.
func largest(uri string, room qrcode.Room) (qrcode.Picture, error) {
	if room.Style == qrcode.Auto || room.Style == "" {
		full := room
		full.Style = qrcode.Full
		if drawn, err := qrcode.Draw(uri, full); err == nil {
			return drawn, nil
		}
	}
	return qrcode.Draw(uri, room)
}

// drawAnew is draw without what was drawn before.
func (f frame) drawAnew() (flow.Entry, qrcode.Picture, error) {
	var last error // of the shortest, in the style that fits best: it says what is needed at least
	styles := []qrcode.Style{f.display.style}
	if !f.display.asked && f.display.style != qrcode.None {
		styles = append(styles, qrcode.Auto)
	}
	for _, style := range styles {
		room := f.room()
		room.Style = style
		for _, e := range f.entries() {
			drawn, err := largest(e.URI.Reveal(), room)
			if err == nil {
				return e, drawn, nil
			}
			last = err
		}
	}
	return flow.Entry{}, qrcode.Picture{}, last
}

// entries are those that a QR code may have, the longest first.
func (f frame) entries() []flow.Entry {
	enroll := f.ask.Enroll
	return append([]flow.Entry{{URI: enroll.URI, Account: enroll.Account}}, enroll.Shorter...)
}

// otherStyle is the next one that draws something, if there is one beside the one that is drawn.
func (f frame) otherStyle() (qrcode.Style, bool) {
	now := qrcode.None
	if _, drawn, err := f.draw(); err == nil {
		now = drawn.Style
	}
	styles := f.fitting()
	if len(styles) == 0 {
		return now, false
	}
	other := styles[(slices.Index(styles, now)+1)%len(styles)]
	return other, other != now
}

// why says what to do about a QR code that cannot be drawn.
func (f frame) why(err error) string {
	const instead = " Type this key into your app:"
	var small *qrcode.TooSmall
	_, other := f.otherStyle()
	switch {
	case errors.As(err, &small) && f.ascii && f.tmux && !f.display.asked:
		return fmt.Sprintf("tmux was attached without UTF-8, so the QR code needs %d×%d cells, and this window has %d×%d. "+
			"Attach again with tmux -u, or enlarge the window."+instead,
			small.Width+gap+side, small.Height+1, f.columns, f.rows)
	case errors.As(err, &small) && f.doubtful && !f.display.asked:
		return fmt.Sprintf("Without UTF-8 the QR code needs %d×%d cells, and this window has %d×%d. If your terminal shows "+
			"UTF-8, start again with LC_ALL=C.UTF-8. If not, enlarge the window."+instead,
			small.Width+gap+side, small.Height+1, f.columns, f.rows)
	case errors.As(err, &small) && other:
		return fmt.Sprintf("This QR code needs %d×%d cells, and the window has %d×%d. Press v for one that fits, or enlarge "+
			"the window."+instead,
			small.Width+gap+side, small.Height+1, f.columns, f.rows)
	case errors.As(err, &small):
		return fmt.Sprintf("The QR code needs %d×%d cells, and this window has %d×%d. Enlarge it, or use a smaller "+
			"font."+instead,
			small.Width+gap+side, small.Height+1, f.columns, f.rows)
	case errors.Is(err, qrcode.ErrNone):
		return "You turned off the QR code. Press v to show it." + instead
	case errors.Is(err, qrcode.ErrNoUTF8):
		return "Half blocks need UTF-8. Press v for another QR code, or start again with LC_ALL=C.UTF-8." + instead
	case errors.Is(err, qrcode.ErrNoGraphics):
		return "A Sixel graphic does not get through tmux and screen. Press v for another QR code." + instead
	}
	return "The QR code cannot be drawn (" + err.Error() + ")." + instead
}
