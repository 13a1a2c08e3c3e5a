package admin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cmd/cognito-enroll/settings"
	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/cognito"
	"cognito-enroll/flow"
	"cognito-enroll/ui"
	"cognito-enroll/ui/ndjson"
	"cognito-enroll/ui/plain"
)

// callerTimeout is how long AWS may take to say whose the credentials are.
const callerTimeout = 3 * time.Second

// unknown is said of what nobody could tell.
const unknown = "unknown"

// desk is where an administrator works: the pool, and whoever asks.
type desk struct {
	*cognito.Admin
	terminal *terminal.Terminal
	settings *settings.Settings
	json     bool
	guessed  string // where the pool was found if nobody named it
	pool     cognito.Pool
	by       string // the ARN of the caller, or unknown
	input    plain.Input
}

// at checks what was given and leads to the pool's desk. What keeps it from there is told as JSON where that was asked
// for. check may be nil.
func at(cmd *cobra.Command, t *terminal.Terminal, s *settings.Settings, asJSON bool, check func() error,
	do func(context.Context, *desk) error) error {
	ctx, stop := t.UntilInterrupted(cmd.Context(), terminal.Leave{Person: t.Interactive()})
	defer stop()
	var d *desk
	var err error
	if check != nil {
		err = check()
	}
	if err == nil {
		d, err = open(ctx, cmd, t, s, asJSON)
	}
	if err != nil {
		return (&desk{terminal: t, json: asJSON}).fail(err)
	}
	return do(ctx, d)
}

// open finds the pool and reads its settings.
func open(ctx context.Context, cmd *cobra.Command, t *terminal.Terminal, s *settings.Settings, asJSON bool) (*desk,
	error) {
	a, guessed, err := s.Admin(ctx, cmd.Flags(), t)
	if err != nil {
		return nil, err
	}
	d := &desk{Admin: a, terminal: t, settings: s, json: asJSON, guessed: guessed, by: unknown}
	caller := make(chan string, 1)
	asked, cancel := context.WithTimeout(ctx, callerTimeout)
	defer cancel()
	go func() {
		arn, err := s.Caller(asked, t, a)
		if err != nil || arn == "" {
			arn = unknown
		}
		caller <- arn
	}()
	var o cognito.Outcome
	if d.pool, o = a.Pool(ctx); o.Err != nil {
		return nil, o.Err
	}
	select {
	case d.by = <-caller:
	case <-asked.Done():
	}
	return d, nil
}

// heading stands above what is shown and above every question.
func (d *desk) heading() string {
	account := d.pool.Account
	if account == "" {
		account = unknown
	}
	return flow.Fill("AWS account {account}, region {region}, user pool {id} ({name})", "account", line(account),
		"region", d.pool.Region, "id", d.pool.ID, "name", line(d.pool.Name))
}

// out is where sentences for a person go: nowhere if there are objects for a program.
func (d *desk) out() io.Writer {
	if d.json {
		return io.Discard
	}
	return d.terminal.Text()
}

// errNotAsked is why nobody is asked.
var errNotAsked = errors.New("nobody can be asked here")

// ask asks a question in one line, below the heading. Only somebody who types is asked.
func (d *desk) ask(ctx context.Context, question string) (string, error) {
	if d.json || !d.terminal.CanAsk() {
		return "", errNotAsked
	}
	if d.input == nil {
		d.input = d.terminal.Input()
	}
	if !d.input.Interactive() {
		return "", errNotAsked
	}
	fmt.Fprintf(d.terminal.Text(), "\n%s\n%s ", d.heading(), question)
	text, err := d.input.Line(ctx, false)
	if err != nil || d.terminal.OutKind != terminal.Screen { // there, whoever typed ended the line
		fmt.Fprintln(d.terminal.Out)
	}
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, context.Canceled):
		return "", ui.ErrCanceled
	case err != nil:
		return "", err
	}
	return strings.TrimSpace(text), nil
}

// agree asks for yes. Whatever else is typed means no.
func (d *desk) agree(ctx context.Context, question string) (bool, error) {
	text, err := d.ask(ctx, question+" [yes/no]")
	return strings.EqualFold(text, "yes") || strings.EqualFold(text, "y"), err
}

// confirmPool has a pool that nobody named confirmed.
func (d *desk) confirmPool(ctx context.Context) error {
	if d.guessed == "" {
		return nil
	}
	yes, err := d.agree(ctx, flow.Fill("This user pool was found in {source}. Is it the one you mean?", "source",
		d.guessed))
	switch {
	case errors.Is(err, errNotAsked):
		return exit.Usagef("name it with --pool-id "+d.pool.ID, "user pool %q was found in %s, and nobody confirmed it",
			d.pool.ID, line(d.guessed))
	case err == nil && !yes:
		err = ui.ErrCanceled
	}
	return err
}

// fail ends a command that changed nothing. A program gets an object.
func (d *desk) fail(err error) error {
	if err == nil || !d.json {
		return err
	}
	object := stopped{Header: header("stopped")}
	problem, ok := errors.AsType[*flow.Error](err)
	switch {
	case ok:
	case errors.Is(err, ui.ErrCanceled):
		problem = &flow.Error{Code: flow.CodeCanceled, Fault: flow.Retry, Msg: err.Error()}
	case exit.Code(err) == exit.Usage:
		problem = &flow.Error{Code: flow.CodeInvalidInput, Fault: flow.Retry, Msg: err.Error(), Hint: exit.Hint(err)}
	default:
		return err
	}
	object.Error = ndjson.NewError(problem)
	if wrong := ndjson.Write(d.terminal.Out, object); wrong != nil {
		return wrong
	}
	return err
}

// stopped says that nothing was changed, and why.
type stopped struct {
	ndjson.Header
	Error *ndjson.Error `json:"problem"`
}

func header(kind string) ndjson.Header { return ndjson.Header{V: 1, Type: kind} }

// mostShown is how much of a text of the server is shown, in characters.
const mostShown = 200

// line is a text of a server or a file as it may be shown: in one line, printable, not long.
func line(text string) string {
	text = strings.Join(strings.Fields(flow.Printable(text)), " ")
	if r := []rune(text); len(r) > mostShown {
		text = string(r[:mostShown]) + "..."
	}
	return text
}

// orUnknown is a text that may be missing.
func orUnknown(text string) string {
	if text == "" {
		return unknown
	}
	return line(text)
}

// stamp is a time for programs and people, "" without one.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
