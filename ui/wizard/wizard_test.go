package wizard

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"charm.land/bubbles/v2/spinner"
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"
	"github.com/google/go-cmp/cmp"

	"cognito-enroll/flow"
	"cognito-enroll/ui"
)

// testKey lacks the last of the 52 characters of Cognito's, so that it cannot be decoded and any code can be sent:
// flow judges codes by the key when it can.
const testKey = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZ"

var start = time.Date(2026, time.November, 23, 9, 0, 0, 0, time.UTC)

// script is a Pool that answers from a list and remembers what it was asked.
type script struct {
	answers []flow.Event
	calls   []flow.Call
}

func (s *script) Do(_ context.Context, call flow.Call) flow.Event {
	s.calls = append(s.calls, call)
	answer := s.answers[0]
	s.answers = s.answers[1:]
	return answer
}

func reply(r flow.Result) flow.Event { return flow.Reply{Result: r, At: start} }

func refuse(f flow.Fault, code flow.ErrorCode, field, msg, hint string) flow.Event {
	return flow.Failed{Err: &flow.Error{Fault: f, Code: code, Field: field, Msg: msg, Hint: hint}}
}

var (
	setup      = reply(flow.Challenge{Name: "MFA_SETUP", Session: flow.NewSecret("S1")})
	associated = reply(flow.Associated{Key: flow.NewSecret(testKey), Session: flow.NewSecret("S2")})
	mismatch   = refuse(flow.Retry, flow.CodeMismatch, "code", "the code is not right", "")
	enrolled   = []flow.Event{
		reply(flow.Verified{Session: flow.NewSecret("S3")}),
		reply(flow.Tokens{AccessToken: flow.NewSecret("T"), Lifetime: time.Hour}),
		reply(flow.Profile{Username: "alice", Pool: "us-east-1_AbC", Factors: []string{"SOFTWARE_TOKEN_MFA"}}),
	}
)

func newModel(pool ui.Pool, width, height int) Model {
	m := New(context.Background(), Config{
		Start: flow.Start(flow.Options{Issuer: "Acme Staging"}),
		Pool:  pool,
		Now:   func() time.Time { return start },

		Clipboard: true,
	})
	return drive(m, tea.WindowSizeMsg{Width: width, Height: height})
}

// drive feeds the messages, each with everything that its commands bring, but for the clocks' ticks.
func drive(m Model, msgs ...tea.Msg) Model {
	for _, msg := range msgs {
		switch msg := msg.(type) {
		case nil, ticked, spinner.TickMsg:
		case tea.BatchMsg:
			for _, cmd := range msg {
				if cmd != nil {
					m = drive(m, cmd())
				}
			}
		default:
			next, cmd := m.Update(msg)
			m = next.(Model)
			if cmd != nil {
				m = drive(m, cmd())
			}
		}
	}
	return m
}

// presses feeds the messages, and returns what comes of the last instead of running it.
func presses(m Model, msgs ...tea.Msg) (Model, tea.Cmd) {
	var cmd tea.Cmd
	for _, msg := range msgs {
		var next tea.Model
		next, cmd = m.Update(msg)
		m = next.(Model)
	}
	return m, cmd
}

// typed is one key press for each rune; "\n" is Enter.
func typed(s string) (msgs []tea.Msg) {
	for _, r := range s {
		if r == '\n' {
			msgs = append(msgs, tea.KeyPressMsg{Code: tea.KeyEnter})
		} else {
			msgs = append(msgs, tea.KeyPressMsg{Code: r, Text: string(r)})
		}
	}
	return msgs
}

// pressed is a key pressed n times.
func pressed(key rune, n int) []tea.Msg {
	return slices.Repeat([]tea.Msg{tea.KeyPressMsg{Code: key}}, n)
}

