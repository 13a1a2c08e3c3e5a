package pooltest

import (
	"slices"
	"testing"
	"time"

	"cognito-enroll/cognito"
	"cognito-enroll/flow"
)

var cases = []struct {
	name string
	run  func(*testing.T, *suite)
}{
	{"sign-in/password", func(t *testing.T, s *suite) { signsIn(t, s.optional, flow.Password) }},
	{"sign-in/srp", func(t *testing.T, s *suite) { signsIn(t, s.optional, flow.SRP) }},
	{"sign-in/wrong password", func(t *testing.T, s *suite) { wrongPassword(t, s.optional, flow.Password) }},
	{"sign-in/srp wrong password", func(t *testing.T, s *suite) { wrongPassword(t, s.optional, flow.SRP) }},
	{"sign-in/unknown user", unknownUser},
	{"sign-in/unknown client", unknownClient},
	{"sign-in/flow not allowed", flowNotAllowed},
	{"sign-in/access token's lifetime", lifetime},
	{"new password/choose", newPassword},
	{"new password/policy", passwordPolicy},
	{"new password/then mfa setup", newPasswordThenSetup},
	{"new password/wizard", newPasswordWizard},
	{"client secret/given", clientSecret},
	{"client secret/missing", clientSecretMissing},
	{"client secret/wrong", clientSecretWrong},
	{"session/enrol", sessionPath},
	{"session/wrong code", sessionWrongCode},
	{"session/used twice", sessionUsedTwice},
	{"session/foreign", sessionForeign},
	{"session/of another sign-in", sessionOfAnotherSignIn},
	{"session/not verified", sessionNotVerified},
	{"session/wizard", sessionWizard},
	{"access token/enrol", tokenPath},
	{"access token/wrong code", tokenWrongCode},
	{"access token/replayed code", replayedCode},
	{"access token/code's form", codeForm},
	{"access token/preference first", preferenceFirst},
	{"access token/invalid", tokenInvalid},
	{"access token/both grants", bothGrants},
	{"access token/wizard", tokenWizard},
}

// reply makes call and wants the result R.
func reply[R flow.Result](t *testing.T, c *cognito.Client, call flow.Call) R {
	t.Helper()
	switch e := c.Do(t.Context(), call).(type) {
	case flow.Failed:
		t.Fatalf("%T failed: %s (%s)", call, e.Err.Msg, e.Err.Code)
	case flow.Reply:
		r, ok := e.Result.(R)
		if !ok {
			t.Fatalf("%T answered %T (%s)", call, e.Result, name(e.Result))
		}
		return r
	}
	panic("unreachable")
}

// refusal makes call and wants it to fail so.
func refusal(t *testing.T, c *cognito.Client, call flow.Call, code flow.ErrorCode, fault flow.Fault) {
	t.Helper()
	switch e := c.Do(t.Context(), call).(type) {
	case flow.Reply:
		t.Errorf("%T answered %T (%s), want it to fail with %s", call, e.Result, name(e.Result), code)
	case flow.Failed:
		if e.Err.Code != code || e.Err.Fault != fault {
			t.Errorf("%T failed with %s (%s): %s; want %s (%s)", call, e.Err.Code, e.Err.Fault, e.Err.Msg, code, fault)
		}
	}
}

// challenge makes call and wants the challenge of that name.
func challenge(t *testing.T, c *cognito.Client, call flow.Call, want string) flow.Challenge {
	t.Helper()
	got := reply[flow.Challenge](t, c, call)
	if got.Name != want {
		t.Fatalf("%T answered the challenge %s, want %s", call, got.Name, want)
	}
	return got
}

func name(r flow.Result) string {
	if c, ok := r.(flow.Challenge); ok {
		return c.Name
	}
	return ""
}

// signIn signs in with the flow that every endpoint knows.
func signIn(user string) flow.SignIn {
	return flow.SignIn{Flow: flow.Password, Username: user, Password: flow.NewSecret(password)}
}

// answer answers the challenge c with the one response key.
func answer(c flow.Challenge, user, key, value string) flow.Respond {
	if id := c.Params["USER_ID_FOR_SRP"]; id != "" {
		user = id
	}
	r := flow.Respond{Challenge: c.Name, Session: c.Session, Username: user}
	if key != "" {
		r.Responses = values(key, value)
	}
	return r
}

