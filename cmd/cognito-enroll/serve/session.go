package serve

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"
	"charm.land/ssh"
	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/pflag"
	gossh "golang.org/x/crypto/ssh"

	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cmd/cognito-enroll/front"
	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/flow"
	"cognito-enroll/ui"
)

// visit is one session.
type visit struct {
	server  *server
	session ssh.Session
	door    *door
	from    netip.Prefix
	began   time.Time
	profile string

	environ []string
	size    size
	lines   bool // instead of screens

	pressed chan struct{}
	notices chan string
	resizes chan tea.WindowSizeMsg
}

// How long the visitor's side may take for what it owes.
const (
	greetWithin  = 10 * time.Second             // to begin the handshake
	shakeWithin  = 2 * time.Minute              // to end it: people compare the fingerprint of the host key meanwhile
	beginWithin  = shakeWithin + 20*time.Second // to begin a session, with the handshake
	answerWithin = time.Second                  // to the question for the cursor's position
	closeWithin  = 5 * time.Second              // to take the last words of a session
	leaveWithin  = 2 * time.Second              // to close the connection after it
)

// pace is how often what counts down on a screen moves. To draw a frame is most of what a session costs that nobody
// types in.
const pace = 2 * time.Second

// handle is an ssh.Handler.
func (s *server) handle(session ssh.Session) {
	d, ok := session.Context().Value(theDoor{}).(*door)
	if !ok {
		session.Exit(exit.Bug)
		return
	}
	if c, ok := session.Context().Value(theConnection{}).(*counting); ok {
		c.unused.Stop()
	}
	v := &visit{
		server: s, session: session, door: d, from: network(session.RemoteAddr()), began: time.Now(),
		profile: session.User(), pressed: make(chan struct{}, 1), notices: make(chan string),
		resizes: make(chan tea.WindowSizeMsg),
	}
	if s.enter() {
		defer s.sessions.Done()
	}
	s.counters.add("sessions", 1)
	defer s.counters.add("sessions", -1)
	line := audit{V: 1, Time: v.began.UTC(), Address: address(session), Profile: shortened(v.profile, 64), Steps: []step{}}
	if key := session.PublicKey(); key != nil {
		line.Key = gossh.FingerprintSHA256(key)
	}
	v.run(&line)
	line.Seconds = time.Since(v.began).Round(time.Millisecond).Seconds()
	s.audit(line)
	time.AfterFunc(leaveWithin, v.cut)
	session.Exit(line.Exit)
}

// cut closes the connection. A visitor's side that takes nothing would not close the channel, either.
func (v *visit) cut() {
	if conn, ok := v.session.Context().Value(ssh.ContextKeyConn).(*gossh.ServerConn); ok {
		conn.Close()
	}
}

func address(session ssh.Session) string {
	if at, err := netip.ParseAddrPort(session.RemoteAddr().String()); err == nil {
		return at.Addr().Unmap().String()
	}
	return ""
}

// run leads through the session, and completes line.
func (v *visit) run(line *audit) {
	line.Result, line.Exit = "refused", exit.Usage
	place, err := v.admit()
	if err != nil {
		v.refuse(err)
		return
	}
	ctx, end := context.WithCancelCause(v.session.Context())
	defer end(errOver)
	// What is written to a visitor who takes nothing blocks until the connection is closed.
	defer context.AfterFunc(ctx, func() { time.AfterFunc(closeWithin, v.cut) })()

	w := &watched{server: v.server, from: v.from}
	last, err := v.lead(ctx, end, place, w)
	cause := context.Cause(ctx)
	if cause == errOver {
		cause = nil
	}
	ask := last.Ask()
	var user string
	user, line.Steps = w.told()
	line.User = v.server.who(user)
	line.Exit = exit.Code(err)
	line.Enrolled = ask.Summary != nil && ask.Summary.Enrolled
	switch {
	case cause != nil:
		line.Result = resultOf(cause)
	case err == nil:
		line.Result = "done"
	case ask.Problem != nil && ask.Phase == flow.Finished:
		line.Result = "stopped"
	default:
		line.Result = "left"
	}
	if line.Enrolled {
		v.server.counters.add("enrolled_total", 1)
	}
	if line.Result == "bug" {
		line.Exit = exit.Bug
	}
	v.farewell(cause, err)
}

