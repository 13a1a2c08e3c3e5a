// Package help is the texts about the program: the help and the manual pages, what a mistyped word may have
// meant, what a shell completes, and the version.
package help

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"
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

// Set gives root and all below it their help, Width columns wide but for examples: those are to be copied. On a
// terminal, which environ describes, headings are bold and names have a color.
func Set(root *cobra.Command, environ []string) {
	root.SetHelpCommand(newHelp())
	root.InitDefaultHelpCmd()
	root.SetUsageFunc(func(cmd *cobra.Command) error {
		usage(colorprofile.NewWriter(cmd.OutOrStderr(), environ), cmd)
		return nil
	})
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) {
		w := colorprofile.NewWriter(cmd.OutOrStdout(), environ)
		if cmd == root {
			overview(w, root)
			return
		}
		for i, b := range Blocks(Long(cmd)) {
			if i > 0 {
				fmt.Fprintln(w)
			}
			fmt.Fprintln(w, b.fill(Width))
		}
		if cmd.Runnable() {
			fmt.Fprintln(w)
			usage(w, cmd)
		}
	})
}

// Aside marks a command that the help of root names in its last line only.
var Aside = map[string]string{"aside": "true"}

// overview is the help of root: one screen. The rest is in topics.
func overview(w io.Writer, root *cobra.Command) {
	fmt.Fprintf(w, "%s.\n\n%s\n  %s\n  %s COMMAND [flags]\n", root.Short, heading("Usage:"), root.UseLine(), root.Name())
	fmt.Fprintf(w, "\n%s\n", heading("Commands:"))
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
			row(w, sub.Name(), sub.Short, 8)
		}
	}
	fmt.Fprintf(w, "\n%s\n", heading("Common flags:"))
	row(w, "--pool-id ID, --client-id ID", "Which pool (found or asked if omitted)", 28)
	row(w, "--username NAME", "Who signs in (asked if omitted)", 28)
	row(w, "--plain, --json", "Lines for people, objects for programs", 28)
	fmt.Fprintf(w, "\n%s %s help %s\n", heading("More:"), root.Name(), strings.Join(topics, " | "))
	fmt.Fprintf(w, "      %s %s\n", root.Name(), strings.Join(others, " | "))
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
func usage(w io.Writer, cmd *cobra.Command) {
	fmt.Fprintf(w, "%s\n  %s\n", heading("Usage:"), cmd.UseLine())
	if cmd.HasExample() {
		fmt.Fprintf(w, "\n%s\n%s\n", heading("Examples:"), cmd.Example)
	}
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(w, "\n%s\n", heading("Commands:"))
		for _, sub := range cmd.Commands() {
			if sub.IsAvailableCommand() {
				row(w, sub.Name(), sub.Short, sub.NamePadding())
			}
		}
	}
	if cmd.HasAvailableLocalFlags() {
		fmt.Fprintf(w, "\n%s\n%s", heading("Flags:"), cmd.LocalFlags().FlagUsagesWrapped(Width))
	}
}

// heading makes text bold.
func heading(text string) string { return "\x1b[1m" + text + "\x1b[m" }

// row prints a name in magenta, which can be read on black and on white, and what it is.
func row(w io.Writer, name, text string, width int) {
	fmt.Fprintf(w, "  \x1b[35m%s\x1b[m%*s  %s\n", name, width-len(name), "", text)
}

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

func (b Block) fill(width int) string {
	if b.Set {
		return b.Text
	}
	return Wrap(strings.Join(strings.Fields(b.Text), " "), width)
}

// Wrap breaks text between words, so that it is at most width columns wide. A word with hyphens, such as a
// flag, stays whole, which Wordwrap would break.
func Wrap(text string, width int) string {
	const hyphen, whole = "-", "\u2011"
	return strings.ReplaceAll(ansi.Wordwrap(strings.ReplaceAll(text, hyphen, whole), width, ""), whole, hyphen)
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
		indent := 2 + names + 2
		text := strings.ReplaceAll(Wrap(row[1], width-indent), "\n", "\n"+strings.Repeat(" ", indent))
		lines = append(lines, fmt.Sprintf("  %-*s  %s", names, row[0], text))
	}
	return strings.Join(lines, "\n")
}
