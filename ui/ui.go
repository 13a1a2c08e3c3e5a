// Package ui has what the front ends share. Three of them show what a flow.State asks and answer for
// the person: ui/wizard draws screens, ui/plain writes lines for people, ui/ndjson writes lines for
// programs. None knows the protocol. The wizard is stepped by Bubble Tea; the other two are a Face,
// and Walk leads them from one question to the next.
package ui

import (
	"context"
	"fmt"
	"time"

	"cognito-enroll/flow"
)

// Pool makes a flow's calls; *cognito.Client is one. Do returns a flow.Reply or a flow.Failed.
type Pool interface {
	Do(context.Context, flow.Call) flow.Event
}

// Learner is a Pool that wants to hear what is known of the account after each of its events.
type Learner interface {
	Learned(flow.Facts)
}

// Tell lets pool hear what is known after event, if it wants to and the event was its own.
func Tell(pool Pool, event flow.Event, s flow.State) {
	switch event.(type) {
	case flow.Reply, flow.Failed:
		if l, ok := pool.(Learner); ok {
			l.Learned(s.Ask().Facts)
		}
	}
}

// Phone is a simulated phone, for demo without a real one.
type Phone interface {
	// Shows is what can be read on it when a asks for a code: that of an authenticator app, or one
	// that was sent. The app learns a key from a.Enroll.
	Shows(a flow.Ask, now time.Time) string
}

// Face is a front end that asks one question after the other.
type Face interface {
	// Ask presents a and returns the person's reaction: a flow.Answer, flow.Back or flow.TestSignIn. It is
	// called for questions and for the end, where nil means that the person is done.
	Ask(ctx context.Context, a flow.Ask) (flow.Event, error)
	// Working says what is being done.
	Working(a flow.Ask)
}

// ErrCanceled means that the person left, or a signal came, before the end.
var ErrCanceled error = &ending{"canceled", 130}

// LongestLine is the most that a line of input may have, in bytes; an access token needs the most.
// ErrLineTooLong is the error for a longer one.
const LongestLine = 64 << 10

var ErrLineTooLong error = &ending{fmt.Sprintf("a line of the input is longer than %d bytes", LongestLine), BadInput}

// BadInput is the exit code of the errors about the input. A command ends with it, and so does a session
// over SSH.
const BadInput = 2

// ending is why a run ended, and the exit code that goes with it.
type ending struct {
	msg  string
	code int
}

func (e *ending) Error() string { return e.msg }
func (e *ending) ExitCode() int { return e.code }

// Unanswered is the error of a Face whose input ended at a question, or has an answer to another one there.
type Unanswered struct {
	ID    string      // of the Ask
	Field string      // the Label of the first Field that has no answer; "" for a question without fields
	Ahead flow.Remedy // of the Ask
	Other bool        // there is another line where the answer should be
}

func (e *Unanswered) Error() string {
	if e.Other {
		return fmt.Sprintf("the next line of the input is no answer to the question %q", e.ID)
	}
	if e.Field == "" {
		return fmt.Sprintf("the input ended at the question %q", e.ID)
	}
	return fmt.Sprintf("the input ended before %q was answered, at the question %q", e.Field, e.ID)
}

// ExitCode is BadInput.
func (e *Unanswered) ExitCode() int { return BadInput }

// Hint says how the question is answered before the run, or "".
func (e *Unanswered) Hint() string { return CommandLine.Hint(&flow.Error{Remedy: e.Ahead}) }

// Walk asks and calls until the flow is finished. The State returned is the last one; with an error,
// its Ask's Standing says what is true now. When ctx ends, a call under way is still awaited,
// because Standing depends on its outcome.
func Walk(ctx context.Context, s flow.State, pool Pool, face Face) (flow.State, error) {
	for {
		ask := s.Ask()
		event, err := face.Ask(ctx, ask)
		switch {
		case err != nil:
			return s, err
		case event == nil && ask.Phase == flow.Finished:
			return s, nil
		case event == nil:
			return s, ErrCanceled
		}
		for event != nil {
			next, call, err := flow.Next(s, event)
			if err != nil {
				return s, err
			}
			Tell(pool, event, next)
			s, event = next, nil
			if call != nil {
				face.Working(s.Ask())
				event = pool.Do(ctx, call)
			}
		}
		if ctx.Err() != nil && s.Ask().Phase != flow.Finished {
			return s, ErrCanceled
		}
	}
}
