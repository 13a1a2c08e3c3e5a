package cognito

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"cognito-enroll/flow"
)

// Environment is what AWS's conventions say of where calls go, as the SDK reads them: the variables
// AWS_REGION, AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER, AWS_USE_FIPS_ENDPOINT and so on, and the same
// in the profile of AWS's configuration (SDKs and Tools Reference Guide, "Settings reference").
type Environment struct {
	Region          string // for who has no pool yet: the region of a pool is in its id
	Endpoint        string // URL; "" is Cognito's own
	FIPS, DualStack bool
	Used            []Used // all of these, and the proxies

	// RootCAs returns those of AWS_CA_BUNDLE, and reads them when it is first called, which no call by plain http does: a
	// bundle of the usual size takes longer than all else before the first screen. Nil stands for the system's.
	RootCAs func() *x509.CertPool

	chosen Chosen
}

// Used is a setting of the environment, in the words of AWS's configuration, and where it is from.
type Used struct{ Name, Value, From string }

// Chosen is what somebody chose instead of what the environment says; empty members are not chosen. The names say
// where, for Used and for errors.
type Chosen struct {
	Profile     string // of AWS's configuration
	ProfileName string
	CABundle    string // file with certificates in PEM
	CAName      string
}

// options are those of the SDK's configuration. The bundle was read before.
func (o Chosen) options(bundle []byte) (list []func(*config.LoadOptions) error) {
	if o.Profile != "" {
		list = append(list, config.WithSharedConfigProfile(o.Profile))
	}
	if bundle != nil {
		list = append(list, config.WithCustomCABundle(bytes.NewReader(bundle)))
	}
	return list
}

// LoadEnvironment reads the environment and AWS's configuration, but for what was chosen. Credentials are not looked
// for. Its error is a *ConfigError.
func LoadEnvironment(ctx context.Context, chosen Chosen) (Environment, error) {
	e := Environment{chosen: chosen}
	bundle, err := e.readable()
	if err != nil {
		return e, err
	}
	// The SDK's client is not used, so one certificate will do for it.
	loaded, err := config.LoadDefaultConfig(ctx, append(chosen.options(firstCertificate(bundle)),
		config.WithCredentialsProvider(aws.AnonymousCredentials{}), config.WithDefaultsMode(aws.DefaultsModeStandard))...)
	// A profile that is not there stops who needs its credentials or chose it, and nobody else.
	if missing, ok := errors.AsType[config.SharedConfigProfileNotExistError](err); ok {
		if chosen.Profile != "" {
			return e, remedied(flow.CheckProfile, "there is no AWS profile %q", missing.Profile)
		}
		loaded, err = variablesAlone()
	}
	if err != nil { // its text may quote a line of the file
		return e, remedied(flow.CheckAWSConfig, "the AWS configuration cannot be read")
	}
	o := cip.NewFromConfig(loaded).Options()
	e.Region, e.Endpoint = loaded.Region, aws.ToString(o.BaseEndpoint)
	e.FIPS = o.EndpointOptions.UseFIPSEndpoint == aws.FIPSEndpointStateEnabled
	e.DualStack = o.EndpointOptions.UseDualStackEndpoint == aws.DualStackEndpointStateEnabled
	if client, ok := loaded.HTTPClient.(*awshttp.BuildableClient); ok && e.RootCAs == nil { // ca_bundle of the profile
		if t := client.GetTransport().TLSClientConfig; t != nil {
			e.RootCAs = func() *x509.CertPool { return t.RootCAs }
		}
	}
	e.list()
	return e, nil
}

func variablesAlone() (aws.Config, error) {
	env, err := config.NewEnvConfig()
	c := aws.Config{Region: env.Region, ConfigSources: []any{env}}
	if ignored := env.IgnoreConfiguredEndpoints; env.BaseEndpoint != "" && (ignored == nil || !*ignored) {
		c.BaseEndpoint = &env.BaseEndpoint
	}
	return c, err
}

// readable reads what the SDK's errors would not name.
func (e *Environment) readable() (bundle []byte, err error) {
	for _, name := range []string{"AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT",
		"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"} {
		if v := os.Getenv(name); v != "" && !strings.EqualFold(v, "true") && !strings.EqualFold(v, "false") {
			return nil, remedied(flow.SetToBoolean, "%s is %q", name, v).about(name)
		}
	}
	name, from := e.chosen.CABundle, e.chosen.CAName
	if name == "" {
		from = "AWS_CA_BUNDLE"
		name = os.Getenv(from)
	}
	if name == "" {
		return nil, nil
	}
	bundle, err = os.ReadFile(name)
	switch {
	case err != nil:
		return nil, remedied(flow.CheckSetting, "the CA bundle %q cannot be read", name).about(from)
	case firstCertificate(bundle) == nil:
		return nil, remedied(flow.CheckSetting, "the CA bundle %q has no certificate in PEM", name).about(from)
	}
	e.RootCAs = sync.OnceValue(func() *x509.CertPool {
		pool := x509.NewCertPool()
		pool.AppendCertsFromPEM(bundle)
		return pool
	})
	return bundle, nil
}

