package localpool

import (
	"slices"
	"strings"
)

// namedUser finds the user whom an administrator names.
func (s *Server) namedUser(poolID, username string) (*user, error) {
	var v checks
	v.poolID(poolID)
	v.username(username)
	if err := v.err(); err != nil {
		return nil, err
	}
	p, err := s.findPool(poolID)
	if err != nil {
		return nil, err
	}
	if u := p.find(username); u != nil {
		return u, nil
	}
	return nil, errUserNotFound
}

// newUser makes a user called username, or in a pool of UsernameAttributes called by
// a UUID and found by that address or number.
func (s *Server) newUser(p *pool, username string, attributes []attribute) (*user, error) {
	now := s.o.Now()
	u := &user{pool: p, username: username, sub: s.newUUID(), enabled: true, created: now, modified: now}
	if err := p.checkAttributes(attributes); err != nil {
		return nil, err
	}
	u.setAttributes(attributes)
	isEmail, isPhone := looksLikeEmail(username), strings.HasPrefix(username, "+")
	email, phone := slices.Contains(p.usernameAttributes, "email"), slices.Contains(p.usernameAttributes, "phone_number")
	switch {
	case p.find(username) != nil:
		return nil, errUserExists
	case email && isEmail:
		u.username = u.sub
		u.setAttributes([]attribute{{"email", username}})
	case phone && isPhone:
		u.username = u.sub
		u.setAttributes([]attribute{{"phone_number", username}})
	case email && phone:
		return nil, invalidParameter("Username should be either an email or a phone number.")
	case email:
		return nil, invalidParameter("Username should be an email.")
	case phone:
		return nil, invalidParameter("Username should be a phone number.")
	case isEmail && slices.Contains(p.aliasAttributes, "email"):
		return nil, invalidParameter("Username cannot be of email format, since user pool is configured for email alias.")
	}
	for _, name := range p.usernameAttributes {
		if u.checkAlias(name, u.attribute(name)) != nil {
			return nil, refuse(errUserExists.code, "An account with the given %s already exists.", name)
		}
	}
	return u, u.checkAlias("preferred_username", u.attribute("preferred_username"))
}

// looksLikeEmail is the form by which Cognito tells an email address from a name.
func looksLikeEmail(name string) bool {
	local, domain, ok := strings.Cut(name, "@")
	return ok && local != "" && strings.Contains(domain, ".")
}

type adminCreateUserInput struct {
	UserPoolId, Username string
	TemporaryPassword    string
	UserAttributes       []attribute
	MessageAction        string
	ForceAliasCreation   bool // counts for addresses that are verified
}

// userType is UserType. Nothing in it tells whether the user has a second factor.
type userType struct {
	Username             string
	Attributes           []attribute
	UserCreateDate       epoch
	UserLastModifiedDate epoch
	Enabled              bool
	UserStatus           string
}

func (u *user) describe() userType {
	return userType{u.username, u.allAttributes(), epoch(u.created), epoch(u.modified), u.enabled, u.status}
}

type createUserOutput struct{ User userType }

// adminCreateUser makes a user with a temporary password and sends it. RESEND does so
// for one who has not used it, which may have expired.
func (s *Server) adminCreateUser(in adminCreateUserInput) (*createUserOutput, error) {
	var v checks
	v.poolID(in.UserPoolId)
	v.username(in.Username)
	v.password("temporaryPassword", in.TemporaryPassword)
	v.oneOf("messageAction", in.MessageAction, []string{"RESEND", "SUPPRESS"})
	if err := v.err(); err != nil {
		return nil, err
	}
	p, err := s.findPool(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(in.UserAttributes, func(a attribute) bool { return a.Name == "sub" }) {
		return nil, invalidParameter("user.sub: Attribute cannot be updated.")
	}
	password := in.TemporaryPassword
	if password == "" {
		password = s.newText(alphanum, max(8, p.policy.MinimumLength-4)) + "aA1-"
	}
	if err := p.policy.accept(password); err != nil {
		return nil, err
	}
	if in.MessageAction == "RESEND" {
		u := p.find(in.Username)
		switch {
		case u == nil:
			return nil, errUserNotFound
		case u.status != statusTemporary:
			return nil, refuse("UnsupportedUserStateException", "Resend not possible. %s status is not FORCE_CHANGE_PASSWORD",
				u.username)
		}
		s.invite(u, password)
		return &createUserOutput{u.describe()}, nil
	}
	u, err := s.newUser(p, in.Username, in.UserAttributes)
	if err != nil {
		return nil, err
	}
	if err := u.claimAliases(in.ForceAliasCreation); err != nil {
		return nil, err
	}
	p.add(u)
	switch {
	case in.TemporaryPassword == "" && len(u.otpFactors()) > 0: // needs none ("API reference, AdminCreateUser")
		u.status = statusConfirmed
	case in.MessageAction == "SUPPRESS":
		s.setPassword(u, password, statusTemporary)
	default:
		s.invite(u, password)
	}
	return &createUserOutput{u.describe()}, nil
}

func (s *Server) invite(u *user, password string) {
	s.setPassword(u, password, statusTemporary)
	if to, ok := u.contact(false); ok {
		s.send(to, password)
	}
}

type adminSetUserPasswordInput struct {
	UserPoolId, Username, Password string
	Permanent                      bool
}

func (s *Server) adminSetUserPassword(in adminSetUserPasswordInput) (*empty, error) {
	var v checks
	v.required("password", in.Password)
	v.password("password", in.Password)
	if err := v.err(); err != nil {
		return nil, err
	}
	u, err := s.namedUser(in.UserPoolId, in.Username)
	if err != nil {
		return nil, err
	}
	if err := u.pool.policy.accept(in.Password); err != nil {
		return nil, err
	}
	status := statusTemporary
	if in.Permanent {
		status = statusConfirmed
	}
	s.setPassword(u, in.Password, status)
	return &empty{}, nil
}

type userInput struct{ UserPoolId, Username string }

type adminGetUserOutput struct {
	Username             string
	UserAttributes       []attribute
	UserCreateDate       epoch
	UserLastModifiedDate epoch
	Enabled              bool
	UserStatus           string
	PreferredMfaSetting  string   `json:",omitempty"`
	UserMFASettingList   []string `json:",omitempty"`
}

func (s *Server) adminGetUser(in userInput) (*adminGetUserOutput, error) {
	u, err := s.namedUser(in.UserPoolId, in.Username)
	if err != nil {
		return nil, err
	}
	return &adminGetUserOutput{
		u.username, u.allAttributes(), epoch(u.created), epoch(u.modified), u.enabled, u.status, u.preferred, u.factors,
	}, nil
}
