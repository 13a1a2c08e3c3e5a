// Package plain is the front end of lines: for screen readers, for pipes, for terminals that cannot
// redraw. Each line is written once and stays; there are no colors, no spinner and no keys but words.
// The key of an authenticator is among the lines, because that is what an enrollment is about.
package plain

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"cognito-enroll/flow"
	"cognito-enroll/ui"
)

// Config is what the questions need. Only Start, Pool, In and Out are required.
type Config struct {
	Start flow.State
	Pool  ui.Pool
	In    Input
	Out   io.Writer
	Phone ui.Phone         // nil outside of demo
	Now   func() time.Time // nil is time.Now

	Wording ui.Wording // of what to do about problems
	ASCII   bool       // Out shows no other characters
	// QR draws a key URI, as the lines of a picture. Nil draws none.
	QR func(uri string) ([]string, error)
	// Save is given each key, for a copy elsewhere, and says what came of it in a sentence. Nil saves
	// nothing.
	Save func(flow.Enroll) string
}

// Run asks until the flow is finished. Its errors are ui.ErrCanceled, a *ui.Unanswered, and those of
// reading; the State's Standing says what is true then.
func Run(ctx context.Context, c Config) (flow.State, error) {
	return ui.Walk(ctx, c.Start, c.Pool, New(c))
}

// New returns the front end alone, for a ui.Walk.
func New(c Config) ui.Face {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.ASCII {
		c.Out = inASCII{c.Out}
	}
	return &face{Config: c, step: -1}
}

// Tell writes what an app needs, and asks nothing. It uses Out, ASCII, QR, Save and Now of c.
func Tell(c Config, e flow.Enroll) {
	f := New(c).(*face)
	picture, problem := f.draw(e)
	f.say(problem)
	f.enroll(e, picture)
}

type inASCII struct{ io.Writer }

func (w inASCII) Write(p []byte) (int, error) {
	_, err := ui.ASCII.WriteString(w.Writer, string(p))
	return len(p), err
}

// face remembers what it has said, so that a question that is asked again is not told again.
type face struct {
	Config
	step   int    // the last that was announced
	shown  string // the last title and body
	key    flow.Secret
	worded bool // the words were mentioned
}

// Ask implements ui.Face.
func (f *face) Ask(ctx context.Context, a flow.Ask) (flow.Event, error) {
	if a.Phase == flow.Finished {
		return f.end(ctx, a)
	}
	f.tell(a)
	values := map[string]flow.Secret{}
	for _, field := range a.Fields {
		value, event, err := f.value(ctx, a, field)
		if event != nil || err != nil {
			return event, f.unanswered(err, a, field.Label)
		}
		values[field.Key] = flow.NewSecret(value)
	}
	if len(a.Fields) == 0 {
		event, err := f.goOn(ctx, a)
		if event != nil || err != nil {
			return event, f.unanswered(err, a, "")
		}
	}
	return flow.Answer{Values: values, At: f.Now()}, nil
}

// Working implements ui.Face.
func (f *face) Working(a flow.Ask) { f.say(a.Progress + ".") }

// unanswered says at which question the input ended.
func (f *face) unanswered(err error, a flow.Ask, label string) error {
	switch {
	case errors.Is(err, io.EOF):
		return &ui.Unanswered{ID: a.ID, Field: label, Ahead: a.Ahead}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return ui.ErrCanceled
	}
	return err
}

func (f *face) say(lines ...string) {
	for _, l := range lines {
		if l != "" {
			fmt.Fprintln(f.Out, l)
		}
	}
}

// tell says what the person has not heard yet, and always the problem.
func (f *face) tell(a flow.Ask) {
	if a.Step != f.step {
		f.step = a.Step
		f.say(fmt.Sprintf("Step %d of %d: %s.", a.Step+1, len(a.Steps), f.stepName(a)))
	}
	var key flow.Secret
	if a.Enroll != nil {
		key = a.Enroll.Key
	}
	if shown := a.ID + "\n" + a.Title + "\n" + a.Body; shown != f.shown || key != f.key {
		f.shown, f.key = shown, key
		f.question(a)
	}
	if a.Note != "" {
		f.say("Note: " + a.Note)
	}
	if !a.NextCode.IsZero() {
		if wait := a.NextCode.Sub(f.Now()); wait > 0 {
			f.say("The app shows its next code in " + ui.Spoken(wait) + ".")
		}
	}
	f.problem(a.Problem)
	if !f.worded {
		f.worded = true
		f.say("Type :help at any question for a list of words.")
	}
}

