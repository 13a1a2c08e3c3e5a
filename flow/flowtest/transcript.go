// Package flowtest reads the transcripts of package flow, for flow's own test and for those that lead
// the same runs through a front end.
package flowtest

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"
	"github.com/pquerna/otp/totp"

	"cognito-enroll/flow"
)

// Line is what one line of a transcript makes happen: a Start or an Event.
type Line struct {
	Start *flow.Options // begins a run
	Event flow.Event    // or goes on with it
	Now   time.Time     // when it does
}

// Run reads the transcript in the file path, line after line, and gives each to do, which returns what
// comes of it: Describe's text, or an error's.
//
// The first line of a transcript starts a run; the others are events. Values stand after "=", or
// between parentheses when they hold commas or spaces.
//
//	start  [issuer=] [username=] [device=] [flow=] [preferred=] [welcome=] [prove] [show]
//	       [host= [plain]] [found] [sign-in=(ATTRIBUTE...)]
//	start  flow=session [session=] [hand-back]
//	start  connect [browse] [region=] [issuer=] [pool=] [client=] [target=(POOL,CLIENT,SOURCE)...] [taken]
//	start  resume username= [device=] [session=] [token=] [uncertain] [replacing]
//	answer KEY=VALUE...             a person's answer
//	back, prove
//	reply  challenge NAME [session=] [PARAM=VALUE...] | tokens [lifetime=unknown] | associated [key=] [session=] |
//	       verified [session=] | accepted | delivered [medium=] [to=] | profile [factors=(A,B)] [preferred=] |
//	       listed [VALUE=LABEL...] [many=N] [more] | connected [pool=] [issuer=]
//	       [host= [plain]]
//	fail   FAULT [code=] [field=] [msg=] [hint=] [remedy=NAME] [done=no|unknown]
//	                                done is unknown for a bug and for code=no-answer if not given
//	wait   DURATION                 time goes by before the next event
func Run(t *testing.T, path string, do func(t *testing.T, line Line) string) {
	now := time.Date(2026, time.November, 23, 9, 0, 0, 0, time.UTC)
	datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
		switch d.Cmd {
		case "wait":
			wait, err := time.ParseDuration(d.CmdArgs[0].Key)
			if err != nil {
				d.Fatalf(t, "%v", err)
			}
			now = now.Add(wait)
			return now.Format("15:04:05") + "\n"
		case "start":
			o := readOptions(d)
			return do(t, Line{Start: &o, Now: now})
		}
		return do(t, Line{Event: readEvent(t, d, now), Now: now})
	})
}

func argument(d *datadriven.TestData, key string) string {
	for _, a := range d.CmdArgs {
		if a.Key == key {
			return unquote(strings.Join(a.Vals, ","))
		}
	}
	return ""
}

func readOptions(d *datadriven.TestData) flow.Options {
	o := flow.Options{
		Issuer: "Acme", Pool: "us-east-1_AbC", Username: argument(d, "username"), Device: argument(d, "device"),
		Welcome: argument(d, "welcome"), AuthFlow: flow.AuthFlow(argument(d, "flow")), Preferred: argument(d, "preferred"),
		TestSignIn: d.HasArg("prove"), Show: d.HasArg("show"), To: destination(d),
		Session: flow.NewSecret(argument(d, "session")), HandBack: d.HasArg("hand-back"),
	}
	o.To.Source, o.To.Found = "the command line", d.HasArg("found")
	if d.HasArg("connect") {
		o.AskPool, o.Browse, o.Region, o.Issuer = true, d.HasArg("browse"), argument(d, "region"), ""
		o.Pool, o.Client = argument(d, "pool"), argument(d, "client")
		for _, a := range d.CmdArgs {
			if a.Key == "target" {
				o.Targets = append(o.Targets, flow.Target{Pool: a.Vals[0], Client: a.Vals[1], Source: unquote(a.Vals[2])})
			}
		}
	}
	for _, a := range d.CmdArgs {
		if a.Key == "sign-in" {
			o.SignIn = a.Vals
		}
	}
	for i := range o.Targets {
		o.Targets[i].SignIn, o.SignIn = o.SignIn, nil
	}
	if d.HasArg("taken") {
		o.Taken = &flow.Connected{Pool: o.Targets[0].Pool, Issuer: "Staging", To: destination(d)}
	}
	if issuer := argument(d, "issuer"); issuer != "" {
		o.Issuer = issuer
	}
	if d.HasArg("resume") {
		o.Resume = &flow.Suspended{
			Flow: o.AuthFlow, Username: o.Username, Internal: o.Username, Issuer: o.Issuer, Device: o.Device,
			Grant: flow.Grant{Session: flow.NewSecret(argument(d, "session")),
				AccessToken: flow.NewSecret(argument(d, "token"))},
			Facts: flow.Facts{New: flow.Kept, Old: flow.None, Password: flow.No, Confirmed: flow.No, Email: flow.No},
		}
		if d.HasArg("uncertain") {
			o.Resume.Facts.New = flow.MaybeTaken
		}
		if d.HasArg("replacing") {
			o.Resume.Facts.Old = flow.MaybeDropped
		}
	}
	return o
}

