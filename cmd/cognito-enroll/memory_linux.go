//go:build linux && !debug

package main

import "golang.org/x/sys/unix"

// hideMemory keeps the password and the key out of core files and from debuggers. Only the soft limit is
// lowered: the programs that this one starts could not raise a hard one. Build with -tags debug to debug.
func hideMemory() {
	unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
	var limit unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_CORE, &limit) == nil {
		limit.Cur = 0
		unix.Setrlimit(unix.RLIMIT_CORE, &limit)
	}
}
