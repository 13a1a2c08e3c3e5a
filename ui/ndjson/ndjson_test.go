package ndjson_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"cognito-enroll/flow"
	"cognito-enroll/ui"
	"cognito-enroll/ui/ndjson"
)

// TestParseInput: a line is an event as the schema has it, or it is told what is wrong with it, in words
// that quote no value.
func TestParseInput(t *testing.T) {
	const answer = `{"v":1,"type":"answer","id":"sign-in","values":{"username":"alice","password":"hunter2"}}`
	for _, tt := range []struct{ line, wrong string }{
		{answer, ""},
		{" \t" + answer + " \r", ""},
		{`{"type":"back","v":1}`, ""},
		{`{"v":1,"type":"prove","id":"done"}`, ""},
		{`{"v":1,"type":"answer"}`, ""},

		{`{"v":1,"type":"answer","id":"sign-in","password":"hunter2"}`, "unknown name"},
		{`{"v":1,"type":"back","hunter2":1}`, "unknown name"},
		{`{"V":1,"type":"back"}`, "unknown name"},
		{`{"v":1,"Type":"back"}`, "unknown name"},
		{`{"v":1,"type":"answer","Values":{"password":"hunter2"}}`, "unknown name"},
		{answer + answer, "more than one object"},
		{answer + ` {}`, "more than one object"},
		{answer + `}`, "more than one object"},
		{answer + `]`, "more than one object"},
		{answer + ` hunter2`, "more than one object"},
		{`{"v":1,"type":"answer","values":{"password":"hunter2"`, "is cut off"},
		{``, "is cut off"},
		{`hunter2`, "not JSON"},
		{`{'v':1}`, "not JSON"},
		{`["hunter2"]`, "not an object"},
		{`"hunter2"`, "not an object"},
		{`null`, `"v" is not 1`},
		{`{}`, `"v" is not 1`},
		{`{"v":2,"type":"back"}`, `"v" is not 1`},
		{`{"v":"1","type":"back"}`, `"v" is not 1`},
		{`{"type":"back"}`, `"v" is not 1`},
		{`{"v":1}`, `"type" is not "answer"`},
		{`{"v":1,"type":"hunter2"}`, `"type" is not "answer"`},
		{`{"v":1,"type":"Answer"}`, `"type" is not "answer"`},
		{`{"v":1,"type":5}`, `"type" is not a string`},
		{`{"v":1,"type":"answer","id":5}`, `"id" is not a string`},
		{`{"v":1,"type":"answer","values":["hunter2"]}`, `"values" is not an object of strings`},
		{`{"v":1,"type":"answer","values":{"password":22}}`, `"values" is not an object of strings`},
		{`{"v":1,"type":"answer","values":{"password":{"a":"hunter2"}}}`, `"values" is not an object of strings`},
		{`{"v":1,"type":"back","values":{"password":"hunter2"}}`, `"values" is not allowed with`},
		{`{"v":1,"type":"prove","values":{}}`, `"values" is not allowed with`},
	} {
		in, err := ndjson.ParseInput([]byte(tt.line))
		switch {
		case (err == nil) != (tt.wrong == "") || err != nil && !strings.Contains(err.Error(), tt.wrong):
			t.Errorf("%s: %v, want %q", tt.line, err, tt.wrong)
		case err != nil && strings.Contains(err.Error(), "hunter2"):
			t.Errorf("%s: the error quotes a value: %v", tt.line, err)
		case err == nil && (in.V != 1 || !strings.Contains(tt.line, in.Type)):
			t.Errorf("%s is %+v", tt.line, in)
		}
	}
}

