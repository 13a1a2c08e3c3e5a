// Command cmd runs the simulator of package simulate:
//
//	go run ./cognito/simulate/cmd [-from SEED] [-runs N] [-cores N]   many runs, and a table of what was met
//	go run ./cognito/simulate/cmd -seed SEED                          one, with its trace
//	go run ./cognito/simulate/cmd -plan PLAN                          likewise
//	go run ./cognito/simulate/cmd -mutants                            whether the lies of testdata/mutants.txt are found
//
// A run that lies is printed with its seed, the plan made as small as it will go, and the trace of
// that; the exit code is 1. With -save FILE it becomes a transcript of flow:
//
//	go run ./cognito/simulate/cmd -seed SEED -save flow/testdata/NAME.txt
package main

import (
	"cmp"
	"crypto/sha256"
	"flag"
	"fmt"
	"maps"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"cognito-enroll/cognito/simulate"
)

func main() {
	from := flag.Uint64("from", 1, "the first `SEED`")
	runs := flag.Int("runs", 20_000, "how `many`")
	cores := flag.Int("cores", 1, "how many at a time")
	seed := flag.Uint64("seed", 0, "carry out the plan of this `SEED` alone, and print its trace")
	text := flag.String("plan", "", "carry out this `PLAN` alone, and print its trace")
	kind := flag.String("kind", "", "with -seed, -plan or -save: shrink to a lie of this `KIND`")
	save := flag.String("save", "", "write the run as a transcript to this `FILE`")
	first := flag.Bool("first", false, "end with the first run that lies, and say which one it was")
	most := flag.Int("most", 20, "how many kinds of lies to print with their traces")
	mutants := flag.Bool("mutants", false,
		"build each mutant, and say in how many runs its lie is found; run it in the module's folder")
	only := flag.String("only", "", "with -mutants: those with this `TEXT` in their names")
	flag.Parse()
	var err error
	switch {
	case *text != "" || *seed != 0:
		err = one(*seed, *text, *kind, *save)
	case *mutants:
		err = tryMutants(*from, *runs, *only)
	case *first:
		err = untilLie(*from, *runs)
	default:
		err = many(*from, *runs, *cores, *most)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "simulate:", err)
		os.Exit(1)
	}
}

func one(seed uint64, text, kind, save string) error {
	p := simulate.Draw(seed)
	if text != "" {
		var err error
		if p, err = simulate.Parse(text); err != nil {
			return err
		}
	}
	r := simulate.Trace(p)
	if r.Lied(kind) {
		if kind == "" {
			kind = r.Lies[0].Kind
		}
		r = simulate.Trace(simulate.Shrink(p, kind))
	}
	fmt.Printf("%s\n%s", r.Plan, r.Trace)
	if save != "" {
		return saveTranscript(save, r)
	}
	if len(r.Lies) > 0 {
		return fmt.Errorf("%d lies", len(r.Lies))
	}
	return nil
}

// untilLie says how many runs it takes.
func untilLie(from uint64, runs int) error {
	for n := range uint64(runs) {
		if r := simulate.Run(simulate.Draw(from + n)); len(r.Lies) > 0 {
			return fmt.Errorf("run %d lies, seed %d: %s at %s: %s", n+1, from+n, r.Lies[0].Kind, r.Lies[0].Where, r.Lies[0].Text)
		}
	}
	fmt.Printf("no lie in %d runs\n", runs)
	return nil
}

