package config

import (
	"slices"
	"strings"

	"cognito-enroll/flow"
)

// role is what an entry is for, by its value and by the names that lead to it.
type role int

const (
	nothing role = iota
	poolRole
	clientRole
	beside     // an app client if a pool is beside it: its name says nothing
	shortRole  // an app client of an emulator, whose ids may be short
	secretRole // of an app client
	fakeRole   // an id that somebody made up to be replaced
	cutRole    // an id that looks cut off
)

// understand finds out what the entries of a file are.
func understand(entries []entry) []entry {
	for i := range entries {
		entries[i].resolve()
	}
	for i := range entries {
		e := &entries[i]
		e.role = e.classify()
	}
	withPool := map[*frame]bool{}
	for _, e := range entries {
		if e.role == poolRole {
			withPool[e.frame] = true
		}
	}
	kept := entries[:0]
	for _, e := range entries {
		if e.role == beside {
			e.role = nothing
			if withPool[e.frame] && e.frame.parent != nil {
				e.role = clientRole
			}
		}
		ofClient := e.role == clientRole || e.role == shortRole || e.role == fakeRole && e.pool == plain
		if ofClient && e.foreign(withPool) {
			e.role = nothing
		}
		if e.role != nothing {
			kept = append(kept, e)
		}
	}
	return kept
}

// resolve gives e the name that it goes by, and the frame in which that stands: {"name": "POOL", "value": ID} and
// POOL: {value: ID} are both POOL: ID.
func (e *entry) resolve() {
	name, at := e.name, e.frame // at is the frame around name
	for range 6 {
		switch isValue := valueNames.has(strings.ToLower(name)); {
		case name == "" && at.parent != nil: // an item of a list
			name, at = at.name, at.parent
			continue
		case isValue && at.keyed:
			name = e.label
		case isValue && at.parent != nil:
			if name = at.label; at == e.frame && e.label != "" {
				name = e.label
			}
			if name == "" {
				name = at.name
			}
			if at == e.frame {
				e.frame = at.parent
			}
			at = at.parent
			continue
		}
		break
	}
	e.name, e.path, e.way = name, []string{name}, []string{name}
	for ; at != nil && len(e.path) < longestPath; at = at.parent {
		for _, n := range []string{at.name, at.who} {
			if n != "" && !valueNames.has(n) && n != e.path[len(e.path)-1] {
				e.path = append(e.path, n)
			}
		}
		if n := at.name; n != "" && !valueNames.has(n) && n != e.way[len(e.way)-1] && !strings.ContainsAny(n, " *()<>[]") {
			e.way = append(e.way, n)
		}
	}
}

const longestPath = 8 // names

// names are those that lead to e, the nearest first, with what the frames are called by their values.
func (e *entry) names() (all []string) {
	split := func(name string) {
		parts := strings.FieldsFunc(strings.ReplaceAll(name, "__", "."), func(r rune) bool { return r == '.' || r == ':' })
		slices.Reverse(parts)
		all = append(all, parts...)
	}
	for i, n := range e.path {
		split(n)
		if i == 0 && e.frame.label != "" && e.frame.label != n && !e.frame.keyed {
			all = append(all, e.frame.label)
		}
	}
	for f := e.frame.parent; f != nil && len(all) < 16; f = f.parent {
		if f.label != "" && !f.keyed {
			all = append(all, f.label)
		}
	}
	return all
}

// notIDs are words of a name whose value has the form of a client's ID and is none.
var notIDs = newSet(`
	token password pass hash sha digest checksum etag salt nonce signature version commit bucket account url uri
	host user username sub domain session build deployment zone distribution cert thumbprint secret secrets key keys
`)

// classify says what e is, but for somebody else's.
func (e *entry) classify() role {
	names := e.names()
	if len(names) == 0 {
		names = []string{""}
	}
	own := words(names[0])
	for _, n := range names[:min(len(names), 3)] {
		if prose.has(strings.ToLower(strings.Trim(n, "_"))) {
			return nothing
		}
	}
	switch e.pool {
	case real:
		return poolRole
	case fake:
		return fakeRole
	case partial:
		if poolName(own) {
			return cutRole
		}
		return nothing
	}
	shaped := clientShape(e.value)
	isClient := clientName(own)
	mayBeListed := shaped && !anyIn(own, notIDs)
	for _, n := range names[1:min(len(names), 4)] { // {"client_ids": {"web": ID}}
		isClient = isClient || mayBeListed && clientName(words(n))
	}
	switch {
	case shaped && isClient:
		if isFake(e.value) {
			return fakeRole
		}
		return clientRole
	case shaped && !slices.ContainsFunc(own, func(w string) bool { return !neutral.has(w) }) && !isFake(e.value):
		return beside
	case secretName(own) && (isSecret(e.value) || ofEmulator(e.value)) && !fakeSecret(e.value) &&
		!anyIn(own, plainWords):
		return secretRole
	case !clientName(own) && !poolName(own):
		return nothing
	}
	return e.odd(own)
}

