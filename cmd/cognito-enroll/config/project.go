package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/joho/godotenv"
)

// largest is how much of a file is read, in bytes. Those that tools write are far smaller.
const largest = 1 << 20

// projectFiles are what tools leave in a project, and how to read each.
var projectFiles = []struct {
	name string
	read func([]byte) ([]entry, string)
}{
	{"amplify_outputs.json", readJSON}, // Amplify Gen 2
	{"src/amplify_outputs.json", readJSON},
	{"aws-exports.js", readExports}, // Amplify Gen 1
	{"aws-exports.ts", readExports},
	{"aws-exports.mjs", readExports},
	{"src/aws-exports.js", readExports},
	{"src/aws-exports.ts", readExports},
	{"aws-exports.json", readJSON},
	{"amplifyconfiguration.json", readJSON},
	{"src/amplifyconfiguration.json", readJSON},
	{"awsconfiguration.json", readJSON},
	{"cdk-outputs.json", readJSON}, // cdk deploy --outputs-file
	{".sst/outputs.json", readJSON},
}

// readProject reads the files of dir and of its parents up to the repository's root. They are not ours:
// what cannot be read is a warning.
func readProject(dir string) (all []Candidate, warnings []*Error) {
	for _, folder := range folders(dir) {
		for _, f := range projectFiles {
			entries, warning := readFile(dir, filepath.Join(folder, filepath.FromSlash(f.name)), f.read)
			all, warnings = merge(all, candidates(entries)), append(warnings, warning...)
		}
		// The files of one folder belong together: .env has the pool and .env.local the client.
		var variables []entry
		for _, name := range dotenvs(folder) {
			entries, warning := readFile(dir, filepath.Join(folder, name), readDotenv)
			variables, warnings = append(variables, entries...), append(warnings, warning...)
		}
		all = merge(all, candidates(variables))
	}
	return all, warnings
}

// folders are dir and its parents up to the one with .git, or dir alone if there is none.
func folders(dir string) (all []string) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil
	}
	for at := dir; ; at = filepath.Dir(at) {
		all = append(all, at)
		if _, err := os.Lstat(filepath.Join(at, ".git")); err == nil {
			return all
		}
		if at == filepath.Dir(at) {
			return []string{dir}
		}
	}
}

// dotenvs are the names of .env and of its variants, but for those that are examples.
func dotenvs(folder string) (names []string) {
	files, err := os.ReadDir(folder)
	if err != nil {
		return nil
	}
	for _, f := range files {
		variant, ok := strings.CutPrefix(f.Name(), ".env")
		if !ok || variant != "" && variant[0] != '.' {
			continue
		}
		if !slices.ContainsFunc([]string{"example", "sample", "template", "dist", "schema", "vault"}, func(s string) bool { return strings.Contains(variant, s) }) {
			names = append(names, f.Name())
		}
	}
	slices.Reverse(names) // .env.local says it better than .env
	return names
}

func readFile(dir, file string, read func([]byte) ([]entry, string)) ([]entry, []*Error) {
	shown := file
	if relative, err := filepath.Rel(dir, file); err == nil {
		shown = relative
	}
	warn := func(msg string) []*Error { return []*Error{{File: shown, Msg: msg}} }
	info, err := os.Stat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid):
		return nil, nil
	case err != nil:
		return nil, warn("cannot be read")
	case info.IsDir():
		return nil, nil
	case !info.Mode().IsRegular():
		return nil, warn("expected a file")
	case info.Size() > largest:
		return nil, warn("too large to be read")
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, warn("cannot be read")
	}
	entries, expected := read(text)
	if expected != "" {
		return nil, warn(expected)
	}
	for i := range entries {
		entries[i].source = Source{Kind: Project, File: filepath.ToSlash(shown), Name: strings.Join(entries[i].path, ".")}
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o044 != 0 && slices.ContainsFunc(candidates(entries), func(c Candidate) bool { return !c.Secret.Empty() }) {
		return entries, warn(fmt.Sprintf("it has a client secret, and others can read it (mode %04o)", info.Mode().Perm()))
	}
	return entries, nil
}

