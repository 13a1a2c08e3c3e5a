// Package config finds the settings of a run and says where each came from. Flags win over the
// environment, the environment over config.toml, and config.toml over the caller's defaults. Pools in the files of a
// project, such as amplify_outputs.json, are candidates: they are shown, and used only if somebody chooses them.
//
// The files of a project are read by their shape, whatever the format: walk.go says where, scan.go is one loop over
// the tokens of a file, id.go says what looks like an ID, names.go what names say, and pair.go which app client
// belongs to which user pool. What is not certain is not offered, and a warning says why.
//
// It only opens files. It uses no network and runs no program and no JavaScript. It expands nothing except the default
// in ${NAME:-default}.
package config

import (
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"cognito-enroll/flow"
)

// Input is where Find looks. Everything may be left empty.
type Input struct {
	Flags   map[string]string // those that were set, by their long names
	Environ []string          // as of os.Environ
	File    string            // config.toml, if a flag named one: it must be there
	// Trusted reports whether the owner of config.toml may say where a password goes; nil trusts every one.
	Trusted  func(fs.FileInfo) bool
	Standard string   // config.toml otherwise: it may be missing
	Profile  string   // the [profile.NAME] to take; "" for the file's default_profile
	Home     string   // what ~ stands for
	Dir      string   // the folder around which a project's files are looked for
	Beside   []string // files of a project to read when Dir is empty: nothing is looked for around them
	Defaults map[string]string

	Terraform io.Reader // what `terraform output -json` wrote; nil for nothing

	// Check says what a value of a key has to be when it is not that, as in "dark or light"; else "".
	Check func(key, value string) string
}

// Keys are what can be set: the long names of the flags. In config.toml they have _ for -, and in the
// environment COGNITO_ENROLL_ before them.
var Keys = []string{
	"pool-id", "client-id", "client-secret-file", "region", "endpoint-url", "username", "device-name", "issuer",
	"auth-flow", "preferred-challenge", "theme", "qr", "cover",
}

// Setting is a value and where it came from.
type Setting struct {
	Key, Value string
	Source     Source
	Losers     []Setting // what other sources say, if it is something else
}

// Source is a place that a value came from.
type Source struct {
	Kind Kind
	File string // as it is reached from Input.Dir
	Line int    // 0 if unknown
	Name string // of the flag, the variable, the key
}

// Kind is the sort of a Source.
type Kind string

// The kinds, the strongest first.
const (
	Flag        Kind = "flag"
	Environment Kind = "environment"
	Config      Kind = "config"
	Project     Kind = "project"
	Terraform   Kind = "terraform"
	Default     Kind = "default"
)

func (s Source) String() string {
	switch s.Kind {
	case Flag:
		return "flag --" + s.Name
	case Config, Project:
		at := flow.Printable(s.File)
		if s.Line > 0 {
			at += fmt.Sprintf(":%d", s.Line)
		}
		return at + " " + flow.Printable(s.Name)
	case Terraform:
		return "terraform output " + flow.Printable(s.Name)
	case Default:
		return "default"
	}
	return string(s.Kind) + " " + flow.Printable(s.Name)
}

// Place is what a person looks for: the file, without where in it, or the whole source.
func (s Source) Place() string {
	if s.File == "" {
		return s.String()
	}
	return flow.Printable(s.File)
}

// Candidate is a pool and an app client that belong together, as far as their names tell.
type Candidate struct {
	Pool    string
	Client  string      // "" if only the pool was found
	SignIn  []string    // the attributes that stand for the username: email, phone_number; none if nobody says
	Sources []Source    // of the pool and of the client, for each file that has them
	Secret  flow.Secret // of the client, if it was beside it

	SecretSource Source
}

// Found is what Find has found.
type Found struct {
	Settings   []Setting // those that have a value, in the order of Keys
	Candidates []Candidate
	Warnings   []*Error // about files and variables that are not ours: what was left out, and why
	Profiles   []string // of config.toml
	Profile    string   // the one of them that is used, or ""
}

// Get returns the setting of key; without a value its Source has no Kind.
func (f Found) Get(key string) Setting {
	for _, s := range f.Settings {
		if s.Key == key {
			return s
		}
	}
	return Setting{Key: key}
}

// Secret returns the client secret that was found beside the pool and client, and where.
func (f Found) Secret(pool, client string) (flow.Secret, Source) {
	for _, c := range f.Candidates {
		if c.Pool == pool && c.Client == client && !c.Secret.Empty() {
			return c.Secret, c.SecretSource
		}
	}
	return flow.Secret{}, Source{}
}

// SecretFiles returns the files of the project that say which secret the pool and client have, as they are reached from
// Input.Dir; none if it is from elsewhere.
func (f Found) SecretFiles(pool, client string) (files []string) {
	for _, c := range f.Candidates {
		if c.Pool != pool || c.Client != client || c.SecretSource.Kind != Project {
			continue
		}
		for _, s := range append(slices.Clone(c.Sources), c.SecretSource) {
			if s.Kind == Project && !slices.Contains(files, s.File) {
				files = append(files, s.File)
			}
		}
	}
	return files
}

