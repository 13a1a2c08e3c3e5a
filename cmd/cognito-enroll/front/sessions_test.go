package front_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
	"github.com/pquerna/otp/totp"

	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cmd/cognito-enroll/front"
	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/cognito"
	"cognito-enroll/cognito/localpool"
	"cognito-enroll/flow"
)

// screen is a terminal in memory, with an emulator that shows what is written and answers what is asked.
type screen struct {
	keys    *io.PipeWriter
	resizes chan tea.WindowSizeMsg

	mu       sync.Mutex
	changed  *sync.Cond
	emulator *vt.Emulator
	bytes    bytes.Buffer
	ended    bool
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.changed.Broadcast()
	s.bytes.Write(p)
	// As an SSH server does for a program that has no terminal device.
	s.emulator.Write(bytes.ReplaceAll(p, []byte("\n"), []byte("\r\n")))
	return len(p), nil
}

// end makes all waiting stop.
func (s *screen) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = true
	s.changed.Broadcast()
	s.emulator.InputPipe().(io.Closer).Close() // Close itself races with Read
	s.keys.Close()
}

// over waits for the end.
func (s *screen) over() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for !s.ended {
		s.changed.Wait()
	}
}

// waits until text is on the screen.
func (s *screen) waits(text string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		shown := s.emulator.String()
		if strings.Contains(shown, text) {
			return nil
		}
		if s.ended {
			return fmt.Errorf("%q is never on the screen:\n%s", text, shown)
		}
		s.changed.Wait()
	}
}

// goes waits and types, by turns.
func (s *screen) goes(turns ...string) error {
	for i := 0; i < len(turns); i += 2 {
		if err := s.waits(turns[i]); err != nil {
			return err
		}
		io.WriteString(s.keys, turns[i+1])
	}
	return nil
}

// keyboard is one in memory. The screen beside it does not show what is typed.
type keyboard struct{ io.Reader }

func (k keyboard) Hidden(context.Context) (string, error) {
	var line []byte
	for b := make([]byte, 1); ; {
		if _, err := k.Read(b); err != nil {
			return "", err
		}
		if b[0] == '\n' || b[0] == '\r' {
			return string(line), nil
		}
		line = append(line, b[0])
	}
}

// session is a Terminal in memory, as one of a person who is somewhere else.
func session(columns, rows int, environ ...string) (*terminal.Terminal, *screen) {
	in, keys := io.Pipe()
	s := &screen{keys: keys, resizes: make(chan tea.WindowSizeMsg, 1), emulator: vt.NewEmulator(columns, rows)}
	s.changed = sync.NewCond(&s.mu)
	go io.Copy(keys, s.emulator) // its answers
	return &terminal.Terminal{
		In: keyboard{in}, Out: s, Err: s, OutKind: terminal.Screen, Environ: environ,
		Size: func() (int, int) { return columns, rows }, Resizes: s.resizes,
		May: terminal.May{Clipboard: true},
	}, s
}

// person is somebody's app client, which tells the key that the pool gives.
type person struct {
	*cognito.Client
	key chan flow.Secret
}

func (p person) Do(ctx context.Context, call flow.Call) flow.Event {
	event := p.Client.Do(ctx, call)
	if r, ok := event.(flow.Reply); ok {
		if a, ok := r.Result.(flow.Associated); ok {
			p.key <- a.Key
		}
	}
	return event
}

// inProcess takes a request to a handler without a network.
type inProcess struct{ http.Handler }

func (p inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	p.ServeHTTP(w, r)
	return w.Result(), nil
}

