package localpool

import (
	"crypto/subtle"
	"encoding/base32"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
)

// softwareToken is an authenticator: RFC 6238 with HMAC-SHA-1, six digits and steps of
// 30 seconds ("TOTP software token MFA", Developer Guide).
type softwareToken struct {
	secret   string // base32 without padding
	device   string // FriendlyDeviceName, may be empty
	verified bool
	next     int64 // the first period whose code is still good
}

func (s *Server) newSoftwareToken() *softwareToken {
	secret := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(s.random(32))
	return &softwareToken{secret: secret}
}

const period = 30 // seconds

// take tries a code, allowing for one period on either side of now. One that is right is
// spent with all before it, so that it cannot be used again; spent says that it was.
func (t *softwareToken) take(code string, now time.Time) (right, spent bool) {
	current := now.Unix() / period
	for n := current - 1; n <= current+1; n++ {
		if subtle.ConstantTimeCompare([]byte(t.code(n)), []byte(code)) != 1 {
			continue
		}
		if n >= t.next {
			t.next = n + 1
			return true, false
		}
		spent = true
	}
	return false, spent
}

// code is the code of period n, empty if the secret is not base32.
func (t *softwareToken) code(n int64) string {
	code, err := totp.GenerateCodeCustom(t.secret, time.Unix(n*period, 0), totp.ValidateOpts{
		Period: period, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1,
	})
	if err != nil {
		return ""
	}
	return code
}
