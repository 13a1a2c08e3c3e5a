package flow

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What a server says is shown in one line and no longer than this, in characters. Its lists are cut as well.
const (
	mostName = 64   // of a factor, an attribute
	mostText = 300  // of a device name, a destination, a username
	mostSaid = 2000 // of a sentence that has such texts in it
	mostList = 20   // entries
)

// Printable replaces what a terminal would not show as a character of its own: control characters
// (an escape sequence needs one), invisible and bidirectional formatting, broken UTF-8. What breaks a line becomes
// a space, so that no text looks like several. A joiner stays between two characters that are not ASCII: Persian
// words have them, and families of emoji.
func Printable(s string) string {
	out := strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError:
			return utf8.RuneError
		case unicode.IsPrint(r), isJoiner(r):
			return r
		case unicode.IsSpace(r):
			return ' '
		}
		return utf8.RuneError
	}, s)
	if !strings.ContainsFunc(out, isJoiner) {
		return out
	}
	runes := []rune(out)
	joins := func(i int) bool {
		return i >= 0 && i < len(runes) && runes[i] > unicode.MaxLatin1 && runes[i] != utf8.RuneError && !isJoiner(runes[i])
	}
	for i, r := range runes {
		if isJoiner(r) && !(joins(i-1) && joins(i+1)) {
			runes[i] = utf8.RuneError
		}
	}
	return string(runes)
}

// isJoiner is for the zero-width joiner and non-joiner.
func isJoiner(r rune) bool { return r == '\u200d' || r == '\u200c' }

// Unprintable names the first character of s that Printable replaces, as in "U+202E"; "" if there is none.
func Unprintable(s string) string {
	if Printable(s) == s {
		return ""
	}
	shown := []rune(Printable(s))
	for i, r := range []rune(s) {
		if r != shown[i] || r == utf8.RuneError {
			return fmt.Sprintf("%U", r)
		}
	}
	return "U+FFFD"
}

// oneLine keeps a text from looking like several of ours.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// shown is text in one line, with most characters at most.
func shown(text string, most int) string { return oneLine(cut(text, most)) }

// cut is text with most characters at most.
func cut(text string, most int) string {
	n := 0
	for i := range text {
		if n++; n > most {
			return strings.TrimRight(strings.ToValidUTF8(text[:i], "\uFFFD"), " ") + "…"
		}
	}
	return text
}

// tidied is a result of which the texts that are only shown can be shown. What goes back to Cognito stays.
func tidied(r Result) Result {
	switch r := r.(type) {
	case Challenge:
		params := make(map[string]string, len(r.Params))
		for key, value := range r.Params {
			switch key {
			case "FRIENDLY_DEVICE_NAME", "CODE_DELIVERY_DELIVERY_MEDIUM", "CODE_DELIVERY_DESTINATION":
				value = shown(value, mostText)
			}
			params[key] = value
		}
		r.Params = params
		return r
	case Delivered:
		r.Medium, r.Destination = shown(r.Medium, mostText), shown(r.Destination, mostText)
		return r
	case Profile:
		r.Username, r.Pool, r.Preferred = shown(r.Username, mostText), shown(r.Pool, mostText), shown(r.Preferred, mostName)
		r.Factors = slices.Clone(r.Factors[:min(len(r.Factors), mostList)])
		for i := range r.Factors {
			r.Factors[i] = shown(r.Factors[i], mostName)
		}
		return r
	case Listed:
		r.Options = slices.DeleteFunc(slices.Clone(r.Options), func(o Option) bool { return len(o.Value) > 128 })
		for i := range r.Options {
			r.Options[i].Label = shown(r.Options[i].Label, mostText)
		}
		return r
	case Connected:
		r.Issuer = shown(r.Issuer, mostText)
		return r
	}
	return r
}
