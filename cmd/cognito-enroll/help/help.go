// Package help is the texts about the program: the help and the manual pages, what a mistyped word may have
// meant, what a shell completes, and the version.
package help

import (
	"cmp"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/ui/theme"
)

// Width is that of the smallest terminal that most people have, in columns. The help is no wider.
const Width = 80

func newHelp() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Show the help of a command, or a topic",
		Long:  "Show the help of a command, like its --help, or of a topic.",
		Example: `  cognito-enroll help demo
  cognito-enroll help accessibility`,
		DisableFlagsInUseLine: true,
		ValidArgsFunction: func(cmd *cobra.Command, args []string, _ string) (topics []cobra.Completion,
			_ cobra.ShellCompDirective) {
			if len(args) == 0 {
				for _, c := range cmd.Root().Commands() {
					topics = append(topics, cobra.CompletionWithDesc(c.Name(), c.Short))
				}
			}
			return topics, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			topic, rest, err := cmd.Root().Find(args)
			if err == nil {
				err = NoArgs(topic, rest)
			}
			if err != nil {
				return err
			}
			topic.InitDefaultHelpFlag()
			return topic.Help()
		},
	}
}

// Height is that of the smallest terminal that most people have, in rows. The help of root has no more lines.
const Height = 24

// Set gives root and all below it their help, Width columns wide or as wide as t is if that is less, but for examples:
// those are to be copied. On a terminal, headings and names have the colors of the wizard.
func Set(root *cobra.Command, t *terminal.Terminal) {
	root.SetHelpCommand(newHelp())
	root.InitDefaultHelpCmd()
	root.SetUsageFunc(func(cmd *cobra.Command) error {
		newSheet(cmd, t).usage(cmd)
		return nil
	})
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) {
		s := newSheet(cmd, t)
		if cmd == root {
			s.overview(root)
			return
		}
		for i, b := range Blocks(Long(cmd)) {
			if i > 0 {
				fmt.Fprintln(s)
			}
			fmt.Fprintln(s, b.fill(s.columns))
		}
		if cmd.Runnable() {
			fmt.Fprintln(s)
			s.usage(cmd)
		}
	})
}

// sheet is where the help of a command is printed.
type sheet struct {
	io.Writer
	columns int
	colors  theme.Colors
}

// newSheet has what the flags of cmd, which are read by then, say about colors.
func newSheet(cmd *cobra.Command, t *terminal.Terminal) sheet {
	color, background := "auto", t.Background()
	if f := cmd.Flags().Lookup("color"); f != nil {
		color = f.Value.String()
	}
	if f := cmd.Flags().Lookup("theme"); f != nil {
		switch name := f.Value.String(); name {
		case "none":
			color = "off"
		case "dark", "light":
			background = name
		}
	}
	on := *t
	on.Out = cmd.OutOrStdout()
	s := sheet{on.Styled(color), Width, terminal.Colors(background)}
	if columns := t.Columns(); columns > 0 {
		s.columns = min(s.columns, columns)
	}
	return s
}

// Aside marks a command that the help of root names in its last line only.
var Aside = map[string]string{"aside": "true"}

