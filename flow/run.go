package flow

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// run is what is known so far. Every stage carries it, so that a State is the whole truth.
type run struct {
	opts     Options
	flow     AuthFlow // the one in use: Auto moves on when the app client refuses one
	username string   // as typed
	password Secret   // kept while a session may expire, which then costs no typing, or a test may begin
	internal string   // the username that Cognito uses: USER_ID_FOR_SRP once it named one
	grant    Grant
	deadline time.Time     // of the grant
	skew     time.Duration // how far this computer's clock is ahead of Cognito's
	rounds   int           // challenges met since signing in
	restarts int           // sessions that ended on the way
	consent  bool          // the password itself may be sent

	goal    Goal
	facts   Facts     // of username's account
	others  []Account // of those whose names were typed before
	profile Profile   // read last
	onward  onward

	label     string    // the account's name in the entry, where it is not the username
	labeled   string    // the name of the last entry of this run, which may be in the app
	device    string    // friendly device name: chosen, or read from a challenge
	key       Secret    // on the screen: what AssociateSoftwareToken gave
	uncertain Secret    // the key before, while nobody knows whether its code was accepted
	used      Secret    // the code that Cognito accepted last
	nextCode  time.Time // when apps show another
	note      string    // for the next questions to say

	region string   // the one that is browsed
	pools  Listed   // in it
	before *Options // those of the start, when the pool was asked for
}

// Account is what is known of a user.
type Account struct {
	Username string // as typed
	Label    string // in the name of the entry; "" is Username
	Facts    Facts
}

// onward is where the run leads when somebody is signed in.
type onward int

const (
	toFactors onward = iota // to what the account has
	toNewKey                // back to the QR code: the session ended while one was on screen
	preferred               // to the end: the factor was made the preferred one, as far as possible
)

func newRun(o Options) run {
	r := run{opts: o, flow: o.AuthFlow, username: o.Username, region: o.Region, facts: untouchedFacts()}
	if o.Show {
		r.goal = ToShow
	}
	r.consent = o.AuthFlow == Password || o.AuthFlow == Admin || o.Preferred == "PASSWORD"
	return r
}

// accepted remembers that Cognito accepted a code: it will not do so again.
func (r run) accepted(code Secret, at time.Time) run {
	r.used, r.nextCode = code, at.Add(r.untilNext(at))
	return r
}

func (r run) place() (pool, service string) { return r.opts.Pool, Label(r.opts.Issuer) }

// entry names the entry in the person's app.
func (r run) entry() string {
	return fmt.Sprintf("%s (%s)", quoted(Label(r.opts.Issuer)), Label(r.named()))
}

// named is the account's name in the entry.
func (r run) named() string { return cmp.Or(r.label, r.username) }

// standing says what is true if the run ends here, also of users whose names were typed before.
func (r run) standing() string {
	var said []string
	for _, other := range r.others {
		of := r
		of.username, of.label = other.Username, other.Label
		if !other.Facts.Untouched() {
			said = append(said, Fill(`About {user}: {standing}`, "user", quoted(Label(other.Username)), "standing",
				other.Facts.standing(of.entry())))
		}
	}
	if len(said) > 0 && r.facts.Untouched() {
		return strings.Join(said, " ")
	}
	return strings.Join(append([]string{r.facts.standing(r.entry())}, said...), " ")
}

// untouched reports whether nothing was changed for anybody.
func (r run) untouched() bool { return r.standing() == nothingChanged }

// as is the run for another user: what was known was about somebody else, and is kept for them.
func (r run) as(username string) run {
	if username == r.username {
		return r
	}
	to := newRun(r.opts)
	to.flow, to.username, to.before, to.consent = r.flow, username, r.before, r.consent
	for _, other := range append(slices.Clone(r.others), Account{r.username, r.label, r.facts}) {
		if other.Username == username {
			to.facts, to.label = other.Facts, other.Label
		} else if other.Username != "" {
			to.others = append(to.others, other)
		}
	}
	return to
}

