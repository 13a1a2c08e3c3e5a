package flow

import (
	"encoding/base64"
	"encoding/json"
	"strings"
)

const adminScope = "aws.cognito.signin.user.admin"

// claims are those of a Cognito token (Developer Guide, "Understanding the access token").
type claims struct {
	Use      string  `json:"token_use"`
	Scope    string  `json:"scope"`
	Iss      string  `json:"iss"`
	Exp      float64 `json:"exp"`
	Username string  `json:"username"`
	Name     string  `json:"cognito:username"` // of an ID token, the same
	ClientID string  `json:"client_id"`
	Audience any     `json:"aud"` // of an ID token, the app client

	Identities json.RawMessage `json:"identities"`
	Groups     json.RawMessage `json:"cognito:groups"`
}

// readClaims reads those of a token, or says not for what is none.
func readClaims(token Secret, not, hint string) (c claims, err *Error) {
	parts := strings.Split(token.Reveal(), ".")
	if len(parts) == 5 {
		return c, wrongToken("this is a refresh token", hint)
	}
	if len(parts) != 3 {
		return c, wrongToken(not, hint)
	}
	payload, bad := base64.RawURLEncoding.DecodeString(parts[1])
	if bad != nil || json.Unmarshal(payload, &c) != nil {
		return claims{}, wrongToken(not, hint)
	}
	return c, nil
}

func wrongToken(msg, hint string) *Error {
	return &Error{Code: CodeWrongToken, Fault: Retry, Field: "token", Msg: msg, Hint: hint}
}

// pool is the id of the user pool that issued the token.
func (c claims) pool() string { return PoolOf(c.Iss) }

// user is the name that Cognito has for the token's user.
func (c claims) user() string {
	if c.Username == "" {
		return c.Name
	}
	return c.Username
}
