package flow

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// minSession is how long Cognito keeps a Session at least: AuthSessionValidity of the app client is
// 3 to 15 minutes, 3 by default (API reference, CreateUserPoolClient). Nothing unsigned tells which.
const minSession = 3 * time.Minute

// maxRounds ends a chain of challenges that does not end by itself.
const maxRounds = 12

// reply is the protocol's only branch: where the reply to call leads. What it taught is in r.facts by
// now. Its rules:
//   - The newest Session is the one to send; Associate's goes to Verify and Verify's answers
//     MFA_SETUP (API reference, AssociateSoftwareToken and VerifySoftwareToken).
//   - By access token there is no Session and nothing to answer, but the preference must be set
//     (amplify-js#7254); by Session the pool requires MFA and the token is active at once.
//   - Nobody who has an authenticator gets a new key unasked: Associate may disable the old one
//     (amplify-js#1226).
func reply(r run, call Call, got Reply) (stage, Call, error) {
	if r.goal == ToEnroll && r.facts.Old == Off && r.facts.New == NotBegun {
		r.goal = ToTurnOff // it was refused, and has come about since: nobody asked for a new one
	}
	switch result := got.Result.(type) {
	case Challenge:
		r = r.answered(call, got.At)
		s, next := challengeReply(r, result, call, got.At)
		return s, next, nil
	case Tokens:
		r = r.answered(call, got.At)
		r.grant, r.deadline = Grant{AccessToken: result.AccessToken}, time.Time{}
		if result.Lifetime > 0 {
			r.deadline = got.At.Add(result.Lifetime)
		}
		s, next := r.proceed(Status{result.AccessToken})
		return s, next, nil
	case Associated:
		return associateReply(r, result, got.At), nil, nil
	case Verified:
		s, next := verifyReply(r, result, call.(Verify), got.At)
		return s, next, nil
	case Accepted:
		s, next := acceptedReply(r, call)
		return s, next, nil
	case Delivered:
		if _, ok := call.(Forgot); ok {
			return r.asks(resetPassword{sent: result}), nil, nil
		}
		return r.asks(confirmSignUp{result}), nil, nil
	case Profile:
		s, next := profileReply(r, result, got.At)
		return s, next, nil
	case Listed:
		return listReply(r, call, result), nil, nil
	case Connected:
		return r.atPool(call.(Connect), result).asks(signIn{}), nil, nil
	}
	return nil, nil, fmt.Errorf("flow: a reply of type %T leads nowhere", got.Result)
}

// answered is the run after an answer that Cognito accepted: a password to keep, or a code that is
// spent, and that may tell which of two authenticators counts.
func (r run) answered(call Call, at time.Time) run {
	respond, ok := call.(Respond)
	if !ok {
		return r
	}
	for _, name := range []string{"PASSWORD", "NEW_PASSWORD"} {
		if password, ok := respond.Responses[name]; ok {
			r.password = password
		}
	}
	code, ok := respond.Responses[softwareTokenCode]
	if !ok {
		return r
	}
	r = r.accepted(code, at)
	if r.facts.New == MaybeTaken && r.facts.Old != None {
		isNew := Unknown
		if match, _ := diagnose(r.uncertain.Reveal(), code.Reveal(), at.Add(-r.skew)); !r.uncertain.Empty() &&
			match != unknown {
			isNew = map[bool]Known{true: No, false: Yes}[match == foreign]
		}
		before := r.facts
		r.facts = r.facts.counts(isNew)
		r.note = news(before, r.facts, "", r.entry())
		r.uncertain = Secret{}
	}
	if r.goal == ToTest {
		r.facts.Tested = true
	}
	return r
}

