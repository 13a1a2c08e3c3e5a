package flow

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// run is what is known so far. Every step carries it, so that a State is the whole truth.
type run struct {
	opts     Options
	username string // as typed
	password Secret // kept so that an expired session costs no typing
	internal string // the username that Cognito uses: USER_ID_FOR_SRP once it named one
	grant    Grant
	device   string // friendly device name: chosen, or read from a challenge
	key      Secret // what AssociateSoftwareToken gave
	deadline time.Time
	verified bool   // VerifySoftwareToken succeeded: the person is enrolled
	doubt    bool   // its answer was lost: the person may be enrolled
	prefers  bool   // SetUserMFAPreference succeeded
	changed  bool   // the password was changed
	proved   bool   // the sign-in asked for a code of the authenticator
	rounds   int    // challenges met since signing in
	note     string // for the next questions to say
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
	case r.verified:
		return password + "Your authenticator is enrolled: keep the entry " + r.entry() + " in your app."
	case r.doubt:
		return password + "Cognito did not say whether it took the code: keep the entry " + r.entry() + " in your app. If your next sign-in asks for a code, you are enrolled."
	case !r.key.Empty():
		return password + "No authenticator was enrolled: if your app has the entry " + r.entry() + " by now, delete it."
	}
	if r.changed {
		return password + "No authenticator was enrolled."
	}
	return "Nothing was changed."
}

// minSession is how long Cognito keeps a Session at least: AuthSessionValidity of the app client is
// 3 to 15 minutes, 3 by default (API reference, CreateUserPoolClient). Nothing unsigned tells which.
const minSession = 3 * time.Minute

// maxRounds ends a chain of challenges that does not end by itself.
const maxRounds = 12

// question is a step at which the person's answer is awaited.
type question struct {
	run
	problem *Error
	given   map[string]Secret // the last answers, to be kept in the fields
}

// fill puts what was answered before and what was wrong with it into a.
func (q question) fill(a Ask) Ask {
	a.Note, a.Account, a.Problem, a.Standing = q.note, q.username, q.problem, q.standing()
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
	q.given = maps.Clone(answer.Values)
	q.problem = nil
	for _, f := range a.Fields {
		v, err := f.Check(answer.Values[f.Key].Reveal())
		if err != nil && q.problem == nil {
			q.problem = err
		}
		if f.Kind == Code {
			delete(q.given, f.Key)
		}
		values[f.Key] = v
	}
	return q, values
}

// again returns the question after err: passwords are cleared when one was refused, and kept when
// nobody doubts them.
func (q question) again(err *Error, fields []Field) question {
	q.problem = err
	q.given = maps.Clone(q.given)
	if err.Fault == Retry {
		for _, f := range fields {
			if f.Kind != Text {
				delete(q.given, f.Key)
			}
		}
	}
	return q
}

func (q question) known() run { return q.run }

// asking is a step that can be returned to when a Call fails.
type asking interface {
	step
	known() run
	retry(*Error) step
}

// ---- sign-in

type signIn struct{ question }

func (s signIn) ask() Ask {
	return s.fill(Ask{
		ID:    "sign-in",
		Step:  stepSignIn,
		Title: "Sign in",
		Body:  s.opts.Welcome,
		Fields: []Field{
			{Key: "username", Label: "Username", Kind: Text, Value: NewSecret(s.username), Min: 1, Max: 128},
			{Key: "password", Label: "Password", Kind: Hidden, Value: s.password, Min: 1, Max: 256},
		},
	})
}

func (s signIn) next(e Event) (step, Call, error) {
	a, ok := e.(Answer)
	if !ok {
		return nil, nil, unexpected("signing in", e)
	}
	q, values := s.read(s.ask(), a)
	if q.problem == nil && strings.ContainsFunc(values["username"], func(r rune) bool { return r == ' ' }) {
		q.problem = invalid("username", "a username has no spaces")
	}
	s.question = q
	if s.problem != nil {
		return s, nil, nil
	}
	if name := values["username"]; name != s.username {
		s.run = run{opts: s.opts, username: name} // what was known was about somebody else
	}
	s.password, s.internal, s.rounds = NewSecret(values["password"]), s.username, 0
	return s.send()
}

