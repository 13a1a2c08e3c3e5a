package wizard

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"cognito-enroll/flow"
)

func TestLongList(t *testing.T) {
	keys := func(parts ...[]tea.Msg) []tea.Msg { return slices.Concat(parts...) }
	for _, tt := range []struct {
		name string
		msgs []tea.Msg
		want string // the pool that is chosen with Enter, or "" for none
		says string
	}{
		{"the first", nil, "us-east-1_000", "214 of 214"},
		{"no further up", pressed(tea.KeyUp, 3), "us-east-1_000", "› Shop 0 "},
		{"down", pressed(tea.KeyDown, 2), "us-east-1_002", "› partners 0 "},
		{"the last", pressed(tea.KeyDown, 300), "us-east-1_213", "› intranet 53 "},
		{"down and up", keys(pressed(tea.KeyDown, 300), pressed(tea.KeyUp, 1)), "us-east-1_212", "› Shop 53 "},
		{"searched, without regard to case", typed("PARTNERS 7"), "us-east-1_030", "1 of 214"},
		{"by id", typed("_107"), "us-east-1_107", "1 of 214"},
		{"down among what was found", keys(typed("shop 4"), pressed(tea.KeyDown, 2)), "us-east-1_164", "11 of 214"},
		{"no further down", keys(typed("shop 4"), pressed(tea.KeyDown, 50)), "us-east-1_196", "› Shop 49 "},
		{"the choice stays while it is found", keys(pressed(tea.KeyDown, 4), typed("shop")), "us-east-1_004", "54 of 214"},
		{"else the first that is found is taken", keys(pressed(tea.KeyDown, 5), typed("shop")), "us-east-1_000", "54 of 214"},
		{"nothing is found", typed("shopping"), "", "✗ Nothing in this list contains that."},
		{"nor chosen by moving", keys(typed("shopping"), pressed(tea.KeyDown, 1), pressed(tea.KeyUp, 1)), "", "0 of 214"},
		{"found again", keys(typed("shop 9x"), pressed(tea.KeyBackspace, 1)), "us-east-1_036", "1 of 214"},
		{"nothing is found, and no key says so", typed("shopping"), "", "\n  esc show all · ctrl+c quit"},
		{"esc shows all again", keys(typed("shopping"), pressed(tea.KeyEscape, 1)), "us-east-1_000", "214 of 214"},
		{"esc shows all around the choice", keys(typed("_107"), pressed(tea.KeyEscape, 1)), "us-east-1_107", "214 of 214"},
		{"pasted with a line end", []tea.Msg{tea.PasteMsg{Content: "us-east-1_107\r\n"}}, "us-east-1_107", "1 of 214"},
		{"signs that mean something elsewhere", typed("(.*"), "", "0 of 214"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				pool := &script{answers: []flow.Event{mismatch}}
				m := drive(toPools(pool, 80, 24), tt.msgs...)
				if text := screenText(m); !strings.Contains(text, tt.says) {
					t.Errorf("%q is not on the screen:\n%s", tt.says, text)
				}
				drive(m, typed("\n")...)
				got := ""
				if call, ok := pool.calls[len(pool.calls)-1].(flow.Clients); ok {
					got = call.Pool
				}
				if got != tt.want {
					t.Errorf("chose %q, want %q", got, tt.want)
				}
			})
		})
	}
}

// TestListStaysInItsPlace: what is searched for makes a list shorter, and moves nothing above it. A list that needs no
// more rows than a screen usually has stands where other screens do.
func TestListStaysInItsPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		at := func(m Model) int {
			return slices.IndexFunc(strings.Split(screenText(m), "\n"), func(line string) bool { return strings.Contains(line, " of ") })
		}
		for _, options := range []int{few + 1, usual - leftOver, usual - leftOver + 1, 60} {
			ask := flow.Ask{ID: "user-pool", Title: "Choose the user pool", Fields: []flow.Field{{Key: "pool", Kind: flow.Choose}}}
			for i := range options {
				ask.Fields[0].Options = append(ask.Fields[0].Options, flow.Option{Value: fmt.Sprint(i), Label: fmt.Sprint("Pool ", i)})
			}
			m := newModel(&script{}, 120, 40)
			m.ask, m.screen = ask, newScreen(ask, m.palette, 120)
			all := at(m)
			if found := at(drive(m, typed("Pool 7")...)); found != all {
				t.Errorf("of %d options, the line to search in is at row %d, and when one is found, at %d", options, all, found)
			}
			if raised := all > 5; raised != (options <= usual-leftOver) {
				t.Errorf("of %d options, the line to search in is at row %d", options, all)
			}
		}
	})
}

// The cursor is where letters go, and what is chosen is always in sight.
func TestLongListInAnyWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := drive(toPools(&script{}, 80, 24), typed("int")...)
		c := m.View().Cursor
		if line := []rune(strings.Split(screenText(m), "\n")[c.Y]); !strings.HasSuffix(string(line[:c.X]), "› int") {
			t.Errorf("the cursor is at %d of %q", c.X, string(line))
		}
		for _, size := range []int{24, 15, 12} {
			m = drive(toPools(&script{}, 40, size))
			for n := range 214 {
				if text := screenText(m); strings.Count(text, "› ") != 2 { // the search, and the choice
					t.Fatalf("40×%d, option %d: the choice is not in sight:\n%s", size, n, text)
				}
				m = drive(m, pressed(tea.KeyDown, 1)...)
			}
		}
		for w := range 60 {
			for h := range 30 {
				m = drive(m, tea.WindowSizeMsg{Width: w, Height: h})
				v := m.View()
				if c := v.Cursor; c != nil && (c.X < 0 || c.X >= w || c.Y < 0 || c.Y >= h) {
					t.Fatalf("%d×%d: the cursor is at %d,%d", w, h, c.X, c.Y)
				}
			}
		}
	})
}

// TestIDsAreWhole: rows whose IDs differ in length have them whole and below each other, and shorten the names.
func TestIDsAreWhole(t *testing.T) {
	in := input{field: flow.Field{Kind: flow.Choose, Options: []flow.Option{
		{Label: "staging in amplify_outputs.json", ID: "eu-west-1_Sx7Kd2Qpm, 4k2m8q1v7t3x9c5b6n0d2f8h1j"},
		{Label: ".env", ID: "ap-southeast-2_Xy7dEf92kQ, 7k2jd83kls92mfn37slq9x81cq"},
	}}}
	lines, _, _ := in.options(newPalette(unknown, colorprofile.ASCII), 76, 20)
	for i, o := range in.field.Options {
		line := ansi.Strip(lines[i])
		if !strings.HasSuffix(line, "  "+o.ID) || lipgloss.Width(line) > 76 {
			t.Errorf("row %d is %q", i, line)
		}
	}
	if a, b := ansi.Strip(lines[0]), ansi.Strip(lines[1]); lipgloss.Width(a[:strings.Index(a, "eu-")]) != strings.Index(b, "ap-") {
		t.Errorf("the IDs are not below each other:\n%s\n%s", a, b)
	}
}
