package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/pquerna/otp/totp"

	"cognito-enroll/cmd/cognito-enroll/demo"
	"cognito-enroll/cmd/cognito-enroll/help"
	"cognito-enroll/cmd/cognito-enroll/version"
	"cognito-enroll/cognito/localpool"
	"cognito-enroll/cognito/localpool/localpooltest"
	"cognito-enroll/ui/ndjson"
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

// TestCommandLine: all commands are built at each start, and what few of them need is not.
func TestCommandLine(t *testing.T) {
	p := process()
	const most = 1250
	if allocs := testing.AllocsPerRun(10, func() { newRoot(p) }); allocs > most {
		t.Errorf("building the commands allocates %.0f times, and may %d", allocs, most)
	}
	root := newRoot(p)
	for _, cmd := range root.Commands() {
		if cmd.IsAdditionalHelpTopicCommand() && (cmd.Long != "" || help.Long(cmd) == "") {
			t.Errorf("the text of help %s is to be made when it is read", cmd.Name())
		}
	}
	if _, registered := root.GetFlagCompletionFunc("theme"); registered {
		t.Error("completions are to be made when a shell asks")
	}
}

// TestVersionIsEarly: --version is answered before the packages that take long are initialized.
func TestVersionIsEarly(t *testing.T) {
	for _, argument := range []string{"--version", "-v", "version"} {
		cmd := exec.Command("cognito-enroll", argument)
		cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
		said, err := cmd.CombinedOutput()
		if err != nil || !strings.Contains(string(said), version.Line()) {
			t.Errorf("%s: %v: %.300s", argument, err, said)
		}
		for _, late := range []string{"main", "net/http", "github.com/aws/aws-sdk-go-v2/service/sts/internal/endpoints"} {
			if strings.Contains(string(said), "\ninit "+late+" ") {
				t.Errorf("%s initializes %s", argument, late)
			}
		}
		if !strings.Contains(string(said), "\ninit os ") {
			t.Fatalf("the runtime does not tell what is initialized: %.300s", said)
		}
	}
}

// BenchmarkStart compares the CPU time of the program with that of programs that do no more than they must, those of
// testdata/start: hello and bare are the goals' measure, and libraries is the floor, because it has what cognito-enroll
// has to have and does nothing with it. They run in turn, so that a busy machine is as busy for all, and medians are
// compared:
//
//	go test -run '^$' -bench Start -benchtime 40x ./cmd/cognito-enroll
//
// The goals: --version at most 2 times hello, a first frame at most 1.25 times bare, an enrollment at most 60 ms.
func BenchmarkStart(b *testing.B) {
	for _, goal := range []struct {
		name    string
		measure string
		others  []string
		run     func(*testing.B, *exec.Cmd) error
		flags   func(*testing.B) []string
	}{
		{"version", "hello", []string{"libraries"}, untilEnd, func(*testing.B) []string { return []string{"--version"} }},
		{"frame", "bare", []string{"libraries"}, untilFrame, func(*testing.B) []string {
			return []string{"--pool-id", "eu-west-1_AbCdEf123", "--client-id", "4example5client6id7"}
		}},
		{"json", "hello", nil, untilEnrolled, func(b *testing.B) []string {
			seed, err := demo.Seed()
			if err != nil {
				b.Fatal(err)
			}
			server := localpooltest.NewServer(b, localpool.Options{}, seed.Pools[0])
			return []string{"--json", "--endpoint-url", server.URL, "--pool-id", server.Seed.Pools[0].ID,
				"--client-id", server.Seed.Pools[0].Clients[0].ID}
		}},
	} {
		b.Run(goal.name, func(b *testing.B) {
			dir := b.TempDir()
			bundle := writeBundle(b, dir)
			spent := map[string][]time.Duration{}
			build(b, dir, "cognito-enroll", ".")
			for _, other := range append(goal.others, goal.measure) {
				build(b, dir, other, "./testdata/start/"+other)
			}
			for b.Loop() {
				for _, other := range append(goal.others, goal.measure, "cognito-enroll") {
					cmd := exec.Command(filepath.Join(dir, other))
					cmd.Dir = b.TempDir() // nothing is found there
					cmd.Env = []string{"HOME=" + cmd.Dir, "TERM=xterm-256color", "LC_ALL=C.UTF-8", "AWS_CA_BUNDLE=" + bundle}
					run := goal.run
					switch {
					case other == "cognito-enroll":
						cmd.Args = append(cmd.Args, goal.flags(b)...)
					case goal.name == "json":
						run = untilEnd
					case goal.name == "version":
						cmd.Args = append(cmd.Args, "--version")
					}
					if err := run(b, cmd); err != nil {
						b.Fatalf("%s: %v", other, err)
					}
					spent[other] = append(spent[other], cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime())
				}
			}
			median := func(of string) float64 {
				slices.Sort(spent[of])
				return float64(spent[of][len(spent[of])/2].Microseconds()) / 1000
			}
			b.ReportMetric(0, "ns/op") // of everything, which says nothing
			b.ReportMetric(median("cognito-enroll"), "ms-CPU")
			b.ReportMetric(median("cognito-enroll")/median(goal.measure), "times-"+goal.measure)
			for _, floor := range goal.others {
				b.ReportMetric(median(floor)/median(goal.measure), floor+"-times-"+goal.measure)
			}
		})
	}
}

