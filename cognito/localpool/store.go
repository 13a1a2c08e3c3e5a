package localpool

import (
	"crypto/sha256"
	"fmt"
	"sync"

	"go.etcd.io/bbolt"
)

// entity is a part of a server's state that is kept as one record: a pool, a client, a group, a
// user or a revocation.
type entity interface {
	// record is where it is kept, and what: nothing once it has been deleted.
	record() (bucket, key string, value []byte)
}

// touch notes that the present call may change e, so that it is looked at when the call ends. A
// change is found by comparing, which cannot forget one that was made to what was touched.
func (s *Server) touch(e entity) {
	if s.store == nil || s.call == nil {
		return
	}
	if u, ok := e.(*user); ok && u == nil {
		return
	}
	s.call.touched = append(s.call.touched, e)
}

// store keeps the state of a server in a file.
type store struct {
	db    *bbolt.DB
	saved map[entity][sha256.Size]byte // the hash of what is kept, guarded by Server.mu

	mu      sync.Mutex
	changed sync.Cond // mu; anything below
	pending []write
	queued  int // writes ever
	written int // of them, those that are safe
	err     error
	closing bool
	closed  chan struct{}
	failed  chan struct{}
}

type write struct {
	bucket, key string
	value       []byte // nil deletes
}

func newStore(db *bbolt.DB) *store {
	st := &store{db: db, saved: make(map[entity][sha256.Size]byte), closed: make(chan struct{}),
		failed: make(chan struct{})}
	st.changed.L = &st.mu
	go st.run()
	return st
}

// queue makes the changes of a call ready to be written, and returns the ticket to wait for. It is
// called while Server.mu is held, so the changes are written in the order in which they were made.
func (st *store) queue(touched []entity) (ticket int) {
	var writes []write
	for _, e := range touched {
		bucket, key, value := e.record()
		before, kept := st.saved[e]
		switch now := sha256.Sum256(value); {
		case value == nil && !kept, value != nil && kept && now == before:
			continue
		case value == nil:
			delete(st.saved, e)
		default:
			st.saved[e] = now
		}
		writes = append(writes, write{bucket, key, value})
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	st.pending = append(st.pending, writes...)
	st.queued += len(writes)
	st.changed.Broadcast()
	return st.queued
}

// wait returns when all up to the ticket is safe, or never will be.
func (st *store) wait(ticket int) error {
	st.mu.Lock()
	defer st.mu.Unlock()
	for st.written < ticket && st.err == nil {
		st.changed.Wait()
	}
	return st.err
}

// run writes what is pending, all of it at once: calls that come while it writes share the next
// write. An error is final, since memory is ahead of the file then.
func (st *store) run() {
	defer close(st.closed)
	for {
		st.mu.Lock()
		for len(st.pending) == 0 && !st.closing {
			st.changed.Wait()
		}
		batch := st.pending
		st.pending = nil
		st.mu.Unlock()
		if len(batch) == 0 {
			return
		}
		err := st.db.Update(func(tx *bbolt.Tx) error {
			for _, w := range batch {
				if err := w.apply(tx.Bucket([]byte(w.bucket))); err != nil {
					return err
				}
			}
			return nil
		})
		st.mu.Lock()
		st.written += len(batch)
		if err != nil && st.err == nil {
			st.err = fmt.Errorf("writing the state: %w", err)
		}
		st.changed.Broadcast()
		failed := st.err != nil
		st.mu.Unlock()
		if failed {
			close(st.failed)
			return
		}
	}
}

func (w write) apply(b *bbolt.Bucket) error {
	if w.value == nil {
		return b.Delete([]byte(w.key))
	}
	return b.Put([]byte(w.key), w.value)
}

// close writes what is pending.
func (st *store) close() error {
	st.mu.Lock()
	st.closing = true
	st.changed.Broadcast()
	st.mu.Unlock()
	<-st.closed
	err := st.db.Close()
	if st.err != nil {
		return st.err
	}
	return err
}
