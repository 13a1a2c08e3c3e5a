package qrcode

import (
	"fmt"
	"image"
	"strconv"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	scanner "github.com/makiuchi-d/gozxing/qrcode"
)

// rgb is a color as palettes are written.
type rgb uint32

// gray is its brightness, as a scanner sees it (ITU-R BT.601).
func (c rgb) gray() uint8 {
	r, g, b := uint32(c>>16), uint32(c>>8)&255, uint32(c)&255
	return uint8((299*r + 587*g + 114*b) / 1000)
}

// terminal is what the cells are shown by.
type terminal struct {
	name                   string
	foreground, background rgb
	palette                [16]rgb
}

// The palettes are those of xterm (XTerm-col.ad), the Linux console (drivers/tty/vt/vt.c), Solarized
// (ethanschoonover.com/solarized), whose two modes share one, Visual Studio Code's light themes
// (terminalColorRegistry.ts), base16's default light (black is the background there) and GitHub's light theme.
var (
	xterm = [16]rgb{
		0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
		0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
	}
	console = [16]rgb{
		0x000000, 0xaa0000, 0x00aa00, 0xaa5500, 0x0000aa, 0xaa00aa, 0x00aaaa, 0xaaaaaa,
		0x555555, 0xff5555, 0x55ff55, 0xffff55, 0x5555ff, 0xff55ff, 0x55ffff, 0xffffff,
	}
	solarized = [16]rgb{
		0x073642, 0xdc322f, 0x859900, 0xb58900, 0x268bd2, 0xd33682, 0x2aa198, 0xeee8d5,
		0x002b36, 0xcb4b16, 0x586e75, 0x657b83, 0x839496, 0x6c71c4, 0x93a1a1, 0xfdf6e3,
	}
	vscodeLight = [16]rgb{
		0x000000, 0xcd3131, 0x107c10, 0x949800, 0x0451a5, 0xbc05bc, 0x0598bc, 0x555555,
		0x666666, 0xcd3131, 0x14ce14, 0xb5ba00, 0x0451a5, 0xbc05bc, 0x0598bc, 0xa5a5a5,
	}
	base16Light = [16]rgb{
		0xf8f8f8, 0xab4642, 0xa1b56c, 0xf7ca88, 0x7cafc2, 0xba8baf, 0x86c1b9, 0x383838,
		0xb8b8b8, 0xab4642, 0xa1b56c, 0xf7ca88, 0x7cafc2, 0xba8baf, 0x86c1b9, 0x181818,
	}
	githubLight = [16]rgb{
		0x24292e, 0xd73a49, 0x28a745, 0xdbab09, 0x0366d6, 0x5a32a3, 0x0598bc, 0x6a737d,
		0x959da5, 0xcb2431, 0x22863a, 0xb08800, 0x005cc5, 0x5a32a3, 0x3192aa, 0xd1d5da,
	}
)

var terminals = []terminal{
	{"xterm dark", 0xe5e5e5, 0x000000, xterm},
	{"xterm light", 0x000000, 0xffffff, xterm},
	{"Linux console", 0xaaaaaa, 0x000000, console},
	{"Solarized dark", 0x839496, 0x002b36, solarized},
	{"Solarized light", 0x657b83, 0xfdf6e3, solarized},
	{"VS Code light", 0x333333, 0xffffff, vscodeLight},
	{"base16 light", 0x383838, 0xf8f8f8, base16Light},
	{"GitHub light", 0x24292e, 0xffffff, githubLight},
}

// lit is the terminal's background.
func (term terminal) lit() Background {
	if term.background.gray() > 127 {
		return Light
	}
	return Dark
}

const cellWidth, cellHeight = 8, 16

// number is the glyph of "#" in the 8×16 font of VGA.
var number = [cellHeight]uint8{0, 0, 0, 0x6c, 0x6c, 0xfe, 0x6c, 0x6c, 0x6c, 0xfe, 0x6c, 0x6c, 0, 0, 0, 0}

// pen is how the terminal draws now.
type pen struct {
	fg, bg  rgb
	reverse bool
	bold    bool // only the Linux console's, where a bright foreground is bold until a reset
}

// take changes the pen as the parameters of an SGR sequence say.
func (p *pen) take(term terminal, sgr string) error {
	numbers := []int{}
	for n := range strings.SplitSeq(sgr, ";") {
		v, err := strconv.Atoi(n)
		if err != nil && n != "" {
			return err
		}
		numbers = append(numbers, v)
	}
	indexed := func(n int) rgb {
		if n >= 232 {
			return rgb(8+10*(n-232)) * 0x010101
		}
		if n < 22 && term.palette == base16Light { // base16-shell changes 16 to 21
			return []rgb{0xdc9656, 0xa16946, 0xe8e8e8, 0xd8d8d8, 0x585858, 0x282828}[n-16]
		}
		step := func(v int) rgb { return rgb([]int{0, 95, 135, 175, 215, 255}[v]) }
		n -= 16
		return step(n/36)<<16 | step(n/6%6)<<8 | step(n%6)
	}
	for len(numbers) > 0 {
		n := numbers[0]
		to := &p.fg
		if n >= 40 && n < 50 || n >= 100 {
			to = &p.bg
		}
		switch {
		case n == 0:
			*p = pen{fg: term.foreground, bg: term.background}
		case n == 7:
			p.reverse = true
		case (n == 38 || n == 48) && len(numbers) >= 5 && numbers[1] == 2:
			*to = rgb(numbers[2]<<16 | numbers[3]<<8 | numbers[4])
			numbers = numbers[4:]
		case (n == 38 || n == 48) && len(numbers) >= 3 && numbers[1] == 5 && numbers[2] >= 16 && numbers[2] < 256:
			*to = indexed(numbers[2])
			numbers = numbers[2:]
		case term.palette == console && (n == 30 || n == 97):
			p.bold = p.bold || n == 97
			p.fg = term.palette[n%10]
			if p.bold {
				p.fg = term.palette[8+n%10]
			}
		case term.palette == console && n == 107:
			p.bg = term.palette[7]
		case n >= 30 && n < 38, n >= 40 && n < 48:
			*to = term.palette[n%10]
		case n >= 90 && n < 98, n >= 100 && n < 108:
			*to = term.palette[8+n%10]
		default:
			return fmt.Errorf("unknown SGR parameter %d in %q", n, sgr)
		}
		numbers = numbers[1:]
	}
	return nil
}

