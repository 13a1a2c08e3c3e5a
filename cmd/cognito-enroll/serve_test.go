package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/spf13/pflag"

	"cognito-enroll/cmd/cognito-enroll/serve"
	"cognito-enroll/cmd/cognito-enroll/terminal"
)

// written is a stream that others wait for.
type written struct {
	mu      sync.Mutex
	changed *sync.Cond
	text    bytes.Buffer
}

func newWritten() *written {
	w := &written{}
	w.changed = sync.NewCond(&w.mu)
	return w
}

func (w *written) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	defer w.changed.Broadcast()
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
	late := time.AfterFunc(30*time.Second, w.changed.Broadcast)
	defer late.Stop()
	deadline := time.Now().Add(30 * time.Second)
	w.mu.Lock()
	defer w.mu.Unlock()
	for {
		if m := regexp.MustCompile(pattern).FindStringSubmatch(w.text.String()); m != nil {
			return m
		}
		if !time.Now().Before(deadline) {
			t.Fatalf("%q is never written:\n%s", pattern, w.text.String())
		}
		w.changed.Wait()
	}
}

// host is a service in this process, and OpenSSH's client for it.
type host struct {
	t           *testing.T
	dir, port   string
	audit, said *written
	stop        func() error // tells it to end and waits
}

func serves(t *testing.T, flags ...string) *host {
	t.Helper()
	h := &host{t: t, dir: t.TempDir(), audit: newWritten(), said: newWritten()}
	var o serve.Options
	set := pflag.NewFlagSet("serve", pflag.ContinueOnError)
	o.AddTo(set)
	args := []string{"--demo", "--name", "host.example", "--listen", "127.0.0.1:0", "--host-key", h.dir + "/host.key"}
	if err := set.Parse(append(args, flags...)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- o.Run(ctx, &terminal.Terminal{
			In: strings.NewReader(""), Out: h.audit, Err: h.said, May: terminal.May{Files: true},
		})
	}()
	h.stop = sync.OnceValue(func() error {
		cancel()
		return <-ended
	})
	t.Cleanup(func() { h.stop() })
	h.port = h.said.waits(t, `serving .* on 127\.0\.0\.1:(\d+)`)[1]
	return h
}

// options are those of every client.
func (h *host) options() []string {
	return []string{"-F", "/dev/null", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=accept-new",
		"-o", "UserKnownHostsFile=" + h.dir + "/known", "-o", "IdentityAgent=none", "-o", "IdentityFile=none",
		"-o", "ConnectTimeout=20"}
}

// ssh is a client, which ends within a minute.
func (h *host) ssh(args ...string) *exec.Cmd {
	h.t.Helper()
	needs(h.t, "ssh")
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	h.t.Cleanup(cancel)
	return exec.CommandContext(ctx, "ssh", append(append(h.options(), "-p", h.port), args...)...)
}

// line is the last audit line, once there are n.
func (h *host) line(n int) (last map[string]any) {
	h.t.Helper()
	text := h.audit.waits(h.t, fmt.Sprintf(`^(?:.*\n){%d}`, n))[0]
	all := strings.Split(strings.TrimSpace(text), "\n")
	if err := json.Unmarshal([]byte(all[len(all)-1]), &last); err != nil {
		h.t.Fatalf("%v: %s", err, text)
	}
	return last
}

