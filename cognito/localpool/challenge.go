package localpool

import "strings"

// challenge is a row of the table of ChallengeName: what the question tells the client,
// and what becomes of an answer. Those whose answer is a code name its key.
type challenge struct {
	code   string
	silent bool                             // the question does not name the user
	proof  bool                             // of SRP: the session is found by SECRET_BLOCK
	ask    func(*session) map[string]string // nil: it has no Session and is not asked by ask
	answer func(*session, params) (*authOutput, error)
}

func (s *Server) challengeTable() map[string]challenge {
	return map[string]challenge{
		"PASSWORD_VERIFIER":        {proof: true, answer: s.answerPasswordVerifier},
		"DEVICE_SRP_AUTH":          {ask: (*session).parameters, answer: s.answerDeviceSRP},
		"DEVICE_PASSWORD_VERIFIER": {proof: true, answer: s.answerDeviceVerifier},
		newPasswordRequired:        {ask: askNewPassword, answer: s.answerNewPassword},
		"MFA_SETUP":                {ask: askMFASetup, answer: s.answerMFASetup},
		"SELECT_CHALLENGE":         {silent: true, ask: askNothing, answer: s.answerChoice},
		"PASSWORD":                 {silent: true, ask: askNothing, answer: s.answerPassword},
		"PASSWORD_SRP":             {silent: true, ask: askNothing, answer: s.answerSRP},
		"CUSTOM_CHALLENGE":         {ask: askCustom, answer: s.answerCustom},
		"SELECT_MFA_TYPE":          {ask: askMFAType, answer: s.answerMFAType},
		softwareTokenMFA:           {code: "SOFTWARE_TOKEN_MFA_CODE", ask: askSoftwareToken, answer: s.answerSoftwareToken},
		smsMFA:                     {code: "SMS_MFA_CODE", ask: s.askCode(smsMFA, 6), answer: s.answerCode},
		emailOTP:                   {code: "EMAIL_OTP_CODE", ask: s.askCode(emailOTP, 8), answer: s.answerCode},
		smsOTP:                     {code: "SMS_OTP_CODE", ask: s.askCode(smsOTP, 8), answer: s.answerCode},
	}
}

// challengeNames is the enum ChallengeNameType.
var challengeNames = []string{
	"SMS_MFA", "EMAIL_OTP", "SOFTWARE_TOKEN_MFA", "SELECT_MFA_TYPE", "MFA_SETUP", "PASSWORD_VERIFIER",
	"CUSTOM_CHALLENGE", "SELECT_CHALLENGE", "DEVICE_SRP_AUTH", "DEVICE_PASSWORD_VERIFIER", "ADMIN_NO_SRP_AUTH",
	"NEW_PASSWORD_REQUIRED", "SMS_OTP", "PASSWORD", "WEB_AUTHN", "PASSWORD_SRP",
}

// ask goes on with a challenge.
func (s *Server) ask(l login, name string) *authOutput {
	ss := session{login: l, challenge: name}
	parameters := s.challenges[name].ask(&ss)
	return &authOutput{ChallengeName: name, Session: s.newSession(ss), ChallengeParameters: parameters}
}

// parameters begins the ChallengeParameters of a challenge that names the user.
func (l login) parameters() map[string]string {
	return map[string]string{"USER_ID_FOR_SRP": l.userID}
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
	if s.challenges[in.ChallengeName].proof {
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
	row, name := s.challenges[ss.challenge], ss.userID
	if row.silent {
		name = p["USERNAME"]
	}
	if err := c.checkSecretHash(p["SECRET_HASH"], name); err != nil {
		return nil, err
	}
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
	ss.use()
	return out, nil
}

// jsonText is how a list or a map travels in ChallengeParameters, whose values are text.
func jsonText(v any) string { return string(encode(v)) }
