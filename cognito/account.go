package cognito

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-enroll/flow"
)

// These calls recover an account that cannot sign in. Nobody is signed in then, so they name the user.

func (c *Client) forgot(ctx context.Context, call flow.Forgot) (flow.Result, error) {
	out, err := c.api.ForgotPassword(ctx, &cip.ForgotPasswordInput{
		ClientId:   &c.config.ClientID,
		SecretHash: c.secretHash(call.Username),
		Username:   &call.Username,
	})
	if err != nil {
		return nil, err
	}
	return delivered(out.CodeDeliveryDetails), nil
}

func (c *Client) reset(ctx context.Context, call flow.Reset) (flow.Result, error) {
	_, err := c.api.ConfirmForgotPassword(ctx, &cip.ConfirmForgotPasswordInput{
		ClientId:         &c.config.ClientID,
		SecretHash:       c.secretHash(call.Username),
		Username:         &call.Username,
		ConfirmationCode: aws.String(call.Code.Reveal()),
		Password:         aws.String(call.Password.Reveal()),
	})
	if err != nil {
		return nil, err
	}
	return flow.Accepted{}, nil
}

func (c *Client) resend(ctx context.Context, call flow.Resend) (flow.Result, error) {
	out, err := c.api.ResendConfirmationCode(ctx, &cip.ResendConfirmationCodeInput{
		ClientId:   &c.config.ClientID,
		SecretHash: c.secretHash(call.Username),
		Username:   &call.Username,
	})
	if err != nil {
		return nil, err
	}
	return delivered(out.CodeDeliveryDetails), nil
}

func (c *Client) confirm(ctx context.Context, call flow.Confirm) (flow.Result, error) {
	_, err := c.api.ConfirmSignUp(ctx, &cip.ConfirmSignUpInput{
		ClientId:         &c.config.ClientID,
		SecretHash:       c.secretHash(call.Username),
		Username:         &call.Username,
		ConfirmationCode: aws.String(call.Code.Reveal()),
	})
	if err != nil {
		return nil, err
	}
	return flow.Accepted{}, nil
}

func delivered(d *types.CodeDeliveryDetailsType) flow.Delivered {
	if d == nil {
		return flow.Delivered{}
	}
	return flow.Delivered{Medium: string(d.DeliveryMedium), Destination: aws.ToString(d.Destination)}
}
