package config

import (
	"strings"
)

// syntax is what has to be known of a format to read it: not its grammar, but what a comment looks like and where a
// name ends.
type syntax struct {
	hash, slash, semicolon, markup bool // comments: #, // and /* */, ; at the start of a line, <!-- -->
	lines                          bool // NAME=value, a line each, and [sections]
	indented                       bool // YAML: what is further in belongs to the name above
	blocks                         bool // Python: the same after a colon at the end of a line
	tags                           bool // XML
	backquotes                     bool // `text` of several lines
}

// The formats.
var (
	dotenv     = syntax{hash: true, semicolon: true, lines: true}
	yaml       = syntax{hash: true, indented: true}
	script     = syntax{hash: true}
	python     = syntax{hash: true, blocks: true}
	code       = syntax{slash: true, markup: true, backquotes: true}
	hcl        = syntax{hash: true, slash: true} // and PHP
	xml        = syntax{markup: true, tags: true}
	insideText = syntax{}
)

// entry is an id that stands in a file, or a value that may be the secret of one.
type entry struct {
	frame *frame
	name  string // "" for an item of a list
	label string // what the frame was called when the entry was read
	value string // of a pool, its id alone
	line  int
	pool  kind // what it looks like as a pool's ID
	// After understand:
	role   role
	path   []string // the names that lead to it and what was called on the way, the nearest first
	way    []string // those of them that are shown
	source Source
}

// frame is what holds entries together: brackets, an indentation, a section, an element, a file.
type frame struct {
	parent *frame
	// kind is '{', '[', '(', '$' for ${, '<' for an element, '-' for an item of a list of YAML's, ' ' for an indentation,
	// 's' for a section, a document or a text in quotes, and 0 for a file.
	kind   byte
	name   string
	label  string // the value of "name" or "key" in it
	who    string // the value of "provider", or the function that was called
	keyed  bool   // label is another one for each value, as in a property list
	indent int    // columns; what is further in belongs to it
	depth  int
	held   [3]int // entries, so that one list cannot use up what there is for a file
	outer  string // the name before it
}

const (
	deepest      = 64   // frames in frames
	mostOfFrame  = 64   // entries of one kind in a frame
	mostOfFile   = 1024 // entries of a file
	longestName  = 100  // bytes
	deepestTexts = 2    // texts in texts
)

// scanner finds entries. It is one loop over tokens: a token before : or = is a name, and others are values.
type scanner struct {
	syntax
	text      string
	at        int
	line      int
	lineStart int
	fixed     bool // all of the text stands in one line of the file
	texts     int  // texts that this one is in
	sentence  bool // it is written for people: an id without a name in it is an example

	root, top *frame
	tooDeep   int // frames that were opened beyond deepest

	name     string
	byColon  bool // name stood before a colon
	valued   bool // name has had a value
	key      string
	ternary  bool // a ? awaits its :
	inTag    bool
	pending  token    // a name, if : or = follows
	said     []string // values since the last name: what a block is called
	quotes   bool     // some of said are quoted, and the others do not count
	saidLine int

	lone      [3]int // the line in which a quote of a kind has no end, plus 1
	noTriple  [2]bool
	noComment bool // there is no */ any more
	lastValue string

	out *found
}

// found is what a file, or a text in it, has.
type found struct {
	entries []entry
	left    int // entries that were too many
	cutOff  int // the line in which the file ends too early, or 0
}

type token struct {
	text   string
	line   int
	column int
	quoted bool
	there  bool
}

// scan reads a whole file.
func scan(text string, of syntax) *found {
	out := &found{}
	root := &frame{}
	s := scanner{syntax: of, text: text, line: 1, root: root, top: root, out: out}
	s.indentation()
	s.run()
	for f := s.top; f != root; f = f.parent {
		if f.kind == '{' || f.kind == '[' {
			out.cutOff = 1 + strings.Count(strings.TrimSpace(text), "\n")
		}
	}
	return out
}

