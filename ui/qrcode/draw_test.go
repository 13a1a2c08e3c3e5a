package qrcode

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	scanner "github.com/makiuchi-d/gozxing/qrcode"
)

// A key that everybody knows: RFC 6238's, lengthened to the 52 characters of Cognito's.
const key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA"

func uri(issuer, account string) string {
	return "otpauth://totp/" + issuer + ":" + account + "?secret=" + key + "&issuer=" + issuer
}

var uris = map[string]string{
	"shortest": "otpauth://totp/a:b?secret=GEZDGNBVGY3TQOJQ&issuer=a",
	"usual":    uri("Acme", "alice@example.com"),
	"at 80x24": uri("Acme%20Staging", "firstname.lastn%40acme.com"),
	"foreign":  uri("%C3%9Cn%C3%AFon", "j%C3%BCrgen%2Bmfa%40m%C3%BCnchen.example"),
	"long":     uri("Acme%20Production%20Portal", "firstname.lastname%40subsidiary.example.com"),
}

// terminal is what the cells are shown by.
type terminal struct {
	name                   string
	foreground, background color.Gray
	gap                    int // pixels of background between two rows
}

const cellWidth, cellHeight = 8, 16

// screenshot draws the lines, with some background around, as the terminal would. Half blocks and
// two true colours are all it knows; anything else fails the test.
func (term terminal) screenshot(t *testing.T, p Picture) *image.Gray {
	t.Helper()
	const around = 3
	rowHeight := cellHeight + term.gap
	img := image.NewGray(image.Rect(0, 0, (p.Width+2*around)*cellWidth, (p.Height+2*around)*rowHeight))
	fill := func(x0, y0, x1, y1 int, c color.Gray) {
		for y := y0; y < y1; y++ {
			for x := x0; x < x1; x++ {
				img.SetGray(x, y, c)
			}
		}
	}
	fill(0, 0, img.Rect.Dx(), img.Rect.Dy(), term.background)
	for row, line := range p.Lines {
		fg, bg := term.foreground, term.background
		column := 0
		for len(line) > 0 {
			if strings.HasPrefix(line, "\x1b[") {
				end := strings.IndexByte(line, 'm')
				var r1, g1, b1, r2, g2, b2 uint8
				if line[:end+1] == reset {
					fg, bg = term.foreground, term.background
				} else if n, err := fmt.Sscanf(line[:end+1], "\x1b[38;2;%d;%d;%d;48;2;%d;%d;%dm", &r1, &g1, &b1, &r2, &g2, &b2); n == 6 && err == nil {
					fg, bg = color.Gray{r1}, color.Gray{r2}
				} else {
					t.Fatalf("unknown sequence %q", line[:end+1])
				}
				line = line[end+1:]
				continue
			}
			r := []rune(line)[0]
			line = line[len(string(r)):]
			upper, lower := bg, bg
			switch r {
			case ' ':
			case '▀':
				upper = fg
			case '▄':
				lower = fg
			case '█':
				upper, lower = fg, fg
			default:
				t.Fatalf("unknown character %q", r)
			}
			x, y := (column+around)*cellWidth, (row+around)*rowHeight
			fill(x, y, x+cellWidth, y+cellHeight/2, upper)
			fill(x, y+cellHeight/2, x+cellWidth, y+cellHeight, lower)
			column++
		}
		if column != p.Width {
			t.Fatalf("row %d is %d cells wide, not %d", row, column, p.Width)
		}
	}
	return img
}

// scan reads the picture as it is, and then blurred a little, as a camera sees it: the seams and gaps
// of a terminal are sharper than any lens.
func scan(img *image.Gray) (string, error) {
	text, err := decode(img)
	if err != nil {
		text, err = decode(blurred(img))
	}
	return text, err
}

