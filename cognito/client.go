package cognito

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-enroll/flow"
)

// Client makes the calls of a run. It is safe for concurrent use when its Config's Now and
// Random are.
type Client struct {
	config   Config // without empty fields, but for ClientSecret
	poolName string // the part of PoolID after "_"
	host     string // where calls go, for messages
	to       flow.Destination
	api      *cip.Client
}

// Destination says where the calls go. Who says so, it leaves open.
func (c *Client) Destination() flow.Destination { return c.to }

// Do makes call and returns a flow.Reply or a flow.Failed. It takes Config.Timeout at most, and less
// when ctx ends. A Reply is whole: a Challenge has its Name and Session, Tokens their AccessToken, a
// Profile its Username, Associated the Key and Verified, as well as Associated, the Session when the
// Grant was one. An answer that lacks them is a flow.Failed of which nobody can say what was done.
func (c *Client) Do(ctx context.Context, call flow.Call) flow.Event {
	ctx, cancel := c.config.within(ctx, 1)
	defer cancel()
	var skew time.Duration
	outcome := &outcome{call: call}
	ctx = context.WithValue(context.WithValue(ctx, skewKey{}, &skew), outcomeKey{}, outcome)
	ctx, traced := c.config.Trace.begin(ctx, c.host, call, &skew)
	result, err := c.result(ctx, call)
	var event flow.Event = flow.Reply{Result: result, At: c.config.Now(), Skew: skew}
	if err != nil {
		event = flow.Failed{Err: c.explain(call, err), Done: outcome.done(err), Skew: skew}
	}
	traced.end(event)
	return event
}

// result makes call and returns a Result that is whole.
func (c *Client) result(ctx context.Context, call flow.Call) (flow.Result, error) {
	result, err := c.send(ctx, call)
	if err == nil {
		err = incomplete(call, result)
	}
	if err != nil {
		return nil, err
	}
	return result, nil
}

func (c *Client) send(ctx context.Context, call flow.Call) (flow.Result, error) {
	switch call := call.(type) {
	case flow.SignIn:
		return c.signIn(ctx, call)
	case flow.Respond:
		return c.respond(ctx, call)
	case flow.Associate:
		return c.associate(ctx, call)
	case flow.Verify:
		return c.verify(ctx, call)
	case flow.Prefer:
		return c.setPreference(ctx, call.AccessToken, types.SoftwareTokenMfaSettingsType{Enabled: true, PreferredMfa: true})
	case flow.Disable:
		return c.setPreference(ctx, call.AccessToken, types.SoftwareTokenMfaSettingsType{})
	case flow.Status:
		return c.status(ctx, call)
	case flow.Forgot:
		return c.forgot(ctx, call)
	case flow.Reset:
		return c.reset(ctx, call)
	case flow.Resend:
		return c.resend(ctx, call)
	case flow.Confirm:
		return c.confirm(ctx, call)
	case flow.Pools:
		return c.pools(ctx)
	case flow.Clients:
		return c.clients(ctx, call.Pool)
	}
	return nil, noCall(call)
}

func noCall(call flow.Call) error {
	return failure{"malfunction", fmt.Sprintf("there is no call %T", call)}
}

func (c *Client) associate(ctx context.Context, call flow.Associate) (flow.Result, error) {
	out, err := c.api.AssociateSoftwareToken(ctx, &cip.AssociateSoftwareTokenInput{
		AccessToken: reveal(call.Grant.AccessToken),
		Session:     reveal(call.Grant.Session),
	})
	if err != nil {
		return nil, err
	}
	return flow.Associated{Key: secret(out.SecretCode), Session: secret(out.Session)}, nil
}

// verify also reads the Status, because a refusal may come without an error: "ERROR" (API
// reference, VerifySoftwareToken).
func (c *Client) verify(ctx context.Context, call flow.Verify) (flow.Result, error) {
	code := call.Code.Reveal()
	out, err := c.api.VerifySoftwareToken(ctx, &cip.VerifySoftwareTokenInput{
		AccessToken:        reveal(call.Grant.AccessToken),
		Session:            reveal(call.Grant.Session),
		UserCode:           &code,
		FriendlyDeviceName: nonEmpty(call.Device),
	})
	if err != nil {
		return nil, err
	}
	switch out.Status {
	case types.VerifySoftwareTokenResponseTypeSuccess:
		return flow.Verified{Session: secret(out.Session)}, nil
	case types.VerifySoftwareTokenResponseTypeError:
		return nil, failure{"not-verified", string(out.Status)}
	}
	return nil, failure{"incomplete", "there is no Status that is documented"}
}

// setPreference names only the software token: a block for a factor that the user does not have
// fails the whole call, and one that is left out stays as it is (amplify-js#944). The SDK leaves out
// what is false, and that is Cognito's default.
func (c *Client) setPreference(ctx context.Context, token flow.Secret,
	totp types.SoftwareTokenMfaSettingsType) (flow.Result, error) {
	_, err := c.api.SetUserMFAPreference(ctx, &cip.SetUserMFAPreferenceInput{
		AccessToken:              reveal(token),
		SoftwareTokenMfaSettings: &totp,
	}, c.repeatable)
	if err != nil {
		return nil, err
	}
	return flow.Accepted{}, nil
}

func (c *Client) status(ctx context.Context, call flow.Status) (flow.Result, error) {
	out, err := c.api.GetUser(ctx, &cip.GetUserInput{AccessToken: reveal(call.AccessToken)}, c.repeatable)
	if err != nil {
		return nil, err
	}
	return flow.Profile{
		Username:  aws.ToString(out.Username),
		Pool:      c.config.PoolID,
		Factors:   out.UserMFASettingList,
		Preferred: aws.ToString(out.PreferredMfaSetting),
	}, nil
}

// repeatable lets the SDK try again after a lost answer. It is for calls that do the same however
// often they are made.
func (c *Client) repeatable(o *cip.Options) {
	o.Retryer = retry.NewStandard(func(o *retry.StandardOptions) {
		if c.config.Backoff != nil {
			o.Backoff = retry.BackoffDelayerFunc(func(attempt int, _ error) (time.Duration, error) {
				return c.config.Backoff(attempt), nil
			})
		}
	})
}

// secretHash is the proof that we know the client secret, for the username that is sent along
// (Developer Guide, "Computing secret hash values"); nil for a client without one.
func (c *Client) secretHash(username string) *string {
	if c.config.ClientSecret.Empty() {
		return nil
	}
	mac := hmac.New(sha256.New, []byte(c.config.ClientSecret.Reveal()))
	mac.Write([]byte(username + c.config.ClientID))
	return aws.String(base64.StdEncoding.EncodeToString(mac.Sum(nil)))
}

// reveal and secret are a Secret on the way out and in; an empty one is left out.
func reveal(s flow.Secret) *string {
	if s.Empty() {
		return nil
	}
	return aws.String(s.Reveal())
}

// nonEmpty leaves an empty text out.
func nonEmpty(s string) *string { return reveal(flow.NewSecret(s)) }

func secret(s *string) flow.Secret { return flow.NewSecret(aws.ToString(s)) }
