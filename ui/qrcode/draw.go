package qrcode

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"rsc.io/qr"
)

// Style is a way of drawing that a person can ask for.
type Style string

const (
	Auto  Style = "auto"  // the first that fits
	Half  Style = "half"  // two modules in a cell, one above the other; needs UTF-8
	Full  Style = "full"  // two cells a module: no glyphs, so the font does not matter
	ASCII Style = "ascii" // "##" for a module
	Sixel Style = "sixel" // a graphic, for terminals that show one
	None  Style = "none"  // no picture
)

// Styles are those that draw with characters. Auto tries the first two: signs scan worse than colors
// or reverse video.
var Styles = []Style{Half, Full, ASCII}

// Colors are how many a terminal shows.
type Colors int

const (
	NoColors Colors = iota
	Colors16
	Colors256
	TrueColor
)

// Background is what is known of the terminal's.
type Background int

const (
	Unknown Background = iota
	Dark
	Light
)

// Room is where a picture has to fit, and what it may be made of.
type Room struct {
	Width, Height int // cells
	Colors        Colors
	Faded         bool       // the terminal tells that Black256 and White256 are hard to tell apart
	Background    Background // matters where there are less than 256 colors
	Guessed       bool       // Background is what the environment says, and not the terminal
	Reduced       bool       // what stands between may show fewer colors, and does not tell
	UTF8          bool
	Graphics      bool // the terminal tells that it shows Sixel
	Cell          Cell // the size of one, if the terminal tells it
	Multiplexer   bool // tmux and screen do not pass graphics on, or show what they are made of
	Style         Style
	Invert        bool // light modules on dark ones: few scanners read that, unless the terminal is not what it says
}

// Cell is the size of one in pixels; zero if it is not known.
type Cell struct{ Width, Height int }

// Picture is a QR code as lines of styled text, all of the same width.
type Picture struct {
	Lines         []string
	Width, Height int // cells
	Style         Style
	Graphic       string // of Sixel: what draws it from the upper left corner; Lines are blank then
	Caution       string // why it may not scan, as a sentence; "" if it should
	Advice        string // what helps if the terminal leaves gaps between lines, which it does not tell; "" if they do no harm
}

// TooSmall says that a Room cannot hold the QR code, and what it takes at least. A part of a QR code
// cannot be scanned, so none is drawn.
type TooSmall struct{ Width, Height int }

func (e *TooSmall) Error() string {
	return fmt.Sprintf("the QR code needs %d×%d cells", e.Width, e.Height)
}

// Draw's errors when the room allows no picture in its Style, whatever the size: the first for None, the
// others say why.
var (
	ErrNone       = errors.New("no QR code is drawn")
	ErrNoUTF8     = errors.New("half blocks need UTF-8")
	ErrNoGraphics = errors.New("tmux and screen show no graphics")
)

// The quiet zone is the light border that a scanner needs: four modules by the standard (ISO/IEC
// 18004), and two are enough for the scanners that this was tried with, but not one.
const (
	widestQuiet = 4
	leastQuiet  = 2
)

// Draw draws text with the widest quiet zone that fits. The error is a *TooSmall for the smallest
// picture that the style has, one of those above, or says that the text is longer than any QR code.
func Draw(text string, room Room) (Picture, error) {
	code, err := encode(text)
	if err != nil {
		return Picture{}, err
	}
	styles := []Style{room.Style}
	if room.Style == Auto || room.Style == "" {
		styles = Styles[:2]
	}
	var small *TooSmall
	for _, s := range styles {
		if s == Sixel && !room.Multiplexer {
			p, tight := drawSixel(code, room)
			if tight == nil {
				return p, nil
			}
			small = tight
			continue
		}
		r, ok := rungFor(s, room)
		if !ok {
			continue
		}
		side := code.Size
		if r.plain != nil {
			// qrterminal makes codes of its own, larger ones at times, and panics when it cannot.
			whole, err := qr.Encode(text, qr.L)
			if err != nil {
				return Picture{}, err
			}
			side = whole.Size
		}
		for quiet := widestQuiet; quiet >= leastQuiet; quiet -= 2 {
			width, height := r.size(side + 2*quiet)
			if width <= room.Width && height <= room.Height {
				return Picture{Lines: r.draw(text, code, quiet), Width: width, Height: height, Style: s, Caution: r.caution,
					Advice: r.advice}, nil
			}
			if small == nil || width < small.Width {
				small = &TooSmall{width, height}
			}
		}
	}
	switch {
	case small != nil:
		return Picture{}, small
	case room.Style == Half:
		return Picture{}, ErrNoUTF8
	case room.Style == Sixel:
		return Picture{}, ErrNoGraphics
	}
	return Picture{}, ErrNone
}

// Fitting are the styles that draw something in room. Sixel is one of them where the terminal tells that it shows that.
func Fitting(text string, room Room) []Style {
	styles := slices.Clone(Styles)
	if room.Graphics {
		styles = append(styles, Sixel)
	}
	return slices.DeleteFunc(styles, func(s Style) bool {
		room.Style = s
		_, err := Draw(text, room)
		return err != nil
	})
}

// rung is one way to make cells of modules.
type rung struct {
	perCell int // modules in a cell, one above the other
	cells   int // cells beside each other for a module
	// paint returns the escape sequence and the text of a cell with these modules, black or not;
	// a rung of one module a cell ignores the lower.
	paint   func(upper, lower bool) (style, glyph string)
	plain   func(text string, quiet int) []string // draws by itself
	caution string
	advice  string
}

// size is that of a picture of side modules.
func (r rung) size(side int) (width, height int) {
	return side * r.cells, (side + r.perCell - 1) / r.perCell
}

func (r rung) draw(text string, code symbol, quiet int) (lines []string) {
	if r.plain != nil {
		return r.plain(text, quiet)
	}
	for y := -quiet; y < code.Size+quiet; y += r.perCell {
		var line strings.Builder
		style := ""
		for x := -quiet; x < code.Size+quiet; x++ {
			next, glyph := r.paint(code.Black(x, y), code.Black(x, y+1))
			if next != style {
				line.WriteString(next)
				style = next
			}
			line.WriteString(glyph)
		}
		if style != "" && style != reset {
			line.WriteString(reset)
		}
		lines = append(lines, line.String())
	}
	return lines
}