func (s *scanner) run() {
	for s.at < len(s.text) {
		c := s.text[s.at]
		switch {
		case c == '\n':
			s.newline()
		case c == ' ' || c == '\t':
			s.at++
		case s.comment():
		case c == '"' || c == '\'' || c == '`':
			s.quoted(c)
		case c == '<' && s.tags:
			s.element()
		case c == '>' && s.inTag:
			s.endOfTag()
		case c == '$' && strings.HasPrefix(s.text[s.at:], "${"):
			s.at++
			s.open('$')
		case c == '{' || c == '(':
			s.open(c)
		case c == '[':
			if !s.section() {
				s.open(c)
			}
		case c == '}' || c == ']' || c == ')':
			s.close(c)
		case c == ':' || c == '=':
			s.separator(c)
		case c == ',':
			s.comma()
		case c == ';':
			s.flush()
			s.ternary = false
			if !s.lines {
				s.name = ""
			}
			s.at++
		case c == '?':
			s.question()
		case c == '-' && s.item():
		case wordByte(c):
			s.word()
		default:
			s.at++
		}
	}
	s.flush()
}

// wordByte reports whether c can be part of a word that is not quoted: an id, a URL without its query, a name.
func wordByte(c byte) bool {
	return alphanumeric(c) || c >= 0x80 || strings.IndexByte("_-./@%+~$*", c) >= 0
}

// comment skips one, if there is one.
func (s *scanner) comment() bool {
	rest := s.text[s.at:]
	before := byte('\n')
	if s.at > 0 {
		before = s.text[s.at-1]
	}
	switch {
	case s.hash && rest[0] == '#' && !wordByte(before),
		s.slash && strings.HasPrefix(rest, "//"),
		s.semicolon && rest[0] == ';' && s.first(" \t"):
		s.flush()
		if end := strings.IndexByte(rest, '\n'); end >= 0 {
			s.at += end
		} else {
			s.at = len(s.text)
		}
		return true
	case s.slash && strings.HasPrefix(rest, "/*"):
		return s.blockComment("*/")
	case s.markup && strings.HasPrefix(rest, "<!--"):
		return s.blockComment("-->")
	case s.indented && (strings.HasPrefix(rest, "{{/*") || strings.HasPrefix(rest, "{{- /*")): // Helm
		return s.blockComment("*/")
	}
	return false
}

// first reports whether nothing but the characters of skipped stands before this place in its line.
func (s *scanner) first(skipped string) bool {
	return s.at-s.lineStart <= longest && strings.Trim(s.text[s.lineStart:s.at], skipped) == ""
}

// blockComment skips to end. A comment without one is none.
func (s *scanner) blockComment(end string) bool {
	if s.noComment {
		return false
	}
	n := strings.Index(s.text[s.at:], end)
	if n < 0 {
		s.noComment = true
		return false
	}
	s.flush()
	n += len(end)
	s.count(s.text[s.at : s.at+n])
	s.at += n
	return true
}

// count adds the lines of text, which is skipped.
func (s *scanner) count(text string) {
	if n := strings.Count(text, "\n"); n > 0 {
		if !s.fixed {
			s.line += n
		}
		s.lineStart = s.at + strings.LastIndexByte(text, '\n') + 1
	}
}

// quoted reads a text in quotes. A quote without an end in its line is a lone character, as in it's.
func (s *scanner) quoted(q byte) {
	i := strings.IndexByte("\"'`", q)
	triple := strings.Repeat(string(q), 3)
	if i < 2 && !s.noTriple[i] && strings.HasPrefix(s.text[s.at:], triple) {
		if n := strings.Index(s.text[s.at+3:], triple); n >= 0 {
			s.take(token{text: s.text[s.at+3 : s.at+3+n], quoted: true}, n+6)
			return
		}
		s.noTriple[i] = true
	}
	if s.lone[i] == s.line+1 {
		s.at++
		return
	}
	escapes := q == '"' || !s.lines && !s.indented
	for j := s.at + 1; j < len(s.text); j++ {
		switch c := s.text[j]; {
		case c == q:
			s.take(token{text: s.text[s.at+1 : j], quoted: true}, j+1-s.at)
			return
		case c == '\\' && escapes && j+1 < len(s.text) && s.text[j+1] != '\n':
			j++
		case c == '\n' && !(q == '`' && s.backquotes):
			s.lone[i] = s.line + 1
			s.at++
			return
		}
	}
	s.lone[i] = s.line + 1
	s.at++
}

// take makes t, the next n bytes, what is pending.
func (s *scanner) take(t token, n int) {
	s.flush()
	t.line, t.column, t.there = s.line, s.at-s.lineStart, true
	s.pending = t
	s.count(s.text[s.at : s.at+n])
	s.at += n
}

