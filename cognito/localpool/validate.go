package localpool

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// checks collects what a request has against the constraints of Cognito's model, in
// the words with which the service reports it ("API reference", Common errors). Names
// are written as it writes them: the first letter in lower case.
type checks []string

// concealed names members whose values Cognito does not repeat.
var concealed = []string{"accessToken", "clientSecret", "newPassword", "password", "refreshToken", "session",
	"temporaryPassword", "token"}

func (c *checks) add(name, value, constraint string) {
	shown := fmt.Sprintf("Value '%s' at '%s'", value, name)
	if slices.Contains(concealed, name) {
		shown = fmt.Sprintf("Value at '%s'", name)
	}
	*c = append(*c, shown+" failed to satisfy constraint: "+constraint)
}

func (c *checks) required(name, value string) {
	if value == "" {
		*c = append(*c, fmt.Sprintf("Value null at '%s' failed to satisfy constraint: Member must not be null", name))
	}
}

// given wants a list or a number to be there.
func (c *checks) given(name string, is bool) {
	if !is {
		c.required(name, "")
	}
}

// count wants a list, if it is there, to have so many members.
func (c *checks) count(name string, n, most int) {
	if n > most {
		*c = append(*c, fmt.Sprintf("Value at '%s' failed to satisfy constraint: Member must have length less than or "+
			"equal to %d", name, most))
	}
}

// pattern wants the whole value to match re, unless it is absent.
func (c *checks) pattern(name, value string, form pattern) {
	if value == "" {
		return
	}
	re := form()
	if loc := re.FindStringIndex(value); loc == nil || loc[0] != 0 || loc[1] != len(value) {
		c.add(name, value, "Member must satisfy regular expression pattern: "+re.String())
	}
}

// length counts characters, unless the value is absent.
func (c *checks) length(name, value string, least, most int) {
	switch n := utf8.RuneCountInString(value); {
	case n == 0:
	case n < least:
		c.add(name, value, fmt.Sprintf("Member must have length greater than or equal to %d", least))
	case n > most:
		c.add(name, value, fmt.Sprintf("Member must have length less than or equal to %d", most))
	}
}

func (c *checks) oneOf(name, value string, set []string) {
	if value != "" && !slices.Contains(set, value) {
		c.add(name, value, "Member must satisfy enum value set: ["+strings.Join(set, ", ")+"]")
	}
}

// between checks a number, unless it is absent.
func (c *checks) between(name string, value *int, least, most int) {
	switch {
	case value == nil:
	case *value < least:
		c.add(name, fmt.Sprint(*value), fmt.Sprintf("Member must have value greater than or equal to %d", least))
	case *value > most:
		c.add(name, fmt.Sprint(*value), fmt.Sprintf("Member must have value less than or equal to %d", most))
	}
}

func (c checks) err() error {
	switch len(c) {
	case 0:
		return nil
	case 1:
		return invalidParameter("1 validation error detected: %s", c[0])
	default:
		return invalidParameter("%d validation errors detected: %s", len(c), strings.Join(c, "; "))
	}
}

// pattern is a regular expression that is compiled when it is first used: most runs of the program use none.
type pattern func() *regexp.Regexp

func newPattern(text string) pattern {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}

var (
	clientIDPattern = newPattern(`[\w+]+`)
	poolIDPattern   = newPattern(`[\w-]+_[0-9a-zA-Z]+`)
	usernamePattern = newPattern(`[\p{L}\p{M}\p{S}\p{N}\p{P}]+`)
	poolNamePattern = newPattern(`[\w\s+=,.@-]+`)
	passwordPattern = newPattern(`[\S]+`)
	devicePattern   = newPattern(`[\w-]+_[0-9a-f-]+`)
	codePattern     = newPattern(`[0-9]+`)
	arnPattern      = newPattern(`arn:[\w+=/,.@-]+:[\w+=/,.@-]+:([\w+=/,.@-]*)?:[0-9]+:[\w+=/,.@-]+(:[\w+=/,.@-]+)?(:[\w+=/,.@-]+)?`)
	subjectPattern  = newPattern(`[\p{L}\p{M}\p{S}\p{N}\p{P}\s]+`)
	smsPattern      = newPattern(`.*\{####\}.*`)
	emailPattern    = newPattern(`[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*\{####\}[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*`)
	scopePattern    = newPattern(`[\x21\x23-\x5B\x5D-\x7E]+`)
	providerPattern = newPattern(`[\p{L}\p{M}\p{S}\p{N}\p{P}\p{Z}]+`)

	confirmationPattern = newPattern(`[\S]+`)
)

// optional checks one that may be absent, of this form and with that many characters.
func (c *checks) optional(name, value string, form pattern, least, most int) {
	c.pattern(name, value, form)
	c.length(name, value, least, most)
}

// member checks one that has to be there, of this form and with that many characters.
func (c *checks) member(name, value string, form pattern, least, most int) {
	c.required(name, value)
	c.optional(name, value, form, least, most)
}

func (c *checks) roleARN(role string)    { c.optional("roleArn", role, arnPattern, 20, 2048) }
func (c *checks) clientID(id string)     { c.member("clientId", id, clientIDPattern, 1, 128) }
func (c *checks) poolID(id string)       { c.member("userPoolId", id, poolIDPattern, 1, 55) }
func (c *checks) deviceKey(key string)   { c.member("deviceKey", key, devicePattern, 1, 55) }
func (c *checks) username(name string)   { c.member("username", name, usernamePattern, 1, 128) }
func (c *checks) poolName(name string)   { c.member("poolName", name, poolNamePattern, 1, 128) }
func (c *checks) clientName(name string) { c.member("clientName", name, poolNamePattern, 1, 128) }
func (c *checks) groupName(name string)  { c.member("groupName", name, usernamePattern, 1, 128) }

func (c *checks) confirmationCode(code string) {
	c.member("confirmationCode", code, confirmationPattern, 1, 2048)
}

// password checks only what the model says; what the pool wants is the policy's, a least length
// included.
func (c *checks) password(name, value string) {
	c.pattern(name, value, passwordPattern)
	c.length(name, value, 0, 256)
}
