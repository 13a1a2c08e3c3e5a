package qrcode

import (
	"fmt"
	"strings"

	"github.com/mdp/qrterminal/v3"
	"rsc.io/qr"
)

// Room is where a picture has to fit, and what it may be made of.
type Room struct {
	Width, Height int  // cells
	Colors        bool // the terminal shows colours
	Dark          bool // its background is dark; matters only without colours
}

// Picture is a QR code as lines of styled text, all of the same width.
type Picture struct {
	Lines         []string
	Width, Height int // cells
}

// TooSmall says that a Room cannot hold the QR code, and what it takes at least. A part of a QR code
// cannot be scanned, so none is drawn.
type TooSmall struct{ Width, Height int }

func (e *TooSmall) Error() string {
	return fmt.Sprintf("the QR code needs %d×%d cells", e.Width, e.Height)
}

// The quiet zone is the light border that a scanner needs: four modules by the standard (ISO/IEC
// 18004), and two are enough for the scanners that this was tried with, but not one.
const (
	widestQuiet = 4
	leastQuiet  = 2
)

// Draw draws text with the widest quiet zone that fits. The error is a *TooSmall, or says that the
// text is longer than any QR code.
func Draw(text string, room Room) (Picture, error) {
	draw := drawPlain
	if room.Colors {
		draw = drawColored
	}
	for quiet := widestQuiet; ; quiet -= 2 {
		p, err := draw(text, quiet, room)
		if err != nil {
			return Picture{}, err
		}
		if p.Width <= room.Width && p.Height <= room.Height {
			return p, nil
		}
		if quiet == leastQuiet {
			return Picture{}, &TooSmall{p.Width, p.Height}
		}
	}
}

// Dark modules on light ones, whatever the terminal's own colours are. Only the upper half block is
// used, and never over its own colour: some fonts leave seams between blocks.
const (
	onLight = "\x1b[38;2;0;0;0;48;2;255;255;255m"
	onDark  = "\x1b[38;2;255;255;255;48;2;0;0;0m"
	reset   = "\x1b[m"
)

// drawColored puts two modules into each cell, one above the other.
func drawColored(text string, quiet int, _ Room) (Picture, error) {
	code, err := encode(text)
	if err != nil {
		return Picture{}, err
	}
	side := code.Size + 2*quiet
	p := Picture{Width: side, Height: (side + 1) / 2}
	for y := -quiet; y < code.Size+quiet; y += 2 {
		var line strings.Builder
		style := ""
		for x := -quiet; x < code.Size+quiet; x++ {
			upper, lower := code.Black(x, y), code.Black(x, y+1)
			next, glyph := onLight, " "
			if lower {
				next = onDark
			}
			if upper != lower {
				glyph = "▀"
			}
			if next != style {
				line.WriteString(next)
				style = next
			}
			line.WriteString(glyph)
		}
		p.Lines = append(p.Lines, line.String()+reset)
	}
	return p, nil
}

// drawPlain draws in the terminal's own two colours, for when others are forbidden (NO_COLOR) or not
// there. It scans only if Dark is true to the fact.
func drawPlain(text string, quiet int, room Room) (Picture, error) {
	// qrterminal ignores this error and panics.
	if _, err := qr.Encode(text, qr.L); err != nil {
		return Picture{}, err
	}
	var out strings.Builder
	config := qrterminal.Config{
		Level: qr.L, Writer: &out, HalfBlocks: true, QuietZone: quiet,
		WhiteChar: "█", BlackChar: " ", WhiteBlackChar: "▀", BlackWhiteChar: "▄",
	}
	if !room.Dark {
		config.WhiteChar, config.BlackChar = config.BlackChar, config.WhiteChar
		config.WhiteBlackChar, config.BlackWhiteChar = config.BlackWhiteChar, config.WhiteBlackChar
	}
	qrterminal.GenerateWithConfig(text, config)
	lines := strings.Split(strings.TrimRight(out.String(), "\n"), "\n")
	return Picture{Lines: lines, Width: len([]rune(lines[0])), Height: len(lines)}, nil
}
