//go:build !unix

package handle

import (
	"errors"
	"os"
)

// Lock does nothing: a file that is open cannot be renamed over here, and the second to finish fails.
func Lock(*os.File) error { return nil }

// NoFollow is a flag to open a file with that must not be a link.
const NoFollow = 0

// place moves a file to where it is read. While it is open it cannot be moved here.
func place(f *os.File, name string) error { return errors.Join(f.Close(), os.Rename(f.Name(), name)) }
