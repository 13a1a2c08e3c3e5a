package ndjson

import (
	"bytes"
	"fmt"
	"io"

	"cognito-enroll/flow"
	"cognito-enroll/ui"
)

// Answers are lines that were written down beforehand. Each is for the next question; when they are
// used up, the rest is read from Config.In.
type Answers struct {
	name  string
	lines []numbered
}

type numbered struct {
	number int
	line   []byte
}

// AnswersError is about a line of a file of answers. It quotes no value.
type AnswersError struct {
	File string
	Line int
	Msg  string

	ahead flow.Remedy
}

func (e *AnswersError) Error() string { return fmt.Sprintf("%q, line %d: %s", e.File, e.Line, e.Msg) }

// ExitCode is ui.BadInput.
func (e *AnswersError) ExitCode() int { return ui.BadInput }

// Hint says how the question is answered before the run, or "".
func (e *AnswersError) Hint() string { return ui.CommandLine.Hint(&flow.Error{Remedy: e.ahead}) }

// ReadAnswers reads the whole of r, so that a line that is none is known before anything is sent. Its
// error is an *AnswersError or one of reading.
func ReadAnswers(name string, r io.Reader) (*Answers, error) {
	const most = 1 << 20
	text, err := io.ReadAll(io.LimitReader(r, most))
	if err != nil {
		return nil, err
	}
	a := &Answers{name: name}
	for i, line := range bytes.Split(text, []byte("\n")) {
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		if _, err := ParseInput(line); err != nil {
			return nil, &AnswersError{name, i + 1, err.Error(), flow.Remedy{}}
		}
		a.lines = append(a.lines, numbered{i + 1, line})
	}
	if len(a.lines) == 0 {
		return nil, &AnswersError{name, 1, "there is no answer", flow.Remedy{}}
	}
	return a, nil
}

// next takes the next line; ok is false when there is none.
func (a *Answers) next() (line numbered, ok bool) {
	if a == nil || len(a.lines) == 0 {
		return line, false
	}
	line, a.lines = a.lines[0], a.lines[1:]
	return line, true
}

// Left is an *AnswersError when there are answers to questions that were not asked.
func (a *Answers) Left() error {
	if a == nil || len(a.lines) == 0 {
		return nil
	}
	return &AnswersError{a.name, a.lines[0].number, "no question was asked for this answer", flow.Remedy{}}
}
