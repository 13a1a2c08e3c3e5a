package help

import (
	"fmt"

	"github.com/spf13/cobra"

	"cognito-enroll/cmd/cognito-enroll/version"
)

// NewVersion returns the command that prints what --version prints.
func NewVersion() *cobra.Command {
	return &cobra.Command{
		Use:                   "version",
		Short:                 "Print the version",
		Long:                  "Print the version, the commit and the Go version, like --version.",
		Example:               "  cognito-enroll version",
		DisableFlagsInUseLine: true,
		Annotations:           Aside,
		Args:                  NoArgs,
		Run: func(cmd *cobra.Command, _ []string) {
			fmt.Fprintln(cmd.OutOrStdout(), version.Line())
		},
	}
}
