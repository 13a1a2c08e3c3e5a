package localpool

import (
	"bytes"
	"encoding/base64"
	"time"

	"cognito-enroll/cognito/srp"
)

// exponentSize is what srp.NewServer draws, in bytes.
const exponentSize = 32

func (s *Server) startSRP(c *client, p params) (*authOutput, error) {
	l, err := s.newLogin(c, p)
	if err != nil {
		return nil, err
	}
	return s.askSRP(l, p)
}

func (s *Server) askSRP(l login, p params) (*authOutput, error) {
	_, password := s.stranger(l.client.pool, l.typed)
	if l.user != nil && l.user.password != "" {
		password = l.user.password
	}
	out, err := s.askProof(l, "PASSWORD_VERIFIER", p["SRP_A"], func() (srp.Verifier, error) {
		return s.verifier(l.client.pool, l.userID, password)
	})
	if err != nil {
		return nil, err
	}
	out.ChallengeParameters["USER_ID_FOR_SRP"], out.ChallengeParameters["USERNAME"] = l.userID, l.userID
	return out, nil
}

// askProof asks for a proof, whose verifier is made while others go on. The challenge has no
// Session: its state is found by SECRET_BLOCK, which is all that some clients send back.
func (s *Server) askProof(l login, challenge, clientA string, verifier func() (srp.Verifier, error)) (*authOutput,
	error) {
	if clientA == "" {
		return nil, missingParameter("SRP_A")
	}
	random := bytes.NewReader(s.random(exponentSize))
	var proof *srp.Server
	var err error
	s.outside(func() {
		var v srp.Verifier
		if v, err = verifier(); err == nil {
			proof, err = srp.NewServer(random, v, clientA)
		}
	})
	if err != nil {
		return nil, invalidParameter("SRP_A is invalid.") // text is ours
	}
	block := base64.StdEncoding.EncodeToString(s.random(900))
	s.keepSession(block, session{login: l, challenge: challenge, proof: proof})
	return &authOutput{ChallengeName: challenge, ChallengeParameters: map[string]string{
		"SALT": proof.Salt(), "SRP_B": proof.B(), "SECRET_BLOCK": block,
	}}, nil
}

func (s *Server) answerPasswordVerifier(ss *session, p params) (*authOutput, error) {
	ss.deviceKey = p["DEVICE_KEY"]
	if err := ss.checkDevice(); err != nil {
		return nil, err
	}
	right, err := s.checkProof(ss, p, ss.client.pool.shortName(), ss.userID)
	if err != nil {
		return nil, err
	}
	if ss.user == nil {
		return nil, errIncorrect
	}
	if err := s.countAttempt(ss.user, right); err != nil {
		return nil, err
	}
	return s.proceed(ss.login)
}

// checkProof reports whether a proof is right. Right or wrong, the challenge cannot
// be answered again, so that one SRP_B allows one guess.
func (s *Server) checkProof(ss *session, p params, pool, userID string) (right bool, err error) {
	timestamp := p["TIMESTAMP"]
	at, err := time.Parse(timestampLayout, timestamp)
	if err != nil {
		return false, errTimestamp
	}
	ss.used = true
	proof := ss.proof
	s.outside(func() {
		right = srp.Timestamp(at) == timestamp && s.o.Now().Sub(at).Abs() <= longestSkew &&
			proof.Verify(pool, userID, p["PASSWORD_CLAIM_SECRET_BLOCK"], timestamp, p["PASSWORD_CLAIM_SIGNATURE"])
	})
	return right, nil
}

// timestampLayout admits a day with a leading zero and the like, which have the right
// format in Java's eyes too; then the proof is what fails.
const timestampLayout = "Mon Jan 2 15:04:05 UTC 2006"

// longestSkew is how far TIMESTAMP may be from the clock. That there is a limit is
// known (amazon-cognito-identity-js#58), which one is not.
const longestSkew = 5 * time.Minute
