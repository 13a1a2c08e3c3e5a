package cognito

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"cognito-enroll/flow"
)

// Account finds user pools and app clients in an AWS account, in any region. It is safe for
// concurrent use when its Config's Now is.
type Account struct{ config Config }

// NewAccount returns the Account that the Credentials of c are of. Region, PoolID and what goes with
// them are left out of account: each call names its own. Its error is a *ConfigError.
func NewAccount(c Config) (*Account, error) {
	c.PoolID, c.ClientID, c.ClientSecret, c.Region = "", "", flow.Secret{}, ""
	if c.Transport == nil {
		c.Transport = newTransport(nil, c.timeout()) // one for all regions
	}
	if c.Endpoint != "" {
		if _, err := c.endpoint(); err != nil {
			return nil, err
		}
	}
	return &Account{c}, nil
}

// in returns the Client for a region, and for a pool and app client of it, or as much as is known.
func (a *Account) in(region, pool, client string) (*Client, *flow.Error) {
	config := a.config
	config.Region, config.PoolID, config.ClientID = region, pool, client
	c, err := config.client()
	if wrong, ok := errors.AsType[*ConfigError](err); ok {
		return nil, &flow.Error{Code: flow.CodeInvalidInput, Fault: flow.Retry, Field: "region",
			Msg: wrong.Msg, Hint: "a region looks like us-east-1 or eu-central-1"}
	}
	return c, nil
}

// Do makes a flow.Pools or flow.Clients and returns a flow.Reply or a flow.Failed, in 20 seconds at
// most. It lists no more than 600, sorted by name. The credentials need cognito-idp:ListUserPools and
// cognito-idp:ListUserPoolClients.
func (a *Account) Do(ctx context.Context, call flow.Call) flow.Event {
	var region, pool string
	switch call := call.(type) {
	case flow.Pools:
		region = call.Region
	case flow.Clients:
		region, pool = call.Region, call.Pool
	default:
		return flow.Failed{Err: (&Client{config: a.config}).explain(call, noCall(call)), Done: flow.No}
	}
	c, err := a.in(region, pool, "")
	if err != nil {
		return flow.Failed{Err: err, Done: flow.No}
	}
	return c.Do(ctx, call)
}

// ClientSecret reads the secret of an app client; it is empty for a client without one. The
// credentials need cognito-idp:DescribeUserPoolClient. Its error is a *flow.Error.
func (a *Account) ClientSecret(ctx context.Context, region, pool, client string) (flow.Secret, error) {
	c, wrong := a.in(region, pool, client)
	if wrong != nil {
		return flow.Secret{}, wrong
	}
	ctx, cancel := a.config.within(ctx, 1)
	defer cancel()
	found, err := c.describeSecret(ctx)
	if err != nil {
		return flow.Secret{}, c.explain(flow.Clients{Region: region, Pool: pool}, err)
	}
	return found, nil
}

func (c *Client) describeSecret(ctx context.Context) (flow.Secret, error) {
	if err := c.needCredentials(ctx); err != nil {
		return flow.Secret{}, err
	}
	in := &cip.DescribeUserPoolClientInput{UserPoolId: &c.config.PoolID, ClientId: &c.config.ClientID}
	out, err := c.api.DescribeUserPoolClient(ctx, in, c.repeatable)
	switch {
	case err != nil:
		return flow.Secret{}, err
	case out.UserPoolClient == nil || aws.ToString(out.UserPoolClient.ClientId) == "":
		return flow.Secret{}, failure{"incomplete", "there is no UserPoolClient"} // which is not one without a secret
	}
	return secret(out.UserPoolClient.ClientSecret), nil
}

func (c *Client) pools(ctx context.Context) (flow.Result, error) {
	return c.list(ctx, func(token *string) (page []flow.Option, next *string, err error) {
		out, err := c.api.ListUserPools(ctx, &cip.ListUserPoolsInput{MaxResults: aws.Int32(pageSize), NextToken: token},
			c.repeatable)
		if err != nil {
			return nil, nil, err
		}
		for _, p := range out.UserPools {
			page = append(page, option(p.Id, p.Name))
		}
		return page, out.NextToken, nil
	})
}

func (c *Client) clients(ctx context.Context, pool string) (flow.Result, error) {
	return c.list(ctx, func(token *string) (page []flow.Option, next *string, err error) {
		in := &cip.ListUserPoolClientsInput{UserPoolId: &pool, MaxResults: aws.Int32(pageSize), NextToken: token}
		out, err := c.api.ListUserPoolClients(ctx, in, c.repeatable)
		if err != nil {
			return nil, nil, err
		}
		for _, p := range out.UserPoolClients {
			page = append(page, option(p.ClientId, p.ClientName))
		}
		return page, out.NextToken, nil
	})
}

// option is something with an id and a name, which others may have as well.
func option(id, name *string) flow.Option {
	return flow.Option{Value: aws.ToString(id), Label: aws.ToString(name), ID: aws.ToString(id)}
}

const (
	mostListed = 600
	pageSize   = 60 // the most that MaxResults takes (API reference, ListUserPools)
)

// list reads page after page until that is enough. A page may be short, and even empty.
func (c *Client) list(ctx context.Context, page func(token *string) ([]flow.Option, *string, error)) (flow.Result,
	error) {
	if err := c.needCredentials(ctx); err != nil {
		return nil, err
	}
	var all []flow.Option
	var token *string
	for range mostListed {
		options, next, err := page(token)
		if err != nil {
			return nil, err
		}
		all, token = append(all, options...), next
		if aws.ToString(token) == "" || len(all) >= mostListed {
			break
		}
	}
	more := aws.ToString(token) != "" || len(all) > mostListed
	all = all[:min(len(all), mostListed)]
	slices.SortStableFunc(all, func(a, b flow.Option) int {
		return cmp.Compare(strings.ToLower(a.Label), strings.ToLower(b.Label))
	})
	return flow.Listed{Options: all, More: more}, nil
}
