package main

import (
	"encoding/json"
	"image"
	"image/color"
	"io"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
	"github.com/makiuchi-d/gozxing"
	scanner "github.com/makiuchi-d/gozxing/qrcode"
)

// The moving picture of the README is an enrollment of at most 30 seconds in 80×24. Its QR code is read from the
// cells of the terminal that the cast plays on, and the person is told about the recording.
func TestCast(t *testing.T) {
	events, head := castEvents(t)
	if head.Version != 2 || head.Width != 80 || head.Height != 24 {
		t.Errorf("the head is %+v", head)
	}
	screen := emulator(head.Width, head.Height)
	uri, recorded, enrolled, last := "", false, false, 0.0
	for _, e := range events {
		last = e.at
		screen.Write([]byte(e.text))
		shown := ansi.Strip(screen.Render())
		recorded = recorded || strings.Contains(shown, "being recorded")
		enrolled = enrolled || strings.Contains(shown, "Your authenticator is enrolled")
		if uri == "" && strings.Contains(shown, "Code ") {
			uri = qrOnScreen(screen, head.Width, head.Height)
		}
	}
	if !regexp.MustCompile(`^otpauth://totp/Demo:new-user\?secret=[A-Z2-7]{32,}&issuer=Demo`).MatchString(uri) {
		t.Errorf("the QR code says %q", uri)
	}
	if !recorded || !enrolled || last > 30 {
		t.Errorf("recorded %v, enrolled %v, %g seconds", recorded, enrolled, last)
	}
}

// castHead is the first line of a cast, and castEvent one of the others: what was written, and when, in seconds.
type (
	castHead  struct{ Version, Width, Height int }
	castEvent struct {
		at   float64
		text string
	}
)

// castEvents reads the cast of the README's moving picture.
func castEvents(t *testing.T) (events []castEvent, head castHead) {
	lines := strings.Split(strings.TrimSpace(read(t, filepath.Join("..", "..", "assets", "demo.cast"))), "\n")
	if err := json.Unmarshal([]byte(lines[0]), &head); err != nil {
		t.Fatal(err)
	}
	for _, line := range lines[1:] {
		var event []any
		if err := json.Unmarshal([]byte(line), &event); err != nil {
			t.Fatal(err)
		}
		events = append(events, castEvent{event[0].(float64), event[2].(string)})
	}
	return events, head
}

// emulator is a terminal to play a cast on. Nobody waits for its answers; they are read for as long as the tests run,
// since its Close and its Read are not made to be called side by side.
func emulator(width, height int) *vt.Emulator {
	screen := vt.NewEmulator(width, height)
	go io.Copy(io.Discard, screen)
	return screen
}

// qrOnScreen reads the QR code in half blocks out of the cells, or nothing.
func qrOnScreen(screen *vt.Emulator, width, height int) string {
	const module = 8 // pixels
	img := image.NewGray(image.Rect(0, 0, width*module, 2*height*module))
	fill := func(x, y int, c color.Color) {
		shade := color.GrayModel.Convert(c)
		for i := range module * module {
			img.Set(x*module+i%module, y*module+i/module, shade)
		}
	}
	for y := range height {
		for x := range width {
			top, bottom := color.Color(color.White), color.Color(color.White)
			if cell := screen.CellAt(x, y); cell != nil && cell.Style.Bg != nil {
				top, bottom = cell.Style.Bg, cell.Style.Bg
				if cell.Content == "▀" && cell.Style.Fg != nil {
					top = cell.Style.Fg
				}
				if cell.Content == "▄" && cell.Style.Fg != nil {
					bottom = cell.Style.Fg
				}
				if cell.Content == "█" && cell.Style.Fg != nil {
					top, bottom = cell.Style.Fg, cell.Style.Fg
				}
			}
			fill(x, 2*y, top)
			fill(x, 2*y+1, bottom)
		}
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		return ""
	}
	result, err := scanner.NewQRCodeReader().Decode(bitmap, nil)
	if err != nil {
		return ""
	}
	return result.GetText()
}
