// Package wizard is the full-screen front end: a Bubble Tea model that shows what a flow.State asks
// and answers with what the person types. It knows no protocol; a screen is chosen by the shape of
// the Ask.
package wizard

import (
	"context"
	"errors"
	"slices"
	"time"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/spinner"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"

	"cognito-enroll/flow"
	"cognito-enroll/ui"
	"cognito-enroll/ui/qrcode"
)

// Config is what a wizard needs. Only Start and Pool are required.
type Config struct {
	Start flow.State
	Pool  ui.Pool
	Phone ui.Phone         // nil outside of demo; a Companion does more
	Now   func() time.Time // nil is time.Now
	Pace  time.Duration    // how often what counts down moves; 0 is each second. A frame is drawn for it

	// Scenarios are what the person chooses from instead of Start, if there are any. Of one alone there is no choice.
	Scenarios []Scenario

	Wording ui.Wording // of what to do about problems

	QR     qrcode.Style             // "" is Auto; where it draws nothing, Auto does
	Only   bool                     // QR is drawn or nothing, with the reason, until the person chooses another
	Invert bool                     // light on dark
	Keep   func(qrcode.Style, bool) // told when the person changes the two; may be nil

	Theme       Theme // "" is Auto
	Background  Theme // Dark or Light until the terminal tells, if it does; "" if nothing is known of it
	ASCII       bool  // the terminal shows no other characters, as far as is known
	AskUTF8     bool  // the terminal knows better, and is asked
	TmuxASCII   bool  // with ASCII: tmux tells that it was attached without UTF-8
	Multiplexer Multiplexer
	Cover       bool   // the key is covered until a key is pressed, on focus loss and after a minute
	Recorded    string // what seems to record this session; warned of

	Suspend   bool // ctrl+z stops the program's whole process group, so nobody else may be in it
	Clipboard bool // the terminal may be asked to copy the key
	// Keys is what is typed at a terminal that no file stands for, with its answers, and Resizes its size when that
	// changes. Nil has none: then Bubble Tea itself reads.
	Keys    <-chan tea.Msg
	Resizes <-chan tea.WindowSizeMsg
	// Notices are sentences of whoever runs this for somebody else. Each takes the place of the one before, and ""
	// takes it away. Nil has none.
	Notices <-chan string

	// Save is given each key, for a copy outside of the terminal, and says what came of it in a
	// sentence. Nil saves nothing.
	Save func(flow.Enroll) string
	// KeyTo gets the key URI when the person presses a key on the scan screen. Nil is nobody.
	KeyTo *Recipient
}

// Run shows the wizard until the flow is finished and the person closes it. The State returned is
// the last one; with ui.ErrCanceled its Ask's Standing says what is true now. The terminal is restored
// in every case, and nothing stays on the screen: when ctx ends, the last frame is empty.
func Run(ctx context.Context, c Config, options ...tea.ProgramOption) (flow.State, error) {
	killed, kill := context.WithCancel(context.WithoutCancel(ctx))
	defer kill()
	options = append([]tea.ProgramOption{tea.WithContext(killed), tea.WithFPS(30)}, options...)
	model := New(ctx, c)
	model.owed.since = time.Now()
	program := tea.NewProgram(model, options...)
	done := make(chan struct{})
	defer close(done)
	defer context.AfterFunc(ctx, func() {
		time.AfterFunc(lastFrame, kill)
		program.Send(ended{})
	})()
	go pass(c.Keys, done, program.Send)
	go pass(c.Resizes, done, func(size tea.WindowSizeMsg) { program.Send(size) })
	go pass(c.Notices, done, func(text string) { program.Send(notice(text)) })
	last, err := program.Run()
	m, ok := last.(Model)
	if !ok {
		m.state = c.Start
	}
	switch {
	case errors.Is(err, tea.ErrProgramPanic):
		return m.state, err
	case m.state.Ask().Phase == flow.Finished:
		return m.state, nil // however the last screen was left
	case errors.Is(err, tea.ErrInterrupted), errors.Is(err, context.Canceled), ctx.Err() != nil:
		return m.state, ui.ErrCanceled
	case err != nil:
		return m.state, err
	case m.err != nil:
		return m.state, m.err
	}
	return m.state, ui.ErrCanceled
}

