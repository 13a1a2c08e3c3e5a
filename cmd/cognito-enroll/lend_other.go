//go:build !(linux || darwin || dragonfly || freebsd || netbsd || openbsd)

package main

import (
	"context"
	"os"
	"os/exec"
	"os/signal"
	"time"

	"github.com/charmbracelet/x/term"
)

// settles is how long a key that was pressed for another program may take to arrive here as well: the console tells
// both at once, and the other may end before this process has been told.
const settles = 300 * time.Millisecond

// borrow is for systems on which this program itself runs another on the terminal: see lend.
func borrow([]string) {}

// lend runs a program that reads input, on the same console. Its keys interrupt both: the first is left to the
// program, and the second kills it.
func (l *leaving) lend(ctx context.Context, args []string, input *os.File) error {
	for _, console := range []*os.File{os.Stdin, os.Stdout} {
		if modes, err := term.GetState(console.Fd()); err == nil {
			defer term.Restore(console.Fd(), modes)
		}
	}
	ctx, kill := context.WithCancel(ctx)
	defer kill()
	keys := make(chan os.Signal, 2)
	signal.Notify(keys, os.Interrupt)
	defer signal.Stop(keys)
	l.lent.Add(1)
	defer func() { time.AfterFunc(settles, func() { l.lent.Add(-1) }) }()
	go func() {
		for range 2 {
			select {
			case <-keys:
			case <-ctx.Done():
				return
			}
		}
		kill()
	}()
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Stdin = input
	return cmd.Run()
}
