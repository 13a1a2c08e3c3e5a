// Package serve is the wizard for whoever connects with SSH, and nothing else: no shell, no program, no file, no
// forwarding, no credentials of AWS's. The user part of ssh PROFILE@HOST chooses one of the profiles that it was
// started with.
//
// guard.go lets through what the wizard needs of SSH. session.go leads one visitor, on a Terminal of its own;
// keys.go bounds what a visitor sends, endings.go ends a session in time, limits.go counts connections and failures.
// audit.go and metrics.go are what is seen from outside, hostkey.go is what visitors know the host by.
//
// It stands on charm.land/ssh, the server below Wish. Wish itself would add a logger and a key generator, which
// every start of the program would pay for.
package serve

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"charm.land/ssh"
	"github.com/pires/go-proxyproto"
	"github.com/spf13/pflag"
	gossh "golang.org/x/crypto/ssh"

	"cognito-enroll/cmd/cognito-enroll/demo"
	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cmd/cognito-enroll/front"
	"cognito-enroll/cmd/cognito-enroll/settings"
	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/flow"
	"cognito-enroll/ui"
)

// Options are the flags.
type Options struct {
	Listen, HostKey string
	Config          string // config.toml, "" for where it is looked for
	Profiles        []string
	Name            string // of this host, for visitors
	Demo            bool
	PublicDemo      bool
	AuthorizedKeys  string // a file
	ProxyFrom       []string
	Metrics         string // an address; "" for none
	AuditUsers      bool

	Idle, Longest, Drain             time.Duration
	Connections, PerAddress, SignIns int
}

// AddTo adds the flags.
func (o *Options) AddTo(f *pflag.FlagSet) {
	f.StringVar(&o.Listen, "listen", "127.0.0.1:2222", "listen on `ADDRESS`; :22 is for everybody")
	f.StringVar(&o.HostKey, "host-key", "", "read the host key from `FILE`, or make one there")
	f.StringVar(&o.Config, "config", "",
		"read profiles from `FILE` (default: config.toml in your configuration directory)")
	f.StringSliceVar(&o.Profiles, "profiles", nil, "serve the profiles `A,B` of config.toml, and no others")
	f.StringVar(&o.Name, "name", "", "call this host `NAME` (default: the name that the system has)")
	f.BoolVar(&o.Demo, "demo", false, "also serve the pools of the demo, as profile demo; only on loopback")
	f.BoolVar(&o.PublicDemo, "public-demo", false, "allow --demo for everybody who can connect")
	f.StringVar(&o.AuthorizedKeys, "authorized-keys", "", "let in only people who have one of the SSH keys in `FILE`")
	f.StringSliceVar(&o.ProxyFrom, "proxy-from", nil,
		"accept the PROXY protocol from balancers in the networks `CIDRS`")
	f.StringVar(&o.Metrics, "metrics", "", "serve /metrics and /healthz on `ADDRESS`, such as 127.0.0.1:9100")
	f.BoolVar(&o.AuditUsers, "audit-users", false, "write usernames in audit lines instead of hashes")
	f.DurationVar(&o.Idle, "idle-timeout", 3*time.Minute, "end a session after `TIME` without a key press")
	f.DurationVar(&o.Longest, "session-timeout", 20*time.Minute, "end a session after `TIME` in any case")
	f.DurationVar(&o.Drain, "drain", 60*time.Second, "on SIGTERM, let sessions under way finish for `TIME`")
	f.IntVar(&o.Connections, "max-connections", 600, "allow `N` connections at once")
	f.IntVar(&o.PerAddress, "max-per-address", 20, "allow `N` connections from an IPv4 address or IPv6 /64 at once")
	f.IntVar(&o.SignIns, "max-sign-ins", 30, "allow `N` sign-ins and codes a minute from an address")
}

// demoProfile is the name of the demo's.
const demoProfile = "demo"