// build builds a program as releases are built.
func build(b *testing.B, dir, name, from string) {
	b.Helper()
	cmd := exec.Command("go", "build", "-trimpath", "-o", filepath.Join(dir, name), from)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
}

// writeBundle writes a CA bundle as large as usual.
func writeBundle(b *testing.B, dir string) string {
	b.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	var bundle bytes.Buffer
	for i := range 140 {
		about := &x509.Certificate{
			SerialNumber: big.NewInt(int64(i) + 1), Subject: pkix.Name{CommonName: fmt.Sprint("Root ", i)}, IsCA: true,
			NotAfter: time.Now().Add(time.Hour), BasicConstraintsValid: true,
		}
		text, err := x509.CreateCertificate(rand.Reader, about, about, key.Public(), key)
		if err != nil {
			b.Fatal(err)
		}
		if err := pem.Encode(&bundle, &pem.Block{Type: "CERTIFICATE", Bytes: text}); err != nil {
			b.Fatal(err)
		}
	}
	name := filepath.Join(dir, "bundle.pem")
	if err := os.WriteFile(name, bundle.Bytes(), 0o600); err != nil {
		b.Fatal(err)
	}
	return name
}

func untilEnd(_ *testing.B, cmd *exec.Cmd) error { return cmd.Run() }

// untilFrame runs a program on a terminal of 80×24 until it has shown a dot, which is in our first frame as well.
func untilFrame(_ *testing.B, cmd *exec.Cmd) error {
	terminal, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 24, Cols: 80})
	if err != nil {
		return err
	}
	defer terminal.Close()
	_, err = readUntil(terminal, "●")
	cmd.Process.Kill()
	cmd.Wait() // it was killed
	return err
}

// readUntil reads until text has come.
func readUntil(from io.Reader, text string) (all []byte, err error) {
	for !bytes.Contains(all, []byte(text)) {
		some := make([]byte, 4096)
		n, err := from.Read(some)
		if all = append(all, some[:n]...); err != nil {
			return all, fmt.Errorf("%w after %q", err, all)
		}
	}
	return all, nil
}

// untilEnrolled answers the questions of an enrollment by --json.
func untilEnrolled(_ *testing.B, cmd *exec.Cmd) error {
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	for d := json.NewDecoder(out); ; {
		var o object
		if err := d.Decode(&o); err == io.EOF {
			return cmd.Wait()
		} else if err != nil {
			return err
		}
		values := map[string]string{}
		switch {
		case o.Type == "result":
			in.Close()
			continue
		case o.Type != "ask":
			continue
		case o.ID == "sign-in":
			values["username"], values["password"] = "new-user", "demo-Pass-1"
		case o.ID == "scan":
			if values["code"], err = totp.GenerateCode(o.Ask.Enroll.Key, time.Now()); err != nil {
				return err
			}
		}
		if err := json.NewEncoder(in).Encode(ndjson.Input{V: 1, Type: "answer", ID: o.ID, Values: values}); err != nil {
			return err
		}
	}
}
