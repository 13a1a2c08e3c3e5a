package localpool

import (
	"slices"
	"time"
)

// client is an app client of a pool.
type client struct {
	pool              *pool
	id, name, secret  string // no secret: empty
	flows             []string
	revealsUsers      bool // PreventUserExistenceErrors is LEGACY
	sessionValidity   time.Duration
	accessValidity    time.Duration
	idValidity        time.Duration
	refreshValidity   time.Duration
	created, modified time.Time
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
	return slices.ContainsFunc(c.flows, func(f string) bool {
		return f == flow || legacyFlows[f] == flow || legacyFlows[f] != "" && implied
	})
}

type tokenValidityUnits struct{ AccessToken, IdToken, RefreshToken string }

type createClientInput struct {
	UserPoolId                 string
	ClientName                 string
	GenerateSecret             bool
	ExplicitAuthFlows          []string
	PreventUserExistenceErrors string
	AuthSessionValidity        *int
	AccessTokenValidity        int
	IdTokenValidity            int
	RefreshTokenValidity       int
	TokenValidityUnits         tokenValidityUnits
}

func (s *Server) newClient(p *pool, name string) *client {
	now := s.o.Now()
	return &client{
		pool: p, id: s.newText(lower+digits, 26), name: name, flows: defaultFlows,
		sessionValidity: 3 * time.Minute, accessValidity: time.Hour, idValidity: time.Hour,
		refreshValidity: 30 * 24 * time.Hour, created: now, modified: now,
	}
}

func (s *Server) newClientSecret() string { return s.newText(lower+digits, 52) }

func (s *Server) addClient(c *client) {
	c.pool.clients = append(c.pool.clients, c)
	s.clients[c.id] = c
}

func (s *Server) createUserPoolClient(in createClientInput) (*clientOutput, error) {
	var v checks
	v.poolID(in.UserPoolId)
	v.required("clientName", in.ClientName)
	v.length("clientName", in.ClientName, 1, 128)
	v.oneOf("preventUserExistenceErrors", in.PreventUserExistenceErrors, []string{"LEGACY", "ENABLED"})
	v.between("authSessionValidity", in.AuthSessionValidity, 3, 15)
	for _, f := range in.ExplicitAuthFlows {
		v.oneOf("explicitAuthFlows", f, explicitAuthFlows)
	}
	units := in.TokenValidityUnits
	for _, unit := range []string{units.AccessToken, units.IdToken, units.RefreshToken} {
		v.oneOf("tokenValidityUnits", unit, []string{"seconds", "minutes", "hours", "days"})
	}
	if err := v.err(); err != nil {
		return nil, err
	}
	p, err := s.findPool(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	c := s.newClient(p, in.ClientName)
	if len(in.ExplicitAuthFlows) > 0 {
		if err := checkFlows(in.ExplicitAuthFlows); err != nil {
			return nil, err
		}
		c.flows = in.ExplicitAuthFlows
	}
	if in.GenerateSecret {
		c.secret = s.newClientSecret()
	}
	if in.AuthSessionValidity != nil {
		c.sessionValidity = time.Duration(*in.AuthSessionValidity) * time.Minute
	}
	c.revealsUsers = in.PreventUserExistenceErrors != "ENABLED"
	c.accessValidity = validity(in.AccessTokenValidity, units.AccessToken, time.Hour, c.accessValidity)
	c.idValidity = validity(in.IdTokenValidity, units.IdToken, time.Hour, c.idValidity)
	c.refreshValidity = validity(in.RefreshTokenValidity, units.RefreshToken, 24*time.Hour, c.refreshValidity)
	const day = 24 * time.Hour
	for _, d := range []time.Duration{c.accessValidity, c.idValidity} {
		if d < 5*time.Minute || d > day {
			return nil, errTokenValidity
		}
	}
	if c.refreshValidity < time.Hour || c.refreshValidity > 3650*day {
		return nil, errTokenValidity
	}
	s.addClient(c)
	return c.describe(), nil
}

// validity reads a number of units; 0 of them, which is also an absent one, are usual.
func validity(n int, unit string, defaultUnit, usual time.Duration) time.Duration {
	if n == 0 {
		return usual
	}
	d := map[string]time.Duration{"seconds": time.Second, "minutes": time.Minute, "hours": time.Hour, "days": 24 * time.Hour}[unit]
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
	UserPoolId                 string
	ClientName                 string
	ClientId                   string
	ClientSecret               string `json:",omitempty"`
	ExplicitAuthFlows          []string
	PreventUserExistenceErrors string
	AuthSessionValidity        int
	AccessTokenValidity        int
	IdTokenValidity            int
	RefreshTokenValidity       int
	TokenValidityUnits         tokenValidityUnits
	EnableTokenRevocation      bool
	CreationDate               epoch
	LastModifiedDate           epoch
}

type clientOutput struct{ UserPoolClient userPoolClient }

func (c *client) describe() *clientOutput {
	existence := "ENABLED"
	if c.revealsUsers {
		existence = "LEGACY"
	}
	seconds := func(d time.Duration) int { return int(d.Seconds()) }
	return &clientOutput{userPoolClient{
		UserPoolId: c.pool.id, ClientName: c.name, ClientId: c.id, ClientSecret: c.secret,
		ExplicitAuthFlows: c.flows, PreventUserExistenceErrors: existence,
		AuthSessionValidity: int(c.sessionValidity.Minutes()),
		AccessTokenValidity: seconds(c.accessValidity), IdTokenValidity: seconds(c.idValidity),
		RefreshTokenValidity:  seconds(c.refreshValidity),
		TokenValidityUnits:    tokenValidityUnits{"seconds", "seconds", "seconds"},
		EnableTokenRevocation: true, CreationDate: epoch(c.created), LastModifiedDate: epoch(c.modified),
	}}
}

type clientInput struct{ UserPoolId, ClientId string }

func (s *Server) describeUserPoolClient(in clientInput) (*clientOutput, error) {
	var v checks
	v.poolID(in.UserPoolId)
	v.clientID(in.ClientId)
	if err := v.err(); err != nil {
		return nil, err
	}
	c, err := s.findClientOf(in.UserPoolId, in.ClientId)
	if err != nil {
		return nil, err
	}
	return c.describe(), nil
}
