package localpool

import (
	"crypto/rand"
	"encoding/base64"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"cognito-enroll/cognito/srp"
)

// TestSDKPaths checks with the AWS SDK for Go that it finds in the answers what the
// transcripts show there.
func TestSDKPaths(t *testing.T) {
	ctx := t.Context()
	var mail Message
	r := newRig(t, Options{Deliver: func(m Message) { mail = m }})
	r.seed(t, PoolSeed{ID: "us-east-1_Demo12345", Name: "p", FirstFactors: []string{"PASSWORD", "EMAIL_OTP"},
		AutoVerified: []string{"email"}, TracksDevices: true,
		Clients: []ClientSeed{{ID: "c", AuthFlows: []string{"ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"}}}})
	c := r.sdk()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	same := func(what string, want, got any) {
		t.Helper()
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", what, d)
		}
	}
	pool, client, name := aws.String("us-east-1_Demo12345"), aws.String("c"), aws.String("alice")

	signedUp, err := c.SignUp(ctx, &cip.SignUpInput{ClientId: client, Username: name,
		Password:       aws.String("Correct-Horse-9"),
		UserAttributes: []types.AttributeType{{Name: aws.String("email"), Value: aws.String("alice@example.com")}}})
	must(err)
	same("destination", "a***@e***", *signedUp.CodeDeliveryDetails.Destination)
	same("medium", types.DeliveryMediumTypeEmail, signedUp.CodeDeliveryDetails.DeliveryMedium)
	_, err = c.ConfirmSignUp(ctx, &cip.ConfirmSignUpInput{ClientId: client, Username: name,
		ConfirmationCode: aws.String("0")})
	same("wrong code", "CodeMismatchException", code(err))
	_, err = c.ConfirmSignUp(ctx, &cip.ConfirmSignUpInput{ClientId: client, Username: name, ConfirmationCode: &mail.Code})
	must(err)

	choice, err := c.InitiateAuth(ctx, &cip.InitiateAuthInput{ClientId: client, AuthFlow: types.AuthFlowTypeUserAuth,
		AuthParameters: map[string]string{"USERNAME": *name}})
	must(err)
	same("choices", []types.ChallengeNameType{"PASSWORD_SRP", "PASSWORD", "EMAIL_OTP"}, choice.AvailableChallenges)
	otp, err := c.RespondToAuthChallenge(ctx, &cip.RespondToAuthChallengeInput{ClientId: client,
		ChallengeName: choice.ChallengeName, Session: choice.Session,
		ChallengeResponses: map[string]string{"USERNAME": *name, "ANSWER": "EMAIL_OTP"}})
	must(err)
	in, err := c.RespondToAuthChallenge(ctx, &cip.RespondToAuthChallengeInput{ClientId: client,
		ChallengeName: otp.ChallengeName, Session: otp.Session,
		ChallengeResponses: map[string]string{"USERNAME": *name, "EMAIL_OTP_CODE": mail.Code}})
	must(err)
	device := in.AuthenticationResult.NewDeviceMetadata
	v, err := srp.NewVerifier(rand.Reader, *device.DeviceGroupKey, *device.DeviceKey, "device password")
	must(err)
	_, err = c.ConfirmDevice(ctx, &cip.ConfirmDeviceInput{AccessToken: in.AuthenticationResult.AccessToken,
		DeviceKey: device.DeviceKey,
		DeviceSecretVerifierConfig: &types.DeviceSecretVerifierConfigType{
			PasswordVerifier: aws.String(base64.StdEncoding.EncodeToString(v.V[:])),
			Salt:             aws.String(base64.StdEncoding.EncodeToString(v.Salt[:])),
		}})
	must(err)
	factors, err := c.GetUserAuthFactors(ctx,
		&cip.GetUserAuthFactorsInput{AccessToken: in.AuthenticationResult.AccessToken})
	must(err)
	same("first factors", []types.AuthFactorType{"PASSWORD", "EMAIL_OTP"}, factors.ConfiguredUserAuthFactors)

	_, err = c.AdminResetUserPassword(ctx, &cip.AdminResetUserPasswordInput{UserPoolId: pool, Username: name})
	must(err)
	forgot, err := c.ForgotPassword(ctx, &cip.ForgotPasswordInput{ClientId: client, Username: name})
	must(err)
	same("attribute", "email", *forgot.CodeDeliveryDetails.AttributeName)
	_, err = c.ConfirmForgotPassword(ctx, &cip.ConfirmForgotPasswordInput{ClientId: client, Username: name,
		ConfirmationCode: &mail.Code, Password: aws.String("Staple-Horse-9")})
	must(err)

	_, err = c.SetUserPoolMfaConfig(ctx, &cip.SetUserPoolMfaConfigInput{UserPoolId: pool,
		MfaConfiguration:    types.UserPoolMfaTypeOptional,
		SmsMfaConfiguration: &types.SmsMfaConfigType{}, EmailMfaConfiguration: &types.EmailMfaConfigType{}})
	must(err)
	config, err := c.GetUserPoolMfaConfig(ctx, &cip.GetUserPoolMfaConfigInput{UserPoolId: pool})
	must(err)
	if config.SmsMfaConfiguration == nil || config.EmailMfaConfiguration == nil ||
		config.SoftwareTokenMfaConfiguration != nil {
		t.Errorf("got %+v, want MFA by SMS and e-mail", config)
	}
	described, err := c.DescribeUserPool(ctx, &cip.DescribeUserPoolInput{UserPoolId: pool})
	must(err)
	same("AllowedFirstAuthFactors", []types.AuthFactorType{"PASSWORD", "EMAIL_OTP"},
		described.UserPool.Policies.SignInPolicy.AllowedFirstAuthFactors)
	if !described.UserPool.DeviceConfiguration.ChallengeRequiredOnNewDevice {
		t.Error("a pool that tracks devices does not say so")
	}
}
