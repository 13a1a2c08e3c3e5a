package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/pquerna/otp/totp"

	"cognito-enroll/cognito/localpool"
	"cognito-enroll/ui/qrcode"
)

// frontDesk is a user pool that counts what it is asked for, and windows that work with it.
type frontDesk struct {
	t    *testing.T
	env  []string
	mu   sync.Mutex
	asks []string // operations, those of localhost left out
	keys int      // that were pressed
}

const frontDeskSeed = `{"pools":[{"id":"us-east-1_Desk","name":"desk","mfa":"ON","tracksDevices":true,
	"clients":[{"id":"deskclient"}],"users":[
	{"username":"ada","password":"Correct-Horse-9","totp":{"device":"Old phone"},"devices":1,
		"attributes":{"email":"ada@example.com"}},
	{"username":"tim","password":"Correct-Horse-9","status":"FORCE_CHANGE_PASSWORD"}]}]}`

func newFrontDesk(t *testing.T, seed string) *frontDesk {
	t.Helper()
	file, err := localpool.ParseSeed([]byte(seed))
	if err != nil {
		t.Fatal(err)
	}
	server := localpool.New(localpool.Options{})
	if _, err := server.Seed(file.Seed); err != nil {
		t.Fatal(err)
	}
	f := &frontDesk{t: t}
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.Host, "localhost:") {
			_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
			f.mu.Lock()
			f.asks = append(f.asks, operation)
			f.mu.Unlock()
		}
		server.ServeHTTP(w, r)
	}))
	t.Cleanup(web.Close)
	f.env = []string{"AWS_ACCESS_KEY_ID=AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY=example", "AWS_EC2_METADATA_DISABLED=true",
		"AWS_ENDPOINT_URL_STS=" + web.URL + "/none", "COGNITO_ENROLL_ENDPOINT_URL=" + web.URL,
		"COGNITO_ENROLL_POOL_ID=us-east-1_Desk", "COGNITO_ENROLL_CLIENT_ID=deskclient"}
	return f
}

// open opens a window for the program, and uncounted one whose calls are not counted.
func (f *frontDesk) open(command ...string) *window {
	f.t.Helper()
	return open(f.t, append([]string{"XDG_CACHE_HOME=" + f.t.TempDir()}, f.env...),
		append([]string{"cognito-enroll"}, command...)...)
}

func (f *frontDesk) uncounted(command ...string) *window {
	f.t.Helper()
	env := slices.Clone(f.env)
	for i, v := range env {
		env[i] = strings.Replace(v, "ENDPOINT_URL=http://127.0.0.1", "ENDPOINT_URL=http://localhost", 1)
	}
	return open(f.t, env, append([]string{"cognito-enroll"}, command...)...)
}

// types types text and presses Enter, once the window asks for that.
func (f *frontDesk) types(w *window, question, text string) {
	f.t.Helper()
	w.waits(question)
	if text != "" {
		w.types(text)
	}
	w.enter()
	f.keys += len(text) + 1
}

// counted returns the operations since the last time, in their order, and how many keys were pressed.
func (f *frontDesk) counted() (operations string, keys int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	operations, keys = strings.Join(slices.DeleteFunc(f.asks, func(o string) bool { return o == "" }), " "), f.keys
	f.asks, f.keys = nil, 0
	return operations, keys
}

// ends waits for the last words of a window and for its end, and returns what is left in it. The program may have ended
// before tmux has shown all of it.
func (f *frontDesk) ends(w *window, code, last string) string {
	f.t.Helper()
	w.waits(last)
	if got := w.exits(); got != code {
		f.t.Errorf("the exit code is %q, want %s:\n%s", got, code, w.history())
	}
	return w.history()
}

