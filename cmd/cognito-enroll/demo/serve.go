package demo

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"os"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/spf13/pflag"

	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cognito/localpool"
	"cognito-enroll/flow"
	"cognito-enroll/ui/ndjson"
)

// PoolOptions are the flags of pool.
type PoolOptions struct {
	listen                    string
	remote, remoteControl     bool
	empty                     bool
	seed, state               string
	region, issuer, cert, key string
}

// AddTo adds the flags.
func (o *PoolOptions) AddTo(f *pflag.FlagSet) {
	f.StringVar(&o.listen, "listen", "127.0.0.1:9229", "listen on `ADDRESS`; port 0 picks a free port")
	f.BoolVar(&o.remote, "allow-remote", false, "allow a --listen address that other machines can reach")
	f.BoolVar(&o.remoteControl, "remote-control", false,
		"with --allow-remote, also serve /_faults, /_messages and /_health")
	f.BoolVar(&o.empty, "empty", false, "start without pools")
	f.StringVar(&o.seed, "seed", "", "start with the pools in `FILE` (JSON) instead of those of the demo")
	f.StringVar(&o.state, "state", "",
		"keep pools and users in `FILE`, readable only by you; --seed fills it if it is empty")
	f.StringVar(&o.region, "region", "us-east-1", "start the IDs of new pools with `REGION`")
	f.StringVar(&o.issuer, "issuer", "aws", "name the issuer of tokens: aws, endpoint for this server, or a `URL`")
	f.StringVar(&o.cert, "tls-cert", "", "serve https with the certificate in `FILE` (PEM)")
	f.StringVar(&o.key, "tls-key", "", "read the private key of --tls-cert from `FILE` (PEM)")
}

// poolLine is what Serve prints when it is ready. Its form is documented in docs/local-pool.md.
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

// Serve serves the pools until ctx ends. On stdout it prints where, and on stderr what the pools would send.
func (o *PoolOptions) Serve(ctx context.Context, stdout, stderr io.Writer) error {
	if err := o.check(); err != nil {
		return err
	}
	percent := debug.SetGCPercent(50) // a large seed takes several forms, and what is left of each is to go soon
	restore := sync.OnceFunc(func() { debug.SetGCPercent(percent) })
	defer restore()
	seed, err := o.readSeed()
	if err != nil {
		return err
	}
	certificates, err := o.certificates()
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", o.listen)
	if err != nil {
		return exit.Usagef("choose another --listen", "%s", err)
	}
	defer listener.Close()
	endpoint := "http://" + listener.Addr().String()
	if certificates != nil {
		endpoint = "https://" + listener.Addr().String()
		listener = tls.NewListener(listener, &tls.Config{Certificates: certificates, NextProtos: []string{"http/1.1"}})
	}
	server, err := o.open(localpool.Options{
		Region: o.region, Issuer: o.issuerURL(endpoint), NoControl: o.remote && !o.remoteControl,
		Deliver: func(m localpool.Message) { ndjson.Write(stderr, m) },
	})
	if err != nil {
		return err
	}
	defer server.Close()
	if err := o.fill(server, seed); err != nil {
		return err
	}
	web := &http.Server{Handler: server, ErrorLog: log.New(stderr, "", log.LstdFlags),
		ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute}
	served := make(chan error, 1)
	go func() { served <- web.Serve(listener) }()

	line := poolLine{Endpoint: endpoint, Region: o.region, Pools: []poolEntry{}}
	for _, p := range server.Contents().Pools {
		line.Pools = append(line.Pools, entry(p))
	}
	if err := ndjson.Write(stdout, line); err != nil {
		return err
	}
	restore()
	select {
	case err := <-served:
		return err
	case <-server.Failed():
		web.Close()
		return elsewheref("free some space, or choose another --state", "%s", server.Close())
	case <-ctx.Done():
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if err := web.Shutdown(ctx); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return server.Close()
}

// check looks at the flags alone.
func (o *PoolOptions) check() error {
	switch {
	case o.empty && o.seed != "":
		return exit.Usagef("choose one of them", "--empty and --seed cannot be used together")
	case (o.cert == "") != (o.key == ""):
		return exit.Usagef("give both, or neither for http", "--tls-cert and --tls-key must be used together")
	case o.remoteControl && !o.remote:
		return exit.Usagef("leave it out; without --allow-remote these paths are always served",
			"--remote-control works only with --allow-remote")
	}
	host, _, err := net.SplitHostPort(o.listen)
	if err != nil {
		return exit.Usagef("give host and port, as in 127.0.0.1:9229", "--listen %q is not an address", o.listen)
	}
	if ip := net.ParseIP(host); !o.remote && host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return exit.Usagef("listen on 127.0.0.1, or add --allow-remote; anybody who can reach it can sign in and change "+
			"users",
			"--listen %q can be reached from other machines", o.listen)
	}
	if !flow.IsRegion(o.region) {
		return exit.Usagef("give a region, such as eu-west-1", "--region %q is not a region", o.region)
	}
	if o.issuer == "aws" || o.issuer == "endpoint" {
		return nil
	}
	u, err := url.Parse(o.issuer)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		return exit.Usagef("choose aws, endpoint, or a URL such as https://auth.example.com", "unknown --issuer %q", o.issuer)
	}
	return nil
}

