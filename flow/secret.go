package flow

import (
	"fmt"
	"unique"
)

// Secret is text that must not be printed: a password, a code, a Session, a token, the key of an
// authenticator or the URI that carries it. Every formatting verb, JSON and text encoding give
// "[secret]"; inside an unexported field, where fmt cannot call methods, a pointer is printed.
// Secrets are comparable with ==, and the zero Secret is the empty text.
type Secret struct{ text unique.Handle[string] }

// NewSecret wraps text.
func NewSecret(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{unique.Make(text)}
}

// Reveal returns the text. Call it only where the text leaves for its destination: the wire, an
// input field, the screen that the person scans.
func (s Secret) Reveal() string {
	if s.Empty() {
		return ""
	}
	return s.text.Value()
}

// Empty reports whether there is no text.
func (s Secret) Empty() bool { return s == Secret{} }

// Format prints [secret] for every verb and flag, and nothing for the empty Secret.
func (s Secret) Format(f fmt.State, _ rune) {
	if !s.Empty() {
		fmt.Fprint(f, "[secret]")
	}
}

// MarshalText serves encoding/json and its like as Format serves fmt.
func (s Secret) MarshalText() ([]byte, error) { return fmt.Append(nil, s), nil }
