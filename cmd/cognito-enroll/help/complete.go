package help

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Complete says, for cmd and all below it, what a shell may put after a flag: what complete has for it, files
// for a FILE, otherwise nothing. Nor do files stand in for arguments.
func Complete(cmd *cobra.Command, complete map[string]cobra.CompletionFunc) {
	if cmd.ValidArgs == nil && cmd.ValidArgsFunction == nil {
		cmd.ValidArgsFunction = cobra.NoFileCompletions
	}
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		values, known := complete[f.Name]
		placeholder, _ := pflag.UnquoteUsage(f)
		switch {
		case known:
			register(cmd, f.Name, values)
		case placeholder != "FILE" && !strings.HasSuffix(f.Name, "-file"):
			register(cmd, f.Name, cobra.NoFileCompletions)
		}
	})
	for _, sub := range cmd.Commands() {
		Complete(sub, complete)
	}
}

// register leaves what a command says of its own flag.
func register(cmd *cobra.Command, flag string, f cobra.CompletionFunc) {
	if _, known := cmd.GetFlagCompletionFunc(flag); known {
		return
	}
	if err := cmd.RegisterFlagCompletionFunc(flag, f); err != nil {
		panic(fmt.Sprintf("completion of --%s: %v", flag, err))
	}
}
