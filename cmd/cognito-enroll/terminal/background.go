package terminal

import (
	"context"
	"errors"
	"io"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"cognito-enroll/ui"
)

// Background asks the terminal for its background color (OSC 11), and returns "dark", "light" or "unknown".
// Every terminal answers the question for the cursor's position, and in turn: after that answer nothing is
// to come any more that could be taken for input. Whoever presses ctrl+c before waits for it, three seconds at
// most, or presses it again. Its error is ui.ErrCancelled.
func (t *Terminal) Background(ctx context.Context) (string, error) {
	if name := t.Getenv("TERM"); !t.Interactive() || name == "" || name == "dumb" {
		return "unknown", nil
	}
	ctx, stop := t.UntilInterrupted(ctx, Leave{Person: true})
	defer stop()
	if t.Raw != nil {
		restore, err := t.Raw() // without a renderer Bubble Tea leaves the terminal alone
		if err != nil {
			return "unknown", nil
		}
		defer restore()
	}
	options, err := t.Options()
	if err != nil {
		return "unknown", nil
	}
	options = append(options, tea.WithContext(ctx), tea.WithoutRenderer())
	last, err := tea.NewProgram(probe{answer: "unknown", out: t.Out}, options...).Run()
	switch {
	case errors.Is(err, tea.ErrInterrupted), ctx.Err() != nil, err == nil && last.(probe).left:
		return "", ui.ErrCancelled
	case err != nil:
		return "unknown", nil
	}
	return last.(probe).answer, nil
}

// probe is a program that asks, and draws nothing.
type probe struct {
	answer string
	left   bool // ctrl+c was pressed
	out    io.Writer
}

type timeUp struct{}

func (p probe) Init() tea.Cmd {
	ask := func() tea.Msg { // tea.Raw would wait for the renderer
		io.WriteString(p.out, ansi.RequestBackgroundColor+ansi.RequestCursorPositionReport)
		return nil
	}
	return tea.Batch(ask, tea.Tick(ui.AnswersOwed, func(time.Time) tea.Msg { return timeUp{} }))
}

func (p probe) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.BackgroundColorMsg:
		p.answer = "light"
		if msg.IsDark() {
			p.answer = "dark"
		}
	case tea.KeyPressMsg:
		switch {
		case msg.String() == "ctrl+c" && p.left:
			return p, tea.Interrupt
		case msg.String() == "ctrl+c":
			p.left = true
			out := p.out
			return p, func() tea.Msg {
				io.WriteString(out, ui.WaitingForAnswers+"\r\n")
				return nil
			}
		}
	case tea.CursorPositionMsg, timeUp:
		return p, tea.Quit
	}
	return p, nil
}

func (p probe) View() tea.View { return tea.View{} }
