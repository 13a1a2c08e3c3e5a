package demo

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/pquerna/otp/totp"

	"cognito-enroll/cognito/localpool"
	"cognito-enroll/flow"
	"cognito-enroll/ui/wizard"
)

// phone is that of the demo's users: an authenticator app, and what was sent to them. Its
// clock is right, which means that it is the pool's.
type phone struct {
	demo *Demo

	mu       sync.Mutex
	keys     map[string]string            // by account
	messages map[string]localpool.Message // the newest whose code counts, by username
	fault    int                          // the next of those that Next makes happen
}

func newPhone(d *Demo) *phone { return &phone{demo: d, messages: map[string]localpool.Message{}} }

// afresh forgets everything but what the users of seed have.
func (p *phone) afresh(seed localpool.Seed) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.keys, p.messages = map[string]string{}, map[string]localpool.Message{}
	p.fault = 0
	for _, pool := range seed.Pools {
		for _, u := range pool.Users {
			if u.TOTP != nil {
				p.keys[u.Username] = u.TOTP.Secret
			}
		}
	}
}

// display is what can be read on a phone.
type display struct {
	from, to string // what sent the code, and where it was sent or whose it is
	code     string // with a space in its middle; "" for none
	left     time.Duration
}

// shows is what the phone shows when a is asked. Looking at it while a QR code is on screen is scanning it.
func (p *phone) shows(a flow.Ask) display {
	p.mu.Lock()
	defer p.mu.Unlock()
	account := strings.ToLower(a.Account)
	switch a.ID {
	case "sent-code", "reset-password", "confirm-sign-up":
		m, ok := p.messages[account]
		if !ok {
			return display{from: "Messages", to: "none"}
		}
		return display{from: map[string]string{"SMS": "Text message", "EMAIL": "Email"}[m.Medium], to: m.Destination,
			code: m.Code}
	}
	if a.Enroll != nil {
		p.keys[account] = a.Enroll.Key.Reveal()
	}
	now := p.demo.pools().Now()
	code, err := totp.GenerateCode(p.keys[account], now)
	if err != nil || p.keys[account] == "" {
		return display{from: "Authenticator", to: "no entry yet"}
	}
	return display{from: cmp.Or(a.Service, "Authenticator"), to: a.Account, code: code[:3] + " " + code[3:],
		left: wizard.Left(now)}
}

// Shows implements ui.Phone.
func (p *phone) Shows(a flow.Ask, _ time.Time) string {
	switch d := p.shows(a); {
	case d.code == "" && d.from == "Messages":
		return "The demo phone has no new message."
	case d.code == "":
		return "The demo phone has no entry for this account."
	case d.left == 0:
		return fmt.Sprintf("Demo phone: %s for %s: %s", strings.ToLower(d.from), d.to, d.code)
	default:
		return fmt.Sprintf("Demo phone: %s, for %d s", d.code, d.left/time.Second)
	}
}

// Beside implements wizard.Companion.
func (p *phone) Beside(a flow.Ask, l wizard.Look) []string {
	const width = wizard.BesideWidth - 4 // inside the border and a space on each side
	d := p.shows(a)
	line := func(style lipgloss.Style, text string) string {
		return style.Width(width).Align(lipgloss.Center).Render(ansi.Truncate(text, width, "…"))
	}
	clock := ""
	switch left := fmt.Sprintf("%d s", d.left/time.Second); {
	case d.left == 0 || !l.Counting:
	case l.ASCII:
		clock = left
	default:
		clock = wizard.Ring(d.left) + "  " + left
	}
	border := lipgloss.RoundedBorder()
	if l.ASCII {
		border = lipgloss.ASCIIBorder()
	}
	box := lipgloss.NewStyle().Border(border).BorderForeground(l.Colors.Quiet.GetForeground()).Padding(0, 1)
	return strings.Split(box.Render(strings.Join([]string{
		line(lipgloss.NewStyle(), d.from), line(l.Colors.Quiet, d.to), "",
		line(l.Colors.Accent, d.code), line(l.Colors.Quiet, clock),
	}, "\n")), "\n")
}

// What the demo fills in where something new has to be chosen.
const (
	freshPassword = "Better-Horse-1"
	freshName     = "Fay First"
	freshAddress  = "ann@example.com"
)

// Fills implements wizard.Companion: nothing of the demo has to be typed but the codes. The password is the one that
// the pool has now, whatever became of the call that was to change it.
func (p *phone) Fills(a flow.Ask) flow.Ask {
	account := strings.ToLower(a.Account)
	known := map[string]string{
		"new-password": freshPassword, "repeat": freshPassword, "name": freshName, "email": freshAddress,
		"answer": p.demo.favorite(account),
	}
	now, _ := p.demo.truth(account)
	a.Fields = slices.Clone(a.Fields)
	for i, f := range a.Fields {
		switch {
		case f.Key == "password" && now.Password != "":
			a.Fields[i].Value = flow.NewSecret(now.Password)
		case f.Value.Empty() && known[f.Key] != "":
			a.Fields[i].Value = flow.NewSecret(known[f.Key])
		}
	}
	return a
}

// learn forgets the code of a message that counts no longer, because a call with it was carried out. The pool tells,
// since the answer may be lost.
func (p *phone) learn(call flow.Call) {
	var account string
	var spent func(localpool.Truth) bool
	switch call := call.(type) {
	case flow.Reset:
		account = call.Username
		spent = func(t localpool.Truth) bool { return t.Password == call.Password.Reveal() }
	case flow.Confirm:
		account = call.Username
		spent = func(t localpool.Truth) bool { return t.Confirmed }
	default:
		return
	}
	account = strings.ToLower(account)
	if now, ok := p.demo.truth(account); ok && spent(now) {
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.messages, account)
	}
}

// Next implements wizard.Companion. Only the fault that it names is still to come, and once: those of --fault are for
// one call each.
func (p *phone) Next() string {
	p.mu.Lock()
	name := shown[p.fault%len(shown)]
	p.fault++
	p.mu.Unlock()
	pools, f := p.demo.pools(), faults[name]
	pools.Recover()
	for _, fault := range f.faults[:min(1, len(f.faults))] {
		fault.Operation = f.only // whatever comes next
		if err := pools.Inject(fault); err != nil {
			return err.Error()
		}
	}
	return f.next
}

// receive is a localpool.Options.Deliver.
func (p *phone) receive(m localpool.Message) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.messages[m.Username] = m
}
