package localpool

import (
	"net"
	"net/http"
	"net/url"
	"strings"
)

// The server answers programs on the same machine, and pages in a browser there as far as Cognito
// would: they may call the operations of users. Everything else, such as listing users or reading
// a client's secret, is not for pages that somebody happens to have open.

// foreign reports whether a page of another origin sent the request. Only browsers say so, and
// they do not let pages lie about it.
func foreign(r *http.Request) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site == "cross-site" || site == "same-site" {
		return true
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return false
	}
	u, err := url.Parse(origin)
	return err != nil || u.Host != r.Host
}

// rebound reports whether the request came over the loopback interface for a name that is not
// local: a page may have its own name resolved to 127.0.0.1, and has the origin of this server then.
func (s *Server) rebound(r *http.Request) bool {
	local, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	if !ok || !local.IP.IsLoopback() {
		return false
	}
	name := (&url.URL{Host: r.Host}).Hostname()
	if ip := net.ParseIP(name); ip != nil {
		return !ip.IsLoopback()
	}
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	return name != "localhost" && !strings.HasSuffix(name, ".localhost") && name != s.issuerHost
}

func (s *Server) guard(w http.ResponseWriter, r *http.Request) (refused bool) {
	control := strings.HasPrefix(r.URL.Path, "/_")
	switch {
	case s.rebound(r):
		http.Error(w, "This local user pool answers to localhost, not to this host name.",
			http.StatusMisdirectedRequest)
	case control && s.o.NoControl:
		http.NotFound(w, r)
	case control && foreign(r):
		http.Error(w, "This path is not for pages of other origins.", http.StatusForbidden)
	default:
		return false
	}
	return true
}

// preflight allows pages of other origins the operations of users, which are not signed.
func preflight(w http.ResponseWriter, r *http.Request) {
	headers := r.Header.Get("Access-Control-Request-Headers")
	if foreign(r) {
		for name := range strings.SplitSeq(headers, ",") {
			if strings.EqualFold(strings.TrimSpace(name), "Authorization") {
				http.Error(w, "Signed operations are not for pages of other origins.", http.StatusForbidden)
				return
			}
		}
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Allow-Methods", "POST")
	h.Set("Access-Control-Allow-Headers", headers)
	h.Set("Access-Control-Max-Age", "172800")
}
