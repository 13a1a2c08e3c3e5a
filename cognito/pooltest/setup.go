package pooltest

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-enroll/cognito"
	"cognito-enroll/flow"
)

const (
	password  = "Correct-Horse-9!"
	temporary = "Temp-Pass-123!"
)

// suite is an endpoint with two pools on it.
type suite struct {
	Endpoint
	api      *cip.Client
	optional *pool // MFA OPTIONAL
	required *pool // MFA ON
}

// pool has one app client for each kind.
type pool struct {
	suite   *suite
	id      string
	public  client
	secret  client // with a secret
	srpOnly client // allows USER_SRP_AUTH alone
}

type client struct {
	id     string
	secret flow.Secret
}

// WholeAnswers is an HTTP client for the SDK. It reads an answer whole before the SDK closes the request's body. When
// that happens while net/http still looks for the end of the body, it closes the connection, and the rest of an answer
// that takes more than one read, such as that of CreateUserPool, is lost.
type WholeAnswers struct{}

// Do sends req.
func (WholeAnswers) Do(req *http.Request) (*http.Response, error) {
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	resp.Body = io.NopCloser(bytes.NewReader(b))
	return resp, err
}

func setUp(t *testing.T, e Endpoint) *suite {
	t.Helper()
	s := &suite{Endpoint: e, api: cip.New(cip.Options{
		Region:       e.Region,
		BaseEndpoint: &e.URL,
		Credentials:  e.Credentials,
		HTTPClient:   WholeAnswers{},
	})}
	s.optional = s.newPool(t, types.UserPoolMfaTypeOptional)
	s.required = s.newPool(t, types.UserPoolMfaTypeOn)
	return s
}

// unique keeps the suites apart that one endpoint has seen.
func unique(name string) string { return name + "-" + strings.ToLower(rand.Text()[:10]) }

func (s *suite) newPool(t *testing.T, mfa types.UserPoolMfaType, first ...types.AuthFactorType) *pool {
	t.Helper()
	in := &cip.CreateUserPoolInput{}
	in.AutoVerifiedAttributes = []types.VerifiedAttributeType{types.VerifiedAttributeTypeEmail} // or SignUp sends no code
	if len(first) > 0 {
		in.Policies = &types.UserPoolPolicyType{SignInPolicy: &types.SignInPolicyType{AllowedFirstAuthFactors: first}}
	}
	p := s.createPool(t, in)
	if _, err := s.api.SetUserPoolMfaConfig(t.Context(), &cip.SetUserPoolMfaConfigInput{
		UserPoolId:                    &p.id,
		MfaConfiguration:              mfa,
		SoftwareTokenMfaConfiguration: &types.SoftwareTokenMfaConfigType{Enabled: true},
	}); err != nil {
		t.Fatalf("SetUserPoolMfaConfig: %v", err)
	}
	most := []types.ExplicitAuthFlowsType{
		types.ExplicitAuthFlowsTypeAllowUserSrpAuth,
		types.ExplicitAuthFlowsTypeAllowUserPasswordAuth,
		types.ExplicitAuthFlowsTypeAllowAdminUserPasswordAuth,
	}
	p.public = p.newClient(t, false, most...)
	p.secret = p.newClient(t, true, most...)
	p.srpOnly = p.newClient(t, false, types.ExplicitAuthFlowsTypeAllowUserSrpAuth)
	return p
}

// createPool makes a pool without clients, which is deleted in the end. It names it.
func (s *suite) createPool(t *testing.T, in *cip.CreateUserPoolInput) *pool {
	t.Helper()
	in.PoolName = aws.String(unique("pooltest"))
	created, err := s.api.CreateUserPool(t.Context(), in)
	if err != nil {
		t.Fatalf("CreateUserPool: %v", err)
	}
	p := &pool{suite: s, id: *created.UserPool.Id}
	t.Cleanup(func() {
		if _, err := s.api.DeleteUserPool(context.Background(), &cip.DeleteUserPoolInput{UserPoolId: &p.id}); err != nil {
			t.Errorf("DeleteUserPool: %v", err)
		}
	})
	return p
}

func (p *pool) newClient(t *testing.T, withSecret bool, flows ...types.ExplicitAuthFlowsType) client {
	t.Helper()
	created, err := p.suite.api.CreateUserPoolClient(t.Context(), &cip.CreateUserPoolClientInput{
		UserPoolId:                 &p.id,
		ClientName:                 aws.String(unique("client")),
		GenerateSecret:             withSecret,
		ExplicitAuthFlows:          append(flows, types.ExplicitAuthFlowsTypeAllowRefreshTokenAuth),
		PreventUserExistenceErrors: types.PreventUserExistenceErrorTypesEnabled,
	})
	if err != nil {
		t.Fatalf("CreateUserPoolClient: %v", err)
	}
	return client{*created.UserPoolClient.ClientId, flow.NewSecret(aws.ToString(created.UserPoolClient.ClientSecret))}
}

// newUser makes a user who can sign in with password.
func (p *pool) newUser(t *testing.T, attributes ...types.AttributeType) string {
	t.Helper()
	name := p.newTemporaryUser(t, attributes...)
	if _, err := p.suite.api.AdminSetUserPassword(t.Context(), &cip.AdminSetUserPasswordInput{
		UserPoolId: &p.id, Username: &name, Password: aws.String(password), Permanent: true,
	}); err != nil {
		t.Fatalf("AdminSetUserPassword: %v", err)
	}
	return name
}

// newTemporaryUser makes a user who has to choose a password after signing in with temporary.
func (p *pool) newTemporaryUser(t *testing.T, attributes ...types.AttributeType) string {
	t.Helper()
	name := unique("user")
	if _, err := p.suite.api.AdminCreateUser(t.Context(), &cip.AdminCreateUserInput{
		UserPoolId: &p.id, Username: &name, TemporaryPassword: aws.String(temporary),
		MessageAction: types.MessageActionTypeSuppress, UserAttributes: attributes,
	}); err != nil {
		t.Fatalf("AdminCreateUser: %v", err)
	}
	return name
}

// with returns the client under test for the app client a.
func (p *pool) with(t *testing.T, a client) *cognito.Client {
	t.Helper()
	c, err := cognito.New(cognito.Config{
		PoolID: p.id, ClientID: a.id, ClientSecret: a.secret,
		Region: p.suite.Region, Endpoint: p.suite.URL, Now: p.suite.Now, Credentials: p.suite.Credentials,
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}
