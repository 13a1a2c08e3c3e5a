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

	"cognito-enroll/cognito/srp"
	"cognito-enroll/flow"
)

// Client makes the calls of an enrolment. It is safe for concurrent use when its Config's Now and
// Random are.
type Client struct {
	config   Config // without empty fields, but for ClientSecret
	poolName string // the part of PoolID after "_"
	host     string // where calls go, for messages
	api      *cip.Client
}

// Do makes call and returns a flow.Reply or a flow.Failed. It takes 20 seconds at most, and less
// when ctx ends.
func (c *Client) Do(ctx context.Context, call flow.Call) flow.Event {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	result, err := c.result(ctx, call)
	if err != nil {
		return flow.Failed{Err: c.explain(call, err)}
	}
	return flow.Reply{Result: result, At: c.config.Now()}
}

func (c *Client) result(ctx context.Context, call flow.Call) (flow.Result, error) {
	switch call := call.(type) {
	case flow.SignIn:
		if call.Flow == flow.Password {
			return c.initiate(ctx, call, "PASSWORD", call.Password.Reveal())
		}
		return c.signInSRP(ctx, call)
	case flow.Respond:
		return c.respond(ctx, call)
	case flow.Associate:
		return c.associate(ctx, call)
	case flow.Verify:
		return c.verify(ctx, call)
	case flow.Prefer:
		return c.prefer(ctx, call)
	case flow.Status:
		return c.status(ctx, call)
	}
	return nil, trouble{"malfunction", fmt.Sprintf("there is no call %T", call)}
}

// signInSRP answers PASSWORD_VERIFIER at once: Cognito takes the answer for seconds only (API
// reference, RespondToAuthChallenge).
func (c *Client) signInSRP(ctx context.Context, call flow.SignIn) (flow.Result, error) {
	half, err := srp.NewClient(c.config.Random)
	if err != nil {
		return nil, trouble{"malfunction", err.Error()}
	}
	call.Flow = flow.SRP
	result, err := c.initiate(ctx, call, "SRP_A", half.A())
	challenge, ok := result.(flow.Challenge)
	if err != nil || !ok || challenge.Name != string(types.ChallengeNameTypePasswordVerifier) {
		return result, err
	}
	p := challenge.Params
	user, timestamp := p["USER_ID_FOR_SRP"], srp.Timestamp(c.config.Now())
	signature, err := half.Sign(srp.Challenge{
		Pool: c.poolName, UserID: user, Salt: p["SALT"], B: p["SRP_B"], SecretBlock: p["SECRET_BLOCK"],
	}, call.Password.Reveal(), timestamp)
	if err != nil {
		return nil, trouble{"malformed", "in PASSWORD_VERIFIER, " + err.Error()}
	}
	result, err = c.respond(ctx, flow.Respond{
		Challenge: challenge.Name,
		Session:   challenge.Session,
		Username:  user,
		Responses: map[string]flow.Secret{
			"PASSWORD_CLAIM_SECRET_BLOCK": flow.NewSecret(p["SECRET_BLOCK"]),
			"PASSWORD_CLAIM_SIGNATURE":    flow.NewSecret(signature),
			"TIMESTAMP":                   flow.NewSecret(timestamp),
		},
	})
	if next, ok := result.(flow.Challenge); ok && next.Params["USER_ID_FOR_SRP"] == "" {
		if next.Params == nil {
			next.Params = map[string]string{}
		}
		next.Params["USER_ID_FOR_SRP"] = user
		return next, nil
	}
	return result, err
}

// initiate sends the user name as it was typed, which may be an alias, and one proof.
func (c *Client) initiate(ctx context.Context, call flow.SignIn, key, proof string) (flow.Result, error) {
	parameters := map[string]string{"USERNAME": call.Username, key: proof}
	c.addSecretHash(parameters)
	out, err := c.api.InitiateAuth(ctx, &cip.InitiateAuthInput{
		AuthFlow:       types.AuthFlowType(call.Flow),
		ClientId:       &c.config.ClientID,
		AuthParameters: parameters,
	})
	if err != nil {
		return nil, err
	}
	return arrived(out.ChallengeName, out.Session, out.ChallengeParameters, out.AuthenticationResult)
}

