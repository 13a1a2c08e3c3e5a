package pooltest

import (
	"slices"
	"testing"

	"cognito-enroll/cognito"
	"cognito-enroll/flow"
)

// enrolled makes a user of p who has an authenticator in use, and whoever owns it.
func enrolled(t *testing.T, p *pool) (*cognito.Client, *Person) {
	t.Helper()
	person := &Person{Username: p.newUser(t), Password: password, Now: p.suite.Now}
	c := p.with(t, p.public)
	finishes(t, c, person)
	return c, person
}

// finishes wants the run to end well, with these questions at the end.
func finishes(t *testing.T, c *cognito.Client, p *Person, questions ...string) *flow.Summary {
	t.Helper()
	end, asked := p.Run(t, c)
	if end.Problem != nil {
		t.Fatalf("after %q the run stopped: %s (%s)", asked, end.Problem.Msg, end.Problem.Code)
	}
	// Where there is no SRP, the person is asked before the password itself is sent.
	asked = slices.DeleteFunc(asked, func(id string) bool { return id == "send-password" })
	if n := len(asked) - len(questions); n < 0 || !slices.Equal(asked[n:], questions) {
		t.Errorf("the questions were %q, want %q at the end", asked, questions)
	}
	return end.Summary
}

func leaves(t *testing.T, s *suite) {
	c, p := enrolled(t, s.optional)
	p.Chooses = map[string]string{"enrolled": "leave"}
	if got := finishes(t, c, p, "sign-in", "code", "enrolled"); !got.Enrolled || got.New || got.Device != "A phone" {
		t.Errorf("the summary is %+v", *got)
	}
}

// tests enrolls first, so that the sign-in of the test is the first that asks for a code: another would
// want one from further ahead than a pool takes.
func tests(t *testing.T, s *suite) {
	p := &Person{Username: s.optional.newUser(t), Password: password, Now: s.Now, Options: flow.Options{TestSignIn: true}}
	got := finishes(t, s.optional.with(t, s.optional.public), p, "sign-in", "get-ready", "scan", "prove")
	if !got.Tested || got.Device != "A phone" {
		t.Errorf("the summary is %+v", *got)
	}
}

// replaces ends with the proof that the new authenticator is the one in use.
func replaces(t *testing.T, s *suite) {
	c, p := enrolled(t, s.required)
	old := p.key
	p.Chooses = map[string]string{"enrolled": "replace", "replace": "yes"}
	got := finishes(t, c, p, "sign-in", "code", "enrolled", "replace", "get-ready", "scan", "prove")
	if !got.Tested || !got.New || p.key == old {
		t.Errorf("the summary is %+v", *got)
	}
}

func turnsOff(t *testing.T, s *suite) {
	c, p := enrolled(t, s.optional)
	p.Chooses = map[string]string{"enrolled": "turn-off", "turn-off": "yes"}
	if got := finishes(t, c, p, "code", "enrolled", "turn-off"); got.Enrolled || len(got.Factors) > 0 {
		t.Errorf("the summary is %+v", *got)
	}
	reply[flow.Tokens](t, c, signIn(p.Username))
}

// turnsOffInVain: a pool that requires MFA accepts the wish and changes nothing
// (amplify-flutter#5716).
func turnsOffInVain(t *testing.T, s *suite) {
	c, p := enrolled(t, s.required)
	p.Chooses = map[string]string{"enrolled": "turn-off", "turn-off": "yes"}
	end, asked := p.Run(t, c)
	if end.Summary == nil || !end.Summary.Enrolled || end.Problem == nil || end.Problem.Code != flow.CodeStillOn {
		t.Errorf("after %q the end is %+v", asked, end)
	}
	challenge(t, c, signIn(p.Username), "SOFTWARE_TOKEN_MFA")
}

func tokenStatus(t *testing.T, s *suite) {
	c, user, tokens := token(t, s.optional)
	p := &Person{Username: user, Now: s.Now, Options: flow.Options{AuthFlow: flow.Token, AccessToken: tokens.AccessToken,
		Show: true}}
	if got := finishes(t, c, p, "sign-in"); got.Enrolled {
		t.Errorf("the summary is %+v", *got)
	}
	enrolByToken(t, s, c, tokens)
	if got := finishes(t, c, p, "sign-in"); !got.Enrolled || got.Preferred != "SOFTWARE_TOKEN_MFA" {
		t.Errorf("the summary is %+v", *got)
	}
}
