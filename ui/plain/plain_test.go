package plain_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cognito-enroll/flow"
	"cognito-enroll/ui"
	"cognito-enroll/ui/plain"
)

// testKey ends in a character that base32 does not have, so that flow judges no code by it.
const testKey = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZ"

// pool answers from a list, and then with a failure, and remembers what it was asked.
type pool struct {
	answers []flow.Event
	calls   []flow.Call
}

func (p *pool) Do(_ context.Context, call flow.Call) flow.Event {
	p.calls = append(p.calls, call)
	if len(p.answers) == 0 {
		return flow.Failed{Err: &flow.Error{Code: "malfunction", Fault: flow.Elsewhere, Msg: "there are no more answers"}}
	}
	answer := p.answers[0]
	p.answers = p.answers[1:]
	return answer
}

func reply(r flow.Result) flow.Event { return flow.Reply{Result: r, At: time.Now()} }

func setup() flow.Event {
	return reply(flow.Challenge{Name: "MFA_SETUP", Session: flow.NewSecret("S1")})
}
func associated() flow.Event {
	return reply(flow.Associated{Key: flow.NewSecret(testKey), Session: flow.NewSecret("S2")})
}
func enrolled() []flow.Event {
	return []flow.Event{
		reply(flow.Verified{Session: flow.NewSecret("S3")}),
		reply(flow.Tokens{AccessToken: flow.NewSecret("T"), Lifetime: time.Hour}),
		reply(flow.Profile{Username: "alice", Pool: "us-east-1_AbC", Factors: []string{"SOFTWARE_TOKEN_MFA"}}),
	}
}

// typist is a pipe that says that somebody types.
type typist struct{ plain.Input }

func (typist) Interactive() bool { return true }

// converse runs a flow with these lines for answers, and returns what came out.
func converse(t *testing.T, p *pool, o flow.Options, change func(*plain.Config), lines ...string) (string,
	flow.State, error) {
	t.Helper()
	var out bytes.Buffer
	text := strings.Join(lines, "\n")
	if len(lines) > 0 {
		text += "\n"
	}
	c := plain.Config{Start: flow.Start(o), Pool: p, In: plain.Pipe(strings.NewReader(text)), Out: &out}
	if change != nil {
		change(&c)
	}
	end, err := plain.Run(t.Context(), c)
	return out.String(), end, err
}

// phone says what it is asked for.
type phone struct{}

func (phone) Shows(a flow.Ask, _ time.Time) string { return "The phone shows a code for " + a.ID + "." }

// TestPasswordIsNoWord: what is longer than the longest word that works at a password is a password, and
// so is a word without its colon.
func TestPasswordIsNoWord(t *testing.T) {
	for _, password := range []string{
		":phone", ":spell", ": quit", ":quit ", ":  help", ":QUIT!", "quit", "help", "more", " pw ", ":pass", ":",
		"::quit", "1",
	} {
		p := &pool{}
		converse(t, p, flow.Options{Issuer: "Acme"}, func(c *plain.Config) { c.Phone = phone{} }, "alice", password)
		if len(p.calls) != 1 {
			t.Errorf("with the password %q there are %d calls", password, len(p.calls))
			continue
		}
		if got := p.calls[0].(flow.SignIn).Password.Reveal(); got != password {
			t.Errorf("the password %q was sent as %q", password, got)
		}
	}
	for _, word := range []string{":quit", ":QUIT", ":help", ":more", ":back", ":time"} {
		p := &pool{}
		converse(t, p, flow.Options{Issuer: "Acme"}, nil, "alice", word)
		if len(p.calls) > 0 {
			t.Errorf("the word %q was sent as a password", word)
		}
	}
}

