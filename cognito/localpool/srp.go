package localpool

import (
	"encoding/base64"
	"time"

	"cognito-enroll/cognito/srp"
)

func (s *Server) startSRP(c *client, p params) (*authOutput, error) {
	l, err := s.newLogin(c, p)
	if err != nil {
		return nil, err
	}
	return s.askSRP(l, p)
}

// askSRP asks for PASSWORD_VERIFIER. The challenge has no Session: its state is found by
// SECRET_BLOCK, which is all that some clients send back.
func (s *Server) askSRP(l login, p params) (*authOutput, error) {
	if p["SRP_A"] == "" {
		return nil, missingParameter("SRP_A")
	}
	_, password := s.stranger(l.client.pool, l.typed)
	if l.user != nil {
		password = l.user.password
	}
	v, err := s.verifier(l.client.pool, l.userID, password)
	if err != nil {
		return nil, err
	}
	ss := session{login: l, challenge: "PASSWORD_VERIFIER"}
	ss.proof, err = srp.NewServer(s.o.Random, v, p["SRP_A"])
	if err != nil {
		return nil, invalidParameter("SRP_A is invalid.") // text is ours
	}
	block := base64.StdEncoding.EncodeToString(s.random(900))
	s.keepSession(block, ss)
	return &authOutput{ChallengeName: ss.challenge, ChallengeParameters: map[string]string{
		"SALT":            ss.proof.Salt(),
		"SRP_B":           ss.proof.B(),
		"SECRET_BLOCK":    block,
		"USER_ID_FOR_SRP": ss.userID,
		"USERNAME":        ss.userID,
	}}, nil
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
	return s.proceed(ss.login)
}

// timestampLayout admits a day with a leading zero and the like, which have the right
// format in Java's eyes too; then the proof is what fails.
const timestampLayout = "Mon Jan 2 15:04:05 UTC 2006"

// longestSkew is how far TIMESTAMP may be from the clock. That there is a limit is
// known (amazon-cognito-identity-js#58), which one is not.
const longestSkew = 5 * time.Minute
