package flow

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
)

// place is what tells two states apart for the search: everything that a sentence, a call or a way on
// can depend on, and no secret, time or counter.
type place struct {
	topic, call, ended string
	goal               Goal
	facts              Facts
	others             string
	onward             onward
	flow               AuthFlow
	key, token         bool // there are ones
	unfit              int
	problem            ErrorCode
	note               string
}

func placeOf(s State) place {
	var p place
	var r run
	switch at := s.stage.(type) {
	case question:
		r, p.topic = at.run, fmt.Sprintf("%T", at.topic)
		if at.problem != nil {
			p.problem = at.problem.Code
		}
		switch t := at.topic.(type) {
		case scan:
			p.unfit = min(t.unfit, staleAfter)
		case consent:
			p.topic += t.to
		case sendCode:
			p.topic += fmt.Sprintf("%T", t.call)
		}
	case working:
		r, p.topic, p.call = at.from.run, fmt.Sprintf("%T", at.from.topic), fmt.Sprintf("%T", at.call)
		if c, ok := at.call.(Respond); ok {
			p.call += " " + c.Challenge
		}
		if c, ok := at.call.(Verify); ok {
			p.call += fmt.Sprint(at.from.topic.(interface{ fitting(Secret) bool }).fitting(c.Code))
		}
	case done:
		r, p.ended = at.run, "done"
	case handedBack:
		r, p.ended = at.run, "handed back"
	case stopped:
		r, p.ended, p.problem = at.run, "stopped", at.problem.Code
	}
	p.goal, p.facts, p.onward, p.flow, p.note = r.goal, r.facts, r.onward, r.flow, r.note
	if p.ended != "" || p.call != "" || p.problem != "session-expired" {
		p.problem = "" // no sentence depends on another
	}
	if strings.Contains(p.topic, "sendCode") || strings.Contains(p.topic, "resetPassword") ||
		strings.Contains(p.topic, "confirmSignUp") {
		p.note, p.problem = "", "" // they pass these on, and would only multiply them
	}
	p.key, p.token = !r.key.Empty(), !r.grant.AccessToken.Empty()
	for _, o := range r.others {
		p.others += fmt.Sprintf("%+v", o.Facts)
	}
	return p
}

func (t scan) fitting(code Secret) bool    { return t.fits == code }
func (finishing) fitting(code Secret) bool { return false }

// alphabet is every kind of event that can follow on s, with the ways in which a call can end.
func alphabet(s State, at time.Time) []Event {
	a := s.Ask()
	switch a.Phase {
	case Finished:
		return []Event{TestSignIn{}}
	case Working:
		return outcomes(s.stage.(working).call, at)
	}
	events := []Event{Back{}}
	answer := map[string]Secret{}
	for _, f := range a.Fields {
		answer[f.Key] = f.Value
		if f.Value.Empty() {
			answer[f.Key] = NewSecret(map[Kind]string{Text: "alice", Hidden: "hush-hush-hush-hush-hush", Code: "123456"}[f.Kind])
		}
	}
	with := func(key, value string) {
		v := maps.Clone(answer)
		v[key] = NewSecret(value)
		events = append(events, Answer{v, at})
	}
	switch {
	case a.ID == "scan":
		fits, err := totp.GenerateCode(a.Enroll.Key.Reveal(), at)
		if err != nil {
			panic(err)
		}
		with("code", fits)
		with("code", "000000")
	case a.ID == "sign-in" && len(a.Fields) > 1:
		with("username", "alice")
		if q := s.stage.(question); len(q.others) == 0 && q.problem != nil && q.problem.Code == "session-expired" {
			with("username", "bob")
		}
	case len(a.Fields) == 1 && a.Fields[0].Kind == Choose:
		for _, o := range a.Fields[0].Options {
			with(a.Fields[0].Key, o.Value)
		}
	case a.ID == "new-password", a.ID == "reset-password":
		answer["code"] = NewSecret("123456")
		events = append(events, Answer{answer, at})
	case a.ID == "code" && a.Fields[0].Optional:
		with("code", "")
		with("code", "123456")
	default:
		events = append(events, Answer{answer, at})
	}
	return events
}