// readJSON returns every text of a JSON file, or what was expected.
func readJSON(text []byte) ([]entry, string) {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	d := json.NewDecoder(bytes.NewReader(text))
	entries, err := flatten(d, nil)
	if err == nil {
		if _, err = d.Token(); err == io.EOF {
			return entries, ""
		}
	}
	line := 1 + bytes.Count(text[:min(int(d.InputOffset()), len(text))], []byte("\n"))
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, "the JSON ends too early, in line " + strconv.Itoa(line)
	}
	return nil, "expected JSON, in line " + strconv.Itoa(line)
}

// deepest is how deep the files of tools are nested at most, and some more.
const deepest = 50

func flatten(d *json.Decoder, path []string) (entries []entry, err error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch t := token.(type) {
	case string:
		if len(path) > 0 {
			entries = append(entries, entry{path: path, value: t})
		}
	case json.Delim:
		if len(path) > deepest {
			return nil, errors.New("nested too deep")
		}
		for i := 0; d.More(); i++ {
			name := strconv.Itoa(i)
			if t == '{' {
				key, err := d.Token()
				if err != nil {
					return nil, err
				}
				name = key.(string)
			}
			inner, err := flatten(d, append(slices.Clip(path), name))
			if err != nil {
				return nil, err
			}
			entries = append(entries, inner...)
		}
		_, err = d.Token()
	}
	return entries, err
}

// exported is a line of aws-exports.js, which is read and never run.
var exported = regexp.MustCompile(`(?m)["']?\b(aws_user_pools_id|aws_user_pools_web_client_id|userPoolId|userPoolClientId|userPoolWebClientId)["']?\s*:\s*["']([^"'\n]{1,200})["']`)

func readExports(text []byte) (entries []entry, expected string) {
	for _, m := range exported.FindAllSubmatch(text, -1) {
		entries = append(entries, entry{path: []string{string(m[1])}, value: string(m[2])})
	}
	return entries, ""
}

func readDotenv(text []byte) (entries []entry, expected string) {
	variables, err := godotenv.UnmarshalBytes(text)
	if err != nil {
		return nil, "expected lines of NAME=value" // its own words quote the line
	}
	for name, value := range variables {
		if speaksOfCognito(name) {
			entries = append(entries, entry{path: []string{name}, value: value})
		}
	}
	slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.path[0], b.path[0]) })
	return entries, ""
}

// readTerraform reads what `terraform output -json` writes: {"name": {"value": ..., "sensitive": ...}}.
func readTerraform(r io.Reader) ([]entry, error) {
	text, err := io.ReadAll(io.LimitReader(r, largest))
	if err != nil {
		return nil, &Error{Key: "stdin", Msg: "cannot be read", Hint: "pipe terraform output -json to it"}
	}
	entries, expected := readJSON(text)
	if expected != "" || len(bytes.TrimSpace(text)) == 0 {
		if expected == "" {
			expected = "it is empty"
		}
		return nil, &Error{Key: "stdin", Msg: expected, Hint: "pipe what terraform output -json writes"}
	}
	var outputs []entry
	for _, e := range entries {
		if len(e.path) < 2 || e.path[1] != "value" {
			continue
		}
		e.path = append([]string{e.path[0]}, e.path[2:]...)
		e.source = Source{Kind: Terraform, Name: strings.Join(e.path, ".")}
		outputs = append(outputs, e)
	}
	if len(candidates(outputs)) == 0 {
		return nil, &Error{Key: "stdin", Msg: "no output of Terraform is a user pool id", Hint: "add an output for the pool's id and one for the app client's, as in user_pool_id and user_pool_client_id"}
	}
	return outputs, nil
}
