package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"

	"cognito-enroll/flow"
)

// configFile is what config.toml says, for one profile.
type configFile struct {
	settings []Setting
	profiles []string
	profile  string // the one that is used
}

// readConfig reads config.toml: keys at the top for every run, and those of one [profile.NAME] before
// them.
func readConfig(in Input) (configFile, error) {
	var c configFile
	name := in.File
	if name == "" {
		name = in.Standard
	}
	if name == "" {
		return c, wantProfile(in, name, nil)
	}
	raw, err := readAll(name)
	if in.File == "" && (errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)) {
		return c, wantProfile(in, name, nil)
	}
	if err != nil {
		return c, &Error{Msg: err.Error(), Hint: "check --config", Cause: err}
	}
	if info, err := os.Stat(name); err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o022 != 0 {
		return c, &Error{File: name, Msg: fmt.Sprintf("others can write it (mode %04o), and it says where your password is "+
			"sent", info.Mode().Perm()),
			Hint: "let only you write it, as in chmod go-w " + strconv.Quote(name)}
	}
	if info, err := os.Stat(name); err == nil && in.Trusted != nil && !in.Trusted(info) {
		return c, &Error{File: name, Msg: "this file belongs to somebody else, and it says where your password is sent",
			Hint: "use a file of your own"}
	}
	var tree map[string]any
	decoded, ok := decode(raw)
	if !ok {
		return c, &Error{File: name, Msg: "this is not TOML", Hint: "check --config: it names a text file"}
	}
	text := []byte(decoded)
	if err := toml.Unmarshal(text, &tree); err != nil {
		e := &Error{File: name, Msg: "this is not TOML",
			Hint: "write one line for each key, as in pool_id = \"eu-west-1_AbCdEf123\""}
		if at := (*toml.DecodeError)(nil); errors.As(err, &at) {
			e.Line, _ = at.Position()
		}
		return c, e
	}
	r := reader{name: name, lines: lines(text), in: in}
	tables, err := r.tables(tree)
	if err != nil {
		return c, err
	}
	c.profiles = slices.Sorted(maps.Keys(tables))
	profile := in.Profile
	if standard, ok := tree["default_profile"]; ok && profile == "" {
		if profile, ok = standard.(string); !ok || tables[profile] == nil {
			return c, r.wrong("default_profile", "expected the name of a profile of this file",
				Nearest(fmt.Sprint(standard), c.profiles))
		}
	}
	if err := wantProfile(in, name, c.profiles); err != nil {
		return c, err
	}
	// A mistake in a profile that is not used is one as well.
	for _, p := range c.profiles {
		settings, err := r.settings(tables[p], "profile."+p+".")
		if err != nil {
			return c, err
		}
		if p == profile {
			c.settings, c.profile = settings, p
		}
	}
	standing, err := r.settings(tree, "")
	for _, s := range standing {
		if !slices.ContainsFunc(c.settings, func(t Setting) bool { return t.Key == s.Key }) {
			c.settings = append(c.settings, s)
		}
	}
	return c, err
}

// readAll reads a config.toml as it is, if it has an end: a device may have none.
func readAll(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	raw, err := io.ReadAll(io.LimitReader(file, largest+1))
	if len(raw) > largest {
		err = &fs.PathError{Op: "read", Path: name, Err: errors.New("it has more than 1 MiB")}
	}
	return raw, err
}

// wantProfile refuses a profile that is not there.
func wantProfile(in Input, name string, known []string) error {
	if in.Profile == "" || slices.Contains(known, in.Profile) {
		return nil
	}
	e := &Error{File: name, Msg: fmt.Sprintf("no profile %q", in.Profile),
		Hint: "add a table [profile.NAME] with keys such as pool_id"}
	if near := Nearest(in.Profile, known); near != "" {
		e.Hint = "did you mean " + flow.Printable(near) + "?"
	} else if len(known) > 0 {
		e.Hint = "there are " + flow.Printable(strings.Join(known, ", "))
	}
	return e
}