// outcomes are the ways in which call can end.
func outcomes(call Call, at time.Time) []Event {
	reply := func(r Result) Event { return Reply{Result: r, At: at} }
	var events []Event
	challenge := func(name string, pairs ...string) {
		params := map[string]string{}
		for i := 0; i < len(pairs); i += 2 {
			params[pairs[i]] = pairs[i+1]
		}
		events = append(events, reply(Challenge{Name: name, Session: NewSecret("session"), Params: params}))
	}
	codes := []ErrorCode{CodeMismatch}
	switch call := call.(type) {
	case SignIn, Respond:
		codes = []ErrorCode{CodeWrongPassword, CodeSessionUsed, CodeResetRequired, CodeNotConfirmed}
		events = append(events, reply(Tokens{NewSecret("token"), time.Hour}))
		challenge(mfaSetup)
		challenge(mfaSetup, "MFAS_CAN_SETUP", `["SOFTWARE_TOKEN_MFA","EMAIL_OTP"]`)
		challenge(softwareToken)
		challenge(newPassword)
		challenge(emailCode)
		challenge(selectFactor, "MFAS_CAN_CHOOSE", `["SOFTWARE_TOKEN_MFA","EMAIL_OTP"]`)
	case Associate:
		codes = []ErrorCode{CodeSessionUsed}
		events = append(events, reply(Associated{NewSecret("GEZDGNBVGY3TQOJQ"), NewSecret("session")}))
	case Verify:
		codes = append(codes, CodeUsed, CodeSessionUsed)
		events = append(events, reply(Verified{NewSecret("session")}))
	case Prefer, Disable, Reset, Confirm:
		codes = append(codes, CodeExpired, CodeConfirmed)
		events = append(events, reply(Accepted{}))
	case Status:
		for _, p := range []Profile{{Factors: []string{softwareToken}, Preferred: softwareToken},
			{Factors: []string{softwareToken, "SMS_MFA"}, Preferred: "SMS_MFA"}, {}} {
			p.Username = "alice"
			events = append(events, reply(p))
		}
	case Forgot, Resend:
		events = append(events, reply(Delivered{"EMAIL", "a***"}))
	default:
		panic(fmt.Sprintf("no outcome of %T", call))
	}
	fail := func(f Fault, c ErrorCode, done Known) {
		events = append(events, Failed{Err: &Error{Code: c, Fault: f, Msg: "it failed"}, Done: done})
	}
	for _, c := range codes {
		f := map[ErrorCode]Fault{CodeSessionUsed: Restart, CodeConfirmed: Restart, CodeResetRequired: Elsewhere,
			CodeNotConfirmed: Elsewhere}[c]
		if f == Bug {
			f = Retry
		}
		fail(f, c, No)
	}
	fail(Restart, "session-expired", No)
	fail(Wait, "throttled", No)
	fail(Wait, CodeNoAnswer, Unknown)
	fail(Elsewhere, "refused", No)
	fail(Elsewhere, "trigger-refused", Unknown)
	fail(Bug, "unexpected", Unknown)
	return events
}

// TestSearch takes every path that the events of the alphabet lead along, and wants a row for each
// pair of rungs, no screen that contradicts itself, and no promise that is broken.
func TestSearch(t *testing.T) {
	at := time.Date(2026, time.November, 23, 9, 0, 0, 0, time.UTC)
	seen := map[place]bool{}
	reached := map[[2]int]bool{}
	type visit struct {
		state State
		trail string
	}
	var queue []visit
	visitOnce := func(s State, trail string) {
		if p := placeOf(s); !seen[p] {
			seen[p] = true
			queue = append(queue, visit{s, trail})
		}
	}
	suspended := Suspended{Username: "alice", Internal: "alice", Issuer: "Acme",
		Grant: Grant{AccessToken: NewSecret("token")}, Facts: untouchedFacts()}
	suspended.Facts.New = Kept
	for _, old := range []Old{None, MaybeDropped} {
		for _, grant := range []Grant{{Session: NewSecret("session")}, {AccessToken: NewSecret("token")}} {
			if old == MaybeDropped && grant.AccessToken.Empty() {
				continue
			}
			p := suspended
			p.Facts.Old, p.Grant = old, grant
			visitOnce(Start(Options{Issuer: "Acme", Resume: &p}), "resume")
		}
	}
	visitOnce(Start(Options{Issuer: "Acme"}), "start")
	visitOnce(Start(Options{Issuer: "Acme", TestSignIn: true}), "start prove")
	visitOnce(Start(Options{Issuer: "Acme", Show: true}), "start show")
	visitOnce(Start(Options{Issuer: "Acme", AuthFlow: Custom}), "start custom")
	visitOnce(Start(Options{Issuer: "Acme", AuthFlow: FromSession}), "start session")
	visitOnce(Start(Options{Issuer: "Acme", AuthFlow: FromSession, HandBack: true}), "start hand-back")

	for len(queue) > 0 {
		v := queue[0]
		queue = queue[1:]
		r, ok := runOf(v.state)
		if !ok {
			t.Fatalf("%s: no run", v.trail)
		}
		reached[[2]int{int(r.facts.New), int(r.facts.Old)}] = true
		if problem := wrongWith(v.state); problem != "" {
			t.Fatalf("%s:\n%s", v.trail, problem)
		}
		if q, ok := v.state.stage.(question); ok && (q.restarts > 1 || q.rounds > 3 || len(q.others) > 0) {
			continue
		}
		for _, e := range alphabet(v.state, at) {
			next, call, err := Next(v.state, e)
			if err != nil {
				continue // no way back from here
			}
			if show := v.trail[:min(len(v.trail), 10)] == "start show"; show && call != nil && !ToShow.allows(call) {
				t.Fatalf("%s: looking makes the call %T", v.trail, call)
			}
			visitOnce(next, v.trail+"\n"+eventName(e))
		}
	}
	for _, row := range rows {
		if pair := [2]int{int(row.New), int(row.Old)}; !reached[pair] {
			t.Errorf("no path leads to the row of %s and %s", row.New, row.Old)
		}
		delete(reached, [2]int{int(row.New), int(row.Old)})
	}
	for pair := range reached {
		t.Errorf("a path leads to %s and %s, which have no row", New(pair[0]), Old(pair[1]))
	}
	byTopic := map[string]int{}
	for p := range seen {
		byTopic[p.topic+p.call+p.ended]++
	}
	t.Logf("%d places: %v", len(seen), byTopic)
}

