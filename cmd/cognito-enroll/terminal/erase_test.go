package terminal

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/charmbracelet/x/term"
)

// TestErased: behind each line, and behind what was pasted, comes what fills the buffer, and before anything
// else. A device stays one.
func TestErased(t *testing.T) {
	for _, tt := range []struct {
		reads []string
		want  int // how often the buffer is filled
	}{
		{[]string{"a", "b"}, 0},
		{[]string{"secret\r", "a", "b"}, 1},
		{[]string{"\x1b[200~secret\x1b[201~", "\r", "a"}, 2},
		{[]string{"secret\r"}, 1}, // at the end
	} {
		var in []io.Reader
		for _, text := range tt.reads {
			in = append(in, strings.NewReader(text))
		}
		got, err := io.ReadAll(bufio.NewReaderSize(erased(io.MultiReader(in...)), 4096))
		if err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(got, []byte(meaningless)); n != tt.want {
			t.Errorf("%q: filled %d times, want %d", tt.reads, n, tt.want)
		}
		if rest := strings.ReplaceAll(string(got), meaningless, ""); rest != strings.Join(tt.reads, "") {
			t.Errorf("%q came as %q", tt.reads, rest)
		}
	}
	if file, ok := erased(os.Stdin).(term.File); !ok || file.Fd() != os.Stdin.Fd() {
		t.Error("a device is none any more")
	}
}
