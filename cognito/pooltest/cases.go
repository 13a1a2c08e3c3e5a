package pooltest

import (
	"testing"

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
	{"sign-in/admin", admin},
	{"sign-in/access token's lifetime", lifetime},
	{"new password/choose", newPassword},
	{"new password/policy", passwordPolicy},
	{"new password/then mfa setup", newPasswordThenSetup},
	{"new password/wizard", newPasswordWizard},
	{"client secret/given", clientSecret},
	{"client secret/missing", clientSecretMissing},
	{"client secret/wrong", clientSecretWrong},
	{"session/enroll", sessionPath},
	{"session/wrong code", sessionWrongCode},
	{"session/used twice", sessionUsedTwice},
	{"session/foreign", sessionForeign},
	{"session/of another sign-in", sessionOfAnotherSignIn},
	{"session/not verified", sessionNotVerified},
	{"session/wizard", sessionWizard},
	{"access token/enroll", tokenPath},
	{"access token/wrong code", tokenWrongCode},
	{"access token/replayed code", replayedCode},
	{"access token/code's form", codeForm},
	{"access token/preference first", preferenceFirst},
	{"access token/invalid", tokenInvalid},
	{"access token/both grants", bothGrants},
	{"access token/wizard", tokenWizard},
	{"access token/status", tokenStatus},
	{"enrolled/leave", leaves},
	{"enrolled/test", tests},
	{"enrolled/replace", replaces},
	{"enrolled/turn off", turnsOff},
	{"enrolled/turn off where required", turnsOffInVain},
	{"factors/sms first", smsFirst},
	{"factors/choose", chooseFactor},
	{"factors/app or mail", appOrMail},
	{"factors/mail", mail},
	{"choice/password", choicePassword},
	{"choice/mail", choiceMail},
	{"choice/preferred", choicePreferred},
	{"choice/not allowed", choiceNotAllowed},
	{"custom/no trigger", noTrigger},
	{"account/password reset", passwordReset},
	{"account/sign-up not confirmed", signUp},
	{"account/disabled", disabled},
	{"list/pools", listsPools},
	{"list/pages of pools", pagesOfPools},
	{"list/clients", listsClients},
	{"list/pages of clients", pagesOfClients},
	{"list/limits", listLimits},
	{"list/unsigned", listUnsigned},
	{"admin/groups", groups},
	{"admin/attributes", changesAttributes},
	{"admin/unknown attribute", unknownAttribute},
	{"admin/delete user", deletesUser},
	{"admin/change password", changesPassword},
	{"admin/delete pool", deletesPool},
	{"admin/change pool", changesPool},
	{"admin/change client", changesClient},
	{"admin/custom attribute", customAttribute},
	{"admin/alias of another", aliasOfAnother},
	{"tokens/refresh", refreshes},
	{"tokens/rotate", rotates},
	{"own/attributes", ownAttributes},
	{"own/verify address", verifiesAddress},
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
