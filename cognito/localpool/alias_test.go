package localpool

import (
	"encoding/json"
	"errors"
	"net/http"
	"testing"
)

// aliasRig is a pool in which amy signs in by a verified address.
func aliasRig(t *testing.T, p PoolSeed) (r *rig, pool string) {
	t.Helper()
	r = newRig(t, Options{})
	p.Name, p.Clients = "p", []ClientSeed{{ID: "c"}}
	return r, r.seed(t, p).Pools[0].ID
}

// errorCode is the code of a refusal, or empty.
func errorCode(t *testing.T, body string) string {
	t.Helper()
	var answer struct {
		Type string `json:"__type"`
	}
	if err := json.Unmarshal([]byte(body), &answer); err != nil {
		t.Fatal(err)
	}
	return answer.Type
}

// owner is who signs in by an address.
func (r *rig) owner(address string) string {
	if u := r.pools.list[0].find(address); u != nil {
		return u.username
	}
	return ""
}

// A verified address is an alias of one user, and ForceAliasCreation moves it to another.
func TestForceAliasCreation(t *testing.T) {
	const address = "amy@example.com"
	amy := UserSeed{Username: "amy", Password: aPassword,
		Attributes: map[string]string{"email": address, "email_verified": "true"}}
	aliased := PoolSeed{AliasAttributes: []string{"email"}, AutoVerified: []string{"email"}, Users: []UserSeed{amy}}
	for _, tt := range []struct {
		name            string
		verified, force string
		want            string // the code of the error
		owner           string
	}{
		{"taken", "true", "false", "AliasExistsException", "amy"},
		{"moved", "True", "true", "", "bob"},
		{"not verified", "false", "false", "", "amy"},
		{"force without verification", "false", "true", "", "amy"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, pool := aliasRig(t, aliased)
			_, body := r.post(t, "AdminCreateUser", `{"UserPoolId":"`+pool+`","Username":"bob","ForceAliasCreation":`+tt.force+
				`,"UserAttributes":[{"Name":"email","Value":"`+address+`"},{"Name":"email_verified","Value":"`+tt.verified+`"}]}`,
				http.Header{"Authorization": {signature}})
			if got := errorCode(t, body); got != tt.want {
				t.Errorf("got %q, want %q: %s", got, tt.want, body)
			}
			if got := r.owner(address); got != tt.owner {
				t.Errorf("%s is the alias of %q, want %q", address, got, tt.owner)
			}
			if got := r.owner("amy"); got != "amy" {
				t.Errorf("by name amy is %q", got)
			}
		})
	}
	for force, want := range map[string]string{"false": "AliasExistsException", "true": ""} {
		t.Run("ConfirmSignUp/"+force, func(t *testing.T) {
			r, _ := aliasRig(t, aliased)
			_, body := r.post(t, "SignUp", `{"ClientId":"c","Username":"bob","Password":"`+aPassword+
				`","UserAttributes":[{"Name":"email","Value":"`+address+`"}]}`, nil)
			if errorCode(t, body) != "" {
				t.Fatal(body)
			}
			_, body = r.post(t, "ConfirmSignUp", `{"ClientId":"c","Username":"bob","ForceAliasCreation":`+force+
				`,"ConfirmationCode":"`+r.Messages("bob")[0].Code+`"}`, nil)
			if got := errorCode(t, body); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
			owner := map[string]string{"false": "amy", "true": "bob"}[force]
			if got := r.owner(address); got != owner {
				t.Errorf("%s is the alias of %q, want %q", address, got, owner)
			}
		})
	}
}

// No two users have the same preferred_username where it is an alias.
func TestPreferredUsernameIsUnique(t *testing.T) {
	p := PoolSeed{AliasAttributes: []string{"preferred_username"}, Users: []UserSeed{
		{Username: "amy", Password: aPassword, Attributes: map[string]string{"preferred_username": "ace"}},
		{Username: "bob", Password: aPassword},
	}}
	for name, call := range map[string]func(r *rig, pool string, given []attribute) error{
		"update": func(r *rig, pool string, given []attribute) error {
			_, err := r.adminUpdateUserAttributes(struct {
				UserPoolId, Username string
				UserAttributes       []attribute
			}{pool, "bob", given})
			return err
		},
		"create": func(r *rig, pool string, given []attribute) error {
			_, err := r.adminCreateUser(adminCreateUserInput{UserPoolId: pool, Username: "carl", UserAttributes: given})
			return err
		},
	} {
		for value, want := range map[string]string{"ace": "AliasExistsException", "amy": "AliasExistsException", "king": ""} {
			t.Run(name+"/"+value, func(t *testing.T) {
				r, pool := aliasRig(t, p)
				var e *apiError
				if err := call(r, pool, []attribute{{"preferred_username", value}}); errors.As(err, &e) != (want != "") ||
					e != nil && e.code != want {
					t.Errorf("got %v, want %q", err, want)
				}
				if got := r.owner("ace"); got != "amy" {
					t.Errorf("ace is %q", got)
				}
			})
		}
	}
}

// Where users sign in by their addresses no two have the same, however they come by it.
func TestUsernameAttributesAreUnique(t *testing.T) {
	p := PoolSeed{UsernameAttributes: []string{"email", "phone_number"}, AutoVerified: []string{"email"},
		Users: []UserSeed{{Username: "amy@example.com", Password: aPassword}}}
	t.Run("create", func(t *testing.T) {
		r, pool := aliasRig(t, p)
		_, err := r.adminCreateUser(adminCreateUserInput{UserPoolId: pool, Username: "+15555550100",
			UserAttributes: []attribute{{"email", "amy@example.com"}}})
		var e *apiError
		if !errors.As(err, &e) || e.code != errUserExists.code {
			t.Errorf("got %v, want %v", err, errUserExists)
		}
	})
	t.Run("verify", func(t *testing.T) {
		r, pool := aliasRig(t, p)
		r.pools.list[0].verifyFirst = []string{"email"}
		if _, err := r.adminCreateUser(adminCreateUserInput{UserPoolId: pool, Username: "bob@example.com"}); err != nil {
			t.Fatal(err)
		}
		bob := r.pools.list[0].find("bob@example.com")
		r.setPassword(bob, aPassword, statusConfirmed)
		out, err := r.enter("c", bob.username, aPassword)
		if err != nil {
			t.Fatal(err)
		}
		token := out.AuthenticationResult.AccessToken
		_, body := r.post(t, "UpdateUserAttributes", `{"AccessToken":"`+token+
			`","UserAttributes":[{"Name":"email","Value":"new@example.com"}]}`, nil)
		if errorCode(t, body) != "" {
			t.Fatal(body)
		}
		if _, err := r.adminCreateUser(adminCreateUserInput{UserPoolId: pool, Username: "new@example.com"}); err != nil {
			t.Fatal(err)
		}
		messages := r.Messages(bob.username)
		_, body = r.post(t, "VerifyUserAttribute", `{"AccessToken":"`+token+`","AttributeName":"email","Code":"`+
			messages[len(messages)-1].Code+`"}`, nil)
		if got, want := errorCode(t, body), "AliasExistsException"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}
