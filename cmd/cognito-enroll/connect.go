package main

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"cognito-enroll/cmd/cognito-enroll/config"
	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cognito"
	"cognito-enroll/flow"
)

// connector is the edge to Cognito of a run that may begin before it is known to which pool. Until a
// flow.Connect says that, only an AWS account can be asked.
type connector struct {
	settings *settings
	config   cognito.Config   // without a pool
	account  *cognito.Account // nil without AWS credentials

	mu   sync.Mutex
	to   *cognito.Client
	last flow.Connect // that led to it
}

// connector returns one that is connected if pool and client are settled. AWS credentials are looked
// for only if they will be used.
func (s *settings) connector(ctx context.Context, withAWS bool) (*connector, error) {
	config, err := s.config(ctx, withAWS)
	if err != nil {
		return nil, asUsage(err)
	}
	c := &connector{settings: s, config: config}
	if withAWS {
		if c.account, err = cognito.NewAccount(config); err != nil {
			return nil, asUsage(err)
		}
	}
	if s.settled() {
		err = c.connect(ctx, flow.Connect{Region: s.region, Pool: s.pool, Client: s.client, Browsed: s.browsed})
	}
	return c, err
}

// config is what is known of where calls go without a pool.
func (s *settings) config(ctx context.Context, withAWS bool) (c cognito.Config, err error) {
	if s.aws, err = cognito.LoadEnvironment(ctx); err != nil {
		return c, err
	}
	if c, err = s.aws.For(cognito.Config{Region: s.region, Endpoint: s.endpoint}); err != nil || !withAWS {
		return c, err
	}
	c.Credentials, err = cognito.LoadCredentials(ctx, s.region)
	return c, err
}

// connect makes the client. Its secret is read from the account only when it was chosen there.
func (c *connector) connect(ctx context.Context, to flow.Connect) error {
	config := c.config
	config.PoolID, config.ClientID = to.Pool, to.Client
	if to.Region != "" {
		config.Region = to.Region
	}
	var err error
	if to.Browsed && c.settings.secretFile == "" {
		config.ClientSecret, err = c.account.ClientSecret(ctx, to.Region, to.Pool, to.Client)
	} else {
		config.ClientSecret, err = c.settings.secret(to.Pool, to.Client, c.settings.secretFile)
	}
	if err != nil {
		return err
	}
	client, err := cognito.New(config)
	if err != nil {
		return asUsage(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.to, c.last = client, to
	return nil
}

// Do implements ui.Pool.
func (c *connector) Do(ctx context.Context, call flow.Call) flow.Event {
	switch call := call.(type) {
	case flow.Pools, flow.Clients:
		return c.account.Do(ctx, call)
	case flow.Connect:
		if err := c.connect(ctx, call); err != nil {
			return flow.Failed{Err: asFlow(err)}
		}
		return flow.Reply{Result: flow.Connected{Pool: call.Pool, Issuer: issuer(call.Pool)}, At: time.Now()}
	}
	c.mu.Lock()
	client := c.to
	c.mu.Unlock()
	return client.Do(ctx, call)
}

// asFlow makes an answer of what is wrong with a choice: the person can make another.
func asFlow(err error) *flow.Error {
	if answer, ok := errors.AsType[*flow.Error](err); ok {
		return answer
	}
	if exit.Code(err) == exit.Usage {
		return &flow.Error{Code: flow.CodeInvalidInput, Fault: flow.Retry, Msg: err.Error(), Hint: exit.Hint(err)}
	}
	return &flow.Error{Msg: err.Error()}
}

// asUsage gives an exit code to what other packages say is wrong with the settings.
func asUsage(err error) error {
	if e, ok := errors.AsType[*cognito.ConfigError](err); ok {
		return exit.AsUsage(err, e.Hint)
	}
	if e, ok := errors.AsType[*config.Error](err); ok {
		return exit.AsUsage(err, e.Hint)
	}
	return err
}

// issuer is what an app shows for a pool without a name.
func issuer(pool string) string {
	_, name, _ := strings.Cut(pool, "_")
	return "Cognito " + name
}
