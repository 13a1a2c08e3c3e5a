package flow

import (
	"fmt"
	"slices"
)

// connect asks which app client of which user pool this is about.
type connect struct{ question }

// The answers to it, but for the Targets.
const (
	byTyping   = "ids"
	byToken    = "token"
	byBrowsing = "browse"
)

func (o Options) connect() step {
	q := question{run: run{opts: o, flow: o.AuthFlow, username: o.Username, region: o.Region}}
	if o.Browse && len(o.Targets) == 0 {
		return region{q}
	}
	return connect{q}
}

func (s connect) ask() Ask {
	a := Ask{ID: "connect", Step: stepSignIn, Title: "Choose the user pool", Body: "Its id and that of an app client are needed; neither is secret."}
	var options []Option
	for _, t := range s.opts.Targets {
		label := fmt.Sprintf("%s, client %s", t.Pool, shortened(t.Client))
		if t.Source != "" {
			label += " (" + t.Source + ")"
		}
		options = append(options, Option{t.value(), label})
	}
	if len(options) > 0 {
		a.Body = "These were found; nothing is sent before you choose."
	}
	options = append(options, Option{byTyping, "Type the ids"}, Option{byToken, "Paste a token of the pool"})
	if s.opts.Browse {
		options = append(options, Option{byBrowsing, "Choose from your AWS account"})
	}
	a.Fields = []Field{{Key: "target", Label: "User pool", Kind: Choose, Options: options}}
	return s.fill(a)
}

// value names the Target in an Answer.
func (t Target) value() string { return t.Pool + "/" + t.Client }

// shortened is enough of an app client's id to know it by.
func shortened(id string) string {
	if r := []rune(id); len(r) > 5 {
		return string(r[:4]) + "…"
	}
	return id
}

func (s connect) next(e Event) (step, Call, error) {
	a, ok := e.(Answer)
	if !ok {
		return nil, nil, unexpected("a user pool is chosen", e)
	}
	q, values := s.read(s.ask(), a)
	s.question = q
	if s.problem != nil {
		return s, nil, nil
	}
	switch values["target"] {
	case byTyping:
		return typedIDs{question{run: s.run}}, nil, nil
	case byToken:
		return pastedToken{question{run: s.run}}, nil, nil
	case byBrowsing:
		return region{question{run: s.run}}, nil, nil
	}
	i := slices.IndexFunc(s.opts.Targets, func(t Target) bool { return t.value() == values["target"] })
	call := Connect{Pool: s.opts.Targets[i].Pool, Client: s.opts.Targets[i].Client}
	return working{from: s, run: s.run, call: call}, call, nil
}

func (s connect) retry(f Failed) step {
	s.question = s.again(f.Err, s.ask().Fields)
	return s
}

// connected is the run at its sign-in, with nothing left of how the pool was found.
func (r run) connected(to Connected) run {
	before, o := r.opts, r.opts
	o.Pool = to.Pool
	if o.Issuer == "" {
		o.Issuer = to.Issuer
	}
	return run{opts: o, flow: o.AuthFlow, username: o.Username, before: &before}
}

// typedIDs asks for the two ids.
type typedIDs struct{ question }

func (s typedIDs) ask() Ask {
	return s.fill(Ask{
		ID: "pool", Step: stepSignIn, Title: "The ids of the user pool and its app client", CanBack: true,
		Body: "The pool's overview page in the AWS console shows its id, and the page App clients those of the clients.",
		Fields: []Field{
			{Key: "pool", Label: "User pool id or issuer URL", Kind: Text, Value: NewSecret(s.opts.Pool), Min: 1, Max: 512},
			{Key: "client", Label: "App client id", Kind: Text, Min: 1, Max: 128},
		},
	})
}

func (s typedIDs) next(e Event) (step, Call, error) {
	switch e := e.(type) {
	case Back:
		return connect{question{run: s.run}}, nil, nil
	case Answer:
		q, values := s.read(s.ask(), e)
		pool := PoolOf(values["pool"])
		switch {
		case q.problem != nil:
		case !IsPoolID(pool):
			q.problem = invalid("pool", "this is neither a user pool id nor an issuer URL")
			q.problem.Hint = "a user pool id looks like us-east-1_AbCdEf123, and an issuer URL ends in one"
		case !IsClientID(values["client"]):
			q.problem = invalid("client", "this is not an app client id")
			q.problem.Hint = "give the app client's id, letters and digits, not its name"
		}
		s.question = q
		if s.problem != nil {
			return s, nil, nil
		}
		call := Connect{Pool: pool, Client: values["client"]}
		return working{from: s, run: s.run, call: call}, call, nil
	}
	return nil, nil, unexpected("the ids are awaited", e)
}

func (s typedIDs) retry(f Failed) step {
	s.question = s.again(f.Err, s.ask().Fields)
	return s
}

// pastedToken asks for a token that says which pool and app client it is of. It is read and dropped.
type pastedToken struct{ question }

func (s pastedToken) ask() Ask {
	return s.fill(Ask{
		ID: "token", Step: stepSignIn, Title: "A token of the user pool", CanBack: true,
		Body:   "An access token or an ID token says which pool and app client it is of, expired or not. Only that is read from it: it is neither sent nor kept.",
		Fields: []Field{{Key: "token", Label: "Token", Kind: Hidden, Min: 1, Max: 16384}},
	})
}

func (s pastedToken) next(e Event) (step, Call, error) {
	switch e := e.(type) {
	case Back:
		return connect{question{run: s.run}}, nil, nil
	case Answer:
		q, values := s.read(s.ask(), e)
		q.given = nil
		var call Connect
		if q.problem == nil {
			call.Pool, call.Client, q.problem = IssuerOf(NewSecret(values["token"]))
		}
		s.question = q
		if s.problem != nil {
			return s, nil, nil
		}
		return working{from: s, run: s.run, call: call}, call, nil
	}
	return nil, nil, unexpected("a token is awaited", e)
}

func (s pastedToken) retry(f Failed) step {
	s.problem = f.Err
	return s
}

// IssuerOf says which user pool and app client a token is from: an access token or an ID token, expired
// or not. Its signature is not checked: all that comes of a forged one is a sign-in to a pool that the
// person is shown.
func IssuerOf(token Secret) (pool, client string, err *Error) {
	const paste = "paste the AccessToken or the IdToken that a sign-in returned"
	c, err := readClaims(token, "an access token or an ID token", paste)
	if err != nil {
		return "", "", err
	}
	client = c.ClientID
	if c.Use == "id" {
		client, _ = c.Audience.(string)
	}
	if !IsPoolID(c.pool()) || !IsClientID(client) {
		return "", "", wrongToken("this token is none of Cognito's", paste)
	}
	return c.pool(), client, nil
}
