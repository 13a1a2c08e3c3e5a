package cognito

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"cognito-enroll/flow"
)

// TestNoCredentials: without any, nothing is sent, signed or not.
func TestNoCredentials(t *testing.T) {
	for name, p := range map[string]aws.CredentialsProvider{
		"none":      nil,
		"anonymous": aws.AnonymousCredentials{},
		"empty": aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{},
				nil
		}),
		"failing": aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{}, errors.New("parse failed of process output: " + theAWSKey.Reveal())
		}),
	} {
		t.Run(name, func(t *testing.T) {
			c, err := New(Config{
				PoolID: "us-east-1_AbCdEf123", ClientID: "3n4b5urk1ft4fl3mg5e62d9ado", Credentials: p,
				Transport: transport(func(*http.Request) (*http.Response, error) { panic("a request was sent") }),
			})
			if err != nil {
				t.Fatal(err)
			}
			for _, call := range []string{"SignInAdmin", "AdminSOFTWARE_TOKEN_MFA", "AdminPASSWORD_SRP"} {
				e := fails(t, c, calls[call])
				wantFailure(t, e, noCredentials, flow.Elsewhere, "no AWS credentials")
				if strings.Contains(e.Msg+e.Hint+e.Remedy.Setting, theAWSKey.Reveal()) {
					t.Error("the secret key is shown")
				}
			}
		})
	}
}

// TestCredentialsCanceled: who leaves while they are looked up, as from a slow role provider, is
// not told that there are none.
func TestCredentialsCanceled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	c, err := New(Config{
		PoolID: "us-east-1_AbCdEf123", ClientID: "3n4b5urk1ft4fl3mg5e62d9ado",
		Credentials: aws.CredentialsProviderFunc(func(ctx context.Context) (aws.Credentials, error) {
			cancel()
			<-ctx.Done()
			return aws.Credentials{}, ctx.Err()
		}),
	})
	if err != nil {
		t.Fatal(err)
	}
	wantFailure(t, c.Do(ctx, calls["SignInAdmin"]).(flow.Failed).Err, flow.CodeCanceled, flow.Wait, "canceled")
}

// isolate leaves no AWS configuration but that in file.
func isolate(t *testing.T, file string) {
	t.Helper()
	for _, e := range os.Environ() {
		if name, _, _ := strings.Cut(e, "="); strings.HasPrefix(name, "AWS_") {
			t.Setenv(name, "")
		}
	}
	path := filepath.Join(t.TempDir(), "config")
	if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("HOME", t.TempDir())
	t.Setenv("AWS_CONFIG_FILE", path)
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", path+"-of-credentials")
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
}

const profiles = `[profile bob]
aws_access_key_id = AKIDBOB
aws_secret_access_key = the/AWS/secret/access/key/6

[profile broken]
credential_process = echo the/AWS/secret/access/key/6
`

func TestLoadCredentials(t *testing.T) {
	for _, tc := range []struct {
		name    string
		file    string
		profile string
		id      string // when there are some
		msg     string // when there are not
	}{
		{"profile", profiles, "bob", "AKIDBOB", ""},
		{"no profile", profiles, "", "", "no AWS credentials"},
		{"another profile", profiles, "eve", "", `there is no AWS profile "eve"`},
		{"broken process", profiles, "broken", "", "no AWS credentials"},
		{"nothing", "", "", "", "no AWS credentials"},
		{"no file format", "the/AWS/secret/access/key/6\n[", "bob", "", "AWS profile"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			isolate(t, tc.file)
			t.Setenv("AWS_PROFILE", tc.profile)
			p, err := LoadCredentials(t.Context(), "us-east-1", Chosen{})
			if tc.msg == "" {
				if err != nil {
					t.Fatal(err)
				}
				if got, err := p.Retrieve(t.Context()); err != nil || got.AccessKeyID != tc.id {
					t.Errorf("the access key id is %q, %v; want %q", got.AccessKeyID, err, tc.id)
				}
				return
			}
			e, ok := errors.AsType[*ConfigError](err)
			if !ok || !strings.Contains(e.Msg, tc.msg) || e.Remedy.Name == "" {
				t.Fatalf("the error is %v, want %q", err, tc.msg)
			}
			if strings.Contains(e.Msg+e.Hint+e.Remedy.Setting, theAWSKey.Reveal()) {
				t.Error("the secret key is shown")
			}
		})
	}
}

func TestLoadCredentialsFromEnvironment(t *testing.T) {
	isolate(t, "")
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIDENV")
	t.Setenv("AWS_SECRET_ACCESS_KEY", theAWSKey.Reveal())
	p, err := LoadCredentials(t.Context(), "us-east-1", Chosen{})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := p.Retrieve(t.Context()); err != nil || got.AccessKeyID != "AKIDENV" {
		t.Errorf("the access key id is %q, %v", got.AccessKeyID, err)
	}
}

// TestSigned: a session token is sent along, and the secret key never.
func TestSigned(t *testing.T) {
	c, err := New(Config{
		PoolID: "us-east-1_AbCdEf123", ClientID: "3n4b5urk1ft4fl3mg5e62d9ado",
		Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", theAWSKey.Reveal(), "the-AWS-session-token"),
		Transport: transport(func(r *http.Request) (*http.Response, error) {
			if got := r.Header.Get("Authorization"); !strings.Contains(got, "AKIDEXAMPLE/") ||
				!strings.Contains(got, "/us-east-1/cognito-idp/aws4_request") {
				t.Errorf("Authorization is %q", got)
			}
			if r.Header.Get("X-Amz-Security-Token") != "the-AWS-session-token" {
				t.Error("the session token is not sent")
			}
			return respondWith(http.StatusOK, nil, `{"ChallengeName": "MFA_SETUP", "Session": "S1"}`), nil
		}),
	})
	if err != nil {
		t.Fatal(err)
	}
	if e, ok := c.Do(t.Context(), calls["SignInAdmin"]).(flow.Failed); ok {
		t.Error(e.Err)
	}
}
