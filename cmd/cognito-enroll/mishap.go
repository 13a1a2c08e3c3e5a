package main

import (
	"maps"
	"slices"

	"cognito-enroll/cognito/localpool"
)

// mishap is what goes wrong in a demonstration.
type mishap struct {
	what   string // after "This time"
	faults []localpool.Fault
}

const verify = "VerifySoftwareToken"

// mishaps are the values of demo's --fault; without one, nothing goes wrong.
var mishaps = map[string]mishap{
	"": {},
	"lost-response": {"the answer to your first code is lost on its way back",
		[]localpool.Fault{{Kind: localpool.LostResponse, Operation: verify}}},
	"internal-error": {"the pool has an internal error at your first code",
		[]localpool.Fault{{Kind: localpool.InternalError, Operation: verify}}},
	"throttle": {"the pool is busy at your sign-in and at your first code",
		[]localpool.Fault{{Kind: localpool.Throttle, Operation: "InitiateAuth"}, {Kind: localpool.Throttle, Operation: verify}}},
	"waf": {"a firewall (AWS WAF) is in the way of your first sign-in",
		[]localpool.Fault{{Kind: localpool.WAF, Operation: "InitiateAuth"}}},
	"html": {"a captive portal answers your first sign-in",
		[]localpool.Fault{{Kind: localpool.HTML, Operation: "InitiateAuth"}}},
	"slow": {"every answer takes three seconds longer",
		[]localpool.Fault{{Kind: localpool.Slow, Times: -1, Seconds: 3}}},
	"expired": {"the session is over by your first code",
		[]localpool.Fault{{Kind: localpool.ExpiredSession, Operation: verify}}},
	"status-error": {"the pool does not verify your first code, and does not say why",
		[]localpool.Fault{{Kind: localpool.StatusError, Operation: verify}}},
	"skew": {"this computer's clock is three minutes behind the pool's and the phone's",
		[]localpool.Fault{{Kind: localpool.SkewedDate, Seconds: 180}}},
	"safe-replace": {"the pool keeps the old authenticator until the new one is verified",
		[]localpool.Fault{{Kind: localpool.SafeAssociate}}},
}

// mishapList is for the help.
func mishapList() string {
	var rows [][2]string
	for _, name := range slices.Sorted(maps.Keys(mishaps)) {
		if name != "" {
			rows = append(rows, [2]string{name, mishaps[name].what})
		}
	}
	return "\n" + listing(rows)
}