// TestServeOnlyTheWizard: whatever else is asked for by OpenSSH's clients is refused, with words where SSH has room
// for them, and nothing that a visitor says comes back as a command to the terminal.
func TestServeOnlyTheWizard(t *testing.T) {
	h := serves(t)
	const only, needsTerminal = "only the enrollment is served here", "this needs a terminal"
	for name, tc := range map[string]struct {
		args []string
		said string
	}{
		"a command":         {[]string{"demo@127.0.0.1", "ls"}, only},
		"with a terminal":   {[]string{"-tt", "demo@127.0.0.1", "/bin/sh"}, only},
		"metacharacters":    {[]string{"-tt", "demo@127.0.0.1", "plain; touch " + h.dir + "/owned"}, only},
		"substitution":      {[]string{"-tt", "demo@127.0.0.1", "plain $(touch " + h.dir + "/owned)"}, only},
		"a line break":      {[]string{"-tt", "demo@127.0.0.1", "plain\ntouch " + h.dir + "/owned"}, only},
		"an option":         {[]string{"-tt", "demo@127.0.0.1", "plain --endpoint-url http://127.0.0.1:1"}, only},
		"no terminal":       {[]string{"-T", "demo@127.0.0.1"}, needsTerminal},
		"plain without one": {[]string{"demo@127.0.0.1", "plain"}, "passwords too"},
		"another profile":   {[]string{"-tt", "root@127.0.0.1"}, `no profile "root" here.*with one of demo`},
		"no user":           {[]string{"-tt", "-l", "", "127.0.0.1"}, `no profile|remote username`},
		"escapes":           {[]string{"-tt", "-l", "x\x1b]0;owned\a\x1b[31m", "127.0.0.1"}, `no profile|characters`},
		"a subsystem":       {[]string{"-s", "demo@127.0.0.1", "shell"}, "subsystem request failed"},
		"a tunnel":          {[]string{"-w", "0:0", "-N", "-o", "ExitOnForwardFailure=yes", "demo@127.0.0.1"}, "(?i)tun"},
		"to elsewhere":      {[]string{"-W", "127.0.0.1:" + h.port, "demo@127.0.0.1"}, "prohibited"},
		"from here": {[]string{"-N", "-o", "ExitOnForwardFailure=yes", "-R", "0:127.0.0.1:" + h.port, "demo@127.0.0.1"},
			"remote port forwarding failed"},
		"from here, a socket": {[]string{"-N", "-o", "ExitOnForwardFailure=yes", "-R", h.dir + "/s:127.0.0.1:" + h.port,
			"demo@127.0.0.1"}, "remote port forwarding failed"},
		"an old key exchange": {[]string{"-o", "KexAlgorithms=diffie-hellman-group14-sha1", "demo@127.0.0.1"},
			"no matching key exchange"},
		"an old MAC":    {[]string{"-c", "aes128-ctr", "-m", "hmac-sha1", "demo@127.0.0.1"}, "no matching MAC"},
		"an old cipher": {[]string{"-c", "aes128-cbc", "demo@127.0.0.1"}, "no matching cipher"},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := h.ssh(tc.args...).CombinedOutput()
			if exit := (*exec.ExitError)(nil); err == nil {
				t.Errorf("it ends well:\n%s", out)
			} else if !asExit(err, &exit) || exit.ExitCode() < 0 {
				t.Errorf("it does not end: %v\n%s", err, out)
			}
			if !regexp.MustCompile("(?s)" + tc.said).Match(out) {
				t.Errorf("%q is not said:\n%s", tc.said, out)
			}
			if bytes.Contains(out, []byte("\x1b")) {
				t.Errorf("an escape comes back: %q", out)
			}
		})
	}
	for name, cmd := range map[string]*exec.Cmd{
		"sftp":   exec.Command("sftp", append(h.options(), "-P", h.port, "demo@127.0.0.1")...),
		"scp":    exec.Command("scp", append(h.options(), "-P", h.port, "demo@127.0.0.1:/etc/passwd", h.dir+"/got")...),
		"scp -O": exec.Command("scp", append(h.options(), "-O", "-P", h.port, "demo@127.0.0.1:/etc/passwd", h.dir+"/got")...),
		"scp to": exec.Command("scp", append(h.options(), "-O", "-P", h.port, h.dir+"/known",
			"demo@127.0.0.1:"+h.dir+"/got")...),
	} {
		needs(t, cmd.Args[0])
		if out, err := cmd.CombinedOutput(); err == nil {
			t.Errorf("%s ends well:\n%s", name, out)
		}
	}
	for _, made := range []string{"owned", "got", "s"} {
		if _, err := os.Stat(filepath.Join(h.dir, made)); err == nil {
			t.Errorf("%s is there", made)
		}
	}
	if strings.Contains(h.audit.String()+h.said.String(), "\x1b") {
		t.Error("an escape is in the lines of the host")
	}
}

