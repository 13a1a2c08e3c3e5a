package ndjson

import (
	"errors"
	"time"

	"cognito-enroll/flow"
	"cognito-enroll/ui"
)

// Header begins each object.
type Header struct {
	V    int    `json:"v"` // 1; another when something changes its meaning
	Type string `json:"type"`
}

func header(kind string) Header { return Header{1, kind} }

// The objects that go out. Times are RFC 3339 in UTC.
type (
	// Ask is a question.
	Ask struct {
		Header
		ID       string  `json:"id"` // package flow's documentation lists them
		Step     string  `json:"step"`
		Title    string  `json:"title"`
		Body     string  `json:"body,omitempty"`
		Note     string  `json:"note,omitempty"`
		Account  string  `json:"account,omitempty"`
		Fields   []Field `json:"fields"`
		Enroll   *Enroll `json:"enroll,omitempty"`
		Problem  *Error  `json:"problem,omitempty"` // why it is asked again
		CanBack  bool    `json:"can_back"`
		NextCode string  `json:"next_code,omitempty"` // when the app shows a code that was not used yet
		Standing string  `json:"standing"`            // what is true if the run ends here

		Facts flow.Facts `json:"facts"` // what Standing follows from
	}
	// Field is one value of an answer.
	Field struct {
		Key     string   `json:"key"`
		Label   string   `json:"label"`
		Kind    string   `json:"kind"` // text, hidden, code or choose
		Min     int      `json:"min,omitempty"`
		Max     int      `json:"max,omitempty"`
		Filled  bool     `json:"filled"`            // it may be left out of the answer
		Value   string   `json:"value,omitempty"`   // what it is filled with, unless that is secret
		Options []Option `json:"options,omitempty"` // of choose
	}
	// Option is one answer to a choice.
	Option struct {
		Value string `json:"value"`
		Label string `json:"label"`
	}
	// Enroll is what the authenticator app needs. It is secret.
	Enroll struct {
		Issuer   string `json:"issuer"`
		Account  string `json:"account"`
		Key      string `json:"key"`                // base32
		URI      string `json:"uri"`                // otpauth://
		Deadline string `json:"deadline,omitempty"` // Cognito waits at least until then
	}
	// Error is a problem in words and for programs.
	Error struct {
		Code    string `json:"code"`
		Fault   string `json:"fault"` // what can be done: retry, restart, wait, elsewhere or bug
		Field   string `json:"field,omitempty"`
		Message string `json:"message"`
		Hint    string `json:"hint,omitempty"` // what to do, in words that name no flag

		Remedy *flow.Remedy `json:"remedy,omitempty"` // the same by its name, where a program could do it
	}
	// Progress is a call under way.
	Progress struct {
		Header
		ID      string `json:"id"`
		Message string `json:"message"`
	}
	// Problem is about a line that was no answer; the question before it still stands.
	Problem struct {
		Header
		ID    string `json:"id"`
		Error *Error `json:"problem"`
	}
	// Begun ends a run that another is to finish.
	Begun struct {
		Header
		Handle   string  `json:"handle"`            // file
		Expires  string  `json:"expires,omitempty"` // Cognito waits at least until then
		Enroll   *Enroll `json:"enroll"`
		Standing string  `json:"standing"`

		Facts flow.Facts `json:"facts"`
	}
	// Result ends a run that looked at the account.
	Result struct {
		Header
		Title         string   `json:"title"`
		User          string   `json:"user"`
		Pool          string   `json:"pool"`
		Enrolled      bool     `json:"enrolled"`          // an authenticator is known to be active
		Error         *Error   `json:"problem,omitempty"` // why the run's goal was missed
		New           bool     `json:"new"`               // enrolled in this run
		Tested        bool     `json:"tested"`            // by a fresh sign-in
		Factors       []string `json:"factors"`           // in Cognito's names
		Partial       bool     `json:"partial,omitempty"` // there may be other factors: the list was not read
		Preferred     string   `json:"preferred,omitempty"`
		Device        string   `json:"device,omitempty"`
		Note          string   `json:"note,omitempty"`
		Session       string   `json:"session,omitempty"` // handed back: it answers MFA_SETUP, and it is secret
		CanTestSignIn bool     `json:"can_prove"`         // "prove" is understood, once
		Standing      string   `json:"standing"`

		Facts flow.Facts `json:"facts"`
	}
	// Stopped ends a run that did not get there.
	Stopped struct {
		Header
		Error    *Error `json:"problem"`
		Standing string `json:"standing"`

		Facts flow.Facts `json:"facts"`
	}
)

