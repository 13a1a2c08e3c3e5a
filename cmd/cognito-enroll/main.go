// Command cognito-enroll enrols an authenticator app in an Amazon Cognito user pool.
//
// main builds the command line, runs it, and turns what came of it into a line on stderr and an exit
// code; each subcommand has a file of its own.
package main

import (
	"context"
	"os"

	"github.com/spf13/cobra"

	"cognito-enroll/cmd/cognito-enroll/exit"
)

func main() {
	// Bubble Tea writes every key press, passwords included, to the file that TEA_TRACE names, and
	// files after a panic when TEA_DEBUG is set.
	os.Unsetenv("TEA_TRACE")
	os.Unsetenv("TEA_DEBUG")
	os.Exit(exit.Report(os.Stderr, newRoot().ExecuteContext(context.Background())))
}

func newRoot() *cobra.Command {
	root := newEnroll()
	root.SuggestionsMinimumDistance = 2
	root.SilenceErrors, root.SilenceUsage = true, true
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(newBegin(), newFinish(), newStatus(), newDoctor(), newConfig(), newDemo(), newPool())
	root.AddCommand(newCompletion(), newMan(), newExitCodes())
	root.Version = version(build())
	root.Flags().Bool("version", false, "print the version, the commit and what it was built with")
	setHelp(root)
	complete(root)
	return root
}
