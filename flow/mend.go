package flow

// These steps mend an account that could not sign in, and then sign it in.

// codeField takes what is sent by e-mail or text message; the length is the pool's business.
func codeField() Field { return Field{Key: "code", Label: "Code", Kind: Code, Min: 4, Max: 10} }

func newPasswordFields() []Field {
	return []Field{
		{Key: "new-password", Label: "New password", Kind: Hidden, Min: 6, Max: 256},
		{Key: "repeat", Label: "Repeat password", Kind: Hidden, Min: 6, Max: 256},
	}
}

func checkRepeat(values map[string]string) *Error {
	if values["new-password"] != values["repeat"] {
		return invalid("repeat", "the two passwords are not the same")
	}
	return nil
}

// offer is to have a code sent, with which the account is mended.
type offer struct {
	question
	call Call // Forgot or Resend
}

func (s offer) ask() Ask {
	a := Ask{
		ID: "unconfirmed", Step: stepSignIn, Title: "Your sign-up was not finished", CanBack: true,
		Body: "It has to be confirmed with a code. Go on to have a new one sent to you.",
	}
	if _, ok := s.call.(Forgot); ok {
		a.ID, a.Title = "reset-required", "Your password has to be set anew"
		a.Body = "It was reset. Go on to have a code sent to you, with which you choose a new one."
	}
	return s.fill(a)
}

func (s offer) next(e Event) (step, Call, error) {
	switch e.(type) {
	case Back:
		return signIn{question{run: s.run}}, nil, nil
	case Answer:
		s.problem = nil
		return working{from: s, run: s.run, call: s.call}, s.call, nil
	}
	return nil, nil, unexpected("a code is offered", e)
}

func (s offer) retry(f Failed) step {
	s.problem = f.Err
	return s
}

// resetting: the code for a new password is on its way.
type resetting struct {
	question
	sent Delivered
}

func (s resetting) ask() Ask {
	return s.fill(Ask{
		ID: "reset-password", Step: stepSignIn, Title: "Choose a new password", CanBack: true,
		Body:   "A code was sent" + s.sent.where() + ".",
		Fields: append([]Field{codeField()}, newPasswordFields()...),
	})
}

func (s resetting) next(e Event) (step, Call, error) {
	switch e := e.(type) {
	case Back:
		return offer{question{run: s.run}, Forgot{s.username}}, nil, nil
	case Answer:
		q, values := s.read(s.ask(), e)
		if q.problem == nil {
			q.problem = checkRepeat(values)
		}
		s.question = q
		if s.problem != nil {
			return s, nil, nil
		}
		after := s.run
		after.password, after.changed = NewSecret(values["new-password"]), true
		call := Reset{Username: s.username, Code: NewSecret(values["code"]), Password: after.password}
		return working{from: s, run: after, call: call}, call, nil
	}
	return nil, nil, unexpected("a new password is awaited", e)
}

func (s resetting) retry(f Failed) step {
	s.question = s.again(f.Err, s.ask().Fields)
	return s
}

// confirming: the code for the sign-up is on its way.
type confirming struct {
	question
	sent Delivered
}

func (s confirming) ask() Ask {
	return s.fill(Ask{
		ID: "confirm-sign-up", Step: stepSignIn, Title: "Confirm your sign-up", CanBack: true,
		Body:   "A code was sent" + s.sent.where() + ".",
		Fields: []Field{codeField()},
	})
}

func (s confirming) next(e Event) (step, Call, error) {
	switch e := e.(type) {
	case Back:
		return offer{question{run: s.run}, Resend{s.username}}, nil, nil
	case Answer:
		q, values := s.read(s.ask(), e)
		s.question = q
		if s.problem != nil {
			return s, nil, nil
		}
		call := Confirm{Username: s.username, Code: NewSecret(values["code"])}
		return working{from: s, run: s.run, call: call}, call, nil
	}
	return nil, nil, unexpected("a code is awaited", e)
}

func (s confirming) retry(f Failed) step {
	s.question = s.again(f.Err, s.ask().Fields)
	return s
}

// where says where a code went, in words.
func (d Delivered) where() string {
	s := ""
	switch d.Medium {
	case "SMS":
		s = " by text message"
	case "EMAIL":
		s = " by e-mail"
	}
	if d.Destination != "" {
		s += " to " + d.Destination
	}
	return s
}
