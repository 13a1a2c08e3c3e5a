package main

import (
	"regexp"
	"strings"
	"testing"
)

// TestDemoInTenKeys: at 80×24 the first enrollment takes ten key presses from the list to the shell, the phone's and
// the code's six among them, and no password is ever on the screen.
func TestDemoInTenKeys(t *testing.T) {
	t.Parallel()
	w := open(t, nil, "cognito-enroll", "demo")
	password := regexp.MustCompile(`demo-Pass|temp-Pass`)
	pressed := 0
	press := func(keys ...string) {
		pressed += len(keys)
		w.tmux(append([]string{"send-keys"}, keys...)...)
	}
	sees := func(pattern string) []string {
		found := w.waits(pattern)
		if screen := w.tmux("capture-pane", "-p"); password.MatchString(screen) {
			t.Errorf("a password is on the screen:\n%s", screen)
		}
		return found
	}
	sees(`› First enrollment`)
	press("Enter")
	sees(`Device name`)
	press("Enter")
	sees(`At least 1[45]:\d\d left`)
	press("p")
	code := sees(`Demo phone: (\d{3}) (\d{3})`)
	for _, digit := range code[1] + code[2] {
		press(string(digit))
	}
	sees(`Well done`)
	press("Enter")
	if code := w.exits(); code != "0" || pressed > 10 {
		t.Errorf("exit code %s after %d key presses", code, pressed)
	}
}

// TestFaultByKey: n names what goes wrong next and it does, without a restart.
func TestFaultByKey(t *testing.T) {
	t.Parallel()
	w := open(t, nil, "cognito-enroll", "demo", "--username", "optional")
	w.scans()
	w.types("n")
	w.waits(`an answer is lost`)
	first := w.code("")
	w.types(first)
	w.waits(`may have been(?s:.*)accepted`)
	w.types("nn") // the second of them is the clock
	w.waits(`the clock here`)
	w.types("n")
	w.waits(`the pool is busy`)
	w.tmux("send-keys", "C-c")
	if code := w.exits(); code != "4" { // no answer came
		t.Errorf("the exit code is %q", code)
	}
}

// TestDemoInLinesByName: with --username nobody types or sees a password in lines, either, also when the sign-in has to
// be sent again.
func TestDemoInLinesByName(t *testing.T) {
	t.Parallel()
	for _, fault := range []string{"", "html"} {
		w := open(t, nil, "cognito-enroll", "demo", "--plain", "--username", "new-user", "--fault", `"`+fault+`"`)
		if fault != "" {
			w.waits(`This time a captive portal(?s:.*)Username \(Enter for new-user\):\s*$`)
			w.enter()
			w.waits(`Password \(not shown; Enter[^)]*\):\s*$`)
			w.enter()
		}
		enrollsInLines(t, w)
		left := w.history()
		if strings.Contains(left, "Pass-1") || fault == "" && strings.Contains(left, "Password") {
			t.Errorf("a password is shown or asked for:\n%s", left)
		}
		if strings.Count(left, "This is a demo.") != 1 {
			t.Errorf("it is not said once that this is a demo:\n%s", left)
		}
	}
}

// TestPasswordAfterAProblem: where the wizard asks to sign in again, the password is filled in again: after a session
// that ended, and the new one after an answer that was lost.
func TestPasswordAfterAProblem(t *testing.T) {
	t.Parallel()
	w := open(t, nil, "cognito-enroll", "demo", "--username", "optional")
	w.scans()
	w.types("nn")
	w.waits(`session ends`)
	w.types(w.code(""))
	w.waits(`Password +› •+(?s:.*)expired`)
	w.enter()
	w.waits(`Device name`)

	w = open(t, nil, "cognito-enroll", "demo", "--username", "first-sign-in")
	w.waits(`New password +› •(?s:.*)ctrl\+n next fault`)
	w.tmux("send-keys", "C-n")
	w.waits(`an answer is lost`)
	w.enter()
	w.waits(`✗`)
	w.enter()
	w.waits(`Password +› •+(?s:.*)with your new password`)
	w.enter()
	w.waits(`Device name`)
}
