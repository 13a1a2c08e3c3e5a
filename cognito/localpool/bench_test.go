package localpool

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// serve makes a call without a network.
func (r *rig) serve(operation, body string) string {
	req := httptest.NewRequest("POST", "/", strings.NewReader(body))
	req.Header.Set("X-Amz-Target", targetPrefix+operation)
	req.Header.Set("Authorization", signature)
	w := httptest.NewRecorder()
	r.ServeHTTP(w, req)
	if w.Code != http.StatusOK {
		panic(w.Body.String())
	}
	return w.Body.String()
}

func textOf(answer, name string) string {
	_, rest, _ := strings.Cut(answer, `"`+name+`":"`)
	return rest[:strings.IndexByte(rest, '"')]
}

// journey is a sign-in by password, AssociateSoftwareToken and VerifySoftwareToken.
func (r *rig) journey(user string) {
	token := textOf(r.serve("InitiateAuth",
		`{"ClientId":"c","AuthFlow":"USER_PASSWORD_AUTH","AuthParameters":{"USERNAME":"`+user+`","PASSWORD":"`+aPassword+`"}}`), "AccessToken")
	key := textOf(r.serve("AssociateSoftwareToken", `{"AccessToken":"`+token+`"}`), "SecretCode")
	r.serve("VerifySoftwareToken", `{"AccessToken":"`+token+`","UserCode":"`+*r.codeOf(key, 0)+`"}`)
}

func journeyRig(t testing.TB, o Options) *rig {
	r := newRig(t, o)
	var users []UserSeed
	for i := range 64 {
		users = append(users, UserSeed{Username: fmt.Sprint("u", i), Password: aPassword})
	}
	r.seed(t, PoolSeed{ID: "us-east-1_Demo12345", Name: "p", MFA: "OPTIONAL", Clients: []ClientSeed{{ID: "c"}},
		Users: users})
	return r
}

func BenchmarkJourney(b *testing.B) {
	r := journeyRig(b, Options{})
	for b.Loop() {
		r.journey("u0")
	}
}

func BenchmarkJourneyWithoutRSA(b *testing.B) {
	r := journeyRig(b, Options{Signer: NewHMACSigner([]byte("k"))})
	for b.Loop() {
		r.journey("u0")
	}
}

// BenchmarkEightCallers reports how many times the throughput of one caller eight reach together: close to 2 with two
// processors that have nothing else to do. Both make half of the journeys, 40 at a time in turns, so that what else
// the machine does slows down both:
//
//	go test ./cognito/localpool -run '^$' -bench EightCallers -cpu 2 -benchtime 2000x -count 5
func BenchmarkEightCallers(b *testing.B) {
	r := journeyRig(b, Options{})
	together := func(callers, journeys int) time.Duration {
		var left atomic.Int64
		left.Store(int64(journeys))
		var wait sync.WaitGroup
		begun := time.Now()
		for i := range callers {
			user := fmt.Sprint("u", i)
			wait.Go(func() {
				for left.Add(-1) >= 0 {
					r.journey(user)
				}
			})
		}
		wait.Wait()
		return time.Since(begun)
	}
	together(1, 1) // makes the key
	b.ResetTimer()
	var one, eight time.Duration
	for n := b.N; n > 0; n -= 80 {
		one += together(1, min(n, 80)/2)
		eight += together(8, min(n, 80)/2)
	}
	b.ReportMetric(float64(one)/float64(eight), "times-one")
}

// TestManyUsers reads and seeds 100,000 users, pages through them and finds each at once.
func TestManyUsers(t *testing.T) {
	if testing.Short() {
		t.Skip("seeds 100,000 users")
	}
	const n = 100_000
	users := make([]UserSeed, n)
	for i := range users {
		users[i] = UserSeed{Username: fmt.Sprintf("user%06d@example.com", i), Password: aPassword}
	}
	text, err := json.Marshal(Seed{Pools: []PoolSeed{{ID: "us-east-1_Demo12345", Name: "p",
		UsernameAttributes: []string{"email"}, Clients: []ClientSeed{{ID: "c"}}, Users: users}}})
	if err != nil {
		t.Fatal(err)
	}
	users = nil
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	r := newRig(t, Options{Signer: NewHMACSigner([]byte("k"))})
	begun := time.Now()
	file, err := ParseSeed(text)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Seed(file.Seed); err != nil {
		t.Fatal(err)
	}
	took := time.Since(begun)
	runtime.GC()
	runtime.ReadMemStats(&after)
	memory, garbage := int64(after.HeapAlloc-before.HeapAlloc)>>20, int64(after.TotalAlloc-before.TotalAlloc)>>20
	begun = time.Now()
	seen, token := 0, ""
	for {
		body := `{"UserPoolId":"us-east-1_Demo12345"}`
		if token != "" {
			body = `{"UserPoolId":"us-east-1_Demo12345","PaginationToken":"` + token + `"}`
		}
		answer := r.serve("ListUsers", body)
		seen += strings.Count(answer, `"Username":`)
		if !strings.Contains(answer, `"PaginationToken"`) {
			break
		}
		token = textOf(answer, "PaginationToken")
	}
	paged := time.Since(begun)
	begun = time.Now()
	for i := 0; i < n; i += 100 {
		r.serve("AdminGetUser", fmt.Sprintf(`{"UserPoolId":"us-east-1_Demo12345","Username":"user%06d@example.com"}`, i))
	}
	t.Logf("seeded in %v, %d MiB of %d allocated, %d listed in %v, one found in %v", took, memory, garbage, seen, paged, time.Since(begun)/(n/100))
	if seen != n {
		t.Errorf("%d users are listed, want %d", seen, n)
	}
	if memory > 200 {
		t.Errorf("they take %d MiB, want 200 at most", memory)
	}
	if garbage > 600 && !raceEnabled { // reading is what leaves most; the detector has sync.Pool drop what it keeps
		t.Errorf("%d MiB were allocated on the way, want 600 at most", garbage)
	}
	if took > 30*time.Second { // 5 s on a machine of its own
		t.Errorf("seeding took %v", took)
	}
}

// Sign-ins leave nothing behind: neither their tokens nor the Sessions that nobody answers. There are some
// thousands of each, and as many as COGNITO_ENROLL_SIGN_INS says.
func TestNoGrowth(t *testing.T) {
	n := 5000
	if text := os.Getenv("COGNITO_ENROLL_SIGN_INS"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	r := newRig(t, Options{Signer: NewHMACSigner([]byte("k"))})
	r.seed(t, PoolSeed{ID: "us-east-1_Demo12345", Name: "p", MFA: "OPTIONAL", Clients: []ClientSeed{{ID: "c"}},
		Users: []UserSeed{
			{Username: "tokens", Password: aPassword}, {Username: "session", Password: aPassword, TOTP: &TOTPSeed{}},
		}})
	heap := func() int64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	signIn := func(user string, n int) {
		for range n {
			r.serve("InitiateAuth", `{"ClientId":"c","AuthFlow":"USER_PASSWORD_AUTH","AuthParameters":{"USERNAME":"`+user+
				`","PASSWORD":"`+aPassword+`"}}`)
			r.clock.advance(50 * time.Millisecond)
		}
	}
	for _, user := range []string{"tokens", "session"} {
		signIn(user, mostSessions)
		before := heap()
		signIn(user, n)
		grown := heap() - before
		t.Logf("%d sign-ins of %q left %d KiB", n, user, grown>>10)
		if grown > 4<<20 { // the tables of the Sessions that are remembered may double once
			t.Errorf("%d sign-ins of %q left %d bytes", n, user, grown)
		}
	}
}
