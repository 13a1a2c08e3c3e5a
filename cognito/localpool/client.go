package localpool

import (
	"errors"
	"slices"
	"strings"
	"time"
)

// client is an app client of a pool.
type client struct {
	pool             *pool
	seq              int64  // in order of creation, among the clients of the pool
	id, name, secret string // no secret: empty
	deleted          bool
	clientSettings
	created, modified time.Time
}

// clientSettings is what CreateUserPoolClient and UpdateUserPoolClient have in common, and what
// DescribeUserPoolClient gives back.
type clientSettings struct {
	ExplicitAuthFlows          []string              `json:",omitempty"`
	PreventUserExistenceErrors string                `json:",omitempty"`
	AuthSessionValidity        int                   `json:",omitempty"` // minutes
	AccessTokenValidity        int                   `json:",omitempty"` // hours, if there is no unit
	IdTokenValidity            int                   `json:",omitempty"` // likewise
	RefreshTokenValidity       int                   `json:",omitempty"` // days, if there is no unit
	TokenValidityUnits         tokenValidityUnits    `json:",omitzero"`
	ReadAttributes             []string              `json:",omitempty"`
	WriteAttributes            []string              `json:",omitempty"`
	EnableTokenRevocation      *bool                 `json:",omitempty"`
	RefreshTokenRotation       *refreshTokenRotation `json:",omitempty"`

	// What follows is given back and has no effect: there is no hosted sign-in page.
	SupportedIdentityProviders               []string                `json:",omitempty"`
	CallbackURLs                             []string                `json:",omitempty"`
	LogoutURLs                               []string                `json:",omitempty"`
	DefaultRedirectURI                       string                  `json:",omitempty"`
	AllowedOAuthFlows                        []string                `json:",omitempty"`
	AllowedOAuthScopes                       []string                `json:",omitempty"`
	AllowedOAuthFlowsUserPoolClient          *bool                   `json:",omitempty"`
	AnalyticsConfiguration                   *analyticsConfiguration `json:",omitempty"`
	EnablePropagateAdditionalUserContextData *bool                   `json:",omitempty"`
}

type analyticsConfiguration struct {
	ApplicationId  string `json:",omitempty"`
	ApplicationArn string `json:",omitempty"`
	RoleArn        string `json:",omitempty"`
	ExternalId     string `json:",omitempty"`
	UserDataShared *bool  `json:",omitempty"`
}

type refreshTokenRotation struct {
	Feature                 string
	RetryGracePeriodSeconds int
}

// revealsUsers reports whether PreventUserExistenceErrors is LEGACY, its default.
func (c *client) revealsUsers() bool { return c.PreventUserExistenceErrors != "ENABLED" }

func (c *client) rotates() bool {
	return c.RefreshTokenRotation != nil && c.RefreshTokenRotation.Feature == "ENABLED"
}

func (c *client) revokes() bool { return c.EnableTokenRevocation == nil || *c.EnableTokenRevocation }

const day = 24 * time.Hour

func (c *clientSettings) sessionValidity() time.Duration {
	return time.Duration(c.AuthSessionValidity) * time.Minute
}

func (c *clientSettings) accessValidity() time.Duration {
	return validity(c.AccessTokenValidity, c.TokenValidityUnits.AccessToken, time.Hour, time.Hour)
}

func (c *clientSettings) idValidity() time.Duration {
	return validity(c.IdTokenValidity, c.TokenValidityUnits.IdToken, time.Hour, time.Hour)
}

func (c *clientSettings) refreshValidity() time.Duration {
	return validity(c.RefreshTokenValidity, c.TokenValidityUnits.RefreshToken, day, 30*day)
}

// writes reports whether the client's users may set an attribute. AWS's API reference says that
// without WriteAttributes they may set the standard ones only, its CDK that they may set all; here
// it is all.
func (c *client) writes(name string) bool {
	if name == "sub" || name == "identities" || strings.HasSuffix(name, "_verified") {
		return false
	}
	return len(c.WriteAttributes) == 0 || slices.Contains(c.WriteAttributes, name)
}

