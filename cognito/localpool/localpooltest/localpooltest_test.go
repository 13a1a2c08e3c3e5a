package localpooltest_test

import (
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-enroll/cognito/localpool"
	"cognito-enroll/cognito/localpool/localpooltest"
)

// TestNewServer is how a test of an application uses the package: a clock that it moves, a fault
// that is injected once, what is true of the user in the end, and the mail.
func TestNewServer(t *testing.T) {
	now := time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	pool := localpooltest.NewServer(t, localpool.Options{Now: func() time.Time { return now }}, localpool.PoolSeed{
		Name: "shop", MFA: "ON", Clients: []localpool.ClientSeed{{ID: "web"}},
		Users: []localpool.UserSeed{{Username: "amy", Password: "Correct-Horse-9",
			Attributes: map[string]string{"email": "amy@example.com"}}},
	})
	client := cip.New(cip.Options{
		Region: "us-east-1", BaseEndpoint: &pool.URL, Retryer: aws.NopRetryer{},
		Credentials: credentials.NewStaticCredentialsProvider("any", "any", ""),
	})
	signIn := func() (*cip.InitiateAuthOutput, error) {
		return client.InitiateAuth(t.Context(), &cip.InitiateAuthInput{
			ClientId: aws.String("web"), AuthFlow: types.AuthFlowTypeUserPasswordAuth,
			AuthParameters: map[string]string{"USERNAME": "amy", "PASSWORD": "Correct-Horse-9"},
		})
	}

	if err := pool.Inject(localpool.Fault{Kind: localpool.Throttle, Operation: "InitiateAuth"}); err != nil {
		t.Fatal(err)
	}
	var throttled *types.TooManyRequestsException
	if _, err := signIn(); !errors.As(err, &throttled) {
		t.Fatalf("got %v, want TooManyRequestsException", err)
	}
	out, err := signIn()
	if err != nil {
		t.Fatal(err)
	}
	now = now.Add(4 * time.Minute)
	var expired *types.NotAuthorizedException
	if _, err := client.AssociateSoftwareToken(t.Context(),
		&cip.AssociateSoftwareTokenInput{Session: out.Session}); !errors.As(err, &expired) {
		t.Fatalf("got %v, want an expired Session", err)
	}
	truth, err := pool.Truth(pool.Seed.Pools[0].ID, "amy")
	if err != nil || truth.Next != "MFA_SETUP" || truth.Key != "" {
		t.Errorf("got %+v, %v, want that she still has to enroll", truth, err)
	}
	if _, err := client.AdminResetUserPassword(t.Context(),
		&cip.AdminResetUserPasswordInput{UserPoolId: &pool.Seed.Pools[0].ID, Username: aws.String("amy")}); err != nil {
		t.Fatal(err)
	}
	if mail := pool.Messages("amy"); len(mail) != 1 || mail[0].Destination != "amy@example.com" {
		t.Errorf("mail: %v", mail)
	}
}

// A seed that is wrong ends the test.
func TestNewServerFails(t *testing.T) {
	f := &failing{TB: t}
	func() {
		defer func() { recover() }()
		localpooltest.NewServer(f, localpool.Options{}, localpool.PoolSeed{})
	}()
	if !f.failed {
		t.Error("the test went on")
	}
}

type failing struct {
	testing.TB
	failed bool
}

func (f *failing) Helper() {}

func (f *failing) Fatal(...any) { f.failed = true; panic("end of the test") }
