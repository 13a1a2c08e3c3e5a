package localpool

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestSeed(t *testing.T) {
	r := newRig(t, Options{Region: "eu-west-1"})
	var given Seed
	if err := json.Unmarshal([]byte(`{"pools":[{"name":"demo","mfa":"ON","clients":[{},{"id":"fixed","secret":"s3cret"},{"generateSecret":true}],
		"users":[{"username":"bob","password":"Correct-Horse-9","totp":{"device":"Pixel"}}]}]}`), &given); err != nil {
		t.Fatal(err)
	}
	before := given
	got, err := r.Seed(given)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(before, given); d != "" || given.Pools[0].ID != "" || given.Pools[0].Users[0].TOTP.Secret != "" {
		t.Errorf("the seed that was given has changed:\n%s", d)
	}
	p := got.Pools[0]
	if !strings.HasPrefix(p.ID, "eu-west-1_") || len(p.ID) != len("eu-west-1_")+9 {
		t.Errorf("pool id %q", p.ID)
	}
	c := p.Clients
	if len(c[0].ID) != 26 || c[0].Secret != "" || c[1].ID != "fixed" || c[1].Secret != "s3cret" || len(c[2].Secret) != 52 {
		t.Errorf("clients %+v", c)
	}
	if len(p.Users[0].TOTP.Secret) != 52 {
		t.Errorf("secret of %d characters", len(p.Users[0].TOTP.Secret))
	}

	again := Seed{Pools: []PoolSeed{{Name: "other", Clients: []ClientSeed{{ID: "new"}}},
		{Name: "same client", Clients: []ClientSeed{{ID: "fixed"}}}}}
	if _, err := r.Seed(again); err == nil || err.Error() != `pools[1]: id "fixed" is taken` {
		t.Errorf("got %v, want that the id is taken", err)
	}
	if len(r.pools.list) != 1 || len(r.clients) != 3 {
		t.Errorf("%d pools and %d clients after a refused seed, want 1 and 3", len(r.pools.list), len(r.clients))
	}
}

func TestSeedRefuses(t *testing.T) {
	client := []ClientSeed{{ID: "c"}}
	user := func(u UserSeed) PoolSeed { return PoolSeed{Name: "p", Clients: client, Users: []UserSeed{u}} }
	for _, tt := range []struct {
		name string
		pool PoolSeed
		want string
	}{
		{"no name", PoolSeed{}, `pool "": InvalidParameterException: 1 validation error detected: Value null at 'name'`},
		{"a name of a pool", PoolSeed{Name: "p\x1b[2J"}, `Value 'p`},
		{"a name of a client", PoolSeed{Name: "p", Clients: []ClientSeed{{Name: "a/b"}}}, `Value 'a/b' at 'name'`},
		{"devices", user(UserSeed{Username: "bob", Password: "Correct-Horse-9", Devices: 1e12}),
			`Value '1000000000000' at 'devices'`},
		{"no devices", user(UserSeed{Username: "bob", Password: "Correct-Horse-9", Devices: -1}), `Value '-1' at 'devices'`},
		{"attribute", user(UserSeed{Username: "bob", Password: "Correct-Horse-9",
			Attributes: map[string]string{"custom:x": "1"}}), `custom:x: Attribute does not exist in the schema.`},
		{"id", PoolSeed{ID: "nosuch", Name: "p"}, `Value 'nosuch' at 'userPoolId'`},
		{"mfa", PoolSeed{Name: "p", MFA: "MAYBE"}, `Value 'MAYBE' at 'mfa'`},
		{"alias", PoolSeed{Name: "p", AliasAttributes: []string{"shoe_size"}}, `Value 'shoe_size'`},
		{"alias of two", PoolSeed{Name: "p", AliasAttributes: []string{"email"}, Users: []UserSeed{
			{Username: "amy", Password: aPassword, Attributes: map[string]string{"email": "a@example.com"}},
			{Username: "bob", Password: aPassword, Attributes: map[string]string{"email": "A@example.com"}},
		}}, `user "bob": AliasExistsException`},
		{"flow", PoolSeed{Name: "p", Clients: []ClientSeed{{AuthFlows: []string{"MAGIC"}}}}, `Value 'MAGIC' at 'authFlows'`},
		{"no refresh", PoolSeed{Name: "p", Clients: []ClientSeed{{AuthFlows: []string{"ALLOW_USER_SRP_AUTH"}}}},
			`REFRESH_TOKEN_AUTH should always be allowed.`},
		{"session", PoolSeed{Name: "p", Clients: []ClientSeed{{AuthSessionValidity: 16}}},
			`Value '16' at 'authSessionValidity'`},
		{"client id", PoolSeed{Name: "p", Clients: []ClientSeed{{ID: "a b"}}}, `Value 'a b' at 'clientId'`},
		{"password", user(UserSeed{Username: "bob", Password: "weakling"}), `Password must have uppercase characters`},
		{"no password", user(UserSeed{Username: "bob"}), `Value null at 'password'`},
		{"factors", PoolSeed{Name: "p", Factors: []string{"FAX_MFA"}}, `Value 'FAX_MFA' at 'factors'`},
		{"first factors", PoolSeed{Name: "p", FirstFactors: []string{"PASSWORD", "FAX_OTP"}},
			`Value 'FAX_OTP' at 'allowedFirstAuthFactors'`},
		{"question", PoolSeed{Name: "p", Question: &QuestionSeed{}}, `Value null at 'question.answer'`},
		{"factor of another pool", user(UserSeed{Username: "bob", Password: "Correct-Horse-9",
			Factors: []string{"SMS_MFA"}}), `user "bob": the factor "SMS_MFA" is not the pool's, or has no address`},
		{"preferred", user(UserSeed{Username: "bob", Password: "Correct-Horse-9", Preferred: "SMS_MFA"}),
			`user "bob": the preferred factor "SMS_MFA" is not active`},
		{"status", user(UserSeed{Username: "bob", Password: "Correct-Horse-9", Status: "WELL"}), `Value 'WELL' at 'status'`},
		{"secret", user(UserSeed{Username: "bob", Password: "Correct-Horse-9", TOTP: &TOTPSeed{Secret: "0189"}}),
			`user "bob": the secret of its authenticator is not base32`},
		{"twice", PoolSeed{Name: "p", Users: []UserSeed{{Username: "bob", Password: "Correct-Horse-9"},
			{Username: "Bob", Password: "Correct-Horse-9"}}}, `User account already exists`},
		{"not an e-mail", PoolSeed{Name: "p", UsernameAttributes: []string{"email"},
			Users: []UserSeed{{Username: "bob", Password: "Correct-Horse-9"}}}, `Username should be an email.`},
		{"not a number", PoolSeed{Name: "p", UsernameAttributes: []string{"phone_number"},
			Users: []UserSeed{{Username: "bob", Password: "Correct-Horse-9"}}}, `Username should be a phone number.`},
		{"neither", PoolSeed{Name: "p", UsernameAttributes: []string{"email", "phone_number"},
			Users: []UserSeed{{Username: "bob", Password: "Correct-Horse-9"}}},
			`Username should be either an email or a phone number.`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, Options{})
			_, err := r.Seed(Seed{Pools: []PoolSeed{tt.pool}})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
			if err != nil && strings.HasSuffix(err.Error(), "\n") {
				t.Errorf("%q ends a line", err)
			}
			if err != nil && strings.Contains(err.Error(), "weakling") {
				t.Error("the error shows the password")
			}
			if len(r.pools.list) != 0 {
				t.Error("the pool was added")
			}
		})
	}
}