// pass sends what comes until done is closed.
func pass[T any](from <-chan T, done <-chan struct{}, send func(T)) {
	for {
		select {
		case what, ok := <-from:
			if !ok {
				return
			}
			send(what)
		case <-done:
			return
		}
	}
}

// Model is the root and the only tea.Model. It owns the flow's State, makes its calls one at a time
// and hands everything else to the screen.
type Model struct {
	ctx   context.Context
	pool  ui.Pool
	phone ui.Phone
	now   func() time.Time

	ascii       bool
	asksUTF8    bool // the terminal, which has not answered yet
	doubtful    bool // ascii is what the environment says, and not the terminal
	tmux        bool // tells that it was attached without UTF-8
	guessed     bool // the environment tells what the background is, and the terminal does not
	inks        inks
	graphics    bool // the terminal tells that it shows Sixel
	cell        qrcode.Cell
	wording     ui.Wording
	multiplexer Multiplexer
	recorded    string
	suspend     bool
	save        func(flow.Enroll) string
	recipient   *Recipient

	scenarios []Scenario
	opening   *opening // is on the screen while a scenario is chosen
	first     tea.Cmd  // of the scenario that began at once
	fault     string   // what was made to go wrong next

	state   flow.State
	ask     flow.Ask // of the state: to make one takes a while
	screen  screen
	display display
	picture *picture
	sends   int  // of the graphic, still to come
	call    int  // number of the call under way; a reply to another is dropped
	typed   int  // number of the code that was complete last,
	pending bool // and it is about to go by itself
	working spinner.Model
	calling bool // the phone is in the hand
	time    time.Time
	pace    time.Duration

	width, height int
	palette       palette

	asksBackground bool // the terminal, when the wizard begins
	quitting       bool
	wiping         bool // a frame is drawn that wipes the key out of Bubble Tea's buffers
	owed           answers
	notice         string
	more           int   // how often somebody asked for the keys that there was no room for
	err            error // a bug: flow refused an event of ours
}

// New returns the wizard as a model; most callers want Run.
func New(ctx context.Context, c Config) Model {
	m := Model{
		ctx: ctx, pool: c.Pool, phone: c.Phone, now: c.Now, state: c.Start, ask: c.Start.Ask(), pace: c.Pace,
		ascii: c.ASCII, asksUTF8: c.AskUTF8, doubtful: c.ASCII, tmux: c.TmuxASCII, multiplexer: c.Multiplexer,
		recorded: c.Recorded, save: c.Save, recipient: c.KeyTo, picture: &picture{},
		suspend: c.Suspend, wording: c.Wording,
		display: display{style: c.QR, asked: c.Only, invert: c.Invert, keep: c.Keep, cover: c.Cover},
	}
	if c.Clipboard {
		m.display.clipboard = untouched
	}
	if m.pace == 0 {
		m.pace = time.Second
	}
	if m.now == nil {
		m.now = time.Now
	}
	m.time = m.now()
	given := c.Theme
	if m.asksBackground = given != Dark && given != Light; m.asksBackground {
		given = c.Background
	}
	m.guessed = m.asksBackground && given != ""
	m.palette = newPalette(map[Theme]background{Dark: dark, Light: light}[given], colorprofile.TrueColor)
	m.screen = newScreen(m.accompanied(m.ask), m.palette, m.width)
	m.working = spinner.New(spinner.WithSpinner(spinner.MiniDot))
	if c.ASCII {
		m.working.Spinner = spinner.Line
	}
	if m.scenarios = c.Scenarios; len(m.scenarios) > 0 {
		m.opening = newOpening(m.scenarios)
	}
	if len(m.scenarios) == 1 {
		m, m.first = m.begin(0)
	}
	return m
}