// odd says what becomes of a value that is no id and stands where one should.
func (e *entry) odd(own []string) role {
	switch {
	case !strings.HasSuffix(joined(own), "id"):
		return nothing
	case strings.ContainsAny(e.value, "${}()./:"):
		return nothing
	case strings.ContainsAny(e.value, "<>"), isInstruction(e.value), len(e.value) > 4 && madeUp(e.value),
		strings.Contains(e.value, "-") && !slices.ContainsFunc(words(e.value), func(w string) bool { return !common.has(w) }):
		return fakeRole
	case clientName(own) && len(e.value) >= 3 && !keywords.has(e.value) && isSecret(e.value):
		return shortRole
	}
	return nothing
}

// foreign reports whether the names that lead to e say that it is the id of somebody else's app client: the nearest
// name that says anything counts, but an object with a pool in it is Cognito's.
func (e *entry) foreign(withPool map[*frame]bool) bool {
	ours := withPool[e.frame] && e.frame.parent != nil && !aboutService(words(e.frame.who))
	for i, n := range e.names() {
		switch w := words(n); {
		case aboutService(w):
			return i == 0 || !ours
		case aboutPool(w):
			return false
		}
	}
	return false
}

// environment returns the one that e is of, by the nearest name that says, or that of its file.
func (e *entry) environment(file string) string {
	for _, n := range e.names() {
		if env := environmentOf(n); env != "" {
			return env
		}
	}
	return file
}

// spoken reports whether the names say that e is Cognito's.
func (e *entry) spoken() bool {
	return slices.ContainsFunc(e.names(), func(n string) bool { return aboutPool(words(n)) })
}

// side is a pool or a client with what pairing goes by.
type side struct {
	entry
	env   string
	words []string // that tell it from others
	file  int      // of a family
}

func newSide(e entry, fileEnv string, file int) side {
	s := side{entry: e, env: e.environment(fileEnv), file: file}
	for i, n := range e.names() {
		if i == 6 {
			break
		}
		for _, w := range telling(n) {
			if _, env := environments[w]; !env && !slices.Contains(s.words, w) && len(s.words) < 16 {
				s.words = append(s.words, w)
			}
		}
	}
	return s
}

// score says how well two go together, and false if they do not.
func (s side) score(other side) (int, bool) {
	n := 0
	switch {
	case s.env != "" && s.env == other.env:
		n += 1000
	case s.env != "" && other.env != "":
		return 0, false
	case s.env == other.env:
		n += 500
	}
	if s.file == other.file {
		n += 4000
	}
	shared := 0
	for _, w := range s.words {
		if slices.Contains(other.words, w) {
			shared++
		}
	}
	return n + 20*shared - (len(s.words) - shared) - (len(other.words) - shared), true
}

// stranger reports whether a client says whose it is, in a word that is not the pool's, and not that it is Cognito's:
// ACME_CLIENT_ID beside COGNITO_CLIENT_ID.
func (s side) stranger(pool side) bool {
	return s.frame.parent == nil && !s.spoken() && slices.ContainsFunc(s.words, func(w string) bool {
		return !neutral.has(w) && !slices.Contains(pool.words, w)
	})
}

// settings is what was understood of a file, or of the files of a family.
type settings struct {
	pools, clients, short, secrets []side
}

// add takes the entries of a file, and returns how many were too many.
func (s *settings) add(entries []entry, fileEnv string, file int) (lost int) {
	for _, e := range entries {
		var to *[]side
		switch e.role {
		case poolRole:
			to = &s.pools
		case clientRole:
			to = &s.clients
		case shortRole:
			to = &s.short
		case secretRole:
			to = &s.secrets
		default:
			continue
		}
		if len(*to) == mostOfFamily {
			lost++
			continue
		}
		*to = append(*to, newSide(e, fileEnv, file))
	}
	return lost
}

// mostOfFamily is the number of ids of one kind in the files that complete each other.
const mostOfFamily = 512

