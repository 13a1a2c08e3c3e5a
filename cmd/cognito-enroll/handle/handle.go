// Package handle keeps the file by which finish completes what begin began.
package handle

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/flow"
)

// Handle is what begin leaves for finish: which pool, whose enrollment, and the Session or access token
// that finishes it. Until that expires it is worth as much, so nobody else may read the file. The
// password is not in it, and neither is the key.
type Handle struct {
	V int `json:"v"` // version

	Pool       string `json:"pool_id"`
	Client     string `json:"client_id"`
	SecretFile string `json:"client_secret_file,omitempty"`       // absolute
	Browsed    bool   `json:"client_secret_in_account,omitempty"` // to be read with AWS credentials
	// SecretBeside are the files in which begin found the client's secret beside its id, absolute: finish reads them and
	// looks at no others.
	SecretBeside []string `json:"client_secret_beside,omitempty"`
	Region       string   `json:"region,omitempty"`
	Endpoint     string   `json:"endpoint_url,omitempty"`

	Expires     *time.Time    `json:"expires,omitempty"` // Cognito waits at least until then
	Session     string        `json:"session,omitempty"`
	AccessToken string        `json:"access_token,omitempty"` // one or the other
	Flow        flow.AuthFlow `json:"auth_flow,omitempty"`
	Username    string        `json:"username"`
	Internal    string        `json:"internal_username,omitempty"`
	Issuer      string        `json:"issuer"`
	Account     string        `json:"account,omitempty"` // in the entry's name; "" is Username
	Device      string        `json:"device_name,omitempty"`
	Skew        time.Duration `json:"clock_ahead_ns,omitempty"`
	Facts       flow.Facts    `json:"facts"`
	Others      []other       `json:"others,omitempty"` // for whom begin did something before
	HandBack    bool          `json:"hand_back,omitempty"`
}

type other struct {
	Username string     `json:"username"`
	Account  string     `json:"account,omitempty"`
	Facts    flow.Facts `json:"facts"`
}

// version is another number when something in a handle changes its meaning.
const version = 2

// With returns h as the handle of p.
func (h Handle) With(p flow.Suspended) Handle {
	h.V, h.Flow, h.Username, h.Internal = version, p.Flow, p.Username, p.Internal
	h.Issuer, h.Account, h.Device = p.Issuer, p.Account, p.Device
	h.Session, h.AccessToken = p.Grant.Session.Reveal(), p.Grant.AccessToken.Reveal()
	h.Skew, h.Facts, h.HandBack = p.Skew, p.Facts, p.HandBack
	h.Others = nil
	for _, a := range p.Others {
		h.Others = append(h.Others, other{a.Username, a.Label, a.Facts})
	}
	if h.Expires = nil; !p.Deadline.IsZero() {
		deadline := p.Deadline.UTC().Truncate(time.Second)
		h.Expires = &deadline
	}
	return h
}

// Suspended returns what flow needs to go on.
func (h Handle) Suspended() flow.Suspended {
	p := flow.Suspended{
		Flow: h.Flow, Username: h.Username, Internal: h.Internal, Issuer: h.Issuer, Account: h.Account,
		Device: h.Device,
		Grant:  flow.Grant{Session: flow.NewSecret(h.Session), AccessToken: flow.NewSecret(h.AccessToken)},
		Skew:   h.Skew, Facts: h.Facts, HandBack: h.HandBack,
	}
	for _, o := range h.Others {
		p.Others = append(p.Others, flow.Account{Username: o.Username, Label: o.Account, Facts: o.Facts})
	}
	if h.Expires != nil {
		p.Deadline = *h.Expires
	}
	return p
}

// over reports whether Cognito may have stopped waiting. It may also wait longer: only it knows.
func (h Handle) over(now time.Time) bool { return h.Expires != nil && now.After(*h.Expires) }

// Standard returns where the handle is when no flag says: among what the system keeps in caches, which a
// backup leaves out.
func Standard(t *terminal.Terminal) (string, error) {
	if t.Folders.Cache == "" {
		return "", exit.Usagef("name a file with --handle", "there is no cache directory")
	}
	return filepath.Join(t.Folders.Cache, "handle.json"), nil
}

