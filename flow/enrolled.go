package flow

// enrolled is where somebody arrives who has an authenticator. Nothing is changed unasked.
type enrolled struct {
	question
	profile Profile
}

const (
	leave   = "leave"
	test    = "test"
	replace = "replace"
	turnOff = "turn-off"
)

func (s enrolled) ask() Ask {
	a := Ask{
		ID: "enrolled", Step: stepReady, Title: "You have an authenticator already",
		Body: "Cognito keeps one for each account. What would you like to do?",
		Fields: []Field{{Key: "choice", Label: "Choice", Kind: Choose, Options: []Option{
			{leave, "Leave it as it is"},
			{test, "Test it with a new sign-in"},
			{replace, "Replace it with another"},
			{turnOff, "Turn it off"},
		}}},
	}
	if !s.asked && s.provable() {
		a.Title = "Cognito lists an authenticator"
		a.Body = "This sign-in did not ask for its code, though, so it may not be in use (amplify-js#1226). What would you like to do?"
	}
	if s.device != "" {
		a.Title += ": «" + s.device + "»"
	}
	if !s.provable() {
		options := a.Fields[0].Options
		a.Fields[0].Options = append(options[:1:1], options[2:]...)
	}
	return s.fill(a)
}

func (s enrolled) next(e Event) (step, Call, error) {
	a, ok := e.(Answer)
	if !ok {
		return nil, nil, unexpected("choosing", e)
	}
	q, values := s.read(s.ask(), a)
	s.question = q
	if s.problem != nil {
		return s, nil, nil
	}
	switch values["choice"] {
	case test:
		return prove(s.run)
	case replace:
		return consent{question{run: s.run}, s, replace}, nil, nil
	case turnOff:
		return consent{question{run: s.run}, s, turnOff}, nil, nil
	}
	return done{run: s.run, profile: s.profile}, nil, nil
}

// consent says what will happen, and asks.
type consent struct {
	question
	from enrolled
	to   string
}

func (s consent) ask() Ask {
	yes, no := Option{"yes", "Replace it"}, Option{"no", "Keep the old one"}
	a := Ask{
		ID: "replace", Step: stepReady, Title: "Replace your authenticator?",
		Body: "Cognito makes a new key, and its entry takes the place of the old one. The AWS documentation has said" +
			" both that the old one ends at once and that it ends when the new one is verified: so have the new app at hand and finish." +
			"\nAn app may overwrite an entry of the same name. Delete the old entry only when you are done.",
	}
	if s.to == turnOff {
		yes, no = Option{"yes", "Turn it off"}, Option{"no", "Keep it on"}
		a = Ask{
			ID: "turn-off", Step: stepReady, Title: "Turn your authenticator off?",
			Body: "Sign-ins will no longer ask for its code. A pool that requires MFA keeps it on all the same.",
		}
	}
	a.CanBack = true
	a.Fields = []Field{{Key: "choice", Label: "Choice", Kind: Choose, Options: []Option{no, yes}}}
	return s.fill(a)
}

func (s consent) next(e Event) (step, Call, error) {
	switch e := e.(type) {
	case Back:
		return s.from, nil, nil
	case Answer:
		q, values := s.read(s.ask(), e)
		s.question = q
		switch {
		case s.problem != nil:
			return s, nil, nil
		case values["choice"] == "no":
			return s.from, nil, nil
		case s.to == turnOff:
			r := s.run
			r.disabling = true
			return proceed(r, Disable{r.grant.AccessToken})
		}
		r := s.run
		r.replacing = true
		return ready{question{run: r.named(e.At)}}, nil, nil
	}
	return nil, nil, unexpected("consenting", e)
}

// provable reports whether the sign-in in use asks for the second factor: CUSTOM_AUTH does so after
// a proof with SRP alone (amplify-js#12887).
func (r run) provable() bool { return r.flow != Token && r.flow != Custom }

// prove signs in afresh, to see what the next sign-in will be like.
func prove(r run) (step, Call, error) {
	r = r.forgetting()
	r.proving, r.note, r.internal = true, "", r.username
	if r.passwordFirst() && r.password.Empty() { // it was typed in another run
		return signIn{question{run: r}}, nil, nil
	}
	call := SignIn{Flow: r.flow, Username: r.username, Password: r.password}
	switch {
	case r.flow == Auto:
		call.Flow = SRP
	case r.flow == Choice && r.password.Empty():
		call.Preferred = r.opts.Preferred
	}
	return proceed(r, call)
}
