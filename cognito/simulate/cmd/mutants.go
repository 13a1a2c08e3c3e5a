package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

//go:embed testdata/mutants.txt
var mutantsText string

// mutant is a change to the program that makes it lie.
type mutant struct {
	name  string
	edits []edit
}

// edit puts text instead of another that stands in a file once.
type edit struct{ file, old, new string }

// parseMutants reads testdata/mutants.txt.
func parseMutants(text string) (list []mutant, err error) {
	for _, block := range strings.Split(text, "\n== ")[1:] {
		name, body, _ := strings.Cut(block, "\n")
		m := mutant{name: name}
		for _, part := range strings.Split("\n"+body, "\n-- ")[1:] {
			file, change, _ := strings.Cut(part, "\n")
			old, replacement, ok := strings.Cut(change, "\n--\n")
			if !ok {
				return nil, fmt.Errorf("mutant %q: an edit of %s has no --", name, file)
			}
			m.edits = append(m.edits, edit{file, old, strings.TrimRight(replacement, "\n")})
		}
		list = append(list, m)
	}
	return list, nil
}

// apply returns the files of the mutant, by name; root is the module's folder.
func (m mutant) apply(root string) (map[string]string, error) {
	files := map[string]string{}
	for _, e := range m.edits {
		text, ok := files[e.file]
		if !ok {
			read, err := os.ReadFile(filepath.Join(root, e.file))
			if err != nil {
				return nil, err
			}
			text = string(read)
		}
		if n := strings.Count(text, e.old); n != 1 {
			return nil, fmt.Errorf("mutant %q: what it changes in %s is there %d times", m.name, e.file, n)
		}
		files[e.file] = strings.Replace(text, e.old, e.new, 1)
	}
	return files, nil
}

// tryMutants builds each mutant, and prints how many runs it took to find its lie. It fails if one was
// not found.
func tryMutants(from uint64, runs int, only string) error {
	list, err := parseMutants(mutantsText)
	if err != nil {
		return err
	}
	root, err := os.Getwd()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	missed := 0
	for _, m := range list {
		if !strings.Contains(m.name, only) {
			continue
		}
		program, err := m.build(root, dir)
		if err != nil {
			return err
		}
		out, err := exec.Command(program, "-first", "-from", fmt.Sprint(from), "-runs", fmt.Sprint(runs)).CombinedOutput()
		if err == nil {
			missed++
			out = []byte("not found\n")
		}
		fmt.Printf("%-60s %s", m.name, strings.TrimPrefix(string(out), "simulate: "))
	}
	if missed > 0 {
		return fmt.Errorf("%d mutants were not found in %d runs", missed, runs)
	}
	return nil
}

// build compiles the simulator with the mutant's files instead of those of the module.
func (m mutant) build(root, dir string) (program string, err error) {
	files, err := m.apply(root)
	if err != nil {
		return "", err
	}
	overlay := struct{ Replace map[string]string }{map[string]string{}}
	for name, text := range files {
		at := filepath.Join(dir, strings.ReplaceAll(name, "/", "_"))
		if err := os.WriteFile(at, []byte(text), 0o600); err != nil {
			return "", err
		}
		overlay.Replace[filepath.Join(root, name)] = at
	}
	table, err := json.Marshal(overlay)
	if err != nil {
		return "", err
	}
	at := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(at, table, 0o600); err != nil {
		return "", err
	}
	program = filepath.Join(dir, "simulate")
	if out, err := exec.Command("go", "build", "-overlay", at, "-o", program,
		"./cognito/simulate/cmd").CombinedOutput(); err != nil {
		return "", fmt.Errorf("mutant %q does not compile: %w\n%s", m.name, err, out)
	}
	return program, nil
}
