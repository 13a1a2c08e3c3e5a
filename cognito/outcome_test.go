package cognito

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"cognito-enroll/flow"
)

// outcomeCalls are the calls that testdata/outcomes.txt tries each answer with, by name in calls. The
// last three change nothing of the user's, and Prefer, Disable and Status are made again when they fail.
var outcomeCalls = []string{
	"Associate", "AssociateByToken", "Verify", "VerifyByToken", "NEW_PASSWORD_REQUIRED", "MFA_SETUP", "EMAIL_OTP",
	"Prefer", "Disable", "Reset", "Confirm", "SOFTWARE_TOKEN_MFA", "SignInSRP", "Status",
}

// TestOutcome reads testdata/outcomes.txt, whose blocks are
//
//	no|unknown|reply [but=(CALL=no|unknown|reply, ...)]
//	ANSWER
//	ANSWER
//
// for the answers to the first, second, ... attempt, of which the last one repeats. The first line says
// what flow.Failed.Done is to be after them, or that the call succeeds, for each of outcomeCalls. It
// is not rewritten, unlike what comes out: Done, code and fault by call. An ANSWER is one of
//
//	STATUS json|html BODY
//	STATUS EXCEPTION MESSAGE     in Cognito's form
//	unread FAILURE               nothing comes, for a reason of networkFailures
//	read FAILURE                 the same after the request was read
//	torn BODY                    a 200 of which the connection brings no more than BODY
//	gone|gone-read               the caller has gone, before or after the request was read
func TestOutcome(t *testing.T) {
	answers := map[string]bool{}
	var wrong []string // kept to the end, as datadriven stops at a block that fails
	datadriven.RunTest(t, "testdata/outcomes.txt", func(t *testing.T, d *datadriven.TestData) string {
		want := map[string]string{}
		for _, arg := range d.CmdArgs {
			for _, exception := range arg.Vals {
				call, done, _ := strings.Cut(exception, "=")
				if !slices.Contains(outcomeCalls, call) {
					d.Fatalf(t, "there is no call %s", call)
				}
				want[call] = done
			}
		}
		if answers[d.Input] {
			d.Fatalf(t, "the answers stand here twice")
		}
		answers[d.Input] = true
		var b strings.Builder
		for _, name := range outcomeCalls {
			done, words := outcomeOf(t, name, strings.Split(d.Input, "\n"))
			fmt.Fprintf(&b, "%-21s  %-7s  %s\n", name, done, words)
			if expected := cmp.Or(want[name], d.Cmd); done != expected {
				wrong = append(wrong, fmt.Sprintf("%s: %s: %s, want %s", d.Pos, name, done, expected))
			}
		}
		return b.String()
	})
	for _, w := range wrong {
		t.Error(w)
	}
	if len(answers) < 40 {
		t.Errorf("%d answers are tried, want 40 at least", len(answers))
	}
}

// outcomeOf makes a call and returns what Done is, and the error's code and fault, if it fails.
func outcomeOf(t *testing.T, name string, answers []string) (done, words string) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	attempt := 0
	c := newClient(t, func(r *http.Request) (*http.Response, error) {
		answer := answers[min(attempt, len(answers)-1)]
		attempt++
		return scripted(t, r, cancel, answer)
	})
	c.config.Backoff = func(int) time.Duration { return 0 }
	switch e := c.Do(ctx, calls[name]).(type) {
	case flow.Failed:
		return e.Done.String(), fmt.Sprintf("%s (%s)", e.Err.Fault, e.Err.Code)
	case flow.Reply:
		return "reply", fmt.Sprintf("%T", e.Result)
	}
	panic("unreachable")
}

func scripted(t *testing.T, r *http.Request, cancel func(), answer string) (*http.Response, error) {
	kind, rest, _ := strings.Cut(answer, " ")
	if !strings.HasPrefix(kind, "unread") && kind != "gone" {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			t.Error(err)
		}
	}
	switch kind {
	case "unread", "read":
		err, ok := networkFailures[rest]
		if !ok {
			t.Fatalf("there is no failure %q", rest)
		}
		return nil, err
	case "torn":
		res := respondWith(http.StatusOK, nil, rest)
		res.Body = io.NopCloser(io.MultiReader(res.Body, failing{networkFailures["reset"]}))
		return res, nil
	case "gone", "gone-read":
		cancel()
		return nil, r.Context().Err()
	}
	status, err := strconv.Atoi(kind)
	if err != nil {
		t.Fatalf("there is no answer %q", answer)
	}
	form, body, _ := strings.Cut(rest, " ")
	switch form {
	case "json":
		return respondWith(status, nil, body), nil
	case "html":
		return respondWith(status, http.Header{"Content-Type": {"text/html"}}, body), nil
	}
	header := http.Header{"Content-Type": {"application/x-amz-json-1.1"}, "X-Amzn-Errortype": {form + ":"}}
	return respondWith(status, header, fmt.Sprintf(`{"__type": %q, "message": %q}`, form, body)), nil
}

