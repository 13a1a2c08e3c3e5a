package cognito

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"cognito-enroll/cognito/srp"
	"cognito-enroll/flow"
)

// sent is a request as a test wants to see it.
type sent struct {
	operation string
	body      map[string]any
}

func read(t testing.TB, r *http.Request) sent {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	operation, _ := strings.CutPrefix(r.Header.Get("X-Amz-Target"), "AWSCognitoIdentityProviderService.")
	return sent{operation, object(t, string(body))}
}

func object(t testing.TB, text string) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// The SECRET_HASHes were made with openssl dgst -sha256 -hmac.
func TestCalls(t *testing.T) {
	for _, tc := range []struct {
		call      string
		operation string
		body      string
		answer    string
		want      flow.Result
	}{
		{"SignIn", "InitiateAuth",
			`{"AuthFlow": "USER_PASSWORD_AUTH", "ClientId": "3n4b5urk1ft4fl3mg5e62d9ado", "AuthParameters": {
				"USERNAME": "alice@example.com", "PASSWORD": "the-Password-1",
				"SECRET_HASH": "W24Odv7kGtSG8FD2stfGtqAlgE7ojVy0b5tvYasl3/8="}}`,
			`{"AuthenticationResult": {"AccessToken": "T", "ExpiresIn": 300, "TokenType": "Bearer", "RefreshToken": "R", "IdToken": "I"}, "ChallengeParameters": {}}`,
			flow.Tokens{AccessToken: flow.NewSecret("T"), Lifetime: 5 * time.Minute}},
		{"SignInChoice", "InitiateAuth",
			`{"AuthFlow": "USER_AUTH", "ClientId": "3n4b5urk1ft4fl3mg5e62d9ado", "AuthParameters": {
				"USERNAME": "alice@example.com", "SECRET_HASH": "W24Odv7kGtSG8FD2stfGtqAlgE7ojVy0b5tvYasl3/8="}}`,
			`{"ChallengeName": "SELECT_CHALLENGE", "Session": "S1", "ChallengeParameters": {}, "AvailableChallenges": ["EMAIL_OTP", "PASSWORD_SRP"]}`,
			flow.Challenge{Name: "SELECT_CHALLENGE", Session: flow.NewSecret("S1"), Params: map[string]string{},
				Available: []string{"EMAIL_OTP", "PASSWORD_SRP"}}},
		{"SignInPreferring", "InitiateAuth",
			`{"AuthFlow": "USER_AUTH", "ClientId": "3n4b5urk1ft4fl3mg5e62d9ado", "AuthParameters": {
				"USERNAME": "alice@example.com", "PREFERRED_CHALLENGE": "EMAIL_OTP", "SECRET_HASH": "W24Odv7kGtSG8FD2stfGtqAlgE7ojVy0b5tvYasl3/8="}}`,
			`{"ChallengeName": "EMAIL_OTP", "Session": "S1"}`,
			flow.Challenge{Name: "EMAIL_OTP", Session: flow.NewSecret("S1")}},
		{"SignInCustom", "InitiateAuth",
			`{"AuthFlow": "CUSTOM_AUTH", "ClientId": "3n4b5urk1ft4fl3mg5e62d9ado", "AuthParameters": {
				"USERNAME": "alice@example.com", "SECRET_HASH": "W24Odv7kGtSG8FD2stfGtqAlgE7ojVy0b5tvYasl3/8="}}`,
			`{"ChallengeName": "CUSTOM_CHALLENGE", "Session": "S1", "ChallengeParameters": {"question": "Which colour?"}}`,
			flow.Challenge{Name: "CUSTOM_CHALLENGE", Session: flow.NewSecret("S1"),
				Params: map[string]string{"question": "Which colour?"}}},
		{"SignInAdmin", "AdminInitiateAuth",
			`{"AuthFlow": "ADMIN_USER_PASSWORD_AUTH", "UserPoolId": "us-east-1_AbCdEf123", "ClientId": "3n4b5urk1ft4fl3mg5e62d9ado", "AuthParameters": {
				"USERNAME": "alice@example.com", "PASSWORD": "the-Password-1", "SECRET_HASH": "W24Odv7kGtSG8FD2stfGtqAlgE7ojVy0b5tvYasl3/8="}}`,
			`{"ChallengeName": "SELECT_CHALLENGE", "Session": "S1", "AvailableChallenges": ["PASSWORD"]}`,
			flow.Challenge{Name: "SELECT_CHALLENGE", Session: flow.NewSecret("S1"), Available: []string{"PASSWORD"}}},
		{"AdminSOFTWARE_TOKEN_MFA", "AdminRespondToAuthChallenge",
			`{"ChallengeName": "SOFTWARE_TOKEN_MFA", "UserPoolId": "us-east-1_AbCdEf123", "ClientId": "3n4b5urk1ft4fl3mg5e62d9ado", "Session": "the-Session-of-twenty-characters-3", "ChallengeResponses": {
				"USERNAME": "u-1", "SOFTWARE_TOKEN_MFA_CODE": "987654", "SECRET_HASH": "q70e3GKirSQFVf/DsyZJx2FwBB9UoiXwG0gpkYiUWFM="}}`,
			`{"AuthenticationResult": {"AccessToken": "T", "ExpiresIn": 3600}}`,
			flow.Tokens{AccessToken: flow.NewSecret("T"), Lifetime: time.Hour}},
		{"SELECT_CHALLENGE", "RespondToAuthChallenge",
			`{"ChallengeName": "SELECT_CHALLENGE", "ClientId": "3n4b5urk1ft4fl3mg5e62d9ado", "Session": "the-Session-of-twenty-characters-3", "ChallengeResponses": {
				"USERNAME": "u-1", "ANSWER": "EMAIL_OTP", "SECRET_HASH": "q70e3GKirSQFVf/DsyZJx2FwBB9UoiXwG0gpkYiUWFM="}}`,
			`{"ChallengeName": "EMAIL_OTP", "Session": "S2"}`,
			flow.Challenge{Name: "EMAIL_OTP", Session: flow.NewSecret("S2")}},
		{"PASSWORD", "RespondToAuthChallenge",
			`{"ChallengeName": "PASSWORD", "ClientId": "3n4b5urk1ft4fl3mg5e62d9ado", "Session": "the-Session-of-twenty-characters-3", "ChallengeResponses": {
				"USERNAME": "u-1", "PASSWORD": "the-Password-1", "SECRET_HASH": "q70e3GKirSQFVf/DsyZJx2FwBB9UoiXwG0gpkYiUWFM="}}`,
			`{"AuthenticationResult": {"AccessToken": "T", "ExpiresIn": 3600}}`,
			flow.Tokens{AccessToken: flow.NewSecret("T"), Lifetime: time.Hour}},
		{"NEW_PASSWORD_REQUIRED", "RespondToAuthChallenge",
			`{"ChallengeName": "NEW_PASSWORD_REQUIRED", "ClientId": "3n4b5urk1ft4fl3mg5e62d9ado", "Session": "the-Session-of-twenty-characters-3", "ChallengeResponses": {
				"USERNAME": "u-1", "NEW_PASSWORD": "the-New-Password-2", "userAttributes.name": "Alice",
				"SECRET_HASH": "q70e3GKirSQFVf/DsyZJx2FwBB9UoiXwG0gpkYiUWFM="}}`,
			`{"ChallengeName": "MFA_SETUP", "Session": "S1", "ChallengeParameters": {"MFAS_CAN_SETUP": "[\"SOFTWARE_TOKEN_MFA\"]"}}`,
			flow.Challenge{Name: "MFA_SETUP", Session: flow.NewSecret("S1"),
				Params: map[string]string{"MFAS_CAN_SETUP": `["SOFTWARE_TOKEN_MFA"]`}}},
		{"MFA_SETUP", "RespondToAuthChallenge",
			`{"ChallengeName": "MFA_SETUP", "ClientId": "3n4b5urk1ft4fl3mg5e62d9ado", "Session": "the-Session-of-twenty-characters-3", "ChallengeResponses": {
				"USERNAME": "u-1", "SECRET_HASH": "q70e3GKirSQFVf/DsyZJx2FwBB9UoiXwG0gpkYiUWFM="}}`,
			`{"AuthenticationResult": {"AccessToken": "T"}}`, // cognito-local sends no ExpiresIn
			flow.Tokens{AccessToken: flow.NewSecret("T")}},
		{"Associate", "AssociateSoftwareToken",
			`{"Session": "the-Session-of-twenty-characters-3"}`,
			`{"SecretCode": "K", "Session": "S2"}`,
			flow.Associated{Key: flow.NewSecret("K"), Session: flow.NewSecret("S2")}},
		{"AssociateByToken", "AssociateSoftwareToken",
			`{"AccessToken": "the.Access.Token-4"}`,
			`{"SecretCode": "K"}`,
			flow.Associated{Key: flow.NewSecret("K")}},
		{"Verify", "VerifySoftwareToken",
			`{"Session": "the-Session-of-twenty-characters-3", "UserCode": "987654", "FriendlyDeviceName": "A phone"}`,
			`{"Status": "SUCCESS", "Session": "S3"}`,
			flow.Verified{Session: flow.NewSecret("S3")}},
		{"VerifyByToken", "VerifySoftwareToken",
			`{"AccessToken": "the.Access.Token-4", "UserCode": "987654", "FriendlyDeviceName": "A phone"}`,
			`{"Status": "SUCCESS"}`,
			flow.Verified{}},
		{"Prefer", "SetUserMFAPreference",
			`{"AccessToken": "the.Access.Token-4", "SoftwareTokenMfaSettings": {"Enabled": true, "PreferredMfa": true}}`,
			`{}`,
			flow.Accepted{}},
		{"Disable", "SetUserMFAPreference",
			`{"AccessToken": "the.Access.Token-4", "SoftwareTokenMfaSettings": {}}`,
			`{}`,
			flow.Accepted{}},
		{"Forgot", "ForgotPassword",
			`{"ClientId": "3n4b5urk1ft4fl3mg5e62d9ado", "Username": "alice@example.com", "SecretHash": "W24Odv7kGtSG8FD2stfGtqAlgE7ojVy0b5tvYasl3/8="}`,
			`{"CodeDeliveryDetails": {"AttributeName": "email", "DeliveryMedium": "EMAIL", "Destination": "a***@e***"}}`,
			flow.Delivered{Medium: "EMAIL", Destination: "a***@e***"}},
		{"Forgot", "ForgotPassword",
			`{"ClientId": "3n4b5urk1ft4fl3mg5e62d9ado", "Username": "alice@example.com", "SecretHash": "W24Odv7kGtSG8FD2stfGtqAlgE7ojVy0b5tvYasl3/8="}`,
			`{}`,
			flow.Delivered{}},
		{"Reset", "ConfirmForgotPassword",
			`{"ClientId": "3n4b5urk1ft4fl3mg5e62d9ado", "Username": "alice@example.com", "SecretHash": "W24Odv7kGtSG8FD2stfGtqAlgE7ojVy0b5tvYasl3/8=", "ConfirmationCode": "86420975", "Password": "the-New-Password-2"}`,
			`{}`,
			flow.Accepted{}},
		{"Resend", "ResendConfirmationCode",
			`{"ClientId": "3n4b5urk1ft4fl3mg5e62d9ado", "Username": "alice@example.com", "SecretHash": "W24Odv7kGtSG8FD2stfGtqAlgE7ojVy0b5tvYasl3/8="}`,
			`{"CodeDeliveryDetails": {"AttributeName": "phone_number", "DeliveryMedium": "SMS", "Destination": "+*******1234"}}`,
			flow.Delivered{Medium: "SMS", Destination: "+*******1234"}},
		{"Confirm", "ConfirmSignUp",
			`{"ClientId": "3n4b5urk1ft4fl3mg5e62d9ado", "Username": "alice@example.com", "SecretHash": "W24Odv7kGtSG8FD2stfGtqAlgE7ojVy0b5tvYasl3/8=", "ConfirmationCode": "86420975"}`,
			`{}`,
			flow.Accepted{}},
		{"Status", "GetUser",
			`{"AccessToken": "the.Access.Token-4"}`,
			`{"Username": "u-1", "UserAttributes": [], "UserMFASettingList": ["SMS_MFA", "SOFTWARE_TOKEN_MFA"], "PreferredMfaSetting": "SMS_MFA"}`,
			flow.Profile{Username: "u-1", Pool: "us-east-1_AbCdEf123", Factors: []string{"SMS_MFA", "SOFTWARE_TOKEN_MFA"},
				Preferred: "SMS_MFA"}},
		{"Status", "GetUser",
			`{"AccessToken": "the.Access.Token-4"}`,
			`{"Username": "u-1", "UserAttributes": []}`,
			flow.Profile{Username: "u-1", Pool: "us-east-1_AbCdEf123"}},
	} {
		t.Run(tc.call, func(t *testing.T) {
			c := newClient(t, func(r *http.Request) (*http.Response, error) {
				if diff := cmp.Diff(sent{tc.operation, object(t, tc.body)}, read(t, r), cmp.AllowUnexported(sent{})); diff != "" {
					t.Errorf("the request (-want +got):\n%s", diff)
				}
				signature, admin := r.Header.Get("Authorization"), strings.HasPrefix(tc.operation, "Admin")
				if r.URL.String() != "https://cognito-idp.us-east-1.amazonaws.com/" ||
					admin != strings.Contains(signature, "Credential=AKIDEXAMPLE/") || !admin && signature != "" {
					t.Errorf("the request goes to %s, signed %q", r.URL, signature)
				}
				// AWS WAF's NoUserAgent_HEADER refuses a request without it.
				if !strings.Contains(r.UserAgent(), "cognito-enroll") {
					t.Errorf("the User-Agent is %q", r.UserAgent())
				}
				return respondWith(http.StatusOK, nil, tc.answer), nil
			})
			want := flow.Reply{Result: tc.want, At: c.config.Now()}
			if diff := cmp.Diff(flow.Event(want), c.Do(t.Context(), calls[tc.call]),
				cmp.Comparer(func(a, b flow.Secret) bool { return a == b })); diff != "" {
				t.Errorf("the event (-want +got):\n%s", diff)
			}
		})
	}
}

