package flow

import "time"

// A step is a call by itself: an Associate or a Verify without a run around it, for a program that keeps the
// Grant, the key and the order. What it has to know of this package is here.

// CodeField is where a code of an authenticator app is asked for.
func CodeField() Field { return Field{Key: "code", Label: "Code", Kind: Code, Min: 6, Max: 6} }

// DeviceField is where the friendly device name is asked for.
func DeviceField() Field {
	return Field{Key: "device", Label: "Device name", Kind: Text, Min: 1, Max: 64}
}

// AccessToken is what can be read in an access token. Its signature is for Cognito to check.
type AccessToken struct {
	Username string
	Pool     string // user pool ID
	Expires  time.Time
}

// ReadAccessToken returns what is in token, or what keeps it from being of use at the time at, in the pool with
// that id; "" is any.
func ReadAccessToken(token Secret, pool string, at time.Time) (AccessToken, *Error) {
	c, err := readToken(token, pool, at)
	if err != nil {
		return AccessToken{}, err
	}
	return AccessToken{Username: c.Username, Pool: c.pool(), Expires: time.Unix(int64(c.Exp), 0).UTC()}, nil
}

// SessionEnds is the time until which Cognito keeps a Session at least that it gave at the time at.
func SessionEnds(at time.Time) time.Time { return at.Add(minSession) }

// Unfit says what is wrong with a code of an app that has key, before an attempt is spent on it, or nil. The
// clock that gave at is trusted. A key that cannot be computed with says nothing about a code.
func Unfit(key, code Secret, at time.Time) *Error {
	key, err := cleanKey(key, false)
	if err != nil {
		return nil
	}
	match, off := diagnose(key.Reveal(), code.Reveal(), at)
	unfit := newRun(Options{}).unlikely(match, off)
	switch {
	case unfit == nil:
	case match == foreign:
		unfit.Hint = "use the code of the entry with this key, or leave the key out to send the code anyway"
	default:
		unfit.Hint = "turn on automatic date and time on the phone, or leave the key out to send the code anyway"
	}
	return unfit
}

// AfterStep is what is true after a step that failed, "" if it changed nothing.
func AfterStep(call Call, done Known) string {
	if done == No {
		return ""
	}
	switch call := call.(type) {
	case Associate:
		if !call.Grant.AccessToken.Empty() {
			return keyUnknown + " " + maybeDropped
		}
		return keyUnknown
	case Verify:
		return codeUnknown
	}
	return ""
}

// IsKey reports whether text can be the key of an authenticator app: base32, as Cognito gives it or as a person
// copies it, with spaces and in lower case.
func IsKey(text Secret) bool {
	key, err := cleanKey(text, false)
	return err == nil && decodable(key.Reveal())
}
