package wizard

import (
	"slices"
	"strings"
	"unicode/utf8"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"cognito-enroll/flow"
)

// fields are the inputs of a question.
type fields struct {
	inputs []input
	focus  int
	width  int
	label  int // columns for the labels; 0 puts them above
}

type input struct {
	field  flow.Field
	text   textinput.Model // of a long flow.Choose, what is searched for
	chosen int             // the option of a flow.Choose; -1 when none has what is searched for
}

// newFields makes the inputs of a, width columns wide. It puts the cursor where the problem is; without one, into the
// first empty field; with
// everything filled, into the last, so that Enter sends it.
func newFields(a flow.Ask, l palette, width int) fields {
	f := fields{focus: -1}
	for i, field := range a.Fields {
		text := textinput.New()
		text.SetVirtualCursor(false)
		text.Prompt = "› "
		text.CharLimit = 4096
		// Bubbles would read the clipboard of the machine this runs on: over SSH, not the person's.
		// What a terminal pastes arrives as a tea.PasteMsg all the same.
		text.KeyMap.Paste.SetEnabled(false)
		if field.Kind == flow.Hidden {
			text.EchoMode = textinput.EchoPassword
			text.EchoCharacter = '•'
		}
		in := input{field: field, text: text}
		if in.long() {
			in.text.Placeholder = "type to search"
		} else {
			in.text.SetValue(strings.ReplaceAll(field.Value.Reveal(), "\t", in.tab()))
		}
		in.text.CursorEnd()
		in.chosen = max(0, slices.IndexFunc(field.Options,
			func(o flow.Option) bool { return o.Value == field.Value.Reveal() }))
		f.inputs = append(f.inputs, in)
		if a.Problem != nil && a.Problem.Field == field.Key {
			f.focus = i
		}
	}
	for i := range f.inputs {
		if f.focus < 0 && f.inputs[i].text.Value() == "" {
			f.focus = i
		}
	}
	if f.focus < 0 {
		f.focus = len(f.inputs) - 1
	}
	f.restyle(l)
	f.resize(width)
	f.refocus()
	return f
}

// widest is where a field stops growing.
const widest = 48

// resize fits the fields into width columns: labels in a column of their own, or above the fields
// where there is no room.
func (f *fields) resize(width int) {
	f.width, f.label = width, 0
	for _, in := range f.inputs {
		if in.field.Kind != flow.Choose {
			f.label = max(f.label, lipgloss.Width(in.field.Label)+2)
		}
	}
	if f.label+20 > width {
		f.label = 0
	}
	for i := range f.inputs {
		text, label := &f.inputs[i].text, f.label
		if f.inputs[i].long() {
			label = f.inputs[i].label()
		}
		// One column is for the cursor behind the last character.
		text.SetWidth(max(1, min(widest, width-label-lipgloss.Width(text.Prompt)-1)))
		text.SetCursor(text.Position()) // scrolls
	}
}

func (f *fields) restyle(l palette) {
	for i := range f.inputs {
		f.inputs[i].text.SetStyles(l.input)
	}
}

func (f *fields) refocus() {
	for i := range f.inputs {
		if i == f.focus {
			f.inputs[i].text.Focus()
		} else {
			f.inputs[i].text.Blur()
		}
	}
}

// letters reports whether a letter is input now, and not a command.
func (f fields) letters() bool {
	if len(f.inputs) == 0 {
		return false
	}
	in := f.inputs[f.focus]
	return in.field.Kind == flow.Text || in.field.Kind == flow.Hidden || in.long()
}

// choosing reports whether the arrow keys choose an option now.
func (f fields) choosing() bool {
	return len(f.inputs) > 0 && f.inputs[f.focus].field.Kind == flow.Choose
}

// update reports true when the person has answered.
func (f fields) update(msg tea.Msg) (fields, bool) {
	if key, ok := msg.(tea.KeyPressMsg); ok {
		switch key.String() {
		case "enter", "ctrl+j":
			if f.choosing() && f.inputs[f.focus].chosen < 0 {
				return f, false
			}
			next := f.focus + 1
			for next < len(f.inputs) && f.inputs[next].value() != "" {
				next++
			}
			if next >= len(f.inputs) {
				return f, true
			}
			f.focus = next
			f.refocus()
			return f, false
		case "down", "up":
			if f.choosing() {
				f.inputs[f.focus].move(map[string]int{"down": 1, "up": -1}[key.String()])
				return f, false
			}
		}
		switch key.String() {
		case "esc":
			if f.searching() {
				f.inputs[f.focus].text.SetValue("")
				f.inputs[f.focus].searched()
			}
			return f, false
		case "tab", "down", "shift+tab", "up":
			if n := len(f.inputs); n > 0 {
				step := 1
				if s := key.String(); s == "shift+tab" || s == "up" {
					step = n - 1
				}
				f.focus = (f.focus + step) % n
				f.refocus()
			}
			return f, false
		}
	}
	if len(f.inputs) == 0 {
		return f, false
	}
	in := f.inputs[f.focus]
	if in.field.Kind == flow.Choose && !in.long() {
		return f, false
	}
	if paste, ok := msg.(tea.PasteMsg); ok && in.field.Kind != flow.Code && !in.long() {
		if lines := linesOf(paste.Content); len(lines) > 1 {
			return f.pasted(lines), false
		}
	}
	before := in.text.Value()
	if msg = in.accept(msg); msg == nil {
		return f, false
	}
	in.text, _ = in.text.Update(msg)
	if in.long() && in.text.Value() != before {
		in.searched()
	}
	f.inputs[f.focus] = in
	return f, in.text.Value() != before && len(f.inputs) == 1 && in.complete()
}

