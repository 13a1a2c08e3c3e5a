package srp

import (
	"fmt"
	"io"
	"math/rand/v2"
	"testing"
)

// traits are what comes out differently when leading zeros are kept or dropped
// wrongly. A test over random numbers must meet each, or it has proved little.
var traits = []struct {
	name string
	has  func(v Verifier, c *Client, s *Server) bool
}{
	{"salt leads with a zero byte", func(v Verifier, _ *Client, _ *Server) bool { return v.Salt[0] == 0 }},
	{"salt leads with one zero nibble", func(v Verifier, _ *Client, _ *Server) bool {
		return v.Salt[0] > 0 &&
			v.Salt[0] < 0x10
	}},
	{"salt has its top bit set", func(v Verifier, _ *Client, _ *Server) bool { return v.Salt[0] >= 0x80 }},
	{"A leads with a zero nibble", func(_ Verifier, c *Client, _ *Server) bool { return c.bigA.BitLen() <= 3072-4 }},
	{"B leads with a zero nibble", func(_ Verifier, _ *Client, s *Server) bool { return s.bigB.BitLen() <= 3072-4 }},
	{"u has its top bit set", func(_ Verifier, _ *Client, s *Server) bool { return s.u.BitLen() == 256 }},
	{"u leads with a zero nibble", func(_ Verifier, _ *Client, s *Server) bool { return s.u.BitLen() <= 256-4 }},
	{"u leads with a zero byte", func(_ Verifier, _ *Client, s *Server) bool { return s.u.BitLen() <= 256-8 }},
	{"S has its top bit set", func(_ Verifier, _ *Client, s *Server) bool { return s.bigS.BitLen() == 3072 }},
	{"S leads with a zero nibble", func(_ Verifier, _ *Client, s *Server) bool { return s.bigS.BitLen() <= 3072-4 }},
	{"S leads with a zero byte", func(_ Verifier, _ *Client, s *Server) bool { return s.bigS.BitLen() <= 3072-8 }},
}

// TestHalvesAgree is 2,000 sign-ins. Their private exponents have 72 bits, because
// longer ones change nothing but the time; TestFullSize has those.
func TestHalvesAgree(t *testing.T) {
	const groups, each = 8, 250
	var seen [groups][]int // by trait
	t.Run("groups", func(t *testing.T) {
		for group := range groups {
			seen[group] = make([]int, len(traits))
			t.Run(fmt.Sprint(group), func(t *testing.T) {
				t.Parallel()
				random := rand.NewChaCha8([32]byte{byte(group)})
				for i := range each {
					signIn(t, random, i, seen[group])
				}
			})
		}
	})
	for i, trait := range traits {
		n := 0
		for group := range groups {
			n += seen[group][i]
		}
		t.Logf("%4d of %d: %s", n, groups*each, trait.name)
		if n == 0 {
			t.Errorf("not met in %d cases: %s", groups*each, trait.name)
		}
	}
}

// signIn is the i-th sign-in: with a salt that in every fourth case leads with a zero
// byte and in every fourth with a zero nibble, and in every tenth with a wrong
// password too. It counts the traits it meets.
func signIn(t *testing.T, random io.Reader, i int, seen []int) {
	t.Helper()
	salt := [16]byte(draw(random, 16))
	switch i % 4 {
	case 0:
		salt[0] = 0
	case 1:
		salt[0] &= 0x0f
	}
	userID := fmt.Sprintf("%x", draw(random, 16))
	password := fmt.Sprintf("Ünï-%x", draw(random, 8))
	a, b := number(draw(random, 9)), number(draw(random, 9))

	verifier := newVerifier(salt, vectorPool, userID, password)
	client := newClient(a)
	server, err := newServer(b, verifier, client.bigA)
	if err != nil {
		t.Fatal(err)
	}
	ch := challenge(server, userID)
	if !accepts(t, server, client, ch, password) {
		t.Errorf("the right password is refused: salt %x, a %x, b %x, user %s", salt, a, b, userID)
	}
	if i%10 == 0 && accepts(t, server, client, ch, password+"x") {
		t.Errorf("a wrong password is accepted: salt %x, a %x, b %x, user %s", salt, a, b, userID)
	}
	for i, trait := range traits {
		if trait.has(verifier, client, server) {
			seen[i]++
		}
	}
}

func TestFullSize(t *testing.T) {
	random := rand.NewChaCha8([32]byte{'f', 'u', 'l', 'l'})
	for range 8 {
		verifier, err := NewVerifier(random, vectorPool, vectorUserID, vectorPassword)
		if err != nil {
			t.Fatal(err)
		}
		client, err := NewClient(random)
		if err != nil {
			t.Fatal(err)
		}
		server, err := NewServer(random, verifier, client.A())
		if err != nil {
			t.Fatal(err)
		}
		ch := challenge(server, vectorUserID)
		if !accepts(t, server, client, ch, vectorPassword) {
			t.Error("the right password is refused")
		}
		if accepts(t, server, client, ch, "correct-Horse-9") {
			t.Error("a wrong password is accepted")
		}
	}
}

func accepts(t *testing.T, server *Server, client *Client, ch Challenge, password string) bool {
	t.Helper()
	signature, err := client.Sign(ch, password, vectorTimestamp)
	if err != nil {
		t.Fatal(err)
	}
	return server.Verify(ch.Pool, ch.UserID, ch.SecretBlock, vectorTimestamp, signature)
}

// challenge is what PASSWORD_VERIFIER brings from server.
func challenge(server *Server, userID string) Challenge {
	return Challenge{Pool: vectorPool, UserID: userID, Salt: server.Salt(), B: server.B(), SecretBlock: vectorSecretBlock}
}

func draw(random io.Reader, n int) []byte {
	b := make([]byte, n)
	if _, err := io.ReadFull(random, b); err != nil {
		panic(err)
	}
	return b
}