// blurred is the mean of the 7×7 pixels around each.
func blurred(img *image.Gray) *image.Gray {
	const radius = 3
	out := image.NewGray(img.Rect)
	for y := radius; y < img.Rect.Dy()-radius; y++ {
		for x := radius; x < img.Rect.Dx()-radius; x++ {
			sum := 0
			for dy := -radius; dy <= radius; dy++ {
				for dx := -radius; dx <= radius; dx++ {
					sum += int(img.GrayAt(x+dx, y+dy).Y)
				}
			}
			out.SetGray(x, y, color.Gray{uint8(sum / ((2*radius + 1) * (2*radius + 1)))})
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

var (
	black, white = color.Gray{0}, color.Gray{255}
	rooms        = map[string]Room{
		"quiet zone 2": {Width: 61, Height: 31},
		"quiet zone 4": {Width: 300, Height: 150},
	}
)

func TestColorsScanOnAnyTerminal(t *testing.T) {
	for name, text := range uris {
		for size, room := range rooms {
			room.Colors = true
			p, err := Draw(text, room)
			if err != nil {
				t.Fatalf("%s, %s: %v", name, size, err)
			}
			for _, term := range []terminal{
				{"dark", white, black, 0}, {"dark with seams", white, black, 1}, {"dark with gaps", white, black, 3},
				{"light", black, white, 0}, {"light with seams", black, white, 1}, {"light with gaps", black, white, 3},
				{"grey", color.Gray{0x83}, color.Gray{0x2b}, 1},
			} {
				if got, err := scan(term.screenshot(t, p)); err != nil || got != text {
					t.Errorf("%s, %s, %s: scanned %q, %v", name, size, term.name, got, err)
				}
			}
		}
	}
}

// Without colours the polarity has to match the terminal; that it matters shows that the test can fail.
func TestPlainScansOnItsOwnBackground(t *testing.T) {
	dark, light := terminal{"dark", white, black, 0}, terminal{"light", black, white, 0}
	for name, text := range uris {
		for size, room := range rooms {
			for _, term := range []terminal{dark, light} {
				room.Dark = term == dark
				p, err := Draw(text, room)
				if err != nil {
					t.Fatalf("%s, %s: %v", name, size, err)
				}
				if got, err := scan(term.screenshot(t, p)); err != nil || got != text {
					t.Errorf("%s, %s, %s: scanned %q, %v", name, size, term.name, got, err)
				}
				other := light
				if term == light {
					other = dark
				}
				if got, err := scan(other.screenshot(t, p)); err == nil {
					t.Errorf("%s, %s: drawn for %s, yet %s scans: %q", name, size, term.name, other.name, got)
				}
			}
		}
	}
}

// zbarimg is the scanner that nobody here wrote.
func TestZbarAgrees(t *testing.T) {
	if _, err := exec.LookPath("zbarimg"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("zbarimg is not installed")
		}
		t.Skip("zbarimg is not installed")
	}
	for name, text := range uris {
		for _, term := range []terminal{{"dark", white, black, 0}, {"light", black, white, 0}} {
			p, err := Draw(text, Room{Width: 61, Height: 31, Colors: true})
			if err != nil {
				t.Fatal(err)
			}
			var file bytes.Buffer
			if err := png.Encode(&file, term.screenshot(t, p)); err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command("zbarimg", "-q", "--raw", "--nodbus", "png:-")
			cmd.Stdin = &file
			out, err := cmd.Output()
			if err != nil || strings.TrimSpace(string(out)) != text {
				t.Errorf("%s, %s: scanned %q, %v", name, term.name, out, err)
			}
		}
	}
}

func TestFits80x24(t *testing.T) {
	p, err := Draw(uris["at 80x24"], Room{Width: 45, Height: 23, Colors: true})
	if err != nil {
		t.Fatal(err)
	}
	if p.Width != 45 || p.Height != 23 || len(p.Lines) != 23 {
		t.Errorf("the picture is %d×%d with %d lines", p.Width, p.Height, len(p.Lines))
	}
}

// One byte segment would need a larger code.
func TestSegmentsSaveASize(t *testing.T) {
	text := uris["at 80x24"]
	code, err := encode(text)
	if err != nil {
		t.Fatal(err)
	}
	if len(text) <= 134 || code.Size != 41 { // 134 bytes are all that a code of 41 modules holds
		t.Errorf("%d bytes take %d modules", len(text), code.Size)
	}
}

func TestNoTornCode(t *testing.T) {
	for _, colors := range []bool{true, false} {
		for _, room := range []Room{{Width: 44, Height: 100}, {Width: 100, Height: 22}, {}, {Width: -5, Height: -5}} {
			room.Colors = colors
			_, err := Draw(uris["at 80x24"], room)
			var small *TooSmall
			if !errors.As(err, &small) || small.Width < 40 || small.Height < 20 {
				t.Errorf("%+v: %v", room, err)
			}
		}
		if _, err := Draw(strings.Repeat("x", 3000), Room{Width: 1000, Height: 1000, Colors: colors}); err == nil {
			t.Error("3000 bytes were drawn")
		}
	}
}

func FuzzDraw(f *testing.F) {
	f.Add(uris["usual"], 80, 24, true, true)
	f.Add("", 0, 0, false, false)
	f.Fuzz(func(t *testing.T, text string, width, height int, colors, dark bool) {
		p, err := Draw(text, Room{width, height, colors, dark})
		if err == nil && (p.Width > width || p.Height > height || len(p.Lines) != p.Height) {
			t.Errorf("%d×%d with %d lines in a room of %d×%d", p.Width, p.Height, len(p.Lines), width, height)
		}
	})
}

// BenchmarkDraw is a key URI to a picture, encoding included.
func BenchmarkDraw(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Draw(uris["usual"], Room{Width: 80, Height: 24, Colors: true}); err != nil {
			b.Fatal(err)
		}
	}
}
