package localpool

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"io"
	mathrand "math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/cryptosigner"
)

// start is the time at which every test begins, six seconds into a period.
var start = time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// testKey spares every test the making of a key.
var testKey = sync.OnceValue(func() jose.OpaqueSigner {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return cryptosigner.Opaque(key)
})

// rig is a server with a clock that the test moves, and with randomness that repeats.
type rig struct {
	*Server
	clock *clock
	url   string
}

func newRig(t testing.TB, o Options) *rig {
	t.Helper()
	c := &clock{now: start}
	o.Now, o.Random = c.Now, mathrand.NewChaCha8([32]byte{1})
	if o.Signer == nil {
		o.Signer = testKey()
	}
	s := New(o)
	h := httptest.NewServer(s)
	t.Cleanup(h.Close)
	return &rig{s, c, h.URL}
}

func (r *rig) seed(t testing.TB, pools ...PoolSeed) Seed {
	t.Helper()
	seed, err := r.Seed(Seed{Pools: pools})
	if err != nil {
		t.Fatal(err)
	}
	return seed
}

const signature = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260203/us-east-1/cognito-idp/aws4_request, " +
	"SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=" +
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

// post sends one request as it is on the wire.
func (r *rig) post(t testing.TB, operation, body string, header http.Header) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequest("POST", r.url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if header != nil {
		req.Header = header.Clone()
	}
	req.Header.Set("X-Amz-Target", "AWSCognitoIdentityProviderService."+operation)
	req.Header.Set("Content-Type", "application/x-amz-json-1.1")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var b bytes.Buffer
	if _, err := io.Copy(&b, resp.Body); err != nil {
		t.Fatal(err)
	}
	return resp, b.String()
}
