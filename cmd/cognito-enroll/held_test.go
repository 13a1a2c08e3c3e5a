package main

import (
	"bytes"
	"context"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"cognito-enroll/cmd/cognito-enroll/demo"
	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/cognito/localpool"
	"cognito-enroll/cognito/localpool/localpooltest"
)

// holder is a process that can be told to end. It writes down whether a file is there whenever a run is over, and
// whether the process would then still wait for the command.
type holder struct {
	file  string
	holds int
	seen  []string
}

func (h *holder) interrupts(ctx context.Context, _ terminal.Leave) (context.Context, context.CancelFunc) {
	h.holds++
	ctx, cancel := context.WithCancel(ctx)
	return ctx, func() {
		cancel()
		h.holds--
		seen := "gone"
		if there(h.file) {
			seen = "there"
		}
		if h.holds == 0 {
			seen += ", and nothing is waited for"
		}
		h.seen = append(h.seen, seen)
	}
}

// TestHeldToTheEnd: being told to end after the last question, too, leaves no file that a command was about to take
// away, and loses none that it was about to write.
func TestHeldToTheEnd(t *testing.T) {
	seed, err := demo.Seed()
	if err != nil {
		t.Fatal(err)
	}
	server := localpooltest.NewServer(t, localpool.Options{}, seed.Pools[0])
	pool, dir := server.Seed.Pools[0], t.TempDir()
	run := func(file, input string, want []string, args ...string) string {
		t.Helper()
		h := &holder{file: filepath.Join(dir, file)}
		var out bytes.Buffer
		root := newRoot(&terminal.Terminal{
			In: strings.NewReader(input), Out: &out, Err: io.Discard, Environ: []string{"HOME=" + dir, "LC_ALL=C.UTF-8"},
			May: terminal.May{Files: true}, Interrupts: h.interrupts,
		})
		root.SetArgs(append(args, h.file))
		err := root.ExecuteContext(t.Context())
		if !slices.Equal(h.seen, want) {
			t.Errorf("%s: %q was %q, not %q; %v\n%s", args[0], file, h.seen, want, err, out.String())
		}
		return out.String()
	}
	flags := []string{"--endpoint-url", server.URL, "--pool-id", pool.ID, "--client-id", pool.Clients[0].ID}
	signIn := "new-user\ndemo-Pass-1\nPhone\n"
	run("qr.png", signIn, []string{"there", "gone, and nothing is waited for"},
		append(append([]string{"enroll", "--plain"}, flags...), "--save-png")...)
	said := run("handle", signIn, []string{"gone", "there, and nothing is waited for"},
		append(append([]string{"begin"}, flags...), "--handle")...)
	key := regexp.MustCompile(`Key, in groups: (.*)`).FindStringSubmatch(said)
	if key == nil {
		t.Fatal("begin told no key")
	}
	code, err := totp.GenerateCode(strings.ReplaceAll(key[1], " ", ""), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	run("handle", code+"\n", []string{"there", "gone, and nothing is waited for"}, "finish", "--code-stdin", "--handle")
}
