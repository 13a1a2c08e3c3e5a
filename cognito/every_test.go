package cognito

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"reflect"
	"testing"
)

// TestEveryCallIsMade: each call of package flow is one that Client.Do makes, but for Connect, which is for
// whoever holds the clients. The list is read from flow's source, so that a new call cannot be forgotten.
func TestEveryCallIsMade(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "../flow/flow.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	tested := map[string]bool{}
	for name, call := range calls {
		tested[reflect.TypeOf(call).Name()] = true
		c := newClient(t, func(*http.Request) (*http.Response, error) {
			return respondWith(http.StatusOK, http.Header{"Content-Type": {"application/x-amz-json-1.1"}}, "{}"), nil
		})
		_, err := c.send(t.Context(), call)
		if failure, ok := errors.AsType[failure](err); ok && failure.code == "malfunction" {
			t.Errorf("%s is not made: %v", name, err)
		}
	}
	count := 0
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Recv == nil || f.Name.Name != "Fits" {
			continue
		}
		count++
		if id, ok := f.Recv.List[0].Type.(*ast.Ident); ok && id.Name != "Connect" && !tested[id.Name] {
			t.Errorf("no test makes a %s", id.Name)
		}
	}
	if count == 0 {
		t.Error("flow.go has no calls")
	}
}
