package front

import (
	"strconv"

	"github.com/spf13/pflag"

	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cmd/cognito-enroll/terminal"
)

// Mode is how a run converses.
type Mode int

const (
	Auto    Mode = iota // on screens where the terminal can show them, and else in lines
	Screens             // for people
	Lines               // for people, pipes and screen readers
	JSON                // for programs
)

// addMode adds a flag that chooses m.
func (f *Front) addMode(s *pflag.FlagSet, m Mode, name, usage string) {
	s.BoolFunc(name, usage, func(text string) error {
		on, err := strconv.ParseBool(text)
		switch {
		case err != nil:
			return err
		case on && f.Mode != Auto && f.Mode != m:
			return exit.Usagef("choose one of them", "--plain and --json cannot be used together")
		case on:
			f.Mode = m
		case f.Mode == m:
			f.Mode = Auto
		}
		return nil
	})
}

// Settle returns the mode that the flags choose or, if they choose none, the best that the terminal can; an
// error if none is possible.
func (f *Front) Settle() (Mode, error) {
	t := f.Terminal
	switch {
	case f.answersFile != "" && f.Mode != JSON:
		return Auto, exit.Usagef("add --json", "--answers works only with --json")
	case f.Mode != Auto:
		return f.Mode, f.used()
	case t.OutKind != terminal.Screen, t.Getenv("TERM") == "dumb", t.Getenv("ACCESSIBLE") != "":
		return Lines, nil
	case !t.CanAsk():
		return Auto, exit.Usagef(
			"add --plain or --json to answer through a pipe; over SSH, use ssh -t",
			"stdin is not a terminal",
		)
	}
	return Screens, nil
}

// unused are the flags that a way to converse has no use for.
var unused = map[Mode][]string{
	JSON:  {"qr", "theme", "cover", "save-png", "keep"},
	Lines: {"cover"},
}

// used refuses a flag that was typed and would be ignored.
func (f *Front) used() error {
	for _, name := range unused[f.Mode] {
		if f.flags != nil && f.flags.Changed(name) {
			mode := map[Mode]string{JSON: "--json", Lines: "--plain"}[f.Mode]
			return exit.Usagef("leave one of them out", "--%s has no effect with %s", name, mode)
		}
	}
	return nil
}