func eventName(e Event) string {
	switch e := e.(type) {
	case Reply:
		if c, ok := e.Result.(Challenge); ok {
			return "reply challenge " + c.Name
		}
		return fmt.Sprintf("reply %+v", e.Result)
	case Failed:
		return fmt.Sprintf("fail %s code=%s done=%s", e.Err.Fault, e.Err.Code, e.Done)
	case Answer:
		var said []string
		for _, k := range slices.Sorted(maps.Keys(e.Values)) {
			said = append(said, k+"="+e.Values[k].Reveal())
		}
		return "answer " + strings.Join(said, " ")
	}
	return fmt.Sprintf("%T", e)
}

func runOf(s State) (run, bool) {
	switch at := s.stage.(type) {
	case question:
		return at.run, true
	case working:
		return at.from.run, true
	case done:
		return at.run, true
	case handedBack:
		return at.run, true
	case stopped:
		return at.run, true
	}
	return run{}, false
}

var (
	says   = regexp.MustCompile(`(?i)(keep|delete) the (?:new )?entry "Acme"`)
	slotIn = regexp.MustCompile(`\{[a-z]+\}`)
)

// wrongWith returns what is wrong with what s says, or nothing.
func wrongWith(s State) string {
	a := s.Ask()
	text := strings.Join([]string{a.Title, a.Body, a.Note, a.Standing}, "\n")
	if a.Problem != nil {
		text += "\n" + a.Problem.Msg + "\n" + a.Problem.Hint
	}
	complain := func(format string, args ...any) string {
		return fmt.Sprintf(format, args...) + fmt.Sprintf("\n[%s] facts %+v\n%s", a.ID, a.Facts, text)
	}
	if slotIn.MatchString(text) {
		return complain("a slot is not filled")
	}
	if a.Step >= len(a.Steps) {
		return complain("step %d of %q", a.Step, a.Steps)
	}
	r, _ := runOf(s)
	if (a.Standing == nothingChanged) != (a.Facts.Untouched() && r.untouched()) && a.Phase != Working {
		return complain("nothing was changed, or was it?")
	}
	fates := map[string]bool{}
	for sentence := range strings.SplitSeq(strings.ReplaceAll(text, "\n", ". "), ". ") {
		if m := says.FindStringSubmatch(sentence); m != nil && !strings.Contains(sentence, "until") {
			fates[strings.ToLower(m[1])] = true
		}
	}
	switch {
	case fates["keep"] && fates["delete"] && len(r.others) == 0:
		return complain("the entry is to be kept and deleted")
	case fates["keep"] && a.Claims.New != Keep && len(r.others) == 0 && a.Phase != Working:
		return complain("the entry is to be kept, and the claim is %s", a.Claims.New)
	case fates["delete"] && a.Claims.New == Keep && len(r.others) == 0 && a.Phase != Working:
		return complain("the entry is to be deleted, and the claim is %s", a.Claims.New)
	}
	if sum := a.Summary; sum != nil {
		switch {
		case sum.Enrolled != (a.Facts.Enrolled() == Yes):
			return complain("enrolled is %v", sum.Enrolled)
		case !sum.Enrolled && (strings.Contains(a.Title, "is enrolled") && !strings.HasPrefix(a.Title, "No") ||
			sum.Device != "" || sum.New):
			return complain("it is not enrolled, or is it?")
		case sum.Tested && !sum.Enrolled:
			return complain("tested and not enrolled")
		case strings.Contains(a.Body, "next sign-in asks for a code from") && a.Claims.Asks != Yes:
			return complain("the next sign-in asks, or does it?")
		}
	}
	ticked := slices.Contains(a.Steps, "Scan")
	if a.Phase == Finished && a.Summary != nil && ticked && a.Facts.New == NotBegun {
		return complain("a scan is ticked and there was none")
	}
	return ""
}
