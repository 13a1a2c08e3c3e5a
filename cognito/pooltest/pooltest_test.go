package pooltest_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"cognito-enroll/cognito/localpool"
	"cognito-enroll/cognito/pooltest"
)

func TestLocalPool(t *testing.T) {
	var mu sync.Mutex
	sent := map[string]string{}
	server := httptest.NewServer(localpool.New(localpool.Options{Deliver: func(m localpool.Message) {
		mu.Lock()
		defer mu.Unlock()
		sent[m.Username] = m.Code
	}}))
	t.Cleanup(server.Close)
	pooltest.Run(t, pooltest.Endpoint{
		URL: server.URL, Region: "us-east-1", Now: time.Now,
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		Inbox: func(user string) string {
			mu.Lock()
			defer mu.Unlock()
			return sent[user]
		},
	})
}

// TestEndpoint runs the suite against the endpoint that the environment names:
//
//	COGNITO_ENROLL_TEST_ENDPOINT  its URL; without it the test is skipped
//	COGNITO_ENROLL_TEST_REGION    default us-east-1
//	AWS_ACCESS_KEY_ID             and AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN: needed where they are
//	                              checked, which is at AWS alone
func TestEndpoint(t *testing.T) {
	url := os.Getenv("COGNITO_ENROLL_TEST_ENDPOINT")
	if url == "" {
		t.Skip("COGNITO_ENROLL_TEST_ENDPOINT is not set")
	}
	e := pooltest.Endpoint{
		URL: url, Region: os.Getenv("COGNITO_ENROLL_TEST_REGION"), Now: time.Now,
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	}
	if e.Region == "" {
		e.Region = "us-east-1"
	}
	if id := os.Getenv("AWS_ACCESS_KEY_ID"); id != "" {
		e.Credentials = credentials.NewStaticCredentialsProvider(id, os.Getenv("AWS_SECRET_ACCESS_KEY"),
			os.Getenv("AWS_SESSION_TOKEN"))
	}
	if isCognitoLocal(t, url) {
		e.Gaps = pooltest.CognitoLocal
	}
	pooltest.Run(t, e)
}

// isCognitoLocal asks for an operation that nobody has: cognito-local says its name.
func isCognitoLocal(t *testing.T, url string) bool {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "POST", url, bytes.NewBufferString("{}"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-amz-json-1.1")
	r.Header.Set("X-Amz-Target", "AWSCognitoIdentityProviderService.WhoAreYou")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Contains(body, []byte("CognitoLocal#Unsupported"))
}
