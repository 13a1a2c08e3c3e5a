package main

import (
	"context"
	"errors"
	"io"
	"os"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"

	"cognito-enroll/cmd/cognito-enroll/exit"
)

// look reads what the environment says about the terminal, and asks the terminal itself if stdin and
// stdout are one.
func look(ctx context.Context) (terminalFacts, error) {
	env := os.Environ()
	if !term.IsTerminal(os.Stdin.Fd()) || !term.IsTerminal(os.Stdout.Fd()) {
		return factsOf(env, colorprofile.Env(env)), nil
	}
	f := factsOf(env, colorprofile.Detect(os.Stdout, env)) // as Bubble Tea does
	f.Interactive = true
	if width, height, err := term.GetSize(os.Stdout.Fd()); err == nil {
		f.Columns, f.Rows = width, height
	}
	if os.Getenv("TMUX") != "" && piped(ctx) {
		f.Recorders = append(f.Recorders, "tmux pipe-pane")
	}
	if f.Term == "dumb" || f.Term == "" {
		return f, nil
	}
	var err error
	f.Background, err = background(ctx)
	return f, err
}

// background asks the terminal for its background colour (OSC 11). Every terminal answers the
// question for the cursor's position, and in turn: after that answer nothing is to come any more
// that could be taken for input.
func background(ctx context.Context) (string, error) {
	raw, err := term.MakeRaw(os.Stdin.Fd()) // without a renderer Bubble Tea leaves the terminal alone
	if err != nil {
		return "unknown", nil
	}
	defer term.Restore(os.Stdin.Fd(), raw)
	p := tea.NewProgram(probe{answer: "unknown"}, tea.WithContext(ctx), tea.WithoutRenderer())
	last, err := p.Run()
	switch {
	case errors.Is(err, tea.ErrInterrupted):
		return "", &exit.Unfinished{}
	case err != nil:
		return "unknown", nil
	}
	return last.(probe).answer, nil
}

// probe is a program that asks, and draws nothing.
type probe struct{ answer string }

type timeUp struct{}

func (p probe) Init() tea.Cmd {
	ask := func() tea.Msg { // tea.Raw would wait for the renderer
		io.WriteString(os.Stdout, ansi.RequestBackgroundColor+ansi.RequestCursorPositionReport)
		return nil
	}
	return tea.Batch(ask, tea.Tick(2*time.Second, func(time.Time) tea.Msg { return timeUp{} }))
}

func (p probe) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.BackgroundColorMsg:
		p.answer = "light"
		if msg.IsDark() {
			p.answer = "dark"
		}
	case tea.KeyPressMsg:
		if msg.String() == "ctrl+c" {
			return p, tea.Interrupt
		}
	case tea.CursorPositionMsg, timeUp:
		return p, tea.Quit
	}
	return p, nil
}

func (p probe) View() tea.View { return tea.View{} }
