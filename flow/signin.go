package flow

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// signIn asks for what the flow needs to begin.
type signIn struct{ question }

func (s signIn) ask() Ask {
	a := Ask{ID: "sign-in", Step: stepSignIn, Title: "Sign in", Body: s.opts.Welcome}
	username := Field{Key: "username", Label: "Username", Kind: Text, Value: NewSecret(s.username), Min: 1, Max: 128}
	password := Field{Key: "password", Label: "Password", Kind: Hidden, Value: s.password, Min: 1, Max: 256}
	switch {
	case s.flow == Token:
		a.Title, a.Body = "Your access token", "It is looked at here first; it has to be of this pool, and with the scope "+adminScope+"."
		a.Fields = []Field{{Key: "token", Label: "Access token", Kind: Hidden, Value: s.opts.AccessToken, Min: 1, Max: 16384}}
	case s.passwordFirst():
		a.Fields = []Field{username, password}
	default:
		a.Fields = []Field{username}
	}
	if s.before != nil {
		a.Body = strings.TrimSpace(a.Body + "\nThe user pool is " + s.opts.Pool + ".")
		a.CanBack = s.standing() == nothingChanged
	}
	return s.fill(a)
}

// passwordFirst reports whether the flow begins with the password.
func (r run) passwordFirst() bool {
	switch r.flow {
	case Custom, Token:
		return false
	case Choice:
		return strings.HasPrefix(r.opts.Preferred, "PASSWORD")
	}
	return true
}

func (s signIn) next(e Event) (step, Call, error) {
	if _, back := e.(Back); back && s.ask().CanBack {
		return Start(*s.before).step, nil, nil
	}
	a, ok := e.(Answer)
	if !ok {
		return nil, nil, unexpected("signing in", e)
	}
	q, values := s.read(s.ask(), a)
	if name := values["username"]; q.problem == nil && strings.Contains(name, " ") {
		q.problem = invalid("username", "a username has no spaces")
	}
	s.question = q
	if s.problem != nil {
		return s, nil, nil
	}
	if s.flow == Token {
		return s.take(NewSecret(values["token"]), a.At)
	}
	if name := values["username"]; name != s.username {
		// What was known was about somebody else.
		s.run = run{opts: s.opts, flow: s.flow, username: name, before: s.before}
	}
	s.password = NewSecret(values["password"])
	return s.send()
}

func (s signIn) send() (step, Call, error) {
	s.internal, s.rounds, s.asked = s.username, 0, false
	call := SignIn{Flow: s.flow, Username: s.username, Password: s.password}
	if s.flow == Auto {
		call.Flow = SRP
	}
	if call.Flow == Choice && call.Password.Empty() {
		call.Preferred = s.opts.Preferred
	}
	return working{from: s, run: s.run, call: call}, call, nil
}

// plausible is how far this computer's clock may be off before it is suspected.
const plausible = 20 * time.Second

// retry blames the clock before the password, because the proof of SRP carries the time
// (amazon-cognito-identity-js#58).
func (s signIn) retry(f Failed) step {
	err := f.Err
	if err.Code == CodeWrongPassword && s.flow != Password && s.flow != Admin && f.Skew.Abs() > plausible {
		err = &Error{Code: CodeClock, Fault: Wait,
			Msg:  "this computer's clock is " + aheadOrBehind(f.Skew) + ", and then Cognito refuses the right password, too",
			Hint: "set the clock, then try again: what you typed is kept"}
	}
	if err.Code == CodeWrongPassword && strings.Contains(s.username, "@") {
		p := *err
		p.Hint += "; an e-mail address is a user name only in pools that allow it"
		err = &p
	}
	s.question = s.again(err, s.ask().Fields)
	if err.Fault == Retry {
		s.password = Secret{}
	}
	return s
}

// another is the way on after an error that ends a sign-in for those who have no other.
func (s signIn) another(code ErrorCode) (step, Call, bool) {
	switch code {
	case CodeResetRequired:
		return offer{question{run: s.run}, Forgot{s.username}}, nil, true
	case CodeNotConfirmed:
		return offer{question{run: s.run}, Resend{s.username}}, nil, true
	case CodeFlowNotEnabled:
		switch {
		case s.opts.AuthFlow != Auto:
			return nil, nil, false
		case s.flow == Auto:
			s.flow = Password
			s.note = "This app client does not allow SRP, so your password itself was sent to Cognito (USER_PASSWORD_AUTH)."
		case s.flow == Password:
			s.flow, s.opts.Preferred = Choice, "PASSWORD_SRP"
			s.note = "This app client allows neither SRP nor the password alone, so the pool chooses how you sign in (USER_AUTH)."
		default:
			return nil, nil, false
		}
		to, call, _ := s.send()
		return to, call, true
	}
	return nil, nil, false
}

const adminScope = "aws.cognito.signin.user.admin"

// take goes on with an access token, if its claims say that it can be of use. The signature is for
// Cognito to check.
func (s signIn) take(token Secret, at time.Time) (step, Call, error) {
	claims, err := readToken(token, s.opts.Pool, at)
	if err != nil {
		s.problem = err
		s.given = nil
		return s, nil, nil
	}
	s.username, s.internal = claims.Username, claims.Username
	s.grant, s.deadline = Grant{AccessToken: token}, time.Unix(int64(claims.Exp), 0).UTC()
	call := Status{token}
	return working{from: s, run: s.run, call: call}, call, nil
}

