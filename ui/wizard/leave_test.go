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
	ctrlC := tea.KeyPressMsg{Code: 'c', Mod: tea.ModCtrl}
	for _, tt := range []struct {
		name  string
		began time.Duration // ago
		msgs  []tea.Msg
		waits bool // after the first of these, which leaves
	}{
		{"answered before", 0, []tea.Msg{uv.PrimaryDeviceAttributesEvent{1}, ctrlC}, false},
		{"answered after", 0, []tea.Msg{ctrlC, uv.PrimaryDeviceAttributesEvent{1}}, true},
		{"never answered", 0, []tea.Msg{ctrlC, timeUp{}}, true},
		{"twice", 0, []tea.Msg{ctrlC, ctrlC}, true},
		{"long ago", 4 * time.Second, []tea.Msg{ctrlC}, false},
		{"a key", 0, []tea.Msg{ctrlC, tea.KeyPressMsg{Code: 'a', Text: "a"}, timeUp{}}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var m tea.Model = New(t.Context(), Config{Start: flow.Start(flow.Options{})})
			m, _ = m.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
			m, _ = m.Update(asking(time.Now().Add(-tt.began)))
			var cmd tea.Cmd
			for i, msg := range tt.msgs {
				m, cmd = m.Update(msg)
				waiting := strings.Contains(m.View().Content, ui.WaitingForAnswers)
				if last := i == len(tt.msgs)-1; waiting != (tt.waits && !last) {
					t.Errorf("after %T it says that it waits: %v", msg, waiting)
				} else if last && (cmd == nil || cmd() != tea.Interrupt()) {
					t.Error("it does not end")
				}
			}
		})
	}
}
