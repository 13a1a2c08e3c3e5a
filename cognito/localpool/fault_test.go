package localpool

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// call posts an operation and returns what a client sees of the answer.
func call(t *testing.T, url, operation, body string) (status int, answer string, header http.Header, err error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Amz-Target", targetPrefix+operation)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, "", nil, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	return res.StatusCode, string(text), res.Header, err
}

func faulty(t *testing.T, list ...Fault) (*Server, string) {
	t.Helper()
	s := New(Options{})
	for _, f := range list {
		if err := s.Inject(f); err != nil {
			t.Fatal(err)
		}
	}
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	return s, web.URL
}

func TestFaults(t *testing.T) {
	const session = `{"Session":"SSSSSSSSSSSSSSSSSSSSSSSS","UserCode":"123456"}`
	const token = `{"AccessToken":"AAAA","UserCode":"123456"}`
	for _, tt := range []struct {
		kind   FaultKind
		body   string
		status int
		answer string
		header string
	}{
		{InternalError, session, 500, `{"__type":"InternalErrorException","message":"Something went wrong"}`,
			"InternalErrorException:"},
		{Throttle, session, 400, `{"__type":"TooManyRequestsException","message":"Rate exceeded"}`,
			"TooManyRequestsException:"},
		{WAF, session, 403, `{"__type":"ForbiddenException","message":"Request not allowed due to WAF block."}`,
			"ForbiddenException:"},
		{ExpiredSession, session, 400,
			`{"__type":"NotAuthorizedException","message":"Invalid session for the user, session is expired."}`,
			"NotAuthorizedException:"},
		{ExpiredSession, token, 400, `{"__type":"NotAuthorizedException","message":"Access Token has expired"}`,
			"NotAuthorizedException:"},
		{StatusError, session, 200, `{"Status":"ERROR"}`, ""},
	} {
		_, url := faulty(t, Fault{Kind: tt.kind, Operation: "VerifySoftwareToken"})
		status, answer, header, err := call(t, url, "VerifySoftwareToken", tt.body)
		if err != nil || status != tt.status || answer != tt.answer || header.Get("X-Amzn-Errortype") != tt.header {
			t.Errorf("%s: %d %s %q, %v", tt.kind, status, answer, header.Get("X-Amzn-Errortype"), err)
		}
		if _, again, _, err := call(t, url, "VerifySoftwareToken", tt.body); err != nil || again == answer {
			t.Errorf("%s struck twice: %s, %v", tt.kind, again, err)
		}
	}
	_, url := faulty(t, Fault{Kind: HTML})
	if status, answer, header, err := call(t, url, "GetUser", token); err != nil || status != 200 ||
		header.Get("Content-Type") != "text/html" || !strings.Contains(answer, "log in") {
		t.Errorf("html: %d %q %q, %v", status, header.Get("Content-Type"), answer, err)
	}
}

// The answer is lost, but what was asked for has happened.
func TestLostResponse(t *testing.T) {
	s, url := faulty(t)
	seed, err := s.Seed(Seed{Pools: []PoolSeed{{Name: "p", TracksDevices: true, Clients: []ClientSeed{{}},
		Users: []UserSeed{{Username: "a", Password: "Correct-Horse-9!"}}}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Inject(Fault{Kind: LostResponse, Operation: "InitiateAuth"}); err != nil {
		t.Fatal(err)
	}
	body := `{"AuthFlow":"USER_PASSWORD_AUTH","ClientId":"` + seed.Pools[0].Clients[0].ID +
		`","AuthParameters":{"USERNAME":"a","PASSWORD":"Correct-Horse-9!"}}`
	if _, answer, _, err := call(t, url, "InitiateAuth", body); !errors.Is(err, io.EOF) {
		t.Errorf("answered %q, %v", answer, err)
	}
	s.mu.Lock()
	n := len(s.pools.list[0].users[0].devices)
	s.mu.Unlock()
	if n != 1 {
		t.Errorf("the sign-in was not carried out: %d devices", n)
	}
	if status, _, _, err := call(t, url, "InitiateAuth", body); err != nil || status != 200 {
		t.Errorf("the next call: %d, %v", status, err)
	}
}

func TestFaultCounts(t *testing.T) {
	_, url := faulty(t, Fault{Kind: Throttle, Operation: "GetUser", Skip: 1, Times: 2})
	var got []bool
	for range 4 {
		_, answer, _, err := call(t, url, "GetUser", `{}`)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, strings.Contains(answer, "TooManyRequests"))
		if _, other, _, err := call(t, url, "GlobalSignOut", `{}`); err != nil || strings.Contains(other, "TooManyRequests") {
			t.Fatalf("another operation is struck: %s, %v", other, err)
		}
	}
	if want := [4]bool{false, true, true, false}; [4]bool(got) != want {
		t.Errorf("struck %v, want %v", got, want)
	}
}

func TestSkewedDate(t *testing.T) {
	s, url := faulty(t, Fault{Kind: SkewedDate, Seconds: -600})
	_, _, header, err := call(t, url, "GetUser", `{}`)
	if err != nil {
		t.Fatal(err)
	}
	date, err := http.ParseTime(header.Get("Date"))
	if off := time.Until(date); err != nil || off < -11*time.Minute || off > -9*time.Minute {
		t.Errorf("Date is %s off, %v", off, err)
	}
	if off := time.Until(s.Now()); off > -9*time.Minute {
		t.Errorf("Now is %s off", off)
	}
}

func TestSlowEndsWithTheClient(t *testing.T) {
	s, _ := faulty(t, Fault{Kind: Slow, Seconds: 3600})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/", strings.NewReader(`{}`))
	r.Header.Set("X-Amz-Target", targetPrefix+"GetUser")
	s.ServeHTTP(httptest.NewRecorder(), r)
}

func TestFaultEndpoint(t *testing.T) {
	s, url := faulty(t)
	if _, err := s.Seed(Seed{Pools: []PoolSeed{{Name: "p"}}}); err != nil {
		t.Fatal(err)
	}
	do := func(method, body string) (int, string) {
		req, err := http.NewRequestWithContext(t.Context(), method, url+"/_faults", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		text, _ := io.ReadAll(res.Body)
		return res.StatusCode, string(text)
	}
	if code, text := do("PUT", `[{"kind":"throttle","operation":"GetUser","times":-1},{"kind":"safe-associate"}]`); code != 204 {
		t.Fatalf("PUT: %d %s", code, text)
	}
	if !s.faults.safeReassociate() {
		t.Error("safe-associate has no effect")
	}
	if code, text := do("GET", ""); code != 200 || text != `[{"kind":"throttle","operation":"GetUser","times":-1}]`+"\n" {
		t.Errorf("GET: %d %s", code, text)
	}
	for _, bad := range []string{`[{"kind":"magic"}]`, `{`, `[1]`} {
		if code, _ := do("PUT", bad); code != 400 {
			t.Errorf("PUT %s: %d", bad, code)
		}
	}
	if code, _ := do("DELETE", ""); code != 204 {
		t.Errorf("DELETE: %d", code)
	}
	if _, text := do("GET", ""); text != "[]\n" {
		t.Errorf("after DELETE: %s", text)
	}
	if code, _ := do("POST", ""); code != 405 {
		t.Errorf("POST: %d", code)
	}
}
