package localpool

import (
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

func TestParseSeed(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{`{"pools":[{"name":"p","clients":[],"users":[],"question":{"answer":"42","parameters":{"a":"b"}}}]}`, ""},
		{"", "line 1: this is not JSON: it ends too early"},
		{"{\n\"pools\":[}", "line 2, pools: this is not JSON"},
		{"[]", "line 1: a list is here, an object is expected"},
		{`{"pools":[{"name":"p"}]} {}`, "line 1: there is text after the end of the seed"},
		{"{\"pools\":[{\"name\":\"p\"}]}\n\nx", "line 3: there is text after the end of the seed"},
		{"null", "line 1: null is here, an object is expected"},
		{"{\"pools\":[\nnull]}", "line 2, pools[0]: null is here, an object is expected"},
		{`{"pools":[{"name":"p","clients":null,"users":null}]}`, ""},
		{"{\"pools\":[{\"name\":\"p\",\n\"name\":\"q\"}]}", `line 2, pools[0]: "name" is here twice`},
		{`{"pools":[{"users":[{"attributes":{"a":"1","a":"2"}}]}]}`, `pools[0].users[0].attributes: "a" is here twice`},
		{"{\"pools\":[\n{\"name\":\"\xff\"}]}", "line 2: this is not UTF-8"},
		{"{\"pools\":[{\"clients\":[\n{\"authSessionValidity\":3.5}]}]}",
			"line 2, pools[0].clients[0].authSessionValidity: 3.5 is here, a whole number is expected"},
		{`{"pools":[{"users":[{"attributes":{"email":1}}]}]}`,
			"line 1, pools[0].users[0].attributes.email: a whole number is here, text is expected"},
		{`{"pools":[{"users":[{"disabled":"no"}]}]}`, "text is here, true or false is expected"},
		{`{"pools":[{"users":[{"totp":{"key":"x"}}]}]}`,
			`pools[0].users[0].totp: there is no "key" here, but: secret, device`},
	} {
		_, err := ParseSeed([]byte(tt.text))
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("%s: got %v, want %s", tt.text, err, tt.want)
		}
	}
}

const schemaFile = "../../docs/seed.schema.json"

// TestSeedSchema holds the schema in docs against the types: -rewrite is for the transcripts, here
// a difference is shown whole.
func TestSeedSchema(t *testing.T) {
	want, err := json.MarshalIndent(schemaOf(reflect.TypeFor[Seed]()), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if os.Getenv("COGNITO_ENROLL_WRITE_SCHEMA") != "" {
		if err := os.WriteFile(schemaFile, append(want, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(schemaFile)
	if err != nil || string(have) != string(want)+"\n" {
		t.Errorf("%s is not the schema of Seed (%v); it is:\n%s", schemaFile, err, want)
	}
	schema := jsonschema.NewCompiler().MustCompile(schemaFile)
	for text, valid := range map[string]bool{
		`{"pools":[{"name":"p","mfa":"ON","clients":[{"id":"c"}],"users":[{"username":"a","password":"b","totp":{}}]}]}`: true,
		`{"pools":[{"name":"p","mfa":"SOMETIMES"}]}`: false,
		`{"pools":[{"name":"p","colour":"red"}]}`:    false,
		`{"pools":[{}]}`: false,
		`{"pools":[{"name":"p","users":[{"username":"a"}]}]}`: false,
	} {
		object, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(object); (err == nil) != valid {
			t.Errorf("%s: %v, want valid %t", text, err, valid)
		}
	}
}

var schemaEnums = map[string][]string{
	"mfa": mfaModes, "status": {statusConfirmed, statusTemporary, statusReset, statusUnconfirmed}, "type": attributeTypes,
	"authFlows": explicitAuthFlows, "firstFactors": firstFactors, "usernameAttributes": contacts,
	"autoVerifiedAttributes": contacts,
}

var schemaRequired = map[string][]string{
	"Seed": {"pools"}, "PoolSeed": {"name"}, "UserSeed": {"username", "password"}, "QuestionSeed": {"answer"},
	"AttributeSeed": {"name"},
}

func schemaOf(t reflect.Type) map[string]any {
	switch t.Kind() {
	case reflect.Pointer:
		return schemaOf(t.Elem())
	case reflect.Slice:
		return map[string]any{"type": "array", "items": schemaOf(t.Elem())}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": schemaOf(t.Elem())}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int:
		return map[string]any{"type": "integer"}
	case reflect.String:
		return map[string]any{"type": "string"}
	}
	members := map[string]any{}
	for _, f := range reflect.VisibleFields(t) {
		member := schemaOf(f.Type)
		if values := schemaEnums[jsonName(f)]; values != nil {
			if items, ok := member["items"].(map[string]any); ok {
				items["enum"] = values
			} else {
				member["enum"] = values
			}
		}
		members[jsonName(f)] = member
	}
	s := map[string]any{"type": "object", "properties": members, "additionalProperties": false}
	if names := schemaRequired[t.Name()]; names != nil {
		s["required"] = names
	}
	if t.Name() == "Seed" {
		s["$schema"] = "https://json-schema.org/draft/2020-12/schema"
		s["title"] = "A seed for cognito-enroll pool"
	}
	return s
}

// A seed of many users is read in a time that grows with it, not with its square.
func TestSeedOfManyUsers(t *testing.T) {
	const users = 20000
	text := `{"pools":[{"name":"p","clients":[],"users":[` + "\n" +
		strings.Repeat(`{"username":"u","password":"Correct-Horse-9","attributes":{"name":"a"}},`+"\n", users-1) +
		`{"username":"u","pasword":"x"}]}]}`
	begin := time.Now()
	_, err := ParseSeed([]byte(text))
	if took := time.Since(begin); took > 10*time.Second {
		t.Errorf("it took %s", took)
	}
	if e, ok := errors.AsType[*SeedError](err); !ok || e.Line != 1+users {
		t.Errorf("%v", err)
	}
}
