package admin

import (
	"slices"
	"strings"

	"cognito-enroll/cognito"
)

// next is what a user meets at the next sign-in with the password.
type next string

// The values are stable, for programs.
const (
	nextCode     next = "authenticator" // a code of the authenticator app is asked for
	nextEnroll   next = "enroll"        // an authenticator app is to be set up
	nextText     next = "text-message"  // a code is sent by text message
	nextEmail    next = "email"         // a code is sent by email
	nextPassword next = "password"      // nothing: the password alone opens the account
	nextLocked   next = "locked-out"    // MFA is required, and this user has no way to it
	nextProvider next = "provider"      // another provider signs the user in, and its MFA counts
	nextDisabled next = "disabled"      // the user cannot sign in
	nextUnknown  next = unknown         // the factors are not known
)

// follows says what the user meets at the next sign-in to a pool of these settings. Which factor a pool prefers where
// several are possible, and that a phone number in a pool with text messages keeps it from ever asking to enroll, is
// from the Developer Guide, "Adding MFA to a user pool".
func follows(p cognito.Pool, u cognito.User) next {
	switch {
	case u.Status == cognito.StatusFederated:
		return nextProvider
	case !u.Enabled:
		return nextDisabled
	case p.MFA == cognito.MFAOff:
		return nextPassword
	}
	for _, f := range preferredFirst(u) {
		switch f {
		case cognito.FactorTOTP:
			return nextCode
		case cognito.FactorSMS:
			return nextText
		case cognito.FactorEmail:
			return nextEmail
		}
	}
	switch {
	case p.MFA != cognito.MFARequired:
		return nextPassword
	case p.SMS && u.Phone != "":
		return nextText
	case p.Email && u.Email != "":
		return nextEmail
	case p.TOTP:
		return nextEnroll
	}
	return nextLocked
}

// preferredFirst are the active factors, the preferred one first, and else the authenticator.
func preferredFirst(u cognito.User) []string {
	rank := func(f string) int {
		switch f {
		case u.Preferred:
			return 0
		case cognito.FactorTOTP:
			return 1
		case cognito.FactorSMS:
			return 2
		}
		return 3
	}
	list := slices.Clone(u.Factors)
	slices.SortStableFunc(list, func(a, b string) int { return rank(a) - rank(b) })
	return list
}

// without is the user when the authenticator is gone.
func without(u cognito.User) cognito.User {
	u.Factors = slices.DeleteFunc(slices.Clone(u.Factors), func(f string) bool { return f == cognito.FactorTOTP })
	if u.Preferred == cognito.FactorTOTP {
		u.Preferred = ""
	}
	return u
}

// willBe are the sentences that say what follows once the authenticator is deleted.
func willBe(n next) string {
	switch n {
	case nextEnroll:
		return "At the next sign-in, Cognito asks this user to set up an authenticator app."
	case nextText:
		return "At the next sign-in, Cognito sends a code by text message, which may reach the lost phone. It never asks " +
			"this user to set up an authenticator app."
	case nextEmail:
		return "At the next sign-in, Cognito sends a code by email. It never asks this user to set up an authenticator app."
	case nextPassword:
		return "The password alone opens the account from then on, until the user sets up another authenticator app."
	case nextLocked:
		return "This user cannot sign in any more: the pool requires MFA and offers this user nothing."
	case nextDisabled:
		return "This user is disabled and cannot sign in before somebody enables the user again."
	}
	return "What Cognito asks at the next sign-in is not known."
}

// factorNames are the factors in words.
var factorNames = map[string]string{
	cognito.FactorTOTP: "authenticator app", cognito.FactorSMS: "text message", cognito.FactorEmail: "email",
}

// inWords lists factors as a person reads them.
func inWords(factors []string, preferred string) string {
	if len(factors) == 0 {
		return "none"
	}
	var list []string
	for _, f := range factors[:min(len(factors), 10)] {
		name, ok := factorNames[f]
		if !ok {
			name = line(f)
		}
		if f == preferred {
			name += " (preferred)"
		}
		list = append(list, name)
	}
	return strings.Join(list, ", ")
}

// mfaInWords is the pool's setting.
func mfaInWords(p cognito.Pool) string {
	switch p.MFA {
	case cognito.MFARequired:
		return "required in this pool"
	case cognito.MFAOptional:
		return "optional in this pool"
	case cognito.MFAOff:
		return "turned off in this pool"
	}
	return line(p.MFA)
}
