package localpool

import (
	"strings"
	"time"

	"cognito-enroll/cognito/srp"
)

// challenge is a row of the table of ChallengeName: what the question tells the client
// beside USER_ID_FOR_SRP, and what becomes of an answer. Those whose answer is a code
// name its key.
type challenge struct {
	code   string
	ask    func(*user) map[string]string // nil: it has no Session and is not asked by ask
	answer func(*session, params) (*authOutput, error)
}

func (s *Server) challengeTable() map[string]challenge {
	return map[string]challenge{
		"PASSWORD_VERIFIER":     {answer: s.answerPasswordVerifier},
		"NEW_PASSWORD_REQUIRED": {ask: askNewPassword, answer: s.answerNewPassword},
		"MFA_SETUP":             {ask: askMFASetup, answer: s.answerMFASetup},
		softwareTokenMFA:        {code: "SOFTWARE_TOKEN_MFA_CODE", ask: askSoftwareToken, answer: s.answerSoftwareToken},
	}
}

// challengeNames is the enum ChallengeNameType.
var challengeNames = []string{
	"SMS_MFA", "EMAIL_OTP", "SOFTWARE_TOKEN_MFA", "SELECT_MFA_TYPE", "MFA_SETUP", "PASSWORD_VERIFIER",
	"CUSTOM_CHALLENGE", "SELECT_CHALLENGE", "DEVICE_SRP_AUTH", "DEVICE_PASSWORD_VERIFIER", "ADMIN_NO_SRP_AUTH",
	"NEW_PASSWORD_REQUIRED", "SMS_OTP", "PASSWORD", "WEB_AUTHN", "PASSWORD_SRP",
}

// ask puts a challenge to u.
func (s *Server) ask(c *client, u *user, name string) *authOutput {
	parameters := s.challenges[name].ask(u)
	parameters["USER_ID_FOR_SRP"] = u.username
	return &authOutput{
		ChallengeName:       name,
		Session:             s.newSession(session{client: c, user: u, userID: u.username, challenge: name}),
		ChallengeParameters: parameters,
	}
}

type respondInput struct {
	UserPoolId         string // AdminRespondToAuthChallenge only
	ClientId           string
	ChallengeName      string
	Session            string
	ChallengeResponses params
}

func (s *Server) respondToAuthChallenge(in respondInput) (*authOutput, error) {
	var v checks
	v.challenge(in)
	if err := v.err(); err != nil {
		return nil, err
	}
	c, err := s.findClient(in.ClientId)
	if err != nil {
		return nil, err
	}
	return s.respond(c, in)
}

func (s *Server) adminRespondToAuthChallenge(in respondInput) (*authOutput, error) {
	var v checks
	v.poolID(in.UserPoolId)
	v.challenge(in)
	if err := v.err(); err != nil {
		return nil, err
	}
	c, err := s.findClientOf(in.UserPoolId, in.ClientId)
	if err != nil {
		return nil, err
	}
	return s.respond(c, in)
}

func (c *checks) challenge(in respondInput) {
	c.clientID(in.ClientId)
	c.required("challengeName", in.ChallengeName)
	c.oneOf("challengeName", in.ChallengeName, challengeNames)
	c.length("session", in.Session, 20, 4096)
}

func (s *Server) respond(c *client, in respondInput) (*authOutput, error) {
	p := in.ChallengeResponses
	text := in.Session
	if in.ChallengeName == "PASSWORD_VERIFIER" {
		text = p["PASSWORD_CLAIM_SECRET_BLOCK"]
		for _, key := range []string{"PASSWORD_CLAIM_SECRET_BLOCK", "PASSWORD_CLAIM_SIGNATURE", "TIMESTAMP"} {
			if p[key] == "" {
				return nil, missingParameter(key)
			}
		}
	}
	if p["USERNAME"] == "" {
		return nil, missingParameter("USERNAME")
	}
	if text == "" {
		return nil, missingParameter("Session")
	}
	ss, err := s.session(text)
	if err != nil {
		return nil, err
	}
	if ss.client != c || ss.user != nil && ss.user != c.pool.find(p["USERNAME"]) {
		return nil, errSessionInvalid
	}
	if err := c.checkSecretHash(p["SECRET_HASH"], ss.userID); err != nil {
		return nil, err
	}
	row := s.challenges[ss.challenge]
	if ss.challenge != in.ChallengeName {
		if row.code != "" {
			return nil, errCodeOrState
		}
		return nil, errSessionInvalid
	}
	if row.code != "" && p[row.code] == "" {
		for key := range p {
			if strings.HasSuffix(key, "_CODE") {
				return nil, errCodeOrState
			}
		}
		return nil, missingParameter(row.code)
	}
	out, err := row.answer(ss, p)
	if err != nil {
		return nil, err
	}
	ss.used = true
	return out, nil
}

// answerPasswordVerifier judges the proof. Whatever the verdict, the challenge cannot
// be answered again, so that one SRP_B allows one guess.
func (s *Server) answerPasswordVerifier(ss *session, p params) (*authOutput, error) {
	timestamp := p["TIMESTAMP"]
	at, err := time.Parse(timestampLayout, timestamp)
	if err != nil {
		return nil, errTimestamp
	}
	ss.used = true
	right := srp.Timestamp(at) == timestamp && s.o.Now().Sub(at).Abs() <= longestSkew &&
		ss.proof.Verify(ss.client.pool.shortName(), ss.userID, p["PASSWORD_CLAIM_SECRET_BLOCK"], timestamp, p["PASSWORD_CLAIM_SIGNATURE"])
	if ss.user == nil {
		return nil, errIncorrect
	}
	if err := s.judge(ss.user, right); err != nil {
		return nil, err
	}
	return s.proceed(ss.client, ss.user)
}

// timestampLayout admits a day with a leading zero and the like, which have the right
// format in Java's eyes too; then the proof is what fails.
const timestampLayout = "Mon Jan 2 15:04:05 UTC 2006"

// longestSkew is how far TIMESTAMP may be from the clock. That there is a limit is
// known (amazon-cognito-identity-js#58), which one is not.
const longestSkew = 5 * time.Minute

// jsonText is how a list or a map travels in ChallengeParameters, whose values are text.
func jsonText(v any) string { return string(encode(v)) }

func askMFASetup(u *user) map[string]string {
	factors := []string{}
	if u.pool.totp {
		factors = append(factors, softwareTokenMFA)
	}
	return map[string]string{"MFAS_CAN_SETUP": jsonText(factors)}
}

// answerMFASetup signs in whoever comes with the Session of VerifySoftwareToken. The
// Developer Guide lets SOFTWARE_TOKEN_MFA follow; in fact tokens do (getmoto/moto, its
// tests that are verified against AWS). What Cognito says when nothing was verified is
// not known.
func (s *Server) answerMFASetup(ss *session, _ params) (*authOutput, error) {
	switch {
	case ss.token == nil:
		return nil, errNotSetUp
	case !ss.token.verified:
		return nil, errNotVerified
	}
	return s.signIn(ss.client, ss.user)
}

func askSoftwareToken(u *user) map[string]string {
	if u.token.device == "" {
		return map[string]string{}
	}
	return map[string]string{"FRIENDLY_DEVICE_NAME": u.token.device}
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
		return s.signIn(ss.client, u)
	case spent:
		return nil, errCodeUsed
	default:
		u.attempts.fail(now)
		return nil, errCodeMismatch
	}
}
