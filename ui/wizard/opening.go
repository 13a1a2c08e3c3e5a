package wizard

import (
	"fmt"
	"io"
	"strings"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/list"
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"cognito-enroll/flow"
)

// Scenario is one of several runs that can be begun, in the demo.
type Scenario struct {
	Title, About string // in a few words, and in one sentence without a stop
	// Begin returns the run at its first question, and the answer to that.
	Begin func() (flow.State, flow.Answer, error)
}

// opening is the screen on which a Scenario is chosen. What is typed searches.
type opening struct {
	list list.Model
	text string // what is searched for
	err  error  // why a scenario did not begin
}

func newOpening(all []Scenario) *opening {
	items := make([]list.Item, len(all))
	for i, s := range all {
		items[i] = scenario{s, i}
	}
	o := &opening{list: list.New(items, row{}, 0, 0)}
	for _, hide := range []func(bool){o.list.SetShowTitle, o.list.SetShowFilter, o.list.SetShowStatusBar,
		o.list.SetShowPagination, o.list.SetShowHelp} {
		hide(false)
	}
	o.list.Filter = func(term string, targets []string) (found []list.Rank) {
		for i, target := range targets {
			if strings.Contains(strings.ToLower(target), strings.ToLower(term)) {
				found = append(found, list.Rank{Index: i})
			}
		}
		return found
	}
	return o
}

// scenario is a list.Item.
type scenario struct {
	Scenario
	index int
}

// FilterValue implements list.Item.
func (s scenario) FilterValue() string { return s.Title + " " + s.About }

// row draws a scenario: a list.ItemDelegate.
type row struct {
	palette  palette
	titles   int    // columns of the titles
	searched string // is underlined in them
}

func (row) Height() int                         { return 1 }
func (row) Spacing() int                        { return 0 }
func (row) Update(tea.Msg, *list.Model) tea.Cmd { return nil }

// Render implements list.ItemDelegate.
func (r row) Render(w io.Writer, m list.Model, index int, item list.Item) {
	s := item.(scenario)
	mark, style := "  ", lipgloss.NewStyle()
	if index == m.Index() {
		mark, style = "› ", r.palette.Accent
	}
	line := style.Render(mark + s.Title)
	searched := strings.ToLower(r.searched)
	if at := strings.Index(strings.ToLower(s.Title), searched); at >= 0 && searched != "" {
		end := min(len(s.Title), at+len(searched))
		line = style.Render(mark+s.Title[:at]) + style.Underline(true).Render(s.Title[at:end]) + style.Render(s.Title[end:])
	}
	const least = 12 // columns of what is said about it, in all rows or in none
	if m.Width() >= optionMark+r.titles+least {
		line += strings.Repeat(" ", r.titles-lipgloss.Width(s.Title)) + r.palette.Quiet.Render(s.About)
	}
	fmt.Fprint(w, ansi.Truncate(line, m.Width(), "…"))
}

// press reports the scenario that was chosen, or -1.
func (o *opening) press(msg tea.KeyPressMsg) int {
	switch name := msg.String(); {
	case key.Matches(msg, keyEnter):
		if s, ok := o.list.SelectedItem().(scenario); ok {
			return s.index
		}
	case name == "up":
		o.list.CursorUp()
	case name == "down":
		o.list.CursorDown()
	case name == "backspace" && o.text != "":
		r := []rune(o.text)
		o.search(string(r[:len(r)-1]))
	case key.Matches(msg, keyBack):
		o.search("")
	case msg.Text != "":
		o.search(o.text + msg.Text)
	}
	return -1
}

// search shows what has the text.
func (o *opening) search(text string) {
	if o.text = text; text == "" {
		o.list.ResetFilter()
		return
	}
	o.list.SetFilterText(text)
}

func (o *opening) view(f frame) drawn {
	return page(f, func(f frame) ([]block, func() *tea.Cursor) {
		title := f.said(f.palette.Title, "What would you like to see?", titles)
		searched := block{}
		if o.text != "" {
			searched = f.said(f.palette.Accent, "› "+ansi.TruncateLeft(o.text, max(0, lipgloss.Width(o.text)-(f.width-margin-1)), ""), stays)
		}
		problem := block{}
		if o.err != nil {
			problem = f.said(f.palette.Bad, "✗ "+flow.Printable(o.err.Error()), stays)
		}
		const others = 7 // lines
		var typed, first int
		rows := o.rows(f, max(1, f.height-others)).at(&first)
		return []block{title, searched.at(&typed), rows, problem}, func() *tea.Cursor {
			if o.text != "" {
				return tea.NewCursor(lipgloss.Width(searched.lines[0]), typed)
			}
			return tea.NewCursor(0, first+o.list.Cursor())
		}
	})
}

// rows are those of the list.
func (o *opening) rows(f frame, height int) block {
	titles := 0
	for _, item := range o.list.Items() {
		titles = max(titles, lipgloss.Width(item.(scenario).Title))
	}
	o.list.SetDelegate(row{f.palette, titles + gap, o.text})
	o.list.SetSize(f.width, min(height, len(o.list.Items())))
	if len(o.list.VisibleItems()) == 0 {
		return f.said(f.palette.Quiet, "No scenario matches.", stays)
	}
	return block{lines: strings.Split(strings.TrimRight(o.list.View(), "\n"), "\n")}
}

var (
	keyStart  = key.NewBinding(key.WithKeys("enter", "ctrl+j"), key.WithHelp("enter", "start"))
	keySearch = key.NewBinding(key.WithHelp("a-z", "search"), key.WithKeys("a"))
	keyAll    = key.NewBinding(key.WithKeys("esc"), key.WithHelp("esc", "show all"))
	keyScenes = key.NewBinding(key.WithKeys("esc"), key.WithHelp("esc", "scenarios"))
)

// keys are those that work here.
func (o *opening) keys() []key.Binding {
	if o.text != "" {
		return []key.Binding{keyStart, keyMove, keyAll, keyQuit}
	}
	return []key.Binding{keyStart, keyMove, keySearch, keyQuit}
}
