package main

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"
)

// window is the program in a real terminal of 80×24 cells, driven through tmux.
type window struct {
	t         *testing.T
	name      string
	pid, code string // files: tmux itself sometimes loses the exit code of a pane
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
	w := &window{t, fmt.Sprintf("cognito-enroll-%d-%d", os.Getpid(), time.Now().UnixNano()), dir + "/pid", dir + "/code"}
	// Left alone the window would close with the program, and what is left on the screen with it.
	shell := fmt.Sprintf(`env %s sh -c 'echo $$ >%s; exec %s'; echo $? >%s`, strings.Join(environment, " "), w.pid, strings.Join(command, " "), w.code)
	w.tmux("-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "24", "exec sleep 600", ";",
		"set", "-g", "remain-on-exit", "on", ";", "set", "-g", "status", "off", ";", "set", "-g", "escape-time", "0", ";",
		"set", "-g", "remain-on-exit-format", "", ";", "set", "-g", "default-terminal", "tmux-256color", ";", "respawn-pane", "-k", shell)
	t.Cleanup(func() { exec.Command("tmux", "-L", w.name, "kill-server").Run() })
	return w
}

func (w *window) tmux(args ...string) string {
	w.t.Helper()
	cmd := exec.Command("tmux", append([]string{"-u", "-L", w.name}, args...)...)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
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
	re := regexp.MustCompile(pattern)
	screen := ""
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(30 * time.Millisecond) {
		screen = w.tmux("capture-pane", "-p")
		if m := re.FindStringSubmatch(screen); m != nil {
			return m
		}
	}
	w.t.Fatalf("no %q on the screen:\n%s", pattern, screen)
	return nil
}

func (w *window) types(text string) { w.t.Helper(); w.tmux("send-keys", "-l", text) }
func (w *window) enter()            { w.t.Helper(); w.tmux("send-keys", "Enter") }

// exits waits for the end of the program and returns its exit code.
func (w *window) exits() string {
	w.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(30 * time.Millisecond) {
		if code, err := os.ReadFile(w.code); err == nil && len(code) > 0 {
			return strings.TrimSpace(string(code))
		}
	}
	w.t.Fatalf("the program runs on:\n%s", w.history())
	return ""
}

// Each user of the demonstration gets to the end, and a wrong code first does not stop anybody.
func TestDemoInTerminal(t *testing.T) {
	for _, tt := range []struct{ user, password, end string }{
		{"new-user", "demo-Pass-1", "Done: your authenticator is enrolled"},
		{"first-sign-in", "temp-Pass-1", "Done: your authenticator is enrolled"},
		{"optional", "demo-Pass-1", "Done: your authenticator is enrolled"},
		{"has-totp", "demo-Pass-1", "Your authenticator is enrolled"},
	} {
		t.Run(tt.user, func(t *testing.T) {
			t.Parallel()
			w := open(t, nil, "cognito-enroll", "demo")
			w.waits(`Username`)
			w.types(tt.user)
			w.enter()
			w.types(tt.password)
			w.enter()
			if tt.user == "first-sign-in" {
				w.waits(`New password`)
				for _, value := range []string{"Better-Horse-1", "Better-Horse-1", "Fay"} {
					w.types(value)
					w.enter()
				}
			}
			key := ""
			if tt.user == "has-totp" {
				w.waits(`Your authenticator.s code`)
			} else {
				w.waits(`Device name`)
				w.enter()
				key = w.waits(`([A-Z2-7]{4} [A-Z2-7]{4}) `)[1]
				w.waits(`Time left: 2:5\d|Time left: 3:00|Time left: 59:|Time left: 60:00`)
			}
			w.types("000000")
			w.waits(`not right|does not come from`)
			w.types("p")
			code := w.waits(`Demo phone: (\d{3}) (\d{3})`)
			w.types(code[1] + code[2])
			if tt.user == "has-totp" {
				w.waits(`Leave it as it is`)
				w.enter()
			}
			w.waits(tt.end)
			if tt.user == "optional" {
				w.tmux("send-keys", "C-c") // however the last screen is left, it is the end and no cancelling
			} else {
				w.enter()
			}
			if code := w.exits(); code != "0" {
				t.Errorf("the exit code is %q", code)
			}
			left := w.history()
			for _, want := range []string{tt.end, `User +` + tt.user, `User pool +us-east-1_demo`, `Active factors +authenticator app`} {
				if !regexp.MustCompile(want).MatchString(left) {
					t.Errorf("%q is not left on the screen:\n%s", want, left)
				}
			}
			for _, secret := range []string{tt.password, "Better-Horse-1", code[1] + " " + code[2], "▀", key} {
				if secret != "" && strings.Contains(left, secret) {
					t.Errorf("a secret is left on the screen:\n%s", left)
				}
			}
		})
	}
}

// Leaving, politely or not, restores the terminal and says what is true.
func TestLeaving(t *testing.T) {
	for _, how := range []string{"ctrl+c", "SIGTERM"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			w := open(t, nil, "cognito-enroll", "demo")
			w.waits(`Username`)
			w.types("optional")
			w.enter()
			w.types("demo-Pass-1")
			w.enter()
			w.waits(`Device name`)
			w.enter()
			w.waits(`Time left`)
			if how == "ctrl+c" {
				w.tmux("send-keys", "C-c")
			} else {
				pid, err := os.ReadFile(w.pid)
				if err != nil {
					t.Fatal(err)
				}
				w.tmux("run-shell", "kill -TERM "+strings.TrimSpace(string(pid)))
			}
			if code := w.exits(); code != "130" {
				t.Errorf("the exit code is %q", code)
			}
			if alternate := strings.TrimSpace(w.tmux("display-message", "-p", "#{alternate_on}")); alternate != "0" {
				t.Error("the terminal is left in the alternate screen")
			}
			left := w.history()
			if !strings.Contains(left, "cancelled") || !strings.Contains(left, "if your app has the entry «Demo» (optional) by now, delete it") {
				t.Errorf("what is true is not said:\n%s", left)
			}
			if strings.Contains(left, "▀") {
				t.Errorf("the QR code is left on the screen:\n%s", left)
			}
		})
	}
}

// Bubble Tea would write every key press to the file that TEA_TRACE names.
func TestNoTrace(t *testing.T) {
	dir := t.TempDir()
	w := open(t, []string{"-C", dir, "TEA_TRACE=" + dir + "/trace", "TEA_DEBUG=1"}, "cognito-enroll", "demo")
	w.waits(`Username`)
	w.types("optional")
	w.enter()
	w.types("not-the-password")
	w.enter()
	w.waits(`is wrong`)
	w.tmux("send-keys", "C-c")
	w.exits()
	files, err := os.ReadDir(dir)
	if err != nil || len(files) > 0 {
		t.Errorf("left behind: %v, %v", files, err)
	}
}
