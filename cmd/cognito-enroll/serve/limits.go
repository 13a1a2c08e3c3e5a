package serve

import (
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"

	"cognito-enroll/flow"
	"cognito-enroll/ui"
)

// The limits on failures. Cognito sees one address, that of this host, and so locks people out for what others did:
// whoever fails here waits here.
const (
	failuresHere = 3                // with one name, from one address
	failuresName = 10               // with one name, from anywhere
	firstWait    = 30 * time.Second // doubled with each more
	longestWait  = 5 * time.Minute
	forgotten    = 15 * time.Minute // after the last one
	mostFailures = 20_000           // are kept
)

// limits are those of this process. Another process behind the same balancer has its own.
type limits struct {
	connections, perAddress int
	signIns                 int // a minute and address
	now                     func() time.Time

	mu       sync.Mutex
	open     int
	from     map[netip.Prefix]int
	failures map[failing]failure
	underWay map[failing]int              // sign-ins whose outcome is not known
	recent   map[netip.Prefix][]time.Time // sign-ins of the last minute
}

// failing is a name, from somewhere or from anywhere.
type failing struct {
	name string
	from netip.Prefix
}

type failure struct {
	count int
	last  time.Time
	until time.Time
}

func newLimits(connections, perAddress, signIns int) *limits {
	return &limits{
		connections: connections, perAddress: perAddress, signIns: signIns, now: time.Now,
		from: map[netip.Prefix]int{}, failures: map[failing]failure{}, underWay: map[failing]int{},
		recent: map[netip.Prefix][]time.Time{},
	}
}

// network is whom an address counts as: one of IPv4, or a network of IPv6 as a household has it.
func network(a net.Addr) netip.Prefix {
	at, err := netip.ParseAddrPort(a.String())
	if err != nil {
		return netip.Prefix{}
	}
	ip, bits := at.Addr().Unmap().WithZone(""), 64
	if ip.Is4() {
		bits = 32
	}
	p, _ := ip.Prefix(bits)
	return p
}

// connect counts one connection, which is from somewhere as soon as that is known.
func (l *limits) connect() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open >= l.connections {
		return false
	}
	l.open++
	return true
}

// comes counts an address for a connection.
func (l *limits) comes(from netip.Prefix) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.from[from] >= l.perAddress {
		return false
	}
	l.from[from]++
	return true
}

// goes ends what comes began.
func (l *limits) goes(from netip.Prefix) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.from[from]--; l.from[from] <= 0 {
		delete(l.from, from)
	}
}

// disconnect ends what connect began.
func (l *limits) disconnect() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open--
}

// signsIn returns how long somebody has to wait before the next sign-in. If that is zero it counts this one, which
// is under way until signedIn: several at once are not to be more guesses than one after the other.
func (l *limits) signsIn(name string, from netip.Prefix) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	name = folded(name)
	wait := max(l.failures[failing{name, from}].until.Sub(now), l.failures[failing{name: name}].until.Sub(now))
	for who, most := range limitsOf(name, from) {
		if n := l.underWay[who]; n > 0 && l.failures[who].count+n >= most {
			wait = max(wait, time.Second)
		}
	}
	recent := l.recent[from]
	for len(recent) > 0 && now.Sub(recent[0]) >= time.Minute {
		recent = recent[1:]
	}
	if len(recent) >= l.signIns {
		wait = max(wait, recent[len(recent)-l.signIns].Add(time.Minute).Sub(now))
	}
	if wait > 0 {
		l.recent[from] = recent
		return wait
	}
	if len(l.recent) >= mostFailures {
		l.forgetSignIns(now)
	}
	l.recent[from] = append(recent, now)
	for who := range limitsOf(name, from) {
		l.underWay[who]++
	}
	return 0
}

// signedIn ends what signsIn began, when it is known whether it failed.
func (l *limits) signedIn(name string, from netip.Prefix) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for who := range limitsOf(folded(name), from) {
		if l.underWay[who]--; l.underWay[who] <= 0 {
			delete(l.underWay, who)
		}
	}
}

// limitsOf are how many failures are allowed with a name, from an address and from anywhere.
func limitsOf(name string, from netip.Prefix) map[failing]int {
	return map[failing]int{{name, from}: failuresHere, {name: name}: failuresName}
}

// failed counts a failure.
func (l *limits) failed(name string, from netip.Prefix) {
	l.mu.Lock()
	defer l.mu.Unlock()
	name = folded(name)
	for who, most := range limitsOf(name, from) {
		l.fails(who, most)
	}
}

// succeeded forgets what went wrong before.
func (l *limits) succeeded(name string, from netip.Prefix) {
	l.mu.Lock()
	defer l.mu.Unlock()
	name = folded(name)
	for who := range limitsOf(name, from) {
		delete(l.failures, who)
	}
}

func (l *limits) fails(who failing, most int) {
	now := l.now()
	f, ok := l.failures[who]
	if !ok && len(l.failures) >= mostFailures {
		l.forgetFailures(now)
	}
	if now.Sub(f.last) >= forgotten {
		f = failure{}
	}
	f.count, f.last = f.count+1, now
	if over := f.count - most; over >= 0 {
		f.until = now.Add(min(longestWait, firstWait<<min(over, 10)))
	}
	l.failures[who] = f
}

// forgetFailures makes room.
func (l *limits) forgetFailures(now time.Time) {
	makeRoom(l.failures, func(f failure) bool { return now.Sub(f.last) >= forgotten })
}

// forgetSignIns makes room.
func (l *limits) forgetSignIns(now time.Time) {
	makeRoom(l.recent, func(times []time.Time) bool {
		return len(times) == 0 || now.Sub(times[len(times)-1]) >= time.Minute
	})
}

// makeRoom deletes those that are old and, if they are few, any, until a quarter is free: it looks at all of them, so
// it must not be needed for each.
func makeRoom[K comparable, V any](all map[K]V, old func(V) bool) {
	for key, value := range all {
		if old(value) {
			delete(all, key)
		}
	}
	for key := range all {
		if len(all) <= mostFailures*3/4 {
			return
		}
		delete(all, key)
	}
}

// folded makes one of the names that a user pool may take for one.
func folded(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// waiting is what somebody hears who has to wait.
func waiting(wait time.Duration) flow.Failed {
	return flow.Failed{Done: flow.No, Err: &flow.Error{
		Code: "locked-out", Fault: flow.Wait, Msg: "too many sign-ins failed or were tried",
		Hint: "wait " + ui.Spoken(max(wait, time.Second)) + ", then try again",
	}}
}
