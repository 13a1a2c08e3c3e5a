package inspect

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"

	"cognito-enroll/cmd/cognito-enroll/terminal"
)

// TestRedaction: who and what is secret goes, what support needs stays.
func TestRedaction(t *testing.T) {
	r := redactor{key: "us-east-1_AbCdEf123", user: "jo", home: "/home/alice",
		ids: []string{"us-east-1_AbCdEf123", strings.Repeat("longid", 8)}}
	key := strings.Repeat("ABCDEFGH2345", 4)
	for _, tc := range []struct{ text, want string }{
		{"app client \"4example5client6id7\" of us-east-1_AbCdEf123 answers",
			"app client \"4example5client6id7\" of us-east-1_AbCdEf123 answers"},
		{"app client " + strings.Repeat("longid", 8), "app client " + strings.Repeat("longid", 8)},
		{"from /home/alice/shop/.env:3", "from ~/shop/.env:3"},
		{"from /Users/bob/.env:3", "from /Users/" + r.hash("bob") + "/.env:3"},
		{`from C:\Users\bob\.env`, `from C:\Users\` + r.hash("bob") + `\.env`},
		{"user jo is not jolly", "user " + r.hash("jo") + " is not jolly"},
		{"jo", r.hash("jo")},
		{"jo jo", r.hash("jo") + " " + r.hash("jo")},
		{"ask bob.o'hara@example.co.uk, or +15551234567", "ask " + r.hash("bob.o'hara@example.co.uk") +
			", or " + r.hash("+15551234567")},
		{"arn:aws:sts::123456789012:assumed-role/Admin/bob is not authorized",
			"arn:aws:sts::123456789012:assumed-role/" + r.hash("Admin/bob") + " is not authorized"},
		{"proxy http://bob:hunter2@proxy.example:3128/", "proxy http://[removed]@proxy.example:3128/"},
		{"key " + key + ".", "key [removed]."},
		{"key " + strings.ToLower(key), "key [removed]"},
		{"otpauth://totp/Acme:bob?secret=ABC x", "[removed] x"},
		{"token eyJraWQiOiJ.eyJzdWIi.c2ln x", "token [removed] x"},
		{"session AYABeAbC/d+e= x", "session [removed] x"},
		{"AKIDEXAMPLE is none, AKIAIOSFODNN7EXAMPLE is one", "AKIDEXAMPLE is none, [removed] is one"},
	} {
		if got := r.text(tc.text); got != tc.want {
			t.Errorf("%q: %q, want %q", tc.text, got, tc.want)
		}
	}
	other := redactor{key: "us-east-1_Other"}
	if r.hash("jo") == other.hash("jo") || r.hash("jo") == r.hash("Jo") {
		t.Error("a hash is that of another name or pool")
	}
}

type keyboard struct{ io.Reader }

func (k keyboard) Hidden(context.Context) (string, error) { return "", io.EOF }

// TestReportIsConfirmed: whoever types has seen the report before it is written, and may say no.
func TestReportIsConfirmed(t *testing.T) {
	for _, tc := range []struct {
		typed   string
		written bool
	}{{"yes\n", true}, {" Y \n", true}, {"no\n", false}, {"\n", false}, {"", false}} {
		var out bytes.Buffer
		at := &terminal.Terminal{In: keyboard{strings.NewReader(tc.typed)}, Out: &out, OutKind: terminal.Screen,
			May: terminal.May{Files: true}}
		r := Report{File: filepath.Join(t.TempDir(), "report")}
		if err := r.Check(at); err != nil {
			t.Fatal(err)
		}
		if err := r.Run(t.Context(), at, facts("TERM=xterm", colorprofile.ANSI256), Pool{}); err != nil {
			t.Error(err)
		}
		text, err := os.ReadFile(r.File)
		if (err == nil) != tc.written || !strings.Contains(out.String(), "Report of cognito-enroll doctor\n") ||
			!strings.HasPrefix(out.String(), string(text)) ||
			strings.Contains(out.String(), "Nothing was written.") == tc.written {
			t.Errorf("%q: %v\n%s", tc.typed, err, out.String())
		}
		if tc.written && r.Check(at) == nil {
			t.Error("a report takes the place of a file")
		}
		if err := (Report{File: "x"}).Check(&terminal.Terminal{}); err == nil {
			t.Error("a session that may use no files writes a report")
		}
	}
}
