package localpool

import (
	"testing"
	"time"
)

// RFC 6238, appendix B, for SHA-1, cut to six digits; and a key of Cognito's length.
func TestCodes(t *testing.T) {
	const rfc, long = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "C7VTYKPRT6IK3VVYPQU3O2K56Q3H7LAN7PXIBSOOGE4WPLOCOVXQ"
	for _, tt := range []struct {
		secret string
		at     int64
		code   string
	}{
		{rfc, 59, "287082"}, {rfc, 1111111109, "081804"}, {rfc, 1111111111, "050471"},
		{rfc, 1234567890, "005924"}, {rfc, 2000000000, "279037"},
		{long, 59, "509497"}, {long, 1770091506, "861773"}, {long, 1770091536, "610055"},
	} {
		token := softwareToken{secret: tt.secret}
		if got := token.code(tt.at / period); got != tt.code {
			t.Errorf("%s at %d: code %s, want %s", tt.secret, tt.at, got, tt.code)
		}
		if right, _ := token.take(tt.code, time.Unix(tt.at, 0)); !right {
			t.Errorf("%s at %d: %s was not taken", tt.secret, tt.at, tt.code)
		}
	}
}

func TestCodeWindow(t *testing.T) {
	const secret, n = "C7VTYKPRT6IK3VVYPQU3O2K56Q3H7LAN7PXIBSOOGE4WPLOCOVXQ", 59003050
	now := time.Unix(n*period+29, 0)
	for offset, want := range map[int64]bool{-20: false, -2: false, -1: true, 0: true, 1: true, 2: false, 20: false} {
		token := softwareToken{secret: secret}
		if right, spent := token.take(token.code(n+offset), now); right != want || spent {
			t.Errorf("%d periods away: right %t, spent %t, want %t, false", offset, right, spent, want)
		}
	}

	token := softwareToken{secret: secret}
	for _, tt := range []struct {
		offset       int64
		right, spent bool
	}{
		{0, true, false},
		{0, false, true},
		{-1, false, true}, // older than one that was used
		{1, true, false},
		{0, false, true},
		{1, false, true},
		{2, false, false},
	} {
		if right, spent := token.take(token.code(n+tt.offset), now); right != tt.right || spent != tt.spent {
			t.Errorf("%+d: right %t, spent %t, want %t, %t", tt.offset, right, spent, tt.right, tt.spent)
		}
	}
	for _, code := range []string{"", "12345", "1234567", "abcdef", "١٢٣٤٥٦", token.code(n) + " "} {
		if right, spent := token.take(code, now); right || spent {
			t.Errorf("%q: right %t, spent %t", code, right, spent)
		}
	}
}

func TestNewSecret(t *testing.T) {
	r := newRig(t, Options{})
	a, b := r.newSoftwareToken().secret, r.newSoftwareToken().secret
	if len(a) != 52 || len(b) != 52 || a == b {
		t.Errorf("secrets of %d and %d characters, equal %t, want 52, 52, false", len(a), len(b), a == b)
	}
}
