package localpool

import (
	"strings"
	"testing"
)

// The names of members are told apart by their case, as JSON does: a program that gets one wrong fails here as it
// would with Cognito.
func TestMembersCase(t *testing.T) {
	r := newRig(t, Options{})
	r.seed(t, PoolSeed{Name: "p", Clients: []ClientSeed{{ID: "c"}}, Users: []UserSeed{{Username: "bob", Password: aPassword}}})
	for body, want := range map[string]string{
		`{"ClientId":"c","AuthFlow":"USER_PASSWORD_AUTH","AuthParameters":{"USERNAME":"bob","PASSWORD":"` + aPassword +
			`"}}`: `"AccessToken"`,
		`{"clientId":"c","AuthFlow":"USER_PASSWORD_AUTH"}`:                                     "Value null at 'clientId'",
		`{"ClientId":"c","clientid":"d","AuthFlow":"USER_PASSWORD_AUTH"}`:                      "Missing required parameter USERNAME",
		`{"ClientId":"c","authFlow":"USER_PASSWORD_AUTH"}`:                                     "Value null at 'authFlow'",
		`{"ClientId":"c","AuthFlow":"USER_PASSWORD_AUTH","authParameters":{"USERNAME":"bob"}}`: "Missing required parameter USERNAME",
	} {
		if _, got := r.post(t, "InitiateAuth", body, nil); !strings.Contains(got, want) {
			t.Errorf("%s\ngot %s\nwant in it %s", body, got, want)
		}
	}
}
