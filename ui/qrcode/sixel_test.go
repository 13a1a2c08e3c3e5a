package qrcode

import (
	"errors"
	"image"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// show draws a Sixel graphic of two colors as a terminal would, with some white around.
func show(t *testing.T, graphic string) *image.Gray {
	t.Helper()
	const around = 8
	body, ok := strings.CutSuffix(strings.TrimPrefix(graphic, "\x1bP0;1;0q"), "\x1b\\")
	size := regexp.MustCompile(`^"1;1;(\d+);(\d+)#0;2;0;0;0#1;2;100;100;100`).FindStringSubmatch(body)
	if !ok || size == nil {
		t.Fatalf("it begins with %.60q", graphic)
	}
	width, _ := strconv.Atoi(size[1])
	height, _ := strconv.Atoi(size[2])
	img := image.NewGray(image.Rect(0, 0, width+2*around, height+2*around))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	x, y, ink := 0, 0, uint8(0)
	for _, m := range regexp.MustCompile(`#(\d)|!(\d+)(.)|([$-])`).FindAllStringSubmatch(body[len(size[0]):], -1) {
		switch {
		case m[1] != "":
			ink = map[string]uint8{"0": 0, "1": 255}[m[1]]
		case m[4] == "$":
			x = 0
		case m[4] == "-":
			x, y = 0, y+6
		default:
			n, _ := strconv.Atoi(m[2])
			for range n {
				for bit := range 6 {
					if (m[3][0]-'?')>>bit&1 == 1 {
						img.Pix[(y+bit+around)*img.Stride+x+around] = ink
					}
				}
				x++
			}
			if x > width || y > height {
				t.Fatalf("it leaves its %d×%d pixels", width, height)
			}
		}
	}
	return img
}

func TestSixel(t *testing.T) {
	for name, text := range uris {
		for _, cell := range []Cell{{}, {1 << 30, 1}, {6, 12}, {8, 16}, {7, 15}, {9, 18}, {10, 20}, {16, 31}} {
			for _, window := range [][2]int{{45, 23}, {165, 49}} {
				room := Room{Width: window[0], Height: window[1], Style: Sixel, Cell: cell, Graphics: cell.Width > 0}
				p, err := Draw(text, room)
				if name == "long" && window[0] == 45 && err != nil {
					continue
				}
				if err != nil {
					t.Fatalf("%s, %v: %v", name, cell, err)
				}
				img := show(t, p.Graphic)
				if got, err := decode(img); err != nil || got != text {
					t.Errorf("%s, %v: scanned %q, %v", name, cell, got, err)
				}
				if known := cell.Width < 100 && cell.Width > 0; known && (img.Rect.Dx()-16 > p.Width*cell.Width ||
					img.Rect.Dy()-16 > p.Height*cell.Height) {
					t.Errorf("%s, %v: %v pixels leave %d×%d cells", name, cell, img.Rect, p.Width, p.Height)
				}
				if p.Width > room.Width || p.Height > room.Height || len(p.Lines) != p.Height {
					t.Errorf("%s, %v: %d×%d cells and %d lines in %v", name, cell, p.Width, p.Height, len(p.Lines), window)
				}
				if strings.Trim(strings.Join(p.Lines, ""), " ") != "" {
					t.Errorf("%s: there is text below the graphic", name)
				}
				if (p.Caution == "") != room.Graphics {
					t.Errorf("%s, %v: it says %q", name, cell, p.Caution)
				}
			}
		}
	}
	// The modules are as large as they can be: 8 pixels of 8×16 cells in half the width, where half blocks have as many.
	p, err := Draw(uris["at 80x24"], Room{Width: 45, Height: 23, Style: Sixel, Cell: Cell{8, 16}})
	if err != nil || !strings.Contains(p.Graphic, `"1;1;360;360`) || p.Width != 45 || p.Height != 23 {
		t.Errorf("%.60q in %d×%d cells, %v", p.Graphic, p.Width, p.Height, err)
	}
	var small *TooSmall
	if _, err := Draw(uris["at 80x24"], Room{Width: 20, Height: 23, Style: Sixel, Cell: Cell{8, 16}}); !errors.As(err,
		&small) || small.Width != 23 || small.Height != 12 { // 4 pixels for each of 45
		t.Errorf("in too small a room: %v", err)
	}
	if p, err := Draw(uris["usual"], Room{Width: 300, Height: 150, Style: Sixel, Multiplexer: true}); err == nil {
		t.Errorf("inside a multiplexer it draws %q", p.Style)
	}
	for _, room := range []Room{{}, {Multiplexer: true}} {
		room.Width, room.Height, room.Graphics = 300, 150, true
		if got := Fitting(uris["usual"], room); slices.Contains(got, Sixel) == room.Multiplexer {
			t.Errorf("%+v: %q are offered", room, got)
		}
	}
}
