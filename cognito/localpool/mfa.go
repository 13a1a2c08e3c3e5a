package localpool

import (
	"crypto/subtle"
	"slices"
)

// The second factors, each named like the challenge that asks for it. They are listed in
// this order.
const (
	smsMFA           = "SMS_MFA"
	emailOTP         = "EMAIL_OTP"
	softwareTokenMFA = "SOFTWARE_TOKEN_MFA"
)

var mfaFactors = []string{smsMFA, emailOTP, softwareTokenMFA}

// factorContact is the attribute to which the codes of a factor go, if it has any.
func factorContact(factor string) string {
	switch factor {
	case smsMFA, smsOTP:
		return "phone_number"
	case emailOTP:
		return "email"
	default:
		return ""
	}
}

func (p *pool) offers(factor string) bool { return slices.Contains(p.factors, factor) }

// has reports whether u could answer the challenge of a factor. An authenticator does
// not go away with the pool's switch for it ("TOTP software token MFA", Developer Guide).
func (u *user) has(factor string) bool {
	if factor == softwareTokenMFA {
		return u.token != nil
	}
	return u.pool.offers(factor) && u.attribute(factorContact(factor)) != ""
}

// secondFactors are those that a sign-in may ask for. An OPTIONAL pool asks for what
// the user switched on and still has, a pool that is ON for whatever the user has: a
// phone number is enough for SMS_MFA (amplify-js#1875).
func (u *user) secondFactors() []string {
	return slices.DeleteFunc(slices.Clone(mfaFactors), func(f string) bool {
		return u.pool.mfa == mfaOff || !u.has(f) || u.pool.mfa == mfaOptional && !slices.Contains(u.factors, f)
	})
}

// askSecondFactor goes on to what [user.secondFactor] says.
func (s *Server) askSecondFactor(l login) (*authOutput, error) {
	switch name, err := l.user.secondFactor(l.device() != nil); {
	case err != nil:
		return nil, err
	case name == "":
		return s.admit(l)
	default:
		return s.ask(l, name), nil
	}
}

// secondFactor is the decision tree of "Adding MFA to a user pool", Developer Guide, but that a
// factor may also be the way to recover a password. It is empty where tokens follow.
func (u *user) secondFactor(remembered bool) (challenge string, err error) {
	switch factors := u.secondFactors(); {
	case len(factors) == 0 && u.pool.mfa == mfaOn && len(u.canSetUp()) == 0:
		return "", errNoMethod
	case len(factors) == 0 && u.pool.mfa == mfaOn:
		return "MFA_SETUP", nil
	case remembered && u.pool.devices != nil && u.pool.devices.ChallengeRequiredOnNewDevice:
		return "DEVICE_SRP_AUTH", nil
	case len(factors) == 0:
		return "", nil
	case slices.Contains(factors, u.preferred):
		return u.preferred, nil
	case len(factors) == 1:
		return factors[0], nil
	default:
		return "SELECT_MFA_TYPE", nil
	}
}

// askMFAType names its list as clients expect it. The Developer Guide calls it
// MFAS_CAN_SELECT.
func askMFAType(ss *session) map[string]string {
	p := ss.parameters()
	p["MFAS_CAN_CHOOSE"] = jsonText(ss.user.secondFactors())
	return p
}

func (s *Server) answerMFAType(ss *session, p params) (*authOutput, error) {
	switch answer := p["ANSWER"]; {
	case answer == "":
		return nil, missingParameter("ANSWER")
	case !slices.Contains(ss.user.secondFactors(), answer):
		return nil, errNoChoice
	default:
		return s.ask(ss.login, answer), nil
	}
}

// canSetUp is what MFA_SETUP offers: everything to a user who cannot be reached at all,
// otherwise TOTP.
func (u *user) canSetUp() []string {
	_, reachable := u.contact(false)
	return slices.DeleteFunc(slices.Clone(mfaFactors), func(f string) bool {
		return !u.pool.offers(f) || reachable && f != softwareTokenMFA
	})
}

