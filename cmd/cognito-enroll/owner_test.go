//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestFilesOfOthers: config.toml of somebody else is refused, and under another's HOME nothing is written.
func TestFilesOfOthers(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root gives files away")
	}
	home := t.TempDir()
	settings := filepath.Join(home, ".config", "cognito-enroll")
	if err := os.MkdirAll(settings, 0o700); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(settings, "config.toml")
	if err := os.WriteFile(file, []byte("theme = \"dark\"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	const nobody = 65534
	if err := os.Chown(file, nobody, nobody); err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) string {
		cmd := exec.Command("cognito-enroll", args...)
		cmd.Env = []string{"HOME=" + home, "PATH=" + os.Getenv("PATH")}
		cmd.Dir = t.TempDir()
		out, _ := cmd.CombinedOutput()
		return string(out)
	}
	if out := run("config"); !strings.Contains(out, "belongs to somebody else") {
		t.Errorf("config.toml of another: %s", out)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{home, filepath.Join(home, ".config"), settings} {
		if err := os.Chown(dir, nobody, nobody); err != nil {
			t.Fatal(err)
		}
	}
	if out := run("begin", "--pool-id", "us-east-1_AbCdEf123", "--client-id",
		"3n4b5urk1ft4fl3mg5e62d9ado"); !strings.Contains(out, "--handle") {
		t.Errorf("begin with another's HOME: %s", out)
	}
	w := open(t, []string{"HOME=" + home, "XDG_CONFIG_HOME="}, "cognito-enroll", "demo", "--username", "new-user")
	w.waits(`Device name`)
	w.enter()
	w.waits(`▀`)
	w.tmux("resize-window", "-x", "200", "-y", "60")
	w.waitsFor(20*time.Second, regexp.MustCompile(`▀`), false) // whole cells fit now
	w.types("v")
	w.waits(`##`) // what would be remembered
	w.tmux("send-keys", "C-c")
	w.exits()
	if there(filepath.Join(settings, "qr.json")) || there(filepath.Join(home, ".cache")) {
		t.Error("something was written")
	}
}
