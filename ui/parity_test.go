package ui_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unicode"

	"charm.land/bubbles/v2/spinner"
	tea "charm.land/bubbletea/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"cognito-enroll/flow"
	"cognito-enroll/flow/flowtest"
	"cognito-enroll/ui"
	"cognito-enroll/ui/ndjson"
	"cognito-enroll/ui/plain"
	"cognito-enroll/ui/wizard"
)

// TestParity leads every run of flow's transcripts through the wizard, the plain lines and NDJSON: each
// makes the same calls in the same order, and ends with the same words.
func TestParity(t *testing.T) {
	schema := jsonschema.NewCompiler().MustCompile("ndjson/schema.json")
	faces := map[string]func(*testing.T, *run) flow.State{
		"wizard": func(t *testing.T, r *run) (end flow.State) {
			synctest.Test(t, func(t *testing.T) { end = throughWizard(t, r) }) // a complete code waits for its Enter
			return end
		},
		"plain":  throughPlain,
		"ndjson": func(t *testing.T, r *run) flow.State { return throughNDJSON(t, r, schema) },
	}
	runs := readRuns(t)
	for name, through := range faces {
		t.Run(name, func(t *testing.T) {
			turns := 0
			for _, r := range runs {
				t.Run(r.name, func(t *testing.T) {
					r.begin()
					end := through(t, r)
					secrets := cmp.Comparer(func(a, b flow.Secret) bool { return a == b })
					if diff := cmp.Diff(r.calls, r.made, secrets); diff != "" {
						t.Errorf("other calls (-transcript +%s):\n%s", name, diff)
					}
					if diff := cmp.Diff(ending(r.end), ending(end.Ask()), secrets); diff != "" {
						t.Errorf("another ending (-transcript +%s):\n%s", name, diff)
					}
				})
				turns += len(r.turns)
			}
			if turns < 100 {
				t.Errorf("only %d turns: where are the transcripts?", turns)
			}
		})
	}
}

// run is one run of a transcript: what the person does, what the pool answers, and what comes of it.
type run struct {
	name    string
	start   flow.Options
	from    time.Time
	turns   []turn
	answers []timed
	calls   []flow.Call
	end     flow.Ask

	clock
	made []flow.Call // by the front end
	left []timed
}

// turn is what the person does at a question.
type turn struct {
	ask    flow.Ask
	event  flow.Event
	at     time.Time
	called bool // it led to a call
}

type timed struct {
	event flow.Event
	at    time.Time
}

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) set(t time.Time) { c.mu.Lock(); c.now = t; c.mu.Unlock() }

func (c *clock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }

// Do implements ui.Pool.
func (r *run) Do(_ context.Context, call flow.Call) flow.Event {
	r.made = append(r.made, call)
	if len(r.left) == 0 {
		return flow.Failed{Err: &flow.Error{Code: "no-such-call", Msg: "the transcript has no answer to this call"}}
	}
	next := r.left[0]
	r.left = r.left[1:]
	r.set(next.at)
	return next.event
}

func (r *run) begin() {
	r.made, r.left = nil, r.answers
	r.set(r.from)
}

// readRuns are the runs of all transcripts, each up to where the next begins or where the pool no
// longer answers. What a front end cannot do (an answer while a call is under way) is left out.
func readRuns(t *testing.T) (runs []*run) {
	paths, err := filepath.Glob("../flow/testdata/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatal("no transcripts", err)
	}
	for _, path := range paths {
		var s flow.State
		var r *run
		flowtest.Run(t, path, func(t *testing.T, line flowtest.Line) string {
			if line.Start != nil {
				s = flow.Start(*line.Start)
				name := strings.TrimSuffix(filepath.Base(path), ".txt")
				r = &run{name: name, start: *line.Start, from: line.Now, end: s.Ask()}
				runs = append(runs, r)
				return flowtest.Describe(s.Ask(), nil)
			}
			ask := s.Ask()
			next, call, err := flow.Next(s, line.Event)
			if err != nil {
				return err.Error() + "\n"
			}
			switch line.Event.(type) {
			case flow.Reply, flow.Failed:
				r.answers = append(r.answers, timed{line.Event, line.Now})
			default:
				_, proves := line.Event.(flow.TestSignIn)
				if ask.Phase == flow.Asking || proves && ask.CanTestSignIn {
					r.turns = append(r.turns, turn{ask, line.Event, line.Now, call != nil})
				}
			}
			s = next
			if call != nil {
				r.calls = append(r.calls, call)
			}
			r.end = s.Ask()
			return flowtest.Describe(s.Ask(), call)
		})
	}
	// A transcript may stop while a call is under way; no front end can.
	return slices.DeleteFunc(runs, func(r *run) bool { return r.end.Phase == flow.Working })
}

