package simulate

import (
	"io"
	"net/http"
	"sync"
	"time"

	"cognito-enroll/flow"
)

// The pool of every plan, for those who lead a program of their own there.
const (
	PoolID       = poolID
	ClientID     = clientID
	ClientSecret = secret // where Plan.Pool.Secret is set
)

// Live is a Plan whose pool is an http.Handler for a program in another process, such as the command
// line. The same person answers, and the same judge holds what the program says against the pool. Its
// clock goes with that of the world outside, but a person who waits moves it ahead.
type Live struct {
	mu   sync.Mutex
	r    *runner
	now  func() time.Time
	last time.Time
}

// NewLive returns p's pool and person. now is the clock that the program has.
func NewLive(p Plan, now func() time.Time) (*Live, error) {
	r := &runner{trace: true}
	r.Plan = p
	w, err := newWorld(p, r)
	if err != nil {
		return nil, err
	}
	r.w, r.p = w, newPerson(w)
	l := &Live{r: r, now: now, last: now()}
	w.clock = l.last
	return l, nil
}

// tick lets the pool's clock go on as the world's has.
func (l *Live) tick() {
	now := l.now()
	l.r.w.wait(now.Sub(l.last))
	l.last = now
}

// ServeHTTP is the pool, with the plan's faults. A lost answer is a broken connection.
func (l *Live) ServeHTTP(to http.ResponseWriter, request *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tick()
	got, err := l.r.w.RoundTrip(request)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	for name, values := range got.Header {
		to.Header()[name] = values
	}
	to.WriteHeader(got.StatusCode)
	if _, err := io.Copy(to, got.Body); err != nil {
		panic(http.ErrAbortHandler)
	}
}

// Answer judges a, and returns what the person says to it; nil is to leave. Of a question it takes
// what programs are told: ID, Fields, Enroll, Problem, Facts and the texts.
func (l *Live) Answer(a flow.Ask) flow.Event {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tick()
	l.judge(a)
	return l.say(a)
}

// say is what the person says. The clock that moves when they wait is not the program's, which may so
// take a right code for one of a phone that is ahead: they send it as it is.
func (l *Live) say(a flow.Ask) flow.Event {
	p := l.r.p
	if a.Problem != nil && a.Problem.Code == flow.CodeUnlikely && p.last != "" {
		return flow.Answer{Values: give("code", p.last)}
	}
	event := p.answer(a)
	l.r.w.consent = p.consented
	return event
}

// Voice is Answer for a program that tells no Facts: only the answer is of use.
func (l *Live) Voice(a flow.Ask) flow.Event {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tick()
	l.r.where = a.ID
	return l.say(a)
}

// Judge is for an Ask that wants no answer.
func (l *Live) Judge(a flow.Ask) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.judge(a)
}

func (l *Live) judge(a flow.Ask) {
	l.r.w.heard(flow.Reply{})
	a.Claims = a.Facts.Claims()
	l.r.where = a.ID
	l.r.say("[%s] %s (%s) new %s, old %s", a.ID, a.Title, a.Standing, a.Facts.New, a.Facts.Old)
	if a.Problem != nil {
		l.r.say("    ! %s (%s)", a.Problem.Msg, a.Problem.Code)
	}
	if name := l.r.w.acting.name; a.ID != "sign-in" || a.Account == name || a.Account == l.r.w.typedFor(name) {
		l.r.judge(a)
	}
}

// Consented is what the person said yes to: "replace", "turn-off", "email", or nothing yet.
func (l *Live) Consented() string { return l.r.p.consented }

// Asks reports whether the pool's next sign-in asks for the code of an authenticator, and Active
// whether there is one that counts.
func (l *Live) Asks() flow.Known {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.r.w.asksCode(l.r.w.truth(alice))
}

// Active reports whether an authenticator counts.
func (l *Live) Active() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	t := l.r.w.truth(alice)
	return l.r.w.active(t) || l.r.w.accounts[alice].listed(t)
}

// Uncertain reports whether somebody else, or a request that came late, changed the account unseen.
func (l *Live) Uncertain() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.r.w.accounts[alice].unseen != 0
}

// Lies are those that were found, and Trace is what happened.
func (l *Live) Lies() []Lie { return l.r.Lies }

// Trace is what happened.
func (l *Live) Trace() string { return l.r.text.String() }
