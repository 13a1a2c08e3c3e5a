package localpool

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestGuard is what pages of other origins, and names that are not local, may do.
func TestGuard(t *testing.T) {
	r := newRig(t, Options{Issuer: "https://Auth.example.test:8443/base"})
	r.seed(t, PoolSeed{ID: "us-east-1_Demo12345", Name: "p", Clients: []ClientSeed{{ID: "c", Secret: "s3cret"}}})
	own := strings.TrimPrefix(r.url, "http://")
	const user, admin = "GetUser", "DescribeUserPoolClient"
	for _, tt := range []struct {
		name, method, path, operation string
		header                        string // "Name: value; Name: value"
		status                        int
		origin                        string // Access-Control-Allow-Origin of the answer
	}{
		{"program, user operation", "POST", "/", user, "", 400, "*"},
		{"program, signed operation", "POST", "/", admin, "", 200, "*"},
		{"page, user operation", "POST", "/", user, "Origin: http://evil.example", 400, "*"},
		{"page, signed operation", "POST", "/", admin, "Origin: http://evil.example", 403, ""},
		{"page on another port", "POST", "/", admin, "Origin: http://127.0.0.1:1", 403, ""},
		{"page from a file", "POST", "/", admin, "Origin: null", 403, ""},
		{"page that says so otherwise", "POST", "/", admin, "Sec-Fetch-Site: cross-site", 403, ""},
		{"page on a sister host", "POST", "/", admin, "Sec-Fetch-Site: same-site", 403, ""},
		{"nonsense for an origin", "POST", "/", admin, "Origin: %zz", 403, ""},
		{"own page", "POST", "/", admin, "Origin: " + r.url, 200, "*"},

		{"preflight, user operation", "OPTIONS", "/", "",
			"Origin: http://evil.example; Access-Control-Request-Headers: content-type,x-amz-target", 200, "*"},
		{"preflight, signed operation", "OPTIONS", "/", "",
			"Origin: http://evil.example; Access-Control-Request-Headers: x-amz-target, Authorization", 403, ""},
		{"own preflight", "OPTIONS", "/", "", "Origin: " + r.url + "; Access-Control-Request-Headers: authorization", 200,
			"*"},

		{"program, faults", "GET", "/_faults", "", "", 200, ""},
		{"program, messages", "GET", "/_messages", "", "", 200, ""},
		{"program, health", "GET", "/_health", "", "", 200, ""},
		{"page, faults", "GET", "/_faults", "", "Origin: http://evil.example", 403, ""},
		{"page, faults without CORS", "PUT", "/_faults", "", "Sec-Fetch-Site: cross-site", 403, ""},
		{"page, messages", "GET", "/_messages", "", "Origin: http://evil.example", 403, ""},
		{"page, health", "GET", "/_health", "", "Origin: http://evil.example", 403, ""},
		{"page, preflight of faults", "OPTIONS", "/_faults", "",
			"Origin: http://evil.example; Access-Control-Request-Method: PUT", 403, ""},
		{"page, keys", "GET", "/us-east-1_Demo12345/.well-known/jwks.json", "", "Origin: http://evil.example", 200, "*"},

		{"another name for this machine", "POST", "/", admin, "Host: evil.example", 421, ""},
		{"another name, faults", "GET", "/_faults", "", "Host: evil.example:80", 421, ""},
		{"another name, keys", "GET", "/us-east-1_Demo12345/.well-known/jwks.json", "", "Host: evil.example", 421, ""},
		{"an address elsewhere", "POST", "/", admin, "Host: 192.0.2.1", 421, ""},
		{"localhost", "POST", "/", admin, "Host: LOCALHOST:80", 200, "*"},
		{"a name under localhost", "POST", "/", admin, "Host: pool.localhost.", 200, "*"},
		{"like localhost", "POST", "/", admin, "Host: evillocalhost", 421, ""},
		{"IPv6", "POST", "/", admin, "Host: [::1]:80", 200, "*"},
		{"the issuer", "POST", "/", admin, "Host: auth.example.test", 200, "*"},
		{"its own address", "POST", "/", admin, "Host: " + own, 200, "*"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			body := `{"AccessToken":"x","UserPoolId":"us-east-1_Demo12345","ClientId":"c"}`
			if tt.path == "/_faults" {
				body = `[]`
			}
			req, err := http.NewRequest(tt.method, r.url+tt.path, strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("X-Amz-Target", targetPrefix+tt.operation)
			req.Header.Set("Authorization", signature)
			for field := range strings.SplitSeq(tt.header, "; ") {
				name, value, _ := strings.Cut(field, ": ")
				switch {
				case name == "Host":
					req.Host = value
				case name != "":
					req.Header.Set(name, value)
				}
			}
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			text, _ := io.ReadAll(resp.Body)
			if resp.StatusCode != tt.status || resp.Header.Get("Access-Control-Allow-Origin") != tt.origin {
				t.Errorf("%d, %q, want %d, %q: %s", resp.StatusCode, resp.Header.Get("Access-Control-Allow-Origin"), tt.status,
					tt.origin, text)
			}
			if tt.status != 200 && strings.Contains(string(text), "s3cret") {
				t.Error("the answer shows the secret")
			}
		})
	}
}

