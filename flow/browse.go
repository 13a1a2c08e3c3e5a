package flow

import "fmt"

// finding reports whether call is one of those before there is a pool.
func finding(call Call) bool {
	switch call.(type) {
	case Pools, Clients, Connect:
		return true
	}
	return false
}

// region asks where in the AWS account to look.
type region struct{ question }

func (s region) ask() Ask {
	return s.fill(Ask{
		ID: "region", Step: stepSignIn, Title: "Choose from your AWS account", CanBack: true,
		Body:   "User pools are listed by region, with your AWS credentials. Go back to type the ids, or to paste a token.",
		Fields: []Field{{Key: "region", Label: "AWS region", Kind: Text, Value: NewSecret(s.run.region), Min: 1, Max: 64}},
	})
}

func (s region) next(e Event) (step, Call, error) {
	switch e := e.(type) {
	case Back:
		return connect{question{run: s.run}}, nil, nil
	case Answer:
		q, values := s.read(s.ask(), e)
		s.question = q
		if s.problem != nil {
			return s, nil, nil
		}
		s.run.region = values["region"]
		call := Pools{Region: s.run.region}
		return working{from: s, run: s.run, call: call}, call, nil
	}
	return nil, nil, unexpected("a region is awaited", e)
}

func (s region) retry(f Failed) step {
	s.question = s.again(f.Err, s.ask().Fields)
	return s
}

// listArrived goes on to choosing from what is there, or back when there is nothing.
func listArrived(r run, call Call, got Listed) (step, Call, error) {
	of, inPool := call.(Clients)
	switch {
	case inPool && len(got.Options) == 0:
		s := chosen(r, of.Pool)
		s.problem = &Error{Code: CodeNothingThere, Fault: Retry, Field: "pool",
			Msg:  fmt.Sprintf("the user pool %q has no app clients", of.Pool),
			Hint: "choose another, or add an app client to it"}
		return s, nil, nil
	case inPool:
		return appClient{question{run: r}, of.Pool, got}, nil, nil
	case len(got.Options) == 0:
		return region{question{run: r, problem: &Error{Code: CodeNothingThere, Fault: Retry, Field: "region",
			Msg:  fmt.Sprintf("there are no user pools in region %q of this AWS account", r.region),
			Hint: "give another region, or choose other credentials with AWS_PROFILE"}}}, nil, nil
	}
	r.pools = got
	return userPool{question{run: r}}, nil, nil
}

// chosen is the question for a user pool, with one of them taken before.
func chosen(r run, pool string) userPool {
	return userPool{question{run: r, given: map[string]Secret{"pool": NewSecret(pool)}}}
}

// cut says that there is more than can be chosen here.
func (l Listed) cut(body string) string {
	if l.More {
		body += fmt.Sprintf(" Only %d are listed: for another one, go back and type the ids.", len(l.Options))
	}
	return body
}

// userPool asks for one of those in the region.
type userPool struct{ question }

func (s userPool) ask() Ask {
	return s.fill(Ask{
		ID: "user-pool", Step: stepSignIn, Title: "Choose the user pool", CanBack: true,
		Body:   s.pools.cut(fmt.Sprintf("The user pools in region %s.", s.region)),
		Fields: []Field{{Key: "pool", Label: "User pool", Kind: Choose, Options: s.pools.Options}},
	})
}

func (s userPool) next(e Event) (step, Call, error) {
	switch e := e.(type) {
	case Back:
		return region{question{run: s.run}}, nil, nil
	case Answer:
		q, values := s.read(s.ask(), e)
		s.question = q
		if s.problem != nil {
			return s, nil, nil
		}
		call := Clients{Region: s.region, Pool: values["pool"]}
		return working{from: s, run: s.run, call: call}, call, nil
	}
	return nil, nil, unexpected("a user pool is chosen", e)
}

func (s userPool) retry(f Failed) step {
	s.question = s.again(f.Err, s.ask().Fields)
	return s
}

// appClient asks for one of the pool's.
type appClient struct {
	question
	pool    string
	clients Listed
}

func (s appClient) ask() Ask {
	return s.fill(Ask{
		ID: "client", Step: stepSignIn, Title: "Choose the app client", CanBack: true,
		Body:   s.clients.cut(fmt.Sprintf("The app clients of the user pool %s.", s.pool)),
		Fields: []Field{{Key: "client", Label: "App client", Kind: Choose, Options: s.clients.Options}},
	})
}

func (s appClient) next(e Event) (step, Call, error) {
	switch e := e.(type) {
	case Back:
		return chosen(s.run, s.pool), nil, nil
	case Answer:
		q, values := s.read(s.ask(), e)
		s.question = q
		if s.problem != nil {
			return s, nil, nil
		}
		call := Connect{Region: s.region, Pool: s.pool, Client: values["client"], Browsed: true}
		return working{from: s, run: s.run, call: call}, call, nil
	}
	return nil, nil, unexpected("an app client is chosen", e)
}

func (s appClient) retry(f Failed) step {
	s.question = s.again(f.Err, s.ask().Fields)
	return s
}
