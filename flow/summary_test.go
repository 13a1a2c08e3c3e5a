package flow

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestSummaryRows(t *testing.T) {
	for _, tt := range []struct {
		summary Summary
		want    [][2]string
	}{
		{Summary{User: "alice", Pool: "p_1"}, [][2]string{
			{"User", "alice"}, {"User pool", "p_1"}, {"Active factors", "none"}, {"Preferred", "none set"},
		}},
		{Summary{User: "alice", Pool: "p_1", Device: "Pixel", Factors: []string{"SOFTWARE_TOKEN_MFA"}}, [][2]string{
			{"User", "alice"}, {"User pool", "p_1"}, {"Device name", "Pixel"},
			{"Active factors", "authenticator app"}, {"Preferred", "none set; there is only one"},
		}},
		{Summary{User: "alice", Pool: "p_1", Factors: []string{"SMS_MFA", "EMAIL_OTP", "CARRIER_PIGEON"},
			Preferred: "SMS_MFA"}, [][2]string{
			{"User", "alice"}, {"User pool", "p_1"},
			{"Active factors", "text message, email, CARRIER_PIGEON"}, {"Preferred", "text message"},
		}},
	} {
		if diff := cmp.Diff(tt.want, tt.summary.Rows()); diff != "" {
			t.Errorf("the rows of %+v:\n%s", tt.summary, diff)
		}
	}
}

// TestPlace: each Ask of a run says which pool it is about as soon as one is chosen, also while a call is under way.
func TestPlace(t *testing.T) {
	s := Start(Options{AskPool: true, Targets: []Target{{Pool: "us-east-1_A", Client: "abc"}}})
	at := func(when, pool, service string) {
		t.Helper()
		if a := s.Ask(); a.Pool != pool || a.Service != service {
			t.Errorf("%s: the pool is %q and the service is %q, want %q and %q", when, a.Pool, a.Service, pool, service)
		}
	}
	step := func(e Event) {
		t.Helper()
		var err error
		if s, _, err = Next(s, e); err != nil {
			t.Fatal(err)
		}
	}
	at("before the choice", "", "")
	step(Answer{Values: map[string]Secret{"target": NewSecret("us-east-1_A/abc")}})
	at("while it is connected", "", "")
	step(Reply{Result: Connected{Pool: "us-east-1_A", Issuer: "Acme"}})
	at("at the sign-in", "us-east-1_A", "Acme")
	step(Answer{Values: map[string]Secret{"username": NewSecret("alice"), "password": NewSecret("p")}})
	at("while signing in", "us-east-1_A", "Acme")
	step(Failed{Err: &Error{Fault: Elsewhere, Code: "x", Msg: "no"}})
	at("when stopped", "us-east-1_A", "Acme")
}

// TestPatience: a run that is told how long its pool waits gives the person that time, and never less than Cognito's
// least.
func TestPatience(t *testing.T) {
	at := time.Date(2026, time.November, 26, 9, 0, 0, 0, time.UTC)
	for told, want := range map[time.Duration]time.Duration{
		0: 3 * time.Minute, time.Minute: 3 * time.Minute, 15 * time.Minute: 15 * time.Minute,
	} {
		s := Start(Options{Issuer: "Acme", Patience: told})
		for _, e := range []Event{
			Answer{Values: map[string]Secret{"username": NewSecret("alice"), "password": NewSecret("p")}},
			Reply{Result: Challenge{Name: "MFA_SETUP", Session: NewSecret("S")}, At: at},
			Answer{Values: map[string]Secret{"device": NewSecret("Phone")}},
			Reply{Result: Associated{Key: NewSecret("GEZDGNBVGY3TQOJQ"), Session: NewSecret("T")}, At: at},
		} {
			var err error
			if s, _, err = Next(s, e); err != nil {
				t.Fatal(err)
			}
		}
		if got := s.Ask().Enroll.Deadline.Sub(at); got != want {
			t.Errorf("told %s, the person gets %s, want %s", told, got, want)
		}
	}
}
