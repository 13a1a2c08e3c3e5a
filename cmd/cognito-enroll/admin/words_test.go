package admin

import (
	"bytes"
	"context"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/cognito"
	"cognito-enroll/flow"
)

func TestFollows(t *testing.T) {
	const totp, sms, email = cognito.FactorTOTP, cognito.FactorSMS, cognito.FactorEmail
	off, optional, required := cognito.Pool{MFA: "OFF"}, cognito.Pool{MFA: "OPTIONAL", TOTP: true, SMS: true, Email: true},
		cognito.Pool{MFA: "ON", TOTP: true}
	all, textOnly := cognito.Pool{MFA: "ON", TOTP: true, SMS: true, Email: true}, cognito.Pool{MFA: "ON", SMS: true}
	user := func(factors ...string) cognito.User {
		return cognito.User{Status: "CONFIRMED", Enabled: true, Factors: factors}
	}
	phone := user()
	phone.Phone = "+15555550123"
	mail := user()
	mail.Email = "ada@example.com"
	preferring := user(totp, sms)
	preferring.Preferred = sms
	disabled := user(totp)
	disabled.Enabled = false
	for i, test := range []struct {
		pool cognito.Pool
		user cognito.User
		now  next
		lost next // without the authenticator
	}{
		{off, user(totp), nextPassword, nextPassword},
		{optional, user(), nextPassword, nextPassword},
		{optional, user(totp), nextCode, nextPassword},
		{optional, phone, nextPassword, nextPassword},
		{optional, user(totp, sms), nextCode, nextText},
		{optional, user(email, totp), nextCode, nextEmail},
		{optional, preferring, nextText, nextText},
		{required, user(totp), nextCode, nextEnroll},
		{required, phone, nextEnroll, nextEnroll},
		{all, phone, nextText, nextText},
		{all, mail, nextEmail, nextEmail},
		{all, user(), nextEnroll, nextEnroll},
		{textOnly, user(), nextLocked, nextLocked},
		{textOnly, phone, nextText, nextText},
		{required, disabled, nextDisabled, nextDisabled},
		{required, cognito.User{Status: "EXTERNAL_PROVIDER", Enabled: true}, nextProvider, nextProvider},
	} {
		if got := follows(test.pool, test.user); got != test.now {
			t.Errorf("%d: %s, want %s", i, got, test.now)
		}
		if got := follows(test.pool, without(test.user)); got != test.lost {
			t.Errorf("%d: %s without the authenticator, want %s", i, got, test.lost)
		}
	}
}

// What a user is told to run is one word for each word, whatever Cognito says the username is.
func TestShellQuoted(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no sh")
	}
	for _, text := range []string{"ada", "", "a b", "$(touch x)", "it's", "-x", "a;b", "`id`", "ada@example.com", "é"} {
		out, err := exec.Command(sh, "-c", "printf %s "+shellQuoted(text)).Output()
		if err != nil || string(out) != text {
			t.Errorf("%q became %q (%v)", text, out, err)
		}
	}
}

func TestCell(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "ada": "ada", "=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@x": "'@x", " =1": "' =1", "a=b": "a=b",
		"\t=1": "' =1", "\uff1dx": "'\uff1dx", "a\nb": "a b", "\x1b[2J": "\ufffd[2J", "\r=1": "' =1",
	} {
		if got := cell(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func TestLine(t *testing.T) {
	for text, want := range map[string]string{
		"a\nb\x1b[2J": "a b\ufffd[2J", "a\u202eb": "a\ufffdb", strings.Repeat("a", 300): strings.Repeat("a", 200) + "...",
	} {
		if got := line(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

// keyboard types lines.
type keyboard struct{ *strings.Reader }

func (keyboard) Hidden(context.Context) (string, error) { panic("nothing is hidden") }

// A password that is read out is shown once, on a screen that leaves nothing behind, however it is left.
func TestShowOnce(t *testing.T) {
	for _, typed := range []string{"\n", ""} {
		var out bytes.Buffer
		d := &desk{terminal: &terminal.Terminal{In: keyboard{strings.NewReader(typed)}, Out: &out, OutKind: terminal.Screen}}
		if err := d.showOnce(t.Context(), flow.NewSecret("the-Password-1")); err != nil {
			t.Fatal(err)
		}
		_, inside, ok := strings.Cut(out.String(), "\x1b[?1049h")
		inside, after, left := strings.Cut(inside, "\x1b[2J\x1b[?1049l")
		if !ok || !left || after != "" || strings.Count(inside, "the-Password-1") != 1 ||
			strings.Count(out.String(), "the-Password-1") != 1 {
			t.Errorf("%q", out.String())
		}
	}
}

func TestNearest(t *testing.T) {
	users := []cognito.User{{Username: "adam"}, {Username: "adele"}, {Username: "u-7", Email: "Ada@example.com"},
		{Username: "adelheid"}, {Username: "ad"}}
	for name, want := range map[string]string{
		"adda": `"u-7" (Ada@example.com)`, "adel": `"adele", "adelheid"`,
		"adxxxxx": "", "adelhaid": `"adelheid", "adele"`,
	} {
		if got := names(nearest(name, slices.Clone(users))); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}
