package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// linted are the directories whose strings are checked.
var linted = []string{
	"cmd", "ui",
	"flow", "cognito",
}

// banned are words and signs that the texts must not have, and what to write instead.
var banned = []struct{ found, instead string }{
	{`[«»]`, `straight quotes`},
	{`[“”‘’]`, `straight quotes`},
	{`\b[Ee]nrol(ment|ments|s)?\b`, `enroll, enrollment`},
	{`\b[Cc]olour`, `color`},
	{`\b[Bb]ehaviour`, `behavior`},
	{`\b[Ff]avourite`, `favorite`},
	{`\b[Ee]-mails?\b`, `email`},
	{`\b([Oo]rgan|[Aa]uthor|[Rr]ecogn|[Cc]ustom|[Ii]nitial|[Mm]inim|[Mm]axim)is(e|es|ed|ing|ation)\b`, `the same with z`},
	{`\b[Cc]ancelled\b`, `canceled`},
	{`\b[Cc]entre\b`, `center`},
	{`\bin place of\b`, `instead of`},
	{`\bstands? in the way\b`, `is in the way`},
	{`\btake the wish\b`, `accept the request`},
	{`\bset anew\b`, `reset`},
	{`\bis not to be known\b`, `cannot be known`},
	{`\bfolder for caches\b`, `cache directory`},
	{`\bfolder for settings\b`, `configuration directory`},
	{`\ba harmless\b`, `say what it is without`},
	{`\b(codes?|sends?) (by|an) SMS\b`, `text message`},
	{`\bdemonstration\b`, `demo`},
	{`\b[Uu]ser names?\b`, `username`},
	{`\b(pool|client) id\b`, `ID`},
	{`\bin force\b`, `active`},
	{`\bat hand\b`, `ready`},
	{`\btakes? the form\b`, `accept the format`},
	{`\bis none of Cognito's\b`, `is not a Cognito token`},
	{`\b(2FA|two-factor)\b`, `MFA`},
	{`; [^;.\n"]+; [a-z]`, `sentences of their own`},
}

// wrong returns what is banned in a text.
func wrong(text string) (found []string) {
	for _, b := range banned {
		if m := regexp.MustCompile(b.found).FindString(text); m != "" {
			found = append(found, strconv.Quote(m)+": write "+b.instead)
		}
	}
	return found
}

// names are stable words for programs: JSON members, ids of questions, error codes.
var names = map[string]bool{"e-mail": true, "cancelled": true}

// quotedCode is what a comment quotes, or shows as it is.
var quotedCode = regexp.MustCompile("(?m)^//\t.*$|\"[^\"]*\"|`[^`]*`")

// othersWords are files whose texts are not ours: the Unicode that is replaced, and what AWS says.
var othersWords = map[string]bool{
	filepath.Join("..", "..", "ui", "words.go"):                    true,
	filepath.Join("..", "..", "cognito", "localpool", "errors.go"): true,
}

