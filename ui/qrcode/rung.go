package qrcode

import (
	"fmt"
	"strings"

	"github.com/mdp/qrterminal/v3"
	"rsc.io/qr"
)

// Of 256 colors these two are the QR code's.
const (
	Black256 = 232 // #080808
	White256 = 231 // #ffffff
)

const (
	reset   = "\x1b[m"
	reverse = "\x1b[7m"
)

// inks are black on white, and white on black, whatever the terminal's own colors are. The numbers of
// 256 colors are a gray and one of the cube, which themes leave alone; base16 changes the first six of
// the cube. Of 16, themes change each one: on dark backgrounds black and bright white stay far enough
// apart in those that the tests know. White as ink is not the bright one: the Linux console would draw
// all that follows in bold, and black in bold is grey.
func inks(c Colors) (onLight, onDark string) {
	switch c {
	case TrueColor:
		return "\x1b[38;2;0;0;0;48;2;255;255;255m", "\x1b[38;2;255;255;255;48;2;0;0;0m"
	case Colors256:
		return fmt.Sprintf("\x1b[38;5;%d;48;5;%dm", Black256, White256),
			fmt.Sprintf("\x1b[38;5;%d;48;5;%dm", White256, Black256)
	}
	return "\x1b[30;107m", "\x1b[37;40m"
}

// rungFor is how room draws a style, if it can.
func rungFor(s Style, room Room) (rung, bool) {
	colors := room.Colors != NoColors
	onLight, onDark := inks(room.Colors)
	if room.Invert {
		onLight, onDark = onDark, onLight
	}
	// Without colors, light is the terminal's foreground on a dark background.
	lit := (room.Background != Light) != room.Invert
	// An empty cell is one that a program may fill by erasing, and GNU screen erases in the terminal's
	// own color; a no-break space is written.
	blank := " "
	if room.UTF8 {
		blank = "\u00a0"
	}
	const press = "If it does not scan, press i."
	caution, themed := "", "" // without colors, and with them
	if room.Invert {
		caution, themed = "It is light on dark. "+press, "It is light on dark. "+press
	}
	guessed := room.Background == Unknown || room.Guessed
	if guessed {
		caution = press
	}
	switch {
	case room.Colors == Colors256 && room.Faded:
		themed = "Your terminal's theme changes the colors of the QR code. If it does not scan, try another theme."
	case room.Colors == Colors16 && (guessed || room.Background == Light):
		themed = "Your terminal's theme may change the colors. If it does not scan, press i, or set TERM=xterm-256color."
		if room.Multiplexer { // inside of one, TERM says nothing of the terminal
			themed = "Your terminal's theme may change the colors. If it does not scan, press i, or attach tmux with -2."
		}
	case room.Reduced:
		themed = press
	}
	const spacing = "Does it not scan? Set line spacing to 1, or enlarge and press v."
	const full = "Does it not scan? Set line spacing to 1." // there is no larger one
	switch {
	case s == Half && !room.UTF8:
		return rung{}, false
	case s == Half && colors:
		return rung{perCell: 2, cells: 1, caution: themed, advice: spacing, paint: func(upper, lower bool) (string, string) {
			// Only the upper half block is used, and never over its own color: some fonts leave
			// seams between blocks.
			style, glyph := onLight, blank
			if lower {
				style = onDark
			}
			if upper != lower {
				glyph = "▀"
			}
			return style, glyph
		}}, true
	case s == Half:
		return rung{perCell: 2, cells: 1, caution: caution, advice: spacing, paint: func(upper, lower bool) (string, string) {
			// In the terminal's own two colors, for when others are forbidden (NO_COLOR) or not there.
			switch upper, lower := upper != lit, lower != lit; {
			case upper && lower:
				return "", "█"
			case upper:
				return "", "▀"
			case lower:
				return "", "▄"
			}
			return "", " "
		}}, true
	case s == Full && colors:
		return rung{perCell: 1, cells: 2, caution: themed, advice: full, paint: func(black, _ bool) (string, string) {
			if black {
				return onDark, blank + blank
			}
			return onLight, blank + blank
		}}, true
	case s == Full:
		return rung{perCell: 1, cells: 2, caution: caution, advice: full, paint: func(black, _ bool) (string, string) {
			if black != lit {
				return reverse, blank + blank
			}
			return reset, blank + blank
		}}, true
	case s == ASCII:
		return rung{perCell: 1, cells: 2, caution: strings.TrimSpace("ASCII signs scan worse than colors. " + caution), advice: full,
			plain: signs(lit)}, true
	}
	return rung{}, false
}

// signs draws with "##" for what is of the foreground's color.
func signs(lit bool) func(text string, quiet int) []string {
	return func(text string, quiet int) []string {
		var out strings.Builder
		config := qrterminal.Config{Level: qr.L, Writer: &out, QuietZone: quiet, BlackChar: "  ", WhiteChar: "##"}
		if !lit {
			config.BlackChar, config.WhiteChar = config.WhiteChar, config.BlackChar
		}
		qrterminal.GenerateWithConfig(text, config)
		return strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	}
}
