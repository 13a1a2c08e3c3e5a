package main

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/charmbracelet/x/term"

	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cmd/cognito-enroll/terminal"
)

// grace is how long a run that was told to end may take, if it needs no longer.
const grace = 3 * time.Second

// leaving ends what runs when the process is told to end: by a signal, by a terminal or a reader that is
// gone, or by the end of the program that started it. Go's own answer to SIGQUIT and SIGABRT, a trace of
// every goroutine, is never given.
type leaving struct {
	mu     sync.Mutex
	runs   []*run
	told   bool
	back   func()       // takes the terminal back from the last program that it was lent to; nil if there was none
	lent   atomic.Int32 // to how many programs the terminal is whose keys arrive here as well
	before *term.State  // of the keyboard; nil if stdin is none
}

type run struct {
	cancel context.CancelFunc
	leave  terminal.Leave
}

// catch begins to listen.
func catch() *leaving {
	l := &leaving{}
	if term.IsTerminal(os.Stdin.Fd()) {
		l.before, _ = term.GetState(os.Stdin.Fd())
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, interrupts()...)
	// What is written to a pipe that nobody reads fails instead of ending the process: see pipe.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	go func() {
		for s := range signals {
			if s != os.Interrupt || l.lent.Load() == 0 {
				l.end()
			}
		}
	}()
	return l
}

// interrupts are the signals that tell the process to end. Under nohup a hangup does not.
func interrupts() []os.Signal {
	all := []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGABRT}
	return slices.DeleteFunc(all, func(s os.Signal) bool { return s != os.Interrupt && signal.Ignored(s) })
}

// until is a Terminal's Interrupts.
func (l *leaving) until(ctx context.Context, leave terminal.Leave) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	r := &run{cancel, leave}
	l.mu.Lock()
	l.runs = append(l.runs, r)
	l.mu.Unlock()
	if leave.Person && l.before != nil && !signal.Ignored(syscall.SIGHUP) {
		go l.watchParent(ctx)
	}
	return ctx, func() {
		cancel()
		l.mu.Lock()
		l.runs = slices.DeleteFunc(l.runs, func(other *run) bool { return other == r })
		l.mu.Unlock()
	}
}

// watchParent ends the runs when the program that started this one is gone: nobody leads it any more, and a
// shell above may have taken the terminal.
func (l *leaving) watchParent(ctx context.Context) {
	parent := os.Getppid()
	for tick := time.NewTicker(200 * time.Millisecond); ; {
		select {
		case <-ctx.Done():
			tick.Stop()
			return
		case <-tick.C:
			if ctx.Err() == nil && os.Getppid() != parent {
				l.end()
				return
			}
		}
	}
}

// end asks the runs to end. Where there are none, where they were asked before, and when they take too long,
// the process ends at once.
func (l *leaving) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.runs) == 0 || l.told {
		l.now()
	}
	l.told = true
	within := grace
	for _, r := range l.runs {
		within = max(within, r.leave.Grace)
		r.cancel()
	}
	time.AfterFunc(within, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.now()
	})
}

// now takes away what must not stay, restores the terminal and ends the process. A closed window tells the process to
// end more than once, so that the runs may not have come to it.
func (l *leaving) now() {
	for _, r := range l.runs {
		if r.leave.Left != nil {
			r.leave.Left()
		}
	}
	restored := make(chan struct{})
	go func() { // a terminal that takes nothing must not keep it
		defer close(restored)
		if l.back != nil {
			l.back()
		}
		if l.before != nil {
			term.Restore(os.Stdin.Fd(), l.before)
		}
		for _, r := range l.runs {
			io.WriteString(os.Stdout, r.leave.Reset)
		}
	}()
	select {
	case <-restored:
	case <-time.After(time.Second / 4):
	}
	os.Exit(exit.Canceled)
}

// pipe is a stream whose reader may go.
type pipe struct {
	io.Writer
	gone func() // called once
}

// Write implements io.Writer.
func (p pipe) Write(text []byte) (int, error) {
	n, err := p.Writer.Write(text)
	if errors.Is(err, syscall.EPIPE) {
		p.gone()
	}
	return n, err
}
