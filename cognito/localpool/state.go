package localpool

import (
	"cmp"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4/cryptosigner"
	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// stateFormat is raised when an older program could not read what a newer one writes.
const stateFormat = "1"

// The buckets of a state file.
const (
	metaBucket       = "meta"        // format, secret, key
	poolBucket       = "pools"       // by id
	clientBucket     = "clients"     // by id
	groupBucket      = "groups"      // by pool and name
	userBucket       = "users"       // by pool and seq
	revocationBucket = "revocations" // by id
)

var buckets = []string{metaBucket, poolBucket, clientBucket, groupBucket, userBucket, revocationBucket}

// Open returns a server whose state is kept in the file at path, which is made (readable by its
// owner alone) if it is not there. Kept are pools, clients, groups, users with their passwords in
// clear, authenticators and devices, codes that were sent or used, lock-out counters, the signing
// key unless Options.Signer is given, and what makes refresh tokens valid; Sessions, messages and
// faults are not.
//
// A call is answered when its changes are on the disk: what was answered survives the end of the
// process by any means, and the loss of power too if the disk keeps what it says it has written.
//
// The error is a sentence for the person who named the file: it is in use by another process, is
// not such a file, is broken, was written by a newer version, or others may read it. Nothing in
// the file is changed then. Call Close at the end.
func Open(path string, o Options) (*Server, error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true)) // the file may be shorter than it says
	db, err := openDB(path)
	if err != nil {
		return nil, err
	}
	s, err := load(db, o)
	if err != nil {
		db.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return s, nil
}

func openDB(path string) (_ *bbolt.DB, err error) {
	defer recoverBroken(path, &err)
	switch info, err := os.Stat(path); {
	case errors.Is(err, os.ErrNotExist):
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is not a regular file", path)
	case runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0:
		return nil, fmt.Errorf("others may read %s, which holds passwords: chmod 600 it first", path)
	}
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: time.Second})
	switch {
	case errors.Is(err, berrors.ErrTimeout):
		return nil, fmt.Errorf("%s is in use by another process", path)
	case errors.As(err, new(*fs.PathError)):
		return nil, fmt.Errorf("opening the state file: %w", err)
	case err != nil: // what bbolt says has no type where the file is too short
		return nil, fmt.Errorf("%s is not a state file, or is broken: %w", path, err)
	}
	return db, nil
}

var errBroken = errors.New("the state file is broken")

// recoverBroken makes the panics of bbolt, at pages that make no sense, an error.
func recoverBroken(path string, err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("%s is not a state file, or is broken: %v", path, r)
	}
}

// load reads everything, before anything is written.
func load(db *bbolt.DB, o Options) (s *Server, err error) {
	defer recoverBroken("the file", &err)
	records := map[string]map[string][]byte{}
	if err := db.View(func(tx *bbolt.Tx) error { return readAll(tx, records) }); err != nil {
		return nil, err
	}
	meta := records[metaBucket]
	switch format := string(meta["format"]); {
	case len(meta) == 0 && len(records) > 0:
		return nil, errors.New("this is a database of another program")
	case len(meta) > 0 && format != stateFormat:
		return nil, fmt.Errorf("this state file has format %s, and this version reads format %s", format, stateFormat)
	}
	writes := []write{{metaBucket, "format", []byte(stateFormat)}}
	if o.Signer == nil {
		key, err := readKey(meta["key"])
		if err != nil {
			return nil, err
		}
		der, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			return nil, err
		}
		o.Signer = cryptosigner.Opaque(key.(crypto.Signer))
		writes = append(writes, write{metaBucket, "key", der})
	}
	s = New(o)
	if secret := meta["secret"]; secret != nil {
		s.secret = secret
	}
	writes = append(writes, write{metaBucket, "secret", s.secret})
	saved, err := s.restore(records)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errBroken, err)
	}
	if len(meta) == 0 {
		if err := db.Update(func(tx *bbolt.Tx) error { return initialize(tx, writes) }); err != nil {
			return nil, err
		}
	}
	s.store = newStore(db)
	s.store.saved = saved
	return s, nil
}

func readAll(tx *bbolt.Tx, records map[string]map[string][]byte) error {
	if info, err := os.Stat(tx.DB().Path()); err != nil || info.Size() < tx.Size() {
		return fmt.Errorf("%w: its end is missing", errBroken)
	}
	var first error
	for err := range tx.Check() {
		first = cmp.Or(first, err)
	}
	if first != nil {
		return fmt.Errorf("%w: %w", errBroken, first)
	}
	return tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
		all := map[string][]byte{}
		records[string(name)] = all
		return b.ForEach(func(k, v []byte) error {
			all[string(k)] = slices.Clone(v)
			return nil
		})
	})
}

