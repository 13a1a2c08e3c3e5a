package serve

import (
	"context"
	"errors"
	"fmt"
	"time"

	"cognito-enroll/ui"
)

// ending is why a session ended before the person was through, if it was not the person who left.
type ending struct {
	result string // in the audit line
	words  string // for the person
}

func (e *ending) Error() string { return e.words }

// results are those of audit lines.
var results = []string{
	"done", "left", "stopped", "idle", "time", "restart", "suspend", "cut", "flood", "bug", "refused",
}

var (
	errSuspend = &ending{"suspend", "You pressed ctrl+z. There is nothing to return to later, so this session has ended."}
	errLeft    = &ending{"left", "You left."}
	errCut     = &ending{"cut", "The connection was cut."}
	errTooMuch = &ending{"flood", "More was sent than anybody types, so this session has ended."}
	errPanic   = &ending{"bug", ui.Sentence(errBug.Error())}
)

// errOver is the end of a session that has no other cause.
var errOver = errors.New("over")

// warned is how long before an end somebody is warned of it.
const warned = 30 * time.Second

// clock ends a session in time. Its times run from start.
type clock struct {
	idle, longest time.Duration
	drain         time.Duration
	draining      <-chan struct{} // closed when the service is told to end
	drained       <-chan struct{} // closed when all sessions have to end
	pressed       <-chan struct{} // gets something for each key
	notice        func(string)    // shows a sentence; "" takes it away
	end           func(error)
}

// run returns when ctx ends.
func (c clock) run(ctx context.Context) {
	ahead := min(warned, c.idle/2)
	idle := time.NewTimer(c.idle - ahead)
	defer idle.Stop()
	aheadOfLast := min(warned, c.longest/2)
	last := time.NewTimer(c.longest - aheadOfLast)
	defer last.Stop()
	var idleWarned, lastWarned bool
	standing := "" // a notice that stays
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.pressed:
			if idleWarned {
				c.notice(standing)
			}
			idleWarned = false
			idle.Reset(c.idle - ahead)
		case <-idle.C:
			if idleWarned {
				c.end(&ending{"idle", fmt.Sprintf("No key was pressed for %s, so this session has ended.", ui.Spoken(c.idle))})
				return
			}
			idleWarned = true
			c.notice(fmt.Sprintf("Press a key within %s, or this session ends.", ui.Spoken(max(ahead, time.Second))))
			idle.Reset(ahead)
		case <-last.C:
			if lastWarned {
				c.end(&ending{"time", fmt.Sprintf("A session lasts %s at most, so this one has ended.", ui.Spoken(c.longest))})
				return
			}
			lastWarned = true
			standing = fmt.Sprintf("This session ends in %s.", ui.Spoken(max(aheadOfLast, time.Second)))
			c.notice(standing)
			last.Reset(aheadOfLast)
		case <-c.draining:
			c.draining = nil
			standing = fmt.Sprintf("This service is about to restart. Finish within %s.", ui.Spoken(max(c.drain, time.Second)))
			c.notice(standing)
		case <-c.drained:
			c.end(&ending{"restart", "This service is restarting, so this session has ended."})
			return
		}
	}
}

// resultOf is what an audit line says of an end.
func resultOf(cause error) string {
	if e, ok := errors.AsType[*ending](cause); ok {
		return e.result
	}
	return "cut"
}
