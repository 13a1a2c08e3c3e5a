package flow

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// The steps of an enrollment, by their index.
const (
	stepSignIn = iota
	stepReady
	stepScan

	stepChoose = stepReady // where an authenticator was found
)

// signIn asks for what the flow needs to begin.
type signIn struct{}

func (signIn) ask(r run) Ask {
	a := Ask{ID: "sign-in", Step: stepSignIn, Title: "Sign in", Body: r.opts.Welcome}
	username := Field{Key: "username", Label: r.usernameLabel(), Kind: Text, Value: NewSecret(r.username), Min: 1, Max: 128}
	password := Field{Key: "password", Label: "Password", Kind: Hidden, Value: r.password, Min: 1, Max: 256}
	switch {
	case r.flow == FromSession:
		a = askSession(r)
	case r.flow == Token:
		a.Title = "Your access token"
		a.Body = Fill("It is checked here first: it has to be from this pool, with the scope {scope}.", "scope", adminScope)
		a.Fields = []Field{{Key: "token", Label: "Access token", Kind: Hidden, Value: r.opts.AccessToken, Min: 1, Max: 16384}}
	case r.passwordFirst():
		a.Fields = []Field{username, password}
	default:
		a.Fields = []Field{username}
	}
	if r.goal == ToTest {
		a.Title, a.Body = "A test of your next sign-in", "Sign in afresh, as you will next time."
		a.Step = len(r.goal.steps(r.facts)) - 1
	}
	if r.before != nil {
		a.Body = strings.TrimSpace(a.Body + "\n" + r.whichPool())
	}
	return a
}

// usernameLabel is what the pool calls that with which users sign in.
func (r run) usernameLabel() string {
	email, phone := slices.Contains(r.opts.SignIn, "email"), slices.Contains(r.opts.SignIn, "phone_number")
	switch {
	case email && phone:
		return "Email or phone number"
	case email:
		return "Email"
	case phone:
		return "Phone number"
	}
	return "Username"
}

// back leads out of a test, or to the choice of a pool while nothing was changed in this one.
func (signIn) back(r run) stage {
	switch {
	case r.goal == ToTest:
		return r.leaveTest()
	case r.before != nil && r.untouched():
		return Start(*r.before).stage
	}
	return nil
}

// passwordFirst reports whether the flow begins with the password.
func (r run) passwordFirst() bool {
	switch r.flow {
	case Custom, Token, FromSession:
		return false
	case Choice:
		return strings.HasPrefix(r.opts.Preferred, "PASSWORD")
	}
	return true
}

func (signIn) submit(q question, values map[string]string, at time.Time) (stage, Call) {
	if q.flow == Token {
		return q.useToken(NewSecret(values["token"]), at)
	}
	name := values["username"]
	if strings.Contains(name, " ") {
		return q.refuse(invalid("username", "a username has no spaces"))
	}
	if q.goal == ToTest && name != q.username {
		return q.refuse(invalid("username", Fill("this tests the sign-in of {user}", "user", quoted(Label(q.username)))))
	}
	if q.flow == FromSession {
		return q.useSession(name, NewSecret(values["session"]), at)
	}
	q.run = q.as(name)
	q.password = NewSecret(values["password"])
	return sendSignIn(q)
}

// sendSignIn begins the sign-in.
func sendSignIn(q question) (stage, Call) {
	q.internal, q.rounds = q.username, 0
	call := SignIn{Flow: q.flow, Username: q.username, Password: q.password}
	if q.flow == Auto {
		call.Flow = SRP
	}
	if call.Flow == Choice && call.Password.Empty() {
		call.Preferred = q.opts.Preferred
	}
	return q.call(call)
}

// retry blames the clock before the password, because the proof of SRP carries the time
// (amazon-cognito-identity-js#58).
func (signIn) retry(q question, f Failed) question {
	err := *f.Err
	if err.Code == CodeWrongPassword && q.flow != Password && q.flow != Admin && f.Skew.Abs() > Plausible {
		err = Error{Code: CodeClock, Fault: Wait,
			Msg: clock(f.Skew, "the clock here is {off} fast, so Cognito may refuse even the right password",
				"the clock here is {off} slow, so Cognito may refuse even the right password"),
			Remedy: Remedy{Name: SetClock}}
	}
	provider := socialProvider(q.username)
	switch {
	case err.Fault == Retry && provider != "":
		err.Hint, err.Remedy = federatedHint(provider), Remedy{}
	case err.Code == CodeWrongPassword && strings.Contains(q.username, "@") && len(q.opts.SignIn) == 0 &&
		unusual(q.password) == "":
		err.Hint = "check both; the email address is a username only in pools that allow it"
	}
	q.onward = toFactors // from here on it is the person who signs in
	q = q.again(Failed{Err: &err})
	if err.Fault == Retry {
		q.password = Secret{}
	}
	return q
}

