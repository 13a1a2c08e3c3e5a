package pooltest

import (
	"slices"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"cognito-enroll/cognito"
	"cognito-enroll/flow"
)

// Person answers the questions of a run as somebody with an authenticator app would.
type Person struct {
	Username    string
	Password    string
	NewPassword string           // if one is asked for
	Now         func() time.Time // the pool's clock
	Mistypes    bool             // types a wrong code before the first right one

	Options flow.Options      // of the run
	Chooses map[string]string // the answers to other questions, by their IDs
	Inbox   func() string     // the code that was sent last

	key  flow.Secret // of the app's entry
	used int         // codes of it that were typed right
}

// Run runs the flow with c until it is finished, and returns the last Ask and the IDs of the
// questions that were asked.
func (p *Person) Run(t testing.TB, c *cognito.Client) (flow.Ask, []string) {
	t.Helper()
	p.Options.Issuer = "pooltest"
	state := flow.Start(p.Options)
	var asked []string
	for ask := state.Ask(); ask.Phase != flow.Finished; ask = state.Ask() {
		if len(asked) > 20 {
			t.Fatalf("the run does not end: %q", asked)
		}
		asked = append(asked, ask.ID)
		next, call, err := flow.Next(state, flow.Answer{Values: p.answer(t, ask), At: p.Now()})
		for err == nil && call != nil {
			next, call, err = flow.Next(next, c.Do(t.Context(), call))
		}
		if err != nil {
			t.Fatal(err)
		}
		state = next
	}
	return state.Ask(), asked
}

func (p *Person) answer(t testing.TB, ask flow.Ask) map[string]flow.Secret {
	t.Helper()
	unlikely := ask.Problem != nil && ask.Problem.Code == flow.CodeUnlikely
	if ask.Problem != nil && ask.Problem.Code != flow.CodeMismatch && !unlikely {
		t.Fatalf("asked %s again: %s (%s)", ask.ID, ask.Problem.Msg, ask.Problem.Code)
	}
	switch ask.ID {
	case "sign-in":
		return values("username", p.Username, "password", p.Password, "token", p.Options.AccessToken.Reveal())
	case "new-password":
		return values("new-password", p.NewPassword, "repeat", p.NewPassword)
	case "get-ready":
		return values("device", "A phone")
	case "reset-required", "unconfirmed":
		return nil
	case "reset-password":
		return values("code", p.Inbox(), "new-password", p.NewPassword, "repeat", p.NewPassword)
	case "confirm-sign-up", "sent-code":
		return values("code", p.Inbox())
	case "send-password": // of an emulator without SRP
		return values("choice", "yes")
	case "password":
		return values("password", p.Password)
	case "scan":
		if p.key != ask.Enroll.Key {
			p.key, p.used = ask.Enroll.Key, 0
		}
		if unlikely { // flow saw that the code is wrong; the pool is to see it as well
			return map[string]flow.Secret{"code": ask.Fields[0].Value}
		}
		if p.Mistypes {
			p.Mistypes = false
			return values("code", wrongCode(t, p.key, p.Now()))
		}
	case "code", "prove":
	default:
		choice, ok := p.Chooses[ask.ID]
		if !ok {
			t.Fatalf("%s is asked", ask.ID)
		}
		return values(ask.Fields[0].Key, choice)
	}
	// A server takes the codes of the periods before and after as well (Developer Guide, "TOTP software token
	// MFA"), so a second code need not be waited for: it is that of the next period.
	p.used++
	return values("code", code(t, p.key, p.Now().Add(time.Duration(p.used-1)*flow.Period)))
}

func values(pairs ...string) map[string]flow.Secret {
	m := map[string]flow.Secret{}
	for pair := range slices.Chunk(pairs, 2) {
		m[pair[0]] = flow.NewSecret(pair[1])
	}
	return m
}

func code(t testing.TB, key flow.Secret, at time.Time) string {
	t.Helper()
	code, err := totp.GenerateCode(key.Reveal(), at)
	if err != nil {
		t.Fatal("the key is not one that an app could take")
	}
	return code
}

// wrongCode returns a code that the key does not have anywhere near at.
func wrongCode(t testing.TB, key flow.Secret, at time.Time) string {
	t.Helper()
	var right []string
	for d := -3 * flow.Period; d <= 3*flow.Period; d += flow.Period {
		right = append(right, code(t, key, at.Add(d)))
	}
	for _, wrong := range []string{"000000", "111111", "222222", "333333", "444444", "555555", "666666"} {
		if !slices.Contains(right, wrong) {
			return wrong
		}
	}
	return "777777" // seven codes cannot hold eight
}
