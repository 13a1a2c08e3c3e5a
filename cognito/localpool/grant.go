package localpool

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/google/uuid"
)

// grant is one sign-in: what all its tokens, refreshed or not, have in common. No list of them is
// kept, so any number of sign-ins takes no memory: the tokens say it all, and a user's number of
// sign-outs ends all that are older.
type grant struct {
	id       string // origin_jti
	client   *client
	user     *user
	authTime time.Time
	expires  time.Time // of the refresh token
	device   *device   // nil: the pool does not track them
}

// signIn ends a sign-in with tokens.
func (s *Server) signIn(l login) (*authOutput, error) {
	c, u := l.client, l.user
	switch { // since the password was given
	case u.deleted:
		return nil, errUserNotFound
	case !u.enabled:
		return nil, errDisabled
	}
	now := s.o.Now()
	g := &grant{id: s.newOrigin(u), client: c, user: u, authTime: now, expires: now.Add(c.refreshValidity())}
	var metadata *newDevice
	if g.device = l.device(); g.device == nil && u.pool.devices != nil {
		g.device = s.addDevice(u)
		metadata = &newDevice{g.device.key, g.device.group}
	}
	u.attempts = attempts{}
	refresh := s.newRefreshToken(g)
	result, err := s.issue(g)
	if err != nil {
		return nil, err
	}
	result.RefreshToken, result.NewDeviceMetadata = refresh, metadata
	return &authOutput{ChallengeParameters: map[string]string{}, AuthenticationResult: result}, nil
}

// newOrigin makes the id of a sign-in: a UUID whose second half proves, to this server, that it is
// the user's and was made after the newest sign-out.
func (s *Server) newOrigin(u *user) string {
	return s.origin(u, uuid.UUID(slices.Concat(s.random(8), make([]byte, 8))))
}

func (s *Server) origin(u *user, id uuid.UUID) string {
	id[6] = id[6]&0x0f | 0x40
	count := []byte{byte(u.signOuts >> 24), byte(u.signOuts >> 16), byte(u.signOuts >> 8), byte(u.signOuts)}
	io.ReadFull(s.derived("origin", u.sub, string(count), string(id[:8])), id[8:])
	return uuidOf(id[:])
}

// current reports whether the sign-in called origin has not been ended.
func (s *Server) current(u *user, origin string) bool {
	id, err := uuid.Parse(origin)
	if err != nil || s.origin(u, id) != origin {
		return false
	}
	r, revoked := s.revoked[origin]
	return !revoked || s.o.Now().Before(r.From)
}

// revocation ends a sign-in, or after a rotation one refresh token, from a time on.
type revocation struct {
	From  time.Time
	Until time.Time // by when what it ends has expired anyway
}

// revoke remembers it until then.
func (s *Server) revoke(id string, r revocation) {
	checked := 0
	for old, r := range s.revoked {
		if s.o.Now().After(r.Until) {
			delete(s.revoked, old)
			s.touch(revocationEntity{s, old})
		}
		if checked++; checked == 4 {
			break
		}
	}
	s.revoked[id] = r
	s.touch(revocationEntity{s, id})
}

// refreshClaims are what a refresh token says, to this server alone.
type refreshClaims struct {
	ID, Pool, Client, Username, Sub, Origin, Device string
	AuthTime, Expires                               time.Time
}

func (s *Server) refreshCipher() cipher.AEAD {
	key, _ := io.ReadAll(s.derived("refresh token"))
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // 32 bytes are a key
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		panic(err) // AES has blocks of 16 bytes
	}
	return gcm
}

const (
	refreshHeader = `{"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}`
	refreshLength = 850 // of what is encrypted, and more if it must be
)

// newRefreshToken is opaque, and shaped like the JWE that Cognito gives. The part for the key is
// random: this server knows its own.
func (s *Server) newRefreshToken(g *grant) string {
	c := refreshClaims{
		ID: s.newUUID(), Pool: g.user.pool.id, Client: g.client.id, Username: g.user.username, Sub: g.user.sub,
		Origin: g.id, AuthTime: g.authTime, Expires: g.expires,
	}
	if g.device != nil {
		c.Device = g.device.key
	}
	plain := encode(c)
	for len(plain) < refreshLength {
		plain = append(plain, ' ')
	}
	nonce, aead := s.random(12), s.refreshCipher()
	sealed := aead.Seal(nil, nonce, plain, nil)
	text := len(sealed) - aead.Overhead()
	parts := [][]byte{[]byte(refreshHeader), s.random(256), nonce, sealed[:text], sealed[text:]}
	token := make([]string, len(parts))
	for i, p := range parts {
		token[i] = base64.RawURLEncoding.EncodeToString(p)
	}
	return strings.Join(token, ".")
}

