package simulate

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"cognito-enroll/flow"
)

// Plan is all that decides a run. It is plain data, which can be printed, parsed and made smaller.
type Plan struct {
	Seed uint64 `json:"seed"` // of what is random in the pool and in the client
	Pool Pool   `json:"pool"`
	User User   `json:"user"`

	Goal       Goal          `json:"goal"`
	Flow       flow.AuthFlow `json:"flow,omitempty"`
	Preferred  string        `json:"preferred,omitempty"` // the challenge to begin flow.Choice with
	TestSignIn bool          `json:"prove,omitempty"`     // flow.Options.TestSignIn
	Test       bool          `json:"test,omitempty"`      // test the end, where that can be done
	Connect    bool          `json:"connect,omitempty"`   // the pool is asked for first
	Other      bool          `json:"other,omitempty"`     // somebody else signs in first, until the first problem
	HandBack   bool          `json:"hand_back,omitempty"` // of flow.FromSession: the program that began it ends it

	Faults    []Fault `json:"faults,omitempty"`
	Slips     []Slip  `json:"slips,omitempty"`
	Meanwhile []Deed  `json:"meanwhile,omitempty"`

	Obeys   bool          `json:"obeys,omitempty"`    // deletes entries as soon as a note says so
	Leave   int           `json:"leave,omitempty"`    // at this question, from 1; 0 is never
	Hang    int           `json:"hang,omitempty"`     // leaves while this call is under way, from 1; 0 is never
	PutAway time.Duration `json:"put_away,omitempty"` // puts it away at the QR code and finishes it so much later
	Ahead   time.Duration `json:"ahead,omitempty"`    // this computer's clock
	Phone   time.Duration `json:"phone,omitempty"`    // the phone's clock is ahead
}

// Pool is the user pool and its app client.
type Pool struct {
	MFA      string   `json:"mfa"` // OFF, OPTIONAL or ON
	Factors  []string `json:"factors"`
	First    []string `json:"first,omitempty"` // first factors beside the password
	Flows    []string `json:"flows"`           // ExplicitAuthFlows
	Alias    bool     `json:"alias,omitempty"` // an email address signs in too, and people type that
	Secret   bool     `json:"secret,omitempty"`
	Safe     bool     `json:"safe,omitempty"`    // the old authenticator stays until the new one is verified
	Ignores  bool     `json:"ignores,omitempty"` // SetUserMFAPreference has no effect
	Question bool     `json:"question,omitempty"`
	Required bool     `json:"required,omitempty"` // an attribute that NEW_PASSWORD_REQUIRED asks for
	Reveals  bool     `json:"reveals,omitempty"`
	Devices  bool     `json:"devices,omitempty"`
	Ends     bool     `json:"ends,omitempty"` // a reset for a lost phone ends sign-ins that are under way
	Minutes  int      `json:"minutes"`        // AuthSessionValidity
}

// User is who enrolls.
type User struct {
	Status   string `json:"status"`
	Disabled bool   `json:"disabled,omitempty"`
	TOTP     bool   `json:"totp,omitempty"` // has an authenticator
	// an earlier enrollment that was left: "asked" for a key, or "verified" it
	Left      string   `json:"left,omitempty"`
	Email     bool     `json:"email,omitempty"`     // has an address
	Phone     bool     `json:"phone,omitempty"`     // has a number
	Factors   []string `json:"factors,omitempty"`   // active beside the authenticator
	Preferred string   `json:"preferred,omitempty"` // of them
	NoEntry   bool     `json:"no_entry,omitempty"`  // the phone with the authenticator is lost
}

// Goal is what the person came for.
type Goal string

const (
	Enroll  Goal = "enroll"
	Replace Goal = "replace"
	TurnOff Goal = "turn off"
	Test    Goal = "test"
	Leave   Goal = "leave"
	Look    Goal = "look" // flow.Options.Show
	Email   Goal = "email"
)

// Fault is injected into the Nth request of an operation.
type Fault struct {
	Op    string `json:"op"`
	Nth   int    `json:"nth"` // from 1
	When  When   `json:"when"`
	What  What   `json:"what"`
	Times int    `json:"times,omitempty"` // as often, one after the other; 0 is once
	Lag   int    `json:"lag,omitempty"`   // of Late: how many other requests come first
}

// When says on which side of the commit a fault is injected.
type When string

const (
	Before When = "before" // the request is not carried out
	After  When = "after"  // it is, and then something happens to the answer
	Twice  When = "twice"  // it is delivered twice, and the second answer arrives
	First  When = "first"  // likewise, and the first answer arrives
	Late   When = "late"   // there is no answer, and it is carried out later
)

// What happens to an answer.
type What string

