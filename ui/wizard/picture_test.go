package wizard

import (
	"reflect"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"cognito-enroll/flow"
	"cognito-enroll/ui/qrcode"
)

// What counts down moves each second, or at the pace that was asked for.
func TestPace(t *testing.T) {
	for pace, want := range map[time.Duration]time.Duration{0: time.Second, 5 * time.Second: 5 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			m := New(t.Context(), Config{Pace: pace, Theme: Dark, Start: flow.Start(flow.Options{})})
			began, times := time.Now(), 0
			for msgs := []tea.Msg{m.Init()()}; times < 3; msgs = msgs[1:] {
				switch msg := msgs[0].(type) {
				case tea.BatchMsg:
					for _, cmd := range msg {
						msgs = append(msgs, cmd())
					}
				case ticked:
					times++
					if after := time.Since(began); after != want*time.Duration(times) {
						t.Errorf("tick %d comes after %v", times, after)
					}
					_, cmd := m.Update(msg)
					msgs = append(msgs, cmd())
				}
			}
		})
	}
}

// Whatever changes what the QR code looks like, it is never that of before, and it is drawn only then. When the key
// is through, its picture is forgotten.
func TestPicture(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := toScan(&script{answers: enrolled}, 80, 24)
		check := func(what any) {
			t.Helper()
			m.View()
			f := m.frame(m.state.Ask())
			entry, drawn, err := f.draw()
			e, d, again := f.drawAnew()
			if entry != e || !reflect.DeepEqual(drawn, d) || !reflect.DeepEqual(err, again) {
				t.Errorf("after %v the QR code is an old one:\n%q, not\n%q", what, drawn.Lines, d.Lines)
			}
			const most = 3 // to compare
			if n := testing.AllocsPerRun(10, func() { f.draw() }); n > most {
				t.Errorf("after %v it is drawn for each frame: %v allocations", what, n)
			}
			shortest := f.ask.Enroll.Shorter[len(f.ask.Enroll.Shorter)-1]
			if got, want := f.fitting(), qrcode.Fitting(shortest.URI.Reveal(), f.room()); !slices.Equal(got, want) {
				t.Errorf("after %v the styles that fit are %v, not %v", what, got, want)
			}
			if n := testing.AllocsPerRun(10, func() { f.otherStyle() }); n > 2*most {
				t.Errorf("after %v each style is drawn for each frame: %v allocations", what, n)
			}
		}
		check("the start")
		for _, msg := range []tea.Msg{
			tea.KeyPressMsg{Code: 'i', Text: "i"}, tea.KeyPressMsg{Code: 'v', Text: "v"},
			tea.WindowSizeMsg{Width: 132, Height: 43}, tea.KeyPressMsg{Code: 'v', Text: "v"},
			tea.ColorProfileMsg{Profile: colorprofile.ASCII}, tea.KeyPressMsg{Code: 'v', Text: "v"},
			tea.ColorProfileMsg{Profile: colorprofile.ANSI}, tea.KeyPressMsg{Code: 'v', Text: "v"},
			tea.WindowSizeMsg{Width: 70, Height: 24}, tea.WindowSizeMsg{Width: 80, Height: 20},
			tea.WindowSizeMsg{Width: 80, Height: 24},
		} {
			m = drive(m, msg)
			check(msg)
		}
		for _, background := range []background{dark, light} {
			m = m.restyle(background, colorprofile.ASCII)
			check(background)
		}
		m.display.style, m.display.invert = qrcode.Half, false
		m.ascii = true
		check("a terminal without UTF-8")
		m.ascii = false
		f := m.frame(m.state.Ask())
		_, before, _ := f.draw()
		f.ask.Enroll.URI = flow.NewSecret("otpauth://totp/another?secret=GEZDGNBVGY3TQOJQ")
		if _, drawn, err := f.draw(); err != nil || reflect.DeepEqual(drawn, before) {
			t.Errorf("another key has the picture of the one before, %v", err)
		}
		m = drive(m, typed("123456")...)
		if m.state.Ask().Enroll != nil {
			t.Fatal("the key is still there")
		}
		if !reflect.DeepEqual(*m.picture, picture{}) {
			t.Error("the picture is kept when the key is through")
		}
	})
}
