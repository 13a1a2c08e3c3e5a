package localpool

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
)

// authOutput is the answer to InitiateAuth and RespondToAuthChallenge: another
// challenge, or tokens.
type authOutput struct {
	ChallengeName        string `json:",omitempty"`
	Session              string `json:",omitempty"`
	ChallengeParameters  map[string]string
	AuthenticationResult *authResult `json:",omitempty"`
	AvailableChallenges  []string    `json:",omitempty"` // of USER_AUTH
}

// params are AuthParameters and ChallengeResponses; an absent one is empty.
type params map[string]string

// flow is a row of the table of AuthFlow: where it may begin, what the client must
// allow, what Cognito says if it does not, and what begins it.
type flow struct {
	public, admin bool // InitiateAuth, AdminInitiateAuth
	allow         string
	refusal       string
	start         func(*client, params) (*authOutput, error)
}

func (s *Server) flowTable() map[string]flow {
	srp := flow{true, true, "ALLOW_USER_SRP_AUTH", "USER_SRP_AUTH is not enabled for the client.", s.startSRP}
	password := flow{true, false, "ALLOW_USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH flow not enabled for this client",
		s.startPassword}
	admin := flow{false, true, "ALLOW_ADMIN_USER_PASSWORD_AUTH", "Auth flow not enabled for this client", s.startPassword}
	choice := flow{true, true, "ALLOW_USER_AUTH", "USER_AUTH flow not enabled for this client", s.startChoice}
	custom := flow{true, true, "ALLOW_CUSTOM_AUTH", "CUSTOM_AUTH is not enabled for the client.", s.startCustom}
	refresh := flow{true, true, "ALLOW_REFRESH_TOKEN_AUTH", "Auth flow not enabled for this client", s.startRefresh}
	return map[string]flow{
		"USER_SRP_AUTH":            srp,
		"USER_PASSWORD_AUTH":       password,
		"ADMIN_USER_PASSWORD_AUTH": admin,
		"ADMIN_NO_SRP_AUTH":        admin,
		"USER_AUTH":                choice,
		"CUSTOM_AUTH":              custom,
		"REFRESH_TOKEN_AUTH":       refresh,
		"REFRESH_TOKEN":            refresh,
	}
}

// authFlows is the enum AuthFlowType.
var authFlows = []string{
	"USER_SRP_AUTH", "REFRESH_TOKEN_AUTH", "REFRESH_TOKEN", "CUSTOM_AUTH", "ADMIN_NO_SRP_AUTH",
	"USER_PASSWORD_AUTH", "ADMIN_USER_PASSWORD_AUTH", "USER_AUTH",
}

type initiateAuthInput struct {
	UserPoolId     string // AdminInitiateAuth only
	ClientId       string
	AuthFlow       string
	AuthParameters params
}

func (s *Server) initiateAuth(in initiateAuthInput) (*authOutput, error) {
	var v checks
	v.authFlow(in)
	if err := v.err(); err != nil {
		return nil, err
	}
	c, err := s.findClient(in.ClientId)
	if err != nil {
		return nil, err
	}
	f := s.flows[in.AuthFlow]
	if !f.public {
		return nil, errFlowNotSupported
	}
	return f.begin(c, in.AuthParameters)
}

func (s *Server) adminInitiateAuth(in initiateAuthInput) (*authOutput, error) {
	var v checks
	v.poolID(in.UserPoolId)
	v.authFlow(in)
	if err := v.err(); err != nil {
		return nil, err
	}
	c, err := s.findClientOf(in.UserPoolId, in.ClientId)
	if err != nil {
		return nil, err
	}
	f := s.flows[in.AuthFlow]
	if !f.admin {
		return nil, errFlowNotSupported
	}
	return f.begin(c, in.AuthParameters)
}

func (c *checks) authFlow(in initiateAuthInput) {
	c.clientID(in.ClientId)
	c.required("authFlow", in.AuthFlow)
	c.oneOf("authFlow", in.AuthFlow, authFlows)
}

