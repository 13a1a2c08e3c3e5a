package config

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// mostCandidates are offered; of a file, fewer.
const (
	mostCandidates = 100
	mostPools      = 32 // of a file: one with more is a list of something else
)

// collector gathers what the files of a project say.
type collector struct {
	batches  []batch
	warnings []*Error
	said     map[string]bool
	signIn   map[string][]string // by file
}

// batch is what was found in a family of files.
type batch struct {
	candidates []Candidate
	pools      int
}

// readProject reads the files around dir. They are not ours: what is wrong with one is a warning.
func readProject(dir, home string) ([]Candidate, []*Error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, nil
	}
	files, left := walk(dir, home)
	return readFiles(files, left)
}

// readBeside reads files of a project, and looks at no others.
func readBeside(paths []string) []Candidate {
	var files []file
	for _, path := range paths {
		if f, ok := recognize(filepath.Base(path), filepath.Base(filepath.Dir(path))); ok {
			f.path, f.shown, f.folder = path, path, filepath.Dir(path)
			files = append(files, f)
		}
	}
	all, _ := readFiles(files, leftOut{})
	return all
}

func readFiles(files []file, left leftOut) ([]Candidate, []*Error) {
	c := collector{signIn: map[string][]string{}}
	families := map[string]*settings{}
	var order []string
	total := 0
	for i, f := range files {
		raw, err := f.read()
		switch {
		case errors.Is(err, errTooLarge):
			left.add(fmt.Sprintf("larger than %d KiB", largest>>10), f.shown)
			continue
		case (errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid)) && !f.wanted:
			continue
		case err != nil:
			c.warn(Error{File: f.shown, Msg: "cannot be read"})
			continue
		}
		if total += len(raw); total > mostBytes {
			left.add(fmt.Sprintf("more than %d MiB would be read", mostBytes>>20), f.shown)
			continue
		}
		text, ok := decode(raw)
		if !ok || !f.wanted && !holdsID(text) && !(f.syntax.lines && strings.Contains(strings.ToLower(text), "secret")) {
			continue
		}
		entries := c.entries(f, text)
		if len(entries) == 0 {
			continue
		}
		if onePool(entries) {
			c.signIn[f.shown] = signInAttributes(text)
		}
		if isList(entries) {
			var alone settings
			alone.add(entries, f.env, i)
			c.pair(&alone)
			continue
		}
		key := f.folder + "\x00" + f.familyIs
		s := families[key]
		if s == nil {
			s = &settings{}
			families[key] = s
			order = append(order, key)
		}
		if lost := s.add(entries, f.env, i); lost > 0 {
			left.add(fmt.Sprintf("more than %d IDs of one kind in related files", mostOfFamily), f.shown)
		}
	}
	for _, key := range order {
		c.pair(families[key])
	}
	all := c.merged(&left)
	c.signIns(all)
	c.warnings = append(c.warnings, left.warnings()...)
	c.secretModes(files, all)
	return all, c.warnings
}

func (c *collector) warn(e Error) {
	key := e.Error()
	if c.said == nil {
		c.said = map[string]bool{}
	}
	if !c.said[key] && len(c.warnings) < mostWarnings {
		c.said[key] = true
		c.warnings = append(c.warnings, &e)
	}
}

const mostWarnings = 50

// isList reports whether a file has so many ids that it is a list of something else, and completes no other file.
func isList(entries []entry) bool {
	n := 0
	for _, e := range entries {
		if e.role == poolRole || e.role == clientRole {
			n++
		}
	}
	return n >= mostPools
}

// entries are the ids of a file, and what is to be said of those that are none.
func (c *collector) entries(f file, text string) []entry {
	out := scan(text, f.syntax)
	if out.cutOff > 0 && (strings.HasSuffix(f.base, ".json") || strings.HasSuffix(f.base, ".tfstate")) {
		c.warn(Error{File: f.shown, Line: out.cutOff, Msg: "looks cut off"})
	}
	if out.left > 0 {
		c.warn(Error{File: f.shown, Msg: fmt.Sprintf("left out: %d IDs, more than a settings file has", out.left)})
	}
	some, tooMany := cutList(out.entries)
	entries := understand(some)
	if f.syntax.lines {
		entries = lastOfEach(entries)
	}
	kept := entries[:0]
	for _, e := range entries {
		e.source = Source{Kind: Project, File: f.shown, Line: e.line, Name: e.shown()}
		switch e.role {
		case fakeRole, cutRole:
			c.odd(e)
			continue
		}
		kept = append(kept, e)
	}
	if tooMany > 0 {
		msg := fmt.Sprintf("left out: %d user pools, because the file has more than %d", tooMany, mostPools)
		c.warn(Error{File: f.shown, Msg: msg})
	}
	return kept
}

