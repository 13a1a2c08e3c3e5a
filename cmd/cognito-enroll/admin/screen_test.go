package admin

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"cognito-enroll/cmd/cognito-enroll/settings"
	"cognito-enroll/cognito"
	"cognito-enroll/cognito/localpool"
)

// screenOf is a finder of a pool with users a person may search for, and how many times the pool was asked.
func screenOf(t *testing.T) (*finder, *surveyed) {
	t.Helper()
	s := newSurveyed(t, 40)
	if _, err := s.server.Seed(localpool.Seed{Pools: []localpool.PoolSeed{{ID: "us-east-1_People", Name: "people",
		MFA: "OPTIONAL", Users: []localpool.UserSeed{
			{Username: "ada", Password: "Correct-Horse-9", Attributes: map[string]string{"email": "ada@example.com"},
				TOTP: &localpool.TOTPSeed{}},
			{Username: "adam", Password: "Correct-Horse-9", Attributes: map[string]string{"email": "adam@example.com"}},
			{Username: "bob", Password: "Correct-Horse-9"},
		}}}}); err != nil {
		t.Fatal(err)
	}
	s.desk.settings = &settings.Settings{}
	f := newFinder(t.Context(), s.desk)
	f.width, f.height = 80, 24
	return f, s
}

// asked makes the admin of the other pool.
func (s *surveyed) other(t *testing.T) *cognito.Admin {
	t.Helper()
	a, err := cognito.NewAdmin(cognito.Config{PoolID: "us-east-1_People", Endpoint: s.url, Credentials: testCredentials})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// feed runs a command and what follows from it, and returns whether the program ended.
func feed(f *finder, cmd tea.Cmd) (ended bool) {
	if cmd == nil {
		return false
	}
	switch msg := cmd().(type) {
	case nil:
		return false
	case tea.QuitMsg:
		return true
	case tea.BatchMsg:
		for _, c := range msg {
			ended = feed(f, c) || ended
		}
		return ended
	default:
		_, next := f.Update(msg)
		return feed(f, next)
	}
}

func press(f *finder, text string) tea.Cmd {
	k := tea.KeyPressMsg{Text: text}
	if len([]rune(text)) == 1 {
		k.Code = []rune(text)[0]
	}
	switch text {
	case "enter":
		k = tea.KeyPressMsg{Code: tea.KeyEnter}
	case "esc":
		k = tea.KeyPressMsg{Code: tea.KeyEscape}
	case "up":
		k = tea.KeyPressMsg{Code: tea.KeyUp}
	case "down":
		k = tea.KeyPressMsg{Code: tea.KeyDown}
	case "tab":
		k = tea.KeyPressMsg{Code: tea.KeyTab}
	}
	_, cmd := f.Update(k)
	return cmd
}

func shown(f *finder) string { return ansi.Strip(f.View().Content) }

// Somebody searches, sees the state and chooses. Keys that follow each other fast make one request.
func TestFinder(t *testing.T) {
	f, s := screenOf(t)
	f.desk.Admin = s.other(t)
	var o cognito.Outcome
	if f.desk.pool, o = f.desk.Pool(t.Context()); o.Err != nil {
		t.Fatal(o.Err)
	}
	f.desk.pool.Name += "\u202e" // no pool at AWS is called so
	feed(f, f.Init())
	if got := shown(f); !strings.Contains(got, "▸ ada  ada@example.com  CONFIRMED, enabled") || !strings.Contains(got, "  bob") ||
		!strings.Contains(got, "user pool us-east-1_People (people\ufffd)") {
		t.Errorf("%s", got)
	}
	before := s.lists.Load()
	var cmds []tea.Cmd
	for _, key := range []string{"a", "d", "a", "m"} {
		cmds = append(cmds, press(f, key))
	}
	begin := time.Now()
	for _, cmd := range cmds {
		feed(f, cmd)
	}
	if n := s.lists.Load() - before; n != 1 || time.Since(begin) < searchPause {
		t.Errorf("%d requests after %s", n, time.Since(begin))
	}
	if got := shown(f); !strings.Contains(got, "▸ adam") || strings.Contains(got, "bob") {
		t.Errorf("%s", got)
	}
	press(f, "down") // there is only one
	feed(f, press(f, "enter"))
	if got := shown(f); !strings.Contains(got, "Factors   none") || !strings.Contains(got, "▸ r  Reset") {
		t.Errorf("%s", got)
	}
	press(f, "down")
	press(f, "down")
	if ended := feed(f, press(f, "enter")); !ended || f.done != "watch" || f.user.Username != "adam" {
		t.Errorf("%v, %q", ended, f.done)
	}
}

func TestFinderGoesBack(t *testing.T) {
	f, s := screenOf(t)
	f.desk.Admin = s.other(t)
	feed(f, f.Init())
	feed(f, press(f, "enter"))
	press(f, "esc")
	if f.user != nil {
		t.Error("esc does not lead back")
	}
	feed(f, press(f, "tab"))
	if got := shown(f); !strings.Contains(got, "Search by email") {
		t.Errorf("%s", got)
	}
	feed(f, press(f, `"`)) // it cannot end the value of the filter
	if got := shown(f); !strings.Contains(got, "Nobody is found") || f.problem != "" {
		t.Errorf("%s", got)
	}
	if !feed(f, press(f, "esc")) || f.done != "" {
		t.Error("esc does not leave")
	}
}

// A search that fails says why, and every size of window shows whole lines.
func TestFinderFits(t *testing.T) {
	f, _ := screenOf(t)
	f.problem = strings.Repeat("problem ", 30)
	for _, size := range []tea.WindowSizeMsg{{Width: 80, Height: 24}, {Width: 40, Height: 15}, {Width: 10, Height: 3}} {
		f.Update(size)
		lines := strings.Split(shown(f), "\n")
		if len(lines) > size.Height {
			t.Errorf("%d lines in %d", len(lines), size.Height)
		}
		for _, l := range lines {
			if w := ansi.StringWidth(l); w > size.Width {
				t.Errorf("%q is %d wide in %d", l, w, size.Width)
			}
		}
	}
}
