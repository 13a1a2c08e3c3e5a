package localpool

import (
	"errors"
	"fmt"
	"slices"
)

// Seed is what [Server.Seed] fills a server with: plain data, to be written as JSON.
type Seed struct {
	Pools []PoolSeed `json:"pools"`
}

// PoolSeed describes one user pool. Its password policy is Cognito's default.
type PoolSeed struct {
	ID   string `json:"id,omitempty"` // "us-east-1_Ab12Cd34E"; drawn if empty
	Name string `json:"name"`
	MFA  string `json:"mfa"` // OFF, OPTIONAL or ON; OFF if empty
	// second factors: SOFTWARE_TOKEN_MFA, SMS_MFA, EMAIL_OTP; SOFTWARE_TOKEN_MFA alone if empty
	Factors []string `json:"factors,omitempty"`
	// AllowedFirstAuthFactors of USER_AUTH: PASSWORD, EMAIL_OTP, SMS_OTP, WEB_AUTHN; PASSWORD if empty
	FirstFactors []string `json:"firstFactors,omitempty"`
	// the CUSTOM_CHALLENGE of CUSTOM_AUTH; without it there are no Lambda triggers
	Question           *QuestionSeed `json:"question,omitempty"`
	RequiredAttributes []string      `json:"requiredAttributes,omitempty"` // asked for with NEW_PASSWORD_REQUIRED
	// "email", "phone_number": users sign up by it, and are called by a UUID
	UsernameAttributes []string `json:"usernameAttributes,omitempty"`
	// "email", "phone_number": signs in too when it is verified; "preferred_username": always
	AliasAttributes []string `json:"aliasAttributes,omitempty"`
	// "email", "phone_number": SignUp sends a code there; without them an administrator confirms
	AutoVerified []string `json:"autoVerifiedAttributes,omitempty"`
	// a remembered device needs no second factor
	TracksDevices    bool            `json:"tracksDevices,omitempty"`
	CustomAttributes []AttributeSeed `json:"customAttributes,omitempty"`
	Groups           []string        `json:"groups,omitempty"` // names

	// SafeReassociate keeps the authenticator of an enrolled user until a new one is verified, as
	// "AWS CLI Command Reference, associate-software-token" says since 2022. Without it
	// AssociateSoftwareToken by access token drops the old one at once, as it said before and as
	// amplify-js#1226 reports.
	SafeReassociate bool `json:"safeReassociate,omitempty"`

	// IgnoresPreference makes SetUserMFAPreference and AdminSetUserMFAPreference change nothing
	// where they would succeed, which they report all the same.
	IgnoresPreference bool `json:"ignoresPreference,omitempty"`

	// AllowedActions are what IAM allows for the pool, as in "cognito-idp:AdminGetUser" or "cognito-idp:Admin*"; every
	// other signed operation that names the pool is denied. Without it everything is allowed.
	AllowedActions []string `json:"allowedActions,omitempty"`

	Clients []ClientSeed `json:"clients"`
	Users   []UserSeed   `json:"users"`
}

// AttributeSeed describes a custom attribute, which is optional for users.
type AttributeSeed struct {
	Name      string `json:"name"`                // without "custom:"
	Type      string `json:"type,omitempty"`      // String, Number, DateTime or Boolean; String if empty
	Immutable bool   `json:"immutable,omitempty"` // it cannot be changed once it has a value
}

// QuestionSeed describes the CUSTOM_CHALLENGE of a pool's Lambda triggers.
type QuestionSeed struct {
	Parameters map[string]string `json:"parameters,omitempty"` // ChallengeParameters, beside USERNAME
	Answer     string            `json:"answer"`               // the right one
}

