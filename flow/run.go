package flow

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// run is what is known so far. Every step carries it, so that a State is the whole truth.
type run struct {
	opts     Options
	flow     AuthFlow // the one in use: Auto moves on when the app client refuses one
	username string   // as typed
	password Secret   // kept so that an expired session costs no typing
	internal string   // the username that Cognito uses: USER_ID_FOR_SRP once it named one
	grant    Grant
	deadline time.Time     // of the grant
	skew     time.Duration // how far this computer's clock is ahead of Cognito's
	rounds   int           // challenges met since signing in

	device   string    // friendly device name: chosen, or read from a challenge
	key      Secret    // what AssociateSoftwareToken gave
	used     Secret    // the code that Cognito took last
	nextCode time.Time // when apps show another
	note     string    // for the next questions to say

	region string   // the one that is browsed
	pools  Listed   // in it
	before *Options // those of the start, when the pool was asked for

	issued    bool // AssociateSoftwareToken made a key, or may have
	begun     bool // it did so in another run
	verified  bool // VerifySoftwareToken succeeded: the person is enrolled
	doubt     bool // its answer was lost: the person may be enrolled
	prefers   bool // SetUserMFAPreference succeeded
	changed   bool // the password was changed
	asked     bool // the last sign-in asked for a code of the authenticator
	byEmail   bool // the person chose codes by e-mail instead
	resuming  bool // the session ended while the QR code was on screen: go back there
	replacing bool // there is an authenticator, and a new one is to take its place
	disabling bool
	proving   bool // the sign-in under way is the proof
}

// took remembers that Cognito accepted a code: it will not do so again.
func (r run) took(code Secret, at time.Time) run {
	r.used, r.nextCode = code, at.Add(r.untilNext(at))
	return r
}

// entry names the entry in the person's app.
func (r run) entry() string {
	return fmt.Sprintf("«%s» (%s)", Label(r.opts.Issuer), Label(r.username))
}

// standing says what is true if the run ends here.
func (r run) standing() string {
	password := ""
	if r.changed {
		password = "Your new password is in force. "
	}
	switch {
	case r.verified && r.replacing:
		return password + "Your authenticator is replaced: keep the new entry " + r.entry() + " in your app and delete the old one."
	case r.verified:
		return password + "Your authenticator is enrolled: keep the entry " + r.entry() + " in your app."
	case r.doubt && r.replacing:
		return password + "Cognito did not say whether it took the new authenticator: keep the new entry " + r.entry() + " and the old one until a sign-in shows whose code it takes."
	case r.doubt:
		return password + "Cognito did not say whether it took the code: keep the entry " + r.entry() + " in your app. If your next sign-in asks for a code, you are enrolled."
	case r.begun && r.replacing:
		return password + "The code of the new entry " + r.entry() + " is awaited until the session is over. Cognito may have dropped your old authenticator when the new key was made."
	case r.begun:
		return password + "No authenticator is enrolled yet: the code of the entry " + r.entry() + " is awaited until the session is over."
	case r.issued && r.replacing:
		return password + "Your old authenticator may be damaged: Cognito may have dropped it when the new key was made. Sign in with it to see; if that fails, run this again and finish it. Delete the new entry " + r.entry() + "."
	case r.issued:
		return password + "No authenticator was enrolled: if your app has the entry " + r.entry() + " by now, delete it."
	case r.disabling:
		return password + "Your authenticator may be off by now: your next sign-in shows whether it asks for a code."
	case r.replacing:
		return password + "Your authenticator is unchanged."
	case r.changed:
		return password + "No authenticator was enrolled."
	}
	return nothingChanged
}

const nothingChanged = "Nothing was changed."

// question is a step at which the person's answer is awaited.
type question struct {
	run
	problem *Error
	given   map[string]Secret // the last answers, to be kept in the fields
}

func (q question) known() run { return q.run }

// fill puts what was answered before and what was wrong with it into a.
func (q question) fill(a Ask) Ask {
	a.Note, a.Account, a.Problem, a.Standing, a.Skew = q.note, q.username, q.problem, q.standing(), q.skew
	if a.Note == "" && q.skew.Abs() > plausible {
		a.Note = "This computer's clock is " + aheadOrBehind(q.skew) + ", compared with Cognito's. Codes go by Cognito's."
	}
	for i, f := range a.Fields {
		if v, ok := q.given[f.Key]; ok {
			a.Fields[i].Value = v
		}
	}
	return a
}

