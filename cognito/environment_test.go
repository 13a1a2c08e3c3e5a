package cognito

import (
	"bufio"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cognito-enroll/flow"
)

// awsIs makes the environment one in which only these variables and this configuration file say anything.
func awsIs(t *testing.T, configuration string, variables ...string) {
	t.Helper()
	for _, v := range os.Environ() {
		if name, _, _ := strings.Cut(v, "="); strings.HasPrefix(name, "AWS_") ||
			strings.HasSuffix(strings.ToUpper(name), "_PROXY") {
			t.Setenv(name, "")
		}
	}
	file := filepath.Join(t.TempDir(), "config")
	if err := os.WriteFile(file, []byte(configuration), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_CONFIG_FILE", file)
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", os.DevNull)
	for i := 0; i < len(variables); i += 2 {
		t.Setenv(variables[i], variables[i+1])
	}
}

// pool is what the calls are for.
var pool = Config{PoolID: "us-east-1_AbCdEf123", ClientID: "4example"}

func TestEnvironment(t *testing.T) {
	const profiles = `[default]
region = eu-north-1
[profile local]
endpoint_url = https://everything.example.com
services = here
[services here]
cognito_identity_provider =
  endpoint_url = http://127.0.0.1:9229
[profile strict]
use_fips_endpoint = true
`
	for name, tt := range map[string]struct {
		configuration string
		variables     []string
		host          string // of New
		used          []Used
	}{
		"nothing": {"", nil, "cognito-idp.us-east-1.amazonaws.com", nil},
		"the pool's region stays": {"", []string{"AWS_REGION", "eu-west-1"}, "cognito-idp.us-east-1.amazonaws.com",
			[]Used{{"region", "eu-west-1", "environment AWS_REGION"}}},
		"for the service": {"", []string{"AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", "http://localhost:1",
			"AWS_ENDPOINT_URL", "http://localhost:2"}, "localhost:1",
			[]Used{{"endpoint_url", "http://localhost:1", "environment AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"}}},
		"for all services": {"", []string{"AWS_ENDPOINT_URL", "http://localhost:2"}, "localhost:2",
			[]Used{{"endpoint_url", "http://localhost:2", "environment AWS_ENDPOINT_URL"}}},
		"ignored": {"", []string{"AWS_ENDPOINT_URL", "http://localhost:2", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"},
			"cognito-idp.us-east-1.amazonaws.com", nil},
		"FIPS": {"", []string{"AWS_USE_FIPS_ENDPOINT", "true"}, "cognito-idp-fips.us-east-1.amazonaws.com",
			[]Used{{"use_fips_endpoint", "true", "environment AWS_USE_FIPS_ENDPOINT"}}},
		"dual stack": {"", []string{"AWS_USE_DUALSTACK_ENDPOINT", "true"}, "cognito-idp.us-east-1.amazonaws.com",
			[]Used{{"use_dualstack_endpoint", "true", "environment AWS_USE_DUALSTACK_ENDPOINT"}}},
		"the default profile": {profiles, nil, "cognito-idp.us-east-1.amazonaws.com",
			[]Used{{"region", "eu-north-1", `profile "default" of the AWS configuration`}}},
		"a profile's services": {profiles, []string{"AWS_PROFILE", "local"}, "127.0.0.1:9229",
			[]Used{{"profile", "local", "environment AWS_PROFILE"}, {"endpoint_url", "http://127.0.0.1:9229",
				`profile "local" of the AWS configuration`}}},
		"a profile's FIPS": {profiles, []string{"AWS_PROFILE", "strict"}, "cognito-idp-fips.us-east-1.amazonaws.com",
			[]Used{{"profile", "strict", "environment AWS_PROFILE"},
				{"use_fips_endpoint", "true", `profile "strict" of the AWS configuration`}}},
		"a profile that is not there": {profiles, []string{"AWS_PROFILE", "none"}, "cognito-idp.us-east-1.amazonaws.com",
			[]Used{{"profile", "none", "environment AWS_PROFILE"}}},
		"a proxy": {"", []string{"HTTPS_PROXY", "http://ann:hush@proxy.example.com:3128"},
			"cognito-idp.us-east-1.amazonaws.com",
			[]Used{{"https_proxy", "http://%E2%80%A6@proxy.example.com:3128", "environment HTTPS_PROXY"}}},
	} {
		t.Run(name, func(t *testing.T) {
			awsIs(t, tt.configuration, tt.variables...)
			e, err := LoadEnvironment(t.Context(), Chosen{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.used, e.Used); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			c, err := e.For(pool)
			if err != nil {
				t.Fatal(err)
			}
			client, err := New(c)
			if err != nil || client.host != tt.host {
				t.Errorf("%v, host %q, want %q", err, client.host, tt.host)
			}
			c = pool
			c.Endpoint = "https://flag.example.com"
			if e.FIPS || e.DualStack {
				return
			}
			if c, err = e.For(c); err != nil || c.Endpoint != "https://flag.example.com" {
				t.Errorf("a flag's endpoint becomes %q, %v", c.Endpoint, err)
			}
		})
	}
}

// What is wrong is told with the name of what is wrong, before anything is sent.
func TestEnvironmentMistakes(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty.pem")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		variables []string
		want      string
	}{
		"no bundle": {[]string{"AWS_CA_BUNDLE", "none.pem"},
			`the CA bundle "none.pem" cannot be read; check-setting AWS_CA_BUNDLE`},
		"an empty bundle": {[]string{"AWS_CA_BUNDLE", empty}, `has no certificate`},
		"no boolean": {[]string{"AWS_USE_FIPS_ENDPOINT", "yes"},
			`AWS_USE_FIPS_ENDPOINT is "yes"; set-to-boolean AWS_USE_FIPS_ENDPOINT`},
		"plain http": {[]string{"AWS_ENDPOINT_URL", "http://pool.example.com"},
			`"pool.example.com"; change-setting environment AWS_ENDPOINT_URL`},
		"a password in it": {[]string{"AWS_ENDPOINT_URL", "https://ann:hush@pool.example.com"},
			`the endpoint is not a plain URL; change-setting`},
		"FIPS and elsewhere": {[]string{"AWS_ENDPOINT_URL", "https://pool.example.com", "AWS_USE_FIPS_ENDPOINT", "true"},
			`FIPS and dual-stack endpoints are Cognito's own, and "pool.example.com" is not`},
	} {
		t.Run(name, func(t *testing.T) {
			awsIs(t, "", tt.variables...)
			e, err := LoadEnvironment(t.Context(), Chosen{})
			var c Config
			if err == nil {
				c, err = e.For(pool)
			}
			if err == nil {
				_, err = New(c)
			}
			wrong, ok := errors.AsType[*ConfigError](err)
			if !ok {
				t.Fatalf("error %v", err)
			}
			if got := fmt.Sprintf("%s; %s %s", wrong.Msg, wrong.Remedy.Name, wrong.Remedy.Setting); !strings.Contains(got,
				tt.want) || strings.Contains(got, "hush") {
				t.Errorf("got %s", got)
			}
		})
	}
}

// Whoever signs in as everybody does needs no AWS credentials, and no source of them is touched.
func TestNoCredentialsAreLookedFor(t *testing.T) {
	touched := filepath.Join(t.TempDir(), "touched")
	metadata := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter,
		*http.Request) {
		os.WriteFile(touched, nil, 0o600)
	}))
	defer metadata.Close()
	awsIs(t, "[default]\ncredential_process = touch "+touched+"\n", "AWS_EC2_METADATA_SERVICE_ENDPOINT", metadata.URL)
	e, err := LoadEnvironment(t.Context(), Chosen{})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			t.Error("the call is signed")
		}
		http.Error(w, `{"__type":"NotAuthorizedException","message":"Incorrect username or password."}`,
			http.StatusBadRequest)
	}))
	defer server.Close()
	c := pool
	c.Endpoint = server.URL
	if c, err = e.For(c); err != nil {
		t.Fatal(err)
	}
	client, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	client.Do(t.Context(), flow.SignIn{Flow: flow.Password, Username: "ann", Password: flow.NewSecret("hush")})
	if _, err := os.Stat(touched); err == nil {
		t.Error("a source of credentials was asked")
	}
	if LoadCredentials(t.Context(), "us-east-1", Chosen{}); !exists(touched) {
		t.Error("this test cannot fail: the chain does not ask that source either")
	}
}

