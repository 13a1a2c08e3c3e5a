package config

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// worst are folders that took seconds, or forever, or that somebody could make for that. Each has a real pair in .env,
// unless it is that file itself which is made so.
var worst = []struct {
	name string
	make func(testing.TB, string)
}{
	{"an empty one", func(testing.TB, string) {}},
	{"a variable that doubles itself", func(t testing.TB, dir string) {
		var b strings.Builder
		b.WriteString("A=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n")
		for c := 'B'; c < 'B'+60; c++ {
			fmt.Fprintf(&b, "V%d=${V%d}${V%d}\n", c, c-1, c-1)
		}
		put(t, dir, ".env.local", b.String())
	}},
	{"38,000 pools in a file", func(t testing.TB, dir string) {
		var b strings.Builder
		for i := range 38_000 {
			fmt.Fprintf(&b, "P%d=%s\n", i, somePool(i))
		}
		put(t, dir, ".env.local", b.String()[:min(largest, b.Len())])
	}},
	{"38,000 pools in an array", func(t testing.TB, dir string) {
		var b strings.Builder
		b.WriteString("[")
		for i := range 38_000 {
			fmt.Fprintf(&b, "%q,", somePool(i))
		}
		put(t, dir, "pools.json", b.String()[:min(largest, b.Len())])
	}},
	{"1 GB, all of it a hole", func(t testing.TB, dir string) {
		put(t, dir, "outputs.json", "{")
		if err := os.Truncate(filepath.Join(dir, "outputs.json"), 1<<30); err != nil {
			t.Fatal(err)
		}
	}},
	{"50,000 files beside it", func(t testing.TB, dir string) {
		for i := range manyFiles(t) {
			put(t, dir, fmt.Sprintf("%05d.json", i), "")
		}
	}},
	{"50,000 files in a folder", func(t testing.TB, dir string) {
		for i := range manyFiles(t) {
			put(t, dir, fmt.Sprintf("a/%05d.json", i), "")
		}
	}},
	{"400 files of 250 pairs", func(t testing.TB, dir string) {
		for i := range 400 {
			var b strings.Builder
			for j := range 250 {
				fmt.Fprintf(&b, "POOL_ID_%d=%s\nCLIENT_ID_%d=%s\n", j, somePool(250*i+j), j, someClient(250*i+j))
			}
			put(t, dir, fmt.Sprintf("a/%03d.env", i), b.String())
		}
	}},
	{"400 files of one family", func(t testing.TB, dir string) {
		for i := range 400 {
			var b strings.Builder
			for j := range 30 {
				fmt.Fprintf(&b, "POOL_ID_%d=%s\nCOGNITO_CLIENT_ID_X%d=%s\n", j, somePool(30*i+j), j, someClient(30*i+j))
			}
			put(t, dir, fmt.Sprintf("a/.env.%03d", i), b.String())
		}
	}},
	{"1 MiB of lone quotes", fill("outputs.json", `"\`)},
	{"1 MiB of brackets", fill("outputs.json", `{[(`)},
	{"1 MiB of closing brackets", func(t testing.TB, dir string) {
		put(t, dir, "outputs.json", strings.Repeat("{[", 64)+strings.Repeat(")]", largest/2-200))
	}},
	{"1 MiB of comments without an end", fill("outputs.json", `/* `)},
	{"1 MiB of dashes", fill("outputs.yml", `- `)},
	{"1 MiB of colons after spaces", func(t testing.TB, dir string) {
		put(t, dir, "outputs.yml", someIDs+strings.Repeat(" ", largest/2)+strings.Repeat("a: ", largest/8))
	}},
	{"1 MiB of elements", fill("outputs.xml", `<a><b>`)},
	{"1 MiB of names and secrets", fill("outputs.json", `"client_secret_id":"a1",`)},
	{"1 MiB of short lines of YAML", fill("outputs.yml", "a:\n b:\n  c:\n")},
	{"1 MiB of texts in texts", fill("outputs.js", `"a'b`)},
	{"1 MiB of half regions", fill("outputs.txt", "eu-west-1_")},
	{"1 MiB of almost clients", fill("outputs.txt", "1h57kf5cpq17m0eml12examp1")},
}

// manyFiles are fewer for a test, because it takes longer to make them than to look at them.
func manyFiles(t testing.TB) int {
	if _, ok := t.(*testing.B); ok {
		return 50_000
	}
	return 5_000
}

const someIDs = "pool: eu-west-1_Zk4LpN8wD\n"

// fill makes a file of as much of text as is read.
func fill(name, text string) func(testing.TB, string) {
	return func(t testing.TB, dir string) {
		put(t, dir, name, someIDs+strings.Repeat(text, (largest-100)/len(text)))
	}
}

func put(t testing.TB, dir, name, text string) {
	file := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func random(n int, seed int, of string) string {
	r := rand.New(rand.NewPCG(uint64(seed), uint64(n)))
	b := make([]byte, n)
	for i := range b {
		b[i] = of[r.IntN(len(of))]
	}
	return string(b)
}

func somePool(i int) string {
	return "us-east-1_" + random(9, i, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
}

func someClient(i int) string { return random(26, i, "abcdefghijklmnopqrstuvwxyz0123456789") }

func worstFolder(t testing.TB, fill func(testing.TB, string)) string {
	dir := t.TempDir()
	put(t, dir, ".git/HEAD", "")
	put(t, dir, ".env", madeUpIDs.Replace("COGNITO_USER_POOL_ID=@P1\nCOGNITO_CLIENT_ID=@C1\n"))
	fill(t, dir)
	return dir
}

// The worst folders take no time that a person would notice, and the pair that is in them is found.
func TestWorstFolders(t *testing.T) {
	for _, w := range worst {
		t.Run(w.name, func(t *testing.T) {
			dir := worstFolder(t, w.make)
			began := time.Now()
			found, err := Find(Input{Dir: dir})
			took := time.Since(began)
			if err != nil {
				t.Fatal(err)
			}
			ok := false
			for _, c := range found.Candidates {
				ok = ok || c.Pool+" "+c.Client == madeUpIDs.Replace("@P1 @C1")
			}
			if !ok {
				t.Errorf("the pair is not among %d", len(found.Candidates))
			}
			if len(found.Candidates) > mostCandidates || len(found.Warnings) > mostWarnings+20 {
				t.Errorf("%d candidates, %d warnings", len(found.Candidates), len(found.Warnings))
			}
			const patience = time.Minute // on a busy machine with the race detector; alone it takes a second
			if took > patience {
				t.Errorf("it took %s", took)
			}
		})
	}
}

func BenchmarkWorstFolders(b *testing.B) {
	for _, w := range worst {
		b.Run(w.name, func(b *testing.B) {
			dir := worstFolder(b, w.make)
			b.ReportAllocs()
			peak := uint64(0)
			for b.Loop() {
				if _, err := Find(Input{Dir: dir}); err != nil {
					b.Fatal(err)
				}
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				peak = max(peak, m.HeapSys)
			}
			b.ReportMetric(float64(peak)/(1<<20), "MiB-heap")
		})
	}
}

// Twice the text takes about twice the time, in every format.
func BenchmarkLinear(b *testing.B) {
	for name, of := range map[string]syntax{"dotenv": dotenv, "yaml": yaml, "code": code, "xml": xml, "python": python} {
		for _, size := range []int{1 << 17, 1 << 18, 1 << 19, 1 << 20} {
			line := "COGNITO_APP_NAME: \"some text\" # a comment\n"
			text := strings.Repeat(line, size/len(line))
			b.Run(fmt.Sprintf("%s/%dK", name, size>>10), func(b *testing.B) {
				b.SetBytes(int64(size))
				for b.Loop() {
					scan(text, of)
				}
			})
		}
	}
}