// signedOut is the run at a new beginning.
func (r run) signedOut() run {
	r.grant, r.rounds, r.onward, r.key = Grant{}, 0, toFactors, Secret{}
	return r
}

// knows is the run after call, of which done says whether it was carried out.
func (r run) knows(call Call, done Known, result Result) run {
	before := r.facts
	r.facts = r.facts.learn(call, done, result)
	if n := news(before, r.facts, challengeName(result), r.entry()); n != "" {
		r.note = n
	}
	return r
}

// A topic is what a question is about: what it asks, and what follows from the answer.
type topic interface {
	ask(run) Ask
	// submit gets the values of the fields, which were checked.
	submit(question, map[string]string, time.Time) (stage, Call)
}

// returning is a topic with a way back. A nil stage means that there is none now.
type returning interface{ back(run) stage }

// retrying is a topic that has something of its own to say about a call that failed.
type retrying interface {
	retry(question, Failed) question
}

// question is a stage at which the person's answer is awaited.
type question struct {
	run
	topic   topic
	problem *Error
	given   map[string]Secret // the last answers, to be kept in the fields
}

func (r run) asks(t topic) question { return question{run: r, topic: t} }

// to is the question at which a run goes on, with no call.
func (r run) to(t topic) (stage, Call) { return r.asks(t), nil }

func (q question) ask() Ask {
	a := q.topic.ask(q.run)
	a.Note, a.Account, a.Problem, a.Skew = q.note, q.username, q.problem, q.skew
	a.Standing, a.Facts, a.Steps = q.standing(), q.facts, q.goal.steps(q.facts)
	a.Step = min(a.Step, len(a.Steps)-1)
	if a.Note == "" {
		a.Note = clockNote(q.skew)
	}
	a.CanBack = q.back() != nil
	for i, f := range a.Fields {
		if v, ok := q.given[f.Key]; ok {
			a.Fields[i].Value = v
		}
	}
	return a
}

// back is where Back leads, or nil.
func (q question) back() stage {
	if t, ok := q.topic.(returning); ok {
		return t.back(q.run)
	}
	return nil
}

func (q question) next(e Event) (stage, Call, error) {
	switch e := e.(type) {
	case Back:
		if to := q.back(); to != nil {
			return to, nil, nil
		}
	case Answer:
		q, values := q.read(e)
		if q.problem != nil {
			return q, nil, nil
		}
		s, call := q.topic.submit(q, values, e.At)
		return s, call, nil
	}
	return nil, nil, unexpected(fmt.Sprintf("the question %q is open", q.topic.ask(q.run).ID), e)
}

// read checks an answer. With a problem, the returned question asks again.
func (q question) read(answer Answer) (question, map[string]string) {
	values := map[string]string{}
	if q.given = maps.Clone(answer.Values); q.given == nil {
		q.given = map[string]Secret{}
	}
	q.problem = nil
	for _, f := range q.topic.ask(q.run).Fields {
		v, err := f.Check(answer.Values[f.Key].Reveal())
		if err != nil && q.problem == nil {
			q.problem = err
		}
		if f.Kind == Code {
			q.given[f.Key] = NewSecret(v) // none that is torn, because six digits send themselves
		}
		values[f.Key] = v
	}
	return q, values
}

// refuse asks again because of err.
func (q question) refuse(err *Error) (stage, Call) {
	q.problem = err
	return q, nil
}

// call makes a call; if it fails, the question is asked again. Every call comes from here, which holds
// it to what the goal and the person allow.
func (q question) call(c Call) (stage, Call) {
	if sendsPassword(c) && !q.consent {
		ask := q.asks(sendPassword{c, q})
		ask.note = "" // it was about proving it
		return ask, nil
	}
	if !q.goal.allows(c) {
		return q.stop(&Error{Code: "not-allowed", Fault: Bug,
			Msg: fmt.Sprintf("a %T was about to be made, which must not be made here", c), Hint: "please report this"})
	}
	return working{from: q, call: c}, c
}