func (s signIn) send() (step, Call, error) {
	call := SignIn{Flow: s.opts.AuthFlow, Username: s.username, Password: s.password}
	if call.Flow == Auto {
		call.Flow = SRP
	}
	return working{from: s, run: s.run, call: call}, call, nil
}

func (s signIn) retry(err *Error) step {
	s.question = s.again(err, s.ask().Fields)
	if err.Fault == Retry {
		s.password = Secret{}
	}
	return s
}

// ---- a challenge on the way

type challenged struct {
	question
	challenge Challenge
}

func (c challenged) ask() Ask {
	a := challenges[c.challenge.Name].ask(c.run, c.challenge)
	a.Step, a.CanBack = stepSignIn, true
	return c.fill(a)
}

func (c challenged) next(e Event) (step, Call, error) {
	switch e := e.(type) {
	case Back:
		return signIn{question{run: c.run}}, nil, nil
	case Answer:
		q, values := c.read(c.ask(), e)
		var responses map[string]Secret
		if q.problem == nil {
			responses, q.problem = challenges[c.challenge.Name].answer(c.challenge, values)
		}
		c.question = q
		if c.problem != nil {
			return c, nil, nil
		}
		after := c.run
		if p, ok := responses["NEW_PASSWORD"]; ok {
			after.password, after.changed = p, true
		}
		call := Respond{Challenge: c.challenge.Name, Session: c.grant.Session, Username: c.internal, Responses: responses}
		return working{from: c, run: after, call: call}, call, nil
	}
	return nil, nil, unexpected("a challenge is open", e)
}

func (c challenged) retry(err *Error) step {
	c.question = c.again(err, c.ask().Fields)
	return c
}

// ---- get ready: the gate before Cognito is asked for a key, because the time runs from there

type ready struct{ question }

func (r ready) ask() Ask {
	return r.fill(Ask{
		ID:    "get-ready",
		Step:  stepReady,
		Title: "Get your authenticator app ready",
		Body: "Open the app on your phone and choose to add an account: the next screen shows the QR code to scan." +
			"\nThe name below is for Cognito: it tells you at your next sign-in which device to take.",
		Fields: []Field{{Key: "device", Label: "Device name", Kind: Text, Value: NewSecret(r.device), Min: 1, Max: 64}},
	})
}

func (r ready) next(e Event) (step, Call, error) {
	a, ok := e.(Answer)
	if !ok {
		return nil, nil, unexpected("getting ready", e)
	}
	q, values := r.read(r.ask(), a)
	r.question = q
	if r.problem != nil {
		return r, nil, nil
	}
	r.device = values["device"]
	if !r.key.Empty() {
		// A second Associate would make the QR code that was scanned worthless.
		return scan{question: question{run: r.run}}, nil, nil
	}
	call := Associate{Grant: r.grant}
	return working{from: r, run: r.run, call: call}, call, nil
}

func (r ready) retry(err *Error) step {
	r.question = r.again(err, r.ask().Fields)
	return r
}

// ---- scan: the QR code is on screen and the code is awaited

type scan struct {
	question
	wrong int // codes that Cognito refused
}

func (s scan) ask() Ask {
	return s.fill(Ask{
		ID:     "scan",
		Step:   stepScan,
		Title:  "Scan, then type the code",
		Body:   "Scan the QR code with your app, or type the key into it. Then type the six digits that the app shows.",
		Fields: []Field{{Key: "code", Label: "Code", Kind: Code, Min: 6, Max: 6}},
		Enrol: &Enrol{
			Issuer:   Label(s.opts.Issuer),
			Account:  Label(s.username),
			Key:      s.key,
			URI:      KeyURI(s.opts.Issuer, s.username, s.key),
			Deadline: s.deadline,
		},
		CanBack: true,
	})
}

