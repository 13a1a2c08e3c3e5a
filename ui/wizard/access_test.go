package wizard

import (
	"context"
	"fmt"
	"image/color"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"charm.land/bubbles/v2/spinner"
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"cognito-enroll/flow"
)

// ink is the true color that a text is written in.
var ink = regexp.MustCompile(`38;2;(\d+);(\d+);(\d+)`)

// inked calls see with every piece of content that has a color of its own: the color, the text and its line, behind
// those above it that have this color as well.
func inked(content string, see func(ink, text, line string)) {
	above := map[string]string{}
	for _, line := range strings.Split(content, "\n") {
		plain, seen := ansi.Strip(line), map[string]string{}
		for _, piece := range strings.Split(line, "\x1b[")[1:] {
			codes, text, _ := strings.Cut(piece, "m")
			if c := ink.FindString(codes); c != "" && !strings.Contains(codes, "48;2;") {
				seen[c] = above[c] + plain
				see(c, text, seen[c])
			}
		}
		above = seen
	}
}

// TestOnlyColorsOfTheTheme: whatever has a color on a screen has one of the theme, whose contrast is computed there,
// and what is good or bad says so with a sign or in words.
func TestOnlyColorsOfTheTheme(t *testing.T) {
	sgr := func(c color.Color) string {
		r, g, b, _ := c.RGBA()
		return fmt.Sprintf("38;2;%d;%d;%d", r>>8, g>>8, b>>8)
	}
	for name, open := range screens {
		for _, on := range []background{dark, light, unknown} {
			synctest.Test(t, func(t *testing.T) {
				m := open(80, 24).restyle(on, colorprofile.TrueColor)
				var known []string
				for _, c := range m.palette.Inks() {
					known = append(known, sgr(c))
				}
				inked(m.View().Content, func(ink, text, line string) {
					switch {
					case !slices.Contains(known, ink):
						t.Errorf("%s: %q is in %s, which the theme does not have", name, text, ink)
					case ink == sgr(m.palette.Good.GetForeground()) && !strings.Contains(line, "✓") &&
						!strings.Contains(line, flow.ActiveFactors):
						t.Errorf("%s: only the color says that this is good: %q", name, line)
					case ink == sgr(m.palette.Bad.GetForeground()) && !strings.ContainsAny(line, "✗!") &&
						!strings.Contains(line, "left"):
						t.Errorf("%s: only the color says that this is bad: %q", name, line)
					}
				})
			})
		}
	}
}

// TestNothingByColorAlone: without colors the screen says the same.
func TestNothingByColorAlone(t *testing.T) {
	for name, open := range screens {
		synctest.Test(t, func(t *testing.T) {
			m := open(80, 24)
			with := screenText(m.restyle(dark, colorprofile.TrueColor))
			without := screenText(m.restyle(dark, colorprofile.ANSI256))
			if with != without {
				t.Errorf("%s:\n%s\nbut\n%s", name, with, without)
			}
			if m.screen.choosing() && strings.Count(without, "› ") < 1 {
				t.Errorf("%s: no mark says what is chosen:\n%s", name, without)
			}
		})
	}
}

// changed is how many lines differ between two screens.
func changed(a, b string) (n int) {
	other := strings.Split(b, "\n")
	for i, line := range strings.Split(a, "\n") {
		if i >= len(other) || line != other[i] {
			n++
		}
	}
	return n
}

// moving looks at m once a second for so long, and returns in how many lines it changes at once, at most, and in how
// many of the seconds.
func moving(m Model, long time.Duration) (lines, seconds int) {
	now := start
	m.now = func() time.Time { return now }
	before := screenText(m)
	for ; now.Sub(start) < long; now = now.Add(time.Second) {
		if m.state.Ask().Phase == flow.Working && !m.palette.still() {
			next, _ := m.Update(m.working.Tick())
			m = next.(Model)
		}
		next, _ := m.Update(ticked(now))
		m = next.(Model)
		after := screenText(m)
		n := changed(before, after)
		if lines = max(lines, n); n > 0 {
			seconds++
		}
		before = after
	}
	return lines, seconds
}