// asExit is errors.As with a name that a condition has room for.
func asExit(err error, exit **exec.ExitError) bool {
	e, ok := err.(*exec.ExitError)
	*exit = e
	return ok
}

// TestServeForwardsNothing: what the client forwards leads nowhere, while the wizard runs: a port of either side, its
// agent and its display.
func TestServeForwardsNothing(t *testing.T) {
	h := serves(t)
	target, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer target.Close()
	reached := make(chan struct{}, 1)
	go func() {
		if c, err := target.Accept(); err == nil {
			c.Close()
			reached <- struct{}{}
		}
	}()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	local := free.Addr().String()
	free.Close()
	agent := h.dir + "/agent"
	asked, err := net.Listen("unix", agent)
	if err != nil {
		t.Fatal(err)
	}
	defer asked.Close()
	go func() {
		if c, err := asked.Accept(); err == nil {
			c.Close()
			reached <- struct{}{}
		}
	}()
	cmd := h.ssh("-tt", "-L", local+":"+target.Addr().String(), "-R", "0:"+target.Addr().String(), "-Y",
		"-o", "ForwardAgent="+agent, "-o", "XAuthLocation=/bin/false", "demo@127.0.0.1")
	cmd.Env = append(os.Environ(), "DISPLAY=:99")
	out := newWritten()
	cmd.Stdout, cmd.Stderr = out, out
	keys, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	out.waits(t, "Username")
	for _, refused := range []string{"remote port forwarding failed", "X11 forwarding request failed"} {
		out.waits(t, refused)
	}
	c, err := net.Dial("tcp", local)
	if err != nil {
		t.Fatal(err)
	}
	c.SetDeadline(time.Now().Add(20 * time.Second))
	if n, err := c.Read(make([]byte, 1)); n > 0 || err == nil {
		t.Error("something answers")
	}
	c.Close()
	select {
	case <-reached:
		t.Error("the target is reached")
	default:
	}
	io.WriteString(keys, "\x03")
	cmd.Wait()
	if got := h.line(1)["result"]; got != "left" {
		t.Errorf("the session ends with %q", got)
	}
}

// TestServeToldTwice: whoever tells the service a second time to end does not leave keys on the screens of others.
func TestServeToldTwice(t *testing.T) {
	h := &host{t: t, dir: t.TempDir(), audit: newWritten(), said: newWritten()}
	cmd := exec.Command("cognito-enroll", "serve", "--demo", "--name", "host.example", "--listen", "127.0.0.1:0",
		"--host-key", h.dir+"/host.key", "--drain", "10m")
	cmd.Stdout, cmd.Stderr = h.audit, h.said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() { cmd.Process.Kill() })
	h.port = h.said.waits(t, `serving .* on 127\.0\.0\.1:(\d+)`)[1]
	w := open(t, []string{"TERM=xterm-256color"}, h.shell("-t", "demo@127.0.0.1")...)
	w.signsIn("new-user", "demo-Pass-1")
	w.waits(`Device name`)
	w.enter()
	w.waits(`▀`)
	cmd.Process.Signal(os.Interrupt)
	w.waits("about to restart")
	cmd.Process.Signal(os.Interrupt)
	w.exits()
	if left := w.history(); strings.Contains(left, "▀") || !strings.Contains(left, `If your app has the entry "Demo"`) {
		t.Errorf("this is left on the screen:\n%s", left)
	}
	if got := h.line(1)["result"]; got != "restart" {
		t.Errorf("the audit line says %q", got)
	}
	select {
	case <-ended:
	case <-time.After(20 * time.Second):
		t.Error("it goes on")
	}
}

// shell is a command line for a window, with the options of every client.
func (h *host) shell(args ...string) []string {
	needs(h.t, "ssh")
	all := append(append([]string{"ssh"}, h.options()...), append([]string{"-p", h.port}, args...)...)
	for i, a := range all {
		all[i] = `"` + a + `"`
	}
	return all
}

