package admin

import (
	"cmp"
	"fmt"
	"io"
	"time"

	"charm.land/bubbles/v2/progress"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"cognito-enroll/cmd/cognito-enroll/terminal"
)

// progressBar tells on stderr how far a report is: a bar on a terminal, and else a line now and then.
type progressBar struct {
	w        io.Writer
	screen   bool
	total    int // by Cognito's estimate, which may be hours old
	begun    time.Time
	from     int // users of the journal: they took no time
	told     time.Time
	drawn    bool
	bar      progress.Model
	interval time.Duration
	columns  func() int // of the screen
}

func newProgress(t *terminal.Terminal, total int) *progressBar {
	p := &progressBar{w: colorprofile.NewWriter(t.Err, t.Environ), screen: t.ErrKind == terminal.Screen && t.Getenv("TERM") != "dumb",
		total: total, interval: 10 * time.Second, columns: func() int { return columnsOf(t) }}
	p.begun = time.Now()
	p.told = p.begun
	if p.screen {
		p.interval, p.told = time.Second/4, time.Time{}
		p.bar = progress.New(progress.WithWidth(20), progress.WithoutPercentage(), progress.WithFillCharacters('#', '-'))
	}
	return p
}

// columnsOf is how wide t is, 80 if it does not tell, as when what is printed goes elsewhere.
func columnsOf(t *terminal.Terminal) int {
	columns, _ := t.Cells()
	return cmp.Or(columns, 80)
}

// resumed notes that so many users were done before.
func (p *progressBar) resumed(done int) { p.from, p.begun = done, time.Now() }

// tick notes that so many users are done.
func (p *progressBar) tick(done int) {
	now := time.Now()
	if now.Sub(p.told) < p.interval {
		return
	}
	p.told = now
	text := p.text(done, now)
	if !p.screen {
		fmt.Fprintln(p.w, text)
		return
	}
	p.clear()
	part := 0.0
	if p.total > 0 {
		part = min(1, float64(done)/float64(p.total))
	}
	// A line that is wrapped could not be taken off the screen again.
	io.WriteString(p.w, ansi.Truncate(text+" "+p.bar.ViewAs(part), p.columns()-1, ""))
	p.drawn = true
}

// text says how many are done, how fast and how long it takes.
func (p *progressBar) text(done int, now time.Time) string {
	rate := float64(done-p.from) / max(now.Sub(p.begun).Seconds(), 0.001)
	text := grouped(done) + " users"
	if p.total >= done && p.total > 0 {
		text = fmt.Sprintf("%s of about %s users", grouped(done), grouped(p.total))
	}
	text += fmt.Sprintf(", %.0f a second", rate)
	if left := p.total - done; left > 0 && rate > 0 {
		text += fmt.Sprintf(", %s left", time.Duration(float64(left)/rate*float64(time.Second)).Round(time.Second))
	}
	return text
}

// clear makes room for a row.
func (p *progressBar) clear() {
	if p.drawn {
		io.WriteString(p.w, "\r\x1b[K")
		p.drawn = false
	}
}

// say prints a sentence.
func (p *progressBar) say(text string) {
	p.clear()
	fmt.Fprintln(p.w, text)
}
