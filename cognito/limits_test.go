package cognito

import (
	"encoding/pem"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cognito-enroll/flow"
)

// TestConfigLimits stands at each limit of a Config and one step beside it.
func TestConfigLimits(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*Config)
		msg    string // "" when it is good
	}{
		"longest pool id": {func(c *Config) { c.PoolID = "us-east-1_" + strings.Repeat("a", 45) }, ""},
		"a pool id too long": {func(c *Config) { c.PoolID = "us-east-1_" + strings.Repeat("a", 46) },
			"is not a user pool ID"},
		"longest client id": {func(c *Config) { c.ClientID = strings.Repeat("a", 128) }, ""},
		"a client id too long": {func(c *Config) { c.ClientID = strings.Repeat("a", 129) },
			"is not an app client ID"},
		"a client id with a line end":      {func(c *Config) { c.ClientID = "abc\n" }, "is not an app client ID"},
		"a region with something behind":   {func(c *Config) { c.Region = "us-east-1x" }, "is not an AWS region"},
		"a region with something before":   {func(c *Config) { c.Region = "x.us-east-1" }, "is not an AWS region"},
		"http to localhost":                {func(c *Config) { c.Endpoint = "http://localhost" }, ""},
		"http to a name of localhost":      {func(c *Config) { c.Endpoint = "http://localhost.example.com" }, "plain http"},
		"http to one that ends so":         {func(c *Config) { c.Endpoint = "http://example.com.localhost" }, "plain http"},
		"http to another loopback address": {func(c *Config) { c.Endpoint = "http://127.8.9.10:1" }, ""},
		"http to an address nearby":        {func(c *Config) { c.Endpoint = "http://128.0.0.1" }, "plain http"},
		"http to a private address":        {func(c *Config) { c.Endpoint = "http://192.168.0.1" }, "plain http"},
		"a query": {func(c *Config) { c.Endpoint = "https://pool.example.com/?token=hush" },
			"not a plain URL"},
		"a fragment": {func(c *Config) { c.Endpoint = "https://pool.example.com/#hush" },
			"not a plain URL"},
		"a user without a password": {func(c *Config) { c.Endpoint = "https://hush@pool.example.com/" },
			"not a plain URL"},
		"dual stack elsewhere": {func(c *Config) {
			c.Endpoint, c.DualStack = "https://pool.example.com",
				true
		}, "FIPS and dual-stack endpoints"},
		"FIPS elsewhere": {func(c *Config) {
			c.Endpoint, c.FIPS = "https://pool.example.com",
				true
		}, "FIPS and dual-stack endpoints"},
		"a client secret with a space": {func(c *Config) { c.ClientSecret = flow.NewSecret("hush hush") },
			"the client secret has characters"},
	} {
		c := Config{PoolID: "us-east-1_AbCdEf123", ClientID: "3n4b5urk1ft4fl3mg5e62d9ado"}
		tt.change(&c)
		_, err := New(c)
		wrong, ok := errors.AsType[*ConfigError](err)
		if ok != (tt.msg != "") || ok && (!strings.Contains(wrong.Msg, tt.msg) ||
			strings.Contains(wrong.Msg+wrong.Hint+wrong.Remedy.Setting, "hush")) {
			t.Errorf("%s: %v, want %q", name, err, tt.msg)
		}
	}
}

// TestEnvironmentShowsNoUser: what is listed of an endpoint or a proxy has no user and no password, and
// where neither can be told apart it is not shown at all.
func TestEnvironmentShowsNoUser(t *testing.T) {
	for _, tt := range []struct{ variable, value, want string }{
		{"HTTPS_PROXY", "http://ann:hush@proxy.example.com", "http://%E2%80%A6@proxy.example.com"},
		{"HTTP_PROXY", "http://hush@proxy.example.com", "http://%E2%80%A6@proxy.example.com"},
		{"HTTPS_PROXY", "http://ann:hush%@proxy.example.com", "set"},
		{"HTTPS_PROXY", "proxy.example.com:3128", "proxy.example.com:3128"},
		{"AWS_ENDPOINT_URL", "https://ann:hush@pool.example.com", "https://%E2%80%A6@pool.example.com"},
	} {
		awsIs(t, "", tt.variable, tt.value)
		e, err := LoadEnvironment(t.Context(), Chosen{})
		if err != nil {
			t.Fatal(err)
		}
		if len(e.Used) != 1 || e.Used[0].Value != tt.want || e.Used[0].From != "environment "+tt.variable {
			t.Errorf("%s=%s is listed as %+v, want %q", tt.variable, tt.value, e.Used, tt.want)
		}
	}
}

