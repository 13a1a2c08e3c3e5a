package srp

import (
	"crypto/rand"
	"math/big"
	"strings"
	"testing"
	"testing/iotest"
)

func TestNewServerRefuses(t *testing.T) {
	verifier := newVerifier([16]byte{1}, vectorPool, vectorUserID, vectorPassword)
	if _, err := NewServer(rand.Reader, verifier, "A11CE"); err != nil {
		t.Fatalf("the SRP_A that the others vary: %v", err)
	}
	for name, a := range map[string]string{
		"nothing":             "",
		"no hex":              "xyz",
		"a prefix":            "0xa11ce",
		"a sign":              "+a11ce",
		"a negative number":   "-a11ce",
		"0":                   "0",
		"0 in many digits":    strings.Repeat("0", 768),
		"N":                   prime.Text(16),
		"N in capitals":       strings.ToUpper(prime.Text(16)),
		"2N":                  new(big.Int).Lsh(prime, 1).Text(16),
		"above N, not 0 in N": new(big.Int).Add(prime, generator).Text(16),
	} {
		if _, err := NewServer(rand.Reader, verifier, a); err == nil || !strings.Contains(err.Error(), "SRP_A") {
			t.Errorf("SRP_A is %s: error %v does not name it", name, err)
		}
	}
	for name, random := range brokenSources(serverExponent) {
		if _, err := NewServer(random, verifier, "a11ce"); err == nil {
			t.Errorf("random source is %s: no error", name)
		}
	}
}

func TestNewServerRefusesZeroVerifier(t *testing.T) {
	if _, err := NewServer(rand.Reader, Verifier{}, "a11ce"); err == nil {
		t.Error("no error: S would be 0, which anybody can sign with")
	}
}

func TestNewVerifier(t *testing.T) {
	if _, err := NewVerifier(iotest.ErrReader(iotest.ErrTimeout), vectorPool, vectorUserID, vectorPassword); err == nil {
		t.Error("no error from a failing random source")
	}
	var verifiers [2]Verifier
	for i := range verifiers {
		v, err := NewVerifier(rand.Reader, vectorPool, vectorUserID, vectorPassword)
		if err != nil {
			t.Fatal(err)
		}
		verifiers[i] = v
	}
	if verifiers[0].Salt == verifiers[1].Salt || verifiers[0].V == verifiers[1].V {
		t.Error("two verifiers of one password share their salt or their value")
	}
}

func TestVerifyRefuses(t *testing.T) {
	client := newClient(big.NewInt(0xa11ce))
	server, err := newServer(big.NewInt(0xb0b), newVerifier([16]byte{1}, vectorPool, vectorUserID, vectorPassword),
		client.bigA)
	if err != nil {
		t.Fatal(err)
	}
	signature, err := client.Sign(challenge(server, vectorUserID), vectorPassword, vectorTimestamp)
	if err != nil {
		t.Fatal(err)
	}
	if !server.Verify(vectorPool, vectorUserID, vectorSecretBlock, vectorTimestamp, signature) {
		t.Fatal("the claim that the others vary is refused")
	}
	for _, tc := range []struct {
		name                                            string
		pool, userID, secretBlock, timestamp, signature string
	}{
		{"another pool", "AbCdEf124", vectorUserID, vectorSecretBlock, vectorTimestamp, signature},
		{"another user", vectorPool, "alice@example.com", vectorSecretBlock, vectorTimestamp, signature},
		{"another secret block", vectorPool, vectorUserID, "AAAA", vectorTimestamp, signature},
		{"no secret block", vectorPool, vectorUserID, "", vectorTimestamp, signature},
		{"malformed secret block", vectorPool, vectorUserID, "?", vectorTimestamp, signature},
		{"another timestamp", vectorPool, vectorUserID, vectorSecretBlock, "Tue Feb 3 04:05:07 UTC 2026", signature},
		{"no signature", vectorPool, vectorUserID, vectorSecretBlock, vectorTimestamp, ""},
		{"malformed signature", vectorPool, vectorUserID, vectorSecretBlock, vectorTimestamp, "?" + signature},
		{"start of the signature", vectorPool, vectorUserID, vectorSecretBlock, vectorTimestamp, signature[:40]},
		{"signature and more", vectorPool, vectorUserID, vectorSecretBlock, vectorTimestamp, signature[:40] + "AAAAAAAA"},
	} {
		if server.Verify(tc.pool, tc.userID, tc.secretBlock, tc.timestamp, tc.signature) {
			t.Errorf("%s: accepted", tc.name)
		}
	}
}