// read checks the answer to a. With a Problem, the returned question asks again.
func (q question) read(a Ask, answer Answer) (question, map[string]string) {
	values := map[string]string{}
	if q.given = maps.Clone(answer.Values); q.given == nil {
		q.given = map[string]Secret{}
	}
	q.problem = nil
	for _, f := range a.Fields {
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

// again returns the question after err. What nobody doubts is kept: passwords and codes are cleared
// when they were refused, and a code also when it may be spent.
func (q question) again(err *Error, fields []Field) question {
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

// asking is a step that can be returned to when a Call fails.
type asking interface {
	step
	known() run
	retry(Failed) step
}

// pause has nothing to ask, but something that may have to be tried again.
type pause struct {
	question
	call Call
}

func (p pause) ask() Ask {
	a := Ask{ID: "signed-in", Step: stepSignIn, Title: "You are signed in", Body: "Next comes a look at what your account has already."}
	switch {
	case p.proving:
		a = Ask{ID: "proving", Step: stepDone, Title: "A test of your next sign-in", Body: "You are signed in afresh, as you will be next time."}
	case p.disabling:
		a = Ask{ID: "finishing", Step: stepDone, Title: "Almost done", Body: "Your authenticator is being turned off."}
	case p.verified:
		a = Ask{ID: "finishing", Step: stepDone, Title: "Almost done", Body: "Cognito has accepted the code: your authenticator is enrolled."}
	}
	return p.fill(a)
}

func (p pause) next(e Event) (step, Call, error) {
	if _, ok := e.(Answer); !ok {
		return nil, nil, unexpected("waiting to try again", e)
	}
	p.problem = nil
	return working{from: p, run: p.run, call: p.call}, p.call, nil
}

func (p pause) retry(f Failed) step {
	p.problem = f.Err
	return p
}

// proceed makes a call that no question precedes.
func proceed(r run, call Call) (step, Call, error) {
	return working{from: pause{question: question{run: r}, call: call}, run: r, call: call}, call, nil
}

// working is a step at which a call is under way.
type working struct {
	from asking // where to return to when the call fails
	run  run    // what is known when it succeeds
	call Call
}

func (w working) ask() Ask {
	a := w.from.ask()
	a.Phase, a.Problem, a.CanBack = Working, nil, false
	switch call := w.call.(type) {
	case SignIn:
		a.Progress = "Signing in"
		if w.run.resuming {
			a.Progress = "Signing in again"
		}
	case Respond:
		a.Progress = "Answering Cognito"
		if call.Challenge == mfaSetup {
			a.Progress = "Finishing the sign-in"
		}
	case Associate:
		a.Progress = "Asking Cognito for a key"
	case Verify:
		a.Progress = "Checking the code"
	case Prefer:
		a.Progress = "Making it your preferred factor"
	case Disable:
		a.Progress = "Turning it off"
	case Status:
		a.Progress = "Reading your factors"
	case Forgot, Resend:
		a.Progress = "Having a code sent"
	case Reset:
		a.Progress = "Setting your new password"
	case Confirm:
		a.Progress = "Confirming your sign-up"
	case Pools:
		a.Progress = "Listing the user pools"
	case Clients:
		a.Progress = "Listing the app clients"
	case Connect:
		a.Progress = "Connecting to the user pool"
	}
	return a
}

func (w working) next(e Event) (step, Call, error) {
	switch e := e.(type) {
	case Reply:
		if !answers(e.Result, w.call) {
			return nil, nil, fmt.Errorf("flow: %T is no result of %T", e.Result, w.call)
		}
		w.run.skew = e.Skew
		return arrive(w.run, w.call, e)
	case Failed:
		return w.failed(e)
	}
	return nil, nil, unexpected("a call is under way", e)
}

// answers reports whether r is a result of call.
func answers(r Result, call Call) bool {
	ok := false
	switch call.(type) {
	case SignIn, Respond:
		if _, ok = r.(Challenge); !ok {
			_, ok = r.(Tokens)
		}
	case Associate:
		_, ok = r.(Associated)
	case Verify:
		_, ok = r.(Verified)
	case Prefer, Disable, Reset, Confirm:
		_, ok = r.(Accepted)
	case Forgot, Resend:
		_, ok = r.(Delivered)
	case Status:
		_, ok = r.(Profile)
	case Pools, Clients:
		_, ok = r.(Listed)
	case Connect:
		_, ok = r.(Connected)
	}
	return ok
}

func (w working) failed(f Failed) (step, Call, error) {
	if finding(w.call) && f.Err.Fault != Bug {
		return w.from.retry(f), nil, nil // there are other ways to a pool
	}
	switch f.Err.Fault {
	case Retry, Wait:
		return w.from.retry(f), nil, nil
	case Restart:
		return restart(w.from.known(), f.Err)
	}
	if s, ok := w.from.(signIn); ok {
		if to, call, ok := s.another(f.Err.Code); ok {
			return to, call, nil
		}
	}
	r := w.from.known()
	if f.Err.Fault == Bug {
		r = r.doubting(w.call)
	}
	return stopped{run: r, problem: f.Err}, nil, nil
}

// doubting is the run when nobody knows whether call was carried out.
func (r run) doubting(call Call) run {
	switch call.(type) {
	case Associate:
		r.issued = true
	case Verify:
		r.doubt = true
	}
	return r
}

// restart signs in again, and says what has become of the entry in the app. What was typed is still
// there: when it was the session that ran out while the QR code was on screen, the person is not
// bothered until the next one is.
func restart(r run, err *Error) (step, Call, error) {
	resume := !r.key.Empty() && !r.password.Empty() && !(r.doubt && r.replacing)
	switch {
	case r.verified:
		r.note = "Your authenticator is enrolled: keep the entry " + r.entry() + ". Sign in once more, with its next code."
	case r.doubt && r.replacing:
		r.note = "Keep both entries: Cognito did not say whether it took the new authenticator. Signing in again will show it."
	case r.doubt:
		r.note = "Keep the entry " + r.entry() + ": your last code may have been accepted. Signing in again will show it."
	case !r.key.Empty() || r.begun:
		r.note = "The session was over, and the QR code with it: delete the entry " + r.entry() + " that you added, and scan the new code."
	}
	r.key, r.begun, r.grant, r.rounds, r.asked, r.resuming = Secret{}, false, Grant{}, 0, false, resume
	s := signIn{question{run: r, problem: err}}
	if resume {
		return s.send()
	}
	return s, nil, nil
}
