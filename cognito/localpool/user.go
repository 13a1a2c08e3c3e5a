package localpool

import (
	"slices"
	"strings"
	"time"
)

// UserStatus, as AdminGetUser reports it.
const (
	statusConfirmed   = "CONFIRMED"
	statusTemporary   = "FORCE_CHANGE_PASSWORD"
	statusReset       = "RESET_REQUIRED"
	statusUnconfirmed = "UNCONFIRMED"
)

type user struct {
	pool        *pool
	username    string // the internal one, USER_ID_FOR_SRP
	sub         string
	password    string
	passwordSet time.Time
	status      string
	enabled     bool
	attributes  []attribute // without sub
	created     time.Time
	modified    time.Time
	attempts    attempts

	devices map[string]*device // by key

	confirmation *mailedCode // of SignUp
	reset        *mailedCode // of ForgotPassword

	token     *softwareToken // verified; there is one at most
	pending   *softwareToken // associated with an access token, not verified yet
	factors   []string       // UserMFASettingList: what was switched on, which may be gone
	preferred string         // PreferredMfaSetting, one of factors or empty
}

// attribute is AttributeType.
type attribute struct {
	Name  string
	Value string `json:",omitempty"`
}

func (u *user) attribute(name string) string {
	for _, a := range u.attributes {
		if a.Name == name {
			return a.Value
		}
	}
	return ""
}

// verified reports whether the address in the attribute called name has been verified.
func (u *user) verified(name string) bool { return isTrue(u.attribute(name + "_verified")) }

// isTrue reads the value of a Boolean attribute, which Cognito takes in any case (getmoto/moto, its
// tests that are verified against AWS).
func isTrue(value string) bool { return strings.EqualFold(value, "true") }

func (u *user) setAttributes(given []attribute) {
	for _, a := range given {
		i := slices.IndexFunc(u.attributes, func(old attribute) bool { return old.Name == a.Name })
		if i < 0 {
			u.attributes = append(u.attributes, a)
		} else {
			u.attributes[i] = a
		}
	}
}

// missingAttributes are those that the pool requires and the user lacks.
func (u *user) missingAttributes() []string {
	var missing []string
	for _, name := range u.pool.required {
		if u.attribute(name) == "" {
			missing = append(missing, name)
		}
	}
	return missing
}

// allAttributes is UserAttributes, where sub comes first.
func (u *user) allAttributes() []attribute {
	return append([]attribute{{"sub", u.sub}}, u.attributes...)
}

func (s *Server) setPassword(u *user, password, status string) {
	u.password, u.status, u.reset = password, status, nil
	u.passwordSet = s.o.Now()
	u.modified = u.passwordSet
}

func (u *user) switchOn(factor string, preferred bool) {
	if !slices.Contains(u.factors, factor) {
		u.factors = append(u.factors, factor)
	}
	if preferred {
		u.preferred = factor
	} else if u.preferred == factor {
		u.preferred = ""
	}
}

func (u *user) switchOff(factor string) {
	u.factors = slices.DeleteFunc(u.factors, func(f string) bool { return f == factor })
	if u.preferred == factor {
		u.preferred = ""
	}
}

// find looks a user up by the name that was typed: the username, or where the pool
// says so an e-mail address or a phone number. As an alias that counts only when it is
// verified ("Customizing sign-in attributes", Developer Guide).
func (p *pool) find(typed string) *user {
	key := p.key(typed)
	for _, u := range p.users {
		if p.key(u.username) == key {
			return u
		}
	}
	for _, u := range p.users {
		for _, name := range p.usernameAttributes {
			if p.key(u.attribute(name)) == key {
				return u
			}
		}
		for _, name := range p.aliasAttributes {
			verified := u.verified(name) || !slices.Contains(contacts, name)
			if verified && p.key(u.attribute(name)) == key {
				return u
			}
		}
	}
	return nil
}

// key is what two names have in common that mean the same user.
func (p *pool) key(name string) string {
	if p.caseSensitive {
		return name
	}
	return strings.ToLower(name)
}

type getUserOutput struct {
	Username            string
	UserAttributes      []attribute
	PreferredMfaSetting string   `json:",omitempty"`
	UserMFASettingList  []string `json:",omitempty"`
}

func (s *Server) getUser(in tokenInput) (*getUserOutput, error) {
	u, err := s.signedInUser(in.AccessToken)
	if err != nil {
		return nil, err
	}
	return &getUserOutput{u.username, u.allAttributes(), u.preferred, u.factors}, nil
}

// totpFactor stands among the configured factors although it is a second factor only; the models
// of before 2026 do not list it ("API reference, GetUserAuthFactors").
const totpFactor = "SOFTWARE_TOKEN"

type getUserAuthFactorsOutput struct {
	Username                  string
	PreferredMfaSetting       string   `json:",omitempty"`
	UserMFASettingList        []string `json:",omitempty"`
	ConfiguredUserAuthFactors []string
}

func (s *Server) getUserAuthFactors(in tokenInput) (*getUserAuthFactorsOutput, error) {
	u, err := s.signedInUser(in.AccessToken)
	if err != nil {
		return nil, err
	}
	configured := append([]string{"PASSWORD"}, u.otpFactors()...)
	if u.token != nil {
		configured = append(configured, totpFactor)
	}
	return &getUserAuthFactorsOutput{u.username, u.preferred, u.factors, configured}, nil
}