// TestNoSecretHash: a client without a secret sends none.
func TestNoSecretHash(t *testing.T) {
	c := newClient(t, func(r *http.Request) (*http.Response, error) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(body, []byte("HASH")) {
			t.Errorf("%s sends a SECRET_HASH", r.Header.Get("X-Amz-Target"))
		}
		return respondWith(http.StatusOK, nil, `{}`), nil
	})
	c.config.ClientSecret = flow.Secret{}
	for _, call := range calls {
		c.Do(t.Context(), call)
	}
}

// TestSRP: in every sign-in that proves a password, who typed an alias is known by USER_ID_FOR_SRP from
// PASSWORD_VERIFIER on, in the proof, in USERNAME, in SECRET_HASH and in what follows.
func TestSRP(t *testing.T) {
	const (
		userID, block = "11111111-2222-4333-8444-555555555555", "SJShlnqjR2V6mcS7pKIV0JB/2zTpNm0FdlbobP0MOX4="
		timestamp     = "Tue Feb 3 04:05:06 UTC 2026"
		hashOfAlias   = "W24Odv7kGtSG8FD2stfGtqAlgE7ojVy0b5tvYasl3/8="
		hashOfU1      = "q70e3GKirSQFVf/DsyZJx2FwBB9UoiXwG0gpkYiUWFM="
	)
	for _, tc := range []struct {
		call  string
		first string // the operation and the body that bring SRP_A, without that
		then  string
	}{
		{"SignInSRP", `InitiateAuth {"AuthFlow": "USER_SRP_AUTH", "AuthParameters": {
			"USERNAME": "alice@example.com", "SECRET_HASH": "` + hashOfAlias + `"}}`, "RespondToAuthChallenge"},
		{"SignInChoiceSRP", `InitiateAuth {"AuthFlow": "USER_AUTH", "AuthParameters": {
			"USERNAME": "alice@example.com", "PREFERRED_CHALLENGE": "PASSWORD_SRP", "SECRET_HASH": "` + hashOfAlias + `"}}`, "RespondToAuthChallenge"},
		{"SignInCustomSRP", `InitiateAuth {"AuthFlow": "CUSTOM_AUTH", "AuthParameters": {
			"USERNAME": "alice@example.com", "CHALLENGE_NAME": "SRP_A", "SECRET_HASH": "` + hashOfAlias + `"}}`, "RespondToAuthChallenge"},
		{"PASSWORD_SRP", `RespondToAuthChallenge {"ChallengeName": "PASSWORD_SRP", "Session": "the-Session-of-twenty-characters-3", "ChallengeResponses": {
			"USERNAME": "u-1", "SECRET_HASH": "` + hashOfU1 + `"}}`, "RespondToAuthChallenge"},
		{"SELECT_CHALLENGESRP", `RespondToAuthChallenge {"ChallengeName": "SELECT_CHALLENGE", "Session": "the-Session-of-twenty-characters-3", "ChallengeResponses": {
			"USERNAME": "u-1", "ANSWER": "PASSWORD_SRP", "SECRET_HASH": "` + hashOfU1 + `"}}`, "RespondToAuthChallenge"},
		{"AdminPASSWORD_SRP", `AdminRespondToAuthChallenge {"ChallengeName": "PASSWORD_SRP", "UserPoolId": "us-east-1_AbCdEf123", "Session": "the-Session-of-twenty-characters-3", "ChallengeResponses": {
			"USERNAME": "u-1", "SECRET_HASH": "` + hashOfU1 + `"}}`, "AdminRespondToAuthChallenge"},
	} {
		t.Run(tc.call, func(t *testing.T) {
			var requests []sent
			var server *srp.Server
			c := newClient(t, func(r *http.Request) (*http.Response, error) {
				got := read(t, r)
				requests = append(requests, got)
				if len(requests) == 2 {
					return respondWith(http.StatusOK, nil, `{"ChallengeName": "CUSTOM_CHALLENGE", "Session": "S1"}`), nil
				}
				verifier, err := srp.NewVerifier(ones{}, "AbCdEf123", userID, thePassword.Reveal())
				if err != nil {
					t.Fatal(err)
				}
				if server, err = srp.NewServer(ones{}, verifier, takeA(got.body)); err != nil {
					t.Fatal(err)
				}
				answer, err := json.Marshal(map[string]any{"ChallengeName": "PASSWORD_VERIFIER", "Session": "S0",
					"ChallengeParameters": map[string]string{
						"USER_ID_FOR_SRP": userID, "USERNAME": userID, "SALT": server.Salt(), "SRP_B": server.B(), "SECRET_BLOCK": block,
					}})
				if err != nil {
					t.Fatal(err)
				}
				return respondWith(http.StatusOK, nil, string(answer)), nil
			})
			event := c.Do(t.Context(), calls[tc.call])

			want := flow.Reply{At: c.config.Now(), Result: flow.Challenge{
				Name: "CUSTOM_CHALLENGE", Session: flow.NewSecret("S1"), Params: map[string]string{"USER_ID_FOR_SRP": userID},
			}}
			if diff := cmp.Diff(flow.Event(want), event, cmp.Comparer(func(a,
				b flow.Secret) bool {
				return a == b
			})); diff != "" {
				t.Fatalf("the event (-want +got):\n%s", diff)
			}
			proof := requests[1].body["ChallengeResponses"].(map[string]any)
			signature, _ := proof["PASSWORD_CLAIM_SIGNATURE"].(string)
			if !server.Verify("AbCdEf123", userID, block, timestamp, signature) {
				t.Error("the server half refuses the signature")
			}
			operation, body, _ := strings.Cut(tc.first, " ")
			first := object(t, body)
			first["ClientId"] = "3n4b5urk1ft4fl3mg5e62d9ado"
			then := map[string]any{
				"ChallengeName": "PASSWORD_VERIFIER", "ClientId": "3n4b5urk1ft4fl3mg5e62d9ado", "Session": "S0",
				"ChallengeResponses": map[string]any{
					"USERNAME": userID, "SECRET_HASH": "q9L2G3vXlmGFxsBlz3kp/u4x5T7TP7HKu+e0ByS2lA0=",
					"PASSWORD_CLAIM_SECRET_BLOCK": block, "PASSWORD_CLAIM_SIGNATURE": signature, "TIMESTAMP": timestamp,
				},
			}
			if strings.HasPrefix(tc.then, "Admin") {
				then["UserPoolId"] = "us-east-1_AbCdEf123"
			}
			if diff := cmp.Diff([]sent{{operation, first}, {tc.then, then}}, requests, cmp.AllowUnexported(sent{})); diff != "" {
				t.Errorf("the requests (-want +got):\n%s", diff)
			}
		})
	}
}