// admit decides whether there is a session, and on which profile. Its error is a sentence for the visitor.
func (v *visit) admit() (*place, error) {
	s := v.server
	environ, size, pty := v.door.terminal()
	v.environ, v.size = environ, size
	command := v.session.RawCommand()
	v.lines = command == "plain" || slices.Contains(environ, "TERM=dumb")
	at := s.Name
	switch place := s.places[v.profile]; {
	case s.leaving():
		return nil, errors.New("this service is restarting: please try again in a minute")
	case command != "" && command != "plain":
		return nil, fmt.Errorf("only the enrollment is served here: type ssh -t PROFILE@%s, or ssh -t PROFILE@%s plain",
			at, at)
	case !pty && command == "plain":
		return nil, fmt.Errorf("plain needs a terminal, or what you type would be shown, passwords too: "+
			"type ssh -t PROFILE@%s plain", at)
	case !pty:
		return nil, fmt.Errorf("this needs a terminal: type ssh -t PROFILE@%s", at)
	case place == nil:
		return nil, fmt.Errorf("there is no profile %q here: type ssh PROFILE@%s with one of %s",
			shortened(v.profile, 64), at, strings.Join(s.names(), ", "))
	default:
		return place, nil
	}
}

// refuse says why there is no session.
func (v *visit) refuse(why error) {
	defer time.AfterFunc(closeWithin, v.cut).Stop()
	fmt.Fprintf(v.session.Stderr(), "cognito-enroll: %s\n", why)
}

// lead leads somebody through the enrollment.
func (v *visit) lead(ctx context.Context, end context.CancelCauseFunc, p *place, w *watched) (last flow.State,
	err error) {
	last = flow.Start(flow.Options{})
	typed := newKeys(ctx, v.session, func(why error) {
		switch {
		case errors.Is(why, errFlood):
			v.server.warn("flood", "a session sent more than anybody types")
			end(errTooMuch)
		case why != nil:
			end(errCut)
		}
	})
	var running sync.WaitGroup
	defer running.Wait()
	defer end(errOver)
	defer func() {
		if recover() != nil {
			end(errPanic)
			err = errPanic
		}
	}()
	running.Go(func() { v.clock(end).run(ctx) })
	running.Go(func() { v.tellSizes(ctx) })

	t := v.terminal(ctx, typed, end)
	f := front.New(t)
	f.Wording, f.Pace = ui.Served, pace
	if v.lines {
		f.Mode = front.Lines
	}
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	f.Appearance.AddTo(flags)
	job, stop, err := p.open(flags, v.lines)
	if err != nil {
		return last, err
	}
	defer stop()
	job.Start = flow.Start(v.welcome(p, job.options))
	w.Pool = job.Pool
	last = job.Start // also after a panic
	last, err = f.Run(ctx, front.Job{Start: job.Start, Pool: w, Phone: job.Phone})
	if errors.Is(err, tea.ErrProgramPanic) {
		end(errPanic)
	}
	return last, err
}

// cells is the Size of the visitor's Terminal.
func (v *visit) cells() (columns, rows int) { return v.size.columns, v.size.rows }

// terminal is the visitor's.
func (v *visit) terminal(ctx context.Context, typed *keys, end context.CancelCauseFunc) *terminal.Terminal {
	if !v.lines {
		v.environ = append(v.environ, "LC_ALL="+v.locale(typed))
	}
	t := &terminal.Terminal{
		In: typist{typed}, Out: v.session, Err: v.session, OutKind: terminal.Screen, Environ: v.environ,
		Size:    v.cells,
		Resizes: v.resizes, Notices: v.notices, May: terminal.May{Clipboard: true},
	}
	if v.lines {
		t.In = newLiner(counted{typed, v, end}, v.session, v.size)
		return t
	}
	t.Keys = terminal.Keys(ctx, typed, t.Getenv("TERM"))
	t.Pressed = func(suspend bool) {
		v.press()
		if suspend {
			end(errSuspend)
		}
	}
	return t
}

// clock is that of this session.
func (v *visit) clock(end context.CancelCauseFunc) clock {
	s := v.server
	return clock{
		idle: s.Idle, longest: s.Longest, drain: s.Drain, draining: s.draining, drained: s.drained,
		pressed: v.pressed, notice: v.notice, end: func(why error) { end(why) },
	}
}

