package flow

import (
	"slices"
	"time"
)

// Suspended is an enrollment that was put away between its QR code and the app's code, for another run to
// finish it. It holds no password and no key, but the Session or the access token: whoever has that
// can finish it in the person's place until it expires.
type Suspended struct {
	Flow     AuthFlow
	Username string // as typed
	Internal string // as Cognito calls the user
	Issuer   string // of the entry in the app
	Account  string // likewise; "" is Username
	Device   string // friendly device name
	Grant    Grant
	Deadline time.Time // Cognito keeps the Grant at least until then; zero if unknown
	Skew     time.Duration
	Facts    Facts     // of the account
	Others   []Account // for whom something was done before
	HandBack bool      // as in Options
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
		Flow: q.flow, Username: q.username, Internal: q.internal, Issuer: q.opts.Issuer, Account: q.label, Device: q.device,
		Grant:    q.grant,
		Deadline: q.deadline, Skew: q.skew, Facts: facts,
		HandBack: q.opts.HandBack,
		Others:   slices.DeleteFunc(slices.Clone(q.others), func(a Account) bool { return a.Facts.Untouched() }),
	}, true
}

// resume is the question that p was put away at.
func (o Options) resume(p Suspended) question {
	o.Issuer, o.HandBack = p.Issuer, p.HandBack
	r := newRun(o)
	r.flow, r.username, r.internal, r.label, r.device = p.Flow, p.Username, p.Internal, p.Account, p.Device
	r.grant, r.deadline, r.skew, r.facts, r.others = p.Grant, p.Deadline, p.Skew, p.Facts, p.Others
	r.consent = p.Flow == Password || p.Flow == Admin // which was given when this began
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
		Body: Fill("Your app has the entry {entry} from the run that began this. Type the six digits that it shows.",
			"entry", r.entry()),
		Fields: []Field{CodeField()},
	}
}

func (finishing) submit(q question, values map[string]string, _ time.Time) (stage, Call) {
	return q.call(Verify{Grant: q.grant, Code: NewSecret(values["code"]), Device: q.device})
}

// staleFinish is how many refused codes it takes until the way to a new key is offered.
const staleFinish = 3

// back leads to a new key when codes are refused one after the other: the key may not be the one that
// Cognito has.
func (t finishing) back(r run) stage {
	if t.wrong < staleFinish {
		return nil
	}
	if r.facts.New == Kept {
		r.facts.New = Shown // nobody will send its code
	}
	r.note = Fill("You get a new key. Keep the entry {entry} until you are done.", "entry", r.entry())
	return r.signedOut().asks(signIn{})
}

func (t finishing) retry(q question, f Failed) question {
	to := scan{wrong: t.wrong}.retry(q, f)
	wrong := to.topic.(scan).wrong
	if to.topic = (finishing{wrong}); wrong >= staleFinish && to.problem.Code == CodeMismatch {
		to.problem.Hint = "turn on automatic date and time on the phone; if that does not help, go back for a new key"
	}
	return to
}
