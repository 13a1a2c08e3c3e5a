package simulate

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"cognito-enroll/cognito"
	"cognito-enroll/flow"
)

// Result is what came of a Plan.
type Result struct {
	Plan    Plan
	Lies    []Lie
	End     string // the ID of the last Ask, and how it ended
	Turns   int
	Calls   int
	Met     map[string]int // what was injected
	Unknown map[string]int // facts that were unknown at an Ask
	Hash    [sha256.Size]byte
	Trace   string // when it was asked for
	Steps   []Step // likewise
	Ended   flow.Ask
}

// Step is an event of a run, and what the flow made of it.
type Step struct {
	Start *flow.Options
	Event flow.Event
	At    time.Time // this computer's clock
	Ask   flow.Ask
	Call  flow.Call
	Code  *typed // where the code of an answer is from
}

// typed is a code of a key, with the time for which it was made.
type typed struct {
	key string
	at  time.Time
}

const mostTurns = 60

// Run carries p out.
func Run(p Plan) Result { return run(p, false) }

// Trace carries p out, and returns a trace and the steps as well.
func Trace(p Plan) Result { return run(p, true) }

// runner is a run under way.
type runner struct {
	Result
	w       *World
	p       *person
	state   flow.State
	client  *cognito.Client
	options flow.Options
	text    bytes.Buffer
	trace   bool
	where   string
	calls   int
	left    bool

	debug io.Writer                                 // of a cognito.Trace, if any
	tap   func(http.RoundTripper) http.RoundTripper // likewise
}

func run(plan Plan, trace bool) (result Result) { return (&runner{trace: trace}).run(plan) }

func (r *runner) run(plan Plan) (result Result) {
	trace := r.trace
	r.Plan = plan
	w, err := newWorld(plan, r)
	if err != nil {
		return Result{Plan: plan, Lies: []Lie{{Kind: "plan", Text: err.Error()}}}
	}
	defer func() {
		if e := recover(); e != nil {
			r.lie("panic", "%v\n%s", e, stackOf(trace))
		}
		r.Met, r.Turns, r.Calls = w.met, r.p.turns, r.calls
		r.Hash = sha256.Sum256(r.text.Bytes())
		if trace {
			r.Trace = r.text.String()
		}
		result = r.Result
	}()
	r.w, r.p = w, newPerson(w)
	r.begin(nil)
	r.walk()
	r.afterwards()
	return r.Result
}

func stackOf(trace bool) string {
	if trace {
		return string(debug.Stack())
	}
	return ""
}

func (r *runner) say(format string, args ...any) { fmt.Fprintf(&r.text, format+"\n", args...) }

func (r *runner) lie(kind, format string, args ...any) {
	turn := 0
	if r.p != nil {
		turn = r.p.turns
	}
	l := Lie{Kind: kind, Turn: turn, Where: r.where, Text: fmt.Sprintf(format, args...)}
	r.say("  LIE %s at %s: %s", l.Kind, l.Where, l.Text)
	r.Lies = append(r.Lies, l)
}

// begin starts the flow, or goes on with one that was put away, in a process of its own.
func (r *runner) begin(resume *flow.Suspended) {
	config := cognito.Config{
		PoolID: poolID, ClientID: clientID, Region: "us-east-1", Transport: r.w, Now: r.w.now,
		Random:      source(r.Plan.Seed, 2+uint64(len(r.w.Ours))),
		Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "not a key", ""),
		Backoff:     func(int) time.Duration { r.w.wait(time.Second); return 0 },
	}
	if r.Plan.Pool.Secret {
		config.ClientSecret = flow.NewSecret(secret)
	}
	if r.debug != nil {
		config.Trace = &cognito.Trace{Out: r.debug, Now: r.w.now}
		config.Transport = r.tap(config.Transport)
	}
	client, err := cognito.New(config)
	if err != nil {
		panic(err)
	}
	r.client = client
	r.options = flow.Options{
		Issuer: "Acme", Pool: poolID, AuthFlow: r.Plan.Flow, Preferred: r.Plan.Preferred, TestSignIn: r.Plan.TestSignIn,
		Show: r.Plan.Goal == Look, Resume: resume,
		HandBack: r.Plan.HandBack, To: client.Destination(),
	}
	if r.Plan.Connect && resume == nil {
		r.options.AskPool, r.options.Targets = true, []flow.Target{{Pool: poolID, Client: clientID, Source: "a file"}}
	}
	r.state = flow.Start(r.options)
	o := r.options
	r.step(Step{Start: &o, At: r.w.now(), Ask: r.state.Ask()})
}

