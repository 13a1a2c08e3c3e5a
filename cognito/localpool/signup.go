package localpool

import (
	"errors"
	"slices"
	"strings"
)

type signUpInput struct {
	accountInput
	Password       string
	UserAttributes []attribute
}

type signUpOutput struct {
	UserConfirmed       bool
	UserSub             string
	CodeDeliveryDetails *codeDelivery `json:",omitempty"`
}

// signUp makes a user who cannot sign in before ConfirmSignUp. Without AutoVerifiedAttributes no
// code is sent, and none is spoken of (amplify-ui#6629).
func (s *Server) signUp(in signUpInput) (*signUpOutput, error) {
	var v checks
	c := s.clients[in.ClientId]
	passwordless := in.Password == "" && c != nil && c.pool.passwordless()
	v.clientID(in.ClientId)
	v.username(in.Username)
	v.given("password", in.Password != "" || passwordless)
	v.password("password", in.Password)
	if err := v.err(); err != nil {
		return nil, err
	}
	c, err := s.findClient(in.ClientId)
	if err != nil {
		return nil, err
	}
	if err := c.checkSecretHash(in.SecretHash, in.Username); err != nil {
		return nil, err
	}
	if c.pool.adminCreate != nil && c.pool.adminCreate.AllowAdminCreateUserOnly {
		return nil, errSignUpClosed
	}
	if err := c.pool.policy.accept(in.Password); err != nil && !passwordless {
		return nil, err
	}
	if err := c.checkWrites(in.UserAttributes); err != nil {
		return nil, err
	}
	u, err := s.newUser(c.pool, in.Username, in.UserAttributes)
	if errors.Is(err, errUserExists) {
		return nil, usernameExists(c.pool, in.Username)
	}
	if err != nil {
		return nil, err
	}
	if missing := u.missingAttributes(); len(missing) > 0 {
		return nil, invalidParameter("Attributes did not conform to the schema: %s: The attribute is required\n",
			strings.Join(missing, ": The attribute is required\n"))
	}
	s.setPassword(u, in.Password, statusUnconfirmed)
	c.pool.add(u)
	out := &signUpOutput{UserSub: u.sub}
	if to, ok := u.signUpContact(); ok {
		u.confirmation = s.mail(to, confirmationLife)
		out.CodeDeliveryDetails = new(to.delivery())
	}
	return out, nil
}

// usernameExists is errUserExists in the words of SignUp.
func usernameExists(p *pool, username string) error {
	switch {
	case len(p.usernameAttributes) == 0:
		return refuse(errUserExists.code, "User already exists")
	case looksLikeEmail(username):
		return refuse(errUserExists.code, "An account with the given email already exists.")
	default:
		return refuse(errUserExists.code, "An account with the given phone_number already exists.")
	}
}

type confirmSignUpInput struct {
	accountInput
	ConfirmationCode   string
	ForceAliasCreation bool
}

// confirmSignUp also verifies the address to which the code went. What it says of a user
// who does not exist is not documented.
func (s *Server) confirmSignUp(in confirmSignUpInput) (*empty, error) {
	var v checks
	v.confirmationCode(in.ConfirmationCode)
	_, u, err := s.account(in.accountInput, v)
	switch {
	case err != nil:
		return nil, err
	case u == nil:
		return nil, errCodeExpired
	case u.status != statusUnconfirmed:
		return nil, s.confirm(u)
	}
	if err := u.confirmation.try(in.ConfirmationCode, s.o.Now()); err != nil {
		return nil, err
	}
	to := u.confirmation.to
	if in.ForceAliasCreation {
		u.takeAlias(to.attribute, to.address)
	}
	if err := u.checkAlias(to.attribute, to.address); err != nil {
		return nil, err
	}
	u.setAttributes([]attribute{{to.attribute + "_verified", "true"}})
	return &empty{}, s.confirm(u)
}

// checkAlias wants nobody else to sign in by the value that is about to count for u.
func (u *user) checkAlias(name, value string) error {
	signsIn := slices.Contains(u.pool.aliasAttributes, name) || slices.Contains(u.pool.usernameAttributes, name)
	if other := u.pool.find(value); signsIn && other != nil && other != u {
		return errAliasExists(name)
	}
	return nil
}

// claimAliases wants nobody else to sign in by the verified addresses of u, who is new. With force they are taken away.
func (u *user) claimAliases(force bool) error {
	for _, name := range contacts {
		if !u.verified(name) {
			continue
		}
		if force {
			u.takeAlias(name, u.attribute(name))
		}
		if err := u.checkAlias(name, u.attribute(name)); err != nil {
			return err
		}
	}
	return nil
}

// takeAlias takes an alias away from whoever else signs in by it, as ForceAliasCreation does: the address there is no
// longer verified (boto3#3213).
func (u *user) takeAlias(name, address string) {
	other := u.pool.find(address)
	if slices.Contains(u.pool.aliasAttributes, name) && other != nil && other != u && other.verified(name) &&
		u.pool.key(other.attribute(name)) == u.pool.key(address) {
		other.setAttributes([]attribute{{name + "_verified", "false"}})
	}
}

// confirm is AdminConfirmSignUp, which verifies nothing.
func (s *Server) confirm(u *user) error {
	if u.status != statusUnconfirmed {
		return notAuthorized("User cannot be confirmed. Current status is %s", u.status)
	}
	u.status, u.confirmation, u.modified = statusConfirmed, nil, s.o.Now()
	return nil
}

func (s *Server) resendConfirmationCode(in accountInput) (*deliveryOutput, error) {
	c, u, err := s.account(in, nil)
	switch {
	case err != nil:
		return nil, err
	case len(c.pool.autoVerified) == 0:
		return nil, errNoCodes
	case u == nil:
		return &deliveryOutput{s.strangersContact(c.pool, in.Username, "").delivery()}, nil
	case u.status != statusUnconfirmed:
		return nil, errConfirmed
	}
	to, ok := u.signUpContact()
	if !ok {
		return nil, errNowhere
	}
	u.confirmation = s.mail(to, confirmationLife)
	return &deliveryOutput{to.delivery()}, nil
}
