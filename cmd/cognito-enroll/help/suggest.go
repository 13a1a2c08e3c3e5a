package help

import (
	"errors"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"cognito-enroll/cmd/cognito-enroll/config"
	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/flow"
)

// NoArgs refuses arguments, and says which command may have been meant.
func NoArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	hint := "see " + cmd.CommandPath() + " --help"
	if s := cmd.SuggestionsFor(args[0]); len(s) > 0 {
		hint = "did you mean " + cmd.CommandPath() + " " + s[0] + "?"
	}
	return exit.Usagef(hint, "unknown command %q", args[0])
}

// FlagError says what is wrong with the flags, and which one may have been meant.
func FlagError(cmd *cobra.Command, err error) error {
	if e, ok := errors.AsType[exit.Coded](err); ok {
		return e // the flag itself says what is wrong
	}
	hint := "see " + cmd.CommandPath() + " --help"
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) {
		// -pool-id is a group of short flags to pflag, and there are none.
		name := unknown.GetSpecifiedShortnames()
		if name == "" {
			name = unknown.GetSpecifiedName()
		}
		if meant := similarFlag(cmd.Flags(), name); meant != "" {
			hint = "did you mean --" + meant + "?"
		}
	}
	return exit.Usagef(hint, "%s", flow.Printable(err.Error()))
}

// similarFlag is the flag that typed may be a slip of, or nothing.
func similarFlag(flags *pflag.FlagSet, typed string) string {
	var names []string
	flags.VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	})
	return config.Nearest(typed, names)
}