func screenText(m Model) string {
	lines := strings.Split(ansi.Strip(m.View().Content), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n") + "\n"
}

// toScan takes the wizard to the QR code.
func toScan(pool *script, width, height int) Model {
	pool.answers = append([]flow.Event{setup, associated}, pool.answers...)
	m := newModel(pool, width, height)
	return drive(m, append(typed("firstname.lastn@acme.com\nhunter2\n"), typed("\n")...)...)
}

// toPools takes the wizard to the list of an AWS account's user pools.
func toPools(pool *script, width, height int) Model {
	var list flow.Listed
	for i := range 214 {
		name := []string{"Shop", "intranet", "partners", "loyalty programme of the stores in the north"}[i%4]
		list.Options = append(list.Options, flow.Option{Value: fmt.Sprintf("us-east-1_%03d", i),
			Label: fmt.Sprintf("%s %d", name, i/4), ID: fmt.Sprintf("us-east-1_%03d", i)})
	}
	pool.answers = append([]flow.Event{reply(list)}, pool.answers...)
	m := New(context.Background(), Config{
		Start: flow.Start(flow.Options{AskPool: true, Browse: true, Region: "us-east-1"}),
		Pool:  pool,
		Now:   func() time.Time { return start },
	})
	return drive(m, append([]tea.Msg{tea.WindowSizeMsg{Width: width, Height: height}}, typed("\n")...)...)
}

// screens are all there are, each opened as a person would.
var screens = map[string]func(w, h int) Model{
	"connect": func(w, h int) Model {
		targets := []flow.Target{{Pool: "us-east-1_AbCdEf123", Client: "3n4b5urk1ft4fl3mg5e62d9ado", Source: "web/.env"}}
		m := New(context.Background(), Config{Start: flow.Start(flow.Options{AskPool: true, Browse: true, Targets: targets}),
			Pool: &script{}, Now: func() time.Time { return start }})
		return drive(m, tea.WindowSizeMsg{Width: w, Height: h}, tea.KeyPressMsg{Code: tea.KeyDown})
	},
	"user-pool": func(w, h int) Model { return drive(toPools(&script{}, w, h), pressed(tea.KeyDown, 20)...) },
	"user-pool searched": func(w, h int) Model {
		return drive(toPools(&script{}, w, h), append(typed("SHOP 3"), pressed(tea.KeyDown, 1)...)...)
	},
	"user-pool not found": func(w, h int) Model { return drive(toPools(&script{}, w, h), typed("shopping")...) },
	"user-pool refused": func(w, h int) Model {
		pool := &script{answers: []flow.Event{refuse(flow.Elsewhere, "access-denied", "",
			"your AWS credentials do not allow cognito-idp:ListUserPoolClients", "ask for a policy that allows it")}}
		return drive(toPools(pool, w, h), typed("\n")...)
	},
	"sign-in": func(w, h int) Model { return drive(newModel(&script{}, w, h), typed("alice\nhunter2")...) },
	"sign-in refused": func(w, h int) Model {
		pool := &script{answers: []flow.Event{refuse(flow.Retry, "wrong-password", "password",
			"the username or the password is wrong", "check both")}}
		return drive(newModel(pool, w, h), typed("alice\nhunter2\n")...)
	},
	"send-password": func(w, h int) Model {
		no := refuse(flow.Elsewhere, flow.CodeFlowNotEnabled, "", "not enabled", "")
		m := New(context.Background(), Config{
			Start: flow.Start(flow.Options{Issuer: "Acme", To: flow.Destination{Host: "pool.example.com:8443", TLS: true,
				Source: "the command line"}}),
			Pool: &script{answers: []flow.Event{no, no}}, Now: func() time.Time { return start },
		})
		return drive(m, append([]tea.Msg{tea.WindowSizeMsg{Width: w, Height: h}}, typed("alice\nhunter2\n")...)...)
	},
	"new-password": func(w, h int) Model {
		pool := &script{answers: []flow.Event{reply(flow.Challenge{Name: "NEW_PASSWORD_REQUIRED", Params: map[string]string{
			"requiredAttributes": `["userAttributes.name","userAttributes.phone_number"]`}})}}
		return drive(newModel(pool, w, h), typed("alice\nhunter2\n")...)
	},
	"get-ready": func(w, h int) Model {
		return drive(newModel(&script{answers: []flow.Event{setup}}, w, h), typed("alice\nhunter2\n")...)
	},
	"scan": func(w, h int) Model { return toScan(&script{}, w, h) },
	"scan wrong": func(w, h int) Model {
		return drive(toScan(&script{answers: []flow.Event{mismatch}}, w, h), typed("000000")...)
	},
	"scan uncertain": func(w, h int) Model {
		pool := &script{answers: []flow.Event{setup, reply(flow.Associated{Key: flow.NewSecret(testKey + "A"),
			Session: flow.NewSecret("S2")})}}
		m := drive(newModel(pool, w, h), append(typed("alice\nhunter2\n"), typed("\n")...)...)
		return drive(m, typed("000000")...)
	},
	"scan spelled": func(w, h int) Model { return drive(toScan(&script{}, w, h), typed("s")...) },
	"scan covered": func(w, h int) Model { return drive(toScan(&script{}, w, h), typed("h")...) },
	"get-ready recorded": func(w, h int) Model {
		m := newModel(&script{answers: []flow.Event{setup}}, w, h)
		m.recorded = "asciinema"
		return drive(m, typed("alice\nhunter2\n")...)
	},
	"new key": func(w, h int) Model {
		expired := refuse(flow.Restart, "session-expired", "", "the session is over", "")
		return drive(toScan(&script{answers: []flow.Event{expired, setup, associated}}, w, h), typed("012345")...)
	},
	"enrolled": func(w, h int) Model {
		pool := &script{answers: []flow.Event{
			reply(flow.Challenge{Name: "SOFTWARE_TOKEN_MFA", Params: map[string]string{"FRIENDLY_DEVICE_NAME": "Pixel"}}),
			reply(flow.Tokens{AccessToken: flow.NewSecret("T"), Lifetime: time.Hour}),
			enrolled[2],
		}}
		return drive(newModel(pool, w, h), append(typed("alice\nhunter2\n012345"), tea.KeyPressMsg{Code: tea.KeyDown},
			tea.KeyPressMsg{Code: tea.KeyDown})...)
	},
	"prove": func(w, h int) Model {
		asked := reply(flow.Challenge{Name: "SOFTWARE_TOKEN_MFA", Params: map[string]string{"FRIENDLY_DEVICE_NAME": "Pixel"}})
		return drive(toScan(&script{answers: append(slices.Clone(enrolled), asked)}, w, h), typed("012345thunter2\n")...)
	},
	"done": func(w, h int) Model {
		return drive(toScan(&script{answers: enrolled}, w, h), typed("012345")...)
	},
	"stopped": func(w, h int) Model {
		pool := &script{answers: []flow.Event{reply(flow.Challenge{Name: "SMS_MFA"})}}
		return drive(newModel(pool, w, h), typed("alice\nhunter2\n")...)
	},
}

var sizes = map[string][2]int{"80x24": {80, 24}, "60x20": {60, 20}, "40x15": {40, 15}, "132x43": {132, 43},
	"200x50": {200, 50}}

func TestScreens(t *testing.T) {
	for name, open := range screens {
		for size, s := range sizes {
			t.Run(strings.ReplaceAll(name, " ", "-")+"/"+size, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					m := open(s[0], s[1])
					text := screenText(m)
					for i, line := range strings.Split(m.View().Content, "\n") {
						if w := lipgloss.Width(line); w > s[0] {
							t.Errorf("line %d is %d wide: %q", i, w, ansi.Strip(line))
						}
					}
					if n := strings.Count(m.View().Content, "\n") + 1; n != s[1] {
						t.Errorf("the frame has %d lines", n)
					}
					if strings.Contains(text, "hunter2") {
						t.Error("the password is on the screen")
					}
					golden.RequireEqual(t, []byte(text))
				})
			})
		}
	}
}

