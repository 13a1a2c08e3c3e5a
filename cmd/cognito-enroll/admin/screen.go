package admin

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"cognito-enroll/cognito"
	"cognito-enroll/flow"
	"cognito-enroll/ui"
)

// searchPause is how long nobody types before a search begins: no more than one request in that time.
const searchPause = 300 * time.Millisecond

// attributes are what one searches by. Cognito searches by one at a time.
var attributes = []struct{ name, label string }{{"username", "username"}, {"email", "email"}, {"sub", "sub"}}

// verbs are what can be chosen for a user.
var verbs = []struct {
	key         rune
	name, label string
}{
	{'r', "reset", "Reset: delete the authenticator of a lost phone"},
	{'i', "invite", "Invite: print what to send, to set an app up"},
	{'w', "watch", "Watch: see how far the user is"},
}

// The colors of the wizard for a background that is not known.
var (
	titleStyle  = lipgloss.NewStyle().Bold(true)
	accentStyle = lipgloss.NewStyle().Foreground(lipgloss.Color("#007CBA")).Bold(true)
	faintStyle  = lipgloss.NewStyle().Foreground(lipgloss.Color("#757575"))
	badStyle    = lipgloss.NewStyle().Foreground(lipgloss.Color("#E12B2B"))
)

// finder is the screen: a search as one types, the state of one user, and what to do.
type finder struct {
	ctx   context.Context
	desk  *desk
	input textinput.Model
	by    int // of attributes

	typed   int  // counts changes of what is searched for
	busy    bool // a request is under way
	stale   bool // what is searched for has changed since
	users   []cognito.User
	more    bool
	at      int // of users
	problem string

	user *cognito.User // whose state is shown
	verb int           // of verbs
	done string        // the name of the verb that was chosen

	width, height int
}

type (
	pauseOver  struct{ typed int }
	foundUsers struct {
		page    cognito.Users
		outcome cognito.Outcome
	}
	sawUser struct {
		user    cognito.User
		outcome cognito.Outcome
	}
)

func newFinder(ctx context.Context, d *desk) *finder {
	f := &finder{ctx: ctx, desk: d, input: textinput.New(), width: 80, height: 24}
	f.input.Prompt = ""
	f.input.CharLimit = 128
	styles := textinput.DefaultStyles(true)
	styles.Cursor.Blink = false
	styles.Focused.Text = lipgloss.NewStyle()
	f.input.SetStyles(styles)
	f.input.Focus()
	return f
}

// choose shows the screen, and returns the verb and the user that were chosen.
func (d *desk) choose(ctx context.Context) (verb, username string, err error) {
	options, err := d.terminal.Options()
	if err != nil {
		return "", "", err
	}
	last, err := tea.NewProgram(newFinder(ctx, d), append(options, tea.WithContext(ctx))...).Run()
	f, ok := last.(*finder)
	switch {
	case ctx.Err() != nil || err == nil && (!ok || f.done == ""):
		return "", "", ui.ErrCanceled
	case err != nil:
		return "", "", err
	}
	return f.done, f.user.Username, nil
}

// Init implements tea.Model: the first users are listed unasked.
func (f *finder) Init() tea.Cmd { return f.search() }

// changed notes that something else is searched for.
func (f *finder) changed() tea.Cmd {
	f.typed++
	typed := f.typed
	return tea.Tick(searchPause, func(time.Time) tea.Msg { return pauseOver{typed} })
}

// search makes the request for what is typed. While one is under way there is no other.
func (f *finder) search() tea.Cmd {
	if f.busy {
		f.stale = true
		return nil
	}
	f.busy, f.stale = true, false
	var filter cognito.Filter
	if text := strings.TrimSpace(f.input.Value()); text != "" {
		filter = cognito.Filter{Attribute: attributes[f.by].name, Value: text, Prefix: true}
	}
	return func() tea.Msg {
		page, o := f.desk.Users(f.ctx, filter, "", mostListed)
		return foundUsers{page, o}
	}
}

// mostListed is how many users are shown; whoever is not among them is found by typing more.
const mostListed = 10

func (f *finder) see(username string) tea.Cmd {
	f.busy = true
	return func() tea.Msg {
		u, o := f.desk.User(f.ctx, username)
		return sawUser{u, o}
	}
}

// Update implements tea.Model.
func (f *finder) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		f.width, f.height = msg.Width, msg.Height
		return f, nil
	case pauseOver:
		if msg.typed == f.typed && f.user == nil {
			return f, f.search()
		}
		return f, nil
	case foundUsers:
		f.busy, f.problem = false, ""
		if msg.outcome.Err != nil {
			f.problem = ui.CommandLine.Hint(msg.outcome.Err)
			f.problem = strings.TrimSuffix(msg.outcome.Err.Msg+"; "+f.problem, "; ")
		}
		f.users, f.more, f.at = msg.page.Users, msg.page.Next != "", 0
		if f.stale {
			return f, f.changed()
		}
		return f, nil
	case sawUser:
		f.busy, f.problem = false, ""
		if msg.outcome.Err != nil {
			f.problem = msg.outcome.Err.Msg
			return f, nil
		}
		f.user, f.verb = &msg.user, 0
		return f, nil
	case tea.KeyPressMsg:
		if msg.String() == "ctrl+c" {
			return f, tea.Quit
		}
		if f.user != nil {
			return f.choosing(msg)
		}
		return f.searching(msg)
	case tea.PasteMsg:
		if f.user != nil {
			return f, nil
		}
	}
	return f, f.edit(msg)
}