const (
	None      What = "none"    // nothing: of Twice and First
	Lost      What = "lost"    // the connection breaks
	Refused   What = "refused" // there is no connection
	Cut       What = "cut"
	Garbled   What = "garbled"
	Empty     What = "empty"
	Braces    What = "{}"
	Nulls     What = "nulls"
	Lists     What = "lists" // where strings belong
	NoContent What = "204"
	Internal  What = "500"       // InternalErrorException
	Gateway   What = "502"       // and a page of HTML
	Typed     What = "typed 503" // with the name of a refusal
	Portal    What = "portal"    // 200 and a page of HTML
	Blocked   What = "html 403"
	Throttled What = "throttled"
	WAF       What = "waf"
	Expired   What = "expired"  // the Session or the access token
	Trigger   What = "trigger"  // a Lambda trigger refuses
	NotSent   What = "not sent" // CodeDeliveryFailureException
	Echo      What = "echo"     // a refusal that repeats the request
	StatusErr What = "status error"
)

// possible are the faults that there can be.
var possible = map[When][]What{
	Before: {Lost, Refused, Internal, Gateway, Typed, Portal, Blocked, Throttled, WAF, Expired, Trigger, Echo, StatusErr},
	After: {Lost, Lost, Cut, Garbled, Empty, Braces, Nulls, Lists, NoContent, Internal, Gateway, Typed, Portal, Blocked,
		Trigger, NotSent},
	Twice: {None, None, Lost},
	First: {None},
	Late:  {Lost, Internal, Gateway},
}

// Slip is something that a careful person would not do, at the nth question.
type Slip struct {
	At   int      `json:"at"` // from 1
	What SlipKind `json:"what"`
}

// SlipKind says what a person does wrong.
type SlipKind string

const (
	Mistype   SlipKind = "mistype"    // a code or a password
	OldCode   SlipKind = "old code"   // that of minutes ago
	Again     SlipKind = "again"      // the code that was typed before
	OtherKey  SlipKind = "other key"  // the code of another entry
	GoBack    SlipKind = "back"       // where that can be done
	Dawdle    SlipKind = "dawdle"     // for so long that a Session expires
	Sleep     SlipKind = "sleep"      // for so long that an access token expires
	OtherUser SlipKind = "other user" // types another name
	Decline   SlipKind = "decline"    // says no, and changes the mind
	Weak      SlipKind = "weak"       // chooses a password that the policy refuses
	Insist    SlipKind = "insist"     // sends what was called unlikely
)

var slipKinds = []SlipKind{Mistype, OldCode, Again, OtherKey, GoBack, Dawdle, Sleep, OtherUser, Decline, Weak, Insist}

// Deed is what somebody else does before our nth request arrives.
type Deed struct {
	At   int      `json:"at"` // from 1
	What DeedKind `json:"what"`
}

// DeedKind says what somebody else does.
type DeedKind string

const (
	SetPassword  DeedKind = "set password"
	SetTemporary DeedKind = "set temporary password"
	ResetIt      DeedKind = "reset password"
	Disable      DeedKind = "disable"
	Enable       DeedKind = "enable"
	DeleteToken  DeedKind = "delete token"
	SignOut      DeedKind = "sign out"
	ConfirmIt    DeedKind = "confirm"
	PoolOff      DeedKind = "pool off"
	PoolOptional DeedKind = "pool optional"
	PoolOn       DeedKind = "pool on"
	NoTOTP       DeedKind = "no authenticator apps"
	EnrollOther  DeedKind = "enroll another" // the person, in another window

	// An administrator helps with a lost phone: the authenticator is deleted, and all sessions end. With a
	// new password, the old one no longer opens the account.
	LostPhone    DeedKind = "reset for a lost phone"
	LostPhoneNew DeedKind = "reset for a lost phone, new password"
)

var deedKinds = []DeedKind{SetPassword, SetTemporary, ResetIt, Disable, Enable, DeleteToken, SignOut, ConfirmIt,
	PoolOff, PoolOptional, PoolOn, NoTOTP, EnrollOther, LostPhone, LostPhoneNew}

// String is the plan in one line, as Parse reads it.
func (p Plan) String() string {
	text, err := json.Marshal(p)
	if err != nil {
		panic(err) // a type of ours is wrong
	}
	return string(text)
}

// troubles is how often something goes wrong at most, by the network or the person.
func (p Plan) troubles() int {
	n := len(p.Slips)
	for _, f := range p.Faults {
		n += max(1, f.Times)
	}
	return n
}

// Parse reads what String wrote.
func Parse(text string) (Plan, error) {
	var p Plan
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		return p, fmt.Errorf("this is no plan: %w", err)
	}
	return p, nil
}

const (
	totpFactor  = "SOFTWARE_TOKEN_MFA"
	smsFactor   = "SMS_MFA"
	emailFactor = "EMAIL_OTP"
)

