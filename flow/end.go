package flow

import (
	"slices"
	"strings"
)

// done is the end of a run that has looked at the account.
type done struct{ run }

func (r run) done() done { return done{r.forget()} }

// forget lets go of the secrets that a last screen has no use for. It may stand there for days.
func (r run) forget() run {
	r.password, r.key, r.uncertain = Secret{}, Secret{}, Secret{}
	return r
}

func (s done) ask() Ask {
	title, body, problem := s.facts.ending(s.goal, s.entry(), s.device, asksFactor(s.flow))
	enrolled := s.facts.Enrolled() == Yes
	a := Ask{
		ID: "done", Phase: Finished, Title: title, Body: body, Problem: problem, Note: s.note, Account: s.username,
		Standing: s.standing(), Facts: s.facts, Steps: s.goal.steps(s.facts),
		Summary: &Summary{
			User: s.user(), Pool: s.profile.Pool, Factors: s.profile.Factors, Preferred: s.profile.Preferred,
			Partial: s.partial(), Enrolled: enrolled, New: enrolled && s.facts.New == On, Tested: s.facts.Tested,
		},
		CanTestSignIn: s.facts.New >= Taken && !s.facts.Tested && (asksFactor(s.flow) || s.canTryAgain()),
	}
	if enrolled {
		a.Summary.Device = s.device
	}
	a.Step = len(a.Steps) - 1
	return a
}

// partial reports whether an authenticator is known from a challenge and the list was not read.
func (s done) partial() bool {
	return s.facts.Enrolled() == Yes && !slices.Contains(s.profile.Factors, softwareToken)
}

// user is the name that was typed, with Cognito's own where the two differ.
func (s done) user() string {
	switch name := s.profile.Username; {
	case s.username == "" || strings.EqualFold(s.username, name):
		return name
	case name == "":
		return s.username
	default:
		return s.username + " (" + name + ")"
	}
}

// canTryAgain reports whether the preference can be set once more.
func (s done) canTryAgain() bool { return s.facts.New != On && !s.grant.AccessToken.Empty() }

func (s done) next(e Event) (stage, Call, error) {
	if _, ok := e.(TestSignIn); !ok || !s.ask().CanTestSignIn {
		return s, nil, nil
	}
	if s.canTryAgain() {
		s.goal, s.onward = ToEnroll, toFactors
		to, call := s.proceed(Prefer{s.grant.AccessToken})
		return to, call, nil
	}
	s.goal = ToTest
	to, call := startTest(s.run)
	return to, call, nil
}

// stopped is the end of a run with a problem that only a change elsewhere can solve.
type stopped struct {
	run
	problem *Error
}

func (r run) stopped(problem *Error) stopped { return stopped{r.forget(), problem} }

func (s stopped) ask() Ask {
	a := Ask{
		ID: "stopped", Phase: Finished, Title: "Stopped", Body: s.standing(), Account: s.username, Note: s.note,
		Problem: s.problem, Standing: s.standing(), Facts: s.facts, Steps: s.goal.steps(s.facts),
	}
	switch {
	case s.facts.New >= Taken, s.goal == ToTest:
		a.Step = len(a.Steps) - 1
	case s.facts.New >= Shown:
		a.Step = min(stepScan, len(a.Steps)-1)
	}
	return a
}

func (s stopped) next(Event) (stage, Call, error) { return s, nil, nil }

// startTest signs in afresh, to see what the next sign-in will be like.
func startTest(r run) (stage, Call) {
	r = r.signedOut()
	r.note, r.internal = "", r.username
	if !r.canSignInUnasked() { // the password was let go, or typed in another run
		return r.to(signIn{})
	}
	return sendSignIn(r.asks(signIn{}))
}
