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
	statusFederated   = "EXTERNAL_PROVIDER"
)

type user struct {
	pool        *pool
	seq         int64  // in order of creation, among the users of the pool; 0: not one of them yet
	username    string // the internal one, USER_ID_FOR_SRP
	sub         string
	password    string
	passwordSet time.Time
	status      string
	enabled     bool
	deleted     bool
	attributes  []attribute // without sub
	created     time.Time
	modified    time.Time
	attempts    attempts
	signOuts    int      // how often everything that was signed in was signed out
	groups      []string // names, in order of joining

	devices map[string]*device // by key

	confirmation  *mailedCode            // of SignUp
	reset         *mailedCode            // of ForgotPassword
	verifications map[string]*mailedCode // of VerifyUserAttribute, by attribute

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

// setAttributes adds and changes attributes. An empty value takes one away.
func (u *user) setAttributes(given []attribute) {
	u.reindex(func() {
		for _, a := range given {
			i := slices.IndexFunc(u.attributes, func(old attribute) bool { return old.Name == a.Name })
			switch {
			case i < 0 && a.Value != "":
				u.attributes = append(u.attributes, a)
			case i >= 0 && a.Value != "":
				u.attributes[i] = a
			case i >= 0:
				u.attributes = slices.Delete(u.attributes, i, i+1)
			}
		}
	})
}

// reindex makes a change that may concern the names by which u is found.
func (u *user) reindex(change func()) {
	if u.seq == 0 {
		change()
		return
	}
	u.pool.unindex(u)
	change()
	u.pool.index(u)
}

// addressKeys are those of all that u signs in by beside the username. As an alias an address
// counts only when it is verified ("Customizing sign-in attributes", Developer Guide).
func (u *user) addressKeys() []string {
	var keys []string
	add := func(name string) {
		if key := u.pool.key(u.attribute(name)); key != "" && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	for _, name := range u.pool.usernameAttributes {
		add(name)
	}
	for _, name := range u.pool.aliasAttributes {
		if u.verified(name) || !slices.Contains(contacts, name) {
			add(name)
		}
	}
	return keys
}

// missingAttributes are those that the pool requires and the user lacks.
func (u *user) missingAttributes() []string {
	var missing []string
	for _, name := range u.pool.required() {
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
// says so an email address or a phone number. If several have that, it is the oldest's.
func (p *pool) find(typed string) *user {
	key := p.key(typed)
	u := p.names[key]
	if same := p.addresses[key]; u == nil && len(same) > 0 {
		u = same[0]
	}
	p.server.touch(u)
	return u
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
	g, err := s.signedIn(in.AccessToken)
	if err != nil {
		return nil, err
	}
	u := g.user
	return &getUserOutput{u.username, g.client.readable(u.allAttributes()), u.preferred, u.factors}, nil
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
