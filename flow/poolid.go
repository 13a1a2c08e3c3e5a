package flow

import (
	"strings"
	"unicode"
)

// What can be typed as the id of a user pool, of an app client and of a region. The API reference has patterns for the
// first two (UserPoolId and ClientId of DescribeUserPoolClient), and a test compares. No regular expression is
// compiled for them: that would be the most that the start of the program does.

// The longest ids are in characters, and all of them are ASCII.
const (
	longestPoolID   = 55
	longestClientID = 128
)

// IsPoolID reports whether text can be the id of a user pool, on AWS or elsewhere: local_5HnLk2Jz is that of an
// emulator.
func IsPoolID(text string) bool {
	region, name := SplitPoolID(text)
	return len(text) <= longestPoolID && madeOf(region, letters+digits+"_-") && madeOf(name, letters+digits)
}

// IsClientID reports whether text can be the id of an app client.
func IsClientID(text string) bool {
	return len(text) <= longestClientID && madeOf(text, letters+digits+"_+")
}

// IsRegion reports whether text has the form of an AWS region, which is what AWS has called one so far, in any
// partition: us-east-1, us-gov-west-1, us-iso-east-1, eusc-de-east-1.
func IsRegion(text string) bool {
	parts := strings.Split(text, "-")
	last := len(parts) - 1
	if last < 2 || len(parts[0]) < 2 || len(parts[0]) > 4 || len(parts[last]) > 2 {
		return false
	}
	for _, part := range parts[:last] {
		if !madeOf(part, lower) {
			return false
		}
	}
	return madeOf(parts[last], digits)
}

const (
	lower   = "abcdefghijklmnopqrstuvwxyz"
	letters = lower + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	digits  = "0123456789"
)

// madeOf reports whether text has characters, and none but those.
func madeOf(text, characters string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool { return !strings.ContainsRune(characters, r) })
}

// SplitPoolID returns what stands before the last "_" of a user pool's ID, a region on AWS, and the name after it.
func SplitPoolID(id string) (region, name string) {
	i := strings.LastIndexByte(id, '_')
	if i < 0 {
		return "", id
	}
	return id[:i], id[i+1:]
}

// PoolOf returns the user pool's ID in what people have: an ARN, an issuer URL with or without a slash at the
// end, or the URL of a document below it, such as
// https://cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEf123/.well-known/openid-configuration.
// Quotes and spaces around it are dropped. An id stays as it is. What comes back need not be an id: IsPoolID tells.
func PoolOf(text string) string {
	text = Unquote(text)
	if strings.HasPrefix(text, "arn:") {
		if _, id, ok := strings.Cut(text, ":userpool/"); ok {
			id, _, _ = strings.Cut(id, "/")
			return id
		}
		return text
	}
	if i := strings.IndexAny(text, "?#"); i >= 0 {
		text = text[:i]
	}
	text, _, _ = strings.Cut(text, "/.well-known")
	text = strings.TrimRight(text, "/")
	return text[strings.LastIndexByte(text, '/')+1:]
}

// Unquote drops what a copy brings along around an id: spaces, quotes, a comma or a semicolon at the end.
func Unquote(text string) string {
	return strings.TrimFunc(strings.TrimRight(strings.TrimSpace(text), ",;"), func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune("\"'`", r) || unicode.In(r, unicode.Pi, unicode.Pf)
	})
}

// isIdentityPool reports whether text is the id of an identity pool (API reference of Cognito's federated identities,
// IdentityPoolId).
func isIdentityPool(text string) bool {
	region, id, _ := strings.Cut(text, ":")
	return madeOf(region, letters+digits+"_-") && len(id) == 36 && madeOf(id, digits+"abcdefABCDEF-")
}

// NoPoolID says what text is that is no user pool ID, to follow "is".
func NoPoolID(text string) string {
	switch text = Unquote(text); {
	case isIdentityPool(text), strings.Contains(text, ":identitypool/"):
		return "the ID of an identity pool, not of a user pool"
	case strings.HasPrefix(text, "arn:"):
		return "the ARN of something else than a user pool"
	case len(text) == 26 && IsClientID(text):
		return "not a user pool ID, but looks like that of an app client"
	}
	return "not a user pool ID"
}
