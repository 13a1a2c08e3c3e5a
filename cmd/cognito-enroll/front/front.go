// Package front leads somebody through an enrollment on a terminal: on screens, in lines, or in JSON.
package front

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"charm.land/lipgloss/v2"
	"github.com/spf13/pflag"

	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/flow"
	"cognito-enroll/ui"
	"cognito-enroll/ui/ndjson"
	"cognito-enroll/ui/plain"
	"cognito-enroll/ui/qrcode"
	"cognito-enroll/ui/wizard"
)

// Front is the front end of one run: the flags, and the terminal that it is on.
type Front struct {
	Appearance
	Mode     Mode
	Terminal *terminal.Terminal
	Wording  ui.Wording    // of what to do about problems
	Pace     time.Duration // how often what counts down on screens moves; 0 is each second

	Keyless bool // no key is ever shown

	flags       *pflag.FlagSet // nil without any
	answersFile string
	answers     *ndjson.Answers // what was in it
}

// New returns a front end on t, with the flags' defaults.
func New(t *terminal.Terminal) *Front {
	return &Front{Terminal: t, Appearance: Appearance{theme: "auto"}}
}

// Job is what to lead somebody through. Only Start and Pool are required.
type Job struct {
	Start flow.State
	Pool  ui.Pool
	Phone ui.Phone // of a demo
	// Scenarios are what is chosen from on screens instead of Start, as in a wizard.Config.
	Scenarios []wizard.Scenario
	Save      func(flow.Enroll) string
	KeyTo     *wizard.Recipient // of the key URI, on screens
	// Stderr says that lines are written there while the run goes on, which would tear screens.
	Stderr bool
	// Around puts something between the lines and the run, which may end it with ErrEnough.
	Around func(ui.Face) ui.Face
}

// ErrEnough ends a run that is to go no further.
var ErrEnough = errors.New("enough")

// AddTo adds all flags.
func (f *Front) AddTo(s *pflag.FlagSet) {
	f.Appearance.AddTo(s)
	f.addMode(
		s,
		Lines,
		"plain",
		"ask in plain lines, for screen readers and pipes",
	)
	f.AddJSONTo(s)
}

// AddJSONTo adds the flags of JSON.
func (f *Front) AddJSONTo(s *pflag.FlagSet) {
	f.flags = s
	f.addMode(s, JSON, "json", "ask and answer in JSON, one object per line, for programs")
	s.StringVar(&f.answersFile, "answers", "", "read the first answers for --json from `FILE`, which must be readable only by you")
}

// Run leads somebody through a job, and returns the last state. An error that ends it early comes as
// an *exit.Unfinished, which says what is true then.
func (f *Front) Run(ctx context.Context, j Job) (flow.State, error) {
	mode, err := f.ChooseMode()
	if err != nil {
		return j.Start, err
	}
	t := f.Terminal
	leave := terminal.Leave{Person: true}
	if mode == Screens && j.Stderr {
		return j.Start, exit.Usagef("name a file, or add --plain", "--debug - cannot be used with screens")
	}
	if mode == Screens {
		leave.Reset = wizard.Reset
	}
	ctx, stop := t.UntilInterrupted(ctx, leave)
	defer stop()
	if mode == Screens {
		return f.draw(ctx, j)
	}
	face, err := f.face(mode, j)
	if err != nil {
		return j.Start, err
	}
	if t.Getenv("SSH_CONNECTION") != "" && !t.Typed() && mode != JSON {
		fmt.Fprintln(
			t.Notes(),
			"cognito-enroll: this is not a terminal, so typed passwords are visible; use ssh -t",
		)
	}
	if t.OutKind == terminal.File {
		fmt.Fprintln(t.Notes(), "cognito-enroll: stdout is a file; if a key is created, it will contain the key")
	}
	if j.Around != nil {
		face = j.Around(face)
	}
	last, err := ui.Walk(ctx, j.Start, j.Pool, face)
	ask := last.Ask()
	switch {
	case errors.Is(err, ErrEnough):
		return last, nil
	case err != nil:
		if mode == JSON && ask.Summary == nil {
			err = errors.Join(err, ndjson.Write(t.Out, ndjson.NewStopped(ask, err)))
		}
		return last, &exit.Unfinished{Problem: ask.Problem, Standing: ask.Standing, Cause: err}
	case ask.Summary == nil || ask.Problem != nil:
		return last, &exit.Unfinished{Problem: ask.Problem, Standing: ask.Standing, Shown: true}
	}
	return last, nil
}

// face is the one that writes lines.
func (f *Front) face(mode Mode, j Job) (ui.Face, error) {
	t := f.Terminal
	if mode == JSON {
		var err error
		f.answers, err = f.readAnswers()
		return ndjson.New(ndjson.Config{In: t.Lines(), Out: t.Out, Answers: f.answers}), err
	}
	qr, err := f.DrawQR()
	return plain.New(plain.Config{
		In: t.Input(), Out: t.Text(), Phone: j.Phone, ASCII: !t.UTF8(), QR: qr, Save: j.Save, Wording: f.Wording,
	}), err
}