// spacing is what a terminal puts between two rows, in pixels: its background, and more of the cell below the glyph.
type spacing struct {
	name         string
	gap, stretch int
}

// Every drawing has to bear hairlines. Wider ones are somebody's wish for more space between lines, and no terminal
// tells them.
var (
	hairlines = []spacing{{"none", 0, 0}, {"1 pixel", 1, 0}, {"3 pixels", 3, 0}}
	wide      = []spacing{
		// The font's glyphs do not grow with the cell, in xterm, and in alacritty with builtin_box_drawing false.
		{"xterm scaleHeight 1.3, alacritty offset.y 5", 0, 5},
		{"xterm.js DOM lineHeight 1.5", 8, 0}, // the background of a span is not that of its line
	}
)

// screenshot draws the lines, with some background around, as the terminal would. What it does not know fails the test.
func (term terminal) screenshot(t *testing.T, p Picture, between spacing) *image.Gray {
	t.Helper()
	const around = 3
	height := cellHeight + between.stretch
	rowHeight := height + between.gap
	img := image.NewGray(image.Rect(0, 0, (p.Width+2*around)*cellWidth, (p.Height+2*around)*rowHeight))
	for i := range img.Pix {
		img.Pix[i] = term.background.gray()
	}
	for row, line := range p.Lines {
		pen := pen{fg: term.foreground, bg: term.background}
		column := 0
		for len(line) > 0 {
			if sgr, ok := strings.CutPrefix(line, "\x1b["); ok {
				end := strings.IndexByte(sgr, 'm')
				if err := pen.take(term, sgr[:end]); err != nil {
					t.Fatal(err)
				}
				line = sgr[end+1:]
				continue
			}
			r := []rune(line)[0]
			line = line[len(string(r)):]
			fg, bg := pen.fg.gray(), pen.bg.gray()
			if pen.reverse {
				fg, bg = bg, fg
			}
			for y := range height {
				for x := range cellWidth {
					v := bg
					if y >= cellHeight {
						r = ' '
					}
					switch r {
					case ' ', '\u00a0':
					case '▀':
						if y < cellHeight/2 {
							v = fg
						}
					case '▄':
						if y >= cellHeight/2 && y < cellHeight {
							v = fg
						}
					case '█':
						v = fg
					case '#':
						if number[y]>>(7-x)&1 == 1 {
							v = fg
						}
					default:
						t.Fatalf("unknown character %q", r)
					}
					img.Pix[((row+around)*rowHeight+y)*img.Stride+(column+around)*cellWidth+x] = v
				}
			}
			column++
		}
		if column != p.Width {
			t.Fatalf("row %d is %d cells wide, not %d", row, column, p.Width)
		}
	}
	return img
}

// scan reads the picture as cameras see it, from several distances and not quite sharp, and as it is: the
// seams and gaps of a terminal are sharper than any lens. What is likely and quick comes first.
func scan(img *image.Gray) (text string, err error) {
	for _, camera := range []struct{ radius, distance int }{{3, 2}, {7, 4}, {7, 2}, {0, 1}, {3, 1}} {
		if text, err = decode(shrunk(blurred(img, camera.radius), camera.distance)); err == nil {
			return text, nil
		}
	}
	return "", err
}

// shrunk has every n-th pixel.
func shrunk(img *image.Gray, n int) *image.Gray {
	out := image.NewGray(image.Rect(0, 0, img.Rect.Dx()/n, img.Rect.Dy()/n))
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			out.Pix[y*out.Stride+x] = img.Pix[y*n*img.Stride+x*n]
		}
	}
	return out
}

// blurred is the mean of the pixels up to radius around each, first across, then down.
func blurred(img *image.Gray, radius int) *image.Gray {
	return smear(smear(img, 1, radius), img.Stride, radius)
}

// smear keeps a running sum, because race-instrumented tests pay for each look at a pixel.
func smear(img *image.Gray, step, radius int) *image.Gray {
	out := image.NewGray(img.Rect)
	copy(out.Pix, img.Pix)
	in, to, size := img.Pix, out.Pix, 2*radius+1
	for first := range step {
		sum := 0
		for n, i := 0, first; i < len(in); n, i = n+1, i+step {
			sum += int(in[i])
			if n >= size {
				sum -= int(in[i-size*step])
			}
			if n >= size-1 {
				to[i-radius*step] = uint8(sum / size)
			}
		}
	}
	return out
}

func decode(img image.Image) (string, error) {
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		return "", err
	}
	result, err := scanner.NewQRCodeReader().Decode(bitmap, nil)
	if err != nil {
		return "", err
	}
	return result.GetText(), nil
}
