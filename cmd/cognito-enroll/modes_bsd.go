//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package main

import "golang.org/x/sys/unix"

// The requests that read a terminal's modes, and set them without what was typed before.
const (
	getModes = unix.TIOCGETA
	setModes = unix.TIOCSETAF
)
