package cognito_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cognito-enroll/cognito"
	"cognito-enroll/cognito/localpool"
	"cognito-enroll/cognito/pooltest"
	"cognito-enroll/flow"
)

// counting keeps the operations in the order in which they were called.
type counting struct{ operations []string }

func (c *counting) RoundTrip(r *http.Request) (*http.Response, error) {
	c.operations = append(c.operations, r.Header.Get("X-Amz-Target")[len("AWSCognitoIdentityProviderService."):])
	return http.DefaultTransport.RoundTrip(r)
}

// newPool serves a pool with as many users as asked for, and returns a Client for it.
func newPool(tb testing.TB, mfa string, users int) (*cognito.Client, *counting, []string) {
	tb.Helper()
	seed := localpool.PoolSeed{Name: "p", MFA: mfa, Clients: []localpool.ClientSeed{{GenerateSecret: true}}}
	var names []string
	for i := range users {
		name := fmt.Sprintf("user-%d", i)
		names = append(names, name)
		seed.Users = append(seed.Users, localpool.UserSeed{Username: name, Password: "Correct-Horse-9!"})
	}
	server := localpool.New(localpool.Options{})
	made, err := server.Seed(localpool.Seed{Pools: []localpool.PoolSeed{seed}})
	if err != nil {
		tb.Fatal(err)
	}
	web := httptest.NewServer(server)
	tb.Cleanup(web.Close)
	pool, count := made.Pools[0], &counting{}
	c, err := cognito.New(cognito.Config{
		PoolID: pool.ID, ClientID: pool.Clients[0].ID, ClientSecret: flow.NewSecret(pool.Clients[0].Secret),
		Endpoint: web.URL, Transport: count,
	})
	if err != nil {
		tb.Fatal(err)
	}
	return c, count, names
}

// TestEnrollmentCalls: what one enrollment costs.
func TestEnrollmentCalls(t *testing.T) {
	for mfa, want := range map[string][]string{
		"ON": {
			"InitiateAuth", "RespondToAuthChallenge", "AssociateSoftwareToken", "VerifySoftwareToken", "RespondToAuthChallenge",
			"GetUser",
		},
		"OPTIONAL": {
			"InitiateAuth", "RespondToAuthChallenge", "GetUser", "AssociateSoftwareToken", "VerifySoftwareToken",
			"SetUserMFAPreference",
			"GetUser",
		},
	} {
		t.Run(mfa, func(t *testing.T) {
			c, count, users := newPool(t, mfa, 1)
			p := &pooltest.Person{Username: users[0], Password: "Correct-Horse-9!", Now: time.Now}
			if end, asked := p.Run(t, c); end.Problem != nil || !end.Summary.New {
				t.Fatalf("after %q the run ended with %q", asked, end.Title)
			}
			if diff := cmp.Diff(want, count.operations); diff != "" {
				t.Errorf("the calls (-want +got):\n%s", diff)
			}
		})
	}
}

// BenchmarkEnrollment is a whole enrollment with SRP, both halves of it in this process.
func BenchmarkEnrollment(b *testing.B) {
	for _, mfa := range []string{"ON", "OPTIONAL"} {
		b.Run(mfa, func(b *testing.B) {
			c, count, users := newPool(b, mfa, b.N)
			b.ResetTimer()
			for i := range b.N {
				p := &pooltest.Person{Username: users[i], Password: "Correct-Horse-9!", Now: time.Now}
				if end, asked := p.Run(b, c); end.Problem != nil || !end.Summary.New {
					b.Fatalf("after %q the run ended with %q", asked, end.Title)
				}
			}
			b.ReportMetric(float64(len(count.operations))/float64(b.N), "calls/op")
		})
	}
}
