package serve

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"cognito-enroll/cmd/cognito-enroll/exit"
)

// TestSoak: for as long as COGNITO_ENROLL_SOAK says, such as 20m, visitors come and do what people and others do. Each
// session ends as its visitor made it end, and no other way, and in the end nothing is kept of them.
func TestSoak(t *testing.T) {
	long, err := time.ParseDuration(os.Getenv("COGNITO_ENROLL_SOAK"))
	if err != nil {
		t.Skip("COGNITO_ENROLL_SOAK says how long, such as 20m")
	}
	m := runs(t, "serve", "--demo --listen 127.0.0.1:0 --host-key "+t.TempDir()+"/key --idle-timeout 20s "+
		"--session-timeout 60s")
	s := &soak{measured: m, t: t, ended: map[string]int{}}
	// Once each, since what is made at its first use is there to stay.
	var all sync.WaitGroup
	for i := range visitors {
		all.Go(func() { s.visit(i) })
	}
	all.Wait()
	bytes, goroutines := s.kept()
	resident := m.memory(t)
	const atOnce = 12
	for until, i := time.Now().Add(long), 0; i < atOnce; i++ {
		all.Go(func() {
			for !t.Failed() && time.Now().Before(until) {
				s.visit(rand.IntN(len(visitors)))
			}
		})
	}
	all.Wait()
	bytesAfter, goroutinesAfter := s.kept()
	residentAfter := m.memory(t)
	t.Logf("%d visitors: %v", s.visits, s.ended)
	t.Logf("kept: %d KiB and %d goroutines, %.1f MiB resident; before %d KiB and %d, %.1f MiB", bytesAfter>>10,
		goroutinesAfter, residentAfter, bytes>>10, goroutines, resident)
	// An address with a sign-in is remembered, with its time: 10,000 at most.
	const most = 1 << 20
	if bytesAfter > bytes+most || goroutinesAfter > goroutines+2 {
		t.Error("something is kept")
	}
}

// soak is a service with visitors. Each comes from an address of its own, by which its audit line is found.
type soak struct {
	measured
	t *testing.T

	mu     sync.Mutex
	visits int
	asked  int
	ended  map[string]int
}

// kept is what the service keeps, once no session is under way.
func (s *soak) kept() (bytes, goroutines int) {
	s.t.Helper()
	for settled := 0; settled < 5; {
		s.asked++
		syscall.Kill(s.pid, syscall.SIGUSR1)
		said := s.said.waits(s.t, fmt.Sprintf(`(?s)(?:kept: (\d+) bytes, (\d+) goroutines.*?){%d}`, s.asked))
		b, _ := strconv.Atoi(said[1])
		g, _ := strconv.Atoi(said[2])
		if settled++; g != goroutines {
			settled = 0
		}
		bytes, goroutines = b, g
		time.Sleep(time.Second)
	}
	return bytes, goroutines
}

// kindOfVisitor is what one does, and how the audit line says that it ended; "" if there is none.
type kindOfVisitor struct {
	name, result string
	command      string
	does         func(*guest) error
}

var errExit = errors.New("it ends otherwise")

// exits waits for the end, which has that exit code.
func (g *guest) exits(code int) error {
	err := g.Wait()
	got := 0
	if e, ok := err.(*gossh.ExitError); ok {
		got = e.ExitStatus()
	} else if err != nil {
		return err
	}
	if got != code {
		return fmt.Errorf("%w: %d", errExit, got)
	}
	return nil
}

func pauses(most time.Duration) { time.Sleep(rand.N(most)) }

// toScan goes as far as the QR code.
func toScan(g *guest) error {
	return g.goes(`6n`, "\x1b[1;2R", "Username", "\x1b[?62cnew-user\r", "Password", "demo-Pass-1\r", "Device name", "\r",
		"At least")
}

// begins goes as far as a random screen, or not even there.
func begins(g *guest) error {
	switch rand.IntN(4) {
	case 0:
		return nil
	case 1:
		return g.goes(`6n`, "\x1b[1;2R", "Username")
	case 2:
		return g.goes(`6n`, "\x1b[1;2R", "Username", "\x1b[?62coptional\r", "Password")
	}
	return toScan(g)
}

// floods sends keys until nobody takes them any more.
func floods(keys io.Writer) {
	for chunk := strings.Repeat("\x1b[A", 1000); ; {
		if _, err := io.WriteString(keys, chunk); err != nil {
			return
		}
	}
}

