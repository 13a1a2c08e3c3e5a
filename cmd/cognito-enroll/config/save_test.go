package config

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestAppendProfile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "new", "config.toml")
	settings := []Setting{{Key: "pool-id", Value: "us-east-1_AbCdEf123"}, {Key: "issuer", Value: "A \"B\"\n[x]"}}
	if err := AppendProfile(file, "one", settings); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(file)
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Fatal(info, err)
	}
	before := "# a comment\ndefault_profile = 'one'\n[profile.one]\nusername = 'alice' # no end of line"
	if err := os.WriteFile(file, []byte(before), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := AppendProfile(file, "two", settings); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil || !strings.HasPrefix(string(text), before+"\n") {
		t.Errorf("the file was rewritten: %v\n%s", err, text)
	}
	found, err := Find(Input{File: file, Profile: "two"})
	if err != nil || found.Get("issuer").Value != settings[1].Value || found.Get("username").Value != "" {
		t.Errorf("read back: %v, %v", found.Settings, err)
	}
	if found.Profile != "two" {
		t.Errorf("the profile is %q", found.Profile)
	}
	for name, of := range map[string]string{"two": string(text), "a.b": "", "": "", "x]\n[y": "", "three": "not = TOML = ",
		"four": "profile = 'text'", "five": "profile = { one = { username = 'alice' } }",
		"six": "\xff\xfe#\x00\n\x00"} {
		if err := os.WriteFile(file, []byte(of), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := AppendProfile(file, name, settings); err == nil {
			t.Errorf("%q was added to %q", name, of)
		}
		if after, err := os.ReadFile(file); err != nil || string(after) != of {
			t.Errorf("%q: the file was changed: %v, %q", name, err, after)
		}
	}
}

// A config.toml as editors of Windows write it is read, whatever its encoding.
func TestEncodings(t *testing.T) {
	file := filepath.Join(t.TempDir(), "config.toml")
	for _, text := range []string{"\xef\xbb\xbfusername = 'alice'\r\n",
		"\xff\xfeu\x00s\x00e\x00r\x00n\x00a\x00m\x00e\x00=\x00'\x00a\x00l\x00i\x00c\x00e\x00'\x00"} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if found, err := Find(Input{File: file}); err != nil || found.Get("username").Value != "alice" {
			t.Errorf("%q: %v, %v", text, found.Settings, err)
		}
	}
	if err := os.WriteFile(file, []byte("username = \x00"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Find(Input{File: file}); err == nil || !strings.Contains(err.Error(), "this is not TOML") {
		t.Errorf("a file that is no text: %v", err)
	}
}
