package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"cognito-enroll/cmd/cognito-enroll/config"
	"cognito-enroll/cmd/cognito-enroll/exit"
)

// shell is an argument of completion.
type shell struct {
	name, what string
	script     func(root *cobra.Command, w io.Writer) error
}

var shells = []shell{
	{"bash", "bash, with bash-completion", func(root *cobra.Command, w io.Writer) error { return root.GenBashCompletionV2(w, true) }},
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
		Long: `Print a script with which a shell completes commands, flags and their values. The shell has to
load it: put it where yours looks, as below, and begin a new session. Nothing is installed, and
nothing but cognito-enroll itself is asked at the tab key.`,
		Example: `  cognito-enroll completion bash >~/.local/share/bash-completion/completions/cognito-enroll
  cognito-enroll completion zsh >"${fpath[1]}/_cognito-enroll"
  cognito-enroll completion fish >~/.config/fish/completions/cognito-enroll.fish
  cognito-enroll completion powershell | Out-String | Invoke-Expression`,
		DisableFlagsInUseLine: true,
		ValidArgs:             names,
		Args: func(_ *cobra.Command, args []string) error {
			const hint = "choose bash, zsh, fish or powershell"
			if len(args) != 1 {
				return exit.Usagef(hint, "completion takes one shell")
			}
			if shellNamed(args[0]) == nil {
				return exit.Usagef(hint, "there is no completion for %q", args[0])
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

// flagValues are the flags that have a fixed set of values, whichever commands they belong to.
var flagValues = map[string][]cobra.Completion{
	"auth-flow": {
		"auto\tSRP, and what the client allows instead",
		"srp\tthe password is proved and stays here",
		"password\tthe password is sent to Cognito",
		"choice\tthe pool offers ways to sign in",
		"custom\tthe questions of the pool's own triggers",
		"custom-srp\tthe password, then those questions",
		"admin\twith AWS credentials, beside the user",
	},
	"preferred-challenge": {
		"PASSWORD\tthe password, sent to Cognito",
		"PASSWORD_SRP\tthe password, proved",
		"EMAIL_OTP\ta code by e-mail",
		"SMS_OTP\ta code by SMS",
		"WEB_AUTHN\ta passkey, which needs a browser",
	},
	"qr": {
		"auto\tthe best that fits",
		"half\thalf blocks",
		"full\twhole blocks, four times the room",
		"ascii\twithout UTF-8",
		"sixel\ta picture, where the terminal can",
		"none\tthe key alone",
	},
	"theme": {
		"auto\tas the terminal says",
		"dark\tfor a dark background",
		"light\tfor a light background",
		"none\tno colours",
	},
	"fault": faultValues(),
}

func faultValues() (values []cobra.Completion) {
	for _, name := range slices.Sorted(maps.Keys(mishaps)) {
		if name != "" {
			values = append(values, cobra.CompletionWithDesc(name, mishaps[name].what))
		}
	}
	return values
}

// complete says, for cmd and all below it, what a shell may put after a flag: its values, files for a
// FILE, otherwise nothing. Nor do files stand in for arguments.
func complete(cmd *cobra.Command) {
	if cmd.ValidArgs == nil && cmd.ValidArgsFunction == nil {
		cmd.ValidArgsFunction = cobra.NoFileCompletions
	}
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		values, fixed := flagValues[f.Name]
		placeholder, _ := pflag.UnquoteUsage(f)
		switch {
		case f.Name == "pool-profile":
			register(cmd, f.Name, completeProfiles)
		case fixed:
			register(cmd, f.Name, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp|cobra.ShellCompDirectiveKeepOrder))
		case placeholder != "FILE" && !strings.HasSuffix(f.Name, "-file"):
			register(cmd, f.Name, cobra.NoFileCompletions)
		}
	})
	for _, sub := range cmd.Commands() {
		complete(sub)
	}
}

// completeProfiles offers those of config.toml, and nothing when there is a mistake in it.
func completeProfiles(cmd *cobra.Command, _ []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	in := config.Input{Standard: standardConfig(), Check: checkSetting}
	if f := cmd.Flags().Lookup("config"); f != nil {
		in.File = f.Value.String()
	}
	found, err := config.Find(in)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return found.Profiles, cobra.ShellCompDirectiveNoFileComp
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
