package cognito

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestKnownRegions holds the list against the one of the SDK that is built in.
func TestKnownRegions(t *testing.T) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/aws/aws-sdk-go-v2").Output()
	if err != nil {
		t.Fatal(err)
	}
	const list = "internal/endpoints/awsrulesfn/partitions.json"
	text, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), list))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Partitions []struct{ Regions map[string]any }
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, p := range file.Partitions {
		for region := range p.Regions {
			if !strings.Contains(region, "-global") {
				want = append(want, region)
			}
		}
	}
	slices.Sort(want)
	if !slices.Equal(want, knownRegions) {
		t.Errorf("the SDK has the regions\n%s", strings.Join(want, " "))
	}
}