func initialize(tx *bbolt.Tx, writes []write) error {
	for _, name := range buckets {
		if _, err := tx.CreateBucketIfNotExists([]byte(name)); err != nil {
			return err
		}
	}
	for _, w := range writes {
		if err := w.apply(tx.Bucket([]byte(w.bucket))); err != nil {
			return err
		}
	}
	return nil
}

// readKey reads the signing key, or makes the first.
func readKey(der []byte) (any, error) {
	if der == nil {
		return rsa.GenerateKey(rand.Reader, 2048)
	}
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, fmt.Errorf("%w: the signing key: %w", errBroken, err)
	}
	return key, nil
}

// Close writes what has not been written yet. A server of New needs none.
func (s *Server) Close() error {
	if s.store == nil {
		return nil
	}
	return s.store.close()
}

// Failed is closed when the state could not be written: every call is refused from then on, and
// Close says why. It never is for a server of New.
func (s *Server) Failed() <-chan struct{} {
	if s.store == nil {
		return nil
	}
	return s.store.failed
}

// Contents tells what pools there are: their ids, names and MFA modes, the ids and secrets of
// their clients, and the names, passwords and authenticators of their users.
func (s *Server) Contents() Seed {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := Seed{Pools: []PoolSeed{}}
	for _, p := range s.pools.list {
		pool := PoolSeed{ID: p.id, Name: p.name, MFA: p.mfa, Clients: []ClientSeed{},
			Users: make([]UserSeed, 0, len(p.users))}
		for _, c := range p.clients {
			pool.Clients = append(pool.Clients, ClientSeed{ID: c.id, Secret: c.secret})
		}
		for _, u := range p.users {
			user := UserSeed{Username: u.username, Password: u.password}
			for _, name := range p.usernameAttributes {
				if address := u.attribute(name); address != "" {
					user.Username = address // by which one signs in, rather than a UUID
				}
			}
			if u.token != nil {
				user.TOTP = &TOTPSeed{Secret: u.token.secret, Device: u.token.device}
			}
			pool.Users = append(pool.Users, user)
		}
		all.Pools = append(all.Pools, pool)
	}
	return all
}

// Empty reports whether there are no pools.
func (s *Server) Empty() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.pools.list) == 0
}

// What is kept of each entity, as JSON. A member that is added needs no new format, one that
// changes its meaning does.
type (
	poolRecord struct {
		Seq                                       int64
		ID, Name                                  string
		MFA                                       string
		Factors                                   []string
		Question                                  *QuestionSeed
		Schema                                    []schemaAttribute
		UsernameAttributes, AliasAttributes       []string
		CaseSensitive                             bool
		SafeReassociate, IgnoresPreference        bool
		AllowedActions                            []string
		DevicesTracked                            bool
		Settings                                  poolSettings
		Created, Modified                         time.Time
		LastPool, LastUser, LastClient, LastGroup int64
	}
	clientRecord struct {
		Seq                    int64
		Pool, ID, Name, Secret string
		Settings               clientSettings
		Created, Modified      time.Time
	}
	groupRecord struct {
		Seq                           int64
		Pool, Name, Description, Role string
		Precedence                    *int
		Created, Modified             time.Time
	}
	userRecord struct {
		Seq                     int64
		Pool, Username, Sub     string
		Password                string
		PasswordSet             time.Time
		Status                  string
		Enabled                 bool
		Attributes              []attribute `json:",omitempty"`
		Created, Modified       time.Time
		Failed                  int                    `json:",omitempty"`
		LastFailed, LockedUntil time.Time              `json:",omitzero"`
		SignOuts                int                    `json:",omitempty"`
		Groups                  []string               `json:",omitempty"`
		Devices                 []deviceRecord         `json:",omitempty"`
		Confirmation, Reset     *codeRecord            `json:",omitempty"`
		Verifications           map[string]*codeRecord `json:",omitempty"`
		Token, Pending          *tokenRecord           `json:",omitempty"`
		Factors                 []string               `json:",omitempty"`
		Preferred               string                 `json:",omitempty"`
	}
	deviceRecord struct {
		Key, Group    string
		Created, Used time.Time
		Salt, V       []byte
		Confirmed     bool
	}
	codeRecord struct {
		Username, Attribute, Address, Text string
		Expires                            time.Time
		Wrong                              int
	}
	tokenRecord struct {
		Secret, Device string
		Verified       bool
		Next           int64
	}
)

