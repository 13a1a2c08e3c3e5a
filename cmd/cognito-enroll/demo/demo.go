// Package demo is the embedded user pools: those of the demo, and those that pool serves to other
// tools.
package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"cognito-enroll/assets"
	"cognito-enroll/cognito"
	"cognito-enroll/cognito/localpool"
	"cognito-enroll/flow"
	"cognito-enroll/ui"
)

// Demo is the embedded user pools behind a listener on loopback, and a client for each.
type Demo struct {
	users, fault string // in words
	phone        *phone
	web          *http.Server

	mu      sync.Mutex
	clients map[string]*cognito.Client // by username
	current *cognito.Client
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
	return client.Do(ctx, call)
}

// Seed returns the users of the demo, and what each one is there for.
func Seed() (seed localpool.Seed, scenarios map[string]string, err error) {
	var file struct {
		localpool.Seed
		Scenarios map[string]string `json:"scenarios"`
	}
	err = json.Unmarshal(assets.Demo, &file)
	return file.Seed, file.Scenarios, err
}

// Start starts a demo in which f goes wrong.
func Start(f Fault) (*Demo, error) {
	seed, scenarios, err := Seed()
	if err != nil {
		return nil, err
	}
	phone := &phone{keys: map[string]string{}, messages: map[string]localpool.Message{}}
	server := localpool.New(localpool.Options{Deliver: phone.receive})
	phone.now = server.Now
	if seed, err = server.Seed(seed); err != nil {
		return nil, err
	}
	for _, fault := range f.faults {
		if err := server.Inject(fault); err != nil {
			return nil, err
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	web := &http.Server{Handler: server, ReadHeaderTimeout: 10 * time.Second}
	go web.Serve(listener)

	d := &Demo{web: web, phone: phone, clients: map[string]*cognito.Client{}}
	var users strings.Builder
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
			fmt.Fprintf(&users, "\n  %-14s %-12s %s", u.Username, u.Password, scenarios[u.Username])
			if u.TOTP != nil {
				d.phone.keys[u.Username] = u.TOTP.Secret
			}
		}
	}
	d.users = users.String()
	if f.what != "" {
		d.fault = "\n\nThis time " + f.what + "."
	}
	return d, nil
}

// Stop ends the pools.
func (d *Demo) Stop() { d.web.Close() }

// Destination says where the calls go: to all pools alike.
func (d *Demo) Destination() flow.Destination {
	to := d.current.Destination()
	to.Source = "this demo"
	return to
}

// Phone returns that of the users.
func (d *Demo) Phone() ui.Phone { return d.phone }

// Welcome names what shows the phone: a key in the wizard, a word among lines.
func (d *Demo) Welcome(lines bool) string {
	phone := "p"
	if lines {
		phone = ":phone"
	}
	return "This is a demo. Everything stays on this machine. Sign in as one of these users.\n" +
		"When you need a code, " + phone + " shows a simulated phone.\n" + d.users + d.fault
}