func TestPhoneNumberSignsIn(t *testing.T) {
	r := newRig(t, Options{})
	r.seed(t, PoolSeed{Name: "p", UsernameAttributes: []string{"phone_number"}, Clients: []ClientSeed{{ID: "c"}},
		Users: []UserSeed{{Username: "+15550100", Password: "Correct-Horse-9"}}})
	if r.pools.list[0].find("+15550100") == nil || r.pools.list[0].find("+15550101") != nil ||
		r.pools.list[0].find("") != nil {
		t.Error("a user is found by the number, and by that alone")
	}
}

func TestLateClock(t *testing.T) {
	for skew, want := range map[time.Duration]bool{0: true, 4 * time.Minute: true, -4 * time.Minute: true,
		6 * time.Minute: false, -6 * time.Minute: false} {
		r := newRig(t, Options{})
		seed := r.seed(t, PoolSeed{Name: "p", Clients: []ClientSeed{{ID: "c"}},
			Users: []UserSeed{{Username: "bob", Password: "Correct-Horse-9"}}})
		client := &rig{r.Server, &clock{now: start.Add(skew)}, r.url} // whose clock is off
		_, err := client.signInBySRP(t.Context(), r.sdk(), seed.Pools[0].ID, "c", "bob", "Correct-Horse-9")
		if (err == nil) != want {
			t.Errorf("%v off: got %v, want success %t", skew, err, want)
		}
	}
}

func TestSeedStates(t *testing.T) {
	r := newRig(t, Options{})
	user := func(u UserSeed) UserSeed {
		u.Password, u.Attributes = "Correct-Horse-9", map[string]string{"email": u.Username + "@example.com",
			"phone_number": "+1555", "phone_number_verified": "false"}
		return u
	}
	r.seed(t, PoolSeed{Name: "p", MFA: "OPTIONAL", Factors: []string{"SMS_MFA", "SOFTWARE_TOKEN_MFA"}, Users: []UserSeed{
		user(UserSeed{Username: "alice", Status: "UNCONFIRMED"}), user(UserSeed{Username: "bob", Status: "RESET_REQUIRED"}),
		user(UserSeed{Username: "carol", Disabled: true}),
		user(UserSeed{Username: "dan", TOTP: &TOTPSeed{}}), user(UserSeed{Username: "eve", TOTP: &TOTPSeed{},
			Factors: []string{"SMS_MFA"}}),
		user(UserSeed{Username: "fred", TOTP: &TOTPSeed{}, Factors: []string{"SMS_MFA"}, Preferred: "SMS_MFA"}),
	}})
	type state struct{ Status, Preferred, Email, Phone string }
	var got []state
	for _, u := range r.pools.list[0].users {
		got = append(got, state{u.status, u.preferred, u.attribute("email_verified"), u.attribute("phone_number_verified")})
	}
	want := []state{
		{"UNCONFIRMED", "", "true", "false"}, {"RESET_REQUIRED", "", "true", "false"}, {"CONFIRMED", "", "true", "false"},
		{"CONFIRMED", "SOFTWARE_TOKEN_MFA", "true", "false"}, {"CONFIRMED", "", "true", "false"},
		{"CONFIRMED", "SMS_MFA", "true", "false"},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("states (-want +got):\n%s", d)
	}
}
