package flow

import "time"

// enrolled is what somebody is asked who has an authenticator. Nothing is changed unasked.
type enrolled struct{}

const (
	leave   = "leave"
	test    = "test"
	replace = "replace"
	turnOff = "turn-off"
)

func (enrolled) ask(r run) Ask {
	a := Ask{
		ID: "enrolled", Step: stepChoose, Title: "You already have an authenticator",
		Body: "Cognito keeps one for each account. What would you like to do?",
	}
	options := []Option{{Value: leave, Label: "Leave it as it is"}}
	if asksFactor(r.flow) {
		options = append(options, Option{Value: test, Label: "Test it with a new sign-in"})
	}
	options = append(options, Option{Value: replace, Label: "Replace it with another"})
	if r.facts.New == NotBegun { // in the middle of replacing it, one thing after the other
		options = append(options, Option{Value: turnOff, Label: "Turn it off"})
	}
	a.Fields = []Field{{Key: "choice", Label: "Choice", Kind: Choose, Options: options}}
	if r.facts.Asked == No && asksFactor(r.flow) {
		a.Title = "Cognito lists an authenticator"
		a.Body = notInUse + " What would you like to do?"
	}
	if r.device != "" {
		a.Title += ": " + quoted(r.device)
	}
	return a
}

func (enrolled) submit(q question, values map[string]string, _ time.Time) (stage, Call) {
	switch values["choice"] {
	case test:
		q.goal = ToTest
		return startTest(q.run)
	case replace:
		return q.to(consent{replace})
	case turnOff:
		return q.to(consent{turnOff})
	}
	q.goal = ToShow
	return q.done(), nil
}

// consent says what will happen, and asks.
type consent struct{ to string }

func (t consent) ask(run) Ask {
	yes, no := Option{Value: "yes", Label: "Replace it"}, Option{Value: "no", Label: "Keep the old one"}
	a := Ask{
		ID: "replace", Step: stepChoose, Title: "Replace your authenticator?",
		Body: "Cognito makes a new key, and its entry takes the place of the old one. The AWS documentation has said" +
			" both that the old one ends at once and that it ends when the new one is verified." +
			" So have the new app ready, and finish once you begin." +
			"\nDelete the old entry only when you are done.",
	}
	if t.to == turnOff {
		yes, no = Option{Value: "yes", Label: "Turn it off"}, Option{Value: "no", Label: "Keep it on"}
		a = Ask{
			ID: "turn-off", Step: stepChoose, Title: "Turn your authenticator off?",
			Body: "Sign-ins will no longer ask for its code. A pool that requires MFA keeps it on all the same.",
		}
	}
	a.Fields = []Field{{Key: "choice", Label: "Choice", Kind: Choose, Options: []Option{no, yes}}}
	return a
}

// back returns to the choice, with what was chosen before.
func (t consent) back(r run) stage {
	q := r.asks(enrolled{})
	q.given = map[string]Secret{"choice": NewSecret(t.to)}
	return q
}

func (t consent) submit(q question, values map[string]string, at time.Time) (stage, Call) {
	switch {
	case values["choice"] == "no":
		return t.back(q.run), nil
	case t.to == turnOff:
		q.goal = ToTurnOff
		return q.proceed(Disable{q.grant.AccessToken})
	}
	q.goal = ToReplace
	return q.prepared(at).to(getReady{})
}
