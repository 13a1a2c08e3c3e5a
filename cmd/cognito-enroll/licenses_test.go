package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// update makes the tests write what they otherwise compare.
var update = flag.Bool("update", false, "write the generated files instead of comparing them")

// generated compares a file that is generated with what it should be, or writes it with -update.
func generated(t *testing.T, want string, path ...string) {
	t.Helper()
	file := filepath.Join(path...)
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, read(t, file)); diff != "" {
		t.Errorf("%s is out of date: run go generate ./cmd/cognito-enroll (-want +file):\n%s", file, diff)
	}
}

// targets are the systems that binaries are built for. Each links modules that others do not.
var targets = []string{"linux/amd64", "linux/arm64", "darwin/arm64", "windows/amd64"}

// assets/licenses.txt holds the notices of all modules that are linked, and of nothing else.
func TestLicenses(t *testing.T) {
	generated(t, notices(t, linked(t)), "..", "..", "assets", "licenses.txt")
}

// linkedPackage is a package in a binary, with the module that it comes from.
type linkedPackage struct{ module, version, root, dir string }

// linked lists the packages of other modules that a binary for any target contains.
func linked(t *testing.T) (all []linkedPackage) {
	t.Helper()
	const format = `{{with .Module}}{{if not .Main}}{{.Path}}|{{.Version}}|{{.Dir}}|{{$.Dir}}{{end}}{{end}}`
	seen := map[string]bool{}
	for _, target := range targets {
		system, machine, _ := strings.Cut(target, "/")
		cmd := exec.Command("go", "list", "-deps", "-f", format, ".")
		cmd.Env = append(os.Environ(), "GOOS="+system, "GOARCH="+machine, "CGO_ENABLED=0")
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s: %v", target, err)
		}
		for line := range strings.Lines(string(out)) {
			line = strings.TrimSpace(line)
			if line == "" || seen[line] {
				continue
			}
			seen[line] = true
			part := strings.Split(line, "|")
			all = append(all, linkedPackage{part[0], part[1], part[2], part[3]})
		}
	}
	return all
}

var noticeFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents)([.-].*)?$`)

// notices returns the text of assets/licenses.txt: each license once, below the names of those under it.
func notices(t *testing.T, packages []linkedPackage) string {
	t.Helper()
	under := map[string][]string{} // the modules, by the text of their notice
	hasOne := map[string]bool{}
	add := func(text, name string) {
		text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
		if !slices.Contains(under[text], name) {
			under[text] = append(under[text], name)
		}
	}
	add(read(t, filepath.Join("..", "..", "LICENSE")), "cognito-enroll")
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	add(read(t, filepath.Join(strings.TrimSpace(string(root)), "LICENSE")), "the Go standard library and runtime")
	for _, p := range packages {
		name := p.module + " " + p.version
		// A package of another origin has its notice beside it, so all directories up to the root count.
		for dir := p.dir; ; dir = filepath.Dir(dir) {
			entries, err := os.ReadDir(dir)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range entries {
				if e.IsDir() || !noticeFile.MatchString(e.Name()) || strings.HasSuffix(e.Name(), ".go") {
					continue
				}
				part := ""
				if rel, _ := filepath.Rel(p.root, dir); rel != "." {
					part = " (" + filepath.ToSlash(rel) + ")"
				}
				hasOne[p.module] = hasOne[p.module] || part == ""
				add(read(t, filepath.Join(dir, e.Name())), name+part)
			}
			if dir == p.root {
				break
			}
		}
		if !hasOne[p.module] {
			t.Errorf("%s has no license", name)
		}
	}
	var sections []string
	for text, names := range under {
		slices.Sort(names)
		sections = append(sections, strings.Join(names, "\n")+"\n\n"+indented(text))
	}
	slices.Sort(sections)
	own := slices.IndexFunc(sections, func(s string) bool { return strings.HasPrefix(s, "cognito-enroll\n") })
	first := sections[own]
	sections = slices.Insert(slices.Delete(sections, own, own+1), 0, first)
	return strings.Join(sections, "\n")
}

// indented sets a text apart from the names above it.
func indented(text string) string {
	var b bytes.Buffer
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimRight(line, " \t\f"); line != "" {
			line = "    " + line
		}
		fmt.Fprintln(&b, line)
	}
	return b.String()
}

// A binary names the modules in it. licenses has a notice for each.
func TestLicensesOfBinary(t *testing.T) {
	info, err := exec.Command("go", "version", "-m", binary(t)).Output()
	if err != nil {
		t.Fatal(err)
	}
	text := read(t, filepath.Join("..", "..", "assets", "licenses.txt"))
	modules := regexp.MustCompile(`(?m)^\tdep\t(\S+)\t(\S+)`).FindAllStringSubmatch(string(info), -1)
	if len(modules) < 20 {
		t.Fatalf("only %d modules in\n%s", len(modules), info)
	}
	for _, m := range modules {
		if !strings.Contains(text, "\n"+m[1]+" "+m[2]+"\n") {
			t.Errorf("no notice of %s %s", m[1], m[2])
		}
	}
}

// binary builds the program.
func binary(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "cognito-enroll")
	if out, err := exec.Command("go", "build", "-o", file, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return file
}
