package simulate

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
)

// runs is how many TestNoLies makes. More are made by the command: see the package's documentation.
const runs = 500

// TestNoLies leads people through enrollments. A failure says how to see it again.
func TestNoLies(t *testing.T) {
	for seed := range uint64(runs) {
		r := Run(Draw(seed + 1))
		if len(r.Lies) == 0 {
			continue
		}
		kind := r.Lies[0].Kind
		small := Trace(Shrink(r.Plan, kind))
		t.Errorf("seed %d lies (%s): go run ./cognito/simulate/cmd -seed %d\n%s\n%s", seed+1, kind, seed+1, small.Plan,
			small.Trace)
		return
	}
}

func BenchmarkRun(b *testing.B) {
	for n := range b.N {
		Run(Draw(uint64(n + 1)))
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "runs/s")
}

// hash is that of many traces.
func hash(seeds uint64) string {
	h := sha256.New()
	for seed := range seeds {
		r := Run(Draw(seed + 1))
		h.Write(r.Hash[:])
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

const hashing = "SIMULATE_HASH"

// TestSameEverywhere holds the traces of other processes, with other numbers of threads, against ours.
func TestSameEverywhere(t *testing.T) {
	const seeds = 100
	want := hash(seeds)
	if os.Getenv(hashing) != "" {
		fmt.Println(hashing, want)
		return
	}
	for _, threads := range []string{"1", "4"} {
		cmd := exec.Command(os.Args[0], "-test.run=^TestSameEverywhere$")
		cmd.Env = append(os.Environ(), hashing+"=1", "GOMAXPROCS="+threads)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if !bytes.Contains(out, []byte(hashing+" "+want)) {
			t.Errorf("with GOMAXPROCS=%s another trace than with %d: %s, want %s", threads, runtime.GOMAXPROCS(0), out, want)
		}
	}
}

// A plan is the same after it was printed and parsed, and so is its run.
func TestPlanIsData(t *testing.T) {
	for seed := range uint64(50) {
		p := Draw(seed)
		q, err := Parse(p.String())
		if err != nil || q.String() != p.String() {
			t.Fatalf("%v: %s\n%s", err, p, q)
		}
	}
	p := Draw(7)
	q, _ := Parse(p.String())
	if Run(p).Hash != Run(q).Hash {
		t.Error("the plan that was parsed runs otherwise")
	}
	for _, bad := range []string{"", "{", `{"seed":1,"nonsense":2}`} {
		if _, err := Parse(bad); err == nil {
			t.Errorf("%q is taken for a plan", bad)
		}
	}
}

// TestReach holds the plans to what they are to reach: every end, fault, slip and deed.
func TestReach(t *testing.T) {
	if testing.Short() {
		t.Skip("a thousand runs")
	}
	met, ends := map[string]int{}, map[string]int{}
	for seed := range uint64(1000) {
		r := Run(Draw(seed + 1))
		for what, n := range r.Met {
			met[what] += n
		}
		ends[r.End]++
	}
	for when, list := range possible {
		for _, what := range list {
			if met[string(when)+" "+string(what)] == 0 {
				t.Errorf("not met in 1000 runs: %s %s", when, what)
			}
		}
	}
	for _, what := range deedKinds {
		if met["meanwhile: "+string(what)] == 0 {
			t.Errorf("nobody else came to %s", what)
		}
	}
	if met["a password itself"] == 0 {
		t.Error("nobody was asked to send a password itself")
	}
	for _, end := range []string{"end at done", "end at stopped", "leaves at scan", "leaves at finish",
		"leaves a call at scan"} {
		if ends[end] == 0 {
			t.Errorf("no run %s: %v", end, ends)
		}
	}
}

// A transcript has a line for everything that happened, and no secret of the run's.
func TestTranscript(t *testing.T) {
	r := Trace(Plan{Seed: 3, Pool: Pool{MFA: "ON", Factors: []string{totpFactor}, Minutes: 3,
		Flows: []string{"ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"}},
		User: User{Status: "CONFIRMED"}, Goal: Enroll, Flow: "USER_PASSWORD_AUTH", PutAway: 20e9,
		Faults: []Fault{{Op: "VerifySoftwareToken", Nth: 1, When: After, What: Lost}}})
	if len(r.Lies) > 0 || r.End != "end at done" {
		t.Fatalf("%s\n%v", r.Trace, r.Lies)
	}
	text := Transcript(r)
	for _, want := range []string{
		"\nstart flow=USER_PASSWORD_AUTH\n----\n", "\nanswer password=First-Pass-1 username=alice\n",
		"\nreply challenge MFA_SETUP session=S1 ",
		"\nreply associated key=" + flowKey + " session=S2\n",
		"\nstart resume username=alice device=(New phone) session=S2 flow=USER_PASSWORD_AUTH\n",
		"\nanswer code=@\n", "\nfail wait code=no-answer done=unknown ", "\nwait 20s\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
}
