package cognito

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"cognito-enroll/flow"
)

// TestSecretInSecret: where one secret that was sent is part of another, nothing of the longer one is left
// when a server repeats it.
func TestSecretInSecret(t *testing.T) {
	secret := flow.NewSecret
	for name, tt := range map[string]struct {
		call flow.Call
		sent string // the longer one
	}{
		"a code in a Session": {flow.Verify{Grant: flow.Grant{Session: secret("begin-987654-the-end-of-it")},
			Code: secret("987654")}, "begin-987654-the-end-of-it"},
		"a code in a token": {flow.Verify{Grant: flow.Grant{AccessToken: secret("begin.987654.end")},
			Code: secret("987654")}, "begin.987654.end"},
		"a code in a password": {flow.Reset{Username: "alice", Code: secret("987654"),
			Password: secret("pass-987654-word")}, "pass-987654-word"},
		"a Session in a Response": {flow.Respond{Challenge: "NEW_PASSWORD_REQUIRED",
			Session: secret("the-Session-of-twenty-chars"), Username: "u",
			Responses: map[string]flow.Secret{"NEW_PASSWORD": secret("<the-Session-of-twenty-chars>")}},
			"<the-Session-of-twenty-chars>"},
	} {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, func(*http.Request) (*http.Response, error) {
				return respondWith(http.StatusBadRequest, nil,
					fmt.Sprintf(`{"__type": "FancyNewException", "message": "it said %s to me"}`, tt.sent)), nil
			})
			e := fails(t, c, tt.call)
			if !strings.Contains(e.Msg, "it said [secret] to me") {
				t.Errorf("the failure is %q", e.Msg)
			}
		})
	}
}

// TestServersText: it is shown in one line, without its stop, and no longer than 200 characters; what is
// too short to be a secret is no reason to blot out words.
func TestServersText(t *testing.T) {
	long := strings.Repeat("ä", 199)
	for _, tt := range []struct{ password, text, want string }{
		{"the-Password-1", "two\n lines\t and a stop.", "two lines and a stop"},
		{"the-Password-1", long + "b", long + "b"},
		{"the-Password-1", long + "bc", long + "b…"},
		{"abc", "an abc of errors", "an abc of errors"},
		{"abcd", "an abcd of errors", "an [secret] of errors"},
		{"äöü", "an äöü of errors", "an äöü of errors"},
		{"the-Password-1", "the-Password-1the-Password-1", "[secret][secret]"},
	} {
		c := newClient(t, func(*http.Request) (*http.Response, error) {
			return respondWith(http.StatusBadRequest, nil, fmt.Sprintf(`{"__type": "FancyNewException", "message": %q}`,
				tt.text)), nil
		})
		e := fails(t, c, flow.SignIn{Flow: flow.Password, Username: "alice", Password: flow.NewSecret(tt.password)})
		if !strings.Contains(e.Msg, tt.want) || len([]rune(tt.text)) > 200 && strings.Contains(e.Msg, "bc") {
			t.Errorf("%q is shown as %q, want %q", tt.text, e.Msg, tt.want)
		}
	}
}
