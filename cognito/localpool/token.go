package localpool

import (
	"errors"
	"net/http"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

// authResult is AuthenticationResultType.
type authResult struct {
	AccessToken  string
	ExpiresIn    int // seconds
	TokenType    string
	RefreshToken string `json:",omitempty"`
	IdToken      string

	NewDeviceMetadata *newDevice `json:",omitempty"`
}

// claims are those of both kinds of token; which of them stand in which, see
// "Understanding user pool JSON web tokens", Developer Guide.
type claims struct {
	Sub       string   `json:"sub"`
	Groups    []string `json:"cognito:groups,omitempty"`
	Iss       string   `json:"iss"`
	ClientID  string   `json:"client_id"`
	Origin    string   `json:"origin_jti"`
	EventID   string   `json:"event_id"`
	Use       string   `json:"token_use"`
	Scope     string   `json:"scope"`
	AuthTime  int64    `json:"auth_time"`
	Exp       int64    `json:"exp"`
	Iat       int64    `json:"iat"`
	JTI       string   `json:"jti"`
	Username  string   `json:"username"`
	DeviceKey string   `json:"device_key,omitempty"`
}

// poolID is the last part of the issuer.
func (c *claims) poolID() string { return c.Iss[strings.LastIndex(c.Iss, "/")+1:] }

const userScope = "aws.cognito.signin.user.admin" // all that signing in through the API gives

// issue makes an access and an ID token. Signing them takes longer than all else in a sign-in, so
// that happens while others go on.
func (s *Server) issue(g *grant) (*authResult, error) {
	now, u, c := s.o.Now(), g.user, g.client
	access := &claims{
		Sub: u.sub, Groups: u.orderedGroups(), Iss: s.issuer(u.pool), ClientID: c.id, Origin: g.id, EventID: s.newUUID(),
		Use: "access", Scope: userScope, AuthTime: g.authTime.Unix(),
		Exp: now.Add(c.accessValidity()).Unix(), Iat: now.Unix(), JTI: s.newUUID(), Username: u.username,
	}
	if g.device != nil {
		access.DeviceKey = g.device.key
	}
	id := map[string]any{
		"sub": u.sub, "iss": access.Iss, "aud": c.id, "origin_jti": g.id, "event_id": access.EventID,
		"token_use": "id", "auth_time": access.AuthTime, "exp": now.Add(c.idValidity()).Unix(),
		"iat": access.Iat, "jti": s.newUUID(), "cognito:username": u.username,
	}
	if access.Groups != nil {
		id["cognito:groups"] = access.Groups
		if roles, first := u.roles(); len(roles) > 0 {
			id["cognito:roles"] = roles
			if first != "" {
				id["cognito:preferred_role"] = first
			}
		}
	}
	for _, a := range c.readable(u.allAttributes()) {
		if strings.HasSuffix(a.Name, "_verified") {
			id[a.Name] = isTrue(a.Value)
		} else if _, taken := id[a.Name]; !taken {
			id[a.Name] = a.Value
		}
	}
	result := &authResult{ExpiresIn: int(c.accessValidity().Seconds()), TokenType: "Bearer"}
	var err1, err2 error
	s.outside(func() {
		result.AccessToken, err1 = s.sign(access)
		result.IdToken, err2 = s.sign(id)
	})
	if err := errors.Join(err1, err2); err != nil {
		return nil, err
	}
	s.known.add(result.AccessToken, access)
	return result, nil
}

func (s *Server) sign(payload any) (string, error) {
	tokens, err := s.tokens()
	if err != nil {
		return "", err
	}
	jws, err := tokens.signer.Sign(encode(payload)) // jwt.Signed would take the claims apart and put them together again
	if err != nil {
		return "", err
	}
	return jws.CompactSerialize()
}

func (s *Server) issuer(p *pool) string { return s.o.Issuer + "/" + p.id }

// jwks serves the public key, at the place under the issuer where clients look for it.
func (s *Server) jwks(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	_, err := s.findPool(r.PathValue("pool"))
	s.mu.Unlock()
	var tokens *tokenSigner
	if err == nil {
		tokens, err = s.tokens()
	}
	if err != nil {
		writeError(w, err)
		return
	}
	writeDocument(w, jose.JSONWebKeySet{Keys: tokens.public})
}

func (s *Server) discovery(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	p, err := s.findPool(r.PathValue("pool"))
	s.mu.Unlock()
	if err != nil {
		writeError(w, err)
		return
	}
	writeDocument(w, map[string]any{
		"issuer":                                s.issuer(p),
		"jwks_uri":                              s.issuer(p) + "/.well-known/jwks.json",
		"id_token_signing_alg_values_supported": []jose.SignatureAlgorithm{s.algorithm},
		"response_types_supported":              []string{"code", "token"},
		"subject_types_supported":               []string{"public"},
	})
}

func writeDocument(w http.ResponseWriter, doc any) {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.Header().Set("Content-Type", "application/json")
	w.Write(encode(doc))
}