// check looks at the flags alone.
func (o *Options) check() error {
	local, err := loopback(o.Listen)
	if err != nil {
		return exit.Usagef("give host and port, as in :2222", "--listen %q is not an address", o.Listen)
	}
	switch {
	case o.HostKey == "":
		return exit.Usagef("name a file with --host-key; it is made if it is missing", "there is no host key")
	case len(o.Profiles) == 0 && !o.Demo:
		return exit.Usagef("name profiles of config.toml with --profiles", "there is nothing to serve")
	case o.PublicDemo && !o.Demo:
		return exit.Usagef("add --demo, or leave it out", "--public-demo works only with --demo")
	case o.Demo && !o.PublicDemo && !local:
		return exit.Usagef("listen on 127.0.0.1, or add --public-demo",
			"--listen %q shows the demo to other machines", o.Listen)
	case o.Demo && slices.Contains(o.Profiles, demoProfile):
		return exit.Usagef("call the profile something else", "--demo and a profile %q cannot be used together", demoProfile)
	case o.Idle < time.Second || o.Longest < time.Second:
		return exit.Usagef("give a time such as 3m", "--idle-timeout and --session-timeout are one second at least")
	case o.Drain < 0:
		return exit.Usagef("give a time such as 1m, or 0s", "--drain cannot be less than nothing")
	case o.Connections < 1 || o.PerAddress < 1 || o.SignIns < 1:
		return exit.Usagef("give a number from 1", "a limit of nothing would let nobody in")
	case flow.Unprintable(o.Name) != "":
		return exit.Usagef("give a host name", "--name %q cannot be printed", o.Name)
	}
	if o.Metrics != "" {
		if local, err := loopback(o.Metrics); err != nil || !local {
			return exit.Usagef("give an address such as 127.0.0.1:9100",
				"--metrics %q is not an address on loopback", o.Metrics)
		}
	}
	for _, network := range o.ProxyFrom {
		if _, err := netip.ParsePrefix(network); err != nil {
			return exit.Usagef("give a network such as 10.0.0.0/24", "--proxy-from %q is not a network", network)
		}
	}
	return nil
}

// place is what a profile leads to.
type place struct {
	name, pool string // pool is in words
	open       func(flags *pflag.FlagSet, lines bool) (job, func(), error)
}

// job is what a visitor is led through.
type job struct {
	front.Job
	options flow.Options
}

// server is one process.
type server struct {
	Options
	terminal *terminal.Terminal
	places   map[string]*place
	key      hostKey
	allowed  map[string]bool // SSH keys, as they are on the wire; nil lets everybody in
	limits   *limits
	counters *counters
	audits   *lines
	greet    time.Duration // how long a connection may take to begin the handshake,
	begin    time.Duration // and how long a session

	draining, drained chan struct{} // closed, one after the other
	hurry             func()        // closes drained, once
	sessions          sync.WaitGroup

	mu    sync.Mutex
	warns map[string]time.Time // when there was a line of that kind
}

// Run serves until ctx ends, and then lets the sessions under way finish. Audit lines go to t's Out, what else there
// is to say to its Err.
func (o Options) Run(ctx context.Context, t *terminal.Terminal) error {
	if err := o.check(); err != nil {
		return err
	}
	s, err := o.server(t)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", o.Listen)
	if err != nil {
		return exit.AsUsage(err, "choose another --listen")
	}
	var metrics net.Listener
	if o.Metrics != "" {
		if metrics, err = net.Listen("tcp", o.Metrics); err != nil {
			listener.Close()
			return exit.AsUsage(err, "choose another --metrics")
		}
		s.say("metrics on http://%s/metrics", metrics.Addr())
	}
	for _, line := range s.key.lines(s.Name, o.HostKey) {
		s.say("%s", line)
	}
	s.say("serving %s on %s", strings.Join(s.names(), ", "), listener.Addr())
	ctx, stop := t.UntilInterrupted(ctx, terminal.Leave{Grace: o.grace(), Left: s.dismiss})
	defer stop()
	return s.serve(ctx, listener, metrics)
}