// Where the server is not asked over the loopback interface, any name is fine.
func TestRemoteName(t *testing.T) {
	r := newRig(t, Options{})
	req, _ := http.NewRequest("GET", "http://pool.example/", nil)
	if r.rebound(req) {
		t.Error("a request without a connection is refused")
	}
}

func TestNoControl(t *testing.T) {
	r := newRig(t, Options{NoControl: true})
	r.seed(t, PoolSeed{Name: "p", Users: []UserSeed{{Username: "bob", Password: aPassword,
		Attributes: map[string]string{"email": "bob@example.com"}}}})
	for _, path := range []string{"/_faults", "/_messages", "/_health"} {
		resp, err := http.Get(r.url + path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != 404 {
			t.Errorf("%s: %d, want 404", path, resp.StatusCode)
		}
	}
	r.send(contact{"bob", "email", "bob@example.com"}, "1")
	if len(r.Messages("")) > 0 {
		t.Error("messages are kept that nobody can read")
	}
}

func TestMessages(t *testing.T) {
	r := newRig(t, Options{})
	for i := range mostMessages + 1 {
		r.send(contact{fmt.Sprint("user", i%2), "email", "x@example.com"}, fmt.Sprint(i))
	}
	read := func(query string) (list []Message) { getJSON(t, r.url+"/_messages"+query, &list); return list }
	all := read("")
	if len(all) != mostMessages/2+1 || all[len(all)-1].Code != fmt.Sprint(mostMessages) {
		t.Errorf("%d messages, the last is %v", len(all), all[len(all)-1])
	}
	for _, m := range read("?username=user1") {
		if m.Username != "user1" {
			t.Errorf("got %v", m)
		}
	}
	if len(read("?username=nobody")) != 0 {
		t.Error("messages to nobody")
	}
	for method, status := range map[string]int{"DELETE": 204, "PATCH": 405} {
		req, _ := http.NewRequest(method, r.url+"/_messages", nil)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != status {
			t.Errorf("%s: %d, want %d", method, resp.StatusCode, status)
		}
	}
	if left := read(""); len(left) != 0 {
		t.Errorf("%d messages after DELETE", len(left))
	}
}

// A request whose body does not come is given up, and the next on its connection is not cut short.
func TestSlowBody(t *testing.T) {
	r := newRig(t, Options{})
	r.bodyTimeout = 50 * time.Millisecond
	conn, err := net.Dial("tcp", strings.TrimPrefix(r.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: %sGetUser\r\nContent-Length: 2\r\n\r\n{",
		targetPrefix)
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != 408 || resp.Header.Get("X-Amzn-Errortype") != "RequestTimeoutException:" || !resp.Close {
		t.Errorf("%d %s, closes: %t", resp.StatusCode, resp.Header.Get("X-Amzn-Errortype"), resp.Close)
	}

	if err := r.Inject(Fault{Kind: Slow, Seconds: 0.2}); err != nil {
		t.Fatal(err)
	}
	if resp, _ := r.post(t, "GetUser", `{}`, nil); resp.StatusCode != 400 {
		t.Errorf("a slow answer: %d", resp.StatusCode)
	}
}
