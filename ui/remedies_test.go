package ui

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cognito-enroll/flow"
)

// Served words are read where there are no flags, no environment and no commands.
var commandLineOnly = regexp.MustCompile(`--[a-z]|cognito-enroll|\baws [a-z]|AWS_PROFILE|~/`)

func TestRemediesAreWorded(t *testing.T) {
	if len(remedies) != len(flow.Remedies) {
		t.Errorf("%d remedies have words, and there are %d", len(remedies), len(flow.Remedies))
	}
	for _, name := range flow.Remedies {
		full, bare := flow.Remedy{Name: name}, flow.Remedy{Name: name}
		for i := range reflect.TypeFor[flow.Remedy]().NumField() {
			if f := reflect.ValueOf(&full).Elem().Field(i); i > 0 {
				f.SetString("the-" + strings.ToLower(reflect.TypeFor[flow.Remedy]().Field(i).Name))
			}
		}
		for _, w := range []Wording{CommandLine, Served} {
			for _, r := range []flow.Remedy{full, bare} {
				text := w.Hint(&flow.Error{Remedy: r})
				if text == "" || strings.ContainsAny(text, "{}") || strings.HasSuffix(text, ".") {
					t.Errorf("%s in wording %d reads %q", name, w, text)
				}
			}
			if text := w.Hint(&flow.Error{Remedy: full}); w == Served && commandLineOnly.MatchString(text) {
				t.Errorf("%s tells somebody without a command line: %s", name, text)
			}
		}
	}
	for name := range withRequest {
		r := flow.Remedy{Name: name, Request: "11111111-2222"}
		for _, w := range []Wording{CommandLine, Served} {
			if text := w.Hint(&flow.Error{Remedy: r}); !strings.Contains(text, r.Request) {
				t.Errorf("%s in wording %d leaves the request out: %s", name, w, text)
			}
		}
		if !slices.Contains(flow.Remedies, name) {
			t.Errorf("there is no remedy %s", name)
		}
	}
}

func TestHint(t *testing.T) {
	for _, tt := range []struct {
		err                 flow.Error
		commandLine, served string
	}{
		{flow.Error{}, "", ""},
		{flow.Error{Hint: "sign in again"}, "sign in again", "sign in again"},
		{flow.Error{Remedy: flow.Remedy{Name: flow.CheckPoolID, Region: "eu-west-1"}},
			"check --pool-id and the pool's region", "check the user pool ID and its region, eu-west-1"},
		{flow.Error{Remedy: flow.Remedy{Name: flow.AvoidPasskey, Challenge: "PASSWORD_SRP"}},
			"a passkey needs a browser: use --auth-flow choice --preferred-challenge PASSWORD_SRP",
			"a passkey needs a browser: ask the pool's administrator to allow a password or a code as well"},
		{flow.Error{Remedy: flow.Remedy{Name: flow.Report}}, "please report this", "please report this"},
	} {
		if got := CommandLine.Hint(&tt.err); got != tt.commandLine {
			t.Errorf("on the command line %+v reads %q, want %q", tt.err, got, tt.commandLine)
		}
		if got := Served.Hint(&tt.err); got != tt.served {
			t.Errorf("served, %+v reads %q, want %q", tt.err, got, tt.served)
		}
	}
}