func (c *Client) respond(ctx context.Context, call flow.Respond) (flow.Result, error) {
	responses := map[string]string{"USERNAME": call.Username}
	for key, value := range call.Responses {
		responses[key] = value.Reveal()
	}
	c.addSecretHash(responses)
	out, err := c.api.RespondToAuthChallenge(ctx, &cip.RespondToAuthChallengeInput{
		ChallengeName:      types.ChallengeNameType(call.Challenge),
		ClientId:           &c.config.ClientID,
		Session:            reveal(call.Session),
		ChallengeResponses: responses,
	})
	if err != nil {
		return nil, err
	}
	return arrived(out.ChallengeName, out.Session, out.ChallengeParameters, out.AuthenticationResult)
}

// arrived is what InitiateAuth and RespondToAuthChallenge answer: tokens, or what comes before them.
func arrived(name types.ChallengeNameType, session *string, params map[string]string, auth *types.AuthenticationResultType) (flow.Result, error) {
	switch {
	case auth != nil && aws.ToString(auth.AccessToken) != "":
		return flow.Tokens{
			AccessToken: flow.NewSecret(*auth.AccessToken),
			Lifetime:    time.Duration(auth.ExpiresIn) * time.Second,
		}, nil
	case name != "":
		return flow.Challenge{Name: string(name), Session: secret(session), Params: params}, nil
	}
	return nil, trouble{"malformed", "neither a challenge nor an access token"}
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
	code, device := call.Code.Reveal(), call.Device
	out, err := c.api.VerifySoftwareToken(ctx, &cip.VerifySoftwareTokenInput{
		AccessToken:        reveal(call.Grant.AccessToken),
		Session:            reveal(call.Grant.Session),
		UserCode:           &code,
		FriendlyDeviceName: &device,
	})
	if err != nil {
		return nil, err
	}
	if out.Status != types.VerifySoftwareTokenResponseTypeSuccess {
		return nil, trouble{"not-verified", string(out.Status)}
	}
	return flow.Verified{Session: secret(out.Session)}, nil
}

// prefer names only the software token: a block for a factor that the user does not have fails the
// whole call, and one that is left out stays as it is (amplify-js#944).
func (c *Client) prefer(ctx context.Context, call flow.Prefer) (flow.Result, error) {
	_, err := c.api.SetUserMFAPreference(ctx, &cip.SetUserMFAPreferenceInput{
		AccessToken:              reveal(call.AccessToken),
		SoftwareTokenMfaSettings: &types.SoftwareTokenMfaSettingsType{Enabled: true, PreferredMfa: true},
	}, repeatable)
	if err != nil {
		return nil, err
	}
	return flow.Accepted{}, nil
}

func (c *Client) status(ctx context.Context, call flow.Status) (flow.Result, error) {
	out, err := c.api.GetUser(ctx, &cip.GetUserInput{AccessToken: reveal(call.AccessToken)}, repeatable)
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
func repeatable(o *cip.Options) { o.Retryer = retry.NewStandard() }

// addSecretHash adds the proof that we know the client secret, for the user name that p sends
// (Developer Guide, "Computing secret hash values").
func (c *Client) addSecretHash(p map[string]string) {
	if c.config.ClientSecret.Empty() {
		return
	}
	mac := hmac.New(sha256.New, []byte(c.config.ClientSecret.Reveal()))
	mac.Write([]byte(p["USERNAME"] + c.config.ClientID))
	p["SECRET_HASH"] = base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// reveal and secret are a Secret on the way out and in; an empty one is left out.
func reveal(s flow.Secret) *string {
	if s.Empty() {
		return nil
	}
	return aws.String(s.Reveal())
}

func secret(s *string) flow.Secret { return flow.NewSecret(aws.ToString(s)) }
