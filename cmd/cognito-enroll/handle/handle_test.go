//go:build unix

package handle

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"cognito-enroll/cmd/cognito-enroll/terminal"
)

var here = &terminal.Terminal{May: terminal.May{Files: true}}

// TestClaimedOnce: of two that claim one handle the second is refused, until the first has let go.
func TestClaimedOnce(t *testing.T) {
	name := filepath.Join(t.TempDir(), "handle.json")
	first, err := Claim(here, name, false, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	for _, force := range []bool{false, true} {
		if _, err := Claim(here, name, force, time.Now()); err == nil || !strings.Contains(err.Error(), "another begin") {
			t.Errorf("the second, force %v: %v", force, err)
		}
	}
	first.Release()
	second, err := Claim(here, name, false, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if err := second.Write(Handle{V: version}); err != nil {
		t.Fatal(err)
	}
	third, err := Claim(here, name, true, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	third.Release()
	if left, _ := os.ReadDir(filepath.Dir(name)); len(left) != 1 {
		t.Errorf("left: %v", left)
	}
}

// TestOnlyFiles: nothing but a file is opened, and a FIFO would wait for ever.
func TestOnlyFiles(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{fifo, t.TempDir(), os.DevNull} {
		for _, force := range []bool{false, true} {
			if _, err := Claim(here, name, force, time.Now()); err == nil || !strings.Contains(err.Error(), "not a file") {
				t.Errorf("%s, force %v: %v", name, force, err)
			}
		}
		if _, err := Read(here, name); err == nil || !strings.Contains(err.Error(), "not a file") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestHandleOfAnother: a handle that somebody else put there is not read.
func TestHandleOfAnother(t *testing.T) {
	name := filepath.Join(t.TempDir(), "handle.json")
	if err := os.WriteFile(name, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	of := *here
	of.Trusted = func(fs.FileInfo) bool { return false }
	if _, err := Read(&of, name); err == nil || !strings.Contains(err.Error(), "somebody else") {
		t.Errorf("%v", err)
	}
}
