package inspect

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/charmbracelet/colorprofile"

	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/cognito"
	"cognito-enroll/flow"
)

// facts are those of a terminal in that environment, with the colors of profile.
func facts(environ string, profile colorprofile.Profile) terminal.Facts {
	return terminal.FactsOf(strings.Fields(environ), profile, nil)
}

// found prints the findings in short.
func found(list []cognito.Finding) string {
	var b strings.Builder
	for _, f := range list {
		fmt.Fprintf(&b, "%s %s: %s\n", f.Level, f.Topic, f.Text)
	}
	return b.String()
}

func TestTerminalFindings(t *testing.T) {
	for _, tc := range []struct {
		env           string
		interactive   bool
		columns, rows int
		background    string
		has, not      []string
	}{
		{env: "TERM=xterm LANG=C.UTF-8", interactive: true, columns: 80, rows: 24, background: "dark",
			has: []string{"ok terminal: 80×24 cells, TERM=xterm", "ok encoding", "ok background: the background is dark",
				"unknown clipboard", "ok recording", "ok qr-code: a usual QR code takes 45×23 cells"},
			not: []string{"multiplexer", "set-clipboard"}},
		{env: "TERM=tmux", interactive: true, columns: 60, rows: 20, background: "unknown",
			has: []string{"ok encoding: assumed to show UTF-8, because LC_ALL", "unknown background",
				"ok multiplexer: inside tmux", "copied if tmux has set-clipboard on", "warning qr-code: .*needs 45×23 cells"}},
		{env: "TERM=xterm NO_COLOR=1 LANG=C", interactive: true, columns: 132, rows: 43, background: "unknown",
			has: []string{"ok colors: no colors, because NO_COLOR", "warning encoding: no UTF-8, says LANG=C",
				"warning qr-code: .*assumed to be dark"}},
		{env: "TERM=xterm NO_COLOR=1", interactive: true, columns: 132, rows: 43, background: "light",
			has: []string{"ok qr-code"}, not: []string{"assumed to be dark"}},
		{env: "TERM=dumb", interactive: true, columns: 80, rows: 24, background: "unknown",
			has: []string{"warning terminal: TERM=dumb"}},
		{env: "TERM=dumb", background: "unknown", has: []string{"unknown terminal: stdin or stdout is not"},
			not: []string{"problem", " background", "80×24", "a usual"}},
		{env: "TERM=vt100", interactive: true, background: "unknown",
			has: []string{"unknown terminal: the terminal does not tell its size"}, not: []string{"a usual"}},
		{env: "TERM=linux", background: "unknown", has: []string{"the Linux console has no clipboard"}},
		{env: "TERM=screen STY=1", background: "unknown", has: []string{"screen does not pass it on"}},
		{env: "SCRIPT=x", background: "unknown", has: []string{"warning recording: this session is being recorded: script"}},
	} {
		f := facts(tc.env, colorprofile.ANSI256)
		f.Interactive, f.Columns, f.Rows, f.Background = tc.interactive, tc.columns, tc.rows, tc.background
		text := found(findings(f))
		for _, want := range tc.has {
			if !regexp.MustCompile("(?m)" + want).MatchString(text) {
				t.Errorf("%q: %q is not there:\n%s", tc.env, want, text)
			}
		}
		for _, not := range tc.not {
			if strings.Contains(text, not) {
				t.Errorf("%q: %q is there:\n%s", tc.env, not, text)
			}
		}
	}
}

// TestDrawTest: the test code is whole, or there is none.
func TestDrawTest(t *testing.T) {
	f := facts("TERM=xterm", colorprofile.ANSI256)
	f.Columns, f.Rows = 80, 24
	var b bytes.Buffer
	drawTest(&b, f)
	if !strings.Contains(b.String(), testText) || !strings.Contains(b.String(), "▀") ||
		strings.Contains(b.String(), "otpauth") {
		t.Errorf("%q", b.String())
	}
	b.Reset()
	f.Rows = 12
	drawTest(&b, f)
	if !strings.Contains(b.String(), "The test code cannot be drawn: the QR code needs ") ||
		strings.Contains(b.String(), "▀") {
		t.Errorf("%q", b.String())
	}
}

