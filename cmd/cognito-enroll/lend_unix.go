//go:build linux || darwin || dragonfly || freebsd || netbsd || openbsd

package main

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// borrower is the first argument of this program as the one that runs another on the terminal. It leads a process
// group of its own, to which the terminal is lent, so that a key's signal is the program's and never this process's,
// and whatever tells this process to end is never a key. It is in that group to see the keys too, and ends the group
// when this process ends, however that does.
const borrower = "__borrow-terminal"

// These are the borrower's files besides its standard input, which is that of the program.
const (
	lenderFile  = 3 // a byte when the terminal is lent, and the end when the program has to end
	outcomeFile = 4 // outcome and the program's error when that has ended; nothing if it was killed with the borrower
)

// outcome is what the borrower begins with when it tells what became of the program.
const outcome = "ended:"

// polite is how long the program may take to end when it is told to, before it is killed.
const polite = 500 * time.Millisecond

// lend runs a program that reads input, and lends it the terminal.
func (l *leaving) lend(ctx context.Context, args []string, input *os.File) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	lent, lender, err := os.Pipe()
	if err != nil {
		return err
	}
	defer lent.Close()
	end := sync.OnceFunc(func() { lender.Close() })
	defer end()
	hear, tell, err := os.Pipe()
	if err != nil {
		return err
	}
	defer hear.Close()
	defer tell.Close()
	cmd := exec.Command(self, append([]string{borrower}, args...)...)
	cmd.Args[0] = os.Args[0]
	cmd.Stdin, cmd.ExtraFiles = input, []*os.File{lent, tell}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return err
	}
	tell.Close()
	back := handOver(cmd.Process.Pid)
	l.mu.Lock()
	l.back = func() { back() }
	l.mu.Unlock()
	defer func() {
		if back() != nil { // of a terminal that is gone only those are told to whom it was lent
			l.end()
		}
	}()
	lender.Write([]byte{'\n'})
	defer context.AfterFunc(ctx, end)()
	told, _ := io.ReadAll(hear)
	problem, ended := strings.CutPrefix(string(told), outcome)
	if !ended {
		syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	}
	if err := cmd.Wait(); err != nil {
		return err
	}
	if problem != "" {
		return errors.New(problem)
	}
	return nil
}

// handOver makes a process group the one that the terminal's keys go to. Back undoes that and restores the modes of
// the terminal, whatever they are then, without what was typed for that group and not read. Its error is of a terminal
// that is gone.
func handOver(group int) (back func() error) {
	none := func() error { return nil }
	tty, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	if err != nil {
		return none
	}
	fd := int(tty.Fd())
	modes, err := unix.IoctlGetTermios(fd, getModes)
	if err != nil {
		tty.Close()
		return none
	}
	before, err := unix.IoctlGetInt(fd, unix.TIOCGPGRP)
	lent := err == nil && before == unix.Getpgrp() // else a shell has put this process into the background
	// Who is in the background and takes the terminal, or sets its modes, would be stopped.
	signal.Ignore(syscall.SIGTTOU)
	if lent {
		unix.IoctlSetPointerInt(fd, unix.TIOCSPGRP, group)
	}
	return sync.OnceValue(func() error {
		defer tty.Close()
		defer signal.Reset(syscall.SIGTTOU)
		if lent {
			unix.IoctlSetPointerInt(fd, unix.TIOCSPGRP, before)
		}
		return unix.IoctlSetTermios(fd, setModes, modes)
	})
}

// borrow is the borrower's whole life, if args say that this process is one.
func borrow(args []string) {
	if len(args) < 3 || args[1] != borrower {
		return
	}
	signals := make(chan os.Signal, 16)
	signal.Notify(signals, append(interrupts(), syscall.SIGTSTP)...)
	syscall.CloseOnExec(lenderFile)
	syscall.CloseOnExec(outcomeFile)
	lender, tell := os.NewFile(lenderFile, "lender"), os.NewFile(outcomeFile, "outcome")
	if _, err := io.ReadFull(lender, make([]byte, 1)); err != nil {
		os.Exit(1)
	}
	done, end := make(chan error, 1), make(chan struct{})
	cmd := exec.Command(args[2], args[3:]...)
	cmd.Stdin = os.Stdin
	if err := cmd.Start(); err != nil {
		done <- err
	} else {
		os.Stdin.Close()
		go func() { done <- cmd.Wait() }()
	}
	go func() {
		io.Copy(io.Discard, lender)
		close(end)
	}()
	for interrupted := false; ; {
		select {
		case err := <-done:
			text := outcome
			if err != nil {
				text += err.Error()
			}
			io.WriteString(tell, text)
			os.Exit(0)
		case s := <-signals: // the program has its own
			switch {
			case s == syscall.SIGINT && interrupted:
				syscall.Kill(0, syscall.SIGKILL)
			case s == syscall.SIGINT:
				interrupted = true
			case s == syscall.SIGTSTP: // nobody could continue it
				syscall.Kill(0, syscall.SIGCONT)
			case s == syscall.SIGHUP:
				endGroup(done)
			}
		case <-end:
			endGroup(done)
		}
	}
}

// endGroup ends the program, of which done tells the end, and whoever else is in the borrower's group, itself included.
func endGroup(done <-chan error) {
	syscall.Kill(0, syscall.SIGTERM)
	syscall.Kill(0, syscall.SIGCONT)
	select {
	case <-done:
	case <-time.After(polite):
	}
	syscall.Kill(0, syscall.SIGKILL)
}
