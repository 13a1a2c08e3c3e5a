package localpool

// AssociateSoftwareToken, VerifySoftwareToken and SetUserMFAPreference, in the order in
// which they are called. The first two are authorised by the Session of MFA_SETUP, and
// hand it on from one to the next, or by an access token, and then there is none.

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
	if !ss.user.pool.totp {
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
	if !u.pool.totp {
		return nil, errTOTPOff
	}
	u.pending = s.newSoftwareToken()
	if !s.o.SafeReassociate {
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
	v.required("userCode", in.UserCode)
	v.pattern("userCode", in.UserCode, codePattern)
	v.length("userCode", in.UserCode, 6, 6)
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
	if !u.pool.totp {
		return errTOTPOff
	}
	if right, _ := token.take(in.UserCode, s.o.Now()); !right {
		return errVerify
	}
	token.verified, token.device = true, in.FriendlyDeviceName
	u.token = token
	if u.pool.mfa == mfaOn {
		u.switchOn(softwareTokenMFA, true)
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
	ss.used = true
	next := *ss
	next.used, next.token = false, token
	return s.newSession(next)
}

// mfaSettings is SoftwareTokenMfaSettingsType and its like. Absent members are false:
// {} switches off, which is how an SDK says it that drops false.
type mfaSettings struct{ Enabled, PreferredMfa bool }

type preferences struct {
	SMSMfaSettings           *mfaSettings
	SoftwareTokenMfaSettings *mfaSettings
	EmailMfaSettings         *mfaSettings
}

type preferenceInput struct {
	AccessToken string
	preferences
}

func (s *Server) setUserMFAPreference(in preferenceInput) (*empty, error) {
	u, err := s.signedInUser(in.AccessToken)
	if err != nil {
		return nil, err
	}
	if in.SoftwareTokenMfaSettings != nil && u.token == nil {
		if u.pending != nil && len(u.factors) == 0 {
			return nil, errNotVerified
		}
		return nil, errNotSetUp
	}
	return u.prefer(in.preferences)
}

type adminPreferenceInput struct {
	UserPoolId, Username string
	preferences
}

// adminSetUserMFAPreference never makes or removes an authenticator, so it switches on
// only one that the user has verified.
func (s *Server) adminSetUserMFAPreference(in adminPreferenceInput) (*empty, error) {
	u, err := s.namedUser(in.UserPoolId, in.Username)
	if err != nil {
		return nil, err
	}
	if b := in.SoftwareTokenMfaSettings; b != nil && b.Enabled && u.token == nil {
		return nil, errNoDelivery
	}
	return u.prefer(in.preferences)
}

// prefer applies the blocks that are there. A block for a method that the user lacks
// fails the call even when it switches it off (amplify-js#944, #5766), as does one for
// a method that this pool does not have.
func (u *user) prefer(p preferences) (*empty, error) {
	preferred := 0
	for _, b := range []*mfaSettings{p.SMSMfaSettings, p.SoftwareTokenMfaSettings, p.EmailMfaSettings} {
		if b != nil && b.Enabled && b.PreferredMfa {
			preferred++
		}
	}
	switch {
	case preferred > 1:
		return nil, errTwoPreferred
	case p.SMSMfaSettings != nil && u.attribute("phone_number") == "":
		return nil, errNoPhone
	case p.EmailMfaSettings != nil && u.attribute("email") == "":
		return nil, errNoEmail
	case p.SMSMfaSettings != nil || p.EmailMfaSettings != nil:
		return nil, errFactorOff
	}
	switch b := p.SoftwareTokenMfaSettings; {
	case b == nil:
	case b.Enabled:
		u.switchOn(softwareTokenMFA, b.PreferredMfa)
	case u.pool.mfa != mfaOn: // where MFA is required it stays on, in silence
		u.switchOff(softwareTokenMFA)
	}
	return &empty{}, nil
}
