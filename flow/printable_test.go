package flow_test

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"cognito-enroll/flow"
)

// evil clears a screen, where a terminal gets it.
const evil = "evil\x1b[2J\u202e"

// forging would be lines of ours, where one could begin.
const forging = evil + "\nKey URI: forged\u2028Problem: forged\u0085Hint: forged\r\vNote: forged"

// huge is more than anybody would read.
var huge = strings.Repeat("large ", 4_000)

// hostileEvents are what a hostile server, project and account can say, and the answers that lead on.
func hostileEvents(evil string) (events []flow.Event) {
	quoted := strings.Trim(strconv.Quote(strings.ReplaceAll(evil, "\v", " ")), `"`)
	quoted = strings.ReplaceAll(quoted, `\x1b`, `\u001b`)
	answer := func(pairs ...string) { events = append(events, given(nine, pairs...)) }
	reply := func(r flow.Result) { events = append(events, flow.Reply{Result: r, At: nine, Skew: time.Minute}) }
	secret := flow.NewSecret
	answer("username", "alice", "password", "pass-word", "device", "Pixel", "code", "012345", "answer", "42",
		"new-password", "pass-word", "repeat", "pass-word", "name", "Alice", "email", "a@b.co", "region", "us-east-1")
	for _, choice := range []string{"leave", "test", "replace", "turn-off", "yes", "app", "EMAIL_OTP", "browse",
		evil + "/" + evil, evil} {
		answer("choice", choice, "factor", choice, "challenge", choice, "target", choice, "pool", choice, "client", choice)
	}
	for name, params := range map[string]map[string]string{
		"MFA_SETUP": {"USER_ID_FOR_SRP": evil},
		"NEW_PASSWORD_REQUIRED": {"requiredAttributes": `["userAttributes.name","userAttributes.` +
			quoted[:min(len(quoted), 36)] + `"]`},
		"SOFTWARE_TOKEN_MFA": {"FRIENDLY_DEVICE_NAME": evil},
		"SMS_MFA":            {"CODE_DELIVERY_DESTINATION": evil, "CODE_DELIVERY_DELIVERY_MEDIUM": evil},
		"SELECT_MFA_TYPE":    {"MFAS_CAN_CHOOSE": `["SMS_MFA","SOFTWARE_TOKEN_MFA","` + quoted + `"]`},
		"CUSTOM_CHALLENGE":   {evil: evil},
		evil:                 {evil: evil},
	} {
		reply(flow.Challenge{Name: name, Session: secret("S"), Params: params})
	}
	reply(flow.Challenge{Name: "SELECT_CHALLENGE", Session: secret("S"), Available: []string{evil, "EMAIL_OTP"}})
	reply(flow.Challenge{Name: "SELECT_CHALLENGE", Session: secret("S"), Available: []string{evil}})
	reply(flow.Tokens{AccessToken: secret("T"), Lifetime: time.Hour})
	reply(flow.Associated{Key: secret("HUSHABC234"), Session: secret("S")})
	reply(flow.Associated{Key: secret("HUSHABC234")})
	reply(flow.Verified{Session: secret("S")})
	reply(flow.Accepted{})
	reply(flow.Delivered{Medium: evil, Destination: evil})
	reply(flow.Profile{Username: evil, Pool: evil, Factors: []string{"SOFTWARE_TOKEN_MFA", evil}, Preferred: evil})
	reply(flow.Profile{Username: evil, Pool: evil})
	reply(flow.Listed{Options: []flow.Option{{Value: evil, Label: evil}}, More: true})
	reply(flow.Connected{Pool: evil, Issuer: evil})
	for _, code := range []flow.ErrorCode{flow.CodeMismatch, flow.CodeNoAnswer, flow.CodeResetRequired,
		flow.CodeNotConfirmed, "session-expired", "malfunction"} {
		fault := map[flow.ErrorCode]flow.Fault{flow.CodeMismatch: flow.Retry, flow.CodeNoAnswer: flow.Wait,
			"session-expired": flow.Restart, "malfunction": flow.Bug}
		f, ok := fault[code]
		if !ok {
			f = flow.Elsewhere
		}
		events = append(events, flow.Failed{Err: &flow.Error{Code: code, Fault: f, Msg: evil, Hint: evil}})
	}
	return append(events, flow.Back{}, flow.TestSignIn{})
}

// TestEveryTextIsPrintable searches the states that hostile texts lead to, and looks at each string of
// their Asks: none has a character that a terminal would take for something else than a character.
func TestEveryTextIsPrintable(t *testing.T) {
	for name, text := range map[string]string{"escapes": evil, "forges": forging, "floods": huge} {
		t.Run(name, func(t *testing.T) { everyText(t, text) })
	}
}

