package pooltest

import (
	"slices"
	"testing"
	"time"

	"cognito-enroll/cognito"
	"cognito-enroll/flow"
)

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
	signsInWithCode(t, c, user, got.Key, s.Now().Add(flow.Period))
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

func token(t *testing.T, p *pool) (*cognito.Client, string, flow.Tokens) {
	t.Helper()
	c, user := p.with(t, p.public), p.newUser(t)
	return c, user, reply[flow.Tokens](t, c, signIn(user))
}

func tokenPath(t *testing.T, s *suite) {
	c, user, tokens := token(t, s.optional)
	if p := reply[flow.Profile](t, c, flow.Status{AccessToken: tokens.AccessToken}); len(p.Factors) != 0 ||
		p.Preferred != "" {
		t.Errorf("a new user has the factors %q, preferred %q", p.Factors, p.Preferred)
	}
	key := enrolByToken(t, s, c, tokens)
	if p := listed(t, c, tokens); p.Preferred != "SOFTWARE_TOKEN_MFA" {
		t.Errorf("the preferred factor is %q", p.Preferred)
	}
	signsInWithCode(t, c, user, key, s.Now().Add(flow.Period))
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
	refusal(t, c, flow.Verify{Grant: g, Code: flow.NewSecret(wrongCode(t, key, s.Now())), Device: "A phone"},
		flow.CodeMismatch, flow.Retry)
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

// enrolls wants p to end with an authenticator that is in use, a wrong code on the way.
func enrols(t *testing.T, c *cognito.Client, p *Person) {
	t.Helper()
	end, asked := p.Run(t, c)
	if end.Problem != nil {
		t.Fatalf("after %q the run stopped: %s (%s)", asked, end.Problem.Msg, end.Problem.Code)
	}
	if !end.Summary.New || !slices.Contains(end.Summary.Factors, "SOFTWARE_TOKEN_MFA") ||
		end.Summary.Preferred != "SOFTWARE_TOKEN_MFA" {
		t.Errorf("after %q the summary is %+v", asked, *end.Summary)
	}
	if n := slices.Index(asked, "scan"); n < 0 || !slices.Equal(asked[n:], []string{"scan", "scan", "scan"}) {
		t.Errorf("the questions were %q, want scan at the end: uncertain, refused, accepted", asked)
	}
}