func (p *pool) record() (bucket, key string, value []byte) {
	if p.deleted {
		return poolBucket, p.id, nil
	}
	return poolBucket, p.id, encode(poolRecord{
		Seq: p.seq, ID: p.id, Name: p.name, MFA: p.mfa, Factors: p.factors, Question: p.question, Schema: p.schema,
		UsernameAttributes: p.usernameAttributes, AliasAttributes: p.aliasAttributes, CaseSensitive: p.caseSensitive,
		SafeReassociate: p.safeReassociate, IgnoresPreference: p.ignoresPreference, DevicesTracked: p.devices != nil,
		AllowedActions: p.allowedActions, Settings: p.settings(), Created: p.created, Modified: p.modified,
		LastPool: p.server.pools.last, LastUser: p.lastUser, LastClient: p.lastClient, LastGroup: p.lastGroup,
	})
}

func (r poolRecord) pool(s *Server) (*pool, error) {
	p := s.newPool(r.Name)
	p.factors = r.Factors
	if len(p.factors) == 0 && r.MFA != mfaOff { // which SetUserPoolMfaConfig allows, and CreateUserPool does not
		r.Settings.MfaConfiguration = mfaOff
	}
	if err := p.configure(nil, &r.Settings); err != nil {
		return nil, fmt.Errorf("pool %q: %w", r.ID, err)
	}
	p.seq, p.id, p.mfa, p.question, p.schema = r.Seq, r.ID, r.MFA, r.Question, r.Schema
	p.factors = r.Factors
	p.usernameAttributes, p.aliasAttributes, p.caseSensitive = r.UsernameAttributes, r.AliasAttributes, r.CaseSensitive
	p.safeReassociate, p.ignoresPreference = r.SafeReassociate, r.IgnoresPreference
	p.allowedActions = r.AllowedActions
	p.created, p.modified = r.Created, r.Modified
	p.lastUser, p.lastClient, p.lastGroup = r.LastUser, r.LastClient, r.LastGroup
	s.pools.last = max(s.pools.last, r.LastPool, r.Seq)
	return p, nil
}

func (c *client) record() (bucket, key string, value []byte) {
	if c.deleted || c.pool.deleted {
		return clientBucket, c.id, nil
	}
	return clientBucket, c.id, encode(clientRecord{c.seq, c.pool.id, c.id, c.name, c.secret, c.clientSettings,
		c.created, c.modified})
}

func (g *group) record() (bucket, key string, value []byte) {
	key = g.pool.id + "/" + g.name
	if g.deleted || g.pool.deleted {
		return groupBucket, key, nil
	}
	return groupBucket, key, encode(groupRecord{g.seq, g.pool.id, g.name, g.description, g.role, g.precedence,
		g.created, g.modified})
}

func (u *user) record() (bucket, key string, value []byte) {
	key = fmt.Sprintf("%s/%016x", u.pool.id, u.seq)
	if u.deleted || u.pool.deleted {
		return userBucket, key, nil
	}
	r := userRecord{
		Seq: u.seq, Pool: u.pool.id, Username: u.username, Sub: u.sub, Password: u.password, PasswordSet: u.passwordSet,
		Status: u.status, Enabled: u.enabled, Attributes: u.attributes, Created: u.created, Modified: u.modified,
		Failed: u.attempts.failed, LastFailed: u.attempts.last, LockedUntil: u.attempts.until, SignOuts: u.signOuts,
		Groups:       u.groups,
		Confirmation: u.confirmation.record(), Reset: u.reset.record(), Token: u.token.record(), Pending: u.pending.record(),
		Factors: u.factors, Preferred: u.preferred,
	}
	for _, d := range u.devices {
		r.Devices = append(r.Devices, deviceRecord{d.key, d.group, d.created, d.used, d.verifier.Salt[:],
			d.verifier.V[:], d.confirmed})
	}
	slices.SortFunc(r.Devices, func(a, b deviceRecord) int { return strings.Compare(a.Key, b.Key) })
	for name, code := range u.verifications {
		if r.Verifications == nil {
			r.Verifications = map[string]*codeRecord{}
		}
		r.Verifications[name] = code.record()
	}
	return userBucket, key, encode(r)
}

func (r userRecord) user(p *pool) *user {
	u := &user{
		pool: p, seq: r.Seq, username: r.Username, sub: r.Sub, password: r.Password, passwordSet: r.PasswordSet,
		status: r.Status, enabled: r.Enabled, attributes: r.Attributes, created: r.Created, modified: r.Modified,
		attempts: attempts{r.Failed, r.LastFailed, r.LockedUntil}, signOuts: r.SignOuts, groups: r.Groups,
		confirmation: r.Confirmation.code(), reset: r.Reset.code(), token: r.Token.token(), pending: r.Pending.token(),
		factors: r.Factors, preferred: r.Preferred,
	}
	for _, d := range r.Devices {
		if u.devices == nil {
			u.devices = make(map[string]*device)
		}
		device := &device{key: d.Key, group: d.Group, created: d.Created, used: d.Used, confirmed: d.Confirmed}
		copy(device.verifier.Salt[:], d.Salt)
		copy(device.verifier.V[:], d.V)
		u.devices[d.Key] = device
	}
	for name, code := range r.Verifications {
		if u.verifications == nil {
			u.verifications = make(map[string]*mailedCode)
		}
		u.verifications[name] = code.code()
	}
	return u
}

