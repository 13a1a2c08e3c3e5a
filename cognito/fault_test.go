package cognito

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"cognito-enroll/flow"
)

// TestFaults tells what a person reads for each failure, in testdata/faults.txt. Rewrite it with
//
//	go test ./cognito -run Faults -rewrite
//
// and commit a rewrite only when each changed line is meant. A line is one of
//
//	CALL EXCEPTION [status=400]     Cognito refuses with the message below
//	CALL answer [status=200] [type=] [large] the body below comes, whatever it is, after a megabyte of spaces
//	CALL broken FAILURE             nothing comes, for a reason of networkFailures
//	CALL unsigned                   there are no AWS credentials
//
// With "own" the endpoint is not one of AWS, and with "new" its region is one that the SDK does not know.
// CALL is a name in calls, or Unknown for a call that is newer than this package;
// and every row of the table has to be met.
func TestFaults(t *testing.T) {
	met := map[*fault]bool{}
	datadriven.RunTest(t, "testdata/faults.txt", func(t *testing.T, d *datadriven.TestData) string {
		call := calls[d.Cmd]
		if call == nil && d.Cmd != "Unknown" {
			d.Fatalf(t, "there is no call %s", d.Cmd)
		}
		c := newClient(t, func(*http.Request) (*http.Response, error) { return readAnswer(t, d) })
		if d.HasArg("own") {
			c.to.AWS = false
		}
		if d.HasArg("new") {
			c.config.Region = "eu-west-9"
		}
		if d.CmdArgs[0].Key == "unsigned" {
			c.config.Credentials = nil
		}
		_, err := c.result(t.Context(), call)
		if err == nil {
			return "no failure\n"
		}
		met[lookup(c.placed(identify(err), call), call)] = true
		e := c.explain(call, err)
		var b strings.Builder
		fmt.Fprintf(&b, "%s (%s)", e.Fault, e.Code)
		if e.Field != "" {
			fmt.Fprintf(&b, " at %s", e.Field)
		}
		fmt.Fprintf(&b, "\n%s\n", e.Msg)
		if e.Hint != "" {
			fmt.Fprintf(&b, "hint: %s\n", e.Hint)
		}
		if e.Remedy != (flow.Remedy{}) {
			remedy, err := json.Marshal(e.Remedy)
			if err != nil {
				d.Fatalf(t, "%v", err)
			}
			fmt.Fprintf(&b, "remedy: %s\n", remedy)
		}
		return b.String()
	})
	for i := range faults {
		if f := &faults[i]; !met[f] {
			t.Errorf("no line meets the row %q, %q, %q: %s", f.when, f.text, f.during, f.msg)
		}
	}
}

func readAnswer(t *testing.T, d *datadriven.TestData) (*http.Response, error) {
	status, contentType := 0, "application/x-amz-json-1.1"
	for _, a := range d.CmdArgs[1:] {
		switch a.Key {
		case "status":
			n, err := strconv.Atoi(a.Vals[0])
			if err != nil {
				d.Fatalf(t, "%v", err)
			}
			status = n
		case "type":
			contentType = a.Vals[0]
		}
	}
	header := http.Header{"Content-Type": {contentType}}
	switch kind := d.CmdArgs[0].Key; kind {
	case "broken":
		err, ok := networkFailures[d.CmdArgs[1].Key]
		if !ok {
			d.Fatalf(t, "no failure %s", d.CmdArgs[1].Key)
		}
		return nil, err
	case "answer":
		if status == 0 {
			status = http.StatusOK
		}
		if d.HasArg("large") {
			return respondWith(status, header, strings.Repeat(" ", maxAnswer)+d.Input), nil
		}
		return respondWith(status, header, d.Input), nil
	default:
		if status == 0 {
			status = http.StatusBadRequest
		}
		header.Set("X-Amzn-Errortype", kind+":")
		header.Set("X-Amzn-Requestid", "11111111-2222-4333-8444-555555555555")
		body, err := json.Marshal(map[string]string{"__type": kind, "message": d.Input})
		if err != nil {
			d.Fatalf(t, "%v", err)
		}
		return respondWith(status, header, string(body)), nil
	}
}

// networkFailures are errors as net/http returns them; network_test.go meets some of them for real.
var networkFailures = map[string]error{
	"no-such-host": &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host",
		Name: "cognito-idp.us-east-1.amazonaws.com", IsNotFound: true}},
	"name-server": &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "server misbehaving",
		Name: "cognito-idp.us-east-1.amazonaws.com", IsTemporary: true}},
	"refused": &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect",
		errors.New("connection refused"))},
	"tls-timeout": tlsTimeout{},
	"proxy": &net.OpError{Op: "proxyconnect", Net: "tcp",
		Err: errors.New(`the proxy 10.0.0.1:3128 answered "407 Proxy Authentication Required"`)},
	"authority": &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}},
	"other-host": &tls.CertificateVerificationError{Err: x509.HostnameError{
		Certificate: &x509.Certificate{DNSNames: []string{"login.example.net"}},
		Host:        "cognito-idp.us-east-1.amazonaws.com"}},
	"not-http": errors.New(
		`net/http: HTTP/1.x transport connection broken: malformed HTTP response "SSH-2.0-OpenSSH_9.2"`),
	"headers":    errors.New("net/http: server response headers exceeded 10485760 bytes; aborted"),
	"broken":     fmt.Errorf("net/http: HTTP/1.x transport connection broken: %w", io.ErrUnexpectedEOF),
	"alert":      &net.OpError{Op: "remote error", Err: errors.New("tls: protocol version not supported")},
	"plain-http": http.ErrSchemeMismatch,
	"not-tls":    tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"},
	"reset": &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read",
		errors.New("connection reset by peer"))},
	"eof":       io.EOF,
	"timeout":   context.DeadlineExceeded,
	"cancelled": context.Canceled,
}

// tlsTimeout is net/http's tlsHandshakeTimeoutError, which network_test.go has for real no sooner
// than after dialTimeout.
type tlsTimeout struct{}

func (tlsTimeout) Timeout() bool   { return true }
func (tlsTimeout) Temporary() bool { return true }
func (tlsTimeout) Error() string   { return "net/http: TLS handshake timeout" }

func TestWords(t *testing.T) {
	for _, f := range faults {
		for _, text := range []string{f.msg, f.hint} {
			if strings.HasSuffix(text, ".") || text != strings.TrimSpace(text) {
				t.Errorf("%q ends in a full stop or has space around it", text)
			}
			first := strings.Fields(text + " x")[0]
			if first != strings.ToLower(first) && !strings.HasPrefix(first, "Cognito") && first != "AWS" {
				t.Errorf("%q begins with a capital", text)
			}
		}
		if (f.hint == "") == (f.remedy.Name == "") && f.code != flow.CodeCanceled {
			t.Errorf("%q has neither a hint nor a remedy, or both", f.msg)
		}
	}
}
