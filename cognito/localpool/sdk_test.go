package localpool

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go"
	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"cognito-enroll/cognito/pooltest"
	"cognito-enroll/cognito/srp"
)

func (r *rig) sdk() *cip.Client {
	return cip.New(cip.Options{
		Region: "us-east-1", BaseEndpoint: &r.url, Retryer: aws.NopRetryer{}, HTTPClient: pooltest.WholeAnswers{},
		Credentials: credentials.NewStaticCredentialsProvider("AKID", "secret", ""),
	})
}

// signInBySRP walks USER_SRP_AUTH to what follows PASSWORD_VERIFIER.
func (r *rig) signInBySRP(ctx context.Context, c *cip.Client, poolID, clientID, username,
	password string) (*cip.RespondToAuthChallengeOutput, error) {
	client, err := srp.NewClient(rand.Reader)
	if err != nil {
		return nil, err
	}
	first, err := c.InitiateAuth(ctx, &cip.InitiateAuthInput{
		AuthFlow: types.AuthFlowTypeUserSrpAuth, ClientId: &clientID,
		AuthParameters: map[string]string{"USERNAME": username, "SRP_A": client.A()},
	})
	if err != nil {
		return nil, err
	}
	p := first.ChallengeParameters
	_, short, _ := strings.Cut(poolID, "_")
	timestamp := srp.Timestamp(r.clock.Now())
	sig, err := client.Sign(srp.Challenge{
		Pool: short, UserID: p["USER_ID_FOR_SRP"], Salt: p["SALT"], B: p["SRP_B"], SecretBlock: p["SECRET_BLOCK"],
	}, password, timestamp)
	if err != nil {
		return nil, err
	}
	return c.RespondToAuthChallenge(ctx, &cip.RespondToAuthChallengeInput{
		ClientId: &clientID, ChallengeName: first.ChallengeName, Session: first.Session,
		ChallengeResponses: map[string]string{
			"USERNAME": p["USER_ID_FOR_SRP"], "PASSWORD_CLAIM_SECRET_BLOCK": p["SECRET_BLOCK"],
			"PASSWORD_CLAIM_SIGNATURE": sig, "TIMESTAMP": timestamp,
		},
	})
}

func (r *rig) codeOf(secret string, offset int64) *string {
	token := softwareToken{secret: secret}
	return aws.String(token.code(r.clock.Now().Unix()/period + offset))
}

func code(err error) string {
	var e smithy.APIError
	if !errors.As(err, &e) {
		return ""
	}
	return e.ErrorCode()
}

