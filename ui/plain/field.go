package plain

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"cognito-enroll/flow"
	"cognito-enroll/ui"
)

// words are what can be said at a question instead of an answer, with a colon before them. Where no
// letters are asked for, the colon can be left out. No password of Cognito's is as short as those that
// work at one: six characters are the least (API reference, PasswordPolicyType).
var words = []struct {
	word, does string
	works      func(*face, flow.Ask) bool
}{
	{"help", "lists these words", always},
	{"more", "says the question again", always},
	{"back", "returns to the question before", func(_ *face, a flow.Ask) bool { return a.CanBack }},
	{"time", "says how much time is left", hasKey},
	{"spell", "spells the key in words", hasKey},
	{"uri", "prints the key URI", hasKey},
	{"phone", "shows the phone of the demo", func(f *face, a flow.Ask) bool { return f.Phone != nil }},
	{"quit", "leaves", always},
}

func always(*face, flow.Ask) bool     { return true }
func hasKey(_ *face, a flow.Ask) bool { return a.Enroll != nil }
func (f *face) knows(word string) bool {
	return slices.ContainsFunc(f.list(), func(w string) bool { return w == word })
}
func (f *face) list() (all []string) {
	for _, w := range words {
		all = append(all, w.word)
	}
	return all
}

// value asks for a field until there is an answer that can be given to flow, which judges it; or an
// event in its place.
func (f *face) value(ctx context.Context, a flow.Ask, field flow.Field) (string, flow.Event, error) {
	if field.Kind == flow.Choose {
		f.options(field, "")
	}
	for {
		text, err := f.read(ctx, a, f.prompt(field), field.Kind == flow.Hidden)
		if err != nil {
			return "", nil, err
		}
		if word, ok := f.word(text, field.Kind); ok {
			event, err := f.obey(a, word)
			if event != nil || err != nil {
				return "", event, err
			}
			if word == "more" && field.Kind == flow.Choose {
				f.options(field, "")
			}
			continue
		}
		if field.Explicit && !f.In.Interactive() {
			return f.said(a, field, text)
		}
		if text == "" {
			text = f.standard(field)
		}
		if field.Kind != flow.Choose {
			return text, nil, nil
		}
		if value, ok := choice(field, text); ok {
			return value, nil, nil
		}
		f.options(field, text)
	}
}

// said is the value that a program gives in so many words. Another line is meant for another question, and
// so are those that follow it.
func (f *face) said(a flow.Ask, field flow.Field, text string) (string, flow.Event, error) {
	for _, o := range field.Options {
		if strings.EqualFold(o.Value, strings.TrimSpace(text)) {
			return o.Value, nil, nil
		}
	}
	return "", nil, &ui.Unanswered{ID: a.ID, Field: field.Label, Ahead: a.Ahead, Other: true}
}

// goOn waits at a question that has nothing to ask.
func (f *face) goOn(ctx context.Context, a flow.Ask) (flow.Event, error) {
	for {
		text, err := f.read(ctx, a, "Press Enter to continue: ", false)
		if err != nil || text == "" {
			return nil, err
		}
		word, _ := f.word(text, flow.Choose)
		if event, err := f.obey(a, word); event != nil || err != nil {
			return event, err
		}
	}
}

// standard is what an empty line stands for.
func (f *face) standard(field flow.Field) string {
	if field.Kind == flow.Choose && field.Value.Empty() && len(field.Options) > 0 {
		return field.Options[0].Value
	}
	return field.Value.Reveal()
}

func (f *face) prompt(field flow.Field) string {
	standard := f.standard(field)
	switch {
	case field.Kind == flow.Choose:
		for i, o := range field.Options {
			if o.Value == standard {
				return fmt.Sprintf("%s, 1 to %d (Enter for %d): ", field.Label, len(field.Options), i+1)
			}
		}
		return fmt.Sprintf("%s, 1 to %d: ", field.Label, len(field.Options))
	case field.Kind == flow.Hidden && !f.In.Interactive(): // whoever types into a pipe may see it
		return field.Label + ": "
	case field.Kind == flow.Hidden && standard != "":
		return field.Label + " (not shown; Enter for the one you typed): "
	case field.Kind == flow.Hidden:
		return field.Label + " (required, not shown): "
	case standard != "":
		return fmt.Sprintf("%s (Enter for %s): ", field.Label, standard)
	case field.Optional:
		return field.Label + " (optional): "
	case field.Min > 0:
		return field.Label + " (required): "
	}
	return field.Label + ": "
}