// takeA removes SRP_A, which is random, from a body and returns it.
func takeA(body map[string]any) string {
	for _, key := range []string{"AuthParameters", "ChallengeResponses"} {
		if p, ok := body[key].(map[string]any); ok {
			a, _ := p["SRP_A"].(string)
			delete(p, "SRP_A")
			return a
		}
	}
	return ""
}

// TestSRPNotTaken: whatever the pool wants instead of PASSWORD_VERIFIER is the result.
func TestSRPNotTaken(t *testing.T) {
	for _, name := range []string{"SignInChoiceSRP", "SignInCustomSRP", "PASSWORD_SRP", "SELECT_CHALLENGESRP"} {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, func(*http.Request) (*http.Response, error) {
				return respondWith(http.StatusOK, nil,
					`{"ChallengeName": "SELECT_CHALLENGE", "Session": "S1", "AvailableChallenges": ["SMS_OTP"]}`), nil
			})
			reply, ok := c.Do(t.Context(), calls[name]).(flow.Reply)
			if got, _ := reply.Result.(flow.Challenge); !ok || got.Name != "SELECT_CHALLENGE" || got.Session.Reveal() != "S1" {
				t.Errorf("the reply is %T, the challenge %q", reply.Result, got.Name)
			}
		})
	}
}