func exists(file string) bool { _, err := os.Stat(file); return err == nil }

// With the CA bundle a server is trusted that is not without it.
func TestCABundle(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		w.WriteHeader(http.StatusBadRequest)
		w.Write([]byte(`{"__type":"NotAuthorizedException","message":"Incorrect username or password."}`))
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	bundle := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(bundle, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}),
		0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		variables []string
		want      flow.ErrorCode
	}{
		{nil, tlsFailed},
		{[]string{"AWS_CA_BUNDLE", bundle}, flow.CodeWrongPassword},
	} {
		awsIs(t, "", tt.variables...)
		e, err := LoadEnvironment(t.Context(), Chosen{})
		if err != nil {
			t.Fatal(err)
		}
		c := pool
		c.Endpoint = server.URL
		if c, err = e.For(c); err != nil {
			t.Fatal(err)
		}
		client, err := New(c)
		if err != nil {
			t.Fatal(err)
		}
		event := client.Do(t.Context(), flow.SignIn{Flow: flow.Password, Username: "ann", Password: flow.NewSecret("hush")})
		if failed, ok := event.(flow.Failed); !ok || failed.Err.Code != tt.want {
			t.Errorf("%v: %+v, want %s", tt.variables, event, tt.want)
		}
	}
}

// A call by plain http does not wait for certificates that nothing is checked with.
func TestCABundleIsForTLS(t *testing.T) {
	answer := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	plain, secure := httptest.NewServer(answer), httptest.NewTLSServer(answer)
	defer plain.Close()
	defer secure.Close()
	read := 0
	c, err := Environment{RootCAs: func() *x509.CertPool {
		read++
		roots := x509.NewCertPool()
		roots.AddCert(secure.Certificate())
		return roots
	}}.For(Config{})
	if err != nil {
		t.Fatal(err)
	}
	for want, url := range []string{plain.URL, secure.URL} {
		res, err := (&http.Client{Transport: c.Transport}).Get(url)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if read != want {
			t.Errorf("after %s the certificates were read %d times, not %d", url, read, want)
		}
	}
}

