package admin

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cmd/cognito-enroll/handle"
	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/cognito"
)

// journal is the file by which a report goes on after its process ended. Its lines are JSON: a head, and then for each
// page of the list that page and what was read of its users. A line is written at once when an answer came, so what is
// missing was in flight. It holds no secret, but names and email addresses: only its owner may read it.
type journal struct {
	name string
	file *os.File

	mu  sync.Mutex
	err error // of writing; nothing is written after it
}

// journalVersion is another number when something in a journal changes its meaning.
const journalVersion = 1

// The lines.
type (
	journalHead struct {
		V       int       `json:"v"`
		Pool    string    `json:"pool_id"`
		Host    string    `json:"host"` // that is asked
		Started time.Time `json:"started"`
	}
	journalLine struct {
		Page  []journalUser `json:"page,omitempty"`
		Next  string        `json:"next,omitempty"`  // the token of the page after it
		Paged bool          `json:"paged,omitempty"` // this is a page, perhaps an empty one
		Again bool          `json:"again,omitempty"` // the list begins again after this line
		Read  *journalRead  `json:"read,omitempty"`  // of a user of the last page
	}
	journalUser struct {
		Username string    `json:"u"`
		Sub      string    `json:"s,omitempty"`
		Email    string    `json:"e,omitempty"`
		Phone    bool      `json:"p,omitempty"` // there is a number
		Status   string    `json:"t"`
		Enabled  bool      `json:"on,omitempty"`
		Modified time.Time `json:"m,omitzero"`
	}
	journalRead struct {
		Index     int      `json:"i"` // in the page
		Gone      bool     `json:"gone,omitempty"`
		Factors   []string `json:"f,omitempty"`
		Preferred string   `json:"pref,omitempty"`
	}
)

// standardJournal is where the journal of a pool is when no flag says.
func standardJournal(t *terminal.Terminal, pool string) (string, error) {
	if t.Folders.Cache == "" {
		return "", exit.Usagef("name a file with --journal", "there is no cache directory")
	}
	safe := strings.Map(func(r rune) rune {
		if r == '/' || r == '\\' || r == os.PathSeparator {
			return '-'
		}
		return r
	}, pool)
	return filepath.Join(t.Folders.Cache, "report-"+safe+".journal"), nil
}

// openJournal opens the journal for head's report. To resume, the file must be one of the same pool. Otherwise it must
// not exist, unless force: it may be the only trace of hours of work.
func openJournal(t *terminal.Terminal, name string, head journalHead, resume, force bool) (*journal, error) {
	if err := t.Allows(name); err != nil {
		return nil, err
	}
	if info, err := os.Lstat(name); err == nil && !info.Mode().IsRegular() {
		return nil, exit.Usagef("choose another --journal", "%q is not a file", name)
	} else if resume && errors.Is(err, fs.ErrNotExist) {
		return nil, exit.Usagef("leave --resume out to begin", "there is no journal %q", name)
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return nil, exit.Usagef("choose another --journal", "%s", err)
	}
	if resume {
		private, err := t.OpenPrivate(name)
		if err != nil {
			return nil, err
		}
		private.Close()
	}
	file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|handle.NoFollow, 0o600)
	if err != nil {
		return nil, exit.Usagef("choose another --journal", "%s", err)
	}
	j := &journal{name: name, file: file}
	if err := j.begin(head, resume, force); err != nil {
		file.Close()
		return nil, err
	}
	return j, nil
}

