package serve

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/netip"
	"sync"
	"time"

	"cognito-enroll/flow"
	"cognito-enroll/ui"
	"cognito-enroll/ui/ndjson"
)

// audit is the line that is written about a session. No field of it can hold a secret.
type audit struct {
	V        int       `json:"v"`    // 1; another when something changes its meaning
	Time     time.Time `json:"time"` // when it began, in UTC
	Seconds  float64   `json:"seconds"`
	Address  string    `json:"address"` // of the visitor, as far as this host sees
	Profile  string    `json:"profile"`
	User     string    `json:"user,omitempty"` // of the last sign-in: an HMAC, unless names are wanted
	Key      string    `json:"key,omitempty"`  // the fingerprint of the SSH key, with an allow-list
	Steps    []step    `json:"steps"`
	Result   string    `json:"result"`
	Enrolled bool      `json:"enrolled"` // an authenticator is on
	Exit     int       `json:"exit"`
}

// step is a call to Cognito.
type step struct {
	Call    string `json:"call"`
	Code    string `json:"code,omitempty"`    // of the error; none if it went well
	Request string `json:"request,omitempty"` // AWS's ID of it, for errors that it helps with
}

// mostSteps is how many calls a line tells of.
const mostSteps = 100

// lines writes one line at a time.
type lines struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *lines) write(a audit) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return ndjson.Write(l.w, a)
}

// who is a username as it is written down. The hash is the same for all processes with one host key, so that lines
// can be told to be about one person, and nobody without the key can try names.
func (s *server) who(name string) string {
	if name == "" || s.AuditUsers {
		const most = 128
		return shortened(name, most)
	}
	mac := hmac.New(sha256.New, s.key.audit)
	mac.Write([]byte(folded(name)))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// shortened is the first of what may be anything, so that it can be printed.
func shortened(text string, most int) string {
	r := []rune(flow.Printable(text))
	if len(r) > most {
		return string(r[:most]) + "..."
	}
	return string(r)
}

// watched is a pool whose calls are noted and, if they sign in, limited.
type watched struct {
	ui.Pool
	server *server
	from   netip.Prefix

	mu    sync.Mutex
	user  string
	steps []step
}

// Do implements ui.Pool.
func (w *watched) Do(ctx context.Context, call flow.Call) flow.Event {
	if signIn, ok := call.(flow.SignIn); ok {
		w.mu.Lock()
		w.user = signIn.Username
		w.mu.Unlock()
	}
	guesses, name := isGuess(call), w.name()
	if guesses {
		if wait := w.server.limits.signsIn(name, w.from); wait > 0 {
			w.server.counters.add("sign_ins_refused_total", 1)
			w.note(step{Call: nameOf(call), Code: "not-sent"})
			return waiting(wait)
		}
		defer w.server.limits.signedIn(name, w.from) // after it was judged
	}
	event := w.Pool.Do(ctx, call)
	noted := step{Call: nameOf(call)}
	if failed, ok := event.(flow.Failed); ok && failed.Err != nil {
		noted.Code, noted.Request = string(failed.Err.Code), shortened(failed.Err.Remedy.Request, 64)
	}
	w.note(noted)
	if guesses {
		w.judge(event, name)
	}
	return event
}

// judge counts what came of a guess. Only a wrong one is a failure; one that led on is none any more.
func (w *watched) judge(event flow.Event, name string) {
	outcome := "ok"
	if failed, ok := event.(flow.Failed); ok {
		outcome = "failed"
		if isWrong(failed.Err) {
			w.server.limits.failed(name, w.from)
		}
	}
	if reply, ok := event.(flow.Reply); ok {
		if _, in := reply.Result.(flow.Tokens); in {
			w.server.limits.succeeded(name, w.from)
		}
	}
	w.server.counters.count("sign_ins_total", "outcome", outcome)
}

func (w *watched) name() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.user
}

func (w *watched) note(s step) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.steps) < mostSteps {
		w.steps = append(w.steps, s)
	}
}

// told is what is noted so far.
func (w *watched) told() (user string, steps []step) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.user, append([]step{}, w.steps...)
}

// isGuess reports whether a call could be used to try passwords or codes.
func isGuess(call flow.Call) bool {
	switch call.(type) {
	case flow.SignIn, flow.Respond, flow.Reset, flow.Confirm, flow.Forgot, flow.Resend:
		return true
	}
	return false
}

// isWrong reports whether a guess was refused because it was wrong, or because nobody is called so.
func isWrong(err *flow.Error) bool {
	switch {
	case err == nil:
		return false
	case err.Code == flow.CodeWrongPassword, err.Code == flow.CodeMismatch, err.Code == "user-not-found",
		err.Code == "locked-out":
		return true
	}
	return false
}

// nameOf is a call in the words of an audit line.
func nameOf(call flow.Call) string {
	switch call.(type) {
	case flow.SignIn:
		return "sign-in"
	case flow.Respond:
		return "respond"
	case flow.Associate:
		return "associate"
	case flow.Verify:
		return "verify"
	case flow.Prefer:
		return "prefer"
	case flow.Disable:
		return "disable"
	case flow.Status:
		return "status"
	case flow.Forgot:
		return "forgot"
	case flow.Reset:
		return "reset"
	case flow.Resend:
		return "resend"
	case flow.Confirm:
		return "confirm"
	}
	return "other"
}

// errBug is what a visitor hears of a panic.
var errBug = errors.New("a bug in this service ended your session: please report it to whoever runs it")