// The proxies are read once in a process: each case is one of its own.
func TestProxy(t *testing.T) {
	if os.Getenv("COGNITO_ENROLL_TEST_CHILD") != "" {
		client, err := New(pool)
		if err != nil {
			t.Fatal(err)
		}
		client.Do(t.Context(), flow.SignIn{Flow: flow.Password, Username: "ann", Password: flow.NewSecret("hush")})
		return
	}
	for noProxy, want := range map[string]string{"": "CONNECT cognito-idp.us-east-1.amazonaws.com:443 HTTP/1.1",
		"amazonaws.com": ""} {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		asked := make(chan string, 10)
		go func() {
			defer close(asked)
			for {
				conn, err := listener.Accept()
				if err != nil {
					return
				}
				line, _ := bufio.NewReader(conn).ReadString('\n')
				asked <- strings.TrimSpace(line)
				conn.Close()
			}
		}()
		child := exec.Command(os.Args[0], "-test.run=^TestProxy$", "-test.count=1")
		child.Env = append(os.Environ(), "COGNITO_ENROLL_TEST_CHILD=1", "HTTPS_PROXY=http://"+listener.Addr().String(),
			"NO_PROXY="+noProxy, "no_proxy=")
		if out, err := child.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		listener.Close()
		if got := <-asked; got != want {
			t.Errorf("NO_PROXY=%s: the proxy was asked %q, want %q", noProxy, got, want)
		}
	}
}

// BenchmarkLoadEnvironment is what the conventions cost at each start.
func BenchmarkLoadEnvironment(b *testing.B) {
	for b.Loop() {
		if _, err := LoadEnvironment(b.Context(), Chosen{}); err != nil {
			b.Fatal(err)
		}
	}
}
