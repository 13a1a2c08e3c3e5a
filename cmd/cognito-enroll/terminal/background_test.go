package terminal

import (
	"image/color"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"cognito-enroll/flow"
)

// TestBackground: the answers come in the order of the questions, or not at all.
func TestBackground(t *testing.T) {
	for _, tc := range []struct {
		msgs []tea.Msg
		want Answers
	}{
		{[]tea.Msg{tea.BackgroundColorMsg{Color: color.White}, tea.CursorPositionMsg{X: 1}}, Answers{"light", flow.Yes}},
		{[]tea.Msg{tea.BackgroundColorMsg{Color: color.Black}, tea.CursorPositionMsg{X: 2}}, Answers{"dark", flow.No}},
		{[]tea.Msg{tea.KeyPressMsg{Code: 'x', Text: "x"}, tea.CursorPositionMsg{}}, Answers{"unknown", flow.No}},
		{[]tea.Msg{tea.WindowSizeMsg{}, timeUp{}}, Answers{"unknown", flow.Unknown}},
	} {
		var m tea.Model = probe{answers: Answers{Background: "unknown"}, askUTF8: true}
		var cmd tea.Cmd
		for _, msg := range tc.msgs {
			if cmd != nil {
				t.Errorf("%v: it ends before the last", tc.msgs)
			}
			m, cmd = m.Update(msg)
		}
		if cmd == nil || cmd() != tea.Quit() || m.(probe).answers != tc.want {
			t.Errorf("%v: %+v", tc.msgs, m)
		}
	}
	var said strings.Builder
	left, cmd := (probe{out: &said}).Update(tea.KeyPressMsg{Code: 'c', Mod: tea.ModCtrl})
	if cmd == nil || cmd() != nil || !left.(probe).left || !strings.Contains(said.String(), "Waiting") {
		t.Errorf("after ctrl+c it is %+v and says %q", left, said.String())
	}
	if _, cmd := left.Update(tea.KeyPressMsg{Code: 'c', Mod: tea.ModCtrl}); cmd == nil || cmd() != tea.Interrupt() {
		t.Error("the second ctrl+c does not end it")
	}
}
