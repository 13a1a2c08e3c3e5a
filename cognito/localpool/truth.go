package localpool

import (
	"errors"
	"slices"
)

// Truth is what is so of one user, as only the pool can know it: for a test to hold what a client
// believes against.
type Truth struct {
	Username      string // USER_ID_FOR_SRP
	Password      string
	Status        string // UserStatus
	Confirmed     bool   // Status is not UNCONFIRMED
	Enabled       bool   // the account
	EmailVerified bool

	MFA       string   // of the pool: OFF, OPTIONAL or ON
	Key       string   // base32, of the verified authenticator, whose codes count; empty: there is none
	Device    string   // its FriendlyDeviceName
	Pending   string   // base32, of one that an access token associated and that is not verified yet
	TOTP      bool     // UserMFASettingList names SOFTWARE_TOKEN_MFA, whether there is a Key or not
	Factors   []string // the others in that list, in the order of switching on; never nil
	Preferred string   // PreferredMfaSetting, empty if there is none

	// Next is the challenge that answers the right password at the next sign-in, given without
	// DEVICE_KEY: SOFTWARE_TOKEN_MFA, MFA_SETUP, NEW_PASSWORD_REQUIRED and so on; empty if tokens
	// do. Refusal is the error code that answers instead, such as UserNotConfirmedException.
	// Neither considers the time: a lock-out, or a temporary password that has expired.
	Next, Refusal string
}

// Truth tells about the user whom an administrator would name so. It changes nothing, and does
// not depend on the clock. Its error says that there is no such pool or user.
func (s *Server) Truth(poolID, username string) (Truth, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u, err := s.namedUser(poolID, username)
	if err != nil {
		return Truth{}, err
	}
	t := Truth{
		Username: u.username, Password: u.password, Status: u.status, Confirmed: u.status != statusUnconfirmed,
		Enabled: u.enabled, EmailVerified: u.verified("email"), MFA: u.pool.mfa,
		TOTP: slices.Contains(u.factors, softwareTokenMFA), Factors: []string{}, Preferred: u.preferred,
	}
	if u.token != nil {
		t.Key, t.Device = u.token.secret, u.token.device
	}
	if u.pending != nil {
		t.Pending = u.pending.secret
	}
	for _, f := range u.factors {
		if f != softwareTokenMFA {
			t.Factors = append(t.Factors, f)
		}
	}
	t.Next, t.Refusal = u.next()
	return t, nil
}

func (u *user) next() (challenge, refusal string) {
	err := u.barred()
	switch {
	case err != nil:
	case u.status == statusTemporary:
		return newPasswordRequired, ""
	default:
		challenge, err = u.secondFactor(false)
	}
	if e, ok := errors.AsType[*apiError](err); ok {
		return "", e.code
	}
	return challenge, ""
}