// Any window, and any order of sizes, must be survived; the first View comes before any size.
func TestAnySize(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := New(context.Background(), Config{Start: flow.Start(flow.Options{Issuer: "Acme"}), Pool: &script{}})
		if got := m.View().Content; got != "" {
			t.Errorf("without a size the frame is %q", got)
		}
		m = drive(toScan(&script{answers: []flow.Event{mismatch}}, 80, 24), typed("000000")...)
		m = drive(m, notice("Press a key within 1 minute, or this session ends."))
		for _, w := range []int{0, 1, 2, 5, 10, 34, 35, 44, 45, 60, 79, 80, 81, 200} {
			for h := range 60 {
				m = drive(m, tea.WindowSizeMsg{Width: w, Height: h})
				v := m.View()
				if h > 0 && w > 0 && strings.Count(v.Content, "\n") != h-1 {
					t.Fatalf("%d×%d: %d lines", w, h, strings.Count(v.Content, "\n")+1)
				}
				if c := v.Cursor; c != nil && (c.X < 0 || c.X >= w || c.Y < 0 || c.Y >= h) {
					t.Fatalf("%d×%d: the cursor is at %d,%d", w, h, c.X, c.Y)
				}
			}
		}
	})
}

// TestNoticeIsWhole: what whoever runs this has to say is said whole in a narrow window, and leaves the field for the
// code where it can be typed.
func TestNoticeIsWhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const text = "Press a key within 1 minute, or this session ends."
		for _, size := range [][2]int{{24, 12}, {40, 15}, {60, 24}, {80, 24}, {200, 50}} {
			m := drive(toScan(&script{}, size[0], size[1]), notice(text))
			got := strings.Join(strings.Fields(screenText(m)), " ")
			if !strings.Contains(got, text) || !strings.Contains(got, "Code") || m.View().Cursor == nil {
				t.Errorf("%d×%d:\n%s", size[0], size[1], screenText(m))
			}
			if got := screenText(drive(m, notice(""))); !strings.Contains(got, "send") {
				t.Errorf("%d×%d: the keys are not back:\n%s", size[0], size[1], got)
			}
		}
	})
}

