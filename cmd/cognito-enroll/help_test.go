package main

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"cognito-enroll/cmd/cognito-enroll/help"
	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/ui/theme"
)

// commands are root and all below it that the help shows.
func commands(cmd *cobra.Command) []*cobra.Command {
	cmd.InitDefaultHelpFlag()
	all := []*cobra.Command{cmd}
	for _, sub := range cmd.Commands() {
		if !sub.Hidden {
			all = append(all, commands(sub)...)
		}
	}
	return all
}

// TestHelp holds the texts of all commands and flags to one style.
func TestHelp(t *testing.T) {
	for _, cmd := range commands(newRoot(process())) {
		t.Run(strings.ReplaceAll(cmd.CommandPath(), " ", "-"), func(t *testing.T) {
			if s := cmd.Short; len(s) > 60 || s == "" || !unicode.IsUpper(rune(s[0])) || strings.HasSuffix(s, ".") {
				t.Errorf("Short is to be 60 columns at most, with a capital and no full stop: %q", s)
			}
			checkLong(t, help.Long(cmd))
			cmd.LocalFlags().VisitAll(func(f *pflag.Flag) { checkFlag(t, f) })
			if !cmd.IsAdditionalHelpTopicCommand() {
				checkExamples(t, cmd.Example)
			}
			checkWidth(t, cmd)
			if m := regexp.MustCompile(`\b(TODO|FIXME|XXX|TBD)\b`).FindString(help.Long(cmd) + cmd.Example +
				cmd.UsageString()); m != "" {
				t.Errorf("the help says %s", m)
			}
		})
	}
}

func checkLong(t *testing.T, long string) {
	all := help.Blocks(long)
	if last := all[len(all)-1]; !last.Set && !strings.HasSuffix(last.Text, ".") {
		t.Errorf("Long is to end with a full stop or a list, not %q", last.Text)
	}
	for _, b := range all {
		for line := range strings.Lines(b.Text) {
			switch line = strings.TrimSuffix(line, "\n"); {
			case b.Set && len([]rune(line)) > help.Width:
				t.Errorf("Long has a list wider than %d columns: %q", help.Width, line)
			case strings.Contains(line, "\t"):
				t.Errorf("Long has a tab: %q", line)
			case strings.HasPrefix(line, " ") != b.Set:
				t.Errorf("Long wants an empty line between a paragraph and a list: %q", line)
			}
		}
	}
}

func checkFlag(t *testing.T, f *pflag.Flag) {
	placeholder, usage := pflag.UnquoteUsage(f)
	first, _, _ := strings.Cut(usage, " ")
	switch {
	case usage == "":
		t.Errorf("--%s has no usage", f.Name)
	case len(usage) > 110:
		t.Errorf("--%s: the usage has more than 110 columns", f.Name)
	case strings.HasSuffix(usage, "."):
		t.Errorf("--%s: no full stop: %q", f.Name, usage)
	case first != strings.ToUpper(first) && first != strings.ToLower(first):
		t.Errorf("--%s: lower case to begin with: %q", f.Name, usage)
	case placeholder != strings.ToUpper(placeholder):
		t.Errorf("--%s: the placeholder is to be in capitals, not %q", f.Name, placeholder)
	}
}

// checkExamples runs what the shell and cobra would do with each, up to the command itself.
func checkExamples(t *testing.T, text string) {
	found := false
	for _, line := range strings.Split(text, "\n") {
		found = found || strings.HasPrefix(line, "  cognito-enroll")
		if !strings.HasPrefix(line, "  ") {
			t.Errorf("an example is to begin with two spaces: %q", line)
		}
	}
	if !found {
		t.Error("there is no example")
	}
	for _, words := range shellCommands(text) {
		if words[0] != "cognito-enroll" {
			continue
		}
		cmd, err := parse(words[1:])
		if err != nil {
			t.Errorf("%q: %v", words, err)
			continue
		}
		cmd.Flags().Visit(func(f *pflag.Flag) {
			known := func(v cobra.Completion) bool { return strings.HasPrefix(v, f.Value.String()+"\t") }
			if values, fixed := flagValues()[f.Name]; fixed && !slices.ContainsFunc(values, known) {
				t.Errorf("%q: --%s does not take that", words, f.Name)
			}
		})
	}
}

