package flow

import (
	"fmt"
	"time"
)

// Options are what a run is started with. Everything in it may be left empty but Issuer.
type Options struct {
	Welcome  string // said on the first question
	Username string // offered on the first question
	Device   string // offered as the friendly device name
	Issuer   string // the service's name in the authenticator app
	AuthFlow AuthFlow
}

// AuthFlow chooses how the password is proved.
type AuthFlow string

const (
	// Auto is SRP, and Password when the app client refuses SRP.
	Auto AuthFlow = ""
	// SRP is USER_SRP_AUTH: the password never leaves this machine.
	SRP AuthFlow = "USER_SRP_AUTH"
	// Password is USER_PASSWORD_AUTH: the password goes to Cognito inside TLS.
	Password AuthFlow = "USER_PASSWORD_AUTH"
)

// Event is something that happened: Answer, Back, Reply or Failed.
type Event interface{ event() }

type (
	// Answer is what the person said to an Ask, one value for each Field.Key.
	Answer struct {
		Values map[string]Secret
		At     time.Time
	}
	// Back is the person's wish to return to the previous question.
	Back struct{}
	// Reply is the result of the last Call.
	Reply struct {
		Result Result
		At     time.Time
	}
	// Failed is the last Call's failure.
	Failed struct{ Err *Error }
)

func (Answer) event() {}
func (Back) event()   {}
func (Reply) event()  {}
func (Failed) event() {}

// Call is a request to Cognito: SignIn, Respond, Associate, Verify, Prefer or Status. It is data;
// cognito.Client.Do makes it and turns what comes back into a Reply or a Failed.
type Call interface{ call() }

type (
	// SignIn proves the password with Flow, PASSWORD_VERIFIER of SRP included.
	// Its Result is a Challenge or Tokens.
	SignIn struct {
		Flow     AuthFlow
		Username string
		Password Secret
	}
	// Respond answers a challenge. Username is the one that Cognito uses internally when it named
	// one. Its Result is a Challenge or Tokens.
	Respond struct {
		Challenge string
		Session   Secret
		Username  string
		Responses map[string]Secret // without USERNAME and SECRET_HASH, which the client adds
	}
	// Associate asks for a new key. Its Result is Associated.
	Associate struct{ Grant Grant }
	// Verify proves that the app has the key. Its Result is Verified.
	Verify struct {
		Grant  Grant
		Code   Secret
		Device string // the friendly device name
	}
	// Prefer makes the software token the active and preferred factor. Its Result is Preferred.
	Prefer struct{ AccessToken Secret }
	// Status reads the user's factors. Its Result is a Profile.
	Status struct{ AccessToken Secret }
)

func (SignIn) call()    {}
func (Respond) call()   {}
func (Associate) call() {}
func (Verify) call()    {}
func (Prefer) call()    {}
func (Status) call()    {}

// Grant authorises Associate and Verify: the Session of an open MFA_SETUP challenge, or the access
// token of somebody who is signed in; one or the other, never both (API reference,
// AssociateSoftwareToken).
type Grant struct{ Session, AccessToken Secret }

// Result is what Cognito answered: Challenge, Tokens, Associated, Verified, Preferred or Profile.
type Result interface{ result() }

type (
	// Challenge is what Cognito wants next. Params are its ChallengeParameters; lists in them are
	// JSON text.
	Challenge struct {
		Name    string
		Session Secret
		Params  map[string]string
	}
	// Tokens end a sign-in. Lifetime is the access token's, zero when it was not said.
	Tokens struct {
		AccessToken Secret
		Lifetime    time.Duration
	}
	// Associated carries the new key in base32, and the next Session when the Grant was one.
	Associated struct{ Key, Session Secret }
	// Verified carries the next Session when the Grant was one.
	Verified struct{ Session Secret }
	// Preferred is empty: the preference is set.
	Preferred struct{}
	// Profile is a user's state. Factors and Preferred use Cognito's names (SOFTWARE_TOKEN_MFA).
	Profile struct {
		Username  string
		Pool      string
		Factors   []string
		Preferred string
	}
)

func (Challenge) result()  {}
func (Tokens) result()     {}
func (Associated) result() {}
func (Verified) result()   {}
func (Preferred) result()  {}
func (Profile) result()    {}

// State is an enrolment at one moment: everything known so far and the question that is open. It is
// a value: Next never changes it, so it can be kept, drawn and stepped again.
type State struct{ step step }

// Ask is what the person is to be told and asked now.
func (s State) Ask() Ask { return s.step.ask().printable() }

// step is a State's inside; the implementations are in steps.go.
type step interface {
	ask() Ask
	next(Event) (step, Call, error)
}

// Start returns the first State: nobody is signed in.
func Start(o Options) State {
	return State{signIn{question{run: run{opts: o, username: o.Username}}}}
}

// Next returns the State after e, and the Call that it wants made, if any; without one it is the
// person's turn or the run is over. An error means that the caller sent an event that cannot happen
// now, such as an Answer while a Call is under way; the State is then s. A finished run stays so.
func Next(s State, e Event) (State, Call, error) {
	to, call, err := s.step.next(e)
	if err != nil {
		return s, nil, err
	}
	return State{to}, call, nil
}

func unexpected(where string, e Event) error {
	return fmt.Errorf("flow: %T cannot happen while %s", e, where)
}
