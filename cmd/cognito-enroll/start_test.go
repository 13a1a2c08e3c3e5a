package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// What a package may do before main, whether it is used or not. Allocations are counted because time depends on the
// machine: 250 are about 0.3 ms.
const (
	mostAllocs = 250
	mostBytes  = 32 << 10
)

// heavy are the packages that do more, and the most that they may allocate. All are of the AWS SDK's configuration,
// which finds credentials where the AWS CLI does.
var heavy = map[string]int{
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/internal/endpoints": 1000,
	"github.com/aws/aws-sdk-go-v2/service/signin/internal/endpoints":                  1000,
	"github.com/aws/aws-sdk-go-v2/service/signin/schemas":                             1000,
	"github.com/aws/aws-sdk-go-v2/service/sso/internal/endpoints":                     1000,
	"github.com/aws/aws-sdk-go-v2/service/ssooidc/internal/endpoints":                 1000,
	"github.com/aws/aws-sdk-go-v2/service/ssooidc/schemas":                            1000,
	"github.com/aws/aws-sdk-go-v2/service/sts/internal/endpoints":                     1000,
	"github.com/aws/aws-sdk-go-v2/service/sts/schemas":                                1000,
}

// TestInitialization: no package of the program does much before main. The Go runtime tells what each does, here of the
// test's own program, which has the same packages and some more.
func TestInitialization(t *testing.T) {
	deps, err := exec.Command("go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	said, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	line := regexp.MustCompile(`(?m)^init (\S+) @.* (\d+) bytes, (\d+) allocs$`)
	seen := map[string]bool{}
	for _, m := range line.FindAllStringSubmatch(string(said), -1) {
		name := m[1]
		if !strings.Contains("\n"+string(deps), "\n"+name+"\n") {
			continue // a package of tests
		}
		if name == program {
			continue // has these tests
		}
		bytes, _ := strconv.Atoi(m[2])
		allocs, _ := strconv.Atoi(m[3])
		seen[name] = true
		most, known := heavy[name]
		switch {
		case known && allocs > most:
			t.Errorf("%s allocates %d times before main, and may %d", name, allocs, most)
		case known && allocs <= mostAllocs && bytes <= mostBytes:
			t.Errorf("%s is not heavy any more", name)
		case !known && (allocs > mostAllocs || bytes > mostBytes):
			t.Errorf("%s allocates %d bytes in %d pieces before main: do that when it is first needed", name, bytes, allocs)
		}
	}
	if !seen[program+"/help"] || !seen["net/http"] {
		t.Errorf("the runtime does not tell what is initialized: %.300s", said)
	}
}

// BenchmarkVersion compares --version with a program that prints a line.
func BenchmarkVersion(b *testing.B) {
	dir := b.TempDir()
	hello := filepath.Join(dir, "hello.go")
	text := "package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(\"hello\") }\n"
	if err := os.WriteFile(hello, []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
	for _, arguments := range [][]string{{"-o", dir + "/hello", hello}, {"-o", dir + "/program", "."}} {
		if out, err := exec.Command("go", append([]string{"build"}, arguments...)...).CombinedOutput(); err != nil {
			b.Fatalf("%v: %s", err, out)
		}
	}
	spent := map[string]time.Duration{}
	for b.Loop() {
		for _, name := range []string{"hello", "program"} {
			cmd := exec.Command(filepath.Join(dir, name), "--version")
			if err := cmd.Run(); err != nil {
				b.Fatal(err)
			}
			spent[name] += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		}
	}
	b.ReportMetric(float64(spent["program"])/float64(spent["hello"]), "times-hello")
	b.ReportMetric(float64(spent["program"].Microseconds())/1000/float64(b.N), "ms-CPU/op")
}