// destination is AWS, or the host that is named.
func destination(d *datadriven.TestData) flow.Destination {
	if host := argument(d, "host"); host != "" {
		return flow.Destination{Host: host, TLS: !d.HasArg("plain")}
	}
	return flow.Destination{Host: "cognito-idp.us-east-1.amazonaws.com", TLS: true, AWS: true}
}

func readEvent(t *testing.T, d *datadriven.TestData, now time.Time) flow.Event {
	switch d.Cmd {
	case "answer":
		values := map[string]flow.Secret{}
		for _, a := range d.CmdArgs {
			values[a.Key] = flow.NewSecret(value(a.Key, unquote(strings.Join(a.Vals, ",")), now))
		}
		return flow.Answer{Values: values, At: now}
	case "back":
		return flow.Back{}
	case "prove":
		return flow.TestSignIn{}
	case "reply":
		return flow.Reply{Result: readResult(t, d), At: now, Skew: skew(t, d)}
	case "fail":
		faults := map[string]flow.Fault{"bug": flow.Bug, "retry": flow.Retry, "restart": flow.Restart, "wait": flow.Wait,
			"elsewhere": flow.Elsewhere}
		fault, ok := faults[d.CmdArgs[0].Key]
		if !ok {
			d.Fatalf(t, "no fault %q", d.CmdArgs[0].Key)
		}
		f := flow.Failed{Skew: skew(t, d), Done: flow.No, Err: &flow.Error{
			Fault: fault, Code: flow.ErrorCode(argument(d, "code")), Field: argument(d, "field"), Msg: argument(d, "msg"),
			Hint:   argument(d, "hint"),
			Remedy: flow.Remedy{Name: flow.RemedyName(argument(d, "remedy"))},
		}}
		if f.Err.Code == flow.CodeNoAnswer || f.Err.Fault == flow.Bug {
			f.Done = flow.Unknown
		}
		if done := argument(d, "done"); done != "" {
			if err := f.Done.UnmarshalText([]byte(done)); err != nil {
				d.Fatalf(t, "%v", err)
			}
		}
		return f
	}
	d.Fatalf(t, "no command %q", d.Cmd)
	return nil
}

func skew(t *testing.T, d *datadriven.TestData) time.Duration {
	text := argument(d, "skew")
	if text == "" {
		return 0
	}
	skew, err := time.ParseDuration(text)
	if err != nil {
		d.Fatalf(t, "%v", err)
	}
	return skew
}