// ending is what the person is told, without what stands in the fields.
func ending(a flow.Ask) flow.Ask {
	a.Fields = slices.Clone(a.Fields)
	for i := range a.Fields {
		a.Fields[i].Value = flow.Secret{}
	}
	return a
}

// carried reports whether a front end has a way to give this value; flow refuses those that have none, and
// so they led to no call.
func carried(f flow.Field, value string, controls bool) bool {
	if f.Kind == flow.Choose {
		return slices.ContainsFunc(f.Options, func(o flow.Option) bool { return o.Value == value })
	}
	return controls || !strings.ContainsFunc(strings.TrimRight(value, "\r\n"), unicode.IsControl)
}

// values are what the turn answers, by field, and false if the front end cannot carry one.
func (u turn) values(t *testing.T, controls bool) (values []string, ok bool) {
	given := u.event.(flow.Answer).Values
	for _, f := range u.ask.Fields {
		value := given[f.Key].Reveal()
		if !carried(f, value, controls) {
			if u.called {
				t.Errorf("%s cannot be %q here, and the transcript goes on with it", f.Key, value)
			}
			return nil, false
		}
		values = append(values, value)
	}
	return values, true
}

func throughNDJSON(t *testing.T, r *run, schema *jsonschema.Schema) flow.State {
	var lines []func() string
	for _, u := range r.turns {
		in := ndjson.Input{V: 1, Type: "answer", ID: u.ask.ID}
		switch u.event.(type) {
		case flow.Back:
			in.Type = "back"
		case flow.TestSignIn:
			in.Type = "prove"
		default:
			in.Values = map[string]string{}
			for _, f := range u.ask.Fields {
				in.Values[f.Key] = u.event.(flow.Answer).Values[f.Key].Reveal()
			}
		}
		lines = append(lines, func() string {
			r.set(u.at)
			var b bytes.Buffer
			if err := ndjson.Write(&b, in); err != nil {
				t.Fatal(err)
			}
			validate(t, schema, b.String())
			return b.String()
		})
	}
	var out bytes.Buffer
	end, err := ndjson.Run(t.Context(), ndjson.Config{Start: flow.Start(r.start), Pool: r, In: &feed{lines: lines},
		Out: &out, Now: r.Now})
	wantEnd(t, end, err)
	for line := range strings.Lines(out.String()) {
		validate(t, schema, line)
		wantNoSecret(t, r, line)
	}
	return end
}

func validate(t *testing.T, schema *jsonschema.Schema, line string) {
	t.Helper()
	object, err := jsonschema.UnmarshalJSON(strings.NewReader(line))
	if err == nil {
		err = schema.Validate(object)
	}
	if err != nil {
		t.Errorf("%v:\n%s", err, line)
	}
}

// wantNoSecret looks for what the person typed hidden and for codes, and for keys outside of enroll.
func wantNoSecret(t *testing.T, r *run, line string) {
	t.Helper()
	line = strings.ReplaceAll(line, "11111111-2222", "") // the user's id has what a code in a transcript has
	for _, u := range r.turns {
		for _, f := range u.ask.Fields {
			answer, _ := u.event.(flow.Answer)
			secret := strings.TrimSpace(answer.Values[f.Key].Reveal())
			if (f.Kind == flow.Hidden || f.Kind == flow.Code) && len(secret) >= 6 && strings.Contains(line, secret) {
				t.Errorf("the %s of %q is in this line:\n%s", f.Key, u.ask.ID, line)
			}
		}
		if u.ask.Enroll != nil && !strings.Contains(line, `"enroll":{`) && strings.Contains(line, u.ask.Enroll.Key.Reveal()) {
			t.Errorf("the key is in this line:\n%s", line)
		}
	}
}

// wantEnd wants no error but that of an input that ended where the transcript does.
func wantEnd(t *testing.T, end flow.State, err error) {
	t.Helper()
	var unanswered *ui.Unanswered
	if finished := end.Ask().Phase == flow.Finished; finished && err != nil || !finished && !errors.As(err, &unanswered) {
		t.Errorf("error %v", err)
	}
}

// feed gives one line a read, as somebody who types.
type feed struct{ lines []func() string }