// TestAnswer: a value for each field, and for no other.
func TestAnswer(t *testing.T) {
	ask := flow.Ask{ID: "question", Fields: []flow.Field{
		{Key: "name", Kind: flow.Text, Min: 1, Max: 9},
		{Key: "filled", Kind: flow.Text, Value: flow.NewSecret("before"), Min: 1, Max: 9},
		{Key: "choice", Kind: flow.Choose, Options: []flow.Option{{Value: "first"}, {Value: "second"}}},
	}}
	for _, tt := range []struct {
		values map[string]string
		want   string // name, filled and choice
		wrong  string
	}{
		{map[string]string{"name": "a", "filled": "b", "choice": "second"}, "a b second", ""},
		{map[string]string{"name": "a"}, "a before first", ""},
		{map[string]string{"name": "a", "filled": ""}, "a  first", ""}, // what flow makes of it is for flow to say
		{map[string]string{"filled": "b"}, "", `"question" has no value for "name"`},
		{nil, "", `has no value for "name"`},
		{map[string]string{"name": "a", "other": "hunter2"}, "", `"question" has no field "other"`},
		{map[string]string{"name": "a", "Choice": "hunter2"}, "", `has no field "Choice"`},
	} {
		in := ndjson.Input{V: 1, Type: "answer", Values: tt.values}
		answer, err := in.Answer(ask)
		if tt.wrong != "" {
			if err == nil || !strings.Contains(err.Error(), tt.wrong) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("%v: %v, want %q", tt.values, err, tt.wrong)
			}
			continue
		}
		got := answer.Values["name"].Reveal() + " " + answer.Values["filled"].Reveal() + " " +
			answer.Values["choice"].Reveal()
		if err != nil || got != tt.want || len(answer.Values) != 3 {
			t.Errorf("%v: %q, %v; want %q", tt.values, got, err, tt.want)
		}
		if _, there := tt.values["filled"]; len(tt.values) == 1 && there {
			t.Error("the values were changed")
		}
	}
}

// pool answers from a list.
type pool struct {
	answers []flow.Event
	calls   []flow.Call
}

func (p *pool) Do(_ context.Context, call flow.Call) flow.Event {
	p.calls = append(p.calls, call)
	if len(p.answers) == 0 {
		return flow.Failed{Err: &flow.Error{Code: "malfunction", Fault: flow.Elsewhere, Msg: "there are no more answers"}}
	}
	answer := p.answers[0]
	p.answers = p.answers[1:]
	return answer
}

var now = time.Date(2026, time.November, 23, 10, 0, 0, 0, time.FixedZone("one hour east", 3600))

func reply(r flow.Result) flow.Event { return flow.Reply{Result: r, At: now} }

// toEnrolled answers everything on the way to an enrolled authenticator.
func toEnrolled() []flow.Event {
	return []flow.Event{
		reply(flow.Challenge{Name: "MFA_SETUP", Session: flow.NewSecret("S1")}),
		reply(flow.Associated{Key: flow.NewSecret("GEZDGNBVGY3TQOJQG"), Session: flow.NewSecret("S2")}),
		reply(flow.Verified{Session: flow.NewSecret("S3")}),
		reply(flow.Tokens{AccessToken: flow.NewSecret("T"), Lifetime: time.Hour}),
		reply(flow.Profile{Username: "alice", Pool: "us-east-1_AbC", Factors: []string{"SOFTWARE_TOKEN_MFA"}}),
	}
}

var enrolling = []string{
	`{"v":1,"type":"answer","values":{"username":"alice","password":"hunter2"}}`,
	`{"v":1,"type":"answer","id":"get-ready","values":{"device":"<Pixel & Co>"}}`,
	`{"v":1,"type":"answer","id":"scan","values":{"code":"012345"}}`,
}

func converse(t *testing.T, p *pool, o flow.Options, answers *ndjson.Answers, lines ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	_, err := ndjson.Run(t.Context(), ndjson.Config{
		Start: flow.Start(o), Pool: p, In: strings.NewReader(strings.Join(lines, "\n") + "\n"), Out: &out, Answers: answers,
		Now: func() time.Time { return now },
	})
	return out.String(), err
}