func readResult(t *testing.T, d *datadriven.TestData) flow.Result {
	session := flow.NewSecret(argument(d, "session"))
	switch kind := d.CmdArgs[0].Key; kind {
	case "challenge":
		c := flow.Challenge{Name: d.CmdArgs[1].Key, Session: session, Params: map[string]string{}}
		for _, a := range d.CmdArgs[2:] {
			switch a.Key {
			case "session", "skew":
			case "available":
				c.Available = a.Vals
			default:
				c.Params[a.Key] = unquote(strings.Join(a.Vals, ","))
			}
		}
		return c
	case "tokens":
		lifetime := time.Hour
		if argument(d, "lifetime") == "unknown" {
			lifetime = 0
		}
		return flow.Tokens{AccessToken: flow.NewSecret("the access token"), Lifetime: lifetime}
	case "associated":
		return flow.Associated{Key: flow.NewSecret(argument(d, "key")), Session: session}
	case "verified":
		return flow.Verified{Session: session}
	case "accepted":
		return flow.Accepted{}
	case "delivered":
		return flow.Delivered{Medium: argument(d, "medium"), Destination: argument(d, "to")}
	case "profile":
		p := flow.Profile{Username: "11111111-2222", Pool: "us-east-1_AbC", Preferred: argument(d, "preferred")}
		if f := argument(d, "factors"); f != "" {
			p.Factors = strings.Split(f, ",")
		}
		return p
	case "listed":
		return readList(t, d)
	case "connected":
		return flow.Connected{Pool: argument(d, "pool"), Issuer: argument(d, "issuer"), To: destination(d)}
	default:
		d.Fatalf(t, "no result %q", kind)
		return nil
	}
}

// readList reads options one by one, or makes so many.
func readList(t *testing.T, d *datadriven.TestData) (l flow.Listed) {
	for _, a := range d.CmdArgs[1:] {
		switch a.Key {
		case "more":
			l.More = true
		case "many":
			n, err := strconv.Atoi(a.Vals[0])
			if err != nil {
				d.Fatalf(t, "%v", err)
			}
			for i := range n {
				l.Options = append(l.Options, flow.Option{Value: fmt.Sprintf("us-east-1_%03d", i+1),
					Label: fmt.Sprintf("Pool %03d", i+1)})
			}
		default:
			l.Options = append(l.Options, flow.Option{Value: a.Key, Label: unquote(strings.Join(a.Vals, ","))})
		}
	}
	return l
}

// value stands for what cannot be written in a transcript: a code of testKey at a moment ("code=@"
// now, "code=@-3m" of a phone that is slow), and tokens ("token={...}" is one with these claims).
func value(key, text string, now time.Time) string {
	if offset, ok := strings.CutPrefix(text, "@"); ok && key == "code" {
		d, _ := time.ParseDuration(offset)
		code, err := totp.GenerateCode(testKey, now.Add(d))
		if err != nil {
			panic(err)
		}
		return code
	}
	if key == "token" && strings.HasPrefix(text, "{") {
		return "e30." + base64.RawURLEncoding.EncodeToString([]byte(text)) + ".c2ln"
	}
	return text
}

// testKey is the key of cognito-local's and our tests; it opens nothing.
const testKey = "C7VTYKPRT6IK3VVYPQU3O2K56Q3H7LAN7PXIBSOOGE4WPLOCOVXQ"

// unquote reads \e as an escape character and \n as a line end, so that hostile text can be written.
func unquote(s string) string {
	return strings.NewReplacer(`\e`, "\x1b", `\n`, "\n").Replace(s)
}