// begin leaves the opening for a scenario.
func (m Model) begin(i int) (Model, tea.Cmd) {
	state, answer, err := m.scenarios[i].Begin()
	if err != nil {
		m.opening.err = err
		return m, nil
	}
	m.opening, m.state, m.ask, m.fault = nil, state, state.Ask(), ""
	m.screen = newScreen(m.accompanied(m.ask), m.palette, m.width)
	answer.At = m.now()
	next, cmd := m.next(answer)
	return next.(Model), cmd
}

// leads reports whether esc leads back to the choice of a scenario.
func (m Model) leads(a flow.Ask) bool {
	return len(m.scenarios) > 1 && a.Phase != flow.Working && !a.CanBack
}

// State is where the run is.
func (m Model) State() flow.State { return m.state }

// Init asks for the background color; the answer may never come, so nothing waits for it.
func (m Model) Init() tea.Cmd {
	if !m.asksBackground {
		return tea.Batch(m.first, m.tick(), askLast())
	}
	return tea.Batch(m.first, tea.RequestBackgroundColor, m.tick(), askLast())
}

type ticked time.Time

func (m Model) tick() tea.Cmd {
	return tea.Tick(m.pace, func(t time.Time) tea.Msg { return ticked(t) })
}

// replied is the result of a call, numbered.
type replied struct {
	call  int
	event flow.Event
}

// saved is what Save said of the key.
type saved string

// Update implements tea.Model. Bubble Tea does not know of graphics: one that is to go must be wiped, and
// one that is to be there is sent when the cells around it have been drawn, which is by the tick after
// the next.
func (m Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	before := m.graphic()
	next, cmd := m.update(msg)
	m = next.(Model)
	after := m.graphic()
	switch _, tick := msg.(ticked); {
	case before != "" && after != before:
		m.sends = 2
		return m, tea.Batch(cmd, tea.ClearScreen)
	case after != before:
		m.sends = 2
	case after != "" && tick && m.sends > 0:
		m.sends--
		return m, tea.Batch(cmd, tea.Raw(ansi.SaveCursor+after+ansi.RestoreCursor))
	}
	if _, ok := msg.(tea.WindowSizeMsg); ok {
		m.sends = 2
	}
	return m, cmd
}

// graphic is what lies over the cells now.
func (m Model) graphic() string {
	if m.display.style != qrcode.Sixel || m.ask.Enroll == nil || m.quitting {
		return ""
	}
	_, _, graphic := m.window(m.ask)
	return graphic
}

