package localpool

import (
	"errors"
	"time"
)

// How long codes are good for ("Quotas in Amazon Cognito", Developer Guide).
const (
	resetLife        = time.Hour
	confirmationLife = 24 * time.Hour
)

// accountInput is what the operations have in common by which somebody who cannot sign
// in gets to an account.
type accountInput struct{ ClientId, SecretHash, Username string }

// account finds the client and the user. A user who does not exist is nil, unless the
// client says so.
func (s *Server) account(in accountInput, v checks) (*client, *user, error) {
	v.clientID(in.ClientId)
	v.username(in.Username)
	if err := v.err(); err != nil {
		return nil, nil, err
	}
	c, err := s.findClient(in.ClientId)
	if err != nil {
		return nil, nil, err
	}
	if err := c.checkSecretHash(in.SecretHash, in.Username); err != nil {
		return nil, nil, err
	}
	u := c.pool.find(in.Username)
	if u == nil && c.revealsUsers() {
		return nil, nil, errUserClient
	}
	return c, u, nil
}

// forgotPassword sends a code. For somebody who is not there, is disabled or cannot be
// reached it pretends to, unless the client says more.
func (s *Server) forgotPassword(in accountInput) (*deliveryOutput, error) {
	c, u, err := s.account(in, nil)
	if err != nil {
		return nil, err
	}
	pretend := &deliveryOutput{s.strangersContact(c.pool, in.Username, "").delivery()}
	switch {
	case !c.revealsUsers() && (u == nil || !u.enabled):
		return pretend, nil
	case !u.enabled:
		return nil, errDisabled
	}
	switch err := s.mailReset(u); {
	case !c.revealsUsers() && errors.Is(err, errNoContact):
		return pretend, nil
	case err != nil:
		return nil, err
	}
	return &deliveryOutput{u.reset.to.delivery()}, nil
}

func (s *Server) mailReset(u *user) error {
	names := u.pool.recoveryAttributes()
	to, ok := u.contactOf(names, true)
	switch {
	case len(names) == 0:
		return errAdminResets
	case u.status == statusTemporary:
		return errPasswordState
	case !ok:
		return errNoContact
	case u.status == statusUnconfirmed:
		return errPasswordState
	}
	u.reset = s.mail(to, resetLife)
	return nil
}

type confirmForgotInput struct {
	accountInput
	ConfirmationCode, Password string
}

func (s *Server) confirmForgotPassword(in confirmForgotInput) (*empty, error) {
	var v checks
	v.confirmationCode(in.ConfirmationCode)
	v.required("password", in.Password)
	v.password("password", in.Password)
	c, u, err := s.account(in.accountInput, v)
	switch {
	case err != nil:
		return nil, err
	case !c.revealsUsers() && (u == nil || !u.enabled):
		return nil, errCodeWrong
	case !u.enabled:
		return nil, errDisabled
	}
	if err := u.reset.try(in.ConfirmationCode, s.o.Now()); err != nil {
		return nil, err
	}
	if err := u.pool.policy.accept(in.Password); err != nil {
		return nil, err
	}
	s.setPassword(u, in.Password, statusConfirmed)
	u.attempts = attempts{}
	return &empty{}, nil
}

// resetPassword is AdminResetUserPassword: the password is void at once.
func (s *Server) resetPassword(u *user) error {
	if err := s.mailReset(u); err != nil {
		return err
	}
	u.status = statusReset
	return nil
}
