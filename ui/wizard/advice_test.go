package wizard

import (
	"fmt"
	"image/color"
	"strings"
	"testing"
	"testing/synctest"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
)

// However much there is to say beside a QR code, it is also said what helps if the code does not scan.
func TestAdviceOutlives(t *testing.T) {
	const advice = "Does it not scan? Set line spacing to 1, or enlarge and press v."
	crowd := []struct {
		name string
		join func(*Model)
	}{
		{"recorded", func(m *Model) { m.recorded = "asciinema" }},
		{"a theme that fades", func(m *Model) { m.inks = inks{black: color.Gray{Y: 128}, white: color.Gray{Y: 144}} }},
		{"copied", func(m *Model) { m.display.copied = true }},
		{"saved", func(m *Model) { m.display.saved = "The QR code is in /home/alice/pictures/qr.png." }},
		{"the phone", func(m *Model) { m.phone, m.calling = &fellow{}, true }},
		{"a fault", func(m *Model) { m.fault = "Next: the answer to your code will be lost." }},
		{"an empty code", func(m *Model) { *m = drive(*m, tea.KeyPressMsg{Code: tea.KeyEnter}) }},
	}
	for _, name := range []string{"scan", "new key"} {
		for some := range 1 << len(crowd) {
			synctest.Test(t, func(t *testing.T) {
				m := screens[name](80, 24).restyle(dark, colorprofile.ANSI256)
				here := []string{name}
				for i, c := range crowd {
					if some>>i&1 == 1 {
						c.join(&m)
						here = append(here, c.name)
					}
				}
				text := screenText(m)
				if !strings.Contains(text, "▀") {
					t.Fatalf("%q: there is no QR code:\n%s", here, text)
				}
				if !strings.Contains(column(text), advice) {
					t.Errorf("%q: the advice is missing:\n%s", here, text)
				}
			})
		}
	}
}

// column is what stands right of a QR code at 80 columns, as one line.
func column(text string) string {
	var words []string
	for line := range strings.Lines(text) {
		if r := []rune(line); len(r) > 45 {
			words = append(words, strings.Fields(string(r[45:]))...)
		}
	}
	return strings.Join(words, " ")
}

// Who sent a code of the new entry has scanned; a code of another entry tells the contrary rather.
func TestAdviceAfterCode(t *testing.T) {
	for _, tt := range []struct {
		screen string
		height int
		want   bool
	}{
		{"scan wrong", 24, false},
		{"scan wrong", 43, false},
		{"scan uncertain", 43, true},
	} {
		t.Run(fmt.Sprintf("%s %d", tt.screen, tt.height), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				text := screenText(screens[tt.screen](132, tt.height))
				if got := strings.Contains(text, "Does it not scan?"); got != tt.want {
					t.Errorf("the advice is there: %v\n%s", got, text)
				}
			})
		})
	}
}

// Beside a QR code at 80 columns what to do with it takes two lines, and leaves no word alone on a third.
func TestScanInTwoLines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		text := screenText(toScan(&script{}, 80, 24))
		if !strings.Contains(column(text), "Scan this with your authenticator app, or type the key into it: 1. GEZD") {
			t.Fatalf("what to do is not said, or not above the key:\n%s", text)
		}
		if first := strings.Index(text, "Scan this"); strings.Count(text[first:strings.Index(text, "into it:")], "\n") != 1 {
			t.Errorf("it does not take two lines:\n%s", text)
		}
	})
}
