package plain_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cognito-enroll/flow"
	"cognito-enroll/ui"
	"cognito-enroll/ui/plain"
)

// TestPasswordIsKept: Enter sends the one that was typed, with its spaces, and no prompt shows it.
func TestPasswordIsKept(t *testing.T) {
	for _, interactive := range []bool{false, true} {
		p := &pool{answers: []flow.Event{flow.Failed{Err: &flow.Error{Code: flow.CodeNoAnswer, Fault: flow.Wait,
			Msg: "no answer"}}}}
		out, _, _ := converse(t, p, flow.Options{Issuer: "Acme"}, func(c *plain.Config) {
			if interactive {
				c.In = typist{c.In}
			}
		}, "alice", " hunter2 ", "", "")
		if len(p.calls) != 2 || p.calls[0] != p.calls[1] || p.calls[0].(flow.SignIn).Password.Reveal() != " hunter2 " {
			t.Errorf("interactive %v: what was typed is not sent again", interactive)
		}
		if strings.Contains(out, "hunter2") || strings.Contains(out, "Enter for the one you typed") != interactive {
			t.Errorf("interactive %v:\n%s", interactive, out)
		}
	}
}

// TestNewKeyIsTold: the question looks the same, and what is to be scanned is another.
func TestNewKeyIsTold(t *testing.T) {
	another := strings.Replace(testKey, "GEZD", "MFRG", 1)
	p := &pool{answers: []flow.Event{
		setup(), associated(), flow.Failed{Err: &flow.Error{Code: "session-expired", Fault: flow.Restart,
			Msg: "the session is over"}},
		setup(), reply(flow.Associated{Key: flow.NewSecret(another), Session: flow.NewSecret("S3")}),
	}}
	out, _, _ := converse(t, p, flow.Options{Issuer: "Acme"}, nil, "alice", "hunter2", "Pixel", "012345")
	for _, key := range []string{testKey, another} {
		if strings.Count(out, "Key, in groups: "+strings.Join(ui.Groups(key), " ")+"\n") != 1 ||
			strings.Contains(out, "otpauth:") {
			t.Errorf("the key %s is to be told once:\n%s", key, out)
		}
	}
}

// TestNextCode is said while it is still to come.
func TestNextCode(t *testing.T) {
	now := time.Date(2026, time.November, 23, 9, 0, 10, 0, time.UTC)
	for _, tt := range []struct {
		ago  time.Duration // when the code was used
		says string
	}{{0, "The app shows its next code in 20 seconds.\n"}, {20 * time.Second, ""}, {time.Hour, ""}} {
		asked := reply(flow.Challenge{Name: "SOFTWARE_TOKEN_MFA", Session: flow.NewSecret("S4")})
		answers := slices.Concat([]flow.Event{setup(), associated()}, enrolled(), []flow.Event{asked})
		for i := range answers {
			r := answers[i].(flow.Reply)
			r.At = now.Add(-tt.ago)
			answers[i] = r
		}
		out, _, _ := converse(t, &pool{answers: answers}, flow.Options{Issuer: "Acme", TestSignIn: true},
			func(c *plain.Config) { c.Now = func() time.Time { return now } },
			"alice", "hunter2", "Pixel", "012345")
		if strings.Contains(out, "its next code in") != (tt.says != "") || !strings.Contains(out, tt.says) {
			t.Errorf("%s after the last code %q is to be said:\n%s", tt.ago, tt.says, out)
		}
	}
}

// TestNothingToTest: after what cannot be tested nobody is asked to.
func TestNothingToTest(t *testing.T) {
	p := &pool{answers: []flow.Event{
		reply(flow.Tokens{AccessToken: flow.NewSecret("T"), Lifetime: time.Hour}),
		reply(flow.Profile{Username: "alice", Pool: "us-east-1_AbC", Factors: []string{"SOFTWARE_TOKEN_MFA"}}),
	}}
	out, end, err := converse(t, p, flow.Options{Issuer: "Acme", Show: true},
		func(c *plain.Config) { c.In = typist{c.In} }, "alice", "hunter2", "test")
	if err != nil || end.Ask().Phase != flow.Finished || end.Ask().CanTestSignIn || strings.Contains(out, "type test") {
		t.Errorf("%v at %q:\n%s", err, end.Ask().ID, out)
	}
}

// TestShortTime: what was just said of the time that is left is not said again at once.
func TestShortTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &pool{answers: []flow.Event{
			reply(flow.Tokens{AccessToken: flow.NewSecret("T"), Lifetime: time.Minute}),
			reply(flow.Profile{Username: "alice", Pool: "us-east-1_AbC"}),
			reply(flow.Associated{Key: flow.NewSecret(testKey)}),
		}}
		out, _, _ := converse(t, p, flow.Options{Issuer: "Acme"}, func(c *plain.Config) {
			c.In = &waiting{c.In, 3,
				30 * time.Second}
		}, "alice", "hunter2", "Pixel")
		if n := strings.Count(out, "At least 1 minute left."); n != 1 {
			t.Errorf("the minute is said %d times:\n%s", n, out)
		}
	})
}

// TestEndIsTold: what stopped the run, what to do about it, and what happened on the way.
func TestEndIsTold(t *testing.T) {
	notEnabled := func(code flow.ErrorCode) flow.Event {
		return flow.Failed{Err: &flow.Error{Code: code, Fault: flow.Elsewhere, Msg: "the app client allows nothing",
			Hint: "ask for more"}}
	}
	p := &pool{answers: []flow.Event{notEnabled("access-denied")}}
	out, end, err := converse(t, p, flow.Options{Issuer: "Acme"}, nil, "alice", "hunter2")
	if err != nil || end.Ask().Phase != flow.Finished || !strings.HasSuffix(out,
		"Problem: The app client allows nothing.\nHint: Ask for more.\n") {
		t.Errorf("%v at %q:\n%s", err, end.Ask().ID, out)
	}
}
