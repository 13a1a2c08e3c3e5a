package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"text/tabwriter"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/flow"
	"cognito-enroll/ui"
	"cognito-enroll/ui/ndjson"
	"cognito-enroll/ui/plain"
	"cognito-enroll/ui/qrcode"
	"cognito-enroll/ui/wizard"
)

// front is the front end and what it is given: the flags, and the program's streams.
type front struct {
	appearance
	plain, json bool
	answers     string          // file
	given       *ndjson.Answers // what was in it

	stdin     *bufio.Reader // what is left of it, after a token
	stdout    *os.File
	stderr    io.Writer
	stdinUsed bool // stdin had something else than answers, so that somebody at a terminal types elsewhere
}

// job is what to lead somebody through.
type job struct {
	start flow.State
	pool  ui.Pool
	phone ui.Phone // of a demonstration
	save  func(flow.Enrol) string
	// around puts something between the lines and the run, which may end it with errEnough; nil for nothing.
	around func(ui.Face) ui.Face
}

func (f *front) addTo(s *pflag.FlagSet) {
	f.appearance.addTo(s)
	s.BoolVar(&f.plain, "plain", false, "ask in plain lines, for screen readers and pipes (so also without a terminal, with TERM=dumb or ACCESSIBLE)")
	f.addJSONTo(s)
}

func (f *front) addJSONTo(s *pflag.FlagSet) {
	s.BoolVar(&f.json, "json", false, "converse in JSON, one object a line, for programs")
	s.StringVar(&f.answers, "answers", "", "`FILE` with the first answers for --json, readable by you alone")
}

// open takes the streams of cmd.
func (f *front) open(cmd *cobra.Command) {
	f.stdin, f.stdout, f.stderr = bufio.NewReader(cmd.InOrStdin()), os.Stdout, cmd.ErrOrStderr()
}

// lines reports whether the front end is one that writes lines, and an error if none is possible.
func (f *front) lines() (bool, error) {
	switch {
	case f.plain && f.json:
		return false, exit.Usagef("choose one of them", "--plain and --json are two ways to converse")
	case f.answers != "" && !f.json:
		return false, exit.Usagef("add --json", "--answers goes with --json")
	case f.json, f.plain, !term.IsTerminal(f.stdout.Fd()), os.Getenv("TERM") == "dumb", os.Getenv("ACCESSIBLE") != "":
		return true, nil
	case !term.IsTerminal(os.Stdin.Fd()) && !f.stdinUsed:
		return false, exit.Usagef("add --plain or --json to give the answers through a pipe; over SSH use ssh -t", "stdin is not a terminal")
	}
	return false, nil
}

