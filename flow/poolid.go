package flow

import (
	"regexp"
	"strings"
)

// What can be typed as the id of a user pool, of an app client and of a region. The patterns are those of the API
// reference (UserPoolId and ClientId of DescribeUserPoolClient); a region is what AWS has called one so far, in any
// partition: us-east-1, us-gov-west-1, us-iso-east-1, eusc-de-east-1.
var (
	poolID   = regexp.MustCompile(`^[\w-]+_[0-9a-zA-Z]+$`)
	clientID = regexp.MustCompile(`^[\w+]{1,128}$`)
	regionID = regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$`)
)

// longestPoolID is in characters, and all of them are ASCII.
const longestPoolID = 55

// IsPoolID reports whether text can be the id of a user pool, on AWS or elsewhere: local_5HnLk2Jz is that of an
// emulator.
func IsPoolID(text string) bool { return len(text) <= longestPoolID && poolID.MatchString(text) }

// IsClientID reports whether text can be the id of an app client.
func IsClientID(text string) bool { return clientID.MatchString(text) }

// IsRegion reports whether text has the form of an AWS region.
func IsRegion(text string) bool { return regionID.MatchString(text) }

// SplitPoolID returns what stands before the last "_" of a user pool's id, a region on AWS, and the name after it.
func SplitPoolID(id string) (region, name string) {
	i := strings.LastIndexByte(id, '_')
	if i < 0 {
		return "", id
	}
	return id[:i], id[i+1:]
}

// PoolOf returns the user pool's id in what people have at hand: an ARN, an issuer URL with or without a slash at the
// end, or the URL of a document below it, such as
// https://cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEf123/.well-known/openid-configuration.
// An id stays as it is. What comes back need not be an id: IsPoolID tells.
func PoolOf(text string) string {
	text = strings.TrimSpace(text)
	if strings.HasPrefix(text, "arn:") {
		if _, id, ok := strings.Cut(text, ":userpool/"); ok {
			id, _, _ = strings.Cut(id, "/")
			return id
		}
		return text
	}
	text, _, _ = strings.Cut(text, "/.well-known")
	text = strings.TrimRight(text, "/")
	return text[strings.LastIndexByte(text, '/')+1:]
}