// dismiss ends all sessions, whose screens may show keys, and waits until they are over, but not for somebody who takes
// nothing.
func (s *server) dismiss() {
	s.hurry()
	select {
	case <-s.over():
	case <-time.After(closeWithin):
	}
}

// over is closed when no session is under way.
func (s *server) over() <-chan struct{} {
	over := make(chan struct{})
	go func() {
		s.sessions.Wait()
		close(over)
	}()
	return over
}

// server reads everything that is read from files, before anybody can connect.
func (o Options) server(t *terminal.Terminal) (*server, error) {
	if o.Name == "" {
		o.Name, _ = os.Hostname()
	}
	o.Name = cmp.Or(flow.Printable(o.Name), "localhost")
	s := &server{
		Options: o, terminal: t, places: map[string]*place{}, counters: newCounters(), audits: &lines{w: t.Out},
		greet:    greetWithin,
		begin:    beginWithin,
		limits:   newLimits(o.Connections, o.PerAddress, o.SignIns),
		draining: make(chan struct{}), drained: make(chan struct{}), warns: map[string]time.Time{},
	}
	s.hurry = sync.OnceFunc(func() { close(s.drained) })
	for _, name := range o.Profiles {
		p, err := settings.OpenProfile(t, o.Config, name)
		if err != nil {
			return nil, err
		}
		s.places[name] = fromProfile(name, p)
	}
	if o.Demo {
		s.places[demoProfile] = fromDemo()
	}
	var err error
	if o.AuthorizedKeys != "" {
		if s.allowed, err = readAllowed(t, o.AuthorizedKeys); err != nil {
			return nil, err
		}
	}
	s.key, err = readHostKey(t, o.HostKey)
	return s, err
}

func fromProfile(name string, p *settings.Profile) *place {
	return &place{
		name: name, pool: flow.Fill("user pool {pool}", "pool", p.Options.Pool),
		open: func(flags *pflag.FlagSet, _ bool) (job, func(), error) {
			p.Dress(flags)
			return job{front.Job{Pool: p.Client}, p.Options}, func() {}, nil
		},
	}
}

// fromDemo gives each visitor pools of his own, so that nobody meets what another did.
func fromDemo() *place {
	return &place{
		name: demoProfile, pool: "user pools that end with your session",
		open: func(_ *pflag.FlagSet, lines bool) (job, func(), error) {
			none, _ := demo.FaultNamed("")
			pools, err := demo.Start(none)
			if err != nil {
				return job{}, nil, err
			}
			o := flow.Options{
				Issuer: "Demo", To: pools.Destination(), Welcome: pools.Welcome("this host", lines), Patience: demo.Patience,
			}
			return job{front.Job{Pool: pools, Phone: pools.Phone()}, o}, pools.Stop, nil
		},
	}
}

// readAllowed reads an authorized_keys file. Options there restrict a key; none is known here, so none is accepted.
func readAllowed(t *terminal.Terminal, name string) (map[string]bool, error) {
	if err := t.Allows(name); err != nil {
		return nil, err
	}
	info, err := os.Stat(name)
	if err == nil && (info.Mode().Perm()&0o022 != 0 || t.Trusted != nil && !t.Trusted(info)) {
		return nil, exit.Usagef("use a file of your own that only you can write", "%q can be written by others", name)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, exit.AsUsage(err, "check --authorized-keys")
	}
	keys := map[string]bool{}
	number := 0
	for line := range strings.Lines(string(text)) {
		number++
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		key, _, options, _, err := ssh.ParseAuthorizedKey([]byte(line))
		if err != nil || len(options) > 0 {
			return nil, exit.Usagef("put only keys there, one a line and without options such as from=",
				"line %d of %q is not a key that can be used", number, name)
		}
		keys[string(key.Marshal())] = true
	}
	if len(keys) == 0 {
		return nil, exit.Usagef("add a key to it", "%q has no key, so nobody could come in", name)
	}
	return keys, nil
}