// dice draws what a plan is made of.
type dice struct{ *rand.Rand }

func (d dice) in(n int) bool { return d.IntN(n) == 0 }

func pick[T any](d dice, from ...T) T { return from[d.IntN(len(from))] }

// operations are those that a fault can be injected into, the important ones more often.
var operations = []string{
	"InitiateAuth", "InitiateAuth", "RespondToAuthChallenge", "RespondToAuthChallenge", "RespondToAuthChallenge",
	"AssociateSoftwareToken", "AssociateSoftwareToken", "VerifySoftwareToken", "VerifySoftwareToken",
	"VerifySoftwareToken",
	"SetUserMFAPreference", "SetUserMFAPreference", "GetUser", "GetUser",
	"ForgotPassword", "ConfirmForgotPassword", "ConfirmForgotPassword", "ConfirmSignUp", "ConfirmSignUp",
	"ResendConfirmationCode",
}

// Draw makes the plan of a seed.
func Draw(seed uint64) Plan {
	d := dice{rand.New(rand.NewPCG(seed, 0x51_6d_75_6c_61_74_65))}
	p := Plan{Seed: seed, Pool: d.pool()}
	p.User = d.user(p.Pool)
	p.Goal = d.goal(p.Pool, p.User)
	p.Flow, p.Preferred = d.flow(&p.Pool)
	p.TestSignIn, p.Test, p.Connect, p.Other = d.in(5), d.in(3), d.in(20), d.in(12)
	if p.Flow == flow.FromSession {
		p.HandBack = d.in(3)
		if !d.in(4) { // the sign-in meets MFA_SETUP
			p.Pool.MFA, p.Pool.Factors, p.Goal = "ON", []string{totpFactor}, Enroll
			p.User.Status, p.User.TOTP, p.User.NoEntry, p.User.Left = "CONFIRMED", false, false, ""
			p.User.Factors, p.User.Preferred, p.User.Disabled = nil, "", false
		}
	}
	p.Obeys = d.in(2)
	if !d.in(4) {
		for range 1 + d.IntN(3) {
			p.Faults = append(p.Faults, d.fault(p.Flow))
		}
	}
	if d.in(2) {
		for range 1 + d.IntN(3) {
			p.Slips = append(p.Slips, Slip{1 + d.IntN(12), pick(d, slipKinds...)})
		}
	}
	if d.in(4) {
		for range 1 + d.IntN(2) {
			p.Meanwhile = append(p.Meanwhile, Deed{1 + d.IntN(12), pick(d, deedKinds...)})
		}
	}
	switch d.IntN(12) {
	case 0, 1:
		p.Leave = 1 + d.IntN(12)
	case 2:
		p.Hang = 1 + d.IntN(10)
	}
	if d.in(6) {
		p.PutAway = pick(d, 20*time.Second, 2*time.Minute, 10*time.Minute, 2*time.Hour)
	}
	if d.in(15) {
		p.Ahead = pick(d, -20*time.Minute, -70*time.Second, 15*time.Second, 45*time.Second, 3*time.Minute, time.Hour)
	}
	if d.in(15) {
		p.Phone = pick(d, -2*time.Hour, -90*time.Second, -30*time.Second, 30*time.Second, 4*time.Minute, time.Hour)
	}
	p.Pool.Alias = p.User.Email && p.Goal != Email && d.in(10)
	for _, deed := range p.Meanwhile { // and the session is over by the time that they come to the QR code
		if deed.What == EnrollOther && d.in(2) {
			p.Slips = append(p.Slips, Slip{3 + d.IntN(4), pick(d, Dawdle, Sleep)})
		}
	}
	if p.Goal == TurnOff && d.in(6) { // it may be off, and the session is over
		p.Faults = append(p.Faults, Fault{Op: "SetUserMFAPreference", Nth: 1, When: After, What: pick(d, Lost, Internal),
			Times: 3})
		p.Slips = append(p.Slips, Slip{4 + d.IntN(4), Sleep})
		p.Meanwhile = append(p.Meanwhile, Deed{5 + d.IntN(4), PoolOn})
	}
	if p.Goal == Replace && d.in(6) { // the code may be accepted, and a fresh sign-in has to show it
		p.Faults = append(p.Faults, Fault{Op: "VerifySoftwareToken", Nth: 1, When: pick(d, After, Before, Late),
			What: pick(d, Lost, Internal), Lag: 1 + d.IntN(3)})
		p.Slips = append(p.Slips, Slip{6 + d.IntN(3), Sleep})
	}
	if d.in(20) { // they called about the lost phone, and are helped while they try
		p.Meanwhile = append(p.Meanwhile, Deed{1 + d.IntN(10), pick(d, LostPhone, LostPhone, LostPhoneNew)})
		p.Pool.Ends = d.in(2)
	}
	return p
}