func TestEverythingAtOnceAt80x24(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		text := screenText(toScan(&script{}, 80, 24))
		for _, want := range []string{"▀", "GEZD GNBV GY3T QOJQ GEZD", "Code", "At least 3:00 left", "send", "ctrl+c quit",
			"Acme Staging", "firstname.lastn@acme.com"} {
			if !strings.Contains(text, want) {
				t.Errorf("%q is not on the screen:\n%s", want, text)
			}
		}
	})
}

func TestCodeField(t *testing.T) {
	paste := func(s string) []tea.Msg { return []tea.Msg{tea.PasteMsg{Content: s}} }
	for _, tt := range []struct {
		name string
		msgs []tea.Msg
		want string // the code sent, or "" for none
	}{
		{"six digits are sent without Enter", typed("012345"), "012345"},
		{"five are not", typed("01234"), ""},
		{"typed with a space", typed("012 345"), "012345"},
		{"letters are ignored", typed("0a1b2c345"), "012345"},
		{"full-width digits", typed("０１２３４５"), "012345"},
		{"pasted with a space", paste("012 345"), "012345"},
		{"pasted with a line end", paste(" 012345\r\n"), "012345"},
		{"pasted with a hyphen", paste("012-345"), "012345"},
		{"seven pasted digits are not sent", paste("0123456"), ""},
		{"nor letters", paste("abcdef"), ""},
		{"corrected and sent", append(append(typed("99999"), tea.KeyPressMsg{Code: tea.KeyBackspace}), typed("12")...),
			"999912"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				pool := &script{answers: []flow.Event{mismatch}}
				drive(toScan(pool, 80, 24), tt.msgs...)
				got := ""
				if v, ok := pool.calls[len(pool.calls)-1].(flow.Verify); ok {
					got = v.Code.Reveal()
				}
				if got != tt.want {
					t.Errorf("sent %q, want %q", got, tt.want)
				}
			})
		})
	}
}

