package cognito

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/google/go-cmp/cmp"

	"cognito-enroll/cognito/localpool"
	"cognito-enroll/flow"
)

func newAccount(tb testing.TB, c Config) *Account {
	tb.Helper()
	if c.Credentials == nil {
		c.Credentials = credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", theAWSKey.Reveal(), "")
	}
	a, err := NewAccount(c)
	if err != nil {
		tb.Fatal(err)
	}
	return a
}

func listed(tb testing.TB, a *Account, call flow.Call) flow.Listed {
	tb.Helper()
	e := a.Do(tb.Context(), call)
	if failed, ok := e.(flow.Failed); ok {
		tb.Fatal(failed.Err)
	}
	return e.(flow.Reply).Result.(flow.Listed)
}

func TestAccount(t *testing.T) {
	pools := []string{
		`{"id": "us-east-1_web", "name": "Web", "clients": [{"id": "shop"}, {"id": "app", "secret": "0123456789abcdefghijklmnopqrstuvwxyz"}]}`,
		`{"id": "us-east-1_empty", "name": "empty"}`,
	}
	for i := range 70 {
		pools = append(pools, fmt.Sprintf(`{"id": "us-east-1_many%d", "name": "many %02d"}`, i, i))
	}
	var seed localpool.Seed
	if err := json.Unmarshal([]byte(`{"pools": [`+strings.Join(pools, ",")+`]}`), &seed); err != nil {
		t.Fatal(err)
	}
	local := localpool.New(localpool.Options{})
	if _, err := local.Seed(seed); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(local)
	t.Cleanup(server.Close)
	a := newAccount(t, Config{Endpoint: server.URL})

	got := listed(t, a, flow.Pools{Region: "us-east-1"})
	if n := len(got.Options); n != 72 || got.More {
		t.Fatalf("%d pools are listed, more: %v; want all 72", n, got.More)
	}
	want := []flow.Option{
		{Value: "us-east-1_empty", Label: "empty", ID: "us-east-1_empty"},
		{Value: "us-east-1_many0", Label: "many 00", ID: "us-east-1_many0"},
		{Value: "us-east-1_web", Label: "Web", ID: "us-east-1_web"},
	}
	if diff := cmp.Diff(want, []flow.Option{got.Options[0], got.Options[1], got.Options[71]}); diff != "" {
		t.Errorf("the first two and the last (-want +got):\n%s", diff)
	}
	if got := listed(t, a, flow.Clients{Region: "us-east-1", Pool: "us-east-1_empty"}); len(got.Options) > 0 || got.More {
		t.Errorf("an empty pool has %+v", got)
	}
	if got := listed(t, a, flow.Clients{Region: "us-east-1", Pool: "us-east-1_web"}); len(got.Options) != 2 {
		t.Errorf("the clients are %+v, want two", got)
	}

	for client, want := range map[string]string{"shop": "", "app": "0123456789abcdefghijklmnopqrstuvwxyz"} {
		if got, err := a.ClientSecret(t.Context(), "us-east-1", "us-east-1_web", client); err != nil || got.Reveal() != want {
			t.Errorf("the secret of %s: %v, or another than wanted", client, err)
		}
	}
	_, err := a.ClientSecret(t.Context(), "us-east-1", "us-east-1_web", "nobody")
	if e, ok := errors.AsType[*flow.Error](err); !ok || e.Code != clientNotFound || !strings.Contains(e.Msg, `"nobody"`) {
		t.Errorf("the secret of a client that is not there: %v", err)
	}
}

// TestListLimit: however much there is, there is an end to reading it.
func TestListLimit(t *testing.T) {
	for _, tt := range []struct {
		name     string
		size     int // of a page
		pages    int // that there are
		requests int // that are made for them
		options  int // that come of them
		more     bool
	}{
		{"nothing", 0, 1, 1, 0, false},
		{"exactly the limit", 60, 10, 10, 600, false},
		{"more than the limit", 60, 11, 10, 600, true},
		{"pages longer than asked for", 601, 1, 1, 600, true},
		{"short pages", 1, 100, 100, 100, false},
		{"empty pages for ever", 0, 1 << 20, 600, 0, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			requests := 0
			a := newAccount(t, Config{Transport: transport(func(r *http.Request) (*http.Response, error) {
				body := read(t, r).body
				if want := map[bool]any{true: nil, false: fmt.Sprint("page ",
					requests)}[requests == 0]; body["NextToken"] != want || body["MaxResults"] != 60.0 {
					t.Errorf("request %d is %v, want the token %v", requests, body, want)
				}
				requests++
				pool := fmt.Sprintf(`{"Id": "us-east-1_%d", "Name": "pool"}`, requests)
				answer := `{"UserPools": [` + strings.Join(slices.Repeat([]string{pool}, tt.size), ",") + `]`
				if requests < tt.pages {
					answer += fmt.Sprintf(`, "NextToken": "page %d"`, requests)
				}
				return respondWith(http.StatusOK, nil, answer+"}"), nil
			})})
			got := listed(t, a, flow.Pools{Region: "us-east-1"})
			if len(got.Options) != tt.options || got.More != tt.more || requests != tt.requests {
				t.Errorf("%d requests gave %d options, more: %v; want %d, %d, %v", requests, len(got.Options), got.More,
					tt.requests, tt.options, tt.more)
			}
		})
	}
}

// TestRegions: each call goes to its own region, signed for it.
func TestRegions(t *testing.T) {
	var host, scope string
	a := newAccount(t, Config{Transport: transport(func(r *http.Request) (*http.Response, error) {
		host, scope = r.URL.Host, r.Header.Get("Authorization")
		return respondWith(http.StatusOK, nil, `{}`), nil
	})})
	for _, region := range []string{"eu-central-1", "us-west-2"} {
		listed(t, a, flow.Clients{Region: region, Pool: region + "_AbC"})
		if host != "cognito-idp."+region+".amazonaws.com" || !strings.Contains(scope,
			"/"+region+"/cognito-idp/aws4_request") {
			t.Errorf("the request for %s went to %s", region, host)
		}
	}
	for _, region := range []string{"", "europe", "us-east-1.example.com/"} {
		host = ""
		failed, ok := a.Do(t.Context(), flow.Pools{Region: region}).(flow.Failed)
		if !ok || failed.Err.Fault != flow.Retry || failed.Err.Field != "region" || host != "" {
			t.Errorf("the region %q: %+v, sent to %q", region, failed.Err, host)
		}
	}
}

func TestAccountRefuses(t *testing.T) {
	if _, err := NewAccount(Config{Endpoint: "http://example.com"}); err == nil {
		t.Error("plain http to another machine is taken")
	}
	a := newAccount(t, Config{Credentials: aws.AnonymousCredentials{},
		Transport: transport(func(*http.Request) (*http.Response, error) {
			t.Error("a request was sent unsigned")
			return nil, errors.New("no")
		})})
	failed, ok := a.Do(t.Context(), flow.Pools{Region: "us-east-1"}).(flow.Failed)
	if !ok || failed.Err.Code != noCredentials {
		t.Errorf("without credentials: %+v", failed)
	}
	_, err := a.ClientSecret(t.Context(), "us-east-1", "us-east-1_AbC", "app")
	if e, ok := errors.AsType[*flow.Error](err); !ok || e.Code != noCredentials {
		t.Errorf("without credentials: %v", err)
	}
}