// people are n users of a pool.
func people(t *testing.T, n int) (*localpool.Server, []person) {
	t.Helper()
	seed := localpool.PoolSeed{
		ID:      "us-east-1_Fifty0000",
		Name:    "fifty",
		MFA:     "ON",
		Clients: []localpool.ClientSeed{{ID: "fifty0public0client000000"}},
	}
	for i := range n {
		seed.Users = append(seed.Users, localpool.UserSeed{Username: user(i), Password: password(i)})
	}
	server := localpool.New(localpool.Options{})
	if _, err := server.Seed(localpool.Seed{Pools: []localpool.PoolSeed{seed}}); err != nil {
		t.Fatal(err)
	}
	all := make([]person, n)
	for i := range all {
		client, err := cognito.New(
			cognito.Config{
				PoolID:    seed.ID,
				ClientID:  seed.Clients[0].ID,
				Endpoint:  "http://127.0.0.1",
				Transport: inProcess{server},
			},
		)
		if err != nil {
			t.Fatal(err)
		}
		all[i] = person{client, make(chan flow.Secret, 1)}
	}
	return server, all
}

func user(i int) string     { return fmt.Sprintf("user-%02d-", i) }
func password(i int) string { return fmt.Sprintf("demo-Pass-%02d", i) }

// awaitTicks lets what Bubble Tea never cancels, the ticks under way, come to its end. It sleeps in synctest's time.
func awaitTicks() { time.Sleep(time.Minute) }

// TestFiftyWizards runs fifty wizards in this process at once, each on a Terminal of its own and to the end. All
// press ctrl+z, which would stop them all, and each sees nothing of the others. The time is that of synctest: it
// passes while nobody has anything to do, so that a slow machine is not a slow network.
func TestFiftyWizards(t *testing.T) { synctest.Test(t, fiftyWizards) }

func fiftyWizards(t *testing.T) {
	defer awaitTicks()
	const n = 50
	kinds := []struct {
		columns, rows int
		environ       []string
		has, not      string
	}{
		{80, 24, []string{"TERM=xterm-256color", "LANG=C.UTF-8"}, "\x1b[38;5;", ""},
		{90, 30, []string{"TERM=xterm-256color", "COLORTERM=truecolor"}, "\x1b[38;2;", ""},
		{80, 24, []string{"TERM=xterm-256color", "NO_COLOR=yes"}, "\u2580", "\x1b[38;"},
		{80, 24, []string{"TERM=xterm-256color", "LANG=C"}, "\u2580\u2580", ""}, // the emulator tells that it takes UTF-8
		{80, 24, []string{"TERM=tmux-256color", "LANG=C.UTF-8"}, "\x1bPtmux;", ""},
	}
	server, all := people(t, n)
	var wait sync.WaitGroup
	screens := make([]*screen, n)
	for i := range n {
		kind, p := kinds[i%len(kinds)], all[i]
		on, s := session(kind.columns, kind.rows, kind.environ...)
		screens[i] = s
		ctx, cut := context.WithCancel(t.Context())
		wait.Go(func() {
			defer s.end()
			last, err := front.New(on).Run(ctx, front.Job{Start: flow.Start(flow.Options{Issuer: "Acme"}), Pool: p})
			if err != nil {
				t.Errorf("%s: %v", user(i), err)
				return
			}
			if end := last.Ask().Summary; end == nil || !end.Enrolled || end.User != user(i) {
				t.Errorf("%s: the end is %+v", user(i), end)
			}
		})
		wait.Go(func() {
			defer cut()
			err := s.goes("Username", "\x1a"+user(i)+"\r", user(i), password(i)+"\r", "Device name", "\x1a\r", "Code ", "")
			if err == nil && strings.HasPrefix(kind.has, "\u2580") { // which it may have to ask for
				err = s.waits("\u2580")
			}
			if err == nil {
				err = s.goes("Code ", "\x1ac")
			}
			if err != nil {
				t.Errorf("%s: %v", user(i), err)
				return
			}
			if i%3 == 0 {
				s.resizes <- tea.WindowSizeMsg{Width: kind.columns, Height: kind.rows}
			}
			code, err := totp.GenerateCode((<-p.key).Reveal(), server.Now())
			if err == nil {
				err = s.goes("Asked your terminal to copy", code, "Your authenticator is enrolled", "\x1a\r")
			}
			if err != nil {
				t.Errorf("%s: %v", user(i), err)
				return
			}
			s.over()
		})
	}
	wait.Wait()
	for i, s := range screens {
		kind, sent := kinds[i%len(kinds)], s.bytes.String()
		if !strings.Contains(sent, kind.has) || kind.not != "" && strings.Contains(sent, kind.not) {
			t.Errorf("%s, in %q: want %q and not %q", user(i), kind.environ, kind.has, kind.not)
		}
		if s.emulator.IsAltScreen() {
			t.Errorf("%s: the terminal is left in the alternate screen", user(i))
		}
		if left := ansi.Strip(s.emulator.Render()); !strings.Contains(left, user(i)) {
			t.Errorf("%s: what is left on the screen is\n%s", user(i), left)
		}
		for other := range screens {
			if other != i && strings.Contains(sent, user(other)) {
				t.Errorf("%s sees %s", user(i), user(other))
			}
		}
	}
}

