package config

import (
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

// The ids of testdata/projects.txt. Nobody has them.
var madeUpIDs = strings.NewReplacer(
	"@P1", "eu-west-1_Qm7RtX2vB", "@P2", "us-east-1_Zk4LpN8wD", "@P3", "ap-south-1_Hs6TqJ3yF",
	"@C1", "5rk2m9vq0xw7t3hd8zb4npl61c", "@C2", "7hd3qz8n1vw5kx0t6mrb9jp2fs", "@C3", "2bw6n0tk4mz9qd7hx1vp8rj5ls",
	"@S1", "k3v9wq0m7zt2x8hd5rnb1pj6lc4sy0g8fkq2mv7xw9tz3hd5rnb1",
)

// In projects as people keep them, what is found is right, or not offered.
func TestProjects(t *testing.T) {
	text, err := os.ReadFile("testdata/projects.txt")
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Split(madeUpIDs.Replace(string(text)), "\n=== ")[1:]
	for _, c := range all {
		name, rest, _ := strings.Cut(c, "\n")
		t.Run(name, func(t *testing.T) { testProject(t, txtar.Parse([]byte(rest))) })
	}
	if len(all) < 60 {
		t.Errorf("only %d projects were read", len(all))
	}
}

func testProject(t *testing.T, project *txtar.Archive) {
	root := t.TempDir()
	write := func(name, text string) {
		file := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(".git/HEAD", "ref: refs/heads/main\n")
	in := Input{Dir: root}
	var want, use, warn []string
	for line := range strings.Lines(string(project.Comment)) {
		verb, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch verb {
		case "want":
			want = append(want, rest)
		case "use":
			use = append(use, rest)
		case "warn":
			warn = append(warn, rest)
		case "env":
			in.Environ = append(in.Environ, rest)
		case "dir":
			in.Dir = filepath.Join(root, rest)
		case "terraform":
			in.Dir, in.Terraform = "", io.Reader(strings.NewReader(string(project.Files[0].Data)))
		case "":
		default:
			t.Fatalf("what is %q?", line)
		}
	}
	for _, f := range project.Files {
		write(f.Name, encoded(f.Name, string(f.Data)))
	}
	found, err := Find(in)
	if err != nil {
		t.Fatal(err)
	}
	var got, used, warnings []string
	for _, c := range found.Candidates {
		line := strings.TrimSpace(c.Pool + " " + c.Client)
		if !c.Secret.Empty() {
			line += " secret"
		}
		got = append(got, line)
		for _, s := range c.Sources {
			if s.Kind == Project && s.Line == 0 {
				t.Errorf("no line in %v", s)
			}
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	for _, s := range found.Settings {
		used = append(used, s.Value)
	}
	if got, want := strings.Join(used, " "), strings.Join(use, " "); got != want {
		t.Errorf("used unasked: %q, want %q", got, want)
	}
	for _, w := range found.Warnings {
		warnings = append(warnings, w.Error())
	}
	for _, part := range warn {
		if !strings.Contains(strings.Join(warnings, "\n"), part) {
			t.Errorf("no warning says %q: %q", part, warnings)
		}
	}
	if t.Failed() {
		t.Logf("warnings: %q", warnings)
	}
}

// encoded is text as the end of a file's name says.
func encoded(name, text string) string {
	var order binary.AppendByteOrder
	switch filepath.Ext(name) {
	case ".cr":
		return strings.ReplaceAll(text, "\n", "\r")
	case ".utf16le":
		order = binary.LittleEndian
	case ".utf16be":
		order = binary.BigEndian
	default:
		return text
	}
	var b []byte
	for _, unit := range utf16.Encode([]rune("\ufeff" + text)) {
		b = order.AppendUint16(b, unit)
	}
	return string(b)
}