// TestRespondKeepsCall: a Call is data that the caller keeps and may make again.
func TestRespondKeepsCall(t *testing.T) {
	call := respond("PASSWORD_SRP", "PASSWORD", thePassword)
	newClient(t, func(*http.Request) (*http.Response, error) { return nil, networkFailures["refused"] }).Do(t.Context(),
		call)
	if len(call.Responses) != 1 || call.Responses["PASSWORD"] != thePassword {
		t.Error("the Responses were changed")
	}
}

func TestUnknownFlow(t *testing.T) {
	c := newClient(t, func(*http.Request) (*http.Response, error) { panic("nothing is to be sent") })
	for _, f := range []flow.AuthFlow{flow.Token, "REFRESH_TOKEN_AUTH"} {
		wantFailure(t, fails(t, c, flow.SignIn{Flow: f, Username: "u-1"}), flow.CodeUnexpected, flow.Bug, string(f))
	}
}

// TestAttempts: only calls that do the same however often they are made are made again.
func TestAttempts(t *testing.T) {
	again := []string{"Prefer", "Disable", "Status", "Pools", "Clients"}
	for name, call := range calls {
		for failure, answer := range map[string]transport{
			"500": func(*http.Request) (*http.Response, error) { return respondWith(500, nil, `{}`), nil },
			"429": func(*http.Request) (*http.Response, error) {
				return respondWith(400, nil, `{"__type":"TooManyRequestsException"}`), nil
			},
			"dropped": func(*http.Request) (*http.Response, error) { return nil, networkFailures["reset"] },
			"eof":     func(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF },
		} {
			t.Run(name+" "+failure, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					attempts := 0
					c := newClient(t, func(r *http.Request) (*http.Response, error) {
						attempts++
						return answer(r)
					})
					e := c.Do(t.Context(), call).(flow.Failed)
					if e.Err.Fault != flow.Wait {
						t.Errorf("the fault is %s (%s), want wait", e.Err.Fault, e.Err.Code)
					}
					want := 1
					if slices.Contains(again, name) {
						want = 3
					}
					if attempts != want {
						t.Errorf("%d attempts, want %d", attempts, want)
					}
				})
			})
		}
	}
}