// The whole story of a lost phone at 80×24: an administrator resets and invites, another one watches, and the user
// enrolls again. How many keys and calls that takes is held here.
func TestLostPhoneInTerminal(t *testing.T) {
	t.Parallel()
	f := newFrontDesk(t, frontDeskSeed)

	reset := f.open("admin", "reset", "ada")
	f.types(reset, `Did you verify who is asking.*\[yes/no\]`, "yes")
	f.types(reset, `Forget the remembered devices, too\? \[yes/no\]`, "yes")
	f.types(reset, `Type the username "ada" to delete the authenticator:`, "ada")
	left := f.ends(reset, "0", `its codes no longer\s+work\.`)
	for _, want := range []string{`(?m)^Factors +authenticator app \(preferred\)$`, `(?m)^Devices +1 is remembered$`,
		`(?m)^If the authenticator is deleted:\nAt the next sign-in, Cognito asks this user to set up`,
		`(?m)^  done +AdminDeleteSoftwareToken`, `(?m)^The authenticator is deleted\.`, `(?m)^The remembered devices are forgotten\.$`,
		`(?m)^All sessions have ended\.`, `(?m)^Tell the user:\nSign in as usual\.`} {
		if !regexp.MustCompile(want).MatchString(left) {
			t.Errorf("%q is not there:\n%s", want, left)
		}
	}
	if n := strings.Count(left, "user pool us-east-1_Desk (desk)"); n != 5 { // above each question, and the receipt
		t.Errorf("the pool stands in %d places, want 5:\n%s", n, left)
	}
	calls, keys := f.counted()
	if want := "DescribeUserPool GetUserPoolMfaConfig AdminGetUser AdminListDevices AdminDeleteSoftwareToken " +
		"AdminForgetDevice AdminUserGlobalSignOut AdminGetUser"; calls != want || keys != 12 {
		t.Errorf("reset took %d keys and %s", keys, calls)
	}
	t.Logf("reset: %d keys, %d calls", keys, strings.Count(calls, " ")+1)

	invite := f.open("admin", "invite", "ada")
	left = f.ends(invite, "0", `Sign in with your password\.`)
	line := regexp.MustCompile(`(?m)^  (cognito-enroll --pool-id us-east-1_Desk --client-id deskclient .*--username=ada)$`).
		FindStringSubmatch(left)
	if line == nil || !strings.Contains(left, "Nothing was changed.") {
		t.Fatalf("there is no command to send:\n%s", left)
	}
	calls, keys = f.counted()
	t.Logf("invite: %d keys, %d calls: %s", keys, strings.Count(calls, " ")+1, calls)
	if keys != 0 || strings.Contains(calls, "AdminSet") || strings.Contains(calls, "AdminCreate") ||
		strings.Contains(calls, "AdminReset") {
		t.Errorf("invite took %d keys and %s", keys, calls)
	}

	watch := f.uncounted("admin", "watch", "ada")
	watch.waits(`User "ada": status CONFIRMED, enabled, active factors: none\.`)

	user := f.open(strings.Fields(line[1])[1:]...)
	f.types(user, `Username +› ada(?s:.*)Password`, "Correct-Horse-9")
	f.types(user, `Device name`, "")
	key := user.waits(`([A-Z2-7]{4}( [A-Z2-7]{4}){3,})`)
	if strings.Contains(watch.history(), "An authenticator app is active") {
		t.Error("the watch says that there is an authenticator before there is one")
	}
	secret := secretOn(user, key[0])
	code, err := totp.GenerateCode(secret, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	user.types(code) // the sixth digit sends it
	f.keys += len(code)
	user.waits(`Your authenticator is enrolled`)
	watched := f.ends(watch, "0", `An authenticator app is active\.`)
	if !regexp.MustCompile(`(?m)Active factors are now: authenticator app.*\n[0-9:]+  An authenticator app is active\.$`).
		MatchString(watched) {
		t.Errorf("the watch saw:\n%s", watched)
	}
	f.types(user, `Your authenticator is enrolled`, "")
	f.ends(user, "0", `Active factors`)
	for _, w := range []*window{reset, invite, watch, user} {
		if left := w.history(); strings.Contains(left, "Correct-Horse-9") || strings.Contains(left, secret[:8]) ||
			strings.Contains(left, key[0]) {
			t.Errorf("a secret is left:\n%s", left)
		}
	}
	calls, keys = f.counted()
	t.Logf("enroll: %d keys, %d calls: %s", keys, strings.Count(calls, " ")+1, calls)
	if want := "InitiateAuth RespondToAuthChallenge AssociateSoftwareToken VerifySoftwareToken RespondToAuthChallenge " +
		"GetUser"; calls != want || keys != 24 {
		t.Errorf("the enrollment took %d keys and %s", keys, calls)
	}
}

// secretOn is the key on the screen, which may stand in two lines.
func secretOn(w *window, first string) string {
	w.t.Helper()
	screen := w.tmux("capture-pane", "-p")
	key := ""
	for _, group := range regexp.MustCompile(`(?:^|[^A-Z2-7])([A-Z2-7]{4})(?:[^A-Z2-7]|$)`).FindAllStringSubmatch(
		strings.ReplaceAll(screen[strings.Index(screen, first):], " ", "  "), -1) {
		key += group[1]
	}
	return key
}

// A temporary password is on the screen until Enter, and nowhere afterwards.
func TestShowPasswordInTerminal(t *testing.T) {
	t.Parallel()
	f := newFrontDesk(t, frontDeskSeed)
	w := f.open("admin", "invite", "tim", "--show-password")
	f.types(w, `Go on\? \[yes/no\]`, "yes")
	password := w.waits(`The temporary password is\n\n +(\S{12,})\n\nRead it out, and press Enter to take it off the screen\.`)[1]
	if alternate := strings.TrimSpace(w.tmux("display-message", "-p", "#{alternate_on}")); alternate != "1" {
		t.Error("the password is on the screen that can be scrolled back")
	}
	w.enter()
	left := f.ends(w, "0", `you are told\.`)
	if strings.Contains(left, password) || !strings.Contains(left, "Sign in with the temporary password that you are told.") {
		t.Errorf("%q is left, or what to send is not:\n%s", password, left)
	}

	// It is the password that signs in.
	user := f.open("--username", "tim")
	f.types(user, `Password`, password)
	user.waits(`Choose a new password`)
}

// A QR code that is higher than the window is drawn, since inviting again would send again, with a word about it.
func TestInviteQRInTerminal(t *testing.T) {
	t.Parallel()
	f := newFrontDesk(t, frontDeskSeed)
	w := f.open("admin", "invite", "tim", "--qr")
	f.types(w, `Go on\? \[yes/no\]`, "yes")
	left := f.ends(w, "0", `higher to\s+scan\s+it\.`)
	block := regexp.MustCompile(`(?s)\nSend this to the user:\n\n(Please set up .*? works? until about [^\n]*)\n\n(.*)\n\n` +
		`The QR code is (\d+) rows high\. Make the window higher to scan it\.`).FindStringSubmatch(left)
	if block == nil {
		t.Fatalf("%s", left)
	}
	picture, err := qrcode.Draw(block[1], qrcode.Room{Width: 80, Height: 100, UTF8: true, Colors: qrcode.TrueColor})
	if err != nil {
		t.Fatal(err)
	}
	trimmed := func(text string) string { // a terminal does not keep all spaces at the ends of lines
		return strings.TrimSpace(regexp.MustCompile(`(?m)[ \n]+$`).ReplaceAllString(text, ""))
	}
	got, want := trimmed(block[2]), trimmed(ansi.Strip(strings.Join(picture.Lines, "\n")))
	if got != want || block[3] != strconv.Itoa(picture.Height) {
		t.Errorf("the QR code of %q, %s rows high, is\n%s\nwant %d rows\n%s", block[1], block[3], got, picture.Height, want)
	}
}

// A report shows on a terminal how far it is, how fast and how long it takes, and leaves the rows and no bar.
func TestReportInTerminal(t *testing.T) {
	t.Parallel()
	var users []string
	for i := range 60 {
		users = append(users, fmt.Sprintf(`{"username":"user%02d","password":"Correct-Horse-9"}`, i))
	}
	f := newFrontDesk(t, `{"pools":[{"id":"us-east-1_Desk","name":"desk","mfa":"ON","clients":[],"users":[`+
		strings.Join(users, ",")+`]}]}`)
	w := f.open("admin", "report", "--rate", "20")
	w.waits(`(?m)^\d+ of about 60 users, \d+ a second, \d+s left #+-+$`)
	left := f.ends(w, "0", `have no MFA\.`)
	if strings.Contains(left, "a second") || strings.Contains(left, "##") || !strings.Contains(left,
		"0 of 60 users can use an authenticator app.") {
		t.Errorf("%s", left)
	}
	if n := len(regexp.MustCompile(`(?m)^user\d\d +none +CONFIRMED$`).FindAllString(left, -1)); n != 60 {
		t.Errorf("%d users stand in a line each:\n%s", n, left)
	}
}