// names are those of the profiles.
func (s *server) names() []string { return slices.Sorted(maps.Keys(s.places)) }

// serve serves until ctx ends.
func (s *server) serve(ctx context.Context, listener, metrics net.Listener) error {
	if metrics != nil {
		web := s.web()
		go web.Serve(metrics)
		defer web.Close()
	}
	sshd := s.sshd()
	failed := make(chan error, 1)
	go func() { failed <- sshd.Serve(s.accepts(listener)) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	s.counters.add("draining", 1)
	s.mu.Lock()
	close(s.draining)
	s.mu.Unlock()
	s.say("no new sessions; those under way have %s", ui.Spoken(max(s.Drain, time.Second)))
	listener.Close()
	over := s.over()
	select {
	case <-over:
	case <-time.After(s.Drain):
	}
	s.hurry()
	select {
	case <-over:
	case <-time.After(closeWithin + leaveWithin):
	}
	if err := sshd.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}

// grace is how long it may take to end.
func (o Options) grace() time.Duration { return o.Drain + closeWithin + leaveWithin + 3*time.Second }

// enter counts a session, until it is Done, unless the service was told to end.
func (s *server) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.leaving() {
		return false
	}
	s.sessions.Add(1)
	return true
}

// leaving reports whether the service was told to end.
func (s *server) leaving() bool {
	select {
	case <-s.draining:
		return true
	default:
		return false
	}
}

// sshd is the SSH server, with the limits that stand behind those of the sessions.
func (s *server) sshd() *ssh.Server {
	const behind = 30 * time.Second
	sshd := &ssh.Server{
		Handler: s.handle, HostSigners: []ssh.Signer{s.key.Signer}, Version: "cognito-enroll",
		HandshakeTimeout: shakeWithin, IdleTimeout: s.Idle + behind, MaxTimeout: beginWithin + s.Longest + behind,
		ServerConfigCallback: func(ssh.Context) *gossh.ServerConfig { return s.config() },
		ConnCallback:         s.connected,
		ConnectionFailedCallback: func(net.Conn, error) {
			s.counters.add("handshakes_failed_total", 1)
			s.warn("handshake", "a connection was not SSH, took too long or was not let in")
		},
		ChannelHandlers:   s.channels(),
		RequestHandlers:   s.requests(),
		SubsystemHandlers: map[string]ssh.SubsystemHandler{},
	}
	if s.allowed != nil {
		sshd.PublicKeyHandler = func(_ ssh.Context, key ssh.PublicKey) bool { return s.allowed[string(key.Marshal())] }
	}
	return sshd
}

// config has the algorithms that x/crypto prefers, without SHA-1.
func (s *server) config() *gossh.ServerConfig {
	c := &gossh.ServerConfig{MaxAuthTries: 6}
	c.SetDefaults()
	old := func(name string) bool { return strings.Contains(name, "sha1") }
	c.KeyExchanges = slices.DeleteFunc(slices.Clone(c.KeyExchanges), old)
	c.MACs = slices.DeleteFunc(slices.Clone(c.MACs), old)
	c.PublicKeyAuthAlgorithms = []string{
		gossh.KeyAlgoED25519, gossh.KeyAlgoSKED25519, gossh.KeyAlgoSKECDSA256, gossh.KeyAlgoECDSA256,
		gossh.KeyAlgoECDSA384, gossh.KeyAlgoECDSA521, gossh.KeyAlgoRSASHA256, gossh.KeyAlgoRSASHA512,
	}
	return c
}

