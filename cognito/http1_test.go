package cognito

import (
	"bytes"
	"crypto/sha1"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cognito-enroll/flow"
)

// awsOverTLS is a TLS server that offers HTTP/2 and answers for Cognito, STS and SSO. It returns the name of the
// file with its certificate, and the versions of HTTP that it was asked in, by service.
func awsOverTLS(t *testing.T) (url, bundle string, protocols map[string]string) {
	protocols = map[string]string{}
	expires := time.Now().Add(time.Hour)
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		switch {
		case strings.HasPrefix(r.Header.Get("X-Amz-Target"), "AWSCognitoIdentityProviderService."):
			protocols["cognito"] = r.Proto
			w.Header().Set("Content-Type", "application/x-amz-json-1.1")
			io.WriteString(w, `{"ChallengeName": "SMS_MFA", "Session": "the-session-that-leaks"}`)
		case strings.Contains(string(body), "Action=AssumeRole"):
			protocols["sts"] = r.Proto
			fmt.Fprintf(w, `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>`+
				`<AccessKeyId>AKIDROLE</AccessKeyId><SecretAccessKey>the-key-that-leaks</SecretAccessKey>`+
				`<SessionToken>t</SessionToken><Expiration>%s</Expiration>`+
				`</Credentials></AssumeRoleResult></AssumeRoleResponse>`, expires.UTC().Format(time.RFC3339))
		case strings.HasPrefix(r.URL.Path, "/federation/credentials"):
			protocols["sso"] = r.Proto
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprintf(w, `{"roleCredentials": {"accessKeyId": "AKIDSSO", "secretAccessKey": "the-key-that-leaks",`+
				`"sessionToken": "t", "expiration": %d}}`, expires.UnixMilli())
		default:
			t.Errorf("unexpected: %s %s %s", r.Method, r.URL, r.Header)
		}
	}))
	s.EnableHTTP2 = true
	s.StartTLS()
	t.Cleanup(s.Close)
	bundle = filepath.Join(t.TempDir(), "ca.pem")
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	if err := os.WriteFile(bundle, certificate, 0o600); err != nil {
		t.Fatal(err)
	}
	return s.URL, bundle, protocols
}

const rolesAndSSO = `[profile base]
aws_access_key_id = AKIDBASE
aws_secret_access_key = base
[profile role]
role_arn = arn:aws:iam::123456789012:role/enroll
source_profile = base
region = us-east-1
[profile sso]
sso_start_url = https://example.awsapps.com/start
sso_region = us-east-1
sso_account_id = 123456789012
sso_role_name = enroll
region = us-east-1
`

// TestHTTP1Only: whoever offers HTTP/2 is spoken to in HTTP/1.1, also by the clients that the SDK makes of
// its own, so that GODEBUG=http2debug=2 has nothing to print.
func TestHTTP1Only(t *testing.T) {
	if os.Getenv("COGNITO_ENROLL_HTTP1") == "" { // GODEBUG is read before main
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestHTTP1Only$", "-test.v")
		cmd.Env = append(os.Environ(), "COGNITO_ENROLL_HTTP1=1", "GODEBUG=http2debug=2")
		out, err := cmd.CombinedOutput()
		if err != nil || !bytes.Contains(out, []byte("--- PASS: TestHTTP1Only")) {
			t.Errorf("%v\n%s", err, out)
		}
		for _, leak := range []string{"the-password-that-leaks", "the-session-that-leaks", "the-key-that-leaks", "http2:"} {
			if bytes.Contains(out, []byte(leak)) {
				t.Errorf("%q is on stderr", leak)
			}
		}
		return
	}
	url, bundle, protocols := awsOverTLS(t)
	home := t.TempDir()
	awsIs(t, rolesAndSSO, "AWS_CA_BUNDLE", bundle, "AWS_ENDPOINT_URL", url,
		"AWS_ENDPOINT_URL_STS", url, "AWS_ENDPOINT_URL_SSO", url, "AWS_EC2_METADATA_DISABLED", "true", "HOME", home)
	name := sha1.Sum([]byte("https://example.awsapps.com/start"))
	cached := filepath.Join(home, ".aws", "sso", "cache", hex.EncodeToString(name[:])+".json")
	if err := os.MkdirAll(filepath.Dir(cached), 0o700); err != nil {
		t.Fatal(err)
	}
	token := fmt.Sprintf(`{"accessToken": "sso-token", "expiresAt": %q}`,
		time.Now().Add(time.Hour).UTC().Format(time.RFC3339))
	if err := os.WriteFile(cached, []byte(token), 0o600); err != nil {
		t.Fatal(err)
	}
	for profile, id := range map[string]string{"role": "AKIDROLE", "sso": "AKIDSSO"} {
		t.Setenv("AWS_PROFILE", profile)
		p, err := LoadCredentials(t.Context(), "us-east-1", Chosen{})
		if err != nil {
			t.Fatalf("%s: %v", profile, err)
		}
		if got, err := p.Retrieve(t.Context()); err != nil || got.AccessKeyID != id {
			t.Errorf("%s: %q, %v", profile, got.AccessKeyID, err)
		}
	}
	t.Setenv("AWS_PROFILE", "")
	e, err := LoadEnvironment(t.Context(), Chosen{})
	if err != nil {
		t.Fatal(err)
	}
	config, err := e.For(pool)
	if err != nil {
		t.Fatal(err)
	}
	c, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	call := flow.SignIn{Flow: flow.Password, Username: "u", Password: flow.NewSecret("the-password-that-leaks")}
	if e, failed := c.Do(t.Context(), call).(flow.Failed); failed {
		t.Error(e.Err)
	}
	for _, service := range []string{"cognito", "sts", "sso"} {
		if protocols[service] != "HTTP/1.1" {
			t.Errorf("%s is asked in %q", service, protocols[service])
		}
	}
}