// issuerURL is Options.Issuer: what comes before the pool ID in the claim iss.
func (o *PoolOptions) issuerURL(endpoint string) string {
	switch o.issuer {
	case "aws":
		return ""
	case "endpoint":
		return endpoint
	default:
		return strings.TrimSuffix(o.issuer, "/")
	}
}

func (o *PoolOptions) certificates() ([]tls.Certificate, error) {
	if o.cert == "" {
		return nil, nil
	}
	c, err := tls.LoadX509KeyPair(o.cert, o.key)
	if err != nil {
		return nil, exit.Usagef("give two PEM files that belong together", "--tls-cert and --tls-key: %s", err)
	}
	return []tls.Certificate{c}, nil
}

// readSeed is what the server starts with, unless its state has pools already.
func (o *PoolOptions) readSeed() (*localpool.SeedFile, error) {
	switch {
	case o.empty:
		return &localpool.SeedFile{}, nil
	case o.seed == "":
		seed, err := Seed()
		return &localpool.SeedFile{Seed: seed}, err
	}
	text, err := os.ReadFile(o.seed)
	if err != nil {
		return nil, exit.Usagef("give a file that you may read", "--seed: %s", err)
	}
	seed, err := localpool.ParseSeed(text)
	if err != nil {
		return nil, o.badSeed(err)
	}
	return seed, nil
}

func (o *PoolOptions) open(options localpool.Options) (*localpool.Server, error) {
	if o.state == "" {
		return localpool.New(options), nil
	}
	server, err := localpool.Open(o.state, options)
	if err != nil {
		return nil, elsewheref("choose another --state; nothing was changed", "--state: %s", err)
	}
	return server, nil
}

// fill seeds a server that has no pools. One that has keeps them: a second start with the flags of
// the first must work, but a --seed that is not used is said.
func (o *PoolOptions) fill(server *localpool.Server, seed *localpool.SeedFile) error {
	if !server.Empty() {
		if o.seed != "" {
			return exit.Usagef("leave out --seed, or choose another --state",
				"--state %s already has pools, so --seed cannot be used", o.state)
		}
		return nil
	}
	if _, err := server.Seed(seed.Seed); err != nil {
		return o.badSeed(seed.Locate(err))
	}
	return nil
}

// badSeed quotes what is in the file, which may be somebody else's.
func (o *PoolOptions) badSeed(err error) error {
	return exit.Usagef("see docs/seed.schema.json for the format of a seed", "--seed %s: %s", o.seed,
		flow.Printable(err.Error()))
}

// elsewheref is an error that leads to exit code 5.
func elsewheref(hint, format string, args ...any) error {
	return &flow.Error{Fault: flow.Elsewhere, Code: "local-pool", Msg: fmt.Sprintf(format, args...), Hint: hint}
}

func entry(p localpool.PoolSeed) poolEntry {
	e := poolEntry{p.ID, p.Name, p.MFA, make([]poolClient, 0, len(p.Clients)), make([]poolUser, 0, len(p.Users))}
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
