package serve

import (
	"slices"
	"sync"
	"testing"
)

// TestFloods: of visitors who flood, nothing is kept. Most are ended in the middle of what they send.
func TestFloods(t *testing.T) {
	m := runs(t, "serve", "--demo --listen 127.0.0.1:0 --host-key "+t.TempDir()+"/key")
	s := &soak{measured: m, t: t, ended: map[string]int{}}
	floods := slices.IndexFunc(visitors, func(v kindOfVisitor) bool { return v.name == "floods" })
	s.visit(floods) // what is made at its first use is there to stay
	_, before := s.kept()
	const n, atOnce = 40, 4
	for range n / atOnce {
		var all sync.WaitGroup
		for range atOnce {
			all.Go(func() { s.visit(floods) })
		}
		all.Wait()
	}
	if _, after := s.kept(); after > before {
		t.Errorf("%d goroutines are kept of %d floods", after-before, n)
	}
}
