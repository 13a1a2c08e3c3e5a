package demo

import (
	"maps"
	"slices"

	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cognito/localpool"
)

// Fault is what goes wrong in a demo. The zero value is nothing.
type Fault struct {
	what   string // after "This time"
	next   string // as a sentence, where a key makes it happen next
	only   string // the one call that it can happen to then; any if ""
	faults []localpool.Fault
}

const verify = "VerifySoftwareToken"

// faults are the values of demo's --fault.
var faults = map[string]Fault{
	"": {next: "Nothing goes wrong any more."},
	"lost-response": {what: "the answer to your first code is lost",
		next:   "Next, an answer is lost on its way.",
		faults: []localpool.Fault{{Kind: localpool.LostResponse, Operation: verify}}},
	"internal-error": {what: "the pool has an internal error when you send your first code",
		next:   "Next, the pool has an internal error.",
		faults: []localpool.Fault{{Kind: localpool.InternalError, Operation: verify}}},
	"throttle": {what: "the pool is busy when you sign in and when you send your first code",
		next: "Next, the pool is busy.",
		faults: []localpool.Fault{
			{Kind: localpool.Throttle, Operation: "InitiateAuth"},
			{Kind: localpool.Throttle, Operation: verify},
		}},
	"waf": {what: "a firewall (AWS WAF) blocks your first sign-in",
		next:   "Next, a firewall (AWS WAF) blocks the request.",
		faults: []localpool.Fault{{Kind: localpool.WAF, Operation: "InitiateAuth"}}},
	"html": {what: "a captive portal answers your first sign-in",
		next:   "Next, a captive portal answers.",
		faults: []localpool.Fault{{Kind: localpool.HTML, Operation: "InitiateAuth"}}},
	"slow": {what: "every answer takes three seconds longer",
		next:   "From now on every answer takes three seconds longer.",
		faults: []localpool.Fault{{Kind: localpool.Slow, Times: -1, Seconds: 3}}},
	"expired": {what: "the session ends before your first code",
		next: "Your session ends before the first code of a new entry.", only: verify,
		faults: []localpool.Fault{{Kind: localpool.ExpiredSession, Operation: verify}}},
	"status-error": {what: "the pool rejects your first code without a reason",
		next: "Next, the pool rejects the first code of a new entry without a reason.", only: verify,
		faults: []localpool.Fault{{Kind: localpool.StatusError, Operation: verify}}},
	"skew": {what: "the clock here is three minutes slow",
		next:   "From now on the clock here is three minutes slow.",
		faults: []localpool.Fault{{Kind: localpool.SkewedDate, Seconds: 180}}},
	"safe-replace": {what: "the pool keeps the old authenticator until the new one is verified",
		faults: []localpool.Fault{{Kind: localpool.SafeAssociate}}},
}

// shown are those that a key makes happen, one after the other. The last is none.
var shown = []string{
	"lost-response", "expired", "skew", "throttle", "html", "waf", "internal-error", "status-error", "slow", "",
}

// FaultNamed returns the fault of that name; of "", the one that is nothing.
func FaultNamed(name string) (Fault, error) {
	f, ok := faults[name]
	if !ok {
		return f, exit.Usagef("see cognito-enroll demo --help", "unknown --fault %q", name)
	}
	return f, nil
}

// Faults returns the name of each fault, and what it is.
func Faults() (rows [][2]string) {
	for _, name := range slices.Sorted(maps.Keys(faults)) {
		if name == "" {
			continue
		}
		rows = append(rows, [2]string{name, faults[name].what})
	}
	return rows
}
