package serve

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	"charm.land/ssh"
	"github.com/charmbracelet/colorprofile"
	"github.com/spf13/pflag"
	gossh "golang.org/x/crypto/ssh"

	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/cognito/localpool"
)

// TestMain is also the program that TestScale, TestRate and TestSoak measure: a service, or a bare program that draws
// as large a screen. The service says on SIGUSR1 what it keeps.
func TestMain(m *testing.M) {
	switch os.Getenv("COGNITO_ENROLL_PROGRAM") {
	case "serve":
		var o Options
		flags := pflag.NewFlagSet("serve", pflag.ContinueOnError)
		o.AddTo(flags)
		if err := flags.Parse(strings.Fields(os.Getenv("COGNITO_ENROLL_FLAGS"))); err != nil {
			panic(err)
		}
		asked := make(chan os.Signal, 1)
		signal.Notify(asked, syscall.SIGUSR1)
		go func() {
			for range asked {
				debug.FreeOSMemory()
				fmt.Printf("kept: %d bytes, %d goroutines\n", heap(), runtime.NumGoroutine())
			}
		}()
		on := &terminal.Terminal{Out: os.Stdout, Err: os.Stdout, May: terminal.May{Files: true}}
		if err := o.Run(context.Background(), on); err != nil {
			panic(err)
		}
	case "bare":
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			panic(err)
		}
		fmt.Printf("serving bare on %s\n", listener.Addr())
		panic((&ssh.Server{Handler: bareSession}).Serve(listener))
	default:
		os.Exit(m.Run())
	}
}

// bare is a screen of 80×24 cells with a field, which is drawn anew each second.
type bare struct {
	field textinput.Model
	now   time.Time
}

type second time.Time

func (b bare) Init() tea.Cmd {
	return tea.Tick(time.Second, func(t time.Time) tea.Msg { return second(t) })
}

func (b bare) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if at, ok := msg.(second); ok {
		b.now = time.Time(at)
		return b, b.Init()
	}
	var cmd tea.Cmd
	b.field, cmd = b.field.Update(msg)
	return b, cmd
}

func (b bare) View() tea.View {
	row := strings.Repeat("\x1b[30;47m▀▄\x1b[m", 20) + " some text beside the code, as long as it is"
	v := tea.NewView(strings.Repeat(row[:len(row)-5]+"\n", 21) + b.now.Format(time.TimeOnly) + "\n" + b.field.View())
	v.AltScreen = true
	return v
}

func bareSession(s ssh.Session) {
	pty, _, _ := s.Pty()
	field := textinput.New()
	field.Focus()
	environ := append(s.Environ(), "TERM="+pty.Term)
	tea.NewProgram(bare{field: field}, tea.WithContext(s.Context()), tea.WithInput(s), tea.WithOutput(s), tea.WithFPS(30),
		tea.WithEnvironment(environ), tea.WithColorProfile(colorprofile.Env(environ)), tea.WithoutSignalHandler(),
		tea.WithWindowSize(pty.Window.Width, pty.Window.Height)).Run()
}

// measured is a program under measurement.
type measured struct {
	pid     int
	address string
	said    *written
	stop    func()
}

func runs(t *testing.T, program, flags string) measured {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "COGNITO_ENROLL_PROGRAM="+program, "COGNITO_ENROLL_FLAGS="+flags)
	said := &written{}
	cmd.Stdout, cmd.Stderr = said, said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stop := sync.OnceFunc(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	t.Cleanup(stop)
	return measured{cmd.Process.Pid, said.waits(t, `serving .* on (\S+)`)[1], said, stop}
}

// memory is what is resident, in MiB.
func (m measured) memory(t *testing.T) float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", m.pid))
	if err != nil {
		t.Skip(err)
	}
	kib, _ := strconv.ParseFloat(regexp.MustCompile(`VmRSS:\s+(\d+)`).FindStringSubmatch(string(text))[1], 64)
	return kib / 1024
}

