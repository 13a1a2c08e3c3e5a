package localpool

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

func (r *rig) signInWith(t *testing.T, password string) string {
	t.Helper()
	resp, body := r.post(t, "InitiateAuth", fmt.Sprintf(
		`{"AuthFlow":"USER_PASSWORD_AUTH","ClientId":"c","AuthParameters":{"USERNAME":"bob","PASSWORD":%q}}`, password), nil)
	switch {
	case resp.StatusCode == 200:
		return "in"
	case strings.Contains(body, errAttemptsExceeded.message):
		return "locked"
	case strings.Contains(body, errIncorrect.message):
		return "wrong"
	}
	return body
}

func lockRig(t *testing.T) *rig {
	r := newRig(t, Options{})
	r.seed(t, PoolSeed{Name: "off", Clients: []ClientSeed{{ID: "c"}},
		Users: []UserSeed{{Username: "bob", Password: "Correct-Horse-9"}}})
	return r
}

func TestLockout(t *testing.T) {
	r := lockRig(t)
	expect := func(password, want string) {
		t.Helper()
		if got := r.signInWith(t, password); got != want {
			t.Fatalf("got %s, want %s", got, want)
		}
	}
	for range 4 {
		expect("no", "wrong")
	}
	for _, seconds := range []int{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900} {
		expect("no", "wrong")
		r.clock.advance(time.Duration(seconds)*time.Second - time.Millisecond)
		expect("no", "locked") // and this does not prolong it
		expect("Correct-Horse-9", "locked")
		r.clock.advance(time.Millisecond)
	}
	expect("Correct-Horse-9", "in")
	for range 5 {
		expect("no", "wrong") // the count began anew
	}
	expect("no", "locked")
}

func TestLockoutForgets(t *testing.T) {
	r := lockRig(t)
	for range 2 {
		for range 4 {
			if got := r.signInWith(t, "no"); got != "wrong" {
				t.Fatalf("got %s, want wrong", got)
			}
		}
		r.clock.advance(15 * time.Minute)
	}
	if got := r.signInWith(t, "Correct-Horse-9"); got != "in" {
		t.Fatalf("got %s, want in", got)
	}
}

func TestLockoutCountsCodes(t *testing.T) {
	r := newRig(t, Options{})
	r.seed(t, PoolSeed{Name: "on", MFA: "ON", Clients: []ClientSeed{{ID: "c"}},
		Users: []UserSeed{{Username: "bob", Password: "Correct-Horse-9", TOTP: &TOTPSeed{}}}})
	u := r.pools.list[0].users[0]
	out, err := r.initiateAuth(initiateAuthInput{ClientId: "c", AuthFlow: "USER_PASSWORD_AUTH",
		AuthParameters: params{"USERNAME": "bob", "PASSWORD": "Correct-Horse-9"}})
	if err != nil {
		t.Fatal(err)
	}
	answer := func(code string) error {
		_, err := r.respondToAuthChallenge(respondInput{ClientId: "c", ChallengeName: softwareTokenMFA, Session: out.Session,
			ChallengeResponses: params{"USERNAME": "bob", "SOFTWARE_TOKEN_MFA_CODE": code}})
		return err
	}
	for range 5 {
		if err := answer("none"); !errors.Is(err, errCodeMismatch) {
			t.Fatalf("got %v, want %v", err, errCodeMismatch)
		}
	}
	right := u.token.code(r.clock.Now().Unix() / period)
	if err := answer(right); !errors.Is(err, errAttemptsExceeded) {
		t.Fatalf("got %v, want %v", err, errAttemptsExceeded)
	}
	r.clock.advance(time.Second)
	if err := answer(right); err != nil {
		t.Fatal(err)
	}
}