// ---- signing in

func signsIn(t *testing.T, p *pool, f flow.AuthFlow) {
	call := signIn(p.newUser(t))
	call.Flow = f
	reply[flow.Tokens](t, p.with(t, p.public), call)
}

func wrongPassword(t *testing.T, p *pool, f flow.AuthFlow) {
	call := flow.SignIn{Flow: f, Username: p.newUser(t), Password: flow.NewSecret("Wrong-Horse-9!")}
	refusal(t, p.with(t, p.public), call, "wrong-password", flow.Retry)
}

func unknownUser(t *testing.T, s *suite) {
	c := s.optional.with(t, s.optional.public)
	for _, f := range []flow.AuthFlow{flow.Password, flow.SRP} {
		call := signIn(unique("nobody"))
		call.Flow = f
		refusal(t, c, call, "wrong-password", flow.Retry)
	}
}

func unknownClient(t *testing.T, s *suite) {
	p := s.optional
	refusal(t, p.with(t, client{id: "0123456789abcdefghijklmnop"}), signIn(p.newUser(t)), "client-not-found", flow.Elsewhere)
}

func flowNotAllowed(t *testing.T, s *suite) {
	p := s.optional
	c, user := p.with(t, p.srpOnly), p.newUser(t)
	refusal(t, c, signIn(user), flow.CodeFlowNotEnabled, flow.Elsewhere)
	call := signIn(user)
	call.Flow = flow.SRP
	reply[flow.Tokens](t, c, call)
}

func lifetime(t *testing.T, s *suite) {
	p := s.optional
	if got := reply[flow.Tokens](t, p.with(t, p.public), signIn(p.newUser(t))).Lifetime; got != time.Hour {
		t.Errorf("the access token lives for %v, want 1h by default", got)
	}
}

// ---- NEW_PASSWORD_REQUIRED

func temporarySignIn(user string) flow.SignIn {
	return flow.SignIn{Flow: flow.Password, Username: user, Password: flow.NewSecret(temporary)}
}

func newPassword(t *testing.T, s *suite) {
	p := s.optional
	c, user := p.with(t, p.public), p.newTemporaryUser(t)
	asked := challenge(t, c, temporarySignIn(user), "NEW_PASSWORD_REQUIRED")
	reply[flow.Tokens](t, c, answer(asked, user, "NEW_PASSWORD", password))
	reply[flow.Tokens](t, c, signIn(user))
}

func passwordPolicy(t *testing.T, s *suite) {
	p := s.optional
	c, user := p.with(t, p.public), p.newTemporaryUser(t)
	asked := challenge(t, c, temporarySignIn(user), "NEW_PASSWORD_REQUIRED")
	refusal(t, c, answer(asked, user, "NEW_PASSWORD", "all lower"), "password-refused", flow.Retry)
	refusal(t, c, answer(asked, user, "NEW_PASSWORD", "Sh-1"), "password-refused", flow.Retry)
	reply[flow.Tokens](t, c, answer(asked, user, "NEW_PASSWORD", password))
}

func newPasswordThenSetup(t *testing.T, s *suite) {
	p := s.required
	c, user := p.with(t, p.public), p.newTemporaryUser(t)
	asked := challenge(t, c, temporarySignIn(user), "NEW_PASSWORD_REQUIRED")
	challenge(t, c, answer(asked, user, "NEW_PASSWORD", password), "MFA_SETUP")
}

func newPasswordWizard(t *testing.T, s *suite) {
	p := s.required
	enrols(t, p.with(t, p.public), &Person{Username: p.newTemporaryUser(t), Password: temporary, NewPassword: password, Now: s.Now, Mistypes: true})
}

// ---- app clients with a secret

func clientSecret(t *testing.T, s *suite) {
	p := s.optional
	if p.secret.secret.Empty() {
		t.Fatal("CreateUserPoolClient gave no secret")
	}
	c, user := p.with(t, p.secret), p.newTemporaryUser(t)
	asked := challenge(t, c, temporarySignIn(user), "NEW_PASSWORD_REQUIRED")
	reply[flow.Tokens](t, c, answer(asked, user, "NEW_PASSWORD", password))
}

