package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// scenarioOf are those of the scenarios, by user.
var scenarioOf = map[string]string{
	"new-user":      "First enrollment",
	"first-sign-in": "First sign-in",
	"optional":      "Optional MFA",
	"has-totp":      "Replace or turn off",
	"reset":         "Password reset",
	"unconfirmed":   "Unfinished sign-up",
	"sms-first":     "Text message first",
	"two-factors":   "Choice of factors",
	"app-or-mail":   "Authenticator or email",
}

// Each user of the demo gets to the end, and a wrong code first does not stop anybody.
func TestDemoInTerminal(t *testing.T) {
	const enrolled = `Your authenticator is enrolled`
	for _, tt := range []struct {
		user, end string
		between   func(*window) // between the sign-in and the device's name
	}{
		{"new-user", enrolled, func(*window) {}},
		{"first-sign-in", enrolled, func(w *window) {
			w.waits(`New password`)
			w.enter() // the demo has filled everything in
		}},
		{"optional", enrolled, func(*window) {}},
		{"has-totp", `Your authenticator is enrolled`, nil},
		{"reset", enrolled, func(w *window) {
			w.waits(`You need a new password`)
			w.enter()
			w.waits(`sent by email to r\*\*\*@e\*\*\*`)
			w.types(w.sent())
			w.enter()
		}},
		{"unconfirmed", enrolled, func(w *window) {
			w.waits(`Your sign-up was not finished`)
			w.enter()
			w.types(w.sent())
			w.enter()
		}},
		{"sms-first", enrolled, func(w *window) {
			w.waits(`by text message to \+\*+0123`)
			w.types("0000")
			w.enter()
			w.waits(`is wrong`)
			w.types(w.sent())
			w.enter()
		}},
		{"two-factors", enrolled, func(w *window) {
			w.waits(`Choose your second factor`)
			w.tmux("send-keys", "Down", "Enter")
			w.waits(`by email to t\*\*\*@e\*\*\*`)
			w.types(w.sent())
			w.enter()
		}},
		{"app-or-mail", enrolled, func(w *window) {
			w.waits(`Choose your second factor`)
			w.enter()
		}},
		{"app-or-mail", `Codes by email are set up`, func(w *window) {
			w.waits(`Choose your second factor`)
			w.tmux("send-keys", "Down", "Enter")
			w.waits(`Email address +› ann@example\.com`)
			w.enter() // the demo has filled it in
			w.types(w.sent())
			w.enter()
		}},
	} {
		t.Run(tt.user, func(t *testing.T) {
			t.Parallel()
			w := open(t, nil, "cognito-enroll", "demo")
			w.picks(scenarioOf[tt.user])
			secrets := []string{"demo-Pass-1", "temp-Pass-1", "Better-Horse-1", "▀"}
			byApp := !strings.Contains(tt.end, "Codes by email")
			if tt.between == nil {
				w.waits(`Your authenticator.s code`)
			} else {
				tt.between(w)
			}
			if tt.between != nil && byApp {
				w.waits(`Device name`)
				w.enter()
				secrets = append(secrets, w.waits(`([A-Z2-7]{4} [A-Z2-7]{4}) `)[1])
				w.waits(`At least (14:[345]\d|15:00|59:\d\d|60:00) left`)
			}
			if byApp {
				w.types("000000")
				w.waits(`is wrong|does not come from|clock is`)
				code := w.code("")
				w.types(code)
				secrets = append(secrets, code[:3]+" "+code[3:])
			}
			if tt.between == nil {
				w.waits(`Leave it as it is`)
				w.enter()
			}
			w.waits(tt.end)
			if tt.user == "optional" {
				w.tmux("send-keys", "C-c") // however the last screen is left, it is the end and no cancelling
			} else {
				w.enter()
			}
			if code := w.exits(); code != "0" {
				t.Errorf("the exit code is %q", code)
			}
			left := w.history()
			factor := `authenticator app`
			if !byApp {
				factor = `email`
			}
			for _, want := range []string{tt.end, `User +` + tt.user, `User pool +us-east-1_demo`, `Active factors .*` +
				factor} {
				if !regexp.MustCompile(want).MatchString(left) {
					t.Errorf("%q is not left on the screen:\n%s", want, left)
				}
			}
			for _, secret := range secrets {
				if strings.Contains(left, secret) {
					t.Errorf("a secret is left on the screen:\n%s", left)
				}
			}
		})
	}
}