// word reads one that is not quoted. A colon belongs to it if it does not end it: https://, arn:aws:, a:b.
func (s *scanner) word() {
	end := s.at
	for ; end < len(s.text); end++ {
		c := s.text[end]
		switch next := s.text[min(end+1, len(s.text)-1)]; {
		case c == ':':
			if end+1 == len(s.text) || !wordByte(next) || next == ':' || s.top.kind == '$' && s.name == "" {
				goto done
			}
		case c == '#':
			if !wordByte(next) {
				goto done
			}
		case !wordByte(c):
			goto done
		case s.slash && c == '/' && end > s.at && s.text[end-1] != ':' && (next == '/' || next == '*'):
			goto done // a comment
		}
	}
done:
	if end == s.at {
		end++
	}
	s.take(token{text: s.text[s.at:end]}, end-s.at)
}

// separator makes a name of what is pending.
func (s *scanner) separator(c byte) {
	rest := s.text[s.at:]
	n := 1
	switch {
	case s.at > 0 && c == '=' && strings.IndexByte("!<>=", s.text[s.at-1]) >= 0,
		strings.HasPrefix(rest, "=="), strings.HasPrefix(rest, "::"):
		s.flush() // a comparison, or a path
		s.at += len(rest) - len(strings.TrimLeft(rest, string(c)))
		return
	case c == ':' && s.ternary:
		s.flush()
		s.ternary = false
		s.at++
		return
	case strings.HasPrefix(rest, "=>"), strings.HasPrefix(rest, ":="), strings.HasPrefix(rest, ":-") && s.top.kind == '$':
		n = 2
	}
	s.at += n
	if !s.pending.there {
		return
	}
	annotated := c == '=' && s.byColon && !s.valued && !s.pending.quoted && (s.slash || s.blocks)
	if annotated { // NAME: Type = value
		s.pending = token{}
		return
	}
	column := s.pending.column
	s.named(s.pending)
	s.byColon = c == ':'
	s.pending = token{}
	if s.indented && c == ':' && !s.inBrackets() {
		s.beginBlock(column)
	}
}

// named makes t the name of what follows.
func (s *scanner) named(t token) {
	s.keyValue()
	name := strings.TrimLeft(t.text, "-$@%*")
	if _, k := poolIn(name); k == real {
		s.key = name
	}
	if len(name) > longestName {
		name = name[:longestName]
	}
	s.name, s.valued, s.byColon, s.said = name, false, false, nil
}

// keyValue is an id that was a name, as in "eu-west-1_AbCdEf123": "customers".
func (s *scanner) keyValue() {
	if s.key != "" {
		key := s.key
		s.key = ""
		s.emit(token{text: key, line: s.line})
	}
}

// flush makes a value of what is pending.
func (s *scanner) flush() {
	t := s.pending
	if !t.there {
		return
	}
	s.pending = token{}
	s.keyValue()
	if s.blocks && t.quoted && s.name == "" && !s.inBrackets() {
		return // a text for people
	}
	if !t.quoted && strings.HasPrefix(t.text, "--") && len(t.text) > 3 { // an option of a command
		s.named(t)
		return
	}
	s.valued = true
	if len(t.text) <= longestName {
		s.lastValue = t.text
		s.label(t)
		if s.saidLine != s.line || t.quoted && !s.quotes {
			s.said, s.quotes, s.saidLine = nil, t.quoted, s.line
		}
		if t.quoted == s.quotes && len(s.said) < 4 && !keywords.has(t.text) {
			s.said = append(s.said, t.text)
		}
	}
	s.emit(t)
}

// keywords are no names.
var keywords = newSet(`
	export default const let var return function class new async await final static public private val struct type
	interface object as string true false null nil undefined required
`)

// label keeps what the frame is called by a value in it.
func (s *scanner) label(t token) {
	if s.top == s.root || s.name == "" || len(s.name) > 24 {
		return
	}
	name := strings.ToLower(s.name)
	switch {
	case labelNames.has(name) && s.top.label == "":
		s.top.label = t.text
	case whoNames.has(name):
		s.top.who = t.text
	}
}

func (s *scanner) comma() {
	s.at++
	argument := s.top.kind != '[' && (s.top.kind != '{' || s.name == "")
	if t := s.pending; argument && t.there && t.quoted && speaking(t.text) { // get("COGNITO_CLIENT_ID", "...")
		s.named(t)
		s.pending = token{}
		return
	}
	s.flush()
	s.ternary = false
	if s.top.kind == '{' || s.top == s.root && !s.lines {
		s.name = ""
	}
}

