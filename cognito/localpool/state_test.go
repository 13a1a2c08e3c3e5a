package localpool

import (
	"fmt"
	mathrand "math/rand/v2"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/cockroachdb/datadriven"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.etcd.io/bbolt"
)

// openRig is a rig whose server keeps its state at path.
func openRig(t testing.TB, path string, o Options) *rig {
	t.Helper()
	c := &clock{now: start}
	o.Now, o.Random = c.Now, mathrand.NewChaCha8([32]byte{1})
	s, err := Open(path, o)
	if err != nil {
		t.Fatal(err)
	}
	h := httptest.NewServer(s)
	t.Cleanup(func() { h.Close(); s.Close() })
	return &rig{s, c, h.URL}
}

// everything compares all that a pool consists of, and what it points to.
var everything = cmp.Options{
	cmp.Exporter(func(reflect.Type) bool { return true }), cmpopts.EquateEmpty(),
	cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".server" || p.Last().String() == ".last" },
		cmp.Ignore()),
}

// TestStateOfTranscripts holds every conversation with a server that keeps its state, and looks
// whether it is all there when the file is opened again.
func TestStateOfTranscripts(t *testing.T) {
	datadriven.Walk(t, "testdata/transcripts", func(t *testing.T, path string) {
		file := filepath.Join(t.TempDir(), "state")
		o := Options{Signer: testKey()}
		tr := newTranscript(t, o)
		mail := tr.o.Deliver
		o.Deliver = mail
		tr.rig = openRig(t, file, o)
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			if d.Cmd == "new" {
				t.Skip("the rest is on another server")
			}
			return tr.run(t, d)
		})
		if err := tr.Close(); err != nil {
			t.Fatal(err)
		}
		again, err := Open(file, o)
		if err != nil {
			t.Fatal(err)
		}
		defer again.Close()
		if d := cmp.Diff(tr.pools, again.pools, everything); d != "" {
			t.Errorf("before and after (-before +after):\n%s", d)
		}
		if d := cmp.Diff(tr.revoked, again.revoked, cmpopts.EquateEmpty()); d != "" {
			t.Errorf("revocations (-before +after):\n%s", d)
		}
		if string(tr.secret) != string(again.secret) {
			t.Error("the secret is another")
		}
	})
}

// Tokens, locks and used codes survive.
func TestStateSurvives(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state")
	r := openRig(t, file, Options{})
	seed := r.seed(t, PoolSeed{Name: "p", MFA: "OPTIONAL", Clients: []ClientSeed{{ID: "c"}}, Users: []UserSeed{
		{Username: "bob", Password: aPassword}, {Username: "eve", Password: aPassword, TOTP: &TOTPSeed{}}}})
	post := func(r *rig, operation, body string) string {
		t.Helper()
		_, answer := r.post(t, operation, body, nil)
		return answer
	}
	login := func(r *rig, user, password string) string {
		t.Helper()
		return post(r, "InitiateAuth",
			fmt.Sprintf(`{"ClientId":"c","AuthFlow":"USER_PASSWORD_AUTH","AuthParameters":{"USERNAME":%q,"PASSWORD":%q}}`, user,
				password))
	}
	value := func(answer, name string) string {
		t.Helper()
		_, rest, ok := strings.Cut(answer, `"`+name+`":"`)
		if !ok {
			t.Fatalf("no %s in %s", name, answer)
		}
		return rest[:strings.IndexByte(rest, '"')]
	}
	in := login(r, "bob", aPassword)
	access, refresh := value(in, "AccessToken"), value(in, "RefreshToken")
	mfa := value(login(r, "eve", aPassword), "Session")
	code := *r.codeOf(seed.Pools[0].Users[1].TOTP.Secret, 0)
	answer := fmt.Sprintf(`{"ClientId":"c","ChallengeName":"SOFTWARE_TOKEN_MFA","Session":%q,"ChallengeResponses":{"USERNAME":"eve","SOFTWARE_TOKEN_MFA_CODE":%q}}`, mfa, code)
	if got := post(r, "RespondToAuthChallenge", answer); !strings.Contains(got, "AccessToken") {
		t.Fatal(got)
	}
	session := value(login(r, "eve", aPassword), "Session")
	for range 5 {
		login(r, "bob", "wrong")
	}
	r.Close()

	r = openRig(t, file, Options{})
	if got := post(r, "GetUser", fmt.Sprintf(`{"AccessToken":%q}`, access)); !strings.Contains(got, `"Username":"bob"`) {
		t.Errorf("the access token: %s", got)
	}
	if got := post(r, "InitiateAuth",
		fmt.Sprintf(`{"ClientId":"c","AuthFlow":"REFRESH_TOKEN_AUTH","AuthParameters":{"REFRESH_TOKEN":%q}}`,
			refresh)); !strings.Contains(got, "AccessToken") {
		t.Errorf("the refresh token: %s", got)
	}
	if got := login(r, "bob", aPassword); !strings.Contains(got, "Password attempts exceeded") {
		t.Errorf("the lock: %s", got)
	}
	if got := post(r, "RespondToAuthChallenge", strings.Replace(answer, mfa, session, 1)); !strings.Contains(got,
		"Invalid session") {
		t.Errorf("a Session survived: %s", got)
	}
	again := strings.Replace(answer, mfa, value(login(r, "eve", aPassword), "Session"), 1)
	if got := post(r, "RespondToAuthChallenge", again); !strings.Contains(got, "already been used") {
		t.Errorf("a used code: %s", got)
	}
	if _, err := r.Seed(Seed{Pools: []PoolSeed{{ID: seed.Pools[0].ID, Name: "p"}}}); err == nil {
		t.Error("a pool is seeded twice")
	}
}

