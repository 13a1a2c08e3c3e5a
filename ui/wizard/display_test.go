package wizard

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"

	"cognito-enroll/flow"
	"cognito-enroll/ui"
	"cognito-enroll/ui/qrcode"
)

// exposed reports which of the QR code and the key can be seen.
func exposed(m Model) (code, key bool) {
	text := screenText(m)
	return strings.Contains(text, "▀"), strings.Contains(text, "GEZD") || strings.Contains(text, "Golf")
}

func wantExposed(t *testing.T, m Model, want bool, when string) {
	t.Helper()
	if code, key := exposed(m); code != want || key != want {
		t.Errorf("%s: the QR code is seen: %v, the key is seen: %v; want %v\n%s", when, code, key, want, screenText(m))
	}
}

func TestCover(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		now := start
		open := func(cover bool, answers ...flow.Event) Model {
			m := New(context.Background(), Config{
				Start: flow.Start(flow.Options{Issuer: "Acme"}), Cover: cover,
				Pool: &script{answers: append([]flow.Event{setup, associated}, answers...)},
				Now:  func() time.Time { return now },
			})
			m = drive(m, tea.WindowSizeMsg{Width: 80, Height: 24})
			return drive(m, append(typed("alice\nhunter2\n"), typed("\n")...)...)
		}
		m := open(true, mismatch)
		wantExposed(t, m, false, "at first")
		m = drive(m, typed("s")...)
		wantExposed(t, m, false, "after a key that spells")
		m = drive(m, typed("h")...)
		wantExposed(t, m, true, "after h")
		m = drive(m, typed("000000")...)
		wantExposed(t, m, true, "after a wrong code")
		m = drive(m, tea.BlurMsg{})
		wantExposed(t, m, false, "when the terminal loses the focus")
		m = drive(m, tea.FocusMsg{})
		wantExposed(t, m, false, "when it has the focus again")
		m = drive(m, typed("h")...)
		now = now.Add(59 * time.Second)
		next, _ := m.Update(ticked(now))
		m = next.(Model)
		wantExposed(t, m, true, "after 59 seconds")
		now = now.Add(time.Second)
		next, _ = m.Update(ticked(now))
		m = next.(Model)
		wantExposed(t, m, false, "after a minute")
		if !m.View().ReportFocus {
			t.Error("the terminal is not asked to report the focus")
		}

		m = open(false)
		wantExposed(t, m, true, "without --cover")
		m = drive(m, tea.BlurMsg{})
		wantExposed(t, m, true, "without --cover and focus")
		if m.View().ReportFocus {
			t.Error("the terminal is asked to report the focus for nothing")
		}
		suspend := tea.KeyPressMsg{Code: 'z', Mod: tea.ModCtrl}
		next, cmd := m.Update(suspend)
		m = next.(Model)
		if cmd != nil {
			t.Error("ctrl+z stops a process in which there may be others")
		}
		wantExposed(t, m, true, "when it cannot be suspended")
		m.suspend = true
		next, cmd = m.Update(suspend)
		m = next.(Model)
		if _, ok := cmd().(tea.SuspendMsg); !ok {
			t.Error("ctrl+z does not suspend")
		}
		wantExposed(t, m, false, "when suspended")
	})
}

func TestSpell(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		text := screenText(drive(toScan(&script{}, 80, 24), typed("s")...))
		for i, g := range ui.Groups(testKey) {
			if !strings.Contains(text, fmt.Sprintf("%2d %s ", i+1, g)) {
				t.Errorf("group %d, %s, is not on the screen:\n%s", i+1, g, text)
			}
		}
		if !strings.Contains(text, "GEZ  Golf Echo Zulu") {
			t.Errorf("the last group is not in words:\n%s", text)
		}
	})
}

