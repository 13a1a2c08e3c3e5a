package demo

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/pquerna/otp/totp"

	"cognito-enroll/cognito/localpool"
	"cognito-enroll/flow"
)

// phone is that of the demo's users: an authenticator app, and what was sent to them. Its
// clock is right, which means that it is the pool's.
type phone struct {
	now  func() time.Time
	keys map[string]string // by account

	mu       sync.Mutex
	messages map[string]localpool.Message // the newest, by username
}

// Shows implements ui.Phone. Looking at it while a QR code is on screen is scanning it.
func (p *phone) Shows(a flow.Ask, _ time.Time) string {
	account := strings.ToLower(a.Account)
	switch a.ID {
	case "sent-code", "reset-password", "confirm-sign-up":
		p.mu.Lock()
		defer p.mu.Unlock()
		if m, ok := p.messages[account]; ok {
			return fmt.Sprintf("Demo phone: %s for %s: %s", m.Medium, m.Destination, m.Code)
		}
		return "The demo phone has no message."
	}
	if a.Enroll != nil {
		p.keys[account] = a.Enroll.Key.Reveal()
	}
	now := p.now()
	code, err := totp.GenerateCode(p.keys[account], now)
	if err != nil || p.keys[account] == "" {
		return "The demo phone has no entry for this account."
	}
	return fmt.Sprintf(
		"Demo phone: %s %s, for %d s",
		code[:3],
		code[3:],
		int(now.Truncate(flow.Period).Add(flow.Period).Sub(now).Seconds()),
	)
}

// receive is a localpool.Options.Deliver.
func (p *phone) receive(m localpool.Message) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.messages[m.Username] = m
}
