package serve

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// counters are what can be seen from outside, as Prometheus' text format 0.0.4 has it. They are written by hand: the
// library for it costs more at every start of the program than this does in a day.
type counters struct {
	mu     sync.Mutex
	values map[string]float64 // by series
}

// families are the counters and gauges, with the labels that each may have and their values, all of which are there
// from the start.
var families = []struct {
	name, kind, help, label string
	values                  []string
}{
	{"connections", "gauge", "Connections that are open.", "", nil},
	{"connections_total", "counter", "Connections, with those that were refused.", "", nil},
	{"connections_refused_total", "counter", "Connections refused or closed by a limit.", "limit",
		[]string{"connections", "address", "time"}},
	{"handshakes_failed_total", "counter", "Connections that never became SSH, or were not let in.", "", nil},
	{"sessions", "gauge", "Sessions under way.", "", nil},
	{"sessions_total", "counter", "Sessions that ended, by how.", "result", results},
	{"requests_refused_total", "counter", "SSH requests and channels that are not served, by kind.", "kind",
		append([]string{"agent", "channel", "second-session", "other"}, kinds...)},
	{"sign_ins_total", "counter", "Calls that sign in or answer a challenge.", "outcome", []string{"ok", "failed"}},
	{"sign_ins_refused_total", "counter", "Sign-ins that had to wait, and were not sent.", "", nil},
	{"enrolled_total", "counter", "Sessions that ended with an authenticator that is on.", "", nil},
	{"panics_total", "counter", "Sessions that ended because of a bug.", "", nil},
	{"draining", "gauge", "1 while no new sessions are let in.", "", nil},
}

const prefix = "cognito_enroll_"

func newCounters() *counters {
	c := &counters{values: map[string]float64{}}
	for _, f := range families {
		if f.label == "" {
			c.values[prefix+f.name] = 0
		}
		for _, v := range f.values {
			c.values[series(f.name, f.label, v)] = 0
		}
	}
	return c
}

func series(name, label, value string) string {
	return fmt.Sprintf("%s%s{%s=%q}", prefix, name, label, value)
}

// add changes a series without a label.
func (c *counters) add(name string, by float64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.values[prefix+name] += by
}

// count adds one to a series with a label.
func (c *counters) count(name, label, value string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.values[series(name, label, value)]++
}

// write writes all series.
func (c *counters) write(w io.Writer) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var b strings.Builder
	for _, f := range families {
		fmt.Fprintf(&b, "# HELP %s%s %s\n# TYPE %s%s %s\n", prefix, f.name, f.help, prefix, f.name, f.kind)
		if f.label == "" {
			fmt.Fprintf(&b, "%s%s %v\n", prefix, f.name, c.values[prefix+f.name])
		}
		for _, v := range slices.Sorted(slices.Values(f.values)) {
			s := series(f.name, f.label, v)
			fmt.Fprintf(&b, "%s %v\n", s, c.values[s])
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// web serves /metrics and /healthz. The latter is for a balancer: while the sessions drain it answers 503.
func (s *server) web() *http.Server {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		s.counters.write(w)
	})
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		if s.leaving() {
			http.Error(w, "draining", http.StatusServiceUnavailable)
			return
		}
		io.WriteString(w, "ok\n")
	})
	return &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 5 * time.Second,
		WriteTimeout: 5 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10}
}

// loopback reports whether nobody but this machine reaches an address to listen on.
func loopback(address string) (bool, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false, err
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback(), nil
}
