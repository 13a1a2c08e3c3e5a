package config

import (
	"slices"
	"strings"
)

// signInNames are the names under which files say what a user of the pool signs in with: amplify_outputs.json and
// Terraform, aws-exports.js, CloudFormation and amplifyconfiguration.json. They are compared in lower case, and end
// what is before them.
var signInNames = []string{"username_attributes", "usernameattributes"}

// signInAttributes returns which attributes stand for the username in the text of a file, as Cognito calls them:
// "email", "phone_number". It returns nil where the file does not say so, or says different things. The list behind the
// name is in brackets, or has a dash before each item.
func signInAttributes(text string) (found []string) {
	text = strings.ToLower(text)
	said := false
	for _, name := range signInNames {
		rest := text
		for {
			_, after, ok := strings.Cut(rest, name)
			if !ok {
				break
			}
			rest = after
			list, ok := attributesIn(strings.TrimLeft(after, `"' `))
			if !ok {
				continue
			}
			if said && !slices.Equal(found, list) {
				return nil
			}
			found, said = list, true
		}
	}
	return found
}

// mostAttributes bounds what is read of a list, in bytes.
const mostAttributes = 200

// attributesIn reads the list after a name, with the sign that gives it, and leaves out what is no attribute that can
// stand for a username.
func attributesIn(text string) (list []string, ok bool) {
	if text == "" || text[0] != ':' && text[0] != '=' {
		return nil, false
	}
	text = strings.TrimSpace(text[1:min(len(text), mostAttributes)])
	var items []string
	switch {
	case strings.HasPrefix(text, "["):
		inside, _, closed := strings.Cut(text[1:], "]")
		if !closed {
			return nil, false
		}
		items = strings.FieldsFunc(inside, func(r rune) bool { return strings.ContainsRune(", \t\r\n\"'", r) })
	case strings.HasPrefix(text, "- "):
		for line := range strings.Lines(text) {
			item, isItem := strings.CutPrefix(strings.TrimSpace(line), "- ")
			if !isItem {
				break
			}
			items = append(items, strings.Trim(strings.TrimSpace(item), `"'`))
		}
	default:
		return nil, false
	}
	for _, attribute := range []string{"email", "phone_number"} {
		if slices.Contains(items, attribute) {
			list = append(list, attribute)
		}
	}
	return list, true
}

// signIns gives each candidate what the files that it is from say about signing in. Files of several pools do not say
// of which.
func (c *collector) signIns(all []Candidate) {
	for i := range all {
		said := false
		for _, s := range all[i].Sources {
			list := c.signIn[s.File]
			if list == nil {
				continue
			}
			if said && !slices.Equal(all[i].SignIn, list) {
				all[i].SignIn = nil
				break
			}
			all[i].SignIn, said = list, true
		}
	}
}

// onePool reports whether entries are about one user pool.
func onePool(entries []entry) bool {
	pool := ""
	for _, e := range entries {
		if e.role != poolRole {
			continue
		}
		if pool != "" && e.value != pool {
			return false
		}
		pool = e.value
	}
	return pool != ""
}
