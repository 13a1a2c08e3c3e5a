package localpool

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"cognito-enroll/cognito/srp"
)

// passwordPolicy is PasswordPolicyType, in the shape of the wire.
type passwordPolicy struct {
	MinimumLength                 int
	RequireUppercase              bool
	RequireLowercase              bool
	RequireNumbers                bool
	RequireSymbols                bool
	TemporaryPasswordValidityDays int
	PasswordHistorySize           int `json:",omitempty"`
}

var defaultPolicy = passwordPolicy{8, true, true, true, true, 7, 0}

// accept checks a new password against the policy.
func (p passwordPolicy) accept(password string) error {
	has := func(f func(rune) bool) bool { return strings.ContainsFunc(password, f) }
	symbol := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
	problem := ""
	switch {
	case utf8.RuneCountInString(password) < p.MinimumLength:
		problem = "Password not long enough"
	case p.RequireUppercase && !has(unicode.IsUpper):
		problem = "Password must have uppercase characters"
	case p.RequireLowercase && !has(unicode.IsLower):
		problem = "Password must have lowercase characters"
	case p.RequireNumbers && !has(unicode.IsDigit):
		problem = "Password must have numeric characters"
	case p.RequireSymbols && !has(symbol):
		problem = "Password must have symbol characters"
	default:
		return nil
	}
	return refuse("InvalidPasswordException", "Password did not conform with policy: %s", problem)
}

// attempts counts the wrong passwords and wrong codes of one user. The fifth locks for
// a second, each further one twice as long, up to 15 minutes; what is tried in the
// meantime is not counted. 15 minutes without an attempt, or signing in, clear it
// ("Lockout behavior for failed sign-in attempts", Developer Guide).
type attempts struct {
	failed      int
	last, until time.Time // of the newest attempt that did not succeed, and of the lock
}

const longestLock = 15 * time.Minute

// locked reports whether this attempt comes too soon.
func (a *attempts) locked(now time.Time) bool {
	if !now.Before(a.until) {
		return false
	}
	a.last = now
	return true
}

func (a *attempts) fail(now time.Time) {
	if now.Sub(a.last) >= longestLock {
		a.failed = 0
	}
	a.failed++
	a.last = now
	if a.failed >= 5 {
		a.until = now.Add(min(time.Second<<min(a.failed-5, 10), longestLock))
	}
}

// verifier makes the SRP verifier of a password when it is needed. Its salt is always
// the same for the same user and password, as that of a real pool is.
func (s *Server) verifier(p *pool, userID, password string) (srp.Verifier, error) {
	return srp.NewVerifier(s.derived("salt", p.id, userID, password), p.shortName(), userID, password)
}

// derived is a source of 32 bytes that depend on parts and on this server only.
func (s *Server) derived(parts ...string) io.Reader {
	mac := hmac.New(sha256.New, s.secret)
	io.WriteString(mac, strings.Join(parts, "\x00"))
	return strings.NewReader(string(mac.Sum(nil)))
}

// stranger is the name and the password of a user who does not exist, for a client
// with PreventUserExistenceErrors: always the same for the same typed name, so that
// asking twice tells nothing ("Managing user existence error responses", Developer Guide).
func (s *Server) stranger(p *pool, typed string) (userID, password string) {
	var b [32]byte
	io.ReadFull(s.derived("stranger", p.id, p.key(typed)), b[:])
	if len(p.usernameAttributes) == 0 {
		return p.key(typed), hex.EncodeToString(b[16:])
	}
	return uuidOf(b[:16]), hex.EncodeToString(b[16:])
}
