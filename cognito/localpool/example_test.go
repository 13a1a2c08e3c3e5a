package localpool_test

import (
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/go-jose/go-jose/v4/cryptosigner"

	"cognito-enroll/cognito/localpool"
)

func Example() {
	server := localpool.New(localpool.Options{})
	seed, err := server.Seed(localpool.Seed{Pools: []localpool.PoolSeed{{
		ID: "us-east-1_Example01", Name: "example", MFA: "ON",
		Clients: []localpool.ClientSeed{{ID: "web"}},
		Users:   []localpool.UserSeed{{Username: "amy", Password: "Correct-Horse-9"}},
	}}})
	if err != nil {
		panic(err)
	}
	web := httptest.NewServer(server) // or http.Serve with a listener on the loopback interface
	defer web.Close()

	request, _ := http.NewRequest("POST", web.URL, strings.NewReader(
		`{"ClientId":"web","AuthFlow":"USER_PASSWORD_AUTH","AuthParameters":{"USERNAME":"amy","PASSWORD":"wrong"}}`))
	request.Header.Set("X-Amz-Target", "AWSCognitoIdentityProviderService.InitiateAuth")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		panic(err)
	}
	fmt.Println(seed.Pools[0].ID, response.StatusCode, response.Header.Get("X-Amzn-Errormessage"))
	// Output: us-east-1_Example01 400 Incorrect username or password.
}

// Tests that sign in often share a key, or do without one.
func ExampleNewHMACSigner() {
	key, _ := rsa.GenerateKey(rand.Reader, 2048)
	verifiable := localpool.New(localpool.Options{Signer: cryptosigner.Opaque(key)})
	fast := localpool.New(localpool.Options{Signer: localpool.NewHMACSigner([]byte("any"))})
	fmt.Println(verifiable.Empty(), fast.Empty())
	// Output: true true
}

// A fault is injected into the next call of an operation.
func ExampleServer_Inject() {
	server := localpool.New(localpool.Options{})
	if err := server.Inject(localpool.Fault{Kind: localpool.LostResponse, Operation: "VerifySoftwareToken"}); err != nil {
		panic(err)
	}
	fmt.Println(server.Inject(localpool.Fault{Kind: "unplugged"}))
	// Output: there is no fault "unplugged"
}

func ExampleParseSeed() {
	_, err := localpool.ParseSeed([]byte("{\"pools\": [\n  {\"name\": \"shop\", \"mfa\": true}\n]}"))
	fmt.Println(err)
	// Output: line 2, pools[0].mfa: true or false is here, text is expected
}