func (d dice) pool() Pool {
	p := Pool{MFA: pick(d, "ON", "ON", "ON", "OPTIONAL", "OPTIONAL", "OPTIONAL", "OFF"), Minutes: pick(d, 3, 3, 15)}
	p.Factors = pick(d, []string{totpFactor}, []string{totpFactor}, []string{totpFactor, emailFactor},
		[]string{smsFactor, totpFactor}, []string{smsFactor, emailFactor, totpFactor})
	if d.in(40) {
		p.Factors = []string{smsFactor}
	}
	p.Flows = []string{"ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH",
		"ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_AUTH"}
	p.Secret, p.Safe, p.Ignores = d.in(4), d.in(2), d.in(8)
	p.Required, p.Reveals, p.Devices = d.in(4), d.in(3), d.in(12)
	return p
}

func (d dice) user(p Pool) User {
	u := User{Status: pick(d, "CONFIRMED", "CONFIRMED", "CONFIRMED", "CONFIRMED", "FORCE_CHANGE_PASSWORD",
		"FORCE_CHANGE_PASSWORD", "RESET_REQUIRED", "UNCONFIRMED")}
	u.TOTP, u.Email, u.Phone, u.Disabled = d.in(2), d.in(2), d.in(6), d.in(60)
	if u.Status == "RESET_REQUIRED" || u.Status == "UNCONFIRMED" {
		u.Email = true
	}
	if d.in(8) {
		u.Left = pick(d, "asked", "verified")
	}
	if p.MFA != "OFF" && d.in(3) {
		if u.Email && slices.Contains(p.Factors, emailFactor) {
			u.Factors = append(u.Factors, emailFactor)
		}
		if u.Phone && slices.Contains(p.Factors, smsFactor) {
			u.Factors = append(u.Factors, smsFactor)
		}
		if len(u.Factors) > 0 && d.in(2) {
			u.Preferred = u.Factors[0]
		}
	}
	u.NoEntry = u.TOTP && d.in(10)
	return u
}

func (d dice) goal(p Pool, u User) Goal {
	if u.TOTP {
		return pick(d, Enroll, Replace, Replace, Replace, TurnOff, TurnOff, Test, Leave, Look)
	}
	return pick(d, Enroll, Enroll, Enroll, Enroll, Enroll, Email, Look, TurnOff, Test)
}

// flow draws how to sign in. SRP is slow, so that it is one of fifty.
func (d dice) flow(p *Pool) (flow.AuthFlow, string) {
	switch n := d.IntN(200); {
	case n < 1:
		return flow.SRP, ""
	case n < 2:
		p.Question, p.Flows = true, append(p.Flows, "ALLOW_CUSTOM_AUTH")
		return flow.CustomSRP, ""
	case n < 3: // refused, so that USER_AUTH comes next
		p.Flows = slices.DeleteFunc(p.Flows, func(f string) bool { return f == "ALLOW_USER_SRP_AUTH" })
		return flow.Auto, ""
	case n < 4:
		p.First = pick(d, nil, []string{emailFactor}, []string{emailFactor, "SMS_OTP", "WEB_AUTHN"})
		return flow.Choice, pick(d, "", "PASSWORD")
	case n < 14:
		p.First = []string{emailFactor}
		return flow.Choice, "EMAIL_OTP"
	case n < 24:
		p.Question, p.Flows = true, append(p.Flows, "ALLOW_CUSTOM_AUTH")
		return flow.Custom, ""
	case n < 34:
		return flow.Admin, ""
	case n < 40: // nothing but the password itself is left
		p.Flows = slices.DeleteFunc(p.Flows, func(f string) bool {
			return f == "ALLOW_USER_SRP_AUTH" || f == "ALLOW_USER_AUTH"
		})
		return flow.Auto, ""
	case n < 44:
		return flow.Token, ""
	case n < 52:
		return flow.FromSession, ""
	}
	return flow.Password, ""
}

func (d dice) fault(f flow.AuthFlow) Fault {
	fault := Fault{Op: pick(d, operations...), Nth: pick(d, 1, 1, 1, 2, 2, 3),
		When: pick(d, Before, Before, After, After, After, Twice, First, Late)}
	fault.What = pick(d, possible[fault.When]...)
	if fault.When == Late {
		fault.Lag = 1 + d.IntN(4)
	}
	if d.in(6) {
		fault.Times = 2 + d.IntN(3)
	}
	if f == flow.Admin {
		switch fault.Op {
		case "InitiateAuth", "RespondToAuthChallenge":
			fault.Op = "Admin" + fault.Op
		}
	}
	return fault
}