// The request goes to the terminal, in whatever stands in between; the screen promises nothing.
func TestCopy(t *testing.T) {
	for mux, want := range map[Multiplexer]string{
		NoMultiplexer: ansi.SetSystemClipboard(testKey),
		Tmux:          ansi.SetSystemClipboard(testKey) + ansi.TmuxPassthrough(ansi.SetSystemClipboard(testKey)),
		GNUScreen:     ansi.SetSystemClipboard(testKey) + ansi.ScreenPassthrough(ansi.SetSystemClipboard(testKey), 0),
	} {
		synctest.Test(t, func(t *testing.T) {
			m := toScan(&script{}, 80, 24)
			m.multiplexer = mux
			next, cmd := m.Update(tea.KeyPressMsg{Code: 'c', Text: "c"})
			if raw, ok := cmd().(tea.RawMsg); !ok || raw.Msg != want {
				t.Errorf("%q: the command is %q", mux, raw.Msg)
			}
			if text := screenText(next.(Model)); !strings.Contains(text, "Asked your terminal to copy") {
				t.Errorf("nothing is said:\n%s", text)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		m := toScan(&script{}, 80, 24)
		m.display.clipboard = forbidden
		next, cmd := m.Update(tea.KeyPressMsg{Code: 'c', Text: "c"})
		if text := screenText(next.(Model)); cmd != nil || strings.Contains(text, "copy") {
			t.Errorf("a terminal that may not copy is asked to:\n%s", text)
		}
	})
}

// TestClear: who copied the key is offered to have the clipboard cleared at the end, and only then; it is
// never cleared unasked.
func TestClear(t *testing.T) {
	c := tea.KeyPressMsg{Code: 'c', Text: "c"}
	for _, copies := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			m := toScan(&script{answers: enrolled}, 80, 24)
			m.multiplexer = Tmux
			if copies {
				next, _ := m.Update(c)
				m = next.(Model)
				if text := screenText(m); !strings.Contains(text, "in the clipboard.") {
					t.Errorf("it is not said that the key stays there:\n%s", text)
				}
			}
			m = drive(m, typed("012345")...)
			if text := screenText(m); strings.Contains(text, "c clear the clipboard") != copies ||
				strings.Contains(text, "may still be in your clipboard") != copies {
				t.Errorf("copied %v:\n%s", copies, text)
			}
			next, cmd := m.Update(c)
			if (cmd != nil) != copies {
				t.Fatalf("copied %v: the command is %v", copies, cmd)
			}
			if !copies {
				return
			}
			want := ansi.ResetSystemClipboard + ansi.TmuxPassthrough(ansi.ResetSystemClipboard)
			if raw, ok := cmd().(tea.RawMsg); !ok || raw.Msg != want {
				t.Errorf("the command is %q", raw.Msg)
			}
			if text := screenText(next.(Model)); !strings.Contains(text, "Asked your terminal to clear") ||
				strings.Contains(text, "c clear") {
				t.Errorf("after it:\n%s", text)
			}
			if _, cmd := next.Update(c); cmd != nil {
				t.Error("it is cleared twice")
			}
		})
	}
}

// A terminal that is not UTF-8 gets no other characters than ASCII from us.
func TestASCII(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := toScan(&script{answers: []flow.Event{mismatch}}, 60, 20) // no room for a QR code
		m.ascii = true
		for _, msg := range append(typed("000000"), tea.KeyPressMsg{Code: tea.KeyEscape}) {
			m = drive(m, msg)
			content := ansi.Strip(m.View().Content)
			if i := strings.IndexFunc(content, func(r rune) bool { return r > 126 }); i >= 0 {
				t.Fatalf("%q is on the screen:\n%s", []rune(content[i:])[0], content)
			}
		}
	})
}

// The link to the entry is for terminals that know hyperlinks, and goes when the key is covered.
func TestLink(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := toScan(&script{}, 132, 43)
		link := []byte("\x1b]8;;otpauth://totp/Acme%20Staging:")
		if !bytes.Contains([]byte(m.View().Content), link) {
			t.Error("there is no link")
		}
		if bytes.Contains([]byte(drive(m, typed("h")...).View().Content), link) {
			t.Error("the covered key is in a link")
		}
	})
}

// The colors, which the other goldens leave out, on a dark background, on a light one, and where there are
// none. An escape character is shown as ␛.
func TestPalettes(t *testing.T) {
	for name, open := range screens {
		for size, s := range sizes {
			t.Run(strings.ReplaceAll(name, " ", "-")+"/"+size, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					var out strings.Builder
					for _, l := range []struct {
						name    string
						on      background
						profile colorprofile.Profile
					}{{"dark", dark, colorprofile.TrueColor}, {"light", light, colorprofile.TrueColor},
						{"no colors", unknown, colorprofile.ASCII}} {
						fmt.Fprintf(&out, "== %s\n", l.name)
						w := colorprofile.Writer{Forward: &out, Profile: l.profile} // as Bubble Tea does
						if _, err := w.WriteString(open(s[0], s[1]).restyle(l.on, l.profile).View().Content + "\n"); err != nil {
							t.Fatal(err)
						}
					}
					golden.RequireEqual(t, []byte(strings.ReplaceAll(out.String(), "\x1b", "␛")))
				})
			})
		}
	}
}