// many runs the plans of so many seeds.
func many(from uint64, runs, cores, most int) error {
	debug.SetGCPercent(400) // what a run leaves behind is little
	begun := time.Now()
	var mu sync.Mutex
	var wg sync.WaitGroup
	table, lies, example := newTable(), map[string]int{}, map[string]uint64{}
	for core := range cores {
		wg.Go(func() {
			for seed := from + uint64(core); seed < from+uint64(runs); seed += uint64(cores) {
				r := simulate.Run(simulate.Draw(seed))
				mu.Lock()
				table.add(r)
				for _, l := range r.Lies {
					lies[l.Kind]++
					if old, ok := example[l.Kind]; !ok || seed < old {
						example[l.Kind] = seed
					}
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	took := time.Since(begun)
	for i, kind := range slices.Sorted(maps.Keys(lies)) {
		if i >= most {
			break
		}
		seed := example[kind]
		small := simulate.Trace(simulate.Shrink(simulate.Draw(seed), kind))
		fmt.Printf("\nLIE %q, %d times, first by seed %d. Shrunk:\n%s\n%s", kind, lies[kind], seed, small.Plan, small.Trace)
	}
	table.print()
	fmt.Printf("%d runs from seed %d in %s, %.0f a second and core\n", runs, from, took.Round(time.Second),
		float64(runs)/took.Seconds()/float64(cores))
	for _, kind := range slices.SortedFunc(maps.Keys(lies), func(a, b string) int {
		return cmp.Compare(lies[b],
			lies[a])
	}) {
		fmt.Printf("  %6d lies %q, first by seed %d\n", lies[kind], kind, example[kind])
	}
	if len(lies) > 0 {
		return fmt.Errorf("%d kinds of lies", len(lies))
	}
	fmt.Println("no lie")
	return nil
}

// table counts runs by goal and end, and what they met.
type table struct {
	ends     map[string]map[simulate.Goal]int
	met      map[string]int
	unknown  map[string]int
	runs     int
	goals    map[simulate.Goal]int
	faulty   map[simulate.Goal]int
	unknowns map[simulate.Goal]int
	traces   [sha256.Size]byte // of all runs, whatever their order
}

func newTable() *table {
	return &table{ends: map[string]map[simulate.Goal]int{}, met: map[string]int{}, unknown: map[string]int{},
		goals: map[simulate.Goal]int{}, faulty: map[simulate.Goal]int{}, unknowns: map[simulate.Goal]int{}}
}

func (t *table) add(r simulate.Result) {
	t.runs++
	for i, b := range r.Hash {
		t.traces[i] ^= b
	}
	g := r.Plan.Goal
	if t.ends[r.End] == nil {
		t.ends[r.End] = map[simulate.Goal]int{}
	}
	t.ends[r.End][g]++
	t.goals[g]++
	for what, n := range r.Met {
		t.met[what] += n
	}
	if len(r.Met) > 0 {
		t.faulty[g]++
	}
	for what := range r.Unknown {
		t.unknown[what]++
	}
	if len(r.Unknown) > 0 {
		t.unknowns[g]++
	}
}

func (t *table) print() {
	goals := slices.Sorted(maps.Keys(t.goals))
	row := func(name string, n func(simulate.Goal) int) {
		fmt.Printf("%-28s", name)
		for _, g := range goals {
			fmt.Printf("%9d", n(g))
		}
		fmt.Println()
	}
	fmt.Printf("\n%-28s", "end")
	for _, g := range goals {
		fmt.Printf("%9s", g)
	}
	fmt.Println()
	for _, end := range slices.Sorted(maps.Keys(t.ends)) {
		row(end, func(g simulate.Goal) int { return t.ends[end][g] })
	}
	row("all", func(g simulate.Goal) int { return t.goals[g] })
	row("met a fault", func(g simulate.Goal) int { return t.faulty[g] })
	row("had a fact unknown", func(g simulate.Goal) int { return t.unknowns[g] })
	list := func(title string, counts map[string]int) {
		var said []string
		for _, name := range slices.Sorted(maps.Keys(counts)) {
			said = append(said, fmt.Sprintf("%s %d", name, counts[name]))
		}
		fmt.Printf("%s: %s\n", title, strings.Join(said, ", "))
	}
	fmt.Printf("traces: %x\n", t.traces[:8]) // the same as long as nothing that is said or sent has changed
	list("met", t.met)
	list("runs in which a fact was unknown", t.unknown)
}
