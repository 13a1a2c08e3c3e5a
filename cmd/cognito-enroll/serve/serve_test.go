package serve

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spf13/pflag"
	gossh "golang.org/x/crypto/ssh"

	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cmd/cognito-enroll/front"
	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/flow"
	"cognito-enroll/ui"
)

// written is a stream that others wait for.
type written struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (w *written) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.Write(p)
}

func (w *written) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

// waits until pattern matches, and returns its groups.
func (w *written) waits(t *testing.T, pattern string) []string {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if m := regexp.MustCompile(pattern).FindStringSubmatch(w.String()); m != nil {
			return m
		}
	}
	t.Fatalf("%q is never written:\n%q", pattern, w.String())
	return nil
}

// host is a service in this process.
type host struct {
	server      *server
	address     string
	audit, said *written
	writes      *atomic.Int64 // that are under way
	stop        func()
}

// narrow is a listener whose connections hold little of what the other side does not read.
type narrow struct {
	net.Listener
	writes atomic.Int64
}

// Accept implements net.Listener.
func (n *narrow) Accept() (net.Conn, error) {
	c, err := n.Listener.Accept()
	if err != nil {
		return nil, err
	}
	if err := c.(*net.TCPConn).SetWriteBuffer(narrowest); err != nil {
		return nil, err
	}
	return &writing{c, &n.writes}, nil
}

// narrowest is a buffer, in bytes.
const narrowest = 4096

// writing counts the writes that are under way.
type writing struct {
	net.Conn
	writes *atomic.Int64
}

// Write implements net.Conn.
func (w *writing) Write(p []byte) (int, error) {
	w.writes.Add(1)
	defer w.writes.Add(-1)
	return w.Conn.Write(p)
}

// serves starts one with the demo and more flags. changed may change it before.
func serves(t *testing.T, changed func(*server), flags ...string) *host {
	t.Helper()
	h := &host{audit: &written{}, said: &written{}}
	var o Options
	set := pflag.NewFlagSet("serve", pflag.ContinueOnError)
	o.AddTo(set)
	args := []string{"--demo", "--name", "host.example", "--host-key", filepath.Join(t.TempDir(), "host.key")}
	if err := set.Parse(append(args, flags...)); err != nil {
		t.Fatal(err)
	}
	if err := o.check(); err != nil {
		t.Fatal(err)
	}
	s, err := o.server(&terminal.Terminal{Out: h.audit, Err: h.said, May: terminal.May{Files: true}})
	if err != nil {
		t.Fatal(err)
	}
	if changed != nil {
		changed(s)
	}
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener := &narrow{Listener: tcp}
	h.writes = &listener.writes
	h.server, h.address = s, listener.Addr().String()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.serve(ctx, listener, nil) }()
	h.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(h.stop)
	return h
}

