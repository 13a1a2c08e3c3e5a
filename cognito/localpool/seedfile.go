package localpool

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"
)

// SeedError says what is wrong with a seed, and where.
type SeedError struct {
	Path string // "pools[0].users[2]"
	Line int    // counted from 1; 0 for a seed that was not read from text
	Err  error
}

func (e *SeedError) Error() string {
	text := strings.TrimSpace(e.Err.Error()) // some of Cognito's texts end with a line feed
	var where []string
	if e.Line > 0 {
		where = append(where, fmt.Sprintf("line %d", e.Line))
	}
	if e.Path != "" {
		where = append(where, e.Path)
	}
	if len(where) == 0 {
		return text
	}
	return strings.Join(where, ", ") + ": " + text
}

func (e *SeedError) Unwrap() error { return e.Err }

// SeedFile is a seed as it was written. Its JSON Schema is docs/seed.schema.json.
type SeedFile struct {
	Seed Seed
	text []byte
}

// ParseSeed reads a seed in JSON. A member that does not exist or is there twice, a value of another
// type than expected and text after the end are errors: a *[SeedError] with the line and the path.
func ParseSeed(text []byte) (*SeedFile, error) {
	p := newSeedParser(text)
	if !utf8.Valid(text) {
		at := bytes.IndexRune(text, utf8.RuneError)
		return nil, &SeedError{Line: 1 + bytes.Count(text[:at], []byte("\n")), Err: errors.New("this is not UTF-8")}
	}
	if err := p.value("", reflect.TypeFor[Seed]()); err != nil {
		return nil, err
	}
	if _, err := p.dec.Token(); err != io.EOF {
		return nil, p.fail("", "there is text after the end of the seed")
	}
	f := &SeedFile{text: text}
	if err := json.Unmarshal(text, &f.Seed); err != nil {
		return nil, &SeedError{Err: err}
	}
	return f, nil
}

// Locate adds the line to an error that [Server.Seed] returned for the seed of f.
func (f *SeedFile) Locate(err error) error {
	var e *SeedError
	if !errors.As(err, &e) {
		return err
	}
	p := newSeedParser(f.text) // again, for the line of every value would take more memory than the seed
	p.sought = e.Path
	p.value("", reflect.TypeFor[Seed]())
	return &SeedError{e.Path, p.found, e.Err}
}

// seedParser holds the tokens against the type that they are for.
type seedParser struct {
	text    []byte
	dec     *json.Decoder
	members map[reflect.Type][]seedMember

	sought string // a path
	found  int    // its line

	counted, lineFeeds int // of text, and how many line feeds are in it
}

type seedMember struct {
	name string
	of   reflect.Type
}

func newSeedParser(text []byte) *seedParser {
	p := &seedParser{text: text, dec: json.NewDecoder(bytes.NewReader(text)), members: map[reflect.Type][]seedMember{}}
	p.dec.UseNumber()
	return p
}

// line is where the parser is. It counts from where it was before, or a large seed would take minutes.
func (p *seedParser) line() int {
	at := int(p.dec.InputOffset())
	p.lineFeeds += bytes.Count(p.text[p.counted:at], []byte("\n"))
	p.counted = at
	return 1 + p.lineFeeds
}

func (p *seedParser) fail(path, format string, args ...any) error {
	return &SeedError{strings.TrimPrefix(path, "."), p.line(), fmt.Errorf(format, args...)}
}

func (p *seedParser) token(path string) (json.Token, error) {
	t, err := p.dec.Token()
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return nil, &SeedError{strings.TrimPrefix(path, "."), 1 + bytes.Count(p.text[:min(int(syntax.Offset),
			len(p.text))], []byte("\n")), fmt.Errorf("this is not JSON: %w", err)}
	case err != nil:
		last := 1 + bytes.Count(bytes.TrimSpace(p.text), []byte("\n"))
		return nil, &SeedError{strings.TrimPrefix(path, "."), last, errors.New("this is not JSON: it ends too early")}
	}
	return t, nil
}

func (p *seedParser) value(path string, t reflect.Type) error {
	token, err := p.token(path)
	if err != nil {
		return err
	}
	if p.sought != "" && p.sought == strings.TrimPrefix(path, ".") {
		p.found = p.line()
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	absent := token == nil && path != "" && !strings.HasSuffix(path, "]")
	if want := kindOf(t); kindOfToken(token) != want && !absent {
		return p.fail(path, "%s is here, %s is expected", kindOfToken(token), want)
	}
	switch token {
	case json.Delim('{'):
		return p.object(path, t)
	case json.Delim('['):
		for i := 0; p.dec.More(); i++ {
			if err := p.value(fmt.Sprintf("%s[%d]", path, i), t.Elem()); err != nil {
				return err
			}
		}
		_, err := p.token(path)
		return err
	}
	if n, ok := token.(json.Number); ok {
		if _, err := n.Int64(); err != nil {
			return p.fail(path, "%s is here, a whole number is expected", n)
		}
	}
	return nil
}

func (p *seedParser) object(path string, t reflect.Type) error {
	var seen []string
	for p.dec.More() {
		token, err := p.token(path)
		if err != nil {
			return err
		}
		if slices.Contains(seen, token.(string)) {
			return p.fail(path, "%q is here twice", token)
		}
		seen = append(seen, token.(string))
		name, of := token.(string), reflect.TypeFor[string]()
		if t.Kind() == reflect.Struct {
			members := p.membersOf(t)
			i := slices.IndexFunc(members, func(m seedMember) bool { return m.name == name })
			if i < 0 {
				return p.fail(path, "there is no %q here, but: %s", name, names(members))
			}
			of = members[i].of
		}
		if err := p.value(path+"."+name, of); err != nil {
			return err
		}
	}
	_, err := p.token(path)
	return err
}

// membersOf is what an object for t may have.
func (p *seedParser) membersOf(t reflect.Type) []seedMember {
	all, known := p.members[t]
	if !known {
		for _, f := range reflect.VisibleFields(t) {
			all = append(all, seedMember{jsonName(f), f.Type})
		}
		p.members[t] = all
	}
	return all
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

func names(members []seedMember) string {
	var list []string
	for _, m := range members {
		list = append(list, m.name)
	}
	return strings.Join(list, ", ")
}

func kindOf(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Struct, reflect.Map:
		return "an object"
	case reflect.Slice:
		return "a list"
	case reflect.Bool:
		return "true or false"
	case reflect.Int:
		return "a whole number"
	default:
		return "text"
	}
}

func kindOfToken(t json.Token) string {
	switch t := t.(type) {
	case json.Delim:
		if t == '{' {
			return "an object"
		}
		return "a list"
	case bool:
		return "true or false"
	case json.Number:
		return "a whole number"
	case nil:
		return "null"
	default:
		return "text"
	}
}
