package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// TestPasswordStaysHome: a server that says that SRP is not enabled gets the password after a yes, and not before.
func TestPasswordStaysHome(t *testing.T) {
	const password = "demo-Pass-1"
	for _, agree := range []bool{false, true} {
		var mu sync.Mutex
		var bodies []string
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			bodies = append(bodies, string(body))
			mu.Unlock()
			w.Header().Set("Content-Type", "application/x-amz-json-1.1")
			w.WriteHeader(http.StatusBadRequest)
			io.WriteString(w, `{"__type":"InvalidParameterException","message":"USER_SRP_AUTH is not enabled for the client."}`)
		}))
		defer s.Close()
		got := func() (requests int, leaked bool) {
			mu.Lock()
			defer mu.Unlock()
			return len(bodies), strings.Contains(strings.Join(bodies, "\n"), password)
		}
		w := open(t, nil, "cognito-enroll", "--endpoint-url", s.URL, "--pool-id", "us-east-1_AbCdEf123", "--client-id",
			"4example")
		w.waits(`Username`)
		w.types("alice")
		w.enter()
		w.types(password)
		w.enter()
		w.waits(`Send your password itself to\s+127\.0\.0\.1`)
		if n, leaked := got(); n < 2 || leaked { // SRP, and USER_AUTH with PASSWORD_SRP
			t.Errorf("before the answer: %d requests, the password in one of them: %v", n, leaked)
		}
		if agree {
			w.tmux("send-keys", "Down")
		}
		w.enter()
		w.waits(map[bool]string{false: `Your password was not sent`, true: `Stopped|not enabled|allows no`}[agree])
		if _, leaked := got(); leaked != agree {
			t.Errorf("agreed %v, and the server got the password: %v", agree, leaked)
		}
		w.tmux("send-keys", "C-c")
		w.exits()
	}
}
