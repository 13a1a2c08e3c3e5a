//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// keeps is an executable file of that name, whose text is a shell script.
func keeps(t *testing.T, name, script string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	return file
}

// keeping is a demo at the key, with a command to give it to. Before it, the shell that starts it runs before, and
// afterwards it runs after.
func keeping(t *testing.T, before, command, after string) *window {
	t.Helper()
	file := filepath.Join(t.TempDir(), "run.sh")
	script := before + "\ncognito-enroll demo --username new-user --key-to '" + command + "'\n" + after + "\n"
	if err := os.WriteFile(file, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	w := open(t, nil, "bash", file)
	w.scans()
	return w
}

// awaits is the content of a file that is written in one line, when it is.
func awaits(t *testing.T, file string) (line string) {
	t.Helper()
	eventually(t, file+" is written", func() bool {
		text, _ := os.ReadFile(file)
		line = strings.TrimSpace(string(text))
		return strings.HasSuffix(string(text), "\n")
	})
	return line
}

func runs(pid string) bool { return exec.Command("kill", "-0", pid).Run() == nil }

// TestKeyToTerminal: whatever the command leaves on in the terminal, and however it ends, is off when the wizard
// ends, and the wizard works on.
func TestKeyToTerminal(t *testing.T) {
	const leaves = `cat >/dev/null; stty raw -echo tostop </dev/tty
printf '\033[?1000h\033[?1003h\033[?1006h\033[?1h\033=\033[2;5r\033[4h\033[?7l\033[31m' >/dev/tty
`
	for end, says := range map[string]string{"true": `has the key`, "exit 3": `exit(?s:.*)status 3`,
		"kill -KILL $$": `signal:(?s:.*)killed`} {
		t.Run(strings.Fields(end)[0], func(t *testing.T) {
			t.Parallel()
			for _, finishes := range []bool{true, false} {
				dir := t.TempDir()
				w := keeping(t, "stty -g >"+dir+"/before", keeps(t, "leaver", leaves+end),
					"echo code $?; stty -g >"+dir+"/after; echo At the end\nread line && echo Read $line\nread line")
				w.types("k")
				w.waits(says)
				if finishes {
					w.types(w.code(""))
					w.waits(`is enrolled`)
					w.enter()
					w.waits(`code 0\nAt the end`)
				} else {
					w.tmux("send-keys", "C-c")
					w.waits(`code 130\nAt the end`)
				}
				if before, after := awaits(t, dir+"/before"), awaits(t, dir+"/after"); before != after {
					t.Errorf("the modes were\n%s and are\n%s", before, after)
				}
				const flags = "#{mouse_any_flag}#{keypad_flag}#{keypad_cursor_flag}#{insert_flag}#{scroll_region_upper}" +
					" #{scroll_region_lower}#{wrap_flag}#{cursor_flag}"
				if got := strings.TrimSpace(w.tmux("display-message", "-p", flags)); got != "00000 2311" {
					t.Errorf("tmux has it as %s", got)
				}
				w.types("hello")
				w.enter()
				w.waits(`(?m)^Read hello`) // it has the terminal
				if left := w.tmux("capture-pane", "-p", "-e", "-S", "-"); strings.Contains(left, "\x1b[31m") {
					t.Errorf("it is red:\n%q", left)
				}
			}
		})
	}
}

// TestKeyToUnread: who did not read the key does not have it.
func TestKeyToUnread(t *testing.T) {
	w := keeping(t, "", "true", "")
	w.types("k")
	w.waits(`true did not take the key \(it(?s:.*)ended without reading it\)`)
}

// TestKeyToStubborn: the first ctrl+c is the command's, ctrl+z does not stop it, and the second ctrl+c kills it and
// what it started, whatever they ignore.
func TestKeyToStubborn(t *testing.T) {
	dir := t.TempDir()
	stubborn := keeps(t, "stubborn", "trap '' TERM TSTP HUP\nsh -c \"trap '' INT; echo \\$\\$ >"+dir+"/child; "+
		"while :; do sleep 1; done\" &\ntrap 'echo got >"+dir+"/got' INT\ncat >/dev/null\necho $$ >"+dir+"/there\n"+
		"while :; do sleep 1; done\n")
	w := keeping(t, "", stubborn, "echo code $?")
	w.types("k")
	child, own := awaits(t, dir+"/child"), awaits(t, dir+"/there")
	w.tmux("send-keys", "C-c")
	awaits(t, dir+"/got")
	if !runs(own) || !runs(child) {
		t.Error("the first one ends it")
	}
	w.tmux("send-keys", "C-c")
	w.waits(`stubborn did not take the key(?s:.*)\(signal: killed\)`)
	eventually(t, "both are gone", func() bool { return !runs(own) && !runs(child) })
	w.types(w.code(""))
	w.waits(`is enrolled`)
	w.enter()
	w.waits(`code 0`)
}

// TestKeyToStopped: nobody could continue a command that ctrl+z has stopped, so it goes on.
func TestKeyToStopped(t *testing.T) {
	dir := t.TempDir()
	w := keeping(t, "", keeps(t, "keeper", "trap 'echo go >"+dir+"/on' CONT\ncat >/dev/null\necho $$ >"+dir+
		"/there\nuntil test -e "+dir+"/on; do sleep 0.1; done\n"), "")
	w.types("k")
	awaits(t, dir+"/there")
	w.tmux("send-keys", "C-z")
	w.waits(`keeper has the key`)
}

// TestKeyToAsks: the command may ask on the terminal.
func TestKeyToAsks(t *testing.T) {
	w := keeping(t, "", keeps(t, "asker", "cat >/dev/null\nprintf 'Passphrase: ' >/dev/tty; read line </dev/tty\n"+
		"test \"$line\" = open\n"), "")
	w.types("k")
	w.waits(`Passphrase:`)
	w.types("open")
	w.enter()
	w.waits(`asker has the key`)
}

// TestKeyToTold: what tells the wizard to end while the command runs ends both, whatever that ignores. A signal that
// somebody sends is no key.
func TestKeyToTold(t *testing.T) {
	for _, how := range []string{
		"INT", "TERM", "HUP", "QUIT", "KILL", "TERM twice", "window", "window of one that ends",
	} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			window, ignore := strings.HasPrefix(how, "window"), "trap '' INT TERM HUP QUIT\n"
			if how != "window" && window {
				ignore = ""
			}
			stubborn := keeps(t, "stubborn", ignore+"sleep 600 &\necho $! >"+dir+"/child\n"+
				"cat >/dev/null\nstty raw -echo </dev/tty\necho $$ $PPID >"+dir+"/there\nwhile :; do sleep 1; done\n")
			w := keeping(t, "stty -g >"+dir+"/before", stubborn,
				"code=$?; stty -g >"+dir+"/after; echo At $code; read line && echo Read $line; read line")
			w.types("k")
			child, ids := awaits(t, dir+"/child"), strings.Fields(awaits(t, dir+"/there"))
			parent, err := exec.Command("ps", "-o", "ppid=", "-p", ids[1]).Output()
			if err != nil {
				t.Fatal(err)
			}
			wizard := strings.TrimSpace(string(parent))
			signal, twice := strings.CutSuffix(how, " twice")
			switch {
			case window:
				w.tmux("kill-server")
			case twice:
				exec.Command("sh", "-c", "kill -$0 $1; kill -HUP $1", signal, wizard).Run()
			default:
				exec.Command("kill", "-"+signal, wizard).Run()
			}
			eventually(t, "all are gone", func() bool {
				return !runs(ids[0]) && !runs(ids[1]) && !runs(child) && !runs(wizard)
			})
			if window || how == "KILL" {
				return
			}
			w.waits(`At 130`)
			if before, after := awaits(t, dir+"/before"), awaits(t, dir+"/after"); before != after {
				t.Errorf("the modes were\n%s and are\n%s", before, after)
			}
			w.types("hello")
			w.enter()
			w.waits(`(?m)^Read hello`)
		})
	}
}

