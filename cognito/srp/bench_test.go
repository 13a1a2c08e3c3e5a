package srp

import (
	"crypto/rand"
	"testing"
)

// BenchmarkClient is one sign-in of the client half: the exponent, SRP_A, the signature.
// Compare it with BenchmarkModExp: the sign-in needs three such powers, of exponents
// of 1024, 256 and 1024 bits, so its floor is 2.25 times that.
func BenchmarkClient(b *testing.B) {
	verifier, err := NewVerifier(rand.Reader, vectorPool, vectorUserID, vectorPassword)
	if err != nil {
		b.Fatal(err)
	}
	server, err := NewServer(rand.Reader, verifier, newClient(generator).A())
	if err != nil {
		b.Fatal(err)
	}
	ch := challenge(server, vectorUserID)
	b.ReportAllocs()
	for b.Loop() {
		client, err := NewClient(rand.Reader)
		if err != nil {
			b.Fatal(err)
		}
		client.A()
		if _, err := client.Sign(ch, vectorPassword, vectorTimestamp); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkModExp is one 3072-bit modular power with an exponent of 1024 bits.
func BenchmarkModExp(b *testing.B) {
	base, e := number(draw(rand.Reader, 384)), number(draw(rand.Reader, 128))
	b.ReportAllocs()
	for b.Loop() {
		power(base, e)
	}
}
