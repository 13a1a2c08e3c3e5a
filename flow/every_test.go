package flow

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// everyCall has each Call, its secrets filled in by fillSecrets. TestEveryCallIsHere holds it complete.
var everyCall = []Call{
	&SignIn{}, &Respond{}, &Associate{}, &Verify{}, &Prefer{}, &Disable{}, &Status{}, &Forgot{}, &Reset{}, &Resend{},
	&Confirm{}, &Pools{}, &Clients{}, &Connect{},
}

// everyResult has each Result.
var everyResult = []Result{
	Challenge{}, Tokens{}, Associated{}, Verified{}, Accepted{}, Delivered{}, Profile{}, Listed{}, Connected{},
}

// TestEveryCallIsHere compares the lists with the methods that make a Call and a Result in the source, so that
// a new one cannot be forgotten by the tests below.
func TestEveryCallIsHere(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "flow.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	declared := map[string][]string{}
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Recv == nil {
			continue
		}
		if id, ok := f.Recv.List[0].Type.(*ast.Ident); ok {
			declared[f.Name.Name] = append(declared[f.Name.Name], id.Name)
		}
	}
	var calls, results []string
	for _, c := range everyCall {
		calls = append(calls, reflect.TypeOf(c).Elem().Name())
	}
	for _, r := range everyResult {
		results = append(results, reflect.TypeOf(r).Name())
	}
	for method, listed := range map[string][]string{"Fits": calls, "Secrets": calls, "result": results} {
		slices.Sort(listed)
		slices.Sort(declared[method])
		if diff := cmp.Diff(declared[method], listed); diff != "" {
			t.Errorf("types with the method %s (-source +test):\n%s", method, diff)
		}
	}
}

// value is the Call as it is sent: not a pointer.
func value(c Call) Call { return reflect.ValueOf(c).Elem().Interface().(Call) }

// TestEverySecretIsMasked fills each Secret of each Call, also those inside of a Grant or a map, and looks for
// it among Secrets.
func TestEverySecretIsMasked(t *testing.T) {
	for _, pointer := range everyCall {
		var filled []Secret
		fillSecrets(reflect.ValueOf(pointer).Elem(), &filled)
		c := value(pointer)
		for _, s := range filled {
			if !slices.Contains(c.Secrets(), s) {
				t.Errorf("%T does not mask %s", c, s.Reveal())
			}
		}
	}
}

func fillSecrets(v reflect.Value, filled *[]Secret) {
	add := func() Secret {
		s := NewSecret("secret-" + strings.Repeat("x", len(*filled)+1))
		*filled = append(*filled, s)
		return s
	}
	for i := range v.NumField() {
		switch f := v.Field(i); {
		case f.Type() == reflect.TypeFor[Secret]():
			f.Set(reflect.ValueOf(add()))
		case f.Type() == reflect.TypeFor[map[string]Secret]():
			f.Set(reflect.ValueOf(map[string]Secret{"PASSWORD": add(), "NEW_PASSWORD": add()}))
		case f.Kind() == reflect.Struct:
			fillSecrets(f, filled)
		}
	}
}

// TestEveryCallIsKnown: each has words for its progress, and a Result of its own; the goal to enroll or another
// one allows it.
func TestEveryCallIsKnown(t *testing.T) {
	said := map[string]bool{}
	for _, pointer := range everyCall {
		c := value(pointer)
		if text := progress(c, run{}); text == "" || text == unknownProgress {
			t.Errorf("%T has no words for its progress", c)
		} else {
			said[text] = true
		}
		if !slices.ContainsFunc(everyResult, c.Fits) {
			t.Errorf("no result fits %T", c)
		}
		if !slices.ContainsFunc([]Goal{ToEnroll, ToReplace, ToTurnOff}, func(g Goal) bool { return g.allows(c) }) {
			t.Errorf("no goal allows %T", c)
		}
	}
	if len(said) < len(everyCall)-1 { // Forgot and Resend say the same
		t.Errorf("only %d texts: %v", len(said), slices.Sorted(maps.Keys(said)))
	}
}

// TestEveryResultLeadsOn: reply knows each, as the result of a call that it fits.
func TestEveryResultLeadsOn(t *testing.T) {
	for _, result := range everyResult {
		fitting := 0
		for _, pointer := range everyCall {
			c := value(pointer)
			if !c.Fits(result) {
				continue
			}
			fitting++
			if s, _, err := reply(newRun(Options{Pool: "us-east-1_AbC"}), c, Reply{Result: result}); err != nil || s == nil {
				t.Errorf("%T of %T leads to %v, %v", result, c, s, err)
			}
		}
		if fitting == 0 {
			t.Errorf("%T fits no call", result)
		}
	}
}