// TestStateRefuses is what Open says of files that it cannot use, which stay as they are.
func TestStateRefuses(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, content []byte, mode os.FileMode) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, content, mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := func(name string, change func(tx *bbolt.Tx) error) string {
		path := filepath.Join(dir, name)
		r := openRig(t, path, Options{Signer: testKey()})
		r.seed(t, PoolSeed{Name: "p", Clients: []ClientSeed{{ID: "c"}},
			Users: []UserSeed{{Username: "bob", Password: aPassword}}})
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		db, err := bbolt.Open(path, 0o600, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if err := db.Update(change); err != nil {
			t.Fatal(err)
		}
		return path
	}
	put := func(bucket, key, value string) func(*bbolt.Tx) error {
		return func(tx *bbolt.Tx) error { return tx.Bucket([]byte(bucket)).Put([]byte(key), []byte(value)) }
	}
	nothing := func(*bbolt.Tx) error { return nil }

	used := filepath.Join(dir, "used")
	openRig(t, used, Options{Signer: testKey()})
	torn := good("torn", nothing)
	bytes, err := os.ReadFile(torn)
	if err != nil {
		t.Fatal(err)
	}
	zeroed := append([]byte{}, bytes...)
	clear(zeroed[2*os.Getpagesize():])

	for _, tt := range []struct{ name, path, want string }{
		{"in use", used, "is in use by another process"},
		{"text", write("text", []byte(strings.Repeat("not a database\n", 4000)), 0o600), "is not a state file, or is broken"},
		{"short", write("short", []byte("x"), 0o600), "is not a state file, or is broken"},
		{"first page alone", write("first", bytes[:os.Getpagesize()], 0o600), "first is not a state file, or is broken"},
		{"pages of zeros", write("zeroed", zeroed, 0o600), "is broken"},
		{"cut off", write("cut", bytes[:3*os.Getpagesize()], 0o600), "broken"},
		{"newer", good("newer", put(metaBucket, "format", "2")),
			"this state file has format 2, and this version reads format 1"},
		{"of another program", good("other", func(tx *bbolt.Tx) error {
			if err := tx.DeleteBucket([]byte(metaBucket)); err != nil {
				return err
			}
			_, err := tx.CreateBucket([]byte("things"))
			return err
		}), "this is a database of another program"},
		{"bad record", good("record", put(userBucket, "x", "{")), "the state file is broken"},
		{"lost pool", good("lost", put(clientBucket, "x", `{"Pool":"nosuch"}`)), `there is no pool "nosuch"`},
		{"bad pool", good("pool", put(poolBucket, "x", `{"Settings":{"DeletionProtection":"MAYBE"}}`)),
			"the state file is broken"},
		{"bad revocation", good("revocation", put(revocationBucket, "x", "1")), "the state file is broken"},
		{"bad key", good("key", put(metaBucket, "key", "x")), "the signing key"},
		{"readable", write("readable", bytes, 0o644), "chmod 600"},
		{"directory", dir, "is not a regular file"},
		{"nowhere", filepath.Join(dir, "no", "such"), "no such file"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.name == "readable" && runtime.GOOS == "windows" {
				t.Skip("files have no mode")
			}
			before, _ := os.ReadFile(tt.path)
			s, err := Open(tt.path, Options{})
			if err == nil {
				s.Close()
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
			if after, _ := os.ReadFile(tt.path); string(before) != string(after) && tt.name != "in use" {
				t.Error("the file has changed")
			}
		})
	}
}

func TestStateFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	r := openRig(t, path, Options{})
	if !r.Empty() {
		t.Error("a new state is not empty")
	}
	info, err := os.Stat(path)
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	r.seed(t, PoolSeed{Name: "p"})
	if r.Empty() {
		t.Error("a seeded state is empty")
	}
	select {
	case <-r.Failed():
		t.Error("failed")
	default:
	}
}

// When the disk fails nothing is acknowledged any more.
func TestStateFails(t *testing.T) {
	r := openRig(t, filepath.Join(t.TempDir(), "state"), Options{Signer: testKey()})
	r.seed(t, PoolSeed{ID: "us-east-1_Demo12345", Name: "p"})
	r.store.db.Close()
	if _, err := r.Seed(Seed{Pools: []PoolSeed{{Name: "q"}}}); err == nil {
		t.Error("a seed is acknowledged that is not kept")
	}
	<-r.Failed()
	if resp, body := r.post(t, "DescribeUserPool", `{"UserPoolId":"us-east-1_Demo12345"}`,
		map[string][]string{"Authorization": {signature}}); resp.StatusCode != 500 {
		t.Errorf("%d %s, want 500", resp.StatusCode, body)
	}
	if r.Close() == nil {
		t.Error("Close says nothing of it")
	}
	if s := New(Options{}); s.Failed() != nil || s.Close() != nil {
		t.Error("a server without a state can fail")
	}
}

// Calls that come at the same time are all kept, whatever write they share.
func TestStateTogether(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	r := openRig(t, path, Options{Signer: NewHMACSigner([]byte("k"))})
	r.seed(t, PoolSeed{ID: "us-east-1_Demo12345", Name: "p"})
	const callers, each = 8, 25
	var wg sync.WaitGroup
	for i := range callers {
		wg.Go(func() {
			for n := range each {
				r.post(t, "AdminCreateUser", fmt.Sprintf(`{"UserPoolId":"us-east-1_Demo12345","Username":"u%d-%d"}`, i, n),
					map[string][]string{"Authorization": {signature}})
			}
		})
	}
	wg.Wait()
	r.Close()
	again, err := Open(path, Options{Signer: NewHMACSigner([]byte("k"))})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if n := len(again.pools.list[0].users); n != callers*each {
		t.Errorf("%d users are there, want %d", n, callers*each)
	}
}
