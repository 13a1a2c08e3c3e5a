package main

import (
	"context"
	"io"
	"os"
)

// run is a Terminal's Run.
func (l *leaving) run(ctx context.Context, args []string, input string) (unread int64, err error) {
	read, write, err := os.Pipe()
	if err != nil {
		return 0, err
	}
	defer read.Close()
	go func() {
		io.WriteString(write, input)
		write.Close()
	}()
	err = l.lend(ctx, args, read)
	// Nobody writes any more, so this ends. Who is left of the program finds nothing there either.
	unread, _ = io.Copy(io.Discard, read)
	return unread, err
}
