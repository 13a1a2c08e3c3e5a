package terminal

import (
	"os"
	"runtime"
	"strconv"

	"cognito-enroll/cmd/cognito-enroll/exit"
)

// OpenPrivate opens a file that holds a secret, if nobody else owns it (but root), or may read or write it. Windows
// has other
// means to say that.
func (t *Terminal) OpenPrivate(name string) (*os.File, error) {
	if err := t.Allows(name); err != nil {
		return nil, err
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, exit.AsUsage(err, "check its name")
	}
	info, err := file.Stat()
	switch {
	case err != nil:
		file.Close()
		return nil, exit.Usagef("check its name", "%s", err)
	case t.Trusted != nil && !t.Trusted(info):
		file.Close()
		return nil, exit.Usagef("use a file of your own", "%q belongs to somebody else", name)
	case runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0:
		file.Close()
		return nil, exit.Usagef(
			"make it readable only by you, as in chmod 600 "+strconv.Quote(name),
			"%q can be read by others (mode %04o)",
			name,
			info.Mode().Perm(),
		)
	}
	return file, nil
}

// Allows refuses a file where there are none for this run.
func (t *Terminal) Allows(name string) error {
	if !t.May.Files {
		return exit.Usagef("leave it out", "%q: no files can be used here", name)
	}
	return nil
}
