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
		png     PNG
		problem string
	}{
		{PNG{}, ""},
		{PNG{file: filepath.Join(outside, "new.png")}, ""},
		{PNG{file: filepath.Join(inside, "new.png")}, "Git work tree"},
		{PNG{file: filepath.Join(link, "new.png")}, "Git work tree"},
		{PNG{file: filepath.Join(inside, "new.png"), force: true}, ""},
		{PNG{file: taken}, "exists"},
		{PNG{file: taken, force: true}, ""},
		{PNG{file: filepath.Join(outside, "nowhere", "new.png")}, "no such file"},
		{PNG{keep: true}, "work only with --save-png"},
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
