package flow

import "time"

// Paused is an enrolment that was put away between its QR code and the app's code, for another run to
// finish it. It holds no password and no key, but the Session or the access token: whoever has that
// can finish it in the person's place until it expires.
type Paused struct {
	Flow      AuthFlow
	Username  string // as typed
	Internal  string // as Cognito calls the user
	Issuer    string // of the entry in the app
	Device    string // friendly device name
	Grant     Grant
	Deadline  time.Time // Cognito keeps the Grant at least until then; zero if unknown
	Skew      time.Duration
	Replacing bool // there is an authenticator already
	Changed   bool // the password was changed on the way
	Doubt     bool // the answer to a code was lost
}

// Pause returns what Options.Resume takes to go on from s in another run; ok is false where there is
// nothing to finish, because no key was given yet, or no code is awaited any more.
func (s State) Pause() (p Paused, ok bool) {
	var r run
	switch at := s.step.(type) {
	case scan:
		r = at.run
	case resumed:
		r = at.run
	default:
		return Paused{}, false
	}
	return Paused{
		Flow: r.flow, Username: r.username, Internal: r.internal, Issuer: r.opts.Issuer, Device: r.device, Grant: r.grant,
		Deadline: r.deadline, Skew: r.skew, Replacing: r.replacing, Changed: r.changed, Doubt: r.doubt,
	}, true
}

// resume is the run that p was.
func (o Options) resume(p Paused) resumed {
	o.Issuer = p.Issuer
	return resumed{scan{question: question{run: run{
		opts: o, flow: p.Flow, username: p.Username, internal: p.Internal, device: p.Device, grant: p.Grant,
		deadline: p.Deadline, skew: p.Skew, replacing: p.Replacing, changed: p.Changed, doubt: p.Doubt, issued: true, begun: true,
	}}}}
}

// resumed awaits the code of a key that another run showed.
type resumed struct{ scan }

func (s resumed) ask() Ask {
	return s.fill(Ask{
		ID: "finish", Step: stepScan, Title: "Type the code",
		Body:   "Your app has the entry " + s.entry() + " from the run that began this. Type the six digits that it shows.",
		Fields: []Field{{Key: "code", Label: "Code", Kind: Code, Min: 6, Max: 6}},
	})
}

func (s resumed) next(e Event) (step, Call, error) {
	a, ok := e.(Answer)
	if !ok {
		return nil, nil, unexpected("a code is awaited", e)
	}
	q, values := s.read(s.ask(), a)
	s.question = q
	if s.problem != nil {
		return s, nil, nil
	}
	// Without the key the code cannot be judged here; Cognito does.
	call := Verify{Grant: s.grant, Code: NewSecret(values["code"]), Device: s.device}
	return working{from: s, run: s.run, call: call}, call, nil
}

func (s resumed) retry(f Failed) step { return resumed{s.scan.retry(f).(scan)} }
