package help

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cmd/cognito-enroll/version"
)

// NewMan returns the command that prints manual pages.
func NewMan() *cobra.Command {
	return &cobra.Command{
		Use:   "man [DIR]",
		Short: "Print the manual page, or write one for each command",
		Long: `Print the manual page of cognito-enroll, or write a page for each command into DIR. DIR is created
if it does not exist. A page has the same text as --help, and the exit codes.`,
		Example: `  cognito-enroll man | man -l -
  cognito-enroll man ~/.local/share/man/man1`,
		Annotations:           Aside,
		DisableFlagsInUseLine: true,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return exit.Usagef("name one directory, or none; "+See(cmd), "unexpected argument %q", args[1])
			}
			return nil
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return writePage(cmd.OutOrStdout(), cmd.Root(), version.Build())
			}
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return exit.Usagef("choose another directory", "%s", err)
			}
			return writePages(args[0], cmd.Root(), version.Build())
		},
	}
}

// writePages writes the pages of cmd and of all below it into dir.
func writePages(dir string, cmd *cobra.Command, info *debug.BuildInfo) error {
	var page bytes.Buffer
	if err := writePage(&page, cmd, info); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, pageName(cmd)+".1"), page.Bytes(), 0o644); err != nil {
		return exit.Usagef("choose another directory", "%s", err)
	}
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() {
			if err := writePages(dir, sub, info); err != nil {
				return err
			}
		}
	}
	return nil
}

func pageName(cmd *cobra.Command) string { return strings.ReplaceAll(cmd.CommandPath(), " ", "-") }

// writePage writes a page in the macros of man(7). It depends on the build alone, not on the day.
func writePage(w io.Writer, cmd *cobra.Command, info *debug.BuildInfo) error {
	var p page
	p.line(
		`.TH "%s" 1 "%s" "%s" "%s"`,
		strings.ToUpper(pageName(cmd)),
		date(info),
		cmd.Root().Name()+" "+version.Release(info),
		cmd.Root().Name()+" manual",
	)
	p.line(".nh")   // words stay whole
	p.line(".ad l") // and as far apart as they are
	p.line(".SH NAME")
	p.line(`%s \- %s`, pageName(cmd), cmd.Short)
	p.line(".SH SYNOPSIS")
	p.line(`\fB%s\fP`, cmd.UseLine())
	p.line(".SH DESCRIPTION")
	for _, b := range Blocks(cmd.Long) {
		p.line(".PP")
		p.block(b)
	}
	if cmd.HasAvailableSubCommands() {
		p.line(".SH COMMANDS")
		for _, sub := range cmd.Commands() {
			if sub.IsAvailableCommand() {
				p.item(`\fB%s\fP(1)`, pageName(sub))
				p.line("%s", sub.Short)
			}
		}
	}
	p.flags(cmd)
	p.line(".SH EXIT STATUS")
	for _, e := range exit.Table {
		p.item(`\fB%s\fP`, fmt.Sprint(e.Code))
		p.line("%s", e.Meaning)
	}
	p.line(".SH EXAMPLES")
	p.block(Block{cmd.Example, true})
	if cmd.HasParent() {
		p.line(".SH SEE ALSO")
		p.line(`\fB%s\fP(1)`, pageName(cmd.Root()))
	}
	_, err := w.Write(p.Bytes())
	return err
}

// date is that of the commit, or nothing.
func date(info *debug.BuildInfo) string {
	for _, s := range info.Settings {
		if at, err := time.Parse(time.RFC3339, s.Value); s.Key == "vcs.time" && err == nil {
			return at.UTC().Format(time.DateOnly)
		}
	}
	return ""
}

// page is a page of the manual as roff.
type page struct{ bytes.Buffer }

// roff has a meaning for these, or shows them as characters that a shell does not take.
var roff = strings.NewReplacer(`\`, `\e`, `-`, `\-`, `'`, `\(aq`, "`", `\(ga`, `^`, `\(ha`, `~`, `\(ti`, `"`, `\(dq`)

// line writes a line of roff with texts in it.
func (p *page) line(format string, texts ...string) {
	var escaped []any
	for _, t := range texts {
		escaped = append(escaped, roff.Replace(t))
	}
	line := fmt.Sprintf(format, escaped...)
	if strings.HasPrefix(line, ".") && !strings.HasPrefix(format, ".") {
		line = `\&` + line // a text and no request
	}
	p.WriteString(line + "\n")
}

// item begins one of a list of terms.
func (p *page) item(format string, texts ...string) {
	p.line(".TP")
	p.line(format, texts...)
}

func (p *page) block(b Block) {
	if b.Set {
		p.line(".EX")
		defer p.line(".EE")
	}
	for _, text := range strings.Split(b.Text, "\n") {
		p.line("%s", text)
	}
}

func (p *page) flags(cmd *cobra.Command) {
	cmd.InitDefaultHelpFlag()
	p.line(".SH OPTIONS")
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Deprecated != "" {
			return
		}
		placeholder, usage := pflag.UnquoteUsage(f)
		if f.DefValue != "" && f.DefValue != "false" {
			usage += " (default: " + f.DefValue + ")"
		}
		switch {
		case f.Shorthand != "":
			p.item(`\fB%s\fP, \fB%s\fP`, "-"+f.Shorthand, "--"+f.Name)
		case placeholder != "":
			p.item(`\fB%s\fP \fI%s\fP`, "--"+f.Name, placeholder)
		default:
			p.item(`\fB%s\fP`, "--"+f.Name)
		}
		p.line("%s", usage)
	})
}