// ClientSeed describes one app client.
type ClientSeed struct {
	ID             string `json:"id,omitempty"` // drawn if empty
	Name           string `json:"name,omitempty"`
	Secret         string `json:"secret,omitempty"`
	GenerateSecret bool   `json:"generateSecret,omitempty"` // draws Secret if that is empty
	// ExplicitAuthFlows; SRP, password, admin password and refresh if empty
	AuthFlows           []string `json:"authFlows,omitempty"`
	AuthSessionValidity int      `json:"authSessionValidity,omitempty"` // minutes, 3 to 15; 3 if 0
	// PreventUserExistenceErrors=LEGACY rather than ENABLED
	RevealsUsers bool `json:"revealsUsers,omitempty"`
}

// Seed adds pools, and returns seed with all ids and secrets that were drawn filled in.
// It changes nothing if it fails, which it does for whatever the operations of the API
// would refuse: a password that breaks the policy, an unknown flow, an id that is taken. The
// error is a *[SeedError] then.
func (s *Server) Seed(seed Seed) (Seed, error) {
	done, ticket, err := s.seed(seed)
	if err == nil && s.store != nil {
		err = s.store.wait(ticket)
	}
	return done, err
}

func (s *Server) seed(seed Seed) (_ Seed, ticket int, _ error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	seed.Pools = slices.Clone(seed.Pools)
	var pools []*pool
	for i := range seed.Pools {
		p, err := s.seedPool(&seed.Pools[i])
		if err != nil {
			return Seed{}, 0, inSeed(fmt.Sprintf("pools[%d]", i), fmt.Sprintf("pool %q", seed.Pools[i].Name), err)
		}
		pools = append(pools, p)
	}
	if err := s.checkIDs(pools); err != nil {
		return Seed{}, 0, err
	}
	for _, p := range pools {
		s.addPool(p)
		for _, c := range p.clients {
			s.clients[c.id] = c
		}
	}
	if s.store != nil {
		ticket = s.store.queue(entities(pools))
	}
	return seed, ticket, nil
}

// entities are all that the pools consist of.
func entities(pools []*pool) []entity {
	var all []entity
	for _, p := range pools {
		all = append(all, p)
		for _, c := range p.clients {
			all = append(all, c)
		}
		for _, g := range p.groups {
			all = append(all, g)
		}
		for _, u := range p.users {
			all = append(all, u)
		}
	}
	return all
}

// inSeed says that err is about this part of the seed.
func inSeed(path, what string, err error) error {
	var inner *SeedError
	if errors.As(err, &inner) {
		path, err = path+"."+inner.Path, inner.Err
	}
	return &SeedError{Path: path, Err: fmt.Errorf("%s: %w", what, err)}
}

func (s *Server) checkIDs(pools []*pool) error {
	seen := make(map[string]bool)
	for _, p := range s.pools.list {
		seen[p.id] = true
	}
	for id := range s.clients {
		seen[id] = true
	}
	for i, p := range pools {
		ids := []string{p.id}
		for _, c := range p.clients {
			ids = append(ids, c.id)
		}
		for _, id := range ids {
			if seen[id] {
				return &SeedError{Path: fmt.Sprintf("pools[%d]", i), Err: fmt.Errorf("id %q is taken", id)}
			}
			seen[id] = true
		}
	}
	return nil
}

