// Package pooltest is the conformance suite of a user pool: what package cognito and the wizard need
// of it, tried through the AWS SDK over HTTP. It makes pools, app clients and users of its own.
//
// An endpoint that cannot do something says so beforehand, in its Gaps; every other deviation is a
// failure.
package pooltest

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Endpoint is where the pools are.
type Endpoint struct {
	URL         string
	Region      string
	Credentials aws.CredentialsProvider      // for the operations that set up
	Now         func() time.Time             // the endpoint's clock
	Inbox       func(username string) string // the code that was sent last; nil where that cannot be read
	Gaps        Gaps
}

// Gaps says which cases an endpoint cannot do, by their names, and why.
type Gaps map[string]string

// CognitoLocal are the gaps of cognito-local 5.3.0, the npm package: it knows TOTP by access token
// alone, and leaves unchecked much of what Cognito refuses.
var CognitoLocal = Gaps{
	"sign-in/srp":                      "InitiateAuth knows USER_PASSWORD_AUTH alone",
	"sign-in/srp wrong password":       "InitiateAuth knows USER_PASSWORD_AUTH alone",
	"sign-in/unknown user":             "an unknown user is not answered like a wrong password",
	"sign-in/unknown client":           "it is not said whether the pool or the client does not exist",
	"sign-in/flow not allowed":         "ExplicitAuthFlows is not checked",
	"sign-in/access token's lifetime":  "ExpiresIn is missing",
	"new password/policy":              "there is no password policy",
	"new password/then mfa setup":      "there is no MFA_SETUP challenge",
	"client secret/missing":            "SECRET_HASH is not checked",
	"client secret/wrong":              "SECRET_HASH is not checked",
	"session/enroll":                   "there is no MFA_SETUP challenge",
	"session/wrong code":               "there is no MFA_SETUP challenge",
	"session/used twice":               "there is no MFA_SETUP challenge",
	"session/foreign":                  "Sessions are not checked",
	"session/of another sign-in":       "there is no MFA_SETUP challenge",
	"session/not verified":             "there is no MFA_SETUP challenge",
	"session/wizard":                   "there is no MFA_SETUP challenge",
	"enrolled/replace":                 "in a pool that requires MFA nobody with an authenticator can sign in",
	"enrolled/turn off where required": "in a pool that requires MFA nobody with an authenticator can sign in",
	"factors/app or mail":              "there is no MFA_SETUP challenge",
	"choice/password":                  "InitiateAuth knows USER_PASSWORD_AUTH alone",
	"choice/preferred":                 "InitiateAuth knows USER_PASSWORD_AUTH alone",
	"choice/not allowed":               "ExplicitAuthFlows is not checked",
	"custom/no trigger":                "InitiateAuth knows USER_PASSWORD_AUTH alone",
	"account/disabled":                 "a disabled user can sign in",
	"admin/change password":            "a wrong password gets InvalidPasswordException",
	"access token/replayed code":       "a code may be used any number of times",
	"access token/invalid":             "an invalid access token gets InvalidParameterException without a text",
	"access token/both grants":         "a Session beside an access token is ignored",
	"access token/code's form":         "a code of five digits gets CodeMismatchException",
	"list/pages of pools":              "everything comes on one page",
	"list/pages of clients":            "everything comes on one page",
	"list/limits":                      "MaxResults is not checked",
	"list/unsigned":                    "no signature is asked for",
	"admin/change pool":                "there is no password policy",
	"admin/change client":              "ExplicitAuthFlows is not checked",
	"admin/custom attribute":           "values are not checked",
	"admin/alias of another":           "an alias may be that of two users",
	"tokens/rotate":                    "there is no GetTokensFromRefreshToken",
}

// Run runs every case against e, each with users of its own.
func Run(t *testing.T, e Endpoint) {
	s := setUp(t, e)
	known := map[string]bool{}
	for _, c := range cases {
		known[c.name] = true
		t.Run(c.name, func(t *testing.T) {
			if reason, ok := e.Gaps[c.name]; ok {
				t.Skip(reason)
			}
			c.run(t, s)
		})
	}
	for name := range e.Gaps {
		if !known[name] {
			t.Errorf("the gap %q names no case", name)
		}
	}
}
