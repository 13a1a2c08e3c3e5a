package admin

import (
	"context"
	"errors"
	"sync"
	"time"

	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cognito"
	"cognito-enroll/flow"
	"cognito-enroll/ui"
)

// survey reads every user of a pool: page after page, and then each user of a page who needs a request of its own.
type survey struct {
	*desk
	pace    *pacer
	journal *journal
	row     func(row) error // takes what is known of a user, in the order of the list
	tick    func(done int)  // takes how many users are done
	resumed func(done int)  // the same, once: what the journal had
	note    func(string)    // takes a sentence about what went otherwise than planned

	done, requests, throttled int
	mu                        sync.Mutex // guards requests and throttled
}

// row is what is known of a user.
type row struct {
	user cognito.User
	read bool // the factors are known
	gone bool // deleted after the list was read
}

// needsRead reports whether the factors are worth a request: for others they do not matter.
func needsRead(u cognito.User) bool { return u.Enabled && u.Status != cognito.StatusFederated }

// page is one of the list, and what is known of its users.
type page struct {
	rows    []row
	missing int // rows to be read
	next    string
}

func newPage(l journalLine) *page {
	p := &page{next: l.Next}
	for _, u := range l.Page {
		p.rows = append(p.rows, row{user: u.user()})
		if needsRead(p.rows[len(p.rows)-1].user) {
			p.missing++
		}
	}
	return p
}

// take notes what was read. It reports whether that belongs to the page.
func (p *page) take(r journalRead) bool {
	if p == nil || r.Index < 0 || r.Index >= len(p.rows) {
		return false
	}
	row := &p.rows[r.Index]
	if row.read || row.gone || !needsRead(row.user) {
		return false
	}
	row.gone, row.read = r.Gone, !r.Gone
	row.user.Factors, row.user.Preferred = r.Factors, r.Preferred
	p.missing--
	return true
}

// position is how far the list has been read.
type position struct {
	at    *page // the last one that was listed; nil before the first
	token string
	again bool // the list was begun again
}

