package front

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
	"syscall"
	"unicode"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/pflag"

	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/flow"
	"cognito-enroll/ui/wizard"
)

// KeyTo is the command of --key-to, which is given the key URI on its standard input when a key is pressed.
type KeyTo struct {
	text string
	args []string
}

// AddTo adds the flag. Nothing else can name the command: no variable, no configuration and no project.
func (k *KeyTo) AddTo(f *pflag.FlagSet) {
	f.StringVar(&k.text, "key-to", "",
		"on the scan screen, k runs `COMMAND` with the key URI on its stdin, such as 'pass otp insert NAME'")
}

// Check refuses before anybody has signed in.
func (k *KeyTo) Check(t *terminal.Terminal, flags *pflag.FlagSet, mode Mode) error {
	if !flags.Changed("key-to") {
		return nil
	}
	if mode != Screens {
		return exit.Usagef("leave it out; --json has the key URI, and in plain lines enroll says it at :uri",
			"--key-to works only on screens")
	}
	args, err := splitWords(k.text)
	switch {
	case err != nil:
		return err
	case len(args) == 0:
		return exit.Usagef("name a command, as in --key-to 'pass otp insert NAME'", "--key-to is empty")
	}
	if err := t.Find(args[0]); err != nil {
		return cannotRun(args[0], err)
	}
	k.args = args
	return nil
}

// cannotRun says why there is no such command; err is that of a Terminal's Find.
func cannotRun(name string, err error) error {
	switch {
	case errors.Is(err, syscall.EISDIR):
		return exit.Usagef("name a command, as in --key-to 'pass otp insert NAME'", "--key-to: %q is a directory", name)
	case errors.Is(err, fs.ErrPermission):
		return exit.Usagef("check its permissions, as with chmod +x", "--key-to: %q is not executable", name)
	}
	hint := "install it, or type its path"
	if filepath.Base(name) != name {
		hint = "check its path"
	}
	return exit.Usagef(hint, "--key-to: cannot find the command %q", name)
}

// Recipient is the command for a wizard on t, or nil without one.
func (k *KeyTo) Recipient(t *terminal.Terminal) *wizard.Recipient {
	if k.args == nil {
		return nil
	}
	name := filepath.Base(k.args[0])
	return &wizard.Recipient{Name: name, Run: func(ctx context.Context, uri flow.Secret) tea.ExecCommand {
		return silent{t, name, func() error {
			unread, err := t.Run(ctx, k.args, uri.Reveal()+"\n")
			switch whole := int64(len(uri.Reveal())) + 1; {
			case err != nil || unread <= 1: // the end of the line is no part of the key
				return err
			case unread == whole:
				return errors.New("it ended without reading it")
			}
			return errors.New("it ended without reading all of it")
		}}
	}}
}

// silent is a command that gets neither the terminal's input nor its output: what it says may have the key. Its
// questions, as for a passphrase, go to the terminal itself.
type silent struct {
	terminal *terminal.Terminal
	name     string
	run      func() error
}

// Run implements tea.ExecCommand. The screens are away while it runs: one line says what does. Of what the command
// leaves on in the terminal, none stays.
func (s silent) Run() error {
	out := s.terminal.Out
	line := flow.Printable(s.name) + " is given the key. Ctrl+C interrupts it, twice kills it. "
	if columns, _ := s.terminal.Cells(); columns > 0 {
		line = ansi.Truncate(line, columns-1, "") // of a second row it would not be taken away
	}
	io.WriteString(out, line)
	defer io.WriteString(out, wizard.Reset+"\r"+ansi.EraseLineRight)
	return s.run()
}

func (silent) SetStdin(io.Reader)  {}
func (silent) SetStdout(io.Writer) {}
func (silent) SetStderr(io.Writer) {}

// splitWords splits a command into words as a shell does: at spaces, but for those in quotes or behind a backslash.
// Nothing is expanded, and no other character means anything. In double quotes a backslash stands only before another
// one and before a double quote. Its errors are those of a command line.
func splitWords(text string) (words []string, err error) {
	var word strings.Builder
	inWord, quote, escaped := false, rune(0), false
	for _, r := range text {
		switch {
		case escaped:
			if quote == '"' && r != '"' && r != '\\' {
				word.WriteRune('\\')
			}
			word.WriteRune(r)
			escaped = false
		case r == '\\' && quote != '\'':
			inWord, escaped = true, true
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(r)
		case r == '\'' || r == '"':
			inWord, quote = true, r
		case unicode.IsSpace(r):
			if inWord {
				words = append(words, word.String())
			}
			inWord = false
			word.Reset()
		default:
			inWord = true
			word.WriteRune(r)
		}
	}
	switch {
	case quote != 0:
		return nil, exit.Usagef("close it; the command is run without a shell", "--key-to: the quote %c is not closed",
			quote)
	case escaped:
		return nil, exit.Usagef(`type \\ for a backslash; the command is run without a shell`,
			"--key-to: there is nothing after the last backslash")
	case inWord:
		words = append(words, word.String())
	}
	return words, nil
}