// TestServeEnrolls: from OpenSSH's client inside of tmux, with several terminals and without a locale, each of these
// users gets to the end, and no key stays on the screen.
func TestServeEnrolls(t *testing.T) {
	h := serves(t)
	for i, tc := range []struct{ user, environ string }{
		{"new-user", "TERM=tmux-256color"},
		{"optional", "TERM=xterm LANG=C.UTF-8"},
		{"new-user", "TERM=linux"},
		{"optional", "TERM=xterm-256color LC_ALL=C"},
		{"new-user", "-u LC_ALL TERM=xterm LANG=C"},
		{"optional", "-u LC_ALL TERM=linux LANG=C"},
	} {
		t.Run(tc.user+" "+tc.environ, func(t *testing.T) {
			w := open(t, strings.Fields(tc.environ), h.shell("-t", "-o", "SendEnv=LANG LC_*", "demo@127.0.0.1")...)
			w.waits(`(?s)This is host\.example, profile demo.*could\s+read what you type.*Everything stays on this host`)
			users := strings.TrimSpace(w.waits(`(?s)Sign in as one of these users\.\n(.*)\n\n *Username`)[1])
			if rows := strings.Split(users, "\n"); len(rows) != 9 {
				t.Errorf("the nine users take %d rows:\n%s", len(rows), users)
			}
			w.signsIn(tc.user, "demo-Pass-1")
			w.waits(`Device name`)
			w.enter()
			key := w.waits(`([A-Z2-7]{4} [A-Z2-7]{4}) `)[1]
			w.waits(`▀`) // the terminal was asked, whatever the locale says
			w.types("000000")
			w.waits(`is wrong|does not come from|clock is`)
			w.types(w.code(""))
			w.waits(`Your authenticator is enrolled`)
			w.enter()
			if code := w.exits(); code != "0" {
				t.Errorf("the exit code is %q", code)
			}
			left := w.history()
			for _, secret := range []string{"demo-Pass-1", key, "▀"} {
				if strings.Contains(left, secret) {
					t.Errorf("a secret is left on the screen:\n%s", left)
				}
			}
			if !strings.Contains(left, "Your authenticator is enrolled") {
				t.Errorf("the summary is not left on the screen:\n%s", left)
			}
			line := h.line(i + 1)
			if line["result"] != "done" || line["enrolled"] != true || line["profile"] != "demo" || line["user"] == tc.user {
				t.Errorf("the audit line is %v", line)
			}
		})
	}
	for _, secret := range []string{"demo-Pass-1", "new-user", "optional"} {
		if strings.Contains(h.audit.String(), secret) {
			t.Errorf("%q is in the audit lines", secret)
		}
	}
}

// TestServePlain: lines for screen readers, chosen with a word or by a terminal that can do no more. The password is
// not shown, and backspace works although there is no terminal device.
func TestServePlain(t *testing.T) {
	h := serves(t)
	for _, tc := range []struct{ user, environ, command string }{
		{"optional", "TERM=xterm", "plain"}, {"optional", "TERM=dumb", ""}, {"new-user", "TERM=dumb", ""},
		{"new-user", "-u LC_ALL TERM=dumb LANG=C", ""}, {"new-user", "-u LC_ALL TERM=xterm LANG=C", "plain"},
	} {
		t.Run(tc.user+" "+tc.environ, func(t *testing.T) {
			args := []string{"-t", "-o", "SendEnv=LANG LC_*", "demo@127.0.0.1"}
			if tc.command != "" {
				args = append(args, tc.command)
			}
			w := open(t, strings.Fields(tc.environ), h.shell(args...)...)
			w.waits(`Username.*:\s*$`)
			last := len(tc.user) - 1
			w.types(tc.user[:last] + "x")
			w.tmux("send-keys", "BSpace")
			w.types(tc.user[last:])
			w.enter()
			w.waits(`Password \([^)]*not shown.*\):\s*$`)
			w.types("demo-Pass-1")
			w.enter()
			enrollsInLines(t, w)
			left := w.history()
			if strings.Count(left, "demo-Pass-1") > 9 || strings.Contains(left, "shown): demo") {
				t.Errorf("the password is shown:\n%s", left)
			}
			if strings.Contains(tc.environ, "LANG=C") && strings.ContainsFunc(left, func(r rune) bool { return r > '~' }) {
				t.Errorf("a terminal of another locale gets UTF-8:\n%s", left)
			}
		})
	}
}

