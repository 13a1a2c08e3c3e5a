package localpool

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

func sessionRig(t testing.TB) (*rig, session) {
	r := newRig(t, Options{Signer: NewHMACSigner([]byte("k"))})
	r.seed(t, PoolSeed{Name: "p", MFA: "ON", Clients: []ClientSeed{{ID: "c"}},
		Users: []UserSeed{{Username: "bob", Password: aPassword}}})
	return r, session{login: login{client: r.clients["c"], user: r.pools.list[0].users[0]}, challenge: "MFA_SETUP"}
}

// A Session that begins with a dash is an option to the AWS CLI.
func TestSessionText(t *testing.T) {
	r, ss := sessionRig(t)
	for range 10_000 {
		text := r.newSession(ss)
		if !strings.HasPrefix(text, "AYABe") || len(text) != 1540 {
			t.Fatalf("%d characters, %.10s…", len(text), text)
		}
	}
}

// Only the newest sessions are remembered, and each for an hour after its death.
func TestSessionsForgotten(t *testing.T) {
	r, ss := sessionRig(t)
	open := func() string { return r.newSession(ss) }
	state := func(text string) error { _, err := r.session(text); return err }

	first := open()
	for range mostSessions - 1 {
		open()
	}
	if err := state(first); err != nil {
		t.Errorf("after %d others: %v", mostSessions-1, err)
	}
	second := open()
	if err := state(first); !errors.Is(err, errSessionInvalid) {
		t.Errorf("after %d others: got %v, want %v", mostSessions, err, errSessionInvalid)
	}
	if n := len(r.sessions.byHash); n != mostSessions {
		t.Errorf("%d are remembered, want %d", n, mostSessions)
	}
	r.clock.advance(3*time.Minute + sessionMemory)
	open()
	if err := state(second); !errors.Is(err, errSessionExpired) {
		t.Errorf("an hour after its death: got %v, want %v", err, errSessionExpired)
	}
	r.clock.advance(time.Second)
	for range mostSessions/2 + 1 {
		open()
	}
	if err := state(second); !errors.Is(err, errSessionInvalid) {
		t.Errorf("later: got %v, want %v", err, errSessionInvalid)
	}
	if n := len(r.sessions.byHash); n > mostSessions/2+2 {
		t.Errorf("%d are remembered, want only the live ones", n)
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

func TestSessionsThatRepeat(t *testing.T) {
	r, ss := sessionRig(t)
	r.o.Random = zeros{}
	for range 200 {
		r.newSession(ss)
	}
	if n := len(r.sessions.byHash); n != 1 {
		t.Errorf("%d sessions, want 1", n)
	}
}

// Opening a session costs the same when many have been.
func BenchmarkSession(b *testing.B) {
	for _, before := range []int{0, 100_000} {
		b.Run(fmt.Sprint("after ", before), func(b *testing.B) {
			r, ss := sessionRig(b)
			for range before {
				r.newSession(ss)
			}
			b.ResetTimer()
			for range b.N {
				r.newSession(ss)
			}
		})
	}
}
