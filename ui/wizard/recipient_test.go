package wizard

import (
	"context"
	"errors"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"cognito-enroll/flow"
)

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
		if m.State().Ask().Enroll.Key != before.Enroll.Key || m.State().Ask().ID != before.ID || cmd != nil {
			t.Errorf("%v: another question", tt.err)
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
