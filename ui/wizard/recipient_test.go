package wizard

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	uv "github.com/charmbracelet/ultraviolet"

	"cognito-enroll/flow"
)

// TestGiveWaits: the program gets the terminal when that has answered, so that it does not read the answers. Whoever
// leaves meanwhile leaves.
func TestGiveWaits(t *testing.T) {
	for _, tt := range []struct {
		name        string
		owed        bool
		then        []tea.Msg
		runs, quits bool
	}{
		{"nothing is owed", false, nil, true, false},
		{"owed", true, nil, false, false},
		{"owed, and another answer", true, []tea.Msg{tea.CursorPositionMsg{X: 1}}, false, false},
		{"owed, and the last answer", true, []tea.Msg{uv.PrimaryDeviceAttributesEvent{62}}, true, false},
		{"owed, and none comes", true, []tea.Msg{timeUp{}}, true, false},
		{"owed, and ctrl+c", true, []tea.Msg{tea.KeyPressMsg{Code: 'c', Mod: tea.ModCtrl}, timeUp{}}, false, true},
	} {
		synctest.Test(t, func(t *testing.T) {
			m, ran := toScan(&script{}, 80, 24), 0
			m.recipient = &Recipient{Name: "keeper", Run: func(context.Context, flow.Secret) tea.ExecCommand { return nil }}
			if tt.owed {
				m.owed.since = time.Now()
			}
			quits := false
			take := func(msg tea.Msg) {
				next, cmd := m.Update(msg)
				m = next.(Model)
				for _, msg := range unfolded(cmd) {
					switch fmt.Sprintf("%T", msg) {
					case "tea.execMsg":
						ran++
					case "tea.InterruptMsg":
						quits = true
					}
				}
			}
			take(tea.KeyPressMsg{Code: 'k', Text: "k"})
			for _, msg := range tt.then {
				take(msg)
			}
			if ran != map[bool]int{true: 1}[tt.runs] || quits != tt.quits {
				t.Errorf("%s: it runs %d times, quits: %t", tt.name, ran, quits)
			}
		})
	}
}

// A program that takes the key or fails is told of, and the question stays as it was.
func TestGave(t *testing.T) {
	for _, tt := range []struct {
		err  error
		says string
	}{{nil, "keeper has the key."}, {errors.New("exit status 1\x1b[2J"), "keeper did not take the key (exit status 1"}} {
		m := screens["scan"](80, 24)
		m.recipient = &Recipient{Name: "keeper", Run: func(context.Context, flow.Secret) tea.ExecCommand { return nil }}
		before := m.State().Ask()
		if text := m.View().Content; !strings.Contains(text, "key to keeper") {
			t.Errorf("the key is not named:\n%s", text)
		}
		next, cmd := m.Update(given{tt.err})
		m = next.(Model)
		if m.State().Ask().Enroll.Key != before.Enroll.Key || m.State().Ask().ID != before.ID || cmd == nil {
			t.Errorf("%v: another question, or what Bubble Tea asks again is not waited for", tt.err)
		}
		if !strings.HasPrefix(m.display.saved, tt.says) || strings.Contains(m.display.saved, "\x1b") {
			t.Errorf("%v: it says %q", tt.err, m.display.saved)
		}
	}
	// Without one the key is none, and before the scan there is nothing to give.
	for name, recipient := range map[string]*Recipient{"scan": nil, "sign-in": {Name: "keeper"}} {
		m := screens[name](80, 24)
		m.recipient = recipient
		if text := m.View().Content; strings.Contains(text, "key to") {
			t.Errorf("%s names it:\n%s", name, text)
		}
	}
}
