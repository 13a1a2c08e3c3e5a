package wizard

import (
	"strings"
	"testing"
	"testing/synctest"

	tea "charm.land/bubbletea/v2"
)

// While the key is covered no key of the keyboard brings it out, but the one that uncovers it.
func TestCovered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := drive(toScan(&script{}, 80, 24), tea.KeyPressMsg{Code: 'h', Text: "h"})
		before := m.display
		for _, key := range []rune{'c', 's', 'v', 'i'} {
			next, cmd := m.Update(tea.KeyPressMsg{Code: key, Text: string(key)})
			after := next.(Model)
			if cmd != nil {
				t.Errorf("%q does something with a key that is covered: %v", key, cmd())
			}
			if d := after.display; d.copied || d.spelled != before.spelled || d.style != before.style ||
				d.invert != before.invert {
				t.Errorf("%q changes what is covered: %+v", key, d)
			}
			if text := screenText(after); strings.Contains(text, testKey[:4]) || !strings.Contains(text, "are covered") {
				t.Errorf("%q uncovers the key:\n%s", key, text)
			}
		}
	})
}