func (m *mailedCode) record() *codeRecord {
	if m == nil {
		return nil
	}
	return &codeRecord{m.to.username, m.to.attribute, m.to.address, m.text, m.expires, m.wrong}
}

func (r *codeRecord) code() *mailedCode {
	if r == nil {
		return nil
	}
	return &mailedCode{contact{r.Username, r.Attribute, r.Address}, r.Text, r.Expires, r.Wrong}
}

func (t *softwareToken) record() *tokenRecord {
	if t == nil {
		return nil
	}
	return &tokenRecord{t.secret, t.device, t.verified, t.next}
}

func (r *tokenRecord) token() *softwareToken {
	if r == nil {
		return nil
	}
	return &softwareToken{r.Secret, r.Device, r.Verified, r.Next}
}

// revocationEntity is a revocation as it is at the time.
type revocationEntity struct {
	server *Server
	id     string
}

func (e revocationEntity) record() (bucket, key string, value []byte) {
	r, ok := e.server.revoked[e.id]
	if !ok {
		return revocationBucket, e.id, nil
	}
	return revocationBucket, e.id, encode(r)
}

// each reads the records of a bucket, in the order of their keys.
func each[R any](records map[string][]byte, f func(R) error) error {
	keys := make([]string, 0, len(records))
	for key := range records {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		var r R
		if err := json.Unmarshal(records[key], &r); err != nil {
			return fmt.Errorf("record %q: %w", key, err)
		}
		if err := f(r); err != nil {
			return err
		}
	}
	return nil
}

// restore makes the state that the records are of, and the hashes of them.
func (s *Server) restore(records map[string]map[string][]byte) (saved map[entity][sha256.Size]byte, err error) {
	saved = make(map[entity][sha256.Size]byte)
	keep := func(e entity) {
		_, _, value := e.record()
		saved[e] = sha256.Sum256(value)
	}
	of := func(id string) (*pool, error) {
		if p := s.pools.byID[id]; p != nil {
			return p, nil
		}
		return nil, fmt.Errorf("there is no pool %q", id)
	}
	bySeq := func(a, b int64) int { return int(a - b) }
	err = errors.Join(
		each(records[poolBucket], func(r poolRecord) error {
			p, err := r.pool(s)
			if err == nil {
				s.pools.byID[p.id] = p
				s.pools.list = append(s.pools.list, p)
			}
			return err
		}),
		each(records[clientBucket], func(r clientRecord) error {
			p, err := of(r.Pool)
			if err == nil {
				c := &client{pool: p, seq: r.Seq, id: r.ID, name: r.Name, secret: r.Secret,
					clientSettings: r.Settings, created: r.Created, modified: r.Modified}
				s.clients[c.id] = c
				p.clients = append(p.clients, c)
				p.lastClient = max(p.lastClient, c.seq)
			}
			return err
		}),
		each(records[groupBucket], func(r groupRecord) error {
			p, err := of(r.Pool)
			if err == nil {
				p.groups = append(p.groups, &group{pool: p, seq: r.Seq, name: r.Name, description: r.Description,
					role: r.Role, precedence: r.Precedence, created: r.Created, modified: r.Modified})
				p.lastGroup = max(p.lastGroup, r.Seq)
			}
			return err
		}),
		each(records[userBucket], func(r userRecord) error {
			p, err := of(r.Pool)
			if err == nil {
				u := r.user(p)
				p.users = append(p.users, u)
				p.index(u)
				p.lastUser = max(p.lastUser, u.seq)
			}
			return err
		}),
	)
	if err != nil {
		return nil, err
	}
	for id, value := range records[revocationBucket] {
		var r revocation
		if err := json.Unmarshal(value, &r); err != nil {
			return nil, fmt.Errorf("record %q: %w", id, err)
		}
		s.revoked[id] = r
		keep(revocationEntity{s, id})
	}
	slices.SortFunc(s.pools.list, func(a, b *pool) int { return bySeq(a.seq, b.seq) })
	for _, p := range s.pools.list {
		slices.SortFunc(p.clients, func(a, b *client) int { return bySeq(a.seq, b.seq) })
		slices.SortFunc(p.groups, func(a, b *group) int { return bySeq(a.seq, b.seq) })
		keep(p)
		for _, c := range p.clients {
			keep(c)
		}
		for _, g := range p.groups {
			keep(g)
		}
		for _, u := range p.users {
			keep(u)
		}
	}
	return saved, nil
}