// TestSDK sets a pool up, enrolls on both paths and signs in again, with the AWS SDK
// for Go alone.
func TestSDK(t *testing.T) {
	ctx, r := t.Context(), newRig(t, Options{})
	c := r.sdk()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	made, err := c.CreateUserPool(ctx, &cip.CreateUserPoolInput{PoolName: aws.String("sdk"),
		UsernameAttributes: []types.UsernameAttributeType{"email"},
		Schema:             []types.SchemaAttributeType{{Name: aws.String("name"), Required: aws.Bool(true)}}})
	must(err)
	pool := made.UserPool.Id
	if !made.UserPool.CreationDate.Equal(start) {
		t.Errorf("created at %v, want %v", made.UserPool.CreationDate, start)
	}
	setMFA := func(mode types.UserPoolMfaType) {
		t.Helper()
		_, err := c.SetUserPoolMfaConfig(ctx, &cip.SetUserPoolMfaConfigInput{UserPoolId: pool, MfaConfiguration: mode,
			SoftwareTokenMfaConfiguration: &types.SoftwareTokenMfaConfigType{Enabled: true}})
		must(err)
	}
	setMFA(types.UserPoolMfaTypeOn)
	config, err := c.GetUserPoolMfaConfig(ctx, &cip.GetUserPoolMfaConfigInput{UserPoolId: pool})
	must(err)
	if config.MfaConfiguration != types.UserPoolMfaTypeOn || !config.SoftwareTokenMfaConfiguration.Enabled {
		t.Errorf("got %+v, want MFA on, by software token", config)
	}
	app, err := c.CreateUserPoolClient(ctx, &cip.CreateUserPoolClientInput{UserPoolId: pool,
		ClientName: aws.String("app")})
	must(err)
	client := *app.UserPoolClient.ClientId

	user, err := c.AdminCreateUser(ctx, &cip.AdminCreateUserInput{UserPoolId: pool,
		Username:          aws.String("alice@example.com"),
		TemporaryPassword: aws.String("Temp-Pass-1"), MessageAction: types.MessageActionTypeSuppress})
	must(err)
	if user.User.UserStatus != types.UserStatusTypeForceChangePassword || !uuidPattern.MatchString(*user.User.Username) {
		t.Errorf("made %s, %s, want FORCE_CHANGE_PASSWORD and a UUID", user.User.UserStatus, *user.User.Username)
	}
	answer := func(name types.ChallengeNameType, session *string,
		responses map[string]string) (*cip.RespondToAuthChallengeOutput, error) {
		responses["USERNAME"] = *user.User.Username
		return c.RespondToAuthChallenge(ctx, &cip.RespondToAuthChallengeInput{ClientId: &client, ChallengeName: name,
			Session: session, ChallengeResponses: responses})
	}

	_, err = r.signInBySRP(ctx, c, *pool, client, "alice@example.com", "Temp-Pass-2")
	var refused *types.NotAuthorizedException
	if !errors.As(err, &refused) || refused.ErrorMessage() != "Incorrect username or password." {
		t.Fatalf("got %v, want NotAuthorizedException", err)
	}
	out, err := r.signInBySRP(ctx, c, *pool, client, "alice@example.com", "Temp-Pass-1")
	must(err)
	out, err = answer(out.ChallengeName, out.Session, map[string]string{"NEW_PASSWORD": "Correct-Horse-9",
		"userAttributes.name": "Alice"})
	must(err)
	if out.ChallengeName != types.ChallengeNameTypeMfaSetup || len(*out.Session) < 1500 || len(*out.Session) > 2048 {
		t.Fatalf("got %s with a Session of %d characters, want MFA_SETUP and about 1500", out.ChallengeName,
			len(*out.Session))
	}
	secret, err := c.AssociateSoftwareToken(ctx, &cip.AssociateSoftwareTokenInput{Session: out.Session})
	must(err)
	_, err = c.VerifySoftwareToken(ctx, &cip.VerifySoftwareTokenInput{Session: secret.Session,
		UserCode: r.codeOf(*secret.SecretCode, -9)})
	var wrong *types.EnableSoftwareTokenMFAException
	if !errors.As(err, &wrong) || wrong.ErrorMessage() != "Code mismatch and fail enable Software Token MFA" {
		t.Fatalf("got %v, want EnableSoftwareTokenMFAException", err)
	}
	verified, err := c.VerifySoftwareToken(ctx, &cip.VerifySoftwareTokenInput{Session: secret.Session,
		UserCode: r.codeOf(*secret.SecretCode, 0), FriendlyDeviceName: aws.String("Pixel")})
	must(err)
	if verified.Status != types.VerifySoftwareTokenResponseTypeSuccess {
		t.Fatalf("status %s, want SUCCESS", verified.Status)
	}
	out, err = answer(types.ChallengeNameTypeMfaSetup, verified.Session, map[string]string{})
	must(err)
	token := out.AuthenticationResult.AccessToken

	// The token path, in a pool where MFA is optional: the Go SDK drops false.
	setMFA(types.UserPoolMfaTypeOptional)
	again, err := c.AssociateSoftwareToken(ctx, &cip.AssociateSoftwareTokenInput{AccessToken: token})
	must(err)
	if again.Session != nil {
		t.Error("a Session came with an access token")
	}
	_, err = c.VerifySoftwareToken(ctx, &cip.VerifySoftwareTokenInput{AccessToken: token,
		UserCode: r.codeOf(*again.SecretCode, 0)})
	must(err)
	_, err = c.SetUserMFAPreference(ctx, &cip.SetUserMFAPreferenceInput{AccessToken: token,
		SoftwareTokenMfaSettings: &types.SoftwareTokenMfaSettingsType{Enabled: false}})
	must(err)
	got, err := c.GetUser(ctx, &cip.GetUserInput{AccessToken: token})
	must(err)
	if got.PreferredMfaSetting != nil || got.UserMFASettingList != nil {
		t.Errorf("preferred %v, factors %v, want neither", got.PreferredMfaSetting, got.UserMFASettingList)
	}
	_, err = c.SetUserMFAPreference(ctx, &cip.SetUserMFAPreferenceInput{AccessToken: token,
		SoftwareTokenMfaSettings: &types.SoftwareTokenMfaSettingsType{Enabled: true, PreferredMfa: true}})
	must(err)
	got, err = c.GetUser(ctx, &cip.GetUserInput{AccessToken: token})
	must(err)
	want := &cip.GetUserOutput{
		Username: user.User.Username, PreferredMfaSetting: aws.String("SOFTWARE_TOKEN_MFA"),
		UserMFASettingList: []string{"SOFTWARE_TOKEN_MFA"},
		UserAttributes: []types.AttributeType{
			{Name: aws.String("sub"), Value: user.User.Username},
			{Name: aws.String("email"), Value: aws.String("alice@example.com")},
			{Name: aws.String("name"), Value: aws.String("Alice")},
		},
	}
	if d := cmp.Diff(want, got, cmpopts.IgnoreFields(cip.GetUserOutput{}, "ResultMetadata"),
		cmpopts.IgnoreUnexported(cip.GetUserOutput{}, types.AttributeType{})); d != "" {
		t.Errorf("GetUser (-want +got):\n%s", d)
	}

	out, err = r.signInBySRP(ctx, c, *pool, client, "alice@example.com", "Correct-Horse-9")
	must(err)
	if d := cmp.Diff(map[string]string{"USER_ID_FOR_SRP": *user.User.Username}, out.ChallengeParameters); d != "" {
		t.Errorf("a device without a name (-want +got):\n%s", d)
	}
	mfa := map[string]string{"SOFTWARE_TOKEN_MFA_CODE": *r.codeOf(*again.SecretCode, 0)}
	if _, err = answer(out.ChallengeName, out.Session, mfa); code(err) != "ExpiredCodeException" {
		t.Fatalf("got %v, want ExpiredCodeException", err)
	}
	r.clock.advance(30 * time.Second)
	mfa["SOFTWARE_TOKEN_MFA_CODE"] = *r.codeOf(*again.SecretCode, 0)
	out, err = answer(out.ChallengeName, out.Session, mfa)
	must(err)

	users, err := c.ListUsers(ctx, &cip.ListUsersInput{UserPoolId: pool, Filter: aws.String(`email ^= "alice"`)})
	must(err)
	if len(users.Users) != 1 || !users.Users[0].UserCreateDate.Equal(start) {
		t.Errorf("found %d users, want the one of %v", len(users.Users), start)
	}
	_, err = c.GlobalSignOut(ctx, &cip.GlobalSignOutInput{AccessToken: out.AuthenticationResult.AccessToken})
	must(err)
	if _, err = c.GetUser(ctx, &cip.GetUserInput{AccessToken: token}); code(err) != "NotAuthorizedException" {
		t.Errorf("after GlobalSignOut: got %v, want NotAuthorizedException", err)
	}

	anonymous := cip.New(cip.Options{Region: "us-east-1", BaseEndpoint: &r.url})
	if _, err = anonymous.AdminGetUser(ctx, &cip.AdminGetUserInput{UserPoolId: pool,
		Username: aws.String("x")}); code(err) != "MissingAuthenticationTokenException" {
		t.Errorf("without credentials: got %v, want MissingAuthenticationTokenException", err)
	}
}

