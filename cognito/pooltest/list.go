package pooltest

import (
	"errors"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go"
)

// listsPools wants both pools of the suite, among whatever else there is.
func listsPools(t *testing.T, s *suite) {
	var ids []string
	pages := cip.NewListUserPoolsPaginator(s.api, &cip.ListUserPoolsInput{MaxResults: aws.Int32(60)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatalf("ListUserPools: %v", err)
		}
		for _, p := range page.UserPools {
			ids = append(ids, aws.ToString(p.Id))
		}
	}
	for _, p := range []*pool{s.optional, s.required} {
		if !slices.Contains(ids, p.id) {
			t.Errorf("the pool %s is not listed", p.id)
		}
	}
}

// pagesOfPools wants a token behind the first pool, and another pool behind the token.
func pagesOfPools(t *testing.T, s *suite) {
	in := &cip.ListUserPoolsInput{MaxResults: aws.Int32(1)}
	first, err := s.api.ListUserPools(t.Context(), in)
	if err != nil {
		t.Fatalf("ListUserPools: %v", err)
	}
	if len(first.UserPools) != 1 || aws.ToString(first.NextToken) == "" {
		t.Fatalf("the page has %d pools and the token %q, want one and another page", len(first.UserPools),
			aws.ToString(first.NextToken))
	}
	in.NextToken = first.NextToken
	second, err := s.api.ListUserPools(t.Context(), in)
	if err != nil {
		t.Fatalf("ListUserPools with a token: %v", err)
	}
	if len(second.UserPools) != 1 || *second.UserPools[0].Id == *first.UserPools[0].Id {
		t.Errorf("the second page has %d pools, or that of the first", len(second.UserPools))
	}
}

// listsClients wants the three clients of a pool.
func listsClients(t *testing.T, s *suite) { clientsOf(t, s, 60, 3) }

// pagesOfClients wants them on two pages.
func pagesOfClients(t *testing.T, s *suite) { clientsOf(t, s, 2, 2, 1) }

func clientsOf(t *testing.T, s *suite, most int32, want ...int) {
	t.Helper()
	p := s.newPool(t, types.UserPoolMfaTypeOptional)
	var ids []string
	var sizes []int
	pages := cip.NewListUserPoolClientsPaginator(s.api, &cip.ListUserPoolClientsInput{UserPoolId: &p.id,
		MaxResults: &most})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatalf("ListUserPoolClients: %v", err)
		}
		sizes = append(sizes, len(page.UserPoolClients))
		for _, c := range page.UserPoolClients {
			ids = append(ids, aws.ToString(c.ClientId))
			if aws.ToString(c.UserPoolId) != p.id {
				t.Errorf("a client of %s is listed", aws.ToString(c.UserPoolId))
			}
		}
	}
	all := []string{p.public.id, p.secret.id, p.srpOnly.id}
	slices.Sort(all)
	slices.Sort(ids)
	if !slices.Equal(ids, all) || !slices.Equal(sizes, want) {
		t.Errorf("the clients %q are listed, on pages of %d; want %q, on pages of %d", ids, sizes, all, want)
	}
}

// listLimits: a page has 1 to 60 entries (API reference, ListUserPools and ListUserPoolClients).
func listLimits(t *testing.T, s *suite) {
	for _, n := range []int32{0, 61} {
		_, err := s.api.ListUserPools(t.Context(), &cip.ListUserPoolsInput{MaxResults: &n})
		wantException(t, err, "InvalidParameterException")
		_, err = s.api.ListUserPoolClients(t.Context(), &cip.ListUserPoolClientsInput{UserPoolId: &s.optional.id,
			MaxResults: &n})
		wantException(t, err, "InvalidParameterException")
	}
}

func listUnsigned(t *testing.T, s *suite) {
	api := cip.New(cip.Options{Region: s.Region, BaseEndpoint: &s.URL, Credentials: aws.AnonymousCredentials{}})
	_, err := api.ListUserPools(t.Context(), &cip.ListUserPoolsInput{MaxResults: aws.Int32(1)})
	wantException(t, err, "MissingAuthenticationTokenException")
	_, err = api.ListUserPoolClients(t.Context(), &cip.ListUserPoolClientsInput{UserPoolId: &s.optional.id})
	wantException(t, err, "MissingAuthenticationTokenException")
}

func wantException(t *testing.T, err error, code string) {
	t.Helper()
	if e, ok := errors.AsType[smithy.APIError](err); !ok || e.ErrorCode() != code {
		t.Errorf("error %v, want %s", err, code)
	}
}
