package localpool

import (
	"encoding/json"
	"math"
	"slices"
	"sort"
	"strings"
	"time"
)

// MfaConfiguration of a pool.
const (
	mfaOff      = "OFF"
	mfaOptional = "OPTIONAL"
	mfaOn       = "ON"
)

var mfaModes = []string{mfaOff, mfaOn, mfaOptional}

// contacts are the attributes that can stand for a username, and have to be verified.
var contacts = []string{"phone_number", "email"}

// aliases are the attributes that can sign in beside a username.
var aliases = []string{"phone_number", "email", "preferred_username"}

type pool struct {
	server             *Server
	seq                int64 // in order of creation, among the pools
	id, name           string
	mfa                string
	firstFactors       []string
	factors            []string      // second ones
	question           *QuestionSeed // nil: there are no triggers for CUSTOM_AUTH
	policy             passwordPolicy
	schema             []schemaAttribute
	usernameAttributes []string // signing up is by these, and usernames are UUIDs
	aliasAttributes    []string // these sign in too, when verified
	autoVerified       []string // a code goes to these when somebody signs up or changes them
	verifyFirst        []string // a new value of these counts only when it is verified
	recovery           []recoveryMechanism
	adminCreate        *adminCreateUserConfig
	devices            *deviceConfiguration // nil: they are not tracked
	deletionProtected  bool
	deleted            bool
	caseSensitive      bool
	safeReassociate    bool
	ignoresPreference  bool
	allowedActions     []string // nil allows all
	kept               keptPoolSettings
	created, modified  time.Time

	clients []*client // in order of creation
	groups  []*group  // likewise

	lastClient, lastGroup int64 // seq of the newest ever
	people
}

// people are the users of a pool, found by each name in constant time.
type people struct {
	users     []*user            // in order of creation
	names     map[string]*user   // by the key of their username
	addresses map[string][]*user // by the key of what else they sign in by, in order of creation
	lastUser  int64              // seq of the newest ever
}

// shortName is the part of the pool's ID that the SRP proof is over.
func (p *pool) shortName() string {
	_, name, _ := strings.Cut(p.id, "_")
	return name
}

// findPool finds the pool that an administrator names, who may change it.
func (s *Server) findPool(id string) (*pool, error) {
	if p := s.pools.byID[id]; p != nil {
		s.touch(p)
		return p, nil
	}
	return nil, refuse("ResourceNotFoundException", "User pool %s does not exist.", id)
}

// poolByID checks a UserPoolId and finds the pool.
func (s *Server) poolByID(id string) (*pool, error) {
	var v checks
	if v.poolID(id); v.err() != nil {
		return nil, v.err()
	}
	return s.findPool(id)
}

func (s *Server) newPool(name string) *pool {
	now := s.o.Now()
	return &pool{
		server: s, id: s.o.Region + "_" + s.newText(alphanum, 9), name: name, schema: standardSchema(),
		mfa: mfaOff, firstFactors: firstFactors[:1], policy: defaultPolicy, created: now, modified: now,
		people: people{names: make(map[string]*user), addresses: make(map[string][]*user)},
	}
}

// pools are all of a server.
type pools struct {
	byID map[string]*pool
	list []*pool // in order of creation
	last int64   // seq of the newest ever
}

func (s *Server) addPool(p *pool) {
	s.pools.last++
	p.seq = s.pools.last
	s.pools.byID[p.id] = p
	s.pools.list = append(s.pools.list, p)
	s.touch(p)
}

// add makes u a user of the pool.
func (p *pool) add(u *user) {
	p.lastUser++
	u.seq = p.lastUser
	p.users = append(p.users, u)
	p.index(u)
	p.server.touch(u)
}

// index makes u found by its names.
func (p *pool) index(u *user) {
	p.names[p.key(u.username)] = u
	for _, key := range u.addressKeys() {
		i := sort.Search(len(p.addresses[key]), func(i int) bool { return p.addresses[key][i].seq >= u.seq })
		p.addresses[key] = slices.Insert(p.addresses[key], i, u)
	}
}

func (p *pool) unindex(u *user) {
	delete(p.names, p.key(u.username))
	for _, key := range u.addressKeys() {
		p.addresses[key] = slices.DeleteFunc(p.addresses[key], func(o *user) bool { return o == u })
		if len(p.addresses[key]) == 0 {
			delete(p.addresses, key)
		}
	}
}

// remove deletes u. Its tokens and Sessions die with it.
func (p *pool) remove(u *user) {
	p.unindex(u)
	if i, ok := slices.BinarySearchFunc(p.users, u.seq, func(o *user, seq int64) int { return int(o.seq - seq) }); ok {
		p.users = slices.Delete(p.users, i, i+1)
	}
	u.deleted = true
	p.server.touch(u)
}

// epoch is a time as JSON 1.1 writes it: seconds since 1970, with a fraction.
type epoch time.Time

func (e epoch) MarshalJSON() ([]byte, error) {
	return json.Marshal(math.Round(float64(time.Time(e).UnixMilli())) / 1000)
}

type signInPolicy struct{ AllowedFirstAuthFactors []string }