// Whatever goes wrong, the person is told the truth and gets to the end.
func TestFaultsInTerminal(t *testing.T) {
	for _, tt := range []struct {
		fault, user string
		walk        func(*window)
	}{
		{"lost-response", "new-user", func(w *window) {
			first := w.code("")
			w.types(first)
			w.waits(`may have been(?s:.*)accepted,(?s:.*)so keep the entry`)
			second := w.code(first)
			w.types(second)
			w.waits(`Your earlier code was accepted: keep the entry`)
			w.types(w.code(first)) // the second was not looked at: the session was over
		}},
		{"lost-response", "optional", func(w *window) {
			first := w.code("")
			w.types(first)
			w.waits(`may have been(?s:.*)accepted,(?s:.*)so keep the entry`)
			w.types(w.code(first))
		}},
		{"expired", "new-user", func(w *window) {
			key := w.waits(`([A-Z2-7]{4} [A-Z2-7]{4}) `)[1]
			w.types(w.code(""))
			w.waits(`The session ended(?s:.*)Code +›`)
			w.waitsFor(20*time.Second, regexp.MustCompile(key), false)
			w.types(w.code(""))
		}},
		{"skew", "new-user", func(w *window) {
			w.waits(`The clock here is 3(?s:.*)slow`)
			w.types(w.code(""))
		}},
		{"throttle", "new-user", func(w *window) {
			w.types(w.code(""))
			w.waits(`limiting requests`)
			w.enter()
		}},
	} {
		t.Run(tt.fault+"/"+tt.user, func(t *testing.T) {
			t.Parallel()
			w := open(t, nil, "cognito-enroll", "demo", "--fault", tt.fault, "--username", tt.user)
			if tt.fault == "throttle" {
				w.waits(`limiting requests`)
				w.enter()
			}
			w.scans()
			tt.walk(w)
			w.waits(`Your authenticator is enrolled`)
			w.enter()
			if code := w.exits(); code != "0" {
				t.Errorf("the exit code is %q", code)
			}
			left := w.history()
			for _, want := range []string{`Your authenticator is enrolled`, `Active factors +authenticator app`} {
				if !regexp.MustCompile(want).MatchString(left) {
					t.Errorf("%q is not left on the screen:\n%s", want, left)
				}
			}
		})
	}
}

// Sign-ins that do not begin with a password lead to an enrollment as well.
func TestFlowsInTerminal(t *testing.T) {
	for _, tt := range []struct {
		flow string
		walk func(*window)
	}{
		{"choice", func(w *window) {
			w.waits(`How do you want to sign in`)
			w.tmux("send-keys", "Down", "Enter")
			w.types(w.sent())
			w.enter()
		}},
		{"choice --preferred-challenge EMAIL_OTP", func(w *window) {
			w.types(w.sent())
			w.enter()
		}},
		{"custom", func(w *window) {
			w.waits(`favorite number`)
			w.types("0") // behind what the demo has filled in
			w.enter()
			w.waits(`asks once more`)
			w.enter()
		}},
	} {
		t.Run(tt.flow, func(t *testing.T) {
			t.Parallel()
			w := open(t, nil, "cognito-enroll", "demo", "--username", "optional", "--auth-flow", tt.flow)
			tt.walk(w)
			w.scans()
			w.types(w.code(""))
			w.waits(`Your authenticator is enrolled`)
			w.enter()
			if code := w.exits(); code != "0" {
				t.Errorf("the exit code is %q", code)
			}
		})
	}
}

// Leaving, politely or not, restores the terminal and says what is true.
func TestLeaving(t *testing.T) {
	for _, how := range []string{"ctrl+c", "TERM", "HUP", "QUIT", "ABRT"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			w := open(t, nil, "cognito-enroll", "demo", "--username", "optional")
			w.waits(`Device name`)
			w.enter()
			w.waits(`At least [0-9:]+ left`)
			if how == "ctrl+c" {
				w.tmux("send-keys", "C-c")
			} else {
				pid, err := os.ReadFile(w.pid)
				if err != nil {
					t.Fatal(err)
				}
				w.tmux("run-shell", "kill -"+how+" "+strings.TrimSpace(string(pid)))
			}
			if code := w.exits(); code != "130" {
				t.Errorf("the exit code is %q", code)
			}
			if alternate := strings.TrimSpace(w.tmux("display-message", "-p", "#{alternate_on}")); alternate != "0" {
				t.Error("the terminal is left in the alternate screen")
			}
			left := w.history()
			if !strings.Contains(left, "canceled") || !strings.Contains(strings.Join(strings.Fields(left), " "),
				`If your app has the entry "Demo" (optional), delete it.`) {
				t.Errorf("what is true is not said:\n%s", left)
			}
			if strings.Contains(left, "▀") {
				t.Errorf("the QR code is left on the screen:\n%s", left)
			}
			if strings.Contains(left, "goroutine") {
				t.Errorf("a trace is on the screen:\n%s", left)
			}
		})
	}
}

