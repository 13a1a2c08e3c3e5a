package wizard

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	uv "github.com/charmbracelet/ultraviolet"

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
