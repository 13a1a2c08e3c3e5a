package cognito

import (
	"context"
	"maps"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-enroll/cognito/srp"
	"cognito-enroll/flow"
)

// signIn sends the username as it was typed, which may be an alias, and what the flow begins with
// (API reference, InitiateAuth).
func (c *Client) signIn(ctx context.Context, call flow.SignIn) (flow.Result, error) {
	parameters := map[string]string{"USERNAME": call.Username}
	withSRP := false
	switch call.Flow {
	case flow.Auto, flow.SRP:
		withSRP = true
	case flow.Password, flow.Admin:
		parameters["PASSWORD"] = call.Password.Reveal()
	case flow.Choice:
		switch {
		case !call.Password.Empty():
			withSRP = true
			parameters["PREFERRED_CHALLENGE"] = string(types.ChallengeNameTypePasswordSrp)
		case call.Preferred != "":
			parameters["PREFERRED_CHALLENGE"] = call.Preferred
		}
	case flow.Custom:
	case flow.CustomSRP:
		withSRP = true
		parameters["CHALLENGE_NAME"] = "SRP_A"
	default:
		return nil, failure{"malfunction", "there is no sign-in with " + string(call.Flow)}
	}
	if !withSRP {
		return c.initiate(ctx, call.Flow, parameters)
	}
	return c.verifyPassword(ctx, call.Flow, call.Password, func(bigA string) (flow.Result, error) {
		parameters["SRP_A"] = bigA
		return c.initiate(ctx, call.Flow, parameters)
	})
}

// respond proves a password where the pool asks for that.
func (c *Client) respond(ctx context.Context, call flow.Respond) (flow.Result, error) {
	password, ok := call.Responses["PASSWORD"]
	if !ok || !call.ProvesPassword() {
		return c.answer(ctx, call)
	}
	return c.verifyPassword(ctx, call.Flow, password, func(bigA string) (flow.Result, error) {
		call.Responses = maps.Clone(call.Responses)
		delete(call.Responses, "PASSWORD")
		call.Responses["SRP_A"] = flow.NewSecret(bigA)
		return c.answer(ctx, call)
	})
}

// verifyPassword begins with SRP_A and answers PASSWORD_VERIFIER at once: Cognito takes the answer for seconds
// only (API reference, RespondToAuthChallenge). Whatever else the pool wants is the result.
func (c *Client) verifyPassword(ctx context.Context, f flow.AuthFlow, password flow.Secret,
	begin func(bigA string) (flow.Result, error)) (flow.Result, error) {
	half, err := srp.NewClient(c.config.Random)
	if err != nil {
		return nil, failure{"malfunction", err.Error()}
	}
	result, err := begin(half.A())
	challenge, ok := result.(flow.Challenge)
	if err != nil || !ok || challenge.Name != string(types.ChallengeNameTypePasswordVerifier) {
		return result, err
	}
	p := challenge.Params
	user, timestamp := p["USER_ID_FOR_SRP"], srp.Timestamp(c.config.Now())
	signature, err := half.Sign(srp.Challenge{
		Pool: c.poolName, UserID: user, Salt: p["SALT"], B: p["SRP_B"], SecretBlock: p["SECRET_BLOCK"],
	}, password.Reveal(), timestamp)
	if err != nil {
		return nil, failure{"malformed", "in PASSWORD_VERIFIER, " + err.Error()}
	}
	result, err = c.answer(ctx, flow.Respond{
		Flow:      f,
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

func (c *Client) initiate(ctx context.Context, f flow.AuthFlow, parameters map[string]string) (flow.Result, error) {
	if hash := c.secretHash(parameters["USERNAME"]); hash != nil {
		parameters["SECRET_HASH"] = *hash
	}
	if f == flow.Admin {
		if err := c.needCredentials(ctx); err != nil {
			return nil, err
		}
		out, err := c.api.AdminInitiateAuth(ctx, &cip.AdminInitiateAuthInput{
			AuthFlow:       wireName(f),
			UserPoolId:     &c.config.PoolID,
			ClientId:       &c.config.ClientID,
			AuthParameters: parameters,
		})
		if err != nil {
			return nil, err
		}
		return signInResult(out.ChallengeName, out.Session, out.ChallengeParameters, out.AvailableChallenges,
			out.AuthenticationResult)
	}
	out, err := c.api.InitiateAuth(ctx, &cip.InitiateAuthInput{
		AuthFlow:       wireName(f),
		ClientId:       &c.config.ClientID,
		AuthParameters: parameters,
	})
	if err != nil {
		return nil, err
	}
	return signInResult(out.ChallengeName, out.Session, out.ChallengeParameters, out.AvailableChallenges,
		out.AuthenticationResult)
}

// wireName is Cognito's name for f.
func wireName(f flow.AuthFlow) types.AuthFlowType {
	switch f {
	case flow.Auto:
		return types.AuthFlowTypeUserSrpAuth
	case flow.CustomSRP:
		return types.AuthFlowTypeCustomAuth
	}
	return types.AuthFlowType(f)
}

func (c *Client) answer(ctx context.Context, call flow.Respond) (flow.Result, error) {
	hides(ctx, call.Secrets())
	responses := map[string]string{"USERNAME": call.Username}
	for key, value := range call.Responses {
		responses[key] = value.Reveal()
	}
	if hash := c.secretHash(call.Username); hash != nil {
		responses["SECRET_HASH"] = *hash
	}
	if call.Flow == flow.Admin {
		if err := c.needCredentials(ctx); err != nil {
			return nil, err
		}
		out, err := c.api.AdminRespondToAuthChallenge(ctx, &cip.AdminRespondToAuthChallengeInput{
			ChallengeName:      types.ChallengeNameType(call.Challenge),
			UserPoolId:         &c.config.PoolID,
			ClientId:           &c.config.ClientID,
			Session:            reveal(call.Session),
			ChallengeResponses: responses,
		})
		if err != nil {
			return nil, err
		}
		return signInResult(out.ChallengeName, out.Session, out.ChallengeParameters, nil, out.AuthenticationResult)
	}
	out, err := c.api.RespondToAuthChallenge(ctx, &cip.RespondToAuthChallengeInput{
		ChallengeName:      types.ChallengeNameType(call.Challenge),
		ClientId:           &c.config.ClientID,
		Session:            reveal(call.Session),
		ChallengeResponses: responses,
	})
	if err != nil {
		return nil, err
	}
	return signInResult(out.ChallengeName, out.Session, out.ChallengeParameters, nil, out.AuthenticationResult)
}

// signInResult is what a request of a sign-in answers: tokens, or what comes before them.
func signInResult(name types.ChallengeNameType, session *string, params map[string]string,
	available []types.ChallengeNameType, auth *types.AuthenticationResultType) (flow.Result, error) {
	switch {
	case auth != nil && aws.ToString(auth.AccessToken) != "":
		return flow.Tokens{
			AccessToken: flow.NewSecret(*auth.AccessToken),
			Lifetime:    time.Duration(auth.ExpiresIn) * time.Second,
		}, nil
	case name != "":
		challenge := flow.Challenge{Name: string(name), Session: secret(session), Params: params}
		for _, a := range available {
			challenge.Available = append(challenge.Available, string(a))
		}
		return challenge, nil
	}
	return nil, failure{"incomplete", "there is neither a challenge nor an access token"}
}
