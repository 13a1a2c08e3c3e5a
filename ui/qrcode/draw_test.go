package qrcode

import (
	"bytes"
	"errors"
	"image/png"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
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

// zbarimg is the scanner that nobody here wrote.
func TestZbarAgrees(t *testing.T) {
	if _, err := exec.LookPath("zbarimg"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("zbarimg is not installed")
		}
		t.Skip("zbarimg is not installed")
	}
	for name, text := range uris {
		for _, term := range terminals[:2] {
			p, err := Draw(text, Room{Width: 61, Height: 31, UTF8: true, Colors: TrueColor})
			if err != nil {
				t.Fatal(err)
			}
			var file bytes.Buffer
			if err := png.Encode(&file, term.screenshot(t, p, spacing{})); err != nil {
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

// Every text scans, in the picture that most people see.
func TestTexts(t *testing.T) {
	for name, text := range uris {
		p, err := Draw(text, Room{Width: 300, Height: 150, UTF8: true, Colors: TrueColor})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := scan(terminals[0].screenshot(t, p, hairlines[1])); err != nil || got != text {
			t.Errorf("%s: scanned %q, %v", name, got, err)
		}
	}
}

func TestFits80x24(t *testing.T) {
	p, err := Draw(uris["at 80x24"], Room{Width: 45, Height: 23, UTF8: true, Colors: TrueColor})
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
	for _, profile := range []Colors{TrueColor, NoColors} {
		for _, room := range []Room{{Width: 44, Height: 100}, {Width: 100, Height: 22}, {}, {Width: -5, Height: -5}} {
			room.Colors, room.UTF8 = profile, true
			_, err := Draw(uris["at 80x24"], room)
			var small *TooSmall
			if !errors.As(err, &small) || small.Width < 40 || small.Height < 20 {
				t.Errorf("%+v: %v", room, err)
			}
		}
		if _, err := Draw(strings.Repeat("x", 3000), Room{Width: 1000, Height: 1000, UTF8: true,
			Colors: profile}); err == nil {
			t.Error("3000 bytes were drawn")
		}
	}
}

// Auto takes the first style that fits; a person is offered all that do.
func TestAuto(t *testing.T) {
	text := uris["at 80x24"] // 45×23 cells in half blocks, 90×45 in full ones
	for _, tt := range []struct {
		width, height int
		utf8          bool
		want          Style // "" for no picture
		fitting       []Style
	}{
		{45, 23, true, Half, []Style{Half}},
		{44, 100, true, "", nil},
		{200, 100, true, Half, []Style{Half, Full, ASCII}},
		{200, 100, false, Full, []Style{Full, ASCII}},
		{80, 24, false, "", nil},
	} {
		room := Room{Width: tt.width, Height: tt.height, UTF8: tt.utf8, Colors: TrueColor}
		if p, _ := Draw(text, room); p.Style != tt.want {
			t.Errorf("%+v: drew %q", tt, p.Style)
		}
		if got := Fitting(text, room); !slices.Equal(got, tt.fitting) {
			t.Errorf("%+v: %q are offered", tt, got)
		}
	}
	for _, tt := range []struct {
		room Room
		want error
	}{
		{Room{Style: None, UTF8: true}, ErrNone},
		{Room{Style: Half}, ErrNoUTF8},
		{Room{Style: Sixel, Multiplexer: true}, ErrNoGraphics},
	} {
		tt.room.Width, tt.room.Height = 200, 100
		if _, err := Draw(text, tt.room); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v", tt.room.Style, err)
		}
	}
}

func FuzzDraw(f *testing.F) {
	f.Add(uris["usual"], 80, 24, 5, "auto", true, false)
	f.Add("", 0, 0, 0, "", false, false)
	f.Fuzz(func(t *testing.T, text string, width, height, profile int, style string, utf8, invert bool) {
		p, err := Draw(text, Room{Width: width, Height: height, Colors: Colors(profile), Style: Style(style), UTF8: utf8,
			Invert: invert})
		if err == nil && (p.Width > width || p.Height > height || len(p.Lines) != p.Height) {
			t.Errorf("%d×%d with %d lines in a room of %d×%d", p.Width, p.Height, len(p.Lines), width, height)
		}
	})
}

// BenchmarkDraw is a key URI to a picture, encoding included.
func BenchmarkDraw(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Draw(uris["usual"], Room{Width: 80, Height: 24, UTF8: true, Colors: TrueColor}); err != nil {
			b.Fatal(err)
		}
	}
}
