package main

import (
	"io"
	"maps"

	"github.com/spf13/cobra"

	"cognito-enroll/cmd/cognito-enroll/admin"
	"cognito-enroll/cmd/cognito-enroll/demo"
	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cmd/cognito-enroll/front"
	"cognito-enroll/cmd/cognito-enroll/help"
	"cognito-enroll/cmd/cognito-enroll/settings"
	"cognito-enroll/cmd/cognito-enroll/terminal"
)

// shell is an argument of completion.
type shell struct {
	name, what string
	script     func(root *cobra.Command, w io.Writer) error
}

var shells = []shell{
	{
		"bash",
		"bash, with bash-completion",
		func(root *cobra.Command, w io.Writer) error { return root.GenBashCompletionV2(w, true) },
	},
	{"zsh", "zsh, after compinit", (*cobra.Command).GenZshCompletion},
	{"fish", "fish", func(root *cobra.Command, w io.Writer) error { return root.GenFishCompletion(w, true) }},
	{"powershell", "PowerShell 5 or later", (*cobra.Command).GenPowerShellCompletionWithDesc},
}

func newCompletion() *cobra.Command {
	var names []cobra.Completion
	for _, s := range shells {
		names = append(names, cobra.CompletionWithDesc(s.name, s.what))
	}
	return &cobra.Command{
		Use:   "completion bash|zsh|fish|powershell",
		Short: "Print a script that completes commands in a shell",
		Long: `Print a script that completes commands, flags and their values in your shell. Save it where your
shell looks for it, as in the examples, and start a new session. Nothing is installed.`,
		Example: `  cognito-enroll completion bash >~/.local/share/bash-completion/completions/cognito-enroll
  cognito-enroll completion zsh >"${fpath[1]}/_cognito-enroll"
  cognito-enroll completion fish >~/.config/fish/completions/cognito-enroll.fish
  cognito-enroll completion powershell | Out-String | Invoke-Expression`,
		Annotations:           help.Aside,
		DisableFlagsInUseLine: true,
		ValidArgs:             names,
		Args: func(cmd *cobra.Command, args []string) error {
			hint := "choose bash, zsh, fish or powershell; " + help.See(cmd)
			if len(args) != 1 {
				return exit.Usagef(hint, "name one shell")
			}
			if shellNamed(args[0]) == nil {
				return exit.Usagef(hint, "unknown shell %q", args[0])
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return shellNamed(args[0]).script(cmd.Root(), cmd.OutOrStdout())
		},
	}
}

func shellNamed(name string) *shell {
	for i := range shells {
		if shells[i].name == name {
			return &shells[i]
		}
	}
	return nil
}

// completions are what a shell offers for the flags that have values of their own, whichever commands they
// belong to.
func completions(t *terminal.Terminal) map[string]cobra.CompletionFunc {
	all := map[string]cobra.CompletionFunc{
		"pool-profile": completeProfiles(t), "profiles": completeProfiles(t),
	}
	all["print-unit"] = cobra.FixedCompletions([]cobra.Completion{"systemd", "container"},
		cobra.ShellCompDirectiveNoFileComp)
	for name, values := range flagValues() {
		all[name] = cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp|cobra.ShellCompDirectiveKeepOrder)
	}
	return all
}

// flagValues are those of the flags that have a fixed set of them.
func flagValues() map[string][]cobra.Completion {
	values := maps.Clone(front.Values)
	maps.Copy(values, settings.Values)
	maps.Copy(values, admin.Values)
	for _, row := range demo.Faults() {
		values["fault"] = append(values["fault"], cobra.CompletionWithDesc(row[0], row[1]))
	}
	return values
}

// completeProfiles offers those of config.toml, and nothing when there is a mistake in it.
func completeProfiles(t *terminal.Terminal) cobra.CompletionFunc {
	return func(cmd *cobra.Command, _ []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
		file := ""
		if f := cmd.Flags().Lookup("config"); f != nil {
			file = f.Value.String()
		}
		return settings.Profiles(t, file), cobra.ShellCompDirectiveNoFileComp
	}
}
