package cognito

import (
	"errors"
	"strings"
	"testing"

	"cognito-enroll/flow"
)

func TestNew(t *testing.T) {
	good := Config{PoolID: "us-east-1_AbCdEf123", ClientID: "3n4b5urk1ft4fl3mg5e62d9ado"}
	with := func(change func(*Config)) Config {
		c := good
		change(&c)
		return c
	}
	for _, tc := range []struct {
		name   string
		config Config
		host   string // when it is good
		msg    string // when it is not
	}{
		{"good", good, "cognito-idp.us-east-1.amazonaws.com", ""},
		{"China", with(func(c *Config) { c.PoolID = "cn-north-1_AbC" }), "cognito-idp.cn-north-1.amazonaws.com.cn", ""},
		{"government", with(func(c *Config) { c.PoolID = "us-gov-west-1_AbC" }), "cognito-idp.us-gov-west-1.amazonaws.com",
			""},
		{"region", with(func(c *Config) { c.Region = "eu-central-1" }), "cognito-idp.eu-central-1.amazonaws.com", ""},
		{"cognito-local", with(func(c *Config) { c.PoolID, c.Endpoint = "local_2KlV3", "http://127.0.0.1:9229" }),
			"127.0.0.1:9229", ""},
		{"IPv6", with(func(c *Config) { c.Endpoint = "http://[::1]:9229/" }), "[::1]:9229", ""},
		{"localhost", with(func(c *Config) { c.Endpoint = "http://LocalHost:9229" }), "LocalHost:9229", ""},
		{"https", with(func(c *Config) { c.Endpoint = "https://pool.example.com" }), "pool.example.com", ""},
		{"client secret", with(func(c *Config) { c.ClientSecret = flow.NewSecret("abc+_123") }),
			"cognito-idp.us-east-1.amazonaws.com", ""},
		{"client secret of an emulator", with(func(c *Config) { c.ClientSecret = flow.NewSecret("ab-c/d+_1.2~3=") }),
			"cognito-idp.us-east-1.amazonaws.com", ""},
		{"client secret of two words", with(func(c *Config) { c.ClientSecret = flow.NewSecret("the-Password twice") }), "",
			"the client secret has characters"},
		{"client secret that is not ASCII", with(func(c *Config) { c.ClientSecret = flow.NewSecret("the-Password\u00e9") }),
			"", "the client secret has characters"},
		{"identity pool", with(func(c *Config) { c.PoolID = "us-east-1:12345678-1234-1234-1234-123456789012" }), "",
			"is the ID of an identity pool, not of a user pool"},
		{"an ARN of something else", with(func(c *Config) { c.PoolID = "arn:aws:iam::123456789012:role/x" }), "",
			"is the ARN of something else than a user pool"},

		{"no pool", with(func(c *Config) { c.PoolID = "" }), "", `"" is not a user pool ID`},
		{"pool without region", with(func(c *Config) { c.PoolID = "AbCdEf123" }), "", `"AbCdEf123" is not a user pool ID`},
		{"pool with control characters", with(func(c *Config) { c.PoolID = "us-east-1_\x1b[31m" }), "",
			`"us-east-1_\x1b[31m" is not a user pool ID`},
		{"pool with a line end", with(func(c *Config) { c.PoolID += "\n" }), "",
			`"us-east-1_AbCdEf123\n" is not a user pool ID`},
		{"long pool", with(func(c *Config) { c.PoolID += strings.Repeat("a", 40) }), "", `is not a user pool ID`},
		{"no client", with(func(c *Config) { c.ClientID = "" }), "", `"" is not an app client ID`},
		{"client name", with(func(c *Config) { c.ClientID = "my app" }), "", `"my app" is not an app client ID`},
		{"no region", with(func(c *Config) { c.PoolID = "local_2KlV3" }), "", `"local" is not an AWS region`},
		{"region that is a host", with(func(c *Config) { c.Region = "us-east-1.evil.example/" }), "",
			`"us-east-1.evil.example/" is not an AWS region`},
		{"http to elsewhere", with(func(c *Config) { c.Endpoint = "http://pool.example.com" }), "", `"pool.example.com"`},
		{"http to what looks local", with(func(c *Config) { c.Endpoint = "http://127.0.0.1.example.com" }), "",
			`"127.0.0.1.example.com"`},
		{"http to anywhere", with(func(c *Config) { c.Endpoint = "http://0.0.0.0:9229" }), "", `"0.0.0.0:9229"`},
		{"another scheme", with(func(c *Config) { c.Endpoint = "ftp://127.0.0.1" }), "",
			`"ftp://127.0.0.1" is not an http or https URL`},
		{"no scheme", with(func(c *Config) { c.Endpoint = "localhost:9229" }), "",
			`"localhost:9229" is not an http or https URL`},
		{"no host", with(func(c *Config) { c.Endpoint = "https:///" }), "", `"https:///" is not an http or https URL`},
		{"password in the URL", with(func(c *Config) { c.Endpoint = "https://me:the-Password@pool.example.com" }), "",
			"the endpoint is not a plain URL"},
		{"no URL", with(func(c *Config) { c.Endpoint = "https://me:the-Password@%" }), "", "the endpoint is not a plain URL"},
		{"client secret with its line end", with(func(c *Config) { c.ClientSecret = flow.NewSecret("the-Password\n") }), "",
			"the client secret has characters"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c, err := New(tc.config)
			if tc.msg == "" {
				if err != nil {
					t.Fatal(err)
				}
				if c.host != tc.host {
					t.Errorf("the host is %q, want %q", c.host, tc.host)
				}
				return
			}
			e, ok := errors.AsType[*ConfigError](err)
			if !ok {
				t.Fatalf("the error is %v, want a *ConfigError", err)
			}
			if !strings.Contains(e.Msg, tc.msg) || (e.Hint == "") == (e.Remedy.Name == "") || e.Error() != e.Msg {
				t.Errorf("the error is %q with the hint %q, want %q", e.Msg, e.Hint, tc.msg)
			}
			if strings.Contains(e.Msg+e.Hint+e.Remedy.Setting, "the-Password") {
				t.Errorf("%q, %q holds a secret", e.Msg, e.Hint)
			}
		})
	}
}
