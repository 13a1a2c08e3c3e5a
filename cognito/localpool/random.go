package localpool

import (
	"fmt"
	"io"

	"github.com/google/uuid"
)

// random returns n bytes. As with crypto/rand there is nothing to be done when they
// cannot be had.
func (s *Server) random(n int) []byte {
	b := make([]byte, n)
	if _, err := io.ReadFull(s.o.Random, b); err != nil {
		panic(fmt.Sprintf("localpool: the random source failed: %v", err))
	}
	return b
}

// newText draws n characters of alphabet.
func (s *Server) newText(alphabet string, n int) string {
	b := s.random(n)
	for i := range b {
		b[i] = alphabet[int(b[i])%len(alphabet)]
	}
	return string(b)
}

const (
	lower    = "abcdefghijklmnopqrstuvwxyz"
	upper    = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	digits   = "0123456789"
	alphanum = lower + upper + digits
)

func (s *Server) newUUID() string { return uuidOf(s.random(16)) }

// uuidOf makes 16 random bytes a UUID of RFC 9562, version 4.
func uuidOf(random []byte) string {
	u := uuid.UUID(random)
	u[6] = u[6]&0x0f | 0x40
	u[8] = u[8]&0x3f | 0x80
	return u.String()
}
