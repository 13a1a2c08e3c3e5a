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
	hint := See(cmd)
	if s := cmd.SuggestionsFor(args[0]); len(s) > 0 {
		hint = "did you mean " + cmd.CommandPath() + " " + s[0] + "?"
	}
	return exit.Usagef(hint, "unknown command %q", args[0])
}

// OneArg wants one argument. What it is goes into the sentence that says that it is missing, as in "the name of the
// profile".
func OneArg(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch len(args) {
		case 0:
			return exit.Usagef(See(cmd), "%s is missing", what)
		case 1:
			return nil
		}
		return exit.Usagef(See(cmd), "unexpected argument %q", args[1])
	}
}

// See is the hint that names the help of cmd.
func See(cmd *cobra.Command) string { return "see " + cmd.CommandPath() + " --help" }

// ArgsError returns what kept cmd from running as an error about the command line. Whatever cobra itself refuses has
// no exit code of its own.
func ArgsError(cmd *cobra.Command, err error) error {
	if _, ok := errors.AsType[exit.Coded](err); ok || err == nil {
		return err
	}
	return exit.Usagef(See(cmd), "this command line cannot be used: %s", flow.Printable(err.Error()))
}

// FlagError says what is wrong with the flags, and which one may have been meant.
func FlagError(cmd *cobra.Command, err error) error {
	if e, ok := errors.AsType[exit.Coded](err); ok {
		return e // the flag itself says what is wrong
	}
	if e, ok := errors.AsType[*pflag.NotExistError](err); ok {
		// -pool-id is a group of short flags to pflag, and there are none.
		dashes, name := "-", e.GetSpecifiedShortnames()
		if name == "" {
			dashes, name = "--", e.GetSpecifiedName()
		}
		hint := See(cmd)
		if meant := similarFlag(cmd.Flags(), name); meant != "" {
			hint = "did you mean --" + meant + "?"
		}
		return exit.Usagef(hint, "unknown flag: %s%s", dashes, flow.Printable(name))
	}
	if e, ok := errors.AsType[*pflag.ValueRequiredError](err); ok {
		return exit.Usagef(See(cmd), "--%s needs a value", e.GetFlag().Name)
	}
	if e, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return exit.Usagef(See(cmd), "%q is not a value of --%s", e.GetValue(), e.GetFlag().Name)
	}
	if e, ok := errors.AsType[*pflag.InvalidSyntaxError](err); ok {
		return exit.Usagef(See(cmd), "%q is not a flag", e.GetSpecifiedFlag())
	}
	return ArgsError(cmd, err)
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
