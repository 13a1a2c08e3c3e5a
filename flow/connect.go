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
	label, unnamed, typing := "User pool", "User pool and app client", "Type the IDs"
	if r.opts.Pool != "" {
		a.Title, a.Body = "Choose the app client", Fill("The user pool is {pool}.", "pool", r.opts.Pool)
		label, unnamed = "App client", "App client"
	}
	if r.opts.Pool != "" || r.opts.Client != "" {
		typing = "Type its ID"
	}
	if r.flow == FromSession { // there is nothing else yet that tells this from the choice that led here
		a.Title = "Choose the user pool of the open sign-in"
		if r.opts.Pool != "" {
			a.Title = "Choose the app client of the open sign-in"
		}
	}
	var options []Option
	for _, t := range r.opts.Targets {
		ids := "{pool}, {client}"
		if r.opts.Pool != "" {
			ids = "{client}"
		}
		options = append(options, Option{Value: t.value(), Label: cmp.Or(t.Source, unnamed),
			ID: Fill(ids, "pool", t.Pool, "client", t.Client)})
	}
	switch {
	case len(options) > 0 && r.opts.Pool != "":
		a.Body = Fill("These app clients of the user pool {pool} were found; nothing is sent before you choose.",
			"pool", r.opts.Pool)
	case len(options) > 0:
		a.Body = "These were found; nothing is sent before you choose."
	}
	browse := Option{Value: byBrowsing, Label: "Choose from your AWS account"}
	if r.opts.Pool != "" && r.opts.Browse { // somebody asked for it, and it takes no typing
		options = append(options, browse)
	}
	options = append(options, Option{Value: byTyping, Label: typing},
		Option{Value: byToken, Label: "Paste a token of the pool"})
	if r.opts.Pool == "" && r.opts.Browse {
		options = append(options, browse)
	}
	if r.opts.AuthFlow == Auto {
		options = append(options, Option{Value: bySession, Label: "Go on with an open sign-in"})
	}
	a.Fields = []Field{{Key: "target", Label: label, Kind: Choose, Options: options}}
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
		if q.opts.Pool != "" {
			q.region = q.regionOf(q.opts.Pool)
			return q.call(Clients{Region: q.region, Pool: q.opts.Pool})
		}
		return q.to(region{})
	case bySession:
		q.opts.AuthFlow, q.flow = FromSession, FromSession
		return q.to(choosePool{})
	}
	i := slices.IndexFunc(q.opts.Targets, func(t Target) bool { return t.value() == values["target"] })
	return q.call(q.opts.Connect(q.opts.Targets[i]))
}

// Connect returns the Call that choosing t makes.
func (o Options) Connect(t Target) Connect {
	if o.Pool != "" { // it was named, and t says only the app client
		return Connect{Pool: t.Pool, Client: t.Client, Source: o.To.Source}
	}
	return Connect{Pool: t.Pool, Client: t.Client, Source: t.Source, Found: true}
}

// atPool is the run at its sign-in, with nothing left of how the pool was found.
func (r run) atPool(by Connect, to Connected) run {
	before, o := r.opts, r.opts
	o.Pool, o.Client, o.To = to.Pool, by.Client, to.To
	o.To.Source, o.To.Found = by.Source, by.Found
	o.SignIn = nil
	for _, t := range before.Targets {
		if t.Pool == o.Pool && t.Client == o.Client {
			o.SignIn = t.SignIn
		}
	}
	if o.Issuer == "" {
		o.Issuer = to.Issuer
	}
	at := newRun(o)
	at.before = &before
	return at
}

// whichPool says where a sign-in goes, and where that was found.
func (r run) whichPool() string {
	i := slices.IndexFunc(r.before.Targets, func(t Target) bool {
		return t.Pool == r.opts.Pool && t.Client == r.opts.Client && t.Source != ""
	})
	text, source := "The user pool is {pool}.", ""
	if i >= 0 {
		text, source = "The user pool is {pool}, found in {source}.", r.before.Targets[i].Source
		if r.before.Pool != "" {
			text = "The user pool is {pool}. The app client {client} was found in {source}."
		}
		if r.goal != ToTest && r.untouched() {
			text += " Go back to choose another."
		}
	}
	return Fill(text, "pool", r.opts.Pool, "client", r.opts.Client, "source", shown(source, mostText))
}

// typeIDs asks for the two ids, or for the one that nobody has given.
type typeIDs struct{}

func (typeIDs) ask(r run) Ask {
	pool := Field{Key: "pool", Label: "User pool ID or issuer URL", Kind: Text, Min: 1, Max: 512}
	client := Field{Key: "client", Label: "App client ID", Kind: Text, Min: 1, Max: 128}
	a := Ask{ID: "pool", Step: stepSignIn}
	switch {
	case r.opts.Pool != "":
		a.ID, a.Title, a.Fields = "client", "The ID of the app client", []Field{client}
		a.Body = Fill("The user pool is {pool}. Its page App clients in the AWS console shows the IDs.", "pool", r.opts.Pool)
	case r.opts.Client != "":
		a.Title, a.Fields = "The ID of the user pool", []Field{pool}
		a.Body = Fill("The app client is {client}. The pool's overview page in the AWS console shows its ID.",
			"client", r.opts.Client)
	default:
		a.Title, a.Fields = "The IDs of the user pool and its app client", []Field{pool, client}
		a.Body = "The pool's overview page in the AWS console shows its ID, and the page App clients those of the clients."
	}
	return a
}

func (typeIDs) back(r run) stage { return r.asks(choosePool{}) }

func (typeIDs) submit(q question, values map[string]string, _ time.Time) (stage, Call) {
	to := Connect{Pool: q.opts.Pool, Client: q.opts.Client, Source: q.opts.To.Source}
	if text, asked := values["pool"]; asked {
		if to.Pool = PoolOf(text); !IsPoolID(to.Pool) {
			err := invalid("pool", "this is neither a user pool ID nor an issuer URL")
			if what := NoPoolID(text); what != NoPoolID("") {
				err.Msg = Fill("this is {what}", "what", what)
			}
			err.Hint = "a user pool ID looks like us-east-1_AbCdEf123, and an issuer URL ends in one"
			return q.refuse(err)
		}
		to.Source = "what you typed"
	}
	if text, asked := values["client"]; asked {
		if to.Client = Unquote(text); !IsClientID(to.Client) {
			err := invalid("client", "this is not an app client ID")
			err.Hint = "give the app client's ID, letters and digits, not its name"
			return q.refuse(err)
		}
	}
	return q.call(to)
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
	const paste = "paste a token of the app client that this is about"
	switch o := q.opts; {
	case o.Pool != "" && pool != o.Pool:
		return q.refuse(wrongToken(Fill("this token belongs to pool {its}, not to {pool}",
			"its", quoted(pool), "pool", quoted(o.Pool)), paste))
	case o.Client != "" && client != o.Client:
		return q.refuse(wrongToken(Fill("this token belongs to app client {its}, not to {client}",
			"its", quoted(client), "client", quoted(o.Client)), paste))
	case o.Pool != "":
		return q.call(Connect{Pool: pool, Client: client, Source: o.To.Source})
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
