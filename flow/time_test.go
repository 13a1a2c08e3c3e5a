package flow_test

import (
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"cognito-enroll/flow"
)

// timeKey opens nothing.
const timeKey = "C7VTYKPRT6IK3VVYPQU3O2K56Q3H7LAN7PXIBSOOGE4WPLOCOVXQ"

// nine is the beginning of a period of 30 seconds.
var nine = time.Date(2026, time.November, 23, 9, 0, 0, 0, time.UTC)

// step makes events happen one after the other and returns what the last led to.
func after(t *testing.T, s flow.State, events ...flow.Event) (flow.State, flow.Call) {
	t.Helper()
	var call flow.Call
	for i, e := range events {
		var err error
		if s, call, err = flow.Next(s, e); err != nil {
			t.Fatalf("event %d, %T: %v", i, e, err)
		}
	}
	return s, call
}

// given is an answer of pairs of a field and a value.
func given(at time.Time, pairs ...string) flow.Answer {
	a := flow.Answer{Values: map[string]flow.Secret{}, At: at}
	for i := 0; i < len(pairs); i += 2 {
		a.Values[pairs[i]] = flow.NewSecret(pairs[i+1])
	}
	return a
}

// toCode goes to where the first code of a new key is awaited, on a computer whose clock is ahead by skew.
func toCode(t *testing.T, skew time.Duration, o flow.Options) flow.State {
	t.Helper()
	s, _ := after(t, flow.Start(o), given(nine, "username", "alice", "password", "pw"),
		flow.Reply{Result: flow.Challenge{Name: "MFA_SETUP", Session: flow.NewSecret("S1")}, At: nine, Skew: skew},
		given(nine, "device", "Pixel"),
		flow.Reply{Result: flow.Associated{Key: flow.NewSecret(timeKey), Session: flow.NewSecret("S2")}, At: nine,
			Skew: skew})
	return s
}