// TestOneThingMoves: on no screen more than one element moves, and with no colors none does: what changes then changes
// a few times in the whole session.
func TestOneThingMoves(t *testing.T) {
	all := map[string]func(w, h int) Model{
		"working": func(w, h int) Model {
			m := toScan(&script{}, w, h)
			for _, msg := range typed("012345") {
				next, _ := m.Update(msg)
				m = next.(Model)
			}
			return m
		},
	}
	for name, open := range screens {
		all[name] = open
	}
	moved := 0
	for name, open := range all {
		synctest.Test(t, func(t *testing.T) {
			m := open(80, 24)
			const session = 2*time.Minute + 55*time.Second
			lines, _ := moving(m.restyle(dark, colorprofile.TrueColor), session)
			if lines > 2 { // two in the second in which one thing begins to move instead of another
				t.Errorf("%s: %d lines change at once", name, lines)
			}
			moved += lines
			if _, seconds := moving(m.restyle(dark, colorprofile.ASCII), session); seconds > 16 {
				t.Errorf("%s: without colors something changes in %d of 175 seconds", name, seconds)
			}
		})
	}
	if moved == 0 {
		t.Error("nothing moves at all, so this test sees nothing")
	}
}

// TestStill: without colors no spinner turns, and its tick is not even asked for.
func TestStill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for profile, spins := range map[colorprofile.Profile]bool{colorprofile.TrueColor: true, colorprofile.ASCII: false} {
			m := toScan(&script{answers: []flow.Event{mismatch}}, 80, 24).restyle(dark, profile)
			_, cmd := presses(m, typed("012345\n")...)
			ticks := false
			if batch, ok := cmd().(tea.BatchMsg); ok {
				for _, c := range batch {
					if c != nil {
						_, tick := c().(spinner.TickMsg)
						ticks = ticks || tick
					}
				}
			}
			if ticks != spins {
				t.Errorf("%s: the spinner turns: %v", profile, ticks)
			}
		}
		if c := toScan(&script{}, 80, 24).View().Cursor; c == nil || c.Blink {
			t.Error("the cursor blinks, or there is none")
		}
	})
}

// TestDeadline: the time left stands out near the end, and says the truth throughout.
func TestDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := toScan(&script{}, 80, 24).restyle(dark, colorprofile.TrueColor)
		for passed, want := range map[time.Duration]string{
			0: "3:00", 14 * time.Second: "2:45", 15 * time.Second: "2:45", 16 * time.Second: "2:30",
			2 * time.Minute: "1:00", 125 * time.Second: "0:55", 161 * time.Second: "0:19",
		} {
			m.now = func() time.Time { return start.Add(passed) }
			next, _ := m.Update(ticked(start))
			if text := screenText(next.(Model)); !strings.Contains(text, "At least "+want+" left") {
				t.Errorf("after %s it does not say %s:\n%s", passed, want, text)
			}
			style := m.palette.Quiet
			switch {
			case passed >= 160*time.Second:
				style = m.palette.Bad
			case passed >= 2*time.Minute:
				style = m.palette.Accent
			}
			if !strings.Contains(next.View().Content, style.Render("At least "+want+" left")) {
				t.Errorf("after %s it is not in the right color", passed)
			}
		}
	})
}

// TestFallsAway: what goes first in a low window goes first, whatever the height is.
func TestFallsAway(t *testing.T) {
	order := []string{"next code in", "Service", "(blank)", "cognito-enroll", "✓ Sign in", "At least", "Wait for the next code of"}
	synctest.Test(t, func(t *testing.T) {
		gone := map[string]int{} // by the height at which it is there no more
		for h := 30; h > 3; h-- {
			text := screenText(drive(toScan(&script{answers: []flow.Event{mismatch}}, 60, h), typed("000000")...))
			for _, what := range order {
				there := strings.Contains(text, what)
				if what == "(blank)" {
					there = strings.Contains(text, "\n\n  ✗")
				}
				if !there && gone[what] == 0 {
					gone[what] = h
				}
			}
			if !strings.Contains(text, "✗") && h > 8 {
				t.Errorf("at %d rows the problem is gone:\n%s", h, text)
			}
		}
		for i := range order[1:] {
			if gone[order[i]] < gone[order[i+1]] {
				t.Errorf("%q goes at %d rows, and %q at %d", order[i], gone[order[i]], order[i+1], gone[order[i+1]])
			}
		}
	})
}

