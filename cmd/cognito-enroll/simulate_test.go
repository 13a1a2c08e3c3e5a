package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cognito/simulate"
	"cognito-enroll/flow"
	"cognito-enroll/ui/ndjson"
)

// plans is how many the tests below carry out with the program itself.
const plans = 200

// TestSimulated leads the people of package simulate through the program as it is installed: begin and
// finish, status, and the lines of --plain and of --json. The judge hears what the program says, and
// each result has the exit code that is documented for it.
func TestSimulated(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the program hundreds of times")
	}
	var mu sync.Mutex
	seen := map[string]int{}
	t.Run("plans", func(t *testing.T) { simulated(t, func(end string) { mu.Lock(); seen[end]++; mu.Unlock() }) })
	t.Logf("exit codes: %v", seen)
	for _, want := range []string{"begin 0", "json 0", "plain 0", "json 5", "plain 5", "status --json 0",
		"status --json 6", "status --plain 6"} {
		if seen[want] == 0 {
			t.Errorf("no run ended so: %s; %v", want, seen)
		}
	}
}

// simulated carries all plans out, side by side, since the program waits in earnest.
func simulated(t *testing.T, ended func(string)) {
	for seed := range uint64(plans) {
		p := simulate.Draw(500_000 + seed)
		p.Ahead, p.Hang, p.Connect = 0, 0, false // of the process
		for i := range p.Faults {
			p.Faults[i].Times = 0 // the program waits in earnest before it tries again
		}
		switch p.Flow {
		case flow.Admin, flow.Token, flow.FromSession:
			p.Flow, p.HandBack = flow.Password, false
		}
		kind := []string{"begin", "json", "plain"}[seed%3]
		if p.Goal == simulate.Look {
			kind = []string{"status --json", "status --plain"}[seed%2]
		}
		t.Run(fmt.Sprintf("%s/%d", kind, seed), func(t *testing.T) {
			t.Parallel()
			s := newSession(t, p)
			var code int
			switch kind {
			case "begin":
				code = s.beginFinish()
			case "json", "plain":
				code = s.converse("--" + kind)
			default:
				code = s.converse(strings.Fields(kind)...)
			}
			ended(fmt.Sprint(kind, " ", code))
			for _, l := range s.live.Lies() {
				t.Errorf("%s at %s: %s", l.Kind, l.Where, l.Text)
			}
			if t.Failed() {
				t.Logf("%s\n%s\n%s", p, s.live.Trace(), s.said.String())
			}
		})
	}
}

// session is one plan, and the program that runs against it.
type session struct {
	t     *testing.T
	live  *simulate.Live
	plan  simulate.Plan
	flags []string
	dir   string
	said  record
	left  bool   // the person left
	asked string // the last question
}

func newSession(t *testing.T, p simulate.Plan) *session {
	live, err := simulate.NewLive(p, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(live)
	t.Cleanup(server.Close)
	s := &session{t: t, live: live, plan: p, dir: t.TempDir()}
	s.flags = []string{"--endpoint-url", server.URL, "--pool-id", simulate.PoolID, "--client-id", simulate.ClientID,
		"--issuer", "Acme"}
	names := map[flow.AuthFlow]string{flow.Auto: "auto", flow.SRP: "srp", flow.Password: "password",
		flow.Choice: "choice", flow.Custom: "custom", flow.CustomSRP: "custom-srp"}
	s.flags = append(s.flags, "--auth-flow", names[p.Flow])
	if p.Preferred != "" {
		s.flags = append(s.flags, "--preferred-challenge", p.Preferred)
	}
	if p.Pool.Secret {
		file := filepath.Join(s.dir, "secret")
		if err := os.WriteFile(file, []byte(simulate.ClientSecret), 0o600); err != nil {
			t.Fatal(err)
		}
		s.flags = append(s.flags, "--client-secret-file", file)
	}
	return s
}

// program starts it.
func (s *session) program(args ...string) (*exec.Cmd, io.WriteCloser, *bufio.Reader) {
	ctx, stop := context.WithTimeout(s.t.Context(), 2*time.Minute)
	s.t.Cleanup(stop)
	cmd := exec.CommandContext(ctx, "cognito-enroll", args...)
	cmd.Dir = s.dir
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "AWS_") {
			cmd.Env = append(cmd.Env, v)
		}
	}
	cmd.Env = append(cmd.Env, "HOME="+s.dir, "XDG_CACHE_HOME="+s.dir, "XDG_CONFIG_HOME="+s.dir, "LANG=C.UTF-8")
	in, err := cmd.StdinPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	cmd.Stderr = &s.said
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	return cmd, in, bufio.NewReader(io.TeeReader(out, &s.said))
}