// welcome adds to what the first screen says where this is.
func (v *visit) welcome(p *place, o flow.Options) flow.Options {
	here := flow.Fill("This is {host}, profile {profile}: {pool}.",
		"host", v.server.Name, "profile", p.name, "pool", p.pool)
	o.Welcome = strings.TrimSpace(here + " Whoever runs this host could read what you type.\n" + o.Welcome)
	o.To.Source = flow.Fill("{host}, profile {profile}", "host", v.server.Name, "profile", p.name)
	return o
}

// press notes a key.
func (v *visit) press() {
	select {
	case v.pressed <- struct{}{}:
	default:
	}
}

// notice shows a sentence: on screens as long as it holds, among lines once.
func (v *visit) notice(text string) {
	if v.lines {
		if text != "" {
			go fmt.Fprintf(v.session, "\nNote: %s\n", text) // which may block
		}
		return
	}
	select {
	case v.notices <- text:
	case <-v.session.Context().Done():
	case <-time.After(time.Second): // nothing is shown yet, or not any more
	}
}

// tellSizes tells the program of each size, as often as anybody can see.
func (v *visit) tellSizes(ctx context.Context) {
	const pause = 50 * time.Millisecond
	for {
		select {
		case <-v.door.changed:
		case <-ctx.Done():
			return
		}
		_, now, _ := v.door.terminal()
		select {
		case v.resizes <- tea.WindowSizeMsg{Width: now.columns, Height: now.rows}:
		case <-ctx.Done():
			return
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return
		}
	}
}

// locale asks the terminal whether it shows a character of UTF-8 in one cell. SSH sends the locale of the other side
// seldom, and a terminal knows better. Inside of tmux or screen it is the multiplexer who answers, so there a locale
// that was sent counts as well. Whoever does not answer has the locale that was sent.
func (v *visit) locale(k *keys) string {
	sent := terminal.Terminal{Environ: v.environ}
	io.WriteString(v.session, "\r"+ui.AskUTF8)
	column, answered := k.answer(answerWithin)
	io.WriteString(v.session, "\r"+ansi.EraseLineRight)
	name := sent.Getenv("TERM")
	multiplexed := strings.HasPrefix(name, "tmux") || strings.HasPrefix(name, "screen")
	utf8 := sent.UTF8()
	if answered {
		utf8 = column == "2" && (utf8 || !multiplexed)
	}
	if utf8 {
		return "C.UTF-8"
	}
	return "C"
}

// farewell says how a session ended, if nothing has said it, and what is true now.
func (v *visit) farewell(cause, err error) {
	why, _ := errors.AsType[*ending](cause)
	if why == errCut || cause != nil && why == nil { // nobody is there
		return
	}
	run, _ := errors.AsType[*exit.Unfinished](err)
	var said []string
	switch {
	case why != nil:
		said = append(said, why.words)
	case err == nil || run != nil && run.Shown:
	case run != nil && run.Problem != nil:
		said = append(said, ui.Sentence(run.Problem.Msg))
		if hint := ui.Served.Hint(run.Problem); hint != "" {
			said = append(said, ui.Sentence(hint))
		}
	case errors.Is(err, ui.ErrCanceled) || run != nil:
		said = append(said, errLeft.words)
	case err != nil:
		said = append(said, ui.Sentence(err.Error()))
	}
	if run != nil && run.Standing != "" && !run.Shown {
		said = append(said, run.Standing)
	}
	text := strings.Join(said, "\n")
	if v.lines && why != nil {
		text = "\n" + text
	}
	if text != "" {
		on := terminal.Terminal{Out: v.session, OutKind: terminal.Screen, Size: v.cells}
		fmt.Fprintln(on.Text(), text)
	}
}

// counted is what is typed into lines, with the keys that a terminal device would have taken.
type counted struct {
	io.Reader
	visit *visit
	end   context.CancelCauseFunc
}

// Read implements io.Reader.
func (c counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	if n > 0 {
		c.visit.press()
	}
	for _, b := range p[:n] {
		switch b {
		case 'C' - '@', 'D' - '@':
			c.end(errLeft)
		case 'Z' - '@':
			c.end(errSuspend)
		}
	}
	return n, err
}
