package localpool

// AssociateSoftwareToken and VerifySoftwareToken are authorized by the Session of
// MFA_SETUP, and hand it on from one to the next, or by an access token, and then there
// is none and SetUserMFAPreference follows.

type associateInput struct{ AccessToken, Session string }

type associateOutput struct {
	SecretCode string
	Session    string `json:",omitempty"`
}

func (s *Server) associateSoftwareToken(in associateInput) (*associateOutput, error) {
	if in.Session == "" {
		return s.associateByToken(in)
	}
	ss, err := s.setupSession(in.AccessToken, in.Session)
	if err != nil {
		return nil, err
	}
	if ss.token != nil {
		return nil, errSessionInvalid
	}
	if !ss.user.pool.offers(softwareTokenMFA) {
		return nil, errTOTPOff
	}
	token := s.newSoftwareToken()
	return &associateOutput{token.secret, s.nextSession(ss, token)}, nil
}

func (s *Server) associateByToken(in associateInput) (*associateOutput, error) {
	u, err := s.grantedUser(in.AccessToken)
	if err != nil {
		return nil, err
	}
	if !u.pool.offers(softwareTokenMFA) {
		return nil, errTOTPOff
	}
	u.pending = s.newSoftwareToken()
	if !u.pool.safeReassociate && !s.faults.safeReassociate() {
		u.token = nil // while UserMFASettingList keeps naming it (amplify-js#1226)
	}
	return &associateOutput{SecretCode: u.pending.secret}, nil
}

type verifyInput struct{ AccessToken, Session, UserCode, FriendlyDeviceName string }

type verifyOutput struct {
	Status  string
	Session string `json:",omitempty"`
}

func (s *Server) verifySoftwareToken(in verifyInput) (*verifyOutput, error) {
	var v checks
	v.member("userCode", in.UserCode, codePattern, 6, 6)
	v.length("friendlyDeviceName", in.FriendlyDeviceName, 0, 131072)
	if err := v.err(); err != nil {
		return nil, err
	}
	if in.Session == "" {
		return s.verifyByToken(in)
	}
	ss, err := s.setupSession(in.AccessToken, in.Session)
	if err != nil {
		return nil, err
	}
	if ss.token == nil || ss.token.verified {
		return nil, errSessionInvalid
	}
	if err := s.verify(ss.user, ss.token, in); err != nil {
		return nil, err
	}
	return &verifyOutput{"SUCCESS", s.nextSession(ss, ss.token)}, nil
}

func (s *Server) verifyByToken(in verifyInput) (*verifyOutput, error) {
	u, err := s.grantedUser(in.AccessToken)
	if err != nil {
		return nil, err
	}
	token := u.pending
	if token == nil {
		token = u.token
	}
	if token == nil {
		return nil, errNoToken // which error Cognito gives is not known
	}
	if err := s.verify(u, token, in); err != nil {
		return nil, err
	}
	u.pending = nil
	return &verifyOutput{Status: "SUCCESS"}, nil
}

// verify makes token the user's own if the code is its. A pool that is ON needs no
// more; in an OPTIONAL one it is asked for once SetUserMFAPreference has been called.
func (s *Server) verify(u *user, token *softwareToken, in verifyInput) error {
	if !u.pool.offers(softwareTokenMFA) {
		return errTOTPOff
	}
	if right, _ := token.take(in.UserCode, s.o.Now()); !right {
		return errVerify
	}
	token.verified, token.device = true, in.FriendlyDeviceName
	u.token = token
	if u.pool.mfa == mfaOn {
		u.switchOn(softwareTokenMFA, u.preferred == softwareTokenMFA || len(u.secondFactors()) == 1)
	}
	return nil
}

// grantedUser finds the user of an access token where a Session would have done too.
func (s *Server) grantedUser(accessToken string) (*user, error) {
	if accessToken == "" {
		return nil, errOneGrant
	}
	return s.signedInUser(accessToken)
}

// setupSession finds the session of an open MFA_SETUP.
func (s *Server) setupSession(accessToken, text string) (*session, error) {
	if accessToken != "" {
		return nil, errOneGrant
	}
	var v checks
	if v.length("session", text, 20, 4096); v.err() != nil {
		return nil, v.err()
	}
	ss, err := s.session(text)
	if err != nil {
		return nil, err
	}
	if ss.challenge != "MFA_SETUP" {
		return nil, errSessionInvalid
	}
	return ss, nil
}

// nextSession ends a step of MFA_SETUP and begins the next, with its own time.
func (s *Server) nextSession(ss *session, token *softwareToken) string {
	next := *ss
	next.token = token
	ss.use()
	return s.newSession(next)
}