// The codes that no call and no answer has.
const (
	CodeBadLine flow.ErrorCode = "bad-line" // of a Problem: the line was no answer to the question
	CodeInput   flow.ErrorCode = "input"    // of Stopped: the input ended at a question, or cannot be read
)

func newAsk(a flow.Ask) Ask {
	out := Ask{
		Header: header("ask"), ID: a.ID, Step: a.Steps[a.Step], Title: a.Title, Body: a.Body, Note: a.Note,
		Account: a.Account,
		Fields:  []Field{}, Enroll: NewEnroll(a.Enroll), Problem: NewError(a.Problem), CanBack: a.CanBack,
		NextCode: stamp(a.NextCode), Standing: a.Standing,
		Facts: a.Facts,
	}
	for _, f := range a.Fields {
		field := Field{Key: f.Key, Label: f.Label, Kind: f.Kind.String(), Min: f.Min, Max: f.Max, Filled: !f.Value.Empty() ||
			f.Kind == flow.Choose && !f.Explicit || f.Optional}
		if f.Kind == flow.Text || f.Kind == flow.Choose {
			field.Value = f.Value.Reveal()
		}
		for _, o := range f.Options {
			field.Options = append(field.Options, Option{o.Value, o.Text()})
		}
		out.Fields = append(out.Fields, field)
	}
	return out
}

// NewEnroll returns the object for e, and nil for nil.
func NewEnroll(e *flow.Enroll) *Enroll {
	if e == nil {
		return nil
	}
	return &Enroll{Issuer: e.Issuer, Account: e.Account, Key: e.Key.Reveal(), URI: e.URI.Reveal(),
		Deadline: stamp(e.Deadline)}
}

// NewResult returns the object for an Ask that has a Summary.
func NewResult(a flow.Ask) Result {
	s := a.Summary
	return Result{
		Header: header("result"), Title: a.Title, User: s.User, Pool: s.Pool, Enrolled: s.Enrolled, New: s.New,
		Tested: s.Tested,
		Error:  NewError(a.Problem), Session: a.HandBack.Reveal(), Partial: s.Partial, Facts: a.Facts,
		Factors: append([]string{}, s.Factors...), Preferred: s.Preferred, Device: s.Device, Note: a.Note,
		CanTestSignIn: a.CanTestSignIn, Standing: a.Standing,
	}
}

// NewBegun returns the object for an enrollment that the handle in file can finish, from the question put
// at which it goes on.
func NewBegun(file string, e flow.Enroll, put flow.Ask) Begun {
	return Begun{Header: header("begun"), Handle: file, Expires: stamp(e.Deadline), Enroll: NewEnroll(&e),
		Standing: put.Standing, Facts: put.Facts}
}

// NewStopped returns the object for an Ask at which a run ended without a Summary, because of the
// Problem in it or, if it has none, of err.
func NewStopped(a flow.Ask, err error) Stopped {
	if a.Problem == nil && err != nil {
		a.Problem = &flow.Error{Code: CodeInput, Fault: flow.Retry, Msg: err.Error()}
		if errors.Is(err, ui.ErrCanceled) {
			a.Problem.Code = flow.CodeCanceled
		}
	}
	return Stopped{Header: header("stopped"), Error: NewError(a.Problem), Standing: a.Standing, Facts: a.Facts}
}

// NewError returns the object for e, and nil for nil.
func NewError(e *flow.Error) *Error {
	if e == nil {
		return nil
	}
	out := &Error{Code: string(e.Code), Fault: e.Fault.String(), Field: e.Field, Message: e.Msg, Hint: ui.Served.Hint(e)}
	if e.Remedy.Name != "" {
		remedy := e.Remedy
		out.Remedy = &remedy
	}
	return out
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
