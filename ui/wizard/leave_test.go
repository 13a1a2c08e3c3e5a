package wizard

import (
	"fmt"
	"image/color"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"

	"cognito-enroll/flow"
	"cognito-enroll/ui"
)

// TestOwedAnswers: who leaves waits for what the terminal owes, not for ever, and not if they do not want to.
func TestOwedAnswers(t *testing.T) {
	ctrlC, ctrlZ := tea.KeyPressMsg{Code: 'c', Mod: tea.ModCtrl}, tea.KeyPressMsg{Code: 'z', Mod: tea.ModCtrl}
	for _, tt := range []struct {
		name  string
		began time.Duration // ago
		msgs  []tea.Msg
		waits bool // after the first of these, which leaves
		how   tea.Msg
	}{
		{"answered before", 0, []tea.Msg{uv.PrimaryDeviceAttributesEvent{1}, ctrlC}, false, tea.InterruptMsg{}},
		{"answered after", 0, []tea.Msg{ctrlC, uv.PrimaryDeviceAttributesEvent{1}}, true, tea.InterruptMsg{}},
		{"never answered", 0, []tea.Msg{ctrlC, timeUp{}}, true, tea.InterruptMsg{}},
		{"twice", 0, []tea.Msg{ctrlC, ctrlC}, true, tea.InterruptMsg{}},
		{"long ago", 4 * time.Second, []tea.Msg{ctrlC}, false, tea.InterruptMsg{}},
		{"a key", 0, []tea.Msg{ctrlC, tea.KeyPressMsg{Code: 'a', Text: "a"}, timeUp{}}, true, tea.InterruptMsg{}},
		{"suspended, answered before", 0, []tea.Msg{uv.PrimaryDeviceAttributesEvent{1}, ctrlZ}, false, tea.SuspendMsg{}},
		{"suspended, answered after", 0, []tea.Msg{ctrlZ, uv.PrimaryDeviceAttributesEvent{1}}, true, tea.SuspendMsg{}},
		{"suspended at once", 0, []tea.Msg{ctrlZ, ctrlC}, true, tea.SuspendMsg{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var m tea.Model = New(t.Context(), Config{Start: flow.Start(flow.Options{}), Suspend: true})
			m, _ = m.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
			m, _ = m.Update(asking(time.Now().Add(-tt.began)))
			var cmd tea.Cmd
			for i, msg := range tt.msgs {
				m, cmd = m.Update(msg)
				waiting := strings.Contains(m.View().Content, ui.WaitingForAnswers)
				if last := i == len(tt.msgs)-1; waiting != (tt.waits && !last) {
					t.Errorf("after %T it says that it waits: %v", msg, waiting)
				} else if last && (cmd == nil || cmd() != tt.how) {
					t.Error("it does not end")
				}
			}
		})
	}
}

