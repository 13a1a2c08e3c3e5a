package pooltest

import (
	"errors"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go"
)

// These cases try what an administrator and an application do with a pool, through the SDK alone.

func must(t *testing.T, what string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

func refused(t *testing.T, what string, err error, code string) {
	t.Helper()
	var e smithy.APIError
	if !errors.As(err, &e) || e.ErrorCode() != code {
		t.Errorf("%s: got %v, want %s", what, err, code)
	}
}

func groups(t *testing.T, s *suite) {
	ctx, p := t.Context(), s.optional
	user, group := p.newUser(t), unique("group")
	_, err := s.api.CreateGroup(ctx, &cip.CreateGroupInput{UserPoolId: &p.id, GroupName: &group})
	must(t, "CreateGroup", err)
	_, err = s.api.AdminAddUserToGroup(ctx, &cip.AdminAddUserToGroupInput{UserPoolId: &p.id, Username: &user,
		GroupName: &group})
	must(t, "AdminAddUserToGroup", err)
	of, err := s.api.AdminListGroupsForUser(ctx, &cip.AdminListGroupsForUserInput{UserPoolId: &p.id, Username: &user})
	must(t, "AdminListGroupsForUser", err)
	if len(of.Groups) != 1 || aws.ToString(of.Groups[0].GroupName) != group {
		t.Errorf("the user's groups are %v, want %s", of.Groups, group)
	}
	members, err := s.api.ListUsersInGroup(ctx, &cip.ListUsersInGroupInput{UserPoolId: &p.id, GroupName: &group})
	must(t, "ListUsersInGroup", err)
	if len(members.Users) != 1 || aws.ToString(members.Users[0].Username) != user {
		t.Errorf("the members are %v, want %s", members.Users, user)
	}
	_, err = s.api.AdminRemoveUserFromGroup(ctx, &cip.AdminRemoveUserFromGroupInput{UserPoolId: &p.id, Username: &user,
		GroupName: &group})
	must(t, "AdminRemoveUserFromGroup", err)
	members, err = s.api.ListUsersInGroup(ctx, &cip.ListUsersInGroupInput{UserPoolId: &p.id, GroupName: &group})
	must(t, "ListUsersInGroup", err)
	if len(members.Users) != 0 {
		t.Errorf("the members are %v after the last has left", members.Users)
	}
	_, err = s.api.DeleteGroup(ctx, &cip.DeleteGroupInput{UserPoolId: &p.id, GroupName: &group})
	must(t, "DeleteGroup", err)
	_, err = s.api.GetGroup(ctx, &cip.GetGroupInput{UserPoolId: &p.id, GroupName: &group})
	refused(t, "GetGroup of a deleted group", err, "ResourceNotFoundException")
}

func value(attributes []types.AttributeType, name string) string {
	i := slices.IndexFunc(attributes, func(a types.AttributeType) bool { return aws.ToString(a.Name) == name })
	if i < 0 {
		return ""
	}
	return aws.ToString(attributes[i].Value)
}

func changesAttributes(t *testing.T, s *suite) {
	ctx, p := t.Context(), s.optional
	user := p.newUser(t, attribute("email", unique("a")+"@example.com"), attribute("nickname", "one"))
	_, err := s.api.AdminUpdateUserAttributes(ctx, &cip.AdminUpdateUserAttributesInput{
		UserPoolId: &p.id, Username: &user, UserAttributes: []types.AttributeType{attribute("nickname", "two")},
	})
	must(t, "AdminUpdateUserAttributes", err)
	got, err := s.api.AdminGetUser(ctx, &cip.AdminGetUserInput{UserPoolId: &p.id, Username: &user})
	must(t, "AdminGetUser", err)
	if nickname := value(got.UserAttributes, "nickname"); nickname != "two" {
		t.Errorf("nickname is %q, want two", nickname)
	}
	_, err = s.api.AdminDeleteUserAttributes(ctx, &cip.AdminDeleteUserAttributesInput{
		UserPoolId: &p.id, Username: &user, UserAttributeNames: []string{"nickname"},
	})
	must(t, "AdminDeleteUserAttributes", err)
	got, err = s.api.AdminGetUser(ctx, &cip.AdminGetUserInput{UserPoolId: &p.id, Username: &user})
	must(t, "AdminGetUser", err)
	if nickname := value(got.UserAttributes, "nickname"); nickname != "" {
		t.Errorf("nickname is %q after it was deleted", nickname)
	}
}

func unknownAttribute(t *testing.T, s *suite) {
	p := s.optional
	user := p.newUser(t)
	_, err := s.api.AdminUpdateUserAttributes(t.Context(), &cip.AdminUpdateUserAttributesInput{
		UserPoolId: &p.id, Username: &user, UserAttributes: []types.AttributeType{attribute("shoe_size", "44")},
	})
	refused(t, "an attribute that is not in the schema", err, "InvalidParameterException")
}

func deletesUser(t *testing.T, s *suite) {
	p := s.optional
	user := p.newUser(t)
	_, err := s.api.AdminDeleteUser(t.Context(), &cip.AdminDeleteUserInput{UserPoolId: &p.id, Username: &user})
	must(t, "AdminDeleteUser", err)
	_, err = s.api.AdminGetUser(t.Context(), &cip.AdminGetUserInput{UserPoolId: &p.id, Username: &user})
	refused(t, "AdminGetUser of a deleted user", err, "UserNotFoundException")
}

func changesPassword(t *testing.T, s *suite) {
	p := s.optional
	user := p.newUser(t)
	in, err := s.passwordSignIn(t, p.public.id, user, password)
	must(t, "InitiateAuth", err)
	const next = "Better-Horse-9!"
	_, err = s.api.ChangePassword(t.Context(), &cip.ChangePasswordInput{
		AccessToken: in.AccessToken, PreviousPassword: aws.String(password),
		ProposedPassword: aws.String(next),
	})
	must(t, "ChangePassword", err)
	_, err = s.passwordSignIn(t, p.public.id, user, password)
	refused(t, "the old password", err, "NotAuthorizedException")
	_, err = s.passwordSignIn(t, p.public.id, user, next)
	must(t, "the new password", err)
}

func deletesPool(t *testing.T, s *suite) {
	made, err := s.api.CreateUserPool(t.Context(), &cip.CreateUserPoolInput{PoolName: aws.String(unique("pooltest-gone"))})
	must(t, "CreateUserPool", err)
	_, err = s.api.DeleteUserPool(t.Context(), &cip.DeleteUserPoolInput{UserPoolId: made.UserPool.Id})
	must(t, "DeleteUserPool", err)
	_, err = s.api.DescribeUserPool(t.Context(), &cip.DescribeUserPoolInput{UserPoolId: made.UserPool.Id})
	refused(t, "DescribeUserPool of a deleted pool", err, "ResourceNotFoundException")
}