func (r *runner) step(s Step) {
	if r.trace {
		r.Steps = append(r.Steps, s)
	}
}

// ask is the present Ask, which is judged.
func (r *runner) ask() flow.Ask {
	a := r.state.Ask()
	r.where = a.ID
	if a.Phase == flow.Working {
		r.where += ", " + a.Progress
	}
	r.say("%s [%s] %s", r.w.clock.Format("15:04:05"), r.where, a.Title)
	for _, text := range []string{a.Body, a.Note} {
		if text != "" {
			r.say("    %s", text)
		}
	}
	if a.Problem != nil {
		r.say("    ! %s (%s, %s) %s", a.Problem.Msg, a.Problem.Code, a.Problem.Fault, a.Problem.Hint)
	}
	f := a.Facts
	r.say("    (%s)\n    new %s, old %s, password %s, sign-up %s, email %s, asked %s, tested %v; claims %s %s %s",
		a.Standing, f.New, f.Old, f.Password, f.Confirmed, f.Email, f.Asked, f.Tested, a.Claims.New, a.Claims.Old,
		a.Claims.Asks)
	r.unknown(f)
	r.judge(a)
	return a
}

func (r *runner) judge(a flow.Ask) {
	named := a.Account == r.w.acting.name || a.Account == r.w.typedFor(r.w.acting.name)
	if a.Account != "" && !named && a.ID != "sign-in" {
		r.lie("account", "%q is at work, and %q is named", r.w.acting.name, a.Account)
	}
	if a.ID == "sign-in" && a.Phase == flow.Asking && !named {
		return // nobody has said who it is
	}
	r.w.judge(a, r.p)
}

func (r *runner) unknown(f flow.Facts) {
	note := func(name string, is bool) {
		if is {
			if r.Unknown == nil {
				r.Unknown = map[string]int{}
			}
			r.Unknown[name] = 1
		}
	}
	note("new", f.New == flow.MaybeTaken || f.New == flow.MaybeOn)
	note("old", f.Old == flow.MaybeDropped || f.Old == flow.MaybeOff)
	note("password", f.Password == flow.Unknown)
	note("sign-up", f.Confirmed == flow.Unknown)
	note("email", f.Email == flow.Unknown)
}

// walk leads the person to an end.
func (r *runner) walk() {
	for {
		a := r.ask()
		if !a.HandBack.Empty() {
			r.handBack(a.HandBack)
		}
		if r.Plan.PutAway > 0 && a.Enroll != nil && !r.left {
			r.putAway()
			continue
		}
		if r.p.turns >= mostTurns {
			if r.steady() && !r.Plan.User.NoEntry { // who lost the phone has no code
				r.lie("no end", "a careful person does not get to an end in %d turns", mostTurns)
			}
			r.finish(a, "gives up")
			return
		}
		event := r.p.answer(a)
		r.w.consent = r.p.consented
		if event == nil {
			r.finish(a, map[bool]string{true: "end", false: "leaves"}[a.Phase == flow.Finished])
			return
		}
		if r.advance(event) {
			return
		}
	}
}

// steady is a run that has to come to an end.
func (r *runner) steady() bool { return len(r.Plan.Slips) == 0 && len(r.Plan.Meanwhile) == 0 }

