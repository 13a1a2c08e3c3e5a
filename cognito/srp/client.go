package srp

import (
	"encoding/base64"
	"errors"
	"io"
	"math/big"
	"time"
)

// Challenge is what PASSWORD_VERIFIER brings, plus the pool's name.
type Challenge struct {
	Pool        string // the part of the user pool ID after "_"
	UserID      string // USER_ID_FOR_SRP, which is not what was typed when that was an alias
	Salt        string // SALT, hex, possibly an odd number of digits
	B           string // SRP_B, hex, likewise
	SecretBlock string // SECRET_BLOCK, base64, opaque; sent back verbatim
}

// Client is the client half of one sign-in. It must not be used for a second.
type Client struct {
	a, bigA *big.Int
}

// NewClient draws the private exponent, 128 bytes, from random, which is
// crypto/rand.Reader outside tests. It fails when random does, or when that
// returns only zeros.
func NewClient(random io.Reader) (*Client, error) {
	a, err := exponent(random, clientExponent)
	if err != nil {
		return nil, err
	}
	return newClient(a), nil
}

// A power of the generator is never 0 mod N, N being prime: A needs no check here.
func newClient(a *big.Int) *Client {
	return &Client{a: a, bigA: power(generator, a)}
}

// A is SRP_A of InitiateAuth: lower-case hex without leading zeros.
func (c *Client) A() string { return c.bigA.Text(16) }

// Sign returns PASSWORD_CLAIM_SIGNATURE, in base64, for a timestamp as [Timestamp]
// writes it. It fails when USER_ID_FOR_SRP or SECRET_BLOCK is missing, when SALT or
// SRP_B is not hexadecimal or SECRET_BLOCK not base64, when SRP_B is 0 mod N or not
// below N, and when u is 0. No error shows the password or SECRET_BLOCK.
//
// A wrong password gives no error here, but a signature that Cognito refuses with
// "Incorrect username or password."; so do a wrong Pool or UserID and a clock that
// is far off.
func (c *Client) Sign(ch Challenge, password, timestamp string) (signature string, err error) {
	if ch.UserID == "" {
		return "", errors.New("USER_ID_FOR_SRP is missing")
	}
	salt, err := parseHex("SALT", ch.Salt)
	if err != nil {
		return "", err
	}
	bigB, err := parsePublic("SRP_B", ch.B)
	if err != nil {
		return "", err
	}
	u, err := scramble(c.bigA, bigB)
	if err != nil {
		return "", err
	}
	x := private(salt, ch.Pool, ch.UserID, password)
	key, err := sessionKey(u, c.secret(bigB, u, x))
	if err != nil {
		return "", err
	}
	sum, err := claim(key, ch.Pool, ch.UserID, ch.SecretBlock, timestamp)
	if err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(sum), nil
}

// secret is S = (B - k*g^x) ^ (a + u*x) mod N.
func (c *Client) secret(bigB, u, x *big.Int) *big.Int {
	base := power(generator, x)
	base.Mul(base, multiplier).Sub(bigB, base).Mod(base, prime)
	e := new(big.Int).Mul(u, x)
	return power(base, e.Add(e, c.a))
}

// Timestamp writes t as TIMESTAMP: "Tue Feb 3 04:05:06 UTC 2026", that is English
// names, a day without a leading zero and the 24-hour clock in UTC, whatever the
// locale or t's zone. Another form gets InvalidParameterException or, for 03 in
// place of 3, the answer to a wrong password (amazon-cognito-identity-js#683 and #58).
func Timestamp(t time.Time) string {
	return t.UTC().Format("Mon Jan 2 15:04:05 UTC 2006")
}