// readable keeps the attributes that the client may read, in a list of its own.
func (c *client) readable(all []attribute) []attribute {
	if len(c.ReadAttributes) == 0 {
		return all
	}
	return slices.DeleteFunc(all, func(a attribute) bool {
		return a.Name != "sub" &&
			!slices.Contains(c.ReadAttributes, a.Name)
	})
}

func (s *Server) findClient(id string) (*client, error) {
	if c := s.clients[id]; c != nil {
		return c, nil
	}
	return nil, refuse("ResourceNotFoundException", "User pool client %s does not exist.", id)
}

// findClientOf finds a client of that very pool.
func (s *Server) findClientOf(poolID, id string) (*client, error) {
	p, err := s.findPool(poolID)
	if err != nil {
		return nil, err
	}
	c, err := s.findClient(id)
	if err == nil {
		s.touch(c)
	}
	if err == nil && c.pool != p {
		return nil, refuse("ResourceNotFoundException", "User pool client %s does not exist.", id)
	}
	return c, err
}

// defaultFlows stand for an ExplicitAuthFlows that is not given ("API reference,
// CreateUserPoolClient").
var defaultFlows = []string{"ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH"}

// legacyFlows are the values of before 2019, and what they allow today. SRP and refresh
// went without saying.
var legacyFlows = map[string]string{
	"ADMIN_NO_SRP_AUTH":     "ALLOW_ADMIN_USER_PASSWORD_AUTH",
	"USER_PASSWORD_AUTH":    "ALLOW_USER_PASSWORD_AUTH",
	"CUSTOM_AUTH_FLOW_ONLY": "ALLOW_CUSTOM_AUTH",
}

var explicitAuthFlows = []string{
	"ADMIN_NO_SRP_AUTH", "CUSTOM_AUTH_FLOW_ONLY", "USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH",
	"ALLOW_CUSTOM_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_AUTH",
}

func checkFlows(flows []string) error {
	legacy := 0
	for _, f := range flows {
		if legacyFlows[f] != "" {
			legacy++
		}
	}
	switch {
	case legacy > 0 && legacy < len(flows):
		return errMixedFlows
	case legacy == 0 && !slices.Contains(flows, "ALLOW_REFRESH_TOKEN_AUTH"):
		return errRefreshFlow
	}
	return nil
}

// allows reports whether the client allows a flow, named by its ALLOW_ value.
func (c *client) allows(flow string) bool {
	implied := flow == "ALLOW_USER_SRP_AUTH" || flow == "ALLOW_REFRESH_TOKEN_AUTH"
	return slices.ContainsFunc(c.ExplicitAuthFlows, func(f string) bool {
		return f == flow || legacyFlows[f] == flow || legacyFlows[f] != "" && implied
	})
}

type tokenValidityUnits struct {
	AccessToken  string `json:",omitempty"`
	IdToken      string `json:",omitempty"`
	RefreshToken string `json:",omitempty"`
}

type createClientInput struct {
	UserPoolId, ClientName string
	GenerateSecret         bool
	ClientSecret           string
	clientSettings
}

func (s *Server) newClient(p *pool, name string) *client {
	now := s.o.Now()
	return &client{
		pool: p, id: s.newText(lower+digits, 26), name: name, created: now, modified: now,
		clientSettings: clientSettings{ExplicitAuthFlows: defaultFlows, AuthSessionValidity: 3,
			RefreshTokenValidity: 30},
	}
}

func (s *Server) newClientSecret() string { return s.newText(lower+digits, 52) }

func (s *Server) addClient(c *client) {
	c.pool.lastClient++
	c.seq = c.pool.lastClient
	c.pool.clients = append(c.pool.clients, c)
	s.clients[c.id] = c
	s.touch(c)
}