// TestEnvironmentWithoutItsProfile: who needs no credentials needs no profile, and what the variables say
// still holds.
func TestEnvironmentWithoutItsProfile(t *testing.T) {
	for name, tt := range map[string]struct {
		variables        []string
		endpoint, region string
	}{
		"an endpoint": {[]string{"AWS_ENDPOINT_URL", "http://localhost:2", "AWS_REGION", "eu-west-1"},
			"http://localhost:2", "eu-west-1"},
		"ignored": {[]string{"AWS_ENDPOINT_URL", "http://localhost:2", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
			"true"}, "", ""},
		"not ignored": {[]string{"AWS_ENDPOINT_URL", "http://localhost:2", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
			"false"}, "http://localhost:2", ""},
	} {
		awsIs(t, "", append(tt.variables, "AWS_PROFILE", "none")...)
		e, err := LoadEnvironment(t.Context(), Chosen{})
		if err != nil || e.Endpoint != tt.endpoint || e.Region != tt.region {
			t.Errorf("%s: endpoint %q in %q, %v; want %q in %q", name, e.Endpoint, e.Region, err, tt.endpoint, tt.region)
		}
	}
}

// TestEnvironmentSwitches: a switch is on or off in any case of letters, and anything else is a mistake.
func TestEnvironmentSwitches(t *testing.T) {
	for _, variable := range []string{"AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT",
		"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"} {
		for value, ok := range map[string]bool{"true": true, "TRUE": true, "False": true, "": true, "1": false,
			"on": false, " true": false} {
			awsIs(t, "", variable, value)
			_, err := LoadEnvironment(t.Context(), Chosen{})
			wrong, isConfig := errors.AsType[*ConfigError](err)
			if (err == nil) != ok || err != nil && (!isConfig || !strings.Contains(wrong.Msg, variable)) {
				t.Errorf("%s=%q: %v", variable, value, err)
			}
		}
	}
	awsIs(t, "", "AWS_USE_FIPS_ENDPOINT", "true", "AWS_USE_DUALSTACK_ENDPOINT", "true")
	e, err := LoadEnvironment(t.Context(), Chosen{})
	if err != nil {
		t.Fatal(err)
	}
	if c, err := e.For(pool); err != nil || !c.FIPS || !c.DualStack {
		t.Errorf("FIPS %v, dual stack %v, %v; want both", c.FIPS, c.DualStack, err)
	}
	awsIs(t, "[profile other]\nregion = eu-north-1\n", "AWS_DEFAULT_PROFILE", "other")
	if e, err = LoadEnvironment(t.Context(), Chosen{}); err != nil || e.Region != "eu-north-1" || len(e.Used) < 2 ||
		e.Used[0] != (Used{"profile", "other", "environment AWS_DEFAULT_PROFILE"}) {
		t.Errorf("with AWS_DEFAULT_PROFILE: region %q, %+v, %v", e.Region, e.Used, err)
	}
}

// TestCABundleOfTheProfile is trusted as that of the variable is.
func TestCABundleOfTheProfile(t *testing.T) {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	bundle := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(bundle, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE",
		Bytes: server.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	awsIs(t, "[default]\nca_bundle = "+bundle+"\n")
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
	wantFailure(t, fails(t, client, calls["SignIn"]), notCognito, flow.Wait, "404")
}

// TestConfigurationIsNotQuoted: a file that cannot be read may hold a key in any line.
func TestConfigurationIsNotQuoted(t *testing.T) {
	for name, file := range map[string]string{
		"an assumed role without a source": "[default]\nrole_arn = the/AWS/secret/access/key/6\nsource_profile = other\n",
		"no switch":                        "[default]\nuse_fips_endpoint = the/AWS/secret/access/key/6\n",
		"no bundle":                        "[default]\nca_bundle = the/AWS/secret/access/key/6\n",
	} {
		awsIs(t, file, "AWS_EC2_METADATA_DISABLED", "true")
		_, first := LoadEnvironment(t.Context(), Chosen{})
		_, second := LoadCredentials(t.Context(), "us-east-1", Chosen{})
		if first == nil && second == nil {
			t.Errorf("%s: this test cannot fail", name)
		}
		for _, err := range []error{first, second} {
			if wrong, ok := errors.AsType[*ConfigError](err); err != nil && (!ok ||
				strings.Contains(wrong.Msg+wrong.Hint+wrong.Remedy.Setting, theAWSKey.Reveal())) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}
