package front_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/charmbracelet/x/vt"
	"github.com/pquerna/otp/totp"

	"cognito-enroll/cmd/cognito-enroll/front"
	"cognito-enroll/cognito"
	"cognito-enroll/flow"
)

// forget lets go of what was written: all of it is in the emulator as well.
func (s *screen) forget(columns, rows int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.emulator.InputPipe().(io.Closer).Close()
	s.emulator, s.bytes = vt.NewEmulator(columns, rows), bytes.Buffer{}
}

// signsIn goes as far as the key. It leaves nothing of the password on the test's own stack.
//
//go:noinline
func (s *screen) signsIn(mode front.Mode, enter, then string) error {
	pasted := password(0)
	if mode == front.Screens {
		pasted = "\x1b[200~" + pasted + "\x1b[201~"
	}
	return s.goes("Username", user(0)+enter, "Password", pasted+enter, "Device name", enter, "Code", then)
}

// backwards is a text that is not found when one looks for the text.
func backwards(s flow.Secret) []byte {
	text := []byte(s.Reveal())
	slices.Reverse(text)
	return text
}

// watched is an app client that notes, backwards, what Cognito gives away.
type watched struct {
	*cognito.Client
	mu         sync.Mutex
	key, token []byte
}

func (w *watched) Do(ctx context.Context, call flow.Call) flow.Event {
	event := w.Client.Do(ctx, call)
	w.mu.Lock()
	defer w.mu.Unlock()
	if r, ok := event.(flow.Reply); ok {
		switch r := r.Result.(type) {
		case flow.Associated:
			w.key = backwards(r.Key)
		case flow.Tokens:
			w.token = backwards(r.AccessToken)
		}
	}
	return event
}

// code is one of the app's.
func (w *watched) code() (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	key := slices.Clone(w.key)
	slices.Reverse(key)
	return totp.GenerateCode(string(key), time.Now())
}

// inMemory counts how often each text, given backwards, is in a dump of the heap, the stacks and the variables.
func inMemory(t *testing.T, texts ...[]byte) (counts []int) {
	t.Helper()
	for range 3 { // a pool is empty, and a unique string gone, after the second
		runtime.GC()
	}
	f, err := os.Create(filepath.Join(t.TempDir(), "heap"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	debug.WriteHeapDump(f.Fd())
	dump, err := os.ReadFile(f.Name())
	if err != nil || len(dump) < 1<<20 {
		t.Fatalf("a dump of %d bytes, %v", len(dump), err)
	}
	slices.Reverse(dump)
	for _, text := range texts {
		counts = append(counts, bytes.Count(dump, text))
	}
	return counts
}

const servesPool = "COGNITO_ENROLL_SERVES_A_POOL"

// TestLastScreenKeepsNoSecret: it may stand there for days. Nothing in the memory has the password or the key
// then, and one thing at most the access token. The password is pasted, so that it comes in one piece.
func TestLastScreenKeepsNoSecret(t *testing.T) {
	if os.Getenv(servesPool) != "" { // a server in the same process would know it all
		server, _ := people(t, 1)
		s := httptest.NewServer(http.Handler(server))
		fmt.Println(s.URL)
		io.Copy(io.Discard, os.Stdin)
		return
	}
	for _, mode := range []front.Mode{front.Screens, front.Lines} {
		for _, by := range []flow.AuthFlow{flow.SRP, flow.Password} {
			t.Run(fmt.Sprintf("%d by %s", mode, by), func(t *testing.T) { lastScreen(t, mode, by) })
		}
	}
}

func lastScreen(t *testing.T, mode front.Mode, by flow.AuthFlow) {
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestLastScreenKeepsNoSecret$")
	cmd.Env = append(os.Environ(), servesPool+"=1")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	defer in.Close()
	url, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	client, err := cognito.New(cognito.Config{
		PoolID: "us-east-1_Fifty0000", ClientID: "fifty0public0client000000", Endpoint: strings.TrimSpace(url),
	})
	if err != nil {
		t.Fatal(err)
	}
	const columns, rows = 90, 30
	var run sync.WaitGroup
	w := &watched{Client: client}
	on, s := session(columns, rows, "TERM=xterm-256color", "COLORTERM=truecolor", "LANG=C.UTF-8")
	run.Go(func() {
		defer s.end()
		f := front.New(on)
		f.Mode = mode
		last, err := f.Run(t.Context(), front.Job{Start: flow.Start(flow.Options{Issuer: "Acme", AuthFlow: by}), Pool: w})
		if end := last.Ask().Summary; err != nil || end == nil || !end.Enrolled {
			t.Errorf("%v, %+v", err, end)
		}
	})
	defer run.Wait()
	defer s.keys.Close()
	enter, copies, end := "\r", "c", "Your authenticator is enrolled"
	if mode == front.Lines {
		enter, copies, end = "\n", "", "Press Enter to finish"
	}
	if err := s.signsIn(mode, enter, copies); err != nil {
		t.Fatal(err)
	}
	secret := backwards(flow.NewSecret(password(0)))
	w.mu.Lock()
	key := w.key
	w.mu.Unlock()
	// The test is only as good as this: while the QR code is on the screen, both are there.
	if n := inMemory(t, secret, key); n[0] == 0 || n[1] == 0 {
		t.Errorf("at the QR code, the password is in the memory %d times, and the key %d times", n[0], n[1])
	}
	code, err := w.code()
	if err == nil {
		err = s.goes("Code", code+strings.TrimPrefix(enter, "\r"), end, "")
	}
	if err != nil {
		t.Fatal(err)
	}
	s.forget(columns, rows)
	n := inMemory(t, secret, key, w.token)
	if n[0] > 0 || n[1] > 0 || n[2] > 1 {
		t.Errorf("on the last screen, the password is in the memory %d times, the key %d times, the token %d times", n[0],
			n[1], n[2])
	}
	io.WriteString(s.keys, enter)
}
