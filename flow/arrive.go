package flow

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// minSession is how long Cognito keeps a Session at least: AuthSessionValidity of the app client is
// 3 to 15 minutes, 3 by default (API reference, CreateUserPoolClient). Nothing unsigned tells which.
const minSession = 3 * time.Minute

// maxRounds ends a chain of challenges that does not end by itself.
const maxRounds = 12

// arrive is the protocol's only branch: where the reply to call leads. Its rules:
//   - The newest Session is the one to send; Associate's goes to Verify and Verify's answers
//     MFA_SETUP (API reference, AssociateSoftwareToken and VerifySoftwareToken).
//   - By access token there is no Session and nothing to answer, but the preference must be set
//     (amplify-js#7254); by Session the pool requires MFA and the token is active at once.
//   - Nobody who has an authenticator gets a new key unasked: Associate may disable the old one
//     (amplify-js#1226).
func arrive(r run, call Call, reply Reply) (step, Call, error) {
	switch got := reply.Result.(type) {
	case Challenge:
		respond, _ := call.(Respond)
		return challengeArrived(r, got, respond.Challenge == got.Name, reply.At)
	case Tokens:
		r.grant, r.deadline = Grant{AccessToken: got.AccessToken}, time.Time{}
		if got.Lifetime > 0 {
			r.deadline = reply.At.Add(got.Lifetime)
		}
		if respond, ok := call.(Respond); ok && respond.Challenge == softwareToken {
			r = r.took(respond.Responses["SOFTWARE_TOKEN_MFA_CODE"], reply.At)
			if r.doubt {
				r.note = "The authenticator whose code you just typed is the one that counts: delete the other entry from your app."
			}
		}
		return proceed(r, Status{got.AccessToken})
	case Associated:
		key, err := cleanKey(got.Key)
		if err != nil {
			return stopped{run: r, problem: err}, nil, nil
		}
		r.key, r.issued, r.resuming = key, true, false
		if r.grant.AccessToken.Empty() {
			r.grant.Session, r.deadline = got.Session, reply.At.Add(minSession)
		}
		return scan{question: question{run: r}}, nil, nil
	case Verified:
		r.verified, r.doubt, r.key, r.note = true, false, Secret{}, ""
		r = r.took(call.(Verify).Code, reply.At)
		if !r.grant.AccessToken.Empty() {
			return proceed(r, Prefer{r.grant.AccessToken})
		}
		r.grant.Session = got.Session
		return proceed(r, Respond{Flow: r.flow, Challenge: mfaSetup, Session: r.grant.Session, Username: r.internal})
	case Delivered:
		if _, ok := call.(Forgot); ok {
			return resetting{question{run: r}, got}, nil, nil
		}
		return confirming{question{run: r}, got}, nil, nil
	case Profile:
		return profileArrived(r, got, reply.At)
	case Listed:
		return listArrived(r, call, got)
	case Connected:
		return signIn{question{run: r.connected(got)}}, nil, nil
	}
	switch call.(type) { // Accepted
	case Prefer:
		r.prefers = true
		return proceed(r, Status{r.grant.AccessToken})
	case Disable:
		return proceed(r, Status{r.grant.AccessToken})
	}
	return signIn{question{run: r}}.send() // the account is mended
}

func challengeArrived(r run, c Challenge, repeated bool, at time.Time) (step, Call, error) {
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
	if r.doubt {
		r = r.settled(c.Name)
	}
	if c.Name == mfaSetup {
		return setUpArrived(r, c, at)
	}
	row, ok := challenges[c.Name]
	if !ok {
		return stopped{run: r, problem: unanswerable(c.Name)}, nil, nil
	}
	if row.stuck != nil {
		if err := row.stuck(c); err != nil {
			return stopped{run: r, problem: err}, nil, nil
		}
	}
	if c.Name == softwareToken {
		r.asked = true
		if name := c.Params["FRIENDLY_DEVICE_NAME"]; name != "" {
			r.device = name
		}
	}
	return challenged{question: question{run: r}, challenge: c, repeated: repeated}, nil, nil
}

// settled says what the next sign-in tells of a code whose answer was lost.
func (r run) settled(challenge string) run {
	switch {
	case challenge == mfaSetup:
		r.doubt = false
		r.note = "Your earlier code was not accepted: delete the entry " + r.entry() + " from your app."
	case challenge == softwareToken && r.replacing:
		r.device = ""
		r.note = "One of your two authenticators counts, the new one or the old: it is the one whose code is accepted now."
	case challenge == softwareToken:
		r.doubt, r.verified = false, true
		r.note = "Your earlier code was accepted: keep the entry " + r.entry() + "."
	}
	return r
}

// setUpArrived goes to the QR code, by way of a choice where the pool offers one.
func setUpArrived(r run, c Challenge, at time.Time) (step, Call, error) {
	r.verified = false
	if r.proving {
		return stopped{run: r, problem: notAsked()}, nil, nil
	}
	if r.replacing {
		r.replacing = false
		r.note = strings.TrimSpace(r.note + " The old authenticator is gone: this sets up a new one.")
	}
	// The list may be missing or unreadable: then only Associate can tell.
	factors := jsonList(c.Params["MFAS_CAN_SETUP"])
	switch {
	case len(factors) > 0 && !slices.Contains(factors, softwareToken):
		return stopped{run: r, problem: &Error{Code: CodeTOTPNotOffered, Fault: Elsewhere,
			Msg:  "this pool lets you set up " + strings.Join(factors, ", ") + ", but no authenticator app",
			Hint: "ask the pool's administrator to turn on authenticator apps in its MFA settings"}}, nil, nil
	case r.resuming:
		call := Associate{Grant: r.grant}
		return working{from: ready{question{run: r}}, run: r, call: call}, call, nil
	case slices.Contains(factors, "EMAIL_OTP"):
		return setUp{question{run: r}}, nil, nil
	}
	return ready{question{run: r.named(at)}}, nil, nil
}

func profileArrived(r run, p Profile, at time.Time) (step, Call, error) {
	listed := slices.Contains(p.Factors, softwareToken)
	// Right after the Session path PreferredMfaSetting may be absent: with one factor that is fine.
	first := p.Preferred == softwareToken || p.Preferred == "" && len(p.Factors) == 1
	switch {
	case r.proving && !r.asked:
		return stopped{run: r, problem: notAsked()}, nil, nil
	case r.proving, r.disabling:
		return done{run: r, profile: p}, nil, nil
	case r.verified && !(listed && first) && !r.prefers:
		return proceed(r, Prefer{r.grant.AccessToken})
	case r.verified && (r.opts.Prove || r.replacing) && r.provable():
		return prove(r)
	case r.verified, r.opts.Show, r.byEmail:
		return done{run: r, profile: p}, nil, nil
	case r.resuming:
		call := Associate{Grant: r.grant}
		return working{from: ready{question{run: r}}, run: r, call: call}, call, nil
	case listed && r.opts.Prove && r.provable():
		return prove(r)
	case listed:
		return enrolled{question{run: r}, p}, nil, nil
	}
	return ready{question{run: r.named(at)}}, nil, nil
}

func notAsked() *Error {
	return &Error{Code: CodeNotAsked, Fault: Elsewhere,
		Msg:  "the new sign-in did not ask for a code of your authenticator",
		Hint: "ask the pool's administrator to look at the pool's MFA settings, then enrol again"}
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
