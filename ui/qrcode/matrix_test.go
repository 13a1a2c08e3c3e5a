package qrcode

import (
	"fmt"
	"strings"
	"testing"
)

// ladder is every rung there is, as it is asked for.
var ladder = []struct {
	name string
	room Room
}{
	{"half, true color", Room{Style: Half, UTF8: true, Colors: TrueColor}},
	{"half, 256 colors", Room{Style: Half, UTF8: true, Colors: Colors256}},
	{"half, 16 colors", Room{Style: Half, UTF8: true, Colors: Colors16}},
	{"half, no colors", Room{Style: Half, UTF8: true, Colors: NoColors}},
	{"full, true color", Room{Style: Full, Colors: TrueColor}},
	{"full, 256 colors", Room{Style: Full, Colors: Colors256}},
	{"full, 16 colors", Room{Style: Full, Colors: Colors16}},
	{"full, reverse video", Room{Style: Full, Colors: NoColors}},
	{"ascii", Room{Style: ASCII, Colors: NoColors}},
}

var windows = [][2]int{{80, 24}, {80, 25}, {100, 30}, {132, 43}, {200, 60}}

// TestMatrix scans what each rung draws, on each terminal, in each window, with hairlines between the rows and with
// wide gaps. With -v it prints the table. What is drawn must scan, unless the picture itself says that it may not, and
// with wide gaps unless it says what helps.
func TestMatrix(t *testing.T) {
	text := uris["at 80x24"]
	seen := map[string]bool{} // pictures that differ in nothing need not be scanned twice
	scans := func(term terminal, p Picture, spacings []spacing) bool {
		key := term.name + spacings[0].name + strings.Join(p.Lines, "\n")
		ok, known := seen[key]
		if known {
			return ok
		}
		ok = true
		for _, between := range spacings {
			if got, err := scan(term.screenshot(t, p, between)); err != nil || got != text {
				ok = false
				break
			}
		}
		seen[key] = ok
		return ok
	}
	var table strings.Builder
	fmt.Fprintf(&table, "%-20s %-16s", "", "")
	for _, w := range windows {
		fmt.Fprintf(&table, " %-12s", fmt.Sprintf("%d×%d", w[0], w[1]))
	}
	for _, rung := range ladder {
		for _, term := range terminals {
			fmt.Fprintf(&table, "\n%-20s %-16s", rung.name, term.name)
			for _, w := range windows {
				// What the wizard leaves: a line for the keys, and a column for all else.
				room := rung.room
				room.Width, room.Height, room.Background = w[0]-35, w[1]-1, term.lit()
				p, err := Draw(text, room)
				result := "no room"
				switch {
				case err != nil:
				case !scans(term, p, hairlines) && p.Caution == "":
					result = "UNREADABLE"
					t.Errorf("%s on %s at %d×%d does not scan, and does not say so", rung.name, term.name, w[0], w[1])
				case !scans(term, p, hairlines):
					result = "caution"
				case !scans(term, p, wide) && p.Advice == "":
					result = "UNREADABLE"
					t.Errorf("%s on %s at %d×%d does not scan with gaps, and does not say what helps", rung.name, term.name,
						w[0], w[1])
				case !scans(term, p, wide):
					result = "advice"
				default:
					result = "scans"
				}
				fmt.Fprintf(&table, " %-12s", result)
			}
		}
	}
	t.Log("\n" + table.String())
}

// TestRungs scans each in a room that is large enough, with both quiet zones: at the sizes of TestMatrix
// some do not fit.
func TestRungs(t *testing.T) {
	for _, rung := range ladder {
		for _, term := range terminals {
			room := rung.room
			room.Width, room.Height, room.Background = 300, 150, term.lit()
			for range 2 {
				p, err := Draw(uris["at 80x24"], room)
				if err != nil {
					t.Fatalf("%s: %v", rung.name, err)
				}
				room.Width, room.Height = p.Width-1, p.Height-1 // the smaller quiet zone
				for _, between := range hairlines {
					got, err := scan(term.screenshot(t, p, between))
					if ok := err == nil && got == uris["at 80x24"]; !ok {
						if p.Caution == "" {
							t.Errorf("%s on %s, gap %s, %d×%d: scanned %q, %v", rung.name, term.name, between.name, p.Width, p.Height, got, err)
						} else {
							t.Logf("%s on %s, gap %s: does not scan, and says %q", rung.name, term.name, between.name, p.Caution)
						}
					}
				}
			}
		}
	}
}

// Without colors the polarity has to match the terminal: that it matters shows that these tests can fail.
func TestPolarity(t *testing.T) {
	for _, rung := range ladder {
		if rung.room.Colors != NoColors {
			continue
		}
		for _, invert := range []bool{false, true} {
			room := rung.room
			room.Width, room.Height, room.Background, room.Invert = 300, 150, Unknown, invert
			p, err := Draw(uris["usual"], room)
			if err != nil {
				t.Fatal(err)
			}
			if p.Caution == "" {
				t.Errorf("%s: the background is not known, and nothing is said", rung.name)
			}
			for _, term := range terminals {
				got, err := scan(term.screenshot(t, p, spacing{}))
				ok, want := err == nil && got == uris["usual"], (term.lit() == Light) == invert
				if want = want && (ok || p.Style != ASCII); ok != want { // its caution is about more than the polarity
					t.Errorf("%s, inverted: %v, on %s: scans: %v", rung.name, invert, term.name, ok)
				}
			}
		}
	}
}

// TestNotWhatItSeems: where the picture is not for the terminal that it is shown on, it scans, or says that it may not.
// That is so after i, when the environment names the wrong background, and when something between shows fewer colors
// than it was given.
func TestNotWhatItSeems(t *testing.T) {
	other := map[Background]Background{Dark: Light, Light: Dark}
	fewer := strings.NewReplacer("38;5;232", "30", "48;5;231", "47", "38;5;231", "37", "48;5;232", "40",
		"38;2;0;0;0", "30", "48;2;255;255;255", "47", "38;2;255;255;255", "37", "48;2;0;0;0", "40")
	for _, wrong := range []struct {
		name  string
		room  func(Room, terminal) Room
		shown func(string) string
	}{
		{"inverted", func(r Room, term terminal) Room { r.Background, r.Invert = term.lit(), true; return r }, nil},
		{"another background", func(r Room, term terminal) Room { r.Background, r.Guessed = other[term.lit()], true; return r },
			nil},
		{"fewer colors", func(r Room, term terminal) Room { r.Background, r.Reduced = term.lit(), true; return r },
			fewer.Replace},
	} {
		failed := false // somewhere, or this tests nothing
		for _, rung := range ladder {
			for _, term := range []terminal{terminals[0], terminals[1], terminals[6]} { // dark, light, light and changed
				room := wrong.room(rung.room, term)
				room.Width, room.Height = 300, 150
				p, err := Draw(uris["usual"], room)
				if err != nil {
					t.Fatal(err)
				}
				if wrong.shown != nil {
					for i, line := range p.Lines {
						p.Lines[i] = wrong.shown(line)
					}
				}
				got, err := scan(term.screenshot(t, p, spacing{}))
				if err == nil && got == uris["usual"] {
					continue
				}
				failed = true
				if rung.room.Style == ASCII && wrong.shown != nil { // has no colors, and says that it scans worse
					continue
				}
				if !strings.Contains(p.Caution, "press i") {
					t.Errorf("%s, %s on %s does not scan, and says %q", wrong.name, rung.name, term.name, p.Caution)
				}
			}
		}
		if !failed {
			t.Errorf("%s: everything scans", wrong.name)
		}
	}
}
