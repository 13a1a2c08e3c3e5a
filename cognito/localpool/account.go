package localpool

// What an administrator does to an account that exists. See also resetPassword and
// confirm, which are there for the user's own sake.

// onUser makes an operation that is named by a user, and answers {}.
func (s *Server) onUser(f func(*user) error) func(userInput) (*empty, error) {
	return func(in userInput) (*empty, error) {
		u, err := s.namedUser(in.UserPoolId, in.Username)
		if err != nil {
			return nil, err
		}
		if err := f(u); err != nil {
			return nil, err
		}
		u.modified = s.o.Now()
		return &empty{}, nil
	}
}

func (s *Server) enable(u *user) error {
	u.enabled = true
	return nil
}

func (s *Server) disable(u *user) error {
	u.enabled = false
	return s.signOut(u)
}

// deleteSoftwareToken forgets the authenticator and the preference for it ("API
// reference, AdminDeleteSoftwareToken").
func (s *Server) deleteSoftwareToken(u *user) error {
	if u.status == statusUnconfirmed {
		return errNotConfirmed
	}
	u.token, u.pending = nil, nil
	u.switchOff(softwareTokenMFA)
	return nil
}
