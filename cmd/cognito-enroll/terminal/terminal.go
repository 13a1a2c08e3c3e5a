// Package terminal is the place where a run converses: its streams, its size, what is known of it, and what
// a run may do there. Package main makes one of the process; a session that is served gets one of its own.
//
// Below package main nothing asks the process itself: not for its streams, its environment, its signals or
// what it runs under. A test holds that.
package terminal

import (
	"bufio"
	"context"
	"errors"
	"io"
	"io/fs"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"cognito-enroll/ui/plain"
)

// Terminal is one such place. Only In, Out and Err are required.
type Terminal struct {
	In      io.Reader // a plain.Keyboard if somebody types
	Out     io.Writer
	Err     io.Writer // for what is neither asked nor answered
	OutKind Kind
	ErrKind Kind
	Environ []string // as NAME=value, of whoever sits there; the last one of a name counts

	Size    func() (columns, rows int)         // of Out, in cells; 0 and 0 if it does not tell
	ErrSize func() (columns, rows int)         // of Err; nil if it is that of Out
	Resizes <-chan tea.WindowSizeMsg           // when Size changes; nil if Out is a file that tells Bubble Tea itself
	Keys    <-chan tea.Msg                     // for screens, instead of In; nil if Bubble Tea reads In itself
	Notices <-chan string                      // as those of a wizard.Config
	Raw     func() (restore func(), err error) // makes In give each key at once and unechoed; nil if it does

	// OpenKeyboard opens where somebody types when In leads elsewhere; nil if that is nowhere.
	OpenKeyboard func() (plain.Keyboard, error)
	// Interrupts returns a context that ends when the process is told to end, which it does some seconds later
	// in any case; nil if a run ends with its own context alone.
	Interrupts func(context.Context, Leave) (context.Context, context.CancelFunc)
	// Find returns why a program of this machine cannot be run: an fs.ErrPermission, a syscall.EISDIR, or that it is not
	// there; nil if there are none.
	Find func(name string) error
	// Run runs one with its arguments, which reads input and may ask the terminal itself. What it writes goes nowhere,
	// and the first key that interrupts is its own; the second kills it. Unread is how many bytes of input it left.
	// The modes of the terminal are then as before. nil if there are none.
	Run func(ctx context.Context, args []string, input string) (unread int64, err error)

	Ancestors func() []string            // the names of the programs that it runs under, the nearest first; nil for none
	Tmux      func(context.Context) Tmux // asks it, inside of one; nil where there is nobody to ask

	// Pressed is told when a key was pressed on screens or something was pasted, and whether the key was ctrl+z; nil
	// tells nobody.
	Pressed func(suspend bool)

	// Trusted reports whether a file's owner is whoever sits there, or root; nil trusts every one.
	Trusted func(fs.FileInfo) bool
	Folders Folders
	May     May

	in   *bufio.Reader
	data bool // In has something else than answers
}

// Leave says how to leave a run.
type Leave struct {
	Person bool          // somebody is led through it: it ends with the program that started this one
	Reset  string        // what restores the terminal if the run does not come to it
	Grace  time.Duration // how long it may take to end; at least some seconds
	Left   func()        // takes away what must not stay if the run does not come to it; nil for nothing
}

// Kind is what Out leads to.
type Kind int

const (
	Pipe   Kind = iota // a program, or what is none of the others
	Screen             // a terminal
	File
)

// Folders are those of whoever sits there, "" where there is none.
type Folders struct {
	Home     string // what ~ stands for
	Work     string // the current one
	Settings string // of this program
	Cache    string // of this program: a backup leaves it out
}

// May is what a run may do beside asking and showing. By default it may do nothing.
type May struct {
	Suspend   bool // stop the process group: nobody else is in this process
	Files     bool // open and write files of the machine that it runs on
	Memory    bool // keep for the next run how the person likes the QR code
	Clipboard bool // ask the terminal to copy the key
}

