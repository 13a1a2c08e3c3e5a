// Package help is the texts about the program: the help and the manual pages, what a mistyped word may have
// meant, what a shell completes, and the version.
package help

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"

	"cognito-enroll/cmd/cognito-enroll/exit"
)

// Width is that of the smallest terminal that most people have, in columns. The help is no wider.
const Width = 80

func newHelp() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Show the help of a command, or a topic",
		Long:  "Show the help of a command, which its --help shows as well, or of a topic.",
		Example: `  cognito-enroll help demo
  cognito-enroll help exit-codes`,
		DisableFlagsInUseLine: true,
		ValidArgsFunction: func(cmd *cobra.Command, args []string, _ string) (topics []cobra.Completion, _ cobra.ShellCompDirective) {
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

// Set fits the help of root and all below it to Width columns, but for examples: those are to be copied.
func Set(root *cobra.Command) {
	root.SetHelpCommand(newHelp())
	root.InitDefaultHelpCmd()
	root.SetUsageFunc(usage)
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) {
		w := cmd.OutOrStdout()
		for i, b := range Blocks(cmd.Long) {
			if i > 0 {
				fmt.Fprintln(w)
			}
			fmt.Fprintln(w, b.fill(Width))
		}
		if cmd.Runnable() {
			fmt.Fprint(w, "\n", cmd.UsageString())
		}
	})
}

// usage is cobra's own but for the width of the flags. A template would do, and keep the linker from
// leaving out what nobody calls: half as much program again.
func usage(cmd *cobra.Command) error {
	w := cmd.OutOrStderr()
	fmt.Fprintf(w, "Usage:\n  %s\n", cmd.UseLine())
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(w, "  %s [command]\n", cmd.CommandPath())
	}
	if cmd.HasExample() {
		fmt.Fprintf(w, "\nExamples:\n%s\n", cmd.Example)
	}
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintln(w, "\nAvailable Commands:")
		for _, sub := range cmd.Commands() {
			if sub.IsAvailableCommand() || sub.Name() == "help" {
				fmt.Fprintf(w, "  %-*s %s\n", sub.NamePadding(), sub.Name(), sub.Short)
			}
		}
	}
	if cmd.HasAvailableLocalFlags() {
		fmt.Fprintf(w, "\nFlags:\n%s", cmd.LocalFlags().FlagUsagesWrapped(Width))
	}
	if cmd.HasHelpSubCommands() {
		fmt.Fprintln(w, "\nAdditional help topics:")
		for _, sub := range cmd.Commands() {
			if sub.IsAdditionalHelpTopicCommand() {
				fmt.Fprintf(w, "  %s help %s: %s\n", cmd.Root().Name(), sub.Name(), sub.Short)
			}
		}
	}
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(w, "\nUse \"%s [command] --help\" for more information about a command.\n", cmd.CommandPath())
	}
	return nil
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

// NewExitCodes returns a topic of the help and no command: it does not run.
func NewExitCodes() *cobra.Command {
	return &cobra.Command{
		Use:   "exit-codes",
		Short: "What the exit codes mean to a script",
		Long:  "The exit code says what can be done next:\n\n" + exitList(),
	}
}

func exitList() string {
	var rows [][2]string
	for _, e := range exit.Table {
		rows = append(rows, [2]string{fmt.Sprintf("%-4d%s", e.Code, e.Name), e.Meaning})
	}
	return Listing(rows)
}
