package flow

import "time"

// These topics recover an account that could not sign in, and then sign it in.

// codeField takes what is sent by email or text message; the length is the pool's business.
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

// sendCode offers to have a code sent, with which the account is recovered.
type sendCode struct{ call Call } // Forgot or Resend

func (t sendCode) ask(run) Ask {
	if _, ok := t.call.(Forgot); ok {
		return Ask{ID: "reset-required", Step: stepSignIn, Title: "You need a new password",
			Body: "Your password was reset. Go on, and a code is sent to you with which you choose a new one."}
	}
	return Ask{ID: "unconfirmed", Step: stepSignIn, Title: "Your sign-up was not finished",
		Body: "It has to be confirmed with a code. Go on, and a new one is sent to you."}
}

func (sendCode) back(r run) stage { return r.asks(signIn{}) }

func (t sendCode) submit(q question, _ map[string]string, _ time.Time) (stage, Call) {
	return q.call(t.call)
}

// resetPassword: the code for a new password is on its way.
type resetPassword struct {
	sent  Delivered
	asked Secret // the new password that was questioned
}

func (t resetPassword) ask(run) Ask {
	return Ask{
		ID: "reset-password", Step: stepSignIn, Title: "Choose a new password",
		Body:   t.sent.sentence(),
		Fields: append([]Field{codeField()}, newPasswordFields()...),
	}
}

func (resetPassword) back(r run) stage { return r.asks(sendCode{Forgot{r.username}}) }

func (t resetPassword) submit(q question, values map[string]string, _ time.Time) (stage, Call) {
	if err := checkRepeat(values); err != nil {
		return q.refuse(err)
	}
	if err := oddNew(values, t.asked); err != nil {
		t.asked = NewSecret(values["new-password"])
		q.topic = t
		return q.refuse(err)
	}
	return q.call(Reset{Username: q.username, Code: NewSecret(values["code"]),
		Password: NewSecret(values["new-password"])})
}

// confirmSignUp: the code for the sign-up is on its way.
type confirmSignUp struct{ sent Delivered }

func (t confirmSignUp) ask(run) Ask {
	return Ask{
		ID: "confirm-sign-up", Step: stepSignIn, Title: "Confirm your sign-up",
		Body:   t.sent.sentence(),
		Fields: []Field{codeField()},
	}
}

func (confirmSignUp) back(r run) stage { return r.asks(sendCode{Resend{r.username}}) }

func (confirmSignUp) submit(q question, values map[string]string, _ time.Time) (stage, Call) {
	return q.call(Confirm{Username: q.username, Code: NewSecret(values["code"])})
}

// sentence says where a code was sent.
func (d Delivered) sentence() string {
	text := map[string]string{
		"SMS": "A code was sent by text message to {to}.", "EMAIL": "A code was sent by email to {to}.",
		"": "A code was sent to {to}.",
	}
	if d.Destination == "" {
		text = map[string]string{"SMS": "A code was sent by text message.", "EMAIL": "A code was sent by email."}
	}
	switch said, ok := text[d.Medium]; {
	case ok:
		return Fill(said, "to", d.Destination)
	case d.Destination != "":
		return Fill(text[""], "to", d.Destination)
	}
	return "A code was sent."
}