// The code that was refused stays to be sent all the same, and makes room when another is typed.
func TestUncertainCode(t *testing.T) {
	for keys, want := range map[string]string{"000000\n": "000000", "000000\n123": "000000"} {
		synctest.Test(t, func(t *testing.T) {
			associated := reply(flow.Associated{Key: flow.NewSecret("GEZDGNBVGY3TQOJQ"), Session: flow.NewSecret("S2")})
			pool := &script{answers: []flow.Event{setup, associated, mismatch}}
			drive(newModel(pool, 80, 24), append(typed("alice\nhunter2\n"), typed("\n"+keys)...)...)
			verify, ok := pool.calls[len(pool.calls)-1].(flow.Verify)
			if !ok || verify.Code.Reveal() != want {
				t.Errorf("%q sent %T %q", keys, pool.calls[len(pool.calls)-1], verify.Code.Reveal())
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		associated := reply(flow.Associated{Key: flow.NewSecret("GEZDGNBVGY3TQOJQ"), Session: flow.NewSecret("S2")})
		pool := &script{answers: []flow.Event{setup, associated}}
		m := drive(newModel(pool, 80, 24), append(typed("alice\nhunter2\n"), typed("\n000000111")...)...)
		if text := screenText(m); !strings.Contains(text, "› 111 ") && !strings.Contains(text, "› 111\n") {
			t.Errorf("the digits do not begin a new code:\n%s", text)
		}
	})
}

func TestPasteIntoPassword(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pool := &script{answers: []flow.Event{setup}}
		m := drive(newModel(pool, 80, 24), typed("alice\n")...)
		drive(m, append([]tea.Msg{tea.PasteMsg{Content: "hunter2\r\n"}}, typed("\n")...)...)
		want := flow.SignIn{Flow: flow.SRP, Username: "alice", Password: flow.NewSecret("hunter2")}
		if pool.calls[0] != want {
			t.Errorf("the paste was changed on the way")
		}
	})
}

// While a call is under way keys are dropped, and a reply to another call is, too.
func TestWorking(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, cmd := presses(toScan(&script{}, 80, 24), typed("012345\n")...)
		if cmd == nil || m.state.Ask().Phase != flow.Working {
			t.Fatal("the code was not sent")
		}
		before := screenText(m)
		if !strings.Contains(before, "Checking the code") {
			t.Errorf("the screen does not say what is being done:\n%s", before)
		}
		if m.View().Cursor != nil {
			t.Error("the cursor invites to type")
		}
		m = drive(m, append(typed("99\n"), tea.PasteMsg{Content: "99"}, replied{m.call - 1, mismatch})...)
		if diff := cmp.Diff(before, screenText(m)); diff != "" {
			t.Errorf("the screen changed:\n%s", diff)
		}
		m = drive(m, replied{m.call, mismatch})
		if text := screenText(m); !strings.Contains(text, "The code is not right") {
			t.Errorf("the reply was not taken:\n%s", text)
		}
	})
}

// A code that is complete goes by itself, and the Enter that many people press after it belongs to it: it sends the
// code at once, and does not answer the next question as well. Until then the last digit can be taken back.
func TestReflex(t *testing.T) {
	phase := func(m Model) flow.Phase { return m.state.Ask().Phase }
	synctest.Test(t, func(t *testing.T) {
		m, sends := presses(toScan(&script{}, 80, 24), typed("012345")...)
		if phase(m) != flow.Asking || sends == nil {
			t.Fatal("the code did not wait")
		}
		began := time.Now()
		waited := sends()
		if after := time.Since(began); after != reflex {
			t.Errorf("it waits %v", after)
		}
		if by, _ := presses(m, waited); phase(by) != flow.Working {
			t.Error("it does not go by itself")
		}
		entered, _ := presses(m, typed("\n")...)
		if phase(entered) != flow.Working {
			t.Error("Enter does not send it")
		}
		call := entered.call
		if entered, _ = presses(entered, waited); entered.call != call {
			t.Error("it is sent twice")
		}
		refused, _ := presses(entered, replied{call, mismatch})
		call = refused.call
		if refused, _ = presses(refused, waited); phase(refused) != flow.Asking || refused.call != call {
			t.Error("after the refusal it is sent again")
		}
		more, _ := presses(m, typed("6")...)
		if answer := more.screen.answer(); answer.Values["code"].Reveal() != "012345" {
			t.Errorf("one digit more made it %q", answer.Values["code"].Reveal())
		}
		less, _ := presses(m, tea.KeyPressMsg{Code: tea.KeyBackspace}, waited)
		if phase(less) != flow.Asking {
			t.Error("it goes without its last digit")
		}
		again, sends := presses(less, typed("9")...)
		if stale, _ := presses(again, waited); phase(stale) != flow.Asking {
			t.Error("another code goes when the one before would have gone")
		}
		if again, _ = presses(again, sends()); phase(again) != flow.Working {
			t.Error("the corrected code does not go")
		}
	})
}