// Error is about a place in a file, or a variable. Msg and Hint are in lower case and without a full
// stop; neither quotes a secret.
type Error struct {
	File      string
	Line      int // 0 if unknown
	Key       string
	Msg, Hint string
	Cause     error // that the system gave; nil if it is about what is in the file
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

func (e *Error) Error() string {
	var at []string
	if e.File != "" {
		file := flow.Printable(e.File)
		if e.Line > 0 {
			file += fmt.Sprintf(":%d", e.Line)
		}
		at = append(at, file)
	}
	if e.Key != "" {
		at = append(at, flow.Printable(e.Key))
	}
	return strings.Join(append(at, e.Msg), ": ")
}

// Find reads everything. Its error is an *Error, and about what is the person's own: config.toml, a
// variable named COGNITO_ENROLL_, the output of Terraform.
func Find(in Input) (Found, error) {
	var found Found
	file, err := readConfig(in)
	if err != nil {
		return found, err
	}
	found.Profiles, found.Profile = file.profiles, file.profile
	own, err := ownVariables(in)
	if err != nil {
		return found, err
	}
	known, warnings := readEnvironment(in.Environ)
	var flags []Setting
	for _, key := range Keys {
		if value, ok := in.Flags[key]; ok {
			flags = append(flags, Setting{Key: key, Value: value, Source: Source{Kind: Flag, Name: key}})
		}
	}
	layers := [][]Setting{flags, own, used(known), file.settings}
	for _, layer := range layers {
		for i, s := range layer {
			switch s.Key {
			case "pool-id": // or an issuer's URL, or an ARN
				layer[i].Value = flow.PoolOf(s.Value)
			case "client-id", "region":
				layer[i].Value = flow.Unquote(s.Value)
			}
		}
	}
	for _, key := range Keys { // the pool is chosen first, and then its client
		if s, ok := found.strongest(key, layers, known); ok {
			found.Settings = append(found.Settings, s)
		} else if value, ok := in.Defaults[key]; ok {
			found.Settings = append(found.Settings, Setting{Key: key, Value: value, Source: Source{Kind: Default}})
		}
	}
	found.Candidates, found.Warnings = known, warnings
	if in.Terraform != nil {
		outputs, warnings, err := readTerraform(in.Terraform)
		if err != nil {
			return found, err
		}
		found.add(outputs, warnings)
	}
	if in.Dir != "" {
		found.add(readProject(in.Dir, in.Home))
	}
	if in.Dir == "" && len(in.Beside) > 0 {
		found.add(readBeside(in.Beside), nil)
	}
	found.Warnings = append(found.Warnings, undecided(found.Candidates)...)
	return found, nil
}

func (f *Found) add(candidates []Candidate, warnings []*Error) {
	f.Candidates, f.Warnings = merge(f.Candidates, candidates), append(f.Warnings, warnings...)
}

// strongest returns the strongest setting of key that goes with what is chosen already, and whether
// there is one.
func (f Found) strongest(key string, layers [][]Setting, known []Candidate) (winner Setting, ok bool) {
	var all, foreign []Setting
	for _, layer := range layers {
		for _, s := range layer {
			switch {
			case s.Key != key:
			case f.fits(layer, s, known):
				all = append(all, s)
			default:
				foreign = append(foreign, s)
			}
		}
	}
	if len(all) == 0 {
		return winner, false
	}
	winner = all[0]
	for _, s := range append(all[1:], foreign...) {
		if s.Value != winner.Value {
			winner.Losers = append(winner.Losers, s)
		}
	}
	return winner, true
}

// fits reports whether s, of layer, goes with the pool and client that are chosen. What belongs to a
// pool or to a client does not if it stands beside another.
func (f Found) fits(layer []Setting, s Setting, known []Candidate) bool {
	beside := func(key string) bool {
		value, chosen := first(layer, key), f.Get(key).Value
		return value == "" || chosen == "" || value == chosen
	}
	switch s.Key {
	case "client-id":
		for _, c := range known {
			if slices.Contains(c.Sources, s.Source) && c.Client == s.Value {
				return c.Pool == f.Get("pool-id").Value
			}
		}
		return beside("pool-id")
	case "client-secret-file":
		return beside("pool-id") && beside("client-id")
	case "region", "endpoint-url":
		return beside("pool-id")
	}
	return true
}

// first is the value of key in layer, or "".
func first(layer []Setting, key string) string {
	for _, s := range layer {
		if s.Key == key {
			return s.Value
		}
	}
	return ""
}

// Nearest returns the one of known that word may be a slip of, or "".
func Nearest(word string, known []string) string {
	best, least := "", 3
	for _, k := range known {
		if d := distance(word, k); d < least && d < len(k) {
			best, least = k, d
		}
	}
	return best
}

// distance is Levenshtein's: how many characters have to be put in, left out or replaced.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j]+1, row[j+1]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
