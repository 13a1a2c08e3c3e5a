package flow

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// unusual says what of a password a paste may have brought along, to follow "it"; "" if there is nothing. It says no
// more of the password than that.
func unusual(password Secret) string {
	text := password.Reveal()
	first, _ := utf8.DecodeRuneInString(text)
	last, _ := utf8.DecodeLastRuneInString(text)
	switch {
	case text == "":
		return ""
	case unicode.IsSpace(first) && unicode.IsSpace(last):
		return "begins and ends with a space"
	case unicode.IsSpace(first):
		return "begins with a space"
	case unicode.IsSpace(last):
		return "ends with a space"
	case strings.Contains(text, "\t"):
		return "has a tab in it"
	case !norm.NFC.IsNormalString(text):
		return "has a letter whose accent is a character of its own, as some computers write them"
	}
	return ""
}

// sentPassword is the one that c tried, or the empty Secret.
func sentPassword(c Call) Secret {
	switch c := c.(type) {
	case SignIn:
		return c.Password
	case Respond:
		return c.Responses["PASSWORD"]
	}
	return Secret{}
}

// oddNew questions a new password before it is set: one that cannot be typed again is of no use.
func oddNew(values map[string]string, asked Secret) *Error {
	password := NewSecret(values["new-password"])
	what := unusual(password)
	if what == "" || password == asked {
		return nil
	}
	return &Error{Code: CodeOddPassword, Fault: Retry, Field: "new-password",
		Msg:  Fill("is the new password right? It {what}", "what", what),
		Hint: "type another one, or give the same again to use it as it is"}
}
