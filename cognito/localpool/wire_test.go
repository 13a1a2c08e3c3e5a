package localpool

import (
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var uuidPattern = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

func headers(t *testing.T, r *http.Response) map[string]string {
	t.Helper()
	h := map[string]string{}
	for name, values := range r.Header {
		h[name] = strings.Join(values, "; ")
	}
	if !uuidPattern.MatchString(h["X-Amzn-Requestid"]) {
		t.Errorf("x-amzn-requestid is %q, which is no UUID", h["X-Amzn-Requestid"])
	}
	delete(h, "X-Amzn-Requestid")
	return h
}

func TestHeaders(t *testing.T) {
	r := newRig(t, Options{})
	common := map[string]string{
		"Access-Control-Allow-Origin":   "*",
		"Access-Control-Expose-Headers": "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date",
		"Content-Type":                  "application/x-amz-json-1.1",
		"Date":                          "Tue, 03 Feb 2026 04:05:06 GMT",
	}
	with := func(more ...string) map[string]string {
		h := map[string]string{}
		for k, v := range common {
			h[k] = v
		}
		for i := 0; i < len(more); i += 2 {
			h[more[i]] = more[i+1]
		}
		return h
	}
	long := strings.Repeat("x", 70000)
	for _, tt := range []struct {
		name, operation, body, auth string
		status                      int
		want                        map[string]string
		wantBody                    string
	}{
		{"refusal", "GetUser", `{"AccessToken":"x"}`, "", 400,
			with("X-Amzn-Errortype", "NotAuthorizedException:", "X-Amzn-Errormessage", "Invalid Access Token"),
			`{"__type":"NotAuthorizedException","message":"Invalid Access Token"}`},
		{"unknown operation", "Nonsense", `{}`, "", 400,
			with("X-Amzn-Errortype", "UnknownOperationException:", "X-Amzn-Errormessage",
				"This local user pool has no operation Nonsense"),
			`{"__type":"UnknownOperationException","message":"This local user pool has no operation Nonsense"}`},
		{"no operation", "", `{}`, "", 400,
			with("X-Amzn-Errortype", "UnknownOperationException:", "X-Amzn-Errormessage",
				"The header X-Amz-Target names no operation of AWSCognitoIdentityProviderService.*"),
			`{"__type":"UnknownOperationException","message":"The header X-Amz-Target names no operation of AWSCognitoIdentityProviderService.*"}`},
		{"unsigned", "ListUserPools", `{"MaxResults":1}`, "", 400,
			with("X-Amzn-Errortype", "MissingAuthenticationTokenException:", "X-Amzn-Errormessage",
				"Missing Authentication Token"),
			`{"__type":"MissingAuthenticationTokenException","message":"Missing Authentication Token"}`},
		{"malformed signature", "ListUserPools", `{"MaxResults":1}`, "AWS4-HMAC-SHA256 Credential=x", 400,
			with("X-Amzn-Errortype", "IncompleteSignatureException:",
				"X-Amzn-Errormessage", "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters."),
			`{"__type":"IncompleteSignatureException","message":"Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters."}`},
		{"other service", "ListUserPools", `{"MaxResults":1}`, strings.Replace(signature, "cognito-idp", "s3", 1), 400,
			with("X-Amzn-Errortype", "InvalidSignatureException:",
				"X-Amzn-Errormessage", "Credential should be scoped to correct service: 'cognito-idp'."),
			`{"__type":"InvalidSignatureException","message":"Credential should be scoped to correct service: 'cognito-idp'."}`},
		{"success", "ListUserPools", `{"MaxResults":1,"Unknown":{"member":[1]}}`, signature, 200, with(), `{"UserPools":[]}`},
		{"quotes and controls", "VerifySoftwareToken", `{"AccessToken":"x","UserCode":"<\r\nSet-Cookie: a\u0000"}`, "", 400,
			with("X-Amzn-Errortype", "InvalidParameterException:", "X-Amzn-Errormessage",
				"2 validation errors detected: Value '<  Set-Cookie: a ' at 'userCode' failed to satisfy constraint: Member must "+
					"satisfy regular expression pattern: [0-9]+; "+
					"Value '<  Set-Cookie: a ' at 'userCode' failed to satisfy constraint: Member must have length less than or "+
					"equal to 6"),
			`{"__type":"InvalidParameterException","message":"2 validation errors detected: ` +
				`Value '<\r\nSet-Cookie: a\u0000' at 'userCode' failed to satisfy constraint: Member must satisfy regular expression pattern: [0-9]+; ` +
				`Value '<\r\nSet-Cookie: a\u0000' at 'userCode' failed to satisfy constraint: Member must have length less than or equal to 6"}`},
		{"long", "InitiateAuth", `{"AuthFlow":"USER_SRP_AUTH","ClientId":"` + long + `"}`, "", 400,
			with("X-Amzn-Errortype", "InvalidParameterException:",
				"X-Amzn-Errormessage", ("1 validation error detected: Value '" + long)[:1024]),
			`{"__type":"InvalidParameterException","message":"1 validation error detected: Value '` + long +
				`' at 'clientId' failed to satisfy constraint: Member must have length less than or equal to 128"}`},
		{"too long", "InitiateAuth", `{"ClientId":"` + strings.Repeat("x", maxBody) + `"}`, "", 413,
			with("X-Amzn-Errortype", "RequestEntityTooLargeException:", "X-Amzn-Errormessage", "Request body is too large.",
				"Connection", "close"),
			`{"__type":"RequestEntityTooLargeException","message":"Request body is too large."}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := http.Header{"Amz-Sdk-Request": {"attempt=1; max=3"}, "Cache-Control": {"no-store"},
				"X-Amz-User-Agent": {"aws-amplify/5.0.4"}}
			if tt.auth != "" {
				h.Set("Authorization", tt.auth)
			}
			resp, body := r.post(t, tt.operation, tt.body, h)
			if resp.StatusCode != tt.status {
				t.Errorf("status %d, want %d", resp.StatusCode, tt.status)
			}
			got := headers(t, resp)
			if resp.Close {
				got["Connection"] = "close" // which net/http takes out of the header
			}
			delete(got, "Content-Length")
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("headers (-want +got):\n%s", d)
			}
			if body != tt.wantBody {
				t.Errorf("body %s\nwant %s", body, tt.wantBody)
			}
		})
	}
}

func TestPreflight(t *testing.T) {
	r := newRig(t, Options{})
	req, err := http.NewRequest("OPTIONS", r.url+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Origin", "http://localhost:3000")
	req.Header.Set("Access-Control-Request-Method", "POST")
	req.Header.Set("Access-Control-Request-Headers", "cache-control,content-type,x-amz-target,x-amz-user-agent")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	for name, want := range map[string]string{
		"Access-Control-Allow-Origin":  "*",
		"Access-Control-Allow-Methods": "POST",
		"Access-Control-Allow-Headers": "cache-control,content-type,x-amz-target,x-amz-user-agent",
		"Access-Control-Max-Age":       "172800",
	} {
		if got := resp.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if resp.StatusCode != 200 {
		t.Errorf("status %d, want 200", resp.StatusCode)
	}
}

func TestOtherRequests(t *testing.T) {
	r := newRig(t, Options{})
	for _, tt := range []struct {
		method, path string
		status       int
	}{
		{"GET", "/", 405}, {"POST", "/other", 404}, {"GET", "/us-east-1_nosuch/.well-known/jwks.json", 400},
		{"DELETE", "/", 405},
	} {
		req, err := http.NewRequest(tt.method, r.url+tt.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		if resp.StatusCode != tt.status {
			t.Errorf("%s %s: status %d, want %d", tt.method, tt.path, resp.StatusCode, tt.status)
		}
	}
}
