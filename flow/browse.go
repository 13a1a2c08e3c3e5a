package flow

import (
	"fmt"
	"time"
)

// finding reports whether call is one of those before there is a pool.
func finding(call Call) bool {
	switch call.(type) {
	case Pools, Clients, Connect:
		return true
	}
	return false
}

// region asks where in the AWS account to look.
type region struct{}

func (region) ask(r run) Ask {
	return Ask{
		ID: "region", Step: stepSignIn, Title: "Choose from your AWS account",
		Body:   "User pools are listed by region, with your AWS credentials. Go back to type the IDs, or to paste a token.",
		Fields: []Field{{Key: "region", Label: "AWS region", Kind: Text, Value: NewSecret(r.region), Min: 1, Max: 64}},
	}
}

func (region) back(r run) stage { return r.asks(choosePool{}) }

func (region) submit(q question, values map[string]string, _ time.Time) (stage, Call) {
	q.region = values["region"]
	return q.call(Pools{Region: q.region})
}

// regionOf is where to look for the pool with that id: in the region that it begins with on AWS.
func (r run) regionOf(pool string) string {
	if region, _ := SplitPoolID(pool); IsRegion(region) {
		return region
	}
	return r.region
}

// listReply goes on to choosing from what is there, or back when there is nothing.
func listReply(r run, call Call, got Listed) stage {
	of, inPool := call.(Clients)
	switch {
	case inPool && len(got.Options) == 0 && r.opts.Pool != "":
		q := r.asks(choosePool{})
		q.problem = &Error{Code: CodeNothingThere, Fault: Retry, Field: "target",
			Msg:  Fill("the user pool {pool} has no app clients", "pool", quoted(of.Pool)),
			Hint: "add an app client to it, then try again"}
		return q
	case inPool && len(got.Options) == 0:
		q := chosen(r, of.Pool)
		q.problem = &Error{Code: CodeNothingThere, Fault: Retry, Field: "pool",
			Msg:  Fill("the user pool {pool} has no app clients", "pool", quoted(of.Pool)),
			Hint: "choose another, or add an app client to it"}
		return q
	case inPool:
		return r.asks(appClient{of.Pool, got})
	case len(got.Options) == 0:
		q := r.asks(region{})
		q.problem = &Error{Code: CodeNothingThere, Fault: Retry, Field: "region",
			Msg:    fmt.Sprintf("there are no user pools in region %q of this AWS account", r.region),
			Remedy: Remedy{Name: BrowseElsewhere}}
		return q
	}
	r.pools = got
	return r.asks(userPool{})
}

// chosen is the question for a user pool, with one of them chosen before.
func chosen(r run, pool string) question {
	q := r.asks(userPool{})
	q.given = map[string]Secret{"pool": NewSecret(pool)}
	return q
}

// cut says that there is more than can be chosen here.
func (l Listed) cut(body string) string {
	if l.More {
		body += fmt.Sprintf(" Only %d are listed: for another one, go back and type the IDs.", len(l.Options))
	}
	return body
}

// userPool asks for one of those in the region.
type userPool struct{}

func (userPool) ask(r run) Ask {
	return Ask{
		ID: "user-pool", Step: stepSignIn, Title: "Choose the user pool",
		Body:   r.pools.cut(Fill("The user pools in region {region}.", "region", r.region)),
		Fields: []Field{{Key: "pool", Label: "User pool", Kind: Choose, Options: r.pools.Options}},
	}
}

func (userPool) back(r run) stage { return r.asks(region{}) }

func (userPool) submit(q question, values map[string]string, _ time.Time) (stage, Call) {
	return q.call(Clients{Region: q.region, Pool: values["pool"]})
}

// appClient asks for one of the pool's.
type appClient struct {
	pool    string
	clients Listed
}

func (t appClient) ask(run) Ask {
	return Ask{
		ID: "client", Step: stepSignIn, Title: "Choose the app client",
		Body:   t.clients.cut(Fill("The app clients of the user pool {pool}.", "pool", t.pool)),
		Fields: []Field{{Key: "client", Label: "App client", Kind: Choose, Options: t.clients.Options}},
	}
}

func (t appClient) back(r run) stage {
	if r.opts.Pool != "" {
		return r.asks(choosePool{})
	}
	return chosen(r, t.pool)
}

func (t appClient) submit(q question, values map[string]string, _ time.Time) (stage, Call) {
	return q.call(Connect{Region: q.region, Pool: t.pool, Client: values["client"],
		Browsed: true, Source: "your AWS account"})
}
