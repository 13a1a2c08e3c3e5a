package front

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/spf13/pflag"

	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/flow"
	"cognito-enroll/ui/qrcode"
)

// PNG is the file of --save-png. It holds the key, so nobody else may read it, and it goes when the
// run ends.
type PNG struct {
	file        string
	force, keep bool

	mu      sync.Mutex  // a run that is told to end removes it from elsewhere
	written os.FileInfo // of the file that save wrote last; nil without one
	gone    bool        // it was removed for good
}

// AddTo adds the flags.
func (p *PNG) AddTo(f *pflag.FlagSet) {
	f.StringVar(
		&p.file,
		"save-png",
		"",
		"also write the QR code to `FILE`, readable only by you; it is deleted at the end",
	)
	f.BoolVar(&p.keep, "keep", false, "do not delete the file of --save-png")
	f.BoolVar(&p.force, "force", false, "let --save-png replace a file, or write into a Git work tree")
}

// Check refuses before anybody has signed in.
func (p *PNG) Check(t *terminal.Terminal) error {
	if p.file == "" {
		if p.keep || p.force {
			return exit.Usagef("add --save-png FILE, or leave them out", "--keep and --force work only with --save-png")
		}
		return nil
	}
	if err := t.Allows(p.file); err != nil {
		return err
	}
	if info, err := os.Lstat(p.file); err == nil && info.IsDir() {
		return exit.Usagef("name a file in it", "%q is a directory", p.file)
	}
	if p.force {
		return nil
	}
	if _, err := os.Lstat(p.file); !errors.Is(err, fs.ErrNotExist) {
		return exit.Usagef("choose another name, or add --force", "%q exists", p.file)
	}
	dir, err := filepath.Abs(filepath.Dir(p.file))
	if err == nil {
		dir, err = filepath.EvalSymlinks(dir)
	}
	if err != nil {
		return exit.Usagef("check --save-png", "%s", err)
	}
	for last := ""; dir != last; dir, last = filepath.Dir(dir), dir {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			return exit.Usagef(
				"choose another place, or add --force; a key must not be committed",
				"%q is in the Git work tree %q",
				p.file,
				dir,
			)
		}
	}
	return nil
}

// Saver returns a Job's Save.
func (p *PNG) Saver() func(flow.Enroll) string {
	if p.file == "" {
		return nil
	}
	return func(e flow.Enroll) string {
		if err := p.save(e); err != nil {
			if at, ok := errors.AsType[*fs.PathError](err); ok {
				err = at.Err // the name may have characters that a screen must not get
			}
			return fmt.Sprintf("The QR code could not be saved in %q: %s.", p.file, err)
		}
		return fmt.Sprintf("The QR code was also saved in %q.", p.file)
	}
}

// save writes the QR code of a key; a later one takes its place.
func (p *PNG) save(e flow.Enroll) error {
	image, err := qrcode.PNG(e.URI.Reveal())
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.gone {
		return errors.New("the run is over")
	}
	if info, err := os.Lstat(p.file); err == nil && (os.SameFile(info, p.written) || p.force && !info.IsDir()) {
		if err := os.Remove(p.file); err != nil {
			return err
		}
	}
	f, err := os.OpenFile(p.file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	p.written, err = f.Stat()
	if err == nil {
		_, err = f.Write(image)
	}
	return errors.Join(err, f.Close())
}

// Remove deletes what save wrote, and nothing that somebody put in its place.
func (p *PNG) Remove() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.gone = true
	if p.written == nil || p.keep {
		return nil
	}
	info, err := os.Lstat(p.file)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !os.SameFile(info, p.written) {
		return nil
	}
	if err == nil {
		err = os.Remove(p.file)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("the QR code is still in %q: %w", p.file, err)
	}
	return nil
}