// client connects as a profile's visitor.
func (h *host) client(t *testing.T, profile string) *gossh.Client {
	t.Helper()
	c, err := gossh.Dial("tcp", h.address, &gossh.ClientConfig{
		User: profile, HostKeyCallback: gossh.InsecureIgnoreHostKey(), Timeout: 20 * time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// visitor is a session with a terminal that answers that it knows UTF-8.
type visitor struct {
	*gossh.Session
	keys   io.WriteCloser
	screen *written
}

func (h *host) visits(t *testing.T, columns, rows int, command ...string) *visitor {
	t.Helper()
	session, err := h.client(t, "demo").NewSession()
	if err != nil {
		t.Fatal(err)
	}
	v := &visitor{Session: session, screen: &written{}}
	session.Stdout = v.screen
	if v.keys, err = session.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := session.RequestPty("xterm-256color", rows, columns, nil); err != nil {
		t.Fatal(err)
	}
	if len(command) > 0 {
		if err := session.Start(command[0]); err != nil {
			t.Fatal(err)
		}
		return v
	}
	if err := session.Shell(); err != nil {
		t.Fatal(err)
	}
	io.WriteString(v.keys, "\x1b[1;2R")
	return v
}

// code is the exit code of the session.
func (v *visitor) code() int {
	switch err := v.Wait().(type) {
	case nil:
		return 0
	case *gossh.ExitError:
		return err.ExitStatus()
	default:
		return -1
	}
}

// line is the last audit line, once there are n.
func (h *host) line(t *testing.T, n int) (last audit) {
	t.Helper()
	text := h.audit.waits(t, fmt.Sprintf(`^(?:.*\n){%d}`, n))[0]
	all := strings.Split(strings.TrimSpace(text), "\n")
	if err := json.Unmarshal([]byte(all[n-1]), &last); err != nil {
		t.Fatal(err)
	}
	return last
}

// counts waits until the metrics contain text.
func (h *host) counts(t *testing.T, text string) {
	t.Helper()
	var b strings.Builder
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		b.Reset()
		if h.server.counters.write(&b); strings.Contains(b.String(), text) {
			return
		}
	}
	t.Fatalf("%q is never counted:\n%s", text, b.String())
}

// TestRequests: of what SSH can ask for, only this is granted. The library below would grant agents and any variable.
func TestRequests(t *testing.T) {
	h := serves(t, nil)
	c := h.client(t, "demo")
	channel, requests, err := c.OpenChannel("session", nil)
	if err != nil {
		t.Fatal(err)
	}
	go gossh.DiscardRequests(requests)
	variable := func(name, value string) []byte {
		return gossh.Marshal(struct{ Name, Value string }{name, value})
	}
	for _, tc := range []struct {
		kind    string
		payload []byte
		granted bool
	}{
		{"env", variable("LANG", "en_GB.UTF-8"), true},
		{"env", variable("LC_ALL", "C"), true},
		{"env", variable("LC_MESSAGES", ""), true},
		{"env", variable("COLORTERM", "truecolor"), true},
		{"env", variable("NO_COLOR", "1"), true},
		{"env", variable("LANG", "C\x1b[31m"), false},
		{"env", variable("LANG", strings.Repeat("x", 65)), false},
		{"env", variable("LC_", "C"), true},
		{"env", variable("LC_all", "C"), false},
		{"env", variable("LC_ALL\n", "C"), false},
		{"env", variable("TERM", "xterm"), false},
		{"env", variable("PATH", "/"), false},
		{"env", variable("AWS_PROFILE", "x"), false},
		{"env", []byte{0, 0}, false},
		{"auth-agent-req@openssh.com", nil, false},
		{"x11-req", gossh.Marshal(struct {
			Single         bool
			Protocol, Text string
			Screen         uint32
		}{false, "MIT-MAGIC-COOKIE-1", "00", 0}), false},
		{"subsystem", gossh.Marshal(struct{ Name string }{"sftp"}), false},
		{"signal", gossh.Marshal(struct{ Name string }{"KILL"}), false},
		{"break", []byte{0, 0, 0, 0}, false},
		{"window-change", []byte{1}, false},
		{"pty-req", []byte{0, 0, 0, 9}, false},
		{"unheard@of", nil, false},
	} {
		granted, err := channel.SendRequest(tc.kind, true, tc.payload)
		if err != nil || granted != tc.granted {
			t.Errorf("%s %q: granted %v, %v", tc.kind, tc.payload, granted, err)
		}
	}
	for _, kind := range []string{"session", "direct-tcpip", "direct-streamlocal@openssh.com", "tun@openssh.com", "x11"} {
		if other, _, err := c.OpenChannel(kind, nil); err == nil {
			other.Close()
			t.Errorf("a channel %s is opened", kind)
		}
	}
	for _, kind := range []string{"tcpip-forward", "streamlocal-forward@openssh.com", "keepalive@openssh.com"} {
		if ok, _, err := c.SendRequest(kind, true, nil); ok || err != nil {
			t.Errorf("%s: granted %v, %v", kind, ok, err)
		}
	}
	for range 100 { // more variables than anybody has
		channel.SendRequest("env", false, variable("LANG", "C"))
	}
	if granted, err := channel.SendRequest("env", true, variable("LANG", "C")); granted || err != nil {
		t.Errorf("one variable more is taken: %v", err)
	}
}

// TestRequestsWithoutEnd: whoever sends requests without end is cut off, whatever they are. Nobody else is.
func TestRequestsWithoutEnd(t *testing.T) {
	for name, ask := range map[string]func(*gossh.Client, gossh.Channel) error{
		"of the connection": func(c *gossh.Client, _ gossh.Channel) error {
			_, _, err := c.SendRequest("keepalive@openssh.com", false, nil)
			return err
		},
		"of the session": func(_ *gossh.Client, session gossh.Channel) error {
			_, err := session.SendRequest("env", false, gossh.Marshal(struct{ Name, Value string }{"PATH", "/"}))
			return err
		},
		"sizes": func(_ *gossh.Client, session gossh.Channel) error {
			_, err := session.SendRequest("window-change", false, gossh.Marshal(struct{ C, R, W, H uint32 }{80, 24, 0, 0}))
			return err
		},
		"channels": func(c *gossh.Client, _ gossh.Channel) error {
			if _, _, err := c.OpenChannel("direct-tcpip", nil); !errors.As(err, new(*gossh.OpenChannelError)) {
				return err
			}
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := serves(t, nil)
			other := h.client(t, "demo")
			c := h.client(t, "demo")
			session, requests, err := c.OpenChannel("session", nil)
			if err != nil {
				t.Fatal(err)
			}
			go gossh.DiscardRequests(requests)
			n := 0
			for ; n < 20*mostRequests; n++ {
				if ask(c, session) != nil {
					break
				}
			}
			if n < mostRequests/2 || n == 20*mostRequests {
				t.Errorf("it ends after %d", n)
			}
			if _, _, err := other.SendRequest("keepalive@openssh.com", true, nil); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestUserWithEscapes: the name of a profile may be anything, and no command to a terminal comes back, on the visitor's
// or on the host's.
func TestUserWithEscapes(t *testing.T) {
	h := serves(t, nil)
	for n, user := range []string{
		"x\x1b]0;owned\a\x1b[31m", "\x9b31m", "x\r\ny", "\u202edemo", "\xff\xfe", strings.Repeat("x", 30<<10), "", "demo\x00",
	} {
		session, err := h.client(t, user).NewSession()
		if err != nil {
			t.Fatal(err)
		}
		session.RequestPty("xterm", 24, 80, nil)
		var said, problem bytes.Buffer
		session.Stdout, session.Stderr = &said, &problem
		if session.Run("plain") == nil {
			t.Errorf("%.20q is a profile", user)
		}
		text := strings.TrimRight(problem.String(), "\r\n")
		if said.Len() > 0 || flow.Unprintable(text) != "" || len(text) > 300 || !strings.Contains(text, "no profile") {
			t.Errorf("%.20q: it says %q, %q", user, said.String(), text)
		}
		if line := h.line(t, n+1); line.Result != "refused" || flow.Unprintable(line.Profile) != "" || len(line.Profile) > 300 {
			t.Errorf("%.20q: the audit line is %+v", user, line)
		}
	}
	for line := range strings.Lines(h.audit.String() + h.said.String()) {
		if flow.Unprintable(strings.TrimSuffix(line, "\n")) != "" {
			t.Errorf("the host says %q", line)
		}
	}
}

// TestKey: a missing key is made, readable by its owner only, and told loudly. One that others can read is refused,
// and so is what is no key.
func TestHostKey(t *testing.T) {
	on := &terminal.Terminal{May: terminal.May{Files: true}}
	name := filepath.Join(t.TempDir(), "host.key")
	made, err := readHostKey(on, name)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(name)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v, %v", info.Mode(), err)
	}
	again, err := readHostKey(on, name)
	if err != nil || !bytes.Equal(made.PublicKey().Marshal(), again.PublicKey().Marshal()) ||
		!bytes.Equal(made.audit, again.audit) || len(made.audit) != 32 {
		t.Errorf("another key is read: %v", err)
	}
	const told = `(?s)NEW host key in ".*host key SHA256:\S{43} \(ssh-ed25519\).*host\.example\. IN SSHFP 4 2 [0-9a-f]{64}`
	if text := strings.Join(made.lines("host.example", name), "\n"); !regexp.MustCompile(told).MatchString(text) {
		t.Errorf("of a new key it says\n%s", text)
	}
	if text := strings.Join(again.lines("host.example", name), "\n"); strings.Contains(text, "NEW") {
		t.Errorf("of an old key it says\n%s", text)
	}
	if err := os.Chmod(name, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := readHostKey(on, name); exit.Code(err) != exit.Usage || !strings.Contains(err.Error(), "read by others") {
		t.Errorf("a key that others can read: %v", err)
	}
	given := &terminal.Terminal{
		May: on.May, Environ: []string{"CREDENTIALS_DIRECTORY=" + filepath.Dir(name)},
	}
	if _, err := readHostKey(given, name); err != nil {
		t.Errorf("a credential of systemd: %v", err)
	}
	_, private, _ := ed25519.GenerateKey(rand.Reader)
	locked, err := gossh.MarshalPrivateKeyWithPassphrase(private, "", []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"", "no key", string(pem.EncodeToMemory(locked))} {
		bad := filepath.Join(t.TempDir(), "bad.key")
		if err := os.WriteFile(bad, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := readHostKey(on, bad); exit.Code(err) != exit.Usage {
			t.Errorf("%.20q: %v", text, err)
		}
	}
	if _, err := readHostKey(on, filepath.Join(t.TempDir(), "no", "folder")); exit.Code(err) != exit.Usage {
		t.Errorf("where no file can be made: %v", err)
	}
}

// TestHostKeyAlgorithms: each kind of key works with clients of today, and none signs SHA-1. A short one is refused.
func TestHostKeyAlgorithms(t *testing.T) {
	file := func(private any) string {
		der, err := x509.MarshalPKCS8PrivateKey(private)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(t.TempDir(), "host.key")
		if err := os.WriteFile(name, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	rsaKey := func(bits int) *rsa.PrivateKey {
		key, err := rsa.GenerateKey(rand.Reader, bits)
		if err != nil {
			t.Fatal(err)
		}
		return key
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	all := []string{gossh.KeyAlgoRSA, gossh.KeyAlgoRSASHA256, gossh.KeyAlgoRSASHA512, gossh.KeyAlgoECDSA256}
	for _, tc := range []struct {
		key  any
		work []string
	}{
		{rsaKey(2048), []string{gossh.KeyAlgoRSASHA256, gossh.KeyAlgoRSASHA512}}, {curve, []string{gossh.KeyAlgoECDSA256}},
	} {
		h := serves(t, nil, "--host-key", file(tc.key))
		for _, algorithm := range all {
			c, err := gossh.Dial("tcp", h.address, &gossh.ClientConfig{
				User: "demo", HostKeyCallback: gossh.InsecureIgnoreHostKey(), HostKeyAlgorithms: []string{algorithm},
				Timeout: 20 * time.Second,
			})
			if works := slices.Contains(tc.work, algorithm); works != (err == nil) {
				t.Errorf("%T with %s: %v", tc.key, algorithm, err)
			}
			if err == nil {
				c.Close()
			}
		}
	}
	on := &terminal.Terminal{May: terminal.May{Files: true}}
	if _, err := readHostKey(on, file(rsaKey(1024))); exit.Code(err) != exit.Usage || exit.Hint(err) == "" {
		t.Errorf("a short key: %v", err)
	}
}

// TestAllowed: with an allow-list, whoever has one of the keys comes in, also when others are offered first, and
// nobody else does. Passwords are never asked for.
func TestAllowed(t *testing.T) {
	signer := func() gossh.Signer {
		_, private, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		s, err := gossh.NewSignerFromKey(private)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	known, others := signer(), []gossh.Signer{signer(), signer(), signer(), signer()}
	name := filepath.Join(t.TempDir(), "authorized_keys")
	text := "# who may come\n\n" + string(gossh.MarshalAuthorizedKey(known.PublicKey()))
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	h := serves(t, nil, "--authorized-keys", name)
	dial := func(auth ...gossh.AuthMethod) error {
		c, err := gossh.Dial("tcp", h.address, &gossh.ClientConfig{
			User: "demo", HostKeyCallback: gossh.InsecureIgnoreHostKey(), Auth: auth, Timeout: 20 * time.Second,
		})
		if err == nil {
			c.Close()
		}
		return err
	}
	if err := dial(gossh.PublicKeys(append(others, known)...)); err != nil {
		t.Errorf("the fifth key: %v", err)
	}
	if dial(gossh.PublicKeys(others...)) == nil || dial() == nil {
		t.Error("somebody else comes in")
	}
	asked := false
	dial(gossh.PasswordCallback(func() (string, error) { asked = true; return "x", nil }),
		gossh.KeyboardInteractive(func(string, string, []string, []bool) ([]string, error) { asked = true; return nil, nil }))
	if asked {
		t.Error("a password is asked for")
	}
	on := &terminal.Terminal{May: terminal.May{Files: true}}
	restricted := "from=\"10.0.0.0/8\" " + string(gossh.MarshalAuthorizedKey(known.PublicKey()))
	for _, bad := range []string{"", "# nobody\n", "not a key\n", restricted} {
		os.WriteFile(name, []byte(bad), 0o600)
		if _, err := readAllowed(on, name); exit.Code(err) != exit.Usage {
			t.Errorf("%.30q: %v", bad, err)
		}
	}
}

// TestFailures: three with one name from one address, and the address waits; ten with one name from anywhere, and
// everybody waits with that name. Nobody waits for longer than five minutes, and others do not wait.
func TestFailures(t *testing.T) { synctest.Test(t, failuresTest) }

func failuresTest(t *testing.T) {
	l := newLimits(1, 1, 1000)
	at := func(s string) net.Addr { return net.TCPAddrFromAddrPort(netip.MustParseAddrPort(s)) }
	here, there := network(at("192.0.2.1:1")), network(at("192.0.2.2:1"))
	for n := range 3 {
		if l.signsIn("ann", here) != 0 {
			t.Fatalf("the sign-in after %d failures waits", n)
		}
		l.failed("ann", here)
		l.signedIn("ann", here)
	}
	if wait := l.signsIn(" ANN ", here); wait != firstWait {
		t.Errorf("after three failures one waits %v", wait)
	}
	if l.signsIn("bob", here) != 0 || l.signsIn("ann", there) != 0 {
		t.Error("others wait")
	}
	l.signedIn("bob", here)
	l.signedIn("ann", there)
	for range 40 {
		l.failed("ann", here)
	}
	if wait := l.signsIn("ann", here); wait != longestWait {
		t.Errorf("after many failures one waits %v", wait)
	}
	if wait := l.signsIn("ann", there); wait != longestWait {
		t.Errorf("after many failures from elsewhere one waits %v", wait)
	}
	time.Sleep(longestWait)
	if l.signsIn("ann", here) != 0 {
		t.Error("one waits for longer than the longest wait")
	}
	l.signedIn("ann", here)
	l.succeeded("ann", here)
	l.failed("ann", here)
	if l.signsIn("ann", here) != 0 {
		t.Error("failures before a success count")
	}
	for i := range mostFailures + 100 {
		l.failed(fmt.Sprint(i), here)
	}
	if len(l.failures) > mostFailures {
		t.Errorf("%d failures are kept", len(l.failures))
	}
}

// TestAtOnce: guesses that are made side by side are no more than those that are made one after the other. Whose name
// has failed often may still sign in, once at a time.
func TestAtOnce(t *testing.T) { synctest.Test(t, atOnceTest) }

func atOnceTest(t *testing.T) {
	l := newLimits(1, 1, 1000)
	from := func(i int) netip.Prefix { return network(&net.TCPAddr{IP: net.IPv4(192, 0, 2, byte(i))}) }
	let := func(name string, addresses int) (n int) {
		for i := range 100 {
			if l.signsIn(name, from(i%addresses)) == 0 {
				n++
			}
		}
		return n
	}
	if n := let("ann", 1); n != failuresHere {
		t.Errorf("%d are let through from one address", n)
	}
	if n := let("bob", 50); n != failuresName {
		t.Errorf("%d are let through from anywhere", n)
	}
	for range failuresHere {
		l.failed("ann", from(0))
		l.signedIn("Ann ", from(0))
	}
	if n := let("ann", 1); n != 0 {
		t.Errorf("%d are let through while one has to wait", n)
	}
	time.Sleep(longestWait)
	if n := let("ann", 1); n != 1 {
		t.Errorf("%d are let through after the wait", n)
	}
	l.succeeded("ann", from(0))
	l.signedIn("ann", from(0))
	if n := let("ann", 1); n != failuresHere {
		t.Errorf("%d are let through after one that went well", n)
	}
	for range failuresHere {
		l.signedIn("ann", from(0))
	}
	for i := range failuresName {
		l.signedIn("bob", from(i))
	}
	if len(l.underWay) > 0 {
		t.Errorf("it remembers %v", l.underWay)
	}
}

// TestSignInsAMinute: an address can try so many, whatever the names.
func TestSignInsAMinute(t *testing.T) { synctest.Test(t, signInsTest) }

func signInsTest(t *testing.T) {
	l := newLimits(1, 1, 3)
	from := network(net.TCPAddrFromAddrPort(netip.MustParseAddrPort("[2001:db8::1]:1")))
	same := network(net.TCPAddrFromAddrPort(netip.MustParseAddrPort("[2001:db8::ffff]:1")))
	for i := range 3 {
		if l.signsIn(fmt.Sprint(i), from) != 0 {
			t.Fatal("it waits too early")
		}
	}
	if wait := l.signsIn("another", same); wait != time.Minute {
		t.Errorf("the fourth waits %v", wait)
	}
	time.Sleep(time.Minute)
	if l.signsIn("another", same) != 0 {
		t.Error("it waits after a minute")
	}
}

// TestClock: keys put the end off, a redraw does not, and the last end comes in any case.
func TestClock(t *testing.T) { synctest.Test(t, clockTest) }

func clockTest(t *testing.T) {
	pressed := make(chan struct{})
	var said []string
	began := time.Now()
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	c := clock{idle: 3 * time.Minute, longest: 20 * time.Minute, pressed: pressed,
		notice: func(s string) { said = append(said, fmt.Sprint(time.Since(began), " ", s)) },
		end:    func(why error) { cancel(why) }}
	go func() {
		time.Sleep(2*time.Minute + 40*time.Second)
		pressed <- struct{}{}
	}()
	c.run(ctx)
	want := []string{"2m30s Press a key within 30 seconds, or this session ends.", "2m40s ",
		"5m10s Press a key within 30 seconds, or this session ends."}
	if fmt.Sprint(said) != fmt.Sprint(want) || time.Since(began) != 5*time.Minute+40*time.Second ||
		resultOf(context.Cause(ctx)) != "idle" {
		t.Errorf("after %v, %v: %q", time.Since(began), context.Cause(ctx), said)
	}
	began, said = time.Now(), nil
	ctx, cut := context.WithCancelCause(t.Context())
	defer cut(nil)
	c.end = func(why error) { cut(why) }
	go func() {
		for ctx.Err() == nil {
			time.Sleep(time.Minute)
			select {
			case pressed <- struct{}{}:
			case <-ctx.Done():
			}
		}
	}()
	c.run(ctx)
	if fmt.Sprint(said) != "[19m30s This session ends in 30 seconds.]" || time.Since(began) != 20*time.Minute ||
		resultOf(context.Cause(ctx)) != "time" {
		t.Errorf("after %v, %v: %q", time.Since(began), context.Cause(ctx), said)
	}
}

// TestPasting: what is pasted in brackets is shortened, wherever the reads cut it, and what comes after it is not.
func TestPasting(t *testing.T) {
	for _, size := range []int{1, 2, 3, 5, 7, 4096} {
		in := "a\x1b[200~" + strings.Repeat("x", mostPasted*2) + "\x1b[201~b\x1b[200~short\x1b[201~c"
		var p pasting
		var out []byte
		for text := in; text != ""; {
			n := min(size, len(text))
			out = append(out, p.cut([]byte(text[:n]))...)
			text = text[n:]
		}
		got := string(out)
		if !strings.HasPrefix(got, "a\x1b[200~xxx") || len(got) > mostPasted+100 ||
			size > len(pasteEnds) && !strings.HasSuffix(got, "x\x1b[201~b\x1b[200~short\x1b[201~c") {
			t.Errorf("%d: %d bytes, %q ... %q", size, len(got), got[:10], got[len(got)-40:])
		}
	}
	var p pasting
	for _, text := range []string{"plain", "\x1b[200~pasted\x1b[201~", "\x1b", "[A", "\x1b[20", "0~x\x1b[2", "01~"} {
		if got := p.cut([]byte(text)); string(got) != text {
			t.Errorf("%q comes as %q", text, got)
		}
	}
}

// TestFastKeys: keys come as fast as anybody can hold them down, and pastes at once. What comes faster ends the
// session before the program has drawn a frame for each.
func TestFastKeys(t *testing.T) { synctest.Test(t, fastKeysTest) }

func fastKeysTest(t *testing.T) {
	for name, tc := range map[string]struct {
		sends func(io.Writer)
		want  error
	}{
		"a paste":  {func(w io.Writer) { io.WriteString(w, "\x1b[200~"+strings.Repeat("x", 60<<10)+"\x1b[201~") }, io.EOF},
		"at once":  {func(w io.Writer) { io.WriteString(w, strings.Repeat("x", mostAtOnce-1)) }, io.EOF},
		"too fast": {func(w io.Writer) { io.WriteString(w, strings.Repeat("\x1b[A", 10<<10)) }, errFlood},
		"in pieces": {func(w io.Writer) {
			for range 60 {
				io.WriteString(w, strings.Repeat("\x1b[A", 500))
				time.Sleep(time.Second)
			}
		}, errFlood},
		"many pastes": {func(w io.Writer) { io.WriteString(w, strings.Repeat("\x1b[200~x\x1b[201~", 30<<10)) }, errFlood},
		"held down": {func(w io.Writer) {
			for range 20 * 60 {
				io.WriteString(w, strings.Repeat("\x1b[A", 33))
				time.Sleep(time.Second)
			}
		}, io.EOF},
	} {
		in, keyboard := io.Pipe()
		why := make(chan error, 1)
		k := newKeys(t.Context(), in, func(err error) {
			in.Close()
			why <- err
		})
		var sending sync.WaitGroup
		sending.Go(func() {
			tc.sends(keyboard)
			keyboard.Close()
		})
		n, _ := io.Copy(io.Discard, k)
		sending.Wait()
		if err := <-why; err != tc.want {
			t.Errorf("%s: it ends with %v", name, err)
		}
		if tc.want == errFlood && n > mostAtOnce+60*fastest {
			t.Errorf("%s: %d bytes come through", name, n)
		}
	}
}

// TestPositionAmongKeys: the terminal's answer is taken out of what is typed ahead.
func TestPositionAmongKeys(t *testing.T) {
	in, keyboard := io.Pipe()
	k := newKeys(t.Context(), in, func(error) {})
	go func() {
		for _, text := range []string{"ab\x1b[2", "4;2Rc", "d"} {
			io.WriteString(keyboard, text)
		}
		keyboard.Close()
	}()
	column, ok := k.answer(10 * time.Second)
	rest, err := io.ReadAll(k)
	if column != "2" || !ok || string(rest) != "abcd" || err != nil {
		t.Errorf("%q, %v, %q, %v", column, ok, rest, err)
	}
	mute, _ := io.Pipe()
	if _, ok := newKeys(t.Context(), mute, func(error) {}).answer(time.Millisecond); ok {
		t.Error("nothing is an answer")
	}
}

// panics is a pool with a bug.
type panics struct{}

func (panics) Do(context.Context, flow.Call) flow.Event { panic("secret-of-a-panic") }

// TestPanic: a bug ends one session, with words, and no other.
func TestPanic(t *testing.T) {
	var bug ui.Pool = panics{}
	h := serves(t, func(s *server) {
		s.places["bug"] = &place{name: "bug", pool: "a pool", open: func(*pflag.FlagSet, bool) (job, func(), error) {
			return job{front.Job{Pool: bug}, flow.Options{Issuer: "Bug"}}, func() {}, nil
		}}
	})
	other := h.visits(t, 80, 24)
	other.screen.waits(t, "Username")
	for _, command := range []string{"", "plain"} {
		session, err := h.client(t, "bug").NewSession()
		if err != nil {
			t.Fatal(err)
		}
		v := &visitor{Session: session, screen: &written{}}
		session.Stdout = v.screen
		v.keys, _ = session.StdinPipe()
		session.RequestPty("xterm", 24, 80, nil)
		if command == "" {
			err = session.Shell()
		} else {
			err = session.Start(command)
		}
		if err != nil {
			t.Fatal(err)
		}
		if command == "" {
			io.WriteString(v.keys, "\x1b[1;2R")
		}
		v.screen.waits(t, "Username")
		io.WriteString(v.keys, "ann\r")
		v.screen.waits(t, "(?s)ann.*Password|Password.*ann")
		io.WriteString(v.keys, "horse\r")
		if code := v.code(); code != exit.Bug {
			t.Errorf("%q: the exit code is %d", command, code)
		}
		if text := v.screen.String(); !strings.Contains(text, "bug in this service ended your session") ||
			strings.Contains(text, "goroutine") || strings.Contains(text, "secret-of") {
			t.Errorf("%q: it says %q", command, text)
		}
	}
	if got := h.line(t, 2); got.Result != "bug" {
		t.Errorf("the audit line is %+v", got)
	}
	io.WriteString(other.keys, "Q")
	other.screen.waits(t, "Q")
}

// TestWrongPasswords: the fourth is not sent any more, and the person is told how long to wait.
func TestWrongPasswords(t *testing.T) {
	h := serves(t, nil)
	v := h.visits(t, 80, 30, "plain")
	for n := range 4 {
		v.screen.waits(t, fmt.Sprintf(`(?s)(Username.*){%d}: $`, n+1))
		io.WriteString(v.keys, "optional\r")
		v.screen.waits(t, fmt.Sprintf(`(?s)(Password .*){%d}: $`, n+1))
		io.WriteString(v.keys, "not-My-Pass-9\r")
	}
	v.screen.waits(t, "Problem: Too many sign-ins failed.*\r\nHint: Wait 30 seconds, then try again")
	io.WriteString(v.keys, "\x03")
	if code := v.code(); code != exit.Wait {
		t.Errorf("the exit code is %d", code)
	}
	if strings.Contains(v.screen.String(), "not-My-Pass-9") {
		t.Error("a password is shown")
	}
	got := h.line(t, 1)
	if n := len(got.Steps); n != 4 || got.Steps[3].Code != "not-sent" || got.Steps[0].Code != "wrong-password" {
		t.Errorf("the steps are %+v", got.Steps)
	}
	if strings.Contains(h.audit.String(), "optional") || len(got.User) != 32 {
		t.Errorf("the user is written as %q", got.User)
	}
}

// TestWindows: sizes that no window has, a storm of them, and a window without one.
func TestWindows(t *testing.T) {
	h := serves(t, nil)
	for _, size := range [][2]int{{0, 0}, {10_000, 10_000}, {1, 1}, {80, 24}, {1 << 31, 1}} {
		v := h.visits(t, size[0], size[1])
		if size[0] > 1 && size[1] > 1 || size[0] == 0 {
			v.screen.waits(t, "Username")
		}
		for i := range 300 {
			if err := v.WindowChange(i%50, i%300); err != nil {
				t.Fatal(err)
			}
		}
		v.WindowChange(24, 80)
		v.screen.waits(t, "Username")
		io.WriteString(v.keys, "\x03")
		if code := v.code(); code != exit.Canceled {
			t.Errorf("%v: the exit code is %d", size, code)
		}
		if strings.LastIndex(v.screen.String(), "\x1b[?25h") < strings.LastIndex(v.screen.String(), "\x1b[?25l") {
			t.Errorf("%v: the cursor stays hidden", size)
		}
	}
}

// TestFlood: pastes of a megabyte are shortened; whoever sends without end is sent away; whoever reads nothing is cut
// off; and a visitor beside them notices nothing. What they took is given back.
func TestFlood(t *testing.T) {
	h := serves(t, nil, "--idle-timeout", "4s")
	before := runtime.NumGoroutine()
	flood := h.visits(t, 80, 24)
	flood.screen.waits(t, "Username")
	paste := "\x1b[200~" + strings.Repeat("x", 1<<20) + "\x1b[201~"
	io.WriteString(flood.keys, paste)
	io.WriteString(flood.keys, "\x03")
	if code := flood.code(); code != exit.Canceled || h.line(t, 1).Result != "left" {
		t.Errorf("a large paste: exit code %d, %+v", code, h.line(t, 1))
	}
	endless := h.visits(t, 80, 24)
	endless.screen.waits(t, "Username")
	go floods(endless.keys)
	if code := endless.code(); code != exit.Canceled || h.line(t, 2).Result != "flood" {
		t.Errorf("a flood: exit code %d, %+v", code, h.line(t, 2))
	}
	// A channel that nobody reads: SSH stops the other side at 2 MiB, so its window has to be drawn anew for long.
	c := h.client(t, "demo")
	channel, requests, err := c.OpenChannel("session", nil)
	if err != nil {
		t.Fatal(err)
	}
	go gossh.DiscardRequests(requests)
	channel.SendRequest("pty-req", true, gossh.Marshal(struct {
		Term                         string
		Columns, Rows, Width, Height uint32
		Modes                        string
	}{"xterm-256color", 250, 100, 0, 0, ""}))
	channel.SendRequest("shell", true, nil)
	for i := range uint32(200) {
		channel.SendRequest("window-change", false, gossh.Marshal(struct{ C, R, W, H uint32 }{250 - i%2, 100, 0, 0}))
	}
	if got := h.line(t, 3); got.Result != "idle" {
		t.Errorf("who reads nothing: %+v", got)
	}
	c.Close()
	deadline := time.Now().Add(20 * time.Second)
	for ; runtime.NumGoroutine() > before+8; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			buffer := make([]byte, 1<<20)
			t.Fatalf("%d goroutines, before %d\n%s", runtime.NumGoroutine(), before, buffer[:runtime.Stack(buffer, true)])
		}
	}
}

// TestFloodLeavesNothing: what reads keys ends with each session, also while more of them come than are taken.
func TestFloodLeavesNothing(t *testing.T) {
	h := serves(t, nil, "--max-per-address", "40")
	before := runtime.NumGoroutine() + 1 // the one that accepts may not have begun
	const n, atOnce = 40, 4
	for range n / atOnce {
		var all sync.WaitGroup
		for range atOnce {
			v := h.visits(t, 80, 24)
			v.screen.waits(t, "Username")
			go floods(v.keys)
			all.Go(func() { v.code() })
		}
		all.Wait()
	}
	deadline := time.Now().Add(20 * time.Second)
	for ; runtime.NumGoroutine() > before; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			stacks := make([]byte, 1<<20)
			t.Fatalf("%d goroutines, before %d\n%s", runtime.NumGoroutine(), before, stacks[:runtime.Stack(stacks, true)])
		}
	}
}

// TestConnections: those over the limits are refused, half-open ones and scanners end, and then there is room again.
func TestConnections(t *testing.T) {
	h := serves(t, nil, "--max-per-address", "5")
	var open []net.Conn
	for range 300 {
		c, err := net.Dial("tcp", h.address)
		if err != nil {
			t.Fatal(err)
		}
		open = append(open, c)
	}
	h.counts(t, `refused_total{limit="address"} 295`)
	io.WriteString(open[0], "GET / HTTP/1.1\r\n\r\n")
	for _, c := range open[1:] {
		c.Close()
	}
	open[0].SetReadDeadline(time.Now().Add(20 * time.Second))
	if _, err := io.Copy(io.Discard, open[0]); err != nil {
		t.Errorf("a scanner is kept: %v", err)
	}
	h.counts(t, "\ncognito_enroll_connections 0\n")
	v := h.visits(t, 80, 24)
	v.screen.waits(t, "Username")
	if n := strings.Count(h.said.String(), "--max-per-address"); n != 1 {
		t.Errorf("there are %d lines about one kind:\n%s", n, h.said)
	}
}

// TestThousand: of a thousand connections at once that say nothing, as many stay as there is room for, until the time
// for the handshake is over. Somebody who was there before goes on meanwhile, and nothing is kept of them.
func TestThousand(t *testing.T) {
	h := serves(t, nil, "--max-connections", "600", "--max-per-address", "5000")
	v := h.visits(t, 80, 24)
	v.screen.waits(t, "Username")
	before, goroutines := heap(), runtime.NumGoroutine()
	open := make([]net.Conn, 1000)
	var dials sync.WaitGroup
	for i := range open {
		dials.Go(func() {
			var err error
			if open[i], err = net.Dial("tcp", h.address); err != nil {
				t.Error(err)
			}
		})
	}
	dials.Wait()
	h.counts(t, `refused_total{limit="connections"} 401`)
	h.counts(t, "\ncognito_enroll_connections 600\n")
	const most = 64 << 10 // bytes
	if grown := heap() - before; grown > most*len(open) {
		t.Errorf("each connection takes %d KiB", grown/len(open)>>10)
	}
	io.WriteString(v.keys, "Q")
	v.screen.waits(t, "Q")
	h.counts(t, "\ncognito_enroll_connections 1\n")
	h.counts(t, "\ncognito_enroll_handshakes_failed_total 599\n")
	for _, c := range open {
		c.Close()
	}
	deadline := time.Now().Add(20 * time.Second)
	for ; runtime.NumGoroutine() > goroutines+8; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines, before %d", runtime.NumGoroutine(), goroutines)
		}
	}
	for _, kind := range []string{"--max-connections", "was not SSH"} {
		if n := strings.Count(h.said.String(), kind); n != 1 {
			t.Errorf("there are %d lines about one kind:\n%s", n, h.said)
		}
	}
	io.WriteString(v.keys, "\x03")
	if code := v.code(); code != exit.Canceled {
		t.Errorf("the exit code is %d", code)
	}
}

// TestUnused: who is let in and begins no session, or a session and nothing in it, is in the way of others for a short
// time only, whatever is said meanwhile. Who begins one is not.
func TestUnused(t *testing.T) {
	h := serves(t, func(s *server) { s.begin = 2 * time.Second })
	began := time.Now()
	v := h.visits(t, 80, 24)
	v.screen.waits(t, "Username")
	idle, half := h.client(t, "demo"), h.client(t, "demo")
	channel, requests, err := half.OpenChannel("session", nil)
	if err != nil {
		t.Fatal(err)
	}
	go gossh.DiscardRequests(requests)
	if granted, err := channel.SendRequest("env", true, gossh.Marshal(struct{ Name, Value string }{"LANG", "C"})); !granted {
		t.Fatal(err)
	}
	for _, c := range []*gossh.Client{idle, half} {
		closed := make(chan struct{})
		go func() {
			c.Wait()
			close(closed)
		}()
		for open := true; open; {
			c.SendRequest("keepalive@openssh.com", true, nil)
			select {
			case <-closed:
				open = false
			case <-time.After(50 * time.Millisecond):
			}
			if time.Since(began) > 30*time.Second {
				t.Fatal("it stays")
			}
		}
	}
	h.counts(t, `refused_total{limit="time"} 2`)
	h.counts(t, "\ncognito_enroll_connections 1\n")
	io.WriteString(v.keys, "Q")
	v.screen.waits(t, "Q")
	if n := strings.Count(h.said.String(), "began no session"); n != 1 {
		t.Errorf("there are %d lines about one kind:\n%s", n, h.said)
	}
}

// TestGreeting: who says nothing, or no more than that it is SSH, is in the way of others for a short time only. Who
// has begun the handshake may take longer, as people do who compare the fingerprint of the host key.
func TestGreeting(t *testing.T) {
	h := serves(t, func(s *server) { s.greet = time.Second })
	mute, err := net.Dial("tcp", h.address)
	if err != nil {
		t.Fatal(err)
	}
	brief, err := net.Dial("tcp", h.address)
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(brief, "SSH-2.0-brief\r\n")
	compares := &gossh.ClientConfig{User: "demo", HostKeyCallback: func(string, net.Addr, gossh.PublicKey) error {
		for _, c := range []net.Conn{mute, brief} {
			c.SetReadDeadline(time.Now().Add(30 * time.Second))
			if _, err := io.Copy(io.Discard, c); errors.Is(err, os.ErrDeadlineExceeded) {
				t.Error("it stays")
			}
		}
		return nil
	}}
	client, err := gossh.Dial("tcp", h.address, compares)
	if err != nil {
		t.Fatalf("whoever compares the fingerprint is not let in: %v", err)
	}
	defer client.Close()
	if _, err := client.NewSession(); err != nil {
		t.Error(err)
	}
	h.counts(t, "\ncognito_enroll_handshakes_failed_total 2\n")
}

// heap is what is reachable, in bytes.
func heap() int {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// stalling is a connection that reads nothing any more once it stalled.
type stalling struct {
	net.Conn
	stalled, closed chan struct{}
}

// Read implements net.Conn.
func (s *stalling) Read(p []byte) (int, error) {
	select {
	case <-s.stalled:
		<-s.closed
		return 0, net.ErrClosed
	default:
		return s.Conn.Read(p)
	}
}

// TestStalled: a visitor whose side takes no more bytes from the network, so that what is written to it blocks, keeps
// neither a session nor the end of the service waiting, and nobody else.
func TestStalled(t *testing.T) {
	for result, flags := range map[string][]string{
		"idle": {"--idle-timeout", "6s"}, "restart": {"--drain", "1s"},
	} {
		t.Run(result, func(t *testing.T) {
			h := serves(t, nil, flags...)
			tcp, err := net.Dial("tcp", h.address)
			if err != nil {
				t.Fatal(err)
			}
			if err := tcp.(*net.TCPConn).SetReadBuffer(narrowest); err != nil {
				t.Fatal(err)
			}
			conn := &stalling{tcp, make(chan struct{}), make(chan struct{})}
			defer close(conn.closed)
			defer tcp.Close()
			session := sessionOver(t, conn)
			screen := &written{}
			session.Stdout = screen
			if _, err := session.StdinPipe(); err != nil { // or there is nothing to read, which is an end
				t.Fatal(err)
			}
			session.RequestPty("xterm-256color", 100, 250, nil)
			if err := session.Shell(); err != nil {
				t.Fatal(err)
			}
			screen.waits(t, "Username")
			close(conn.stalled)
			// Each size is a screen more, until a write stays under way.
			blocked := 0
			for i := 0; blocked < 20; i++ {
				if blocked++; h.writes.Load() == 0 {
					blocked = 0
				}
				if i > 1000 {
					t.Fatal("nothing blocks")
				}
				session.WindowChange(100, 250-i%2)
				time.Sleep(20 * time.Millisecond)
			}
			other := h.visits(t, 80, 24)
			other.screen.waits(t, "Username")
			io.WriteString(other.keys, "Q")
			other.screen.waits(t, "Q")
			io.WriteString(other.keys, "\x03")
			if code := other.code(); code != exit.Canceled {
				t.Errorf("another session ends with %d", code)
			}
			began := time.Now()
			if result == "restart" {
				h.stop()
				if took := time.Since(began); took > h.server.grace() {
					t.Errorf("to end it takes %v", took)
				}
			}
			if got := h.line(t, 2); got.Result != result {
				t.Errorf("the audit line is %+v", got)
			}
			h.counts(t, "\ncognito_enroll_connections 0\n")
			h.counts(t, "\ncognito_enroll_sessions 0\n")
		})
	}
}

// TestProxyProtocol: a balancer in the networks of --proxy-from says who the visitor is. Anybody else who says so is
// not believed.
func TestProxyProtocol(t *testing.T) {
	for _, tc := range []struct{ networks, want string }{
		{"127.0.0.0/8", "203.0.113.9"},
		{"192.0.2.0/24", "127.0.0.1"},
	} {
		h := serves(t, nil, "--proxy-from", tc.networks)
		conn, err := net.Dial("tcp", h.address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		io.WriteString(conn, "PROXY TCP4 203.0.113.9 198.51.100.1 4444 22\r\n")
		session := sessionOver(t, conn)
		session.Run("ls")
		if got := h.line(t, 1).Address; got != tc.want {
			t.Errorf("the address is %q", got)
		}
		conn.Close()
	}
}

// TestWeb: the metrics can be parsed, and the health tells of a drain.
func TestWeb(t *testing.T) {
	h := serves(t, nil)
	get := func(path string) (int, string) {
		w := httptest.NewRecorder()
		h.server.web().Handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return w.Code, w.Body.String()
	}
	if code, text := get("/healthz"); code != 200 || text != "ok\n" {
		t.Errorf("%d %q", code, text)
	}
	_, text := get("/metrics")
	series := 0
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "# ") {
			continue
		}
		series++
		if !regexp.MustCompile(`^cognito_enroll_[a-z_]+(\{[a-z]+="[a-z0-9-]+"\})? \d+\n$`).MatchString(line) {
			t.Errorf("%q is no sample", line)
		}
	}
	if series < 20 {
		t.Errorf("there are %d series:\n%s", series, text)
	}
	h.stop()
	if code, _ := get("/healthz"); code != 503 {
		t.Errorf("while it drains the health is %d", code)
	}
}

// TestCheck: what the flags cannot be, and what would be open to everybody by mistake.
func TestCheck(t *testing.T) {
	for _, args := range []string{
		"", "--demo", "--host-key k", "--host-key k --demo --listen :2222", "--host-key k --demo --listen 0.0.0.0:1",
		"--host-key k --public-demo --profiles a", "--host-key k --demo --profiles demo", "--host-key k --demo --listen x",
		"--host-key k --demo --metrics :9100", "--host-key k --demo --metrics 10.0.0.1:9100",
		"--host-key k --demo --proxy-from 10.0.0.1", "--host-key k --demo --idle-timeout 0s",
		"--host-key k --demo --max-connections 0", "--host-key k --demo --name \x1b",
	} {
		var o Options
		set := pflag.NewFlagSet("serve", pflag.ContinueOnError)
		o.AddTo(set)
		if err := set.Parse(strings.Fields(args)); err != nil {
			t.Fatal(err)
		}
		if err := o.check(); exit.Code(err) != exit.Usage || exit.Hint(err) == "" {
			t.Errorf("%q: %v", args, err)
		}
	}
	o := Options{Listen: ":22", HostKey: "k", Demo: true, PublicDemo: true, Idle: 1e10, Longest: 1e10, Connections: 1,
		PerAddress: 1, SignIns: 1}
	if err := o.check(); err != nil {
		t.Error(err)
	}
}

// sessionOver is a session of "demo" over conn.
func sessionOver(t *testing.T, conn net.Conn) *gossh.Session {
	t.Helper()
	c, channels, requests, err := gossh.NewClientConn(conn, "", &gossh.ClientConfig{
		User: "demo", HostKeyCallback: gossh.InsecureIgnoreHostKey(), Timeout: 20 * time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	session, err := gossh.NewClient(c, channels, requests).NewSession()
	if err != nil {
		t.Fatal(err)
	}
	return session
}
