// Package ndjson is the front end for programs: one JSON object a line, both ways, each with "v":1 and
// a "type". schema.json beside this file describes all of them.
//
// Out come "ask" for each question, "progress" for each call to Cognito, "problem" for a line that
// cannot be an answer, and at the end "result" or "stopped". In go "answer" and "back", each for the
// ask before it, and after a result that can be tested, "prove". A line that is no answer changes
// nothing and sends nothing: the question is asked again.
//
// The key of an authenticator stands in the enroll object and nowhere else; no object that comes out
// has a password, a code, a session or a token.
package ndjson

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"

	"cognito-enroll/flow"
	"cognito-enroll/ui"
)

// Config is what the conversation needs. Only Start, Pool, In and Out are required.
type Config struct {
	Start flow.State
	Pool  ui.Pool
	In    io.Reader
	Out   io.Writer
	Now   func() time.Time // nil is time.Now

	Answers *Answers // given before those of In; nil is none
}

// Run converses until the flow is finished. Its errors are ui.ErrCanceled, a *ui.Unanswered, an
// *AnswersError, and those of reading and writing; the State's Standing says what is true then.
func Run(ctx context.Context, c Config) (flow.State, error) {
	return ui.Walk(ctx, c.Start, c.Pool, New(c))
}

// New returns the front end alone, for a ui.Walk.
func New(c Config) ui.Face {
	if c.Now == nil {
		c.Now = time.Now
	}
	in := bufio.NewScanner(c.In)
	in.Buffer(nil, ui.LongestLine)
	return &face{out: c.Out, in: in, answers: c.Answers, now: c.Now}
}

type face struct {
	out     io.Writer
	in      *bufio.Scanner
	answers *Answers
	now     func() time.Time
	err     error // of writing
}

// Write writes one object as a line. Names and texts stay readable: nothing is escaped for HTML. But what a terminal
// would not show as a character of its own is: control characters, C1 included, and invisible and bidirectional
// formatting.
func Write(w io.Writer, object any) error {
	var line bytes.Buffer
	e := json.NewEncoder(&line)
	e.SetEscapeHTML(false)
	if err := e.Encode(object); err != nil {
		return err
	}
	var out bytes.Buffer
	for _, r := range line.String() { // which is valid UTF-8, and has such characters in strings alone
		switch {
		case r == '\n' || unicode.IsPrint(r):
			out.WriteRune(r)
		case r > 0xFFFF:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&out, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&out, `\u%04x`, r)
		}
	}
	_, err := w.Write(out.Bytes())
	return err
}

func (f *face) write(object any) {
	if f.err == nil {
		f.err = Write(f.out, object)
	}
}

// Working implements ui.Face.
func (f *face) Working(a flow.Ask) {
	f.write(Progress{Header: header("progress"), ID: a.ID, Message: a.Progress})
}

// Ask implements ui.Face.
func (f *face) Ask(ctx context.Context, a flow.Ask) (flow.Event, error) {
	if a.Phase == flow.Finished {
		return f.end(ctx, a)
	}
	f.write(newAsk(a))
	event, err := f.event(ctx, a)
	if errors.Is(err, io.EOF) {
		e := &ui.Unanswered{ID: a.ID, Ahead: a.Ahead}
		if len(a.Fields) > 0 {
			e.Field = a.Fields[0].Label
		}
		return nil, e
	}
	return event, err
}

// event reads lines until one is an event. A wrong line of a file stays wrong.
func (f *face) event(ctx context.Context, a flow.Ask) (flow.Event, error) {
	if line, ok := f.answers.next(); ok {
		event, problem := f.parse(line.line, a)
		if problem != "" {
			return nil, &AnswersError{f.answers.name, line.number, problem, a.Ahead}
		}
		return event, nil
	}
	for {
		line, err := f.line(ctx)
		if err != nil {
			return nil, err
		}
		event, problem := f.parse(line, a)
		if problem == "" {
			return event, nil
		}
		f.reject(a, problem)
	}
}

// reject says why a line was no answer.
func (f *face) reject(a flow.Ask, problem string) {
	f.write(Problem{Header: header("problem"), ID: a.ID, Error: NewError(&flow.Error{
		Code: CodeBadLine, Fault: flow.Retry, Msg: problem, Hint: "answer the question again",
	})})
}

// end tells the result, and awaits whether it is to be tested.
func (f *face) end(ctx context.Context, a flow.Ask) (flow.Event, error) {
	if a.Summary == nil {
		f.write(NewStopped(a, nil))
		return nil, f.err
	}
	f.write(NewResult(a))
	if !a.CanTestSignIn || f.err != nil {
		return nil, errors.Join(f.err, f.answers.Left())
	}
	event, err := f.event(ctx, a)
	if err == io.EOF || errors.Is(err, ui.ErrCanceled) {
		err = nil
	}
	return event, errors.Join(err, f.err)
}

