package wizard

import (
	"bytes"
	"context"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"cognito-enroll/flow"
)

// line is what lies between a program and a terminal of 80×24, as SSH does.
type line struct {
	keys *io.PipeWriter

	mu    sync.Mutex
	more  *sync.Cond
	bytes bytes.Buffer
}

func (l *line) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.more.Broadcast()
	return l.bytes.Write(b)
}

// waits until text was sent after the first from bytes, and returns how many bytes there are.
func (l *line) waits(text string, from int) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	for !bytes.Contains(l.bytes.Bytes()[from:], []byte(text)) {
		l.more.Wait()
	}
	return l.bytes.Len()
}

// connect runs program on a line; done is closed when it has ended.
func connect(b *testing.B, run func(options ...tea.ProgramOption)) (l *line, done chan struct{}) {
	b.Helper()
	in, keys := io.Pipe()
	l = &line{keys: keys}
	l.more = sync.NewCond(&l.mu)
	done = make(chan struct{})
	go func() {
		defer close(done)
		run(tea.WithInput(in), tea.WithOutput(l), tea.WithWindowSize(80, 24), tea.WithoutSignalHandler(),
			tea.WithEnvironment([]string{"TERM=xterm-256color", "COLORTERM=truecolor"}))
	}()
	return l, done
}

func connectWizard(b *testing.B, answers ...flow.Event) (*line, chan struct{}) {
	b.Helper()
	return connect(b, func(options ...tea.ProgramOption) {
		Run(b.Context(), Config{Start: flow.Start(flow.Options{Issuer: "Acme"}), Pool: &script{answers: answers}}, options...)
	})
}

// BenchmarkKeyPress is what a letter in a field costs on the line.
func BenchmarkKeyPress(b *testing.B) {
	l, done := connectWizard(b)
	at := l.waits("Password", 0)
	first, n := at, 0
	for b.Loop() {
		key := string(rune('a' + n%26))
		io.WriteString(l.keys, key)
		at = l.waits(key, at)
		n++
	}
	b.ReportMetric(float64(at-first)/float64(n), "bytes/key")
	io.WriteString(l.keys, "\x03")
	<-done
}

// BenchmarkWholeRun is everything that is sent from the first frame of an enrollment to the last.
func BenchmarkWholeRun(b *testing.B) {
	sent := 0
	for b.Loop() {
		l, done := connectWizard(b, append([]flow.Event{setup, associated}, enrolled...)...)
		at := l.waits("Password", 0)
		for _, step := range [][2]string{{"alice\rhunter2\r", "Device"}, {"\r", "GEZD"}, {"012345", "enrolled"}} {
			io.WriteString(l.keys, step[0])
			at = l.waits(step[1], at)
		}
		io.WriteString(l.keys, "\r")
		<-done
		sent += l.bytes.Len()
	}
	b.ReportMetric(float64(sent)/float64(b.N), "bytes/run")
}

// bare is the least that Bubble Tea can do.
type bare struct{}

func (bare) Init() tea.Cmd { return nil }
func (m bare) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if _, ok := msg.(tea.KeyPressMsg); ok {
		return m, tea.Quit
	}
	return m, nil
}
func (bare) View() tea.View {
	v := tea.NewView("Password" + strings.Repeat("\n", 23))
	v.AltScreen = true
	return v
}

// BenchmarkFirstFrame compares the time until something is to be seen with a bare program's.
func BenchmarkFirstFrame(b *testing.B) {
	var ours, theirs time.Duration
	for b.Loop() {
		start := time.Now()
		l, done := connectWizard(b)
		l.waits("Password", 0)
		ours += time.Since(start)
		io.WriteString(l.keys, "\x03")
		<-done

		start = time.Now()
		l, done = connect(b, func(options ...tea.ProgramOption) {
			tea.NewProgram(bare{}, append(options, tea.WithContext(context.Background()), tea.WithFPS(30))...).Run()
		})
		l.waits("Password", 0)
		theirs += time.Since(start)
		io.WriteString(l.keys, "q")
		<-done
	}
	b.ReportMetric(float64(ours)/float64(theirs), "times-bare")
}