// TestKeyToInterrupted: while the command of --key-to has the terminal, its keys interrupt the command, and the wizard
// goes on and tells. What tells the wizard itself to end, ends both.
func TestKeyToInterrupted(t *testing.T) {
	for how, why := range map[string]string{"C-c": `signal:\s+interrupt`, `C-\`: `signal:\s+quit`, "TERM": ""} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			sleeper := filepath.Join(dir, "sleeper")
			script := "#!/bin/sh\necho Loud; echo Loud >&2; cat >/dev/null; echo $$ >" + dir + "/there\nexec sleep 600\n"
			if err := os.WriteFile(sleeper, []byte(script), 0o700); err != nil {
				t.Fatal(err)
			}
			w := open(t, nil, "cognito-enroll demo --username new-user --key-to", sleeper)
			w.scans()
			w.types("12")
			w.types("k")
			w.waits(`sleeper is given the key\. Ctrl\+C interrupts it, twice kills it`)
			var pid []byte
			eventually(t, "the command runs", func() bool {
				pid, _ = os.ReadFile(dir + "/there")
				return len(pid) > 0 && pid[len(pid)-1] == '\n'
			})
			id := strings.TrimSpace(string(pid))
			if how == "TERM" {
				own, err := os.ReadFile(w.pid)
				if err != nil {
					t.Fatal(err)
				}
				exec.Command("kill", "-TERM", strings.TrimSpace(string(own))).Run()
				if code := w.exits(); code != "130" {
					t.Errorf("exit code %s", code)
				}
			} else {
				w.tmux("send-keys", how)
				w.waits(`did not take the key(?s:.*)` + why)
				w.types("\b\b" + w.code(""))
				w.waits(`is enrolled`)
				w.enter()
				if code := w.exits(); code != "0" {
					t.Errorf("exit code %s", code)
				}
			}
			eventually(t, "the command is gone", func() bool { return exec.Command("kill", "-0", id).Run() != nil })
			left := w.history()
			for _, not := range []string{"Loud", "given the key", "▀", "sleeper", "otpauth"} {
				if strings.Contains(left, not) {
					t.Errorf("%q is left:\n%s", not, left)
				}
			}
		})
	}
}
