package cognito

import (
	"context"
	"slices"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-enroll/flow"
)

// mfaConfig is what an enrollment depends on in the answer to GetUserPoolMfaConfig.
type mfaConfig struct {
	mode types.UserPoolMfaType
	totp bool // authenticator apps are turned on
}

// describe asks with AWS credentials. What IAM does not allow stays unknown.
func (x *inspector) describe(ctx context.Context) {
	ctx, cancel := x.config.within(ctx, 2)
	defer cancel()
	byAdmin := flow.SignIn{Flow: flow.Admin} // the words for it are those of every signed call
	if err := x.needCredentials(ctx); err != nil {
		x.clientErr = x.explain(byAdmin, err)
		return
	}
	client, err := x.api.DescribeUserPoolClient(ctx, &cip.DescribeUserPoolClientInput{
		UserPoolId: &x.config.PoolID, ClientId: &x.config.ClientID,
	}, x.repeatable)
	if err == nil && client.UserPoolClient == nil {
		err = failure{"incomplete", "there is no UserPoolClient"}
	}
	if err != nil {
		x.clientErr = x.explain(byAdmin, err)
		switch x.clientErr.Code {
		case accessDenied, clientNotFound:
		default: // the next one would fare no better
			return
		}
	} else {
		x.client = client.UserPoolClient
	}
	mfa, err := x.api.GetUserPoolMfaConfig(ctx, &cip.GetUserPoolMfaConfigInput{UserPoolId: &x.config.PoolID}, x.repeatable)
	if err == nil && mfa.MfaConfiguration == "" {
		err = failure{"incomplete", "there is no MfaConfiguration"}
	}
	if err != nil {
		x.mfaErr = x.explain(byAdmin, err)
		return
	}
	totp := mfa.SoftwareTokenMfaConfiguration
	x.mfa = &mfaConfig{mfa.MfaConfiguration, totp != nil && totp.Enabled}
}

// permits reports whether the app client's settings name the flow, by one of the values of today or
// of before 2019; without any, SRP and custom flows are allowed (API reference, CreateUserPoolClient).
func permits(client *types.UserPoolClientType, f flow.AuthFlow) bool {
	has := func(v types.ExplicitAuthFlowsType) bool { return slices.Contains(client.ExplicitAuthFlows, v) }
	none := len(client.ExplicitAuthFlows) == 0
	switch f {
	case flow.SRP:
		return none || has(types.ExplicitAuthFlowsTypeAllowUserSrpAuth) ||
			has(types.ExplicitAuthFlowsTypeUserPasswordAuth) || has(types.ExplicitAuthFlowsTypeAdminNoSrpAuth)
	case flow.Password:
		return has(types.ExplicitAuthFlowsTypeAllowUserPasswordAuth) || has(types.ExplicitAuthFlowsTypeUserPasswordAuth)
	case flow.Choice:
		return has(types.ExplicitAuthFlowsTypeAllowUserAuth)
	case flow.Custom:
		return none || has(types.ExplicitAuthFlowsTypeAllowCustomAuth) || has(types.ExplicitAuthFlowsTypeCustomAuthFlowOnly)
	case flow.Admin:
		return has(types.ExplicitAuthFlowsTypeAllowAdminUserPasswordAuth) || has(types.ExplicitAuthFlowsTypeAdminNoSrpAuth)
	}
	return false
}