// firstCertificate returns the first certificate of bundle that AppendCertsFromPEM takes, in PEM; nil if there is none.
func firstCertificate(bundle []byte) []byte {
	for {
		var block *pem.Block
		if block, bundle = pem.Decode(bundle); block == nil {
			return nil
		}
		if block.Type != "CERTIFICATE" || len(block.Headers) > 0 {
			continue
		}
		if _, err := x509.ParseCertificate(block.Bytes); err == nil {
			return pem.EncodeToMemory(block)
		}
	}
}

// list says where each setting is from: a variable, or else the profile.
func (e *Environment) list() {
	profile := "default"
	from := func(variables ...string) (from, value string) {
		for _, v := range variables {
			if text := os.Getenv(v); text != "" {
				return "environment " + v, text
			}
		}
		return "profile " + strconv.Quote(profile) + " of the AWS configuration", ""
	}
	add := func(name, value string, variables ...string) {
		if at, _ := from(variables...); value != "" {
			e.Used = append(e.Used, Used{name, value, at})
		}
	}
	if e.chosen.Profile != "" {
		profile, e.Used = e.chosen.Profile, append(e.Used, Used{"profile", e.chosen.Profile, e.chosen.ProfileName})
	} else if at, name := from("AWS_PROFILE", "AWS_DEFAULT_PROFILE"); name != "" {
		profile, e.Used = name, append(e.Used, Used{"profile", name, at})
	}
	add("region", e.Region, "AWS_REGION", "AWS_DEFAULT_REGION")
	add("endpoint_url", withoutUser(e.Endpoint), "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", "AWS_ENDPOINT_URL")
	add("use_fips_endpoint", enabled(e.FIPS), "AWS_USE_FIPS_ENDPOINT")
	add("use_dualstack_endpoint", enabled(e.DualStack), "AWS_USE_DUALSTACK_ENDPOINT")
	if e.chosen.CABundle != "" {
		e.Used = append(e.Used, Used{"ca_bundle", e.chosen.CABundle, e.chosen.CAName})
	} else if e.RootCAs != nil {
		_, bundle := from("AWS_CA_BUNDLE")
		if bundle == "" {
			bundle = "set"
		}
		add("ca_bundle", bundle, "AWS_CA_BUNDLE")
	}
	for _, proxy := range [][]string{{"HTTPS_PROXY", "https_proxy"}, {"HTTP_PROXY", "http_proxy"},
		{"NO_PROXY", "no_proxy"}} {
		if at, value := from(proxy...); value != "" {
			e.Used = append(e.Used, Used{proxy[1], withoutUser(value), at})
		}
	}
}

func enabled(is bool) string {
	if is {
		return "true"
	}
	return ""
}

// withoutUser drops the user and the password that a URL may have.
func withoutUser(text string) string {
	if u, err := url.Parse(text); err == nil && u.User != nil {
		u.User = url.User("…")
		return u.Redacted()
	} else if err != nil && strings.Contains(text, "@") {
		return "set"
	}
	return text
}

// For returns c with what it leaves open. Its error is a *ConfigError about an endpoint of the
// environment's, which obeys the rules of Config.Endpoint.
func (e Environment) For(c Config) (Config, error) {
	if c.Endpoint == "" && e.Endpoint != "" {
		c.Endpoint = e.Endpoint
		if _, err := c.endpoint(); err != nil {
			wrong, _ := errors.AsType[*ConfigError](err)
			return c, remedied(flow.ChangeSetting, "%s", wrong.Msg).about(e.from("endpoint_url"))
		}
	}
	c.FIPS, c.DualStack = c.FIPS || e.FIPS, c.DualStack || e.DualStack
	if c.Transport == nil {
		c.Transport = onFirstCall{
			https: sync.OnceValue(func() http.RoundTripper {
				var roots *x509.CertPool
				if e.RootCAs != nil {
					roots = e.RootCAs()
				}
				return newTransport(roots, c.timeout())
			}),
			http: sync.OnceValue(func() http.RoundTripper { return newTransport(nil, c.timeout()) }),
		}
	}
	return c, nil
}

func (e Environment) from(name string) string {
	for _, u := range e.Used {
		if u.Name == name {
			return u.From
		}
	}
	return "the AWS configuration"
}

// onFirstCall are transports that are made when they are first needed. Plain http is for this machine, which no proxy
// leads to, so that it needs no certificates.
type onFirstCall struct{ https, http func() http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (made onFirstCall) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme == "http" {
		return made.http().RoundTrip(r)
	}
	return made.https().RoundTrip(r)
}
