package localpool

import (
	"bufio"
	"context"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// victim is the variable that makes the test binary a server, with its state in the file named.
const victim = "COGNITO_ENROLL_TEST_VICTIM"

func TestMain(m *testing.M) {
	if path := os.Getenv(victim); path != "" {
		s, err := Open(path, Options{Signer: NewHMACSigner([]byte("k"))})
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println("http://" + l.Addr().String())
		http.Serve(l, s)
	}
	os.Exit(m.Run())
}

// TestKill kills a server with a state, without warning, while eight callers make users, change
// them and delete them: what was acknowledged is there afterwards. COGNITO_ENROLL_KILLS says how
// often; 5 times is enough for every day.
func TestKill(t *testing.T) {
	kills := 5
	if n, err := strconv.Atoi(os.Getenv("COGNITO_ENROLL_KILLS")); err == nil {
		kills = n
	}
	path := filepath.Join(t.TempDir(), "state")
	s, err := Open(path, Options{Signer: NewHMACSigner([]byte("k"))})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Seed(Seed{Pools: []PoolSeed{{ID: "us-east-1_Demo12345", Name: "p"}}}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	const callers = 8
	var acknowledged [callers]map[string]string // the nickname of each user; empty: deleted
	for i := range acknowledged {
		acknowledged[i] = map[string]string{}
	}
	calls := 0
	for round := range kills {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), victim+"="+path)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		url, err := bufio.NewReader(out).ReadString('\n')
		if err != nil || !strings.HasPrefix(url, "http") {
			t.Fatalf("round %d: %q, %v", round, url, err)
		}
		var wg sync.WaitGroup
		var counts [callers]int
		ctx, stop := context.WithCancel(t.Context())
		uncertain := [callers]string{} // the user of a call that was not answered
		for i := range callers {
			wg.Go(func() {
				for n := 0; ; n++ {
					name := fmt.Sprintf("u%d-%d-%d", i, round, n/3)
					operation, body, value := "AdminCreateUser",
						`{"UserPoolId":"us-east-1_Demo12345","Username":"`+name+`","UserAttributes":[{"Name":"nickname","Value":"a"}]}`,
						"a"
					switch {
					case n%3 == 1:
						operation, value = "AdminUpdateUserAttributes", "b"
						body = `{"UserPoolId":"us-east-1_Demo12345","Username":"` + name +
							`","UserAttributes":[{"Name":"nickname","Value":"b"}]}`
					case n%6 == 2:
						operation, value = "AdminDeleteUser", ""
						body = `{"UserPoolId":"us-east-1_Demo12345","Username":"` + name + `"}`
					case n%3 == 2:
						continue
					}
					req, _ := http.NewRequestWithContext(ctx, "POST", strings.TrimSpace(url), strings.NewReader(body))
					req.Header.Set("X-Amz-Target", targetPrefix+operation)
					req.Header.Set("Authorization", signature)
					resp, err := http.DefaultClient.Do(req)
					if err == nil {
						_, err = io.Copy(io.Discard, resp.Body)
						resp.Body.Close()
					}
					if err != nil || resp.StatusCode != 200 {
						uncertain[i] = name
						return
					}
					acknowledged[i][name] = value
					counts[i]++
				}
			})
		}
		time.Sleep(time.Duration(5+mathrand.IntN(200)) * time.Millisecond) // a random moment
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		cmd.Wait()
		wg.Wait()
		stop()
		for _, n := range counts {
			calls += n
		}

		s, err := Open(path, Options{Signer: NewHMACSigner([]byte("k"))})
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		for i := range callers {
			for name, want := range acknowledged[i] {
				if name == uncertain[i] {
					delete(acknowledged[i], name)
					continue
				}
				have := ""
				if u := s.pools.list[0].names[name]; u != nil {
					have = u.attribute("nickname")
				}
				if have != want {
					t.Errorf("round %d: %s has %q, %q was acknowledged", round, name, have, want)
				}
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d kills, %d acknowledged calls", kills, calls)
	if calls == 0 {
		t.Error("nothing was acknowledged")
	}
}
