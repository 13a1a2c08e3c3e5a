package serve

import (
	"encoding/binary"
	"slices"
	"strings"
	"sync"

	"charm.land/ssh"
	gossh "golang.org/x/crypto/ssh"
)

// door lets through what the wizard needs of an SSH session, and refuses the rest before the library sees it:
// subsystems, agents, X11, signals, and variables that are not for a terminal. It keeps what the visitor's side says
// of the terminal.
type door struct {
	gossh.NewChannel
	refused func(kind string)
	asks    func() // counts a request

	mu      sync.Mutex
	pty     bool
	term    string
	size    size
	environ []string
	changed chan struct{} // the size did
}

// size is in cells.
type size struct{ columns, rows int }

// The sizes of windows. Without one, as from a script, it is that of the smallest terminal that most people have;
// more than the largest costs memory and helps nobody.
var (
	usual   = size{80, 24}
	largest = size{250, 100}
)

func (s size) clamped() size {
	if s.columns < 1 || s.rows < 1 {
		return usual
	}
	return size{min(s.columns, largest.columns), min(s.rows, largest.rows)}
}

func newDoor(c gossh.NewChannel, refused func(string), asks func()) *door {
	return &door{NewChannel: c, refused: refused, asks: asks, changed: make(chan struct{}, 1), size: usual}
}

// Accept implements gossh.NewChannel.
func (d *door) Accept() (gossh.Channel, <-chan *gossh.Request, error) {
	channel, requests, err := d.NewChannel.Accept()
	if err != nil {
		return nil, nil, err
	}
	let := make(chan *gossh.Request)
	go func() {
		defer close(let)
		for r := range requests {
			d.asks()
			if d.passes(r) {
				let <- r
			}
		}
	}()
	return channel, let, nil
}

// passes reports whether the library is to answer r. It answers the others itself.
func (d *door) passes(r *gossh.Request) bool {
	switch r.Type {
	case "shell", "exec":
		return true
	case "pty-req":
		var asked struct {
			Term          string
			Columns, Rows uint32
			Rest          []byte `ssh:"rest"`
		}
		if gossh.Unmarshal(r.Payload, &asked) != nil {
			break
		}
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.pty {
			break
		}
		d.pty, d.term, d.size = true, safeTerm(asked.Term), cells(asked.Columns, asked.Rows)
		return true
	case "window-change":
		if len(r.Payload) < 8 {
			break
		}
		d.mu.Lock()
		d.size = cells(binary.BigEndian.Uint32(r.Payload), binary.BigEndian.Uint32(r.Payload[4:]))
		d.mu.Unlock()
		select {
		case d.changed <- struct{}{}:
		default:
		}
		r.Reply(true, nil)
		return false
	case "env":
		var v struct{ Name, Value string }
		if gossh.Unmarshal(r.Payload, &v) != nil || !d.sets(v.Name, v.Value) {
			break
		}
		r.Reply(true, nil)
		return false
	}
	d.refused(kindOf(r.Type))
	r.Reply(false, nil)
	return false
}

// cells clamps before it converts: the other side may say anything.
func cells(columns, rows uint32) size {
	const most = 1 << 15
	return size{int(min(columns, most)), int(min(rows, most))}.clamped()
}

// plainName reports whether text is as the names of terminals and locales are.
func plainName(text string) bool {
	const most = 64
	return len(text) <= most && !strings.ContainsFunc(text, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("._+-@", r)
	})
}

// forTerminal reports whether a variable of that name is for a terminal.
func forTerminal(name string) bool {
	category, isCategory := strings.CutPrefix(name, "LC_")
	return slices.Contains([]string{"LANG", "COLORTERM", "NO_COLOR"}, name) ||
		isCategory && strings.Trim(category, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" && plainName(category)
}

// safeTerm is the terminal's name, or that of one that can do nothing.
func safeTerm(name string) string {
	if name == "" || !plainName(name) {
		return "dumb"
	}
	return name
}

// sets takes a variable if it is for a terminal, and its value too.
func (d *door) sets(name, value string) bool {
	const most = 20
	d.mu.Lock()
	defer d.mu.Unlock()
	if !forTerminal(name) || !plainName(value) || len(d.environ) == most {
		return false
	}
	d.environ = append(d.environ, name+"="+value)
	return true
}

// terminal is what is known of the visitor's terminal.
func (d *door) terminal() (environ []string, now size, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append(slices.Clone(d.environ), "TERM="+d.term), d.size, d.pty
}

// kinds are what is counted by its name. A visitor's side may call requests anything.
var kinds = []string{"env", "pty-req", "window-change", "subsystem", "signal", "break", "x11-req"}

func kindOf(request string) string {
	switch {
	case slices.Contains(kinds, request):
		return request
	case strings.HasPrefix(request, "auth-agent-req"):
		return "agent"
	}
	return "other"
}

// channels are the kinds of channels that are served. One session a connection is what there is.
func (s *server) channels() map[string]ssh.ChannelHandler {
	return map[string]ssh.ChannelHandler{
		"session": func(srv *ssh.Server, conn *gossh.ServerConn, c gossh.NewChannel, ctx ssh.Context) {
			ctx.Lock()
			taken := ctx.Value(theDoor{}) != nil
			d := newDoor(c, s.refused, func() { s.asks(ctx) })
			if !taken {
				ctx.SetValue(theDoor{}, d)
			}
			ctx.Unlock()
			if taken {
				s.asks(ctx)
				s.refused("second-session")
				c.Reject(gossh.Prohibited, "one session for each connection")
				return
			}
			ssh.DefaultSessionHandler(srv, conn, d, ctx)
		},
		"default": func(_ *ssh.Server, _ *gossh.ServerConn, c gossh.NewChannel, ctx ssh.Context) {
			s.asks(ctx)
			s.refused("channel")
			c.Reject(gossh.Prohibited, "nothing but the wizard is served here")
		},
	}
}

// requests are those of a connection, such as to keep it alive. None is granted.
func (s *server) requests() map[string]ssh.RequestHandler {
	return map[string]ssh.RequestHandler{
		"default": func(ctx ssh.Context, _ *ssh.Server, _ *gossh.Request) (bool, []byte) {
			s.asks(ctx)
			return false, nil
		},
	}
}

// mostRequests are allowed to a connection: a window that is dragged around makes hundreds.
const mostRequests = 10_000

// asks counts a request or a channel, and closes the connection of whoever sends them without end.
func (s *server) asks(ctx ssh.Context) {
	c, ok := ctx.Value(theConnection{}).(*counting)
	if ok && c.requests.Add(1) > mostRequests {
		s.warn("requests", "a connection sent more requests than a client does")
		c.Close()
	}
}

// theDoor is the key of a connection's door in its context.
type theDoor struct{}
