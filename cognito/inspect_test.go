package cognito

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/cockroachdb/datadriven"

	"cognito-enroll/cognito/localpool"
	"cognito-enroll/flow"
)

// inspectSeed has a client for each state that Inspect tells apart, by name.
const inspectSeed = `{"pools": [
	{"id": "us-east-1_optional", "name": "optional", "mfa": "OPTIONAL", "clients": [
		{"id": "plain", "authFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]},
		{"id": "secret", "secret": "0123456789abcdefghijklmnopqrstuvwxyz"},
		{"id": "password", "authFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]},
		{"id": "choice", "authFlows": ["ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]},
		{"id": "custom", "authFlows": ["ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]},
		{"id": "none", "authFlows": ["ALLOW_REFRESH_TOKEN_AUTH"]},
		{"id": "legacy", "authFlows": ["USER_PASSWORD_AUTH"]},
		{"id": "tells", "revealsUsers": true}]},
	{"id": "us-east-1_required", "name": "required", "mfa": "ON", "clients": [
		{"id": "short"}, {"id": "long", "authSessionValidity": 15}]},
	{"id": "us-east-1_SMS", "name": "SMS", "mfa": "ON", "factors": ["SMS_MFA"], "clients": [{"id": "texts", "authSessionValidity": 15}]},
	{"id": "us-east-1_off", "name": "off", "clients": [{"id": "off"}]},
	{"id": "us-east-1_offTOTP", "name": "off", "factors": ["SOFTWARE_TOKEN_MFA"], "clients": [{"id": "offTOTP"}]}
]}`

// TestInspect reads testdata/inspect.txt, whose blocks are
//
//	inspect pool=POOL client=CLIENT [secret=SECRET] [signed] [fault=KIND [skip=N]] [deny=OPERATION ERROR]
//
// for a client of inspectSeed, with AWS credentials if signed, and a localpool.Fault, or an error in
// place of an operation's answer. What comes out are the findings, and which calls were made.
func TestInspect(t *testing.T) {
	datadriven.RunTest(t, "testdata/inspect.txt", func(t *testing.T, d *datadriven.TestData) string {
		var pool, client, secret, fault, deny string
		skip := 0
		d.MaybeScanArgs(t, "pool", &pool)
		d.MaybeScanArgs(t, "client", &client)
		d.MaybeScanArgs(t, "secret", &secret)
		d.MaybeScanArgs(t, "fault", &fault)
		d.MaybeScanArgs(t, "skip", &skip)
		d.MaybeScanArgs(t, "deny", &deny)

		var seed localpool.Seed
		if err := json.Unmarshal([]byte(inspectSeed), &seed); err != nil {
			t.Fatal(err)
		}
		server := localpool.New(localpool.Options{})
		if _, err := server.Seed(seed); err != nil {
			t.Fatal(err)
		}
		if fault != "" {
			if err := server.Inject(localpool.Fault{Kind: localpool.FaultKind(fault), Skip: skip, Times: -1,
				Seconds: 300}); err != nil {
				t.Fatal(err)
			}
		}
		var mu sync.Mutex
		var calls []string
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
			body, err := io.ReadAll(r.Body)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			calls = append(calls, operation+checkReadOnly(t, r, body))
			mu.Unlock()
			if operation == deny {
				w.Header().Set("Content-Type", "application/x-amz-json-1.1")
				w.WriteHeader(http.StatusBadRequest)
				io.WriteString(w, d.Input)
				return
			}
			r.Body = io.NopCloser(strings.NewReader(string(body)))
			server.ServeHTTP(w, r)
		}))
		defer s.Close()
		config := Config{PoolID: pool, ClientID: client, ClientSecret: flow.NewSecret(secret), Endpoint: s.URL}
		if d.HasArg("signed") {
			config.Credentials = credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", theAWSKey.Reveal(), "")
		}
		c, err := New(config)
		if err != nil {
			t.Fatal(err)
		}
		in := c.Inspect(t.Context())
		text := strings.ReplaceAll(printed(in.Findings), strings.TrimPrefix(s.URL, "http://"), "HOST")
		text = requestID.ReplaceAllString(text, "REQUEST")
		for _, hidden := range []string{secret, "0123456789abcdefghijklmnopqrstuvwxyz", theAWSKey.Reveal()} {
			if hidden != "" && strings.Contains(text, hidden) {
				t.Errorf("%s: a secret is shown", d.Pos)
			}
		}
		mu.Lock()
		defer mu.Unlock()
		return text + "calls: " + strings.Join(calls, ", ") + "\n"
	})
}

var requestID = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

func printed(list []Finding) string {
	var b strings.Builder
	for _, f := range list {
		fmt.Fprintf(&b, "%s %s: %s", f.Level, f.Topic, f.Text)
		if f.Level == LevelProblem {
			fmt.Fprintf(&b, " [%s]", f.Fault)
		}
		b.WriteByte('\n')
		if f.Hint != "" {
			fmt.Fprintf(&b, "  hint: %s\n", f.Hint)
		}
		if f.Remedy.Name != "" {
			fmt.Fprintf(&b, "  remedy: %s\n", f.Remedy.Name)
		}
		if r := f.Repair; r != nil {
			fmt.Fprintf(&b, "  console: %s\n  cli: %s\n", r.Console, r.CLI)
			if r.Note != "" {
				fmt.Fprintf(&b, "  note: %s\n", r.Note)
			}
			fmt.Fprintf(&b, "  terraform: %s\n", r.Terraform)
		}
	}
	return b.String()
}

