package wizard

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"cognito-enroll/flow"
)

// TestCursorIsInItsField: in every window and on every screen with a text field, also below a problem, the
// cursor stands behind what is typed into the field that has the focus.
func TestCursorIsInItsField(t *testing.T) {
	refused := map[string]func(w, h int) Model{
		"name refused": func(w, h int) Model {
			pool := &script{answers: []flow.Event{refuse(flow.Retry, "wrong-name", "username", "there is no such user",
				"check it")}}
			return drive(newModel(pool, w, h), typed("alice\nhunter2\n")...)
		},
		"new password refused": func(w, h int) Model {
			params := map[string]string{"requiredAttributes": `["userAttributes.name","userAttributes.phone_number"]`}
			pool := &script{answers: []flow.Event{
				reply(flow.Challenge{Name: "NEW_PASSWORD_REQUIRED", Params: params}),
				refuse(flow.Retry, "weak-password", "new-password",
					"the password is too short for this pool, which has a long rule about passwords and tells it at length",
					"choose a longer one"),
			}}
			return drive(newModel(pool, w, h), append(typed("alice\nhunter2\n"),
				typed("secret99\nsecret99\nAlice\n+15555550123\n")...)...)
		},
		"sign-in": screens["sign-in"], "sign-in refused": screens["sign-in refused"],
		"new-password": screens["new-password"],
		"get-ready":    screens["get-ready"], "scan": screens["scan"], "scan wrong": screens["scan wrong"],
		"scan uncertain": screens["scan uncertain"],
	}
	below := 0 // cursors below a problem
	for name, open := range refused {
		for size, s := range sizes {
			t.Run(strings.ReplaceAll(name, " ", "-")+"/"+size, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					m := open(s[0], s[1])
					ask := m.state.Ask()
					for range len(ask.Fields) {
						v := m.View()
						lines := strings.Split(ansi.Strip(v.Content), "\n")
						var in input
						switch screen := m.screen.(type) {
						case *form:
							in = screen.fields.inputs[screen.fields.focus]
						case *scan:
							in = screen.fields.inputs[screen.fields.focus]
						}
						shown := in.text.Value()
						if in.field.Kind == flow.Hidden {
							shown = strings.Repeat("•", len([]rune(shown)))
						}
						switch c := v.Cursor; {
						case c == nil && s[1] > 15:
							t.Errorf("no cursor in %q", in.field.Label)
						case c == nil: // there is no room for the field
						case c.Y >= len(lines) || !strings.HasSuffix(ansi.Cut(lines[c.Y], 0, c.X), "› "+shown):
							t.Errorf("the cursor is at %d,%d and not behind what is in %q:\n%s", c.X, c.Y, in.field.Label,
								strings.Join(lines, "\n"))
						case ask.Problem != nil && strings.Contains(strings.Join(lines[:c.Y], "\n"), "✗"):
							below++
						}
						m = drive(m, tea.KeyPressMsg{Code: tea.KeyTab})
					}
				})
			})
		}
	}
	if below < 8 {
		t.Errorf("only %d cursors stood below a problem", below)
	}
}

// beforeCursor is what stands left of the cursor in its line, or what says that there is no cursor.
func beforeCursor(m Model) string {
	v := m.View()
	if v.Cursor == nil {
		return "no cursor"
	}
	return ansi.Strip(ansi.Cut(strings.Split(v.Content, "\n")[v.Cursor.Y], 0, v.Cursor.X+1))
}

// TestScanStays: a problem beside the QR code moves neither that nor the header, the field for the code stands apart
// wherever there is room, and what to do about a code that does not scan is said as long as none was sent.
func TestScanStays(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {100, 32}, {120, 40}, {132, 43}, {200, 50}} {
		top := -1
		for _, name := range []string{"scan", "scan wrong", "scan uncertain"} {
			synctest.Test(t, func(t *testing.T) {
				text := screenText(screens[name](size[0], size[1]))
				lines := strings.Split(text, "\n")
				header, code := -1, -1
				for i, line := range lines {
					if strings.Contains(line, "cognito-enroll · ") {
						header = i
					}
					if strings.Contains(line, "Code  ›") {
						code = i
					}
				}
				if top < 0 {
					top = header
				}
				another := name == "scan uncertain" // a shorter key URI, whose QR code may be larger
				if header < 0 || header != top && !another {
					t.Errorf("%v %s: the header moves from row %d to row %d:\n%s", size, name, top, header, text)
				}
				if above := lines[code-1]; strings.ContainsAny(above, "abcdefghijklmnopqrstuvwxyz") {
					t.Errorf("%v %s: the field stands close to %q:\n%s", size, name, above, text)
				}
				if strings.Contains(text, "Does it not scan?") != (name != "scan wrong") {
					t.Errorf("%v %s: advice about scanning:\n%s", size, name, text)
				}
			})
		}
	}
}

// TestTextCutsNoWord: flags, hosts and what else has a hyphen stay in one piece where a line has room for them.
func TestTextCutsNoWord(t *testing.T) {
	b := text(lipgloss.NewStyle(), 24, "Log in, check --endpoint-url, then sign-in at idp-a-very-long-name.example.com.", stays)
	want := []string{"Log in, check", "--endpoint-url, then", "sign-in at", "idp-a-very-long-name.exa", "mple.com."}
	if !slices.Equal(b.lines, want) {
		t.Errorf("%q, want %q", b.lines, want)
	}
}

// TestTextLeavesNoWordAlone: the last of several lines lends words from those above, where it takes no more lines.
func TestTextLeavesNoWordAlone(t *testing.T) {
	for _, tt := range []struct {
		width int
		text  string
		want  []string
	}{
		{72, "Open the app on your phone and choose to add an account. The key for it comes next.",
			[]string{"Open the app on your phone and choose to add an account. The key", "for it comes next."}},
		{33, "Scan the code with your authenticator app, or type this key:",
			[]string{"Scan the code with your", "authenticator app, or type", "this key:"}},
		{20, "A line that is full. And.", []string{"A line that is", "full. And."}},
		{20, "one two three four five six", []string{"one two three four", "five six"}},
		{20, "short", []string{"short"}},
		{20, "a-name-that-is-cut-anyway x", []string{"a-name-that-is-cut-a", "nyway x"}},
		{12, "aaaaaaaaaaaa b", []string{"aaaaaaaaaaaa", "b"}}, // shorter lines would cut the word
	} {
		got := text(lipgloss.NewStyle(), tt.width, tt.text, stays).lines
		if !slices.Equal(got, tt.want) {
			t.Errorf("%d: %q, want %q", tt.width, got, tt.want)
		}
	}
}
