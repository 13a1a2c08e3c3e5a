package localpool

import (
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/cryptosigner"
)

// tokenSigner signs the tokens of all pools, and checks those that come back.
type tokenSigner struct {
	signer   jose.Signer
	verifier any               // a key, or a jose.OpaqueVerifier
	public   []jose.JSONWebKey // the key set; empty if the signer has no public key
}

// newTokenSigner makes o the signer. Its key is called by its thumbprint (RFC 7638) if it has no
// name, because a client picks a key of the set by that.
func newTokenSigner(o jose.OpaqueSigner, algorithm jose.SignatureAlgorithm) (*tokenSigner, error) {
	t := &tokenSigner{verifier: o, public: []jose.JSONWebKey{}}
	key := jose.JSONWebKey{Key: o}
	if public := o.Public(); public != nil {
		key.KeyID, t.verifier = public.KeyID, public.Key
		if key.KeyID == "" {
			print, err := public.Thumbprint(crypto.SHA256)
			if err != nil {
				return nil, fmt.Errorf("the signing key: %w", err)
			}
			key.KeyID = base64.StdEncoding.EncodeToString(print)
		}
		t.public = []jose.JSONWebKey{{Key: public.Key, KeyID: key.KeyID, Algorithm: string(algorithm), Use: "sig"}}
	} else if _, ok := o.(jose.OpaqueVerifier); !ok {
		return nil, errors.New("the signer has neither a public key nor a method to verify")
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: key}, nil)
	if err != nil {
		return nil, fmt.Errorf("the signing key: %w", err)
	}
	t.signer = signer
	return t, nil
}

// newRSASigner makes a key like those of Cognito, which takes a tenth of a second.
func newRSASigner() (jose.OpaqueSigner, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, fmt.Errorf("making the signing key: %w", err)
	}
	return cryptosigner.Opaque(key), nil
}

// NewHMACSigner returns an [Options].Signer for tests that have no time for RSA: HS256 with
// secret. Only the server itself can verify its tokens, and the set of public keys is empty.
func NewHMACSigner(secret []byte) jose.OpaqueSigner { return hmacSigner(secret) }

type hmacSigner []byte

func (hmacSigner) Public() *jose.JSONWebKey { return nil }

func (hmacSigner) Algs() []jose.SignatureAlgorithm { return []jose.SignatureAlgorithm{jose.HS256} }

func (h hmacSigner) SignPayload(payload []byte, _ jose.SignatureAlgorithm) ([]byte, error) {
	mac := hmac.New(sha256.New, h)
	mac.Write(payload)
	return mac.Sum(nil), nil
}

// VerifyPayload is that of [jose.OpaqueVerifier].
func (h hmacSigner) VerifyPayload(payload, signature []byte, alg jose.SignatureAlgorithm) error {
	if want, _ := h.SignPayload(payload, alg); !hmac.Equal(want, signature) {
		return jose.ErrCryptoFailure
	}
	return nil
}