// TestTokens checks the tokens as a relying party does, by the published key.
func TestTokens(t *testing.T) {
	r := newRig(t, Options{Issuer: "http://127.0.0.1:9229"})
	r.seed(t, PoolSeed{ID: "us-east-1_Demo12345", Name: "off", Clients: []ClientSeed{{ID: "c"}}, Users: []UserSeed{{
		Username: "bob", Password: "Correct-Horse-9", Attributes: map[string]string{"email": "bob@example.com",
			"email_verified": "true"},
	}}})
	c := r.sdk()
	out, err := r.signInBySRP(t.Context(), c, "us-east-1_Demo12345", "c", "bob", "Correct-Horse-9")
	if err != nil {
		t.Fatal(err)
	}
	result := out.AuthenticationResult
	if result.ExpiresIn != 3600 || *result.TokenType != "Bearer" || strings.Count(*result.RefreshToken, ".") != 4 {
		t.Errorf("%d s, %s, a refresh token of %d dots, want 3600 s, Bearer, 4", result.ExpiresIn, *result.TokenType,
			strings.Count(*result.RefreshToken, "."))
	}
	document := func(path string, v any) {
		t.Helper()
		resp, err := http.Get(r.url + "/us-east-1_Demo12345/.well-known/" + path)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b, v); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(b), `"d":`) {
			t.Fatal("the private key is published")
		}
	}
	var discovered struct {
		Issuer  string `json:"issuer"`
		JWKSURI string `json:"jwks_uri"`
	}
	document("openid-configuration", &discovered)
	const issuer = "http://127.0.0.1:9229/us-east-1_Demo12345"
	if discovered.Issuer != issuer || discovered.JWKSURI != issuer+"/.well-known/jwks.json" {
		t.Errorf("discovered %+v", discovered)
	}
	var keys jose.JSONWebKeySet
	document("jwks.json", &keys)

	read := func(token string) map[string]any {
		t.Helper()
		parsed, err := jwt.ParseSigned(token, []jose.SignatureAlgorithm{jose.RS256})
		if err != nil {
			t.Fatal(err)
		}
		claims := map[string]any{}
		if err := parsed.Claims(&keys, &claims); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"jti", "event_id", "origin_jti", "sub"} {
			if id, _ := claims[name].(string); !uuidPattern.MatchString(id) {
				t.Errorf("%s is %v, want a UUID", name, claims[name])
			}
		}
		delete(claims, "jti")
		return claims
	}
	access, id := read(*result.AccessToken), read(*result.IdToken)
	at := float64(start.Unix())
	if d := cmp.Diff(map[string]any{
		"iss": issuer, "client_id": "c", "token_use": "access", "scope": "aws.cognito.signin.user.admin", "username": "bob",
		"auth_time": at, "iat": at, "exp": at + 3600, "sub": access["sub"], "origin_jti": access["origin_jti"],
		"event_id": access["event_id"],
	}, access); d != "" {
		t.Errorf("access token (-want +got):\n%s", d)
	}
	if d := cmp.Diff(map[string]any{
		"iss": issuer, "aud": "c", "token_use": "id", "cognito:username": "bob", "email": "bob@example.com",
		"email_verified": true,
		"auth_time":      at, "iat": at, "exp": at + 3600, "sub": access["sub"], "origin_jti": access["origin_jti"],
		"event_id": access["event_id"],
	}, id); d != "" {
		t.Errorf("ID token (-want +got):\n%s", d)
	}

	r.clock.advance(time.Minute)
	refreshed, err := c.InitiateAuth(t.Context(), &cip.InitiateAuthInput{AuthFlow: types.AuthFlowTypeRefreshTokenAuth,
		ClientId:       aws.String("c"),
		AuthParameters: map[string]string{"REFRESH_TOKEN": *result.RefreshToken}})
	if err != nil {
		t.Fatal(err)
	}
	later := read(*refreshed.AuthenticationResult.AccessToken)
	if later["auth_time"] != at || later["iat"] != at+60 || later["origin_jti"] != access["origin_jti"] {
		t.Errorf("refreshed: auth_time %v, iat %v, origin_jti %v", later["auth_time"], later["iat"], later["origin_jti"])
	}
}

// TestSigningKeyIsMade covers what the other tests are spared.
func TestSigningKeyIsMade(t *testing.T) {
	s := New(Options{})
	if _, err := s.Seed(Seed{Pools: []PoolSeed{{Name: "off", Clients: []ClientSeed{{ID: "c"}},
		Users: []UserSeed{{Username: "bob", Password: "Correct-Horse-9"}}}}}); err != nil {
		t.Fatal(err)
	}
	out, err := s.initiateAuth(initiateAuthInput{ClientId: "c", AuthFlow: "USER_PASSWORD_AUTH",
		AuthParameters: params{"USERNAME": "bob", "PASSWORD": "Correct-Horse-9"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.getUser(tokenInput{out.AuthenticationResult.AccessToken}); err != nil {
		t.Error(err)
	}
	other := New(Options{})
	if _, err := other.getUser(tokenInput{out.AuthenticationResult.AccessToken}); !errors.Is(err, errAccessInvalid) {
		t.Errorf("another server's token: got %v, want %v", err, errAccessInvalid)
	}
}