// edit gives the field what is typed. It has no line breaks and nothing that cannot be seen.
func (f *finder) edit(msg tea.Msg) tea.Cmd {
	before := f.input.Value()
	var cmd tea.Cmd
	f.input, cmd = f.input.Update(msg)
	if clean := strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return -1
	}, f.input.Value()); clean != f.input.Value() {
		f.input.SetValue(clean)
	}
	if f.input.Value() == before {
		return cmd
	}
	if strings.Contains(f.input.Value(), "@") && f.by == 0 { // usernames have one seldom
		f.by = 1
	}
	return tea.Batch(cmd, f.changed())
}

func (f *finder) searching(msg tea.KeyPressMsg) (tea.Model, tea.Cmd) {
	switch msg.String() {
	case "esc":
		return f, tea.Quit
	case "up":
		f.at = max(0, f.at-1)
		return f, nil
	case "down":
		f.at = max(0, min(len(f.users)-1, f.at+1))
		return f, nil
	case "tab":
		f.by = (f.by + 1) % len(attributes)
		return f, f.changed()
	case "enter":
		if f.at < len(f.users) && !f.busy {
			return f, f.see(f.users[f.at].Username)
		}
		return f, nil
	}
	return f, f.edit(msg)
}

func (f *finder) choosing(msg tea.KeyPressMsg) (tea.Model, tea.Cmd) {
	switch key := msg.String(); key {
	case "esc":
		f.user = nil
		return f, nil
	case "up":
		f.verb = max(0, f.verb-1)
	case "down":
		f.verb = min(len(verbs)-1, f.verb+1)
	case "enter":
		f.done = verbs[f.verb].name
		return f, tea.Quit
	default:
		for i, v := range verbs {
			if key == string(v.key) {
				f.verb, f.done = i, v.name
				return f, tea.Quit
			}
		}
	}
	return f, nil
}

// View implements tea.Model. Every line fits the window.
func (f *finder) View() tea.View {
	lines := []string{titleStyle.Render("Help somebody else"), faintStyle.Render(f.desk.heading()), ""}
	keys := "type to search · up/down choose · tab another field · enter open · esc leave"
	if f.user != nil {
		lines = append(lines, f.state()...)
		keys = "up/down choose · enter go on · esc back · ctrl+c leave"
	} else {
		lines = append(lines, f.list()...)
	}
	if f.problem != "" {
		lines = append(lines, "", badStyle.Render("✗ "+f.problem))
	}
	lines = lines[:min(len(lines), max(f.height-1, 0))]
	for len(lines) < f.height-1 {
		lines = append(lines, "")
	}
	lines = append(lines, faintStyle.Render(keys))
	for i := range lines {
		lines[i] = ansi.Truncate(lines[i], f.width, "…")
		if !f.desk.terminal.UTF8() {
			lines[i] = strings.NewReplacer("·", "|", "✗", "x", "…", ".", "▸", ">").Replace(lines[i])
		}
	}
	v := tea.NewView(strings.Join(lines, "\n"))
	v.AltScreen = true
	return v
}

func (f *finder) list() []string {
	lines := []string{"Search by " + attributes[f.by].label + ": " + f.input.View(), ""}
	for i, u := range f.users {
		mark, style := "  ", lipgloss.NewStyle()
		if i == f.at {
			mark, style = "▸ ", accentStyle
		}
		text := line(u.Username)
		if u.Email != "" && u.Email != u.Username {
			text += "  " + line(u.Email)
		}
		lines = append(lines, style.Render(mark+text)+faintStyle.Render("  "+status(u)))
	}
	switch {
	case f.busy:
		lines = append(lines, faintStyle.Render("Searching..."))
	case len(f.users) == 0 && f.problem == "":
		lines = append(lines, "Nobody is found. Upper and lower case may matter.")
	case f.more:
		lines = append(lines, faintStyle.Render("There are more. Type more of it."))
	}
	return lines
}

func (f *finder) state() []string {
	u, p := *f.user, f.desk.pool
	lines := []string{
		"Username  " + line(u.Username), "Email     " + orNone(u.Email), "Sub       " + orUnknown(u.Sub),
		"Status    " + status(u), "Factors   " + inWords(u.Factors, u.Preferred), "MFA       " + mfaInWords(p),
		"Changed   " + orUnknown(stamp(u.Modified)), "",
	}
	for i, v := range verbs {
		mark, style := "  ", lipgloss.NewStyle()
		if i == f.verb {
			mark, style = "▸ ", accentStyle
		}
		lines = append(lines, style.Render(fmt.Sprintf("%s%c  %s", mark, v.key, v.label)))
	}
	return lines
}

// overview leads from the screen to the verb that was chosen.
func (d *desk) overview(ctx context.Context) error {
	verb, username, err := d.choose(ctx)
	if err != nil {
		return err
	}
	switch verb {
	case "reset":
		return d.reset(ctx, username, resetFlags{})
	case "invite":
		if d.settings.Client == "" {
			return &flow.Error{Code: flow.CodeInvalidInput, Fault: flow.Elsewhere, Msg: "no app client is known",
				Hint: "name it with --client-id"}
		}
		return d.invite(ctx, username, inviteFlags{})
	}
	return d.watch(ctx, username, watchTime)
}