// cutList ends entries before a pool that is too many, and returns how many pools that leaves out. It is done before
// anything is understood of them, which takes longer.
func cutList(entries []entry) ([]entry, int) {
	pools, end := map[string]bool{}, len(entries)
	for i, e := range entries {
		if e.pool != real || pools[e.value] {
			continue
		}
		if len(pools) == mostPools {
			end = i // the first that is too many
		}
		pools[e.value] = true
	}
	return entries[:end], max(0, len(pools)-mostPools)
}

// odd says why an id is not offered.
func (c *collector) odd(e entry) {
	w := Error{File: e.source.File, Line: e.line, Key: e.source.Name, Msg: "looks like a placeholder"}
	if e.source.Kind == Environment {
		w = Error{Key: e.source.String(), Msg: "looks like a placeholder"}
	}
	if e.role == cutRole {
		w.Msg = "looks cut off"
	}
	c.warn(w)
}

// lastOfEach leaves out those that a later line of the same name replaces.
func lastOfEach(entries []entry) []entry {
	type key struct {
		frame *frame
		name  string
	}
	last := map[key]int{}
	for _, e := range entries {
		k := key{e.frame, e.name}
		last[k] = max(last[k], e.line)
	}
	return slices.DeleteFunc(entries, func(e entry) bool {
		isList := e.frame.kind != 0 && e.frame.kind != 's'
		return e.name != "" && !isList && e.line < last[key{e.frame, e.name}]
	})
}

// shown is the way to e.
func (e *entry) shown() string {
	var names []string
	for _, n := range e.way {
		if n = strings.TrimSpace(n); n != "" {
			names = append(names, n)
		}
	}
	slices.Reverse(names)
	return strings.Join(names, ".")
}

// pair adds what was found in one family.
func (c *collector) pair(s *settings) {
	candidates, stray := s.pairs()
	for _, side := range stray {
		if !side.spoken() && len(s.pools) == 0 {
			continue
		}
		why := "left out: there is no user pool with this app client"
		if len(s.pools) > 0 {
			why = "left out: this app client could belong to several user pools, or to none"
		}
		c.warn(Error{File: side.source.File, Line: side.line, Key: side.source.Name, Msg: why})
	}
	pools := map[string]bool{}
	for _, p := range s.pools {
		pools[p.value] = true
	}
	if len(candidates) > 0 {
		c.batches = append(c.batches, batch{candidates, len(pools)})
	}
}

// merged are all candidates, each once. When there are too many, those of files with few pools stay.
func (c *collector) merged(left *leftOut) []Candidate {
	order := make([]int, len(c.batches))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(c.batches[a].pools, c.batches[b].pools) })
	room := mostCandidates
	for _, i := range order {
		if n := len(c.batches[i].candidates); n > room {
			for _, lost := range c.batches[i].candidates[room:] {
				reason := fmt.Sprintf("more than %d user pools and app clients were found", mostCandidates)
				left.add(reason, lost.Sources[0].String())
			}
			c.batches[i].candidates = c.batches[i].candidates[:room]
		}
		room -= len(c.batches[i].candidates)
	}
	var all []Candidate
	for _, b := range c.batches {
		all = merge(all, b.candidates)
	}
	return all
}

// merge adds more to all: what is there already gets more sources, and a pool with an app client does not stand alone.
func merge(all, more []Candidate) []Candidate {
	for _, c := range more {
		i := slices.IndexFunc(all, func(have Candidate) bool { return have.Pool == c.Pool && have.Client == c.Client })
		if i < 0 {
			all = append(all, c)
			continue
		}
		for _, s := range c.Sources {
			if !slices.Contains(all[i].Sources, s) && len(all[i].Sources) < 2*mostSources {
				all[i].Sources = append(all[i].Sources, s)
			}
		}
		if all[i].Secret.Empty() {
			all[i].Secret, all[i].SecretSource = c.Secret, c.SecretSource
		}
	}
	withClient := map[string]bool{}
	for _, c := range all {
		withClient[c.Pool] = withClient[c.Pool] || c.Client != ""
	}
	return slices.DeleteFunc(all, func(c Candidate) bool { return c.Client == "" && withClient[c.Pool] })
}

