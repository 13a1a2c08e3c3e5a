package localpool

import (
	"encoding/base64"
	"time"

	"cognito-enroll/cognito/srp"
)

// login is one sign-in on its way to the tokens: what its Sessions have in common.
type login struct {
	client *client
	user   *user  // nil when the user is made up to hide that there is none
	userID string // USER_ID_FOR_SRP
	typed  string // USERNAME of the first request
	passed bool   // the first factor was good
	custom bool   // CUSTOM_CHALLENGE comes before the tokens
	wrong  int    // answers to it

	deviceKey string // DEVICE_KEY
	address   string // the e-mail address that is being set up as a factor
}

// session is what stands behind a Session: one challenge put to one user through one
// client. It is good for one successful answer within the client's
// AuthSessionValidity; a wrong answer leaves it usable ("Authentication with Amazon
// Cognito user pools", Developer Guide).
type session struct {
	login
	challenge string // the ChallengeName that it answers
	expires   time.Time
	used      bool

	proof *srp.Server // PASSWORD_VERIFIER
	code  string      // the one that was sent

	// token is the authenticator being set up, which makes three steps of MFA_SETUP:
	// a Session without one is for AssociateSoftwareToken, the next, with one, for
	// VerifySoftwareToken, and the last, where it is verified, for the answer.
	token *softwareToken
}

// newSession opens a session for a challenge to u and returns its text, of the length
// that has been seen in the wild and over the alphabet of tokens.
func (s *Server) newSession(ss session) string {
	text := base64.RawURLEncoding.EncodeToString(s.random(1155)) // 1540 characters
	s.keepSession(text, ss)
	return text
}

func (s *Server) keepSession(text string, ss session) {
	now := s.o.Now()
	for text, old := range s.sessions {
		if now.Sub(old.expires) > sessionMemory {
			delete(s.sessions, text)
		}
	}
	ss.expires = now.Add(ss.client.sessionValidity)
	s.sessions[text] = &ss
}

// sessionMemory is for how long a dead session is known as such, rather than invalid.
const sessionMemory = time.Hour

// session finds a live session.
func (s *Server) session(text string) (*session, error) {
	switch ss := s.sessions[text]; {
	case ss == nil:
		return nil, errSessionInvalid
	case ss.used:
		return nil, errSessionUsed
	case !s.o.Now().Before(ss.expires):
		return nil, errSessionExpired
	default:
		return ss, nil
	}
}
