package cognito

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"

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
		Credentials:  credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", theAWSKey.Reveal(), ""),
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
	theMailedCode  = flow.NewSecret("86420975")
	theAnswer      = flow.NewSecret("the-Answer-5")
	theAWSKey      = flow.NewSecret("the/AWS/secret/access/key/6")
)

// calls has one call of each kind, by what the table of faults calls it.
var calls = map[string]flow.Call{
	"SignIn":              flow.SignIn{Flow: flow.Password, Username: "alice@example.com", Password: thePassword},
	"SignInSRP":           flow.SignIn{Flow: flow.SRP, Username: "alice@example.com", Password: thePassword},
	"SignInChoice":        flow.SignIn{Flow: flow.Choice, Username: "alice@example.com"},
	"SignInPreferring":    flow.SignIn{Flow: flow.Choice, Username: "alice@example.com", Preferred: "EMAIL_OTP"},
	"SignInChoiceSRP":     flow.SignIn{Flow: flow.Choice, Username: "alice@example.com", Password: thePassword},
	"SignInCustom":        flow.SignIn{Flow: flow.Custom, Username: "alice@example.com"},
	"SignInCustomSRP":     flow.SignIn{Flow: flow.CustomSRP, Username: "alice@example.com", Password: thePassword},
	"SignInAdmin":         flow.SignIn{Flow: flow.Admin, Username: "alice@example.com", Password: thePassword},
	"SOFTWARE_TOKEN_MFA":  respond("SOFTWARE_TOKEN_MFA", "SOFTWARE_TOKEN_MFA_CODE", theCode),
	"SMS_MFA":             respond("SMS_MFA", "SMS_MFA_CODE", theMailedCode),
	"SMS_OTP":             respond("SMS_OTP", "SMS_OTP_CODE", theMailedCode),
	"EMAIL_OTP":           respond("EMAIL_OTP", "EMAIL_OTP_CODE", theMailedCode),
	"SELECT_MFA_TYPE":     respond("SELECT_MFA_TYPE", "ANSWER", flow.NewSecret("SOFTWARE_TOKEN_MFA")),
	"SELECT_CHALLENGE":    respond("SELECT_CHALLENGE", "ANSWER", flow.NewSecret("EMAIL_OTP")),
	"SELECT_CHALLENGESRP": respond("SELECT_CHALLENGE", "ANSWER", flow.NewSecret("PASSWORD_SRP"), "PASSWORD", thePassword),
	"PASSWORD":            respond("PASSWORD", "PASSWORD", thePassword),
	"PASSWORD_SRP":        respond("PASSWORD_SRP", "PASSWORD", thePassword),
	"CUSTOM_CHALLENGE":    respond("CUSTOM_CHALLENGE", "ANSWER", theAnswer),
	"MFA_SETUP":           respond("MFA_SETUP"),
	"MFA_SETUPEmail":      respond("MFA_SETUP", "EMAIL", flow.NewSecret("alice@example.net")),
	"NEW_PASSWORD_REQUIRED": respond("NEW_PASSWORD_REQUIRED",
		"NEW_PASSWORD", theNewPassword, "userAttributes.name", flow.NewSecret("Alice")),
	"AdminSOFTWARE_TOKEN_MFA": byAdmin(respond("SOFTWARE_TOKEN_MFA", "SOFTWARE_TOKEN_MFA_CODE", theCode)),
	"AdminPASSWORD_SRP":       byAdmin(respond("PASSWORD_SRP", "PASSWORD", thePassword)),
	"Associate":               flow.Associate{Grant: flow.Grant{Session: theSession}},
	"AssociateByToken":        flow.Associate{Grant: flow.Grant{AccessToken: theToken}},
	"Verify":                  flow.Verify{Grant: flow.Grant{Session: theSession}, Code: theCode, Device: "A phone"},
	"VerifyByToken":           flow.Verify{Grant: flow.Grant{AccessToken: theToken}, Code: theCode, Device: "A phone"},
	"Prefer":                  flow.Prefer{AccessToken: theToken},
	"Disable":                 flow.Disable{AccessToken: theToken},
	"Status":                  flow.Status{AccessToken: theToken},
	"Forgot":                  flow.Forgot{Username: "alice@example.com"},
	"Reset":                   flow.Reset{Username: "alice@example.com", Code: theMailedCode, Password: theNewPassword},
	"Resend":                  flow.Resend{Username: "alice@example.com"},
	"Confirm":                 flow.Confirm{Username: "alice@example.com", Code: theMailedCode},
	"Pools":                   flow.Pools{Region: "us-east-1"},
	"Clients":                 flow.Clients{Region: "us-east-1", Pool: "us-east-1_AbCdEf123"},
}

// respond answers the challenge with pairs of a name and a flow.Secret.
func respond(challenge string, pairs ...any) flow.Respond {
	r := flow.Respond{Challenge: challenge, Session: theSession, Username: "u-1", Responses: map[string]flow.Secret{}}
	for pair := range slices.Chunk(pairs, 2) {
		r.Responses[pair[0].(string)] = pair[1].(flow.Secret)
	}
	return r
}

func byAdmin(r flow.Respond) flow.Respond {
	r.Flow = flow.Admin
	return r
}

// secretsOfCalls are those above and the client's.
var secretsOfCalls = []flow.Secret{
	thePassword, theNewPassword, theSession, theToken, theCode, theMailedCode, theAnswer, theAWSKey,
	flow.NewSecret("9ho7ks3tnb0sbm6l1nfcm6pl1npo2h7gkh0a4i4jh7dffg"),
}

// fails makes call and wants it to fail.
func fails(tb testing.TB, c *Client, call flow.Call) *flow.Error {
	tb.Helper()
	switch e := c.Do(tb.Context(), call).(type) {
	case flow.Failed:
		return e.Err
	case flow.Reply:
		tb.Fatalf("%T answered a %T", call, e.Result)
	}
	panic("unreachable")
}