func (m Model) update(msg tea.Msg) (tea.Model, tea.Cmd) {
	ask := m.ask
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.width, m.height = msg.Width, msg.Height
		m.screen.resize(m.width)
		return m, nil
	case tea.BackgroundColorMsg:
		m.guessed = false
		answer := light
		if msg.IsDark() {
			answer = dark
		}
		return m.restyle(answer, m.palette.profile), nil
	case tea.ColorProfileMsg:
		return m.restyle(m.palette.background, msg.Profile), nil
	case asking, asked, probed, tea.CursorPositionMsg, uv.CellSizeEvent, uv.UnknownOscEvent,
		uv.PrimaryDeviceAttributesEvent, timeUp:
		return m.answered(msg)
	case tea.ResumeMsg:
		m.quitting = false
		return m, askLast() // Bubble Tea asks again as well
	case wiped:
		m.wiping = false
		return m, nil
	case notice:
		m.notice = string(msg)
		return m, nil
	case ended:
		m.quitting = true
		return m, tea.Tick(5*flush, func(time.Time) tea.Msg { return tea.QuitMsg{} })
	case saved:
		m.display.saved = string(msg)
		return m, nil
	case given:
		return m.gave(msg.err)
	case tea.BlurMsg:
		m.display.hidden = m.display.hidden || m.display.cover
		return m, nil
	case ticked:
		m.time = m.now()
		m.display = m.display.rest(m.time)
		return m, m.tick()
	case spinner.TickMsg:
		if ask.Phase != flow.Working {
			return m, nil
		}
		var cmd tea.Cmd
		m.working, cmd = m.working.Update(msg)
		return m, cmd
	case replied:
		if msg.call != m.call {
			return m, nil
		}
		return m.next(msg.event)
	case tea.PasteMsg:
		if ask.Phase != flow.Asking || m.opening != nil {
			return m, nil
		}
	case tea.KeyPressMsg:
		if m.quitting {
			if key.Matches(msg, keyQuit) {
				return m.quit()
			}
			return m, nil
		}
		m.display.touched = m.now()
		if next, cmd, ok := m.press(msg); ok {
			return next, cmd
		}
		if m.pending && msg.Text != "" { // there are digits enough
			return m, nil
		}
	case complete:
		if int(msg) == m.typed && m.pending && !m.quitting {
			return m.answer()
		}
		return m, nil
	}
	return m.input(msg)
}

// reflex is how long a code that is complete waits for the Enter that many people press after it. Without that, it
// would be the answer to the next question, which nobody has read.
const reflex = 500 * time.Millisecond

// complete is sent when the code of this number has waited.
type complete int

// input is for the fields of the screen.
func (m Model) input(msg tea.Msg) (tea.Model, tea.Cmd) {
	scr, answered := m.screen.update(msg)
	m.screen = scr
	press, pressed := msg.(tea.KeyPressMsg)
	_, pasted := msg.(tea.PasteMsg)
	switch {
	case answered && pressed && key.Matches(press, keyEnter):
		return m.answer()
	case answered:
		m.typed, m.pending = m.typed+1, true
		n := m.typed
		return m, tea.Tick(reflex, func(time.Time) tea.Msg { return complete(n) })
	case pressed, pasted:
		m.pending = false
	}
	return m, nil
}

// answer takes what is in the fields for the answer.
func (m Model) answer() (tea.Model, tea.Cmd) {
	answer := m.screen.answer()
	answer.At = m.now()
	return m.next(answer)
}

// press is what a key does, if it is not one for the fields of the screen.
func (m Model) press(msg tea.KeyPressMsg) (next tea.Model, cmd tea.Cmd, ok bool) {
	ask, letters := m.ask, m.screen.letters()
	switch {
	case key.Matches(msg, keyQuit):
		next, cmd = m.leave(tea.Interrupt)
	case key.Matches(msg, keySuspend) && !m.suspend: // others would be stopped with this program
	case key.Matches(msg, keySuspend):
		m.display.hidden = true
		next, cmd = m.leave(tea.Suspend)
	case m.opening != nil:
		if i := m.opening.press(msg); i >= 0 {
			next, cmd = m.begin(i)
		}
	case m.leads(ask) && key.Matches(msg, keyScenes):
		m.call++ // a reply that is still to come is to nobody
		m.opening = newOpening(m.scenarios)
	case ask.Phase == flow.Working: // a key pressed now would answer a question that nobody has seen
	case ask.Phase == flow.Finished:
		next, cmd = m.pressAtEnd(msg)
	case key.Matches(msg, keyMore) && !letters:
		m.more++
	case key.Matches(msg, keyBack) && m.screen.searching(): // shows the whole list again
		return m, nil, false
	case key.Matches(msg, keyBack):
		if ask.CanBack {
			next, cmd = m.next(flow.Back{})
		}
	case key.Matches(msg, keyFault) && m.mayFail(ask) && (msg.Text == "" || !letters):
		m.fault = m.phone.(Companion).Next()
	case key.Matches(msg, keyPhone) && m.hasPhone(ask):
		m.calling, m.time = true, m.now()
	case m.recipient != nil && ask.Enroll != nil && key.Matches(msg, keyGive) && !letters:
		next, cmd = m.give(ask)
	case ask.Enroll != nil && !letters:
		if m.display, cmd, ok = m.display.press(msg, m.frame(ask)); !ok {
			return m, nil, false
		}
	default:
		return m, nil, false
	}
	if next == nil {
		next = m
	}
	return next, cmd, true
}