// Texts in the program are plain US English, as far as a machine can tell.
func TestEnglish(t *testing.T) {
	looked := 0
	for _, dir := range linted {
		err := filepath.WalkDir(filepath.Join("..", "..", dir), func(path string, d fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") ||
				strings.Contains(path, "testdata") {
				return err
			}
			files := token.NewFileSet()
			file, err := parser.ParseFile(files, path, nil, parser.ParseComments)
			if err != nil {
				return err
			}
			for _, group := range file.Comments {
				for _, c := range group.List {
					for _, problem := range wrong(quotedCode.ReplaceAllString(c.Text, "")) {
						t.Errorf("%s: in a comment, %s", files.Position(c.Pos()), problem)
					}
				}
			}
			ast.Inspect(file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.ImportSpec:
					return false
				case *ast.Field:
					if n.Tag != nil {
						return false // names of JSON members
					}
				case *ast.CallExpr:
					checkUsage(t, files, n)
				case *ast.KeyValueExpr:
					checkError(t, files, n)
				case *ast.BasicLit:
					if n.Kind != token.STRING {
						return true
					}
					text, err := strconv.Unquote(n.Value)
					if err != nil || names[text] || othersWords[path] {
						return true
					}
					looked++
					for _, problem := range wrong(text) {
						t.Errorf("%s: %s", files.Position(n.Pos()), problem)
					}
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if looked < 1000 {
		t.Errorf("only %d strings were looked at", looked)
	}
}

// checkUsage holds the errors of the command line to one form: lower case, no stop, and a hint that is not a question
// to the program.
func checkUsage(t *testing.T, files *token.FileSet, call *ast.CallExpr) {
	t.Helper()
	f, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || f.Sel.Name != "Usagef" || len(call.Args) < 2 {
		return
	}
	for i, kind := range []string{"hint", "error"} {
		lit, ok := call.Args[i].(*ast.BasicLit)
		if !ok {
			continue
		}
		text, _ := strconv.Unquote(lit.Value)
		if problem := form(text); problem != "" {
			t.Errorf("%s: the %s %q %s", files.Position(lit.Pos()), kind, text, problem)
		}
	}
}

// checkError holds what flow and cognito say of a failure to the same form: each front end makes sentences of it.
func checkError(t *testing.T, files *token.FileSet, field *ast.KeyValueExpr) {
	t.Helper()
	key, ok := field.Key.(*ast.Ident)
	if !ok || !slices.Contains([]string{"Msg", "Hint", "msg", "hint"}, key.Name) {
		return
	}
	lit, ok := field.Value.(*ast.BasicLit)
	if !ok {
		return
	}
	text, _ := strconv.Unquote(lit.Value)
	first, _, _ := strings.Cut(text, " ")
	if proper(first) {
		text = strings.ToLower(first) + strings.TrimPrefix(text, first)
	}
	if problem := form(text); problem != "" {
		t.Errorf("%s: the %s %q %s", files.Position(lit.Pos()), key.Name, text, problem)
	}
}

// proper reports whether a word is a name that keeps its capital.
func proper(word string) bool {
	return slices.Contains([]string{"Cognito", "Cognito's", "AWS", "Amazon"}, word)
}

// form says what is wrong with the form of an error or a hint on the command line.
func form(text string) string {
	const width = 110
	first, _, _ := strings.Cut(text, " ")
	switch {
	case text == "":
		return "is empty"
	case strings.HasSuffix(text, ".") || strings.HasSuffix(text, "!"):
		return "ends with a stop"
	case first != strings.ToUpper(first) && first != strings.ToLower(first):
		return "does not begin in lower case"
	case len(text) > width:
		return "is too long"
	}
	return ""
}

var code = regexp.MustCompile("(?s)```.*?```|`[^`\n]*`|\\]\\([^)]*\\)|(?m)^    .*$")

// The documents are plain US English, too, and at most 120 columns wide, but for tables and code.
func TestEnglishOfDocuments(t *testing.T) {
	for _, path := range documents(t) {
		text := read(t, path)
		for i, line := range strings.Split(code.ReplaceAllStringFunc(text, func(s string) string {
			return strings.Repeat("\n", strings.Count(s, "\n"))
		}), "\n") {
			for _, problem := range wrong(line) {
				t.Errorf("%s:%d: %s", path, i+1, problem)
			}
		}
		inCode := false
		for i, line := range strings.Split(text, "\n") {
			if strings.HasPrefix(line, "```") {
				inCode = !inCode
			}
			if n := len([]rune(line)); n > 120 && !inCode && !strings.HasPrefix(line, "|") {
				t.Errorf("%s:%d: %d columns", path, i+1, n)
			}
		}
	}
	for _, path := range []string{"ui/ndjson/schema.json", "assets/demo.json"} {
		text := regexp.MustCompile(`"examples": \["connect".*?\]|"\$ref"|#/\$defs/\w+`).
			ReplaceAllString(read(t, filepath.Join("..", "..", path)), "")
		for _, problem := range wrong(text) {
			t.Errorf("%s: %s", path, problem)
		}
	}
}

// The checks above are only as good as this.
func TestEnglishOfChecks(t *testing.T) {
	for _, text := range []string{
		"an enrolment", "Enrol it", "colours", "by e-mail", "organise", "was cancelled", "«x»", "it’s", "in place of it",
	} {
		if wrong(text) == nil {
			t.Errorf("%q passes", text)
		}
	}
	for _, text := range []string{"an enrollment", "colors", "by email", "organize", "canceled", `"x"`, "otherwise",
		"enrolled"} {
		if found := wrong(text); found != nil {
			t.Errorf("%q: %s", text, found)
		}
	}
	for text, ok := range map[string]bool{
		"unknown --qr %q": true, "%q is empty": true, "JSON is cut off": true, "Unknown flag": false, "it ends.": false,
		"": false,
	} {
		if (form(text) == "") != ok {
			t.Errorf("%q: %q", text, form(text))
		}
	}
}
