package help

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
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
			fmt.Fprintf(cmd.OutOrStdout(), "%s version %s\n", cmd.Root().Name(), cmd.Root().Version)
		},
	}
}

// Version returns what --version says of a build: the module's version, the commit and what it was built
// with, as far as they are known.
func Version(info *debug.BuildInfo) string {
	setting := map[string]string{}
	for _, s := range info.Settings {
		setting[s.Key] = s.Value
	}
	text := release(info)
	if commit := setting["vcs.revision"]; commit != "" {
		const short = 12
		from := []string{commit[:min(short, len(commit))]}
		if date := setting["vcs.time"]; date != "" {
			from = append(from, date)
		}
		if setting["vcs.modified"] == "true" {
			from = append(from, "modified")
		}
		text += " (" + strings.Join(from, ", ") + ")"
	}
	return text + " " + cmp.Or(info.GoVersion, runtime.Version()) + " " + runtime.GOOS + "/" + runtime.GOARCH
}

// release is the module's version: a tag, one that Go made of the commit, or unknown.
func release(info *debug.BuildInfo) string {
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	return "unknown"
}

// Build returns what is known of this program's build.
func Build() *debug.BuildInfo {
	if info, ok := debug.ReadBuildInfo(); ok {
		return info
	}
	return &debug.BuildInfo{}
}
