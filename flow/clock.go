package flow

import (
	"strconv"
	"time"

	"github.com/pquerna/otp/totp"
)

// Period is how long an app shows a code: RFC 6238's default, which is Cognito's.
const Period = 30 * time.Second

// Plausible is how far this computer's clock may be off before it is suspected: the pool's time is only known
// in whole seconds, and minus the time on the way.
const Plausible = 20 * time.Second

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
// much the app's clock is ahead. Cognito takes the codes of this period and of the ones beside it
// (Developer Guide, "TOTP software token MFA"); further out, clocks are off by minutes, or by hours
// where the time zone is wrong.
func diagnose(key, code string, at time.Time) (verdict, time.Duration) {
	if !decodable(key) {
		return unknown, 0
	}
	matches := func(periods int) bool {
		made, err := totp.GenerateCode(key, at.Add(time.Duration(periods)*Period))
		return err == nil && made == code
	}
	const minutes = 20                        // periods within which every one is tried
	const hours = int(2 * time.Hour / Period) // and beyond which none is
	for n := range hours + 1 {
		if n > minutes && n%2 == 1 {
			continue
		}
		for _, periods := range []int{-n, n} {
			if !matches(periods) {
				continue
			}
			off := time.Duration(periods) * Period
			switch {
			case n <= 1:
				return right, 0
			case periods < 0:
				return early, off
			default:
				return late, off
			}
		}
	}
	return foreign, 0
}

// decodable reports whether codes can be computed with key.
func decodable(key string) bool {
	_, err := totp.GenerateCode(key, time.Unix(0, 0)) // of an odd length, which apps decode in different ways
	return err == nil
}

// untilNext is how long it takes until apps with the right time show the next code.
func (r run) untilNext(at time.Time) time.Duration {
	at = at.Add(-r.skew)
	return at.Truncate(Period).Add(Period).Sub(at)
}

func seconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }

// InWords says how long d is, roughly: "40 seconds", "3 minutes", "2 hours".
func InWords(d time.Duration) string {
	d = d.Abs()
	switch {
	case d >= 119*time.Minute:
		return plural(int(d.Round(time.Hour).Hours()), "1 hour", "{n} hours")
	case d >= 90*time.Second:
		return plural(int(d.Round(time.Minute).Minutes()), "1 minute", "{n} minutes")
	}
	return plural(int(d.Round(time.Second).Seconds()), "1 second", "{n} seconds")
}

// plural chooses between the texts for one and for any other number, and fills in {n}.
func plural(n int, one, other string) string {
	if n == 1 {
		return one
	}
	return Fill(other, "n", strconv.Itoa(n))
}

// clock chooses between the sentences for a clock that is fast and for one that is slow, by off, and fills in
// {off}.
func clock(off time.Duration, fast, slow string) string {
	text := fast
	if off < 0 {
		text = slow
	}
	return Fill(text, "off", InWords(off))
}
