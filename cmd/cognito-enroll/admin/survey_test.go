package admin

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/cognito"
	"cognito-enroll/cognito/localpool"
	"cognito-enroll/ui"
)

var testCredentials = credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "example", "")

const testPool = "us-east-1_Many"

// manyUsers is a pool of n users, of whom some are enrolled and every tenth is disabled.
func manyUsers(n int) localpool.PoolSeed {
	pool := localpool.PoolSeed{ID: testPool, Name: "many", MFA: "OPTIONAL"}
	for i := range n {
		u := localpool.UserSeed{Username: fmt.Sprintf("user-%06d", i), Password: "Correct-Horse-9", Disabled: i%10 == 0}
		if i%3 == 0 {
			u.TOTP = &localpool.TOTPSeed{Secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"}
		}
		pool.Users = append(pool.Users, u)
	}
	return pool
}

// surveyed runs reports on a pool of many users.
type surveyed struct {
	t      *testing.T
	server *localpool.Server
	url    string
	gets   atomic.Int64 // requests, of AdminGetUser
	lists  atomic.Int64 // of ListUsers
	before atomic.Pointer[func(target string, w http.ResponseWriter) (answered bool)]
	desk   *desk
	file   string
}

func newSurveyed(t *testing.T, users int) *surveyed {
	t.Helper()
	s := &surveyed{t: t, server: localpool.New(localpool.Options{}), file: filepath.Join(t.TempDir(), "journal")}
	if _, err := s.server.Seed(localpool.Seed{Pools: []localpool.PoolSeed{manyUsers(users)}}); err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		target := r.Header.Get("X-Amz-Target")
		switch {
		case strings.HasSuffix(target, ".AdminGetUser"):
			s.gets.Add(1)
		case strings.HasSuffix(target, ".ListUsers"):
			s.lists.Add(1)
		}
		if before := s.before.Load(); before != nil && (*before)(target, w) {
			return
		}
		s.server.ServeHTTP(w, r)
	}))
	t.Cleanup(web.Close)
	a, err := cognito.NewAdmin(cognito.Config{PoolID: testPool, Endpoint: web.URL, Credentials: testCredentials})
	if err != nil {
		t.Fatal(err)
	}
	s.url = web.URL
	s.desk = &desk{Admin: a, terminal: &terminal.Terminal{Out: io.Discard, Err: io.Discard,
		May: terminal.May{Files: true}}}
	return s
}

// run makes a report and returns its rows.
func (s *surveyed) run(ctx context.Context, resume bool) (rows []string, made *survey, err error) {
	s.t.Helper()
	head := journalHead{V: journalVersion, Pool: testPool, Host: s.desk.Destination().Host}
	j, err := openJournal(s.desk.terminal, s.file, head, resume, !resume)
	if err != nil {
		return nil, nil, err
	}
	defer j.file.Close()
	made = &survey{desk: s.desk, pace: newPacer(0), journal: j, tick: func(int) {}, resumed: func(int) {},
		note: func(string) {}, row: func(r row) error {
			text, err := json.Marshal([]any{newUserObject(r.user), r.read, r.gone})
			rows = append(rows, string(text))
			return err
		}}
	err = made.run(ctx, resume)
	return rows, made, err
}

// meets has every request from now on meet f first.
func (s *surveyed) meets(f func(target string, w http.ResponseWriter) (answered bool)) {
	s.before.Store(&f)
}

func throttle(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	w.Header().Set("X-Amzn-Errortype", "TooManyRequestsException:")
	w.WriteHeader(http.StatusBadRequest)
	io.WriteString(w, `{"__type":"TooManyRequestsException","message":"Rate exceeded"}`)
}

