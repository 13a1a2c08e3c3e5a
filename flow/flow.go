package flow

import (
	"fmt"
	"time"
)

// Options are what a run is started with. Everything in it may be left empty but Issuer, and that,
// too, with Connect.
type Options struct {
	Welcome     string   // said when signing in
	Username    string   // offered when signing in
	SignIn      []string // the attributes that stand for the username: email, phone_number; none if nobody says
	Device      string   // offered as the friendly device name
	Issuer      string   // the service's name in the authenticator app
	Pool        string   // user pool ID; an access token of another pool is refused
	AuthFlow    AuthFlow
	Preferred   string     // the challenge to begin Choice with: PASSWORD_SRP, EMAIL_OTP, ...
	AccessToken Secret     // offered when signing in with Token
	Session     Secret     // offered when going on with FromSession: a Session, or JSON as ReadSession reads it
	HandBack    bool       // end with the Session that answers MFA_SETUP, for whoever began the sign-in to answer it
	TestSignIn  bool       // test the result with a fresh sign-in
	Show        bool       // read the status and change nothing
	Resume      *Suspended // go on with an enrollment that was put away; nil begins one
	To          Destination
	// Patience is for how long the pool keeps a Session, where whoever starts the run knows that it is more than
	// Cognito's least.
	Patience time.Duration

	AskPool bool     // Pool or the app client is not settled: begin with asking for what is missing
	Client  string   // the app client's ID, with AskPool; "" asks for it
	Targets []Target // app clients that were found, to choose from
	// Taken is what the Connect to the only one of Targets led to. The run begins at its sign-in, which says where the
	// pool was found, with the choice behind it. It is only for front ends that show what a question says before they
	// read an answer to it: what is piped in would go to a pool that nobody has seen.
	Taken  *Connected
	Browse bool   // there are AWS credentials, with which Pools and Clients can be made
	Region string // offered to begin browsing with
}

// Destination is where the calls of a run go, and who says so: what has to be known before a password itself is
// sent there.
type Destination struct {
	Host   string // with its port, if that is not the usual one
	TLS    bool   // the connection is encrypted, and the host has shown its certificate
	AWS    bool   // it is an endpoint of Cognito's
	Source string // where the user pool was found, to follow "from": "the command line", a file's name
	Found  bool   // nobody named the pool: it was found in a project, or in a token
}

// trusted reports whether the person named a user pool of AWS's.
func (d Destination) trusted() bool { return d.AWS && d.TLS && !d.Found }

// Target is an app client that was found somewhere.
type Target struct {
	Pool   string   // user pool ID
	Client string   // app client ID
	SignIn []string // as that of Options
	Source string   // where it was found, in words or as a file's name
}

// AuthFlow chooses how a person signs in. The values are Cognito's names, but for CustomSRP, Token
// and FromSession.
type AuthFlow string

const (
	// Auto is SRP. When the app client refuses it, Choice with SRP comes next, and then Password, if the person agrees
	// to send it.
	Auto AuthFlow = ""
	// SRP proves the password without sending it.
	SRP AuthFlow = "USER_SRP_AUTH"
	// Password sends the password to Cognito inside TLS.
	Password AuthFlow = "USER_PASSWORD_AUTH"
	// Choice lets the pool offer first factors: the password, a code, a passkey.
	Choice AuthFlow = "USER_AUTH"
	// Custom asks what the pool's Lambda triggers make up, and no password.
	Custom AuthFlow = "CUSTOM_AUTH"
	// CustomSRP is Custom after the password was proved with SRP.
	CustomSRP AuthFlow = "CUSTOM_AUTH after SRP"
	// Admin sends the password with AWS credentials: an administrator sits with the user.
	Admin AuthFlow = "ADMIN_USER_PASSWORD_AUTH"
	// Token takes an access token instead of a sign-in.
	Token AuthFlow = "access token"
	// FromSession goes on with a sign-in that another program began, at its challenge MFA_SETUP.
	FromSession AuthFlow = "session"
)

// Event is something that happened: Answer, Back, TestSignIn, Reply or Failed.
type Event interface{ event() }

type (
	// Answer is what the person said to an Ask, one value for each Field.Key.
	Answer struct {
		Values map[string]Secret
		At     time.Time
	}
	// Back is the person's wish to return to the previous question.
	Back struct{}
	// TestSignIn is the person's wish to test a finished run, where Ask.CanTestSignIn allows it.
	TestSignIn struct{}
	// Reply is the result of the last Call.
	Reply struct {
		Result Result
		At     time.Time
		Skew   time.Duration // how far this computer's clock is ahead of Cognito's; zero if unknown
	}
	// Failed is the last Call's failure. Done says whether Cognito carried the call out all the same:
	// No for a request that never arrived or was refused before anything happened, Unknown where
	// nobody can say. Skew is as in Reply.
	Failed struct {
		Err  *Error
		Done Known
		Skew time.Duration
	}
)