// Describe prints what a transcript has of a state: the Ask, with the Call above it. Secrets are printed:
// those of a transcript are made up.
func Describe(a flow.Ask, call flow.Call) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	switch c := call.(type) {
	case flow.SignIn:
		line("-> SignIn %s username=%s password=%s%s", c.Flow, c.Username, c.Password.Reveal(),
			map[bool]string{true: " preferred=" + c.Preferred}[c.Preferred != ""])
	case flow.Respond:
		responses := ""
		for _, k := range slices.Sorted(maps.Keys(c.Responses)) {
			responses += fmt.Sprintf(" %s=%s", k, c.Responses[k].Reveal())
		}
		line("-> Respond %s session=%s username=%s%s", c.Challenge, c.Session.Reveal(), c.Username, responses)
	case flow.Associate:
		line("-> Associate %s", describeGrant(c.Grant))
	case flow.Verify:
		line("-> Verify %s code=%s device=%q", describeGrant(c.Grant), c.Code.Reveal(), c.Device)
	case flow.Prefer:
		line("-> Prefer token=(%s)", c.AccessToken.Reveal())
	case flow.Disable:
		line("-> Disable token=(%s)", c.AccessToken.Reveal())
	case flow.Forgot:
		line("-> Forgot username=%s", c.Username)
	case flow.Reset:
		line("-> Reset username=%s code=%s password=%s", c.Username, c.Code.Reveal(), c.Password.Reveal())
	case flow.Resend:
		line("-> Resend username=%s", c.Username)
	case flow.Confirm:
		line("-> Confirm username=%s code=%s", c.Username, c.Code.Reveal())
	case flow.Status:
		line("-> Status token=(%s)", c.AccessToken.Reveal())
	case flow.Pools:
		line("-> Pools region=%s", c.Region)
	case flow.Clients:
		line("-> Clients region=%s pool=%s", c.Region, c.Pool)
	case flow.Connect:
		line("-> Connect region=%s pool=%s client=%s%s", c.Region, c.Pool, c.Client,
			map[bool]string{true: " browsed"}[c.Browsed])
	}
	if a.Phase == flow.Working {
		line("[%s] %s ...", a.ID, a.Progress)
		return b.String()
	}
	line("[%s] %s", a.ID, a.Title)
	for _, text := range []string{a.Note, a.Body} {
		for l := range strings.SplitSeq(text, "\n") {
			if l != "" {
				line("  %s", l)
			}
		}
	}
	if p := a.Problem; p != nil {
		line("  ! %s (%s, %s)", p.Msg, p.Fault, p.Code)
		if p.Hint != "" {
			line("  ! hint: %s", p.Hint)
		}
		if p.Remedy != (flow.Remedy{}) {
			remedy, err := json.Marshal(p.Remedy)
			if err != nil {
				panic(err) // strings alone
			}
			line("  ! remedy: %s", remedy)
		}
	}
	if e := a.Enroll; e != nil {
		until := "an unknown time"
		if !e.Deadline.IsZero() {
			until = e.Deadline.Format("15:04:05")
		}
		line("  %s until %s", e.URI.Reveal(), until)
	}
	for _, f := range a.Fields {
		line("  %s: %s [%s]%s", f.Label, f.Kind, f.Value.Reveal(),
			map[bool]string{true: " <- here"}[a.Problem != nil && a.Problem.Field == f.Key])
		for _, o := range f.Options {
			line("    %s: %s", o.Value, o.Text())
		}
	}
	if !a.NextCode.IsZero() {
		line("  next code at %s", a.NextCode.Format("15:04:05"))
	}
	if s := a.Summary; s != nil {
		line("  user %s, pool %s, device %q, factors %s%s, preferred %q, enrolled %v, new %v, tested %v",
			s.User, s.Pool, s.Device, s.Factors, map[bool]string{true: " or more"}[s.Partial], s.Preferred, s.Enrolled, s.New,
			s.Tested)
		if a.CanTestSignIn {
			line("  can be tested")
		}
	}
	if !a.HandBack.Empty() {
		line("  hands back session=%s", a.HandBack.Reveal())
	}
	if a.Phase == flow.Finished {
		line("  %s; new %s, old %s, asked %s", strings.Join(a.Steps[:a.Step+1], " > "), a.Facts.New, a.Facts.Old,
			a.Facts.Asked)
	}
	if a.Standing != "" && !strings.Contains(a.Body, a.Standing) {
		line("  (leaving now: %s)", a.Standing)
	}
	return b.String()
}

func describeGrant(g flow.Grant) string {
	if !g.AccessToken.Empty() && !g.Session.Empty() {
		return "BOTH"
	}
	if !g.AccessToken.Empty() {
		return "token=(" + g.AccessToken.Reveal() + ")"
	}
	return "session=" + g.Session.Reveal()
}