// TestUTF8: a terminal whose locale is no UTF-8 is asked, and what it answers counts. Nothing waits for it, and who
// leaves meanwhile is not shown the question.
func TestUTF8(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		screen := func(m Model) string { return strings.Join(strings.Fields(screenText(m)), " ") }
		ask := func(m Model, ask bool) (Model, string) {
			m.ascii, m.doubtful, m.asksUTF8 = true, true, ask
			next, cmd := m.Update(asked{})
			sent := ""
			for _, msg := range unfolded(cmd) {
				if raw, ok := msg.(tea.RawMsg); ok {
					sent += fmt.Sprint(raw.Msg)
				}
				next, _ = next.Update(msg)
			}
			return next.(Model), sent
		}
		for _, tt := range []struct {
			name string
			asks bool
			msgs []tea.Msg
			code bool   // the QR code is shown
			says string // if not
		}{
			{"takes it", true, []tea.Msg{tea.CursorPositionMsg{X: 1, Y: 1}}, true, ""},
			{"takes it, late", true, []tea.Msg{ticked(start), tea.KeyPressMsg{Code: '1', Text: "1"},
				tea.CursorPositionMsg{X: 1, Y: 1}}, true, ""},
			{"shows Latin-1", true, []tea.Msg{tea.CursorPositionMsg{X: 2, Y: 1}}, false, "The QR code needs"},
			{"is mute", true, []tea.Msg{ticked(start)}, false, "start again with LC_ALL=C.UTF-8"},
			{"is not asked", false, []tea.Msg{ticked(start)}, false, "start again with LC_ALL=C.UTF-8"},
			{"is not asked, answers", false, []tea.Msg{tea.CursorPositionMsg{X: 5}}, false, "start again with LC_ALL"},
		} {
			m, sent := ask(toScan(&script{}, 80, 24), tt.asks)
			if asks := strings.Contains(sent, ui.AskUTF8); asks != tt.asks ||
				!strings.HasSuffix(sent, ansi.RequestPrimaryDeviceAttributes) {
				t.Errorf("%s: %q is sent", tt.name, sent)
			}
			if text := screen(m); !strings.Contains(text, "Code >") || strings.Contains(text, "\u2580") {
				t.Errorf("%s: before the answer:\n%s", tt.name, text)
			}
			for _, msg := range tt.msgs {
				next, _ := m.Update(msg)
				m = next.(Model)
			}
			if text := screen(m); strings.Contains(text, "\u2580") != tt.code || !strings.Contains(text, tt.says) {
				t.Errorf("%s: the QR code is to be shown: %v, and %q is to be said:\n%s", tt.name, tt.code, tt.says, text)
			}
		}
		// Where no locale is set the QR code is drawn at once, and is taken away where the terminal cannot show it.
		for x, code := range map[int]bool{1: true, 3: false} {
			m := toScan(&script{}, 80, 24)
			m.asksUTF8 = true
			if text := screen(m); !strings.Contains(text, "\u2580") {
				t.Errorf("nothing is drawn before the answer:\n%s", text)
			}
			next, _ := m.Update(tea.CursorPositionMsg{X: x, Y: 1})
			if text := screen(next.(Model)); strings.Contains(text, "\u2580") != code {
				t.Errorf("the cursor is in column %d, and the QR code is drawn: %v\n%s", x+1, !code, text)
			}
		}
		leaving, _ := toScan(&script{}, 80, 24).leave(tea.Quit)
		if _, sent := ask(leaving, true); sent != ansi.RequestPrimaryDeviceAttributes {
			t.Errorf("who leaves sees %q", sent)
		}
	})
}

// unfolded are the messages of a command, in their order.
func unfolded(cmd tea.Cmd) (msgs []tea.Msg) {
	if cmd == nil {
		return nil
	}
	msg := cmd()
	batch, ok := msg.(tea.BatchMsg)
	if !ok {
		return []tea.Msg{msg}
	}
	for _, c := range batch {
		msgs = append(msgs, unfolded(c)...)
	}
	return msgs
}

// TestGraphics: v offers Sixel where the terminal tells that it shows that, in the size of its cells.
func TestGraphics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, tt := range []struct {
			name        string
			attributes  uv.PrimaryDeviceAttributesEvent
			multiplexer Multiplexer
			want        string // how the graphic begins; "" for none
		}{
			{"xterm as a VT340", uv.PrimaryDeviceAttributesEvent{63, 1, 2, 4, 6}, NoMultiplexer, "\"1;1;450;450"},
			{"xterm", uv.PrimaryDeviceAttributesEvent{64, 1, 2, 6}, NoMultiplexer, ""},
			{"tmux", uv.PrimaryDeviceAttributesEvent{1, 2, 4}, Tmux, ""},
		} {
			m := toScan(&script{}, 80, 24)
			m.multiplexer = tt.multiplexer
			next, cmd := m.Update(asked{})
			if asks := strings.Contains(fmt.Sprint(unfolded(cmd)), askCell); asks != (tt.multiplexer == NoMultiplexer) {
				t.Errorf("%s: it is asked for the size of a cell: %v", tt.name, asks)
			}
			for _, msg := range []tea.Msg{uv.CellSizeEvent{Width: 10, Height: 20}, tt.attributes} {
				next, _ = next.Update(msg)
			}
			m = drive(next.(Model), typed("v")...)
			if got := m.graphic(); (tt.want == "") != (got == "") || !strings.Contains(got, tt.want) {
				t.Errorf("%s: the graphic is %.60q", tt.name, got)
			}
			if m = drive(m, typed("v")...); m.graphic() != "" {
				t.Errorf("%s: v does not go on", tt.name)
			}
		}
	})
}

