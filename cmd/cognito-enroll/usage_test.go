package main

import (
	"context"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cmd/cognito-enroll/terminal"
)

// TestArguments: whatever is wrong with the number of arguments of any command, and with any flag's value, is a usage
// error in words of our own, with a hint that names the help of the command.
func TestArguments(t *testing.T) {
	refused := func(t *testing.T, path string, args ...string) {
		t.Helper()
		err := execute(context.Background(), newRoot(&terminal.Terminal{In: strings.NewReader(""), Out: io.Discard,
			Err: io.Discard}), args)
		if code := exit.Code(err); code != exit.Usage {
			t.Errorf("%q: exit code %d (%v)", args, code, err)
			return
		}
		if hint := exit.Hint(err); !strings.HasSuffix(hint, "see "+path+" --help") && !strings.HasPrefix(hint, "did you mean") {
			t.Errorf("%q: %v: the hint does not name the help: %q", args, err, hint)
		}
		for _, word := range []string{"arg(s)", "strconv", "parsing", "requires", "shorthand"} {
			if strings.Contains(err.Error(), word) {
				t.Errorf("%q: these are not our words: %v", args, err)
			}
		}
	}
	for _, cmd := range commands(newRoot(process())) {
		path, words := cmd.CommandPath(), strings.Fields(cmd.CommandPath())[1:]
		if !cmd.Runnable() {
			continue // a topic of the help
		}
		with := func(more ...string) []string { return append(append([]string{}, words...), more...) }
		if cmd.Name() != "help" {
			refused(t, path, with("a", "b", "c")...)
		}
		if cmd.Args != nil && cmd.Args(cmd, nil) != nil {
			refused(t, path, with()...)
		}
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if f.NoOptDefVal == "" && !f.Hidden {
				refused(t, path, with("--"+f.Name)...)
			}
			if slices.Contains([]string{"bool", "boolfunc", "int", "duration"}, f.Value.Type()) && !f.Hidden {
				refused(t, path, with("--"+f.Name+"=x")...)
			}
		})
		refused(t, path, with("--=x")...)
		refused(t, path, with("-Q")...)
	}
}

// TestArgumentsOfCobra: what cobra adds to the command line is not left out.
func TestArgumentsOfCobra(t *testing.T) {
	err := execute(context.Background(), newRoot(process()), []string{"__complete"})
	if exit.Code(err) != exit.Usage || !strings.HasPrefix(err.Error(), "this command line cannot be used: ") {
		t.Errorf("exit code %d (%v)", exit.Code(err), err)
	}
}
