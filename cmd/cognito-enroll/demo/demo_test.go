package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cognito-enroll/flow"
)

// audience is somebody who watches a scenario, and presses nothing but Enter, Esc and the digits that the phone shows.
type audience struct {
	demo  *Demo
	state flow.State
	spent string   // the code that was typed last
	way   []string // the questions, and what was wrong before they were asked
}

// watches begins the scenario of a user.
func watches(t *testing.T, username string) *audience {
	t.Helper()
	d, err := Start(Fault{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Stop)
	scenarios, err := d.Scenarios(flow.Options{Issuer: "Demo", To: d.Destination(), Patience: Patience}, username)
	if err != nil {
		t.Fatal(err)
	}
	state, answer, err := scenarios[0].Begin()
	if err != nil {
		t.Fatal(err)
	}
	a := &audience{demo: d, state: state}
	if err := a.does(answer); err != nil {
		t.Fatal(err)
	}
	return a
}

// asked is the question as it is on the screen, with what the demo fills in.
func (a *audience) asked() flow.Ask { return a.demo.phone.Fills(a.state.Ask()) }

// does carries out what follows from an event, up to the next question.
func (a *audience) does(e flow.Event) error {
	if answer, ok := e.(flow.Answer); ok {
		answer.At = time.Now()
		e = answer
	}
	for {
		state, call, err := flow.Next(a.state, e)
		if err != nil {
			return err
		}
		if a.state = state; call == nil {
			break
		}
		e = a.demo.Do(context.Background(), call)
	}
	ask := a.state.Ask()
	if ask.Problem != nil {
		a.way = append(a.way, fmt.Sprintf("(%s)", ask.Problem.Code))
	}
	a.way = append(a.way, ask.ID)
	return nil
}

// enters answers with what is filled in and what the phone shows, and where there is a choice with the one among
// choices, or with the first. It goes back where the phone has no code. Its error says why there is no way on.
func (a *audience) enters(choices ...string) error {
	ask, values := a.asked(), map[string]flow.Secret{}
	for _, f := range ask.Fields {
		switch f.Kind {
		case flow.Code:
			code, renewed := a.code(ask)
			anyway := ask.Problem != nil && ask.Problem.Code == flow.CodeUnlikely
			for renewed && !anyway && code == a.spent {
				time.Sleep(100 * time.Millisecond)
				code, renewed = a.code(ask)
			}
			if code == "" && ask.CanBack {
				return a.does(flow.Back{})
			}
			a.spent, f.Value = code, flow.NewSecret(code)
		case flow.Choose:
			wanted := func(o flow.Option) bool { return slices.Contains(choices, o.Value) }
			f.Value = flow.NewSecret(f.Options[max(0, slices.IndexFunc(f.Options, wanted))].Value)
		}
		if f.Value.Empty() {
			return fmt.Errorf("nothing is known to type into %q", f.Key)
		}
		values[f.Key] = f.Value
	}
	return a.does(flow.Answer{Values: values})
}

// code is what the phone shows, and whether it will show another.
func (a *audience) code(ask flow.Ask) (code string, renewed bool) {
	d := a.demo.phone.shows(ask)
	return strings.ReplaceAll(d.code, " ", ""), d.left > 0
}

// ends leads to the end, with the fault that n names after so many presses at that question.
func (a *audience) ends(presses, at int, choices ...string) error {
	for n := 0; a.state.Ask().Phase != flow.Finished; n++ {
		if n > 25 {
			return fmt.Errorf("it never ends")
		}
		for i := 0; n == at && i < presses; i++ {
			a.demo.phone.Next()
		}
		if err := a.enters(choices...); err != nil {
			return err
		}
	}
	if ask := a.state.Ask(); ask.Problem != nil || ask.Summary == nil {
		return fmt.Errorf("the end is %q: %v", ask.Title, ask.Problem)
	}
	return nil
}

// TestEveryScenarioEnds: whatever n makes go wrong, and at whichever question, the audience gets to the end of the
// scenario, and never has to type what nobody knows.
func TestEveryScenarioEnds(t *testing.T) {
	t.Parallel()
	var running sync.WaitGroup // codes work once: most of them wait for the next
	walk := func(user string, presses, at int, choices ...string) {
		a := watches(t, user)
		running.Go(func() {
			if err := a.ends(presses, at, choices...); err != nil {
				t.Errorf("%s %s, with %v at question %d: %v; the way is %v", user, choices, shown[:presses], at, err, a.way)
			}
		})
	}
	for _, scenario := range []string{"new-user", "first-sign-in", "optional", "has-totp", "has-totp replace yes",
		"has-totp turn-off yes", "has-totp test", "reset", "unconfirmed", "sms-first", "two-factors", "two-factors EMAIL_OTP",
		"app-or-mail", "app-or-mail EMAIL_OTP"} {
		words := strings.Fields(scenario)
		walk(words[0], 0, 0, words[1:]...)
		for _, fault := range []string{"lost-response", "expired", "skew"} {
			for at := range 5 {
				walk(words[0], slices.Index(shown, fault)+1, at, words[1:]...)
			}
		}
	}
	running.Wait()
}

// TestPasswordAfterLostAnswer: the password that is filled in is the one that the pool has, and the phone forgets a
// code that was carried out.
func TestPasswordAfterLostAnswer(t *testing.T) {
	t.Parallel()
	for user, last := range map[string]string{"first-sign-in": "new-password", "reset": "reset-password"} {
		a := watches(t, user)
		for a.state.Ask().ID != last {
			if err := a.enters(); err != nil {
				t.Fatal(err)
			}
		}
		a.demo.phone.Next()
		if err := a.enters(); err != nil {
			t.Fatal(err)
		}
		ask := a.state.Ask()
		if ask.Problem == nil || ask.Problem.Code != flow.CodeNoAnswer {
			t.Errorf("%s: the answer was not lost: %v", user, a.way)
		}
		if code, _ := a.code(ask); ask.ID == "reset-password" && code != "" {
			t.Errorf("the phone still shows the code %s", code)
		}
		for n := 0; n < 5 && a.state.Ask().ID != "sign-in"; n++ {
			var e flow.Event = flow.Back{}
			if !a.state.Ask().CanBack {
				e = flow.Answer{Values: values(a.asked())}
			}
			if err := a.does(e); err != nil {
				t.Fatal(err)
			}
		}
		if got := values(a.asked())["password"].Reveal(); got != freshPassword {
			t.Errorf("%s: filled in is %q; the way is %v", user, got, a.way)
		}
	}
}

// TestNextStrikesOnce: what n announces goes wrong once, at the next call that it can happen to, and nothing does that
// was not announced.
func TestNextStrikesOnce(t *testing.T) {
	t.Parallel()
	d := watches(t, "optional").demo
	signIn := flow.SignIn{Flow: flow.SRP, Username: "optional", Password: flow.NewSecret("demo-Pass-1")}
	for _, name := range shown {
		if d.phone.Next(); name == "slow" { // fails nothing
			continue
		}
		failed := 0
		for range 4 {
			if _, ok := d.Do(t.Context(), signIn).(flow.Failed); ok {
				failed++
			}
		}
		want := 1
		if strings.HasPrefix(faults[name].next, "From now on") || faults[name].only != "" || name == "" {
			want = 0
		}
		if failed != want {
			t.Errorf("%q: %d of 4 sign-ins fail", faults[name].next, failed)
		}
	}
}

func values(a flow.Ask) map[string]flow.Secret {
	all := map[string]flow.Secret{}
	for _, f := range a.Fields {
		all[f.Key] = f.Value
	}
	return all
}
