package simulate

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// secretMembers are those of requests and answers that nobody else may see, in Cognito's names.
var secretMembers = []string{
	"Session", "AccessToken", "IdToken", "RefreshToken", "SecretCode", "UserCode", "ConfirmationCode", "Password",
	"PASSWORD", "NEW_PASSWORD", "SECRET_HASH", "SecretHash", "SOFTWARE_TOKEN_MFA_CODE", "SMS_MFA_CODE", "EMAIL_OTP_CODE",
	"SMS_OTP_CODE", "ANSWER", "PASSWORD_CLAIM_SIGNATURE", "PASSWORD_CLAIM_SECRET_BLOCK",
}

// tapped notes the secrets of all that passes.
type tapped struct {
	http.RoundTripper
	secrets map[string]bool
}

func (t tapped) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	t.note(body)
	r = r.Clone(r.Context())
	r.Body = io.NopCloser(bytes.NewReader(body))
	got, err := t.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err = io.ReadAll(got.Body)
	t.note(body)
	rest := io.Reader(bytes.NewReader(body))
	if err != nil {
		rest = io.MultiReader(rest, broken{err})
	}
	got.Body = io.NopCloser(rest)
	return got, nil
}

func (t tapped) note(body []byte) {
	var value any
	if json.Unmarshal(body, &value) == nil {
		t.members(value)
	}
}

func (t tapped) members(value any) {
	object, ok := value.(map[string]any)
	if !ok {
		return
	}
	for name, member := range object {
		if text, ok := member.(string); ok && slices.Contains(secretMembers, name) && len(text) >= 6 &&
			text != totpFactor && text != smsFactor && text != emailFactor {
			t.secrets[text] = true
		}
		t.members(member)
	}
}

// A trace of all that a few hundred people meet has none of their secrets, and no name: it is fit for a public
// issue.
func TestTraceIsFitToBeShown(t *testing.T) {
	lines, secrets := 0, 0
	for seed := range uint64(300) {
		var out bytes.Buffer
		found := map[string]bool{}
		r := &runner{debug: &out, tap: func(below http.RoundTripper) http.RoundTripper { return tapped{below, found} }}
		r.run(Draw(seed + 1))
		text := out.String()
		for secret := range found {
			if strings.Contains(text, secret) {
				t.Fatalf("seed %d: %q is in the trace:\n%s", seed+1, secret, text)
			}
		}
		for _, name := range []string{alice, bob, "New phone", firstPassword} {
			if strings.Contains(text, name) {
				t.Fatalf("seed %d: the name %q is in the trace:\n%s", seed+1, name, text)
			}
		}
		lines, secrets = lines+strings.Count(text, "\n"), secrets+len(found)
	}
	if lines < 3000 || secrets < 1000 {
		t.Errorf("only %d lines, and %d secrets were looked for", lines, secrets)
	}
}