// accepts reads the address of a visitor from the PROXY protocol, where a balancer of --proxy-from connects.
func (s *server) accepts(listener net.Listener) net.Listener {
	if len(s.ProxyFrom) == 0 {
		return listener
	}
	var networks []netip.Prefix
	for _, network := range s.ProxyFrom {
		networks = append(networks, netip.MustParsePrefix(network).Masked())
	}
	return &proxyproto.Listener{
		Listener: listener, ReadHeaderTimeout: 10 * time.Second,
		ConnPolicy: func(o proxyproto.ConnPolicyOptions) (proxyproto.Policy, error) {
			at, err := netip.ParseAddrPort(o.Upstream.String())
			trusted := err == nil && slices.ContainsFunc(networks, func(p netip.Prefix) bool {
				return p.Contains(at.Addr().Unmap())
			})
			if trusted {
				return proxyproto.REQUIRE, nil
			}
			return proxyproto.SKIP, nil
		},
	}
}

// connected counts a connection, or refuses it. One that begins no session in time is closed: it would be in the way
// of others, for as long as it says something now and then.
func (s *server) connected(ctx ssh.Context, conn net.Conn) net.Conn {
	s.counters.add("connections_total", 1)
	if !s.limits.connect() {
		s.counters.count("connections_refused_total", "limit", "connections")
		s.warn("connections", "there are as many connections as --max-connections allows")
		return nil
	}
	from := network(conn.RemoteAddr()) // which may have to be read
	if !s.limits.comes(from) {
		s.limits.disconnect()
		s.counters.count("connections_refused_total", "limit", "address")
		s.warn("address", "an address has as many connections as --max-per-address allows")
		return nil
	}
	s.counters.add("connections", 1)
	c := &counting{Conn: conn, gone: sync.OnceFunc(func() {
		s.limits.goes(from)
		s.limits.disconnect()
		s.counters.add("connections", -1)
	})}
	c.mute = time.AfterFunc(s.greet, func() { c.Conn.Close() })
	c.unused = time.AfterFunc(s.begin, func() {
		s.counters.count("connections_refused_total", "limit", "time")
		s.warn("unused", "a connection began no session in time")
		c.Close()
	})
	ctx.SetValue(theConnection{}, c)
	return c
}

// theConnection is the key of a connection in its context.
type theConnection struct{}

// counting is a connection whose end is counted.
type counting struct {
	net.Conn
	gone     func()
	mute     *time.Timer // until it begins the handshake,
	unused   *time.Timer // and until it begins a session
	heard    atomic.Int64
	requests atomic.Int64
}

// Read implements net.Conn.
func (c *counting) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	// With CR and LF the line that an SSH client begins with has 255 bytes at most (RFC 4253, section 4.2): what is
	// longer is a key exchange.
	const longest = 255
	if c.heard.Add(int64(n)) > longest {
		c.mute.Stop()
	}
	return n, err
}

// Close implements net.Conn.
func (c *counting) Close() error {
	c.mute.Stop()
	c.unused.Stop()
	c.gone()
	return c.Conn.Close()
}

// refused counts what is not served of SSH.
func (s *server) refused(kind string) {
	s.counters.count("requests_refused_total", "kind", kind)
	s.warn("request", "something was asked for that is not served: "+kind)
}

// say writes a line for whoever runs this.
func (s *server) say(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fmt.Fprintf(s.terminal.Err, "cognito-enroll: "+format+"\n", args...)
}

// warn writes a line of a kind, at most one a minute: whoever makes them is not to fill the disk.
func (s *server) warn(kind, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if now.Sub(s.warns[kind]) < time.Minute {
		return
	}
	s.warns[kind] = now
	fmt.Fprintf(s.terminal.Err, "cognito-enroll: %s; further ones are counted in the metrics\n", text)
}

// audit writes the line of a session.
func (s *server) audit(a audit) {
	s.counters.count("sessions_total", "result", a.Result)
	if a.Result == "bug" {
		s.counters.add("panics_total", 1)
	}
	if err := s.audits.write(a); err != nil {
		s.warn("audit", "an audit line could not be written")
	}
}