// overview is the help of root: one screen. The rest is in topics.
func (s sheet) overview(root *cobra.Command) {
	fmt.Fprintf(s, "%s.\n\n%s\n", root.Short, s.heading("Usage:"))
	s.hang("  ", root.UseLine())
	s.hang("  ", root.Name()+" COMMAND [flags]")
	fmt.Fprintf(s, "\n%s\n", s.heading("Commands:"))
	var others, topics []string
	subs := slices.Clone(root.Commands())
	slices.SortStableFunc(subs, func(a, b *cobra.Command) int { return cmp.Compare(rank(a), rank(b)) })
	for _, sub := range subs {
		switch {
		case sub.Short == root.Short: // enroll, which the program does without a command
		case sub.IsAdditionalHelpTopicCommand():
			topics = append(topics, sub.Name())
		case !sub.IsAvailableCommand():
		case sub.Annotations["aside"] != "":
			others = append(others, sub.Name())
		default:
			s.row(sub.Name(), sub.Short, 8)
		}
	}
	fmt.Fprintf(s, "\n%s\n", s.heading("Common flags:"))
	s.row("--pool-id ID, --client-id ID", "Which pool (found or asked if omitted)", 28)
	s.row("--username NAME", "Who signs in (asked if omitted)", 28)
	s.row("--plain, --json", "Lines for people, objects for programs", 28)
	fmt.Fprintln(s)
	s.hang(s.heading("More:")+" ", root.Name()+" help "+strings.Join(topics, " | "))
	s.hang("      ", root.Name()+" "+strings.Join(others, " | "))
}

// rank sorts what a new user wants first before the rest, which keep the order of the alphabet.
func rank(cmd *cobra.Command) int {
	first := []string{"demo", "status", "doctor"}
	if i := slices.Index(first, cmd.Name()); i >= 0 {
		return i
	}
	return len(first)
}

// usage prints how cmd is called. A template would do, and keep the linker from leaving out what nobody calls:
// half as much program again.
func (s sheet) usage(cmd *cobra.Command) {
	fmt.Fprintln(s, s.heading("Usage:"))
	s.hang("  ", cmd.UseLine())
	if cmd.HasExample() {
		fmt.Fprintf(s, "\n%s\n%s\n", s.heading("Examples:"), cmd.Example)
	}
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(s, "\n%s\n", s.heading("Commands:"))
		for _, sub := range cmd.Commands() {
			if sub.IsAvailableCommand() {
				s.row(sub.Name(), sub.Short, sub.NamePadding())
			}
		}
	}
	if cmd.HasAvailableLocalFlags() {
		fmt.Fprintf(s, "\n%s\n%s", s.heading("Flags:"), cmd.LocalFlags().FlagUsagesWrapped(s.columns))
	}
}

// heading gives text the accent.
func (s sheet) heading(text string) string { return s.colors.Accent.Render(text) }

// row prints a name and what it is.
func (s sheet) row(name, text string, width int) {
	first := "  " + s.colors.Title.Render(name) + strings.Repeat(" ", max(0, width-len(name))+2)
	s.hang(first, text)
}

// hang prints text, as far as it fits after first, and the rest below it.
func (s sheet) hang(first, text string) { fmt.Fprintln(s, terminal.Hang(first, text, s.columns)) }

// Block is a part of a long text: a paragraph or, when it is set, lines that stay as they are.
type Block struct {
	Text string
	Set  bool
}

// Blocks returns what empty lines divide. Those that are set begin with a space.
func Blocks(long string) (all []Block) {
	for text := range strings.SplitSeq(strings.Trim(long, "\n"), "\n\n") {
		all = append(all, Block{text, strings.HasPrefix(text, " ")})
	}
	return all
}

// column is what stands before the last column of a line that is set.
var column = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^ *(\S.*\S  +)?`) })

func (b Block) fill(width int) string {
	if b.Set {
		lines := strings.Split(b.Text, "\n")
		for i, line := range lines {
			if len(line) > width {
				first := column().FindString(line)
				lines[i] = terminal.Hang(first, line[len(first):], width)
			}
		}
		return strings.Join(lines, "\n")
	}
	return terminal.Wrap(strings.Join(strings.Fields(b.Text), " "), width)
}

// Listing returns rows of a name and a text in two columns, set for a long text.
func Listing(rows [][2]string) string {
	const width = Width - 7 // the margin of a manual page
	names := 0
	for _, row := range rows {
		names = max(names, len(row[0]))
	}
	var lines []string
	for _, row := range rows {
		lines = append(lines, terminal.Hang(fmt.Sprintf("  %-*s  ", names, row[0]), row[1], width))
	}
	return strings.Join(lines, "\n")
}
