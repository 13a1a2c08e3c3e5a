package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"cognito-enroll/ui/wizard"
)

// surroundings is what the environment tells about the terminal without asking it.
type surroundings struct {
	ascii       bool // the locale is not UTF-8
	multiplexer wizard.Multiplexer
	recorder    string // what visibly records the session; "" if nothing
}

func lookAround(ctx context.Context) surroundings {
	s := surroundings{ascii: !utf8Locale(os.Getenv), multiplexer: multiplexer(os.Getenv)}
	s.recorder = recorder(os.Getenv, ancestors())
	if s.recorder == "" && os.Getenv("TMUX") != "" && piped(ctx) {
		s.recorder = "tmux pipe-pane"
	}
	return s
}

// locale is the variable that counts, the first that is set (POSIX, "Environment Variables").
func locale(getenv func(string) string) (name, value string) {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if value := getenv(name); value != "" {
			return name, value
		}
	}
	return "", ""
}

// utf8Locale reports whether the locale is UTF-8. Where none is set, terminals are nowadays.
func utf8Locale(getenv func(string) string) bool {
	_, value := locale(getenv)
	codeset := strings.ReplaceAll(strings.ToLower(value), "-", "")
	return value == "" || strings.Contains(codeset, "utf8") || runtime.GOOS == "windows"
}

func multiplexer(getenv func(string) string) wizard.Multiplexer {
	term := getenv("TERM")
	switch {
	case getenv("TMUX") != "", strings.HasPrefix(term, "tmux"):
		return wizard.Tmux
	case getenv("STY") != "", strings.HasPrefix(term, "screen"): // over SSH, either
		return wizard.GNUScreen
	}
	return wizard.NoMultiplexer
}

// recorder knows the programs that say so, and those that the session runs under.
func recorder(getenv func(string) string, ancestors []string) string {
	if getenv("ASCIINEMA_REC") != "" || getenv("ASCIINEMA_SESSION") != "" {
		return "asciinema"
	}
	if getenv("SCRIPT") != "" { // BSD's; the one of util-linux tells nobody
		return "script"
	}
	known := []string{"script", "asciinema", "ttyrec", "termrec", "tlog-rec", "tlog-rec-session"}
	if i := slices.IndexFunc(ancestors, func(name string) bool { return slices.Contains(known, name) }); i >= 0 {
		return ancestors[i]
	}
	return ""
}

// ancestors are the names of the processes above this one, as far as Linux tells.
func ancestors() (names []string) {
	const most = 32
	for pid := os.Getppid(); pid > 1 && len(names) < most; {
		stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
		if err != nil {
			break
		}
		// "pid (name) state ppid …", and the name may have parentheses of its own.
		text := string(stat)
		open, end := strings.IndexByte(text, '('), strings.LastIndexByte(text, ')')
		if open < 0 || end < open {
			break
		}
		names = append(names, text[open+1:end])
		fields := strings.Fields(text[end+1:])
		if len(fields) < 2 {
			break
		}
		pid, _ = strconv.Atoi(fields[1])
	}
	return names
}

// piped asks tmux whether the pane's output goes to a program as well.
func piped(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, 500*time.Millisecond)
	defer cancel()
	cmd := exec.CommandContext(ctx, "tmux", "display-message", "-p", "#{pane_pipe}")
	cmd.WaitDelay = 500 * time.Millisecond
	out, err := cmd.Output()
	return err == nil && strings.TrimSpace(string(out)) == "1"
}