var visitors = []kindOfVisitor{
	{"enrolls", "done", "plain", func(g *guest) error {
		user := []string{"new-user", "optional"}[rand.IntN(2)]
		pauses(time.Second)
		if err := g.goes(`Username.*: $`, user+"\r", `Password.*: $`, "demo-Pass-1\r", `Device name .*: $`, "\r",
			`Code \(required\): $`, ":phone\r", `Demo phone: \d{3} \d{3}(?s:.*)Code \(required\): $`); err != nil {
			return err
		}
		code, err := g.screen.waits(`Demo phone: (\d{3}) (\d{3})`)
		if err != nil {
			return err
		}
		io.WriteString(g.keys, code[1]+code[2]+"\r")
		if err := g.goes("Press Enter to finish", "\r", "\r"); err != nil {
			return err
		}
		return g.exits(0)
	}},
	{"leaves", "left", "", func(g *guest) error {
		if err := begins(g); err != nil {
			return err
		}
		pauses(2 * time.Second)
		io.WriteString(g.keys, "\x03\x1b[?62c")
		return g.exits(exit.Canceled)
	}},
	{"leaves lines", "left", "plain", func(g *guest) error {
		if err := g.goes(`Username.*: $`); err != nil {
			return err
		}
		io.WriteString(g.keys, "\x03")
		return g.exits(exit.Canceled)
	}},
	{"suspends", "suspend", "", func(g *guest) error {
		if err := toScan(g); err != nil {
			return err
		}
		io.WriteString(g.keys, "\x1a")
		return g.exits(exit.Canceled)
	}},
	{"is cut", "cut", "", func(g *guest) error {
		if err := toScan(g); err != nil {
			return err
		}
		pauses(time.Second)
		return g.client.Close()
	}},
	{"says nothing", "idle", "", func(g *guest) error {
		if err := toScan(g); err != nil {
			return err
		}
		return g.exits(exit.Canceled)
	}},
	{"thinks for long", "left", "", func(g *guest) error {
		if err := toScan(g); err != nil {
			return err
		}
		for range 4 {
			pauses(12 * time.Second)
			io.WriteString(g.keys, "1\x7f")
		}
		io.WriteString(g.keys, "\x03")
		return g.exits(exit.Canceled)
	}},
	{"stays", "time", "", func(g *guest) error {
		if err := toScan(g); err != nil {
			return err
		}
		over := make(chan error, 1)
		go func() { over <- g.exits(exit.Canceled) }()
		for key := time.NewTicker(2 * time.Second); ; {
			select {
			case <-key.C:
				io.WriteString(g.keys, "1\x7f")
			case err := <-over:
				return err
			}
		}
	}},
	{"floods", "flood", "", func(g *guest) error {
		if err := begins(g); err != nil {
			return err
		}
		go floods(g.keys)
		return g.exits(exit.Canceled)
	}},
	{"pastes", "left", "", func(g *guest) error {
		if err := g.goes(`6n`, "\x1b[1;2R", "Username"); err != nil {
			return err
		}
		io.WriteString(g.keys, "\x1b[200~"+strings.Repeat("x", 1<<20)+"\x1b[201~\x03\x1b[?62c")
		return g.exits(exit.Canceled)
	}},
	{"resizes", "left", "", func(g *guest) error {
		if err := toScan(g); err != nil {
			return err
		}
		for range 500 {
			g.WindowChange(rand.IntN(120), rand.IntN(300))
		}
		io.WriteString(g.keys, "\x03")
		return g.exits(exit.Canceled)
	}},
	{"stalls", "idle", "", func(g *guest) error {
		if err := toScan(g); err != nil {
			return err
		}
		g.stall()
		for i := range 200 {
			g.WindowChange(100, 250-i%2)
			time.Sleep(60 * time.Millisecond)
		}
		time.Sleep(30 * time.Second) // the time for keys, and for the last words
		return nil
	}},
	{"asks for a shell", "refused", "/bin/sh", func(g *guest) error { return g.exits(exit.Usage) }},
	{"scans ports", "", "", nil},
}

// visit is one visitor's, from the connection to the audit line.
func (s *soak) visit(kind int) {
	v := visitors[kind]
	s.mu.Lock()
	n := s.visits
	s.visits++
	s.mu.Unlock()
	from := net.IPv4(127, byte(1+n>>16), byte(n>>8), byte(n))
	if err := s.leads(v, from); err != nil {
		s.t.Errorf("%s, from %v: %v", v.name, from, err)
		return
	}
	if v.result != "" {
		var line audit
		text, err := s.line(from)
		if err != nil {
			s.t.Errorf("%s, from %v: %v", v.name, from, err)
			return
		}
		if err := json.Unmarshal([]byte(text), &line); err != nil || line.Result != v.result {
			s.t.Errorf("%s, from %v: %v, the session ends as %s", v.name, from, err, text)
		}
	}
	s.mu.Lock()
	s.ended[v.name]++
	s.mu.Unlock()
}

// line is the audit line of a visitor.
func (s *soak) line(from net.IP) (string, error) {
	mark := `"address":"` + from.String() + `"`
	for late := time.Now().Add(30 * time.Second); time.Now().Before(late); time.Sleep(50 * time.Millisecond) {
		text := s.said.String()
		if at := strings.Index(text, mark); at >= 0 {
			line, _, whole := strings.Cut(text[strings.LastIndex(text[:at], "\n")+1:], "\n")
			if whole {
				return line, nil
			}
		}
	}
	return "", errors.New("there is no audit line")
}

// leads does what the kind does.
func (s *soak) leads(v kindOfVisitor, from net.IP) error {
	tcp, err := (&net.Dialer{LocalAddr: &net.TCPAddr{IP: from}}).Dial("tcp", s.address)
	if err != nil {
		return err
	}
	defer tcp.Close()
	if v.does == nil {
		io.WriteString(tcp, []string{"GET / HTTP/1.1\r\n\r\n", "\x16\x03\x01", "SSH-2.0-x\r\n", ""}[rand.IntN(4)])
		pauses(12 * time.Second)
		return nil
	}
	conn := &stalling{tcp, make(chan struct{}), make(chan struct{})}
	defer close(conn.closed)
	g, err := s.connects(conn, "demo", v.command)
	if err != nil {
		return err
	}
	g.stall = sync.OnceFunc(func() { close(conn.stalled) })
	return v.does(g)
}
