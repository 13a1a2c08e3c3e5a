package flow

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// Digits strips what people and apps put between the digits of a code (spaces, hyphens, what cannot be seen) and turns
// the digits of any script into ASCII ones. It reports false if anything else is in the text.
func Digits(text string) (string, bool) {
	text = strings.NewReplacer(" ", "", "-", "").Replace(plainDigits(text))
	if strings.ContainsFunc(text, func(r rune) bool { return r < '0' || r > '9' }) {
		return "", false
	}
	return text, true
}

// CodeIn returns the digits of the code that is in text, which may have words around it: "976 249 lasts 24 s". ok is
// false if there is none, or more than one.
func (f Field) CodeIn(text string) (digits string, ok bool) {
	if digits, ok = Digits(text); ok {
		return digits, true
	}
	var found []string
	for _, at := range groups().FindAllStringIndex(plainDigits(text), -1) {
		run := plainDigits(text)[at[0]:at[1]]
		parts := strings.FieldsFunc(run, func(r rune) bool { return r == ' ' || r == '-' })
		for _, code := range joined(parts, f.Min, f.Max) {
			if !slices.Contains(found, code) {
				found = append(found, code)
			}
		}
	}
	if len(found) != 1 {
		return "", false
	}
	return found[0], true
}

// groups are digits with at most one space or hyphen between them, and no letter beside them.
var groups = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\b[0-9]+(?:[ -][0-9]+)*\b`) })

// joined are the codes that neighbors make: all of them together, or else some.
func joined(parts []string, least, most int) (all []string) {
	for n := len(parts); n > 0; n-- {
		for i := 0; i+n <= len(parts); i++ {
			if code := strings.Join(parts[i:i+n], ""); len(code) >= least && len(code) <= most {
				all = append(all, code)
			}
		}
		if n == len(parts) && len(all) > 0 {
			break
		}
	}
	return all
}

// plainDigits is text with the digits of every script in ASCII, each space and dash as one of ASCII, and without what
// cannot be seen.
func plainDigits(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Nd, r):
			return '0' + digitValue(r)
		case unicode.IsSpace(r):
			return ' '
		case unicode.Is(unicode.Pd, r), r == '\u2212':
			return '-'
		case unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, text)
}

// digitValue is that of a decimal digit: they stand in order, ten by ten.
func digitValue(digit rune) rune {
	for _, of := range unicode.Nd.R16 {
		if digit >= rune(of.Lo) && digit <= rune(of.Hi) {
			return (digit - rune(of.Lo)) % 10
		}
	}
	for _, of := range unicode.Nd.R32 {
		if digit >= rune(of.Lo) && digit <= rune(of.Hi) {
			return (digit - rune(of.Lo)) % 10
		}
	}
	return 0
}