// lost is what is true without a handle.
const lost = "without the handle, an enrollment cannot be completed. Delete its entry from the app and start again; " +
	"cognito-enroll status shows whether it was completed"

// Read reads the file that begin wrote.
func Read(t *terminal.Terminal, name string) (Handle, error) {
	var h Handle
	if err := regular(name); err != nil {
		return h, err
	}
	file, err := t.OpenPrivate(name)
	if errors.Is(err, fs.ErrNotExist) {
		return h, exit.Usagef(lost, "no handle %q", name)
	}
	if err != nil {
		return h, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, 1<<20))
	if err != nil {
		return h, err
	}
	var written struct{ V int }
	if json.Unmarshal(text, &written) == nil && written.V != 0 && written.V != version {
		return h, exit.Usagef(lost, "%q was written by another version of cognito-enroll", name)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if d.Decode(&h) != nil || h.V != version || h.Facts.New < flow.Kept ||
		h.Pool == "" || h.Client == "" || (h.Session == "") == (h.AccessToken == "") {
		return h, exit.Usagef(lost, "%q is not a handle, or not a complete one", name)
	}
	return h, nil
}

// regular refuses what is there and no file: to open a FIFO waits for whoever writes into it, and none of them
// can be replaced by a handle.
func regular(name string) error {
	info, err := os.Stat(name)
	if err != nil || info.Mode().IsRegular() {
		return nil // also of what is not there
	}
	return exit.Usagef("choose another --handle", "%q is not a file", name)
}

// Place is where a handle will be written. It is claimed before anybody signs in, because a
// key that cannot be finished would be made otherwise.
type Place struct {
	name    string
	claimed *os.File
}

// Claim refuses to take the place of a handle that can still be finished, unless force.
func Claim(t *terminal.Terminal, name string, force bool, now time.Time) (*Place, error) {
	if err := t.Allows(name); err != nil {
		return nil, err
	}
	if err := regular(name); err != nil {
		return nil, err
	}
	if h, err := Read(t, name); err == nil && !force && !h.over(now) {
		return nil, exit.Usagef(
			"complete it with cognito-enroll finish, or add --force",
			"%q is the handle of an unfinished enrollment of %q",
			name,
			h.Username,
		)
	} else if _, missing := os.Lstat(name); err != nil && !force && !errors.Is(missing, fs.ErrNotExist) {
		return nil, exit.Usagef("choose another --handle, or add --force", "%q exists and is not a handle", name)
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return nil, exit.Usagef("choose another --handle", "%s", err)
	}
	file, err := claim(filepath.Join(filepath.Dir(name), ".handle-"+filepath.Base(name)))
	if err != nil {
		return nil, err
	}
	return &Place{name, file}, nil
}

// claim opens the file that becomes the handle, and locks it. The lock goes with the process, so what a killed
// one left is of no consequence.
func claim(name string) (*os.File, error) {
	for {
		file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|NoFollow, 0o600)
		if err != nil {
			return nil, exit.Usagef("choose another --handle", "%s", err)
		}
		if Lock(file) != nil {
			file.Close()
			return nil, exit.Usagef("wait for it, or choose another --handle", "another begin or finish is using this handle")
		}
		opened, err := file.Stat()
		now, gone := os.Lstat(name)
		if err == nil && gone == nil && os.SameFile(opened, now) {
			return file, errors.Join(file.Chmod(0o600), file.Truncate(0))
		}
		file.Close() // who had it locked has renamed or removed it meanwhile
	}
}

// Write puts h in its place, whole or not at all.
func (p *Place) Write(h Handle) error {
	text, err := json.Marshal(h)
	if err == nil {
		_, err = p.claimed.Write(append(text, '\n'))
	}
	if err == nil {
		err = p.claimed.Sync()
	}
	if err == nil {
		err = place(p.claimed, p.name)
	}
	if err != nil {
		return fmt.Errorf("cannot write the handle: %w", err)
	}
	p.claimed = nil
	return nil
}

// Release gives up a place that was not written to.
func (p *Place) Release() {
	if p.claimed != nil {
		os.Remove(p.claimed.Name()) // while it is locked
		p.claimed.Close()
	}
}
