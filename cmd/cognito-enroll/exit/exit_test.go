package exit

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"testing"

	"cognito-enroll/flow"
	"cognito-enroll/ui"
	"cognito-enroll/ui/ndjson"
)

func TestReport(t *testing.T) {
	refused := &flow.Error{Code: flow.CodeMismatch, Fault: flow.Retry, Msg: "the code is wrong", Hint: "type the next one"}
	invalid := &flow.Error{Code: flow.CodeInvalidInput, Fault: flow.Retry, Msg: "it is empty", Hint: "type it"}
	answers := &ndjson.AnswersError{File: "a", Line: 2, Msg: "not JSON"}
	for _, tt := range []struct {
		name string
		err  error
		code int
		text string
	}{
		{"nothing", nil, Done, ""},
		{"unknown", errors.New("oh"), Bug, "cognito-enroll: oh\n"},
		{"usage", Usagef("turn it", "%q is upside down", "x"), Usage,
			"cognito-enroll: \"x\" is upside down\ncognito-enroll: hint: turn it\n"},
		{"wrapped", fmt.Errorf("at home: %w", Usagef("", "no key")), Usage, "cognito-enroll: at home: no key\n"},
		{"with a cause", AsUsage(fs.ErrNotExist, "make it"), Usage,
			"cognito-enroll: file does not exist\ncognito-enroll: hint: make it\n"},
		{"of flow", refused, Refused, "cognito-enroll: the code is wrong\ncognito-enroll: hint: type the next one\n"},
		{"not enrolled", ErrNotEnrolled, NotEnrolled, ""},
		{"answers", answers, Usage, "cognito-enroll: \"a\", line 2: not JSON\n"},
		{"left", &Unfinished{Standing: "Nothing was changed."}, Canceled,
			"cognito-enroll: canceled\nNothing was changed.\n"},
		{"left at a problem", &Unfinished{Problem: refused}, Refused,
			"cognito-enroll: the code is wrong\ncognito-enroll: hint: type the next one\n"},
		{"left at a slip", &Unfinished{Problem: invalid}, Canceled, "cognito-enroll: it is empty\n"},
		{"cut off", &Unfinished{Cause: &ui.Unanswered{ID: "code"}}, Usage,
			"cognito-enroll: the input ended at the question \"code\"\n"},
		{"cut off at a problem", &Unfinished{Problem: refused, Cause: answers}, Refused,
			"cognito-enroll: the code is wrong; \"a\", line 2: not JSON\ncognito-enroll: hint: type the next one\n"},
		{"a long line", &Unfinished{Cause: ui.ErrLineTooLong}, Usage, "cognito-enroll: " + ui.ErrLineTooLong.Error() + "\n"},
		{"a signal", &Unfinished{Cause: ui.ErrCanceled}, Canceled, "cognito-enroll: canceled\n"},
		{"cannot write", &Unfinished{Cause: fs.ErrClosed}, Bug, "cognito-enroll: file already closed\n"},
		{"a full disk", &Unfinished{Cause: fmt.Errorf("cannot write the handle: %w", &fs.PathError{Op: "write", Path: "h",
			Err: errors.New("full")}), Standing: "So."}, Elsewhere, "cognito-enroll: cannot write the handle: write h: full\n" +
			"cognito-enroll: hint: check the permissions of the file, and the space where it is\nSo.\n"},
		{"no rename", &os.LinkError{Op: "rename", Old: "a", New: "b", Err: fs.ErrPermission}, Elsewhere,
			"cognito-enroll: rename a b: permission denied\n" +
				"cognito-enroll: hint: check the permissions of the file, and the space where it is\n"},
		{"cannot save", CannotSave("a/\x1bb", &fs.PathError{Op: "open", Path: "a/\x1bb", Err: fs.ErrPermission}, "ask"),
			Elsewhere, "cognito-enroll: cannot save to \"a/\\x1bb\": permission denied\ncognito-enroll: hint: ask\n"},
		{"cannot make the folder", CannotSave("a/b", &fs.PathError{Op: "mkdir", Path: "a", Err: fs.ErrPermission}, ""),
			Elsewhere, "cognito-enroll: cannot save to \"a/b\": mkdir \"a\": permission denied\n"},
		{"told", &Unfinished{Problem: refused, Standing: "So.", Shown: true}, Refused, ""},
		{"told, and then more", errors.Join(&Unfinished{Shown: true}, errors.New("the disk is full")), Canceled,
			"cognito-enroll: canceled\nthe disk is full\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var out bytes.Buffer
			if code := Report(&out, tt.err); code != tt.code || out.String() != tt.text {
				t.Errorf("%d and %q, want %d and %q", code, out.String(), tt.code, tt.text)
			}
		})
	}
	if !errors.Is(AsUsage(fs.ErrNotExist, ""), fs.ErrNotExist) {
		t.Error("the cause is lost")
	}
}

// Each code that the program ends with is documented, and each fault has one.
func TestTable(t *testing.T) {
	documented := map[int]bool{}
	for _, row := range Table {
		if row.Name == "" || row.Meaning == "" || documented[row.Code] {
			t.Errorf("%+v", row)
		}
		documented[row.Code] = true
	}
	for _, fault := range []flow.Fault{flow.Bug, flow.Retry, flow.Restart, flow.Wait, flow.Elsewhere} {
		if code, ok := faults[fault]; !ok || !documented[code] {
			t.Errorf("%v ends with %d", fault, code)
		}
	}
	for _, err := range []error{ui.ErrCanceled, ui.ErrLineTooLong, &ui.Unanswered{}, &ndjson.AnswersError{},
		ErrNotEnrolled, Usagef("", "")} {
		if code := Code(err); code == Bug || !documented[code] {
			t.Errorf("%q ends with %d", err, code)
		}
	}
	if len(faults) != 5 {
		t.Error("a fault that is not tested")
	}
}
