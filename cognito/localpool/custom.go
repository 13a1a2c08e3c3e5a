package localpool

import (
	"crypto/subtle"
	"maps"
)

// customTries is how many answers a typical DefineAuthChallenge trigger allows ("Custom
// authentication challenge Lambda triggers", Developer Guide).
const customTries = 3

// startCustom is CUSTOM_AUTH. What a pool's Lambda triggers do is a [QuestionSeed] here.
// It begins with the question, or with SRP if CHALLENGE_NAME says so; only then does the
// second factor come, before the question (amplify-js#3876, #12887).
func (s *Server) startCustom(c *client, p params) (*authOutput, error) {
	if c.pool.question == nil {
		return nil, errNoTrigger
	}
	l, err := s.newLogin(c, p)
	if err != nil {
		return nil, err
	}
	l.custom = true
	if p["CHALLENGE_NAME"] == "SRP_A" {
		return s.askSRP(l, p)
	}
	if l.user != nil {
		if err := l.user.barred(); err != nil {
			return nil, err
		}
	}
	return s.ask(l, "CUSTOM_CHALLENGE"), nil
}

// admit ends a sign-in whose factors were good.
func (s *Server) admit(l login) (*authOutput, error) {
	if l.custom {
		return s.ask(l, "CUSTOM_CHALLENGE"), nil
	}
	return s.signIn(l)
}

func askCustom(ss *session) map[string]string {
	p := map[string]string{"USERNAME": ss.userID}
	maps.Copy(p, ss.client.pool.question.Parameters)
	return p
}

// answerCustom asks again after a wrong answer, in a new Session. The lock-out of wrong
// passwords does not count these.
func (s *Server) answerCustom(ss *session, p params) (*authOutput, error) {
	answer := p["ANSWER"]
	if answer == "" {
		return nil, missingParameter("ANSWER")
	}
	right := subtle.ConstantTimeCompare([]byte(answer), []byte(ss.client.pool.question.Answer)) == 1
	if right && ss.user != nil {
		return s.signIn(ss.login)
	}
	next := ss.login
	next.wrong++
	if next.wrong == customTries {
		ss.use()
		return nil, errIncorrect
	}
	return s.ask(next, "CUSTOM_CHALLENGE"), nil
}
