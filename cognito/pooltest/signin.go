package pooltest

import (
	"testing"
	"time"

	"cognito-enroll/flow"
)

func signsIn(t *testing.T, p *pool, f flow.AuthFlow) {
	call := signIn(p.newUser(t))
	call.Flow = f
	reply[flow.Tokens](t, p.with(t, p.public), call)
}

func wrongPassword(t *testing.T, p *pool, f flow.AuthFlow) {
	call := flow.SignIn{Flow: f, Username: p.newUser(t), Password: flow.NewSecret("Wrong-Horse-9!")}
	refusal(t, p.with(t, p.public), call, "wrong-password", flow.Retry)
}

func unknownUser(t *testing.T, s *suite) {
	c := s.optional.with(t, s.optional.public)
	for _, f := range []flow.AuthFlow{flow.Password, flow.SRP} {
		call := signIn(unique("nobody"))
		call.Flow = f
		refusal(t, c, call, "wrong-password", flow.Retry)
	}
}

func unknownClient(t *testing.T, s *suite) {
	p := s.optional
	refusal(t, p.with(t, client{id: "0123456789abcdefghijklmnop"}), signIn(p.newUser(t)), "client-not-found",
		flow.Elsewhere)
}

func flowNotAllowed(t *testing.T, s *suite) {
	p := s.optional
	c, user := p.with(t, p.srpOnly), p.newUser(t)
	refusal(t, c, signIn(user), flow.CodeFlowNotEnabled, flow.Elsewhere)
	call := signIn(user)
	call.Flow = flow.SRP
	reply[flow.Tokens](t, c, call)
}

func admin(t *testing.T, s *suite) {
	p := s.required
	enrols(t, p.with(t, p.secret), &Person{
		Username: p.newTemporaryUser(t), Password: temporary, NewPassword: password, Now: s.Now, Mistypes: true,
		Options: flow.Options{AuthFlow: flow.Admin},
	})
}

func lifetime(t *testing.T, s *suite) {
	p := s.optional
	if got := reply[flow.Tokens](t, p.with(t, p.public), signIn(p.newUser(t))).Lifetime; got != time.Hour {
		t.Errorf("the access token lives for %v, want 1h by default", got)
	}
}

func temporarySignIn(user string) flow.SignIn {
	return flow.SignIn{Flow: flow.Password, Username: user, Password: flow.NewSecret(temporary)}
}

func newPassword(t *testing.T, s *suite) {
	p := s.optional
	c, user := p.with(t, p.public), p.newTemporaryUser(t)
	asked := challenge(t, c, temporarySignIn(user), "NEW_PASSWORD_REQUIRED")
	reply[flow.Tokens](t, c, answer(asked, user, "NEW_PASSWORD", password))
	reply[flow.Tokens](t, c, signIn(user))
}

func passwordPolicy(t *testing.T, s *suite) {
	p := s.optional
	c, user := p.with(t, p.public), p.newTemporaryUser(t)
	asked := challenge(t, c, temporarySignIn(user), "NEW_PASSWORD_REQUIRED")
	refusal(t, c, answer(asked, user, "NEW_PASSWORD", "all lower"), "password-refused", flow.Retry)
	refusal(t, c, answer(asked, user, "NEW_PASSWORD", "Sh-1"), "password-refused", flow.Retry)
	reply[flow.Tokens](t, c, answer(asked, user, "NEW_PASSWORD", password))
}

func newPasswordThenSetup(t *testing.T, s *suite) {
	p := s.required
	c, user := p.with(t, p.public), p.newTemporaryUser(t)
	asked := challenge(t, c, temporarySignIn(user), "NEW_PASSWORD_REQUIRED")
	challenge(t, c, answer(asked, user, "NEW_PASSWORD", password), "MFA_SETUP")
}

func newPasswordWizard(t *testing.T, s *suite) {
	p := s.required
	enrols(t, p.with(t, p.public), &Person{Username: p.newTemporaryUser(t), Password: temporary, NewPassword: password,
		Now: s.Now, Mistypes: true})
}

func clientSecret(t *testing.T, s *suite) {
	p := s.optional
	if p.secret.secret.Empty() {
		t.Fatal("CreateUserPoolClient gave no secret")
	}
	c, user := p.with(t, p.secret), p.newTemporaryUser(t)
	asked := challenge(t, c, temporarySignIn(user), "NEW_PASSWORD_REQUIRED")
	reply[flow.Tokens](t, c, answer(asked, user, "NEW_PASSWORD", password))
}

func clientSecretMissing(t *testing.T, s *suite) {
	p := s.optional
	refusal(t, p.with(t, client{id: p.secret.id}), signIn(p.newUser(t)), "client-secret-missing", flow.Elsewhere)
}

func clientSecretWrong(t *testing.T, s *suite) {
	p := s.optional
	wrong := client{p.secret.id, flow.NewSecret("not0the0secret0of0this0client")}
	refusal(t, p.with(t, wrong), signIn(p.newUser(t)), "client-secret-wrong", flow.Elsewhere)
}
