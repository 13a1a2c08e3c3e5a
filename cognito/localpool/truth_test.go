package localpool

import (
	"encoding/json"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const aPassword = "Correct-Horse-9"

// enter signs in with a password.
func (s *Server) enter(client, username, password string) (*authOutput, error) {
	return s.initiateAuth(initiateAuthInput{ClientId: client, AuthFlow: "USER_PASSWORD_AUTH",
		AuthParameters: params{"USERNAME": username, "PASSWORD": password}})
}

// TestTruthAboutSignIn holds Truth against what the next sign-in is in fact answered, for every
// combination of a pool and a user.
func TestTruthAboutSignIn(t *testing.T) {
	seen := map[string]int{}
	n := 0
	for _, mfa := range mfaModes {
		for _, factors := range [][]string{{softwareTokenMFA}, {smsMFA}, {smsMFA, emailOTP, softwareTokenMFA}} {
			for _, status := range []string{statusConfirmed, statusTemporary, statusReset, statusUnconfirmed} {
				for state := range 1 << 6 {
					bit := func(n int) bool { return state>>n&1 != 0 }
					user := UserSeed{Username: "bob", Password: aPassword, Status: status, Disabled: bit(0),
						Attributes: map[string]string{}}
					if bit(1) {
						user.Attributes["email"] = "bob@example.com"
					}
					if bit(2) {
						user.Attributes["phone_number"] = "+15550100"
					}
					if bit(3) {
						user.TOTP = &TOTPSeed{Device: "Pixel"}
					}
					r := newRig(t, Options{Signer: NewHMACSigner([]byte("k"))})
					pool := r.seed(t, PoolSeed{Name: "p", MFA: mfa, Factors: factors, Clients: []ClientSeed{{ID: "c"}},
						Users: []UserSeed{user}}).Pools[0].ID
					u := r.pools.list[0].users[0]
					for i, f := range factors[:1] {
						if bit(4) && u.has(f) {
							u.switchOn(f, bit(5) && i == 0)
						}
					}
					truth, err := r.Truth(pool, "bob")
					if err != nil {
						t.Fatal(err)
					}
					out, err := r.enter("c", "bob", aPassword)
					next, refusal := "", ""
					var refused *apiError
					if errors.As(err, &refused) {
						refusal = refused.code
					} else {
						next = out.ChallengeName
					}
					if truth.Next != next || truth.Refusal != refusal {
						t.Errorf("%s %v %+v: Truth says %q %q, the sign-in %q %q", mfa, factors, user, truth.Next, truth.Refusal, next,
							refusal)
					}
					seen[next+refusal]++
					n++
				}
			}
		}
	}
	for _, answer := range []string{"", "SOFTWARE_TOKEN_MFA", "SMS_MFA", "MFA_SETUP", "SELECT_MFA_TYPE",
		"NEW_PASSWORD_REQUIRED",
		"NotAuthorizedException", "PasswordResetRequiredException", "UserNotConfirmedException",
		"MFAMethodNotFoundException"} {
		if seen[answer] == 0 {
			t.Errorf("not met in %d cases: %q", n, answer)
		}
	}
}

func TestTruth(t *testing.T) {
	r := newRig(t, Options{})
	pool := r.seed(t, PoolSeed{Name: "p", MFA: "OPTIONAL", Factors: []string{"SMS_MFA", "SOFTWARE_TOKEN_MFA"},
		Clients: []ClientSeed{{ID: "c"}}, Users: []UserSeed{
			{Username: "bob", Password: aPassword, Attributes: map[string]string{"email": "bob@example.com",
				"phone_number": "+15550100"}},
			{Username: "eve", Password: aPassword, Status: "UNCONFIRMED", Disabled: true},
		}}).Pools[0].ID
	same := func(when string, username string, want Truth) {
		t.Helper()
		got, err := r.Truth(pool, username)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", when, d)
		}
	}
	same("eve", "eve", Truth{Username: "eve", Password: aPassword, Status: "UNCONFIRMED", MFA: "OPTIONAL",
		Factors: []string{}, Refusal: "NotAuthorizedException"})

	want := Truth{Username: "bob", Password: aPassword, Status: "CONFIRMED", Confirmed: true, Enabled: true,
		EmailVerified: true, MFA: "OPTIONAL", Factors: []string{}}
	same("at first", "BOB", want)
	out, err := r.enter("c", "bob", aPassword)
	if err != nil {
		t.Fatal(err)
	}
	token := out.AuthenticationResult.AccessToken
	associate := func() string {
		t.Helper()
		out, err := r.associateSoftwareToken(associateInput{AccessToken: token})
		if err != nil {
			t.Fatal(err)
		}
		return out.SecretCode
	}
	verify := func(key, device string) {
		t.Helper()
		if _, err := r.verifySoftwareToken(verifyInput{AccessToken: token, UserCode: *r.codeOf(key, 0),
			FriendlyDeviceName: device}); err != nil {
			t.Fatal(err)
		}
	}
	prefer := func(p preferences) {
		t.Helper()
		if _, err := r.setUserMFAPreference(preferenceInput{token, p}); err != nil {
			t.Fatal(err)
		}
	}
	key := associate()
	want.Pending = key
	same("associated", "bob", want)
	verify(key, "Pixel")
	want.Pending, want.Key, want.Device = "", key, "Pixel"
	same("verified", "bob", want)
	prefer(preferences{SoftwareTokenMfaSettings: &mfaSettings{Enabled: true, PreferredMfa: true}})
	want.TOTP, want.Preferred, want.Next = true, "SOFTWARE_TOKEN_MFA", "SOFTWARE_TOKEN_MFA"
	same("preferred", "bob", want)
	r.clock.advance(400 * 24 * time.Hour)
	same("a year later", "bob", want)
	r.clock.advance(-400 * 24 * time.Hour)
	prefer(preferences{SMSMfaSettings: &mfaSettings{Enabled: true}, SoftwareTokenMfaSettings: &mfaSettings{Enabled: true}})
	want.Factors, want.Preferred, want.Next = []string{"SMS_MFA"}, "", "SELECT_MFA_TYPE"
	same("none preferred", "bob", want)
	want.Key, want.Device, want.Pending, want.Next = "", "", associate(), "SMS_MFA"
	same("associated again", "bob", want)

	for _, name := range []string{"nobody", ""} {
		if got, err := r.Truth(pool, name); err == nil {
			t.Errorf("%q: %+v, want an error", name, got)
		}
	}
	if got, err := r.Truth("us-east-1_nosuch", "bob"); err == nil {
		t.Errorf("%+v, want an error", got)
	}
}

