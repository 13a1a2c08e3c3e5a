// Package version says which build this is. It imports little, and answers --version before the rest of the program is
// initialized.
package version

import (
	"cmp"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
)

// Most of what --version would take is to initialize packages of others. Go does that in the order of their paths, each
// as soon as what it imports is initialized (The Go Programming Language Specification, "Program initialization"), so
// that this one comes before those that take long. Where it does not, nothing else changes.
func init() {
	if len(os.Args) == 2 && slices.Contains([]string{"--version", "-v", "version"}, os.Args[1]) {
		fmt.Println(Line())
		os.Exit(0)
	}
}

// Line returns the line that --version prints.
func Line() string { return "cognito-enroll version " + Text(Build()) }

// Text returns what --version says of a build: the module's version, the commit and what it was built with, as far as
// they are known.
func Text(info *debug.BuildInfo) string {
	setting := map[string]string{}
	for _, s := range info.Settings {
		setting[s.Key] = s.Value
	}
	text := Release(info)
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

// Release is the module's version: a tag, one that Go made of the commit, or unknown.
func Release(info *debug.BuildInfo) string {
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