func everyText(t *testing.T, hostile string) {
	const most = 1500 // states
	replaced := map[string]bool{}
	resume := flow.Suspended{Username: evil, Issuer: evil, Device: evil,
		Grant: flow.Grant{Session: flow.NewSecret("S")}, Skew: time.Minute}
	var queue []flow.State
	for _, o := range []flow.Options{
		{Issuer: evil, Username: evil, Device: evil, Welcome: evil, Pool: evil},
		{Issuer: evil, Username: evil, Device: evil, AuthFlow: flow.Choice},
		{Issuer: evil, Username: evil, Show: true},
		{AskPool: true, Browse: true, Region: evil, Targets: []flow.Target{{Pool: evil, Client: evil, Source: evil}}},
		{AskPool: true, Browse: true, Region: evil},
		{Resume: &resume},
	} {
		queue = append(queue, flow.Start(o))
	}
	enrolled, _ := after(t, queue[0], given(nine, "username", "alice", "password", "pass-word"),
		flow.Reply{Result: flow.Challenge{Name: "SOFTWARE_TOKEN_MFA",
			Params: map[string]string{"FRIENDLY_DEVICE_NAME": evil}}, At: nine},
		given(nine, "code", "012345"), flow.Reply{Result: flow.Tokens{AccessToken: flow.NewSecret("T")}, At: nine})
	queue = append(queue, enrolled) // what leads on from here is too far away to be found
	events, seen, ids := hostileEvents(hostile), map[string]bool{}, map[string]bool{}
	for i := 0; i < len(queue) && len(queue) < most; i++ {
		for _, e := range events {
			next, call, err := flow.Next(queue[i], e)
			if err != nil {
				continue
			}
			ask := next.Ask()
			ids[ask.ID] = true
			if key := fmt.Sprintf("%T %s %v", call, ask.Phase, slices.Sorted(maps.Values(texts(ask)))); !seen[key] {
				seen[key] = true
				queue = append(queue, next)
			}
		}
	}
	for _, s := range queue {
		ask, total := s.Ask(), 0
		for where, text := range texts(ask) {
			where = strings.TrimLeft(where, ".")
			for line := range strings.SplitSeq(text, "\n") {
				if flow.Printable(line) != line || strings.Contains(text, "\n") && where != "Body" {
					t.Fatalf("%s of %q cannot be printed: %q", where, ask.ID, text)
				}
			}
			if strings.Contains(text, "\uFFFD") {
				replaced[where] = true
			}
			for line := range strings.SplitSeq(text, "\n") {
				if first, _, _ := strings.Cut(strings.TrimSpace(line), " "); slices.Contains([]string{"Key", "Problem:", "Hint:",
					"Note:"}, first) {
					t.Fatalf("%s of %q has a line that looks like one of ours: %q", where, ask.ID, text)
				}
			}
			if where != "Fields.Value" { // which was typed
				total += len(text)
			}
		}
		if total > 20_000 {
			t.Fatalf("%q has %d bytes of text", ask.ID, total)
		}
	}
	if hostile == huge { // of which too little is left to be met
		return
	}
	// Without these the search went astray.
	for _, where := range []string{
		"Body", "Account", "Fields.Label", "Fields.Options.Label", "Fields.Value", "Problem.Msg", "Problem.Hint",
		"Summary.User", "Summary.Pool", "Summary.Factors", "Summary.Preferred", "Summary.Device",
	} {
		if !replaced[where] {
			t.Errorf("no hostile text came to %s", where)
		}
	}
	if len(ids) < 15 {
		t.Errorf("only %d questions were met: %v", len(ids), ids)
	}
}

// texts are the strings of an Ask that a front end shows, by their place. What is typed hidden is none, and
// neither are the names by which a program answers: the key of a field and the value of an option.
func texts(a flow.Ask) map[string]string {
	found := map[string]string{}
	n := 0
	put := func(where, text string) { n++; found[strings.Repeat(".", n)+where] = text }
	var walk func(where string, v reflect.Value)
	walk = func(where string, v reflect.Value) {
		switch v.Kind() {
		case reflect.Pointer:
			if !v.IsNil() {
				walk(where, v.Elem())
			}
		case reflect.Slice:
			for i := range v.Len() {
				walk(where, v.Index(i))
			}
		case reflect.String:
			put(where, v.String())
		case reflect.Struct:
			if s, ok := v.Interface().(flow.Secret); ok {
				put(where, s.Reveal())
				return
			}
			if _, ok := v.Interface().(time.Time); ok {
				return
			}
			field, _ := v.Interface().(flow.Field)
			for i := range v.NumField() {
				name := v.Type().Field(i).Name
				inside := v.Type()
				switch {
				case inside == reflect.TypeFor[flow.Option]() && name == "Value",
					inside == reflect.TypeFor[flow.Field]() && (name == "Key" || name == "Value" && field.Kind == flow.Hidden),
					inside == reflect.TypeFor[flow.Error]() && name == "Field":
					continue
				}
				walk(strings.TrimPrefix(where+"."+name, "."), v.Field(i))
			}
		}
	}
	walk("", reflect.ValueOf(a))
	return found
}

// TestColumns: what a front end welcomes people with may have columns, and they stay.
func TestColumns(t *testing.T) {
	const list = "Users:\n\n  new-user       demo-Pass-1  no factor yet\n  has-totp       demo-Pass-1  has one"
	body := flow.Start(flow.Options{Issuer: "Demo", Pool: "us-east-1_AbC", Welcome: list}).Ask().Body
	if body != list {
		t.Errorf("the body is\n%s", body)
	}
	long := strings.Repeat("long ", 1000)
	body = flow.Start(flow.Options{Issuer: "Demo", Pool: "us-east-1_AbC", Welcome: long}).Ask().Body
	if len(body) >= len(long) || !strings.HasSuffix(body, "long…") {
		t.Errorf("a line ends in %q", body[len(body)-20:])
	}
}