// few is how many options are read out unasked.
const few = 20

// options lists those whose label has part in it.
func (f *face) options(field flow.Field, part string) {
	match := func(o flow.Option) bool { return strings.Contains(strings.ToLower(o.Text()), strings.ToLower(part)) }
	switch {
	case part != "" && !slices.ContainsFunc(field.Options, match):
		f.say("Problem: No such choice.") // not quoted: a pipe out of step gives passwords here
		f.options(field, "")
		return
	case part == "" && len(field.Options) > few:
		f.say(fmt.Sprintf("There are %d choices. Type part of a name to hear those that contain it.", len(field.Options)))
		return
	}
	for i, o := range field.Options {
		if match(o) {
			f.say(fmt.Sprintf("%d: %s", i+1, o.Text()))
		}
	}
}

// choice understands the number of an option, its label and its value.
func choice(field flow.Field, text string) (string, bool) {
	text = strings.TrimSpace(text)
	if n, err := strconv.Atoi(text); err == nil && n >= 1 && n <= len(field.Options) {
		return field.Options[n-1].Value, true
	}
	for _, o := range field.Options {
		if o.Value == text || strings.EqualFold(o.Text(), text) {
			return o.Value, true
		}
	}
	return "", false
}

// word is what text says instead of an answer to a field of this kind.
func (f *face) word(text string, kind flow.Kind) (string, bool) {
	if kind == flow.Hidden && len(text) > len(":help") { // spaces count, in a password
		return "", false
	}
	word, colon := strings.CutPrefix(strings.TrimRight(text, "\r"), ":")
	word = strings.ToLower(strings.TrimSpace(word))
	return word, f.knows(word) && (colon || kind == flow.Code || kind == flow.Choose)
}

// obey does what a word says. Its event, if any, takes the answer's place.
func (f *face) obey(a flow.Ask, word string) (flow.Event, error) {
	i := slices.Index(f.list(), word)
	if i < 0 {
		f.say("Problem: Not understood here. Type :help for a list.")
		return nil, nil
	}
	if !words[i].works(f, a) {
		f.say(fmt.Sprintf("Problem: %q does nothing at this question.", ":"+word))
		return nil, nil
	}
	switch word {
	case "help":
		for _, w := range words {
			if w.works(f, a) {
				f.say(":" + w.word + ", " + w.does)
			}
		}
	case "more":
		f.question(a)
		f.problem(a.Problem)
	case "back":
		return flow.Back{}, nil
	case "time":
		f.say(timeLeft(a.Enroll.Deadline, f.Now()))
	case "spell":
		f.say(ui.Spell(a.Enroll.Key.Reveal())...)
	case "uri":
		f.say("Key URI: " + a.Enroll.URI.Reveal())
	case "phone":
		f.say(f.Phone.Shows(a, f.Now()))
	case "quit":
		return nil, ui.ErrCanceled
	}
	return nil, nil
}

// warnings are when the time that is left is said unasked.
var warnings = []time.Duration{60 * time.Second, 20 * time.Second, 0}

// read prompts and reads one line, and says meanwhile that time runs out.
func (f *face) read(ctx context.Context, a flow.Ask, prompt string, hidden bool) (string, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type line struct {
		text string
		err  error
	}
	lines := make(chan line, 1)
	fmt.Fprint(f.Out, prompt)
	go func() {
		text, err := f.In.Line(ctx, hidden)
		lines <- line{text, err}
	}()
	due := f.due(a)
	for {
		var warn <-chan time.Time
		if len(due) > 0 {
			warn = time.After(a.Enroll.Deadline.Add(-due[0]).Sub(f.Now()))
		}
		select {
		case l := <-lines:
			if hidden || !f.In.Interactive() {
				fmt.Fprintln(f.Out) // nobody's Enter was echoed
			}
			return strings.TrimRight(l.text, "\r\n"), l.err
		case <-warn:
			due = due[1:]
			f.say("\n" + timeLeft(a.Enroll.Deadline, f.Now()))
			fmt.Fprint(f.Out, prompt)
		}
	}
}

// due are the warnings that are still to come; none where no time runs.
func (f *face) due(a flow.Ask) []time.Duration {
	if a.Enroll == nil || a.Enroll.Deadline.IsZero() {
		return nil
	}
	left := a.Enroll.Deadline.Sub(f.Now())
	return slices.DeleteFunc(slices.Clone(warnings), func(w time.Duration) bool { return w >= left })
}