// AnswersLeft returns an error when there are answers to questions that were not asked.
func (f *Front) AnswersLeft() error { return f.answers.Left() }

// DrawQR draws for plain lines: without colors, so in those of the terminal, which --theme tells, and else COLORFGBG.
// Where nobody said it, the line below the picture says what to do.
func (f *Front) DrawQR() (func(string) ([]string, error), error) {
	t, style := f.Terminal, qrcode.Style(f.qr)
	if err := f.Appearance.check(); err != nil || style == "" || style == qrcode.None {
		return nil, err
	}
	switch cannot := style == qrcode.Sixel || style == qrcode.Half && !t.UTF8(); {
	case cannot && !f.only():
		style = qrcode.Auto
	case cannot && style == qrcode.Sixel:
		return nil, exit.Usagef("choose auto, half, full or ascii", "--qr sixel is drawn only on screens")
	case cannot:
		return nil, exit.Usagef("set LC_ALL=C.UTF-8 if the terminal supports it, or choose full or ascii",
			"--qr half cannot be drawn: %s", qrcode.ErrNoUTF8)
	}
	room := qrcode.Room{
		Width:      math.MaxInt,
		Height:     math.MaxInt,
		UTF8:       t.UTF8(),
		Style:      style,
		Background: terminal.Backgrounds[f.theme],
	}
	below := ""
	if room.Background == qrcode.Unknown {
		below = "It is drawn for a dark background. If it does not scan, start again with --theme light."
		if t.Background() == "light" {
			room.Background = qrcode.Light
			below = "It is drawn for a light background. If it does not scan, start again with --theme dark."
		}
	}
	if columns, rows := t.Cells(); columns > 0 {
		room.Width, room.Height = columns, rows
	}
	return func(uri string) ([]string, error) {
		p, err := qrcode.Draw(uri, room)
		if err == nil && below != "" {
			p.Lines = append(p.Lines, below)
		}
		return p.Lines, err
	}, nil
}

// draw shows the wizard, and then writes the summary to stdout, where it outlives the screen.
func (f *Front) draw(ctx context.Context, j Job) (flow.State, error) {
	t := f.Terminal
	options, err := t.Options()
	if err != nil {
		return j.Start, err
	}
	c, colors, err := f.wizard(ctx, t, wizard.Config{
		Start: j.Start, Pool: j.Pool, Phone: j.Phone, Scenarios: j.Scenarios,
		Save: j.Save, KeyTo: j.KeyTo, Suspend: t.May.Suspend, Clipboard: t.May.Clipboard, Keys: t.Keys,
		Resizes: t.Resizes, Notices: t.Notices, Wording: f.Wording, Pace: f.Pace,
	})
	if err != nil {
		return j.Start, err
	}
	last, err := wizard.Run(ctx, c, append(options, colors)...)
	if err != nil && !errors.Is(err, ui.ErrCanceled) {
		return last, err
	}
	return last, f.Result(last.Ask())
}

// Result writes the summary of a run that is over, and says why its goal was missed, if it was. On a terminal it has
// the colors of the wizard.
func (f *Front) Result(ask flow.Ask) error {
	if ask.Summary == nil {
		return &exit.Unfinished{Problem: ask.Problem, Standing: ask.Standing}
	}
	out, colors := f.Styled(f.Terminal), f.Colors()
	title := colors.Title
	if ask.Problem == nil && ask.Summary.Enrolled {
		title = colors.Good
	}
	label, columns := 0, f.Terminal.Columns()
	for _, row := range ask.Summary.Rows() {
		label = max(label, lipgloss.Width(row[0])+2)
	}
	lines := []string{title.Render(ask.Title)}
	for _, row := range ask.Summary.Rows() {
		value := lipgloss.NewStyle()
		if row[0] == flow.ActiveFactors && len(ask.Summary.Factors) > 0 {
			value = colors.Good
		}
		lines = append(lines, terminal.Hang(colors.Quiet.Width(label).Render(row[0]), value.Render(row[1]), columns))
	}
	if _, err := fmt.Fprintln(out, strings.Join(lines, "\n")); err != nil || ask.Problem == nil {
		return err
	}
	return &exit.Unfinished{Problem: ask.Problem, Standing: ask.Standing}
}

// readAnswers reads the file of --answers, which holds a password: nobody else may read it.
func (f *Front) readAnswers() (*ndjson.Answers, error) {
	if f.answersFile == "" {
		return nil, nil
	}
	file, err := f.Terminal.OpenPrivate(f.answersFile)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return ndjson.ReadAnswers(f.answersFile, file)
}