func clientSecretMissing(t *testing.T, s *suite) {
	p := s.optional
	refusal(t, p.with(t, client{id: p.secret.id}), signIn(p.newUser(t)), "client-secret-missing", flow.Elsewhere)
}

func clientSecretWrong(t *testing.T, s *suite) {
	p := s.optional
	wrong := client{p.secret.id, flow.NewSecret("not0the0secret0of0this0client")}
	refusal(t, p.with(t, wrong), signIn(p.newUser(t)), "client-secret-wrong", flow.Elsewhere)
}

// ---- enrolling by Session

// setup signs a new user in as far as MFA_SETUP.
func setup(t *testing.T, p *pool) (*cognito.Client, string, flow.Challenge) {
	t.Helper()
	c, user := p.with(t, p.public), p.newUser(t)
	return c, user, challenge(t, c, signIn(user), "MFA_SETUP")
}

func associate(t *testing.T, c *cognito.Client, g flow.Grant) flow.Associated {
	t.Helper()
	got := reply[flow.Associated](t, c, flow.Associate{Grant: g})
	if len(got.Key.Reveal()) < 16 {
		t.Errorf("the key has %d characters, Cognito's have 16 or more", len(got.Key.Reveal()))
	}
	if got.Session.Empty() != g.Session.Empty() {
		t.Errorf("a Session came: %v, one was sent: %v", !got.Session.Empty(), !g.Session.Empty())
	}
	return got
}

func sessionPath(t *testing.T, s *suite) {
	c, user, asked := setup(t, s.required)
	got := associate(t, c, flow.Grant{Session: asked.Session})
	verified := reply[flow.Verified](t, c, flow.Verify{
		Grant: flow.Grant{Session: got.Session}, Code: flow.NewSecret(code(t, got.Key, s.Now())), Device: "A phone",
	})
	asked.Session = verified.Session
	tokens := reply[flow.Tokens](t, c, answer(asked, user, "", ""))
	listed(t, c, tokens)
	signsInWithCode(t, c, user, got.Key, s.Now().Add(step))
}

// listed wants the software token among the active factors. Whether it is the preferred one right
// after enrolling by Session is not documented.
func listed(t *testing.T, c *cognito.Client, tokens flow.Tokens) flow.Profile {
	t.Helper()
	p := reply[flow.Profile](t, c, flow.Status{AccessToken: tokens.AccessToken})
	if !slices.Contains(p.Factors, "SOFTWARE_TOKEN_MFA") {
		t.Errorf("GetUser lists the factors %q", p.Factors)
	}
	return p
}

func signsInWithCode(t *testing.T, c *cognito.Client, user string, key flow.Secret, at time.Time) {
	t.Helper()
	asked := challenge(t, c, signIn(user), "SOFTWARE_TOKEN_MFA")
	if got := asked.Params["FRIENDLY_DEVICE_NAME"]; got != "A phone" {
		t.Errorf("FRIENDLY_DEVICE_NAME is %q, want what VerifySoftwareToken was given", got)
	}
	refusal(t, c, answer(asked, user, "SOFTWARE_TOKEN_MFA_CODE", wrongCode(t, key, at)), flow.CodeMismatch, flow.Retry)
	reply[flow.Tokens](t, c, answer(asked, user, "SOFTWARE_TOKEN_MFA_CODE", code(t, key, at)))
}

func sessionWrongCode(t *testing.T, s *suite) {
	c, _, asked := setup(t, s.required)
	got := associate(t, c, flow.Grant{Session: asked.Session})
	verify := flow.Verify{Grant: flow.Grant{Session: got.Session}, Device: "A phone"}
	for range 2 {
		verify.Code = flow.NewSecret(wrongCode(t, got.Key, s.Now()))
		refusal(t, c, verify, flow.CodeMismatch, flow.Retry)
	}
	verify.Code = flow.NewSecret(code(t, got.Key, s.Now()))
	reply[flow.Verified](t, c, verify)
}

