package flow

import (
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"
)

// minSessionLength and maxSessionLength are in characters (API reference, Session of AssociateSoftwareToken).
const (
	minSessionLength = 20
	maxSessionLength = 2048
)

const pasteSession = "paste the Session that came with the challenge MFA_SETUP"

func wrongSession(msg, hint string) *Error {
	return &Error{Code: CodeWrongSession, Fault: Retry, Field: "session", Msg: msg, Hint: hint}
}

// CheckSession returns what keeps session from being a Session. Nothing in a Session can be read, so this knows
// only what is none: by its length, and by what people have beside it.
func CheckSession(session Secret) *Error {
	text := session.Reveal()
	if c, err := readClaims(session, "", ""); err == nil && c.Use != "" {
		return wrongSession("this is a token, not a Session", pasteSession)
	}
	if strings.ContainsAny(text, " \t\r\n{}\"") {
		return wrongSession("this is not a Session: it has a space, a quote or a brace in it",
			pasteSession+", and nothing else")
	}
	if n := utf8.RuneCountInString(text); n < minSessionLength || n > maxSessionLength {
		return wrongSession(plural(n, "a Session has 20 to 2048 characters; this has 1",
			"a Session has 20 to 2048 characters; this has {n}"), pasteSession)
	}
	return nil
}

// openChallenge is the challenge of a sign-in that another program began: a Session, or the JSON that InitiateAuth
// or RespondToAuthChallenge answered, which also says which challenge it is. A Session alone does not.
func openChallenge(given Secret) (Challenge, *Error) {
	text := strings.TrimSpace(given.Reveal())
	c := Challenge{Name: mfaSetup, Session: NewSecret(text)}
	if !strings.HasPrefix(text, "{") {
		return c, CheckSession(c.Session)
	}
	var answer struct {
		ChallengeName        *string
		Session              string
		ChallengeParameters  map[string]string
		AuthenticationResult *struct{}
	}
	if json.Unmarshal([]byte(text), &answer) != nil {
		return c, wrongSession("this JSON is not the answer of a sign-in", pasteSession+", or the whole answer that has it")
	}
	if answer.AuthenticationResult != nil {
		return c, wrongSession("this sign-in is finished: it has tokens and no Session",
			"start again from its access token")
	}
	if answer.ChallengeName != nil && *answer.ChallengeName != mfaSetup {
		return c, otherChallenge(*answer.ChallengeName)
	}
	if answer.Session == "" {
		return c, wrongSession("this JSON has no Session", pasteSession+", or the whole answer that has it")
	}
	c.Session, c.Params = NewSecret(answer.Session), answer.ChallengeParameters
	return c, CheckSession(c.Session)
}

// otherChallenge says what to do with the Session of another challenge than MFA_SETUP.
func otherChallenge(name string) *Error {
	switch name {
	case newPassword:
		return wrongSession("this Session came with NEW_PASSWORD_REQUIRED: the user has to choose a new password first",
			"answer that in the program that signs in; if MFA_SETUP comes next, paste the Session that comes with it")
	case softwareToken:
		return wrongSession("this Session came with SOFTWARE_TOKEN_MFA: the user has an authenticator already",
			"answer that in the program that signs in, with a code of the authenticator; to replace it, sign in here")
	}
	return wrongSession(Fill("this Session came with {challenge}, and a new authenticator needs MFA_SETUP", "challenge",
		name),
		"answer that in the program that signs in; if MFA_SETUP comes next, paste the Session that comes with it")
}

// named is the user in the parameters of a challenge, "" if they name none.
func (c Challenge) named() string {
	for _, param := range []string{"USER_ID_FOR_SRP", "USERNAME"} {
		if name := c.Params[param]; name != "" {
			return name
		}
	}
	return ""
}

// askSession is what signIn asks where another program has begun.
func askSession(r run) Ask {
	body := "The program that signs in got a Session with the challenge MFA_SETUP. Paste it, or the whole JSON that it " +
		"is in." +
		"\nA Session works once and for some minutes. How old this one is, and whose, cannot be read from it: "
	if r.opts.HandBack {
		body += "Cognito checks the name when that program finishes the sign-in."
	} else {
		body += "Cognito checks the name only at the end."
	}
	name := r.username
	if c, err := openChallenge(r.opts.Session); err == nil && name == "" {
		name = c.named()
	}
	return Ask{ID: "sign-in", Step: stepSignIn, Title: "Go on with an open sign-in", Body: body, Fields: []Field{
		{Key: "username", Label: r.usernameLabel(), Kind: Text, Value: NewSecret(name), Min: 1, Max: 128},
		{Key: "session", Label: "Session", Kind: Hidden, Value: r.opts.Session, Min: 1, Max: 16384},
	}}
}

// useSession goes on where another program has come to. No call tells whether the Session is any good before
// Associate does.
func (q question) useSession(username string, given Secret, at time.Time) (stage, Call) {
	c, err := openChallenge(given)
	if err != nil {
		q.opts.Session = Secret{}
		delete(q.given, "session")
		return q.refuse(err)
	}
	q.run = q.as(username)
	q.opts.Session = Secret{} // it works once
	q.note = strings.TrimSpace(strings.TrimSuffix(q.note, whichSession))
	q.internal, q.rounds = q.username, 0
	if q.opts.HandBack {
		delete(c.Params, "MFAS_CAN_SETUP") // a choice would be answered here
	}
	return challengeReply(q.run, c, nil, at)
}

// sessionOver is what ends a Session of another program's, put for who pastes the next.
func sessionOver(err *Error) *Error {
	over := *err
	over.Hint, over.Remedy = "sign in again in the other program, and paste the new Session at once", Remedy{}
	return &over
}

// handedBack is the end of a run that leaves the challenge to the program that began the sign-in.
type handedBack struct{ run }

func (s handedBack) ask() Ask {
	a := Ask{
		ID: "handed-back", Phase: Finished, Title: "Cognito accepted the code",
		Body: Fill("The sign-in goes on in the program that began it, which gets the new Session now."+
			" Keep the entry {entry}.", "entry", s.entry()),
		Account: s.username, Note: s.note, Standing: s.standing(), Facts: s.facts, Steps: s.goal.steps(s.facts),
		Summary:  &Summary{User: s.username, Pool: s.opts.Pool, HandedBack: true},
		HandBack: s.grant.Session,
	}
	a.Step = len(a.Steps) - 1
	return a
}

func (s handedBack) next(Event) (stage, Call, error) { return s, nil, nil }
