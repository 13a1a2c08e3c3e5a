package terminal

import (
	"io/fs"
	"os"
	"path/filepath"
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
	case info.IsDir():
		file.Close()
		return nil, exit.Usagef("name a file", "%q is a directory", name)
	case t.Trusted != nil && !t.Trusted(info):
		file.Close()
		return nil, exit.Usagef("use a file of your own", "%q belongs to somebody else", name)
	case runtime.GOOS != "windows" && info.Mode().Perm()&t.others(name) != 0:
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

// others are the bits of a file's mode that let others than its owner in. A credential that systemd gives a
// service is in a folder of that service's alone, and its group's bits are the mask of an access control list
// (systemd.exec(5), LoadCredential).
func (t *Terminal) others(name string) fs.FileMode {
	if given := t.Getenv("CREDENTIALS_DIRECTORY"); given != "" && filepath.Dir(name) == filepath.Clean(given) {
		return 0o007
	}
	return 0o077
}

// Allows refuses a file where there are none for this run.
func (t *Terminal) Allows(name string) error {
	if !t.May.Files {
		return exit.Usagef("leave it out", "%q: no files can be used here", name)
	}
	return nil
}
