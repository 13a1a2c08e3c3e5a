package flow

import (
	"encoding"
	"fmt"
	"slices"
)

// Known says whether something is so. Its zero value is Unknown, so that a fact which was forgotten
// makes a sentence vague and never false.
type Known int

const (
	Unknown Known = iota
	No
	Yes
)

// New is how far the authenticator of this run has come. Each rung includes those below it.
type New int

const (
	NotBegun   New = iota // no key was asked for
	KeyAsked              // a key was asked for, and may have been made; nobody saw it
	Shown                 // a key was shown, and an app may have it; no code of it was sent
	Kept                  // the same, and a handle waits for another run to send the code
	MaybeTaken            // a code of it was sent; nobody knows whether Cognito accepted it
	Taken                 // Cognito accepted a code of it, but does not say that it is active
	MaybeOn               // Cognito was told, or does by itself, to make it active; that was not seen yet
	On                    // Cognito lists it as active, or a sign-in asked for a code of it
)

// Old is what became of the authenticator from before this run.
type Old int

const (
	NotLooked    Old = iota // nobody has looked
	None                    // there is none
	There                   // there is one
	MaybeDropped            // there was one; Cognito may have dropped it for the new key
	Replaced                // the new one has taken its place
	MaybeOff                // it may be turned off
	Off                     // it is turned off
	StillOn                 // it was to be turned off, which may have changed something, and it is active
)

var (
	knownNames = []string{"unknown", "no", "yes"}
	newNames   = []string{"not-begun", "key-asked", "shown", "kept", "maybe-taken", "taken", "maybe-on", "on"}
	oldNames   = []string{"not-looked", "none", "there", "maybe-dropped", "replaced", "maybe-off", "off", "still-on"}
)

func (k Known) String() string { return knownNames[k] }
func (n New) String() string   { return newNames[n] }
func (o Old) String() string   { return oldNames[o] }

// active reports whether an authenticator from before is known to be active.
func (o Old) active() bool { return o == There || o == StillOn }

// shown is what o becomes when Cognito shows that the authenticator is active.
func (o Old) shown() Old {
	if o == MaybeOff || o == Off || o == StillOn {
		return StillOn
	}
	return There
}

