package qrcode

import (
	"fmt"
	"strings"
)

// sixel draws code as a Sixel graphic (DEC STD 070). A module is six pixels wide and one row of
// sixels, which are six pixels, high.
func sixel(code symbol, quiet int, invert bool) string {
	const pixels = 6
	side := code.Size + 2*quiet
	var out strings.Builder
	// The colors, in per cent, are 0 for black and 1 for white; the size is for terminals that
	// reserve room.
	fmt.Fprintf(&out, "\x1bP0;1;0q\"1;1;%d;%d#0;2;0;0;0#1;2;100;100;100", side*pixels, side*pixels)
	for y := range side {
		for color := range 2 {
			fmt.Fprintf(&out, "#%d", color)
			for x := 0; x < side; {
				from, of := x, color == inkOf(code, x-quiet, y-quiet, invert)
				for x < side && (color == inkOf(code, x-quiet, y-quiet, invert)) == of {
					x++
				}
				fmt.Fprintf(&out, "!%d%c", (x-from)*pixels, map[bool]rune{true: '~', false: '?'}[of])
			}
			out.WriteByte("$-"[color]) // back to the left, then down
		}
	}
	return out.String() + "\x1b\\"
}

// inkOf is the number of a module's color.
func inkOf(code symbol, x, y int, invert bool) int {
	if code.Black(x, y) != invert {
		return 0
	}
	return 1
}