func (s *Server) removeClient(c *client) {
	delete(s.clients, c.id)
	c.pool.clients = slices.DeleteFunc(c.pool.clients, func(o *client) bool { return o == c })
	c.deleted = true
	s.touch(c)
}

func (s *Server) createUserPoolClient(in createClientInput) (*clientOutput, error) {
	var v checks
	v.poolID(in.UserPoolId)
	v.clientName(in.ClientName)
	v.length("clientSecret", in.ClientSecret, 24, 64)
	v.pattern("clientSecret", in.ClientSecret, clientIDPattern)
	if err := in.clientSettings.check(&v); err != nil {
		return nil, err
	}
	p, err := s.findPool(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	if in.ClientSecret != "" && in.GenerateSecret {
		return nil, errTwoSecrets
	}
	c := s.newClient(p, in.ClientName)
	if err := c.configure(in.clientSettings); err != nil {
		return nil, err
	}
	if c.secret = in.ClientSecret; in.GenerateSecret {
		c.secret = s.newClientSecret()
	}
	s.addClient(c)
	return c.describe(), nil
}

// updateUserPoolClient returns what is left out to its default ("API reference,
// UpdateUserPoolClient"). The secret stays.
func (s *Server) updateUserPoolClient(in struct {
	UserPoolId, ClientId, ClientName string
	clientSettings
}) (*clientOutput, error) {
	var v checks
	v.poolID(in.UserPoolId)
	v.clientID(in.ClientId)
	v.length("clientName", in.ClientName, 1, 128)
	v.pattern("clientName", in.ClientName, poolNamePattern)
	if err := in.clientSettings.check(&v); err != nil {
		return nil, err
	}
	c, err := s.findClientOf(in.UserPoolId, in.ClientId)
	if err != nil {
		return nil, err
	}
	if err := c.configure(in.clientSettings); err != nil {
		return nil, err
	}
	if in.ClientName != "" {
		c.name = in.ClientName
	}
	c.modified = s.o.Now()
	return c.describe(), nil
}

func (s *Server) deleteUserPoolClient(in clientInput) (*empty, error) {
	c, err := s.clientOf(in)
	if err != nil {
		return nil, err
	}
	s.removeClient(c)
	return &empty{}, nil
}

func (in *clientSettings) check(v *checks) error {
	v.oneOf("preventUserExistenceErrors", in.PreventUserExistenceErrors, []string{"LEGACY", "ENABLED"})
	v.between("authSessionValidity", orNil(in.AuthSessionValidity), 3, 15)
	for _, f := range in.ExplicitAuthFlows {
		v.oneOf("explicitAuthFlows", f, explicitAuthFlows)
	}
	for _, l := range []struct {
		name        string
		values      []string
		form        pattern
		most, count int // characters of each, and how many
	}{
		{"callbackURLs", in.CallbackURLs, usernamePattern, 1024, 100},
		{"logoutURLs", in.LogoutURLs, usernamePattern, 1024, 100},
		{"allowedOAuthScopes", in.AllowedOAuthScopes, scopePattern, 256, 50},
		{"supportedIdentityProviders", in.SupportedIdentityProviders, providerPattern, 32, 1 << 30},
	} {
		v.count(l.name, len(l.values), l.count)
		for _, value := range l.values {
			v.member(l.name, value, l.form, 1, l.most)
		}
	}
	v.optional("defaultRedirectURI", in.DefaultRedirectURI, usernamePattern, 1, 1024)
	v.count("allowedOAuthFlows", len(in.AllowedOAuthFlows), 3)
	for _, f := range in.AllowedOAuthFlows {
		v.oneOf("allowedOAuthFlows", f, []string{"code", "implicit", "client_credentials"})
	}
	units := in.TokenValidityUnits
	for _, unit := range []string{units.AccessToken, units.IdToken, units.RefreshToken} {
		v.oneOf("tokenValidityUnits", unit, []string{"seconds", "minutes", "hours", "days"})
	}
	if r := in.RefreshTokenRotation; r != nil {
		v.required("refreshTokenRotation.feature", r.Feature)
		v.oneOf("refreshTokenRotation.feature", r.Feature, []string{"ENABLED", "DISABLED"})
		v.between("refreshTokenRotation.retryGracePeriodSeconds", &r.RetryGracePeriodSeconds, 0, 60)
	}
	return v.err()
}

// configure gives the client these settings, or the defaults of those that are absent.
func (c *client) configure(in clientSettings) error {
	if len(in.ExplicitAuthFlows) == 0 {
		in.ExplicitAuthFlows = defaultFlows
	}
	if err := checkFlows(in.ExplicitAuthFlows); err != nil && (!errors.Is(err, errRefreshFlow) ||
		in.RefreshTokenRotation == nil) {
		return err // with rotation the refresh flow is off
	}
	if in.AuthSessionValidity == 0 {
		in.AuthSessionValidity = 3
	}
	if in.RefreshTokenValidity == 0 {
		in.RefreshTokenValidity, in.TokenValidityUnits.RefreshToken = 30, ""
	}
	for _, d := range []time.Duration{in.accessValidity(), in.idValidity()} {
		if d < 5*time.Minute || d > day {
			return errTokenValidity
		}
	}
	if d := in.refreshValidity(); d < time.Hour || d > 3650*day {
		return errTokenValidity
	}
	for _, name := range in.ReadAttributes {
		if c.pool.schemaOf(name) == nil {
			return errReadAttributes
		}
	}
	for _, name := range in.WriteAttributes {
		if c.pool.schemaOf(name) == nil || !(&client{}).writes(name) {
			return errWriteAttributes
		}
	}
	if len(in.WriteAttributes) > 0 && slices.ContainsFunc(c.pool.required(),
		func(name string) bool { return !slices.Contains(in.WriteAttributes, name) }) {
		return errWriteAttributes
	}
	c.clientSettings = in
	return nil
}

// validity reads a number of units; 0 of them, which is also an absent one, are usual.
func validity(n int, unit string, defaultUnit, usual time.Duration) time.Duration {
	if n == 0 {
		return usual
	}
	d := map[string]time.Duration{"seconds": time.Second, "minutes": time.Minute, "hours": time.Hour, "days": day}[unit]
	if d == 0 {
		d = defaultUnit
	}
	if n < 0 || n > 1<<30 { // out of range in any unit, and before it overflows
		return 0
	}
	return time.Duration(n) * d
}

// userPoolClient is UserPoolClientType.
type userPoolClient struct {
	UserPoolId   string
	ClientName   string
	ClientId     string
	ClientSecret string `json:",omitempty"`
	clientSettings
	CreationDate     epoch
	LastModifiedDate epoch
}

type clientOutput struct{ UserPoolClient userPoolClient }

func (c *client) describe() *clientOutput {
	settings := c.clientSettings
	if settings.PreventUserExistenceErrors == "" {
		settings.PreventUserExistenceErrors = "LEGACY"
	}
	settings.EnableTokenRevocation = new(c.revokes())
	return &clientOutput{userPoolClient{
		UserPoolId: c.pool.id, ClientName: c.name, ClientId: c.id, ClientSecret: c.secret, clientSettings: settings,
		CreationDate: epoch(c.created), LastModifiedDate: epoch(c.modified),
	}}
}

type clientInput struct{ UserPoolId, ClientId string }

func (s *Server) clientOf(in clientInput) (*client, error) {
	var v checks
	v.poolID(in.UserPoolId)
	v.clientID(in.ClientId)
	if err := v.err(); err != nil {
		return nil, err
	}
	return s.findClientOf(in.UserPoolId, in.ClientId)
}

func (s *Server) describeUserPoolClient(in clientInput) (*clientOutput, error) {
	c, err := s.clientOf(in)
	if err != nil {
		return nil, err
	}
	return c.describe(), nil
}
