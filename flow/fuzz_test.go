package flow

import (
	"encoding/base64"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
)

// FuzzNext throws events at a run, each chosen by one byte, likely and unlikely ones alike, and
// checks what must hold whatever happens.
func FuzzNext(f *testing.F) {
	f.Add([]byte{0, 4, 0, 12, 0, 21, 0, 13, 8, 8, 14})   // by Session
	f.Add([]byte{0, 8, 14, 0, 11, 0, 13, 10, 15})        // by access token
	f.Add([]byte{0, 5, 0, 3, 2, 1, 0, 6, 0, 7, 0, 9})    // other challenges
	f.Add([]byte{0, 4, 0, 12, 0, 20, 0, 18, 0, 6, 0, 8}) // lost answer
	f.Add([]byte{32, 0, 17, 0, 13, 8, 14})               // resumed
	f.Add([]byte{16, 34, 3, 34, 37, 0, 8, 14})           // connected by what was found, ids or a token
	f.Add([]byte{24, 34, 35, 34, 35, 34, 37, 0, 3, 8})   // by browsing
	f.Fuzz(func(t *testing.T, script []byte) {
		if len(script) > 100 {
			return
		}
		flows := []AuthFlow{Auto, Auto, Auto, Choice, Custom, Token, FromSession, Admin}
		o := Options{Issuer: "Acme"}
		if len(script) > 0 {
			o.AuthFlow, o.TestSignIn, o.Show = flows[int(script[0])%len(flows)], script[0]&64 != 0, script[0]&128 != 0
		}
		if len(script) > 0 && script[0]&16 != 0 {
			o.AskPool, o.Browse = true, script[0]&8 != 0
			if !o.Browse {
				o.Targets = []Target{{Pool: "us-east-1_AbC", Client: "app", Source: "\x1b[2J"}}
			}
		}
		newest, token := Secret{}, Secret{}
		if len(script) > 0 && script[0]&32 != 0 {
			newest = NewSecret("hush-session")
			o.Resume = &Suspended{Flow: o.AuthFlow, Username: "alice", Issuer: "Acme", Grant: Grant{Session: newest},
				Facts: untouchedFacts()}
			o.Resume.Facts.New, o.Resume.Facts.Old = Kept, None
		}
		s, at := Start(o), time.Unix(1_800_000_000, 0)
		over := 0 // events after the end
		for i, b := range script {
			e := fuzzEvent(b, i, at)
			before := s.Ask()
			if before.Phase == Finished && !before.CanTestSignIn {
				if over++; over > 5 {
					return
				}
			}
			next, call, err := Next(s, e)
			after := next.Ask()
			if err != nil && (call != nil || !reflect.DeepEqual(before, after)) {
				t.Fatalf("event %d, %T: the error %q changed the state", i, e, err)
			}
			if before.Phase == Finished && !(e == TestSignIn{} && before.CanTestSignIn) &&
				(err != nil || call != nil || !reflect.DeepEqual(before, after)) {
				t.Fatalf("event %d, %T: a finished run went on", i, e)
			}
			if (call != nil) != (err == nil && after.Phase == Working) {
				t.Fatalf("event %d, %T: phase %s with call %T", i, e, after.Phase, call)
			}
			if r, ok := e.(Reply); ok && err == nil {
				switch r := r.Result.(type) {
				case Challenge:
					newest, token = r.Session, Secret{}
				case Tokens:
					newest, token = Secret{}, r.AccessToken
				case Associated:
					if token.Empty() {
						newest = r.Session
					}
				case Verified:
					if token.Empty() {
						newest = r.Session
					}
				}
			}
			checkCall(t, call, newest, token)
			if o.Show && call != nil && !ToShow.allows(call) {
				t.Fatalf("event %d, %T: looking makes the call %T", i, e, call)
			}
			if problem := wrongWith(next); problem != "" {
				t.Fatalf("event %d, %T: %s", i, e, problem)
			}
			if text := fmt.Sprintf("%+v\n%+v\n%+v", next, call, after); strings.Contains(text, "hush") {
				t.Fatalf("event %d, %T: a secret is printed: %s", i, e, text)
			}
			s = next
		}
	})
}

// checkCall holds a call to the newest Session, or to the token, and never to both.
func checkCall(t *testing.T, call Call, session, token Secret) {
	t.Helper()
	var got Grant
	switch c := call.(type) {
	case Respond:
		got = Grant{Session: c.Session}
		if !token.Empty() {
			t.Fatalf("a challenge is answered after the tokens came")
		}
	case Associate:
		got = c.Grant
	case Verify:
		got = c.Grant
	case Prefer:
		got = Grant{AccessToken: c.AccessToken}
	case Disable:
		got = Grant{AccessToken: c.AccessToken}
	case Status:
		got = Grant{AccessToken: c.AccessToken}
	default:
		return
	}
	if want := (Grant{session, token}); got != want {
		t.Fatalf("%T is sent with session %q and token %q, want %q and %q", call,
			got.Session.Reveal(), got.AccessToken.Reveal(), session.Reveal(), token.Reveal())
	}
}

