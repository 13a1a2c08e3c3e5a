package cognito

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/smithy-go/middleware"

	"cognito-enroll/flow"
)

// Config says which app client of which user pool to sign in to. Only PoolID and ClientID are
// required.
type Config struct {
	PoolID       string      // "us-east-1_AbCdEf123"
	ClientID     string      // the app client's ID
	ClientSecret flow.Secret // empty for a client without one
	Region       string      // default: the part of PoolID before "_"
	Endpoint     string      // URL; default: Cognito's in Region. Plain http only on this machine
	FIPS         bool        // default Endpoint: the one with validated cryptography, where there is one
	DualStack    bool        // default Endpoint: the one that is reached by IPv6 as well

	Credentials aws.CredentialsProvider // for flow.Admin, Inspect and Admin; nothing else is signed

	// Timeout is for one flow.Call, repetitions included, and what is shorter than that; 0 is 20 seconds, and what is
	// below 0 waits as long as it takes.
	Timeout time.Duration

	Trace *Trace // what happens to calls is written there; nil for nowhere

	Transport http.RoundTripper // default: net/http's, with the proxies of the environment
	Now       func() time.Time  // default: time.Now
	Random    io.Reader         // default: crypto/rand.Reader

	// Backoff is how long to wait after the attempt with this number, from 1, before a call that may be
	// repeated is made again; default: the SDK's, up to 20 seconds and random.
	Backoff func(attempt int) time.Duration
}

// ConfigError says what is wrong with a Config, and what to do about it: a Remedy or a Hint, as in a
// flow.Error. None of them holds a secret.
type ConfigError struct {
	Msg, Hint string
	Remedy    flow.Remedy
}

func (e *ConfigError) Error() string { return e.Msg }

// isClientSecret takes more than ClientSecretType in the API reference, which has letters, digits, _ and +: emulators
// make others.
func isClientSecret(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r < '!' || r > '~' })
}

// CheckPoolID returns a *ConfigError if id cannot be that of a user pool.
func CheckPoolID(id string) error {
	if flow.IsPoolID(id) {
		return nil
	}
	return invalid("a user pool ID looks like us-east-1_AbCdEf123; its overview page in the console shows it",
		"%q is %s", id, flow.NoPoolID(id))
}

// CheckClientID returns a *ConfigError if id cannot be that of an app client.
func CheckClientID(id string) error {
	if flow.IsClientID(id) {
		return nil
	}
	return invalid("give the app client's ID, letters and digits, not its name", "%q is not an app client ID", id)
}

// New returns a Client for the pool and app client of c. Its error is a *ConfigError.
func New(c Config) (*Client, error) {
	if err := cmp.Or(CheckPoolID(c.PoolID), CheckClientID(c.ClientID)); err != nil {
		return nil, err
	}
	if !c.ClientSecret.Empty() && !isClientSecret(c.ClientSecret.Reveal()) {
		return nil, remedied(flow.FixClientSecret, "the client secret has characters that no client secret has")
	}
	region, name := flow.SplitPoolID(c.PoolID)
	if c.Region == "" {
		c.Region = region
	}
	client, err := c.client()
	if err != nil {
		return nil, err
	}
	client.poolName = name
	return client, nil
}

// NewForSteps returns a Client for calls that name no app client, which Associate and Verify are. Of PoolID only
// the region is used, and only if c has none. Its error is a *ConfigError.
func NewForSteps(c Config) (*Client, error) {
	if c.PoolID != "" && !flow.IsPoolID(c.PoolID) {
		return New(c) // which says what is wrong
	}
	if region, _ := flow.SplitPoolID(c.PoolID); c.Region == "" {
		c.Region = region
	}
	return c.client()
}

