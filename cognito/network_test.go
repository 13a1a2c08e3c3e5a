package cognito

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"cognito-enroll/flow"
)

// overHTTP returns a Client with the transport that people have, and sends it to endpoint.
func overHTTP(t *testing.T, endpoint string) *Client {
	t.Helper()
	c, err := New(Config{PoolID: "us-east-1_AbCdEf123", ClientID: "3n4b5urk1ft4fl3mg5e62d9ado", Endpoint: endpoint})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func serve(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

func wantFailure(t *testing.T, e *flow.Error, code flow.ErrorCode, fault flow.Fault, msg string) {
	t.Helper()
	if e.Code != code || e.Fault != fault || !strings.Contains(e.Msg, msg) {
		t.Errorf("%s (%s): %q; want %s (%s) and %q", e.Code, e.Fault, e.Msg, code, fault, msg)
	}
}

func TestRefusedConnection(t *testing.T) {
	s := serve(t, nil)
	s.Close()
	e := fails(t, overHTTP(t, s.URL), calls["SignIn"])
	wantFailure(t, e, unreachable, flow.Wait, strings.TrimPrefix(s.URL, "http://")+": connect: ")
}

func TestUnknownAuthority(t *testing.T) {
	s := httptest.NewTLSServer(http.NotFoundHandler())
	defer s.Close()
	e := fails(t, overHTTP(t, s.URL), calls["SignIn"])
	wantFailure(t, e, tlsFailed, flow.Elsewhere, "certificate signed by unknown authority")
}

func TestPlainServerOnHTTPS(t *testing.T) {
	s := serve(t, http.NotFound)
	e := fails(t, overHTTP(t, strings.Replace(s.URL, "http:", "https:", 1)), calls["SignIn"])
	wantFailure(t, e, tlsFailed, flow.Elsewhere, "it speaks plain http")
}

func TestAnotherServer(t *testing.T) {
	e := fails(t, overHTTP(t, serve(t, http.NotFound).URL), calls["SignIn"])
	wantFailure(t, e, notCognito, flow.Wait, "404 Not Found")
}

// TestOtherProtocol: something answers, and it is not HTTP. That is not the loss of an answer.
func TestOtherProtocol(t *testing.T) {
	for name, answer := range map[string]string{
		"ssh": "SSH-2.0-OpenSSH_9.2\r\n", "mail": "220 mail ESMTP\r\n", "noise": "\x00\x01\x02\r\n\r\n",
		"length": "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n{}", "headers": "HTTP/1.1 200 OK\r\nX: " +
			strings.Repeat("a", 11<<20) + "\r\n\r\n",
		"chunk": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				io.Copy(io.Discard, r.Body)
				c, _, err := http.NewResponseController(w).Hijack()
				if err != nil {
					t.Error(err)
					return
				}
				io.WriteString(c, answer)
				c.(*net.TCPConn).CloseWrite()
				io.Copy(io.Discard, c)
				c.Close()
			})
			f, ok := overHTTP(t, s.URL).Do(t.Context(), calls["Associate"]).(flow.Failed)
			if !ok || f.Done != flow.Unknown {
				t.Fatalf("%+v", f)
			}
			wantFailure(t, f.Err, flow.CodeNoAnswer, flow.Wait, "makes no sense")
		})
	}
}

// TestDroppedConnection: neither the SDK nor net/http, which repeats some requests on a connection
// that was used before, sends anything twice.
func TestDroppedConnection(t *testing.T) {
	for _, name := range []string{"SignIn", "SignInSRP", "SOFTWARE_TOKEN_MFA", "Associate", "VerifyByToken"} {
		t.Run(name, func(t *testing.T) {
			var requests atomic.Int32
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if requests.Add(1) == 1 {
					w.Write([]byte(`{}`)) // and the connection is kept
					return
				}
				panic(http.ErrAbortHandler)
			})
			c := overHTTP(t, s.URL)
			c.Do(t.Context(), calls["SignIn"])
			wantFailure(t, fails(t, c, calls[name]), flow.CodeNoAnswer, flow.Wait, "no answer")
			if n := requests.Load(); n != 2 {
				t.Errorf("%d requests arrived, want the first and one more", n)
			}
		})
	}
}

