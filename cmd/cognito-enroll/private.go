package main

import (
	"os"
	"runtime"
	"strconv"
)

// openPrivate opens a file that holds a secret, if nobody else may read or write it. Windows has other
// means to say that.
func openPrivate(name string) (*os.File, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, &usageError{msg: err.Error(), hint: "check its name", err: err}
	}
	info, err := file.Stat()
	switch {
	case err != nil:
		file.Close()
		return nil, usagef("check its name", "%s", err)
	case runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0:
		file.Close()
		return nil, usagef("make it yours alone, as in chmod 600 "+strconv.Quote(name), "%q can be read by others (mode %04o)", name, info.Mode().Perm())
	}
	return file, nil
}
