package flow

import (
	"strings"
	"time"
)

// dated is what is added to the name of an entry beside an older one.
const dated = " 2006-01-02"

// mostLabel is the most characters of an account's name in an entry, as of a username.
const mostLabel = 128

// setUp is MFA_SETUP in a pool that offers more than authenticator apps.
type setUp struct{}

const (
	byApp   = "app"
	byEmail = "email"
)

func (setUp) ask(run) Ask {
	return Ask{
		ID: "set-up", Step: stepSignIn, Title: "Choose your second factor",
		Body: "This pool requires one. An authenticator app works without a network and needs no mailbox.",
		Fields: []Field{{Key: "factor", Label: "Factor", Kind: Choose, Options: []Option{
			{Value: byApp, Label: "Authenticator app"},
			{Value: byEmail, Label: "Codes by email"},
		}}},
	}
}

func (setUp) back(r run) stage {
	r = r.signedOut()
	return r.asks(signIn{})
}

func (setUp) submit(q question, values map[string]string, at time.Time) (stage, Call) {
	if values["factor"] == byEmail {
		q.goal = ToEmail
		return q.to(address{})
	}
	return q.prepared(at).to(getReady{})
}

// address asks where emailed codes are to go; Cognito answers with one.
type address struct{}

func (address) ask(run) Ask {
	return Ask{
		ID: "e-mail", Step: stepReady, Title: "Codes by email",
		Body:   "Cognito sends a code to this address to see that it is yours.",
		Fields: []Field{{Key: "email", Label: "Email address", Kind: Text, Min: 3, Max: 254}},
	}
}

func (address) back(r run) stage {
	r.goal = ToEnroll
	return r.asks(setUp{})
}

func (address) submit(q question, values map[string]string, _ time.Time) (stage, Call) {
	return q.call(q.respond(mfaSetup, map[string]Secret{"EMAIL": NewSecret(values["email"])}))
}

// getReady is the gate before Cognito is asked for a key, because a Session's time runs from there.
type getReady struct{}

func (getReady) ask(r run) Ask {
	device := DeviceField()
	device.Value = NewSecret(r.device)
	a := Ask{
		ID:    "get-ready",
		Step:  stepReady,
		Title: "Get your authenticator app ready",
		Body: "Open the app on your phone and choose to add an account. The key for it comes next." +
			"\nName this device. Cognito passes the name along when it asks for a code.",
		Fields: []Field{device},
	}
	if r.label != "" && r.key.Empty() {
		a.Body += "\nThe new entry gets a name of its own, because an app may overwrite an entry of the same name."
		a.Fields = append(a.Fields, Field{Key: "entry", Label: "Account in the app", Kind: Text, Value: NewSecret(r.label),
			Max: mostLabel})
	}
	if about := refused(r.opts.Issuer); about != "" {
		a.Body += "\n" + about
	}
	return a
}

// refused says what apps are known to refuse in the service's name: Label replaces a colon, and nothing does an
// ampersand (github.com/google/google-authenticator/wiki/Conflicting-Accounts has the one; some apps read a %26 as the
// end of a parameter).
func refused(issuer string) string {
	var sentences []string
	if strings.Contains(issuer, ":") {
		sentences = append(sentences, "Apps refuse a colon in the name of a service, so they show it as {name}.")
	}
	if strings.Contains(issuer, "&") {
		sentences = append(sentences,
			`Some apps refuse a service with "&" in its name, as in {name}. If yours does, type in the key instead.`)
	}
	return Fill(strings.Join(sentences, " "), "name", quoted(Label(issuer)))
}

func (getReady) submit(q question, values map[string]string, _ time.Time) (stage, Call) {
	q.device = values["device"]
	if label := values["entry"]; label != "" {
		q.label = label
	}
	if !q.key.Empty() {
		// A second Associate would make the QR code that was scanned worthless.
		return q.to(scan{})
	}
	q.note = "" // it was about what was before
	return q.call(Associate{Grant: q.grant})
}

// prepared gives the device a name that will mean something at the next sign-in, and the entry one that no app
// overwrites the old entry for.
func (r run) prepared(at time.Time) run {
	if r.device == "" || r.goal == ToReplace {
		r.device = r.opts.Device
	}
	if r.device == "" {
		r.device = "Phone, " + at.Format("January 2006")
	}
	if r.goal == ToReplace && r.label == "" {
		r.label = another(r.username, at)
	}
	return r
}

