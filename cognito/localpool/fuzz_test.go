package localpool

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// FuzzRequest sends any body to any operation of a pool in use. It must be answered
// with JSON and a status of Cognito's, never with 500.
func FuzzRequest(f *testing.F) {
	r := newRig(f, Options{})
	r.seed(f, PoolSeed{ID: "us-east-1_Demo12345", Name: "on", MFA: "ON", UsernameAttributes: []string{"email"},
		Clients: []ClientSeed{{ID: "c"}, {ID: "d", Secret: "s"}},
		Users:   []UserSeed{{Username: "a@example.com", Password: "Correct-Horse-9", Status: "FORCE_CHANGE_PASSWORD"}}},
		PoolSeed{ID: "us-east-1_Mail12345", Name: "mail", MFA: "ON", Factors: []string{"EMAIL_OTP"},
			Clients: []ClientSeed{{ID: "m"}}, Users: []UserSeed{{Username: "ann", Password: "Correct-Horse-9"}}},
		PoolSeed{ID: "us-east-1_Demo67890", Name: "optional", MFA: "OPTIONAL",
			FirstFactors: []string{"PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"},
			Question:     &QuestionSeed{Answer: "42"}, Clients: []ClientSeed{{ID: "e"}, {ID: "u",
				AuthFlows: []string{"ALLOW_USER_AUTH", "ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"}}},
			Users: []UserSeed{{Username: "bob", Password: "Correct-Horse-9", TOTP: &TOTPSeed{}},
				{Username: "eve", Password: "Correct-Horse-9"}}})
	signIn := func(client, username string) *authOutput {
		out, err := r.initiateAuth(initiateAuthInput{ClientId: client, AuthFlow: "USER_PASSWORD_AUTH",
			AuthParameters: params{"USERNAME": username, "PASSWORD": "Correct-Horse-9"}})
		if err != nil {
			f.Fatal(err)
		}
		return out
	}
	choice, err := r.initiateAuth(initiateAuthInput{ClientId: "u", AuthFlow: "USER_AUTH",
		AuthParameters: params{"USERNAME": "eve"}})
	if err != nil {
		f.Fatal(err)
	}
	// A fuzzer does not guess these: in its requests they are short words.
	known := strings.NewReplacer(
		"$NEWPASSWORD", signIn("c", "a@example.com").Session, "$MFA", signIn("e", "bob").Session, "$SETUP",
		signIn("m", "ann").Session, "$CHOICE", choice.Session,
		"$TOKEN", signIn("e", "eve").AuthenticationResult.AccessToken, "$REFRESH",
		signIn("e", "eve").AuthenticationResult.RefreshToken)

	names := slices.Sorted(maps.Keys(r.operations))
	for i := range names {
		for _, body := range []string{
			``, `null`, `[]`, `{}`, `{"UserPoolId":"us-east-1_Demo12345","ClientId":"c","Username":"a@example.com"}`,
			`{"AccessToken":"$TOKEN","SoftwareTokenMfaSettings":{}}`, `{"AccessToken":"$TOKEN","UserCode":"000000"}`,
			`{"ClientId":"e","AuthFlow":"REFRESH_TOKEN_AUTH","AuthParameters":{"REFRESH_TOKEN":"$REFRESH"}}`,
			`{"ClientId":"e","AuthFlow":"USER_SRP_AUTH","AuthParameters":{"USERNAME":"bob","SRP_A":"3"}}`,
			`{"ClientId":"c","ChallengeName":"NEW_PASSWORD_REQUIRED","Session":"$NEWPASSWORD","ChallengeResponses":{"USERNAME":"a@example.com","NEW_PASSWORD":"x"}}`,
			`{"ClientId":"e","ChallengeName":"SOFTWARE_TOKEN_MFA","Session":"$MFA","ChallengeResponses":{"USERNAME":"bob","SOFTWARE_TOKEN_MFA_CODE":"000000"}}`,
			`{"UserPoolId":"us-east-1_Demo12345","Filter":"email ^= \"a\"","Limit":1,"PaginationToken":"MQ"}`,
			`{"MaxResults":1,"NextToken":"MQ"}`,
			`{"ClientId":"m","ChallengeName":"MFA_SETUP","Session":"$SETUP","ChallengeResponses":{"USERNAME":"ann","EMAIL":"@."}}`,
			`{"AccessToken":"$TOKEN","SMSMfaSettings":{"Enabled":true},"EmailMfaSettings":{"PreferredMfa":true}}`,
			`{"ClientId":"u","AuthFlow":"USER_AUTH","AuthParameters":{"USERNAME":"no one","PREFERRED_CHALLENGE":"SMS_OTP"}}`,
			`{"ClientId":"u","AuthFlow":"CUSTOM_AUTH","AuthParameters":{"USERNAME":"eve","CHALLENGE_NAME":"SRP_A","SRP_A":"3"}}`,
			`{"ClientId":"u","ChallengeName":"SELECT_CHALLENGE","Session":"$CHOICE","ChallengeResponses":{"USERNAME":"eve","ANSWER":"PASSWORD_SRP","SRP_A":"3"}}`,
			`{"AccessToken":"$TOKEN","DeviceKey":"x","DeviceSecretVerifierConfig":{"PasswordVerifier":"AQ==","Salt":"AQ=="}}`,
			`{"ClientId":"e","Username":"carl","Password":"Correct-Horse-9","UserAttributes":[{"Name":"email","Value":"@"}]}`,
			`{"ClientId":"d","Username":"a@example.com","SecretHash":"x","ConfirmationCode":"000000","Password":"Correct-Horse-9"}`,
		} {
			f.Add(i, body)
		}
	}
	f.Fuzz(func(t *testing.T, operation int, body string) {
		name := names[uint(operation)%uint(len(names))]
		req := httptest.NewRequest("POST", "/", strings.NewReader(known.Replace(body)))
		req.Header.Set("X-Amz-Target", "AWSCognitoIdentityProviderService."+name)
		req.Header.Set("Authorization", signature)
		w := httptest.NewRecorder()
		r.ServeHTTP(w, req)
		if w.Code != http.StatusOK && w.Code != http.StatusBadRequest && w.Code != http.StatusRequestEntityTooLarge {
			t.Errorf("%s: status %d", name, w.Code)
		}
		if !strings.HasPrefix(w.Body.String(), "{") {
			t.Errorf("%s: the answer is no JSON object", name)
		}
	})
}