// Somebody whose connection is gone takes nobody along, and the key does not stay on the screen.
func TestSessionIsCut(t *testing.T) { synctest.Test(t, sessionIsCut) }

func sessionIsCut(t *testing.T) {
	defer awaitTicks()
	_, all := people(t, 1)
	on, s := session(80, 24, "TERM=xterm-256color")
	ctx, cut := context.WithCancel(t.Context())
	var run sync.WaitGroup
	run.Go(func() {
		defer s.end()
		_, err := front.New(on).Run(ctx, front.Job{Start: flow.Start(flow.Options{Issuer: "Acme"}), Pool: all[0]})
		var left *exit.Unfinished
		if !errors.As(err, &left) || left.ExitCode() != exit.Canceled || left.Standing == "" {
			t.Errorf("the run ends with %v", err)
		}
	})
	if err := s.goes("Username", user(0)+"\r", user(0), password(0)+"\r", "Device name", "\r", "Code ", ""); err != nil {
		t.Error(err)
	}
	cut()
	run.Wait()
	if left := ansi.Strip(s.emulator.Render()); s.emulator.IsAltScreen() || strings.Contains(left, "\u2580") {
		t.Errorf("what is left on the screen is\n%s", left)
	}
}

// Lines take answers from a keyboard in memory as well.
func TestLinesInSession(t *testing.T) { synctest.Test(t, linesInSession) }

func linesInSession(t *testing.T) {
	defer awaitTicks()
	server, all := people(t, 1)
	on, s := session(80, 24, "TERM=dumb")
	p := all[0]
	var run sync.WaitGroup
	run.Go(func() {
		defer s.end()
		last, err := front.New(on).Run(t.Context(), front.Job{Start: flow.Start(flow.Options{Issuer: "Acme"}), Pool: p})
		if end := last.Ask().Summary; err != nil || end == nil || !end.Enrolled {
			t.Errorf("%v, %+v", err, end)
		}
	})
	if err := s.goes("Username", user(0)+"\n", "Password", password(0)+"\n", "Device name", "\n", "Code (required):",
		""); err != nil {
		t.Fatal(err)
	}
	code, err := totp.GenerateCode((<-p.key).Reveal(), server.Now())
	if err == nil {
		err = s.goes("Code (required):", code+"\n", "Press Enter to finish", "\n")
	}
	if err != nil {
		t.Error(err)
	}
	run.Wait()
	if strings.Contains(s.bytes.String(), password(0)) {
		t.Error("the password is shown")
	}
}

// What May does not allow is refused.
func TestSessionHasNoFiles(t *testing.T) {
	on, s := session(80, 24, "TERM=xterm")
	defer s.end()
	if _, err := on.OpenPrivate("sessions_test.go"); exit.Code(err) != exit.Usage {
		t.Errorf("a file is opened: %v", err)
	}
}