// reader makes settings of tables, and errors that say where.
type reader struct {
	name  string
	lines map[string]int // of the keys
	in    Input
}

func (r reader) wrong(key, expected, near string) *Error {
	hint := "see cognito-enroll config --help"
	if near != "" {
		hint = "did you mean " + flow.Printable(near) + "?"
	}
	return &Error{File: r.name, Line: r.lines[key], Key: key, Msg: expected, Hint: hint}
}

// tables are the profiles.
func (r reader) tables(tree map[string]any) (map[string]map[string]any, error) {
	tables := map[string]map[string]any{}
	all, ok := tree["profile"].(map[string]any)
	if !ok && tree["profile"] != nil {
		return nil, r.wrong("profile", "expected a table, as in [profile.staging]", "")
	}
	for name, value := range all {
		table, ok := value.(map[string]any)
		if !ok {
			return nil, r.wrong("profile."+name, "expected a table, as in [profile.staging]", "")
		}
		tables[name] = table
	}
	return tables, nil
}

// settings reads the keys of one table, whose own name is prefix.
func (r reader) settings(table map[string]any, prefix string) (all []Setting, err error) {
	for _, name := range slices.Sorted(maps.Keys(table)) {
		if prefix == "" && (name == "profile" || name == "default_profile") {
			continue
		}
		key, path := strings.ReplaceAll(name, "_", "-"), prefix+name
		if name == "client_secret" {
			return nil, r.wrong(path, "a secret must not be in this file", "client_secret_file")
		}
		if !slices.Contains(Keys, key) || strings.Contains(name, "-") {
			return nil, r.wrong(path, "unknown key", Nearest(name, tomlKeys()))
		}
		value := ""
		switch v := table[name].(type) {
		case string:
			value = v
		case bool:
			value = strconv.FormatBool(v)
		}
		switch _, isText := table[name].(string); {
		case key == "cover" && value != "true" && value != "false":
			return nil, r.wrong(path, "expected true or false", "")
		case key != "cover" && !isText:
			return nil, r.wrong(path, "expected text in quotation marks", "")
		}
		if r.in.Check != nil {
			if expected := r.in.Check(key, value); expected != "" {
				return nil, r.wrong(path, fmt.Sprintf("expected %s, not %q", expected, value), "")
			}
		}
		if key == "client-secret-file" {
			value = r.reached(value)
		}
		all = append(all, Setting{Key: key, Value: value, Source: Source{Kind: Config, File: r.name, Line: r.lines[path],
			Name: path}})
	}
	return all, nil
}

// reached is a file of config.toml's: from the folder of that, or from home.
func (r reader) reached(file string) string {
	if rest, ok := strings.CutPrefix(file, "~/"); ok && r.in.Home != "" {
		return filepath.Join(r.in.Home, rest)
	}
	if filepath.IsAbs(file) {
		return file
	}
	return filepath.Join(filepath.Dir(r.name), file)
}

func tomlKeys() (names []string) {
	for _, key := range Keys {
		names = append(names, strings.ReplaceAll(key, "-", "_"))
	}
	return append(names, "default_profile", "profile")
}

// lines are those in which the keys stand, by their full names.
func lines(text []byte) map[string]int {
	at := map[string]int{}
	var p unstable.Parser
	table := ""
	for p.Reset(text); p.NextExpression(); {
		e := p.Expression()
		var parts []string
		line := 0
		for keys := e.Key(); keys.Next(); {
			node := keys.Node()
			parts = append(parts, string(node.Data))
			line = p.Shape(node.Raw).Start.Line
		}
		name := strings.Join(parts, ".")
		if e.Kind == unstable.Table || e.Kind == unstable.ArrayTable {
			table = name + "."
			at[name] = line
			continue
		}
		at[table+name] = line
	}
	return at
}
