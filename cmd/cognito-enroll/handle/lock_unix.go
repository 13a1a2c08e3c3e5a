//go:build unix

package handle

import (
	"errors"
	"os"
	"syscall"
)

// Lock takes a file for this process alone, until it is closed or the process ends.
func Lock(f *os.File) error { return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) }

// NoFollow is a flag to open a file with that must not be a link.
const NoFollow = syscall.O_NOFOLLOW

// place moves a locked file to where it is read.
func place(f *os.File, name string) error { return errors.Join(os.Rename(f.Name(), name), f.Close()) }