func TestConclude(t *testing.T) {
	finding := func(level cognito.Level, fault flow.Fault) cognito.Finding {
		return cognito.Finding{Level: level, Fault: fault, Text: "this is " + fault.String(), Hint: "see to it"}
	}
	fine, unknown := finding(cognito.LevelOK, 0), finding(cognito.LevelUnknown, flow.Wait)
	wait, elsewhere := finding(cognito.LevelProblem, flow.Wait), finding(cognito.LevelProblem, flow.Elsewhere)
	for _, tc := range []struct {
		findings []cognito.Finding
		code     int
		msg      string
	}{
		{nil, exit.Done, ""},
		{[]cognito.Finding{fine, unknown, finding(cognito.LevelWarning, flow.Elsewhere)}, exit.Done, ""},
		{[]cognito.Finding{fine, wait}, exit.Wait,
			"cognito-enroll: enrollment will not work now: this is wait\ncognito-enroll: hint: see to it\n"},
		{[]cognito.Finding{wait, elsewhere}, exit.Elsewhere,
			"cognito-enroll: enrollment will not work until this is fixed: this is elsewhere\ncognito-enroll: hint: see to " +
				"it\n"},
	} {
		var b bytes.Buffer
		if code := exit.Report(&b, Conclude(tc.findings)); code != tc.code || b.String() != tc.msg {
			t.Errorf("%d with %q, want %d with %q", code, b.String(), tc.code, tc.msg)
		}
	}
}

func TestCompareClocks(t *testing.T) {
	for _, tc := range []struct {
		in    cognito.Inspection
		level cognito.Level
		text  string
	}{
		{cognito.Inspection{}, cognito.LevelUnknown, "do not tell"},
		{cognito.Inspection{Dated: true}, cognito.LevelOK, "is right"},
		{cognito.Inspection{Dated: true, Skew: -20 * time.Second}, cognito.LevelOK, "is right"},
		{cognito.Inspection{Dated: true, Skew: -21 * time.Second}, cognito.LevelWarning, "21s behind"},
		{cognito.Inspection{Dated: true, Skew: 5 * time.Minute}, cognito.LevelWarning, "5m0s ahead"},
		{cognito.Inspection{Dated: true, Skew: time.Hour}, cognito.LevelProblem, "1h0m0s ahead"},
	} {
		facts, f := compare(tc.in)
		if f.Level != tc.level || !strings.Contains(f.Text, tc.text) || facts.Known != tc.in.Dated ||
			time.Duration(facts.Ahead)*time.Second != tc.in.Skew {
			t.Errorf("%+v: %+v, %+v", tc.in, facts, f)
		}
	}
}

// TestHostileServer: what a server says reaches neither the terminal nor a script unchecked.
func TestHostileServer(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		w.WriteHeader(http.StatusBadRequest)
		io.WriteString(w, `{"__type": "Oddity\u001b[2J", "message": "\u001b]0;owned\u0007 \u009b31m \u202egnp \u0000"}`)
	}))
	defer s.Close()
	client, err := cognito.New(cognito.Config{PoolID: "us-east-1_AbC", ClientID: "abc", Endpoint: s.URL})
	if err != nil {
		t.Fatal(err)
	}
	for _, asJSON := range []bool{false, true} {
		var b bytes.Buffer
		facts := facts("TERM=\x1b[2J\x9b LC_ALL=\u202e", colorprofile.NoTTY)
		at := &terminal.Terminal{Out: &b, OutKind: terminal.Screen, Environ: []string{"TERM=xterm", "NO_COLOR=1"}}
		err := Run(t.Context(), at, facts, Pool{ID: "us-east-1_AbC", Client: client}, asJSON)
		if failed := (*flow.Error)(nil); !errors.As(err, &failed) {
			t.Errorf("the error is %v", err)
		}
		if !strings.Contains(b.String(), "owned") {
			t.Errorf("the test says nothing:\n%q", b.String())
		}
		texts := []string{strings.NewReplacer("\x1b[1m", "", "\x1b[m", "").Replace(b.String()), err.Error()} // our own styles
		if asJSON {
			var d diagnosis
			if err := json.Unmarshal(b.Bytes(), &d); err != nil {
				t.Fatal(err)
			}
			texts = append(texts, found(d.Findings), d.Terminal.Term, d.Terminal.Locale)
		}
		for _, text := range texts {
			if strings.ContainsFunc(text, func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }) {
				t.Errorf("%q", text)
			}
		}
	}
}