func (s *Server) seedPool(seed *PoolSeed) (*pool, error) {
	p := s.newPool(seed.Name)
	setOrFill(&p.id, &seed.ID)
	if seed.MFA == "" {
		seed.MFA = mfaOff
	}
	p.mfa, p.factors = seed.MFA, seed.Factors
	if len(p.factors) == 0 && p.mfa != mfaOff {
		p.factors = []string{softwareTokenMFA}
	}
	if seed.TracksDevices {
		p.devices = &deviceConfiguration{ChallengeRequiredOnNewDevice: true}
	}
	p.safeReassociate, p.ignoresPreference = seed.SafeReassociate, seed.IgnoresPreference
	p.allowedActions = seed.AllowedActions
	p.usernameAttributes, p.aliasAttributes, p.autoVerified = seed.UsernameAttributes, seed.AliasAttributes,
		seed.AutoVerified
	var v checks
	if p.question = seed.Question; p.question != nil {
		v.required("question.answer", p.question.Answer)
	}
	if len(seed.FirstFactors) > 0 {
		p.firstFactors = seed.FirstFactors
	}
	v.poolID(p.id)
	v.member("name", p.name, poolNamePattern, 1, 128)
	v.oneOf("mfa", p.mfa, mfaModes)
	for _, f := range p.factors {
		v.oneOf("factors", f, mfaFactors)
	}
	for _, name := range slices.Concat(p.usernameAttributes, p.autoVerified) {
		v.oneOf("attributes", name, contacts)
	}
	for _, name := range p.aliasAttributes {
		v.oneOf("aliasAttributes", name, aliases)
	}
	if err := p.checkFirstFactors(v); err != nil {
		return nil, err
	}
	if err := s.seedSchema(p, seed); err != nil {
		return nil, err
	}
	for _, name := range seed.Groups {
		var v checks
		if v.groupName(name); v.err() != nil {
			return nil, v.err()
		}
		if p.group(name) != nil {
			return nil, fmt.Errorf("group %q is there twice", name)
		}
		s.newGroup(p, name)
	}
	seed.Clients, seed.Users = slices.Clone(seed.Clients), slices.Clone(seed.Users)
	for i := range seed.Clients {
		c, err := s.seedClient(p, &seed.Clients[i])
		if err != nil {
			return nil, inSeed(fmt.Sprintf("clients[%d]", i), fmt.Sprintf("client %q", seed.Clients[i].ID), err)
		}
		p.lastClient++
		c.seq = p.lastClient
		p.clients = append(p.clients, c)
	}
	for i := range seed.Users {
		u, err := s.seedUser(p, &seed.Users[i])
		if err != nil {
			return nil, inSeed(fmt.Sprintf("users[%d]", i), fmt.Sprintf("user %q", seed.Users[i].Username), err)
		}
		p.add(u)
	}
	return p, nil
}

func (s *Server) seedSchema(p *pool, seed *PoolSeed) error {
	var custom []schemaInput
	for _, a := range seed.CustomAttributes {
		custom = append(custom, schemaInput{Name: a.Name, AttributeDataType: a.Type, Mutable: new(!a.Immutable)})
	}
	schema, err := p.withSchema(custom, false)
	if err != nil {
		return err
	}
	p.schema = schema
	for _, name := range seed.RequiredAttributes {
		a := p.schemaOf(name)
		if a == nil {
			return fmt.Errorf("the required attribute %q is not in the schema", name)
		}
		a.Required = true
	}
	return nil
}

func (s *Server) seedClient(p *pool, seed *ClientSeed) (*client, error) {
	c := s.newClient(p, seed.Name)
	setOrFill(&c.id, &seed.ID)
	if seed.GenerateSecret && seed.Secret == "" {
		seed.Secret = s.newClientSecret()
	}
	c.secret, c.PreventUserExistenceErrors = seed.Secret, "ENABLED"
	if seed.RevealsUsers {
		c.PreventUserExistenceErrors = "LEGACY"
	}
	c.ExplicitAuthFlows = []string{"ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH",
		"ALLOW_REFRESH_TOKEN_AUTH"}
	if len(seed.AuthFlows) > 0 {
		c.ExplicitAuthFlows = seed.AuthFlows
	}
	minutes := 3
	if seed.AuthSessionValidity != 0 {
		minutes = seed.AuthSessionValidity
	}
	c.AuthSessionValidity = minutes
	var v checks
	v.clientID(c.id)
	v.pattern("name", c.name, poolNamePattern)
	v.length("name", c.name, 1, 128)
	v.between("authSessionValidity", &minutes, 3, 15)
	for _, f := range c.ExplicitAuthFlows {
		v.oneOf("authFlows", f, explicitAuthFlows)
	}
	if err := v.err(); err != nil {
		return nil, err
	}
	return c, checkFlows(c.ExplicitAuthFlows)
}

// setOrFill takes over what the seed gives, or tells it what was drawn.
func setOrFill(drawn, seed *string) {
	if *seed == "" {
		*seed = *drawn
	} else {
		*drawn = *seed
	}
}
