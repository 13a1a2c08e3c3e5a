package main

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Imports point one way: cmd to ui and cognito, and those to flow. Only cmd imports assets.
var mayImport = map[string][]string{
	"cognito-enroll/flow":                            {},
	"cognito-enroll/flow/flowtest":                   {"cognito-enroll/flow"},
	"cognito-enroll/assets":                          {},
	"cognito-enroll/cognito/srp":                     {},
	"cognito-enroll/cognito/localpool":               {"cognito-enroll/cognito/srp"},
	"cognito-enroll/cognito/localpool/localpooltest": {"cognito-enroll/cognito/localpool", "cognito-enroll/cognito/srp"},
	"cognito-enroll/cognito":                         {"cognito-enroll/cognito/srp", "cognito-enroll/flow"},
	"cognito-enroll/cognito/simulate": {
		"cognito-enroll/cognito", "cognito-enroll/cognito/localpool", "cognito-enroll/cognito/srp", "cognito-enroll/flow",
	},
	"cognito-enroll/cognito/simulate/cmd": {
		"cognito-enroll/cognito/simulate",
		"cognito-enroll/cognito", "cognito-enroll/cognito/localpool", "cognito-enroll/cognito/srp", "cognito-enroll/flow",
	},
	"cognito-enroll/cognito/pooltest": {"cognito-enroll/cognito", "cognito-enroll/cognito/srp", "cognito-enroll/flow"},
	"cognito-enroll/ui/qrcode":        {},
	"cognito-enroll/ui":               {"cognito-enroll/flow"},
	"cognito-enroll/ui/theme":         {},
	"cognito-enroll/ui/wizard": {
		"cognito-enroll/ui", "cognito-enroll/ui/qrcode", "cognito-enroll/ui/theme", "cognito-enroll/flow",
	},
	"cognito-enroll/ui/plain":  {"cognito-enroll/ui", "cognito-enroll/ui/qrcode", "cognito-enroll/flow"},
	"cognito-enroll/ui/ndjson": {"cognito-enroll/ui", "cognito-enroll/flow"},
}

// rooms are the packages of cmd/cognito-enroll, and which of each other they reach. No two reach each other.
var rooms = map[string][]string{
	"exit":     {},
	"config":   {},
	"terminal": {"exit"},
	"version":  {},
	"help":     {"exit", "config", "terminal", "version"},
	"front":    {"exit", "terminal"},
	"handle":   {"exit", "terminal"},
	"demo":     {"exit"},
	"step":     {"exit", "config", "terminal"},
	"inspect":  {"exit", "config", "terminal", "help", "version"},
	"settings": {"exit", "config", "terminal", "front"},
	"admin":    {"exit", "config", "terminal", "front", "handle", "help", "inspect", "settings", "version"},
	"serve":    {"exit", "config", "terminal", "front", "demo", "settings"},
}

const program = "cognito-enroll/cmd/cognito-enroll"

// packageInfo is what go list says of a package.
type packageInfo struct {
	ImportPath, Dir string
	GoFiles         []string
	Imports, Deps   []string
}

func listPackages(t *testing.T) map[string]packageInfo {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Dir,GoFiles,Imports,Deps", "cognito-enroll/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	packages := map[string]packageInfo{}
	for d := json.NewDecoder(strings.NewReader(string(out))); d.More(); {
		var p packageInfo
		if err := d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		packages[p.ImportPath] = p
	}
	return packages
}

func TestImportsPointOneWay(t *testing.T) {
	packages := listPackages(t)
	for path, p := range packages {
		allowed, ok := mayImport[path]
		room, inRoom := strings.CutPrefix(path, program+"/")
		if inRoom {
			_, ok = rooms[room]
		}
		if !ok && path != program {
			t.Errorf("%s has no place yet: add it to mayImport or rooms, and to the layout in CONTRIBUTING.md", path)
			continue
		}
		for _, dep := range p.Deps {
			other, isRoom := strings.CutPrefix(dep, program+"/")
			switch {
			case path == program || !strings.HasPrefix(dep, "cognito-enroll/"):
			case inRoom && isRoom && slices.Contains(rooms[room], other), inRoom && !isRoom: // cmd may use all that is below it
			case !slices.Contains(allowed, dep):
				t.Errorf("%s reaches %s", path, dep)
			}
		}
	}
}

