package wizard

import (
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"cognito-enroll/ui/qrcode"
)

// display is how the person wants to see the key. It outlives the screens, so that a wrong code does
// not undo it.
type display struct {
	style   qrcode.Style
	asked   bool // for this style and no other
	invert  bool
	keep    func(qrcode.Style, bool) // remembers style and invert; may be nil
	cover   bool                     // as a rule, and not only when somebody hides it
	hidden  bool                     // the QR code and the key, both or neither
	spelled bool                     // the key in words takes the QR code's place
	copied  bool

	clipboard clipboard
	saved     string    // what Config.Save said
	touched   time.Time // when a key was pressed last
}

// idle is how long the key stays uncovered while nobody does anything.
const idle = time.Minute

// shown is the display when a new key comes.
func (d display) shown(now time.Time) display {
	d.hidden, d.spelled, d.copied, d.saved, d.touched = d.cover, false, false, "", now
	return d
}

// press takes the keys that are commands while f shows a key to scan.
func (d display) press(msg tea.KeyPressMsg, f frame) (display, tea.Cmd, bool) {
	switch {
	case key.Matches(msg, keyHide):
		d.hidden = !d.hidden
	case d.hidden:
		return d, nil, false
	case key.Matches(msg, keySpell):
		d.spelled = !d.spelled
	case d.clipboard != forbidden && key.Matches(msg, keyCopy):
		d.copied, d.clipboard = true, holdsKey
		return d, clip(ansi.SetSystemClipboard(f.ask.Enroll.Key.Reveal()), f.multiplexer), true
	case key.Matches(msg, keyStyle):
		d.spelled = false
		if other, ok := f.otherStyle(); ok {
			d.style, d.asked = other, false
			return d, d.remember, true
		}
	case key.Matches(msg, keyInvert):
		d.spelled = false
		if _, _, err := f.draw(); err == nil {
			d.invert = !d.invert
			return d, d.remember, true
		}
	default:
		return d, nil, false
	}
	return d, nil, true
}

// remember is a tea.Cmd, for a style that draws something.
func (d display) remember() tea.Msg {
	if d.keep != nil {
		d.keep(d.style, d.invert)
	}
	return nil
}

// keys are those that press takes while f shows a key to scan, for the line of the keys.
func (d display) keys(f frame) (keys []key.Binding) {
	named := func(b key.Binding, what string) {
		b.SetHelp(b.Keys()[0], what)
		keys = append(keys, b)
	}
	if d.hidden {
		named(keyHide, "show")
		return keys
	}
	if d.spelled {
		named(keySpell, "QR code")
	} else {
		named(keySpell, "spell")
	}
	if d.clipboard != forbidden {
		named(keyCopy, "copy")
	}
	named(keyHide, "cover")
	if _, other := f.otherStyle(); other {
		switch _, _, err := f.draw(); {
		case d.pictured(f):
			named(keyStyle, "other QR code")
		case err != nil:
			named(keyStyle, "QR code")
		}
	}
	return keys
}

// pictured reports whether there is a QR code on the screen.
func (d display) pictured(f frame) bool {
	if d.hidden || d.spelled {
		return false
	}
	_, _, err := f.draw()
	return err == nil
}

// rest hides what nobody seems to look at.
func (d display) rest(now time.Time) display {
	d.hidden = d.hidden || d.cover && now.Sub(d.touched) >= idle
	return d
}

// Multiplexer is what stands between the program and the terminal.
type Multiplexer string

const (
	NoMultiplexer Multiplexer = ""
	Tmux          Multiplexer = "tmux"
	GNUScreen     Multiplexer = "screen"
)

// clipboard is the terminal's, as far as it was asked for something. What it did nobody knows.
type clipboard int

const (
	forbidden clipboard = iota // it must not be asked
	untouched
	holdsKey // it was asked to take the key
	cleared  // and asked to clear it
)

// clip asks the terminal with OSC 52: over SSH the clipboard is the person's. tmux passes on what is
// wrapped, where allow-passthrough is on, and takes what is not, where set-clipboard is.
func clip(ask string, m Multiplexer) tea.Cmd {
	switch m {
	case Tmux:
		ask += ansi.TmuxPassthrough(ask)
	case GNUScreen: // or a tmux that calls itself so
		ask += ansi.ScreenPassthrough(ask, 0)
	}
	return tea.Raw(ask)
}

// They are named by display.keys.
var (
	keyHide   = key.NewBinding(key.WithKeys("h"))
	keySpell  = key.NewBinding(key.WithKeys("s"))
	keyStyle  = key.NewBinding(key.WithKeys("v"))
	keyInvert = key.NewBinding(key.WithKeys("i"), key.WithHelp("i", "invert"))
	keyCopy   = key.NewBinding(key.WithKeys("c"))
)

// keyClear is offered at the end, if the key was copied.
var keyClear = key.NewBinding(key.WithKeys("c"), key.WithHelp("c", "clear the clipboard"))

// wipes is how long the frame that wipes is there: time enough for it to be drawn.
const wipes = 100 * time.Millisecond

type wiped struct{}

// wipe is a frame that shows nothing, in more bytes than any other: each cell has another color than the one
// before. Bubble Tea keeps the bytes of the last frames in its buffers, the link with the key among them.
func wipe(width, height int) string {
	row := strings.Repeat("\x1b[38;2;100;100;100m\u00a0\x1b[38;2;101;101;101m\u00a0", (width+1)/2)
	row = ansi.Truncate(row, width, "") + "\x1b[m"
	return strings.TrimSuffix(strings.Repeat(row+"\n", height), "\n")
}