// advance goes on with an event, and with what follows from it. It reports whether the person left.
func (r *runner) advance(event flow.Event) bool {
	for event != nil {
		next, call, err := flow.Next(r.state, event)
		if err != nil {
			r.lie("refused event", "%v", err)
			r.finish(r.state.Ask(), "error")
			return true
		}
		r.state = next
		switch event.(type) {
		case flow.Reply, flow.Failed:
			r.client.Learned(next.Ask().Facts)
		}
		r.w.heard(event)
		s := Step{Event: event, At: r.w.now(), Ask: next.Ask(), Call: call}
		if _, ok := event.(flow.Answer); ok {
			s.Code = r.p.made
		}
		r.step(s)
		if event = nil; call == nil {
			break
		}
		r.calls++
		a := r.ask()
		event = r.do(call)
		// Whoever leaves now hears nothing of what has happened.
		r.where = a.ID + ", " + a.Progress
		r.judge(a)
		if r.Plan.Hang == r.calls {
			r.finish(a, "leaves a call")
			return true
		}
	}
	return false
}

// heard is for what the flow has got now. A failure shows nothing.
func (w *World) heard(e flow.Event) {
	reply, whole := e.(flow.Reply)
	switch r := reply.Result.(type) {
	case flow.Profile:
		w.acting.read = true
	case flow.Challenge:
		w.acting.read = w.acting.read || r.Name == totpFactor || r.Name == "MFA_SETUP"
	}
	for _, a := range w.accounts {
		if whole {
			a.unseen &^= a.showing
		}
		a.showing = 0
	}
}

func (r *runner) do(call flow.Call) flow.Event {
	if c, ok := call.(flow.Connect); ok {
		return flow.Reply{Result: flow.Connected{Pool: c.Pool, Issuer: "Acme", To: r.client.Destination()}, At: r.w.now()}
	}
	event := r.client.Do(context.Background(), call)
	switch e := event.(type) {
	case flow.Failed:
		r.say("  < failed: %s, %s, done %s: %s", e.Err.Code, e.Err.Fault, e.Done, e.Err.Msg)
	case flow.Reply:
		r.say("  < %T", e.Result)
	}
	return event
}

// putAway ends this run at the QR code, and goes on in another.
func (r *runner) putAway() {
	r.left = true
	suspended, ok := r.state.Suspend()
	if !ok {
		r.lie("suspend", "an enrollment at the QR code cannot be put away")
		return
	}
	acc := r.w.acting
	if key := r.state.Ask().Enroll.Key.Reveal(); acc.entries == nil || acc.entries[len(acc.entries)-1].key != key {
		acc.entries = append(acc.entries, entry{key})
	}
	r.say("  . put away for %s", r.Plan.PutAway)
	r.w.wait(r.Plan.PutAway)
	r.begin(&suspended)
}

// handBack lets the program that began the sign-in end it.
func (r *runner) handBack(session flow.Secret) {
	if refusal := r.w.finished(session); refusal != "" && r.w.acting.unseen == 0 {
		r.lie("handed back", "the Session does not answer MFA_SETUP: %s", refusal)
	}
}

func (r *runner) finish(a flow.Ask, how string) {
	r.Ended, r.End = a, how+" at "+a.ID
	r.say("%s at %s", how, a.ID)
}

// afterwards signs in afresh as the pool's Truth foretells, to see whether that is true.
func (r *runner) afterwards() {
	r.where = "afterwards"
	acc := r.w.acting
	r.w.wait(20 * time.Minute)
	t := r.w.truth(acc.name)
	if asks := r.w.asks(t); t.Refusal == "" && t.Next != "NEW_PASSWORD_REQUIRED" && asks != t.Next &&
		asks != t.Next+" without it" {
		r.lie("simulator", "the judge foretells %q, the Truth %q", asks, t.Next)
	}
	_, first, refusal := r.w.signIn(acc.name)
	if refusal != "" && t.Refusal == "" && first != "" {
		refusal = "" // of the code, which may be spent
	}
	if first != t.Next || refusal != t.Refusal {
		r.lie("simulator", "the Truth foretells %q %q, a sign-in meets %q %q", t.Next, t.Refusal, first, refusal)
	}
}
