package pooltest

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// These cases change pools and app clients, and what users have of them.

// passwordSignIn signs in through the SDK alone.
func (s *suite) passwordSignIn(t *testing.T, clientID, user, password string) (*types.AuthenticationResultType, error) {
	t.Helper()
	in, err := s.api.InitiateAuth(t.Context(), &cip.InitiateAuthInput{
		ClientId: &clientID, AuthFlow: types.AuthFlowTypeUserPasswordAuth,
		AuthParameters: map[string]string{"USERNAME": user, "PASSWORD": password},
	})
	if err != nil {
		return nil, err
	}
	return in.AuthenticationResult, nil
}

func changesPool(t *testing.T, s *suite) {
	ctx, p := t.Context(), s.createPool(t, &cip.CreateUserPoolInput{})
	user := p.newUser(t)
	_, err := s.api.UpdateUserPool(ctx, &cip.UpdateUserPoolInput{UserPoolId: &p.id,
		Policies: &types.UserPoolPolicyType{PasswordPolicy: &types.PasswordPolicyType{MinimumLength: aws.Int32(20)}}})
	must(t, "UpdateUserPool", err)
	got, err := s.api.DescribeUserPool(ctx, &cip.DescribeUserPoolInput{UserPoolId: &p.id})
	must(t, "DescribeUserPool", err)
	policies := got.UserPool.Policies
	if policies == nil || policies.PasswordPolicy == nil || aws.ToInt32(policies.PasswordPolicy.MinimumLength) != 20 {
		t.Errorf("the policies are %+v, want a minimum of 20", policies)
	}
	_, err = s.api.AdminSetUserPassword(ctx, &cip.AdminSetUserPasswordInput{UserPoolId: &p.id, Username: &user,
		Password: aws.String("Short-Horse-9!")})
	refused(t, "a password that is too short from now on", err, "InvalidPasswordException")
}

func changesClient(t *testing.T, s *suite) {
	ctx, p := t.Context(), s.createPool(t, &cip.CreateUserPoolInput{})
	user := p.newUser(t)
	c := p.newClient(t, false, types.ExplicitAuthFlowsTypeAllowUserPasswordAuth)
	_, err := s.passwordSignIn(t, c.id, user, password)
	must(t, "InitiateAuth", err)
	_, err = s.api.UpdateUserPoolClient(ctx, &cip.UpdateUserPoolClientInput{UserPoolId: &p.id, ClientId: &c.id,
		ExplicitAuthFlows: []types.ExplicitAuthFlowsType{types.ExplicitAuthFlowsTypeAllowUserSrpAuth,
			types.ExplicitAuthFlowsTypeAllowRefreshTokenAuth}})
	must(t, "UpdateUserPoolClient", err)
	_, err = s.passwordSignIn(t, c.id, user, password)
	refused(t, "a flow that is no longer allowed", err, "InvalidParameterException")
	_, err = s.api.DeleteUserPoolClient(ctx, &cip.DeleteUserPoolClientInput{UserPoolId: &p.id, ClientId: &c.id})
	must(t, "DeleteUserPoolClient", err)
	_, err = s.passwordSignIn(t, c.id, user, password)
	refused(t, "a client that was deleted", err, "ResourceNotFoundException")
}

func customAttribute(t *testing.T, s *suite) {
	ctx, p := t.Context(), s.createPool(t, &cip.CreateUserPoolInput{})
	_, err := s.api.AddCustomAttributes(ctx, &cip.AddCustomAttributesInput{UserPoolId: &p.id,
		CustomAttributes: []types.SchemaAttributeType{{Name: aws.String("level"), Mutable: aws.Bool(true),
			AttributeDataType: types.AttributeDataTypeNumber}}})
	must(t, "AddCustomAttributes", err)
	user := p.newUser(t, attribute("custom:level", "3"))
	got, err := s.api.AdminGetUser(ctx, &cip.AdminGetUserInput{UserPoolId: &p.id, Username: &user})
	must(t, "AdminGetUser", err)
	if level := value(got.UserAttributes, "custom:level"); level != "3" {
		t.Errorf("custom:level is %q, want 3", level)
	}
	_, err = s.api.AdminUpdateUserAttributes(ctx, &cip.AdminUpdateUserAttributesInput{UserPoolId: &p.id, Username: &user,
		UserAttributes: []types.AttributeType{attribute("custom:level", "high")}})
	refused(t, "a number that is none", err, "InvalidParameterException")
}

func aliasOfAnother(t *testing.T, s *suite) {
	ctx := t.Context()
	p := s.createPool(t, &cip.CreateUserPoolInput{
		AliasAttributes: []types.AliasAttributeType{types.AliasAttributeTypeEmail},
	})
	email := unique("amy") + "@example.com"
	verified := []types.AttributeType{attribute("email", email), attribute("email_verified", "true")}
	first := p.newUser(t, verified...)
	second := &cip.AdminCreateUserInput{UserPoolId: &p.id, Username: aws.String(unique("user")),
		TemporaryPassword: aws.String(temporary), MessageAction: types.MessageActionTypeSuppress, UserAttributes: verified}
	_, err := s.api.AdminCreateUser(ctx, second)
	refused(t, "an alias of another", err, "AliasExistsException")
	second.ForceAliasCreation = true
	_, err = s.api.AdminCreateUser(ctx, second)
	must(t, "AdminCreateUser with ForceAliasCreation", err)
	got, err := s.api.AdminGetUser(ctx, &cip.AdminGetUserInput{UserPoolId: &p.id, Username: &email})
	must(t, "AdminGetUser by the alias", err)
	if aws.ToString(got.Username) != *second.Username {
		t.Errorf("the alias is that of %s, want %s, not %s", aws.ToString(got.Username), *second.Username, first)
	}
}