type policies struct {
	PasswordPolicy *passwordPolicy
	SignInPolicy   *signInPolicy
}

type usernameConfiguration struct{ CaseSensitive bool }

type deviceConfiguration struct{ ChallengeRequiredOnNewDevice, DeviceOnlyRememberedOnUserPrompt bool }

type createUserPoolInput struct {
	PoolName              string
	Schema                []schemaInput
	UsernameAttributes    []string
	AliasAttributes       []string
	UsernameConfiguration *usernameConfiguration
	poolSettings
}

// userPool is UserPoolType.
type userPool struct {
	Id                    string
	Name                  string
	Arn                   string
	SchemaAttributes      []schemaAttribute
	UsernameAttributes    []string `json:",omitempty"`
	AliasAttributes       []string `json:",omitempty"`
	UsernameConfiguration usernameConfiguration
	poolSettings
	EstimatedNumberOfUsers int
	CreationDate           epoch
	LastModifiedDate       epoch
}

type userPoolOutput struct{ UserPool userPool }

func (s *Server) describe(p *pool) *userPoolOutput {
	settings := p.settings()
	var c adminCreateUserConfig
	if p.adminCreate != nil {
		c = *p.adminCreate
	}
	c.UnusedAccountValidityDays = p.policy.TemporaryPasswordValidityDays
	settings.AdminCreateUserConfig = &c
	return &userPoolOutput{userPool{
		Id: p.id, Name: p.name, Arn: s.arn(p),
		SchemaAttributes: p.schema, UsernameAttributes: p.usernameAttributes, AliasAttributes: p.aliasAttributes,
		UsernameConfiguration: usernameConfiguration{p.caseSensitive}, poolSettings: settings,
		EstimatedNumberOfUsers: len(p.users), CreationDate: epoch(p.created), LastModifiedDate: epoch(p.modified),
	}}
}

// createUserPool makes a pool. MFA it can have from the start only by SMS: authenticators are for
// SetUserPoolMfaConfig to turn on.
func (s *Server) createUserPool(in createUserPoolInput) (*userPoolOutput, error) {
	var v checks
	v.poolName(in.PoolName)
	for _, a := range in.UsernameAttributes {
		v.oneOf("usernameAttributes", a, contacts)
	}
	for _, a := range in.AliasAttributes {
		v.oneOf("aliasAttributes", a, aliases)
	}
	v.count("schema", len(in.Schema), 50)
	p := s.newPool(in.PoolName)
	if err := p.configure(v, &in.poolSettings); err != nil {
		return nil, err
	}
	if len(in.UsernameAttributes) > 0 && len(in.AliasAttributes) > 0 {
		return nil, errBothAliases
	}
	schema, err := p.withSchema(in.Schema, true)
	if err != nil {
		return nil, err
	}
	p.schema = schema
	p.usernameAttributes, p.aliasAttributes = in.UsernameAttributes, in.AliasAttributes
	p.caseSensitive = in.UsernameConfiguration != nil && in.UsernameConfiguration.CaseSensitive
	s.addPool(p)
	return s.describe(p), nil
}

func (s *Server) updateUserPool(in struct {
	poolInput
	PoolName string
	poolSettings
}) (*empty, error) {
	p, err := s.poolByID(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	var v checks
	if in.PoolName != "" {
		v.poolName(in.PoolName)
	}
	if err := p.configure(v, &in.poolSettings); err != nil {
		return nil, err
	}
	if in.PoolName != "" {
		p.name = in.PoolName
	}
	p.modified = s.o.Now()
	return &empty{}, nil
}

func (s *Server) deleteUserPool(in poolInput) (*empty, error) {
	p, err := s.poolByID(in.UserPoolId)
	switch {
	case err != nil:
		return nil, err
	case p.deletionProtected:
		return nil, errDeletionProtected
	}
	for _, c := range slices.Clone(p.clients) {
		s.removeClient(c)
	}
	for _, u := range p.users {
		u.deleted = true
		s.touch(u)
	}
	for _, g := range p.groups {
		g.deleted = true
		s.touch(g)
	}
	delete(s.pools.byID, p.id)
	s.pools.list = slices.DeleteFunc(s.pools.list, func(o *pool) bool { return o == p })
	p.deleted = true
	return &empty{}, nil
}

func (s *Server) addCustomAttributes(in struct {
	poolInput
	CustomAttributes []schemaInput
}) (*empty, error) {
	var v checks
	v.poolID(in.UserPoolId)
	v.given("customAttributes", len(in.CustomAttributes) > 0)
	v.count("customAttributes", len(in.CustomAttributes), 25)
	if err := v.err(); err != nil {
		return nil, err
	}
	p, err := s.findPool(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	schema, err := p.withSchema(in.CustomAttributes, false)
	if err != nil {
		return nil, err
	}
	p.schema, p.modified = schema, s.o.Now()
	return &empty{}, nil
}

type poolInput struct{ UserPoolId string }

func (s *Server) describeUserPool(in poolInput) (*userPoolOutput, error) {
	p, err := s.poolByID(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	return s.describe(p), nil
}
