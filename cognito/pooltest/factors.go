package pooltest

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-enroll/flow"
)

// withFactors makes a pool that requires MFA, by authenticator, SMS or email.
func (s *suite) withFactors(t *testing.T) *pool {
	t.Helper()
	p := s.newPool(t, types.UserPoolMfaTypeOn)
	if _, err := s.api.SetUserPoolMfaConfig(t.Context(), &cip.SetUserPoolMfaConfigInput{
		UserPoolId:                    &p.id,
		MfaConfiguration:              types.UserPoolMfaTypeOn,
		SoftwareTokenMfaConfiguration: &types.SoftwareTokenMfaConfigType{Enabled: true},
		EmailMfaConfiguration:         &types.EmailMfaConfigType{},
		SmsMfaConfiguration: &types.SmsMfaConfigType{SmsConfiguration: &types.SmsConfigurationType{
			SnsCallerArn: aws.String("arn:aws:iam::123456789012:role/sms"),
		}},
	}); err != nil {
		t.Fatalf("SetUserPoolMfaConfig: %v", err)
	}
	return p
}

var phone = []types.AttributeType{attribute("phone_number", "+15555550123"), attribute("phone_number_verified", "true")}

// smsFirst: a pool with SMS never sends MFA_SETUP to somebody with a phone number
// (amplify-js#1875).
func smsFirst(t *testing.T, s *suite) {
	p := s.withFactors(t)
	user := p.newUser(t, phone...)
	person := &Person{Username: user, Password: password, Now: s.Now, Inbox: s.inbox(t, user)}
	got := finishes(t, p.with(t, p.secret), person, "sign-in", "sent-code", "get-ready", "scan")
	if !got.New || got.Preferred != "SOFTWARE_TOKEN_MFA" || !slices.Contains(got.Factors, "SOFTWARE_TOKEN_MFA") {
		t.Errorf("the summary is %+v", *got)
	}
}

func chooseFactor(t *testing.T, s *suite) {
	p := s.withFactors(t)
	user := p.newUser(t, append(phone, attribute("email", "two@example.com"), attribute("email_verified", "true"))...)
	person := &Person{
		Username: user, Password: password, Now: s.Now, Inbox: s.inbox(t, user),
		Chooses: map[string]string{"factor": "EMAIL_OTP"},
	}
	finishes(t, p.with(t, p.public), person, "sign-in", "factor", "sent-code", "get-ready", "scan")
}

// appOrMail: MFA_SETUP offers both.
func appOrMail(t *testing.T, s *suite) {
	p := s.withFactors(t)
	person := &Person{Username: p.newUser(t), Password: password, Now: s.Now, Chooses: map[string]string{"set-up": "app"}}
	finishes(t, p.with(t, p.public), person, "sign-in", "set-up", "get-ready", "scan")
}

func mail(t *testing.T, s *suite) {
	p := s.withFactors(t)
	user := p.newUser(t)
	person := &Person{
		Username: user, Password: password, Now: s.Now, Inbox: s.inbox(t, user),
		Chooses: map[string]string{"set-up": "email", "e-mail": "mail@example.com"},
	}
	got := finishes(t, p.with(t, p.public), person, "sign-in", "set-up", "e-mail", "sent-code")
	if got.Enrolled || !slices.Equal(got.Factors, []string{"EMAIL_OTP"}) {
		t.Errorf("the summary is %+v", *got)
	}
}

// withChoice makes a pool of USER_AUTH, a user who has an email address, and the person.
func (s *suite) withChoice(t *testing.T) (*pool, client, *Person) {
	t.Helper()
	p := s.newPool(t, types.UserPoolMfaTypeOptional, types.AuthFactorTypePassword, types.AuthFactorTypeEmailOtp)
	a := p.newClient(t, false, types.ExplicitAuthFlowsTypeAllowUserAuth)
	user := p.newUser(t, attribute("email", "choice@example.com"), attribute("email_verified", "true"))
	return p, a, &Person{Username: user, Password: password, Now: s.Now, Options: flow.Options{AuthFlow: flow.Choice}}
}

func choicePassword(t *testing.T, s *suite) {
	p, a, person := s.withChoice(t)
	person.Chooses = map[string]string{"challenge": "PASSWORD_SRP"}
	finishes(t, p.with(t, a), person, "sign-in", "challenge", "password", "get-ready", "scan")
}

func choiceMail(t *testing.T, s *suite) {
	p, a, person := s.withChoice(t)
	person.Inbox = s.inbox(t, person.Username)
	person.Chooses = map[string]string{"challenge": "EMAIL_OTP"}
	finishes(t, p.with(t, a), person, "sign-in", "challenge", "sent-code", "get-ready", "scan")
}

func choicePreferred(t *testing.T, s *suite) {
	p, a, person := s.withChoice(t)
	person.Options.Preferred = "PASSWORD_SRP"
	finishes(t, p.with(t, a), person, "sign-in", "get-ready", "scan")
}

// choiceNotAllowed: the first of the flows that the client allows is found without being told.
func choiceNotAllowed(t *testing.T, s *suite) {
	p, a, person := s.withChoice(t)
	c := p.with(t, p.public)
	refusal(t, c, flow.SignIn{Flow: flow.Choice, Username: person.Username}, flow.CodeFlowNotEnabled, flow.Elsewhere)
	person.Options.AuthFlow = flow.Auto
	finishes(t, p.with(t, a), person, "sign-in", "get-ready", "scan")
}

func noTrigger(t *testing.T, s *suite) {
	p := s.optional
	a := p.newClient(t, false, types.ExplicitAuthFlowsTypeAllowCustomAuth)
	refusal(t, p.with(t, a), flow.SignIn{Flow: flow.Custom, Username: p.newUser(t)}, "pool-broken", flow.Elsewhere)
}