// another is a name for an entry beside one that has name, because an app may overwrite an entry of the same name.
func another(name string, at time.Time) string {
	const counter = " 2"
	date := at.Format(dated)
	if !strings.Contains(name, date) {
		return cut(name, mostLabel-len(date)-1) + date
	}
	return cut(name, mostLabel-len(counter)-1) + counter
}

// scan shows the QR code and awaits the app's code.
type scan struct {
	wrong    int    // codes that Cognito refused
	compared Secret // the code that was compared with the key last: given again, it is sent as it is
	fits     Secret // the code that fits the key, when it was sent
	unfit    int    // codes that fit the key and that Cognito refused
}

// staleAfter is how many codes that fit the key Cognito refuses before the key is held for another one
// than Cognito has: a request that was delivered twice, or late, makes a second key.
const staleAfter = 2

func (scan) ask(r run) Ask {
	return Ask{
		ID:     "scan",
		Step:   stepScan,
		Title:  "Scan, then type the code",
		Body:   "Scan the QR code with your app, or type the key into it. Then type the six digits that the app shows.",
		Fields: []Field{CodeField()},
		Enroll: &Enroll{
			Issuer:   Label(r.opts.Issuer),
			Account:  Label(r.named()),
			Key:      r.key,
			URI:      KeyURI(r.opts.Issuer, r.named(), r.key),
			Shorter:  shorter(r.opts.Issuer, r.named(), r.key),
			Deadline: r.deadline,
		},
	}
}

// back keeps the key, unless it is stale: then the next one is asked for.
func (t scan) back(r run) stage {
	if t.unfit >= staleAfter {
		r.note = Fill("Go on, and you get a new key. Keep the entry {entry} until you are done, and use the newer one then.",
			"entry", r.entry())
		r.key = Secret{}
	}
	return r.asks(getReady{})
}

func (t scan) submit(q question, values map[string]string, at time.Time) (stage, Call) {
	code := NewSecret(values["code"])
	match, off := diagnose(q.key.Reveal(), code.Reveal(), at.Add(-q.skew))
	if t.fits = (Secret{}); match == right {
		t.fits = code
	}
	known := code == t.compared
	t.compared = code
	q.topic = t
	if err := q.unlikely(match, off); err != nil && !known {
		return q.refuse(err)
	}
	q.note = "" // it was about an entry of before
	return q.call(Verify{Grant: q.grant, Code: code, Device: q.device})
}

// unlikely says what is wrong with a code before an attempt is spent on it.
func (r run) unlikely(match verdict, off time.Duration) *Error {
	wrong := func(msg, hint string) *Error {
		return &Error{Code: CodeUnlikely, Fault: Retry, Field: "code", Msg: msg, Hint: hint}
	}
	switch match {
	case early, late:
		return wrong(clock(off, "the phone's clock seems to be {off} fast", "the phone's clock seems to be {off} slow"),
			"turn on automatic date and time on the phone, and type the code that it shows then;"+
				" or press Enter to try it anyway")
	case foreign:
		return wrong("this code does not come from the entry that you just added",
			Fill("look for {entry} in the app, the newer one if there are two; or press Enter to try it anyway",
				"entry", r.entry()))
	}
	return nil
}

// retry keeps the key and the QR code, whatever the code was. How many wrong codes Cognito accepts is
// not published (API reference, VerifySoftwareToken, names only "excessive retries").
func (t scan) retry(q question, f Failed) question {
	q = q.again(f)
	p := *f.Err
	if p.Code == CodeMismatch {
		p.Remedy = Remedy{}
	}
	switch {
	case p.Code == CodeMismatch && !t.fits.Empty():
		t.unfit++
		p.Msg = "Cognito does not accept this code, although it fits the key on the screen"
		p.Hint = "wait for the next code, then type it"
		if t.unfit >= staleAfter {
			p.Hint = "go back, which gives you a new key; keep this entry until then"
		}
	case p.Code == CodeMismatch:
		t.wrong++
		p.Hint = Fill("wait for the next code of the entry {entry} that you just added, then type it",
			"entry", quoted(Label(q.opts.Issuer)))
		if t.wrong >= 3 {
			p.Hint = "turn on automatic date and time on the phone; if the app has two entries of this name, use the newer one"
		}
	}
	q.topic, q.problem = t, &p
	return q
}
