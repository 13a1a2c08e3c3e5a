package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"cognito-enroll/assets"
	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cognito"
	"cognito-enroll/cognito/localpool"
	"cognito-enroll/flow"
)

func newDemo() *cobra.Command {
	var name string
	var s settings
	var f front
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Try the wizard on a user pool inside this program",
		Long: `Try the wizard on a user pool inside this program: no AWS account, nothing to set up, and
nothing left afterwards. The first screen lists the users; p shows a simulated phone with
the code, but a real authenticator app works too.

--auth-flow choice and custom are for the user "optional", whose pool has them.
With --fault something goes wrong on the way:
` + mishapList(),
		Example: "  cognito-enroll demo\n  cognito-enroll demo --fault lost-response",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			m, ok := mishaps[name]
			if !ok {
				return exit.Usagef("see cognito-enroll demo --help", "there is no --fault %q", name)
			}
			s.options.Issuer = "Demo"
			o, err := s.flowOptions()
			if err != nil {
				return err
			}
			if o.AuthFlow == flow.Admin {
				return exit.Usagef("choose another; cognito-enroll itself takes it", "--auth-flow admin is for AWS credentials, and the demonstration has none")
			}
			f.open(cmd)
			lines, err := f.lines()
			if err != nil {
				return err
			}
			demo, err := startDemo(m)
			if err != nil {
				return err
			}
			defer demo.stop()
			o.Welcome = demo.welcome(lines)
			_, err = f.run(cmd.Context(), job{start: flow.Start(o), pool: demo, phone: demo.phone})
			return err
		},
	}
	s.addFlowTo(cmd.Flags())
	f.addTo(cmd.Flags())
	cmd.Flags().StringVar(&name, "fault", "", "`NAME` of what goes wrong, from the list above")
	return cmd
}

// demo is the embedded user pools behind a listener on loopback, and a client for each.
type demo struct {
	users, mishap string // in words
	phone         *phone
	stop          func()

	mu      sync.Mutex
	clients map[string]*cognito.Client // by user name
	current *cognito.Client
}

// Do sends a call to the pool of whoever signs in: required and optional MFA cannot be had in one.
func (d *demo) Do(ctx context.Context, call flow.Call) flow.Event {
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

// demoSeed reads the users of the demonstration.
func demoSeed() (seed localpool.Seed, roads map[string]string, err error) {
	var file struct {
		localpool.Seed
		Roads map[string]string `json:"roads"`
	}
	err = json.Unmarshal(assets.Demo, &file)
	return file.Seed, file.Roads, err
}

func startDemo(m mishap) (*demo, error) {
	seed, roads, err := demoSeed()
	if err != nil {
		return nil, err
	}
	phone := &phone{keys: map[string]string{}, messages: map[string]localpool.Message{}}
	server := localpool.New(localpool.Options{Deliver: phone.receive})
	phone.now = server.Now
	if seed, err = server.Seed(seed); err != nil {
		return nil, err
	}
	for _, f := range m.faults {
		if err := server.Inject(f); err != nil {
			return nil, err
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	web := &http.Server{Handler: server, ReadHeaderTimeout: 10 * time.Second}
	go web.Serve(listener)

	d := &demo{stop: func() { web.Close() }, phone: phone, clients: map[string]*cognito.Client{}}
	var users strings.Builder
	for _, p := range seed.Pools {
		client, err := cognito.New(cognito.Config{PoolID: p.ID, ClientID: p.Clients[0].ID, Endpoint: "http://" + listener.Addr().String()})
		if err != nil {
			d.stop()
			return nil, err
		}
		if d.current == nil {
			d.current = client
		}
		for _, u := range p.Users {
			d.clients[u.Username] = client
			fmt.Fprintf(&users, "\n  %-14s %-12s %s", u.Username, u.Password, roads[u.Username])
			if u.TOTP != nil {
				d.phone.keys[u.Username] = u.TOTP.Secret
			}
		}
	}
	d.users = users.String()
	if m.what != "" {
		d.mishap = "\n\nThis time " + m.what + "."
	}
	return d, nil
}

// welcome names what shows the phone: a key in the wizard, a word among lines.
func (d *demo) welcome(lines bool) string {
	phone := "p"
	if lines {
		phone = ":phone"
	}
	return "A demonstration: everything stays on this machine. Sign in as one of these;\n" +
		"when a code is asked for, " + phone + " shows that of a simulated phone.\n" + d.users + d.mishap
}