// v goes through the styles that draw something and i inverts them, and both are told to whoever remembers. What draws
// nothing is never remembered, nor what was not chosen, as there is nothing else; then v is not among the keys.
func TestStyles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var kept []string
		m := toScan(&script{}, 200, 100)
		m.display.keep = func(s qrcode.Style, invert bool) { kept = append(kept, fmt.Sprintf("%s %v", s, invert)) }
		m = drive(m, typed("vvvvi")...)
		if want := []string{"ascii false", "half false", "full false", "ascii false", "ascii true"}; !slices.Equal(kept, want) {
			t.Errorf("kept %q, want %q", kept, want)
		}
		inverted := drive(m, typed("i")...)
		if m.View().Content == inverted.View().Content {
			t.Error("i changes nothing")
		}
	})
	for _, tt := range []struct {
		name          string
		style         qrcode.Style
		asked         bool
		width, height int
		keys          string
		code          bool   // is shown after them
		kept, says    string // of the last key; what is said
	}{
		{"liked, too large", qrcode.Full, false, 80, 24, "", true, "", "h cover · esc back"},
		{"the only one", qrcode.Auto, false, 80, 24, "v", true, "", "h cover · esc back"},
		{"one of several", qrcode.Auto, false, 200, 100, "vv", true, "half false", "v other QR code"},
		{"asked for, too large", qrcode.Full, true, 80, 24, "", false, "", "Press v for one that fits, or enlarge"},
		{"asked for, then another", qrcode.Full, true, 80, 24, "v", true, "half false", "h cover · esc back"},
		{"asked for, not inverted", qrcode.Full, true, 80, 24, "i", false, "", "This QR code needs"},
		{"none, then one", qrcode.None, true, 80, 24, "v", true, "half false", "h cover · esc back"},
		{"none, not inverted", qrcode.None, true, 80, 24, "i", false, "", "You turned off the QR code"},
		{"nothing fits", qrcode.Auto, false, 60, 20, "v", false, "", "Enlarge it, or use a smaller font"},
		{"nothing fits, not inverted", qrcode.Auto, false, 60, 20, "i", false, "", "QR code needs"},
		{"graphics in tmux", qrcode.Sixel, true, 80, 24, "", false, "", "A Sixel graphic does not get through"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				kept := ""
				m := toScan(&script{}, tt.width, tt.height)
				m.multiplexer = Tmux
				m.display.style, m.display.asked = tt.style, tt.asked
				m.display.keep = func(s qrcode.Style, invert bool) { kept = fmt.Sprintf("%s %v", s, invert) }
				m = drive(m, typed(tt.keys)...)
				text := strings.Join(strings.Fields(screenText(m)), " ")
				if code := strings.Contains(text, "▀"); code != tt.code || kept != tt.kept {
					t.Errorf("the QR code is shown: %v, kept %q", code, kept)
				}
				if !strings.Contains(text, tt.says) {
					t.Errorf("%q is not said:\n%s", tt.says, screenText(m))
				}
			})
		})
	}
}