// anotherWay leads on from an error that ends a sign-in for those who have no other.
func anotherWay(q question, code ErrorCode) (stage, Call, bool) {
	may := q.goal.allows(Forgot{})
	switch {
	case code == CodeResetRequired && may:
		return q.asks(sendCode{Forgot{q.username}}), nil, true
	case code == CodeNotConfirmed && may:
		return q.asks(sendCode{Resend{q.username}}), nil, true
	case code == CodeResetRequired:
		s, call := q.stop(notKnown(needsPassword))
		return s, call, true
	case code == CodeNotConfirmed:
		s, call := q.stop(notKnown(needsConfirmation))
		return s, call, true
	case q.opts.AuthFlow != Auto:
		return nil, nil, false
	case q.flow == Auto && code == CodeFlowNotEnabled:
		q.flow, q.opts.Preferred = Choice, passwordSRP
		q.note = "This app client does not allow USER_SRP_AUTH, so USER_AUTH is used." +
			" It proves your password with SRP as well."
	case q.flow == Choice && (code == CodeFlowNotEnabled || code == CodeUnavailable || code == CodeUnexpected):
		q.flow, q.note = Password, ""
	default:
		return nil, nil, false
	}
	s, call := sendSignIn(q.run.asks(signIn{}))
	return s, call, true
}

// sendPassword asks before the password itself is sent: SRP proves it without that.
type sendPassword struct {
	call Call     // that sends it
	from question // that led to the call
}

func (t sendPassword) ask(r run) Ask {
	to := r.opts.To
	text := "This app client does not allow SRP. Send your password itself to {host}?"
	if _, ok := t.call.(Respond); ok {
		text = "The pool asks for your password itself, and not for a proof of it. Send it to {host}?"
	}
	if !to.AWS {
		text += " This is not an endpoint of AWS."
	}
	if to.TLS {
		text += " It is encrypted by TLS on the way."
	} else {
		text += " It is not encrypted on the way."
	}
	if to.Source != "" {
		text += "\nThe user pool is from {source}."
	}
	options := []Option{{Value: "no", Label: "Do not send it"}, {Value: "yes", Label: "Send it"}}
	if to.trusted() {
		slices.Reverse(options)
	}
	a := Ask{
		ID: "send-password", Step: stepSignIn, Title: "Send your password itself?",
		Body:   Fill(text, "host", to.Host, "source", shown(to.Source, mostText)),
		Fields: []Field{{Key: "choice", Label: "Choice", Kind: Choose, Options: options, Explicit: true}},
		Ahead:  Remedy{Name: AgreeToSend},
	}
	if r.goal == ToTest {
		a.Step = len(r.goal.steps(r.facts)) - 1
	}
	return a
}

func (t sendPassword) back(r run) stage { return challenged{}.back(r) }

func (t sendPassword) submit(q question, values map[string]string, _ time.Time) (stage, Call) {
	if values["choice"] != "yes" {
		return q.stop(&Error{Code: CodeNotSent, Fault: Elsewhere,
			Msg: "your password was not sent", Remedy: Remedy{Name: AllowSRP}})
	}
	t.from.consent = true
	t.from.note = Fill("You agreed to send your password itself to {host}.", "host", q.opts.To.Host)
	return t.from.call(t.call)
}

// useToken goes on with an access token, if its claims say that it can be of use. The signature is for
// Cognito to check.
func (q question) useToken(token Secret, at time.Time) (stage, Call) {
	claims, err := readToken(token, q.opts.Pool, at)
	if err != nil {
		q.given = nil
		return q.refuse(err)
	}
	provider, only := claims.provider()
	if only {
		return q.stop(federated(claims.user(), provider))
	}
	q.run = q.as(claims.Username)
	if provider != "" {
		q.note = linkedNote(provider)
	}
	q.internal = claims.Username
	q.grant, q.deadline = Grant{AccessToken: token}, time.Unix(int64(claims.Exp), 0).UTC()
	return q.call(Status{token})
}