// run reads all users. To resume, it begins with what the journal has.
func (s *survey) run(ctx context.Context, resume bool) (err error) {
	var p position
	if resume {
		if p, err = s.resume(ctx); err != nil {
			return err
		}
	}
	var known map[string]bool // is not read again
	if p.again {
		if known, err = s.known(); err != nil {
			return err
		}
	}
	relisted := false
	for first := p.at == nil; first || p.token != ""; first = false {
		list, o := s.list(ctx, p.token)
		if o.Err != nil && o.Err.Code == cognito.ListExpired && resume && !relisted {
			s.note("Cognito does not continue the list from where it was. It is read again from the beginning.")
			if known, err = s.known(); err != nil {
				return err
			}
			if err := s.journal.write(journalLine{Again: true}); err != nil {
				return err
			}
			relisted = true
			list, o = s.list(ctx, "")
		}
		if o.Err != nil {
			return s.stop(ctx, o.Err)
		}
		l := journalLine{Paged: true, Next: list.Next}
		for _, u := range list.Users {
			if !known[u.Username] {
				l.Page = append(l.Page, newJournalUser(u))
			}
		}
		if err := s.journal.write(l); err != nil {
			return err
		}
		p.at, p.token = newPage(l), l.Next
		if p.at.missing > 0 {
			err = s.read(ctx, p.at)
		} else {
			err = s.emit(p.at)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// resume tells again what the journal has, and reads what is missing of its last page.
func (s *survey) resume(ctx context.Context) (p position, err error) {
	err = s.journal.replay(func(l journalLine) error {
		switch {
		case l.Again:
			p = position{again: true}
			return nil
		case l.Paged && (p.at == nil || p.at.missing == 0):
			p.at, p.token = newPage(l), l.Next
		case l.Read != nil && p.at.take(*l.Read):
		default:
			return errDamaged
		}
		if p.at.missing == 0 {
			return s.emit(p.at)
		}
		return nil
	})
	if err != nil {
		return p, err
	}
	s.resumed(s.done)
	if p.at != nil && p.at.missing > 0 {
		err = s.read(ctx, p.at)
	}
	return p, err
}

// known are the names of all users in the journal.
func (s *survey) known() (map[string]bool, error) {
	names := map[string]bool{}
	return names, s.journal.replay(func(l journalLine) error {
		for _, u := range l.Page {
			names[u.Username] = true
		}
		return nil
	})
}

// emit hands the rows of a page over.
func (s *survey) emit(p *page) error {
	for _, r := range p.rows {
		if err := s.row(r); err != nil {
			return err
		}
	}
	s.done += len(p.rows)
	s.tick(s.done)
	return nil
}

// readers is how many users are read at a time.
const readers = 8

// read reads the users of a page who are missing, and hands the page over.
func (s *survey) read(ctx context.Context, p *page) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	indexes := make(chan int, p.missing)
	for i, r := range p.rows {
		if !r.read && !r.gone && needsRead(r.user) {
			indexes <- i
		}
	}
	close(indexes)
	results := make(chan journalRead, len(p.rows)) // so that nobody waits who has an answer
	var group sync.WaitGroup
	for range min(readers, p.missing) {
		group.Go(func() {
			for i := range indexes {
				read, err := s.readOne(ctx, i, p.rows[i].user.Username)
				if err == nil {
					err = s.journal.write(journalLine{Read: &read})
				}
				if err != nil {
					cancel(err)
					return
				}
				results <- read
			}
		})
	}
	go func() {
		group.Wait()
		close(results)
	}()
	for r := range results {
		p.take(r)
		s.tick(s.done + len(p.rows) - p.missing)
	}
	if p.missing > 0 {
		return s.cause(ctx)
	}
	return s.emit(p)
}

// cause is why reading ended.
func (s *survey) cause(ctx context.Context) error {
	err := context.Cause(ctx)
	if e, ok := errors.AsType[*flow.Error](err); ok {
		return s.stop(ctx, e)
	}
	if errors.Is(err, context.Canceled) {
		return &interrupted{ui.ErrCanceled}
	}
	return err
}

func (s *survey) readOne(ctx context.Context, i int, username string) (journalRead, error) {
	read := journalRead{Index: i}
	o := s.try(ctx, func() (o cognito.Outcome) {
		var u cognito.User
		u, o = s.UserOnce(ctx, username)
		read.Factors, read.Preferred = u.Factors, u.Preferred
		return o
	})
	if cognito.NotFound(o.Err) {
		read.Gone, o.Err = true, nil
	}
	if o.Err != nil {
		return read, o.Err
	}
	return read, nil
}

func (s *survey) list(ctx context.Context, token string) (list cognito.Users, o cognito.Outcome) {
	o = s.try(ctx, func() (o cognito.Outcome) {
		list, o = s.Users(ctx, cognito.Filter{}, token, 0)
		return o
	})
	return list, o
}

// tries is how often a request is made that brings no answer; too many requests do not count.
const tries = 5

// try makes a request that only reads, at the pace, until there is an answer.
func (s *survey) try(ctx context.Context, request func() cognito.Outcome) (o cognito.Outcome) {
	for failed := 0; ; {
		if err := s.pace.wait(ctx); err != nil {
			return cognito.Outcome{Err: &flow.Error{Code: flow.CodeCanceled, Fault: flow.Wait, Msg: ui.ErrCanceled.Error()}}
		}
		o = request()
		s.mu.Lock()
		s.requests++
		if o.Pause {
			s.throttled++
		}
		s.mu.Unlock()
		switch {
		case o.Pause:
			s.pace.throttled()
			continue
		case o.Err == nil || o.Err.Fault != flow.Wait || o.Err.Code == cognito.ListExpired:
			s.pace.succeeded()
			return o
		}
		if failed++; failed == tries || ctx.Err() != nil {
			return o
		}
		select {
		case <-time.After(time.Second << failed / 4):
		case <-ctx.Done():
		}
	}
}

// stop ends a report that can be resumed.
func (s *survey) stop(ctx context.Context, e *flow.Error) error {
	if ctx.Err() != nil && (e.Code == flow.CodeCanceled || errors.Is(context.Cause(ctx), context.Canceled)) {
		return &interrupted{ui.ErrCanceled}
	}
	return &interrupted{e}
}

// interrupted is a report that ended before its end, and can be resumed.
type interrupted struct{ cause error }

func (e *interrupted) Error() string { return e.cause.Error() }
func (e *interrupted) Unwrap() error { return e.cause }
func (e *interrupted) ExitCode() int { return exit.Code(e.cause) }
func (e *interrupted) Hint() string {
	if hint := exit.Hint(e.cause); hint != "" {
		return hint + "; then go on with --resume"
	}
	return "go on with --resume"
}
