package cognito

import (
	"crypto/tls"
	"net/http"
)

// http1 makes t speak HTTP/1.1 alone. With GODEBUG=http2debug=2, which Go reads before main, its HTTP/2
// writes every frame to stderr: the password, the key and the token among them.
//
// A Transport that was cloned, as each of the SDK's is, offers h2 in its TLS configuration already, and one
// that offers it without speaking it cannot talk to a server that accepts: so all three are set.
func http1(t *http.Transport) {
	t.ForceAttemptHTTP2 = false
	t.Protocols = new(http.Protocols)
	t.Protocols.SetHTTP1(true)
	t.TLSNextProto = map[string]func(string, *tls.Conn) http.RoundTripper{}
	if t.TLSClientConfig != nil {
		t.TLSClientConfig.NextProtos = nil
	}
}