// fuzzEvent returns event b. n makes each Session and token a new one.
func fuzzEvent(b byte, n int, at time.Time) Event {
	secret := func(what string) Secret { return NewSecret(fmt.Sprintf("hush-%s-%d", what, n)) }
	challenge := func(name string, params map[string]string) Event {
		return Reply{Result: Challenge{Name: name, Session: secret("session"), Params: params}, At: at}
	}
	failed := func(f Fault, c ErrorCode) Event {
		return Failed{Err: &Error{Fault: f, Code: c, Field: "code"}, Done: Known(n % 2)} // unknown or no
	}
	profile := func(preferred string, factors ...string) Event {
		return Reply{Result: Profile{"id", "pool", factors, preferred}, At: at}
	}
	switch b % 38 {
	case 0:
		return Answer{map[string]Secret{
			"username": NewSecret("alice"), "password": secret("password"), "device": NewSecret("Pixel"),
			"code":         NewSecret("012345"),
			"new-password": NewSecret("hush-hush"), "repeat": NewSecret("hush-hush"), "name": NewSecret("Alice"),
		}, at}
	case 1:
		return Answer{map[string]Secret{"username": NewSecret("bob"), "code": secret("no code")}, at}
	case 2:
		return Answer{At: at}
	case 3:
		return Back{}
	case 4:
		return challenge("MFA_SETUP", map[string]string{"USER_ID_FOR_SRP": "id"})
	case 5:
		return challenge("NEW_PASSWORD_REQUIRED", map[string]string{"requiredAttributes": `["userAttributes.name"]`,
			"userAttributes": `{"name":1}`})
	case 6:
		return challenge("SOFTWARE_TOKEN_MFA", map[string]string{"FRIENDLY_DEVICE_NAME": "\x1b[2J"})
	case 7:
		return challenge("SMS_MFA", nil)
	case 8:
		return Reply{Result: Tokens{secret("token"), time.Hour}, At: at}
	case 9:
		return challenge("MFA_SETUP", map[string]string{"MFAS_CAN_SETUP": `["EMAIL_OTP"]`})
	case 10:
		return Reply{Result: Accepted{}, At: at}
	case 11:
		return Reply{Result: Associated{Key: NewSecret("HUSHABC234")}, At: at}
	case 12:
		return Reply{Result: Associated{NewSecret("HUSHABC234"), secret("session")}, At: at}
	case 13:
		return Reply{Result: Verified{secret("session")}, At: at}
	case 14:
		return profile("", softwareToken)
	case 15:
		return profile("SMS_MFA", softwareToken, "SMS_MFA")
	case 16:
		return profile("")
	case 17:
		return failed(Retry, CodeMismatch)
	case 18:
		return failed(Restart, "session-expired")
	case 19:
		return failed(Wait, "throttled")
	case 20:
		return failed(Wait, CodeNoAnswer)
	case 21:
		return failed(Elsewhere, CodeFlowNotEnabled)
	case 22:
		return failed(Bug, "unexpected")
	}
	switch b % 38 {
	case 24:
		return TestSignIn{}
	case 25:
		return Reply{Result: Delivered{"EMAIL", "a***@e***"}, At: at}
	case 26:
		return challenge("SMS_MFA", map[string]string{"CODE_DELIVERY_DESTINATION": "+*******1234"})
	case 27:
		return Reply{Result: Challenge{Name: "SELECT_CHALLENGE", Session: secret("session"),
			Available: []string{"PASSWORD", "PASSWORD_SRP", "WEB_AUTHN"}}, At: at}
	case 28:
		return challenge("SELECT_MFA_TYPE", map[string]string{"MFAS_CAN_CHOOSE": `["SMS_MFA","SOFTWARE_TOKEN_MFA"]`})
	case 29:
		return challenge("MFA_SETUP", map[string]string{"MFAS_CAN_SETUP": `["SOFTWARE_TOKEN_MFA","EMAIL_OTP"]`})
	case 30:
		return failed(Elsewhere, CodeResetRequired)
	case 31:
		return failed(Elsewhere, CodeNotConfirmed)
	case 32:
		options := []string{"leave", "test", "replace", "turn-off", "yes", "no", "app", "email", "PASSWORD_SRP", "SMS_MFA"}
		choice := NewSecret(options[n%len(options)])
		return Answer{map[string]Secret{"choice": choice, "factor": choice, "challenge": choice,
			"email": NewSecret("a@b.co"), "answer": NewSecret("42")}, at}
	case 33:
		return challenge("CUSTOM_CHALLENGE", map[string]string{"riddle": "\x1b[2J"})
	case 34:
		targets := []string{"us-east-1_AbC/app", "ids", "token", "browse"}
		claims := base64.RawURLEncoding.EncodeToString([]byte(`{"token_use":"access","iss":"https://x/us-east-1_AbC","client_id":"app"}`))
		return Answer{map[string]Secret{
			"target": NewSecret(targets[n%len(targets)]), "pool": NewSecret("us-east-1_AbC"), "client": NewSecret("app"),
			"region": NewSecret("us-east-1"), "token": NewSecret("e30." + claims + ".hush"),
		}, at}
	case 35:
		return Reply{Result: Listed{Options: []Option{{Value: "us-east-1_AbC", Label: "\x1b[2J"}, {Value: "app", Label: "app"}}, More: n%2 == 0}, At: at}
	case 36:
		return Reply{Result: Listed{}, At: at}
	case 37:
		return Reply{Result: Connected{Pool: "us-east-1_AbC", Issuer: "\x1b[2J"}, At: at}
	}
	return Reply{At: at}
}