// Bubble Tea would write every key press to the file that TEA_TRACE names.
func TestNoTrace(t *testing.T) {
	dir := t.TempDir()
	w := open(t, []string{"-C", dir, "TEA_TRACE=" + dir + "/trace", "TEA_DEBUG=1"}, "cognito-enroll", "demo", "--fault",
		"throttle", "--username", "optional")
	w.waits(`limiting requests`)
	w.types("not-the-password")
	w.tmux("send-keys", "C-c")
	w.exits()
	files, err := os.ReadDir(dir)
	if err != nil || len(files) > 0 {
		t.Errorf("left behind: %v, %v", files, err)
	}
}

// A program that is left at its password prompt leaves a terminal that echoes again.
func TestLeavingPlain(t *testing.T) {
	t.Parallel()
	w := open(t, nil, "sh", "-c", `"trap : INT; cognito-enroll demo --plain; stty -a"`)
	w.waits(`Username \(required\):\s*$`)
	w.types("optional")
	w.enter()
	w.waits(`Password \(required, not shown\):\s*$`)
	w.tmux("send-keys", "C-c")
	w.waits(`cognito-enroll: canceled\nNothing was changed\.(?s:.*)\becho\b`)
	if left := w.history(); strings.Contains(left, "-echo ") || strings.Contains(left, "-icanon") {
		t.Errorf("the terminal is left as it was at the prompt:\n%s", left)
	}
	w.exits()
}

// Lines at a terminal: a password is not echoed.
func TestPlainInTerminal(t *testing.T) {
	t.Parallel()
	w := open(t, nil, "cognito-enroll", "demo", "--plain")
	for _, password := range []string{"not-My-Pass-9", "demo-Pass-1"} { // the right one is among the users
		w.waits(`Username.*:\s*$`)
		w.types("optional")
		w.enter()
		w.waits(`Password \([^)]*not shown.*\):\s*$`)
		w.types(password)
		w.enter()
	}
	enrollsInLines(t, w)
	if left := w.history(); strings.Contains(left, "not-My-Pass-9") {
		t.Errorf("the password was echoed:\n%s", left)
	}
}

// The only pool of a project is named where its password is asked for, with where it was found, and can be changed.
func TestOnePoolInTerminal(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ids := "COGNITO_USER_POOL_ID=us-east-1_demoOPT00\nCOGNITO_CLIENT_ID=demooptional0public0client\n"
	if err := os.WriteFile(dir+"/.env", []byte(ids), 0o600); err != nil {
		t.Fatal(err)
	}
	w := open(t, []string{"-C", dir}, "cognito-enroll")
	w.waits(`(?s)The user pool is us-east-1_demoOPT00, found in\s+\.env\.\s+Go\s+back\s+to\s+choose\s+another\..*Password`)
	w.tmux("send-keys", "Escape")
	w.waits(`(?s)us-east-1_demoOPT00.*Type the IDs`)
	w.tmux("send-keys", "Enter")
	w.waits(`(?s)found in\s+\.env.*Password`)
	// Two are for the person to choose from.
	other := strings.ReplaceAll(ids, "OPT00", "ON000")
	if err := os.WriteFile(dir+"/.env.local", []byte(other), 0o600); err != nil {
		t.Fatal(err)
	}
	w = open(t, []string{"-C", dir}, "cognito-enroll")
	w.waits(`(?s)us-east-1_demo.*us-east-1_demo.*Type the IDs`)
}