func (s *session) wait(cmd *exec.Cmd) int {
	err := cmd.Wait()
	exit := (*exec.ExitError)(nil)
	if cmd.ProcessState.ExitCode() < 0 {
		s.t.Fatalf("it had to be killed, after the question %q\n%s\n%s\n%s", s.asked, s.plan, s.live.Trace(), s.said.String())
	}
	if err != nil && !errors.As(err, &exit) {
		s.t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode()
}

// converse is one run of the program.
func (s *session) converse(how ...string) int {
	args := s.flags
	front := how[len(how)-1]
	if how[0] == "status" {
		args = append([]string{"status"}, without(args, "--issuer")...)
	} else if s.plan.TestSignIn {
		args = append(args, "--prove")
	}
	cmd, in, out := s.program(append(args, front)...)
	var end *object
	if front == "--json" {
		end = s.json(in, out)
	} else {
		s.plain(in, out)
	}
	in.Close()
	io.Copy(io.Discard, out)
	code := s.wait(cmd)
	if front == "--plain" {
		s.judgePlain(code, how[0] == "status")
		return code
	}
	s.judge(code, end, how[0] == "status")
	if how[0] == "status" && code == exit.NotEnrolled && s.live.Asks() == flow.Yes && !s.live.Uncertain() {
		s.t.Error("status says that nobody is enrolled, and the next sign-in asks for a code")
	}
	if how[0] == "status" && code == exit.Done && !s.live.Active() && !s.live.Uncertain() {
		s.t.Error("status says that somebody is enrolled, and no authenticator is active")
	}
	return code
}

func without(args []string, flag string) (rest []string) {
	for i := 0; i < len(args); i += 2 {
		if args[i] != flag {
			rest = append(rest, args[i], args[i+1])
		}
	}
	return rest
}

// record keeps what the program writes to both of its streams, each from a goroutine of its own.
type record struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (r *record) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.Write(p)
}

func (r *record) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.String()
}

// object is any of those that the program writes.
type object struct {
	Type string `json:"type"`
	ndjson.Ask
	Enrolled bool          `json:"enrolled"`
	Error    *ndjson.Error `json:"problem"`
	Prove    bool          `json:"can_prove"`
}

// flow is the Ask of an object, as far as programs are told.
func (o object) flow() flow.Ask {
	a := flow.Ask{ID: o.ID, Title: o.Title, Body: o.Body, Note: o.Note, Account: o.Account, Standing: o.Standing,
		Facts: o.Facts, CanBack: o.CanBack}
	if e := o.Error; e != nil {
		faults := map[string]flow.Fault{"retry": flow.Retry, "restart": flow.Restart, "wait": flow.Wait,
			"elsewhere": flow.Elsewhere}
		a.Problem = &flow.Error{Code: flow.ErrorCode(e.Code), Fault: faults[e.Fault], Field: e.Field, Msg: e.Message,
			Hint: e.Hint}
	}
	for _, f := range o.Fields {
		field := flow.Field{Key: f.Key, Label: f.Label, Optional: f.Filled && f.Kind == "code"}
		for _, option := range f.Options {
			field.Options = append(field.Options, flow.Option{Value: option.Value, Label: option.Label})
		}
		a.Fields = append(a.Fields, field)
	}
	if e := o.Ask.Enroll; e != nil {
		a.Enroll = &flow.Enroll{Key: flow.NewSecret(e.Key), URI: flow.NewSecret(e.URI)}
	}
	return a
}

