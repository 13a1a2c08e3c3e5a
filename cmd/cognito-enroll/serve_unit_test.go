package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"cognito-enroll/assets"
	"cognito-enroll/cmd/cognito-enroll/serve"
)

// TestServeUnit: systemd finds nothing wrong with the unit, its user is nobody's, and its flags exist.
func TestServeUnit(t *testing.T) {
	needs(t, "systemd-analyze")
	program, err := exec.LookPath("true")
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "cognito-enroll.service")
	text := strings.ReplaceAll(assets.ServeUnit, "/usr/bin/cognito-enroll", program)
	text = strings.ReplaceAll(text, "man:cognito-enroll-serve(1)", "https://example.com")
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("systemd-analyze", "verify", name).CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("%v\n%s", err, out)
	}
	for _, want := range []string{"\nDynamicUser=yes\n", "\nLoadCredential=host.key:", "\nMemoryMax="} {
		if !strings.Contains(assets.ServeUnit, want) {
			t.Errorf("the unit has no %q", want)
		}
	}
}

// TestServeFilesAreCalledRight: the flags in the unit and in the container file exist. Those in docs/serve.md are
// TestReadme's.
func TestServeFilesAreCalledRight(t *testing.T) {
	var o serve.Options
	flags := pflag.NewFlagSet("serve", pflag.ContinueOnError)
	o.AddTo(flags)
	for _, text := range []string{assets.ServeUnit, assets.ServeContainer} {
		between := func(r rune) bool { return strings.ContainsRune(" \n\"`,[]().:=", r) }
		for _, word := range strings.FieldsFunc(text, between) {
			name, ok := strings.CutPrefix(word, "--")
			others := []string{"read-only", "cap-drop", "memory", "hostname", "print-unit"}
			if ok && flags.Lookup(name) == nil && !strings.Contains(" "+strings.Join(others, " ")+" ", " "+name+" ") {
				t.Errorf("serve has no --%s", name)
			}
		}
	}
}
