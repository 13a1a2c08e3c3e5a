package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// window is the program in a real terminal of 80×24 cells, driven through tmux.
type window struct {
	t           *testing.T
	name        string
	dir         string // where the program keeps what it keeps
	pid, status string // files: tmux itself sometimes loses the exit code of a pane
}

// needs skips the test where a tool is missing; under CI that is a failure.
func needs(t *testing.T, tool string) {
	t.Helper()
	if _, err := exec.LookPath(tool); err == nil {
		return
	}
	if os.Getenv("CI") != "" {
		t.Fatalf("%s is not installed", tool)
	}
	t.Skipf("%s is not installed", tool)
}

func open(t *testing.T, environment []string, command ...string) *window {
	t.Helper()
	needs(t, "tmux")
	dir := t.TempDir()
	w := &window{t, fmt.Sprintf("cognito-enroll-%d-%d", os.Getpid(), time.Now().UnixNano()), dir, dir + "/pid", dir +
		"/status"}
	// Left alone the window would close with the program, and what is left on the screen with it.
	shell := fmt.Sprintf(`env %s sh -c 'echo $$ >%s; exec %s'; echo $? >%s`, strings.Join(environment, " "), w.pid,
		strings.Join(command, " "), w.status)
	w.tmux("-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "24", "exec sleep 600", ";",
		"set", "-g", "remain-on-exit", "on", ";", "set", "-g", "status", "off", ";", "set", "-g", "escape-time", "0", ";",
		"set", "-g", "remain-on-exit-format", "", ";", "set", "-g", "default-terminal", "tmux-256color", ";", "respawn-pane",
		"-k", shell)
	t.Cleanup(func() { exec.Command("tmux", "-L", w.name, "kill-server").Run() })
	return w
}

func (w *window) tmux(args ...string) string {
	w.t.Helper()
	cmd := exec.Command("tmux", append([]string{"-u", "-L", w.name}, args...)...)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "XDG_CONFIG_HOME="+w.dir, "GORACE=exitcode=0 log_path="+w.dir+"/race")
	out, err := cmd.CombinedOutput()
	if err != nil {
		w.t.Fatalf("tmux %s: %v\n%s", args[0], err, out)
	}
	return string(out)
}

// history is everything on the screen and above it.
func (w *window) history() string { return w.tmux("capture-pane", "-p", "-J", "-S", "-", "-E", "-") }

// waits until the screen shows what pattern matches, and returns its groups.
func (w *window) waits(pattern string) []string {
	w.t.Helper()
	return w.waitsFor(20*time.Second, regexp.MustCompile(pattern), true)
}

func (w *window) waitsFor(limit time.Duration, pattern *regexp.Regexp, there bool) []string {
	w.t.Helper()
	screen := ""
	for deadline := time.Now().Add(limit); time.Now().Before(deadline); time.Sleep(30 * time.Millisecond) {
		screen = w.tmux("capture-pane", "-p")
		if m := pattern.FindStringSubmatch(screen); (m != nil) == there {
			return m
		}
	}
	w.t.Fatalf("%q on the screen: want %v\n%s", pattern, there, screen)
	return nil
}

// signsIn types name and password into the first screen.
func (w *window) signsIn(user, password string) {
	w.t.Helper()
	w.waits(`Username`)
	w.types(user)
	w.enter()
	w.types(password)
	w.enter()
}

// picks chooses the scenario of the demo that has title.
func (w *window) picks(title string) {
	w.t.Helper()
	w.waits(`What would you like to see`)
	w.types(title)
	w.waits(`› ` + title + `\n(?s:.*)› ` + title)
	w.enter()
}

// code is what the demo phone shows, when that is not old.
func (w *window) code(old string) string {
	w.t.Helper()
	for range 2 {
		w.types("p")
		m := w.waits(`Demo phone: (\d{3}) (\d{3}), for (\d+) s`)
		if code := m[1] + m[2]; code != old {
			return code
		}
		// Codes are shown for 30 seconds.
		w.waitsFor(35*time.Second, regexp.MustCompile(`Demo phone: `+m[1]+` `+m[2]), false)
	}
	w.t.Fatal("the demo phone shows the same code for ever")
	return ""
}

// sent is the code that the demo phone was sent.
func (w *window) sent() string {
	w.t.Helper()
	w.waits(`Code +›`)
	w.types("p")
	return w.waits(`Demo phone: .*: (\d{6,8})`)[1]
}

func (w *window) types(text string) { w.t.Helper(); w.tmux("send-keys", "-l", text) }
func (w *window) enter()            { w.t.Helper(); w.tmux("send-keys", "Enter") }

// scans goes from the name of the device to the QR code.
func (w *window) scans() {
	w.t.Helper()
	w.waits(`Device name`)
	w.enter()
	w.waits(`Code +›`)
}

// raced fails the test when the race detector found something, but for the one race that Bubble Tea 2.1.1
// has of its own: it closes the terminal's reader while that still reads.
func (w *window) raced() {
	w.t.Helper()
	logs, _ := filepath.Glob(w.dir + "/race.*")
	for _, log := range logs {
		text, err := os.ReadFile(log)
		if err != nil {
			w.t.Error(err)
		}
		for _, report := range strings.Split(string(text), "WARNING: DATA RACE")[1:] {
			if !strings.Contains(report, "cancelreader.(*epollCancelReader).Close") {
				w.t.Errorf("data race:%s", report)
			}
		}
	}
}

// exits waits for the end of the program and returns its exit code.
func (w *window) exits() string {
	w.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(30 * time.Millisecond) {
		if code, err := os.ReadFile(w.status); err == nil && len(code) > 0 {
			w.raced()
			return strings.TrimSpace(string(code))
		}
	}
	w.t.Fatalf("the program runs on:\n%s", w.history())
	return ""
}
