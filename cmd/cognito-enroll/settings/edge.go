package settings

import (
	"context"
	"errors"
	"sync"
	"time"

	"cognito-enroll/cmd/cognito-enroll/config"
	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/cognito"
	"cognito-enroll/flow"
	"cognito-enroll/ui"
)

// Edge is the edge to Cognito of a run that may begin before it is known to which pool. Until a
// flow.Connect says that, only an AWS account can be asked.
type Edge struct {
	settings *Settings
	terminal *terminal.Terminal
	config   cognito.Config   // without a pool
	account  *cognito.Account // nil without AWS credentials

	mu   sync.Mutex
	to   *cognito.Client
	last flow.Connect // that led to it
}

// edge returns one that leads to the pool if that is known. AWS credentials are looked for only if they will
// be used.
func (s *Settings) edge(ctx context.Context, t *terminal.Terminal, withAWS bool) (*Edge, error) {
	config, err := s.config(ctx, t, withAWS)
	if err != nil {
		return nil, asUsage(err)
	}
	e := &Edge{settings: s, terminal: t, config: config}
	if withAWS {
		if e.account, err = cognito.NewAccount(config); err != nil {
			return nil, asUsage(err)
		}
	}
	if s.complete() {
		err = e.leadTo(ctx, flow.Connect{Region: s.Region, Pool: s.Pool, Client: s.Client, Browsed: s.Browsed})
	}
	return e, err
}

// AWS returns what AWS's own conventions say, and where.
func (s *Settings) AWS(ctx context.Context, t *terminal.Terminal) ([]cognito.Used, error) {
	chosen, err := s.chosen(t)
	if err != nil {
		return nil, err
	}
	aws, err := cognito.LoadEnvironment(ctx, chosen)
	return aws.Used, asUsage(err)
}

// config is what is known of where calls go without a pool.
func (s *Settings) config(ctx context.Context, t *terminal.Terminal, withAWS bool) (c cognito.Config, err error) {
	chosen, err := s.chosen(t)
	if err != nil {
		return c, err
	}
	if s.aws, err = cognito.LoadEnvironment(ctx, chosen); err != nil {
		return c, err
	}
	trace, err := s.openTrace(t)
	if err != nil {
		return c, err
	}
	if c, err = s.aws.For(cognito.Config{Region: s.Region, Endpoint: s.Endpoint, Timeout: s.timeout,
		Trace: trace}); err != nil || !withAWS {
		return c, err
	}
	c.Credentials, err = cognito.LoadCredentials(ctx, s.Region, chosen)
	return c, err
}

// leadTo makes the client. Its secret is read from the account only when it was chosen there.
func (e *Edge) leadTo(ctx context.Context, to flow.Connect) error {
	config := e.config
	config.PoolID, config.ClientID = to.Pool, to.Client
	if to.Region != "" {
		config.Region = to.Region
	}
	if err := e.settings.sameRegion(config, to.Pool); err != nil {
		return err
	}
	var err error
	if to.Browsed && e.settings.SecretFile == "" {
		config.ClientSecret, err = e.account.ClientSecret(ctx, to.Region, to.Pool, to.Client)
	} else {
		config.ClientSecret, err = e.settings.secret(e.terminal, to.Pool, to.Client, e.settings.SecretFile)
	}
	if err != nil {
		return err
	}
	client, err := cognito.New(config)
	if err != nil {
		return asUsage(err)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.to, e.last = client, to
	return nil
}

// sameRegion refuses a region that the pool's ID contradicts, where that decides which host is asked: at AWS.
func (s *Settings) sameRegion(c cognito.Config, pool string) error {
	region, _ := flow.SplitPoolID(pool)
	if c.Endpoint != "" || c.Region == "" || c.Region == region || !flow.IsRegion(region) || !flow.IsRegion(c.Region) {
		return nil
	}
	return exit.Usagef("leave the region out: the pool ID begins with it",
		"the region %q contradicts the user pool ID %q", c.Region, pool)
}

// Chosen returns the choice that led to the pool, and the endpoint of another than AWS.
func (e *Edge) Chosen() (to flow.Connect, endpoint string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.last, e.config.Endpoint
}

// Learned implements ui.Learner. Nothing need be connected: an account's pools are listed before.
func (e *Edge) Learned(f flow.Facts) { e.config.Trace.Learned(f) }

// Do implements ui.Pool.
func (e *Edge) Do(ctx context.Context, call flow.Call) flow.Event {
	switch call := call.(type) {
	case flow.Pools, flow.Clients:
		return e.account.Do(ctx, call)
	case flow.Connect:
		if err := e.leadTo(ctx, call); err != nil {
			return flow.Failed{Err: asFlow(err)}
		}
		to := flow.Connected{Pool: call.Pool, Issuer: issuer(call.Pool), To: e.client().Destination()}
		return flow.Reply{Result: to, At: time.Now()}
	}
	return e.client().Do(ctx, call)
}

// client is that of the last choice.
func (e *Edge) client() *cognito.Client {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.to
}

// asFlow makes an answer of what is wrong with a choice: the person can make another.
func asFlow(err error) *flow.Error {
	if answer, ok := errors.AsType[*flow.Error](err); ok {
		return answer
	}
	if wrong, ok := errors.AsType[*cognito.ConfigError](err); ok {
		return &flow.Error{Code: flow.CodeInvalidInput, Fault: flow.Retry,
			Msg: wrong.Msg, Hint: wrong.Hint, Remedy: wrong.Remedy}
	}
	if exit.Code(err) == exit.Usage {
		return &flow.Error{Code: flow.CodeInvalidInput, Fault: flow.Retry, Msg: err.Error(), Hint: exit.Hint(err)}
	}
	return &flow.Error{Msg: err.Error()}
}

// asUsage gives an exit code to what other packages say is wrong with the settings.
func asUsage(err error) error {
	if e, ok := errors.AsType[*cognito.ConfigError](err); ok {
		return exit.AsUsage(err, ui.CommandLine.Hint(&flow.Error{Hint: e.Hint, Remedy: e.Remedy}))
	}
	if e, ok := errors.AsType[*config.Error](err); ok {
		return exit.AsUsage(err, e.Hint)
	}
	return err
}

// issuer is what an app shows for a pool without a name.
func issuer(pool string) string {
	_, name := flow.SplitPoolID(pool)
	return "Cognito " + name
}