// readRefreshToken finds the sign-in of a refresh token, which may have ended.
func (s *Server) readRefreshToken(token string) (*grant, refreshClaims, error) {
	var c refreshClaims
	parts := strings.Split(token, ".")
	if len(parts) != 5 {
		return nil, c, errRefreshInvalid
	}
	var decoded [5][]byte
	for i, p := range parts {
		b, err := base64.RawURLEncoding.DecodeString(p)
		if err != nil {
			return nil, c, errRefreshInvalid
		}
		decoded[i] = b
	}
	aead := s.refreshCipher()
	if len(decoded[2]) != aead.NonceSize() {
		return nil, c, errRefreshInvalid
	}
	plain, err := aead.Open(nil, decoded[2], slices.Concat(decoded[3], decoded[4]), nil)
	if err != nil || json.Unmarshal(plain, &c) != nil {
		return nil, c, errRefreshInvalid
	}
	g, err := s.grantOf(c.Pool, c.Client, c.Username, c.Sub)
	if err != nil {
		return nil, c, errRefreshInvalid
	}
	g.id, g.authTime, g.expires = c.Origin, c.AuthTime, c.Expires
	if c.Device != "" {
		if g.device = g.user.devices[c.Device]; g.device == nil { // it was forgotten
			return nil, c, errRefreshInvalid
		}
	}
	return g, c, nil
}

// grantOf finds whom a token of this server speaks of.
func (s *Server) grantOf(poolID, clientID, username, sub string) (*grant, error) {
	p, c := s.pools.byID[poolID], s.clients[clientID]
	if p == nil || c == nil || c.pool != p {
		return nil, errAccessInvalid
	}
	u := p.names[p.key(username)]
	if u == nil || u.sub != sub {
		return nil, errUserNotFound
	}
	s.touch(u)
	return &grant{client: c, user: u}, nil
}

// startRefresh trades a refresh token for new tokens. SECRET_HASH is over the user's
// own name here, which for a pool of email addresses is the sub.
func (s *Server) startRefresh(c *client, p params) (*authOutput, error) {
	if p["REFRESH_TOKEN"] == "" {
		return nil, missingParameter("REFRESH_TOKEN")
	}
	if c.rotates() {
		return nil, errRotates
	}
	g, _, err := s.readRefreshToken(p["REFRESH_TOKEN"])
	if err != nil || g.client != c {
		return nil, errRefreshInvalid
	}
	if err := c.checkSecretHash(p["SECRET_HASH"], g.user.username); err != nil {
		if p["SECRET_HASH"] != "" {
			return nil, notAuthorized("SecretHash does not match for the client: %s", c.id)
		}
		return nil, err
	}
	if err := s.checkRefresh(g, p["DEVICE_KEY"]); err != nil {
		return nil, err
	}
	result, err := s.issue(g)
	if err != nil {
		return nil, err
	}
	return &authOutput{ChallengeParameters: map[string]string{}, AuthenticationResult: result}, nil
}

// checkRefresh tells why a sign-in cannot be renewed.
func (s *Server) checkRefresh(g *grant, deviceKey string) error {
	switch {
	case !g.user.enabled:
		return errDisabled
	case g.device != nil && (!g.device.confirmed || deviceKey != g.device.key): // aws-sdk-java-v2#3418
		return errRefreshInvalid
	case !s.current(g.user, g.id):
		return errRefreshRevoked
	case !s.o.Now().Before(g.expires):
		return errRefreshExpired
	default:
		return nil
	}
}

type tokensOutput struct{ AuthenticationResult *authResult }

// getTokensFromRefreshToken is the refresh for clients that rotate their tokens, and for others too.
// A rotated token serves for its grace period still; the new one expires when the first would have.
func (s *Server) getTokensFromRefreshToken(in struct {
	RefreshToken, ClientId, ClientSecret, DeviceKey string
}) (*tokensOutput, error) {
	c, err := s.clientWith("refreshToken", in.RefreshToken, in.ClientId)
	if err != nil {
		return nil, err
	}
	if in.ClientSecret != c.secret {
		return nil, notAuthorized("Unable to verify secret for client %s", c.id) // text is ours
	}
	g, claims, err := s.readRefreshToken(in.RefreshToken)
	if err != nil || g.client != c {
		return nil, errRefreshInvalid
	}
	if err := s.checkRefresh(g, in.DeviceKey); err != nil {
		return nil, err
	}
	if r, spent := s.revoked[claims.ID]; spent && !s.o.Now().Before(r.From) {
		return nil, errRefreshReused
	}
	next := ""
	if c.rotates() {
		if _, spent := s.revoked[claims.ID]; !spent {
			grace := time.Duration(c.RefreshTokenRotation.RetryGracePeriodSeconds) * time.Second
			s.revoke(claims.ID, revocation{s.o.Now().Add(grace), g.expires})
		}
		next = s.newRefreshToken(g)
	}
	result, err := s.issue(g)
	if err != nil {
		return nil, err
	}
	result.RefreshToken = next
	return &tokensOutput{result}, nil
}