// TestArrived: over real connections, a request that cannot have arrived did nothing, and of others
// nobody can say.
func TestArrived(t *testing.T) {
	trusting := func(s *httptest.Server) Config {
		roots := x509.NewCertPool()
		roots.AddCert(s.Certificate())
		return Config{Endpoint: s.URL, Transport: newTransport(roots, callTimeout)}
	}
	overTLS := func(config *tls.Config, h http.HandlerFunc) *httptest.Server {
		s := httptest.NewUnstartedServer(h)
		s.TLS, s.Config.ErrorLog = config, log.New(io.Discard, "", 0)
		s.StartTLS()
		t.Cleanup(s.Close)
		return s
	}
	// handler serves with what the caller of Do can do meanwhile.
	type handler func(w http.ResponseWriter, r *http.Request, cancel func())
	plain := func(h handler) func(func()) Config {
		return func(cancel func()) Config {
			return Config{Endpoint: serve(t, func(w http.ResponseWriter, r *http.Request) { h(w, r, cancel) }).URL}
		}
	}
	for name, tc := range map[string]struct {
		config func(cancel func()) Config
		want   flow.Known
		code   flow.ErrorCode
	}{
		"nobody listens": {func(func()) Config {
			s := serve(t, nil)
			s.Close()
			return Config{Endpoint: s.URL}
		}, flow.No, unreachable},
		"a certificate of nobody we know": {func(func()) Config {
			return Config{Endpoint: overTLS(nil, http.NotFound).URL}
		}, flow.No, tlsFailed},
		"plain http where TLS is spoken": {func(func()) Config {
			return Config{Endpoint: strings.Replace(serve(t, http.NotFound).URL, "http:", "https:", 1)}
		}, flow.No, tlsFailed},
		"an old version of TLS": {func(func()) Config {
			old := &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}
			return trusting(overTLS(old, http.NotFound))
		}, flow.No, tlsFailed},
		"a client certificate is wanted, TLS 1.2": {func(func()) Config {
			old := &tls.Config{ClientAuth: tls.RequireAnyClientCert, MaxVersion: tls.VersionTLS12}
			return trusting(overTLS(old, http.NotFound))
		}, flow.No, tlsFailed},
		"the caller goes during the handshake": {func(cancel func()) Config {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { l.Close() })
			go func() {
				if c, err := l.Accept(); err == nil {
					io.ReadFull(c, make([]byte, 5)) // the client's hello has begun
					cancel()
					io.Copy(io.Discard, c)
					c.Close()
				}
			}()
			return Config{Endpoint: "https://" + l.Addr().String()}
		}, flow.No, flow.CodeCanceled},
		"the caller goes before the answer": {plain(func(_ http.ResponseWriter, r *http.Request, cancel func()) {
			io.Copy(io.Discard, r.Body)
			cancel()
			<-r.Context().Done()
		}), flow.Unknown, flow.CodeCanceled},
		"the caller goes amid the answer": {plain(func(w http.ResponseWriter, r *http.Request, cancel func()) {
			io.Copy(io.Discard, r.Body)
			io.WriteString(w, `{"SecretCode":`)
			w.(http.Flusher).Flush()
			cancel()
			<-r.Context().Done()
		}), flow.Unknown, flow.CodeCanceled},
		"the connection is cut": {plain(func(http.ResponseWriter, *http.Request, func()) {
			panic(http.ErrAbortHandler)
		}), flow.Unknown, flow.CodeNoAnswer},
		"the answer is cut": {plain(func(w http.ResponseWriter, _ *http.Request, _ func()) {
			w.Header().Set("Content-Length", "100")
			io.WriteString(w, `{"SecretCode":"K","Session":"S"}`)
		}), flow.Unknown, flow.CodeNoAnswer},
		"a chunk is cut": {plain(func(w http.ResponseWriter, _ *http.Request, _ func()) {
			io.WriteString(w, `{"SecretCode":"K","Session":"S"}`)
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}), flow.Unknown, flow.CodeNoAnswer},
		"too large": {plain(func(w http.ResponseWriter, _ *http.Request, _ func()) {
			io.WriteString(w, `{"SecretCode":"K","Session":"S"}`+strings.Repeat(" ", maxAnswer))
		}), flow.Unknown, flow.CodeNoAnswer},
		"refused": {plain(func(w http.ResponseWriter, _ *http.Request, _ func()) {
			w.Header().Set("X-Amzn-Errortype", "TooManyRequestsException:")
			w.WriteHeader(http.StatusBadRequest)
			io.WriteString(w, `{}`)
		}), flow.No, throttled},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			config := tc.config(cancel)
			config.PoolID, config.ClientID = "us-east-1_AbCdEf123", "3n4b5urk1ft4fl3mg5e62d9ado"
			c, err := New(config)
			if err != nil {
				t.Fatal(err)
			}
			failed, ok := c.Do(ctx, calls["Associate"]).(flow.Failed)
			if !ok || failed.Done != tc.want || failed.Err.Code != tc.code {
				t.Errorf("%s, %+v; want %s, %s", failed.Done, failed.Err, tc.want, tc.code)
			}
		})
	}
}