// pressAtEnd is for a key on the last screen.
func (m Model) pressAtEnd(msg tea.KeyPressMsg) (tea.Model, tea.Cmd) {
	switch {
	case key.Matches(msg, keyTest) && m.ask.CanTestSignIn:
		return m.next(flow.TestSignIn{})
	case key.Matches(msg, keyClear) && m.display.clipboard == holdsKey:
		m.display.clipboard = cleared
		return m, clip(ansi.ResetSystemClipboard, m.multiplexer)
	case key.Matches(msg, keyEnter, keyBack), msg.String() == "q":
		return m.leave(tea.Quit)
	}
	return m, nil
}

// next steps the flow and makes the call that it wants.
func (m Model) next(e flow.Event) (tea.Model, tea.Cmd) {
	before := m.ask
	m.pending = false
	state, call, err := flow.Next(m.state, e)
	if err != nil {
		m.err, m.quitting = err, true
		return m, tea.Quit
	}
	m.state, m.ask, m.time = state, state.Ask(), m.now()
	ui.Tell(m.pool, e, state)
	ask := m.ask
	if call == nil || ask.ID != before.ID {
		m.screen = newScreen(m.accompanied(ask), m.palette, m.width)
	}
	switch e.(type) {
	case flow.Reply, flow.Failed:
		m.fault = ""
	}
	if ask.ID != before.ID {
		m.calling, m.more = false, 0
	}
	var cmd tea.Cmd
	if ask.Enroll != nil && (before.Enroll == nil || before.Enroll.Key != ask.Enroll.Key) {
		m.display = m.display.shown(m.time)
		if save, enroll := m.save, *ask.Enroll; save != nil {
			cmd = func() tea.Msg { return saved(save(enroll)) }
		}
	}
	if before.Enroll != nil && ask.Enroll == nil {
		m.wiping = true
		m.picture.forget()
		cmd = tea.Batch(cmd, tea.Tick(wipes, func(time.Time) tea.Msg { return wiped{} }))
	}
	m.call++
	if call == nil {
		return m, cmd
	}
	n, ctx, pool := m.call, m.ctx, m.pool
	return m, tea.Batch(cmd, m.spin(), func() tea.Msg { return replied{n, pool.Do(ctx, call)} })
}

// spin starts the spinner, if anything may move.
func (m Model) spin() tea.Cmd {
	if m.palette.still() {
		return nil
	}
	return m.working.Tick
}

func (m Model) restyle(b background, profile colorprofile.Profile) Model {
	m.palette = newPalette(b, profile)
	m.screen.restyle(m.palette)
	return m
}

// View implements tea.Model. The last frame is empty: a terminal without an alternate screen would
// keep a QR code in its scrollback.
func (m Model) View() tea.View {
	v := tea.NewView("")
	v.AltScreen = true
	v.WindowTitle = "cognito-enroll"
	v.ReportFocus = m.display.cover
	if m.quitting && m.owed.leave != nil {
		v.SetContent(ui.WaitingForAnswers)
	}
	if m.quitting || m.width < 1 || m.height < 1 {
		return v
	}
	if m.wiping {
		v.SetContent(wipe(m.width, m.height))
		return v
	}
	ask := m.ask
	content, cursor, _ := m.window(ask)
	if m.ascii {
		content = ui.ASCII.Replace(content)
	}
	v.SetContent(content)
	if ask.Phase == flow.Asking {
		v.Cursor = cursor
	}
	return v
}

