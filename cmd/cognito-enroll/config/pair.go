package config

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"cognito-enroll/flow"
)

// entry is a value in a file, with the names that lead to it.
type entry struct {
	path   []string
	value  string
	source Source
}

// A pool id begins with its region, also at the end of an ARN or of an issuer's URL. App client ids are
// 26 lower-case letters and digits as a rule (API reference, UserPoolClientType, allows more).
var (
	poolID   = regexp.MustCompile(`^(?:.*/)?([a-z]{2}(?:-[a-z]+)+-[0-9]_[0-9A-Za-z]{1,45})$`)
	clientID = regexp.MustCompile(`^[0-9a-z]{20,40}$`)
)

// words are those of a name in any spelling: UserPoolClientId, user_pool_client_id, USER-POOL-CLIENT-ID.
func words(name string) []string {
	var b strings.Builder
	runes := []rune(name)
	for i, r := range runes {
		if i > 0 && unicode.IsUpper(r) && (unicode.IsLower(runes[i-1]) || unicode.IsUpper(runes[i-1]) && i+1 < len(runes) && unicode.IsLower(runes[i+1])) {
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return strings.FieldsFunc(b.String(), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// isClientName reports whether a name is that of an app client's id.
func isClientName(name string) bool {
	w := words(name)
	return slices.Contains(w, "client") && !slices.Contains(w, "secret")
}

// common are words that say what something is, not whose.
var common = []string{"user", "users", "pool", "pools", "userpool", "client", "id", "secret", "app", "web", "aws", "cognito", "output", "value"}

// kinship counts what two entries have in common: the way to them, and the words that tell one pool's
// names from another's.
func kinship(a, b entry) int {
	n := 0
	for i := 0; i < len(a.path)-1 && i < len(b.path)-1 && a.path[i] == b.path[i]; i++ {
		n += 100
	}
	theirs := words(b.path[len(b.path)-1])
	for _, w := range words(a.path[len(a.path)-1]) {
		if slices.Contains(theirs, w) && !slices.Contains(common, w) {
			n++
		}
	}
	return n
}

// candidates are the pools among the entries of one file, each with the clients that are the nearest
// to it. What an entry is, its value tells before its name does.
func candidates(entries []entry) (all []Candidate) {
	var pools, clients []entry
	for _, e := range entries {
		name := e.path[len(e.path)-1]
		if m := poolID.FindStringSubmatch(e.value); m != nil {
			e.value = m[1]
			pools = append(pools, e)
		} else if isClientName(name) && clientID.MatchString(e.value) {
			clients = append(clients, e)
		}
	}
	paired := map[string]bool{}
	for _, client := range clients {
		nearest := -1
		for _, pool := range pools {
			nearest = max(nearest, kinship(pool, client))
		}
		for _, pool := range pools {
			if kinship(pool, client) == nearest {
				paired[pool.value] = true
				c := Candidate{Pool: pool.value, Client: client.value, Sources: []Source{pool.source, client.source}}
				c.Secret, c.SecretSource = secretOf(client, entries)
				all = merge(all, []Candidate{c})
			}
		}
	}
	for _, pool := range pools {
		if !paired[pool.value] {
			all = merge(all, []Candidate{{Pool: pool.value, Sources: []Source{pool.source}}})
		}
	}
	return all
}

// secretOf is the value whose name is that of the client with "secret" for "id".
func secretOf(client entry, entries []entry) (flow.Secret, Source) {
	name := func(e entry, last string) string {
		w := words(e.path[len(e.path)-1])
		if len(w) > 0 && w[len(w)-1] == last {
			w = w[:len(w)-1]
		}
		return strings.Join(e.path[:len(e.path)-1], ".") + " " + strings.Join(w, " ")
	}
	for _, e := range entries {
		w := words(e.path[len(e.path)-1])
		if len(w) > 0 && w[len(w)-1] == "secret" && name(e, "secret") == name(client, "id") {
			return flow.NewSecret(e.value), e.source
		}
	}
	return flow.Secret{}, Source{}
}

// merge adds more to all; what is there already gets more sources.
func merge(all, more []Candidate) []Candidate {
	for _, c := range more {
		i := slices.IndexFunc(all, func(have Candidate) bool { return have.Pool == c.Pool && have.Client == c.Client })
		if i < 0 {
			all = append(all, c)
			continue
		}
		for _, s := range c.Sources {
			if !slices.Contains(all[i].Sources, s) {
				all[i].Sources = append(all[i].Sources, s)
			}
		}
		if all[i].Secret.Empty() {
			all[i].Secret, all[i].SecretSource = c.Secret, c.SecretSource
		}
	}
	return all
}