// flow does no I/O and knows no time of its own; the two edges do not know each other's libraries.
func TestFlowIsPure(t *testing.T) {
	packages := listPackages(t)
	reaches := func(path string, prefixes ...string) {
		for _, dep := range packages[path].Deps {
			for _, prefix := range prefixes {
				if strings.HasPrefix(dep, prefix) {
					t.Errorf("%s reaches %s", path, dep)
				}
			}
		}
	}
	reaches("cognito-enroll/flow", "github.com/aws/", "charm.land/", "github.com/charmbracelet/", "net/http", "crypto/tls")
	reaches("cognito-enroll/cognito", "charm.land/", "github.com/charmbracelet/")
	reaches("cognito-enroll/cognito/localpool", "charm.land/", "github.com/charmbracelet/", "github.com/aws/")
	reaches("cognito-enroll/ui/wizard", "github.com/aws/")
	reaches(program+"/config", "charm.land/", "github.com/aws/", "cognito-enroll/ui")
	reaches(program+"/exit", "charm.land/", "github.com/aws/")
	reaches(program+"/terminal", "github.com/aws/")
	reaches("cognito-enroll/ui", "charm.land/", "github.com/charmbracelet/")
	reaches("cognito-enroll/ui/ndjson", "charm.land/", "github.com/charmbracelet/")
	reaches("cognito-enroll/ui/plain", "charm.land/bubbletea")
	reaches("cognito-enroll/ui/qrcode", "charm.land/bubbletea", "os/exec")

	flow := packages["cognito-enroll/flow"]
	for _, impure := range []string{"net", "os", "io", "syscall", "math/rand", "math/rand/v2", "crypto/rand", "log",
		"log/slog"} {
		if slices.Contains(flow.Imports, impure) {
			t.Errorf("flow imports %s", impure)
		}
	}
	for _, name := range flow.GoFiles {
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(flow.Dir, name), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := s.X.(*ast.Ident); ok && x.Name == "time" &&
					slices.Contains([]string{"Now", "Since", "Until", "After", "Tick", "NewTimer", "NewTicker", "Sleep"}, s.Sel.Name) {
					t.Errorf("%s uses time.%s", name, s.Sel.Name)
				}
			}
			return true
		})
	}
}

// Below the one place that makes a Terminal of the process, nothing asks the process itself: a run gets what it
// needs from its Terminal, and several can be in one process.
func TestRunsKnowNoProcess(t *testing.T) {
	forbidden := map[string][]string{
		"os": {
			"Stdin",
			"Stdout",
			"Stderr",
			"Getenv",
			"LookupEnv",
			"Environ",
			"ExpandEnv",
			"Setenv",
			"Unsetenv",
			"Clearenv",
			"UserHomeDir",
			"UserConfigDir",
			"UserCacheDir",
			"Getwd",
			"Chdir",
			"Getpid",
			"Getppid",
			"Args",
			"Exit",
			"FindProcess",
		},
		"log": {"Print", "Printf", "Println", "Fatal", "Fatalf", "Fatalln", "Panic", "Panicf", "Panicln", "Default",
			"SetOutput", "SetFlags", "SetPrefix", "Writer"},
		"slog":    {"Debug", "Info", "Warn", "Error", "Log", "Default", "SetDefault"},
		"fmt":     {"Print", "Printf", "Println", "Scan", "Scanf", "Scanln"},
		"term":    {"IsTerminal", "MakeRaw", "GetState", "Restore", "ReadPassword", "GetSize", "SetState"},
		"tea":     {"OpenTTY"},
		"syscall": {"Kill", "Getpgrp", "Getppid", "Getpid", "Stdin", "Stdout", "Stderr"},
	}
	looked := 0
	for path, p := range listPackages(t) {
		if !strings.HasPrefix(path, "cognito-enroll/ui") && !strings.HasPrefix(path, program) {
			continue
		}
		for _, name := range p.GoFiles {
			if path == program && slices.Contains([]string{"main.go", "process.go", "leave.go"}, name) ||
				path == program+"/version" {
				continue
			}
			looked++
			for _, found := range processUses(t, filepath.Join(p.Dir, name), forbidden) {
				t.Errorf("%s/%s uses %s: a Terminal has it", path, name, found)
			}
		}
	}
	if looked < 30 {
		t.Errorf("only %d files were looked at", looked)
	}
	// The test is only as good as this.
	want := []string{"os/signal", "log.Print", "os.Stdin", "os.Getenv", `"/dev/tty"`, `"/proc/self"`}
	if got := processUses(t, filepath.Join("testdata", "process", "uses.go"), forbidden); !slices.Equal(got, want) {
		t.Errorf("of testdata/process it finds %q, not %q", got, want)
	}
}

// processUses are what a file uses of forbidden, of the packages that are only for the process, and the names of
// devices.
func processUses(t *testing.T, name string, forbidden map[string][]string) (found []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range file.Imports {
		if path := strings.Trim(spec.Path.Value, `"`); slices.Contains(
			[]string{"os/signal", "flag", "os/exec"},
			path,
		) {
			found = append(found, path)
		}
	}
	packages := map[string]string{} // by their names in the file
	for _, spec := range file.Imports {
		path := strings.Trim(spec.Path.Value, `"`)
		name := path[strings.LastIndex(path, "/")+1:]
		if spec.Name != nil {
			packages[spec.Name.Name] = name
			if spec.Name.Name == "tea" {
				packages["tea"] = "tea"
			}
			continue
		}
		packages[name] = name
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && slices.Contains(forbidden[packages[x.Name]], n.Sel.Name) {
				found = append(found, packages[x.Name]+"."+n.Sel.Name)
			}
		case *ast.BasicLit:
			if n.Kind == token.STRING && (strings.Contains(n.Value, "/dev/") || strings.Contains(n.Value, "/proc")) {
				found = append(found, n.Value)
			}
		}
		return true
	})
	return found
}