// TestWords: with a colon everywhere, and without one where no letters are asked for.
func TestWords(t *testing.T) {
	atCode := []string{"alice", "hunter2", "Pixel"}
	for _, tt := range []struct {
		name  string
		lines []string
		says  string
		calls int
		err   error
	}{
		{"quit at a name", []string{":quit"}, "", 0, ui.ErrCanceled},
		{"in capitals", []string{":Quit"}, "", 0, ui.ErrCanceled},
		{"with a space", []string{": quit "}, "", 0, ui.ErrCanceled},
		{"quit is a name without its colon", []string{"quit", "hunter2"}, "Signing in", 2, nil},
		{"quit at a code", append(slices.Clone(atCode), "quit"), "", 2, ui.ErrCanceled},
		{"with its colon", append(slices.Clone(atCode), ":quit"), "", 2, ui.ErrCanceled},
		{"time", append(slices.Clone(atCode), "time"), "At least 3 minutes left.\n", 2, nil},
		{"spell", append(slices.Clone(atCode), "spell"), " 1 GEZD Golf Echo Zulu Delta\n", 2, nil},
		{"no time at a name", []string{":time"}, `":time" does nothing at this question`, 0, nil},
		{"no way back from a name", []string{":back"}, `":back" does nothing at this question`, 0, nil},
		{"no phone", append(slices.Clone(atCode), "phone"), `":phone" does nothing at this question`, 2, nil},
		{"an unknown word is a name", []string{":leave", "hunter2"}, "Signing in", 2, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			now := time.Now()
			p := &pool{answers: []flow.Event{setup(), flow.Reply{Result: flow.Associated{Key: flow.NewSecret(testKey),
				Session: flow.NewSecret("S2")}, At: now}}}
			out, _, err := converse(t, p, flow.Options{Issuer: "Acme"},
				func(c *plain.Config) { c.Now = func() time.Time { return now } }, tt.lines...)
			if tt.err != nil && !errors.Is(err, tt.err) || !strings.Contains(out, tt.says) {
				t.Errorf("error %v, want %v; %q is to be in\n%s", err, tt.err, tt.says, out)
			}
			if len(p.calls) < tt.calls-1 || len(p.calls) > tt.calls {
				t.Errorf("%d calls, want %d", len(p.calls), tt.calls)
			}
		})
	}
}

// TestHelpLists what works here and nothing else.
func TestHelpLists(t *testing.T) {
	out, _, _ := converse(t, &pool{}, flow.Options{Issuer: "Acme"}, nil, ":help")
	for word, listed := range map[string]bool{"help": true, "more": true, "quit": true, "back": false,
		"time": false, "spell": false, "phone": false} {
		if strings.Contains(out, "\n:"+word+", ") != listed && !strings.Contains(out, "Username: \n:"+word+", ") {
			t.Errorf("%q is listed at a name: %v\n%s", word, !listed, out)
		}
	}
	p := &pool{answers: []flow.Event{setup(), associated()}}
	out, _, _ = converse(t, p, flow.Options{Issuer: "Acme"}, func(c *plain.Config) { c.Phone = phone{} }, "alice",
		"hunter2", "Pixel", "help", "phone")
	for _, word := range []string{"help", "more", "back", "time", "spell", "phone", "quit"} {
		if !strings.Contains(out, "\n:"+word+", ") && word != "back" {
			t.Errorf("%q is not listed at a code:\n%s", word, out)
		}
	}
	if !strings.Contains(out, "The phone shows a code for scan.") {
		t.Errorf("the phone does not show:\n%s", out)
	}
}

// TestQuestionIsToldOnce, and again on request; a problem is always told.
func TestQuestionIsToldOnce(t *testing.T) {
	refused := flow.Failed{Err: &flow.Error{Code: flow.CodeWrongPassword, Fault: flow.Retry, Field: "password",
		Msg: "the password is wrong", Hint: "check it"}}
	p := &pool{answers: []flow.Event{refused}}
	out, _, _ := converse(t, p, flow.Options{Issuer: "Acme", Welcome: "Welcome to Acme."}, nil, "alice", "hunter2",
		":more")
	if n := strings.Count(out, "Welcome to Acme."); n != 2 {
		t.Errorf("the question was told %d times, want 2:\n%s", n, out)
	}
	if n := strings.Count(out, "Problem: The password is wrong.\nHint: Check it.\n"); n != 2 {
		t.Errorf("the problem was told %d times, want 2:\n%s", n, out)
	}
	if n := strings.Count(out, ":help at any question"); n != 1 {
		t.Errorf("the words are mentioned %d times", n)
	}
	if !strings.Contains(out, "Username (Enter for alice): ") {
		t.Errorf("the name is not offered:\n%s", out)
	}
}

