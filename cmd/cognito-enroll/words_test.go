package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// sized opens a terminal of so many columns and runs a script in it, once it has that size.
func sized(t *testing.T, environment []string, columns int, script string) *window {
	t.Helper()
	file := filepath.Join(t.TempDir(), "script")
	text := fmt.Sprintf("until stty size | grep -q ' %d$'; do sleep 0.02; done\n%s\n", columns, script)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	w := open(t, environment, "sh", file)
	w.tmux("resize-window", "-x", fmt.Sprint(columns), "-y", "24")
	return w
}

// unbroken fails the test where the terminal had to break a line that has more than one word, and so a word of it. What
// is set to be copied may be broken.
func (w *window) unbroken(set *regexp.Regexp) {
	w.t.Helper()
	shown := strings.Split(w.tmux("capture-pane", "-p", "-S", "-", "-E", "-"), "\n")
	columns := strings.TrimSpace(w.tmux("display-message", "-p", "#{pane_width}"))
	for line := range strings.SplitSeq(w.history(), "\n") { // where the terminal joins what it broke
		line = strings.TrimRight(line, " ")
		whole := false
		for _, l := range shown {
			whole = whole || strings.TrimRight(l, " ") == line
		}
		if !whole && strings.Contains(strings.TrimSpace(line), " ") && (set == nil || !set.MatchString(line)) {
			w.t.Errorf("%s columns: the terminal had to break %q", columns, line)
		}
	}
}

// TestWordsInTerminal: sentences are broken between words, whatever the width.
func TestWordsInTerminal(t *testing.T) {
	needs(t, "tmux")
	t.Parallel()
	project := t.TempDir()
	for name, text := range map[string]string{
		".env": "COGNITO_USER_POOL_ID=eu-west-1_AbCdEf123\nCOGNITO_CLIENT_ID=6k3v9q2m8t1r5w7x4z0b2n6p8d\n",
		"bad":  "x", "config.toml": "[profile.one]\npool_id = \"eu-west-1_AbCdEf123\"\n"} {
		if err := os.WriteFile(filepath.Join(project, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, script := range map[string]string{
		"doctor":       "cognito-enroll doctor",
		"config":       "cognito-enroll config",
		"an error":     "cognito-enroll finish --handle none",
		"an argument":  "cognito-enroll admin reset; cognito-enroll config save",
		"a cut answer": "cognito-enroll --pool-id eu-west-1_AbCdEf123 --client-id 4example --plain </dev/null",
		"help":         "cognito-enroll --help; cognito-enroll status --help; cognito-enroll help environment",
		"saved": "cognito-enroll config save two --config config.toml --pool-id eu-west-1_AbCdEf123 " +
			"--client-id 4example5client6id7example8; rm config.toml",
		"only stderr": "cognito-enroll finish --handle none >/dev/null",
	} {
		for _, columns := range []int{40, 60, 80} {
			t.Run(fmt.Sprintf("%s/%d", name, columns), func(t *testing.T) {
				w := sized(t, nil, columns, "cd "+project+"\n"+script)
				w.exits()
				if name == "config" && !strings.Contains(w.history(), "app client 6k3v9q2m8t1r5w7x4z0b2n6p8d") {
					t.Errorf("the app client is not shown:\n%s", w.history())
				}
				// Commands and what is to be added to them.
				w.unbroken(regexp.MustCompile(`^  (cognito-enroll|terraform|    --)`))
			})
		}
	}
}

// TestLeavingInTerminal: what is said after the screens is broken between words as well.
func TestLeavingInTerminal(t *testing.T) {
	t.Parallel()
	for _, columns := range []int{40, 60, 80} {
		w := sized(t, nil, columns, "exec cognito-enroll demo --username new-user")
		w.waits(`Device name`)
		w.enter()
		w.waits(`left`)
		w.tmux("send-keys", "C-c")
		w.waits(`(?i)delete`)
		w.tmux("send-keys", "C-c")
		w.exits()
		if left := w.history(); !strings.Contains(left, "new-user") {
			t.Errorf("it says nothing:\n%s", left)
		}
		w.unbroken(nil)
	}
}