func sessionUsedTwice(t *testing.T, s *suite) {
	c, user, asked := setup(t, s.required)
	got := associate(t, c, flow.Grant{Session: asked.Session})
	verified := reply[flow.Verified](t, c, flow.Verify{
		Grant: flow.Grant{Session: got.Session}, Code: flow.NewSecret(code(t, got.Key, s.Now())), Device: "A phone",
	})
	asked.Session = verified.Session
	reply[flow.Tokens](t, c, answer(asked, user, "", ""))
	refusal(t, c, answer(asked, user, "", ""), "session-used", flow.Restart)
}

func sessionForeign(t *testing.T, s *suite) {
	c, user, asked := setup(t, s.required)
	asked.Session = flow.NewSecret("this is not a Session of anybody's sign-in")
	refusal(t, c, answer(asked, user, "", ""), "session-invalid", flow.Restart)
	refusal(t, c, flow.Associate{Grant: flow.Grant{Session: asked.Session}}, "session-invalid", flow.Restart)

	p := s.optional
	first, second := p.newTemporaryUser(t), p.newTemporaryUser(t)
	c = p.with(t, p.public)
	mine := challenge(t, c, temporarySignIn(first), "NEW_PASSWORD_REQUIRED")
	theirs := challenge(t, c, temporarySignIn(second), "NEW_PASSWORD_REQUIRED")
	mine.Session = theirs.Session
	refusal(t, c, answer(mine, first, "NEW_PASSWORD", password), "session-invalid", flow.Restart)
}

// sessionOfAnotherSignIn: only Associate's Session knows the key (amplify-js#6461).
func sessionOfAnotherSignIn(t *testing.T, s *suite) {
	c, user, asked := setup(t, s.required)
	got := associate(t, c, flow.Grant{Session: asked.Session})
	again := challenge(t, c, signIn(user), "MFA_SETUP")
	refusal(t, c, flow.Verify{
		Grant: flow.Grant{Session: again.Session}, Code: flow.NewSecret(code(t, got.Key, s.Now())), Device: "A phone",
	}, "session-invalid", flow.Restart)
}

// sessionNotVerified: MFA_SETUP cannot be answered without an authenticator. Which error says so is
// not documented.
func sessionNotVerified(t *testing.T, s *suite) {
	c, user, asked := setup(t, s.required)
	if e, ok := c.Do(t.Context(), answer(asked, user, "", "")).(flow.Reply); ok {
		t.Errorf("MFA_SETUP was answered with a %T before VerifySoftwareToken", e.Result)
	}
}

func sessionWizard(t *testing.T, s *suite) {
	p := s.required
	enrols(t, p.with(t, p.secret), &Person{Username: p.newUser(t), Password: password, Now: s.Now, Mistypes: true})
}

// ---- enrolling by access token

func token(t *testing.T, p *pool) (*cognito.Client, string, flow.Tokens) {
	t.Helper()
	c, user := p.with(t, p.public), p.newUser(t)
	return c, user, reply[flow.Tokens](t, c, signIn(user))
}

func tokenPath(t *testing.T, s *suite) {
	c, user, tokens := token(t, s.optional)
	if p := reply[flow.Profile](t, c, flow.Status{AccessToken: tokens.AccessToken}); len(p.Factors) != 0 || p.Preferred != "" {
		t.Errorf("a new user has the factors %q, preferred %q", p.Factors, p.Preferred)
	}
	key := enrolByToken(t, s, c, tokens)
	if p := listed(t, c, tokens); p.Preferred != "SOFTWARE_TOKEN_MFA" {
		t.Errorf("the preferred factor is %q", p.Preferred)
	}
	signsInWithCode(t, c, user, key, s.Now().Add(step))
}

func enrolByToken(t *testing.T, s *suite, c *cognito.Client, tokens flow.Tokens) (key flow.Secret) {
	t.Helper()
	g := flow.Grant{AccessToken: tokens.AccessToken}
	key = associate(t, c, g).Key
	reply[flow.Verified](t, c, flow.Verify{Grant: g, Code: flow.NewSecret(code(t, key, s.Now())), Device: "A phone"})
	reply[flow.Accepted](t, c, flow.Prefer{AccessToken: tokens.AccessToken})
	return key
}