func (s scan) next(e Event) (step, Call, error) {
	switch e := e.(type) {
	case Back:
		return ready{question{run: s.run}}, nil, nil
	case Answer:
		q, values := s.read(s.ask(), e)
		s.question = q
		if s.problem != nil {
			return s, nil, nil
		}
		call := Verify{Grant: s.grant, Code: NewSecret(values["code"]), Device: s.device}
		return working{from: s, run: s.run, call: call}, call, nil
	}
	return nil, nil, unexpected("a code is awaited", e)
}

// retry keeps the key and the QR code, whatever the code was. How many wrong codes Cognito takes is
// not published (API reference, VerifySoftwareToken, names only "excessive retries").
func (s scan) retry(err *Error) step {
	s.question = s.again(err, nil)
	p := *err
	switch err.Code {
	case CodeMismatch:
		s.wrong++
		p.Hint = fmt.Sprintf("wait for the next code of the entry «%s» that you just added, and type that", Label(s.opts.Issuer))
		if s.wrong >= 3 {
			p.Hint = "turn on automatic date and time on the phone; if the app has two entries of this name, take the newer one"
		}
	case CodeNoAnswer:
		s.doubt = true
		p.Hint = "the code may have been accepted, so keep the entry; type the next code to find out"
	}
	s.problem = &p
	return s
}

// ---- pause: nothing to ask, but something that may have to be tried again

type pause struct {
	question
	call Call
}

func (p pause) ask() Ask {
	a := Ask{ID: "signed-in", Step: stepSignIn, Title: "You are signed in", Body: "Next comes a look at what your account has already."}
	if p.verified {
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

func (p pause) retry(err *Error) step {
	p.problem = err
	return p
}

// proceed makes a call that no question precedes.
func proceed(r run, call Call) (step, Call, error) {
	return working{from: pause{question: question{run: r}, call: call}, run: r, call: call}, call, nil
}

// ---- working: a call is under way

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
	case Status:
		a.Progress = "Reading your factors"
	}
	return a
}

func (w working) next(e Event) (step, Call, error) {
	switch e := e.(type) {
	case Reply:
		if !answers(e.Result, w.call) {
			return nil, nil, fmt.Errorf("flow: %T is no result of %T", e.Result, w.call)
		}
		return arrive(w.run, e)
	case Failed:
		return w.failed(e.Err)
	}
	return nil, nil, unexpected("a call is under way", e)
}

func (w working) failed(err *Error) (step, Call, error) {
	switch err.Fault {
	case Retry, Wait:
		return w.from.retry(err), nil, nil
	case Restart:
		return restart(w.from.known(), err), nil, nil
	}
	if s, ok := w.from.(signIn); ok && err.Code == CodeFlowNotEnabled && s.opts.AuthFlow == Auto {
		s.opts.AuthFlow = Password
		s.note = "This app client does not allow SRP, so your password itself was sent to Cognito (USER_PASSWORD_AUTH)."
		return s.send()
	}
	r := w.from.known()
	if _, ok := w.call.(Verify); ok && err.Fault == Bug {
		r.doubt = true
	}
	return stopped{run: r, problem: err}, nil, nil
}

// restart goes back to signing in with everything typed so far, and says what has become of the
// entry in the app.
func restart(r run, err *Error) step {
	switch {
	case r.verified:
		r.note = "Your authenticator is enrolled: keep the entry " + r.entry() + ". Sign in once more, with its next code."
	case r.doubt:
		r.note = "Keep the entry " + r.entry() + ": your last code may have been accepted. Sign in again to find out."
	case !r.key.Empty():
		r.note = "The QR code you saw is dead: delete the entry " + r.entry() + " from your app. Sign in again for a new one."
	}
	r.key, r.grant = Secret{}, Grant{}
	return signIn{question{run: r, problem: err}}
}

// ---- the end

type done struct {
	run
	profile Profile
}

