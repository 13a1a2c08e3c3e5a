package terminal

import (
	"context"
	"errors"
	"io"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"cognito-enroll/flow"
	"cognito-enroll/ui"
)

// Answers are those of the terminal itself.
type Answers struct {
	Background string     // "dark", "light" or "unknown"
	UTF8       flow.Known // it takes that; asked only where Facts.TellsUTF8
}

// Ask asks the terminal for its background color (OSC 11), and for UTF-8 if askUTF8. Every terminal answers the
// question for the cursor's position, and in turn: after that answer nothing is to come any more that could be taken
// for input. Whoever presses ctrl+c before waits for it, three seconds at most, or presses it again. Its error is
// ui.ErrCanceled.
func (t *Terminal) Ask(ctx context.Context, askUTF8 bool) (Answers, error) {
	none := Answers{Background: "unknown"}
	if name := t.Getenv("TERM"); !t.Interactive() || name == "" || name == "dumb" {
		return none, nil
	}
	ctx, stop := t.UntilInterrupted(ctx, Leave{Person: true})
	defer stop()
	if t.Raw != nil {
		restore, err := t.Raw() // without a renderer Bubble Tea leaves the terminal alone
		if err != nil {
			return none, nil
		}
		defer restore()
	}
	options, err := t.Options()
	if err != nil {
		return none, nil
	}
	options = append(options, tea.WithContext(ctx), tea.WithoutRenderer())
	last, err := tea.NewProgram(probe{answers: none, askUTF8: askUTF8, out: t.Out}, options...).Run()
	switch {
	case errors.Is(err, tea.ErrInterrupted), ctx.Err() != nil, err == nil && last.(probe).left:
		return none, ui.ErrCanceled
	case err != nil:
		return none, nil
	}
	return last.(probe).answers, nil
}

// probe is a program that asks, and leaves nothing on the screen.
type probe struct {
	answers Answers
	askUTF8 bool
	left    bool // ctrl+c was pressed
	out     io.Writer
}

type timeUp struct{}

func (p probe) Init() tea.Cmd {
	last := ansi.RequestCursorPositionReport
	if p.askUTF8 {
		last = "\r" + ui.AskUTF8 + "\r" + ansi.EraseLineRight
	}
	ask := func() tea.Msg { // tea.Raw would wait for the renderer
		io.WriteString(p.out, ansi.RequestBackgroundColor+last)
		return nil
	}
	return tea.Batch(ask, tea.Tick(ui.AnswersOwed, func(time.Time) tea.Msg { return timeUp{} }))
}

func (p probe) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.BackgroundColorMsg:
		p.answers.Background = "light"
		if msg.IsDark() {
			p.answers.Background = "dark"
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
	case tea.CursorPositionMsg:
		switch {
		case p.askUTF8 && msg.X == 1:
			p.answers.UTF8 = flow.Yes
		case p.askUTF8:
			p.answers.UTF8 = flow.No
		}
		return p, tea.Quit
	case timeUp:
		return p, tea.Quit
	}
	return p, nil
}

func (p probe) View() tea.View { return tea.View{} }
