package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// documents returns the paths of all Markdown files that a person reads, from this directory.
func documents(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, pattern := range []string{"*.md", "docs/*.md"} {
		found, err := filepath.Glob(filepath.Join("..", "..", pattern))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, found...)
	}
	if len(all) < 8 {
		t.Fatalf("only %d documents: %q", len(all), all)
	}
	return all
}

var markdownLink = regexp.MustCompile(`\]\(([^)#]*)(#[^)]*)?\)`)

// anchor is what GitHub makes of a heading.
func anchor(heading string) string {
	kept := regexp.MustCompile(`[^\p{L}\p{N}_ -]`).ReplaceAllString(strings.ToLower(heading), "")
	return strings.ReplaceAll(kept, " ", "-")
}

// The links of every document lead to a file and to a heading in it.
func TestLinks(t *testing.T) {
	links := 0
	for _, document := range documents(t) {
		text := read(t, document)
		for _, m := range markdownLink.FindAllStringSubmatch(text, -1) {
			if strings.HasPrefix(m[1], "https://") {
				continue
			}
			links++
			target := document
			if m[1] != "" {
				target = filepath.Join(filepath.Dir(document), m[1])
			}
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s: the link to %s leads nowhere", document, m[1])
				continue
			}
			if m[2] == "" {
				continue
			}
			found := false
			for _, h := range regexp.MustCompile(`(?m)^#+ (.+)$`).FindAllStringSubmatch(read(t, target), -1) {
				found = found || "#"+anchor(h[1]) == m[2]
			}
			if !found {
				t.Errorf("%s: %s has no heading for %s", document, target, m[2])
			}
		}
	}
	if links < 20 {
		t.Errorf("only %d links", links)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The README is short, and what it and the other documents say of flags and commands exists.
func TestReadme(t *testing.T) {
	readme := read(t, filepath.Join("..", "..", "README.md"))
	if n := strings.Count(readme, "\n"); n > 130 {
		t.Errorf("the README has %d lines, at most 130 are allowed", n)
	}
	known := map[string]bool{"help": true}
	names := map[string]bool{"help": true}
	for _, cmd := range commands(newRoot(process())) {
		names[cmd.Name()] = true
		cmd.Flags().VisitAll(func(f *pflag.Flag) { known[f.Name] = true })
	}
	foreign := []string{ // of other programs in the examples
		"totp", "base32", "endpoint-url", "max-results", "rawfile", "try", "user-pool-id",
	}
	for _, name := range foreign {
		known[name] = true
	}
	ofAWS := strings.Fields(`access-token session user-code friendly-device-name cli-input-json cli-input-yaml
		generate-cli-skeleton no-paginate output query no-sign-request cli-read-timeout cli-connect-timeout debug
		cli-binary-format no-cli-pager cli-auto-prompt no-cli-auto-prompt auth-parameters challenge-name
		challenge-responses slurpfile`)
	for _, document := range documents(t) {
		text := read(t, document)
		for _, m := range regexp.MustCompile(`(?:^|[\s`+"`"+`(])--([a-z][a-z0-9-]*)`).FindAllStringSubmatch(text, -1) {
			if !known[m[1]] && !(filepath.Base(document) == "aws-cli.md" && slices.Contains(ofAWS, m[1])) {
				t.Errorf("%s names --%s, which no command has", document, m[1])
			}
		}
		for _, m := range regexp.MustCompile("`cognito-enroll ([a-z][a-z-]*)").FindAllStringSubmatch(text, -1) {
			if !names[m[1]] {
				t.Errorf("%s names the command %s, which does not exist", document, m[1])
			}
		}
	}
}

// The examples of the README are command lines that the program accepts.
func TestReadmeExamples(t *testing.T) {
	readme := read(t, filepath.Join("..", "..", "README.md"))
	tried := 0
	for _, block := range regexp.MustCompile(`(?m)(^    .*\n)+`).FindAllString(readme, -1) {
		for _, words := range shellCommands(block) {
			if words[0] != "cognito-enroll" {
				continue
			}
			tried++
			if _, err := parse(words[1:]); err != nil {
				t.Errorf("%q: %v", words, err)
			}
		}
	}
	if tried < 5 {
		t.Errorf("only %d examples", tried)
	}
}

// parse does what the program does with its arguments before it runs a command.
func parse(words []string) (*cobra.Command, error) {
	cmd, args, err := newRoot(process()).Find(words)
	if err == nil {
		err = cmd.ParseFlags(args)
	}
	if err == nil {
		err = cmd.ValidateArgs(cmd.Flags().Args())
	}
	return cmd, err
}