// speaking reports whether text is a name that tells of a pool or client.
func speaking(text string) bool {
	odd := func(r rune) bool { return r >= 0x80 || !wordByte(byte(r)) }
	if text == "" || len(text) > longestName || strings.ContainsFunc(text, odd) || holdsID(text) {
		return false
	}
	w := words(text)
	return aboutPool(w) || clientName(w) || secretName(w)
}

func (s *scanner) question() {
	s.flush()
	s.at++
	switch rest := s.text[s.at:]; {
	case strings.HasPrefix(rest, "?"), strings.HasPrefix(rest, ":"): // a default
		s.at++
	case strings.HasPrefix(rest, "."), strings.HasPrefix(rest, "="):
	default:
		s.ternary = s.slash
	}
}

// inBrackets reports whether a bracket is open, so that lines and indentation mean nothing.
func (s *scanner) inBrackets() bool {
	k := s.top.kind
	return k == '{' || k == '[' || k == '(' || k == '$'
}

// push opens a frame, unless there are too many.
func (s *scanner) push(f frame) bool {
	if s.top.depth >= deepest {
		s.tooDeep++
		return false
	}
	f.parent, f.depth, f.outer = s.top, s.top.depth+1, s.name
	if len(f.name) > longestName {
		f.name = f.name[:longestName]
	}
	opened := f // of its own, so that one that is too deep costs nothing
	s.top = &opened
	s.name, s.valued, s.byColon, s.said, s.ternary = "", false, false, nil, false
	return true
}

func (s *scanner) pop() {
	s.name, s.valued, s.byColon = s.top.outer, true, false
	s.top = s.top.parent
}

func (s *scanner) open(kind byte) {
	s.at++
	f := frame{kind: kind, name: s.name, indent: -1}
	if s.indented {
		f.indent = indentOf(s.text[s.lineStart:min(len(s.text), s.lineStart+longest)])
	}
	if t := s.pending; kind == '(' && t.there {
		s.pending = token{}
		f.who = clip(t.text)
		if f.name == "" {
			f.name = f.who
		}
	}
	s.flush()
	if kind == '{' && f.name == "" && s.saidLine >= s.line-1 {
		f.name = strings.Join(s.said, " ")
	}
	key := s.key
	s.key = ""
	if s.push(f) && key != "" {
		s.emit(token{text: key, line: s.line})
	}
}

func clip(text string) string { return text[:min(len(text), longestName)] }

var opening = map[byte]string{'}': "{$", ']': "[", ')': "("}

func (s *scanner) close(c byte) {
	s.flush()
	s.keyValue()
	s.at++
	if s.tooDeep > 0 {
		s.tooDeep--
		return
	}
	for f := s.top; f != s.root; f = f.parent {
		if strings.IndexByte(opening[c], f.kind) >= 0 && f.kind != 0 {
			for s.top != f {
				s.pop()
			}
			s.pop()
			return
		}
		if c == ')' && f.kind != '(' && f.kind != '$' {
			return // one that nobody opened
		}
	}
}

// section reads [name], alone in its line.
func (s *scanner) section() bool {
	if !s.lines || !s.first(" \t") || s.top.kind != 0 && s.top.kind != 's' {
		return false
	}
	line, _, _ := strings.Cut(s.text[s.at:min(len(s.text), s.at+4*longestName)], "\n")
	end := strings.LastIndexByte(line, ']')
	if after := strings.TrimSpace(line[end+1:]); end < 0 || after != "" && after[0] != '#' && after[0] != ';' {
		return false
	}
	s.flush()
	for s.top != s.root {
		s.pop()
	}
	s.name = ""
	s.at += len(line)
	s.push(frame{kind: 's', name: strings.Trim(line[:end], "[]\"' ")})
	return true
}

