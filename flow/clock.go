package flow

import (
	"encoding/base32"
	"fmt"
	"time"

	"github.com/pquerna/otp/totp"
)

// period is how long a code is shown: RFC 6238's default, which is Cognito's.
const period = 30 * time.Second

// verdict is what a code says about the app that made it.
type verdict int

const (
	unknown verdict = iota // the key cannot be computed with
	right                  // Cognito takes it now
	early                  // from a clock that is behind
	late                   // from a clock that is ahead
	foreign                // from another key, or mistyped
)

// diagnose compares code with those of key around at, the time that Cognito has, and returns by how
// much the app's clock is off. Cognito takes the codes of this step and of the ones beside it
// (Developer Guide, "TOTP software token MFA"); further out, clocks are off by minutes, or by hours
// where the time zone is wrong.
func diagnose(key, code string, at time.Time) (verdict, time.Duration) {
	if _, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(key); err != nil {
		return unknown, 0
	}
	matches := func(steps int) bool {
		made, err := totp.GenerateCode(key, at.Add(time.Duration(steps)*period))
		return err == nil && made == code
	}
	const minutes = 20             // steps within which every one is tried
	const hours = 2 * 60 * 60 / 30 // and beyond which none is
	for n := range hours + 1 {
		if n > minutes && n%2 == 1 {
			continue
		}
		for _, steps := range []int{-n, n} {
			if !matches(steps) {
				continue
			}
			off := time.Duration(steps) * period
			switch {
			case n <= 1:
				return right, 0
			case steps < 0:
				return early, -off
			default:
				return late, off
			}
		}
	}
	return foreign, 0
}

// untilNext is how long it takes until apps with the right time show the next code.
func (r run) untilNext(at time.Time) time.Duration {
	at = at.Add(-r.skew)
	return at.Truncate(period).Add(period).Sub(at)
}

func seconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }

// span in words: "40 seconds", "3 minutes", "2 hours".
func inWords(d time.Duration) string {
	d = d.Abs()
	n, unit := int(d.Round(time.Second).Seconds()), "second"
	switch {
	case d >= 119*time.Minute:
		n, unit = int(d.Round(time.Hour).Hours()), "hour"
	case d >= 90*time.Second:
		n, unit = int(d.Round(time.Minute).Minutes()), "minute"
	}
	if n != 1 {
		unit += "s"
	}
	return fmt.Sprintf("%d %s", n, unit)
}

func ago(d time.Duration) string { return inWords(d) + " ago" }

// aheadOrBehind says how a clock stands that is ahead by d.
func aheadOrBehind(d time.Duration) string {
	if d < 0 {
		return inWords(d) + " slow"
	}
	return inWords(d) + " fast"
}