// window is what is shown, where the cursor stands in it, and what draws a graphic over it.
func (m Model) window(ask flow.Ask) (content string, cursor *tea.Cursor, graphic string) {
	f := m.frame(ask).noticed(m.notice)
	if m.opening != nil {
		return f.window(m.opening.view(f), m.opening.keys(), -1)
	}
	more := m.more
	if m.screen.letters() {
		more = -1
	}
	return f.window(m.screen.view(f), m.keys(f), more)
}

// frame is what the screen is drawn with. The last line is for the keys.
func (m Model) frame(ask flow.Ask) frame {
	f := frame{
		ask: ask, palette: m.palette, columns: m.width, rows: m.height, width: m.width, height: m.height - 1, now: m.time,
		spinner: m.working.View(), phone: m.phoneLine(ask), display: m.display, picture: m.picture, recorded: m.recorded,
		ascii: m.ascii, doubtful: m.doubtful, tmux: m.tmux, guessed: m.guessed, faded: m.inks.faded(),
		graphics: m.graphics, cell: m.cell, wording: m.wording, multiplexer: m.multiplexer,
	}
	if m.palette.still() {
		f.spinner = "*"
	}
	if m.opening != nil {
		f.ask = flow.Ask{Service: "everything stays on this machine"}
		return f
	}
	f.fault = m.fault
	return m.abreast(f)
}

// keys are those that work now, the most important first.
func (m Model) keys(f frame) (keys []key.Binding) {
	add := func(b key.Binding, when bool) {
		if when {
			keys = append(keys, b)
		}
	}
	ask := f.ask
	enter := keyEnter
	enter.SetHelp("enter", m.screen.enter(ask))
	asking := ask.Phase == flow.Asking
	add(enter, ask.Phase != flow.Working && !m.screen.lost())
	add(keyTest, ask.CanTestSignIn)
	add(keyClear, ask.Phase == flow.Finished && m.display.clipboard == holdsKey)
	add(keyMove, asking && m.screen.choosing() && !m.screen.lost())
	add(keyNext, asking && len(ask.Fields) > 1)
	if m.recipient != nil && asking && ask.Enroll != nil {
		give := keyGive
		give.SetHelp("k", "key to "+flow.Printable(m.recipient.Name))
		add(give, true)
	}
	add(keyPhone, m.hasPhone(ask) && !f.abreast)
	add(keyFault, m.mayFail(ask) && !m.screen.letters())
	if asking && ask.Enroll != nil && !m.screen.letters() {
		keys = append(keys, m.display.keys(f)...)
	}
	add(keyAll, asking && m.screen.searching())
	add(keyBack, asking && ask.CanBack && !m.screen.searching())
	add(keyScenes, m.leads(ask))
	add(keyInvert, asking && ask.Enroll != nil && m.display.pictured(f))
	if m.mayFail(ask) && m.screen.letters() {
		fault := keyFault
		fault.SetHelp("ctrl+n", fault.Help().Desc)
		add(fault, true)
	}
	add(keyQuit, ask.Phase != flow.Finished)
	return keys
}

// mayFail reports whether something can be made to go wrong.
func (m Model) mayFail(ask flow.Ask) bool {
	_, ok := m.phone.(Companion)
	return ok && ask.Phase == flow.Asking
}

// hasPhone reports whether a key shows the phone: a code is asked for, and no letters are.
func (m Model) hasPhone(ask flow.Ask) bool {
	code := slices.ContainsFunc(ask.Fields, func(f flow.Field) bool { return f.Kind == flow.Code })
	return m.phone != nil && ask.Phase == flow.Asking && code && !m.screen.letters()
}

func (m Model) phoneLine(ask flow.Ask) string {
	if m.phone == nil || !m.calling || ask.Phase == flow.Finished {
		return ""
	}
	return m.phone.Shows(ask, m.time)
}