// element opens or closes one of XML.
func (s *scanner) element() {
	s.flush()
	s.at++
	rest := s.text[s.at:]
	closes := strings.HasPrefix(rest, "/")
	rest = strings.TrimPrefix(rest, "/")
	n := 0
	for n < len(rest) && n < longestName && (alphanumeric(rest[n]) || strings.IndexByte("_-.:", rest[n]) >= 0) {
		n++
	}
	name := rest[:n]
	switch {
	case n == 0: // <?xml, <!DOCTYPE, <![CDATA[
		return
	case !closes:
		s.at += n
		f := frame{kind: '<', name: name}
		if s.top.keyed {
			f.who = s.top.label
		}
		s.inTag = s.push(f)
		return
	}
	s.at += n + 1
	s.inTag = false
	for f := s.top; f != s.root; f = f.parent {
		if f.kind != '<' || f.name != name {
			continue
		}
		for s.top != f {
			s.pop()
		}
		s.pop()
		if name == "key" && s.top.kind == '<' {
			s.top.label, s.top.keyed = s.lastValue, true
		}
		s.name = ""
		return
	}
	s.tooDeep = max(0, s.tooDeep-1)
}

func (s *scanner) endOfTag() {
	s.flush()
	s.inTag, s.name = false, ""
	if s.text[s.at-1] == '/' && s.top.kind == '<' {
		s.pop()
		s.name = ""
	}
	s.at++
}

// newline ends a name, unless what follows belongs to it.
func (s *scanner) newline() {
	s.flush()
	s.keyValue()
	block := s.blocks && !s.inBrackets() && s.text[max(0, s.at-1)] == ':'
	title := ""
	if block {
		title = strings.Trim(clip(strings.TrimSpace(s.text[s.lineStart:s.at])), ":")
	}
	goesOn := s.at > 0 && strings.IndexByte("|&?:=+,(\\", s.text[s.at-1]) >= 0
	s.at++
	if !s.fixed {
		s.line++
	}
	from := s.lineStart
	s.lineStart = s.at
	switch {
	case block:
		s.name = ""
		s.push(frame{kind: ' ', name: title, indent: indentOf(s.text[from:])})
	case s.lines:
		s.name = ""
		if s.top.kind != 0 && s.top.kind != 's' && assigns(s.text[s.at:]) {
			for s.top.kind != 0 && s.top.kind != 's' {
				s.pop()
			}
			s.name, s.tooDeep = "", 0
		}
	case s.indented && !s.inBrackets():
		s.name = ""
	case !s.inBrackets() && !s.tags && s.valued && !goesOn:
		s.name = ""
	}
	s.indentation()
}

func indentOf(line string) int {
	return len(line) - len(strings.TrimLeft(line, " \t"))
}

// assigns reports whether a line begins as NAME= does.
func assigns(line string) bool {
	line = strings.TrimPrefix(strings.TrimLeft(line[:min(len(line), 2*longestName)], " \t"), "export ")
	n := 0
	for n < len(line) && (alphanumeric(line[n]) || strings.IndexByte("_-.", line[n]) >= 0) {
		n++
	}
	return n > 0 && strings.HasPrefix(strings.TrimLeft(line[n:], " \t"), "=")
}

// indentation ends the blocks that the present line is not in.
func (s *scanner) indentation() {
	if !s.indented && !s.blocks {
		return
	}
	for s.indented && s.inBrackets() { // a bracket that was never closed does not go on above where it began
		line := s.text[s.at:]
		indent := indentOf(line)
		if line = line[indent:]; indent > s.top.indent || line == "" || strings.IndexByte("}])\n", line[0]) >= 0 {
			return
		}
		s.pop()
	}
	if s.inBrackets() {
		return
	}
	line := s.text[s.at:]
	indent := indentOf(line)
	line = line[indent:]
	switch {
	case line == "" || line[0] == '\n' || line[0] == '#':
		return
	case s.indented && (strings.HasPrefix(line, "---") || strings.HasPrefix(line, "...")) && indent == 0:
		for s.top != s.root {
			s.pop()
		}
		s.name = ""
		s.push(frame{kind: 's'})
		s.at += 3
		return
	}
	dash := s.indented && (strings.HasPrefix(line, "- ") || strings.HasPrefix(line, "-\n"))
	for s.top.kind == ' ' || s.top.kind == '-' {
		if s.top.indent < indent || dash && s.top.kind == ' ' && s.top.indent == indent {
			break
		}
		s.pop()
	}
	s.name = ""
}

// beginBlock opens a block of YAML if the present name, of that column, has no value in its line.
func (s *scanner) beginBlock(column int) {
	rest, _, _ := strings.Cut(s.text[s.at:min(len(s.text), s.at+longest)], "\n")
	rest = strings.TrimSpace(rest)
	if rest != "" && strings.IndexByte("#|>&!", rest[0]) < 0 {
		return
	}
	if s.push(frame{kind: ' ', name: s.name, indent: column}) {
		if key := s.key; key != "" {
			s.key = ""
			s.emit(token{text: key, line: s.line})
		}
	}
	if rest != "" && (rest[0] == '|' || rest[0] == '>') {
		s.at += strings.IndexByte(s.text[s.at:], rest[0]) + 1
	}
}

