package front

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/flow"
	"cognito-enroll/ui/wizard"
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
		Run: func(ctx context.Context, args []string, input string) (int64, error) {
			cmd := exec.CommandContext(ctx, args[0], args[1:]...)
			cmd.Stdin = strings.NewReader(input)
			return 0, cmd.Run()
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
	const says = "keeper is given the key. Ctrl+C interrupts it, twice kills it. " + wizard.Reset + "\r\x1b[K"
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
	plain := dir + "/plain"
	if err := os.WriteFile(plain, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	for text, says := range map[string][2]string{
		"":       {"--key-to is empty", "name a command, as in --key-to 'pass otp insert NAME'"},
		" ":      {"--key-to is empty", "name a command, as in --key-to 'pass otp insert NAME'"},
		"'open":  {"--key-to: the quote ' is not closed", "close it; the command is run without a shell"},
		`x "a\"`: {`--key-to: the quote " is not closed`, "close it; the command is run without a shell"},
		`x\`: {"--key-to: there is nothing after the last backslash",
			`type \\ for a backslash; the command is run without a shell`},
		dir: {`--key-to: "` + dir + `" is a directory`,
			"name a command, as in --key-to 'pass otp insert NAME'"},
		plain + " x": {`--key-to: "` + plain + `" is not executable`,
			"check its permissions, as with chmod +x"},
		dir + "/no": {`--key-to: cannot find the command "` + dir + `/no"`, "check its path"},
		"no-such-command-at-all x": {`--key-to: cannot find the command "no-such-command-at-all"`,
			"install it, or type its path"},
	} {
		k, err := check(Screens, text)
		if err == nil || k.Recipient(&terminal.Terminal{}) != nil {
			t.Fatalf("%q is taken", text)
		}
		var shown bytes.Buffer
		if code := exit.Report(&shown, err); code != exit.Usage ||
			shown.String() != "cognito-enroll: "+says[0]+"\ncognito-enroll: hint: "+says[1]+"\n" {
			t.Errorf("%q: exit code %d and\n%s", text, code, shown.String())
		}
	}
	for _, mode := range []Mode{Lines, JSON} {
		if _, err := check(mode, "cat"); err == nil {
			t.Errorf("mode %d takes it", mode)
		}
	}
}

// A command that ends well has the key only if it read it.
func TestKeyToUnread(t *testing.T) {
	const uri = "otpauth://totp/Acme:alice?secret=GEZDGNBVGY3TQOJQ"
	failed := errors.New("exit status 3")
	for _, tt := range []struct {
		unread int64
		err    error
		want   string
	}{
		{0, nil, "<nil>"},
		{1, nil, "<nil>"}, // the end of the line
		{2, nil, "it ended without reading all of it"},
		{int64(len(uri)), nil, "it ended without reading all of it"},
		{int64(len(uri)) + 1, nil, "it ended without reading it"},
		{int64(len(uri)) + 1, failed, "exit status 3"},
		{0, failed, "exit status 3"},
	} {
		here := &terminal.Terminal{Out: io.Discard, Run: func(context.Context, []string, string) (int64, error) {
			return tt.unread, tt.err
		}}
		k := KeyTo{args: []string{"keeper"}}
		if err := k.Recipient(here).Run(t.Context(), flow.NewSecret(uri)).Run(); fmt.Sprint(err) != tt.want {
			t.Errorf("%d unread, %v: %v, want %s", tt.unread, tt.err, err, tt.want)
		}
	}
}

// The line that says what runs is taken away again, so it must not need a second one.
func TestKeyToNarrow(t *testing.T) {
	var shown bytes.Buffer
	here := &terminal.Terminal{Out: &shown, Size: func() (int, int) { return 20, 10 },
		Run: func(context.Context, []string, string) (int64, error) { return 0, nil }}
	k := KeyTo{args: []string{"keeper"}}
	k.Recipient(here).Run(t.Context(), flow.NewSecret("otpauth://")).Run()
	if want := "keeper is given the" + wizard.Reset + "\r\x1b[K"; shown.String() != want {
		t.Errorf("got %q, want %q", shown.String(), want)
	}
}
