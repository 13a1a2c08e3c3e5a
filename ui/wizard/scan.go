package wizard

import (
	"errors"
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"

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
	room := qrcode.Room{Width: f.width - gap - side, Height: f.height, Colors: f.look.colors(), Dark: f.look.dark}
	picture, err := qrcode.Draw(f.ask.Enrol.URI.Reveal(), room)
	if err != nil {
		reason := why(err, f)
		return indent(f, func(f frame) ([]string, *tea.Cursor) { return s.column(f, f.width, reason) })
	}
	left := picture.Width + gap
	lines, cursor := s.column(f, f.width-left, "")
	out := make([]string, max(len(lines), len(picture.Lines)))
	for i := range out {
		row := strings.Repeat(" ", picture.Width)
		if i < len(picture.Lines) {
			row = picture.Lines[i]
		}
		if i < len(lines) {
			row += strings.Repeat(" ", gap) + lines[i]
		}
		out[i] = row
	}
	if cursor != nil {
		cursor.X += left
	}
	return out, cursor
}

// why says what to do about a QR code that cannot be drawn.
func why(err error, f frame) string {
	var small *qrcode.TooSmall
	if errors.As(err, &small) {
		return fmt.Sprintf("The QR code needs %d×%d, this window has %d×%d. Enlarge it, or type this key into your app:",
			small.Width+gap+side, small.Height+1, f.width, f.height+1)
	}
	return "The QR code cannot be drawn (" + err.Error() + "). Type this key into your app:"
}

// column draws everything but the picture; without one, instead says why.
func (s *scan) column(f frame, width int, instead string) ([]string, *tea.Cursor) {
	f.width = width
	intro := "Scan the code with your authenticator app, or type this key:"
	if instead != "" {
		intro = instead
	}
	inputs, cursor := s.fields.view(f.look)
	lines, rows := stack(f.height,
		text(f.look.accent, width, fmt.Sprintf("%d %s", f.ask.Step+1, f.ask.Title), 5),
		text(f.look.accent.UnsetBold(), width, f.ask.Note, 1),
		text(lipgloss.NewStyle(), width, intro, 6),
		block{lines: grouped(f.ask.Enrol.Key.Reveal(), width), drop: 0},
		text(f.look.faint, width, f.ask.Enrol.Issuer+"\n"+f.ask.Enrol.Account, 7),
		block{lines: inputs, drop: 0},
		f.problem(),
		f.hint(3),
		text(f.look.accent, width, f.phone, 1),
		text(f.look.faint, width, timeLeft(f.ask.Enrol.Deadline, f.now), 4),
	)
	if cursor != nil {
		cursor.Y += rows[5]
	}
	return lines, cursor
}

// grouped breaks a key into groups of four that are never cut by the end of a line.
func grouped(key string, width int) []string {
	perLine := max(1, min(5, (width+1)/5))
	var lines []string
	for i := 0; i < len(key); i += 4 {
		group := key[i:min(i+4, len(key))]
		if i/4%perLine == 0 {
			lines = append(lines, group)
		} else {
			lines[len(lines)-1] += " " + group
		}
	}
	return lines
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
