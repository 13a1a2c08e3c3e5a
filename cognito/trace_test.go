package cognito

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"cognito-enroll/flow"
)

// TestTraceHidesSecrets: a server says back whatever it was sent, in its error, and nothing of that is in the trace,
// neither with the call nor with those after it.
func TestTraceHidesSecrets(t *testing.T) {
	var sent strings.Builder
	echo := func(r *http.Request) (*http.Response, error) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		sent.Write(body)
		text, err := json.Marshal(map[string]string{"__type": "NotAuthorizedException", "message": "no: " + sent.String()})
		if err != nil {
			return nil, err
		}
		return &http.Response{StatusCode: 400, Body: io.NopCloser(bytes.NewReader(text)),
			Header: http.Header{"Content-Type": {"application/x-amz-json-1.1"}, "X-Amzn-Requestid": {"request-1\x1b[2J"}}}, nil
	}
	c := newClient(t, echo)
	var out bytes.Buffer
	c.config.Trace = &Trace{Out: &out}
	secrets := map[string]bool{}
	for range 2 {
		for _, call := range calls {
			sent.Reset() // of those before it only the names and secrets count
			c.Do(t.Context(), call)
			for _, s := range call.Secrets() {
				secrets[s.Reveal()] = true
			}
			secrets[userOf(call)] = true
		}
	}
	for secret := range secrets {
		if len(secret) >= leastHidden && strings.Contains(out.String(), secret) {
			t.Errorf("%q is in the trace:\n%s", secret, out.String())
		}
	}
	if len(secrets) < 5 || strings.Contains(out.String(), "\x1b") || !strings.Contains(out.String(), "[hidden]") {
		t.Errorf("%d secrets, and the trace:\n%s", len(secrets), out.String())
	}
	for _, want := range []string{"operation=InitiateAuth", "attempt=1", "status=400", "error=NotAuthorizedException",
		"call=Verify fault=", " done=", "request="} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the trace lacks %q:\n%s", want, out.String())
		}
	}
}

// TestTraceUsers: names are shown to whoever wants them.
func TestTraceUsers(t *testing.T) {
	refuse := func(r *http.Request) (*http.Response, error) {
		text := `{"__type":"UserNotFoundException","message":"no user marguerite"}`
		return &http.Response{StatusCode: 400, Body: io.NopCloser(strings.NewReader(text)),
			Header: http.Header{"Content-Type": {"application/x-amz-json-1.1"}}}, nil
	}
	for _, users := range []bool{false, true} {
		var out bytes.Buffer
		c := newClient(t, refuse)
		c.config.Trace = &Trace{Out: &out, Users: users}
		c.Do(t.Context(), flow.Forgot{Username: "marguerite"})
		if got := strings.Contains(out.String(), "marguerite"); got != users {
			t.Errorf("Users %v: %s", users, out.String())
		}
	}
}