// run leads somebody through a job, and returns the last state. An error that ends it early comes as
// an *exit.Unfinished, which says what is true then.
func (f *front) run(ctx context.Context, j job) (flow.State, error) {
	lines, err := f.lines()
	if err != nil {
		return j.start, err
	}
	if !lines {
		return f.draw(ctx, j)
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	face, err := f.face(j)
	if err != nil {
		return j.start, err
	}
	if os.Getenv("SSH_CONNECTION") != "" && !term.IsTerminal(os.Stdin.Fd()) && !f.json {
		fmt.Fprintln(f.stderr, "cognito-enroll: there is no terminal at this end: if you type, passwords are shown; ssh -t gives one")
	}
	if info, err := f.stdout.Stat(); err == nil && info.Mode().IsRegular() {
		fmt.Fprintln(f.stderr, "cognito-enroll: stdout is a file: if a key is made, it will be in it")
	}
	if j.around != nil {
		face = j.around(face)
	}
	last, err := ui.Walk(ctx, j.start, j.pool, face)
	ask := last.Ask()
	switch {
	case errors.Is(err, errEnough):
		return last, nil
	case err != nil:
		if f.json && ask.Summary == nil {
			err = errors.Join(err, ndjson.Write(f.stdout, ndjson.NewStopped(ask, err)))
		}
		return last, &exit.Unfinished{Problem: ask.Problem, Standing: ask.Standing, Cause: err}
	case ask.Summary == nil:
		return last, &exit.Unfinished{Problem: ask.Problem, Standing: ask.Standing, Told: true}
	}
	return last, nil
}

// errEnough ends a run that is to go no further.
var errEnough = errors.New("enough")

// face is the one that writes lines.
func (f *front) face(j job) (ui.Face, error) {
	if f.json {
		var err error
		f.given, err = readAnswers(f.answers)
		return ndjson.New(ndjson.Config{In: f.stdin, Out: f.stdout, Answers: f.given}), err
	}
	qr, err := f.picture()
	return plain.New(plain.Config{In: f.input(), Out: f.stdout, Phone: j.phone, ASCII: !utf8Locale(os.Getenv), QR: qr, Save: j.save}), err
}

// input is where somebody types, or a pipe.
func (f *front) input() plain.Input {
	if f.stdinUsed && term.IsTerminal(f.stdout.Fd()) {
		if tty, err := os.OpenFile("/dev/tty", os.O_RDWR, 0); err == nil {
			return plain.Terminal(tty)
		}
	}
	if term.IsTerminal(os.Stdin.Fd()) {
		return plain.Terminal(os.Stdin)
	}
	return plain.Pipe(f.stdin)
}

// picture draws for plain lines: without colours, so in those of the terminal, which --theme tells.
func (f *front) picture() (func(string) ([]string, error), error) {
	style := qrcode.Style(f.qr)
	if err := f.appearance.check(); err != nil || style == "" || style == qrcode.None {
		return nil, err
	}
	room := qrcode.Room{Width: math.MaxInt, Height: math.MaxInt, UTF8: utf8Locale(os.Getenv), Style: style}
	if width, height, err := term.GetSize(f.stdout.Fd()); err == nil {
		room.Width, room.Height = width, height
	}
	room.Background = map[string]qrcode.Background{"dark": qrcode.Dark, "light": qrcode.Light}[f.theme]
	return func(uri string) ([]string, error) {
		p, err := qrcode.Draw(uri, room)
		return p.Lines, err
	}, nil
}

// draw shows the wizard, and then writes the summary to stdout, where it outlives the screen.
func (f *front) draw(ctx context.Context, j job) (flow.State, error) {
	c, options, err := f.wizard(ctx, wizard.Config{Start: j.start, Pool: j.pool, Phone: j.phone, Save: j.save})
	if err != nil {
		return j.start, err
	}
	last, err := wizard.Run(ctx, c, options...)
	if err != nil && !errors.Is(err, ui.ErrCancelled) {
		return last, err
	}
	return last, result(f.stdout, last.Ask())
}

// result writes the summary of a run that is over, or says why there is none.
func result(stdout io.Writer, ask flow.Ask) error {
	if ask.Summary == nil {
		return &exit.Unfinished{Problem: ask.Problem, Standing: ask.Standing}
	}
	fmt.Fprintln(stdout, ask.Title)
	table := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	for _, row := range ask.Summary.Rows() {
		fmt.Fprintf(table, "%s\t%s\n", row[0], row[1])
	}
	return table.Flush()
}

// readAnswers reads the file of --answers, which holds a password: nobody else may read it.
func readAnswers(name string) (*ndjson.Answers, error) {
	if name == "" {
		return nil, nil
	}
	file, err := openPrivate(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return ndjson.ReadAnswers(name, file)
}

// readToken reads an access token, the first line of stdin. Of its claims flow judges.
func readToken(stdin *bufio.Reader) (flow.Secret, error) {
	const longest = 16384
	var text strings.Builder
	for text.Len() < longest {
		c, err := stdin.ReadByte()
		if err == io.EOF || err == nil && c == '\n' && strings.TrimSpace(text.String()) != "" {
			break
		}
		if err != nil {
			return flow.Secret{}, exit.Usagef("pipe an access token to it", "stdin cannot be read: %s", err)
		}
		text.WriteByte(c)
	}
	token := flow.NewSecret(strings.TrimSpace(text.String()))
	if token.Empty() {
		return token, exit.Usagef("pipe an access token to it, as in cognito-enroll --access-token-stdin <token.txt", "there is no access token on stdin")
	}
	return token, nil
}