// MarshalText writes the name that JSON has for k; n and o do likewise.
func (k Known) MarshalText() ([]byte, error) { return []byte(k.String()), nil }
func (n New) MarshalText() ([]byte, error)   { return []byte(n.String()), nil }
func (o Old) MarshalText() ([]byte, error)   { return []byte(o.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (k *Known) UnmarshalText(text []byte) error { return unmarshal(k, knownNames, text) }
func (n *New) UnmarshalText(text []byte) error   { return unmarshal(n, newNames, text) }
func (o *Old) UnmarshalText(text []byte) error   { return unmarshal(o, oldNames, text) }

var _ encoding.TextUnmarshaler = (*Known)(nil)

func unmarshal[T ~int](to *T, names []string, text []byte) error {
	i := slices.Index(names, string(text))
	if i < 0 {
		return fmt.Errorf("flow: %q is none of %q", text, names)
	}
	*to = T(i)
	return nil
}

// Facts are what this run knows of one user's account. Every sentence about the account follows from
// them (sentences.go). learn changes them, and counts where an accepted code tells whose it was; what is
// no answer of Cognito's (Shown, Kept, Tested) is noted where it happens.
type Facts struct {
	New       New   `json:"new"`
	Old       Old   `json:"old"`
	Password  Known `json:"password_changed"`    // in this run
	Confirmed Known `json:"sign_up_confirmed"`   // in this run
	Email     Known `json:"codes_by_email"`      // set up in this run
	Asked     Known `json:"sign_in_asked"`       // the last sign-in wanted an authenticator, or one to be set up
	Listed    Known `json:"listed"`              // GetUser has an active one; unknown after a new code was accepted
	Tested    bool  `json:"tested_by_a_sign_in"` // a fresh sign-in accepted a code of it
}

// untouchedFacts are those of a run that has done nothing yet.
func untouchedFacts() Facts { return Facts{Password: No, Confirmed: No, Email: No} }

// Untouched reports whether this run has certainly changed nothing in the account.
func (f Facts) Untouched() bool {
	return f.New == NotBegun && f.Old < MaybeDropped && f.Password == No && f.Confirmed == No && f.Email == No
}

// Enrolled reports whether an authenticator is active, as far as it is known: one of this run, or one
// from before.
func (f Facts) Enrolled() Known {
	switch {
	case f.New == On, f.New <= MaybeTaken && f.Old.active():
		return Yes
	case f.New >= MaybeTaken, f.Old == NotLooked, f.Old == MaybeDropped, f.Old == MaybeOff:
		return Unknown
	}
	return No
}

// learn is what is known after call c, of which done says whether it was carried out. r is its result
// when there is one. A call that was refused before anything happened (No) teaches nothing.
//
// The rules, and where they are from:
//   - A challenge outranks the list of factors: the list also has a software token that no sign-in
//     asks for (amplify-js#1226).
//   - Associate may drop the authenticator that there is, at once or when the new one is verified:
//     AWS has documented both (API reference, AssociateSoftwareToken; amplify-js#3844).
//   - A verified authenticator is not an active one (amplify-js#1226), and SetUserMFAPreference may
//     answer 200 and change nothing (amplify-flutter#5716): the list or a sign-in has to show it.
func (f Facts) learn(c Call, done Known, r Result) Facts {
	if done == No {
		return f
	}
	switch c := c.(type) {
	case SignIn:
		if r != nil {
			f.Asked = Unknown
			f = f.passed(!c.Password.Empty(), r).signIn(c.Flow, r)
			if f.Email == Unknown && !c.Password.Empty() && challengeName(r) == emailCode {
				f.Email = Yes
			}
		}
	case Respond:
		f = f.respond(c, done, r)
	case Associate:
		f = f.associate(done, c.Grant)
	case Verify:
		f = f.verify(done, c.Grant)
	case Prefer:
		if f.New == Taken {
			f.New = MaybeOn
		}
		f.Asked = f.Asked.before()
	case Disable:
		if f.Old.active() {
			f.Old = MaybeOff
		}
		f.Asked = Unknown
	case Status:
		if p, ok := r.(Profile); ok {
			f = f.list(slices.Contains(p.Factors, softwareToken))
		}
	case Reset:
		f.Password = f.Password.after(done)
	case Confirm:
		f.Confirmed = f.Confirmed.after(done)
	}
	return f
}

// missing is for a refusal of c that says that the user has no authenticator
// (SoftwareTokenMFANotFoundException): somebody has deleted it. Where a sign-in asked for its code that is
// certain. The preference may have been set too soon, unless the list was read after the code was accepted:
// what it has and the preference does not cannot be used. Whom a sign-in asked for a code keeps the entry.
func (f Facts) missing(c Call) Facts {
	tooSoon := f.Listed == Unknown || f.Asked == Yes
	f.Asked = Unknown
	if _, ok := c.(Respond); !ok && f.New >= Taken && tooSoon {
		f.New = Taken
		return f
	}
	f.New = min(f.New, Shown)
	switch {
	case f.Old == MaybeOff, f.Old == StillOn:
		f.Old = Off
	case f.Old != Off:
		f.Old = None
	}
	return f
}

// after is whether something was done, after one more try of which done says the same.
func (k Known) after(done Known) Known {
	if k == Yes || done == Yes {
		return Yes
	}
	return done
}

// before is what a sign-in that asked for nothing tells about the next one, after a change that may make
// it ask: no more than nothing.
func (k Known) before() Known {
	if k == No {
		return Unknown
	}
	return k
}

func challengeName(r Result) string {
	c, _ := r.(Challenge)
	return c.Name
}

// respond is for the answer to a challenge, which may change the account by itself.
func (f Facts) respond(c Respond, done Known, r Result) Facts {
	if _, ok := c.Responses["NEW_PASSWORD"]; ok {
		f.Password = f.Password.after(done)
	}
	if _, ok := c.Responses["EMAIL"]; ok && f.Email == No {
		f.Email = Unknown // until the code that is sent there comes back
	}
	if c.Challenge == emailCode && done == Yes && f.Email == Unknown {
		f.Email = Yes
	}
	if r == nil {
		return f
	}
	_, password := c.Responses["PASSWORD"]
	return f.passed(password, r).signIn(c.Flow, r)
}

// passed is for a password that was accepted, which decides what was uncertain: a user whose password
// is a temporary one is asked for a new one, and one whose sign-up was not confirmed does not get in.
func (f Facts) passed(password bool, r Result) Facts {
	asked := challengeName(r) == newPassword
	switch {
	case asked && f.Password == Unknown:
		f.Password = No
	case !asked && password && f.Password == Unknown:
		f.Password = Yes
	}
	if f.Confirmed == Unknown {
		f.Confirmed = Yes
	}
	return f
}

// signIn is for what the sign-in wants next.
func (f Facts) signIn(by AuthFlow, r Result) Facts {
	switch got := r.(type) {
	case Tokens:
		if f.Asked == Unknown && asksFactor(by) {
			f = f.notAsked()
		}
	case Challenge:
		switch {
		case got.Name == mfaSetup:
			f = f.mustSetUp()
		case got.Name == softwareToken, got.Name == selectFactor && slices.Contains(factorsToChoose(got), softwareToken):
			f = f.isAsked()
		}
	}
	return f
}

// mustSetUp is for MFA_SETUP: the user has no active factor, whatever was known before.
func (f Facts) mustSetUp() Facts {
	f.Asked, f.New = Yes, min(f.New, Shown)
	switch {
	case f.Old == MaybeOff, f.Old == StillOn:
		f.Old = Off
	case f.Old != Off:
		f.Old = None
	}
	if f.Email == Unknown {
		f.Email = No
	}
	return f
}

// isAsked is for SOFTWARE_TOKEN_MFA: there is an active authenticator. Where it may be the new one or
// the old one, the code that is accepted settles it: see counts.
func (f Facts) isAsked() Facts {
	f.Asked = Yes
	switch {
	case f.New < MaybeTaken:
		f.Old = f.Old.shown()
	case f.New > MaybeTaken, f.Old == None:
		f.New = On
	}
	return f
}

// notAsked is for a sign-in that let the user in without any factor. What is listed may be one that no sign-in asks
// for; of what an earlier sign-in asked for, this takes the evidence away.
func (f Facts) notAsked() Facts {
	f.Asked = No
	switch {
	case f.Old == StillOn:
		f.Old = MaybeOff
	case f.New == On && f.Listed != Yes:
		f.New = Taken
	}
	return f
}

// counts is for a code that a sign-in accepted, when New was MaybeTaken and there was an old one: which
// of the two it was of, as far as the key tells.
func (f Facts) counts(isNew Known) Facts {
	switch isNew {
	case Yes:
		f.New, f.Old = On, Replaced
	case No:
		f.New, f.Old = Shown, There
	default:
		f.Old = There
	}
	return f
}

// associate is for a key that was asked for. One of this run that came before it, and of which a code
// was sent, is an old one from here on. Until the new key is shown its entry is the only one that the
// person knows, and it may count: so it stays uncertain.
//
// By Session a key is made for MFA_SETUP alone, whoever met that challenge.
func (f Facts) associate(done Known, grant Grant) Facts {
	switch bySession := grant.AccessToken.Empty(); {
	case bySession && f.Old == NotLooked && done == Yes:
		f = f.mustSetUp()
	case bySession && f.Old == NotLooked:
		f.New = max(f.New, KeyAsked)
		return f
	}
	switch {
	case f.New >= MaybeTaken:
		f.New, f.Old = MaybeTaken, MaybeDropped
		return f
	case f.Old.active(), f.Old == NotLooked:
		f.Old = MaybeDropped
	}
	f.New = min(max(f.New, KeyAsked), Shown)
	return f
}

// verify is for a code that was sent by grant. A Session comes from a pool that requires MFA, where
// nothing else is needed.
func (f Facts) verify(done Known, grant Grant) Facts {
	if done == Unknown {
		f.New = max(f.New, MaybeTaken)
		return f
	}
	f.Listed = Unknown
	f.New = max(f.New, Taken)
	if grant.AccessToken.Empty() {
		f.New = max(f.New, MaybeOn)
	}
	if f.Old != None {
		f.Old = Replaced
	}
	f.Asked = f.Asked.before()
	return f
}

// list is for GetUser's factors, with a software token or without. It settles nothing about a key that
// was not verified. What it did not have when a sign-in asked for the code, it cannot have lost.
func (f Facts) list(listed bool) Facts {
	before := f.Listed
	f.Listed = No
	if listed {
		f.Listed = Yes
	}
	switch {
	case f.New == On && f.Asked == Yes:
	case f.New >= Taken && listed:
		f.New = On
	case f.New >= Taken:
		f.New = Taken
	case listed && (f.New == NotBegun || f.Old == NotLooked):
		if f.Old == None || f.Old == Off {
			f.Asked = Unknown // it is there since the sign-in
		}
		f.Old = f.Old.shown()
	case listed && f.Old == None && f.New < MaybeTaken:
		f.Old = MaybeDropped // somebody else's, if our Associate has left it
	case listed, f.Asked == Yes, f.Old == MaybeOff && before == No:
	case f.Old == MaybeOff, f.Old == StillOn:
		f.Old = Off
	case f.Old != Off:
		f.Old = None
	}
	return f
}

// asksFactor reports whether a sign-in by this flow asks for the second factor: CUSTOM_AUTH does so
// after a proof with SRP alone (amplify-js#12887); an access token is no sign-in, and neither is another program's.
func asksFactor(by AuthFlow) bool { return by != Token && by != FromSession && by != Custom }