// The requests are those that are needed, however often it is interrupted, but for what was in flight; and the rows are
// the same.
func TestSurveyGoesOn(t *testing.T) {
	const users = 500
	s := newSurveyed(t, users)
	want, made, err := s.run(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	const pages, reads = (users + 59) / 60, users - users/10
	if len(want) != users || s.lists.Load() != pages || s.gets.Load() != reads || made.requests != pages+reads {
		t.Fatalf("%d rows, %d pages, %d reads, %d requests", len(want), s.lists.Load(), s.gets.Load(), made.requests)
	}
	random := rand.New(rand.NewPCG(1, 2))
	s.gets.Store(0)
	s.lists.Store(0)
	runs := 0
	for resume := false; ; resume = true {
		ctx, cancel := context.WithCancel(t.Context())
		left := int64(20 + random.IntN(100))
		count := new(atomic.Int64)
		s.meets(func(target string, w http.ResponseWriter) bool {
			if count.Add(1) == left {
				cancel()
			}
			return false
		})
		got, _, err := s.run(ctx, resume)
		cancel()
		runs++
		if err == nil {
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			break
		}
		if !errors.Is(err, ui.ErrCanceled) {
			t.Fatal(err)
		}
		if random.IntN(2) == 0 { // a process that was killed while it wrote
			f, err := os.OpenFile(s.file, os.O_APPEND|os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			io.WriteString(f, `{"read":{"i":`)
			f.Close()
		}
	}
	if runs < 4 {
		t.Errorf("only %d runs", runs)
	}
	if again := s.gets.Load() - reads; again > int64(runs-1)*readers {
		t.Errorf("%d users were read again in %d runs", again, runs)
	}
	if again := s.lists.Load() - pages; again > int64(runs-1) {
		t.Errorf("%d pages were listed again in %d runs", again, runs)
	}
}

// A tenth of the requests is throttled: they are made again, and the rows are the same.
func TestSurveyIsThrottled(t *testing.T) {
	s := newSurveyed(t, 300)
	want, _, err := s.run(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	var count atomic.Int64
	s.meets(func(_ string, w http.ResponseWriter) bool {
		if count.Add(1)%10 != 0 {
			return false
		}
		throttle(w)
		return true
	})
	got, made, err := s.run(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if want := int(count.Load()) / 10; made.throttled != want || made.requests-made.throttled != 5+270 {
		t.Errorf("%d requests, %d throttled, want %d", made.requests, made.throttled, want)
	}
}

// A token that Cognito does not take any more makes the list begin again, and nobody is read twice.
func TestSurveyListsAgain(t *testing.T) {
	s := newSurveyed(t, 200)
	want, _, err := s.run(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s.gets.Store(0)
	s.meets(func(target string, _ http.ResponseWriter) bool {
		if strings.HasSuffix(target, ".AdminGetUser") && s.gets.Load() == 70 {
			cancel()
		}
		return false
	})
	if _, _, err := s.run(ctx, false); !errors.Is(err, ui.ErrCanceled) {
		t.Fatal(err)
	}
	refused := false
	s.meets(func(target string, w http.ResponseWriter) bool {
		if refused || !strings.HasSuffix(target, ".ListUsers") {
			return false
		}
		refused = true
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		w.Header().Set("X-Amzn-Errortype", "InvalidParameterException:")
		w.WriteHeader(http.StatusBadRequest)
		io.WriteString(w, `{"__type":"InvalidParameterException","message":"Invalid pagination token"}`)
		return true
	})
	got, _, err := s.run(t.Context(), true)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" || !refused {
		t.Errorf("refused %v: %s", refused, diff)
	}
	if again := s.gets.Load() - 180; again > readers {
		t.Errorf("%d users were read again", again)
	}
}

// A user who is deleted meanwhile is told.
func TestSurveyOfDeletedUsers(t *testing.T) {
	s := newSurveyed(t, 5)
	s.meets(func(target string, w http.ResponseWriter) bool {
		if !strings.HasSuffix(target, ".AdminGetUser") || s.gets.Load() != 1 {
			return false
		}
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		w.Header().Set("X-Amzn-Errortype", "UserNotFoundException:")
		w.WriteHeader(http.StatusBadRequest)
		io.WriteString(w, `{"__type":"UserNotFoundException","message":"User does not exist."}`)
		return true
	})
	rows, _, err := s.run(t.Context(), false)
	if err != nil || strings.Count(strings.Join(rows, "\n"), ",false,true]") != 1 {
		t.Errorf("%v: %q", err, rows)
	}
}

// A process that was killed, or a disk that was full, before the first line was whole has lost nothing.
func TestJournalsThatHardlyBegan(t *testing.T) {
	s := newSurveyed(t, 3)
	head := fmt.Sprintf(`{"v":1,"pool_id":%q,"host":%q,"started":"2026-01-01T00:00:00.123456789Z"}`, testPool,
		s.desk.Destination().Host)
	for n := range len(head) + 1 {
		if err := os.WriteFile(s.file, []byte(head[:n]), 0o600); err != nil {
			t.Fatal(err)
		}
		if rows, _, err := s.run(t.Context(), true); err != nil || len(rows) != 3 {
			t.Fatalf("%q: %d rows, %v", head[:n], len(rows), err)
		}
	}
}

func TestDamagedJournals(t *testing.T) {
	s := newSurveyed(t, 3)
	head := fmt.Sprintf(`{"v":1,"pool_id":%q,"host":%q,"started":"2026-01-01T00:00:00Z"}`, testPool,
		s.desk.Destination().Host) + "\n"
	page := `{"page":[{"u":"a","t":"CONFIRMED","on":true}],"paged":true}` + "\n"
	for text, at := range map[string]string{
		"x\n":                                    "is not a journal",
		"x":                                      "is not a journal",
		`{"v":1,"pool_id":"us-east-1_Other`:      "is not a journal",
		`{"v":2,`:                                "is not a journal",
		strings.TrimSpace(head) + page:           "is not a journal",
		head + "{\n":                             "is damaged at line 2",
		head + "{}\n":                            "is damaged at line 2",
		head + `{"read":{"i":0}}` + "\n":         "is damaged at line 2",
		head + page + page:                       "is damaged at line 3",
		head + page + `{"read":{"i":1}}` + "\n":  "is damaged at line 3",
		head + page + `{"read":{"i":-1}}` + "\n": "is damaged at line 3",
		head + page + "{\"read\"\n" + page:       "is damaged at line 3",
		head + page + `{"read":{"i":0},"more":1}` + "\n": "is damaged at line 3",
	} {
		if err := os.WriteFile(s.file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, _, err := s.run(t.Context(), true)
		if err == nil || exit.Code(err) != exit.Usage || !strings.Contains(err.Error(), at) {
			t.Errorf("%q: %v", text, err)
		}
		if kept, _ := os.ReadFile(s.file); string(kept) != text {
			t.Errorf("%q became %q", text, kept)
		}
	}
}

// Two reports do not write one journal, and nobody else reads it.
func TestJournalIsForOne(t *testing.T) {
	s := newSurveyed(t, 1)
	head := journalHead{V: journalVersion, Pool: testPool, Host: s.desk.Destination().Host}
	j, err := openJournal(s.desk.terminal, s.file, head, false, false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := openJournal(s.desk.terminal, s.file, head, true, false); runtime.GOOS != "windows" &&
		(err == nil || !strings.Contains(err.Error(), "is in use")) {
		t.Error(err)
	}
	if info, err := j.file.Stat(); runtime.GOOS != "windows" && (err != nil || info.Mode().Perm() != 0o600) {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if err := j.remove(); err != nil {
		t.Error(err)
	}
}

// The rate is halved when there were too many requests, once a second, and recovers.
func TestPacer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer(20)
		perSecond := func(throttled bool) (n int) {
			if throttled {
				p.throttled()
				p.throttled() // of a request that was under way
			}
			for begin := time.Now(); time.Since(begin) < time.Second; n++ {
				if err := p.wait(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			return n
		}
		for i, want := range []struct {
			throttled bool
			rate      int
		}{
			{false, 20}, {true, 10}, {true, 5}, {true, 3}, {true, 3}, // and not below an eighth
		} {
			if got := perSecond(want.throttled); got < want.rate-1 || got > want.rate+1 {
				t.Errorf("%d: %d requests in a second, want %d", i, got, want.rate)
			}
		}
		for range 110 { // 1.02^105 is 8
			p.succeeded()
		}
		if got := perSecond(false); got < 19 || got > 21 {
			t.Errorf("%d requests in a second after recovery", got)
		}
	})
}

func TestPacerWithoutLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer(0)
		begin := time.Now()
		for range 1000 {
			if err := p.wait(t.Context()); err != nil {
				t.Fatal(err)
			}
			p.succeeded()
		}
		if time.Since(begin) != 0 {
			t.Errorf("it took %s", time.Since(begin))
		}
		time.Sleep(10 * time.Second)
		p.throttled()
		if p.now < 49 || p.now > 51 {
			t.Errorf("the rate is %v after 1000 requests in 10 seconds", p.now)
		}
	})
}

// A bar that was wrapped could not be taken off the screen again: it is cut.
func TestBarIsCut(t *testing.T) {
	var out bytes.Buffer
	p := newProgress(&terminal.Terminal{Err: &out, ErrKind: terminal.Screen}, 1_000_000)
	for _, columns := range []int{80, 30} {
		out.Reset()
		p.columns, p.told, p.begun = func() int { return columns }, time.Time{}, time.Now().Add(-1000*time.Second)
		p.tick(999_999)
		bar := strings.TrimPrefix(out.String(), "\r") // of a writer that is no terminal after all
		if n := ansi.StringWidth(bar); n != columns-1 && columns == 30 || n >= columns || !strings.HasPrefix(bar, "999,999 of about 1") {
			t.Errorf("%d columns of %d: %q", n, columns, bar)
		}
	}
}

// Where there is no terminal, a line tells now and then how far it is.
func TestProgressInLines(t *testing.T) {
	var out bytes.Buffer
	p := newProgress(&terminal.Terminal{Err: &out}, 100_000)
	p.resumed(1000)
	p.begun = time.Now().Add(-100 * time.Second)
	p.tick(2000)
	if out.Len() > 0 {
		t.Errorf("too soon: %q", out.String())
	}
	p.told = time.Now().Add(-p.interval)
	p.tick(3000)
	p.tick(3001)
	if got, want := out.String(), "3,000 of about 100,000 users, 20 a second, 1h20m50s left\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