// Getenv returns the value of a variable, "" if there is none.
func (t *Terminal) Getenv(name string) string {
	return getenv(t.Environ)(name)
}

func getenv(environ []string) func(string) string {
	values := map[string]string{}
	for _, variable := range environ {
		name, value, _ := strings.Cut(variable, "=")
		values[name] = value
	}
	return func(name string) string { return values[name] }
}

// Interactive reports whether somebody types into In and looks at Out.
func (t *Terminal) Interactive() bool { return t.Typed() && t.OutKind == Screen }

// Typed reports whether somebody types into In.
func (t *Terminal) Typed() bool {
	_, ok := t.In.(plain.Keyboard)
	return ok
}

// CanAsk reports whether somebody can type: into In, or elsewhere after Data.
func (t *Terminal) CanAsk() bool { return t.Typed() || t.data }

// Lines are In's.
func (t *Terminal) Lines() *bufio.Reader {
	if t.in == nil {
		t.in = bufio.NewReader(t.In)
	}
	return t.in
}

// Data are the lines of In for something else than answers. Whoever answers at a terminal types elsewhere
// from then on.
func (t *Terminal) Data() *bufio.Reader {
	t.data = true
	return t.Lines()
}

// Input is where the answers come from, line by line.
func (t *Terminal) Input() plain.Input {
	if t.data && t.OutKind == Screen && t.OpenKeyboard != nil {
		if k, err := t.OpenKeyboard(); err == nil {
			return plain.Typed(k)
		}
	}
	if k, ok := t.In.(plain.Keyboard); ok {
		return plain.Typed(k)
	}
	return plain.Pipe(t.Lines())
}

// Options let Bubble Tea run here.
func (t *Terminal) Options() ([]tea.ProgramOption, error) {
	in := t.In
	switch {
	case t.Keys != nil:
		in = strings.NewReader("") // and not nil: then Bubble Tea asks the terminal nothing, for lack of answers
	case !t.Typed():
		if t.OpenKeyboard == nil {
			return nil, errors.New("there is no keyboard")
		}
		k, err := t.OpenKeyboard()
		if err != nil {
			return nil, err
		}
		in = k
	}
	options := []tea.ProgramOption{tea.WithInput(erased(in)), tea.WithOutput(t.Out), tea.WithEnvironment(t.Environ),
		tea.WithoutSignalHandler()} // Interrupts ends the context
	if t.Pressed != nil {
		options = append(options, tea.WithFilter(t.pressed))
	}
	if columns, rows := t.Cells(); columns > 0 {
		options = append(options, tea.WithWindowSize(columns, rows))
	}
	return options, nil
}

// pressed is a filter for Bubble Tea that lets everything pass.
func (t *Terminal) pressed(_ tea.Model, msg tea.Msg) tea.Msg {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		t.Pressed(msg.Code == 'z' && msg.Mod == tea.ModCtrl)
	case tea.PasteMsg:
		t.Pressed(false)
	}
	return msg
}

// Cells returns the size of Out, 0 and 0 if it does not tell.
func (t *Terminal) Cells() (columns, rows int) {
	if t.Size == nil {
		return 0, 0
	}
	return t.Size()
}

// Columns is how wide Out is for sentences: 0, which is any width, where it is no terminal or does not tell.
func (t *Terminal) Columns() int {
	if t.OutKind != Screen {
		return 0
	}
	columns, _ := t.Cells()
	return columns
}

// UntilInterrupted returns a context that also ends when the process is told to end. Until stop is called, the process
// then waits for what it is about. Whoever has something to take away calls stop after that: once there is nothing to
// wait for, the process ends where it is.
func (t *Terminal) UntilInterrupted(ctx context.Context, leave Leave) (_ context.Context, stop context.CancelFunc) {
	interrupts := t.Interrupts
	if interrupts == nil {
		interrupts = func(ctx context.Context, _ Leave) (context.Context, context.CancelFunc) {
			return context.WithCancel(ctx)
		}
	}
	return interrupts(ctx, leave)
}