func TestCursorFollowsTheText(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := drive(newModel(&script{}, 80, 24), typed("né漢x")...)
		c := m.View().Cursor
		line := []rune(strings.Split(screenText(m), "\n")[c.Y])
		left := strings.TrimSuffix(string(line), "né漢x")
		if want := lipgloss.Width(left + "né漢x"); c.X != want {
			t.Errorf("the cursor is in column %d, the text ends at %d", c.X, want)
		}
	})
}

// What stays when the wizard is left must be nothing: some terminals have no alternate screen.
func TestLastFrameIsEmpty(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := toScan(&script{}, 80, 24)
		next, cmd := m.Update(tea.KeyPressMsg{Code: 'c', Mod: tea.ModCtrl})
		if _, ok := cmd().(tea.InterruptMsg); !ok {
			t.Error("ctrl+c does not interrupt")
		}
		if got := next.View().Content; got != "" {
			t.Errorf("the last frame is %q", got)
		}
	})
}

// bomb is a Pool with a bug.
type bomb struct{}

func (bomb) Do(context.Context, flow.Call) flow.Event { panic("a bug") }

// watched is a terminal's output; shown is closed when text has appeared.
type watched struct {
	bytes.Buffer
	text  string
	shown chan struct{}
}

func (w *watched) Write(b []byte) (int, error) {
	if bytes.Contains(b, []byte(w.text)) && w.text != "" {
		w.text = ""
		close(w.shown)
	}
	return w.Buffer.Write(b)
}

// A panic must not leave the terminal without echo, in the alternate screen, with the QR code on it.
func TestPanicRestoresTheTerminal(t *testing.T) {
	out := &watched{text: "Password", shown: make(chan struct{})}
	in, keys := io.Pipe()
	go func() {
		<-out.shown
		io.WriteString(keys, "alice\rhunter2\r")
	}()
	_, err := Run(t.Context(), Config{Start: flow.Start(flow.Options{Issuer: "Acme"}), Pool: bomb{}},
		tea.WithInput(in), tea.WithOutput(out), tea.WithWindowSize(80, 24), tea.WithoutSignalHandler(),
		tea.WithEnvironment([]string{"TERM=xterm-256color"}))
	if !errors.Is(err, tea.ErrProgramPanic) {
		t.Fatalf("Run returned %v", err)
	}
	entered := strings.LastIndex(out.String(), ansi.SetModeAltScreenSaveCursor)
	left := strings.LastIndex(out.String(), ansi.ResetModeAltScreenSaveCursor)
	if entered < 0 || left < entered {
		t.Errorf("the alternate screen was entered at %d and left at %d of %d bytes", entered, left, out.Len())
	}
	if shown := strings.LastIndex(out.String(), ansi.ShowCursor); shown < entered {
		t.Error("the cursor was not shown again")
	}
}

// A terminal that no file stands for has its size told.
func TestResize(t *testing.T) {
	in, keys := io.Pipe()
	out := &line{keys: keys}
	out.more = sync.NewCond(&out.mu)
	sizes := make(chan tea.WindowSizeMsg)
	go func() {
		wide := out.waits("Password", 0)
		sizes <- tea.WindowSizeMsg{Width: 40, Height: 12}
		close(sizes)
		out.waits("1/4 ", wide) // where the names of all steps do not fit
		io.WriteString(keys, "\x03")
	}()
	_, err := Run(t.Context(), Config{Start: flow.Start(flow.Options{Issuer: "Acme"}), Pool: &script{}, Resizes: sizes},
		tea.WithInput(in), tea.WithOutput(out), tea.WithWindowSize(80, 24), tea.WithoutSignalHandler(),
		tea.WithEnvironment([]string{"TERM=xterm-256color"}))
	if !errors.Is(err, ui.ErrCanceled) {
		t.Errorf("Run returned %v", err)
	}
}

