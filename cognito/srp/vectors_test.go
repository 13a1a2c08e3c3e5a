package srp

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"math/big"
	"strings"
	"testing"
)

// The vectors were made with amazon-cognito-identity-js 6.3.21 and agree with an
// independent implementation in Python.
const (
	vectorPool        = "AbCdEf123" // of us-east-1_AbCdEf123
	vectorUserID      = "11111111-2222-4333-8444-555555555555"
	vectorPassword    = "Correct-Horse-9"
	vectorSecretBlock = "SJShlnqjR2V6mcS7pKIV0JB/2zTpNm0FdlbobP0MOX4="
	vectorTimestamp   = "Tue Feb 3 04:05:06 UTC 2026"
)

var vectors = []struct {
	name, b, salt, u, x, key, signature string
}{
	{
		name:      "plain",
		b:         "server-b1",
		salt:      "5a0f1e2d3c4b5a69788796a5b4c3d2e1",
		u:         "ad869562128c96192ea95646332be3880f2212fb2447e4dbde1916de3ec41323",
		x:         "45dd10d8fffc0b795cf749b5b7b40bfd4e18928c785fb393432c8addfa8d2004",
		key:       "1474cbe024dda4dbfde24714c270f38b",
		signature: "DlLwAXIDzgXPkN/KM0wlXNzMdL699eXNlWRdjmiudVA=",
	},
	{
		name:      "salt and u lead with a zero byte",
		b:         "server-b253",
		salt:      "00ff1e2d3c4b5a69788796a5b4c3d2e1",
		u:         "540837dfd957a08f0a60ada84dfb5fc28844c3b0edd8c7086f56386b100a86",
		x:         "7918d00bbab6586f0d41dd57481f61576ea4953f9292074a813189d8973ae546",
		key:       "4bb1092171106688b0d8fd0a11316c4c",
		signature: "j1vO7CT/Q0gv1gNxSqzdOCzKnsL2UDsP2hChlOB/GSE=",
	},
	{
		name:      "salt leads with a zero nibble, S with zeros",
		b:         "server-b211",
		salt:      "0f0f1e2d3c4b5a69788796a5b4c3d2e1",
		u:         "83ad4822169236f3fe72f705d858de5d08d5b3ec07391f7bf90516c993ee439",
		x:         "894c955d437f60af411adccba0324f8cdc579809ca3bf9da694472e9688c0104",
		key:       "614d2c5b91d705a2ee1bdc590e26a738",
		signature: "3k0DqPe+wcDw8tOKy35glVci75ayMYrruF/rsvVbjd4=",
	},
}

func TestVectors(t *testing.T) {
	for _, tc := range vectors {
		t.Run(tc.name, func(t *testing.T) {
			client, err := NewClient(exponentOf("client-a", clientExponent))
			if err != nil {
				t.Fatal(err)
			}
			sum := sha256.Sum256([]byte(client.A()))
			equal(t, "SHA-256 of SRP_A", hex.EncodeToString(sum[:]),
				"ef4021200a728f59913143c2f85d795a3f568879670fe6327babd6f871ab8e85")

			salt, err := hex.DecodeString(tc.salt)
			if err != nil {
				t.Fatal(err)
			}
			verifier, err := NewVerifier(bytes.NewReader(salt), vectorPool, vectorUserID, vectorPassword)
			if err != nil {
				t.Fatal(err)
			}
			server, err := NewServer(exponentOf(tc.b, serverExponent), verifier, client.A())
			if err != nil {
				t.Fatal(err)
			}

			key, err := sessionKey(server.u, server.bigS)
			if err != nil {
				t.Fatal(err)
			}
			equal(t, "u", server.u.Text(16), tc.u)
			equal(t, "x", private(number(salt), vectorPool, vectorUserID, vectorPassword).Text(16), tc.x)
			equal(t, "K", hex.EncodeToString(key), tc.key)

			equal(t, "SRP_B", server.B(), strings.ToLower(strings.TrimLeft(server.B(), "0")))
			equal(t, "SALT", server.Salt(), strings.TrimLeft(tc.salt, "0"))
			for _, salt := range []string{tc.salt, server.Salt()} {
				signature, err := client.Sign(Challenge{
					Pool:        vectorPool,
					UserID:      vectorUserID,
					Salt:        salt,
					B:           server.B(),
					SecretBlock: vectorSecretBlock,
				}, vectorPassword, vectorTimestamp)
				if err != nil {
					t.Fatal(err)
				}
				equal(t, "signature with salt "+salt, signature, tc.signature)
			}
			if !server.Verify(vectorPool, vectorUserID, vectorSecretBlock, vectorTimestamp, tc.signature) {
				t.Error("the server half refuses the signature")
			}
		})
	}
}

func TestMultiplier(t *testing.T) {
	equal(t, "k", multiplier.Text(16), "538282c4354742d7cbbde2359fcf67f9f5b3a6b08791e5011b43b8a5b66d9ee6")
}

func TestPad(t *testing.T) {
	for _, tc := range []struct{ n, want string }{
		{"0", "00"},
		{"1", "01"},
		{"7f", "7f"},
		{"80", "0080"},
		{"ff", "00ff"},
		{"100", "0100"},
		{"00007fff", "7fff"},
		{"8000", "008000"},
	} {
		n, ok := new(big.Int).SetString(tc.n, 16)
		if !ok {
			t.Fatal(tc.n)
		}
		equal(t, "pad of "+tc.n, hex.EncodeToString(pad(n)), tc.want)
	}
}

// exponentOf is a random source whose only exponent of that size is SHA-256 of text.
func exponentOf(text string, size int) io.Reader {
	sum := sha256.Sum256([]byte(text))
	return io.MultiReader(bytes.NewReader(make([]byte, size-len(sum))), bytes.NewReader(sum[:]))
}

func equal(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s is %s, want %s", what, got, want)
	}
}