// Truth draws nothing and moves nothing: what follows is the same with it and without.
func TestTruthHasNoEffect(t *testing.T) {
	if a, b := repeat(t, false), repeat(t, true); a != b {
		t.Errorf("Truth has an effect (-without +with):\n%s", cmp.Diff(a, b))
	}
}

// With the clock, the randomness and the signer given, a run repeats to the byte.
func TestRepeats(t *testing.T) {
	if a, b := repeat(t, false), repeat(t, false); a != b {
		t.Errorf("two runs differ:\n%s", cmp.Diff(a, b))
	}
}

// repeat is a run through everything that draws random numbers, as one text.
func repeat(t *testing.T, truth bool) string {
	var b strings.Builder
	c := &clock{now: start}
	mail := func(m Message) { fmt.Fprintln(&b, m) }
	s := New(Options{Now: c.Now, Random: mathrand.NewChaCha8([32]byte{7}), Signer: NewHMACSigner([]byte("k")),
		Deliver: mail})
	tell := func(v any) {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(text, '\n'))
		for _, p := range s.pools.list {
			if truth {
				for _, u := range p.users {
					s.Truth(p.id, u.username)
				}
			}
		}
	}
	seed, err := s.Seed(Seed{Pools: []PoolSeed{
		{Name: "on", MFA: "ON", Clients: []ClientSeed{{GenerateSecret: true}, {}},
			Users: []UserSeed{{Username: "bob", Password: aPassword}}},
		{Name: "off", AutoVerified: []string{"email"}, TracksDevices: true, Clients: []ClientSeed{{}},
			Users: []UserSeed{{Username: "eve", Password: aPassword, TOTP: &TOTPSeed{}}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	tell(seed)
	r := &rig{s, c, ""}
	for _, call := range []func() (any, error){
		func() (any, error) { return r.enter(seed.Pools[0].Clients[1].ID, "bob", aPassword) },
		func() (any, error) { return r.enter(seed.Pools[1].Clients[0].ID, "eve", aPassword) },
		func() (any, error) {
			return s.initiateAuth(initiateAuthInput{ClientId: seed.Pools[1].Clients[0].ID, AuthFlow: "USER_SRP_AUTH",
				AuthParameters: params{"USERNAME": "eve", "SRP_A": "1234567"}})
		},
		func() (any, error) {
			return s.signUp(signUpInput{accountInput: accountInput{ClientId: seed.Pools[1].Clients[0].ID, Username: "new"},
				Password: aPassword, UserAttributes: []attribute{{"email", "new@example.com"}}})
		},
		func() (any, error) {
			return s.adminCreateUser(adminCreateUserInput{UserPoolId: seed.Pools[1].ID, Username: "invited",
				UserAttributes: []attribute{{"email", "i@example.com"}}})
		},
	} {
		out, err := call()
		if err != nil {
			t.Fatal(err)
		}
		tell(out)
	}
	return b.String()
}

func TestPreferenceIgnored(t *testing.T) {
	for _, ignores := range []bool{false, true} {
		r := newRig(t, Options{})
		pool := r.seed(t, PoolSeed{Name: "p", MFA: "OPTIONAL", IgnoresPreference: ignores, Clients: []ClientSeed{{ID: "c"}},
			Users: []UserSeed{{Username: "bob", Password: aPassword, TOTP: &TOTPSeed{}},
				{Username: "eve", Password: aPassword}}}).Pools[0].ID
		off := preferences{SoftwareTokenMfaSettings: &mfaSettings{}}
		if _, err := r.adminSetUserMFAPreference(adminPreferenceInput{pool, "bob", off}); err != nil {
			t.Fatal(err)
		}
		if truth, _ := r.Truth(pool, "bob"); truth.TOTP != ignores {
			t.Errorf("ignores %t: TOTP is on: %t", ignores, truth.TOTP)
		}
		out, err := r.enter("c", "eve", aPassword)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.setUserMFAPreference(preferenceInput{out.AuthenticationResult.AccessToken, off}); !errors.Is(err,
			errNotSetUp) {
			t.Errorf("ignores %t: got %v, want %v", ignores, err, errNotSetUp)
		}
	}
}