// TestWhyNoCode: what is said in place of a QR code is so: the size that it needs is one at which it is drawn, the size
// of the window is the window's, and what is to be done about UTF-8 is for who can do it.
func TestWhyNoCode(t *testing.T) {
	needs := regexp.MustCompile(`needs (\d+)[×x](\d+) cells, and \S+ window has (\d+)[×x](\d+)`)
	number := func(text string) int { n, _ := strconv.Atoi(text); return n }
	synctest.Test(t, func(t *testing.T) {
		for _, tt := range []struct {
			name          string
			change        func(*Model)
			width, height int
			says, not     string
		}{
			{"small", func(*Model) {}, 60, 20, "Enlarge it", "LC_ALL"},
			{"full asked for", func(m *Model) { m.display.style, m.display.asked = qrcode.Full, true }, 80, 24, "Press v", "LC_ALL"},
			{"full asked for, beside a phone", func(m *Model) { m.display.style, m.display.asked = qrcode.Full, true }, 120, 30,
				"Press v", "LC_ALL"},
			{"full asked for, without UTF-8", func(m *Model) {
				m.ascii, m.doubtful, m.display.style, m.display.asked = true, true, qrcode.Full, true
			}, 80, 24, "Enlarge it", "LC_ALL"},
			{"without UTF-8", func(m *Model) { m.ascii, m.doubtful = true, true }, 80, 24, "LC_ALL=C.UTF-8", "tmux"},
			{"without UTF-8 in tmux", func(m *Model) { m.ascii, m.doubtful, m.tmux = true, true, true }, 80, 24, "tmux -u", "LC_ALL"},
			{"low, beside a phone", func(*Model) {}, 200, 12, "Enlarge it", "LC_ALL"},
		} {
			m := toScan(&script{}, tt.width, tt.height)
			m.phone = &fellow{}
			tt.change(&m)
			text := strings.Join(strings.Fields(screenText(m)), " ")
			found := needs.FindStringSubmatch(text)
			if found == nil || !strings.Contains(text, tt.says) || strings.Contains(text, tt.not) {
				t.Errorf("%s:\n%s", tt.name, screenText(m))
				continue
			}
			if number(found[3]) != tt.width || number(found[4]) != tt.height {
				t.Errorf("%s: the window is said to have %s×%s", tt.name, found[3], found[4])
			}
			for less, want := range []bool{true, false} {
				w, h := number(found[1])-less, number(found[2])-less
				m = drive(m, tea.WindowSizeMsg{Width: w, Height: h})
				if got := m.display.pictured(m.frame(m.ask)); got != want {
					t.Errorf("%s: in a window of %d×%d there is a QR code: %t\n%s", tt.name, w, h, got, screenText(m))
				}
			}
		}
	})
}

// A window that is too small for the whole URI gets a shorter one, and then a shorter name.
func TestShorterEntries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, tt := range []struct {
			issuer, account string
			cut             bool
		}{
			{"Acme Staging 123", "firstname.lastname@acme.examples", false}, // 16 and 32
			{"Acme Production Portal", "firstname.lastname@subsidiary.acme.example.com", true},
		} {
			m := New(context.Background(), Config{Start: flow.Start(flow.Options{Issuer: tt.issuer}),
				Pool: &script{answers: []flow.Event{setup, associated}}})
			m = drive(m, tea.WindowSizeMsg{Width: 80, Height: 24})
			m = drive(m, append(typed(tt.account+"\nhunter2\n"), typed("\n")...)...)
			text := screenText(m)
			for _, want := range []string{"▀", "GEZD GNBV", "Code", "At least"} {
				if !strings.Contains(text, want) {
					t.Errorf("%s, %s: %q is missing:\n%s", tt.issuer, tt.account, want, text)
				}
			}
			if cut := strings.Contains(text, "account is cut"); cut != tt.cut {
				t.Errorf("%s, %s: cut: %v\n%s", tt.issuer, tt.account, cut, text)
			}
		}
	})
}

// A graphic is sent when its cells have been drawn, again in case they were not, and wiped when the key
// is covered: Bubble Tea would not touch it, because the cells below are blank as before.
func TestSixel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := toScan(&script{}, 80, 24)
		m.display.style, m.sends = qrcode.Sixel, 2
		sent := func(msg tea.Msg) (graphic, wiped bool) {
			next, cmd := m.Update(msg)
			m = next.(Model)
			if cmd == nil {
				return
			}
			msgs := []tea.Msg{cmd()}
			if batch, ok := msgs[0].(tea.BatchMsg); ok {
				msgs = nil
				for _, c := range batch {
					if c != nil {
						msgs = append(msgs, c())
					}
				}
			}
			for _, msg := range msgs {
				raw, ok := msg.(tea.RawMsg)
				graphic = graphic || ok && strings.Contains(fmt.Sprint(raw.Msg), "\x1bP0;1;0q")
				wiped = wiped || fmt.Sprintf("%T", msg) == fmt.Sprintf("%T", tea.ClearScreen())
			}
			return
		}
		for i, want := range []bool{true, true, false} {
			if graphic, wiped := sent(ticked(start)); graphic != want || wiped {
				t.Errorf("tick %d: sent %v, wiped %v", i, graphic, wiped)
			}
		}
		sent(tea.WindowSizeMsg{Width: 81, Height: 24})
		if graphic, _ := sent(ticked(start)); !graphic {
			t.Error("after a change of size it is not sent")
		}
		if _, wiped := sent(tea.KeyPressMsg{Code: 'h', Text: "h"}); !wiped {
			t.Error("covered, it is not wiped")
		}
		if graphic, _ := sent(ticked(start)); graphic {
			t.Error("covered, it is sent")
		}
	})
}
