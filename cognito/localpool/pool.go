package localpool

import (
	"encoding/json"
	"math"
	"slices"
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

type pool struct {
	id, name           string
	mfa                string
	firstFactors       []string
	factors            []string      // second ones
	question           *QuestionSeed // nil: there are no triggers for CUSTOM_AUTH
	policy             passwordPolicy
	required           []string // attributes
	usernameAttributes []string // signing up is by these, and usernames are UUIDs
	aliasAttributes    []string // these sign in too, when verified
	autoVerified       []string // a code goes to these when somebody signs up
	caseSensitive      bool
	tracksDevices      bool
	safeReassociate    bool
	ignoresPreference  bool
	clients            []*client // in order of creation
	users              []*user   // likewise
	created, modified  time.Time
}

// shortName is the part of the pool's id that the SRP proof is over.
func (p *pool) shortName() string {
	_, name, _ := strings.Cut(p.id, "_")
	return name
}

func (s *Server) findPool(id string) (*pool, error) {
	for _, p := range s.pools {
		if p.id == id {
			return p, nil
		}
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
		id: s.o.Region + "_" + s.newText(alphanum, 9), name: name,
		mfa: mfaOff, firstFactors: firstFactors[:1], policy: defaultPolicy, created: now, modified: now,
	}
}

// epoch is a time as JSON 1.1 writes it: seconds since 1970, with a fraction.
type epoch time.Time

func (e epoch) MarshalJSON() ([]byte, error) {
	return json.Marshal(math.Round(float64(time.Time(e).UnixMilli())) / 1000)
}

type schemaAttribute struct {
	Name              string
	AttributeDataType string `json:",omitempty"`
	Required          bool
	Mutable           *bool `json:",omitempty"`
}

type signInPolicy struct{ AllowedFirstAuthFactors []string }

type policies struct {
	PasswordPolicy *passwordPolicy
	SignInPolicy   *signInPolicy
}

type usernameConfiguration struct{ CaseSensitive bool }

type deviceConfiguration struct{ ChallengeRequiredOnNewDevice, DeviceOnlyRememberedOnUserPrompt bool }

type createUserPoolInput struct {
	PoolName               string
	Policies               *policies
	MfaConfiguration       string
	Schema                 []schemaAttribute
	UsernameAttributes     []string
	AliasAttributes        []string
	UsernameConfiguration  *usernameConfiguration
	AutoVerifiedAttributes []string
}

// userPool is UserPoolType, as far as this server has what it describes.
type userPool struct {
	Id                     string
	Name                   string
	Arn                    string
	Policies               policies
	MfaConfiguration       string
	SchemaAttributes       []schemaAttribute
	UsernameAttributes     []string `json:",omitempty"`
	AliasAttributes        []string `json:",omitempty"`
	UsernameConfiguration  usernameConfiguration
	DeviceConfiguration    *deviceConfiguration `json:",omitempty"`
	EstimatedNumberOfUsers int
	CreationDate           epoch
	LastModifiedDate       epoch
}

type userPoolOutput struct{ UserPool userPool }

func (s *Server) describe(p *pool) *userPoolOutput {
	policy := p.policy
	schema := []schemaAttribute{{Name: "sub", AttributeDataType: "String", Required: true, Mutable: new(false)}}
	for _, name := range p.required {
		schema = append(schema, schemaAttribute{Name: name, AttributeDataType: "String", Required: true, Mutable: new(true)})
	}
	var devices *deviceConfiguration
	if p.tracksDevices {
		devices = &deviceConfiguration{ChallengeRequiredOnNewDevice: true}
	}
	return &userPoolOutput{userPool{
		Id: p.id, Name: p.name, Arn: "arn:aws:cognito-idp:" + s.o.Region + ":000000000000:userpool/" + p.id,
		Policies: policies{&policy, &signInPolicy{p.firstFactors}}, MfaConfiguration: p.mfa, SchemaAttributes: schema,
		UsernameAttributes: p.usernameAttributes, AliasAttributes: p.aliasAttributes,
		UsernameConfiguration: usernameConfiguration{p.caseSensitive}, DeviceConfiguration: devices,
		EstimatedNumberOfUsers: len(p.users), CreationDate: epoch(p.created), LastModifiedDate: epoch(p.modified),
	}}
}

// createUserPool makes a pool without MFA: that is for SetUserPoolMfaConfig to turn on,
// since here Cognito accepts it only together with an SMS configuration.
func (s *Server) createUserPool(in createUserPoolInput) (*userPoolOutput, error) {
	var v checks
	v.required("poolName", in.PoolName)
	v.length("poolName", in.PoolName, 1, 128)
	v.oneOf("mfaConfiguration", in.MfaConfiguration, mfaModes)
	for _, a := range in.UsernameAttributes {
		v.oneOf("usernameAttributes", a, contacts)
	}
	for _, a := range in.AutoVerifiedAttributes {
		v.oneOf("autoVerifiedAttributes", a, contacts)
	}
	for _, a := range in.AliasAttributes {
		v.oneOf("aliasAttributes", a, slices.Concat(contacts, []string{"preferred_username"}))
	}
	p := s.newPool(in.PoolName)
	if in.Policies != nil && in.Policies.PasswordPolicy != nil {
		p.policy = *in.Policies.PasswordPolicy
		if p.policy.MinimumLength == 0 {
			p.policy.MinimumLength = defaultPolicy.MinimumLength
		}
		if p.policy.TemporaryPasswordValidityDays == 0 {
			p.policy.TemporaryPasswordValidityDays = defaultPolicy.TemporaryPasswordValidityDays
		}
		v.between("policies.passwordPolicy.minimumLength", &p.policy.MinimumLength, 6, 99)
		v.between("policies.passwordPolicy.temporaryPasswordValidityDays", &p.policy.TemporaryPasswordValidityDays, 0, 365)
	}
	if in.Policies != nil && in.Policies.SignInPolicy != nil && len(in.Policies.SignInPolicy.AllowedFirstAuthFactors) > 0 {
		p.firstFactors = in.Policies.SignInPolicy.AllowedFirstAuthFactors
	}
	if err := p.checkFirstFactors(v); err != nil {
		return nil, err
	}
	if in.MfaConfiguration != "" && in.MfaConfiguration != mfaOff {
		return nil, errSMSFirst
	}
	for _, a := range in.Schema {
		if a.Required && a.Name != "sub" && !slices.Contains(p.required, a.Name) {
			p.required = append(p.required, a.Name)
		}
	}
	p.usernameAttributes, p.aliasAttributes, p.autoVerified = in.UsernameAttributes, in.AliasAttributes, in.AutoVerifiedAttributes
	p.caseSensitive = in.UsernameConfiguration != nil && in.UsernameConfiguration.CaseSensitive
	s.pools = append(s.pools, p)
	return s.describe(p), nil
}

type poolInput struct{ UserPoolId string }

func (s *Server) describeUserPool(in poolInput) (*userPoolOutput, error) {
	p, err := s.poolByID(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	return s.describe(p), nil
}
