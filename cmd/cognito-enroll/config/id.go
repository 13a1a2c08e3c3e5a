package config

import (
	"slices"
	"strings"
	"unicode"

	"cognito-enroll/flow"
)

// What is offered has to look real. What can be typed is another question, and flow.IsPoolID answers it.

// kind says what a text is, by its form alone.
type kind int

const (
	plain   kind = iota // none of these
	real                // it looks like an id that Cognito or an emulator made
	fake                // it has the form of an id, and somebody made it up to be replaced
	partial             // it begins like an id
)

// poolIn returns the user pool's ID in text, which may be a URL or an ARN, and what it looks like.
func poolIn(text string) (id string, k kind) {
	if len(text) > longest || !strings.Contains(text, "_") {
		return "", plain
	}
	id = flow.PoolOf(text)
	region, name := flow.SplitPoolID(id)
	switch {
	case region != emulated && (!endsRegion(region) || !flow.IsRegion(region)):
		return "", plain
	case name == "" || flow.IsPoolID(id) && region != emulated && len(name) < shortestPool:
		if isFake(name) {
			return id, fake
		}
		return id, partial
	case !flow.IsPoolID(id):
		return "", plain
	case region == emulated && madeUp(name) || region != emulated && isFake(name):
		return id, fake
	}
	return id, real
}

const (
	longest      = 512 // bytes of a value that can be an id, or a URL that ends in one
	emulated     = "local"
	shortestPool = 5 // characters of a pool's name; those of AWS have 9, those of emulators up to 32
)

// clientShape reports whether text has the form of the app client ids that AWS and most emulators make: 24 to 27
// lower-case letters and digits, and both of them.
func clientShape(text string) bool {
	if len(text) < shortestClient || len(text) > longestClient {
		return false
	}
	odd := func(r rune) bool { return !lowerOrDigit(byte(min(r, 0x7f))) }
	return mixed(text) && !strings.ContainsFunc(text, odd)
}

const shortestClient, longestClient = 24, 27

func lowerOrDigit(c byte) bool { return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' }

// mixed reports whether text has both letters and digits.
func mixed(text string) bool {
	isDigit := func(r rune) bool { return '0' <= r && r <= '9' }
	return strings.ContainsFunc(text, isDigit) && strings.ContainsFunc(text, unicode.IsLetter)
}

// Words that give away an id that somebody wrote to be replaced. A random id has one of the shorter ones once in some
// ten thousand.
var (
	instructions = []string{
		"example", "placeholder", "your", "change", "replace", "insert", "todo", "fixme", "dummy", "fake", "sample",
		"redacted", "xxxx",
	}
	inventions = []string{
		"mock", "test", "foobar", "poolid", "clientid", "userpool", "appclient", "mypool", "somepool", "here", "none",
		"null", "undefined", "unknown", "qwerty", "enter", "fill",
	}
)

// isInstruction reports whether text tells to put something in its place.
func isInstruction(text string) bool { return holdsOne(text, instructions) }

// isFake reports whether the random part of an id is not random.
func isFake(name string) bool {
	return isInstruction(name) || holdsOne(name, inventions) || madeUp(name)
}

func holdsOne(text string, of []string) bool {
	text = strings.ToLower(text)
	return slices.ContainsFunc(of, func(word string) bool { return strings.Contains(text, word) })
}

// madeUp reports whether name is what somebody types to fill a place: one or two characters again and again, a run of
// five, or mostly counting up or down. In mixed case, as in AbCdEf, nothing counts.
func madeUp(name string) bool {
	var seen [256]bool
	distinct, run, counted := 0, 1, 0
	for i, from, step := 0, 0, 0; i < len(name); i++ {
		if !seen[name[i]] {
			seen[name[i]] = true
			distinct++
		}
		if i == 0 {
			continue
		}
		if name[i] != name[i-1] {
			run = 0
		}
		if run++; run == 5 {
			return true
		}
		// [from, i) counts by step, which is 0 as long as it is one character.
		if by := successor(name[i-1], name[i]); by == 0 || step != 0 && by != step {
			counted += worth(i - from)
			from, step = i, 0
		} else {
			step = by
		}
		if i == len(name)-1 {
			counted += worth(i + 1 - from)
		}
	}
	return len(name) > 2 && (distinct <= 2 || 3*counted >= 2*len(name))
}

// successor returns 1 if b follows a in the alphabet or in counting, -1 if a follows b, and else 0.
func successor(a, b byte) int {
	switch {
	case a == '9' && b == '0':
		return 1
	case a == '0' && b == '9':
		return -1
	case !alphanumeric(a) || !alphanumeric(b):
		return 0
	case b == a+1:
		return 1
	case a == b+1:
		return -1
	}
	return 0
}

func alphanumeric(c byte) bool { return lowerOrDigit(c) || 'A' <= c && c <= 'Z' }

// worth is how many of n characters that count are no coincidence.
func worth(n int) int {
	if n < 3 {
		return 0
	}
	return n
}

// fakeSecret reports whether a client secret is nothing but words, or one character again and again.
func fakeSecret(value string) bool {
	rest := strings.ToLower(value)
	others := []string{"secret", "client", "cognito", "app", "the", "me", "it", "in", "x"}
	for _, word := range slices.Concat(instructions, inventions, others) {
		rest = strings.ReplaceAll(rest, word, "")
	}
	return strings.Trim(rest, "_+0123456789") == "" && !mixed(value) || madeUp(value) || rest == ""
}

// isSecret reports whether value may be a client secret (API reference, ClientSecretType).
func isSecret(value string) bool {
	return value != "" && len(value) <= 64 && !strings.ContainsFunc(value, func(r rune) bool {
		return r >= 0x80 || !alphanumeric(byte(r)) && r != '_' && r != '+'
	})
}

// ofEmulator reports whether value may be a client secret that an emulator made: with - and /, and random. A path
// is not.
func ofEmulator(value string) bool {
	const least = 24
	return len(value) >= least && mixed(value) && strings.Count(value, "/") <= len(value)/8 &&
		isSecret(strings.NewReplacer("-", "", "/", "").Replace(value))
}

// holdsID reports whether there may be an id in text. It looks at each byte once or twice.
func holdsID(text string) bool {
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '_' && i > 0 && i+1 < len(text) && endsRegion(text[max(0, i-32):i]):
			return true
		case lowerOrDigit(c) && (i == 0 || !wordByte(text[i-1]) || text[i-1] == '/' || text[i-1] == '-'):
			end := i
			for end < len(text) && end-i <= longestClient && lowerOrDigit(text[end]) {
				end++
			}
			if clientShape(text[i:end]) && (end == len(text) || !alphanumeric(text[end])) {
				return true
			}
		}
	}
	return false
}

// endsRegion reports whether text ends in a region, as far as its last characters tell.
func endsRegion(text string) bool {
	if strings.HasSuffix(text, emulated) {
		return true
	}
	digits := strings.TrimRight(text, "0123456789")
	n := len(digits)
	return n < len(text) && n > 4 && digits[n-1] == '-' && lowerOrDigit(digits[n-2])
}