func askMFASetup(ss *session) map[string]string {
	p := ss.parameters()
	p["MFAS_CAN_SETUP"] = jsonText(ss.user.canSetUp())
	return p
}

// answerMFASetup signs in whoever comes with the Session of VerifySoftwareToken. The
// Developer Guide lets SOFTWARE_TOKEN_MFA follow; in fact tokens do (getmoto/moto, its
// tests that are verified against AWS). What Cognito says when nothing was verified is
// not known. An email address is verified by EMAIL_OTP; its key is EMAIL in AWS Amplify
// and email in the Developer Guide.
func (s *Server) answerMFASetup(ss *session, p params) (*authOutput, error) {
	address := p["EMAIL"]
	if address == "" {
		address = p["email"]
	}
	switch {
	case address != "" && !slices.Contains(ss.user.canSetUp(), emailOTP):
		return nil, errFactorOff
	case address != "" && !looksLikeEmail(address):
		return nil, errEmailFormat
	case address != "":
		next := ss.login
		next.address = address
		return s.ask(next, emailOTP), nil
	case ss.token == nil:
		return nil, errNotSetUp
	case !ss.token.verified:
		return nil, errNotVerified
	}
	return s.admit(ss.login)
}

func askSoftwareToken(ss *session) map[string]string {
	p := ss.parameters()
	if device := ss.user.token.device; device != "" {
		p["FRIENDLY_DEVICE_NAME"] = device
	}
	return p
}

func (s *Server) answerSoftwareToken(ss *session, p params) (*authOutput, error) {
	u, now := ss.user, s.o.Now()
	if u.token == nil {
		return nil, errNoToken
	}
	if u.attempts.locked(now) {
		return nil, errAttemptsExceeded
	}
	switch right, spent := u.token.take(p["SOFTWARE_TOKEN_MFA_CODE"], now); {
	case right:
		return s.admit(ss.login)
	case spent:
		return nil, errCodeUsed
	default:
		u.attempts.fail(now)
		return nil, errCodeMismatch
	}
}

// askCode makes the question of a factor whose code is sent. The code is good for as
// long as its Session is. It has six digits in SMS_MFA, eight otherwise
// (amplify-js#14428).
func (s *Server) askCode(factor string, length int) func(*session) map[string]string {
	return func(ss *session) map[string]string {
		name := factorContact(factor)
		to := contact{ss.userID, name, ss.address}
		switch {
		case ss.user == nil:
			to = s.strangersContact(ss.client.pool, ss.typed, name)
		case to.address == "":
			to.address = ss.user.attribute(name)
		}
		ss.code = s.newText(digits, length)
		if ss.user != nil {
			s.send(to, ss.code)
		}
		p := ss.parameters()
		p["CODE_DELIVERY_DELIVERY_MEDIUM"], p["CODE_DELIVERY_DESTINATION"] = to.medium(), to.masked()
		return p
	}
}

// answerCode judges a code that was sent. A wrong one leaves the Session usable.
func (s *Server) answerCode(ss *session, p params) (*authOutput, error) {
	u, now := ss.user, s.o.Now()
	if u == nil {
		return nil, errCodeOrState
	}
	if u.attempts.locked(now) {
		return nil, errAttemptsExceeded
	}
	if subtle.ConstantTimeCompare([]byte(p[s.challenges[ss.challenge].code]), []byte(ss.code)) != 1 {
		u.attempts.fail(now)
		return nil, errCodeOrState
	}
	if ss.address != "" {
		if err := u.checkAlias("email", ss.address); err != nil {
			return nil, err
		}
		u.setAttributes([]attribute{{"email", ss.address}, {"email_verified", "true"}})
		u.switchOn(emailOTP, true)
	}
	if !ss.passed {
		return s.proceed(ss.login)
	}
	return s.admit(ss.login)
}