func (j *journal) begin(head journalHead, resume, force bool) error {
	if handle.Lock(j.file) != nil {
		return exit.Usagef("wait until it ends, or choose another --journal", "%q is in use by another report", j.name)
	}
	info, err := j.file.Stat()
	if err != nil {
		return err
	}
	if !resume {
		if info.Size() > 0 && !force {
			return exit.Usagef("add --resume to go on with it, or --force to begin again",
				"%q is the journal of a report that did not end", j.name)
		}
		return j.restart(head)
	}
	var was journalHead
	text, err := bufio.NewReader(j.file).ReadBytes('\n')
	if err == io.EOF && head.beginsWith(text) { // the process was killed, or the disk was full, before there was anything
		return j.restart(head)
	}
	if err != nil || json.Unmarshal(text, &was) != nil || was.V != journalVersion || was.Pool == "" {
		return exit.Usagef("add --force instead of --resume to begin again", "%q is not a journal of a report", j.name)
	}
	if was.Pool != head.Pool || was.Host != head.Host {
		return exit.Usagef("choose the pool of the journal, or another --journal", "%q is the journal of user pool %q at %s",
			j.name, line(was.Pool), line(was.Host))
	}
	return nil
}

// restart makes it the journal of a report that has just begun.
func (j *journal) restart(head journalHead) error {
	if _, err := j.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if err := j.file.Truncate(0); err != nil {
		return err
	}
	if err := j.file.Chmod(0o600); err != nil {
		return err
	}
	return j.write(head)
}

// beginsWith reports whether part can be the beginning of a head of the same report, whenever that began.
func (h journalHead) beginsWith(part []byte) bool {
	whole, err := json.Marshal(h)
	same, _, found := bytes.Cut(whole, []byte(`"started"`))
	n := min(len(part), len(same))
	return err == nil && found && len(part) <= len(whole)+len(time.RFC3339Nano) && bytes.Equal(part[:n], same[:n])
}

// replay hands over each line after the head, in order. Half a line at the end is what a killed process left: it is
// cut off. Half a line elsewhere is an error.
func (j *journal) replay(each func(journalLine) error) error {
	if _, err := j.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	r := bufio.NewReaderSize(j.file, 64<<10)
	good, number := int64(0), 0
	for {
		text, err := r.ReadBytes('\n')
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if number++; number > 1 {
			var l journalLine
			d := json.NewDecoder(bytes.NewReader(text))
			d.DisallowUnknownFields()
			if d.Decode(&l) != nil {
				return j.damaged(number)
			}
			if err := each(l); err != nil {
				if errors.Is(err, errDamaged) {
					return j.damaged(number)
				}
				return err
			}
		}
		good += int64(len(text))
	}
	if err := j.file.Truncate(good); err != nil {
		return err
	}
	_, err := j.file.Seek(good, io.SeekStart)
	return err
}

// errDamaged says that a line cannot follow those before it.
var errDamaged = errors.New("damaged")

func (j *journal) damaged(number int) error {
	return exit.Usagef("add --force instead of --resume to begin again", "%q is damaged at line %d", j.name, number)
}

// write adds a line. A full disk ends the report: what was written until then is enough to resume.
func (j *journal) write(l any) error {
	text, err := json.Marshal(l)
	if err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.err == nil {
		if _, err := j.file.Write(append(text, '\n')); err != nil {
			j.err = &cannotWrite{fmt.Sprintf("cannot write the journal: %s", err), freeSpace}
		}
	}
	return j.err
}

// remove ends a report that is complete.
func (j *journal) remove() error { return errors.Join(os.Remove(j.name), j.file.Close()) }

// cannotWrite is a disk that is full, or the like.
type cannotWrite struct{ msg, hint string }

const freeSpace = "free some space, then add --resume"

func (e *cannotWrite) Error() string { return e.msg }
func (e *cannotWrite) ExitCode() int { return exit.Elsewhere }
func (e *cannotWrite) Hint() string  { return e.hint }

func newJournalUser(u cognito.User) journalUser {
	return journalUser{u.Username, u.Sub, u.Email, u.Phone != "", u.Status, u.Enabled, u.Modified}
}

// user is what a journal keeps of one. Of the phone number it knows only whether there is one.
func (u journalUser) user() cognito.User {
	user := cognito.User{Username: u.Username, Sub: u.Sub, Email: u.Email, Status: u.Status, Enabled: u.Enabled,
		Modified: u.Modified}
	if u.Phone {
		user.Phone = "+"
	}
	return user
}