// signedIn finds whose access token this is, and what client has it.
func (s *Server) signedIn(accessToken string) (*grant, error) {
	var v checks
	if v.required("accessToken", accessToken); v.err() != nil {
		return nil, v.err()
	}
	c, err := s.readAccessToken(accessToken)
	if err != nil {
		return nil, err
	}
	g, err := s.grantOf(c.poolID(), c.ClientID, c.Username, c.Sub)
	switch {
	case err != nil:
		return nil, err
	case s.o.Now().Unix() >= c.Exp:
		return nil, errAccessExpired
	case !g.user.enabled:
		return nil, errDisabled
	case !s.current(g.user, c.Origin):
		return nil, errAccessRevoked
	default:
		return g, nil
	}
}

// readAccessToken says what an access token of this server says, which may hold no longer.
func (s *Server) readAccessToken(text string) (*claims, error) {
	if c := s.known.find(text); c != nil {
		return c, nil
	}
	token, err := jwt.ParseSigned(text, []jose.SignatureAlgorithm{s.algorithm})
	if err != nil || len(s.clients) == 0 {
		return nil, errAccessInvalid
	}
	var c claims
	if err := token.UnsafeClaimsWithoutVerification(&c); err != nil || c.Use != "access" {
		return nil, errAccessInvalid
	}
	if s.pools.byID[c.poolID()] == nil { // and no key has to be made for it
		return nil, errAccessInvalid
	}
	tokens, err := s.tokens()
	if err != nil {
		return nil, err
	}
	if err := token.Claims(tokens.verifier, &c); err != nil {
		return nil, errAccessInvalid
	}
	s.known.add(text, &c)
	return &c, nil
}

// knownTokens are some of the access tokens that were signed or verified lately, so that most are
// read without doing it again: an array of a fixed size, in which a token has one place, by its
// hash, and displaces the one that was there.
type knownTokens [256]struct {
	hash   [sha256.Size]byte // of all of the token, with its signature
	claims *claims           // nil: there is none here
}

func (k *knownTokens) find(text string) *claims {
	hash := sha256.Sum256([]byte(text))
	if e := &k[hash[0]]; e.hash == hash {
		return e.claims
	}
	return nil
}

func (k *knownTokens) add(text string, c *claims) {
	hash := sha256.Sum256([]byte(text))
	e := &k[hash[0]]
	e.hash, e.claims = hash, c
}

// signedInUser finds whose access token this is.
func (s *Server) signedInUser(accessToken string) (*user, error) {
	g, err := s.signedIn(accessToken)
	if err != nil {
		return nil, err
	}
	return g.user, nil
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
	u.signOuts++
	return nil
}

// clientWith finds the app client of a call that has to give a token, too: the member called name.
func (s *Server) clientWith(name, token, id string) (*client, error) {
	var v checks
	v.required(name, token)
	v.clientID(id)
	if err := v.err(); err != nil {
		return nil, err
	}
	return s.findClient(id)
}

type revokeTokenInput struct{ Token, ClientId, ClientSecret string }

// revokeToken ends one sign-in. A refresh token that is not known is as good as
// revoked (RFC 7009, section 2.2).
func (s *Server) revokeToken(in revokeTokenInput) (*empty, error) {
	c, err := s.clientWith("token", in.Token, in.ClientId)
	if err != nil {
		return nil, err
	}
	switch {
	case in.ClientSecret != c.secret:
		return nil, errRevokeClient
	case strings.Count(in.Token, ".") == 2:
		return nil, errNotRefresh
	case !c.revokes():
		return nil, errNoRevocation
	}
	if g, _, err := s.readRefreshToken(in.Token); err == nil {
		if g.client != c {
			return nil, errRevokeClient
		}
		s.revoke(g.id, revocation{s.o.Now(), g.expires.Add(day)}) // with its access tokens
	}
	return &empty{}, nil
}
