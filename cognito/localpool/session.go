package localpool

import (
	"crypto/sha256"
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
	address   string // the email address that is being set up as a factor
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

// sessionHeader begins every Session of AWS's, which is a message of the AWS Encryption SDK: "AYABe".
var sessionHeader = []byte{0x01, 0x80, 0x01, 0x78}

// newSession opens a session for a challenge to u and returns its text, of the length
// that has been seen in the wild and over the alphabet of tokens.
func (s *Server) newSession(ss session) string {
	message := s.random(1155)
	copy(message, sessionHeader)
	text := base64.RawURLEncoding.EncodeToString(message) // 1540 characters
	s.keepSession(text, ss)
	return text
}

func (s *Server) keepSession(text string, ss session) {
	now := s.o.Now()
	ss.expires = now.Add(ss.client.sessionValidity())
	s.sessions.add(sha256.Sum256([]byte(text)), &ss, now)
}

// session finds a live session.
func (s *Server) session(text string) (*session, error) {
	switch ss := s.sessions.byHash[sha256.Sum256([]byte(text))]; {
	case ss == nil, ss.client != nil && ss.client.deleted, ss.user != nil && ss.user.deleted:
		return nil, errSessionInvalid
	case ss.used:
		return nil, errSessionUsed
	case !s.o.Now().Before(ss.expires):
		return nil, errSessionExpired
	default:
		s.touch(ss.user)
		return ss, nil
	}
}

// use ends a session. What it held is let go; only that it existed is remembered.
func (ss *session) use() { *ss = session{used: true, expires: ss.expires} }

// sessionMemory is for how long a dead session is known as such, rather than invalid.
const sessionMemory = time.Hour

// mostSessions is how many are remembered, dead or alive, before the oldest is forgotten: those of
// a minute at 500 a second.
const mostSessions = 30_000

// sessions are found by the hash of their text, and forgotten in the order in which they were
// opened. Adding one looks at two old ones at most, so a call takes as long after a million others
// as after none.
type sessions struct {
	byHash map[[sha256.Size]byte]*session
	order  [][sha256.Size]byte // a ring, from first on
	first  int
}

func (q *sessions) add(hash [sha256.Size]byte, ss *session, now time.Time) {
	if q.byHash[hash] != nil { // Options.Random repeats itself
		q.byHash[hash] = ss
		return
	}
	for range 2 {
		if len(q.byHash) > 0 && (len(q.byHash) >= mostSessions ||
			now.Sub(q.byHash[q.order[q.first]].expires) > sessionMemory) {
			delete(q.byHash, q.order[q.first])
			q.first = (q.first + 1) % len(q.order)
		}
	}
	if n := len(q.byHash); n == len(q.order) { // full: unroll it into a longer one
		longer := make([][sha256.Size]byte, min(max(64, 2*n), mostSessions))
		copy(longer[copy(longer, q.order[q.first:]):], q.order[:q.first])
		q.order, q.first = longer, 0
	}
	q.order[(q.first+len(q.byHash))%len(q.order)] = hash
	q.byHash[hash] = ss
}
