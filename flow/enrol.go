package flow

import (
	"fmt"
	"time"
)

// setUp is MFA_SETUP in a pool that offers more than authenticator apps.
type setUp struct{ question }

const (
	byApp   = "app"
	byEmail = "email"
)

func (s setUp) ask() Ask {
	return s.fill(Ask{
		ID: "set-up", Step: stepSignIn, Title: "Choose your second factor", CanBack: true,
		Body: "This pool requires one. An authenticator app works without a network and needs no mailbox.",
		Fields: []Field{{Key: "factor", Label: "Factor", Kind: Choose, Options: []Option{
			{byApp, "Authenticator app"},
			{byEmail, "Codes by e-mail"},
		}}},
	})
}

func (s setUp) next(e Event) (step, Call, error) {
	switch e := e.(type) {
	case Back:
		return signIn{question{run: s.forgetting()}}, nil, nil
	case Answer:
		q, values := s.read(s.ask(), e)
		s.question = q
		switch {
		case s.problem != nil:
			return s, nil, nil
		case values["factor"] == byEmail:
			return address{question{run: s.run}}, nil, nil
		}
		return ready{question{run: s.named(e.At)}}, nil, nil
	}
	return nil, nil, unexpected("a factor is chosen", e)
}

// address asks where e-mailed codes are to go; Cognito answers with one.
type address struct{ question }

func (s address) ask() Ask {
	return s.fill(Ask{
		ID: "e-mail", Step: stepSignIn, Title: "Codes by e-mail", CanBack: true,
		Body:   "Cognito sends a code to this address to see that it is yours.",
		Fields: []Field{{Key: "email", Label: "E-mail address", Kind: Text, Min: 3, Max: 254}},
	})
}

func (s address) next(e Event) (step, Call, error) {
	switch e := e.(type) {
	case Back:
		return setUp{question{run: s.run}}, nil, nil
	case Answer:
		q, values := s.read(s.ask(), e)
		s.question = q
		if s.problem != nil {
			return s, nil, nil
		}
		after := s.run
		after.byEmail = true
		call := Respond{Flow: s.flow, Challenge: mfaSetup, Session: s.grant.Session, Username: s.internal,
			Responses: map[string]Secret{"EMAIL": NewSecret(values["email"])}}
		return working{from: s, run: after, call: call}, call, nil
	}
	return nil, nil, unexpected("an address is awaited", e)
}

func (s address) retry(f Failed) step {
	s.question = s.again(f.Err, s.ask().Fields)
	return s
}

// ready is the gate before Cognito is asked for a key, because a Session's time runs from there.
type ready struct{ question }

func (s ready) ask() Ask {
	return s.fill(Ask{
		ID:    "get-ready",
		Step:  stepReady,
		Title: "Get your authenticator app ready",
		Body: "Open the app on your phone and choose to add an account: the next screen shows the QR code to scan." +
			"\nThe name below is for Cognito: it tells you at your next sign-in which device to take.",
		Fields: []Field{{Key: "device", Label: "Device name", Kind: Text, Value: NewSecret(s.device), Min: 1, Max: 64}},
	})
}

func (s ready) next(e Event) (step, Call, error) {
	a, ok := e.(Answer)
	if !ok {
		return nil, nil, unexpected("getting ready", e)
	}
	q, values := s.read(s.ask(), a)
	s.question = q
	if s.problem != nil {
		return s, nil, nil
	}
	s.device = values["device"]
	if !s.key.Empty() {
		// A second Associate would make the QR code that was scanned worthless.
		return scan{question: question{run: s.run}}, nil, nil
	}
	call := Associate{Grant: s.grant}
	return working{from: s, run: s.run, call: call}, call, nil
}

func (s ready) retry(f Failed) step {
	s.question = s.again(f.Err, s.ask().Fields)
	if f.Err.Code == CodeNoAnswer {
		s.run = s.doubting(Associate{})
	}
	return s
}

// named gives the device a name that will mean something at the next sign-in.
func (r run) named(at time.Time) run {
	if r.device == "" || r.replacing {
		r.device = r.opts.Device
	}
	if r.device == "" {
		r.device = "Phone, " + at.Format("January 2006")
	}
	return r
}

// scan shows the QR code and awaits the app's code.
type scan struct {
	question
	wrong  int    // codes that Cognito refused
	looked Secret // the code that was judged last: given again, it is sent as it is
}

func (s scan) ask() Ask {
	return s.fill(Ask{
		ID:     "scan",
		Step:   stepScan,
		Title:  "Scan, then type the code",
		Body:   "Scan the QR code with your app, or type the key into it. Then type the six digits that the app shows.",
		Fields: []Field{{Key: "code", Label: "Code", Kind: Code, Min: 6, Max: 6}},
		Enrol: &Enrol{
			Issuer:   Label(s.opts.Issuer),
			Account:  Label(s.username),
			Key:      s.key,
			URI:      KeyURI(s.opts.Issuer, s.username, s.key),
			Shorter:  shorter(s.opts.Issuer, s.username, s.key),
			Deadline: s.deadline,
		},
		CanBack: true,
	})
}

func (s scan) next(e Event) (step, Call, error) {
	switch e := e.(type) {
	case Back:
		return ready{question{run: s.run}}, nil, nil
	case Answer:
		q, values := s.read(s.ask(), e)
		s.question = q
		if s.problem != nil {
			return s, nil, nil
		}
		code := NewSecret(values["code"])
		if code != s.looked {
			s.looked = code
			if s.problem = s.judge(code, e.At); s.problem != nil {
				return s, nil, nil
			}
		}
		call := Verify{Grant: s.grant, Code: code, Device: s.device}
		return working{from: s, run: s.run, call: call}, call, nil
	}
	return nil, nil, unexpected("a code is awaited", e)
}

// judge looks at a code before an attempt is spent on it. Time is Cognito's, not this computer's.
func (s scan) judge(code Secret, at time.Time) *Error {
	wrong := func(msg, hint string) *Error {
		return &Error{Code: CodeUnlikely, Fault: Retry, Field: "code", Msg: msg, Hint: hint + "; or send this one as it is"}
	}
	switch verdict, off := diagnose(s.key.Reveal(), code.Reveal(), at.Add(-s.skew)); verdict {
	case early:
		return wrong("the phone's clock is "+inWords(off)+" slow", "turn on automatic date and time on it, and type the code that it shows then")
	case late:
		return wrong("the phone's clock is "+inWords(off)+" fast", "turn on automatic date and time on it, and type the code that it shows then")
	case foreign:
		return wrong("this code does not come from the entry that you just added", fmt.Sprintf("look for %s in the app, the newer one if there are two", s.entry()))
	}
	return nil
}

// retry keeps the key and the QR code, whatever the code was. How many wrong codes Cognito takes is
// not published (API reference, VerifySoftwareToken, names only "excessive retries").
func (s scan) retry(f Failed) step {
	s.question = s.again(f.Err, s.ask().Fields)
	p := *f.Err
	switch p.Code {
	case CodeMismatch:
		s.wrong++
		p.Hint = fmt.Sprintf("wait for the next code of the entry «%s» that you just added, and type that", Label(s.opts.Issuer))
		if s.wrong >= 3 {
			p.Hint = "turn on automatic date and time on the phone; if the app has two entries of this name, take the newer one"
		}
	case CodeNoAnswer:
		s.run = s.doubting(Verify{})
		p.Hint = "the code may have been accepted, so keep the entry; type the next code to find out"
	}
	s.problem = &p
	return s
}
