package flow_test

import (
	"strings"
	"testing"

	"cognito-enroll/flow"
)

// TestFieldCheck stands at each limit and one step beside it.
func TestFieldCheck(t *testing.T) {
	text := flow.Field{Key: "text", Label: "Name", Kind: flow.Text, Min: 2, Max: 4}
	optional := flow.Field{Key: "text", Label: "Name", Kind: flow.Text, Max: 4}
	hidden := flow.Field{Key: "hidden", Label: "Password", Kind: flow.Hidden, Min: 2, Max: 6}
	code := flow.Field{Key: "code", Label: "Code", Kind: flow.Code, Min: 6, Max: 8}
	choose := flow.Field{Key: "choose", Label: "Choice", Kind: flow.Choose, Options: []flow.Option{{Value: "a",
		Label: "The first"}, {Value: "b", Label: "The second"}}}
	for _, tt := range []struct {
		name, value string
		field       flow.Field
		want        string
		ok          bool
	}{
		{"fewest", "ab", text, "ab", true},
		{"too few", "a", text, "", false},
		{"most", "abcd", text, "abcd", true},
		{"too many", "abcde", text, "", false},
		{"runes are counted, not bytes", "äöüß", text, "äöüß", true},
		{"too few runes, enough bytes", "ä", text, "", false},
		{"text is trimmed", " \tabcd \r\n", text, "abcd", true},
		{"nothing but space", "   ", text, "", false},
		{"nothing, where that is an answer", " ", optional, "", true},
		{"an escape sequence", "a\x1b[m", text, "", false},
		{"a bidirectional override", "a\u202eb", text, "", false},
		{"a line end inside", "a\nb", text, "", false},
		{"broken UTF-8", "a\xffb", text, "", false},

		{"a password keeps its spaces", " pw ", hidden, " pw ", true},
		{"a password is spaces", "   ", hidden, "   ", true},
		{"a password pasted with a line end", " pw \r\n", hidden, " pw ", true},
		{"a password with a colon", ":phone", hidden, ":phone", true},
		{"a long password", ":phones", hidden, "", false},
		{"a password with a tab", "p\tw", hidden, "p\tw", true},
		{"a tab elsewhere", "a\tb", text, "", false},
		{"an emoji family", "\U0001f468\u200d\U0001f469\u200d\U0001f467", flow.Field{Key: "text", Kind: flow.Text, Max: 9},
			"\U0001f468\u200d\U0001f469\u200d\U0001f467", true},
		{"Persian", "می\u200cخواهم", flow.Field{Key: "text", Kind: flow.Text, Max: 9}, "می\u200cخواهم", true},
		{"a joiner between letters of ASCII", "a\u200db", text, "", false},
		{"a joiner at the end", "ab\u200d", text, "", false},
		{"two joiners", "\U0001f468\u200d\u200d\U0001f469", text, "", false},
		{"a password with a control character", "pw\x00", hidden, "", false},

		{"fewest digits", "123456", code, "123456", true},
		{"most digits", "12345678", code, "12345678", true},
		{"a digit short", "12345", code, "", false},
		{"a digit too many", "123456789", code, "", false},
		{"spaces do not make it longer", " 1234 5678\n", code, "12345678", true},
		{"a letter", "12345a", code, "", false},
		{"no digits", "", code, "", false},

		{"a value", "b", choose, "b", true},
		{"a value with a line end", "b\r\n", choose, "b", true},
		{"a label is none", "The second", choose, "", false},
		{"nothing chosen", "", choose, "", false},
		{"another case", "B", choose, "", false},
	} {
		got, err := tt.field.Check(tt.value)
		if got != tt.want || (err == nil) != tt.ok {
			t.Errorf("%s: Check(%q) is %q, %v; want %q", tt.name, tt.value, got, err, tt.want)
		}
		if err == nil {
			continue
		}
		if err.Code != flow.CodeInvalidInput || err.Fault != flow.Retry || err.Field != tt.field.Key {
			t.Errorf("%s: the error is %+v", tt.name, *err)
		}
		if v := strings.TrimSpace(tt.value); len(v) > 2 && strings.Contains(err.Msg+err.Hint, v) {
			t.Errorf("%s: the error quotes the value: %q", tt.name, err.Msg)
		}
	}
}

// TestCodeIn: what is copied with the words around it, if it leaves no doubt.
func TestCodeIn(t *testing.T) {
	six := flow.Field{Key: "code", Kind: flow.Code, Min: 6, Max: 6}
	sent := flow.Field{Key: "code", Kind: flow.Code, Min: 4, Max: 10}
	for _, tt := range []struct {
		field      flow.Field
		text, want string
	}{
		{six, "Code: 123456", "123456"},
		{six, "976 249 lasts 24 s", "976249"},
		{six, "123456 24 s", "123456"},
		{six, "Acme (alice): 012-345.", "012345"},
		{six, "Ihr Code lautet \u200e١٢٣٤٥٦\u200f.", "123456"},
		{six, "123456 or 654321", ""},
		{six, "123456, again 123456", "123456"},
		{six, "123 456 789 x", ""},
		{six, "12345O", ""},
		{six, "a123456", ""},
		{six, "12:34", ""},
		{six, "no code", ""},
		{sent, "Your code is 12345678", "12345678"},
		{sent, "1234 5678 is your code", "12345678"},
		{sent, "code 123456, until 2026", ""},
	} {
		got, err := tt.field.Check(tt.text)
		if got != tt.want || (err == nil) != (tt.want != "") {
			t.Errorf("Check(%q) is %q, %v; want %q", tt.text, got, err, tt.want)
		}
	}
}

func TestDigits(t *testing.T) {
	for _, tt := range []struct {
		text, want string
		ok         bool
	}{
		{"0123456789", "0123456789", true},
		{"０１２３４５６７８９", "0123456789", true},
		{"123 456", "123456", true},
		{"123-456", "123456", true},
		{"123\u00a0456\u2009789\t0\r\n", "1234567890", true},
		{"", "", true},
		{"12/34", "", false}, // "/" and ":" stand beside "0" and "9"
		{"12:34", "", false},
		{"12／34", "", false}, // and so do these
		{"12：34", "", false},
		{"١٢٣٤٥٦", "123456", true}, // Arabic, Persian, Devanagari, mathematical
		{"۱۲۳۴۵۶", "123456", true},
		{"१२३ ४५६", "123456", true},
		{"\U0001d7ce\U0001d7d9\U0001d7f6\U0001d7ff", "0109", true},
		{"12\u200b34\ufeff5\u20606", "123456", true},
		{"123\u2013456", "123456", true},
		{"12345²", "", false},
		{"123.456", "", false},
		{"12345O", "", false},
	} {
		if got, ok := flow.Digits(tt.text); got != tt.want || ok != tt.ok {
			t.Errorf("Digits(%q) is %q, %v; want %q, %v", tt.text, got, ok, tt.want, tt.ok)
		}
	}
}
