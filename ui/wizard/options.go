package wizard

import (
	"fmt"
	"slices"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"cognito-enroll/flow"
)

// optionMark is how many columns the mark of an option takes.
const optionMark = 2

// few is how many options are shown as they are. More can be searched, and are scrolled.
const few = 9

// leftOver is how many lines of a window a long list leaves to the rest.
const leftOver = 9

func (in input) long() bool { return in.field.Kind == flow.Choose && len(in.field.Options) > few }

// tall reports whether the field with the focus is a list that takes all rows of a window, if it has to.
func (f fields) tall() bool {
	return len(f.inputs) > 0 && len(f.inputs[f.focus].field.Options) > usual-leftOver
}

// searching reports whether only the options that match are shown.
func (f fields) searching() bool {
	return len(f.inputs) > 0 && f.inputs[f.focus].long() && f.inputs[f.focus].text.Value() != ""
}

// lost reports whether no option matches.
func (f fields) lost() bool { return f.searching() && f.inputs[f.focus].chosen < 0 }

// matches are the options whose labels have what is searched for.
func (in input) matches() (at []int) {
	part := ""
	if in.long() {
		part = strings.ToLower(in.text.Value())
	}
	for i, o := range in.field.Options {
		if strings.Contains(strings.ToLower(o.Text()), part) {
			at = append(at, i)
		}
	}
	return at
}

// searched leaves the option that is chosen, or takes the first that matches.
func (in *input) searched() {
	at := in.matches()
	switch {
	case len(at) == 0:
		in.chosen = -1
	case !slices.Contains(at, in.chosen):
		in.chosen = at[0]
	}
}

// move chooses among those that match.
func (in *input) move(step int) {
	if at := in.matches(); len(at) > 0 {
		in.chosen = at[min(max(slices.Index(at, in.chosen)+step, 0), len(at)-1)]
	}
}

// label is how wide the count of a long list can become, with the space behind it.
func (in input) label() int {
	n := len(in.field.Options)
	return len(fmt.Sprintf("%d of %d  ", n, n))
}

// options draws one line for each option, and says where the cursor stands. The mark, not the color,
// says which is chosen. A long list has a line to search in, and below it as much as a window of that
// height has room for.
func (in input) options(l palette, width, height int) (lines []string, x, y int) {
	at := in.matches()
	first, end := 0, len(at)
	y = in.chosen
	if in.long() {
		rows := max(3, height-leftOver)
		first = max(0, min(slices.Index(at, in.chosen)-rows/2, len(at)-rows))
		end = min(first+rows, len(at))
		count := lipgloss.NewStyle().Width(in.label()).Render(fmt.Sprintf("%d of %d", len(at), len(in.field.Options)))
		lines = append(lines, ansi.Truncate(count+in.text.View(), width, ""))
		x, y = min(in.label()+lipgloss.Width(in.text.Prompt)+in.column(), width-1), 0
	}
	columns, ids := 0, 0 // of the labels that have an ID, and of the IDs, which are shown whole
	for _, i := range at[first:end] {
		if o := in.field.Options[i]; o.ID != "" {
			columns, ids = max(columns, lipgloss.Width(o.Label)), max(ids, lipgloss.Width(o.ID))
		}
	}
	columns = max(1, min(columns, width-optionMark-gap-ids))
	for _, i := range at[first:end] {
		o, mark, style := in.field.Options[i], "  ", lipgloss.NewStyle()
		if i == in.chosen {
			mark, style = "› ", l.Accent
		}
		line := style.Render(mark + o.Label)
		if o.ID != "" {
			label := ansi.Truncate(o.Label, columns, "…")
			line = style.Render(mark+label) + strings.Repeat(" ", columns+gap-lipgloss.Width(label)) + l.Quiet.Render(o.ID)
		}
		lines = append(lines, ansi.Truncate(line, width, "…"))
	}
	if len(at) == 0 && in.long() {
		lines = append(lines, ansi.Truncate(l.Bad.Render("✗ Nothing in this list contains that."), width, "…"))
	}
	return lines, x, y
}