func (Answer) event()     {}
func (Back) event()       {}
func (TestSignIn) event() {}
func (Reply) event()      {}
func (Failed) event()     {}

// Call is a request to Cognito. It is data; cognito.Client.Do makes it and turns what comes back
// into a Reply or a Failed.
type Call interface {
	// Fits reports whether r is a result of the Call.
	Fits(r Result) bool
	// Secrets returns what must not be shown of it, so that it can be masked in a server's text.
	Secrets() []Secret
}

type (
	// SignIn begins a sign-in with Flow. A proof with SRP includes the answer to PASSWORD_VERIFIER.
	// With Choice, a Password is proved with SRP, and without one Preferred, if any, names the
	// challenge to begin with. Its Result is a Challenge or Tokens.
	SignIn struct {
		Flow      AuthFlow
		Username  string
		Password  Secret
		Preferred string
	}
	// Respond answers a challenge in the sign-in that Flow began. Username is the one that Cognito
	// uses internally when it named one. A PASSWORD among the Responses to PASSWORD_SRP, or to
	// SELECT_CHALLENGE with PASSWORD_SRP as ANSWER, is proved with SRP and not sent. Its Result is a
	// Challenge or Tokens.
	Respond struct {
		Flow      AuthFlow
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
	// Prefer makes the software token the active and preferred factor. Its Result is Accepted.
	Prefer struct{ AccessToken Secret }
	// Disable makes the software token inactive. Its Result is Accepted, also from a pool that
	// requires MFA and changes nothing (amplify-flutter#5716).
	Disable struct{ AccessToken Secret }
	// Status reads the user's factors. Its Result is a Profile.
	Status struct{ AccessToken Secret }
	// Forgot has a code sent with which a new password can be set. Its Result is Delivered.
	Forgot struct{ Username string }
	// Reset sets a new password with that code. Its Result is Accepted.
	Reset struct {
		Username       string
		Code, Password Secret
	}
	// Resend has a new code sent with which a sign-up is confirmed. Its Result is Delivered.
	Resend struct{ Username string }
	// Confirm confirms a sign-up with that code. Its Result is Accepted.
	Confirm struct {
		Username string
		Code     Secret
	}

	// Pools lists the user pools of an AWS account. Its Result is Listed, with their ids as values.
	Pools struct{ Region string }
	// Clients lists the app clients of a user pool. Its Result is Listed, with their ids as values.
	Clients struct{ Region, Pool string }
	// Connect says which app client the calls after it are meant for; nothing is sent for it. It may
	// come again, when the person goes back and chooses another. Its Result is Connected.
	Connect struct {
		Region  string // "" is the part of Pool before "_"
		Pool    string // user pool ID
		Client  string // app client ID
		Browsed bool   // chosen from the AWS account, with credentials that may read the client's secret
		Source  string // as that of a Destination, and so is Found
		Found   bool
	}
)

func (SignIn) Fits(r Result) bool    { return fits[Challenge](r) || fits[Tokens](r) }
func (Respond) Fits(r Result) bool   { return fits[Challenge](r) || fits[Tokens](r) }
func (Associate) Fits(r Result) bool { return fits[Associated](r) }
func (Verify) Fits(r Result) bool    { return fits[Verified](r) }
func (Prefer) Fits(r Result) bool    { return fits[Accepted](r) }
func (Disable) Fits(r Result) bool   { return fits[Accepted](r) }
func (Status) Fits(r Result) bool    { return fits[Profile](r) }
func (Forgot) Fits(r Result) bool    { return fits[Delivered](r) }
func (Reset) Fits(r Result) bool     { return fits[Accepted](r) }
func (Resend) Fits(r Result) bool    { return fits[Delivered](r) }
func (Confirm) Fits(r Result) bool   { return fits[Accepted](r) }
func (Pools) Fits(r Result) bool     { return fits[Listed](r) }
func (Clients) Fits(r Result) bool   { return fits[Listed](r) }
func (Connect) Fits(r Result) bool   { return fits[Connected](r) }

func fits[R Result](r Result) bool {
	_, ok := r.(R)
	return ok
}

// ProvesPassword reports whether a PASSWORD among the Responses is proved with SRP, and not sent.
func (c Respond) ProvesPassword() bool {
	asked := c.Challenge
	if asked == selectChallenge {
		asked = c.Responses["ANSWER"].Reveal()
	}
	return asked == passwordSRP
}

// sendsPassword reports whether c carries the password itself.
func sendsPassword(c Call) bool {
	switch c := c.(type) {
	case SignIn:
		return (c.Flow == Password || c.Flow == Admin) && !c.Password.Empty()
	case Respond:
		_, ok := c.Responses["PASSWORD"]
		return ok && !c.ProvesPassword()
	}
	return false
}

func (c SignIn) Secrets() []Secret { return []Secret{c.Password} }
func (c Respond) Secrets() []Secret {
	list := []Secret{c.Session}
	for key, s := range c.Responses {
		if key != "ANSWER" || c.Challenge == "CUSTOM_CHALLENGE" { // else it is the name of a factor
			list = append(list, s)
		}
	}
	return list
}
func (c Associate) Secrets() []Secret { return c.Grant.secrets() }
func (c Verify) Secrets() []Secret    { return append(c.Grant.secrets(), c.Code) }
func (c Prefer) Secrets() []Secret    { return []Secret{c.AccessToken} }
func (c Disable) Secrets() []Secret   { return []Secret{c.AccessToken} }
func (c Status) Secrets() []Secret    { return []Secret{c.AccessToken} }
func (Forgot) Secrets() []Secret      { return nil }
func (c Reset) Secrets() []Secret     { return []Secret{c.Code, c.Password} }
func (Resend) Secrets() []Secret      { return nil }
func (c Confirm) Secrets() []Secret   { return []Secret{c.Code} }
func (Pools) Secrets() []Secret       { return nil }
func (Clients) Secrets() []Secret     { return nil }
func (Connect) Secrets() []Secret     { return nil }

// Grant authorizes Associate and Verify: the Session of an open MFA_SETUP challenge, or the access
// token of somebody who is signed in; one or the other, never both (API reference,
// AssociateSoftwareToken).
type Grant struct{ Session, AccessToken Secret }

func (g Grant) secrets() []Secret { return []Secret{g.Session, g.AccessToken} }

// Result is what Cognito answered to a Call.
type Result interface{ result() }

type (
	// Challenge is what Cognito wants next. Params are its ChallengeParameters; lists in them are
	// JSON text. Available is SELECT_CHALLENGE's list.
	Challenge struct {
		Name      string
		Session   Secret
		Params    map[string]string
		Available []string
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
	// Accepted says only that the call succeeded.
	Accepted struct{}
	// Delivered says where a code was sent, as far as Cognito tells: "EMAIL", "a***@e***".
	Delivered struct{ Medium, Destination string }
	// Profile is a user's state. Factors and Preferred use Cognito's names (SOFTWARE_TOKEN_MFA).
	Profile struct {
		Username  string
		Pool      string
		Factors   []string
		Preferred string
	}
	// Listed is what an AWS account has. More says that there are others, which were left out.
	Listed struct {
		Options []Option
		More    bool
	}
	// Connected says which user pool is signed in to, by its id, and a name for it that an
	// authenticator app can show, which is used when Options.Issuer is empty. Of To it says what the Connect does not.
	Connected struct {
		Pool, Issuer string
		To           Destination
	}
)

func (Challenge) result()  {}
func (Tokens) result()     {}
func (Associated) result() {}
func (Verified) result()   {}
func (Accepted) result()   {}
func (Delivered) result()  {}
func (Profile) result()    {}
func (Listed) result()     {}
func (Connected) result()  {}

// State is an enrollment at one moment: everything known so far and the question that is open. It is
// a value: Next never changes it, so it can be kept, drawn and advanced again.
type State struct{ stage stage }

// Ask is what the person is to be told and asked now.
func (s State) Ask() Ask {
	a := s.stage.ask()
	a.Pool, a.Service = s.stage.place()
	a.Claims = a.Facts.Claims()
	return a.printable()
}

// stage is a State's inside: a question, a call under way, or an end.
type stage interface {
	ask() Ask
	// place is the user pool's ID and the name of the service, "" where it is not known yet.
	place() (pool, service string)
	next(Event) (stage, Call, error)
}

// Start returns the first State: nobody is signed in, or the code of a resumed enrollment is awaited,
// or it is open which pool this is about.
func Start(o Options) State {
	switch {
	case o.Resume != nil:
		return State{o.resume(*o.Resume)}
	case o.AskPool && o.Taken != nil:
		to := *o.Taken
		o.Taken = nil
		return State{newRun(o).atPool(o.Connect(o.Targets[0]), to).asks(signIn{})}
	case o.AskPool && len(o.Targets) == 0 && !o.Browse && (o.Pool != "" || o.Client != ""):
		return State{newRun(o).asks(typeIDs{})}
	case o.AskPool && o.Browse && o.Pool == "" && len(o.Targets) == 0:
		return State{newRun(o).asks(region{})}
	case o.AskPool:
		return State{newRun(o).asks(choosePool{})}
	}
	return State{newRun(o).asks(signIn{})}
}

// Next returns the State after e, and the Call that it wants made, if any; without one it is the
// person's turn or the run is over. An error means that the caller sent an event that cannot happen
// now, such as an Answer while a Call is under way; the State is then s. A finished run stays so,
// but for TestSignIn.
func Next(s State, e Event) (State, Call, error) {
	to, call, err := s.stage.next(e)
	if err != nil {
		return s, nil, err
	}
	return State{to}, call, nil
}

func unexpected(where string, e Event) error {
	return fmt.Errorf("flow: %T cannot happen while %s", e, where)
}