// again returns the question after err. What is certain is kept: passwords and codes are cleared
// when they were refused, and a code also when it may be spent.
func (q question) again(f Failed) question {
	err, fields := f.Err, q.topic.ask(q.run).Fields
	q.problem = err
	q.given = maps.Clone(q.given)
	for _, f := range fields {
		refused := err.Fault == Retry && (err.Field == "" || slices.ContainsFunc(fields, func(at Field) bool {
			return at.Key == err.Field && at.Kind == f.Kind
		}))
		spent := f.Kind == Code && err.Code == CodeNoAnswer
		if spent || refused && (f.Kind == Hidden || f.Kind == Code) {
			delete(q.given, f.Key)
		}
	}
	return q
}

// calling is a topic with nothing to ask, but a call that may have to be tried again.
type calling struct{ call Call }

func (t calling) ask(r run) Ask {
	id, title, body := r.facts.between(r.goal)
	step := len(r.goal.steps(r.facts)) - 1
	if id == "signed-in" {
		step = 0
	}
	return Ask{ID: id, Step: step, Title: title, Body: body}
}

func (t calling) submit(q question, _ map[string]string, _ time.Time) (stage, Call) {
	return q.call(t.call)
}

// proceed makes a call that no question precedes.
func (r run) proceed(call Call) (stage, Call) { return r.asks(calling{call}).call(call) }

// working is a stage at which a call is under way.
type working struct {
	from question // where to return to when the call fails
	call Call
}

func (w working) ask() Ask {
	a := w.from.ask()
	a.Phase, a.Problem, a.CanBack = Working, nil, false
	// Whoever leaves now does not hear whether the call was carried out.
	r := w.from.knows(w.call, Unknown, nil)
	a.Facts, a.Standing = r.facts, r.standing()
	a.Progress = progress(w.call, w.from.run)
	return a
}

func (w working) place() (pool, service string) { return w.from.place() }

// progress says what is being done.
func progress(call Call, r run) string {
	switch call := call.(type) {
	case SignIn:
		if r.onward == toNewKey {
			return "Signing in again"
		}
		return "Signing in"
	case Respond:
		if call.Challenge == mfaSetup {
			return "Finishing the sign-in"
		}
		return "Answering Cognito"
	case Associate:
		return "Asking Cognito for a key"
	case Verify:
		return "Checking the code"
	case Prefer:
		return "Making it your preferred factor"
	case Disable:
		return "Turning it off"
	case Status:
		return "Reading your factors"
	case Forgot, Resend:
		return "Having a code sent"
	case Reset:
		return "Setting your new password"
	case Confirm:
		return "Confirming your sign-up"
	case Pools:
		return "Listing the user pools"
	case Clients:
		return "Listing the app clients"
	case Connect:
		return "Connecting to the user pool"
	}
	return unknownProgress
}

// unknownProgress is said of a call that progress does not know; a test holds that there is none.
const unknownProgress = "Waiting for Cognito"

func (w working) next(e Event) (stage, Call, error) {
	switch e := e.(type) {
	case Reply:
		if e.Result == nil || !w.call.Fits(e.Result) {
			return nil, nil, fmt.Errorf("flow: %T is no result of %T", e.Result, w.call)
		}
		e.Result = tidied(e.Result)
		r := w.from.knows(w.call, Yes, e.Result)
		r.skew = e.Skew
		return reply(r, w.call, e)
	case Failed:
		s, call := w.failed(e)
		return s, call, nil
	}
	return nil, nil, unexpected("a call is under way", e)
}

