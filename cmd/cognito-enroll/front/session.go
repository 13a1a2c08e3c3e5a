package front

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"

	"github.com/spf13/pflag"

	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/flow"
)

// SessionFile is where the Session goes that is handed back, unless JSON has it. Until it is used it finishes a
// sign-in, so nobody else may read it.
type SessionFile struct {
	name string

	mu   sync.Mutex // a run that is told to end releases it beside
	file *os.File
}

// AddTo adds the flag.
func (s *SessionFile) AddTo(f *pflag.FlagSet) {
	f.StringVar(&s.name, "session-file", "", "write the Session of --hand-back to `FILE`, readable only by you")
}

// Claim makes the file before anybody uses a Session up for it. In JSON there is none.
func (s *SessionFile) Claim(t *terminal.Terminal, handBack bool, mode Mode) error {
	switch {
	case !handBack && s.name == "":
		return nil
	case !handBack:
		return exit.Usagef("leave it out, or add --hand-back", "--session-file works only with --hand-back")
	case mode == JSON && s.name == "":
		return nil
	case mode == JSON:
		return exit.Usagef("leave one of them out: the JSON result has the Session",
			"--session-file and --json cannot be used together")
	case s.name == "":
		return exit.Usagef("name a file with --session-file, or add --json",
			"there is no place for the Session of --hand-back")
	}
	if err := t.Allows(s.name); err != nil {
		return err
	}
	file, err := os.OpenFile(s.name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	switch {
	case errors.Is(err, fs.ErrExist):
		return exit.Usagef("choose another name", "%q exists", s.name)
	case err != nil:
		return exit.AsUsage(err, "check --session-file")
	}
	s.file = file
	return nil
}

// Release deletes the file if nothing was written to it.
func (s *SessionFile) Release() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.release()
}

func (s *SessionFile) release() error {
	if s.file == nil {
		return nil
	}
	file := s.file
	s.file = nil
	err := os.Remove(s.name)
	if errors.Is(err, fs.ErrNotExist) {
		err = nil // somebody else removed it
	}
	return errors.Join(file.Close(), err)
}

// Write writes the Session at which a run ended; without one the file goes.
func (s *SessionFile) Write(t *terminal.Terminal, ask flow.Ask) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.file == nil || ask.HandBack.Empty() {
		return s.release()
	}
	_, err := fmt.Fprintln(s.file, ask.HandBack.Reveal())
	err = errors.Join(err, s.file.Close())
	if s.file = nil; err != nil {
		return fmt.Errorf("cannot write the Session: %w", err)
	}
	fmt.Fprintf(t.Notes(), "cognito-enroll: the Session is in %q\n", s.name)
	return nil
}
