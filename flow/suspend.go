package flow

import "time"

// Suspended is an enrollment that was put away between its QR code and the app's code, for another run to
// finish it. It holds no password and no key, but the Session or the access token: whoever has that
// can finish it in the person's place until it expires.
type Suspended struct {
	Flow     AuthFlow
	Username string // as typed
	Internal string // as Cognito calls the user
	Issuer   string // of the entry in the app
	Device   string // friendly device name
	Grant    Grant
	Deadline time.Time // Cognito keeps the Grant at least until then; zero if unknown
	Skew     time.Duration
	Facts    Facts // of the account
}

// Suspend returns what Options.Resume takes to go on from s in another run; ok is false where there is
// nothing to finish, because no key was given yet, or no code is awaited any more.
func (s State) Suspend() (p Suspended, ok bool) {
	q, ok := s.stage.(question)
	if !ok {
		return Suspended{}, false
	}
	switch q.topic.(type) {
	case scan, finishing:
	default:
		return Suspended{}, false
	}
	facts := q.facts
	facts.New = max(facts.New, Kept)
	return Suspended{
		Flow: q.flow, Username: q.username, Internal: q.internal, Issuer: q.opts.Issuer, Device: q.device, Grant: q.grant,
		Deadline: q.deadline, Skew: q.skew, Facts: facts,
	}, true
}

// resume is the question that p was put away at.
func (o Options) resume(p Suspended) question {
	o.Issuer = p.Issuer
	r := newRun(o)
	r.flow, r.username, r.internal, r.device = p.Flow, p.Username, p.Internal, p.Device
	r.grant, r.deadline, r.skew, r.facts = p.Grant, p.Deadline, p.Skew, p.Facts
	if r.facts.Old == MaybeDropped {
		r.goal = ToReplace
	}
	return r.asks(finishing{})
}

// finishing awaits the code of a key that another run showed. Without the key the code cannot be
// compared with it here: Cognito does that.
type finishing struct{ wrong int }

func (finishing) ask(r run) Ask {
	return Ask{
		ID: "finish", Step: stepScan, Title: "Type the code",
		Body:   fill("Your app has the entry {entry} from the run that began this. Type the six digits that it shows.", "entry", r.entry()),
		Fields: []Field{{Key: "code", Label: "Code", Kind: Code, Min: 6, Max: 6}},
	}
}

func (finishing) submit(q question, values map[string]string, _ time.Time) (stage, Call) {
	return q.call(Verify{Grant: q.grant, Code: NewSecret(values["code"]), Device: q.device})
}

func (t finishing) retry(q question, f Failed) question {
	to := scan{wrong: t.wrong}.retry(q, f)
	to.topic = finishing{to.topic.(scan).wrong}
	return to
}