// TestLinesThatAreNoAnswer change nothing and send nothing.
func TestLinesThatAreNoAnswer(t *testing.T) {
	for _, tt := range []struct{ line, says string }{
		{`{"v":1,"type":"back"}`, "cannot go back from this question"},
		{`{"v":1,"type":"prove"}`, "there is nothing to test now"},
		{`{"v":1,"type":"answer","id":"scan","values":{"code":"012345"}}`,
			`this answers \"scan\", but the question is \"sign-in\"`},
		{`{"v":1,"type":"answer","values":{"username":"alice"}}`, `\"sign-in\" has no value for \"password\"`},
	} {
		p := &pool{}
		out, err := converse(t, p, flow.Options{Issuer: "Acme"}, nil, "", tt.line, "  ")
		unanswered, ok := errors.AsType[*ui.Unanswered](err)
		if !ok || *unanswered != (ui.Unanswered{ID: "sign-in", Field: "Username"}) || len(p.calls) > 0 {
			t.Errorf("%s: %v, %d calls", tt.line, err, len(p.calls))
		}
		if !strings.Contains(out, `"type":"problem","id":"sign-in","problem":{"code":"bad-line"`) ||
			!strings.Contains(out, tt.says) {
			t.Errorf("%s: %q is to be in\n%s", tt.line, tt.says, out)
		}
	}
}

// TestConversation: what comes out on the way to an enrolled authenticator, and after it.
func TestConversation(t *testing.T) {
	asked := reply(flow.Challenge{Name: "SOFTWARE_TOKEN_MFA", Session: flow.NewSecret("S4")})
	p := &pool{answers: append(toEnrolled(), asked)}
	out, err := converse(t, p, flow.Options{Issuer: "Acme"}, nil, append(enrolling, `{"v":1,"type":"answer"}`,
		`{"v":1,"type":"back"}`, `{"v":1,"type":"prove"}`, enrolling[0])...)
	if unanswered, ok := errors.AsType[*ui.Unanswered](err); !ok || unanswered.ID != "prove" {
		t.Errorf("error %v", err)
	}
	for _, want := range []string{
		`"enroll":{"issuer":"Acme","account":"alice",` +
			`"key":"GEZDGNBVGY3TQOJQG","uri":"otpauth://totp/Acme:alice?secret=GEZDGNBVGY3TQOJQG&issuer=Acme","deadline":"2026-11-23T09:03:00Z"}`,
		`"device":"<Pixel & Co>"`, `"enrolled":true`, `"next_code":"2026-11-23T09:00:30Z"`, "there is no question",
		`"message":"cannot go back from this question"`,
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%s is to be in\n%s", want, out)
		}
	}
	for _, secret := range []string{"hunter2", "012345", `"S1"`, `"S2"`, `"S3"`, `"S4"`, `"T"`} {
		if strings.Contains(out, secret) {
			t.Errorf("%s came out:\n%s", secret, out)
		}
	}
	if verify, ok := p.calls[2].(flow.Verify); !ok || verify.Device != "<Pixel & Co>" ||
		verify.Code.Reveal() != "012345" {
		t.Errorf("the third call is %+v", p.calls[2])
	}
}

// TestHiddenStaysHidden: what was typed hidden is offered again, so that it can be left out, and not shown.
func TestHiddenStaysHidden(t *testing.T) {
	p := &pool{answers: []flow.Event{flow.Failed{Err: &flow.Error{Code: flow.CodeNoAnswer, Fault: flow.Wait,
		Msg: "no answer"}}}}
	out, _ := converse(t, p, flow.Options{Issuer: "Acme"}, nil, enrolling[0], `{"v":1,"type":"answer"}`)
	if strings.Contains(out, "hunter2") || !strings.Contains(out, `"value":"alice"`) || !strings.Contains(out,
		`"key":"password","label":"Password","kind":"hidden","min":1,"max":256,"filled":true}`) {
		t.Errorf("a password that is kept:\n%s", out)
	}
	if len(p.calls) != 2 || p.calls[1] != p.calls[0] {
		t.Errorf("the second attempt is %+v", p.calls[1:])
	}
}

