package qrcode

import (
	"fmt"
	"strings"
)

const (
	leastPixels = 4 // of a module's side
	usualPixels = 6 // where the size of a cell is not known
)

// usualCell is the smallest one that is usual.
var usualCell = Cell{6, 12}

// drawSixel draws the largest modules that fit, and with those the widest quiet zone.
func drawSixel(code symbol, room Room) (Picture, *TooSmall) {
	const largest = 256 // pixels of a cell that is one
	cell, most := room.Cell, largest
	if cell.Width < 1 || cell.Height < 1 || cell.Width > largest || cell.Height > largest {
		cell, most = usualCell, usualPixels
	}
	cells := func(pixels, of int) int { return (pixels + of - 1) / of }
	module, quiet := 0, 0
	for q := leastQuiet; q <= widestQuiet; q += 2 {
		side := code.Size + 2*q
		if fits := min(room.Width*cell.Width/side, room.Height*cell.Height/side, most); fits >= module {
			module, quiet = fits, q
		}
	}
	if module < leastPixels {
		least := leastPixels * (code.Size + 2*leastQuiet)
		return Picture{}, &TooSmall{cells(least, cell.Width), cells(least, cell.Height)}
	}
	pixels := module * (code.Size + 2*quiet)
	p := Picture{
		Width: cells(pixels, cell.Width), Height: cells(pixels, cell.Height), Style: Sixel,
		Graphic: sixel(code, quiet, module, room.Invert),
	}
	for range p.Height {
		p.Lines = append(p.Lines, strings.Repeat(" ", p.Width))
	}
	if !room.Graphics {
		p.Caution = "If you see nothing, your terminal does not support Sixel. Press v."
	}
	return p, nil
}

// sixel draws code as a Sixel graphic (DEC STD 070), a module that many pixels wide and high.
func sixel(code symbol, quiet, module int, invert bool) string {
	const rows = 6 // of pixels in a band
	side := code.Size + 2*quiet
	pixels := side * module
	var out strings.Builder
	// The colors, in per cent, are 0 for black and 1 for white; the size is for terminals that
	// reserve room.
	fmt.Fprintf(&out, "\x1bP0;1;0q\"1;1;%d;%d#0;2;0;0;0#1;2;100;100;100", pixels, pixels)
	for top := 0; top < pixels; top += rows {
		for color := range 2 {
			// column is the sixel of the pixels of this color, one above the other, in the module column x.
			column := func(x int) (bits int) {
				for row := 0; row < rows && top+row < pixels; row++ {
					if inkOf(code, x-quiet, (top+row)/module-quiet, invert) == color {
						bits |= 1 << row
					}
				}
				return bits
			}
			fmt.Fprintf(&out, "#%d", color)
			for x := 0; x < side; {
				from, bits := x, column(x)
				for x < side && column(x) == bits {
					x++
				}
				fmt.Fprintf(&out, "!%d%c", (x-from)*module, '?'+bits)
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
