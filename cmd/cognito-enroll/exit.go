package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"cognito-enroll/cmd/cognito-enroll/config"
	"cognito-enroll/cognito"
	"cognito-enroll/flow"
	"cognito-enroll/ui"
	"cognito-enroll/ui/ndjson"
)

// The exit codes. Scripts rely on them.
const (
	exitDone        = 0
	exitBug         = 1
	exitUsage       = 2
	exitRefused     = 3
	exitWait        = 4
	exitElsewhere   = 5
	exitNotEnrolled = 6
	exitCancelled   = 130 // as a shell has it after an interrupt
)

// exitTable documents them in the help, the man page and, held by a test, the README.
var exitTable = []struct {
	code          int
	name, meaning string
}{
	{exitDone, "done", "enrolled, now or before; of another command, that it is done"},
	{exitBug, "bug", "a bug of ours, or an answer of Cognito's that nobody has documented: please report it"},
	{exitUsage, "usage", "the command line, the settings or the input"},
	{exitRefused, "refused", "an answer was refused, or the session ended"},
	{exitWait, "wait", "busy, locked out or unreachable: try again later"},
	{exitElsewhere, "elsewhere", "something has to change in the pool, the client or the flags; the message says what"},
	{exitNotEnrolled, "not enrolled", "status only: no authenticator is enrolled"},
	{exitCancelled, "cancelled", "you left, with nothing wrong; the last line says what is true now"},
}

// newExitCodes is a topic of help and no command: it does not run.
func newExitCodes() *cobra.Command {
	return &cobra.Command{
		Use:   "exit-codes",
		Short: "What the exit codes mean to a script",
		Long:  "The exit code says what can be done next:\n\n" + exitList(),
	}
}

func exitList() string {
	var rows [][2]string
	for _, e := range exitTable {
		rows = append(rows, [2]string{fmt.Sprintf("%-4d%s", e.code, e.name), e.meaning})
	}
	return listing(rows)
}

var exitCodes = map[flow.Fault]int{
	flow.Bug:       exitBug,
	flow.Retry:     exitRefused,
	flow.Restart:   exitRefused,
	flow.Wait:      exitWait,
	flow.Elsewhere: exitElsewhere,
}

// usageError is about the command line. Its texts follow the rules of flow.Error's.
type usageError struct {
	msg, hint string
	err       error // the cause, if a caller asks for it
}

func (e *usageError) Error() string { return e.msg }
func (e *usageError) Unwrap() error { return e.err }

func usagef(hint, format string, args ...any) error {
	return &usageError{msg: fmt.Sprintf(format, args...), hint: hint}
}

// unfinished is a run that stopped or that the person left, perhaps because of the problem that was
// on the screen.
type unfinished struct {
	problem  *flow.Error
	standing string // what is true now
	cause    error  // why it ended, if not because the person left
	told     bool   // the front end has said all this
}

func (u *unfinished) Error() string {
	switch {
	case u.cause != nil && u.problem != nil:
		return u.problem.Msg + "; " + u.cause.Error()
	case u.cause != nil:
		return u.cause.Error()
	case u.problem != nil:
		return u.problem.Msg
	}
	return ui.ErrCancelled.Error()
}

// Unwrap lets report see the cause.
func (u *unfinished) Unwrap() error { return u.cause }

// causeCode is for a run that ended without a problem of the flow's.
func causeCode(err error) int {
	var unanswered *ui.Unanswered
	var answers *ndjson.AnswersError
	switch {
	case err == nil, errors.Is(err, ui.ErrCancelled):
		return exitCancelled
	case errors.As(err, &unanswered), errors.As(err, &answers), errors.Is(err, ui.ErrLineTooLong):
		return exitUsage
	}
	return exitBug
}

// report writes err for a person, and returns the exit code that goes with it.
func report(w io.Writer, err error) int {
	if err == nil {
		return exitDone
	}
	code, hint, standing := exitBug, "", ""
	var (
		usage   *usageError
		refused *cognito.ConfigError
		found   *config.Error
		run     *unfinished

		answers *ndjson.AnswersError
	)
	var failed *flow.Error
	switch {
	case errors.Is(err, errNotEnrolled):
		return exitNotEnrolled
	case errors.As(err, &failed):
		code, hint = exitCodes[failed.Fault], failed.Hint
	case errors.As(err, &usage):
		code, hint = exitUsage, usage.hint
	case errors.As(err, &refused):
		code, hint = exitUsage, refused.Hint
	case errors.As(err, &found):
		code, hint = exitUsage, found.Hint
	case errors.As(err, &run):
		code, standing = causeCode(run.cause), run.standing
		if p := run.problem; p != nil && p.Code != flow.CodeInvalidInput {
			code, hint = exitCodes[p.Fault], p.Hint
		}
		if run.told {
			return code
		}
	case errors.As(err, &answers):
		code = exitUsage
	}
	fmt.Fprintf(w, "cognito-enroll: %s\n", err)
	if hint != "" {
		fmt.Fprintf(w, "cognito-enroll: hint: %s\n", hint)
	}
	if standing != "" {
		fmt.Fprintln(w, standing)
	}
	return code
}
