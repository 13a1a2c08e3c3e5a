// Command cognito-enroll enrolls an authenticator app in an Amazon Cognito user pool.
//
// main makes a Terminal of the process, builds the command line, runs it, and turns what came of it into a
// line on stderr and an exit code. Each subcommand has a file of its own here; what they share has packages,
// each of which imports only those above it:
//
//	exit      the exit codes, and errors that know theirs
//	config    where settings are found
//	terminal  a Terminal: streams, size, environment, facts, what a run may do there
//	version   which build this is
//	help      the help, manual pages, completion
//	front     leads somebody through a job: on screens, in lines, in JSON; what it looks like
//	handle    the file between begin and finish
//	demo      the embedded user pools: for the demo, and for other tools
//	step      single calls for scripts, JSON in and JSON out
//	inspect   what doctor looks at
//	settings  the flags that say which pool and who, and the edge to Cognito that they lead to
//	admin     what an administrator does for somebody else
//	serve     the wizard for whoever connects with SSH
//
// Only this package asks the process: for its streams, its environment, its signals, what it runs under
// (process.go, leave.go). Whoever makes a Terminal of something else can have several runs in one process.
//
// Its tests generate assets/licenses.txt and docs/reference.md, and fail when those are out of date.
package main

//go:generate go test -count=1 -run ^(TestLicenses|TestReference)$ . -update

import (
	"context"
	"io"
	"log"
	"os"
	"runtime/debug"

	"github.com/spf13/cobra"

	"cognito-enroll/cmd/cognito-enroll/admin"
	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cmd/cognito-enroll/help"
	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/cmd/cognito-enroll/version"
)

func main() {
	// Bubble Tea writes every key press, passwords included, to the file that TEA_TRACE names, and
	// files after a panic when TEA_DEBUG is set.
	os.Unsetenv("TEA_TRACE")
	os.Unsetenv("TEA_DEBUG")
	// net/http logs what a server says unasked, to the terminal.
	log.SetOutput(io.Discard)
	hideMemory()
	t := process()
	// Bubble Tea writes a trace to os.Stderr after a panic, and Go one to the same place.
	debug.SetTraceback("none")
	os.Stderr, _ = os.Open(os.DevNull)
	os.Exit(exit.Report(t.Notes(), execute(context.Background(), newRoot(t), os.Args[1:])))
}

// execute runs a command line. What is wrong before a command runs is about the command line, also when cobra says it.
func execute(ctx context.Context, root *cobra.Command, args []string) error {
	root.SetArgs(args)
	running := false
	before := root.PersistentPreRun
	root.PersistentPreRun = func(cmd *cobra.Command, args []string) {
		running = true
		before(cmd, args)
	}
	cmd, err := root.ExecuteContextC(ctx)
	if !running {
		return help.ArgsError(cmd, err)
	}
	return err
}

// newRoot returns the command line of a program on t.
func newRoot(t *terminal.Terminal) *cobra.Command {
	root := newEnroll(t)
	root.Use = "cognito-enroll [enroll] [--pool-id ID --client-id ID]"
	root.SetIn(t.In)
	root.SetOut(t.Out)
	root.SetErr(t.Err)
	root.SuggestionsMinimumDistance = 2
	root.SilenceErrors, root.SilenceUsage = true, true
	root.SetFlagErrorFunc(help.FlagError)
	root.AddCommand(newEnroll(t), newBegin(t), newFinish(t), newStatus(t), newDoctor(t), newConfig(t), newDemo(t))
	root.AddCommand(newAssociate(t), newVerify(t), newPool(t), newServe(t), admin.New(t))
	root.AddCommand(newCompletion(), help.NewMan(), help.NewLicenses(), help.NewVersion())
	root.AddCommand(help.Topics()...)
	root.Version = version.Text(version.Build())
	root.Flags().BoolP("version", "v", false, "print the version, the commit and the Go version")
	help.Set(root, t)
	root.PersistentPreRun = func(cmd *cobra.Command, _ []string) {
		if cmd.Name() == cobra.ShellCompRequestCmd {
			help.Complete(root, completions(t))
		}
	}
	return root
}