// cpu is what was used so far, in seconds: proc_pid_stat(5), in ticks of which Linux has 100.
func (m measured) cpu(t *testing.T) float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", m.pid))
	if err != nil {
		t.Skip(err)
	}
	fields := strings.Fields(string(text)[strings.LastIndex(string(text), ")"):])
	user, _ := strconv.ParseFloat(fields[12], 64)
	system, _ := strconv.ParseFloat(fields[13], 64)
	return (user + system) / 100
}

// watcher keeps only whether something came.
type watcher struct {
	mu   sync.Mutex
	text []byte
	came chan struct{}
}

func (w *watcher) Write(p []byte) (int, error) {
	w.mu.Lock()
	w.text = append(w.text, p...)
	if len(w.text) > 64<<10 {
		w.text = w.text[len(w.text)-32<<10:]
	}
	w.mu.Unlock()
	select {
	case w.came <- struct{}{}:
	default:
	}
	return len(p), nil
}

// waits until pattern matches, and returns its groups.
func (w *watcher) waits(pattern string) ([]string, error) {
	wanted := regexp.MustCompile(pattern)
	for late := time.After(2 * time.Minute); ; {
		w.mu.Lock()
		found := wanted.FindStringSubmatch(string(w.text))
		w.mu.Unlock()
		if found != nil {
			return found, nil
		}
		select {
		case <-w.came:
		case <-late:
			return nil, fmt.Errorf("%q never comes", pattern)
		}
	}
}

// guest is a session under measurement.
type guest struct {
	*gossh.Session
	client *gossh.Client
	screen *watcher
	keys   io.Writer
	stall  func() // takes nothing any more; nil if it cannot
}

// connects begins a session in a window of 80×24, for a command or for screens.
func (m measured) connects(conn net.Conn, user, command string) (*guest, error) {
	c, channels, requests, err := gossh.NewClientConn(conn, "", &gossh.ClientConfig{
		User: user, HostKeyCallback: gossh.InsecureIgnoreHostKey(),
	})
	if err != nil {
		return nil, err
	}
	g := &guest{client: gossh.NewClient(c, channels, requests), screen: &watcher{came: make(chan struct{}, 1)}}
	if g.Session, err = g.client.NewSession(); err != nil {
		return nil, err
	}
	g.Stdout = g.screen
	if g.keys, err = g.StdinPipe(); err != nil {
		return nil, err
	}
	if err := g.RequestPty("xterm-256color", 24, 80, nil); err != nil {
		return nil, err
	}
	if command != "" {
		return g, g.Start(command)
	}
	return g, g.Shell()
}

// goes types what turns say, each after its pattern, and waits for the last pattern.
func (g *guest) goes(turns ...string) error {
	for i := 0; i+1 < len(turns); i += 2 {
		if _, err := g.screen.waits(turns[i]); err != nil {
			return fmt.Errorf("turn %d: %w", i/2, err)
		}
		io.WriteString(g.keys, turns[i+1])
	}
	_, err := g.screen.waits(turns[len(turns)-1])
	return err
}

// comes connects, and goes.
func (m measured) comes(user string, turns ...string) (*guest, error) {
	conn, err := net.Dial("tcp", m.address)
	if err != nil {
		return nil, err
	}
	g, err := m.connects(conn, user, "")
	if err != nil {
		return nil, err
	}
	return g, g.goes(turns...)
}

// echo is how long a key takes to something on the screen: once for each guest in turn, n times in all, a little apart.
func echo(guests []*guest, n int) (p50, p99 time.Duration) {
	var all []time.Duration
	for i := range n {
		g := guests[i%len(guests)]
		select {
		case <-g.screen.came:
		default:
		}
		began := time.Now()
		io.WriteString(g.keys, []string{"1", "\x7f"}[i/len(guests)%2])
		<-g.screen.came
		all = append(all, time.Since(began))
		time.Sleep(5 * time.Millisecond) // people do not type all at once
	}
	slices.Sort(all)
	return all[len(all)/2], all[len(all)*99/100]
}

