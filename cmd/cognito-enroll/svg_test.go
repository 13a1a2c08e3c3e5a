package main

import (
	"encoding/xml"
	"fmt"
	"math"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"
)

// TestMovingPicture holds assets/demo.svg to assets/demo.cast: it shows each screen that the cast shows for a
// while, no other, in the same order and in the same time.
func TestMovingPicture(t *testing.T) {
	text := read(t, filepath.Join("..", "..", "assets", "demo.svg"))
	var svg element
	if err := xml.Unmarshal([]byte(text), &svg); err != nil {
		t.Fatal(err)
	}
	var drawn []string
	for _, frame := range svg.frames() {
		if now := svg.draw(frame); len(drawn) == 0 || now != drawn[len(drawn)-1] {
			drawn = append(drawn, now)
		}
	}
	const glance = 0.3 // seconds; what is shown for less may be left out
	events, head := castEvents(t)
	screen := emulator(head.Width, head.Height)
	shown := []string{""} // all screens, from the empty one on
	var looked []string   // those that somebody can look at
	for i, e := range events {
		screen.Write([]byte(e.text))
		now := trimmed(ansi.Strip(screen.Render()))
		if now != shown[len(shown)-1] {
			shown = append(shown, now)
		}
		if i+1 < len(events) && events[i+1].at-e.at >= glance && (len(looked) == 0 || now != looked[len(looked)-1]) {
			looked = append(looked, now)
		}
	}
	if missing := notInOrder(looked, drawn); missing != "" {
		t.Errorf("the picture lacks a screen of the cast, or has it at another place (-picture +cast):\n%s",
			closest(drawn, missing))
	}
	if extra := notInOrder(drawn, shown); extra != "" {
		t.Errorf("the picture has a screen that the cast has not, or has it at another place (-cast +picture):\n%s",
			closest(shown, extra))
	}
	if len(looked) < 5 {
		t.Errorf("only %d screens: where is the enrollment?", len(looked))
	}
	duration := regexp.MustCompile(`animation-duration:([\d.]+)s`).FindStringSubmatch(text)
	if duration == nil {
		t.Fatal("nothing moves")
	}
	took, err := time.ParseDuration(duration[1] + "s")
	if last := events[len(events)-1].at; err != nil || math.Abs(took.Seconds()-last) > 0.1 || took > 30*time.Second {
		t.Errorf("the picture takes %s, and the cast %g s", took, last)
	}
}

// notInOrder returns the first of some that is not among all, after those before it.
func notInOrder(some, all []string) string {
	for _, s := range some {
		i := slices.Index(all, s)
		if i < 0 {
			return s
		}
		all = all[i:]
	}
	return ""
}

// closest is what distinguishes a screen from that of all which is most like it.
func closest(all []string, screen string) string {
	diff := func(other string) string { return cmp.Diff(strings.Split(other, "\n"), strings.Split(screen, "\n")) }
	return diff(slices.MinFunc(all, func(a, b string) int { return len(diff(a)) - len(diff(b)) }))
}

// trimmed is a screen without the spaces at the ends of its lines. Those of a QR code are such as do not break.
func trimmed(screen string) string {
	lines := strings.Split(strings.NewReplacer("\r", "", "\u00a0", " ").Replace(screen), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}

// element is one of an SVG picture.
type element struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Children []element  `xml:",any"`
	Text     string     `xml:",chardata"`
}

func (e element) attr(name string) string {
	for _, a := range e.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (e element) number(name string) float64 {
	n, _ := strconv.ParseFloat(e.attr(name), 64)
	return n
}

// find returns all elements below e that match.
func (e element) find(match func(element) bool) (found []element) {
	for _, c := range e.Children {
		if match(c) {
			found = append(found, c)
		}
		found = append(found, c.find(match)...)
	}
	return found
}

// frames are the screens of a picture of svg-term-cli: one beside the other, 80 cells each.
func (e element) frames() []element {
	strips := e.find(func(e element) bool {
		return e.XMLName.Local == "svg" && len(e.find(func(e element) bool { return e.XMLName.Local == "svg" })) > 5
	})
	strip := strips[len(strips)-1]
	return slices.DeleteFunc(slices.Clone(strip.Children), func(e element) bool { return e.XMLName.Local != "svg" })
}

// draw returns the text of a frame, cell by cell.
func (e element) draw(frame element) string {
	const width, height, baseline = 1.002, 2.171, 1.67 // of a cell, and in it
	var cells [24][80]rune
	symbols := map[string]element{}
	for _, s := range e.find(func(e element) bool { return e.XMLName.Local == "symbol" }) {
		symbols["#"+s.attr("id")] = s
	}
	var put func(e element, x, y float64)
	put = func(e element, x, y float64) {
		for _, c := range e.Children {
			switch c.XMLName.Local {
			case "use":
				put(symbols[c.attr("href")], x+c.number("x"), y+c.number("y"))
			case "text":
				row := int(math.Round((y + c.number("y") - baseline) / height))
				column := int(math.Round((x + c.number("x")) / width))
				for i, r := range []rune(c.Text) {
					if row < 0 || row >= len(cells) || column+i >= len(cells[row]) {
						panic(fmt.Sprintf("%q is outside of the screen", c.Text))
					}
					cells[row][column+i] = r
				}
			}
		}
	}
	put(frame, 0, 0)
	var b strings.Builder
	for _, row := range cells {
		for _, r := range row {
			b.WriteRune(max(r, ' '))
		}
		b.WriteByte('\n')
	}
	return trimmed(b.String())
}