// item opens an item of a list of YAML's.
func (s *scanner) item() bool {
	rest := s.text[s.at:]
	dash := rest == "-" || strings.HasPrefix(rest, "- ") || strings.HasPrefix(rest, "-\n")
	if !s.indented || s.inBrackets() || !dash || !s.first(" \t-") {
		return false
	}
	s.flush()
	s.push(frame{kind: '-', indent: s.at - s.lineStart})
	s.at++
	return true
}

// emit keeps t if it may be an id or a secret, and reads it again if it holds some.
func (s *scanner) emit(t token) {
	text := t.text
	if id, k := poolIn(text); k != plain {
		s.keep(entry{value: id, pool: k, line: t.line}, 0)
		return
	}
	if clientShape(text) {
		s.keep(entry{value: text, line: t.line}, 1)
		return
	}
	if len(text) <= 128 && mayMatter(s.name, s.top) {
		s.keep(entry{value: text, line: t.line}, 2)
	}
	if left, right, ok := strings.Cut(text, ":"); ok && !t.quoted && !strings.Contains(text, "://") {
		if _, k := poolIn(right); k != plain || clientShape(right) {
			outer := s.name
			s.name = clip(left)
			s.emit(token{text: right, line: t.line})
			s.name = outer
		}
		return
	}
	if t.quoted && s.texts < deepestTexts && holdsID(text) {
		inside := scanner{syntax: insideText, text: unescaped(text), line: t.line, texts: s.texts + 1, out: s.out}
		inside.fixed = s.fixed || !strings.Contains(text, "\n")
		if s.top.depth >= deepest {
			return
		}
		inside.root = &frame{parent: s.top, kind: 's', name: s.name, depth: s.top.depth + 1}
		inside.top, inside.sentence = inside.root, isSentence(text)
		inside.run()
	}
}

// mayMatter reports whether a value that is no id matters because of its name: a secret, or an id that is not one.
func mayMatter(name string, f *frame) bool {
	if name == "" {
		name = f.name
	}
	if valueNames.has(strings.ToLower(name)) {
		return true
	}
	name = strings.ToLower(name)
	return strings.Contains(name, "secret") || strings.Contains(name, "client") || strings.Contains(name, "pool")
}

// keep adds e, unless there are too many of its sort.
func (s *scanner) keep(e entry, sort int) {
	if s.sentence && s.name == "" && s.top == s.root {
		return
	}
	if s.top.held[sort] >= mostOfFrame || len(s.out.entries) >= mostOfFile {
		if sort < 2 {
			s.out.left++
		}
		return
	}
	s.top.held[sort]++
	e.frame, e.name = s.top, s.name
	if f := s.top; f.kind == '<' && s.name == "" && f.parent != nil { // the text of an element
		e.frame, e.name = f.parent, f.name
		if f.label != "" {
			e.name = f.label
		}
	}
	for f := e.frame; f.kind == '$' && f.parent != nil; f = e.frame { // NAME=${OTHER:-default}
		if e.frame = f.parent; f.outer != "" {
			e.name = f.outer
		}
	}
	e.label = e.frame.label
	s.out.entries = append(s.out.entries, e)
}

// isSentence reports whether some of the words of text are nothing but letters.
func isSentence(text string) bool {
	n := 0
	for word := range strings.FieldsSeq(text) {
		if strings.Trim(strings.ToLower(word), "abcdefghijklmnopqrstuvwxyz") == "" {
			if n++; n == 3 {
				return true
			}
		}
	}
	return false
}

// unescaped undoes one level of backslashes, but for those that nobody writes before a part of an id.
func unescaped(text string) string {
	if !strings.Contains(text, `\`) {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c == '\\' && i+1 < len(text) {
			switch next := text[i+1]; next {
			case 'n', 'r':
				c, i = '\n', i+1
			case 't':
				c, i = ' ', i+1
			case '"', '\'', '`', '\\', '/', '$':
				c, i = next, i+1
			}
		}
		b.WriteByte(c)
	}
	return b.String()
}