// checkReadOnly wants nothing of a sign-in but its beginning, and never by the name of somebody.
func checkReadOnly(t *testing.T, r *http.Request, body []byte) string {
	var in struct {
		AuthFlow       string
		AuthParameters map[string]string
	}
	if err := json.Unmarshal(body, &in); err != nil {
		t.Error(err)
	}
	if in.AuthFlow == "" {
		if !strings.Contains(r.Header.Get("X-Amz-Target"), "Describe") &&
			!strings.Contains(r.Header.Get("X-Amz-Target"), ".GetUserPool") {
			t.Errorf("%s is sent", r.Header.Get("X-Amz-Target"))
		}
		return ""
	}
	if !strings.HasPrefix(in.AuthParameters["USERNAME"], "cognito-enroll-doctor-") {
		t.Errorf("the username is %q", in.AuthParameters["USERNAME"])
	}
	if r.Header.Get("Authorization") != "" {
		t.Error("a beginning is signed")
	}
	return " " + in.AuthFlow
}

// TestInspectNowhere: when nobody answers, one attempt is enough.
func TestInspectNowhere(t *testing.T) {
	for name, want := range map[string]struct {
		fault flow.Fault
		msg   string
	}{
		"no-such-host": {flow.Wait, "cannot find"},
		"refused":      {flow.Wait, "cannot reach"},
		"reset":        {flow.Wait, "no answer from"},
	} {
		t.Run(name, func(t *testing.T) {
			failure := networkFailures[name]
			if failure == nil {
				t.Fatal("there is no such failure")
			}
			attempts := 0
			c := newClient(t, func(*http.Request) (*http.Response, error) {
				attempts++
				return nil, failure
			})
			in := c.Inspect(t.Context())
			if len(in.Findings) != 1 || attempts != 1 || in.Dated {
				t.Fatalf("after %d attempts %+v", attempts, in)
			}
			f := in.Findings[0]
			if f.Topic != "endpoint" || f.Level != LevelProblem || f.Fault != want.fault || !strings.Contains(f.Text, want.msg) {
				t.Errorf("%+v", f)
			}
		})
	}
}

// TestInspectClock: a Date is not taken for known because there is none.
func TestInspectClock(t *testing.T) {
	for date, want := range map[string]Inspection{
		"":                              {},
		"Tue, 03 Feb 2026 04:05:06 GMT": {Dated: true},
		"Tue, 03 Feb 2026 04:00:06 GMT": {Dated: true, Skew: 5 * time.Minute},
	} {
		c := newClient(t, func(*http.Request) (*http.Response, error) {
			header := http.Header{"Content-Type": {"application/x-amz-json-1.1"}}
			if date != "" {
				header.Set("Date", date)
			}
			return respondWith(200, header, `{"ChallengeName": "SELECT_CHALLENGE", "Session": "S"}`), nil
		})
		if in := c.Inspect(t.Context()); in.Dated != want.Dated || in.Skew != want.Skew {
			t.Errorf("%q: %v, %v", date, in.Dated, in.Skew)
		}
	}
}

// FuzzInspect: whatever comes back, there are findings with words, a handful of calls, and no panic.
func FuzzInspect(f *testing.F) {
	f.Add(400, "NotAuthorizedException:", `{"message":"Unable to verify secret hash for client x"}`)
	f.Add(400, "InvalidParameterException:", `{"message":"USER_SRP_AUTH is not enabled for the client."}`)
	f.Add(400, "AccessDeniedException", `{"message":"User: arn:… is not authorized"}`)
	f.Add(200, "", `{"UserPoolClient":{"ExplicitAuthFlows":[],"AuthSessionValidity":-1},"SoftwareTokenMfaConfiguration":{"Enabled":true},"MfaConfiguration":"SOMETIMES","ChallengeName":"X"}`)
	f.Fuzz(func(t *testing.T, status int, errorType, body string) {
		synctest.Test(t, func(t *testing.T) { // its clock does not wait for the SDK to try again
			calls := 0
			c := newClient(t, func(*http.Request) (*http.Response, error) {
				calls++
				return respondWith(100+int(uint(status)%900), http.Header{"Content-Type": {"application/x-amz-json-1.1"},
					"X-Amzn-Errortype": {errorType}}, body), nil
			})
			in := c.Inspect(t.Context())
			if len(in.Findings) == 0 || slices.ContainsFunc(in.Findings,
				func(f Finding) bool { return f.Topic == "" || f.Text == "" || f.Level == "" }) {
				t.Errorf("%+v", in.Findings)
			}
			if calls > 10 { // four that begin, and two that may be made three times
				t.Errorf("%d calls", calls)
			}
		})
	})
}