// shellCommands splits a script into commands and their words, as far as examples go: quotes, pipes,
// lines that go on, and redirections, which it leaves out.
func shellCommands(script string) (all [][]string) {
	var command []string
	word, quote, redirects := "", rune(0), false
	endWord := func() {
		if word != "" && !redirects {
			command = append(command, word)
		}
		redirects = redirects && word == ""
		word = ""
	}
	for _, r := range strings.ReplaceAll(script, "\\\n", " ") + "\n" {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '"' || r == '\''):
			quote = r
		case quote != 0 || !strings.ContainsRune(" |;&<>\n", r):
			word += string(r)
		default:
			endWord()
			redirects = redirects && r == ' ' || r == '<' || r == '>'
			if strings.ContainsRune("|;&\n", r) && command != nil {
				all, command = append(all, command), nil
			}
		}
	}
	return all
}

// checkWidth leaves out the examples, which are to be copied.
func checkWidth(t *testing.T, cmd *cobra.Command) {
	var out bytes.Buffer
	cmd.SetOut(&out)
	if err := cmd.Help(); err != nil {
		t.Fatal(err)
	}
	text := out.String()
	if !cmd.HasParent() { // one screen, which has no room for examples
		if n := strings.Count(text, "\n"); n > help.Height {
			t.Errorf("the help has %d lines, at most %d are allowed", n, help.Height)
		}
		for _, sub := range cmd.Commands() {
			if !sub.Hidden && sub.Name() != "help" && !strings.Contains(text, sub.Name()) {
				t.Errorf("the help does not name %s", sub.Name())
			}
		}
	} else if cmd.Example != "" {
		if !strings.Contains(text, cmd.Example) {
			t.Error("the help has no examples")
		}
		text = strings.Replace(text, cmd.Example, "", 1)
	}
	for line := range strings.Lines(text) {
		if line = strings.TrimSuffix(line, "\n"); len([]rune(line)) > help.Width {
			t.Errorf("wider than %d columns: %q", help.Width, line)
		}
	}
}

// The checks above are only as good as this.
func TestHelpOfShellCommands(t *testing.T) {
	for script, want := range map[string]string{
		"  a b\n  c":                 `[["a" "b"] ["c"]]`,
		"a --b \"c d\" 'e|f'":        `[["a" "--b" "c d" "e|f"]]`,
		"a \\\n    --b":              `[["a" "--b"]]`,
		"a >b c <d":                  `[["a" "c"]]`,
		"a > b c":                    `[["a" "c"]]`,
		"echo 1 | a - <key | b":      `[["echo" "1"] ["a" "-"] ["b"]]`,
		`a zsh >"${fpath[1]}/_a"; b`: `[["a" "zsh"] ["b"]]`,
		"":                           `[]`,
	} {
		if got := fmt.Sprintf("%q", shellCommands(script)); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", script, got, want)
		}
	}
}

// TestHelpColors: headings have the accent of the palette on a terminal that wants colors, and no color elsewhere.
func TestHelpColors(t *testing.T) {
	for _, tt := range []struct {
		kind    terminal.Kind
		environ string
		args    []string
		want    theme.Background
		colored bool
	}{
		{terminal.Screen, "", []string{"--help"}, theme.Unknown, true},
		{terminal.Screen, "COLORFGBG=0;15", []string{"--help"}, theme.Light, true},
		{terminal.Screen, "", []string{"status", "--help", "--theme", "dark"}, theme.Dark, true},
		{terminal.Screen, "", []string{"help", "demo"}, theme.Unknown, true},
		{terminal.Screen, "NO_COLOR=1", []string{"--help"}, 0, false},
		{terminal.Screen, "", []string{"--help", "--color", "off"}, 0, false},
		{terminal.Screen, "", []string{"--color=off", "--help"}, 0, false},
		{terminal.Screen, "", []string{"config", "--help", "--theme", "none"}, 0, false},
		{terminal.Screen, "TERM=dumb", []string{"--help"}, 0, false},
		{terminal.Pipe, "", []string{"--help"}, 0, false},
		{terminal.File, "", []string{"config", "--help"}, 0, false},
	} {
		var out bytes.Buffer
		on := &terminal.Terminal{In: strings.NewReader(""), Out: &out, Err: &out, OutKind: tt.kind,
			Environ: []string{"TERM=xterm-256color", "COLORTERM=truecolor", tt.environ}}
		if err := execute(t.Context(), newRoot(on), tt.args); err != nil {
			t.Fatal(err)
		}
		accent := theme.For(tt.want).Accent.Render("Usage:")
		if got := strings.Contains(out.String(), accent); got != tt.colored {
			t.Errorf("%q, %q on %d: colored is %v\n%q", tt.environ, tt.args, tt.kind, got, out.String())
		}
		if strings.Contains(out.String(), "[35m") || !tt.colored && regexp.MustCompile(`\x1b\[[0-9;]*[34]\d`).MatchString(out.String()) {
			t.Errorf("%q, %q on %d: other colors\n%q", tt.environ, tt.args, tt.kind, out.String())
		}
	}
}
