package main

import (
	"fmt"
	"time"

	"github.com/pquerna/otp/totp"

	"cognito-enroll/flow"
)

// phone is the authenticator app of the demonstration. Its clock is right, which means that it is
// the pool's.
type phone struct {
	now  func() time.Time
	keys map[string]string // by account
}

const step = 30 * time.Second

// Shows implements wizard.Phone. Looking at it while a QR code is on screen is scanning it.
func (p *phone) Shows(a flow.Ask, _ time.Time) string {
	if a.Enrol != nil {
		p.keys[a.Account] = a.Enrol.Key.Reveal()
	}
	now := p.now()
	code, err := totp.GenerateCode(p.keys[a.Account], now)
	if err != nil || p.keys[a.Account] == "" {
		return "The demo phone does not know this account."
	}
	return fmt.Sprintf("Demo phone: %s %s, for %d s", code[:3], code[3:], int(now.Truncate(step).Add(step).Sub(now).Seconds()))
}
