package help

import (
	"testing"

	"github.com/spf13/pflag"
)

func TestMistypedFlags(t *testing.T) {
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	for _, name := range []string{"pool-id", "pool-profile", "client-id", "json", "plain", "keep", "theme", "region"} {
		flags.String(name, "", "")
	}
	for typed, want := range map[string]string{
		"pol-id": "pool-id", "poolid": "pool-id", "pool_id": "pool-id", "jsno": "json", "pool-idea": "pool-id",
		"pool-ideal": "", "": "", "x": "", "kep": "keep",
	} {
		if got := similarFlag(flags, typed); got != want {
			t.Errorf("--%s is taken for --%s, not --%s", typed, got, want)
		}
	}
}
