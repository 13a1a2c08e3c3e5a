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
	"cognito-enroll/flow":              {},
	"cognito-enroll/flow/flowtest":     {"cognito-enroll/flow"},
	"cognito-enroll/assets":            {},
	"cognito-enroll/cognito/srp":       {},
	"cognito-enroll/cognito/localpool": {"cognito-enroll/cognito/srp"},
	"cognito-enroll/cognito":           {"cognito-enroll/cognito/srp", "cognito-enroll/flow"},
	"cognito-enroll/cognito/pooltest":  {"cognito-enroll/cognito", "cognito-enroll/cognito/srp", "cognito-enroll/flow"},
	"cognito-enroll/cognito/simulate": {
		"cognito-enroll/cognito", "cognito-enroll/cognito/localpool", "cognito-enroll/cognito/srp", "cognito-enroll/flow",
	},
	"cognito-enroll/cognito/simulate/cmd": {
		"cognito-enroll/cognito/simulate", "cognito-enroll/cognito", "cognito-enroll/cognito/localpool", "cognito-enroll/cognito/srp",
		"cognito-enroll/flow",
	},
	"cognito-enroll/ui/qrcode":                 {},
	"cognito-enroll/ui":                        {"cognito-enroll/flow"},
	"cognito-enroll/ui/wizard":                 {"cognito-enroll/ui", "cognito-enroll/ui/qrcode", "cognito-enroll/flow"},
	"cognito-enroll/ui/plain":                  {"cognito-enroll/ui", "cognito-enroll/ui/qrcode", "cognito-enroll/flow"},
	"cognito-enroll/ui/ndjson":                 {"cognito-enroll/ui", "cognito-enroll/flow"},
	"cognito-enroll/cmd/cognito-enroll/config": {"cognito-enroll/flow"},
	"cognito-enroll/cmd/cognito-enroll": {
		"cognito-enroll/cmd/cognito-enroll/config",
		"cognito-enroll/assets", "cognito-enroll/cognito", "cognito-enroll/cognito/localpool", "cognito-enroll/cognito/srp",
		"cognito-enroll/flow", "cognito-enroll/ui", "cognito-enroll/ui/ndjson", "cognito-enroll/ui/plain", "cognito-enroll/ui/qrcode",
		"cognito-enroll/ui/wizard",
	},
}

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
		if !ok {
			t.Errorf("%s is not in the house: add it to mayImport, and to the README's map", path)
			continue
		}
		for _, dep := range p.Deps {
			if strings.HasPrefix(dep, "cognito-enroll/") && !slices.Contains(allowed, dep) {
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
	reaches("cognito-enroll/ui", "charm.land/", "github.com/charmbracelet/")
	reaches("cognito-enroll/ui/ndjson", "charm.land/", "github.com/charmbracelet/")
	reaches("cognito-enroll/ui/plain", "charm.land/bubbletea")
	reaches("cognito-enroll/ui/qrcode", "charm.land/bubbletea", "os/exec")

	flow := packages["cognito-enroll/flow"]
	for _, impure := range []string{"net", "os", "io", "syscall", "math/rand", "math/rand/v2", "crypto/rand", "log", "log/slog"} {
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
				if x, ok := s.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains([]string{"Now", "Since", "Until", "After", "Tick", "NewTimer", "NewTicker", "Sleep"}, s.Sel.Name) {
					t.Errorf("%s uses time.%s", name, s.Sel.Name)
				}
			}
			return true
		})
	}
}