// TestPrompts: only where echo is off does one say so.
func TestPrompts(t *testing.T) {
	for _, interactive := range []bool{false, true} {
		out, _, _ := converse(t, &pool{}, flow.Options{Issuer: "Acme"}, func(c *plain.Config) {
			if interactive {
				c.In = typist{c.In}
			}
		}, "alice")
		if strings.Contains(out, "Password (required, not shown): ") != interactive || strings.Contains(out,
			"Password: ") == interactive {
			t.Errorf("interactive %v:\n%s", interactive, out)
		}
	}
}

// choosing is a run that begins with a list of so many pools.
func choosing(n int) (*pool, flow.Options) {
	var list flow.Listed
	for i := range n {
		list.Options = append(list.Options, flow.Option{Value: fmt.Sprintf("us-east-1_%03d", i+1),
			Label: fmt.Sprintf("Shop %d (us-east-1_%03d)", i+1, i+1)})
	}
	return &pool{answers: []flow.Event{reply(list)}}, flow.Options{AskPool: true, Browse: true, Region: "us-east-1"}
}

// TestChoice: by number, label or value; what is none of them is searched for and never taken.
func TestChoice(t *testing.T) {
	for _, tt := range []struct {
		n    int
		line string
		want string // "" for none
		says string
	}{
		{3, "1", "us-east-1_001", ""},
		{3, "3", "us-east-1_003", ""},
		{3, " 2 ", "us-east-1_002", ""},
		{3, "", "us-east-1_001", ""},
		{3, "us-east-1_002", "us-east-1_002", ""},
		{3, "shop 2 (US-EAST-1_002)", "us-east-1_002", ""},
		{3, "0", "", "1: Shop 1"},
		{3, "4", "", "No such choice"},
		{3, "-1", "", ""},
		{3, "hop 2", "", "2: Shop 2"},
		{3, "nothing", "", "Problem: No such choice."},
		{20, "20", "us-east-1_020", "20: Shop 20 (us-east-1_020)\n"},
		{21, "21", "us-east-1_021", "There are 21 choices. Type part of a name"},
		{21, "SHOP 2", "", "21: Shop 21 (us-east-1_021)\n"},
	} {
		p, o := choosing(tt.n)
		out, _, _ := converse(t, p, o, nil, "", tt.line)
		got := ""
		if len(p.calls) > 1 {
			got = p.calls[1].(flow.Clients).Pool
		}
		if got != tt.want || !strings.Contains(out, tt.says) {
			t.Errorf("%q of %d chose %q, want %q; %q is to be in\n%s", tt.line, tt.n, got, tt.want, tt.says, out)
		}
		if strings.Contains(out, "nothing") {
			t.Errorf("what was typed is repeated, and may be a password:\n%s", out)
		}
	}
	p, o := choosing(21)
	if out, _, _ := converse(t, p, o, nil, ""); strings.Contains(out, "Shop") {
		t.Errorf("a long list is read out unasked:\n%s", out)
	}
}

// TestInputEnds: where, and in which field.
func TestInputEnds(t *testing.T) {
	for _, tt := range []struct {
		lines []string
		want  ui.Unanswered
	}{
		{nil, ui.Unanswered{ID: "sign-in", Field: "Username"}},
		{[]string{"alice"}, ui.Unanswered{ID: "sign-in", Field: "Password"}},
		{[]string{"alice", "hunter2", "Pixel"}, ui.Unanswered{ID: "scan", Field: "Code"}},
	} {
		_, _, err := converse(t, &pool{answers: []flow.Event{setup(), associated()}}, flow.Options{Issuer: "Acme"},
			nil, tt.lines...)
		if got, ok := errors.AsType[*ui.Unanswered](err); !ok || *got != tt.want {
			t.Errorf("after %q: %v, want %v", tt.lines, err, &tt.want)
		}
	}
	// A line of the longest length is one; a byte more is none.
	_, _, err := converse(t, &pool{}, flow.Options{Issuer: "Acme"}, nil, strings.Repeat("a", ui.LongestLine))
	if !errors.Is(err, ui.ErrLineTooLong) {
		t.Errorf("a line that is too long: %v", err)
	}
	_, _, err = converse(t, &pool{}, flow.Options{Issuer: "Acme"}, nil, strings.Repeat("a", ui.LongestLine/2))
	if _, ok := errors.AsType[*ui.Unanswered](err); !ok {
		t.Errorf("a long line: %v", err)
	}
}