func (f *feed) Read(p []byte) (int, error) {
	if len(f.lines) == 0 {
		return 0, io.EOF
	}
	n := copy(p, f.lines[0]())
	f.lines = f.lines[1:]
	return n, nil
}

// typist is a feed that is asked what only people are.
type typist struct{ plain.Input }

func (typist) Interactive() bool { return true }

func throughPlain(t *testing.T, r *run) flow.State {
	var lines []func() string
	say := func(at time.Time, text string) {
		lines = append(lines, func() string { r.set(at); return text + "\n" })
	}
	for _, u := range r.turns {
		switch u.event.(type) {
		case flow.Back:
			say(u.at, ":back")
			continue
		case flow.TestSignIn:
			say(u.at, "test")
			continue
		}
		values, ok := u.values(t, true)
		if !ok {
			continue
		}
		for i, f := range u.ask.Fields {
			value := strings.TrimRight(values[i], "\r\n")
			if value == "" && !f.Value.Empty() && f.Value.Reveal() != values[i] {
				value = " " // an empty line would be what stands there
			}
			say(u.at, value)
		}
		if len(u.ask.Fields) == 0 {
			say(u.at, "")
		}
	}
	var out bytes.Buffer
	end, err := plain.Run(t.Context(), plain.Config{Start: flow.Start(r.start), Pool: r,
		In: typist{plain.Pipe(&feed{lines: lines})}, Out: &out, Now: r.Now})
	if said := regexp.MustCompile(`(?i).*\b(QR|scan).*`).FindString(out.String()); said != "" {
		t.Errorf("no QR code is drawn, and yet it is said: %s", said)
	}
	wantEnd(t, end, err)
	return end
}

func throughWizard(t *testing.T, r *run) flow.State {
	m := wizard.New(t.Context(), wizard.Config{Start: flow.Start(r.start), Pool: r, Now: r.Now})
	press := func(msgs ...tea.Msg) { m = drive(m, msgs...) }
	press(tea.WindowSizeMsg{Width: 80, Height: 24})
	for _, u := range r.turns {
		r.set(u.at)
		switch u.event.(type) {
		case flow.Back:
			press(tea.KeyPressMsg{Code: tea.KeyEscape})
			continue
		case flow.TestSignIn:
			press(tea.KeyPressMsg{Code: 't', Text: "t"})
			continue
		}
		values, ok := u.values(t, false)
		if !ok {
			continue
		}
		focus := focused(u.ask)
		sent := false
		for i, f := range u.ask.Fields {
			for focus != i {
				press(tea.KeyPressMsg{Code: tea.KeyTab})
				focus = (focus + 1) % len(u.ask.Fields)
			}
			if f.Kind == flow.Choose {
				for range f.Options {
					press(tea.KeyPressMsg{Code: tea.KeyUp})
				}
				for range slices.IndexFunc(f.Options, func(o flow.Option) bool { return o.Value == values[i] }) {
					press(tea.KeyPressMsg{Code: tea.KeyDown})
				}
				continue
			}
			digits, _ := flow.Digits(values[i])
			sent = f.Kind == flow.Code && len(u.ask.Fields) == 1 && f.Min == f.Max && len(digits) == f.Max &&
				digits != f.Value.Reveal()
			if !sent {
				press(tea.KeyPressMsg{Code: 'u', Mod: tea.ModCtrl})
			}
			press(tea.PasteMsg{Content: values[i]})
		}
		if !sent {
			press(tea.KeyPressMsg{Code: tea.KeyEnter})
		}
	}
	return m.State()
}

// focused is the field in which the wizard begins.
func focused(a flow.Ask) int {
	if a.Problem != nil && a.Problem.Field != "" {
		if i := slices.IndexFunc(a.Fields, func(f flow.Field) bool { return f.Key == a.Problem.Field }); i >= 0 {
			return i
		}
	}
	if i := slices.IndexFunc(a.Fields, func(f flow.Field) bool { return f.Value.Empty() }); i >= 0 {
		return i
	}
	return len(a.Fields) - 1
}

// drive feeds the messages, each with everything that its commands bring, but for the spinner.
func drive(m wizard.Model, msgs ...tea.Msg) wizard.Model {
	for _, msg := range msgs {
		switch msg := msg.(type) {
		case nil, spinner.TickMsg:
		case tea.BatchMsg:
			for _, cmd := range msg {
				if cmd != nil {
					m = drive(m, cmd())
				}
			}
		default:
			next, cmd := m.Update(msg)
			m = next.(wizard.Model)
			if cmd != nil {
				m = drive(m, cmd())
			}
		}
	}
	return m
}