// codeAt is what an app with the key shows at a moment of Cognito's time.
func codeAt(t *testing.T, at time.Time) string {
	t.Helper()
	code, err := totp.GenerateCode(timeKey, at)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// TestCodeByTheClock: Cognito accepts the codes of this period and of the two beside it. One further
// away is not sent, and what is wrong with the phone's clock is said.
func TestCodeByTheClock(t *testing.T) {
	for _, skew := range []time.Duration{0, 3 * time.Minute, -time.Hour} {
		for _, tt := range []struct {
			off  time.Duration
			sent bool
			says string
		}{
			{0, true, ""},
			{-30 * time.Second, true, ""},
			{30 * time.Second, true, ""},
			{-60 * time.Second, false, "60 seconds slow"},
			{60 * time.Second, false, "60 seconds fast"},
			{-90 * time.Second, false, "2 minutes slow"},
			{19 * 30 * time.Second, false, "10 minutes fast"},
			{-20 * 30 * time.Second, false, "10 minutes slow"},
			{22 * 30 * time.Second, false, "11 minutes fast"},
			{105 * time.Minute, false, "105 minutes fast"},
			{119 * time.Minute, false, "2 hours fast"},
			{-2 * time.Hour, false, "2 hours slow"},
		} {
			s := toCode(t, skew, flow.Options{Issuer: "Acme"})
			s, call := after(t, s, given(nine, "code", codeAt(t, nine.Add(-skew+tt.off))))
			problem := s.Ask().Problem
			if tt.sent {
				if verify, ok := call.(flow.Verify); !ok || problem != nil || verify.Code.Empty() {
					t.Errorf("a code that is %s off: %T, %v; it is to be sent", tt.off, call, problem)
				}
				continue
			}
			if call != nil || problem == nil || problem.Code != flow.CodeUnlikely || !strings.Contains(problem.Msg, tt.says) {
				t.Errorf("a code that is %s off: %T, %v; want %q", tt.off, call, problem, tt.says)
			}
		}
	}
	s, call := after(t, toCode(t, 0, flow.Options{Issuer: "Acme"}), given(nine, "code", codeAt(t, nine.Add(5*time.Hour))))
	if p := s.Ask().Problem; call != nil || p == nil || p.Code != flow.CodeUnlikely || strings.Contains(p.Msg, "clock") {
		t.Errorf("a code of no clock: %T, %v", call, p)
	}
}

// TestClockIsSuspected: beyond 20 seconds in either direction, and not before.
func TestClockIsSuspected(t *testing.T) {
	for _, tt := range []struct {
		skew time.Duration
		says string
	}{
		{0, ""}, {20 * time.Second, ""}, {-20 * time.Second, ""},
		{21 * time.Second, "21 seconds fast"}, {-21 * time.Second, "21 seconds slow"},
		{61 * time.Second, "61 seconds fast"}, {90 * time.Second, "2 minutes fast"},
	} {
		s, _ := after(t, flow.Start(flow.Options{Issuer: "Acme"}), given(nine, "username", "alice", "password", "pw"),
			flow.Failed{Err: &flow.Error{Code: flow.CodeWrongPassword, Fault: flow.Retry, Field: "password",
				Msg: "wrong"}, Skew: tt.skew})
		p := s.Ask().Problem
		if p == nil || (p.Code == flow.CodeClock) != (tt.says != "") || !strings.Contains(p.Msg, tt.says) {
			t.Errorf("a password refused with a clock %s ahead: %+v, want %q", tt.skew, p, tt.says)
		}
		// What was typed is kept when the clock is to blame, and a wrong password is not.
		s, call := after(t, s, given(nine, "username", "alice", "password", "pw"))
		if _, ok := call.(flow.SignIn); !ok {
			t.Errorf("the next attempt is %T at %q", call, s.Ask().ID)
		}
		if note := toCode(t, tt.skew, flow.Options{Issuer: "Acme"}).Ask().Note; (note != "") != (tt.says != "") ||
			!strings.Contains(note, tt.says) {
			t.Errorf("the note with a clock %s ahead is %q, want %q", tt.skew, note, tt.says)
		}
	}
	// With a password that is sent as it is, the clock does not matter.
	for _, f := range []flow.AuthFlow{flow.Password, flow.Admin} {
		s, _ := after(t, flow.Start(flow.Options{Issuer: "Acme", AuthFlow: f}), given(nine, "username", "alice",
			"password", "pw"),
			flow.Failed{Err: &flow.Error{Code: flow.CodeWrongPassword, Fault: flow.Retry, Msg: "wrong"}, Skew: time.Hour})
		if p := s.Ask().Problem; p == nil || p.Code != flow.CodeWrongPassword {
			t.Errorf("%s: the problem is %+v", f, p)
		}
	}
}

// TestNextCodeByTheClock: when the app shows a code that was not used, said in the time of this computer.
func TestNextCodeByTheClock(t *testing.T) {
	for _, tt := range []struct {
		skew time.Duration
		at   time.Duration // after nine, by this computer
		wait time.Duration
		says string
	}{
		{0, 0, 30 * time.Second, "30 s"},
		{0, 29500 * time.Millisecond, 500 * time.Millisecond, "1 s"},
		{10 * time.Second, 0, 10 * time.Second, "10 s"},
		{-10 * time.Second, 0, 20 * time.Second, "20 s"},
		{-time.Hour, 5 * time.Second, 25 * time.Second, "25 s"},
	} {
		at := nine.Add(tt.at)
		code := codeAt(t, at.Add(-tt.skew))
		reply := func(r flow.Result) flow.Event { return flow.Reply{Result: r, At: at, Skew: tt.skew} }
		s, _ := after(t, toCode(t, tt.skew, flow.Options{Issuer: "Acme", TestSignIn: true}), given(at, "code", code),
			reply(flow.Verified{Session: flow.NewSecret("S3")}),
			reply(flow.Tokens{AccessToken: flow.NewSecret("T"), Lifetime: time.Hour}),
			reply(flow.Profile{Username: "id", Pool: "p", Factors: []string{"SOFTWARE_TOKEN_MFA"}}),
			reply(flow.Challenge{Name: "SOFTWARE_TOKEN_MFA", Session: flow.NewSecret("S4")}))
		if got := s.Ask().NextCode.Sub(at); got != tt.wait {
			t.Errorf("%s ahead: the next code comes in %s, want %s", tt.skew, got, tt.wait)
		}
		if got := s.Ask().Skew; got != tt.skew {
			t.Errorf("%s ahead: the skew is %s", tt.skew, got)
		}
		s, call := after(t, s, given(at, "code", code))
		if p := s.Ask().Problem; call != nil || p == nil || p.Code != flow.CodeUsed || !strings.Contains(p.Hint, tt.says) {
			t.Errorf("%s ahead: the used code again: %T, %+v, want %q", tt.skew, call, p, tt.says)
		}
	}
}

// TestShorterEntries: an account is cut where it is longer than 16 characters, between two of them.
func TestShorterEntries(t *testing.T) {
	for account, want := range map[string][]string{
		"sixteen-letters-":  {"sixteen-letters-"},
		"seventeen-letters": {"seventeen-letters", "seventeen-lette…"},
		"äöüßäöüßäöüßäöüß":  {"äöüßäöüßäöüßäöüß"},
		"äöüßäöüßäöüßäöüßä": {"äöüßäöüßäöüßäöüßä", "äöüßäöüßäöüßäöü…"},
	} {
		s, _ := after(t, flow.Start(flow.Options{Issuer: "Acme"}), given(nine, "username", account, "password", "pw"),
			flow.Reply{Result: flow.Challenge{Name: "MFA_SETUP", Session: flow.NewSecret("S1")}, At: nine},
			given(nine, "device", "Pixel"),
			flow.Reply{Result: flow.Associated{Key: flow.NewSecret(timeKey), Session: flow.NewSecret("S2")}, At: nine})
		var got []string
		for _, e := range s.Ask().Enroll.Shorter {
			got = append(got, e.Account)
		}
		if strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("%s: the entries are %q, want %q", account, got, want)
		}
	}
}
