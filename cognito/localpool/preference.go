package localpool

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

// prefer applies the blocks that are there, or none. A block for a method that the user
// lacks fails the call even when it switches it off (amplify-js#944, #5766), as does one
// for a method that this pool does not have.
func (u *user) prefer(p preferences) (*empty, error) {
	blocks := map[string]*mfaSettings{
		smsMFA: p.SMSMfaSettings, emailOTP: p.EmailMfaSettings, softwareTokenMFA: p.SoftwareTokenMfaSettings,
	}
	preferred := 0
	for _, b := range blocks {
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
	case p.SMSMfaSettings != nil && !u.pool.offers(smsMFA), p.EmailMfaSettings != nil && !u.pool.offers(emailOTP):
		return nil, errFactorOff
	case u.pool.ignoresPreference:
		return &empty{}, nil
	}
	for _, factor := range mfaFactors {
		switch b := blocks[factor]; {
		case b == nil:
		case b.Enabled:
			u.switchOn(factor, b.PreferredMfa)
		case u.pool.mfa != mfaOn: // where MFA is required it stays on, in silence
			u.switchOff(factor)
		}
	}
	return &empty{}, nil
}
