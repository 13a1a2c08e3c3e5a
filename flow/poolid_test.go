package flow

import (
	"regexp"
	"strings"
	"testing"
)

// An id is found in every form that AWS's console, its CLI and a token show it in.
func TestPoolOf(t *testing.T) {
	const id = "us-east-1_AbCdEf123"
	for _, text := range []string{
		id,
		" " + id + "\n",
		`"` + id + `"`, "'" + id + "',", "“" + id + "”", "`" + id + "`;",
		"cognito-idp.us-east-1.amazonaws.com/" + id,
		"https://cognito-idp.us-east-1.amazonaws.com/" + id,
		"https://cognito-idp.us-east-1.amazonaws.com/" + id + "/",
		"https://cognito-idp.us-east-1.amazonaws.com/" + id + "/.well-known/openid-configuration",
		"https://cognito-idp.us-east-1.amazonaws.com/" + id + "/.well-known/jwks.json",
		"https://cognito-idp.us-east-1.amazonaws.com/" + id + "/.well-known",
		"http://127.0.0.1:9229/" + id, "https://id.example.com/auth/" + id + "/?x=1#top",
		"http://localhost:9229/" + id,
		"arn:aws:cognito-idp:us-east-1:123456789012:userpool/" + id,
		"arn:aws-us-gov:cognito-idp:us-east-1:123456789012:userpool/" + id + "/client/1h57kf5cpq17m0eml12examp1e",
	} {
		if got := PoolOf(text); got != id || !IsPoolID(got) {
			t.Errorf("PoolOf(%q) = %q", text, got)
		}
	}
	for _, text := range []string{
		"", "/", "us-east-1", "us-east-1_", "_AbC", "us-east-1_AbC!", "us-east-1_AbC\nx",
		"us-east-1:12345678-1234-1234-1234-123456789012",
		"arn:aws:cognito-identity:us-east-1:123456789012:identitypool/us-east-1_AbCdEf123",
		"https://cognito-idp.us-east-1.amazonaws.com/", "us-east-1_" + strings.Repeat("a", 46),
	} {
		if got := PoolOf(text); IsPoolID(got) {
			t.Errorf("PoolOf(%.80q) = %q, which passes for an id", text, got)
		}
	}
	if !IsPoolID("us-east-1_" + strings.Repeat("a", 45)) {
		t.Error("an id of 55 characters is refused")
	}
}

func TestSplitPoolID(t *testing.T) {
	for id, want := range map[string][2]string{
		"eu-west-1_AbC": {"eu-west-1", "AbC"}, "local_x": {"local", "x"}, "my_region_abc": {"my_region", "abc"},
		"none": {"", "none"},
	} {
		if region, name := SplitPoolID(id); region != want[0] || name != want[1] {
			t.Errorf("%q: %q and %q", id, region, name)
		}
	}
}

// Regions of every partition have one form, and nothing else has it.
func TestRegionsAndClients(t *testing.T) {
	for _, text := range []string{
		"us-east-1", "mx-central-1", "us-gov-west-1", "us-iso-east-1", "us-isob-east-1", "cn-north-1", "eusc-de-east-1",
		"ap-southeast-12",
	} {
		if !IsRegion(text) {
			t.Errorf("%q is refused", text)
		}
	}
	for _, text := range []string{
		"", "local", "us-east", "us-east-123", "US-EAST-1", "us--1", "x-east-1", "us-east-1\n", "us-east-1.evil.example",
	} {
		if IsRegion(text) {
			t.Errorf("%q passes", text)
		}
	}
	for text, want := range map[string]bool{
		"1h57kf5cpq17m0eml12examp1e": true, "a": true, "": false, "a-b": false, strings.Repeat("a", 129): false,
	} {
		if IsClientID(text) != want {
			t.Errorf("IsClientID(%.40q) is %t", text, !want)
		}
	}
}

// What is no user pool's ID is named, if it is known.
func TestNoPoolID(t *testing.T) {
	for text, want := range map[string]string{
		"us-east-1:12345678-1234-1234-1234-123456789012":                                                    "identity pool",
		` "us-east-1:12345678-1234-1234-1234-123456789012" `:                                                "identity pool",
		"arn:aws:cognito-identity:us-east-1:123456789012:identitypool/us-east-1:12345678-1234-1234-1234-12": "identity pool",
		"arn:aws:iam::123456789012:role/admin": "the ARN of " +
			"something else",
		"1h57kf5cpq17m0eml12examp1e": "that of an " +
			"app client",
		"AbCdEf123": "not a user " +
			"pool ID",
	} {
		if got := NoPoolID(text); !strings.Contains(got, want) {
			t.Errorf("NoPoolID(%q) is %q, want %q", text, got, want)
		}
	}
}

// What can be an ID is what the patterns of the API reference say: none of them is compiled by the program itself.
func FuzzPatterns(f *testing.F) {
	patterns := []struct {
		is      func(string) bool
		longest int
		pattern *regexp.Regexp
	}{
		{IsPoolID, 55, regexp.MustCompile(`^[\w-]+_[0-9a-zA-Z]+$`)},
		{IsClientID, 128, regexp.MustCompile(`^[\w+]+$`)},
		{IsRegion, 1000, regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$`)},
		{isIdentityPool, 1000, regexp.MustCompile(`^[\w-]+:[0-9a-fA-F-]{36}$`)},
	}
	for _, text := range []string{
		"", "_", "us-east-1_AbC", "a_b_C", "_A", "a_", "a__B", "-_0", "us-east-1_AbC\n", "us-east-1_Ab-C", "us-east-1_\u00e9",
		"+", "a+b", strings.Repeat("a", 128), strings.Repeat("a", 129), "us-east-1_" + strings.Repeat("a", 45),
		"us-east-1_" + strings.Repeat("a", 46), "\u212a", "\xff_a", "us-east-1", "u-east-1", "usxyz-east-1", "us-east-",
		"us-east-123", "us--1", "us-1", "us-e-1", "us-east-1a", "US-east-1", "us-gov-west-1", "-east-1", "us-east--1",
		"us-east-1:12345678-1234-1234-1234-123456789012", "a:" + strings.Repeat("-", 36), ":" + strings.Repeat("0", 36),
		"a:" + strings.Repeat("g", 36), "a:b:" + strings.Repeat("0", 34), "a:" + strings.Repeat("0", 37),
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, p := range patterns {
			if got, want := p.is(text), len(text) <= p.longest && p.pattern.MatchString(text); got != want {
				t.Errorf("%q: %v, and %v says %v", text, got, p.pattern, want)
			}
		}
	})
}