// stepName is the step that a is at. Nothing is said of a QR code that is not drawn.
func (f *face) stepName(a flow.Ask) string {
	name := a.Steps[a.Step]
	if name != flow.StepScan {
		return name
	}
	if a.Enroll != nil {
		if picture, _ := f.draw(*a.Enroll); picture != nil {
			return name
		}
	}
	return "Type the code"
}

// draw returns the lines of e's QR code, or why there are none; neither if nobody asked for it.
func (f *face) draw(e flow.Enroll) (picture []string, problem string) {
	if f.QR == nil {
		return nil, ""
	}
	picture, err := f.QR(e.URI.Reveal())
	if err != nil {
		return nil, "The QR code cannot be drawn: " + err.Error() + "."
	}
	return picture, ""
}

// question says what a asks, but for its fields.
func (f *face) question(a flow.Ask) {
	if a.Enroll == nil {
		if a.Title != f.stepName(a) { // which was said
			f.say(a.Title)
		}
		f.say(strings.Split(a.Body, "\n")...)
		return
	}
	picture, problem := f.draw(*a.Enroll)
	f.say(problem)
	if picture == nil {
		f.say("Add this key to your authenticator app. Then type the six digits that the app shows.")
	} else {
		f.say(a.Title)
		f.say(strings.Split(a.Body, "\n")...)
	}
	f.enroll(*a.Enroll, picture)
}

func (f *face) problem(p *flow.Error) {
	if p == nil {
		return
	}
	f.say("Problem: " + ui.Sentence(p.Msg))
	if hint := f.Wording.Hint(p); hint != "" {
		f.say("Hint: " + ui.Sentence(hint))
	}
}

// enroll says what the app needs, and shows its picture.
func (f *face) enroll(e flow.Enroll, picture []string) {
	f.say(picture...)
	f.say(
		"Key, in groups: "+strings.Join(ui.Groups(e.Key.Reveal()), " "),
		"Issuer: "+e.Issuer,
		"Account: "+e.Account,
		ui.SparePhones,
		timeLeft(e.Deadline, f.Now()),
	)
	if f.Save != nil {
		f.say(f.Save(e))
	}
}

// end tells the result. Only somebody who types is asked whether to test it: a program would have to
// know of a question that is not always there, and has --prove.
func (f *face) end(ctx context.Context, a flow.Ask) (flow.Event, error) {
	f.key = flow.Secret{} // nobody needs it any more
	f.say(a.Title)
	f.say(strings.Split(a.Body, "\n")...)
	if a.Note != "" {
		f.say("Note: " + a.Note)
	}
	f.problem(a.Problem)
	if a.Summary != nil {
		for _, row := range a.Summary.Rows() {
			f.say(row[0] + ": " + row[1])
		}
	}
	if !a.CanTestSignIn || !f.In.Interactive() {
		return nil, nil
	}
	for {
		fmt.Fprint(f.Out, "Press Enter to finish, or type test to try a fresh sign-in: ")
		text, err := f.In.Line(ctx, false)
		switch word := strings.Trim(strings.ToLower(text), " :"); {
		case err != nil, word == "", word == "quit":
			return nil, nil
		case word == "test":
			f.shown = ""
			return flow.TestSignIn{}, nil
		}
		f.say("Problem: Only Enter, or the word test, is understood here.")
	}
}

// timeLeft says it as it is spoken.
func timeLeft(deadline, now time.Time) string {
	if deadline.IsZero() {
		return "Cognito does not say how long it waits."
	}
	return ui.Sentence(ui.TimeLeft(deadline, now, ui.Spoken))
}
