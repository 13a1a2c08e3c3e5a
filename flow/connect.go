package flow

import (
	"cmp"
	"slices"
	"time"
)

// choosePool asks which app client of which user pool this is about.
type choosePool struct{}

// The answers to it, but for the Targets.
const (
	byTyping   = "ids"
	byToken    = "token"
	byBrowsing = "browse"
	bySession  = "session"
)

func (choosePool) ask(r run) Ask {
	a := Ask{ID: "connect", Step: stepSignIn, Title: "Choose the user pool",
		Body: "Its ID and that of an app client are needed. Neither is secret."}
	var options []Option
	for _, t := range r.opts.Targets {
		options = append(options, Option{Value: t.value(), Label: cmp.Or(t.Source, "User pool and app client"),
			ID: Fill("{pool}, {client}", "pool", t.Pool, "client", t.Client)})
	}
	if len(options) > 0 {
		a.Body = "These were found; nothing is sent before you choose."
	}
	options = append(options, Option{Value: byTyping, Label: "Type the IDs"},
		Option{Value: byToken, Label: "Paste a token of the pool"})
	if r.opts.Browse {
		options = append(options, Option{Value: byBrowsing, Label: "Choose from your AWS account"})
	}
	if r.opts.AuthFlow == Auto {
		options = append(options, Option{Value: bySession, Label: "Go on with an open sign-in"})
	}
	a.Fields = []Field{{Key: "target", Label: "User pool", Kind: Choose, Options: options}}
	return a
}

// value names the Target in an Answer.
func (t Target) value() string { return t.Pool + "/" + t.Client }

// back leads to the choice that led to FromSession, if it was chosen here.
func (choosePool) back(r run) stage {
	if o := r.opts; o.AuthFlow != FromSession || !o.Session.Empty() || o.HandBack {
		return nil
	}
	r.opts.AuthFlow, r.flow = Auto, Auto
	return r.asks(choosePool{})
}

func (choosePool) submit(q question, values map[string]string, _ time.Time) (stage, Call) {
	switch values["target"] {
	case byTyping:
		return q.to(typeIDs{})
	case byToken:
		return q.to(pasteToken{})
	case byBrowsing:
		return q.to(region{})
	case bySession:
		q.opts.AuthFlow, q.flow = FromSession, FromSession
		return q.to(choosePool{})
	}
	i := slices.IndexFunc(q.opts.Targets, func(t Target) bool { return t.value() == values["target"] })
	t := q.opts.Targets[i]
	return q.call(Connect{Pool: t.Pool, Client: t.Client, Source: t.Source, Found: true})
}

// atPool is the run at its sign-in, with nothing left of how the pool was found.
func (r run) atPool(by Connect, to Connected) run {
	before, o := r.opts, r.opts
	o.Pool, o.To = to.Pool, to.To
	o.To.Source, o.To.Found = by.Source, by.Found
	if o.Issuer == "" {
		o.Issuer = to.Issuer
	}
	at := newRun(o)
	at.before = &before
	return at
}

// typeIDs asks for the two ids.
type typeIDs struct{}

func (typeIDs) ask(r run) Ask {
	return Ask{
		ID: "pool", Step: stepSignIn, Title: "The IDs of the user pool and its app client",
		Body: "The pool's overview page in the AWS console shows its ID, and the page App clients those of the clients.",
		Fields: []Field{
			{Key: "pool", Label: "User pool ID or issuer URL", Kind: Text, Value: NewSecret(r.opts.Pool), Min: 1, Max: 512},
			{Key: "client", Label: "App client ID", Kind: Text, Min: 1, Max: 128},
		},
	}
}

func (typeIDs) back(r run) stage { return r.asks(choosePool{}) }

func (typeIDs) submit(q question, values map[string]string, _ time.Time) (stage, Call) {
	pool, client := PoolOf(values["pool"]), Unquote(values["client"])
	switch {
	case !IsPoolID(pool):
		err := invalid("pool", "this is neither a user pool ID nor an issuer URL")
		if what := NoPoolID(values["pool"]); what != NoPoolID("") {
			err.Msg = Fill("this is {what}", "what", what)
		}
		err.Hint = "a user pool ID looks like us-east-1_AbCdEf123, and an issuer URL ends in one"
		return q.refuse(err)
	case !IsClientID(client):
		err := invalid("client", "this is not an app client ID")
		err.Hint = "give the app client's ID, letters and digits, not its name"
		return q.refuse(err)
	}
	return q.call(Connect{Pool: pool, Client: client, Source: "what you typed"})
}

// pasteToken asks for a token that says which pool and app client it belongs to. It is read and dropped.
type pasteToken struct{}

func (pasteToken) ask(run) Ask {
	return Ask{
		ID: "token", Step: stepSignIn, Title: "A token of the user pool",
		Body: "An access token or an ID token says which pool and app client it belongs to, expired or not." +
			" Only that is read from it: it is neither sent nor kept.",
		Fields: []Field{{Key: "token", Label: "Token", Kind: Hidden, Min: 1, Max: 16384}},
	}
}

func (pasteToken) back(r run) stage { return r.asks(choosePool{}) }

func (pasteToken) submit(q question, values map[string]string, _ time.Time) (stage, Call) {
	q.given = nil
	pool, client, err := IssuerOf(NewSecret(values["token"]))
	if err != nil {
		return q.refuse(err)
	}
	return q.call(Connect{Pool: pool, Client: client, Source: "the token", Found: true})
}

// IssuerOf says which user pool and app client a token is from: an access token or an ID token, expired
// or not. Its signature is not checked: all that comes of a forged one is a sign-in to a pool that the
// person is shown.
func IssuerOf(token Secret) (pool, client string, err *Error) {
	const paste = "paste the AccessToken or the IdToken that a sign-in returned"
	c, err := readClaims(token, "this is not an access token or an ID token", paste)
	if err != nil {
		return "", "", err
	}
	client = c.ClientID
	if c.Use == "id" {
		client, _ = c.Audience.(string)
	}
	if !IsPoolID(c.pool()) || !IsClientID(client) {
		return "", "", wrongToken("this is not a Cognito token", paste)
	}
	return c.pool(), client, nil
}