// client returns the Client of a Config whose ids are right, or will not be used.
func (c Config) client() (*Client, error) {
	endpoint, err := c.endpoint()
	if err != nil {
		return nil, err
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Transport == nil {
		c.Transport = newTransport(nil, c.timeout())
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	if c.Credentials != nil {
		c.Credentials = aws.NewCredentialsCache(c.Credentials)
	}
	return &Client{
		config: c,
		host:   endpoint.Host,
		to:     flow.Destination{Host: endpoint.Host, TLS: endpoint.Scheme == "https", AWS: c.isAWS(endpoint)},
		api: cip.New(cip.Options{
			Region:       c.Region,
			BaseEndpoint: aws.String(endpoint.String()),
			AppID:        "cognito-enroll",
			HTTPClient:   newHTTPClient(c.Transport, c.Now),
			Credentials:  c.Credentials,
			Retryer:      aws.NopRetryer{},
			APIOptions:   []func(*middleware.Stack) error{watch},
		}),
	}, nil
}

func invalid(hint, format string, args ...any) *ConfigError {
	return &ConfigError{Msg: fmt.Sprintf(format, args...), Hint: hint}
}

func remedied(by flow.RemedyName, format string, args ...any) *ConfigError {
	return &ConfigError{Msg: fmt.Sprintf(format, args...), Remedy: flow.Remedy{Name: by}}
}

// about names a setting of the environment, or where it is, for the Remedy.
func (e *ConfigError) about(setting string) *ConfigError {
	e.Remedy.Setting = setting
	return e
}

// isAWS reports whether endpoint is Cognito's own in the Region.
func (c Config) isAWS(endpoint *url.URL) bool {
	own, err := Config{Region: c.Region, FIPS: c.FIPS, DualStack: c.DualStack}.endpoint()
	return err == nil && endpoint.Scheme == own.Scheme && endpoint.Host == own.Host
}

// endpoint returns where to send the calls.
func (c Config) endpoint() (*url.URL, error) {
	if c.Endpoint == "" {
		if !flow.IsRegion(c.Region) {
			return nil, remedied(flow.GiveEndpoint, "%q is not an AWS region", c.Region)
		}
		e, err := cip.NewDefaultEndpointResolverV2().ResolveEndpoint(context.Background(),
			cip.EndpointParameters{Region: &c.Region, UseFIPS: &c.FIPS, UseDualStack: &c.DualStack})
		if err != nil {
			return nil, remedied(flow.CheckRegion, "%q has no Cognito endpoint", c.Region)
		}
		return &e.URI, nil
	}
	// An error of url.Parse, and the text itself, may hold a password.
	u, err := url.Parse(c.Endpoint)
	switch {
	case err != nil || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return nil, remedied(flow.FixEndpoint, "the endpoint is not a plain URL")
	case u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https":
		return nil, remedied(flow.FixEndpoint, "%q is not an http or https URL", c.Endpoint)
	case c.FIPS || c.DualStack: // as the SDK has it
		return nil, remedied(flow.DropEndpoint, "FIPS and dual-stack endpoints are Cognito's own, and %q is not", u.Host)
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return nil, invalid("use https, or a pool on this machine",
			"plain http would show your password to the network on the way to %q", u.Host)
	}
	return u, nil
}

func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && ip.IsLoopback()
}

const (
	// callTimeout is Config.Timeout where that says nothing.
	callTimeout = 20 * time.Second
	// maxAnswer bounds what a hostile server can make us read, in bytes.
	maxAnswer = 1 << 20
)

// timeout is that of a call; 0 waits.
func (c Config) timeout() time.Duration {
	switch {
	case c.Timeout == 0:
		return callTimeout
	case c.Timeout < 0:
		return 0
	}
	return c.Timeout
}

// within returns a context for that many calls.
func (c Config) within(ctx context.Context, calls int) (context.Context, context.CancelFunc) {
	if c.timeout() == 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, time.Duration(calls)*c.timeout())
}

// dialTimeout is for a connection, 8 seconds of 20: shorter than a call, so that an unreachable host is told from a
// lost answer.
func dialTimeout(call time.Duration) time.Duration { return call * 2 / 5 }

// newHTTPClient follows no redirects: one with status 307 would carry the password along.
func newHTTPClient(t http.RoundTripper, now func() time.Time) *http.Client {
	return &http.Client{
		Transport:     timed{witness{t}, now},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// newTransport speaks HTTP/1.1 and trusts the system's certificates, or those of roots. A timeout of 0 waits.
func newTransport(roots *x509.CertPool, timeout time.Duration) http.RoundTripper {
	t := &http.Transport{
		TLSClientConfig:     &tls.Config{RootCAs: roots},
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: dialTimeout(timeout)}).DialContext,
		TLSHandshakeTimeout: dialTimeout(timeout),
		OnProxyConnectResponse: func(_ context.Context, proxy *url.URL, _ *http.Request, res *http.Response) error {
			if res.StatusCode == http.StatusOK {
				return nil
			}
			return &net.OpError{Op: "proxyconnect", Net: "tcp", Err: fmt.Errorf("the proxy %s answered %q", proxy.Host,
				res.Status)}
		},
	}
	http1(t)
	return t
}
