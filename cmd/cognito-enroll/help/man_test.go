package help

import (
	"bytes"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

func TestManPage(t *testing.T) {
	run := func(*cobra.Command, []string) {}
	root := &cobra.Command{
		Use:     "tool",
		Short:   "Do it",
		Long:    "Don't \\ do it.\n\n  .TH of a list\n\n.TH of a text.",
		Example: "  tool --at x\n\n  tool `x`",
		Run:     run,
	}
	root.Flags().String("at", "noon", "`TIME` of day")
	root.Flags().BoolP("quick", "q", false, "at once")
	root.Flags().Bool("secret", false, "not for the page")
	root.Flags().MarkHidden("secret")
	root.AddCommand(
		&cobra.Command{Use: "sub", Short: "Do less", Run: run},
		&cobra.Command{Use: "gone", Short: "Do nothing", Hidden: true, Run: run},
	)

	info := &debug.BuildInfo{Settings: []debug.BuildSetting{{Key: "vcs.time", Value: "2026-11-24T23:30:00-02:00"}}}
	info.Main.Version = "v1.2.3"
	var out bytes.Buffer
	if err := writePage(&out, root, info); err != nil {
		t.Fatal(err)
	}
	page := out.String()
	for _, want := range []string{
		`.TH "TOOL" 1 "2026\-11\-25" "tool v1.2.3" "tool manual"` + "\n",
		"\n.PP\nDon\\(aqt \\e do it.\n",
		"\n.EX\n  .TH of a list\n.EE\n.PP\n\\&.TH of a text.\n",
		"\n.TP\n\\fB\\-\\-at\\fP \\fITIME\\fP\nTIME of day (default: noon)\n",
		"\n.TP\n\\fB\\-q\\fP, \\fB\\-\\-quick\\fP\nat once\n",
		"\n.EX\n  tool \\-\\-at x\n\n  tool \\(gax\\(ga\n.EE\n",
		"\n\\fBtool\\-sub\\fP(1)\nDo less\n",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q", want)
		}
	}
	for _, no := range []string{"secret", "gone", "Do nothing"} {
		if strings.Contains(page, no) {
			t.Errorf("it has %q, which is hidden", no)
		}
	}
	if t.Failed() {
		t.Log(page)
	}
	if date := date(&debug.BuildInfo{}); date != "" {
		t.Errorf("a build without VCS is of %q", date)
	}
}
