package main

import (
	"bufio"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"cognito-enroll/cmd/cognito-enroll/demo"
	"cognito-enroll/cognito/localpool"
)

// served is a pool of its own process. It returns the flags that lead to it.
func served(t *testing.T) string {
	t.Helper()
	cmd := exec.Command("cognito-enroll", "pool", "--listen", "127.0.0.1:0")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	var pool struct {
		Endpoint string `json:"endpoint"`
		Pools    []struct {
			ID      string `json:"id"`
			Clients []struct {
				ID string `json:"id"`
			} `json:"clients"`
		} `json:"pools"`
	}
	if err != nil || json.Unmarshal([]byte(line), &pool) != nil || len(pool.Pools) == 0 {
		t.Fatalf("the pool says %q, %v", line, err)
	}
	p := pool.Pools[0]
	return "--endpoint-url " + pool.Endpoint + " --pool-id " + p.ID + " --client-id " + p.Clients[0].ID
}

// eventually waits for what must come to be.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if is() {
			return
		}
	}
	t.Errorf("never: %s", what)
}

// signs goes as far as the QR code.
func signs(w *window, mode, user, password string) {
	w.t.Helper()
	w.waits(`Username`)
	w.types(user)
	w.enter()
	if mode != "" {
		w.waits(`Password`)
	}
	w.types(password)
	w.enter()
	w.waits(`Device name`)
	w.enter()
	w.waits(`Code`)
}

func there(file string) bool { _, err := os.Lstat(file); return err == nil }

// TestPictureGoes: however the program is made to leave, the file of --save-png goes, and the terminal is as
// it was.
func TestPictureGoes(t *testing.T) {
	flags := served(t)
	for _, screens := range []bool{true, false} {
		for _, how := range []string{"TERM", "HUP", "QUIT", "ABRT", "window"} {
			name := how + " in lines"
			if screens {
				name = how + " on screens"
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				png, pid := filepath.Join(dir, "qr.png"), filepath.Join(dir, "pid")
				mode := " --plain"
				if screens {
					mode = ""
				}
				inner := `echo $$ >` + pid + `; exec cognito-enroll ` + flags + ` --save-png ` + png + mode
				script := filepath.Join(dir, "run.sh")
				text := "trap : INT\nsh -c '" + inner + "'\necho code $?\nstty -a\nread line\n"
				if err := os.WriteFile(script, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
				w := open(t, nil, "bash", script)
				signs(w, mode, "new-user", "demo-Pass-1")
				eventually(t, "the QR code is in the file", func() bool { return there(png) })
				if how == "window" {
					w.tmux("kill-server")
				} else {
					id, err := os.ReadFile(pid)
					if err != nil {
						t.Fatal(err)
					}
					exec.Command("kill", "-"+how, strings.TrimSpace(string(id))).Run()
				}
				eventually(t, "the file is gone", func() bool { return !there(png) })
				if how == "window" {
					return
				}
				w.waits(`code 130(?s:.*)\becho\b`)
				left := w.history()
				if strings.Contains(left, "-echo ") || strings.Contains(left, "-icanon") || strings.Contains(left, "goroutine") {
					t.Errorf("the terminal is left so:\n%s", left)
				}
				if !strings.Contains(left, "cancel") || !strings.Contains(left, "delete it") {
					t.Errorf("what is true is not said:\n%s", left)
				}
			})
		}
	}
}