func challengeReply(r run, c Challenge, call Call, at time.Time) (stage, Call) {
	r.grant = Grant{Session: c.Session}
	if name := c.named(); name != "" {
		r.internal = name
	}
	if r.rounds++; r.rounds > maxRounds {
		return r.stop(&Error{Code: CodeTooManyChallenges, Fault: Elsewhere,
			Msg:  fmt.Sprintf("the pool asked %d questions in a row without letting you in", maxRounds),
			Hint: "ask the pool's administrator to look at its Lambda triggers"})
	}
	switch {
	case c.Name == mfaSetup:
		return setUpReply(r, c, at)
	case c.Name == newPassword && !r.goal.allows(Respond{Challenge: newPassword}):
		return r.stop(notKnown(needsPassword))
	case c.Name == selectFactor && r.goal == ToTest:
		if !slices.Contains(factorsToChoose(c), softwareToken) {
			return r.stop(notAsked())
		}
		// The test is about the authenticator, whichever other factors there are.
		return r.proceed(r.respond(c.Name, map[string]Secret{"ANSWER": NewSecret(softwareToken)}))
	}
	row, ok := challenges[c.Name]
	if !ok {
		return r.stop(unanswerable(c.Name))
	}
	if row.stuck != nil {
		if err := row.stuck(c); err != nil {
			return r.stop(err)
		}
	}
	if name := c.Params["FRIENDLY_DEVICE_NAME"]; c.Name == softwareToken {
		if name != "" || r.facts.New != On {
			r.device = name // one that was typed was for the new one
		}
		if r.facts.New == On {
			r.uncertain = Secret{}
		}
	}
	before, _ := call.(Respond)
	return r.to(challenged{challenge: c, repeated: before.Challenge == c.Name})
}

// respond is an answer in the sign-in that is under way.
func (r run) respond(challenge string, responses map[string]Secret) Respond {
	return Respond{Flow: r.flow, Challenge: challenge, Session: r.grant.Session, Username: r.internal,
		Responses: responses}
}

// setUpReply goes to the QR code, by way of a choice where the pool offers one.
func setUpReply(r run, c Challenge, at time.Time) (stage, Call) {
	r.uncertain = Secret{}
	switch r.goal {
	case ToTest:
		return r.stop(notAsked())
	case ToShow, ToTurnOff:
		r.profile = Profile{Username: r.internal, Pool: r.opts.Pool}
		return r.done(), nil
	case ToReplace, ToEmail:
		r.goal = ToEnroll
	}
	// The list may be missing or unreadable: then only Associate can tell.
	factors := jsonList(c.Params["MFAS_CAN_SETUP"])
	switch {
	case len(factors) > 0 && !slices.Contains(factors, softwareToken):
		return r.stop(&Error{Code: CodeTOTPNotOffered, Fault: Elsewhere,
			Msg: Fill("this pool lets you set up {factors}, but no authenticator app",
				"factors", shown(strings.Join(factors, ", "), mostText)),
			Hint: "ask the pool's administrator to turn on authenticator apps in its MFA settings"})
	case r.onward == toNewKey:
		return r.asks(getReady{}).call(Associate{Grant: r.grant})
	case slices.Contains(factors, emailCode):
		return r.to(setUp{})
	}
	return r.prepared(at).to(getReady{})
}

func associateReply(r run, got Associated, at time.Time) stage {
	key, err := cleanKey(got.Key, r.opts.To.AWS)
	if err != nil {
		return r.stopped(err)
	}
	if r.facts.Old == MaybeDropped && r.named() == cmp.Or(r.labeled, r.username) {
		r.label = another(r.named(), at)
	}
	r.labeled = r.named()
	r.note = r.facts.newKey(r.entry())
	if r.onward == toNewKey {
		r.note = strings.TrimSpace("The session ended. " + r.note) // nobody was asked, so this is said here
	}
	if n := len(key.Reveal()); n < leastKey {
		weak := Fill("This key has only {n} characters, and one of Cognito's has {usual}."+
			" It is easier to guess, and some apps refuse it.",
			"n", strconv.Itoa(n), "usual", strconv.Itoa(usualKey))
		r.note = strings.TrimSpace(r.note + " " + weak)
	}
	r.key, r.facts.New, r.onward, r.uncertain = key, Shown, toFactors, Secret{}
	if r.grant.AccessToken.Empty() {
		r.grant.Session, r.deadline = got.Session, at.Add(max(minSession, r.opts.Patience))
	}
	return r.asks(scan{})
}

func verifyReply(r run, got Verified, call Verify, at time.Time) (stage, Call) {
	r.key, r.note = Secret{}, ""
	r = r.accepted(call.Code, at)
	if !r.grant.AccessToken.Empty() {
		return r.proceed(Prefer{r.grant.AccessToken})
	}
	r.grant.Session = got.Session
	if r.opts.HandBack {
		return handedBack{r}, nil
	}
	return r.proceed(r.respond(mfaSetup, nil))
}

// acceptedReply is for the calls that say only that they succeeded.
func acceptedReply(r run, call Call) (stage, Call) {
	switch call := call.(type) {
	case Reset:
		r.password = call.Password
	case Confirm:
	case Prefer, Disable: // see what has become of it
		r.onward = preferred
		return r.proceed(Status{r.grant.AccessToken})
	}
	return sendSignIn(r.asks(signIn{}))
}

