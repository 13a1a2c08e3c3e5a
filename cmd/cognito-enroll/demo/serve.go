package demo

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"time"

	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cognito/localpool"
)

// poolLine is what Serve prints when it is ready. Its form is documented in the README.
type poolLine struct {
	Endpoint string      `json:"endpoint"`
	Region   string      `json:"region"`
	Pools    []poolEntry `json:"pools"`
}

type (
	poolEntry struct {
		ID      string       `json:"id"`
		Name    string       `json:"name"`
		MFA     string       `json:"mfa"`
		Clients []poolClient `json:"clients"`
		Users   []poolUser   `json:"users"`
	}
	poolClient struct {
		ID     string `json:"id"`
		Secret string `json:"secret,omitempty"`
	}
	poolUser struct {
		Username string `json:"username"`
		Password string `json:"password"`
		TOTP     string `json:"totp,omitempty"` // base32 key of a user who is enrolled
	}
)

// Serve serves the pools at the address listen until ctx ends. Only with remote it may be one that other
// machines reach. On stdout it prints where, and on stderr what the pools would send.
func Serve(ctx context.Context, stdout, stderr io.Writer, listen string, remote bool) error {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return exit.Usagef("give host and port, as in 127.0.0.1:9229", "--listen %q is no address", listen)
	}
	if ip := net.ParseIP(host); !remote && host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return exit.Usagef("listen on 127.0.0.1, or add --allow-remote: anybody who reaches it can sign in and change users",
			"--listen %q can be reached from other machines", listen)
	}
	seed, _, err := Seed()
	if err != nil {
		return err
	}
	mail := json.NewEncoder(stderr)
	server := localpool.New(localpool.Options{Deliver: func(m localpool.Message) { mail.Encode(m) }})
	if seed, err = server.Seed(seed); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return exit.Usagef("choose another --listen", "%s", err)
	}
	web := &http.Server{Handler: server, ReadHeaderTimeout: 10 * time.Second}
	served := make(chan error, 1)
	go func() { served <- web.Serve(listener) }()

	line := poolLine{Endpoint: "http://" + listener.Addr().String(), Region: "us-east-1"}
	for _, p := range seed.Pools {
		line.Pools = append(line.Pools, entry(p))
	}
	if err := json.NewEncoder(stdout).Encode(line); err != nil {
		return err
	}
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if err := web.Shutdown(ctx); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

func entry(p localpool.PoolSeed) poolEntry {
	e := poolEntry{ID: p.ID, Name: p.Name, MFA: p.MFA}
	for _, c := range p.Clients {
		e.Clients = append(e.Clients, poolClient{c.ID, c.Secret})
	}
	for _, u := range p.Users {
		user := poolUser{Username: u.Username, Password: u.Password}
		if u.TOTP != nil {
			user.TOTP = u.TOTP.Secret
		}
		e.Users = append(e.Users, user)
	}
	return e
}
