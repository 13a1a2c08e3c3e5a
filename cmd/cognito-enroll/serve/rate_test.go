package serve

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
)

// TestRate measures how many enrollments there are in a second, COGNITO_ENROLL_ENROLLMENTS with each way to sign in,
// eight at once, and beside them as many sessions of the bare program that draw one screen and echo one key, in one
// run. The pool and the visitors are in this process, which shares the machine.
func TestRate(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("COGNITO_ENROLL_ENROLLMENTS"))
	if n == 0 {
		t.Skip("COGNITO_ENROLL_ENROLLMENTS says how many; see .ci/serve-scale")
	}
	local, served := servesPool(t, 2*n)
	drawn := runs(t, "bare", "")
	enrolls := func(profile string, user int) error {
		name := fmt.Sprintf("user-%d", user)
		g, err := served.comes(profile, `6n`, "\x1b[1;2R", "Username", "\x1b[?62c"+name+"\rdemo-Pass-1\r", "Device name",
			"\r", "At least")
		if err != nil {
			return err
		}
		defer g.client.Close()
		truth, err := local.Truth(scalePool, name)
		if err != nil {
			return err
		}
		code, err := totp.GenerateCode(truth.Pending, time.Now())
		if err != nil {
			return err
		}
		io.WriteString(g.keys, code+"\r")
		if err := g.goes("enrolled", "\r", "enrolled"); err != nil {
			return err
		}
		return g.Wait()
	}
	for _, p := range []struct {
		name string
		measured
		once func(i int) error
	}{
		{"with a password", served, func(i int) error { return enrolls("password", i) }},
		{"with SRP", served, func(i int) error { return enrolls("srp", n+i) }},
		{"bare", drawn, func(int) error {
			g, err := drawn.comes("x", ":", "1", "1")
			if err == nil {
				g.client.Close()
			}
			return err
		}},
	} {
		began, used := time.Now(), p.cpu(t)
		next := make(chan int)
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				for i := range next {
					if err := p.once(i); err != nil {
						t.Errorf("%s %d: %v", p.name, i, err)
					}
				}
			})
		}
		for i := range n {
			next <- i
		}
		close(next)
		all.Wait()
		t.Logf("%s: %.1f a second, %.1f ms of CPU each", p.name, float64(n)/time.Since(began).Seconds(),
			(p.cpu(t)-used)/float64(n)*1000)
	}
}