// Names may have wide and combining characters: they are measured in cells, not in runes or bytes.
func TestWideNames(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		name := "山田太郎e\u0301e\u0301e\u0301Ünï" // 4 × 2 + 3 + 3 cells
		pool := &script{answers: append([]flow.Event{setup, associated}, enrolled...)}
		pool.answers[len(pool.answers)-1] = reply(flow.Profile{Username: strings.Repeat(name, 8), Pool: "us-east-1_AbC",
			Factors: []string{"SOFTWARE_TOKEN_MFA"}})
		m := drive(newModel(pool, 80, 24), typed(name)...)
		if c := m.View().Cursor; c == nil || c.X != margin+len("Username  › ")-2+14 {
			t.Errorf("the cursor is at %+v", c)
		}
		for _, msgs := range [][]tea.Msg{typed("\nhunter2\n"), typed("\n"), typed("012345")} {
			m = drive(m, msgs...)
			for i, line := range strings.Split(m.View().Content, "\n") {
				if w := lipgloss.Width(line); w > 80 {
					t.Errorf("line %d is %d cells wide: %q", i, w, ansi.Strip(line))
				}
			}
		}
		if text := screenText(m); !strings.Contains(text, "山田太郎e\u0301") || !strings.Contains(text, "…") {
			t.Errorf("the name is not there, or not cut:\n%s", text)
		}
	})
}

// TestPasteBoth: a username and a password that were copied together fill both fields, and the password is never
// drawn. Nothing of a paste that has too many lines is drawn either.
func TestPasteBoth(t *testing.T) {
	for _, text := range []string{"alice\nhunter2\n", "alice\r\nhunter2", "alice\rhunter2\r"} {
		pool := &script{answers: []flow.Event{setup}}
		m := drive(newModel(pool, 80, 24), tea.PasteMsg{Content: text})
		if screen := screenText(m); strings.Contains(screen, "hunter2") || !strings.Contains(screen, "alice") ||
			!strings.Contains(screen, "•••••••") {
			t.Errorf("after the paste of %q:\n%s", text, screen)
		}
		drive(m, typed("\n")...)
		if len(pool.calls) != 1 || pool.calls[0] != (flow.SignIn{Flow: flow.SRP, Username: "alice",
			Password: flow.NewSecret("hunter2")}) {
			t.Errorf("%q makes %+v", text, pool.calls)
		}
	}
	m := drive(newModel(&script{}, 80, 24), tea.PasteMsg{Content: "alice\nhunter2\nhunter2 again\n"})
	if screen := screenText(m); strings.Contains(screen, "hunter2") {
		t.Errorf("a line too many is drawn:\n%s", screen)
	}
	one := New(context.Background(), Config{
		Start: flow.Start(flow.Options{Issuer: "Acme", AuthFlow: flow.Choice}), Pool: &script{},
		Now: func() time.Time { return start },
	})
	one = drive(one, tea.WindowSizeMsg{Width: 80, Height: 24}, tea.PasteMsg{Content: "alice\nhunter2\n"})
	if screen := screenText(one); strings.Contains(screen, "hunter2") || !strings.Contains(screen, "alice") {
		t.Errorf("where no password is asked for:\n%s", screen)
	}
}

// TestPastedPassword: it is sent as it was copied, tabs and spaces included.
func TestPastedPassword(t *testing.T) {
	for _, password := range []string{" hunter2", "hunter2 ", "hun\tter2", "\thunter2", "e\u0301hunter2"} {
		pool := &script{answers: []flow.Event{setup}}
		m := drive(newModel(pool, 80, 24), typed("alice\n")...)
		drive(m, append([]tea.Msg{tea.PasteMsg{Content: password + "\n"}}, typed("\n")...)...)
		if len(pool.calls) != 1 || pool.calls[0].(flow.SignIn).Password.Reveal() != password {
			t.Errorf("%q is sent otherwise: %+v", password, pool.calls)
		}
	}
}

// TestPastedCode: the code is taken out of the words around it, and sends itself.
func TestPastedCode(t *testing.T) {
	for _, text := range []string{"Code: 123456", "123 456 lasts 24 s\n", "12\u200b3456", "١٢٣٤٥٦"} {
		pool := &script{answers: enrolled}
		drive(toScan(pool, 80, 24), tea.PasteMsg{Content: text})
		if len(pool.calls) < 3 || pool.calls[2].(flow.Verify).Code.Reveal() != "123456" {
			t.Errorf("%q makes %+v", text, pool.calls)
		}
	}
}