// pairs are the pools, each with the app clients that belong to it, and the clients that belong to none or could belong
// to several.
func (s *settings) pairs() (all []Candidate, stray []side) {
	if slices.ContainsFunc(s.pools, func(p side) bool { return isEmulated(p.value) }) {
		s.clients = append(s.clients, s.short...)
	}
	within := map[*frame][]int{} // the pools of each frame, and of those in it
	places := map[string][]Source{}
	for i, p := range s.pools {
		if len(places[p.value]) < mostSources {
			places[p.value] = append(places[p.value], p.source)
		}
		for f := p.frame; f != nil; f = f.parent {
			within[f] = append(within[f], i)
		}
	}
	nearest := make([]int, len(s.clients)) // -1 for a client of no pool
	ours := map[[2]int]bool{}              // a file and a pool for which a client is there that speaks of Cognito
	for i, client := range s.clients {
		best, ok := s.nearest(client, within)
		if nearest[i] = best; !ok {
			nearest[i] = -1
		} else if client.spoken() {
			ours[[2]int{client.file, best}] = true
		}
	}
	paired := map[string]bool{}
	for i, client := range s.clients {
		best := nearest[i]
		if best < 0 || ours[[2]int{client.file, best}] && client.stranger(s.pools[best]) {
			stray = append(stray, client)
			continue
		}
		pool := s.pools[best]
		paired[pool.value] = true
		c := Candidate{Pool: pool.value, Client: client.value, Sources: []Source{pool.source, client.source}}
		if secret, ok := s.secretOf(client); ok {
			c.Secret, c.SecretSource = flow.NewSecret(secret.value), secret.source
		}
		for _, place := range places[pool.value] {
			if place != pool.source {
				c.Sources = append(c.Sources, place)
			}
		}
		all = append(all, c)
	}
	for _, pool := range s.pools {
		if !paired[pool.value] {
			all = append(all, Candidate{Pool: pool.value, Sources: []Source{pool.source}})
		}
	}
	return all, stray
}

const mostSources = 8 // of a candidate

// nearest returns the pool that client belongs to. Of the pools in the innermost frame that has any, the one with the
// best score; if that are several pools, none.
func (s *settings) nearest(client side, within map[*frame][]int) (best int, ok bool) {
	try := func(pools []int) (found bool) {
		most := -1 << 30
		for _, i := range pools {
			n, fits := s.pools[i].score(client)
			switch {
			case !fits || n < most:
			case n > most:
				best, most, ok, found = i, n, true, true
			case s.pools[i].value != s.pools[best].value:
				ok = false
			}
		}
		return found
	}
	for f := client.frame; f != nil; f = f.parent {
		if try(within[f]) {
			return best, ok
		}
	}
	if !client.spoken() {
		return best, false
	}
	every := make([]int, 0, mostOfFrame) // those of the other files
	for i, p := range s.pools {
		if p.file != client.file && len(every) < cap(every) {
			every = append(every, i)
		}
	}
	try(every)
	return best, ok
}

// secretOf returns the secret whose name is that of the client with "secret" for "id", in the same frame; or the only
// one in an object that has one client.
func (s *settings) secretOf(client side) (side, bool) {
	if len(s.secrets) == 0 {
		return side{}, false
	}
	var fallback []side
	own := stem(words(client.name))
	for _, secret := range s.secrets {
		sameFrame := secret.frame == client.frame
		sameRoot := secret.frame.parent == nil && client.frame.parent == nil && secret.file != client.file
		if !sameFrame && !sameRoot || secret.env != "" && client.env != "" && secret.env != client.env {
			continue
		}
		if stem(words(secret.name)) == own && !listed(secret.entry, s.secrets) && !listed(client.entry, s.clients) {
			if sameFrame || !s.ownClient(secret, own) {
				return secret, true
			}
		}
		if sameFrame && client.frame.parent != nil && !aboutService(words(secret.name)) {
			fallback = append(fallback, secret)
		}
	}
	inFrame := 0
	for _, c := range s.clients {
		if c.frame == client.frame && c.value != client.value {
			inFrame++
		}
	}
	if len(fallback) == 1 && inFrame == 0 {
		return fallback[0], true
	}
	return side{}, false
}

// ownClient reports whether the file of a secret has a client that goes by the same name.
func (s *settings) ownClient(secret side, own string) bool {
	return slices.ContainsFunc(s.clients, func(c side) bool { return c.file == secret.file && stem(words(c.name)) == own })
}

// listed reports whether e is one of several that go by one name.
func listed[S ~[]side](e entry, all S) bool {
	n := 0
	for _, other := range all {
		if other.frame == e.frame && other.name == e.name {
			n++
		}
	}
	return n > 1
}

// isEmulated reports whether a pool's ID is of a kind that emulators make: local_ and a name, or 32 hexadecimal digits.
func isEmulated(id string) bool {
	region, name := flow.SplitPoolID(id)
	return region == emulated || len(name) == 32 && strings.Trim(name, "0123456789abcdef") == ""
}