// TestTesting: only somebody who types is asked whether to test it.
func TestTesting(t *testing.T) {
	asked := reply(flow.Challenge{Name: "SOFTWARE_TOKEN_MFA", Session: flow.NewSecret("S4")})
	for _, tt := range []struct {
		interactive bool
		word        string
		calls       int
	}{{true, "test", 6}, {true, ":TEST", 6}, {true, "", 5}, {true, "quit", 5}, {true, "tests", 5}, {false, "test", 5}} {
		p := &pool{answers: slices.Concat([]flow.Event{setup(), associated()}, enrolled(), []flow.Event{asked})}
		out, _, _ := converse(t, p, flow.Options{Issuer: "Acme"}, func(c *plain.Config) {
			if tt.interactive {
				c.In = typist{c.In}
			}
		}, "alice", "hunter2", "Pixel", "012345", tt.word, "", "hunter2")
		if len(p.calls) != tt.calls {
			t.Errorf("interactive %v, %q: %d calls, want %d:\n%s", tt.interactive, tt.word, len(p.calls), tt.calls, out)
		}
		if strings.Contains(out, "hunter2") || strings.Contains(out, "012345") {
			t.Errorf("a secret came out:\n%s", out)
		}
	}
}

// waiting is an input at which nobody types until the time is over.
type waiting struct {
	plain.Input
	lines int // that come at once
	until time.Duration
}

