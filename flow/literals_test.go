package flow_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// ours is what only a front end may say: a flag, a variable of the environment, a command, or whose computer this is,
// which somebody who came over SSH takes for their own. A literal that is nothing but a name is data: the edge reads
// some variables.
var ours = regexp.MustCompile(`--[a-z]|\b(this|your) computer|\bare you online|\b(AWS|COGNITO)(_[A-Z]+)+\b|\bcognito-enroll \w|\b(aws|config|doctor) [a-z]+\b.*\b(AWS|login)\b`)

var onlyName = regexp.MustCompile(`^[A-Z_]+$`)

// TestNoFlags holds flow and cognito to their part: what helps is a Remedy, and the front end says how.
func TestNoFlags(t *testing.T) {
	seen := 0
	for _, dir := range []string{".", "../cognito"} {
		paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			files := token.NewFileSet()
			file, err := parser.ParseFile(files, path, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				lit, ok := n.(*ast.BasicLit)
				if !ok || lit.Kind != token.STRING {
					return true
				}
				text, err := strconv.Unquote(lit.Value)
				if err != nil {
					t.Fatal(err)
				}
				seen++
				if found := ours.FindString(text); found != "" && !onlyName.MatchString(text) {
					t.Errorf("%s names %q: %s", files.Position(lit.Pos()), found, text)
				}
				return true
			})
		}
	}
	if seen < 500 {
		t.Errorf("only %d literals: where are the packages?", seen)
	}
}

func TestOurs(t *testing.T) {
	for text, want := range map[string]bool{
		"check --pool-id":                   true,
		"set AWS_PROFILE":                   true,
		"set COGNITO_ENROLL_POOL_ID":        true,
		"run cognito-enroll status":         true,
		"run aws sso login":                 true,
		"set this computer's clock":         true,
		"AWS does not know this key":        false,
		"USER_PASSWORD_AUTH is not allowed": false,
		"ask the pool's administrator":      false,
	} {
		if got := ours.MatchString(text); got != want {
			t.Errorf("%q: %t, want %t", text, got, want)
		}
	}
}

// TestRemediesAreListed compares the list with the constants of the type.
func TestRemediesAreListed(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "remedy.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	constants, listed := 0, 0
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GenDecl:
			if n.Tok == token.CONST {
				constants += len(n.Specs)
			}
		case *ast.CompositeLit:
			if _, ok := n.Type.(*ast.ArrayType); ok && listed == 0 {
				listed = len(n.Elts)
			}
		}
		return true
	})
	if constants == 0 || constants != listed {
		t.Errorf("%d constants, %d in Remedies", constants, listed)
	}
}