// secretModes warns of files with a client secret that others can read.
func (c *collector) secretModes(files []file, all []Candidate) {
	if runtime.GOOS == "windows" {
		return
	}
	for _, candidate := range all {
		i := slices.IndexFunc(files, func(f file) bool { return f.shown == candidate.SecretSource.File })
		if i < 0 || candidate.Secret.Empty() {
			continue
		}
		if mode, ok := files[i].mode(); ok && mode&0o044 != 0 {
			msg := fmt.Sprintf("it has a client secret, and others can read it (mode %04o)", mode)
			c.warn(Error{File: files[i].shown, Msg: msg})
		}
	}
}

// readTerraform reads what `terraform output` writes, with -json or without.
func readTerraform(r io.Reader) ([]Candidate, []*Error, error) {
	const hint = "pipe the output of terraform output -json"
	raw, err := io.ReadAll(io.LimitReader(r, largest+1))
	switch {
	case err != nil:
		return nil, nil, &Error{Key: "stdin", Msg: "cannot be read", Hint: hint}
	case len(raw) > largest:
		return nil, nil, &Error{Key: "stdin", Msg: fmt.Sprintf("larger than %d KiB", largest>>10), Hint: hint}
	case len(bytes.TrimSpace(raw)) == 0:
		return nil, nil, &Error{Key: "stdin", Msg: "it is empty", Hint: hint}
	}
	text, ok := decode(raw)
	if !ok {
		return nil, nil, &Error{Key: "stdin", Msg: "this is not text", Hint: hint}
	}
	out := scan(text, hcl)
	if out.cutOff > 0 {
		return nil, nil, &Error{Key: "stdin", Msg: fmt.Sprintf("looks cut off in line %d", out.cutOff), Hint: hint}
	}
	var c collector
	var s settings
	entries := c.entries(file{syntax: hcl}, text)
	for i := range entries {
		entries[i].source = Source{Kind: Terraform, Name: entries[i].shown()}
	}
	s.add(entries, "", 0)
	c.pair(&s)
	var left leftOut
	all := c.merged(&left)
	if len(all) == 0 {
		return nil, nil, &Error{Key: "stdin", Msg: "no Terraform output is a user pool ID",
			Hint: "add outputs for the IDs, such as user_pool_id and user_pool_client_id"}
	}
	return all, append(c.warnings, left.warnings()...), nil
}

// readEnvironment reads the variables that are anybody's: COGNITO_USER_POOL_ID, VITE_COGNITO_CLIENT_ID, ... CLIENT_ID
// alone may be anybody's, too, and is not read here, because what is found here is used unasked.
func readEnvironment(environ []string) ([]Candidate, []*Error) {
	out := &found{}
	root := &frame{}
	for i, variable := range environ {
		name, value, _ := strings.Cut(variable, "=")
		if i == mostFiles || strings.HasPrefix(name, ownPrefix) || !aboutPool(words(clip(name))) {
			continue
		}
		s := scanner{root: root, top: root, out: out, name: name, text: value}
		s.emit(token{text: value, quoted: true})
	}
	var c collector
	var s settings
	kept := []entry{}
	for _, e := range understand(out.entries) {
		e.source = Source{Kind: Environment, Name: e.shown()}
		if e.role == fakeRole || e.role == cutRole {
			c.odd(e)
			continue
		}
		kept = append(kept, e)
	}
	s.add(kept, "", 0)
	c.pair(&s)
	var left leftOut
	return c.merged(&left), append(c.warnings, left.warnings()...)
}

// used are the settings that the candidates of the environment amount to. Variables that speak of several pools, or
// of several clients of one, settle nothing: then somebody has to choose.
func used(found []Candidate) (all []Setting) {
	if len(found) == 0 || slices.ContainsFunc(found, func(c Candidate) bool { return c.Pool != found[0].Pool }) {
		return nil
	}
	all = append(all, Setting{Key: "pool-id", Value: found[0].Pool, Source: found[0].Sources[0]})
	if found[0].Client != "" && len(found) == 1 {
		all = append(all, Setting{Key: "client-id", Value: found[0].Client, Source: found[0].Sources[1]})
	}
	return all
}

// undecided are warnings about pools of which several app clients were found.
func undecided(all []Candidate) (warnings []*Error) {
	clients := map[string]int{}
	for _, c := range all {
		clients[c.Pool]++
	}
	for _, c := range all {
		if n := clients[c.Pool]; n > 1 {
			clients[c.Pool] = 0
			msg := fmt.Sprintf("%s app clients match, so all of them are listed", count(n))
			warnings = append(warnings, &Error{Key: c.Pool, Msg: msg})
		}
	}
	return warnings
}

func count(n int) string {
	if n == 2 {
		return "two"
	}
	return fmt.Sprint(n)
}
