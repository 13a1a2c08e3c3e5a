// Package localpooltest serves a local user pool to a test.
//
// The module is not published: until it is, use it by a replace directive in go.mod that names a
// copy of the source.
package localpooltest

import (
	"net/http/httptest"
	"testing"

	"cognito-enroll/cognito/localpool"
)

// Server is a [localpool.Server] at a URL on the loopback interface.
type Server struct {
	*localpool.Server
	URL  string         // the endpoint to give to a client, such as cognitoidentityprovider.Options.BaseEndpoint
	Seed localpool.Seed // with all ids and secrets that were drawn
}

// NewServer starts a server with these pools, which ends with the test. Unless o has a signer,
// tokens are signed with HMAC, which takes no time, but which nobody else can verify: give
// cryptosigner.Opaque of an RSA key, shared by all tests, where that matters.
func NewServer(t testing.TB, o localpool.Options, pools ...localpool.PoolSeed) *Server {
	t.Helper()
	if o.Signer == nil {
		o.Signer = localpool.NewHMACSigner([]byte(t.Name()))
	}
	s := localpool.New(o)
	seed, err := s.Seed(localpool.Seed{Pools: pools})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	return &Server{s, web.URL, seed}
}
