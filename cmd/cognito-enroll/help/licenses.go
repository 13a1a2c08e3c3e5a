package help

import (
	"io"

	"github.com/spf13/cobra"

	"cognito-enroll/assets"
)

// NewLicenses returns the command that prints the notices of all modules in the program.
func NewLicenses() *cobra.Command {
	return &cobra.Command{
		Use:   "licenses",
		Short: "Print the licenses of everything in this program",
		Long: `Print the license of cognito-enroll, and the licenses and notices of all modules that are built into
it. Whoever passes the program on must pass these on, too.`,
		Example:               "  cognito-enroll licenses\n  cognito-enroll licenses >NOTICE",
		Annotations:           Aside,
		DisableFlagsInUseLine: true,
		Args:                  NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := io.WriteString(cmd.OutOrStdout(), assets.Licenses)
			return err
		},
	}
}
