package localpool

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/cryptosigner"
)

// named is a signer whose key has a name.
type named struct{ jose.OpaqueSigner }

func (n named) Public() *jose.JSONWebKey {
	key := *n.OpaqueSigner.Public()
	key.KeyID = "my key"
	return &key
}

func TestSigner(t *testing.T) {
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name   string
		signer jose.OpaqueSigner
		alg    jose.SignatureAlgorithm
		keys   int
		kid    string
	}{
		{"HMAC", NewHMACSigner([]byte("secret")), jose.HS256, 0, ""},
		{"RSA", testKey(), jose.RS256, 1, ""},
		{"named RSA", named{testKey()}, jose.RS256, 1, "my key"},
		{"ECDSA", cryptosigner.Opaque(curve), jose.ES256, 1, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, Options{Signer: tt.signer})
			pool := r.seed(t, PoolSeed{ID: "us-east-1_Demo12345", Name: "p", Clients: []ClientSeed{{ID: "c"}},
				Users: []UserSeed{{Username: "bob", Password: aPassword}}}).Pools[0].ID
			out, err := r.enter("c", "bob", aPassword)
			if err != nil {
				t.Fatal(err)
			}
			token := out.AuthenticationResult.AccessToken
			if _, err := r.getUser(tokenInput{token}); err != nil {
				t.Errorf("its own token is refused: %v", err)
			}
			flipped := []byte(token)
			flipped[len(flipped)-9] ^= 1
			if _, err := r.getUser(tokenInput{string(flipped)}); !errors.Is(err, errAccessInvalid) {
				t.Errorf("another signature: got %v, want %v", err, errAccessInvalid)
			}
			jws, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{tt.alg})
			if err != nil {
				t.Fatal(err)
			}
			kid := jws.Signatures[0].Header.KeyID
			if tt.kid != "" && kid != tt.kid {
				t.Errorf("the key is called %q, want %q", kid, tt.kid)
			}
			var set jose.JSONWebKeySet
			getJSON(t, r.url+"/"+pool+"/.well-known/jwks.json", &set)
			if len(set.Keys) != tt.keys {
				t.Fatalf("%d public keys, want %d", len(set.Keys), tt.keys)
			}
			if tt.keys == 0 {
				return
			}
			found := set.Key(kid)
			if kid == "" || len(found) != 1 || found[0].Algorithm != string(tt.alg) {
				t.Fatalf("no public key is called %q: %+v", kid, set.Keys)
			}
			if _, err := jws.Verify(found[0]); err != nil {
				t.Errorf("the published key does not verify the token: %v", err)
			}
		})
	}
}

type mute struct{ jose.OpaqueSigner }

func (mute) Public() *jose.JSONWebKey { return nil }

func TestSignerThatCannotVerify(t *testing.T) {
	r := newRig(t, Options{Signer: mute{testKey()}})
	r.seed(t, PoolSeed{Name: "p", Clients: []ClientSeed{{ID: "c"}},
		Users: []UserSeed{{Username: "bob", Password: aPassword}}})
	resp, body := r.post(t, "InitiateAuth",
		`{"ClientId":"c","AuthFlow":"USER_PASSWORD_AUTH","AuthParameters":{"USERNAME":"bob","PASSWORD":"`+aPassword+`"}}`,
		nil)
	if resp.StatusCode != http.StatusInternalServerError {
		t.Errorf("%d %s, want 500", resp.StatusCode, body)
	}
}

// Two servers that share a signer do not take each other's tokens.
func TestSharedSigner(t *testing.T) {
	a, b := newRig(t, Options{}), newRig(t, Options{})
	for _, r := range []*rig{a, b} {
		r.seed(t, PoolSeed{Name: "p", Clients: []ClientSeed{{ID: "c"}},
			Users: []UserSeed{{Username: "bob", Password: aPassword}}})
	}
	b.secret = []byte("another") // for both draw the same
	first, err := a.enter("c", "bob", aPassword)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.enter("c", "bob", aPassword); err != nil {
		t.Fatal(err)
	}
	if _, err := b.getUser(tokenInput{first.AuthenticationResult.AccessToken}); err == nil {
		t.Error("it was taken")
	}
}

func getJSON(t testing.TB, url string, v any) {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(v); err != nil {
		t.Fatalf("%s: %v", url, err)
	}
}

// counting counts what its signer has to verify.
type counting struct {
	hmacSigner
	verified *int
}

func (c counting) VerifyPayload(payload, signature []byte, alg jose.SignatureAlgorithm) error {
	*c.verified++
	return c.hmacSigner.VerifyPayload(payload, signature, alg)
}

// A token that this server has just signed or verified is not verified again; one that others
// displaced is, and says the same. What makes it invalid counts either way.
func TestKnownTokens(t *testing.T) {
	verified := 0
	r := newRig(t, Options{Signer: counting{hmacSigner("k"), &verified}})
	r.seed(t, PoolSeed{Name: "p", MFA: "OPTIONAL", Clients: []ClientSeed{{ID: "c"}},
		Users: []UserSeed{{Username: "amy", Password: aPassword}, {Username: "bob", Password: aPassword}}})
	token := func(user string) string {
		out, err := r.enter("c", user, aPassword)
		if err != nil {
			t.Fatal(err)
		}
		return out.AuthenticationResult.AccessToken
	}
	amy := token("amy")
	call := func(want error, times int) {
		t.Helper()
		verified = 0
		for range 2 {
			out, err := r.getUser(tokenInput{amy})
			if !errors.Is(err, want) || err == nil && out.Username != "amy" {
				t.Fatalf("got %+v, %v, want amy, %v", out, err, want)
			}
		}
		if verified != times {
			t.Errorf("verified %d times in two calls, want %d", verified, times)
		}
	}
	call(nil, 0)
	for range 16 * len(r.known) {
		token("bob")
	}
	call(nil, 1)
	r.clock.advance(time.Hour)
	call(errAccessExpired, 0)
	r.clock.advance(-time.Hour)
	if err := r.signOut(r.pools.list[0].find("amy")); err != nil {
		t.Fatal(err)
	}
	call(errAccessRevoked, 0)
	r.known = knownTokens{}
	call(errAccessRevoked, 1)
}