// TestTime: a pool that is silent costs 20 seconds, and nothing when the caller has gone.
func TestTime(t *testing.T) {
	silent := func(r *http.Request) (*http.Response, error) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	for name, call := range calls {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				e := fails(t, newClient(t, silent), call)
				if e.Code != flow.CodeNoAnswer || e.Fault != flow.Wait || time.Since(start) != callTimeout {
					t.Errorf("after %v: %s (%s), want no-answer (wait) after %v", time.Since(start), e.Code, e.Fault, callTimeout)
				}
			})
		})
	}
}

// TestTimeout: Config.Timeout is what a call costs, and below 0 it waits for as long as the caller does.
func TestTimeout(t *testing.T) {
	silent := func(r *http.Request) (*http.Response, error) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	for timeout, want := range map[time.Duration]time.Duration{
		0: callTimeout, 3 * time.Second: 3 * time.Second, time.Hour: time.Hour, -1: 48 * time.Hour,
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 48*time.Hour)
			defer cancel()
			c, err := New(Config{PoolID: "us-east-1_AbC", ClientID: "abc", Transport: transport(silent), Timeout: timeout})
			if err != nil {
				t.Fatal(err)
			}
			start := time.Now()
			c.Do(ctx, flow.Status{AccessToken: flow.NewSecret("a token")})
			if got := time.Since(start); got != want {
				t.Errorf("%v: it took %v, want %v", timeout, got, want)
			}
		})
	}
	if dialTimeout(callTimeout) != 8*time.Second || dialTimeout(0) != 0 {
		t.Errorf("dialTimeout: %v and %v", dialTimeout(callTimeout), dialTimeout(0))
	}
}

// TestChallengeNames: when AWS adds a challenge, flow has to learn it.
func TestChallengeNames(t *testing.T) {
	own := []types.ChallengeNameType{types.ChallengeNameTypePasswordVerifier} // signInSRP answers it
	for _, name := range types.ChallengeNameType("").Values() {
		if flow.Knows(string(name)) == slices.Contains(own, name) {
			t.Errorf("%s: flow knows it: %v, this package answers it: %v", name, flow.Knows(string(name)),
				slices.Contains(own, name))
		}
	}
}