// scalePool is the ID of the pool of servesPool.
const scalePool = "us-east-1_Scale0000"

// servesPool serves a pool of n users, which is in this process, as the profiles srp and password.
func servesPool(t *testing.T, n int) (*localpool.Server, measured) {
	t.Helper()
	pool := localpool.PoolSeed{ID: scalePool, Name: "scale", MFA: "OPTIONAL",
		Clients: []localpool.ClientSeed{{ID: "scale0public0client000000"}}}
	for i := range n {
		pool.Users = append(pool.Users, localpool.UserSeed{Username: fmt.Sprintf("user-%d", i), Password: "demo-Pass-1"})
	}
	local := localpool.New(localpool.Options{})
	if _, err := local.Seed(localpool.Seed{Pools: []localpool.PoolSeed{pool}}); err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(local)
	t.Cleanup(web.Close)
	dir, config := t.TempDir(), ""
	for _, flow := range []string{"srp", "password"} {
		config += fmt.Sprintf("[profile.%s]\npool_id = %q\nclient_id = %q\nendpoint_url = %q\nauth_flow = %q\n", flow,
			pool.ID, pool.Clients[0].ID, web.URL, flow)
	}
	if err := os.WriteFile(filepath.Join(dir, "config.toml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	return local, runs(t, "serve", fmt.Sprintf("--listen 127.0.0.1:0 --host-key %s/key --config %s/config.toml "+
		"--profiles srp,password --max-connections 10000 --max-per-address 10000 --max-sign-ins 100000 "+
		"--idle-timeout 30m --session-timeout 1h", dir, dir))
}

// TestScale measures COGNITO_ENROLL_SESSIONS sessions at the scan screen, beside as many of the bare program, in one
// run. The pool and the visitors are in this process, which shares the machine.
func TestScale(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("COGNITO_ENROLL_SESSIONS"))
	if n == 0 {
		t.Skip("COGNITO_ENROLL_SESSIONS says how many; see .ci/serve-scale")
	}
	_, served := servesPool(t, n)
	drawn := runs(t, "bare", "")
	before := [2]float64{served.memory(t), drawn.memory(t)}
	programs := []struct {
		name string
		measured
		turns func(i int) []string
	}{
		{"serve", served, func(i int) []string {
			signIn := fmt.Sprintf("\x1b[?62cuser-%d\rdemo-Pass-1\r", i)
			return []string{`6n`, "\x1b[1;2R", "Username", signIn, "Device name", "\r", "At least"}
		}},
		{"bare", drawn, func(int) []string { return []string{":"} }},
	}
	for at, p := range programs {
		began := time.Now()
		var wait sync.WaitGroup
		slots := make(chan struct{}, 8)
		all := make([]*guest, n)
		for i := range n {
			slots <- struct{}{}
			wait.Go(func() {
				defer func() { <-slots }()
				var err error
				if all[i], err = p.comes("srp", p.turns(i)...); err != nil {
					t.Errorf("%s %d: %v", p.name, i, err)
				}
			})
			if few := min(100, n); i == few-1 || i == n-1 {
				wait.Wait()
				if t.Failed() {
					t.FailNow()
				}
				t.Logf("%s: %d sessions ready after %v", p.name, i+1, time.Since(began).Round(time.Millisecond))
				p50, p99 := echo(all[:few], 500)
				t.Logf("%s, %d sessions: key echo p50 %v, p99 %v", p.name, i+1, p50, p99)
			}
		}
		t.Logf("%s: %.2f MiB a session", p.name, (p.memory(t)-before[at])/float64(n))
		const idle = 10 * time.Second
		used := p.cpu(t)
		time.Sleep(idle)
		t.Logf("%s: %.2f cores while nobody types", p.name, (p.cpu(t)-used)/idle.Seconds())
		p.stop()
	}
}
