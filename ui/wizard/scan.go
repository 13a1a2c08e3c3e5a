package wizard

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"

	"cognito-enroll/flow"
	"cognito-enroll/ui/qrcode"
)

// scan shows the QR code with everything else beside it, because there is no room below: at 80×24
// the code of a usual URI takes 45×23 cells.
type scan struct{ form }

// side is what the column beside the QR code needs, and gap the space between the two.
const (
	side = 33
	gap  = 2
)

func (s *scan) update(msg tea.Msg) (screen, bool) {
	f, answered := s.fields.update(msg)
	return &scan{form{f}}, answered
}

// resize keeps the fields as wide as the column, with a picture and without.
func (s *scan) resize(width int) { s.fields.resize(min(side, inner(width))) }

func (s *scan) enter(flow.Ask) string { return "send" }

func (s *scan) view(f frame) ([]string, *tea.Cursor) {
	picture, words := f.picture()
	if len(picture.lines) == 0 {
		return indent(f, func(f frame) ([]string, *tea.Cursor) { return s.column(f, words, 2, f.key()) })
	}
	left := picture.width + gap
	beside := f
	beside.width -= left
	var key []string
	if !f.display.spelled {
		key = beside.key()
	}
	lines, cursor := s.column(beside, words, 7, key)
	out := make([]string, max(len(lines), len(picture.lines)))
	for i := range out {
		row := ""
		if i < len(picture.lines) {
			row = picture.lines[i]
		}
		if i < len(lines) {
			row += strings.Repeat(" ", left-lipgloss.Width(row)) + lines[i]
		}
		out[i] = row
	}
	if cursor != nil {
		cursor.X += left
	}
	return out, cursor
}

// picture is what stands left of the column: the QR code, the key in words, or nothing. words say
// what to do with it.
type picture struct {
	lines []string
	width int
}

func (f frame) picture() (p picture, words string) {
	const or = " with your authenticator app, or type this key:"
	enrol, room := f.ask.Enrol, f.width-gap-side
	if f.display.hidden {
		return p, "The QR code and the key are covered. Press h to show them."
	}
	if f.display.spelled {
		if lines := spell(enrol.Key.Reveal()); widthOf(lines) <= room && len(lines) <= f.height {
			p = picture{lines, widthOf(lines)}
		}
		return p, "Read the groups of the key to whoever types them:"
	}
	e, drawn, err := f.draw()
	switch {
	case err != nil:
		return p, f.why(err)
	case e.Account != enrol.Account:
		words = "Scan the code, in which the account is cut to " + e.Account + "," + or
	default:
		words = "Scan the code" + or
	}
	if drawn.Doubt != "" {
		words += "\n" + drawn.Doubt
	}
	return picture{drawn.Lines, drawn.Width}, words
}

// room is what the column leaves.
func (f frame) room() qrcode.Room {
	return qrcode.Room{
		Width: f.width - gap - side, Height: f.height, Colors: Colors(f.look.profile), UTF8: !f.ascii,
		Background: []qrcode.Background{unknown: qrcode.Unknown, dark: qrcode.Dark, light: qrcode.Light}[f.look.background],
		Style:      f.display.style, Invert: f.display.invert,
	}
}

// draw draws the longest entry that fits, in the style that was chosen or else in any.
func (f frame) draw() (flow.Entry, qrcode.Picture, error) {
	enrol := f.ask.Enrol
	var first error
	for _, style := range []qrcode.Style{f.display.style, qrcode.Auto} {
		room := f.room()
		room.Style = style
		for _, e := range append([]flow.Entry{{URI: enrol.URI, Account: enrol.Account}}, enrol.Shorter...) {
			drawn, err := qrcode.Draw(e.URI.Reveal(), room)
			if err == nil {
				return e, drawn, nil
			}
			if first == nil || style == qrcode.Auto && e.Account == enrol.Account {
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
	entries := append([]flow.Entry{{URI: f.ask.Enrol.URI}}, f.ask.Enrol.Shorter...)
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
		return fmt.Sprintf("The QR code needs %d×%d, this window has %d×%d. Enlarge it, or make the font smaller."+instead,
			small.Width+gap+side, small.Height+1, f.width, f.height+1)
	case errors.Is(err, qrcode.ErrNone):
		return "No QR code is shown, as you chose; v changes that." + instead
	}
	return "The QR code cannot be drawn (" + err.Error() + ")." + instead
}

// key is for typing: in numbered groups, or in words where there is room.
func (f frame) key() []string {
	text := f.ask.Enrol.Key.Reveal()
	const others = 6 // lines
	switch lines := spell(text); {
	case f.display.hidden:
		return nil
	case f.display.spelled && widthOf(lines) <= f.width && len(lines)+others <= f.height:
		return lines
	}
	return numbered(text, f.width)
}

func widthOf(lines []string) (width int) {
	for _, l := range lines {
		width = max(width, lipgloss.Width(l))
	}
	return width
}

// column draws everything but the picture; drop is how soon words may go.
func (s *scan) column(f frame, words string, drop int, key []string) ([]string, *tea.Cursor) {
	upper, _, cursor := s.fields.around(f)
	lines, rows := stack(f.height,
		text(f.look.accent, f.width, fmt.Sprintf("%d %s", f.ask.Step+1, f.ask.Title), 5),
		text(f.look.accent.UnsetBold(), f.width, f.ask.Note, 1),
		f.warning(1),
		text(lipgloss.NewStyle(), f.width, words, drop),
		block{lines: key, drop: 0},
		f.names(8),
		upper,
		f.ring(9),
		f.problem(),
		f.hint(3),
		text(f.look.accent, f.width, f.phone, 1),
		f.copied(2),
		text(f.look.faint, f.width, f.display.saved, 2),
		text(f.look.faint, f.width, timeLeft(f.ask.Enrol.Deadline, f.now), 4),
		f.commands(6),
	)
	return lines, place(cursor, upper, rows[6], 0)
}

// names are those of the entry. A terminal that knows hyperlinks opens the key URI with them, in an app
// on the same computer.
func (f frame) names(drop int) block {
	style := f.look.faint
	if f.look.profile >= colorprofile.ANSI256 && !f.display.hidden {
		style = style.Hyperlink(f.ask.Enrol.URI.Reveal())
	}
	return text(style, f.width, f.ask.Enrol.Issuer+"\n"+f.ask.Enrol.Account, drop)
}

// copied promises nothing: a terminal does not tell whether it did as it was asked.
func (f frame) copied(drop int) block {
	if !f.display.copied || f.ask.Phase != flow.Asking {
		return block{}
	}
	return text(f.look.accent, f.width, "Asked your terminal to copy the key: paste it to see.", drop)
}

// commands are the keys that change how the key is shown.
func (f frame) commands(drop int) block {
	words := "s spell   c copy   h cover"
	if _, _, err := f.draw(); err == nil || errors.Is(err, qrcode.ErrNone) {
		words += "\nv other QR code   i invert"
	}
	switch {
	case f.ask.Phase != flow.Asking:
		return block{}
	case f.display.hidden:
		words = "h show"
	case f.display.spelled:
		words = "s QR code   c copy   h cover"
	}
	return text(f.look.faint, f.width, words, drop).under()
}

// timeLeft promises no more than is known: Cognito may keep a session longer than its minimum.
func timeLeft(deadline, now time.Time) string {
	if deadline.IsZero() {
		return ""
	}
	left := deadline.Sub(now).Round(time.Second)
	if left <= 0 {
		return "The time may be over: try a code, or sign in again."
	}
	return fmt.Sprintf("Time left: %d:%02d", int(left.Minutes()), int(left.Seconds())%60)
}