// TestServeTermWithEscapes: a terminal whose name is none is led in lines, and the name does not come back. Variables
// that are not for a terminal are refused, and change nothing.
func TestServeTermWithEscapes(t *testing.T) {
	h := serves(t)
	cmd := h.ssh("-tt", "-o", "SetEnv=LD_PRELOAD=/x AWS_PROFILE=x LANG=C\x1b[31m", "demo@127.0.0.1")
	cmd.Env = append(os.Environ(), "TERM=xterm\x1b[31m")
	out := newWritten()
	cmd.Stdout, cmd.Stderr = out, out
	keys, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	out.waits(t, `Username \(required\): `)
	io.WriteString(keys, "\x03")
	cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 130 {
		t.Errorf("the exit code is %d", code)
	}
	if strings.Contains(out.String(), "\x1b") || !strings.Contains(out.String(), "You left.") {
		t.Errorf("it says %q", out.String())
	}
}

// TestServeEndings: however a session ends that shows a key, the terminal is usable, shows no key, and says why and
// what is true now.
func TestServeEndings(t *testing.T) {
	for name, tc := range map[string]struct {
		flags  []string
		how    func(*host, *window)
		result string
		said   string
	}{
		"ctrl+z": {nil, func(_ *host, w *window) { w.tmux("send-keys", "C-z") }, "suspend", "You pressed ctrl\\+z"},
		"ctrl+c": {nil, func(_ *host, w *window) { w.tmux("send-keys", "C-c") }, "left", "You left"},
		"idle": {[]string{"--idle-timeout", "8s"}, func(_ *host, w *window) {
			w.waits("Press a key within 4 seconds")
			w.types("8")
			w.waits("enter send") // the warning is gone
			w.waits("Press a key within 4 seconds")
		}, "idle", "No key was pressed for 8 seconds"},
		"time": {[]string{"--session-timeout", "9s"}, func(_ *host, w *window) {
			w.waits("This session ends in 4|5 seconds")
		}, "time", "A session lasts 9 seconds at most"},
		"restart": {[]string{"--drain", "2s"}, func(h *host, w *window) {
			go h.stop()
			w.waits("about to restart. Finish within 2 seconds")
		}, "restart", "This service is restarting"},
	} {
		t.Run(name, func(t *testing.T) {
			h := serves(t, tc.flags...)
			w := open(t, []string{"TERM=xterm-256color"}, h.shell("-t", "demo@127.0.0.1")...)
			w.signsIn("new-user", "demo-Pass-1")
			w.waits(`Device name`)
			w.enter()
			w.waits(`▀`)
			tc.how(h, w)
			if code := w.exits(); code != "130" {
				t.Errorf("the exit code is %q", code)
			}
			if alternate := strings.TrimSpace(w.tmux("display-message", "-p", "#{alternate_on}")); alternate != "0" {
				t.Error("the terminal is left in the alternate screen")
			}
			left := w.history()
			if strings.Contains(left, "▀") {
				t.Errorf("the QR code is left on the screen:\n%s", left)
			}
			for _, want := range []string{tc.said, `If your app has the entry "Demo"`} {
				if !regexp.MustCompile(want).MatchString(left) {
					t.Errorf("%q is not said:\n%s", want, left)
				}
			}
			if got := h.line(1)["result"]; got != tc.result {
				t.Errorf("the audit line says %q", got)
			}
			if err := h.stop(); err != nil {
				t.Error(err)
			}
		})
	}
}
