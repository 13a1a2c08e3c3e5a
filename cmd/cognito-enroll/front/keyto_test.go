package front

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/spf13/pflag"

	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/flow"
)

func TestSplitWords(t *testing.T) {
	for text, want := range map[string][]string{
		"":                          nil,
		"  \t ":                     nil,
		"pass otp insert  acme":     {"pass", "otp", "insert", "acme"},
		`pass 'otp insert' "a b"c`:  {"pass", "otp insert", "a bc"},
		`a\ b \'c "\"d\e" '\f' ""`:  {"a b", "'c", `"d\e`, `\f`, ""},
		`sh $HOME ~ * | ; $(id) >f`: {"sh", "$HOME", "~", "*", "|", ";", "$(id)", ">f"},
		"a\nb":                      {"a", "b"},
		`"open`:                     nil,
		`'open`:                     nil,
		`end\`:                      nil,
	} {
		got, err := splitWords(text)
		if !slices.Equal(got, want) || (err != nil) != (text == `"open` || text == `'open` || text == `end\`) {
			t.Errorf("%q: %q, %v; want %q", text, got, err, want)
		}
	}
}

// The command gets the URI on its standard input, and neither its arguments nor its environment have it.
func TestKeyTo(t *testing.T) {
	dir := t.TempDir()
	script := "#!/bin/sh\necho out; echo err >&2; { echo \"$#:$*\"; env; } >" + dir + "/around; cat >" + dir +
		"/uri\nexit $1\n"
	if err := os.WriteFile(dir+"/keeper", []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	var shown bytes.Buffer
	here := &terminal.Terminal{Out: &shown,
		Find: func(name string) error { _, err := exec.LookPath(name); return err },
		Run: func(ctx context.Context, args []string, input io.Reader) error {
			cmd := exec.CommandContext(ctx, args[0], args[1:]...)
			cmd.Stdin = input
			return cmd.Run()
		}}
	check := func(mode Mode, text string) (*KeyTo, error) {
		var k KeyTo
		f := pflag.NewFlagSet("", pflag.ContinueOnError)
		k.AddTo(f)
		if err := f.Set("key-to", text); err != nil {
			t.Fatal(err)
		}
		return &k, k.Check(here, f, mode)
	}
	const says = "keeper is given the key. Ctrl+C stops it. \r\x1b[K"
	const uri = "otpauth://totp/Acme:alice?secret=GEZDGNBVGY3TQOJQ"
	for code, fails := range map[string]bool{"0": false, "3": true} {
		k, err := check(Screens, dir+"/keeper "+code+" 'a b'")
		if err != nil {
			t.Fatal(err)
		}
		shown.Reset()
		to := k.Recipient(here)
		cmd := to.Run(t.Context(), flow.NewSecret(uri))
		cmd.SetStdin(&shown)
		cmd.SetStdout(&shown)
		cmd.SetStderr(&shown)
		if err := cmd.Run(); (err != nil) != fails {
			t.Errorf("exit code %s: %v", code, err)
		}
		got, err := os.ReadFile(filepath.Join(dir, "uri"))
		if string(got) != uri+"\n" || shown.String() != says || to.Name != "keeper" {
			t.Errorf("%q got %q, %v, and showed %q", to.Name, got, err, shown.String())
		}
		around, err := os.ReadFile(filepath.Join(dir, "around"))
		if err != nil || !bytes.HasPrefix(around, []byte("2:"+code+" a b\n")) ||
			bytes.Contains(around, []byte("GEZDGNBV")) {
			t.Errorf("around it: %v\n%s", err, around)
		}
	}
	for _, text := range []string{"", " ", "'open", "no-such-command-at-all x"} {
		if k, err := check(Screens, text); err == nil || k.Recipient(&terminal.Terminal{}) != nil {
			t.Errorf("%q is taken", text)
		}
	}
	for _, mode := range []Mode{Lines, JSON} {
		if _, err := check(mode, "cat"); err == nil {
			t.Errorf("mode %d takes it", mode)
		}
	}
}