// TestToldTwice: who is told to end a second time ends at once, and takes the file away all the same.
func TestToldTwice(t *testing.T) {
	flags := served(t)
	dir := t.TempDir()
	png, pid, script := filepath.Join(dir, "qr.png"), filepath.Join(dir, "pid"), filepath.Join(dir, "run.sh")
	text := "echo $$ >" + pid + "; exec cognito-enroll " + flags + " --save-png " + png + " --plain\n"
	if err := os.WriteFile(script, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	w := open(t, nil, "sh", script)
	signs(w, " --plain", "new-user", "demo-Pass-1")
	eventually(t, "the QR code is in the file", func() bool { return there(png) })
	id, err := os.ReadFile(pid)
	if err != nil {
		t.Fatal(err)
	}
	exec.Command("sh", "-c", "kill -TERM $0; kill -HUP $0; kill -INT $0", strings.TrimSpace(string(id))).Run()
	w.exits()
	if there(png) {
		t.Error("the file is still there")
	}
}

// TestParentGoes: a program between, which is killed, leaves what it started to nobody.
func TestParentGoes(t *testing.T) {
	flags := served(t)
	for _, mode := range []string{"", " --plain"} {
		dir := t.TempDir()
		png := filepath.Join(dir, "qr.png")
		script := filepath.Join(dir, "run.sh")
		text := "echo $$ >" + dir + "/parent\ncognito-enroll " + flags + " --save-png " + png + mode + "\n"
		if err := os.WriteFile(script, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		outer := filepath.Join(dir, "outer.sh")
		if err := os.WriteFile(outer, []byte("sh "+script+"\nuntil test ! -e "+png+"; do sleep 0.05; done\nstty -a\nread "+
			"line\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		w := open(t, nil, "sh", outer)
		signs(w, mode, "new-user", "demo-Pass-1")
		eventually(t, "the QR code is in the file", func() bool { return there(png) })
		parent, err := os.ReadFile(dir + "/parent")
		if err != nil {
			t.Fatal(err)
		}
		exec.Command("kill", "-KILL", strings.TrimSpace(string(parent))).Run()
		eventually(t, "the file is gone", func() bool { return !there(png) })
		w.waits(`cancel(?s:.*)delete it`)
	}
}

// TestReaderGoes: who reads the lines is gone, and so is the file.
func TestReaderGoes(t *testing.T) {
	flags := served(t)
	dir := t.TempDir()
	png := filepath.Join(dir, "qr.png")
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("sh", "-c", "exec cognito-enroll "+flags+" --plain --save-png "+png)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout = write
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	write.Close()
	in.Write([]byte("new-user\ndemo-Pass-1\nPhone\n"))
	eventually(t, "the QR code is in the file", func() bool { return there(png) })
	read.Close()
	in.Write([]byte("000000\n"))
	eventually(t, "the file is gone", func() bool { return !there(png) })
	cmd.Wait()
}

// TestNoDebugSwitchLeaks: Go reads GODEBUG before main, and its HTTP/2 would write all that is sent and
// received to stderr. The server offers HTTP/2.
func TestNoDebugSwitchLeaks(t *testing.T) {
	seed, err := demo.Seed()
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	spoken := map[string]int{}
	pool := localpool.New(localpool.Options{})
	if seed, err = pool.Seed(seed); err != nil {
		t.Fatal(err)
	}
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		spoken[r.Proto]++
		mu.Unlock()
		pool.ServeHTTP(w, r)
	}))
	s.EnableHTTP2 = true
	s.StartTLS()
	defer s.Close()
	dir := t.TempDir()
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	if err := os.WriteFile(dir+"/ca.pem", certificate, 0o600); err != nil {
		t.Fatal(err)
	}
	p := seed.Pools[0]
	w := open(t, []string{"GODEBUG=http2debug=2", "AWS_CA_BUNDLE=" + dir + "/ca.pem"}, "cognito-enroll", "--plain",
		"--endpoint-url", s.URL, "--pool-id", p.ID, "--client-id", p.Clients[0].ID, "--auth-flow", "password",
		"2>"+dir+"/stderr")
	signs(w, " --plain", "new-user", "demo-Pass-1")
	w.tmux("send-keys", "C-c")
	w.exits()
	said, err := os.ReadFile(dir + "/stderr")
	if err != nil {
		t.Fatal(err)
	}
	for _, leak := range []string{"http2", "demo-Pass-1", "SecretCode"} {
		if strings.Contains(string(said)+w.history(), leak) {
			t.Errorf("%q is on stderr or on the screen:\n%s", leak, said)
		}
	}
	mu.Lock()
	defer mu.Unlock()
	if spoken["HTTP/1.1"] == 0 || len(spoken) != 1 {
		t.Errorf("it speaks %v", spoken)
	}
}
