package localpool

import "slices"

// firstFactors is the enum of AllowedFirstAuthFactors. The user has a passkey wherever
// the pool allows them, but it cannot be asked for.
var firstFactors = []string{"PASSWORD", emailOTP, smsOTP, webAuthn}

const (
	smsOTP   = "SMS_OTP"
	webAuthn = "WEB_AUTHN"
)

// checkFirstFactors adds to v what is wrong with them.
func (p *pool) checkFirstFactors(v checks) error {
	for _, f := range p.firstFactors {
		v.oneOf("allowedFirstAuthFactors", f, firstFactors)
	}
	if err := v.err(); err != nil {
		return err
	}
	if !slices.Contains(p.firstFactors, "PASSWORD") {
		return errNoPassword
	}
	return nil
}

// passwordless reports whether users need no password ("API reference, SignUp", Password).
func (p *pool) passwordless() bool {
	return slices.ContainsFunc(p.firstFactors, func(f string) bool { return factorContact(f) != "" })
}

// otpFactors are the first factors of u whose code is sent, to a verified address.
func (u *user) otpFactors() []string {
	return slices.DeleteFunc(slices.Clone(u.pool.firstFactors), func(f string) bool {
		return factorContact(f) == "" || !u.verified(factorContact(f))
	})
}

// choices is AvailableChallenges. Whoever has to give a second factor, or has an account
// that wants attention, signs in by password alone ("Adding MFA to a user pool",
// Developer Guide). Of somebody who does not exist it tells what the pool allows.
func (l login) choices() []string {
	choices := []string{"PASSWORD_SRP", "PASSWORD"}
	u, p := l.user, l.client.pool
	if p.mfa == mfaOn || u != nil && (!u.enabled || u.status != statusConfirmed || len(u.secondFactors()) > 0) {
		return choices
	}
	for _, f := range p.firstFactors {
		if f == webAuthn || factorContact(f) != "" && (u == nil || slices.Contains(u.otpFactors(), f)) {
			choices = append(choices, f)
		}
	}
	return choices
}

// startChoice is USER_AUTH: PREFERRED_CHALLENGE if there is such a choice, else the list.
func (s *Server) startChoice(c *client, p params) (*authOutput, error) {
	l, err := s.newLogin(c, p)
	if err != nil {
		return nil, err
	}
	choices, preferred := l.choices(), p["PREFERRED_CHALLENGE"]
	switch {
	case !slices.Contains(choices, preferred):
		out := s.ask(l, "SELECT_CHALLENGE")
		out.AvailableChallenges = choices
		return out, nil
	case preferred == "PASSWORD" && p["PASSWORD"] == "", preferred == "PASSWORD_SRP" && p["SRP_A"] == "":
		return s.ask(l, preferred), nil
	default:
		return s.choose(l, preferred, p)
	}
}

// answerChoice goes on to the choice. While its question is open the answer lists all choices, as
// the models of 2026 let RespondToAuthChallenge do; when it really does is not known.
func (s *Server) answerChoice(ss *session, p params) (*authOutput, error) {
	switch answer := p["ANSWER"]; {
	case answer == "":
		return nil, missingParameter("ANSWER")
	case !slices.Contains(ss.choices(), answer):
		return nil, errNoChoice
	default:
		out, err := s.choose(ss.login, answer, p)
		if err == nil && out.ChallengeName == answer {
			out.AvailableChallenges = ss.choices()
		}
		return out, err
	}
}

func (s *Server) choose(l login, choice string, p params) (*authOutput, error) {
	switch choice {
	case "PASSWORD":
		return s.checkPassword(l, p)
	case "PASSWORD_SRP":
		return s.askSRP(l, p)
	case webAuthn:
		return nil, errWebAuthn
	default:
		return s.ask(l, choice), nil
	}
}

// askNothing is the question of a challenge without parameters.
func askNothing(*session) map[string]string { return map[string]string{} }

func (s *Server) answerPassword(ss *session, p params) (*authOutput, error) {
	return s.checkPassword(ss.login, p)
}

func (s *Server) answerSRP(ss *session, p params) (*authOutput, error) {
	return s.askSRP(ss.login, p)
}
