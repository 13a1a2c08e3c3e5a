package localpool

import (
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// grant is one sign-in: what all its tokens, refreshed or not, have in common.
type grant struct {
	id       string // origin_jti
	client   *client
	user     *user
	authTime time.Time
	expires  time.Time // of the refresh token
	revoked  bool
	device   *device // nil: the pool does not track them
}

// signIn ends a sign-in with tokens.
func (s *Server) signIn(l login) (*authOutput, error) {
	c, u := l.client, l.user
	if !u.enabled { // since the password was given
		return nil, errDisabled
	}
	now := s.o.Now()
	g := &grant{id: s.newUUID(), client: c, user: u, authTime: now, expires: now.Add(c.refreshValidity)}
	var metadata *newDevice
	if g.device = l.device(); g.device == nil && u.pool.tracksDevices {
		g.device = s.addDevice(u)
		metadata = &newDevice{g.device.key, g.device.group}
	}
	result, err := s.issue(g)
	if err != nil {
		return nil, err
	}
	u.attempts = attempts{}
	result.NewDeviceMetadata = metadata
	result.RefreshToken = s.newRefreshToken()
	s.grants[g.id] = g
	s.refresh[result.RefreshToken] = g
	return &authOutput{ChallengeParameters: map[string]string{}, AuthenticationResult: result}, nil
}

// startRefresh trades a refresh token for new tokens. SECRET_HASH is over the user's
// own name here, which for a pool of e-mail addresses is the sub.
func (s *Server) startRefresh(c *client, p params) (*authOutput, error) {
	text := p["REFRESH_TOKEN"]
	if text == "" {
		return nil, missingParameter("REFRESH_TOKEN")
	}
	g := s.refresh[text]
	if g == nil || g.client != c {
		return nil, errRefreshInvalid
	}
	if err := c.checkSecretHash(p["SECRET_HASH"], g.user.username); err != nil {
		if p["SECRET_HASH"] != "" {
			return nil, notAuthorized("SecretHash does not match for the client: %s", c.id)
		}
		return nil, err
	}
	switch {
	case !g.user.enabled:
		return nil, errDisabled
	case g.device != nil && (!g.device.confirmed || p["DEVICE_KEY"] != g.device.key): // aws-sdk-java-v2#3418
		return nil, errRefreshInvalid
	case g.revoked:
		return nil, errRefreshRevoked
	case !s.o.Now().Before(g.expires):
		return nil, errRefreshExpired
	}
	result, err := s.issue(g)
	if err != nil {
		return nil, err
	}
	return &authOutput{ChallengeParameters: map[string]string{}, AuthenticationResult: result}, nil
}

// signedInUser finds whose access token this is.
func (s *Server) signedInUser(accessToken string) (*user, error) {
	var v checks
	if v.required("accessToken", accessToken); v.err() != nil {
		return nil, v.err()
	}
	token, err := jwt.ParseSigned(accessToken, []jose.SignatureAlgorithm{s.algorithm})
	if err != nil || len(s.grants) == 0 {
		return nil, errAccessInvalid
	}
	tokens, err := s.tokens()
	if err != nil {
		return nil, err
	}
	var c claims
	if err := token.Claims(tokens.verifier, &c); err != nil || c.Use != "access" {
		return nil, errAccessInvalid
	}
	switch g := s.grants[c.Origin]; {
	case g == nil:
		return nil, errAccessInvalid
	case s.o.Now().Unix() >= c.Exp:
		return nil, errAccessExpired
	case !g.user.enabled:
		return nil, errDisabled
	case g.revoked:
		return nil, errAccessRevoked
	default:
		return g.user, nil
	}
}

type tokenInput struct{ AccessToken string }

type empty struct{}

func (s *Server) globalSignOut(in tokenInput) (*empty, error) {
	u, err := s.signedInUser(in.AccessToken)
	if err != nil {
		return nil, err
	}
	return &empty{}, s.signOut(u)
}

// signOut ends every sign-in of u. It cannot fail.
func (s *Server) signOut(u *user) error {
	for _, g := range s.grants {
		if g.user == u {
			g.revoked = true
		}
	}
	return nil
}

type revokeTokenInput struct{ Token, ClientId, ClientSecret string }

// revokeToken ends one sign-in. A refresh token that is not known is as good as
// revoked (RFC 7009, section 2.2).
func (s *Server) revokeToken(in revokeTokenInput) (*empty, error) {
	var v checks
	v.required("token", in.Token)
	v.clientID(in.ClientId)
	if err := v.err(); err != nil {
		return nil, err
	}
	c, err := s.findClient(in.ClientId)
	if err != nil {
		return nil, err
	}
	if in.ClientSecret != c.secret {
		return nil, errRevokeClient
	}
	if strings.Count(in.Token, ".") == 2 {
		return nil, errNotRefresh
	}
	if g := s.refresh[in.Token]; g != nil {
		if g.client != c {
			return nil, errRevokeClient
		}
		g.revoked = true
	}
	return &empty{}, nil
}
