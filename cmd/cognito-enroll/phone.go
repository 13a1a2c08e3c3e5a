package main

import (
	"time"

	"github.com/pquerna/otp/totp"

	"cognito-enroll/flow"
)

// phone is the authenticator app of the demonstration. It shares the computer's clock.
type phone struct{ keys map[string]string } // by account

func newPhone() *phone { return &phone{map[string]string{}} }

const step = 30 * time.Second

// Code implements wizard.Phone. Asking while a QR code is on screen is scanning it.
func (p *phone) Code(a flow.Ask, now time.Time) (code string, left time.Duration, ok bool) {
	if a.Enrol != nil {
		p.keys[a.Account] = a.Enrol.Key.Reveal()
	}
	key, ok := p.keys[a.Account]
	if !ok {
		return "", 0, false
	}
	code, err := totp.GenerateCode(key, now)
	return code, now.Truncate(step).Add(step).Sub(now), err == nil
}