func (w *waiting) Line(ctx context.Context, hidden bool) (string, error) {
	if w.lines--; w.lines < 0 {
		select {
		case <-time.After(w.until):
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
	return w.Input.Line(ctx, hidden)
}

func (w *waiting) Interactive() bool { return true }

// TestTimeRunsOut: it is said at one minute, at twenty seconds and at the end, once each, and not where
// less was left to begin with.
func TestTimeRunsOut(t *testing.T) {
	for _, tt := range []struct {
		wait time.Duration
		want []string
	}{
		{119 * time.Second, nil},
		{121 * time.Second, []string{"1 minute"}},
		{159 * time.Second, []string{"1 minute"}},
		{161 * time.Second, []string{"1 minute", "20 seconds"}},
		{time.Hour, []string{"1 minute", "20 seconds", "over"}},
	} {
		synctest.Test(t, func(t *testing.T) {
			p := &pool{answers: []flow.Event{setup(), associated()}}
			out, _, _ := converse(t, p, flow.Options{Issuer: "Acme"}, func(c *plain.Config) {
				c.In = &waiting{c.In, 3,
					tt.wait}
			}, "alice", "hunter2", "Pixel")
			_, after, _ := strings.Cut(out, "Code (required): ")
			var got []string
			for line := range strings.Lines(after) {
				switch line = strings.TrimSpace(line); {
				case strings.HasPrefix(line, "At least "):
					got = append(got, strings.TrimSuffix(strings.TrimPrefix(line, "At least "), " left."))
				case strings.Contains(line, "may be over"):
					got = append(got, "over")
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("after %s it was said %q, want %q:\n%s", tt.wait, got, tt.want, out)
			}
			if n := strings.Count(out, "Code (required): "); n != len(tt.want)+1 {
				t.Errorf("%d prompts after %d warnings", n, len(tt.want))
			}
		})
	}
}

// TestTimeInWords: in whole seconds, and each unit in its number.
func TestTimeInWords(t *testing.T) {
	now := time.Date(2026, time.November, 23, 9, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		left time.Duration
		want string
	}{
		{time.Second, "At least 1 second left."},
		{2 * time.Second, "At least 2 seconds left."},
		{1600 * time.Millisecond, "At least 2 seconds left."},
		{59 * time.Second, "At least 59 seconds left."},
		{60 * time.Second, "At least 1 minute left."},
		{61 * time.Second, "At least 1 minute 1 second left."},
		{125 * time.Second, "At least 2 minutes 5 seconds left."},
		{180 * time.Second, "At least 3 minutes left."},
		{0, "The time may be over"},
		{-time.Second, "The time may be over"},
	} {
		var out bytes.Buffer
		c := plain.Config{Out: &out, Now: func() time.Time { return now }}
		plain.Tell(c, flow.Enroll{Issuer: "Acme", Account: "alice", Key: flow.NewSecret(testKey),
			URI: flow.NewSecret("otpauth://totp/a"), Deadline: now.Add(tt.left)})
		if !strings.Contains(out.String(), tt.want) {
			t.Errorf("with %s left %q is to be in\n%s", tt.left, tt.want, out.String())
		}
	}
	var out bytes.Buffer
	plain.Tell(plain.Config{Out: &out}, flow.Enroll{Key: flow.NewSecret(testKey)})
	if !strings.Contains(out.String(), "Cognito does not say how long it waits.") {
		t.Errorf("without a deadline:\n%s", out.String())
	}
}

// TestPictureAndCopy: what becomes of the QR code and of the copy is said, and a copy is made for each key.
func TestPictureAndCopy(t *testing.T) {
	saved := 0
	for _, tt := range []struct {
		qr   func(string) ([]string, error)
		want string
	}{
		{nil, "Add this key to your authenticator app"},
		{func(uri string) ([]string, error) { return []string{"[" + uri[:10] + "]"}, nil }, "\n[otpauth://]\n"},
		{func(string) ([]string, error) { return nil, errors.New("the window is too small") },
			"The QR code cannot be drawn: the window is too small.\nAdd this key"},
	} {
		p := &pool{answers: []flow.Event{setup(), associated()}}
		out, _, _ := converse(t, p, flow.Options{Issuer: "Acme"}, func(c *plain.Config) {
			c.QR = tt.qr
			c.Save = func(e flow.Enroll) string { saved++; return "Saved " + e.Account + "." }
		}, "alice", "hunter2", "Pixel", "1", "")
		if !strings.Contains(out, tt.want) || strings.Count(out, "Saved alice.\n") != 1 {
			t.Errorf("%q and one copy are to be in\n%s", tt.want, out)
		}
		// Where there is no QR code, nothing tells to scan it.
		drawn := strings.Contains(out, "[otpauth://]")
		for _, said := range []string{": Scan.\n", "Scan the QR code"} {
			if strings.Contains(out, said) != drawn {
				t.Errorf("%q is said %v, the QR code is drawn %v:\n%s", said, !drawn, drawn, out)
			}
		}
	}
	if saved != 3 {
		t.Errorf("%d copies of 3 keys", saved)
	}
}

// TestASCII: a terminal that shows nothing else gets nothing else.
func TestASCII(t *testing.T) {
	for _, ascii := range []bool{false, true} {
		out, _, _ := converse(t, &pool{}, flow.Options{Issuer: "Acme", Welcome: "One × two … three"},
			func(c *plain.Config) { c.ASCII = ascii }, "alice")
		if strings.Contains(out, "One × two … three") == ascii || strings.Contains(out, "One x two ~ three") != ascii {
			t.Errorf("ASCII %v:\n%s", ascii, out)
		}
	}
}

// TestCanceled: whoever is stopped by a signal left.
func TestCanceled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	reader, writer := io.Pipe()
	defer writer.Close()
	_, err := plain.Run(ctx, plain.Config{Start: flow.Start(flow.Options{Issuer: "Acme"}), Pool: &pool{},
		In: plain.Pipe(reader), Out: io.Discard})
	if !errors.Is(err, ui.ErrCanceled) {
		t.Errorf("error %v", err)
	}
}
