package main

import (
	"io"

	"github.com/spf13/cobra"

	"cognito-enroll/assets"
	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cmd/cognito-enroll/help"
	"cognito-enroll/cmd/cognito-enroll/serve"
	"cognito-enroll/cmd/cognito-enroll/terminal"
)

// units are the values of serve's --print-unit.
var units = map[string]string{"systemd": assets.ServeUnit, "container": assets.ServeContainer}

func newServe(t *terminal.Terminal) *cobra.Command {
	var o serve.Options
	var unit string
	cmd := &cobra.Command{
		Use:   "serve --host-key FILE --profiles A,B",
		Short: "Serve the wizard to everybody with an SSH client",
		Long: `Serve the wizard over SSH. Users need nothing but an SSH client: ssh staging@HOST enrolls them
in the pool of the profile staging. ssh -t staging@HOST plain asks in lines, for screen readers.

The profiles are those of config.toml, and nothing else is read: no project, no environment, no
AWS credentials. There is no shell, no file transfer and no forwarding. Users sign in to Cognito,
so SSH asks for no password; --authorized-keys lets in only people who have one of the keys in a file.

Whoever runs this host could read what is typed, and the first screen says so. Sessions end after
3 minutes without a key press, and after 20 minutes in any case. After failed sign-ins, people
have to wait.

One line of JSON for each session is printed on stdout. Limits are per process. docs/serve.md
tells how to set it up, and what is promised.`,
		Example: `  cognito-enroll serve --listen :22 --host-key host.key --profiles staging,production
  cognito-enroll serve --host-key host.key --demo
  cognito-enroll serve --print-unit >/etc/systemd/system/cognito-enroll.service`,
		Args: help.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if cmd.Flags().Changed("print-unit") {
				text, ok := units[unit]
				if !ok {
					return exit.Usagef("choose systemd or container", "unknown --print-unit %q", unit)
				}
				_, err := io.WriteString(t.Out, text)
				return err
			}
			return o.Run(cmd.Context(), t)
		},
	}
	o.AddTo(cmd.Flags())
	cmd.Flags().StringVar(&unit, "print-unit", "",
		"print a systemd unit, or with --print-unit=container a container file, and end (`KIND`)")
	cmd.Flags().Lookup("print-unit").NoOptDefVal = "systemd"
	return cmd
}
