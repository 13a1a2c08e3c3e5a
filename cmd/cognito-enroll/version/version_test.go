package version

import (
	"runtime"
	"runtime/debug"
	"testing"
)

func TestVersion(t *testing.T) {
	platform := " " + runtime.GOOS + "/" + runtime.GOARCH
	const commit = "b60d626a0c1f9de2a7c4c1f0f8c0de5b0a1e2d3c"
	for _, tt := range []struct {
		name, module string
		settings     []debug.BuildSetting
		want         string
	}{
		{"installed", "v1.2.3", nil, "v1.2.3 go1.26"},
		{"no VCS", "(devel)", nil, "unknown go1.26"},
		{"nothing", "", nil, "unknown go1.26"},
		{"a checkout", "(devel)", []debug.BuildSetting{
			{Key: "vcs", Value: "git"}, {Key: "vcs.revision", Value: commit}, {Key: "vcs.time", Value: "2026-11-24T01:45:42Z"},
			{Key: "vcs.modified", Value: "false"},
		}, "unknown (b60d626a0c1f, 2026-11-24T01:45:42Z) go1.26"},
		{"a changed one", "v1.2.3+dirty", []debug.BuildSetting{
			{Key: "vcs.revision", Value: commit}, {Key: "vcs.time", Value: "2026-11-24T01:45:42Z"},
			{Key: "vcs.modified", Value: "true"},
		}, "v1.2.3+dirty (b60d626a0c1f, 2026-11-24T01:45:42Z, modified) go1.26"},
		{"a short commit", "", []debug.BuildSetting{{Key: "vcs.revision", Value: "42"}}, "unknown (42) go1.26"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			info := &debug.BuildInfo{GoVersion: "go1.26", Main: debug.Module{Version: tt.module}, Settings: tt.settings}
			if got := Text(info); got != tt.want+platform {
				t.Errorf("got  %s\nwant %s%s", got, tt.want, platform)
			}
		})
	}
}