func (d done) ask() Ask {
	a := Ask{
		ID: "done", Phase: Finished, Step: stepDone, Account: d.username, Note: d.note,
		Title: "Done: your authenticator is enrolled",
		Body:  "Your next sign-in asks for a code from it. A code works once, so the one you just typed will not.",
		Summary: &Summary{
			User: d.user(), Pool: d.profile.Pool, Device: d.device,
			Factors: d.profile.Factors, Preferred: d.profile.Preferred, New: d.verified,
		},
		Standing: d.standing(),
	}
	switch {
	case !d.verified && !d.proved:
		a.Title = "Cognito lists an authenticator"
		a.Body = "This sign-in did not ask for its code, though, so it may not be in use (amplify-js#1226). Nothing was changed: enrolling another would replace it."
	case !d.verified:
		a.Title = "You are enrolled already"
		a.Body = "No authenticator was changed. An account has one, and enrolling another would replace it."
	case !slices.Contains(d.profile.Factors, softwareToken):
		a.Body = "Cognito accepted the code, but does not list the authenticator. Sign in once more to see whether it asks for a code."
	}
	return a
}

// user is the name that was typed, with Cognito's own where the two differ.
func (d done) user() string {
	if strings.EqualFold(d.username, d.profile.Username) {
		return d.username
	}
	return d.username + " (" + d.profile.Username + ")"
}

func (d done) next(Event) (step, Call, error) { return d, nil, nil }

type stopped struct {
	run
	problem *Error
}

func (s stopped) ask() Ask {
	a := Ask{
		ID: "stopped", Phase: Finished, Title: "Stopped", Body: s.standing(), Account: s.username,
		Note: s.note, Problem: s.problem, Standing: s.standing(),
	}
	switch {
	case s.verified:
		a.Step = stepDone
	case !s.key.Empty():
		a.Step = stepScan
	}
	return a
}

func (s stopped) next(Event) (step, Call, error) { return s, nil, nil }

// ---- where a reply leads

// arrive is the protocol's only branch. Its rules:
//   - The newest Session is the one to send; Associate's goes to Verify and Verify's answers
//     MFA_SETUP (API reference, AssociateSoftwareToken and VerifySoftwareToken).
//   - By access token there is no Session and nothing to answer, but the preference must be set
//     (amplify-js#7254); by Session the pool requires MFA and the token is active at once.
//   - Nobody who has an authenticator gets a new key unasked: Associate may disable the old one
//     (amplify-js#1226).
func arrive(r run, reply Reply) (step, Call, error) {
	switch got := reply.Result.(type) {
	case Challenge:
		return challengeArrived(r, got, reply.At)
	case Tokens:
		r.grant = Grant{AccessToken: got.AccessToken}
		r.deadline = time.Time{}
		if got.Lifetime > 0 {
			r.deadline = reply.At.Add(got.Lifetime)
		}
		return proceed(r, Status{got.AccessToken})
	case Associated:
		key, err := cleanKey(got.Key)
		if err != nil {
			return stopped{run: r, problem: err}, nil, nil
		}
		r.key = key
		if r.grant.AccessToken.Empty() {
			r.grant.Session, r.deadline = got.Session, reply.At.Add(minSession)
		}
		return scan{question: question{run: r}}, nil, nil
	case Verified:
		r.verified, r.doubt, r.key, r.note = true, false, Secret{}, ""
		if !r.grant.AccessToken.Empty() {
			return proceed(r, Prefer{r.grant.AccessToken})
		}
		r.grant.Session = got.Session
		return proceed(r, Respond{Challenge: mfaSetup, Session: r.grant.Session, Username: r.internal})
	case Accepted:
		r.prefers = true
		return proceed(r, Status{r.grant.AccessToken})
	case Profile:
		return profileArrived(r, got, reply.At)
	}
	return nil, nil, fmt.Errorf("flow: unknown result %T", reply.Result)
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
	case Prefer:
		_, ok = r.(Accepted)
	case Status:
		_, ok = r.(Profile)
	}
	return ok
}

