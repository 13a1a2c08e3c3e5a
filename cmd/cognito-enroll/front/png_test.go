package front

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/flow"
)

func TestPNGIsChecked(t *testing.T) {
	repository, outside := t.TempDir(), t.TempDir()
	if err := os.MkdirAll(filepath.Join(repository, ".git"), 0o700); err != nil {
		t.Fatal(err)
	}
	inside := filepath.Join(repository, "deep", "down")
	if err := os.MkdirAll(inside, 0o700); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(outside, "link")
	if err := os.Symlink(inside, link); err != nil {
		t.Skip("there are no symbolic links here")
	}
	taken := filepath.Join(outside, "taken.png")
	if err := os.WriteFile(taken, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		png     *PNG
		problem string
	}{
		{&PNG{}, ""},
		{&PNG{file: filepath.Join(outside, "new.png")}, ""},
		{&PNG{file: filepath.Join(inside, "new.png")}, "Git work tree"},
		{&PNG{file: filepath.Join(link, "new.png")}, "Git work tree"},
		{&PNG{file: filepath.Join(inside, "new.png"), force: true}, ""},
		{&PNG{file: taken}, "exists"},
		{&PNG{file: taken, force: true}, ""},
		{&PNG{file: filepath.Join(outside, "nowhere", "new.png")}, "no such file"},
		{&PNG{keep: true}, "work only with --save-png"},
	} {
		err := tt.png.Check(&terminal.Terminal{May: terminal.May{Files: true}})
		if (err == nil) != (tt.problem == "") || err != nil && !strings.Contains(err.Error(), tt.problem) {
			t.Errorf("%+v: %v, want %q", tt.png, err, tt.problem)
		}
	}
}

func TestPNGIsPrivateAndGoes(t *testing.T) {
	enroll := flow.Enroll{URI: flow.NewSecret("otpauth://totp/a:b?secret=GEZDGNBVGY3TQOJQ")}
	file := filepath.Join(t.TempDir(), "qr.png")
	for _, keep := range []bool{true, false} {
		p := PNG{file: file, keep: keep, force: true}
		for range 2 { // a session that ended costs the first key
			if said := p.Saver()(enroll); !strings.Contains(said, "qr.png") || strings.Contains(said, "not in") {
				t.Errorf("it says %q", said)
			}
		}
		info, err := os.Stat(file)
		if err != nil || info.Mode().Perm() != 0o600 && os.PathSeparator == '/' {
			t.Errorf("the file is %v, %v", info, err)
		}
		if err := p.Remove(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) == keep {
			t.Errorf("with keep %v the file: %v", keep, err)
		}
	}
}

// TestPNGOfOthers: what somebody put in the place of the file stays, and so does a directory.
func TestPNGOfOthers(t *testing.T) {
	enrol := flow.Enroll{URI: flow.NewSecret("otpauth://totp/a:b?secret=GEZDGNBVGY3TQOJQ")}
	for name, replace := range map[string]func(string) error{
		"file":      func(file string) error { return os.WriteFile(file, []byte("theirs"), 0o600) },
		"link":      func(file string) error { return os.Symlink("elsewhere", file) },
		"directory": func(file string) error { return os.Mkdir(file, 0o700) },
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "qr.png")
			p := PNG{file: file}
			p.Saver()(enrol)
			// Renamed and not removed: the inode of a file that is gone may be given to the next one.
			if err := errors.Join(os.Rename(file, file+".old"), replace(file)); err != nil {
				t.Fatal(err)
			}
			if err := p.Remove(); err != nil {
				t.Error(err)
			}
			if _, err := os.Lstat(file); err != nil {
				t.Error("what it did not write is gone")
			}
		})
	}
	dir := filepath.Join(t.TempDir(), "qr.png")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	p := PNG{file: dir, force: true}
	if err := p.Check(&terminal.Terminal{May: terminal.May{Files: true}}); err == nil {
		t.Error("a directory is taken")
	}
	p.Saver()(enrol)
	p.Remove()
	if _, err := os.Lstat(dir); err != nil {
		t.Error("an empty directory is gone")
	}
}

// TestPNGAfterTheEnd: a key that comes when the run is over is not saved any more.
func TestPNGAfterTheEnd(t *testing.T) {
	file := filepath.Join(t.TempDir(), "qr.png")
	p := PNG{file: file}
	p.Remove()
	p.Saver()(flow.Enroll{URI: flow.NewSecret("otpauth://totp/a:b?secret=GEZDGNBVGY3TQOJQ")})
	if _, err := os.Lstat(file); err == nil {
		t.Error("the file is there")
	}
}
