package terminal

import (
	"fmt"
	"strings"
	"testing"
)

// TestWords: sentences are broken between words on a terminal, and nowhere else. What is set, such as a command to copy
// or a row of a table, stays.
func TestWords(t *testing.T) {
	const text = "cognito-enroll: the pool eu-west-1_AbCdEf123 is gone\n  cognito-enroll --pool-id eu-west-1_AbCdEf123\n" +
		"\x1b[1mwith a style that has no width\x1b[m\nand --client-id /a/path-with-hyphens/that-is-longer-than-a-line\nend: "
	const broken = "cognito-enroll: the pool\neu-west-1_AbCdEf123 is gone\n  cognito-enroll --pool-id eu-west-1_AbCdEf123\n" +
		"\x1b[1mwith a style that has no width\x1b[m\nand --client-id\n/a/path-with-hyphens/that-is-longer-than-a-line\nend: "
	for _, tt := range []struct {
		kind    Kind
		columns int
		want    string
	}{{Screen, 30, broken}, {Screen, 0, text}, {Pipe, 30, text}, {File, 30, text}} {
		var out, err, styled strings.Builder
		size := func() (int, int) { return tt.columns, 24 }
		to := &Terminal{Out: &out, OutKind: tt.kind, Err: &err, ErrKind: tt.kind, Size: size,
			Environ: []string{"TERM=xterm", "COLORTERM=truecolor"}}
		for _, w := range []interface {
			Write([]byte) (int, error)
		}{to.Text(), to.Notes()} {
			if n, wrong := fmt.Fprint(w, text); n != len(text) || wrong != nil {
				t.Errorf("kind %d: %d, %v", tt.kind, n, wrong)
			}
		}
		if out.String() != tt.want || err.String() != tt.want {
			t.Errorf("kind %d, %d columns:\n%s\n%s", tt.kind, tt.columns, out.String(), err.String())
		}
		to.Out = &styled
		fmt.Fprint(to.Styled("auto"), text)
		if got := strings.Contains(styled.String(), "the pool\neu-west"); got != (tt.want == broken) {
			t.Errorf("kind %d, %d columns: %q", tt.kind, tt.columns, styled.String())
		}
	}
	var err strings.Builder
	wide := &Terminal{Err: &err, ErrKind: Screen, Size: func() (int, int) { return 0, 0 },
		ErrSize: func() (int, int) { return 30, 24 }}
	if fmt.Fprint(wide.Notes(), text); err.String() != broken {
		t.Errorf("where only Err is a terminal:\n%s", err.String())
	}
	for _, tt := range []struct {
		first, text string
		width       int
		want        string
	}{
		{"ab ", "one two three four five six", 20, "ab one two three\n   four five six"},
		{"ab ", "one two three four five six", 0, "ab one two three four five six"},
		{"abcdefgh  ", "one two three", 24, "abcdefgh  one two three"},
		{"abcdefgh  ", "one two three four", 24, "abcdefgh\n    one two three four"},
		{"          ", "one two three four", 24, "    one two three four"},
	} {
		if got := Hang(tt.first, tt.text, tt.width); got != tt.want {
			t.Errorf("%q, %q, %d: %q", tt.first, tt.text, tt.width, got)
		}
	}
}
