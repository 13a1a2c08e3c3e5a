package srp

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"io"
	"math/big"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

// brokenSources are random sources from which no exponent of that size may be drawn.
func brokenSources(size int) map[string]io.Reader {
	return map[string]io.Reader{
		"all zeros": bytes.NewReader(make([]byte, size)),
		"too short": io.LimitReader(rand.Reader, int64(size-1)),
		"failing":   iotest.ErrReader(io.ErrClosedPipe),
	}
}

func TestNewClientRefusesBrokenRandom(t *testing.T) {
	for name, random := range brokenSources(clientExponent) {
		if _, err := NewClient(random); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestSignRefusesMalformedChallenge(t *testing.T) {
	client := newClient(big.NewInt(0xa11ce))
	good := Challenge{Pool: vectorPool, UserID: vectorUserID, Salt: "5a0", B: "b0b", SecretBlock: vectorSecretBlock}
	if _, err := client.Sign(good, vectorPassword, vectorTimestamp); err != nil {
		t.Fatalf("the challenge that the others vary: %v", err)
	}
	for _, tc := range []struct {
		name  string
		spoil func(*Challenge)
		want  string
	}{
		{"no user", func(c *Challenge) { c.UserID = "" }, "USER_ID_FOR_SRP"},
		{"no salt", func(c *Challenge) { c.Salt = "" }, "SALT"},
		{"salt of no hex", func(c *Challenge) { c.Salt = "5g" }, "SALT"},
		{"salt with a prefix", func(c *Challenge) { c.Salt = "0x5a" }, "SALT"},
		{"salt with a sign", func(c *Challenge) { c.Salt = "+5a" }, "SALT"},
		{"negative salt", func(c *Challenge) { c.Salt = "-5a" }, "SALT"},
		{"salt with a space", func(c *Challenge) { c.Salt = "5a " }, "SALT"},
		{"salt with an underscore", func(c *Challenge) { c.Salt = "5_a" }, "SALT"},
		{"no B", func(c *Challenge) { c.B = "" }, "SRP_B"},
		{"B of no hex", func(c *Challenge) { c.B = "hello" }, "SRP_B"},
		{"negative B", func(c *Challenge) { c.B = "-1" }, "SRP_B"},
		{"B is 0", func(c *Challenge) { c.B = "0" }, "SRP_B"},
		{"B is 0 in many digits", func(c *Challenge) { c.B = strings.Repeat("0", 768) }, "SRP_B"},
		{"B is N", func(c *Challenge) { c.B = prime.Text(16) }, "SRP_B"},
		{"B is 2N", func(c *Challenge) { c.B = new(big.Int).Lsh(prime, 1).Text(16) }, "SRP_B"},
		{"no secret block", func(c *Challenge) { c.SecretBlock = "" }, "SECRET_BLOCK"},
		{"secret block of no base64", func(c *Challenge) { c.SecretBlock = "?" }, "SECRET_BLOCK"},
		{"secret block cut short", func(c *Challenge) { c.SecretBlock = vectorSecretBlock[:43] }, "SECRET_BLOCK"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			ch := good
			tc.spoil(&ch)
			signature, err := client.Sign(ch, vectorPassword, vectorTimestamp)
			if err == nil || signature != "" {
				t.Fatalf("Sign returned %q and error %v", signature, err)
			}
			if !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error %q does not name %s", err, tc.want)
			}
			if strings.Contains(err.Error(), vectorPassword) {
				t.Error("the error shows the password")
			}
		})
	}
}

func TestTimestamp(t *testing.T) {
	india := time.FixedZone("IST", 5*3600+1800)
	california := time.FixedZone("PST", -8*3600)
	for _, tc := range []struct {
		time time.Time
		want string
	}{
		{time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC), "Tue Feb 3 04:05:06 UTC 2026"},
		{time.Date(2026, 2, 9, 0, 0, 0, 999_999_999, time.UTC), "Mon Feb 9 00:00:00 UTC 2026"},
		{time.Date(2026, 12, 10, 12, 0, 0, 0, time.UTC), "Thu Dec 10 12:00:00 UTC 2026"},
		{time.Date(2026, 9, 30, 23, 59, 59, 0, time.UTC), "Wed Sep 30 23:59:59 UTC 2026"},
		{time.Date(2026, 3, 1, 5, 0, 0, 0, india), "Sat Feb 28 23:30:00 UTC 2026"},
		{time.Date(2026, 12, 31, 16, 7, 8, 0, california), "Fri Jan 1 00:07:08 UTC 2027"},
	} {
		equal(t, "Timestamp of "+tc.time.String(), Timestamp(tc.time), tc.want)
	}
}

// FuzzSign feeds hostile challenges: an error or a signature, never a panic.
func FuzzSign(f *testing.F) {
	f.Add(vectorPool, vectorUserID, vectors[0].salt, "b0b", vectorSecretBlock, vectorTimestamp)
	f.Add(vectorPool, vectorUserID, "0f0", prime.Text(16), vectorSecretBlock, vectorTimestamp)
	f.Add(vectorPool, vectorUserID, "-1", "0", "====", "")
	f.Add("", "", "", "", "", "")
	client := newClient(big.NewInt(0xa11ce))
	f.Fuzz(func(t *testing.T, pool, userID, salt, b, secretBlock, timestamp string) {
		ch := Challenge{Pool: pool, UserID: userID, Salt: salt, B: b, SecretBlock: secretBlock}
		signature, err := client.Sign(ch, vectorPassword, timestamp)
		if err != nil {
			if signature != "" {
				t.Errorf("signature %q with error %v", signature, err)
			}
			return
		}
		if sum, err := base64.StdEncoding.DecodeString(signature); err != nil || len(sum) != 32 {
			t.Errorf("signature %q is not 32 bytes of base64", signature)
		}
	})
}