// TestAnswersBeforehand: each is for the next question, a wrong one ends the run, and one too many is told.
func TestAnswersBeforehand(t *testing.T) {
	read := func(lines ...string) *ndjson.Answers {
		t.Helper()
		a, err := ndjson.ReadAnswers("file", strings.NewReader(strings.Join(lines, "\n")))
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	wrong := func(err error, want ndjson.AnswersError) {
		t.Helper()
		if got, ok := errors.AsType[*ndjson.AnswersError](err); !ok || *got != want {
			t.Errorf("error %v, want %v", err, &want)
		}
	}
	p := &pool{answers: toEnrolled()}
	if _, err := converse(t, p, flow.Options{Issuer: "Acme"}, read(enrolling[:2]...), enrolling[2]); err != nil ||
		len(p.calls) != 5 {
		t.Errorf("a file and then lines: %v, %d calls", err, len(p.calls))
	}
	p = &pool{}
	_, err := converse(t, p, flow.Options{Issuer: "Acme"}, read("", enrolling[1]), enrolling[0])
	wrong(err, ndjson.AnswersError{File: "file", Line: 2,
		Msg: `this answers "get-ready", but the question is "sign-in"`})
	if len(p.calls) > 0 {
		t.Error("a call was made")
	}
	_, err = ndjson.ReadAnswers("file",
		strings.NewReader(enrolling[0]+"\n\n{\"v\":1,\"type\":\"answer\",\"pass\":\"hunter2\"}\n"))
	wrong(err, ndjson.AnswersError{File: "file", Line: 3,
		Msg: `unknown name: only "v", "type", "id" and "values" are allowed`})
	_, err = ndjson.ReadAnswers("file", strings.NewReader(" \n\n"))
	wrong(err, ndjson.AnswersError{File: "file", Line: 1, Msg: "there is no answer"})
	if err := read(enrolling[0]).Left(); err == nil {
		t.Error("an answer that is left is not told")
	}
	if err := (*ndjson.Answers)(nil).Left(); err != nil {
		t.Errorf("without a file: %v", err)
	}
}

// full is a disk on which nothing fits.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

// TestWritingFails: nothing is asked, and nothing is sent, when nobody can read it.
func TestWritingFails(t *testing.T) {
	p := &pool{}
	_, err := ndjson.Run(t.Context(), ndjson.Config{Start: flow.Start(flow.Options{Issuer: "Acme"}), Pool: p,
		In: strings.NewReader(enrolling[0]), Out: full{}})
	if !errors.Is(err, io.ErrShortWrite) || len(p.calls) > 0 {
		t.Errorf("error %v, %d calls", err, len(p.calls))
	}
}

// TestStopped: the object has the Problem, or else what ended the input.
func TestStopped(t *testing.T) {
	problem := &flow.Error{Code: flow.CodeMismatch, Fault: flow.Restart, Field: "code", Msg: "wrong", Hint: "again"}
	for _, tt := range []struct {
		problem *flow.Error
		err     error
		want    *ndjson.Error
	}{
		{problem, io.EOF, &ndjson.Error{Code: "code-mismatch", Fault: "restart", Field: "code", Message: "wrong",
			Hint: "again"}},
		{nil, io.ErrNoProgress, &ndjson.Error{Code: "input", Fault: "retry", Message: io.ErrNoProgress.Error()}},
		{nil, ui.ErrCanceled, &ndjson.Error{Code: "cancelled", Fault: "retry", Message: ui.ErrCanceled.Error()}},
		{nil, nil, nil},
	} {
		got := ndjson.NewStopped(flow.Ask{Problem: tt.problem, Standing: "Nothing was changed."}, tt.err)
		want := ndjson.Stopped{Header: ndjson.Header{V: 1, Type: "stopped"}, Error: tt.want,
			Standing: "Nothing was changed."}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("of %v and %v (-want +got):\n%s", tt.problem, tt.err, diff)
		}
	}
}

// TestWriteEscapes: a line has no character that a terminal, or a reader of lines, would take for something else.
func TestWriteEscapes(t *testing.T) {
	const text = "a\u0085b\u009b31mc\u007fd\u202ee\u2028f\u2066g\U000e0041h\x1bi é 你 \U0001f600 <&>"
	var out bytes.Buffer
	if err := ndjson.Write(&out, map[string]string{"text" + text: text}); err != nil {
		t.Fatal(err)
	}
	line := strings.TrimSuffix(out.String(), "\n")
	for _, r := range line {
		if !unicode.IsPrint(r) {
			t.Errorf("%U is not escaped: %q", r, line)
		}
	}
	var back map[string]string
	if err := json.Unmarshal([]byte(line), &back); err != nil || back["text"+text] != text {
		t.Errorf("%q reads as %q, %v", line, back, err)
	}
	if !strings.Contains(line, "é 你 \U0001f600 <&>") {
		t.Errorf("what can be read is escaped: %s", line)
	}
}