// TestInks: a terminal whose theme changes the two colors of the QR code gets a caution.
func TestInks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, tt := range []struct {
			profile colorprofile.Profile
			answers []string
			faded   bool
		}{
			{colorprofile.ANSI256, []string{"232;rgb:0808/0808/0808\x1b\\", "231;rgb:ffff/ffff/ffff\x1b\\"}, false},
			{colorprofile.ANSI256, []string{"232;rgb:f8f8/f8f8/f8f8\a", "231;rgb:ffff/ffff/ffff\a"}, true},
			{colorprofile.ANSI256, []string{"232;rgb:ff/ff/ff\a", "231;rgb:00/00/00\a"}, true},
			{colorprofile.ANSI256, []string{"231;rgb:0000/0000/0000\a"}, false}, // the other is not known
			{colorprofile.ANSI256, []string{"232;\a", "231;rgb:x\a", "", "7;rgb:0/0/0"}, false},
			{colorprofile.TrueColor, []string{"232;rgb:f8f8/f8f8/f8f8\a", "231;rgb:ffff/ffff/ffff\a"}, false},
		} {
			m := toScan(&script{}, 80, 24).restyle(light, tt.profile)
			next, cmd := m.Update(asked{})
			if asks := strings.Contains(fmt.Sprint(unfolded(cmd)), askInks); asks != (tt.profile == colorprofile.ANSI256) {
				t.Errorf("%v: it is asked for the colors: %v", tt.profile, asks)
			}
			for _, answer := range tt.answers {
				next, _ = next.Update(uv.UnknownOscEvent("\x1b]4;" + answer))
			}
			text := strings.Join(strings.Fields(screenText(next.(Model))), " ")
			if faded := strings.Contains(strings.ReplaceAll(text, "▀", ""), "try another theme"); faded != tt.faded {
				t.Errorf("%v, %q: there is a caution: %v\n%s", tt.profile, tt.answers, faded, screenText(next.(Model)))
			}
		}
	})
}

// TestSupposedBackground: what the environment tells of the background counts until the terminal tells better.
func TestSupposedBackground(t *testing.T) {
	for _, tt := range []struct {
		theme, supposed Theme
		answer          tea.Msg
		before, after   background
		asks            bool
	}{
		{Auto, Light, nil, light, light, true},
		{"", Dark, tea.BackgroundColorMsg{Color: color.White}, dark, light, true},
		{Dark, Light, nil, dark, dark, false},
		{Auto, "", nil, unknown, unknown, true},
	} {
		m := New(t.Context(), Config{Start: flow.Start(flow.Options{}), Theme: tt.theme, Background: tt.supposed})
		before := m.palette.background
		if tt.answer != nil {
			next, _ := m.Update(tt.answer)
			m = next.(Model)
		}
		if before != tt.before || m.palette.background != tt.after || m.asksBackground != tt.asks {
			t.Errorf("%+v: %v, then %v; asked: %v", tt, before, m.palette.background, m.asksBackground)
		}
	}
}

// TestResume: after ctrl+z the wizard is there again, and asks the terminal again, as Bubble Tea does.
func TestResume(t *testing.T) {
	var m tea.Model = New(t.Context(), Config{Start: flow.Start(flow.Options{}), Suspend: true})
	m, _ = m.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
	before := m.View().Content
	m, _ = m.Update(tea.KeyPressMsg{Code: 'z', Mod: tea.ModCtrl})
	if m.View().Content != "" {
		t.Errorf("it leaves this on the screen:\n%s", m.View().Content)
	}
	m, cmd := m.Update(tea.ResumeMsg{})
	if got := m.View().Content; got != before {
		t.Errorf("it goes on with\n%s\nwant\n%s", got, before)
	}
	if cmd == nil {
		t.Fatal("it does not ask")
	}
	for _, cmd := range cmd().(tea.BatchMsg) {
		m, _ = m.Update(cmd())
	}
	m, _ = m.Update(tea.KeyPressMsg{Code: 'z', Mod: tea.ModCtrl})
	if !strings.Contains(m.View().Content, ui.WaitingForAnswers) {
		t.Error("it does not wait for what it asked when it went on")
	}
}

// TestImpatient: a key that is pressed while the program ends changes nothing.
func TestImpatient(t *testing.T) {
	var m tea.Model = New(t.Context(), Config{Start: flow.Start(flow.Options{})})
	ctrlC := tea.KeyPressMsg{Code: 'c', Mod: tea.ModCtrl}
	m, first := m.Update(ctrlC)
	_, second := m.Update(ctrlC)
	if first == nil || first() != tea.Interrupt() || second != nil {
		t.Error("the second key ends what the first has ended")
	}
}
