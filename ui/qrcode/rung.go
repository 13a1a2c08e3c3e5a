package qrcode

import (
	"strings"

	"github.com/mdp/qrterminal/v3"
	"rsc.io/qr"
)

const (
	reset   = "\x1b[m"
	reverse = "\x1b[7m"
)

// inks are black on white, and white on black, whatever the terminal's own colors are. The numbers of
// 256 colors are those of the cube, which themes leave alone. Of 16, themes change each one: black
// and bright white stay far enough apart in those that the tests know. White as ink is not the bright
// one: the Linux console would draw all that follows in bold, and black in bold is grey.
func inks(c Colors) (onLight, onDark string) {
	switch c {
	case TrueColor:
		return "\x1b[38;2;0;0;0;48;2;255;255;255m", "\x1b[38;2;255;255;255;48;2;0;0;0m"
	case Colors256:
		return "\x1b[38;5;16;48;5;231m", "\x1b[38;5;231;48;5;16m"
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
	caution := ""
	if room.Background == Unknown {
		caution = "If it does not scan, press i."
	}
	switch {
	case s == Half && !room.UTF8:
		return rung{}, false
	case s == Half && colors:
		return rung{perCell: 2, cells: 1, paint: func(upper, lower bool) (string, string) {
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
		return rung{perCell: 2, cells: 1, caution: caution, paint: func(upper, lower bool) (string, string) {
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
		return rung{perCell: 1, cells: 2, paint: func(black, _ bool) (string, string) {
			if black {
				return onDark, blank + blank
			}
			return onLight, blank + blank
		}}, true
	case s == Full:
		return rung{perCell: 1, cells: 2, caution: caution, paint: func(black, _ bool) (string, string) {
			if black != lit {
				return reverse, blank + blank
			}
			return reset, blank + blank
		}}, true
	case s == Sixel && !room.Multiplexer:
		// Room as for half blocks: the graphic needs no more if a cell is 6×12 pixels or larger.
		return rung{perCell: 2, cells: 1, caution: "If you see nothing, your terminal does not support Sixel. Press v.",
			paint: func(_, _ bool) (string, string) { return "", " " }}, true
	case s == ASCII:
		return rung{perCell: 1, cells: 2, caution: "ASCII signs scan worse than colors.", plain: signs(lit)}, true
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
