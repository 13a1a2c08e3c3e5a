// Package exit is how the program ends: the exit codes, and errors that know theirs.
//
// An error says its own code with a method ExitCode, and what to do about it with a method Hint. Those of
// package flow do not know of a command line: each of their faults has a code here.
package exit

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"cognito-enroll/flow"
	"cognito-enroll/ui"
)

// The exit codes. Scripts rely on them.
const (
	Done        = 0
	Bug         = 1
	Usage       = 2
	Refused     = 3
	Wait        = 4
	Elsewhere   = 5
	NotEnrolled = 6
	Canceled    = 130 // as a shell has it after an interrupt
)

// Table documents the codes in the help, the manual page and docs/reference.md.
var Table = []struct {
	Code          int
	Name, Meaning string
}{
	{Done, "success", "the command did what it is for"},
	{Bug, "bug", "a bug, or an undocumented answer from Cognito: please report it"},
	{Usage, "usage", "the command line, the settings or the input is wrong"},
	{Refused, "refused", "an answer was refused, or the session ended"},
	{Wait, "wait", "busy, locked out or unreachable: try again later"},
	{Elsewhere, "elsewhere", "something must be changed first, in the pool, the app client, the flags or a file; the " +
		"message says what"},
	{NotEnrolled, "not enrolled", "status and admin watch only: no authenticator is enrolled"},
	{Canceled, "canceled", "you left, and nothing was wrong; the last line says what is true now"},
}

var faults = map[flow.Fault]int{
	flow.Bug:       Bug,
	flow.Retry:     Refused,
	flow.Restart:   Refused,
	flow.Wait:      Wait,
	flow.Elsewhere: Elsewhere,
}

// Coded is an error that knows how the program ends.
type Coded interface {
	error
	ExitCode() int
}

// Hinted is an error that knows what to do about it: one sentence in the imperative, in lower case and
// without a full stop, or "".
type Hinted interface {
	error
	Hint() string
}

// Code returns the exit code that goes with err.
func Code(err error) int {
	if err == nil {
		return Done
	}
	if e, ok := errors.AsType[Coded](err); ok {
		return e.ExitCode()
	}
	if e, ok := errors.AsType[*flow.Error](err); ok {
		return faults[e.Fault]
	}
	if ofFile(err) {
		return Elsewhere
	}
	return Bug
}

// ofFile reports whether the system refused something about a file: no report of a bug would help.
func ofFile(err error) bool {
	_, path := errors.AsType[*fs.PathError](err)
	_, link := errors.AsType[*os.LinkError](err)
	return path || link
}

// Hint returns what to do about err, or "".
func Hint(err error) string {
	if e, ok := errors.AsType[Hinted](err); ok {
		return e.Hint()
	}
	if e, ok := errors.AsType[*flow.Error](err); ok {
		return ui.CommandLine.Hint(e)
	}
	if ofFile(err) {
		return "check the permissions of the file, and the space where it is"
	}
	return ""
}

// Report writes err for a person, and returns the exit code that goes with it.
func Report(w io.Writer, err error) int {
	code := Code(err)
	// What was said needs no more words, unless something else went wrong beside it.
	if said, ok := err.(interface{ said() bool }); err == nil || ok && said.said() {
		return code
	}
	fmt.Fprintf(w, "cognito-enroll: %s\n", err)
	if hint := Hint(err); hint != "" {
		fmt.Fprintf(w, "cognito-enroll: hint: %s\n", hint)
	}
	if run, ok := errors.AsType[*Unfinished](err); ok && run.Standing != "" && !run.Shown {
		fmt.Fprintln(w, run.Standing)
	}
	return code
}

// Usagef returns an error about the command line, the settings or the input. Its texts follow the rules of
// flow.Error's.
func Usagef(hint, format string, args ...any) error {
	return &usage{msg: fmt.Sprintf(format, args...), hint: hint}
}

// CannotSave returns an error about a file that the system does not let be written, because of err. Its exit code is
// Elsewhere.
func CannotSave(name string, err error, hint string) error {
	reason := err.Error()
	if at, ok := errors.AsType[*fs.PathError](err); ok {
		reason = at.Err.Error() // the name may have characters that a screen must not get
		if at.Path != name {
			reason = fmt.Sprintf("%s %q: %s", at.Op, at.Path, reason)
		}
	}
	return &unsaved{usage{msg: fmt.Sprintf("cannot save to %q: %s", name, reason), hint: hint, cause: err}}
}

type unsaved struct{ usage }

func (e *unsaved) ExitCode() int { return Elsewhere }

// AsUsage returns err as one of those that Usagef returns, with err as its cause.
func AsUsage(err error, hint string) error {
	return &usage{msg: err.Error(), hint: hint, cause: err}
}

type usage struct {
	msg, hint string
	cause     error
}

func (e *usage) Error() string { return e.msg }
func (e *usage) ExitCode() int { return Usage }
func (e *usage) Hint() string  { return e.hint }
func (e *usage) Unwrap() error { return e.cause }

// ErrNotEnrolled is an answer of status and admin watch, not a failure.
var ErrNotEnrolled error = notEnrolled{}

type notEnrolled struct{}

func (notEnrolled) Error() string { return "no authenticator is enrolled" }
func (notEnrolled) ExitCode() int { return NotEnrolled }
func (notEnrolled) said() bool    { return true }

// ErrReaderGone ends a command whose output nobody reads any more, as with head(1). There is nothing to say.
var ErrReaderGone error = readerGone{}

type readerGone struct{}

func (readerGone) Error() string { return "nobody reads the output any more" }
func (readerGone) ExitCode() int { return Canceled }
func (readerGone) said() bool    { return true }

// Unfinished is a run that stopped or that the person left, perhaps because of the problem that was on
// the screen.
type Unfinished struct {
	Problem  *flow.Error // nil if there was none
	Standing string      // what is true now
	Cause    error       // why it ended, if not because the person left
	Shown    bool        // the front end has said all this
}

func (u *Unfinished) Error() string {
	switch {
	case u.Cause != nil && u.Problem != nil:
		return u.Problem.Msg + "; " + u.Cause.Error()
	case u.Cause != nil:
		return u.Cause.Error()
	case u.Problem != nil:
		return u.Problem.Msg
	}
	return ui.ErrCanceled.Error()
}

// Unwrap returns the cause.
func (u *Unfinished) Unwrap() error { return u.Cause }

// ExitCode is that of the problem; of an answer that could not be one, and without a problem, it is that of
// the cause.
func (u *Unfinished) ExitCode() int {
	switch {
	case u.problem():
		return faults[u.Problem.Fault]
	case u.Cause == nil:
		return Canceled
	}
	return Code(u.Cause)
}

// Hint is that of the problem, and without one that of the cause.
func (u *Unfinished) Hint() string {
	switch {
	case u.problem():
		return ui.CommandLine.Hint(u.Problem)
	case u.Cause != nil:
		return Hint(u.Cause)
	}
	return ""
}

func (u *Unfinished) problem() bool {
	return u.Problem != nil && u.Problem.Code != flow.CodeInvalidInput
}

func (u *Unfinished) said() bool { return u.Shown }