// TestRedirect: the password does not follow one.
func TestRedirect(t *testing.T) {
	thief := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("the redirect was followed") })
	for _, status := range []int{http.StatusMovedPermanently, http.StatusTemporaryRedirect, http.StatusPermanentRedirect} {
		s := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, thief.URL, status) })
		wantFailure(t, fails(t, overHTTP(t, s.URL), calls["SignIn"]), notCognito, flow.Wait, http.StatusText(status))
	}
}

func TestCanceled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body) // or the server would not notice that we hang up
		cancel()
		<-r.Context().Done()
	})
	e := overHTTP(t, s.URL).Do(ctx, calls["SignIn"]).(flow.Failed).Err
	wantFailure(t, e, flow.CodeCanceled, flow.Wait, "canceled")
}

// TestProxyRefuses goes through the transport that New makes, but for the proxy's address, which
// net/http reads from the environment once in a process.
func TestProxyRefuses(t *testing.T) {
	proxy := serve(t, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusProxyAuthRequired) })
	address, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	transport := newHTTPClient(newTransport(nil, callTimeout),
		nil).Transport.(timed).RoundTripper.(witness).RoundTripper.(*http.Transport)
	transport.Proxy = http.ProxyURL(address)
	c, err := New(Config{PoolID: "us-east-1_AbCdEf123", ClientID: "3n4b5urk1ft4fl3mg5e62d9ado", Transport: transport})
	if err != nil {
		t.Fatal(err)
	}
	wantFailure(t, fails(t, c, calls["SignIn"]), unreachable, flow.Wait,
		address.Host+" answered \"407 Proxy Authentication Required\"")
}

// TestEndlessAnswer: no more than maxAnswer is read of it.
func TestEndlessAnswer(t *testing.T) {
	read := 0
	c := newClient(t, func(*http.Request) (*http.Response, error) {
		res := respondWith(http.StatusOK, nil, "")
		res.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"Session":"`), readerFunc(func(p []byte) (int, error) {
			if read += len(p); read > 2*maxAnswer {
				return 0, io.EOF
			}
			return copy(p, strings.Repeat("A", len(p))), nil
		})))
		return res, nil
	})
	wantFailure(t, fails(t, c, calls["SignIn"]), flow.CodeNoAnswer, flow.Wait, "larger than any")
	if read > maxAnswer {
		t.Errorf("%d bytes were read, want %d at most", read, maxAnswer)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
