//go:build unix

package handle

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"time"

	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/flow"
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

// TestRoundTrip: a handle has all of what flow puts away.
func TestRoundTrip(t *testing.T) {
	before := flow.Suspended{
		Flow: flow.SRP, Username: "bob", Internal: "b-1", Issuer: "Acme", Account: "bob 2026-11-26", Device: "Pixel",
		Grant:    flow.Grant{Session: flow.NewSecret("S")},
		Deadline: time.Date(2026, time.November, 26, 9, 0, 0, 0, time.UTC), Skew: time.Second, HandBack: true,
		Facts:  flow.Facts{New: flow.Kept, Old: flow.None},
		Others: []flow.Account{{Username: "alice", Label: "alice 2026-11-26", Facts: flow.Facts{Password: flow.Yes}}},
	}
	text, err := json.Marshal(Handle{}.With(before))
	if err != nil {
		t.Fatal(err)
	}
	var h Handle
	if err := json.Unmarshal(text, &h); err != nil {
		t.Fatal(err)
	}
	if after := h.Suspended(); !reflect.DeepEqual(after, before) {
		t.Errorf("%+v, want %+v", after, before)
	}
	v := reflect.ValueOf(before)
	for i := range v.NumField() {
		if v.Field(i).IsZero() {
			t.Errorf("%s is not tried", v.Type().Field(i).Name)
		}
	}
}
