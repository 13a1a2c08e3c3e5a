package qrcode

import (
	"image"
	"regexp"
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
	room := Room{Width: 300, Height: 150, Style: Sixel}
	for name, text := range uris {
		p, err := Draw(text, room)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := decode(show(t, p.Graphic)); err != nil || got != text {
			t.Errorf("%s: scanned %q, %v", name, got, err)
		}
		if strings.Trim(strings.Join(p.Lines, ""), " ") != "" {
			t.Errorf("%s: there is text below the graphic", name)
		}
	}
	room.Multiplexer = true
	if p, err := Draw(uris["usual"], room); err == nil {
		t.Errorf("inside a multiplexer it draws %q", p.Style)
	}
}
