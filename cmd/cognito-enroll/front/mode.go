package front

import (
	"strconv"

	"github.com/spf13/pflag"

	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/ui/qrcode"
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

// ChooseMode returns the mode that the flags choose or, if they choose none, the best that the terminal can; an
// error if none is possible, or if a flag was typed that it has no use for.
func (f *Front) ChooseMode() (Mode, error) {
	mode, err := f.choose()
	if err != nil {
		return Auto, err
	}
	return mode, f.used(mode)
}

// OnScreens reports whether the run will be on screens.
func (f *Front) OnScreens() bool {
	mode, err := f.choose()
	return err == nil && mode == Screens
}

func (f *Front) choose() (Mode, error) {
	t := f.Terminal
	switch {
	case f.answersFile != "" && f.Mode != JSON:
		return Auto, exit.Usagef("add --json", "--answers works only with --json")
	case f.Mode != Auto:
		return f.Mode, nil
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

// used refuses a flag that was typed and would be ignored. Settings of config.toml are for all modes.
func (f *Front) used(m Mode) error {
	if f.flags == nil {
		return nil
	}
	var unused []string
	with := "on screens"
	switch m {
	case JSON:
		unused, with = []string{"qr", "theme", "cover", "save-png", "keep"}, "with --json"
	case Lines:
		unused, with = []string{"cover"}, "in plain lines"
		if f.qr == "" || f.qr == string(qrcode.None) {
			unused = append(unused, "theme")
		}
		if f.Mode == Lines {
			with = "with --plain"
		}
	}
	if f.Keyless {
		unused = append(unused, "qr", "cover")
	}
	for _, name := range unused {
		if flag := f.flags.Lookup(name); flag != nil && flag.Changed {
			if f.Keyless && (name == "qr" || name == "cover") {
				with = "here, where no key is shown"
			}
			return exit.Usagef("leave it out", "--%s has no effect %s", name, with)
		}
	}
	return nil
}
