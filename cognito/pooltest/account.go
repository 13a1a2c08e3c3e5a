package pooltest

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-enroll/flow"
)

// inbox skips the case where nobody can read what is sent to the user.
func (s *suite) inbox(t *testing.T, user string) func() string {
	t.Helper()
	if s.Inbox == nil {
		t.Skip("what this endpoint sends cannot be read")
	}
	return func() string { return s.Inbox(user) }
}

func attribute(name, value string) types.AttributeType {
	return types.AttributeType{Name: &name, Value: &value}
}

func passwordReset(t *testing.T, s *suite) {
	p := s.required
	user := p.newUser(t, attribute("email", "reset@example.com"), attribute("email_verified", "true"))
	person := &Person{Username: user, Password: password, NewPassword: "Better-Horse-9!", Now: s.Now, Mistypes: true,
		Inbox: s.inbox(t, user)}
	if _, err := s.api.AdminResetUserPassword(t.Context(), &cip.AdminResetUserPasswordInput{UserPoolId: &p.id,
		Username: &user}); err != nil {
		t.Fatalf("AdminResetUserPassword: %v", err)
	}
	enrols(t, p.with(t, p.secret), person)
}

func signUp(t *testing.T, s *suite) {
	p := s.optional
	user := unique("user")
	person := &Person{Username: user, Password: password, Now: s.Now, Mistypes: true, Inbox: s.inbox(t, user)}
	if _, err := s.api.SignUp(t.Context(), &cip.SignUpInput{
		ClientId: &p.public.id, Username: &user, Password: aws.String(password),
		UserAttributes: []types.AttributeType{attribute("email", user+"@example.com")},
	}); err != nil {
		t.Fatalf("SignUp: %v", err)
	}
	enrols(t, p.with(t, p.public), person)
}

func disabled(t *testing.T, s *suite) {
	p := s.optional
	user := p.newUser(t)
	if _, err := s.api.AdminDisableUser(t.Context(), &cip.AdminDisableUserInput{UserPoolId: &p.id,
		Username: &user}); err != nil {
		t.Fatalf("AdminDisableUser: %v", err)
	}
	refusal(t, p.with(t, p.public), signIn(user), "user-disabled", flow.Elsewhere)
}