// challenged asks what the challenge's row asks.
type challenged struct {
	challenge Challenge
	via       string // the challenge to which this one is the answer: SELECT_CHALLENGE
	repeated  bool   // the answer to such a challenge led to this one
	asked     Secret // the new password that was questioned
}

func (t challenged) ask(r run) Ask {
	a := challenges[t.challenge.Name].ask(r, t.challenge)
	if r.goal == ToTest {
		a.Step = len(r.goal.steps(r.facts)) - 1
	}
	if t.repeated {
		a.Body = strings.TrimSpace("The pool asks once more. " + a.Body)
	}
	return a
}

func (challenged) back(r run) stage {
	if r = r.signedOut(); r.goal == ToTest {
		return r.leaveTest()
	}
	return r.asks(signIn{})
}

// leaveTest ends the run with what was known before the test, or with what it has shown: that there is none any more.
func (r run) leaveTest() stage {
	if r.facts.Enrolled() != No {
		r.goal = ToShow
	}
	return r.done()
}

func (t challenged) submit(q question, values map[string]string, at time.Time) (stage, Call) {
	responses, err := challenges[t.challenge.Name].answer(t.challenge, values)
	if err != nil {
		return q.refuse(err)
	}
	if err := oddNew(values, t.asked); err != nil {
		t.asked = NewSecret(values["new-password"])
		q.topic = t
		return q.refuse(err)
	}
	switch code, ok := responses[softwareTokenCode]; {
	case ok && code.Empty(): // only where it may be left out
		q.profile = Profile{Username: q.internal, Pool: q.opts.Pool}
		return q.done(), nil
	case ok && code == q.used:
		return q.again(Failed{Err: &Error{Code: CodeUsed, Fault: Retry, Field: "code",
			Msg:  "you already used this code, and a code works once",
			Hint: fmt.Sprintf("wait %d s for the next", seconds(q.untilNext(at)))}}), nil
	}
	name := t.challenge.Name
	switch choice := responses["ANSWER"].Reveal(); {
	case t.via != "":
		name, responses["ANSWER"] = t.via, NewSecret(t.challenge.Name)
	case name == selectChallenge && strings.HasPrefix(choice, "PASSWORD"):
		if q.password.Empty() {
			return q.asks(challenged{challenge: Challenge{Name: choice}, via: selectChallenge}), nil
		}
		responses["PASSWORD"] = q.password
	}
	return q.call(q.respond(name, responses))
}

// readToken returns the claims of an access token, or what keeps it from being of use. Those of an ID token it
// returns only of a user who signs in with an identity provider.
func readToken(token Secret, pool string, at time.Time) (claims, *Error) {
	const paste = "paste the AccessToken that a sign-in returned"
	wrong := func(msg, hint string) (claims, *Error) { return claims{}, wrongToken(msg, hint) }
	c, err := readClaims(token, "this is not an access token", paste)
	if err != nil {
		return c, err
	}
	_, only := c.provider()
	switch {
	case utf8.RuneCountInString(c.user()) > 128:
		return wrong("this is not a Cognito token", paste)
	case only && c.Use == "id" && c.pool() == pool:
		return c, nil // another token is of no use either
	case c.Use == "id":
		return wrong("this is an ID token", "paste the AccessToken that the same sign-in returned")
	case c.Use != "access":
		return wrong("this is not a Cognito token", paste)
	case pool != "" && c.pool() != pool:
		err := wrongToken(fmt.Sprintf("this token belongs to pool %q, not to %q", c.pool(), pool), "")
		err.Remedy = Remedy{Name: CheckTokensPool, Pool: pool}
		return claims{}, err
	case c.Exp <= float64(at.Unix()):
		return wrong(Fill("this access token expired {time} ago", "time", InWords(at.Sub(time.Unix(int64(c.Exp), 0)))),
			"sign in for a new one; or set the clock here, if it is wrong")
	case !slices.Contains(strings.Fields(c.Scope), adminScope):
		return wrong(Fill("this access token lacks the scope {scope}", "scope", adminScope),
			"sign in with a password, or ask for the scope in the app client and in the request")
	}
	return c, nil
}