// TestLargestDrawing: the QR code has whole cells where they fit, and all that is shown stands in the middle.
func TestLargestDrawing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, tt := range []struct {
			w, h int
			half bool
		}{{80, 24, true}, {120, 40, true}, {200, 40, true}, {133, 46, false}, {200, 50, false}} {
			text := screenText(toScan(&script{}, tt.w, tt.h))
			if got := strings.Contains(text, "▀"); got != tt.half {
				t.Errorf("%d×%d: half blocks: %v", tt.w, tt.h, got)
			}
		}
		for _, w := range []int{80, 99, 100, 200} {
			line, _, _ := strings.Cut(screenText(drive(newModel(&script{}, w, 24))), "\n")
			left := lipgloss.Width(line) - lipgloss.Width(strings.TrimLeft(line, " "))
			want := margin
			if w >= centers {
				want = (w - measure) / 2
			}
			if left != want {
				t.Errorf("%d columns: the header begins at %d, want %d", w, left, want)
			}
		}
	})
}

// TestKeys: all keys that work are named, on the first line of them or after ?, and those for what matters first.
func TestKeys(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := toScan(&script{}, 80, 24)
		m.graphics = true // so that there is another QR code
		last := func() string {
			lines := strings.Split(strings.TrimSuffix(screenText(m), "\n"), "\n")
			return lines[len(lines)-1]
		}
		first := last()
		if !strings.HasPrefix(first, "  enter send · ") || !strings.HasSuffix(first, "? more") {
			t.Errorf("the keys are %q", first)
		}
		m = drive(m, typed("?")...)
		second := last()
		for _, k := range []string{"s spell", "c copy", "h cover", "v other QR code", "esc back", "i invert", "ctrl+c quit"} {
			if !strings.Contains(first+second, k) {
				t.Errorf("%q is nowhere in %q and %q", k, first, second)
			}
		}
		if m = drive(m, typed("?")...); last() != first {
			t.Errorf("after the last keys come %q", last())
		}
		m = drive(newModel(&script{}, 80, 24), typed("what?")...)
		if text := screenText(m); !strings.Contains(text, "› what?") {
			t.Errorf("? is no letter in a name:\n%s", text)
		}
	})
}

// fellow is a Companion that counts.
type fellow struct{ faults int }

func (f *fellow) Shows(flow.Ask, time.Time) string { return "Demo phone: 012 345, for 9 s" }
func (f *fellow) Beside(a flow.Ask, l Look) []string {
	if !l.Counting {
		return []string{"phone of " + a.Account, "012 345"}
	}
	return []string{"phone of " + a.Account, "012 345", "9 s"}
}
func (f *fellow) Fills(a flow.Ask) flow.Ask {
	a.Fields = slices.Clone(a.Fields)
	for i, field := range a.Fields {
		if field.Key == "password" {
			a.Fields[i].Value = flow.NewSecret("hunter2")
		}
	}
	return a
}
func (f *fellow) Next() string { f.faults++; return fmt.Sprintf("Fault %d comes next.", f.faults) }

