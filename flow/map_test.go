package flow_test

import (
	"go/parser"
	"go/token"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// checkMap holds doc.go to the truth: its list of questions is exactly what the transcripts met.
func checkMap(t *testing.T, met map[string]bool) {
	file, err := parser.ParseFile(token.NewFileSet(), "doc.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	questions, _, ok := strings.Cut(file.Doc.Text(), "# Glossary")
	if !ok {
		t.Error("doc.go has no glossary")
	}
	for _, m := range regexp.MustCompile(`(?m)^\t([a-z-]+) {2,}\S`).FindAllStringSubmatch(questions, -1) {
		listed = append(listed, m[1])
	}
	slices.Sort(listed)
	if diff := cmp.Diff(slices.Sorted(maps.Keys(met)), listed); diff != "" {
		t.Errorf("doc.go lists other questions than the transcripts met (-met +listed):\n%s", diff)
	}
}