// json answers in JSON until there is an end, which it returns.
func (s *session) json(in io.Writer, out *bufio.Reader) *object {
	for {
		line, err := out.ReadString('\n')
		if err != nil {
			return nil
		}
		var o object
		if err := json.Unmarshal([]byte(line), &o); err != nil {
			s.t.Fatalf("%v in %s", err, line)
		}
		switch o.Type {
		case "begun", "stopped":
			s.heard(o)
			return &o
		case "result":
			s.heard(o)
			return &o
		case "problem":
			s.t.Fatalf("an answer was none: %s", line)
		case "ask":
			s.asked = o.ID
			switch e := s.live.Answer(o.flow()).(type) {
			case nil:
				s.left = true
				return nil
			case flow.Back:
				fmt.Fprintln(in, `{"v":1,"type":"back"}`)
			case flow.Answer:
				values := map[string]string{}
				for _, f := range o.Fields {
					values[f.Key] = e.Values[f.Key].Reveal()
				}
				text, err := json.Marshal(ndjson.Input{V: 1, Type: "answer", ID: o.ID, Values: values})
				if err != nil {
					s.t.Fatal(err)
				}
				fmt.Fprintf(in, "%s\n", text)
			}
		}
	}
}

// heard judges an end.
func (s *session) heard(o object) {
	a := o.flow()
	a.ID = o.Type
	if o.Type != "begun" {
		a.Enroll = nil
	}
	s.live.Judge(a)
}

// judge holds an exit code against the last object.
func (s *session) judge(code int, end *object, status bool) {
	want := -1
	faults := map[string]int{"bug": exit.Bug, "retry": exit.Refused, "restart": exit.Refused, "wait": exit.Wait,
		"elsewhere": exit.Elsewhere}
	switch {
	case end == nil && !s.left:
		s.t.Errorf("exit code %d without an end", code)
	case end == nil:
		if code == exit.Done || code == exit.Bug || code == exit.NotEnrolled {
			s.t.Errorf("exit code %d for somebody who left at %q", code, s.asked)
		}
	case end.Type == "begun":
		want = exit.Done
	case end.Error != nil:
		want = faults[end.Error.Fault]
	case status && !end.Enrolled:
		want = exit.NotEnrolled
	case end.Type == "result":
		want = exit.Done
	}
	if want >= 0 && code != want {
		s.t.Errorf("exit code %d, want %d, after %+v", code, want, end)
	}
}

// beginFinish begins, and finishes what was begun, if it was.
func (s *session) beginFinish() int {
	cmd, in, out := s.program(append([]string{"begin", "--json"}, s.flags...)...)
	end := s.json(in, out)
	in.Close()
	io.Copy(io.Discard, out)
	code := s.wait(cmd)
	s.judge(code, end, false)
	if end == nil || end.Type != "begun" {
		return code
	}
	// The app has the entry now, and its code is typed elsewhere.
	scan := flow.Ask{ID: "scan", Fields: []flow.Field{{Key: "code"}}, Facts: end.Facts, Standing: end.Standing,
		Enroll: &flow.Enroll{Key: flow.NewSecret(end.Ask.Enroll.Key), URI: flow.NewSecret(end.Ask.Enroll.URI)}}
	say := s.live.Answer // the facts of begin are judged once
	for range 4 {
		answer, ok := say(scan).(flow.Answer)
		if !ok {
			return code
		}
		say = s.live.Voice
		cmd, in, out := s.program("finish", "--json", "--code-stdin")
		fmt.Fprintln(in, answer.Values["code"].Reveal())
		in.Close()
		end := s.json(io.Discard, out)
		io.Copy(io.Discard, out)
		code = s.wait(cmd)
		if end == nil {
			if code != exit.Usage {
				s.t.Errorf("finish says nothing and ends with %d", code)
			}
			return code
		}
		s.judge(code, end, false)
		_, err := os.Stat(filepath.Join(s.dir, "cognito-enroll", "handle.json"))
		if end.Type == "result" && err == nil {
			s.t.Error("there is a result, and the handle is still there")
		}
		if err != nil {
			return code // there is nothing more to finish
		}
	}
	return code
}