// TestScenarios: one is found by typing and begun with Enter, and nothing of its password is typed or shown; esc
// leads back.
func TestScenarios(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pool := &script{}
		scenario := func(user string) Scenario {
			return Scenario{Title: "As " + user, About: "this is " + user, Begin: func() (flow.State, flow.Answer, error) {
				if user == "nobody" {
					return flow.State{}, flow.Answer{}, fmt.Errorf("there is no %s", user)
				}
				return flow.Start(flow.Options{Issuer: "Acme", Username: user, Pool: "us-east-1_A"}), flow.Answer{
					Values: map[string]flow.Secret{"username": flow.NewSecret(user), "password": flow.NewSecret("hunter2")}}, nil
			}}
		}
		open := func(w int, users ...string) Model {
			c := Config{Pool: pool, Phone: &fellow{}, Now: func() time.Time { return start }}
			for _, user := range users {
				c.Scenarios = append(c.Scenarios, scenario(user))
			}
			c.Start = flow.Start(flow.Options{Issuer: "Acme"})
			m := New(context.Background(), c)
			return drive(drive(m, tea.WindowSizeMsg{Width: w, Height: 24}), m.Init()())
		}
		m := drive(open(80, "alice", "bob", "nobody"), typed("BO")...)
		if text := screenText(m); !strings.Contains(text, "› As bob") || strings.Contains(text, "alice") {
			t.Errorf("bob is not found:\n%s", text)
		}
		if text := m.View().Content; !strings.Contains(ansi.Strip(text), "esc show all") {
			t.Errorf("it is not said how to see all again:\n%s", text)
		}
		if text := m.View().Content; !regexp.MustCompile(`As \x1b\[m\x1b\[[0-9;]*\b4mb`).MatchString(text) {
			t.Errorf("what was found is not marked: %q", text)
		}
		if before := beforeCursor(m); !strings.HasSuffix(before, "› BO") {
			t.Errorf("the cursor does not stand behind what is searched for, but behind %q", before)
		}
		m = drive(m, tea.KeyPressMsg{Code: tea.KeyBackspace}, tea.KeyPressMsg{Code: tea.KeyEscape},
			tea.KeyPressMsg{Code: tea.KeyDown}, tea.KeyPressMsg{Code: tea.KeyDown})
		m = drive(m, typed("\n")...)
		if text := screenText(m); !strings.Contains(text, "✗ there is no nobody") {
			t.Errorf("it is not said why nothing begins:\n%s", text)
		}
		m = drive(m, typed("xyz")...)
		if text := screenText(m); !strings.Contains(text, "No scenario") {
			t.Errorf("nothing is said:\n%s", text)
		}
		pool.answers = []flow.Event{setup, associated}
		m = drive(open(120, "alice", "bob"), tea.KeyPressMsg{Code: tea.KeyDown}, tea.KeyPressMsg{Code: tea.KeyUp})
		m = drive(m, typed("\n")...)
		if call := pool.calls[len(pool.calls)-1].(flow.SignIn); call.Username != "alice" || call.Password.Reveal() != "hunter2" {
			t.Errorf("the sign-in is that of %q", call.Username)
		}
		if text := screenText(m); !strings.Contains(text, "phone of alice") || !strings.Contains(text, "Acme · us-east-1_A") ||
			!strings.Contains(text, "esc scenarios") {
			t.Errorf("no phone stands beside the wizard, or no way leads back:\n%s", text)
		}
		if text := screenText(m); !strings.Contains(text, "ctrl+n next fault") {
			t.Errorf("beside a name the key for the next fault is not told:\n%s", text)
		}
		m = drive(m, tea.KeyPressMsg{Code: 'n', Mod: tea.ModCtrl})
		if text := screenText(m); !strings.Contains(text, "Fault 1 comes next.") {
			t.Errorf("the fault is not named:\n%s", text)
		}
		if text := screenText(drive(m, tea.KeyPressMsg{Code: tea.KeyEscape})); !strings.Contains(text, "› As alice") {
			t.Errorf("esc does not lead back to the scenarios:\n%s", text)
		}
		m = drive(m, typed("\n")...)
		if text := screenText(m); !strings.Contains(text, "012 345") || !strings.Contains(text, "9 s") ||
			strings.Contains(text, "next code in") || strings.Contains(text, "Fault") {
			t.Errorf("beside the QR code:\n%s", text)
		}
		if text := screenText(drive(m, typed("n")...)); !strings.Contains(text, "Fault 2 comes next.") {
			t.Errorf("n does not name the fault:\n%s", text)
		}
		m = drive(m, tea.WindowSizeMsg{Width: 109, Height: 24})
		if text := screenText(m); strings.Contains(text, "012 345") {
			t.Errorf("the phone takes room that there is not:\n%s", text)
		}
		if text := screenText(drive(m, typed("p")...)); !strings.Contains(text, "Demo phone: 012 345") {
			t.Errorf("p shows no phone:\n%s", text)
		}
		pool.answers = []flow.Event{refuse(flow.Retry, flow.CodeWrongPassword, "password", "the password is wrong", "")}
		m = open(80, "alice")
		if text := screenText(m); !strings.Contains(text, "The password is wrong") || !strings.Contains(text, "•••••••") {
			t.Errorf("the password is not filled in again beside a problem:\n%s", text)
		}
		pool.answers = []flow.Event{setup}
		m = open(80, "alice")
		if text := screenText(m); !strings.Contains(text, "Device name") || strings.Contains(text, "esc scenarios") {
			t.Errorf("the only scenario does not begin at once:\n%s", text)
		}
	})
}
