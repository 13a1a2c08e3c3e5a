package admin

import (
	"bytes"
	"errors"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/pquerna/otp/totp"

	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/cognito"
	"cognito-enroll/cognito/localpool"
	"cognito-enroll/flow"
)

// office is a pool with one user who has an authenticator, and who looks after it.
type office struct {
	t      *testing.T
	client *cognito.Client
	desk   *desk
	out    *lines
}

// lines is what was printed, and whoever waits for some of it.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
	more chan struct{}
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	close(l.more)
	l.more = make(chan struct{})
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// wait returns when text was printed.
func (l *lines) wait(t *testing.T, text string) {
	t.Helper()
	timeout := time.After(time.Minute)
	for {
		l.mu.Lock()
		more, there := l.more, strings.Contains(l.text.String(), text)
		l.mu.Unlock()
		if there {
			return
		}
		select {
		case <-more:
		case <-timeout:
			t.Fatalf("%q was not printed, but:\n%s", text, l)
		}
	}
}

func newOffice(t *testing.T) *office {
	t.Helper()
	server := localpool.New(localpool.Options{Signer: localpool.NewHMACSigner([]byte("story"))})
	_, err := server.Seed(localpool.Seed{Pools: []localpool.PoolSeed{{ID: testPool, Name: "office", MFA: "OPTIONAL",
		Clients: []localpool.ClientSeed{{ID: "officeclient"}},
		Users: []localpool.UserSeed{
			{Username: "ada", Password: "Correct-Horse-9", TOTP: &localpool.TOTPSeed{}},
			{Username: "bob", Password: "Correct-Horse-9"},
		}}}})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(server)
	t.Cleanup(web.Close)
	config := cognito.Config{PoolID: testPool, ClientID: "officeclient", Endpoint: web.URL,
		Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "example", "")}
	o := &office{t: t, out: &lines{more: make(chan struct{})}}
	if o.client, err = cognito.New(config); err != nil {
		t.Fatal(err)
	}
	a, err := cognito.NewAdmin(config)
	if err != nil {
		t.Fatal(err)
	}
	o.desk = &desk{Admin: a, terminal: &terminal.Terminal{Out: o.out, Err: o.out}, by: unknown}
	var outcome cognito.Outcome
	if o.desk.pool, outcome = a.Pool(t.Context()); outcome.Err != nil {
		t.Fatal(outcome.Err)
	}
	return o
}

// reply makes a call that must succeed.
func (o *office) reply(call flow.Call) flow.Result {
	o.t.Helper()
	event := o.client.Do(o.t.Context(), call)
	reply, ok := event.(flow.Reply)
	if !ok {
		o.t.Fatalf("%T: %+v", call, event)
	}
	return reply.Result
}

// enroll is what a person does who sets up an app.
func (o *office) enroll(name string) {
	o.t.Helper()
	tokens := o.reply(flow.SignIn{Flow: flow.Password, Username: name, Password: flow.NewSecret("Correct-Horse-9")}).(flow.Tokens)
	grant := flow.Grant{AccessToken: tokens.AccessToken}
	key := o.reply(flow.Associate{Grant: grant}).(flow.Associated).Key
	code, err := totp.GenerateCode(key.Reveal(), time.Now())
	if err != nil {
		o.t.Fatal(err)
	}
	o.reply(flow.Verify{Grant: grant, Code: flow.NewSecret(code), Device: "Phone"})
	o.reply(flow.Prefer{AccessToken: tokens.AccessToken})
}

// A lost phone: the watch shows nothing that is not so, the reset is told by its receipt, and the enrollment ends it.
func TestLostPhone(t *testing.T) {
	o := newOffice(t)
	if err := o.desk.reset(t.Context(), "ada", resetFlags{yes: "ada", passwordAlone: true}); err != nil {
		t.Fatal(err)
	}
	o.out.wait(t, "The authenticator is deleted.")
	watched := make(chan error, 1)
	go func() { watched <- o.desk.watch(t.Context(), "ada", time.Minute) }()
	o.out.wait(t, "active factors: none")
	o.enroll("ada")
	if err := <-watched; err != nil {
		t.Error(err)
	}
	if !regexp.MustCompile(`Active factors are now: authenticator app \(preferred\)\..*\n.*An authenticator app is active\.\n$`).
		MatchString(o.out.String()) {
		t.Errorf("%s", o.out)
	}
}

// An administrator resets in the middle of an enrollment. The key that was shown is void, and nobody is told that the
// user is enrolled.
func TestResetWithinAnEnrollment(t *testing.T) {
	o := newOffice(t)
	tokens := o.reply(flow.SignIn{Flow: flow.Password, Username: "bob", Password: flow.NewSecret("Correct-Horse-9")}).(flow.Tokens)
	grant := flow.Grant{AccessToken: tokens.AccessToken}
	key := o.reply(flow.Associate{Grant: grant}).(flow.Associated).Key
	if err := o.desk.reset(t.Context(), "bob", resetFlags{yes: "bob", passwordAlone: true}); err != nil {
		t.Fatal(err)
	}
	code, err := totp.GenerateCode(key.Reveal(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if failed, ok := o.client.Do(t.Context(), flow.Verify{Grant: grant, Code: flow.NewSecret(code)}).(flow.Failed); !ok {
		t.Errorf("the key was accepted: %+v", failed)
	}
	err = o.desk.watch(t.Context(), "bob", 0)
	if !errors.Is(err, exit.ErrNotEnrolled) || strings.Contains(o.out.String(), "An authenticator app is active") {
		t.Errorf("%v: %s", err, o.out)
	}
}