func profileReply(r run, p Profile, at time.Time) (stage, Call) {
	r.profile = p
	if !r.mayTest() {
		r.password = Secret{}
	}
	listed := slices.Contains(p.Factors, softwareToken)
	// Right after the Session path PreferredMfaSetting may be absent: with one factor that is fine.
	first := p.Preferred == softwareToken || p.Preferred == "" && len(p.Factors) == 1
	switch {
	case r.goal == ToTest && r.facts.Asked != Yes:
		return r.stop(notAsked())
	case r.goal == ToTest, r.goal == ToShow, r.goal == ToTurnOff, r.goal == ToEmail:
		return r.done(), nil
	case r.facts.New >= Taken && !(listed && first) && r.onward != preferred:
		return r.proceed(Prefer{r.grant.AccessToken})
	case r.facts.New >= Taken:
		return r.verified()
	case r.onward == toNewKey && r.facts.New == Shown && (r.goal == ToReplace || !listed && r.facts.Enrolled() != Yes):
		return r.asks(getReady{}).call(Associate{Grant: r.grant})
	case listed && r.opts.TestSignIn && asksFactor(r.flow):
		r.goal = ToTest
		return startTest(r)
	case listed, r.facts.Enrolled() == Yes:
		if r.goal = ToEnroll; r.facts.New != NotBegun && r.facts.Asked != Yes {
			r.device = "" // it was for the new one
		}
		return r.to(enrolled{})
	}
	r.goal = ToEnroll
	return r.prepared(at).to(getReady{})
}

// verified ends a run that enrolled somebody, or tests it first: when that was asked for, or when an
// authenticator was replaced. The second begins only where nothing has to be asked to begin it.
func (r run) verified() (stage, Call) {
	unasked := r.facts.Old == Replaced && r.canSignInUnasked()
	if r.facts.New == On && asksFactor(r.flow) && (r.opts.TestSignIn || unasked) {
		r.goal = ToTest
		return startTest(r)
	}
	return r.done(), nil
}

// mayTest reports whether a test of the next sign-in may begin by itself, for which the password is kept.
func (r run) mayTest() bool {
	return asksFactor(r.flow) && (r.opts.TestSignIn || r.facts.Old != None)
}

// canSignInUnasked reports whether what a sign-in begins with is known.
func (r run) canSignInUnasked() bool { return !r.passwordFirst() || !r.password.Empty() }

func notAsked() *Error {
	return &Error{Code: CodeNotAsked, Fault: Elsewhere,
		Msg:  "the new sign-in did not ask for a code of your authenticator",
		Hint: "ask the pool's administrator to look at the pool's MFA settings"}
}

const (
	needsPassword     = "not known: your account needs a new password first"
	needsConfirmation = "not known: your sign-up has to be confirmed first"
)

// notKnown ends a look at an account that would have to be changed to go on.
func notKnown(msg string) *Error {
	return &Error{Code: CodeNotKnown, Fault: Elsewhere,
		Msg: msg, Remedy: Remedy{Name: SignInElsewhere}}
}

func (r run) stop(err *Error) (stage, Call) { return r.stopped(err), nil }

// The length of a SecretCode: Cognito's have 52 characters, and at least 16 (API reference, AssociateSoftwareToken).
// The upper bound is ours.
const (
	leastKey = 16
	usualKey = 52
	mostKey  = 256
)

// cleanKey returns the SecretCode as apps take it: upper case, without spaces and padding. From AWS it has the length
// that is documented.
func cleanKey(key Secret, aws bool) (Secret, *Error) {
	k := strings.ToUpper(strings.NewReplacer(" ", "", "=", "").Replace(key.Reveal()))
	wrong := ""
	switch {
	case k == "" || strings.ContainsFunc(k, func(r rune) bool { return !(r >= 'A' && r <= 'Z' || r >= '2' && r <= '7') }):
		wrong = "Cognito sent a key that is not base32"
	case len(k) < leastKey && aws:
		wrong = "Cognito sent a key that is too short to be secure"
	case len(k) > mostKey:
		wrong = "Cognito sent a key that is too long for any app"
	default:
		return NewSecret(k), nil
	}
	return Secret{}, &Error{Code: CodeBadKey, Fault: Bug, Msg: wrong, Remedy: Remedy{Name: CheckEndpoint}}
}