// claims are those of a Cognito token (Developer Guide, "Understanding the access token").
type claims struct {
	Use      string  `json:"token_use"`
	Scope    string  `json:"scope"`
	Iss      string  `json:"iss"`
	Exp      float64 `json:"exp"`
	Username string  `json:"username"`
	ClientID string  `json:"client_id"`
	Audience any     `json:"aud"` // of an ID token, the app client
}

// readClaims reads those of a token, which is to be what kind says.
func readClaims(token Secret, kind, hint string) (c claims, err *Error) {
	parts := strings.Split(token.Reveal(), ".")
	if len(parts) == 5 {
		return c, wrongToken("this is a refresh token", hint)
	}
	if len(parts) != 3 {
		return c, wrongToken("this is not "+kind, hint)
	}
	payload, bad := base64.RawURLEncoding.DecodeString(parts[1])
	if bad != nil || json.Unmarshal(payload, &c) != nil {
		return claims{}, wrongToken("this is not "+kind, hint)
	}
	return c, nil
}

func wrongToken(msg, hint string) *Error {
	return &Error{Code: CodeWrongToken, Fault: Retry, Field: "token", Msg: msg, Hint: hint}
}

// pool is the id of the user pool that issued the token.
func (c claims) pool() string { return PoolOf(c.Iss) }

func readToken(token Secret, pool string, at time.Time) (claims, *Error) {
	const paste = "paste the AccessToken that a sign-in returned"
	wrong := func(msg, hint string) (claims, *Error) { return claims{}, wrongToken(msg, hint) }
	c, err := readClaims(token, "an access token", paste)
	if err != nil {
		return c, err
	}
	switch {
	case c.Use == "id":
		return wrong("this is an ID token", paste+", beside this one")
	case c.Use != "access":
		return wrong("this token is none of Cognito's", paste)
	case pool != "" && c.pool() != pool:
		return wrong(fmt.Sprintf("this token is of the pool %q, not of %q", c.pool(), pool), "check --pool-id, or sign in to this pool")
	case c.Exp <= float64(at.Unix()):
		return wrong("this access token expired "+ago(at.Sub(time.Unix(int64(c.Exp), 0))), "sign in for a new one; or set this computer's clock, if it is wrong")
	case !slices.Contains(strings.Fields(c.Scope), adminScope):
		return wrong("this access token lacks the scope "+adminScope, "sign in with a password, or ask for the scope in the app client and in the request")
	}
	return c, nil
}

// challenged asks what the challenge's row asks.
type challenged struct {
	question
	challenge Challenge
	via       string // the challenge to which this one is the answer: SELECT_CHALLENGE
	repeated  bool   // the answer to such a challenge led to this one
}

func (c challenged) ask() Ask {
	a := challenges[c.challenge.Name].ask(c.run, c.challenge)
	a.Step, a.CanBack = stepSignIn, !c.proving
	if c.proving {
		a.Step = stepDone
	}
	a = c.fill(a)
	if c.repeated && a.Note == "" {
		a.Note = "The pool asks once more."
	}
	return a
}

func (c challenged) next(e Event) (step, Call, error) {
	switch e := e.(type) {
	case Back:
		if c.proving {
			return nil, nil, unexpected("the proof is under way", e)
		}
		return signIn{question{run: c.forgetting()}}, nil, nil
	case Answer:
		q, values := c.read(c.ask(), e)
		var responses map[string]Secret
		if q.problem == nil {
			responses, q.problem = challenges[c.challenge.Name].answer(c.challenge, values)
		}
		code := responses["SOFTWARE_TOKEN_MFA_CODE"]
		if q.problem == nil && !code.Empty() && code == c.used {
			q = q.again(&Error{Code: CodeUsed, Fault: Retry, Field: "code",
				Msg: "that is the code that you used already, and a code works once", Hint: fmt.Sprintf("wait %d s for the next", seconds(c.untilNext(e.At)))}, c.ask().Fields)
		}
		c.question = q
		if c.problem != nil {
			return c, nil, nil
		}
		return c.respond(responses)
	}
	return nil, nil, unexpected("a challenge is open", e)
}

func (c challenged) respond(responses map[string]Secret) (step, Call, error) {
	after := c.run
	if p, ok := responses["NEW_PASSWORD"]; ok {
		after.password, after.changed = p, true
	}
	name := c.challenge.Name
	switch choice := responses["ANSWER"].Reveal(); {
	case c.via != "":
		name, responses["ANSWER"] = c.via, NewSecret(c.challenge.Name)
		after.password = responses["PASSWORD"]
	case name == selectChallenge && strings.HasPrefix(choice, "PASSWORD"):
		if c.password.Empty() {
			return challenged{question: question{run: c.run}, challenge: Challenge{Name: choice}, via: selectChallenge}, nil, nil
		}
		responses["PASSWORD"] = c.password
	}
	call := Respond{Flow: c.flow, Challenge: name, Session: c.grant.Session, Username: c.internal, Responses: responses}
	return working{from: c, run: after, call: call}, call, nil
}

func (c challenged) retry(f Failed) step {
	c.question = c.again(f.Err, c.ask().Fields)
	return c
}

// forgetting is the run at a new beginning.
func (r run) forgetting() run {
	r.grant, r.rounds, r.asked, r.resuming = Grant{}, 0, false, false
	return r
}
