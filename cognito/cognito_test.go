package cognito

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"cognito-enroll/flow"
)

// transport answers for the pool.
type transport func(*http.Request) (*http.Response, error)

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) { return t(r) }

func respondWith(status int, header http.Header, body string) *http.Response {
	if header == nil {
		header = http.Header{"Content-Type": {"application/x-amz-json-1.1"}}
	}
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body))}
}

// newClient returns a Client of pool us-east-1_AbCdEf123 to which t answers. The random source is
// not random, and the clock stands.
func newClient(tb testing.TB, t transport) *Client {
	tb.Helper()
	c, err := New(Config{
		PoolID:       "us-east-1_AbCdEf123",
		ClientID:     "3n4b5urk1ft4fl3mg5e62d9ado",
		ClientSecret: flow.NewSecret("9ho7ks3tnb0sbm6l1nfcm6pl1npo2h7gkh0a4i4jh7dffg"),
		Transport:    t,
		Now:          func() time.Time { return time.Date(2026, time.February, 3, 4, 5, 6, 0, time.UTC) },
		Random:       ones{},
	})
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// ones reads as bytes of value 1.
type ones struct{}

func (ones) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 1
	}
	return len(p), nil
}

// Distinctive secrets, one for each place in a call.
var (
	thePassword    = flow.NewSecret("the-Password-1")
	theNewPassword = flow.NewSecret("the-New-Password-2")
	theSession     = flow.NewSecret("the-Session-of-twenty-characters-3")
	theToken       = flow.NewSecret("the.Access.Token-4")
	theCode        = flow.NewSecret("987654")
)

// calls has one call of each kind, by what the table of faults calls it.
var calls = map[string]flow.Call{
	"SignIn":    flow.SignIn{Flow: flow.Password, Username: "alice@example.com", Password: thePassword},
	"SignInSRP": flow.SignIn{Flow: flow.SRP, Username: "alice@example.com", Password: thePassword},
	"NEW_PASSWORD_REQUIRED": flow.Respond{
		Challenge: "NEW_PASSWORD_REQUIRED", Session: theSession, Username: "u-1",
		Responses: map[string]flow.Secret{"NEW_PASSWORD": theNewPassword, "userAttributes.name": flow.NewSecret("Alice")},
	},
	"SOFTWARE_TOKEN_MFA": flow.Respond{
		Challenge: "SOFTWARE_TOKEN_MFA", Session: theSession, Username: "u-1",
		Responses: map[string]flow.Secret{"SOFTWARE_TOKEN_MFA_CODE": theCode},
	},
	"MFA_SETUP":        flow.Respond{Challenge: "MFA_SETUP", Session: theSession, Username: "u-1"},
	"Associate":        flow.Associate{Grant: flow.Grant{Session: theSession}},
	"AssociateByToken": flow.Associate{Grant: flow.Grant{AccessToken: theToken}},
	"Verify":           flow.Verify{Grant: flow.Grant{Session: theSession}, Code: theCode, Device: "A phone"},
	"VerifyByToken":    flow.Verify{Grant: flow.Grant{AccessToken: theToken}, Code: theCode, Device: "A phone"},
	"Prefer":           flow.Prefer{AccessToken: theToken},
	"Status":           flow.Status{AccessToken: theToken},
}

// secretsOfCalls are those above and the client's.
var secretsOfCalls = []flow.Secret{
	thePassword, theNewPassword, theSession, theToken, theCode,
	flow.NewSecret("9ho7ks3tnb0sbm6l1nfcm6pl1npo2h7gkh0a4i4jh7dffg"),
}

// failure makes call and wants it to fail.
func failure(tb testing.TB, c *Client, call flow.Call) *flow.Error {
	tb.Helper()
	switch e := c.Do(tb.Context(), call).(type) {
	case flow.Failed:
		return e.Err
	case flow.Reply:
		tb.Fatalf("%T answered a %T", call, e.Result)
	}
	panic("unreachable")
}
