package main

import "golang.org/x/sys/unix"

// The requests that read a terminal's modes, and set them without what was typed before.
const (
	getModes = unix.TCGETS
	setModes = unix.TCSETSF
)
