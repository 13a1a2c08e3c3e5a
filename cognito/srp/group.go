// Package srp is SRP-6a as Amazon Cognito does it, client and server half side
// by side: the password proof of the flow USER_SRP_AUTH and its challenge
// PASSWORD_VERIFIER.
//
// The client half signs in:
//
//	client, err := srp.NewClient(rand.Reader)
//	// InitiateAuth with SRP_A = client.A(); Cognito answers with a Challenge
//	timestamp := srp.Timestamp(time.Now())
//	signature, err := client.Sign(challenge, password, timestamp)
//	// RespondToAuthChallenge with TIMESTAMP, PASSWORD_CLAIM_SIGNATURE
//	// and PASSWORD_CLAIM_SECRET_BLOCK = challenge.SecretBlock
//
// The server half is for a pool of one's own: [NewVerifier] when a password is
// set, [NewServer] at InitiateAuth, [Server.Verify] at RespondToAuthChallenge.
//
// The details are those of AWS's open-source client amazon-cognito-identity-js
// (AuthenticationHelper.js, CognitoUser.js), and so are the letters: a, b are the
// private exponents of one sign-in, A, B their public values, x is made of the
// password, v = g^x is the verifier, u mixes A and B, S is what both sides arrive
// at, K the key made of S. Cognito never proves in turn that it knows v: who the
// server is, the client learns from TLS alone.
//
// math/big is not constant time, so the time that either half takes depends a
// little on x. That is acceptable for a client on the user's own machine, which
// computes once per sign-in with a fresh a and hides behind a network round trip,
// and for a demo pool on the loopback interface; a public server should
// not be built on this package.
package srp

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math/big"
	"slices"
)

// N, g and k. The group is number 15 of RFC 3526; RFC 5054 has the same prime with
// the generator 5.
var (
	prime, _ = new(big.Int).SetString(""+
		"FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"+
		"EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"+
		"EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F"+
		"83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"+
		"E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510"+
		"15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7"+
		"ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C"+
		"BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF", 16)
	generator  = big.NewInt(2)
	multiplier = number(hash(pad(prime), pad(generator))) // k
)

// pad gives n >= 0 the bytes over which Cognito hashes it: the fewest that hold n
// and a leading zero bit, as Java's BigInteger.toByteArray. So a 00 stands in front
// exactly when the top bit is set, and zero bytes that led on the wire are gone.
func pad(n *big.Int) []byte {
	return n.FillBytes(make([]byte, n.BitLen()/8+1))
}

func hash(parts ...[]byte) []byte {
	sum := sha256.Sum256(slices.Concat(parts...))
	return sum[:]
}

func number(b []byte) *big.Int { return new(big.Int).SetBytes(b) }

// power is base^exponent mod N.
func power(base, exponent *big.Int) *big.Int {
	return new(big.Int).Exp(base, exponent, prime)
}

// How long private exponents are, in bytes. AWS's client draws 128 for a. RFC 5054, section 3.1, asks for
// at least 256 bits, and that is what b has: the server half carries emulators and tests, where time counts.
const (
	clientExponent = 128
	serverExponent = 32
)

// exponent draws a private exponent of so many bytes. Zero, the mark of a broken source, is refused: its public value
// would be 1, and whoever listens could test guesses of the password.
func exponent(random io.Reader, size int) (*big.Int, error) {
	b := make([]byte, size)
	if _, err := io.ReadFull(random, b); err != nil {
		return nil, fmt.Errorf("drawing an SRP exponent: %w", err)
	}
	n := number(b)
	if n.Sign() == 0 {
		return nil, errors.New("drawing an SRP exponent: the random source returned only zeros")
	}
	return n, nil
}

// parseHex reads a number that the other side sent: either case, any number of
// digits, no sign.
func parseHex(name, s string) (*big.Int, error) {
	n, ok := new(big.Int).SetString(s, 16)
	if !ok || s[0] == '-' || s[0] == '+' {
		return nil, fmt.Errorf("%s is not a hexadecimal number: %.32q", name, s)
	}
	return n, nil
}

// parsePublic reads A or B and holds it to 0 < n < N. RFC 5054, sections 2.5.3 and
// 2.5.4, forbids what is 0 mod N: such an A makes S zero whatever the password is.
func parsePublic(name, s string) (*big.Int, error) {
	n, err := parseHex(name, s)
	if err != nil {
		return nil, err
	}
	if n.Sign() == 0 || n.Cmp(prime) >= 0 {
		return nil, fmt.Errorf("%s is not between 1 and N-1", name)
	}
	return n, nil
}

// scramble is u. SRP-6a forbids zero, with which x would drop out of the exponent.
func scramble(bigA, bigB *big.Int) (*big.Int, error) {
	u := number(hash(pad(bigA), pad(bigB)))
	if u.Sign() == 0 {
		return nil, errors.New("the hash of SRP_A and SRP_B is zero")
	}
	return u, nil
}

// private is x.
func private(salt *big.Int, pool, userID, password string) *big.Int {
	return number(hash(pad(salt), hash([]byte(pool+userID+":"+password))))
}

// sessionKey is K, 16 bytes: HKDF (RFC 5869) with u for the salt.
func sessionKey(u, s *big.Int) ([]byte, error) {
	return hkdf.Key(sha256.New, pad(s), pad(u), "Caldera Derived Key", 16)
}

// claim is PASSWORD_CLAIM_SIGNATURE before base64; secretBlock is base64.
func claim(key []byte, pool, userID, secretBlock, timestamp string) ([]byte, error) {
	block, err := base64.StdEncoding.DecodeString(secretBlock)
	if err != nil || len(block) == 0 {
		return nil, errors.New("SECRET_BLOCK is not base64")
	}
	mac := hmac.New(sha256.New, key)
	io.WriteString(mac, pool+userID)
	mac.Write(block)
	io.WriteString(mac, timestamp)
	return mac.Sum(nil), nil
}
