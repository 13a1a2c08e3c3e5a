package wizard

import (
	"fmt"
	"slices"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"cognito-enroll/flow"
)

// few is how many options are shown as they are. More can be searched, and are scrolled.
const few = 9

func (in input) long() bool { return in.field.Kind == flow.Choose && len(in.field.Options) > few }

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
		rows := max(3, height-10)
		first = max(0, min(slices.Index(at, in.chosen)-rows/2, len(at)-rows))
		end = min(first+rows, len(at))
		count := l.label.Width(in.label()).Render(fmt.Sprintf("%d of %d", len(at), len(in.field.Options)))
		lines = append(lines, ansi.Truncate(count+in.text.View(), width, ""))
		x, y = min(in.label()+lipgloss.Width(in.text.Prompt)+in.column(), width-1), 0
	}
	for _, i := range at[first:end] {
		line := "  " + in.field.Options[i].Label
		if i == in.chosen {
			line = l.accent.Render("› " + in.field.Options[i].Label)
		}
		lines = append(lines, ansi.Truncate(line, width, "…"))
	}
	if len(at) == 0 && in.long() {
		lines = append(lines, ansi.Truncate(l.bad.Render("No name contains this."), width, "…"))
	}
	return lines, x, y
}