func (f flow) begin(c *client, p params) (*authOutput, error) {
	if !c.allows(f.allow) {
		return nil, invalidParameter("%s", f.refusal)
	}
	return f.start(c, p)
}

// newLogin finds who signs in. USERNAME may be an alias in a first request, and
// SECRET_HASH is over that very text.
func (s *Server) newLogin(c *client, p params) (login, error) {
	l := login{client: c, typed: p["USERNAME"], deviceKey: p["DEVICE_KEY"]}
	if l.typed == "" {
		return l, missingParameter("USERNAME")
	}
	if err := c.checkSecretHash(p["SECRET_HASH"], l.typed); err != nil {
		return l, err
	}
	l.user = c.pool.find(l.typed)
	switch {
	case l.user != nil:
		l.userID = l.user.username
	case c.revealsUsers():
		return l, errUserNotFound
	default:
		l.userID, _ = s.stranger(c.pool, l.typed)
	}
	return l, nil
}

// checkSecretHash wants the SECRET_HASH of name from a client that has a secret, and
// none from one that has not ("Computing secret hash values", Developer Guide).
func (c *client) checkSecretHash(hash, name string) error {
	if c.secret == "" && hash == "" {
		return nil
	}
	if hash == "" {
		return notAuthorized("Client %s is configured with secret but SECRET_HASH was not received", c.id)
	}
	if c.secret == "" || subtle.ConstantTimeCompare([]byte(hash), []byte(c.secretHash(name))) != 1 {
		return notAuthorized("Unable to verify secret hash for client %s", c.id)
	}
	return nil
}

func (c *client) secretHash(name string) string {
	mac := hmac.New(sha256.New, []byte(c.secret))
	mac.Write([]byte(name + c.id))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func (s *Server) startPassword(c *client, p params) (*authOutput, error) {
	l, err := s.newLogin(c, p)
	if err != nil {
		return nil, err
	}
	return s.checkPassword(l, p)
}

func (s *Server) checkPassword(l login, p params) (*authOutput, error) {
	password := p["PASSWORD"]
	if password == "" {
		return nil, missingParameter("PASSWORD")
	}
	if l.user == nil {
		return nil, errIncorrect
	}
	if err := s.countAttempt(l.user, samePassword(password, l.user.password)); err != nil {
		return nil, err
	}
	if err := l.checkDevice(); err != nil {
		return nil, err
	}
	return s.proceed(l)
}

func samePassword(given, real string) bool {
	return real != "" && subtle.ConstantTimeCompare([]byte(given), []byte(real)) == 1
}

// countAttempt counts a password that was wrong, and refuses while the user is locked out.
func (s *Server) countAttempt(u *user, right bool) error {
	now := s.o.Now()
	switch {
	case u.attempts.locked(now):
		return errAttemptsExceeded
	case !right:
		u.attempts.fail(now)
		return errIncorrect
	default:
		return nil
	}
}

// proceed decides what follows a good first factor: what the state of the account demands,
// and then the second factor.
func (s *Server) proceed(l login) (*authOutput, error) {
	l.passed = true
	if err := l.user.barred(); err != nil {
		return nil, err
	}
	switch u := l.user; {
	case u.status == statusTemporary && s.o.Now().After(u.passwordSet.AddDate(0, 0,
		u.pool.policy.TemporaryPasswordValidityDays)):
		return nil, errTemporaryExpired
	case u.status == statusTemporary:
		return s.ask(l, newPasswordRequired), nil
	default:
		return s.askSecondFactor(l)
	}
}

// barred tells why u cannot sign in by any means.
func (u *user) barred() error {
	switch {
	case !u.enabled:
		return errDisabled
	case u.status == statusFederated: // who has no password here
		return errIncorrect
	case u.status == statusReset:
		return errResetRequired
	case u.status == statusUnconfirmed:
		return errNotConfirmed
	default:
		return nil
	}
}
