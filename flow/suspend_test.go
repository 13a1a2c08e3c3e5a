package flow

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// What Suspend gives and Resume takes is the same enrollment, on both paths, and again after a wrong code.
func TestSuspend(t *testing.T) {
	at := time.Date(2026, time.November, 23, 9, 0, 0, 0, time.UTC)
	answer := func(pairs ...string) Event {
		a := Answer{Values: map[string]Secret{}, At: at}
		for i := 0; i < len(pairs); i += 2 {
			a.Values[pairs[i]] = NewSecret(pairs[i+1])
		}
		return a
	}
	signIn := answer("username", "alice", "password", "hush-hush")
	for name, events := range map[string][]Event{
		"by Session": {signIn,
			Reply{Result: Challenge{Name: mfaSetup, Session: NewSecret("S1"),
				Params: map[string]string{"USER_ID_FOR_SRP": "id"}}, At: at},
			answer("device", "Pixel"), Reply{Result: Associated{NewSecret("GEZDGNBVGY3TQOJQ"), NewSecret("S2")}, At: at}},
		"by access token": {signIn,
			Reply{Result: Tokens{NewSecret("T"), time.Hour}, At: at}, Reply{Result: Profile{Username: "id"}, At: at},
			answer("device", "Pixel"), Reply{Result: Associated{Key: NewSecret("GEZDGNBVGY3TQOJQ")}, At: at}},
	} {
		t.Run(name, func(t *testing.T) {
			s := Start(Options{Issuer: "Acme"})
			for _, e := range events {
				if _, ok := s.Suspend(); ok {
					t.Errorf("there is nothing to finish at %q", s.Ask().ID)
				}
				s = advance(t, s, e)
			}
			first, ok := s.Suspend()
			if !ok {
				t.Fatal("not suspended")
			}
			s = Start(Options{Issuer: "another", Resume: &first})
			for _, e := range []Event{answer("code", "111111"), Failed{Err: &Error{Code: CodeMismatch, Fault: Retry},
				Done: No}} {
				s = advance(t, s, e)
			}
			again, ok := s.Suspend()
			secrets := cmp.Comparer(func(a, b Secret) bool { return a == b })
			kept := first
			if name == "by access token" { // the code may have been accepted before, see mayBeDone
				kept.Facts.New = MaybeTaken
			}
			if diff := cmp.Diff(kept, again, secrets); diff != "" || !ok {
				t.Errorf("not the same (-first +again):\n%s", diff)
			}
			if first.Internal == "" && name == "by Session" || first.Device != "Pixel" || first.Issuer != "Acme" ||
				first.Deadline.IsZero() {
				t.Errorf("something is missing: %+v", first)
			}
			_, call, err := Next(s, answer("code", "123456"))
			want := Verify{Grant: first.Grant, Code: NewSecret("123456"), Device: "Pixel"}
			if diff := cmp.Diff(Call(want), call, secrets); diff != "" || err != nil {
				t.Errorf("%v\n%s", err, diff)
			}
		})
	}
}

func advance(t *testing.T, s State, e Event) State {
	t.Helper()
	s, _, err := Next(s, e)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// What was done for somebody else before is said by the run that finishes, too.
func TestSuspendKeepsOthers(t *testing.T) {
	p := Suspended{Username: "bob", Issuer: "Acme", Grant: Grant{AccessToken: NewSecret("T")},
		Facts:  Facts{New: Kept, Old: None},
		Others: []Account{{Username: "alice", Facts: Facts{Password: Yes, Old: None}}}}
	s := Start(Options{Issuer: "Acme", Resume: &p})
	const about = `About "alice": Your new password is active.`
	if got := s.Ask().Standing; !strings.Contains(got, about) {
		t.Errorf("it says %q, without %q", got, about)
	}
	again, ok := s.Suspend()
	if !ok || len(again.Others) != 1 || again.Others[0] != p.Others[0] {
		t.Errorf("kept: %+v", again.Others)
	}
}
