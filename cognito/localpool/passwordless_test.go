package localpool

import (
	"net/http"
	"strings"
	"testing"
)

// In a pool where a code can be the first factor a user may have no password, and nobody signs in by an empty one.
func TestPasswordless(t *testing.T) {
	signed := http.Header{"Authorization": {signature}}
	for _, tt := range []struct {
		name, operation, body string
		factors               []string
		want                  string // the status of the user, or what the refusal says
	}{
		{"by an administrator", "AdminCreateUser", `"MessageAction":"SUPPRESS","UserAttributes":[` +
			`{"Name":"email","Value":"bob@example.com"},{"Name":"email_verified","Value":"true"}]`,
			[]string{"PASSWORD", emailOTP}, statusConfirmed},
		{"not verified", "AdminCreateUser", `"MessageAction":"SUPPRESS","UserAttributes":[` +
			`{"Name":"email","Value":"bob@example.com"}]`, []string{"PASSWORD", emailOTP}, statusTemporary},
		{"no codes", "AdminCreateUser", `"MessageAction":"SUPPRESS","UserAttributes":[` +
			`{"Name":"email","Value":"bob@example.com"},{"Name":"email_verified","Value":"true"}]`,
			[]string{"PASSWORD"}, statusTemporary},
		{"with a password", "AdminCreateUser", `"TemporaryPassword":"` + aPassword + `","UserAttributes":[` +
			`{"Name":"email","Value":"bob@example.com"},{"Name":"email_verified","Value":"true"}]`,
			[]string{"PASSWORD", emailOTP}, statusTemporary},
		{"signing up", "SignUp", `"UserAttributes":[{"Name":"email","Value":"bob@example.com"}]`,
			[]string{"PASSWORD", emailOTP}, statusConfirmed},
		{"signing up with no codes", "SignUp", `"UserAttributes":[{"Name":"email","Value":"bob@example.com"}]`,
			[]string{"PASSWORD"}, "Value null at 'password'"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, Options{})
			pool := r.seed(t, PoolSeed{Name: "p", FirstFactors: tt.factors, AutoVerified: []string{"email"},
				Clients: []ClientSeed{{ID: "c", AuthFlows: []string{"ALLOW_USER_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH",
					"ALLOW_REFRESH_TOKEN_AUTH"}}}}).Pools[0].ID
			_, body := r.post(t, tt.operation, `{"UserPoolId":"`+pool+`","ClientId":"c","Username":"bob",`+tt.body+`}`, signed)
			u := r.pools.list[0].find("bob")
			if u == nil {
				if !strings.Contains(body, tt.want) {
					t.Errorf("got %s, want %s", body, tt.want)
				}
				return
			}
			if u.status == statusUnconfirmed {
				if _, body := r.post(t, "ConfirmSignUp", `{"ClientId":"c","Username":"bob","ConfirmationCode":"`+
					r.Messages("bob")[0].Code+`"}`, nil); body != "{}" {
					t.Fatal(body)
				}
			}
			if u.status != tt.want {
				t.Errorf("got %s, want %s", u.status, tt.want)
			}
			if tt.want != statusConfirmed {
				return
			}
			for _, password := range []string{"", aPassword} {
				if _, err := r.signInBySRP(t.Context(), r.sdk(), pool, "c", "bob", password); code(err) != "NotAuthorizedException" {
					t.Errorf("by the password %q got %v", password, err)
				}
			}
			out, err := r.initiateAuth(initiateAuthInput{ClientId: "c", AuthFlow: "USER_AUTH",
				AuthParameters: params{"USERNAME": "bob", "PREFERRED_CHALLENGE": emailOTP}})
			if err != nil {
				t.Fatal(err)
			}
			messages := r.Messages("bob")
			out, err = r.respondToAuthChallenge(respondInput{ClientId: "c", ChallengeName: emailOTP, Session: out.Session,
				ChallengeResponses: params{"USERNAME": "bob", "EMAIL_OTP_CODE": messages[len(messages)-1].Code}})
			if err != nil {
				t.Fatal(err)
			}
			// The first password needs none before it, the next one does.
			token := out.AuthenticationResult.AccessToken
			for _, want := range []string{"{}", "NotAuthorizedException"} {
				if _, body := r.post(t, "ChangePassword", `{"AccessToken":"`+token+`","ProposedPassword":"`+aPassword+`"}`,
					nil); !strings.Contains(body, want) {
					t.Errorf("got %s, want %s", body, want)
				}
			}
			if _, err := r.enter("c", "bob", aPassword); err != nil {
				t.Error(err)
			}
		})
	}
}