// failed is what follows from a call that failed, after what it may have changed is known.
func (w working) failed(f Failed) (stage, Call) {
	if w.from.mayBeDone(w.call, f) {
		f.Done = Unknown
	}
	if hint := uncertainHint(w.call, f.Err.Fault); hint != "" && f.Done == Unknown {
		err := *f.Err
		err.Hint, err.Remedy, f.Err = hint, Remedy{}, &err
	}
	if what := unusual(sentPassword(w.call)); what != "" && f.Err.Code == CodeWrongPassword {
		err := *f.Err
		err.Hint, err.Remedy, f.Err = Fill("the password was sent as it was typed: it {what}", "what", what), Remedy{}, &err
	}
	q := w.from
	q.run = q.knows(w.call, f.Done, nil)
	if f.Err.Code == CodeNoAuthenticator && f.Done == No {
		before := q.facts
		q.facts = before.missing(w.call)
		q.note = news(before, q.facts, "", q.entry())
	}
	retry := func() (stage, Call) {
		if t, ok := q.topic.(retrying); ok {
			return t.retry(q, f), nil
		}
		return q.again(f), nil
	}
	if finding(w.call) && f.Err.Fault != Bug {
		return retry() // there are other ways to a pool
	}
	switch f.Err.Fault {
	case Retry, Wait:
		return retry()
	case Restart:
		return restart(q.run, f.Err)
	}
	if _, ok := w.call.(SignIn); ok {
		if s, call, ok := anotherWay(q, f.Err.Code); ok {
			return s, call
		}
	}
	return q.stop(f.Err)
}

// mayBeDone reports whether a refusal does not tell that nothing happened, because what it refuses may
// be the second delivery of a request that was carried out: what works once was used by then. A code
// that fits the key is not refused for being wrong.
func (q question) mayBeDone(call Call, f Failed) bool {
	switch call := call.(type) {
	case Verify:
		// Without the key on the screen nobody can tell. A Session would be used by then.
		t, onScreen := q.topic.(scan)
		fits := onScreen && t.fits == call.Code || !onScreen && !call.Grant.AccessToken.Empty()
		return f.Err.Code == CodeUsed || sessionGone(f) || f.Err.Code == CodeMismatch && fits
	case Respond, Associate:
		return sessionGone(f)
	case Reset:
		return f.Err.Code == CodeExpired
	case Confirm:
		return f.Err.Code == CodeExpired || f.Err.Code == CodeConfirmed
	}
	return false
}

// sessionGone reports whether the session was used, or is not known: one that was used up by a request
// whose next step failed is not known any more.
func sessionGone(f Failed) bool {
	return f.Err.Code == CodeSessionUsed || f.Err.Code == CodeSessionInvalid
}

// maxRestarts ends a run whose sessions end one after the other.
const maxRestarts = 10

// restart signs in again, and says what has become of the entry in the app. What was typed is still
// there: when it was the session that ran out while the QR code was on screen, the person is not
// bothered until the next one is.
func restart(r run, err *Error) (stage, Call) {
	if r.restarts++; r.restarts > maxRestarts {
		return r.stop(&Error{Code: CodeTooManyRestarts, Fault: Elsewhere,
			Msg:  fmt.Sprintf("the session ended %d times in a row: %s", r.restarts, err.Msg),
			Hint: "run this again later; if it happens again, ask the pool's administrator"})
	}
	if r.flow == FromSession {
		if err = sessionOver(err); r.facts.New >= Taken {
			err.Hint = "check the username, and sign in again in the other program: it asks for a code of the new " +
				"authenticator now"
			return r.stop(err)
		}
	}
	if err.Code != CodeNoAuthenticator || r.note == "" {
		r.note = r.facts.restarted(r.entry())
	}
	if r.flow == FromSession && err.Code == CodeSessionInvalid {
		r.note = strings.TrimSpace(r.note + " " + whichSession)
	}
	if r.facts.New == Kept {
		r.facts.New = Shown // nothing waits for its code any more
	}
	if r.goal == ToTurnOff && r.facts.Old.active() {
		r.goal = ToEnroll // it was refused: ask again
	}
	unclear := r.facts.New == MaybeTaken && r.facts.Old != None
	unasked := !r.key.Empty() && !r.password.Empty() && r.facts.New <= MaybeTaken && !unclear && r.goal != ToTest
	if r.facts.New == MaybeTaken && !r.key.Empty() {
		r.uncertain = r.key
	}
	if r = r.signedOut(); unasked {
		r.onward = toNewKey
		return sendSignIn(r.asks(signIn{}))
	}
	q := r.asks(signIn{})
	q.problem = err
	return q, nil
}
