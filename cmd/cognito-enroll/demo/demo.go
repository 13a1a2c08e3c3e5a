// Package demo is the embedded user pools: those of the demo, and those that pool serves to other
// tools.
package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"cognito-enroll/assets"
	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cognito"
	"cognito-enroll/cognito/localpool"
	"cognito-enroll/flow"
	"cognito-enroll/ui"
	"cognito-enroll/ui/wizard"
)

// Demo is the embedded user pools behind a listener on loopback, and a client for each.
type Demo struct {
	seed  localpool.Seed
	says  map[string]says // by username
	fault Fault           // of every scenario
	phone *phone
	web   *http.Server

	mu      sync.Mutex
	server  *localpool.Server
	clients map[string]*cognito.Client // by username
	current *cognito.Client
}

// says is what is said of the scenario of a user.
type says struct {
	Title string `json:"title"`
	About string `json:"about"`
}

// Do sends a call to the pool of whoever signs in: required and optional MFA cannot be had in one.
func (d *Demo) Do(ctx context.Context, call flow.Call) flow.Event {
	d.mu.Lock()
	if s, ok := call.(flow.SignIn); ok {
		if c := d.clients[strings.ToLower(s.Username)]; c != nil {
			d.current = c
		}
	}
	client := d.current
	d.mu.Unlock()
	event := client.Do(ctx, call)
	d.phone.learn(call)
	return event
}

// truth is what is so of the user now. It reports false if the demo has no such user.
func (d *Demo) truth(username string) (localpool.Truth, bool) {
	for _, p := range d.seed.Pools {
		if t, err := d.pools().Truth(p.ID, username); err == nil {
			return t, true
		}
	}
	return localpool.Truth{}, false
}

// favorite is the answer to the question that the user's pool asks, "" if it asks none.
func (d *Demo) favorite(username string) string {
	for _, p := range d.seed.Pools {
		is := func(u localpool.UserSeed) bool { return u.Username == username }
		if p.Question != nil && slices.ContainsFunc(p.Users, is) {
			return p.Question.Answer
		}
	}
	return ""
}

// Seed returns the users of the demo.
func Seed() (localpool.Seed, error) {
	seed, _, err := readSeed()
	return seed, err
}

func readSeed() (localpool.Seed, map[string]says, error) {
	var file struct {
		localpool.Seed
		Scenarios map[string]says `json:"scenarios"`
	}
	err := json.Unmarshal(assets.Demo, &file)
	return file.Seed, file.Scenarios, err
}

// patience is for how many minutes a sign-in of the demo may take: the most that Cognito allows, since the time goes
// by while somebody explains what is to be seen.
const patience = 15

// Patience is that time.
const Patience = patience * time.Minute

// Start starts a demo in which f goes wrong.
func Start(f Fault) (*Demo, error) {
	seed, scenarios, err := readSeed()
	if err != nil {
		return nil, err
	}
	for i := range seed.Pools {
		for j := range seed.Pools[i].Clients {
			seed.Pools[i].Clients[j].AuthSessionValidity = patience
		}
	}
	d := &Demo{seed: seed, says: scenarios, fault: f, clients: map[string]*cognito.Client{}}
	d.phone = newPhone(d)
	if err := d.afresh(); err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	d.web = &http.Server{Handler: http.HandlerFunc(d.serve), ReadHeaderTimeout: 10 * time.Second}
	go d.web.Serve(listener)
	for _, p := range seed.Pools {
		client, err := cognito.New(
			cognito.Config{PoolID: p.ID, ClientID: p.Clients[0].ID, Endpoint: "http://" + listener.Addr().String()},
		)
		if err != nil {
			d.Stop()
			return nil, err
		}
		if d.current == nil {
			d.current = client
		}
		for _, u := range p.Users {
			d.clients[u.Username] = client
		}
	}
	return d, nil
}

// serve is an http.Handler.
func (d *Demo) serve(w http.ResponseWriter, r *http.Request) { d.pools().ServeHTTP(w, r) }

// pools are those that answer now.
func (d *Demo) pools() *localpool.Server {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.server
}