func refreshes(t *testing.T, s *suite) {
	p := s.optional
	user := p.newUser(t)
	in, err := s.passwordSignIn(t, p.public.id, user, password)
	must(t, "InitiateAuth", err)
	refresh := func() (*cip.InitiateAuthOutput, error) {
		return s.api.InitiateAuth(t.Context(), &cip.InitiateAuthInput{
			ClientId: &p.public.id, AuthFlow: types.AuthFlowTypeRefreshTokenAuth,
			AuthParameters: map[string]string{"REFRESH_TOKEN": aws.ToString(in.RefreshToken)},
		})
	}
	out, err := refresh()
	must(t, "InitiateAuth with the refresh token", err)
	_, err = s.api.GetUser(t.Context(), &cip.GetUserInput{AccessToken: out.AuthenticationResult.AccessToken})
	must(t, "GetUser with the new access token", err)
	_, err = s.api.RevokeToken(t.Context(), &cip.RevokeTokenInput{ClientId: &p.public.id, Token: in.RefreshToken})
	must(t, "RevokeToken", err)
	_, err = refresh()
	refused(t, "a refresh token that was revoked", err, "NotAuthorizedException")
}

func rotates(t *testing.T, s *suite) {
	ctx, p := t.Context(), s.createPool(t, &cip.CreateUserPoolInput{})
	user := p.newUser(t)
	made, err := s.api.CreateUserPoolClient(ctx, &cip.CreateUserPoolClientInput{UserPoolId: &p.id,
		ClientName:           aws.String("rotates"),
		ExplicitAuthFlows:    []types.ExplicitAuthFlowsType{types.ExplicitAuthFlowsTypeAllowUserPasswordAuth},
		RefreshTokenRotation: &types.RefreshTokenRotationType{Feature: types.FeatureTypeEnabled}})
	must(t, "CreateUserPoolClient", err)
	id := made.UserPoolClient.ClientId
	in, err := s.passwordSignIn(t, *id, user, password)
	must(t, "InitiateAuth", err)
	next := &cip.GetTokensFromRefreshTokenInput{ClientId: id, RefreshToken: in.RefreshToken}
	out, err := s.api.GetTokensFromRefreshToken(ctx, next)
	must(t, "GetTokensFromRefreshToken", err)
	if got := aws.ToString(out.AuthenticationResult.RefreshToken); got == "" || got == *in.RefreshToken {
		t.Error("there is no new refresh token")
	}
	_, err = s.api.GetTokensFromRefreshToken(ctx, next)
	refused(t, "a refresh token that has been replaced", err, "RefreshTokenReuseException")
}

func ownAttributes(t *testing.T, s *suite) {
	ctx, p := t.Context(), s.optional
	user := p.newUser(t, attribute("nickname", "one"))
	in, err := s.passwordSignIn(t, p.public.id, user, password)
	must(t, "InitiateAuth", err)
	names := func() []string {
		t.Helper()
		got, err := s.api.GetUser(ctx, &cip.GetUserInput{AccessToken: in.AccessToken})
		must(t, "GetUser", err)
		var names []string
		for _, a := range got.UserAttributes {
			names = append(names, aws.ToString(a.Name)+"="+aws.ToString(a.Value))
		}
		return names
	}
	_, err = s.api.UpdateUserAttributes(ctx, &cip.UpdateUserAttributesInput{AccessToken: in.AccessToken,
		UserAttributes: []types.AttributeType{attribute("nickname", "two")}})
	must(t, "UpdateUserAttributes", err)
	if got := names(); !slices.Contains(got, "nickname=two") {
		t.Errorf("the attributes are %v", got)
	}
	_, err = s.api.DeleteUserAttributes(ctx, &cip.DeleteUserAttributesInput{AccessToken: in.AccessToken,
		UserAttributeNames: []string{"nickname"}})
	must(t, "DeleteUserAttributes", err)
	if got := names(); slices.Contains(got, "nickname=two") {
		t.Errorf("the attributes are %v after one was deleted", got)
	}
	_, err = s.api.DeleteUser(ctx, &cip.DeleteUserInput{AccessToken: in.AccessToken})
	must(t, "DeleteUser", err)
	_, err = s.api.AdminGetUser(ctx, &cip.AdminGetUserInput{UserPoolId: &p.id, Username: &user})
	refused(t, "AdminGetUser of a user who has left", err, "UserNotFoundException")
}

func verifiesAddress(t *testing.T, s *suite) {
	ctx, p := t.Context(), s.optional
	user := p.newUser(t, attribute("email", unique("b")+"@example.com"))
	inbox := s.inbox(t, user)
	in, err := s.passwordSignIn(t, p.public.id, user, password)
	must(t, "InitiateAuth", err)
	_, err = s.api.GetUserAttributeVerificationCode(ctx, &cip.GetUserAttributeVerificationCodeInput{
		AccessToken: in.AccessToken, AttributeName: aws.String("email")})
	must(t, "GetUserAttributeVerificationCode", err)
	verify := func(code string) error {
		_, err := s.api.VerifyUserAttribute(ctx, &cip.VerifyUserAttributeInput{AccessToken: in.AccessToken,
			AttributeName: aws.String("email"), Code: &code})
		return err
	}
	code := inbox()
	wrong := "000000"
	if code == wrong {
		wrong = "000001"
	}
	refused(t, "a wrong code", verify(wrong), "CodeMismatchException")
	must(t, "VerifyUserAttribute", verify(code))
	got, err := s.api.AdminGetUser(ctx, &cip.AdminGetUserInput{UserPoolId: &p.id, Username: &user})
	must(t, "AdminGetUser", err)
	if is := value(got.UserAttributes, "email_verified"); is != "true" {
		t.Errorf("email_verified is %q", is)
	}
}
