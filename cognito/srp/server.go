package srp

import (
	"crypto/hmac"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math/big"
)

// Verifier is what a pool keeps of a password. Equal ones compare equal with ==.
// It lets one test guesses of the password: never print it.
type Verifier struct {
	Salt [16]byte
	V    [384]byte // g^x mod N, big-endian
}

// NewVerifier draws a salt of 16 bytes and makes the verifier of a new password.
// pool is the part of the user pool ID after "_", userID is USER_ID_FOR_SRP.
// It fails only when random does.
//
// A made-up user of a pool with PreventUserExistenceErrors needs the same salt at
// every attempt: give it a random that depends on its name and a key of the pool.
func NewVerifier(random io.Reader, pool, userID, password string) (Verifier, error) {
	var salt [16]byte
	if _, err := io.ReadFull(random, salt[:]); err != nil {
		return Verifier{}, fmt.Errorf("drawing a salt: %w", err)
	}
	return newVerifier(salt, pool, userID, password), nil
}

func newVerifier(salt [16]byte, pool, userID, password string) Verifier {
	v := Verifier{Salt: salt}
	power(generator, private(number(salt[:]), pool, userID, password)).FillBytes(v.V[:])
	return v
}

// Server is the server half of one sign-in, from SRP_A to whether the proof is right.
type Server struct {
	salt, bigB, u, bigS *big.Int
}

// NewServer draws the private exponent, 32 bytes, from random and answers clientA,
// which is SRP_A. It fails when random does or returns only zeros, when clientA is
// not hexadecimal, is 0 mod N or is not below N, and when v is the zero Verifier:
// that one would let everybody in.
func NewServer(random io.Reader, v Verifier, clientA string) (*Server, error) {
	bigA, err := parsePublic("SRP_A", clientA)
	if err != nil {
		return nil, err
	}
	b, err := exponent(random, serverExponent)
	if err != nil {
		return nil, err
	}
	return newServer(b, v, bigA)
}

func newServer(b *big.Int, v Verifier, bigA *big.Int) (*Server, error) {
	bigV := number(v.V[:])
	if bigV.Sign() == 0 {
		return nil, errors.New("the verifier is empty")
	}
	bigB := power(generator, b) // B = (k*v + g^b) mod N
	bigB.Add(bigB, new(big.Int).Mul(multiplier, bigV)).Mod(bigB, prime)
	u, err := scramble(bigA, bigB)
	if err != nil {
		return nil, err
	}
	base := power(bigV, u)
	bigS := power(base.Mul(base, bigA), b) // S = (A * v^u) ^ b mod N
	return &Server{salt: number(v.Salt[:]), bigB: bigB, u: u, bigS: bigS}, nil
}

// B is SRP_B of the challenge: lower-case hex without leading zeros, so that the
// number of digits may be odd, as with Cognito.
func (s *Server) B() string { return s.bigB.Text(16) }

// Salt is SALT of the challenge, written like [Server.B].
func (s *Server) Salt() string { return s.salt.Text(16) }

// Verify reports whether signature, PASSWORD_CLAIM_SIGNATURE in base64, proves the
// password to which the verifier belongs. pool and userID are those given to
// [NewVerifier]; secretBlock is the SECRET_BLOCK that went out, in base64, and
// timestamp is TIMESTAMP as the client wrote it. It compares in constant time. That
// the timestamp is well formed and recent, and that each SECRET_BLOCK is answered
// once, is for the caller to see to.
func (s *Server) Verify(pool, userID, secretBlock, timestamp, signature string) bool {
	key, err := sessionKey(s.u, s.bigS)
	if err != nil {
		return false
	}
	want, err := claim(key, pool, userID, secretBlock, timestamp)
	if err != nil {
		return false
	}
	got, err := base64.StdEncoding.DecodeString(signature)
	return err == nil && hmac.Equal(got, want)
}