func tokenWrongCode(t *testing.T, s *suite) {
	c, _, tokens := token(t, s.optional)
	g := flow.Grant{AccessToken: tokens.AccessToken}
	key := associate(t, c, g).Key
	refusal(t, c, flow.Verify{Grant: g, Code: flow.NewSecret(wrongCode(t, key, s.Now())), Device: "A phone"}, flow.CodeMismatch, flow.Retry)
	reply[flow.Verified](t, c, flow.Verify{Grant: g, Code: flow.NewSecret(code(t, key, s.Now())), Device: "A phone"})
}

func replayedCode(t *testing.T, s *suite) {
	c, user, tokens := token(t, s.optional)
	g := flow.Grant{AccessToken: tokens.AccessToken}
	key := associate(t, c, g).Key
	used := code(t, key, s.Now())
	reply[flow.Verified](t, c, flow.Verify{Grant: g, Code: flow.NewSecret(used), Device: "A phone"})
	reply[flow.Accepted](t, c, flow.Prefer{AccessToken: tokens.AccessToken})
	asked := challenge(t, c, signIn(user), "SOFTWARE_TOKEN_MFA")
	refusal(t, c, answer(asked, user, "SOFTWARE_TOKEN_MFA_CODE", used), "code-used", flow.Retry)
}

func codeForm(t *testing.T, s *suite) {
	c, _, tokens := token(t, s.optional)
	g := flow.Grant{AccessToken: tokens.AccessToken}
	associate(t, c, g)
	for _, bad := range []string{"12345", "1234567", "Aaaaaa"} {
		refusal(t, c, flow.Verify{Grant: g, Code: flow.NewSecret(bad), Device: "A phone"}, flow.CodeInvalidInput, flow.Retry)
	}
}

func preferenceFirst(t *testing.T, s *suite) {
	c, _, tokens := token(t, s.optional)
	refusal(t, c, flow.Prefer{AccessToken: tokens.AccessToken}, "totp-not-set-up", flow.Restart)
	associate(t, c, flow.Grant{AccessToken: tokens.AccessToken})
	refusal(t, c, flow.Prefer{AccessToken: tokens.AccessToken}, "totp-not-set-up", flow.Restart)
}

func tokenInvalid(t *testing.T, s *suite) {
	c := s.optional.with(t, s.optional.public)
	junk := flow.NewSecret("this-is.not-an-access.token")
	refusal(t, c, flow.Status{AccessToken: junk}, "token-invalid", flow.Restart)
	refusal(t, c, flow.Associate{Grant: flow.Grant{AccessToken: junk}}, "token-invalid", flow.Restart)
}

func bothGrants(t *testing.T, s *suite) {
	c, _, tokens := token(t, s.optional)
	both := flow.Grant{AccessToken: tokens.AccessToken, Session: flow.NewSecret("a Session that nobody has given")}
	if e, ok := c.Do(t.Context(), flow.Associate{Grant: both}).(flow.Reply); ok {
		t.Errorf("AssociateSoftwareToken took an access token and a Session, and answered a %T", e.Result)
	}
}

func tokenWizard(t *testing.T, s *suite) {
	p := s.optional
	enrols(t, p.with(t, p.public), &Person{Username: p.newUser(t), Password: password, Now: s.Now, Mistypes: true})
}

// enrols wants p to end with an authenticator that is in use, a wrong code on the way.
func enrols(t *testing.T, c *cognito.Client, p *Person) {
	t.Helper()
	end, asked := p.Run(t, c)
	if end.Problem != nil {
		t.Fatalf("after %q the run stopped: %s (%s)", asked, end.Problem.Msg, end.Problem.Code)
	}
	if !end.Summary.New || !slices.Contains(end.Summary.Factors, "SOFTWARE_TOKEN_MFA") || end.Summary.Preferred != "SOFTWARE_TOKEN_MFA" {
		t.Errorf("after %q the summary is %+v", asked, *end.Summary)
	}
	if n := slices.Index(asked, "scan"); n < 0 || !slices.Equal(asked[n:], []string{"scan", "scan", "scan"}) {
		t.Errorf("the questions were %q, want scan at the end: doubted, refused, accepted", asked)
	}
}