// TestOutcomeOfSteps: a call of several requests is Unknown if one of them was, and a proof that is
// refused, or never sent, did nothing.
func TestOutcomeOfSteps(t *testing.T) {
	const verifier = `200 json {"ChallengeName":"PASSWORD_VERIFIER","ChallengeParameters":{` +
		`"USER_ID_FOR_SRP":"u","SALT":"0f","SRP_B":"5","SECRET_BLOCK":"AAAA"}}`
	for _, name := range []string{
		"SignInSRP", "SignInChoiceSRP", "SignInCustomSRP", "PASSWORD_SRP", "SELECT_CHALLENGESRP", "AdminPASSWORD_SRP",
	} {
		for answer, want := range map[string]string{
			"400 NotAuthorizedException Incorrect username or password.": "no",
			"unread refused":                         "no",
			"gone":                                   "no",
			"read reset":                             "unknown",
			"gone-read":                              "unknown",
			"500 InternalErrorException":             "unknown",
			"200 json {}":                            "unknown",
			`200 json {"ChallengeName":"MFA_SETUP"}`: "unknown",
			`200 json {"ChallengeName":"MFA_SETUP","Session":"S"}`:                           "reply",
			"400 UserLambdaValidationException PostAuthentication failed with error no.":     "unknown",
			`200 json {"ChallengeName":"PASSWORD_VERIFIER","Session":"S"}`:                   "reply",
			`200 json {"AuthenticationResult":{"AccessToken":"T"},"ChallengeParameters":{}}`: "reply",
		} {
			if done, words := outcomeOf(t, name, []string{verifier, answer}); done != want {
				t.Errorf("%s, then %s: %s %s, want %s", name, answer, done, words, want)
			}
		}
		unsalted := strings.Replace(verifier, `"SALT":"0f",`, "", 1)
		if done, words := outcomeOf(t, name, []string{unsalted}); done != "unknown" {
			t.Errorf("%s, PASSWORD_VERIFIER without SALT: %s %s", name, done, words)
		}
	}
}

// TestNothingSent: what fails before there is a request did nothing.
func TestNothingSent(t *testing.T) {
	silent := func(*http.Request) (*http.Response, error) { panic("nothing is to be sent") }
	unsigned := newClient(t, silent)
	unsigned.config.Credentials = nil
	account := newAccount(t, Config{Transport: transport(silent)})
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for name, e := range map[string]flow.Event{
		"an unknown call":               newClient(t, silent).Do(t.Context(), nil),
		"Connect":                       newClient(t, silent).Do(t.Context(), flow.Connect{Pool: "us-east-1_AbC"}),
		"an unknown flow":               newClient(t, silent).Do(t.Context(), flow.SignIn{Flow: "REFRESH_TOKEN_AUTH"}),
		"no credentials":                unsigned.Do(t.Context(), calls["SignInAdmin"]),
		"a context that is over":        newClient(t, silent).Do(gone, calls["Associate"]),
		"a region that is none":         account.Do(t.Context(), flow.Pools{Region: "europe"}),
		"a user's call to an Account":   account.Do(t.Context(), calls["Prefer"]),
		"an unknown call to an Account": account.Do(t.Context(), nil),
	} {
		failed, ok := e.(flow.Failed)
		if !ok || failed.Done != flow.No || failed.Err.Msg == "" {
			t.Errorf("%s: %T %+v", name, e, e)
		}
	}
}

// foreign is no result that this package knows.
type foreign struct{ flow.Result }

// TestWhole: what is not known to be whole is not handed on.
func TestWhole(t *testing.T) {
	for _, result := range []flow.Result{nil, flow.Connected{}, foreign{}, flow.Challenge{Session: theSession},
		flow.Tokens{}} {
		if err := incomplete(calls["Prefer"], result); err == nil {
			t.Errorf("%T is handed on", result)
		}
	}
}

// TestBackoff: the delay between attempts is the caller's to choose, by the number of the attempt.
func TestBackoff(t *testing.T) {
	var waited []int
	c := newClient(t, func(*http.Request) (*http.Response, error) { return nil, errors.New("connection reset") })
	c.config.Backoff = func(attempt int) time.Duration {
		waited = append(waited, attempt)
		return 0
	}
	start := time.Now()
	fails(t, c, calls["Prefer"])
	fails(t, c, calls["Associate"])
	if !slices.Equal(waited, []int{1, 2}) || time.Since(start) > time.Second {
		t.Errorf("asked for the delay after the attempts %v, in %v", waited, time.Since(start))
	}
}