// afresh makes pools in which nothing has happened yet.
func (d *Demo) afresh() error {
	server := localpool.New(localpool.Options{Deliver: d.phone.receive})
	seed, err := server.Seed(d.seed)
	if err != nil {
		return err
	}
	for _, fault := range d.fault.faults {
		if err := server.Inject(fault); err != nil {
			return err
		}
	}
	d.phone.afresh(seed)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.server = server
	return nil
}

// Stop ends the pools.
func (d *Demo) Stop() { d.web.Close() }

// Destination says where the calls go: to all pools alike.
func (d *Demo) Destination() flow.Destination {
	to := d.current.Destination()
	to.Source = "this demo"
	return to
}

// Phone returns that of the users, which is a wizard.Companion.
func (d *Demo) Phone() ui.Phone { return d.phone }

// Scenarios returns what can be seen, with the options of a run; of one user alone if username is not "". Each begins
// with pools in which nothing has happened.
func (d *Demo) Scenarios(o flow.Options, username string) (all []wizard.Scenario, err error) {
	var names []string
	for _, p := range d.seed.Pools {
		for _, u := range p.Users {
			names = append(names, u.Username)
			if username != "" && !strings.EqualFold(username, u.Username) {
				continue
			}
			o.Pool, o.Username = p.ID, u.Username
			all = append(all, wizard.Scenario{
				Title: d.says[u.Username].Title, About: d.says[u.Username].About, Begin: d.begin(o, u.Password),
			})
		}
	}
	if len(all) == 0 {
		return nil, exit.Usagef("choose "+strings.Join(names, ", "), "the demo has no user %q", username)
	}
	return all, nil
}

// begin is a wizard.Scenario's: nobody has to type, or sees, the password.
func (d *Demo) begin(o flow.Options, password string) func() (flow.State, flow.Answer, error) {
	return func() (flow.State, flow.Answer, error) {
		if err := d.afresh(); err != nil {
			return flow.State{}, flow.Answer{}, err
		}
		return flow.Start(o), flow.Answer{Values: map[string]flow.Secret{
			"username": flow.NewSecret(o.Username), "password": flow.NewSecret(password),
		}}, nil
	}
}

// Welcome is for whoever has to type who signs in. It names the machine that the demo is on, such as "this machine",
// and where the phone is: beside the wizard or behind a key, or behind a word among lines. The list of users follows
// the sentence that it belongs to.
func (d *Demo) Welcome(machine string, lines bool) string {
	phone := "A simulated phone has your codes, beside this or behind the key p."
	if lines {
		phone = phoneInLines
	}
	var users strings.Builder
	for _, p := range d.seed.Pools {
		for _, u := range p.Users {
			fmt.Fprintf(&users, "\n  %-14s %-12s %s", u.Username, u.Password, d.says[u.Username].About)
		}
	}
	return "This is a demo. Everything stays on " + machine + ". " + phone + "\n" +
		"Sign in as one of these users." + users.String() + d.thisTime()
}

const phoneInLines = "When you need a code, :phone shows a simulated phone."

// thisTime says what goes wrong.
func (d *Demo) thisTime() string {
	if d.fault.what == "" {
		return ""
	}
	return "\n\nThis time " + d.fault.what + "."
}

// SignedIn begins a scenario in lines, which say first what this is. Its face gives what the phone
// fills in, the password at the first sign-in too, so that nobody types or sees it.
func (d *Demo) SignedIn(s wizard.Scenario, out io.Writer) (flow.State, func(ui.Face) ui.Face, error) {
	state, answer, err := s.Begin()
	if err != nil {
		return state, nil, err
	}
	_, err = fmt.Fprintf(out, "This is a demo. Everything stays on this machine.\n%s%s\n\n", phoneInLines, d.thisTime())
	return state, func(face ui.Face) ui.Face { return &signedIn{face, d.phone, &answer} }, err
}

// signedIn is a face that gives the password, and what else the demo knows.
type signedIn struct {
	ui.Face
	phone *phone
	first *flow.Answer // nil once it was given
}

// Ask implements ui.Face.
func (s *signedIn) Ask(ctx context.Context, a flow.Ask) (flow.Event, error) {
	if first := s.first; first != nil {
		s.first = nil
		return *first, nil
	}
	if a.Phase == flow.Asking {
		a = s.phone.Fills(a)
	}
	return s.Face.Ask(ctx, a)
}
