package localpool

import (
	"errors"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/smithy-go"
)

// IAM is a list of allowed actions for each pool.
func TestAllowedActions(t *testing.T) {
	user := []UserSeed{{Username: "amy", Password: "Correct-Horse-9"}}
	s := New(Options{})
	if _, err := s.Seed(Seed{Pools: []PoolSeed{
		{ID: "us-east-1_Some", Name: "some", Users: user,
			AllowedActions: []string{"cognito-idp:AdminGet*", "cognito-idp:DescribeUserPool"}},
		{ID: "us-east-1_None", Name: "none", Users: user, AllowedActions: []string{}},
		{ID: "us-east-1_All", Name: "all", Users: user},
	}}); err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(s)
	defer web.Close()
	api := cip.New(cip.Options{Region: "us-east-1", BaseEndpoint: &web.URL,
		Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "example", "")})
	calls := map[string]func(pool string) error{
		"AdminGetUser": func(pool string) error {
			_, err := api.AdminGetUser(t.Context(), &cip.AdminGetUserInput{UserPoolId: &pool, Username: aws.String("amy")})
			return err
		},
		"DescribeUserPool": func(pool string) error {
			_, err := api.DescribeUserPool(t.Context(), &cip.DescribeUserPoolInput{UserPoolId: &pool})
			return err
		},
		"ListUsers": func(pool string) error {
			_, err := api.ListUsers(t.Context(), &cip.ListUsersInput{UserPoolId: &pool})
			return err
		},
	}
	for pool, allowed := range map[string]map[string]bool{
		"us-east-1_Some": {"AdminGetUser": true, "DescribeUserPool": true},
		"us-east-1_None": {},
		"us-east-1_All":  {"AdminGetUser": true, "DescribeUserPool": true, "ListUsers": true},
	} {
		for operation, call := range calls {
			err := call(pool)
			var refused smithy.APIError
			denied := errors.As(err, &refused) && refused.ErrorCode() == "AccessDeniedException"
			if denied == allowed[operation] || err != nil && !denied {
				t.Errorf("%s of %s: %v", operation, pool, err)
			}
		}
	}
}

// A restart forgets neither what is allowed nor the devices.
func TestAllowedActionsAreKept(t *testing.T) {
	file := filepath.Join(t.TempDir(), "pool.db")
	s, err := Open(file, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Seed(Seed{Pools: []PoolSeed{{ID: "us-east-1_Some", Name: "some",
		TracksDevices: true, AllowedActions: []string{"cognito-idp:AdminGetUser"},
		Users: []UserSeed{{Username: "amy", Password: "Correct-Horse-9", Devices: 2}}}}}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = Open(file, Options{}); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	p := s.pools.byID["us-east-1_Some"]
	if p.allows("ListUsers") || !p.allows("AdminGetUser") {
		t.Errorf("allowed is %q", p.allowedActions)
	}
	if n := len(p.find("amy").devices); n != 2 {
		t.Errorf("%d devices are left", n)
	}
}
