package localpool

import (
	"io"
	"slices"
	"strings"
)

// Message is what a pool sends to a user: a code, or the temporary password of an
// invitation.
type Message struct {
	Username    string `json:"username"`    // USER_ID_FOR_SRP
	Medium      string `json:"medium"`      // "EMAIL" or "SMS"
	Destination string `json:"destination"` // the email address or phone number, in clear
	Code        string `json:"code"`
}

// contact is an attribute of a user to which messages go.
type contact struct {
	username, attribute, address string
}

func (c contact) medium() string {
	if c.attribute == "phone_number" {
		return "SMS"
	}
	return "EMAIL"
}

// masked hides most of the address as Cognito does: "a***@e***", "+*******1234".
func (c contact) masked() string {
	if c.attribute == "phone_number" {
		number := []rune(strings.TrimPrefix(c.address, "+"))
		hidden := max(0, len(number)-4)
		return "+" + strings.Repeat("*", hidden) + string(number[hidden:])
	}
	local, domain, _ := strings.Cut(c.address, "@")
	first := func(s string) string {
		for _, r := range s {
			return string(r)
		}
		return ""
	}
	return first(local) + "***@" + first(domain) + "***"
}

// contact is where Cognito writes to u: SMS goes before email ("API reference,
// CreateUserPool, AccountRecoverySetting").
func (u *user) contact(verified bool) (c contact, ok bool) {
	return u.contactOf(contacts, verified)
}

// signUpContact is where the code of SignUp goes: to the phone number if the pool verifies both.
func (u *user) signUpContact() (c contact, ok bool) {
	names := slices.DeleteFunc(slices.Clone(contacts),
		func(name string) bool { return !slices.Contains(u.pool.autoVerified, name) })
	return u.contactOf(names, false)
}

// contactOf is the first of the attributes called names that u has.
func (u *user) contactOf(names []string, verified bool) (c contact, ok bool) {
	for _, name := range names {
		if address := u.attribute(name); address != "" && (!verified || u.verified(name)) {
			return contact{u.username, name, address}, true
		}
	}
	return contact{}, false
}

func (s *Server) send(to contact, text string) {
	m := Message{to.username, to.medium(), to.address, text}
	s.keepMessage(m)
	if s.o.Deliver != nil {
		s.o.Deliver(m)
	}
}

// strangersContact is where a message pretends to go for a user who does not exist, the
// same every time ("Managing user existence error responses", Developer Guide). It is the
// attribute called name or, if that is empty, the one that typed looks like.
func (s *Server) strangersContact(p *pool, typed, name string) contact {
	like := ""
	if looksLikeEmail(typed) {
		like = "email"
	} else if strings.HasPrefix(typed, "+") {
		like = "phone_number"
	}
	if like != "" && (name == "" || name == like) {
		return contact{attribute: like, address: typed}
	}
	var b [6]byte
	io.ReadFull(s.derived("contact", p.id, p.key(typed)), b[:])
	pick := func(alphabet string, b byte) string { return string(alphabet[int(b)%len(alphabet)]) }
	if name == "phone_number" {
		return contact{attribute: name, address: "+1555555" + pick(digits, b[2]) + pick(digits, b[3]) + pick(digits, b[4]) +
			pick(digits, b[5])}
	}
	return contact{attribute: "email", address: pick(lower, b[0]) + "@" + pick(lower, b[1])}
}
