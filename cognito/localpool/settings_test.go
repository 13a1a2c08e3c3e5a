package localpool

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// UnusedAccountValidityDays is the older name of TemporaryPasswordValidityDays, which goes before it.
func TestUnusedAccountValidity(t *testing.T) {
	for _, tt := range []struct {
		config, policy string
		days           int // for which a temporary password is good; 0: it is refused
	}{
		{`{}`, `{}`, 7},
		{`{"UnusedAccountValidityDays":2}`, `{}`, 2},
		{`{"UnusedAccountValidityDays":2,"AllowAdminCreateUserOnly":true}`, `{"PasswordPolicy":{"MinimumLength":8}}`, 2},
		{`{"UnusedAccountValidityDays":2}`, `{"PasswordPolicy":{"TemporaryPasswordValidityDays":3}}`, 3},
		{`{"UnusedAccountValidityDays":366}`, `{}`, 0},
	} {
		t.Run(tt.config+tt.policy, func(t *testing.T) {
			r := newRig(t, Options{})
			signed := http.Header{"Authorization": {signature}}
			_, body := r.post(t, "CreateUserPool", `{"PoolName":"p","AdminCreateUserConfig":`+tt.config+`,"Policies":`+tt.policy+`}`,
				signed)
			if tt.days == 0 {
				if want := "'adminCreateUserConfig.unusedAccountValidityDays' failed"; !strings.Contains(body, want) {
					t.Errorf("got %s, want %s", body, want)
				}
				return
			}
			pool := r.pools.list[0].id
			c, err := r.createUserPoolClient(createClientInput{UserPoolId: pool, ClientName: "c",
				clientSettings: clientSettings{ExplicitAuthFlows: []string{"ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"}}})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := r.adminCreateUser(adminCreateUserInput{UserPoolId: pool, Username: "bob", TemporaryPassword: aPassword,
				MessageAction: "SUPPRESS"}); err != nil {
				t.Fatal(err)
			}
			r.clock.advance(time.Duration(tt.days) * day)
			if out, err := r.enter(c.UserPoolClient.ClientId, "bob", aPassword); err != nil || out.ChallengeName != newPasswordRequired {
				t.Errorf("after %d days got %v, %v", tt.days, out, err)
			}
			r.clock.advance(time.Second)
			if _, err := r.enter(c.UserPoolClient.ClientId, "bob", aPassword); err != errTemporaryExpired {
				t.Errorf("later got %v, want %v", err, errTemporaryExpired)
			}
			described, err := r.describeUserPool(poolInput{pool})
			if err != nil {
				t.Fatal(err)
			}
			if got := described.UserPool.AdminCreateUserConfig.UnusedAccountValidityDays; got != tt.days {
				t.Errorf("described as %d days, want %d", got, tt.days)
			}
		})
	}
}
