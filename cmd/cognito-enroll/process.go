package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/term"

	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/ui/plain"
)

// process is the Terminal of this process, which has it to itself.
func process() *terminal.Terminal {
	l := catch()
	t := &terminal.Terminal{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Environ: os.Environ(), Folders: folders(),
		OpenKeyboard: func() (plain.Keyboard, error) {
			in, _, err := tea.OpenTTY()
			return keyboard{in}, err
		},
		Interrupts: l.until, Trusted: trusted,
		Find: func(name string) error {
			_, err := exec.LookPath(name)
			return err
		},
		Run:  l.run,
		Size: sizeOf(os.Stdout), ErrSize: sizeOf(os.Stderr),
		Raw: func() (restore func(), err error) {
			before, err := term.MakeRaw(os.Stdin.Fd())
			return func() { term.Restore(os.Stdin.Fd(), before) }, err
		},
		Ancestors: ancestors, Tmux: askTmux,
		May: terminal.May{Suspend: controlled(), Files: true, Memory: true, Clipboard: true},
	}
	if t.Folders.Cache != "" && !mayWrite(t.Folders.Cache) {
		t.Folders.Cache = ""
	}
	if t.Folders.Settings != "" && !mayWrite(t.Folders.Settings) {
		t.May.Memory = false
	}
	if term.IsTerminal(os.Stdin.Fd()) {
		t.In = keyboard{os.Stdin}
	}
	if info, err := os.Stdout.Stat(); term.IsTerminal(os.Stdout.Fd()) {
		t.OutKind = terminal.Screen
	} else if err == nil && info.Mode().IsRegular() {
		t.OutKind = terminal.File
	}
	if term.IsTerminal(os.Stderr.Fd()) {
		t.ErrKind = terminal.Screen
	}
	if t.OutKind == terminal.Pipe {
		t.Out = pipe{os.Stdout, sync.OnceFunc(l.end)}
	}
	return t
}

// sizeOf is a Terminal's Size of file.
func sizeOf(file *os.File) func() (columns, rows int) {
	return func() (columns, rows int) {
		columns, rows, err := term.GetSize(file.Fd())
		if err != nil {
			return 0, 0
		}
		return columns, rows
	}
}

// folders are those of the person. Settings are where the XDG Base Directory Specification wants them, if
// there is a word of it, and else where the system has them.
func folders() (f terminal.Folders) {
	const name = "cognito-enroll"
	f.Home, _ = os.UserHomeDir()
	f.Work, _ = os.Getwd()
	settings := os.Getenv("XDG_CONFIG_HOME")
	if !filepath.IsAbs(settings) {
		settings, _ = os.UserConfigDir()
	}
	if settings != "" {
		f.Settings = filepath.Join(settings, name)
	}
	if cache, err := os.UserCacheDir(); err == nil {
		f.Cache = filepath.Join(cache, name)
	}
	return f
}

// keyboard is a terminal device.
type keyboard struct{ *os.File }

// Hidden implements plain.Keyboard. It restores the echo in every case.
func (k keyboard) Hidden(ctx context.Context) (string, error) {
	before, err := term.GetState(k.Fd())
	if err != nil {
		return "", err
	}
	defer term.Restore(k.Fd(), before)
	type line struct {
		text []byte
		err  error
	}
	read := make(chan line, 1)
	go func() {
		text, err := term.ReadPassword(k.Fd())
		read <- line{text, err}
	}()
	select {
	case l := <-read:
		return string(l.text), l.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// ancestors are the names of the processes above this one, as far as Linux tells.
func ancestors() (names []string) {
	for pid := os.Getppid(); pid > 1 && len(names) < 32; {
		p, ok := readStat(pid)
		if !ok {
			break
		}
		names, pid = append(names, p.name), p.parent
	}
	return names
}

// stat is what Linux says of a process.
type stat struct {
	name                   string
	parent, group, session int
}

// readStat reads proc_pid_stat(5), "pid (name) state ppid pgrp session …". The name may have parentheses of
// its own.
func readStat(pid int) (p stat, ok bool) {
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	open, end := bytes.IndexByte(text, '('), bytes.LastIndexByte(text, ')')
	if err != nil || open < 0 || end < open {
		return p, false
	}
	fields := strings.Fields(string(text[end+1:]))
	if len(fields) < 4 {
		return p, false
	}
	p.name = string(text[open+1 : end])
	for i, number := range []*int{&p.parent, &p.group, &p.session} {
		if *number, err = strconv.Atoi(fields[i+1]); err != nil {
			return p, false
		}
	}
	return p, true
}

// controlled reports whether a shell can continue this process once it has stopped itself and all others of
// its group: somebody above it is in another group of the same session (POSIX calls a group without such a
// one orphaned, and nothing stops it). Where there is no /proc, there is taken to be one.
func controlled() bool {
	p, ok := readStat(os.Getpid())
	if !ok {
		return true
	}
	return underShell(p, readStat)
}

func underShell(p stat, read func(pid int) (stat, bool)) bool {
	for above, ok := read(p.parent); ok && above.session == p.session; above, ok = read(above.parent) {
		if above.group != p.group {
			return true
		}
	}
	return false
}

// askTmux asks for the pane that this runs in, and for the terminal that shows it.
func askTmux(ctx context.Context) terminal.Tmux {
	ctx, cancel := context.WithTimeout(ctx, 500*time.Millisecond)
	defer cancel()
	cmd := exec.CommandContext(ctx, "tmux", "display-message", "-p", terminal.TmuxFormat)
	cmd.WaitDelay = 500 * time.Millisecond
	out, err := cmd.Output()
	if err != nil {
		return terminal.Tmux{}
	}
	return terminal.ParseTmux(string(out))
}