func challengeArrived(r run, c Challenge, at time.Time) (step, Call, error) {
	r.grant = Grant{Session: c.Session}
	for _, param := range []string{"USER_ID_FOR_SRP", "USERNAME"} {
		if name := c.Params[param]; name != "" {
			r.internal = name
			break
		}
	}
	if r.rounds++; r.rounds > maxRounds {
		return stopped{run: r, problem: &Error{Code: CodeTooManyChallenges, Fault: Elsewhere,
			Msg:  fmt.Sprintf("the pool asked %d questions in a row without letting you in", maxRounds),
			Hint: "ask the pool's administrator to look at its Lambda triggers"}}, nil, nil
	}
	if r.doubt && (c.Name == mfaSetup || c.Name == softwareToken) {
		r.doubt, r.verified = false, c.Name == softwareToken
		r.note = "Your earlier code was accepted: keep the entry " + r.entry() + "."
		if !r.verified {
			r.note = "Your earlier code was not accepted: delete the entry " + r.entry() + " from your app."
		}
	}
	if c.Name == mfaSetup {
		r.verified = false
		// The list may be missing or unreadable: then only Associate can tell.
		if factors := jsonList(c.Params["MFAS_CAN_SETUP"]); len(factors) > 0 && !slices.Contains(factors, softwareToken) {
			return stopped{run: r, problem: &Error{Code: CodeTOTPNotOffered, Fault: Elsewhere,
				Msg:  "this pool lets you set up " + strings.Join(factors, ", ") + ", but no authenticator app",
				Hint: "ask the pool's administrator to turn on authenticator apps in its MFA settings"}}, nil, nil
		}
		return ready{question{run: r.named(at)}}, nil, nil
	}
	if _, ok := challenges[c.Name]; !ok {
		hint, ok := unsupported[c.Name]
		if !ok {
			hint = "please report this challenge's name: it is newer than this program"
		}
		return stopped{run: r, problem: &Error{Code: CodeUnsupportedChallenge, Fault: Elsewhere,
			Msg: fmt.Sprintf("the pool asks for %s, which cannot be answered here", c.Name), Hint: hint}}, nil, nil
	}
	if c.Name == softwareToken {
		r.proved = true
		if name := c.Params["FRIENDLY_DEVICE_NAME"]; name != "" {
			r.device = name
		}
	}
	return challenged{question{run: r}, c}, nil, nil
}

func profileArrived(r run, p Profile, at time.Time) (step, Call, error) {
	listed := slices.Contains(p.Factors, softwareToken)
	// Right after the Session path PreferredMfaSetting may be absent: with one factor that is fine.
	first := p.Preferred == softwareToken || p.Preferred == "" && len(p.Factors) == 1
	switch {
	case r.verified && !(listed && first) && !r.prefers:
		return proceed(r, Prefer{r.grant.AccessToken})
	case r.verified || listed:
		return done{run: r, profile: p}, nil, nil
	}
	return ready{question{run: r.named(at)}}, nil, nil
}

// named gives the device a name that will mean something at the next sign-in.
func (r run) named(at time.Time) run {
	if r.device == "" {
		r.device = r.opts.Device
	}
	if r.device == "" {
		r.device = "Phone, " + at.Format("January 2006")
	}
	return r
}

// cleanKey returns the SecretCode as apps take it: upper case, without spaces and padding.
func cleanKey(key Secret) (Secret, *Error) {
	k := strings.ToUpper(strings.NewReplacer(" ", "", "=", "").Replace(key.Reveal()))
	if k == "" || strings.ContainsFunc(k, func(r rune) bool { return !(r >= 'A' && r <= 'Z' || r >= '0' && r <= '9') }) {
		return Secret{}, &Error{Code: CodeBadKey, Fault: Bug,
			Msg: "Cognito sent a key that is not base32", Hint: "check the endpoint; if it is Cognito's, please report this"}
	}
	return NewSecret(k), nil
}