// What was chosen with a key is there in the next run, and v never leaves the screen without a QR code. --qr is obeyed,
// or refused with the reason.
func TestStyleIsRemembered(t *testing.T) {
	config := t.TempDir()
	scan := func(flags ...string) *window {
		w := open(t, []string{"XDG_CONFIG_HOME=" + config, "HOME=" + config},
			append([]string{"cognito-enroll", "demo", "--username", "new-user"}, flags...)...)
		w.scans()
		return w
	}
	w := scan()
	w.waits(`▀`)
	w.types("v") // at 80×24 half blocks are all that there is
	w.types("v")
	w.types("s")
	w.waits(`Read the groups`)
	w.types("s")
	w.waits(`▀`)
	w.tmux("resize-window", "-x", "200", "-y", "60")
	w.waits(`v other QR code`) // the new size has come
	w.types("v")
	w.waitsFor(20*time.Second, regexp.MustCompile(`▀`), false)
	w = scan() // whole blocks do not fit: half ones are drawn
	w.waits(`▀`)
	w.tmux("resize-window", "-x", "200", "-y", "60")
	w.waitsFor(20*time.Second, regexp.MustCompile(`▀`), false)
	w = scan("--qr", "full")
	w.waits(`This QR code needs`)
	w.types("v")
	w.waits(`▀`)
	w = open(t, nil, "cognito-enroll", "demo", "--qr", "sixel")
	w.waits(`--qr sixel cannot be drawn: tmux and screen show no graphics`)
	w.exits()
}

// In a real terminal the test code is drawn, and what the terminal answers stays out of the input.
func TestDoctorInTerminal(t *testing.T) {
	for _, tc := range []struct {
		name, before string
		has          []string
	}{
		{"light", "tmux set -g window-style bg=#fdf6e3", []string{`the background is light`, `no sign of a recording`,
			`(?s)80×24 cells.*▀.*If it does not scan`}},
		{"dark", "tmux set -g window-style bg=#002b36", []string{`the background is dark`}},
		{"mute", ":", []string{`the terminal does not tell`}},
		{"recorded", "tmux pipe-pane 'cat >/dev/null'", []string{`being recorded: tmux pipe-pane`}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			needs(t, "tmux")
			script := filepath.Join(t.TempDir(), "doctor.sh")
			text := tc.before + "\ncognito-enroll doctor\ncode=$?\nread line\necho \"left: [$line]\"\nexit $code\n"
			if err := os.WriteFile(script, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			w := open(t, nil, "sh", script)
			w.waits(`Nothing is in the way here`)
			w.types("hello")
			w.waits(`(?m)^hello`) // the terminal echoes again
			if alternate := strings.TrimSpace(w.tmux("display-message", "-p",
				"#{alternate_on}#{cursor_flag}")); alternate != "01" {
				t.Errorf("alternate screen and cursor: %s, want 01", alternate)
			}
			w.enter()
			w.waits(`left: \[hello\]`)
			if code := w.exits(); code != "0" {
				t.Errorf("the exit code is %q", code)
			}
			left := w.history()
			for _, want := range tc.has {
				if !regexp.MustCompile(want).MatchString(left) {
					t.Errorf("%q is not there:\n%s", want, left)
				}
			}
			if strings.Contains(left, "rgb:") || strings.Contains(left, "^[") {
				t.Errorf("an answer is on the screen:\n%s", left)
			}
		})
	}
}

// ctrl+z stops the program where a shell can continue it, and does nothing where none can: nobody would
// ever continue it there.
func TestSuspend(t *testing.T) {
	t.Run("under a shell", func(t *testing.T) {
		t.Parallel()
		w := open(t, []string{"PS1='shell: '"}, "sh", "-i")
		w.waits(`shell:\s*$`)
		w.types("cognito-enroll demo")
		w.enter()
		w.waits(`What would you like to see`)
		w.tmux("send-keys", "C-z")
		w.waits(`(?s)Stopped.*shell:\s*$`)
		w.types("fg")
		w.enter()
		w.waits(`What would you like to see`)
		w.types("replace")
		w.waits(`› Replace or turn off`)
	})
	t.Run("without one", func(t *testing.T) {
		t.Parallel()
		w := open(t, nil, "cognito-enroll", "demo")
		w.waits(`What would you like to see`)
		w.tmux("send-keys", "C-z")
		w.types("replace")
		w.waits(`› Replace or turn off`)
	})
}

// enrollsInLines goes on in plain lines from the name of the device to an end with exit code 0.
func enrollsInLines(t *testing.T, w *window) {
	t.Helper()
	w.waits(`Device name .*:\s*$`)
	w.enter()
	w.waits(`Code \(required\):\s*$`)
	w.types(":phone")
	w.enter()
	code := w.waits(`Demo phone: (\d{3}) (\d{3}).*\nCode \(required\):\s*$`)
	w.types(code[1] + code[2])
	w.enter()
	w.waits(`Your authenticator is enrolled(?s:.*)Press Enter to finish`)
	w.enter()
	if code := w.exits(); code != "0" {
		t.Errorf("the exit code is %q", code)
	}
}