// line reads the next line that is not blank.
func (f *face) line(ctx context.Context) ([]byte, error) {
	type read struct {
		line []byte
		err  error
	}
	if f.err != nil {
		return nil, f.err
	}
	reads := make(chan read, 1)
	go func() {
		for f.in.Scan() {
			if line := bytes.TrimSpace(f.in.Bytes()); len(line) > 0 {
				reads <- read{line, nil}
				return
			}
		}
		err := f.in.Err()
		switch {
		case errors.Is(err, bufio.ErrTooLong):
			err = ui.ErrLineTooLong
		case err == nil:
			err = io.EOF
		}
		reads <- read{nil, err}
	}()
	select {
	case r := <-reads:
		return r.line, r.err
	case <-ctx.Done():
		return nil, ui.ErrCanceled
	}
}

// parse reads an event, or says what is wrong with line, in words that quote no value of it.
func (f *face) parse(line []byte, a flow.Ask) (flow.Event, string) {
	in, err := ParseInput(line)
	if err != nil {
		return nil, err.Error()
	}
	if in.ID != "" && in.ID != a.ID {
		return nil, fmt.Sprintf("this answers %q, but the question is %q", in.ID, a.ID)
	}
	switch in.Type {
	case "back":
		if !a.CanBack {
			return nil, "cannot go back from this question"
		}
		return flow.Back{}, ""
	case "prove":
		if !a.CanTestSignIn {
			return nil, "there is nothing to test now"
		}
		return flow.TestSignIn{}, ""
	}
	if a.Phase == flow.Finished {
		return nil, "there is no question"
	}
	answer, err := in.Answer(a)
	if err != nil {
		return nil, err.Error()
	}
	answer.At = f.now()
	return answer, ""
}

// Input is a line that comes in.
type Input struct {
	V      int               `json:"v"`
	Type   string            `json:"type"`             // answer, back or prove
	ID     string            `json:"id,omitempty"`     // of the question; checked when it is given
	Values map[string]string `json:"values,omitempty"` // of an answer, by the fields' keys
}

// ParseInput reads a line. Its errors quote no value: it may be a password.
func ParseInput(line []byte) (Input, error) {
	var in Input
	d := json.NewDecoder(bytes.NewReader(line))
	err := d.Decode(&in)
	var wrong *json.UnmarshalTypeError
	switch {
	case err == nil && !ends(d):
		return in, errors.New("more than one object on a line")
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return in, errors.New("the JSON is cut off")
	case errors.As(err, &wrong) && wrong.Field == "v":
		return in, errors.New(`"v" is not 1`)
	case errors.As(err, &wrong) && strings.HasPrefix(wrong.Field, "values"):
		return in, errors.New(`"values" is not an object of strings`)
	case errors.As(err, &wrong) && wrong.Field != "":
		return in, fmt.Errorf("%q is not a string", wrong.Field)
	case errors.As(err, &wrong):
		return in, errors.New("not an object")
	case err == nil && !ownNames(line):
		return in, errors.New(`unknown name: only "v", "type", "id" and "values" are allowed`)
	case err != nil:
		return in, errors.New("not JSON")
	case in.V != 1:
		return in, errors.New(`"v" is not 1`)
	case !slices.Contains([]string{"answer", "back", "prove"}, in.Type):
		return in, errors.New(`"type" is not "answer", "back" or "prove"`)
	case in.Type != "answer" && in.Values != nil:
		return in, fmt.Errorf(`"values" is not allowed with "type":%q`, in.Type)
	}
	return in, nil
}

// ends reports whether nothing follows what d read. Decoder.More would not see a lone bracket.
func ends(d *json.Decoder) bool {
	_, err := d.Token()
	return err == io.EOF
}

// ownNames reports whether line has no names but ours, as they are written. Package json would also take
// "V" for "v".
func ownNames(line []byte) bool {
	var names map[string]json.RawMessage
	if json.Unmarshal(line, &names) != nil {
		return false
	}
	for name := range names {
		if !slices.Contains([]string{"v", "type", "id", "values"}, name) {
			return false
		}
	}
	return true
}

// Answer returns the answer to a: a value for each of its fields and for no other. A field that has a
// value to begin with may be left out, and so may a choice that is not Explicit: its first option is the default.
func (in Input) Answer(a flow.Ask) (flow.Answer, error) {
	answer := flow.Answer{Values: map[string]flow.Secret{}}
	rest := maps.Clone(in.Values)
	for _, field := range a.Fields {
		value, ok := rest[field.Key]
		delete(rest, field.Key)
		switch {
		case ok:
			answer.Values[field.Key] = flow.NewSecret(value)
		case !field.Value.Empty():
			answer.Values[field.Key] = field.Value
		case field.Kind == flow.Choose && len(field.Options) > 0 && !field.Explicit:
			answer.Values[field.Key] = flow.NewSecret(field.Options[0].Value)
		case field.Optional:
			answer.Values[field.Key] = flow.Secret{}
		default:
			return answer, fmt.Errorf("%q has no value for %q", a.ID, field.Key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(rest)) {
		return answer, fmt.Errorf("%q has no field %q", a.ID, key)
	}
	return answer, nil
}