// linesOf are those of a paste, without the empty ones at its end.
func linesOf(text string) []string {
	return strings.Split(strings.TrimRight(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "\n"), "\n")
}

// pasted puts each line into a field of its own, from the one with the focus on: a username and a password that were
// copied together. A line for which there is no field is dropped, so that no password is shown in a name.
func (f fields) pasted(lines []string) fields {
	for i, line := range lines {
		at := f.focus + i
		if at >= len(f.inputs) || f.inputs[at].field.Kind == flow.Choose {
			f.focus = at - 1
			break
		}
		in := &f.inputs[at]
		if digits, ok := in.field.CodeIn(line); ok && in.field.Kind == flow.Code {
			line = digits
		}
		in.text.SetValue(strings.ReplaceAll(line, "\t", in.tab()))
		in.text.CursorEnd()
		if i == len(lines)-1 {
			f.focus = at
		}
	}
	f.refocus()
	return f
}

// tab stands for a tab in a hidden input: Bubbles would make a space of it. It is for private use, and not drawn.
const tab = "\uE009"

func (in input) tab() string {
	if in.field.Kind == flow.Hidden {
		return tab
	}
	return " "
}

// accept returns msg as the input takes it: of a paste without its line end, and of a code only the
// digits, before the text input cuts or mangles them. Nil means that there is nothing for it.
func (in *input) accept(msg tea.Msg) tea.Msg {
	switch m := msg.(type) {
	case tea.PasteMsg:
		m.Content = strings.TrimRight(m.Content, "\r\n")
		if digits, ok := in.field.CodeIn(m.Content); ok && in.field.Kind == flow.Code {
			m.Content = digits
			if in.complete() {
				in.text.Reset()
			}
		}
		m.Content = strings.ReplaceAll(m.Content, "\t", in.tab())
		return m
	case tea.KeyPressMsg:
		if in.field.Kind == flow.Code && m.Text != "" {
			digits, ok := flow.Digits(m.Text)
			if !ok || digits == "" {
				return nil
			}
			m.Text = digits
		}
		if in.field.Kind == flow.Code && m.Text != "" && in.complete() {
			in.text.Reset() // the code that was refused makes room for the next
		}
		return m
	}
	return msg
}

// complete reports whether a code of known length has all its digits.
func (in input) complete() bool {
	digits, ok := flow.Digits(in.text.Value())
	return ok && in.field.Kind == flow.Code && in.field.Min == in.field.Max && len(digits) == in.field.Max
}

func (in input) value() string {
	switch {
	case in.field.Kind == flow.Hidden:
		return strings.ReplaceAll(in.text.Value(), tab, "\t")
	case in.field.Kind != flow.Choose || len(in.field.Options) == 0:
		return in.text.Value()
	case in.chosen < 0:
		return ""
	}
	return in.field.Options[in.chosen].Value
}

func (f fields) answer() flow.Answer {
	values := map[string]flow.Secret{}
	for _, in := range f.inputs {
		values[in.field.Key] = flow.NewSecret(in.value())
	}
	return flow.Answer{Values: values}
}

// around draws the inputs as what stands above the problem and what stands below, so that a problem
// is read next to its field.
func (f fields) around(fr frame) (upper, lower block, cursor *tea.Cursor) {
	lines, ends, cursor := f.view(fr.palette, fr.height)
	cut := len(lines)
	for i, in := range f.inputs {
		if p := fr.ask.Problem; p != nil && p.Field == in.field.Key {
			cut = ends[i]
		}
	}
	return block{lines: lines[:cut]}, block{lines: lines[cut:]}, cursor
}

// place moves a cursor of around to the rows at which its two blocks stand.
func place(cursor *tea.Cursor, upper block, upperRow, lowerRow int) *tea.Cursor {
	switch {
	case cursor == nil:
	case cursor.Y < len(upper.lines):
		cursor.Y += upperRow
	default:
		cursor.Y += lowerRow - len(upper.lines)
	}
	return cursor
}

// view draws the inputs in a window of that height; ends says after which line each one ends.
func (f fields) view(l palette, height int) (lines []string, ends []int, cursor *tea.Cursor) {
	for i, in := range f.inputs {
		if in.field.Kind == flow.Choose {
			options, x, y := in.options(l, f.width, height)
			if i == f.focus {
				cursor = tea.NewCursor(x, len(lines)+y)
			}
			lines = append(lines, options...)
			ends = append(ends, len(lines))
			continue
		}
		style := l.Quiet
		if i == f.focus {
			style = l.Accent
		}
		label := style.Render(in.field.Label)
		if f.label == 0 {
			lines = append(lines, ansi.Truncate(label, f.width, "…"))
			label = ""
		}
		if i == f.focus {
			cursor = tea.NewCursor(min(f.label+lipgloss.Width(in.text.Prompt)+in.column(), f.width-1), len(lines))
		}
		lines = append(lines, ansi.Truncate(lipgloss.NewStyle().Width(f.label).Render(label)+in.text.View(), f.width, ""))
		ends = append(ends, len(lines))
	}
	return lines, ends, cursor
}

// column is where the cursor stands in the visible text. Bubbles counts runes instead of cells and
// forgets that a long text is scrolled (bubbles#906, #1001).
func (in input) column() int {
	text := string([]rune(in.text.Value())[:in.text.Position()])
	column := lipgloss.Width(text)
	if in.text.EchoMode == textinput.EchoPassword {
		column = utf8.RuneCountInString(text)
	}
	return min(column, in.text.Width())
}
