package simulate

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"cognito-enroll/cognito/localpool"
	"cognito-enroll/flow"
)

const (
	poolID   = "us-east-1_Simulated"
	clientID = "4simulated4app4client4id44"
	secret   = "5simulated5client5secret5simulated5client5secret55"
	alice    = "alice"
	bob      = "bob"
	answer   = "forty-two" // to the pool's question

	firstPassword = "First-Pass-1"
)

// aspect is something of an account that can change.
type aspect uint

const (
	theKey      aspect = 1 << iota // which authenticator counts
	theAsking                      // what the next sign-in asks for
	theList                        // whether GetUser lists an authenticator
	thePending                     // the key that was asked for by access token
	thePassword                    //
	theSignUp                      //
	theEmail                       // codes by email as a second factor
	theStatus                      // whether the user can get in at all

)

// Change is what one request did to an account.
type Change struct {
	Request int // ours, from 1; 0 for somebody else
	Op      string
	Account string
	what    aspect
	late    bool // it was carried out after its answer counted as lost
}

// account is one user, as the pool and the person have it.
type account struct {
	name    string
	at      localpool.Truth // in the beginning
	entries []entry         // of the authenticator app, oldest first

	shown      string // the key that was on the screen last
	ours       aspect // changed by our requests, in time
	unseen     aspect // changed by somebody else, or late, after the last answer that could have shown it
	showing    aspect // shown by an answer that the flow has not got yet
	read       bool   // an answer said whether there is an authenticator
	dropped    bool   // a request of ours made the pool drop the authenticator, and none came since
	asked      bool   // the sign-in under way asked for a code
	saidActive bool   // the last answer about it said that an authenticator is active
	accepted   string // the key of which a sign-in accepted a code last

	passwords []string // that the person knows, newest first
	chosen    []string // by the person, in this run
	spent     map[string]int64
}

// entry is one in the authenticator app.
type entry struct{ key string }

// World is the pool, the network and the clock of a run. It is the http.RoundTripper of the client.
type World struct {
	plan   Plan
	clock  time.Time
	ahead  time.Duration // this computer's clock
	server *localpool.Server
	inbox  map[string]string // the last code that was sent, by username

	requests int            // ours
	counts   map[string]int // by operation
	late     []delayed

	accounts map[string]*account
	acting   *account // whose name was typed last
	consent  string   // what the person said yes to
	maySend  bool     // the person agreed to send a password itself, or chose a flow that does
	custom   bool     // the sign-in under way shows nothing of the second factor
	session  string   // the newest one that arrived
	ended    string   // a Session that is over before its time
	keys     []string // those that Associate gave us

	Ours []Change
	met  map[string]int // faults that struck, by what and when
	say  func(format string, args ...any)
	lie  func(kind, format string, args ...any)
}

type delayed struct {
	due    int
	op     string
	header http.Header
	body   []byte
}

var start = time.Date(2026, time.November, 23, 9, 0, 0, 0, time.UTC)

var signer = localpool.NewHMACSigner([]byte("a key for tests, which opens nothing"))

// newWorld is the world of p, which tells r what happens.
func newWorld(p Plan, r *runner) (*World, error) {
	w := &World{
		plan: p, clock: start, ahead: p.Ahead, inbox: map[string]string{}, counts: map[string]int{},
		accounts: map[string]*account{}, met: map[string]int{},
	}
	w.server = localpool.New(localpool.Options{
		Now: func() time.Time { return w.clock }, Random: source(p.Seed, 1), Signer: signer,
		Deliver: func(m localpool.Message) { w.inbox[m.Username] = m.Code },
	})
	client := localpool.ClientSeed{ID: clientID, AuthFlows: p.Pool.Flows, AuthSessionValidity: p.Pool.Minutes,
		RevealsUsers: p.Pool.Reveals}
	if p.Pool.Secret {
		client.Secret = secret
	}
	pool := localpool.PoolSeed{
		ID: poolID, Name: "simulated", MFA: p.Pool.MFA, Factors: p.Pool.Factors, AutoVerified: []string{"email"},
		SafeReassociate: p.Pool.Safe, IgnoresPreference: p.Pool.Ignores, TracksDevices: p.Pool.Devices,
		Clients: []localpool.ClientSeed{client},
	}
	if len(p.Pool.First) > 0 {
		pool.FirstFactors = append([]string{"PASSWORD"}, p.Pool.First...)
	}
	if p.Pool.Alias {
		pool.AliasAttributes = []string{"email"}
	}
	if p.Pool.Question {
		pool.Question = &localpool.QuestionSeed{Answer: answer}
	}
	if p.Pool.Required {
		pool.RequiredAttributes = []string{"name"}
	}
	user := localpool.UserSeed{Username: alice, Password: firstPassword, Status: p.User.Status, Disabled: p.User.Disabled,
		Attributes: map[string]string{}}
	if p.User.Email {
		user.Attributes["email"] = "alice@example.com"
	}
	if p.User.Phone {
		user.Attributes["phone_number"] = "+15550100"
	}
	other := user
	other.Username, other.Attributes = bob, map[string]string{}
	if p.User.Email {
		other.Attributes["email"] = "bob@example.com"
	}
	user.Factors, user.Preferred = p.User.Factors, p.User.Preferred
	if p.User.TOTP {
		user.TOTP = &localpool.TOTPSeed{Device: "Old phone"}
	}
	pool.Users = []localpool.UserSeed{user, other}
	if _, err := w.server.Seed(localpool.Seed{Pools: []localpool.PoolSeed{pool}}); err != nil {
		return nil, err
	}
	for _, name := range []string{alice, bob} {
		t := w.truth(name)
		a := &account{name: name, passwords: []string{firstPassword}, spent: map[string]int64{}}
		if t.Key != "" && !p.User.NoEntry {
			a.entries = []entry{{t.Key}}
		}
		w.accounts[name] = a
	}
	w.acting = w.accounts[alice]
	w.maySend = p.Flow == flow.Password || p.Flow == flow.Admin || p.Preferred == "PASSWORD"
	w.say, w.lie = r.say, r.lie
	w.leftBefore(p.User.Left)
	for _, a := range w.accounts {
		a.at = w.truth(a.name)
	}
	return w, nil
}

// source is randomness that is the same every time. It is not that of crypto/rand, which Go lets nobody
// replace.
func source(seed, stream uint64) io.Reader {
	var b [32]byte
	r := rand.New(rand.NewPCG(seed, stream))
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return rand.NewChaCha8(b)
}

// leftBefore is an enrollment of an earlier day that was not finished.
func (w *World) leftBefore(how string) {
	if how == "" {
		return
	}
	token, _, _ := w.signIn(alice)
	if token != "" {
		if key := w.enroll(token, how == "verified", false); key != "" {
			a := w.accounts[alice]
			a.entries = append(a.entries, entry{key})
		}
	}
	w.clock = w.clock.Add(10 * time.Minute)
}

func (w *World) truth(name string) localpool.Truth {
	t, err := w.server.Truth(poolID, name)
	if err != nil {
		panic(err)
	}
	return t
}

// now is what this computer's clock shows.
func (w *World) now() time.Time { return w.clock.Add(w.ahead) }

func (w *World) wait(d time.Duration) { w.clock = w.clock.Add(d) }

// reply is an answer of the pool, or what has become of it.
type reply struct {
	status int
	header http.Header
	body   []byte
	err    error // of reading it, or of the connection if status is 0
}

func (r *reply) Header() http.Header { return r.header }
func (r *reply) WriteHeader(s int)   { r.status = s }
func (r *reply) Write(b []byte) (int, error) {
	r.body = append(r.body, b...)
	return len(b), nil
}

func (w *World) serve(header http.Header, body []byte) *reply {
	r := &reply{status: http.StatusOK, header: http.Header{}}
	w.server.ServeHTTP(r, &http.Request{
		Method: "POST", URL: &url.URL{Path: "/"}, Host: "pool", Header: header, Body: io.NopCloser(bytes.NewReader(body)),
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, ContentLength: int64(len(body)),
	})
	return r
}

const (
	target    = "AWSCognitoIdentityProviderService."
	signature = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261123/us-east-1/cognito-idp/aws4_request, " +
		"SignedHeaders=host, " +
		"Signature=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
)

// typedFor is what somebody types to sign in as name.
func (w *World) typedFor(name string) string {
	if w.plan.Pool.Alias {
		return name + "@example.com"
	}
	return name
}

// act notes whose name was typed.
func (w *World) act(name string) { w.acting = w.accounts[name] }

// raw makes a request that is not ours.
func (w *World) raw(op string, in any) (map[string]any, string) {
	body, err := json.Marshal(in)
	if err != nil {
		panic(err)
	}
	r := w.serve(http.Header{"X-Amz-Target": {target + op}, "Authorization": {signature}}, body)
	var out map[string]any
	if err := json.Unmarshal(r.body, &out); err != nil {
		panic(err)
	}
	if r.status != http.StatusOK {
		code, _ := out["__type"].(string)
		return nil, code
	}
	return out, ""
}

type object = map[string]any

func (w *World) withHash(in object, key, name string) object {
	if w.plan.Pool.Secret {
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write([]byte(name + clientID))
		in[key] = base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
	return in
}

// signIn signs in as somebody who knows the password and has the key that counts. It returns an access
// token, or what the pool wanted that is not a code, and what it wanted first.
func (w *World) signIn(name string) (token, first, refusal string) {
	t := w.truth(name)
	out, refusal := w.raw("InitiateAuth", object{"ClientId": clientID, "AuthFlow": "USER_PASSWORD_AUTH",
		"AuthParameters": w.withHash(object{"USERNAME": name, "PASSWORD": t.Password}, "SECRET_HASH", name)})
	for n := 0; refusal == "" && n < 3; n++ {
		challenge, _ := out["ChallengeName"].(string)
		if n == 0 {
			first = challenge
		}
		responses := object{"USERNAME": t.Username}
		switch challenge {
		case "":
			token, _ = out["AuthenticationResult"].(object)["AccessToken"].(string)
			return token, first, ""
		case totpFactor:
			responses["SOFTWARE_TOKEN_MFA_CODE"] = codeAt(t.Key, w.clock)
		case smsFactor, emailFactor:
			responses[challenge+"_CODE"] = w.inbox[name]
		case "SELECT_MFA_TYPE":
			responses["ANSWER"] = totpFactor
		default:
			return "", first, ""
		}
		out, refusal = w.raw("RespondToAuthChallenge", object{"ClientId": clientID, "ChallengeName": challenge,
			"Session":            out["Session"],
			"ChallengeResponses": w.withHash(responses, "SECRET_HASH", t.Username)})
	}
	return "", first, refusal
}

// began signs in as another program does, which does not answer the first challenge. It returns the Session,
// or the whole answer, which may have none; empty is a refusal.
func (w *World) began(name string, whole bool) string {
	out, refusal := w.raw("InitiateAuth", object{"ClientId": clientID, "AuthFlow": "USER_PASSWORD_AUTH",
		"AuthParameters": w.withHash(object{"USERNAME": name, "PASSWORD": w.truth(name).Password}, "SECRET_HASH", name)})
	if refusal != "" {
		return ""
	}
	session, _ := out["Session"].(string)
	w.session = session
	if !whole {
		return session
	}
	text, err := json.Marshal(out)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// finished answers MFA_SETUP with the Session that was handed back, as the program that began does. It returns why
// it was refused.
func (w *World) finished(session flow.Secret) string {
	_, refusal := w.raw("RespondToAuthChallenge", object{"ClientId": clientID, "ChallengeName": "MFA_SETUP",
		"Session":            session.Reveal(),
		"ChallengeResponses": w.withHash(object{"USERNAME": w.acting.name}, "SECRET_HASH", w.acting.name)})
	return refusal
}

// enroll begins an enrollment by access token that is not ours, and verifies and prefers it.
func (w *World) enroll(token string, verify, prefer bool) string {
	out, refusal := w.raw("AssociateSoftwareToken", object{"AccessToken": token})
	if refusal != "" {
		return ""
	}
	key := out["SecretCode"].(string)
	if verify {
		w.raw("VerifySoftwareToken", object{"AccessToken": token, "UserCode": codeAt(key, w.clock)})
	}
	if prefer {
		w.raw("SetUserMFAPreference", object{"AccessToken": token,
			"SoftwareTokenMfaSettings": object{"Enabled": true, "PreferredMfa": true}})
	}
	return key
}

// deed lets somebody else act.
func (w *World) deed(what DeedKind) {
	before := w.truths()
	user := object{"UserPoolId": poolID, "Username": alice}
	with := func(key string, value any) object { user[key] = value; return user }
	pool := func(mfa string) object { return object{"UserPoolId": poolID, "MfaConfiguration": mfa} }
	a := w.accounts[alice]
	switch what {
	case SetPassword:
		with("Permanent", true)
		w.raw("AdminSetUserPassword", with("Password", "Admin-Pass-3"))
		a.passwords = append([]string{"Admin-Pass-3"}, a.passwords...)
	case SetTemporary:
		w.temporary()
	case ResetIt:
		w.raw("AdminResetUserPassword", user)
	case Disable:
		w.raw("AdminDisableUser", user)
	case Enable:
		w.raw("AdminEnableUser", user)
	case DeleteToken:
		w.raw("AdminDeleteSoftwareToken", user)
	case SignOut:
		w.raw("AdminUserGlobalSignOut", user)
	case LostPhone, LostPhoneNew: // the order of "admin reset"
		w.raw("AdminDeleteSoftwareToken", user)
		w.raw("AdminUserGlobalSignOut", user)
		if what == LostPhoneNew {
			w.temporary()
		}
		if w.plan.Pool.Ends { // AWS does not say whether it does
			w.ended = w.session
		}
	case ConfirmIt:
		w.raw("AdminConfirmSignUp", user)
	case PoolOff:
		w.raw("SetUserPoolMfaConfig", pool("OFF"))
	case PoolOptional:
		w.raw("SetUserPoolMfaConfig", pool("OPTIONAL"))
	case PoolOn:
		w.raw("SetUserPoolMfaConfig", pool("ON"))
	case NoTOTP:
		w.raw("SetUserPoolMfaConfig", object{"UserPoolId": poolID, "SoftwareTokenMfaConfiguration": object{"Enabled": false}})
	case EnrollOther:
		if token, _, _ := w.signIn(alice); token != "" {
			if key := w.enroll(token, true, true); key != "" {
				a.entries = append([]entry{{key}}, a.entries...)
				a.spent[key] = w.clock.Unix() / period
			}
		}
	}
	w.say("  ~ somebody else: %s", what)
	w.met["meanwhile: "+string(what)]++
	for _, c := range w.changes(before) {
		a := w.accounts[c.Account]
		a.unseen |= c.what
		a.ours &^= c.what // what they changed is no longer our doing
		for i := range w.Ours {
			if w.Ours[i].Account == c.Account {
				w.Ours[i].what &^= c.what
			}
		}
	}
}

// temporary gives alice a password that she has to change.
func (w *World) temporary() {
	a := w.accounts[alice]
	w.raw("AdminSetUserPassword", object{"UserPoolId": poolID, "Username": alice,
		"Password": "Admin-Temp-4"})
	a.passwords = append([]string{"Admin-Temp-4"}, a.passwords...)
}

type truths map[string]localpool.Truth

func (w *World) truths() truths { return truths{alice: w.truth(alice), bob: w.truth(bob)} }

// changes are those since before, in the order of the names.
func (w *World) changes(before truths) (list []Change) {
	for _, name := range []string{alice, bob} {
		was, is := before[name], w.truth(name)
		var what aspect
		note := func(a aspect, changed bool) {
			if changed {
				what |= a
			}
		}
		note(theKey, was.Key != is.Key)
		note(theAsking, w.asks(was) != w.asks(is) || was.MFA != is.MFA)
		note(theList, was.TOTP != is.TOTP)
		note(thePending, was.Pending != is.Pending)
		note(thePassword, was.Password != is.Password)
		note(theSignUp, was.Confirmed != is.Confirmed)
		note(theEmail, byEmail(was) != byEmail(is))
		note(theStatus, was.Status != is.Status || was.Enabled != is.Enabled)
		if what != 0 {
			list = append(list, Change{Account: name, what: what})
		}
	}
	return list
}

// RoundTrip implements http.RoundTripper.
func (w *World) RoundTrip(r *http.Request) (*http.Response, error) {
	w.requests++
	op := strings.TrimPrefix(r.Header.Get("X-Amz-Target"), target)
	w.counts[op]++
	w.wait(150 * time.Millisecond)
	for _, d := range w.plan.Meanwhile {
		if d.At == w.requests {
			w.deed(d.What)
		}
	}
	w.deliverLate()
	f := w.fault(op)
	var body []byte
	if !(f.When == Before && f.What == Refused) {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
		if w.newestSession(op, body); w.over(body) {
			f = Fault{When: Before, What: Expired}
		}
		w.judgePassword(op, body)
	}
	r.Body.Close()
	got := w.struck(f, op, r.Header, body)
	if got.status == 0 {
		w.say("  > %s: %v", op, got.err)
		return nil, got.err
	}
	w.say("  > %s: %d %s", op, got.status, summary(got))
	read := io.Reader(bytes.NewReader(got.body))
	if got.err != nil {
		read = io.MultiReader(read, broken{got.err})
	}
	return &http.Response{
		StatusCode: got.status, Status: fmt.Sprint(got.status, " ", http.StatusText(got.status)), Header: got.header,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Body: io.NopCloser(read), ContentLength: -1, Request: r,
	}, nil
}

type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }

// summary is an answer without its secrets.
func summary(r *reply) string {
	var out struct {
		Type          string `json:"__type"`
		Message       string `json:"message"`
		ChallengeName string
		Status        string
		Session       any
		List          []string `json:"UserMFASettingList"`
		Auth          any      `json:"AuthenticationResult"`
	}
	if json.Unmarshal(r.body, &out) != nil {
		return fmt.Sprintf("%d bytes", len(r.body))
	}
	return strings.Join(strings.Fields(fmt.Sprint(out.Type, " ", out.ChallengeName, " ", out.Status, " ",
		strings.Join(out.List, ","),
		map[bool]string{true: " tokens"}[out.Auth != nil])), " ")
}

// fault is the one to inject now, or the zero Fault.
func (w *World) fault(op string) Fault {
	for _, f := range w.plan.Faults {
		if f.Op == op && w.counts[op] >= f.Nth && w.counts[op] < f.Nth+max(1, f.Times) {
			w.met[string(f.When)+" "+string(f.What)]++
			w.say("  ! %s %s", f.When, f.What)
			return f
		}
	}
	return Fault{}
}

// commit carries a request of ours out.
func (w *World) commit(op string, header http.Header, body []byte, late bool) *reply {
	before := w.truths()
	r := w.serve(header, body)
	for _, c := range w.changes(before) {
		c.Request, c.Op, c.late = w.requests, op, late
		w.Ours = append(w.Ours, c)
		if a := w.accounts[c.Account]; late {
			a.unseen |= c.what
		} else {
			a.ours |= c.what
		}
		if a, is := w.accounts[c.Account], w.truth(c.Account); c.what&theKey != 0 {
			a.dropped = is.Key == "" && !late
		}
		w.permitted(c, before[c.Account])
	}
	return r
}

func (w *World) deliverLate() {
	var rest []delayed
	for _, d := range w.late {
		if w.requests < d.due {
			rest = append(rest, d)
			continue
		}
		w.say("  ~ a late %s arrives", d.op)
		w.commit(d.op, d.header, d.body, true)
	}
	w.late = rest
}

// struck is what becomes of a request.
func (w *World) struck(f Fault, op string, header http.Header, body []byte) *reply {
	switch f.When {
	case Before:
		return w.made(f.What, op, nil, body)
	case After:
		return w.made(f.What, op, w.commit(op, header, body, false), body)
	case Late:
		w.late = append(w.late, delayed{w.requests + f.Lag, op, header.Clone(), body})
		return w.made(f.What, op, nil, body)
	case Twice:
		w.commit(op, header, body, false)
		second := w.commit(op, header, body, false)
		if f.What == None {
			w.saw(op, body, second)
			return second
		}
		return w.made(f.What, op, second, body)
	case First:
		first := w.commit(op, header, body, false)
		w.saw(op, body, first)
		before := w.truths()
		w.commit(op, header, body, false)
		for _, c := range w.changes(before) {
			w.accounts[c.Account].unseen |= c.what
		}
		return first
	}
	r := w.commit(op, header, body, false)
	w.saw(op, body, r)
	return r
}

// made is the answer that a fault makes up, or makes of the one that the pool gave.
func (w *World) made(what What, op string, real *reply, request []byte) *reply {
	h := http.Header{"Date": {w.clock.Format(http.TimeFormat)}, "Content-Type": {"application/x-amz-json-1.1"}}
	html := http.Header{"Date": h["Date"], "Content-Type": {"text/html"}}
	exception := func(status int, code, message string) *reply {
		text, _ := json.Marshal(object{"__type": code, "message": message})
		h.Set("X-Amzn-Errortype", code+":")
		return &reply{status: status, header: h, body: text}
	}
	lost := &reply{err: &net.OpError{Op: "read", Net: "tcp", Err: io.ErrUnexpectedEOF}}
	if real != nil && real.status != http.StatusOK {
		switch what { // a refusal has nothing in it that could be missing
		case Braces, Nulls, Lists, NoContent, Empty, Trigger, NotSent:
			return real
		}
	}
	switch what {
	case Refused:
		return &reply{err: &net.OpError{Op: "dial", Net: "tcp", Err: io.ErrClosedPipe}}
	case Cut:
		return &reply{status: real.status, header: real.header, body: real.body[:len(real.body)/2], err: io.ErrUnexpectedEOF}
	case Garbled:
		return &reply{status: real.status, header: real.header, body: []byte("\x00\x01 nonsense")}
	case Empty:
		return &reply{status: real.status, header: real.header}
	case NoContent:
		return &reply{status: http.StatusNoContent, header: real.header}
	case Braces:
		if w.braces(op) {
			w.saw(op, request, real)
		}
		return &reply{status: real.status, header: real.header, body: []byte("{}")}
	case Nulls, Lists:
		var out object
		if json.Unmarshal(real.body, &out) != nil || len(out) == 0 {
			w.saw(op, request, real)
			return real
		}
		for key := range out {
			out[key] = map[What]any{Nulls: nil, Lists: []any{"a", object{}}}[what]
		}
		text, _ := json.Marshal(out)
		return &reply{status: real.status, header: real.header, body: text}
	case Internal:
		return exception(http.StatusInternalServerError, "InternalErrorException", "Something went wrong")
	case Gateway:
		return &reply{status: http.StatusBadGateway, header: html, body: []byte("<h1>Bad gateway</h1>")}
	case Typed:
		return exception(http.StatusServiceUnavailable, "NotAuthorizedException", "Incorrect username or password.")
	case Portal:
		return &reply{status: http.StatusOK, header: html,
			body: []byte("<title>Welcome</title> Please log in to this network.")}
	case Blocked:
		return &reply{status: http.StatusForbidden, header: html, body: []byte("<title>403</title>")}
	case Throttled:
		return exception(http.StatusBadRequest, "TooManyRequestsException", "Rate exceeded")
	case WAF:
		return exception(http.StatusForbidden, "ForbiddenException", "Request not allowed due to WAF block.")
	case Echo:
		return exception(http.StatusBadRequest, "InvalidParameterException", "This cannot be: "+string(request))
	case Expired:
		if bytes.Contains(request, []byte(`"AccessToken"`)) {
			return exception(http.StatusBadRequest, "NotAuthorizedException", "Access Token has expired")
		}
		if bytes.Contains(request, []byte(`"Session"`)) {
			return exception(http.StatusBadRequest, "NotAuthorizedException",
				"Invalid session for the user, session is expired.")
		}
		return exception(http.StatusBadRequest, "TooManyRequestsException", "Rate exceeded")
	case Trigger:
		if real != nil && !triggers(op, request) {
			w.saw(op, request, real)
			return real
		}
		return exception(http.StatusBadRequest, "UserLambdaValidationException", "PostConfirmation failed with error no.")
	case NotSent:
		if op != "ForgotPassword" && op != "ResendConfirmationCode" && !strings.Contains(op, "Auth") {
			w.saw(op, request, real)
			return real
		}
		return exception(http.StatusBadRequest, "CodeDeliveryFailureException", "The code could not be sent.")
	case StatusErr:
		if op == "VerifySoftwareToken" {
			return &reply{status: http.StatusOK, header: h, body: []byte(`{"Status":"ERROR"}`)}
		}
	}
	return lost
}

// braces reports whether {} is the answer to op.
func (w *World) braces(op string) bool {
	switch op {
	case "SetUserMFAPreference", "ConfirmForgotPassword", "ConfirmSignUp":
		return true
	}
	return false
}

// triggers reports whether a Lambda trigger runs after op was carried out.
func triggers(op string, request []byte) bool {
	return op == "ConfirmSignUp" || op == "ConfirmForgotPassword" ||
		bytes.Contains(request, []byte("NEW_PASSWORD_REQUIRED"))
}

// request is what matters of a request's body.
type request struct {
	ClientId, AuthFlow, ChallengeName, Session, AccessToken string
	AuthParameters, ChallengeResponses                      map[string]string
}

// newestSession holds a request to the newest Session that arrived.
func (w *World) newestSession(op string, body []byte) {
	var in request
	json.Unmarshal(body, &in)
	if in.Session != "" && in.ChallengeName != "PASSWORD_VERIFIER" && in.Session != w.session {
		w.lie("session", "%s was sent with a Session that is not the newest", op)
	}
	if strings.HasSuffix(op, "InitiateAuth") {
		w.custom = in.AuthFlow == "CUSTOM_AUTH" && in.AuthParameters["CHALLENGE_NAME"] == ""
	}
}

// over reports whether the Session of a request was ended by somebody else.
func (w *World) over(body []byte) bool {
	var in request
	return json.Unmarshal(body, &in) == nil && in.Session != "" && in.Session == w.ended
}

// judgePassword holds a request to what was agreed to: a password that exists is not sent unasked, under
// whatever name. A new one has to be.
func (w *World) judgePassword(op string, body []byte) {
	var in object
	if w.maySend || json.Unmarshal(body, &in) != nil {
		return
	}
	if op == "ConfirmForgotPassword" {
		delete(in, "Password")
	}
	if responses, ok := in["ChallengeResponses"].(object); ok {
		delete(responses, "NEW_PASSWORD")
	}
	for _, a := range w.accounts {
		for _, password := range a.passwords {
			if strings.Contains(fmt.Sprint(in), password) {
				w.lie("password", "%s carried the password itself, and nobody had agreed to that", op)
				return
			}
		}
	}
}

// saw is for an answer that arrives whole: what it shows is known from here on.
func (w *World) saw(op string, body []byte, r *reply) {
	if r.status != http.StatusOK {
		return
	}
	var in request
	var out struct {
		ChallengeName, Session, SecretCode string
		UserMFASettingList                 []string
		AuthenticationResult               *struct{ AccessToken string }
	}
	if json.Unmarshal(body, &in) != nil || json.Unmarshal(r.body, &out) != nil {
		return
	}
	if out.Session != "" {
		w.session = out.Session
	}
	if out.SecretCode != "" {
		w.keys = append(w.keys, out.SecretCode)
	}
	a, t := w.acting, w.truth(w.acting.name)
	switch {
	case op == "GetUser":
		a.saidActive = false
		for _, f := range out.UserMFASettingList {
			a.saidActive = a.saidActive || f == totpFactor
		}
		if !a.asked { // what a sign-in asked for outranks the list
			a.showing |= theList
		}
	case strings.HasSuffix(op, "Auth"), strings.HasSuffix(op, "Challenge"):
		switch in.ChallengeName {
		case totpFactor: // whose code that was is not shown
			a.accepted = t.Key
			return
		case smsFactor, emailFactor, "MFA_SETUP", "SELECT_MFA_TYPE", "CUSTOM_CHALLENGE":
			if in.ChallengeName != emailFactor || w.plan.Flow != "USER_AUTH" || out.ChallengeName == "" {
				return // what it leads to was decided before
			}
		}
		a.passed(w, out.ChallengeName, out.AuthenticationResult != nil)
	}
}

// passed is for a sign-in that got as far as the second factor.
func (a *account) passed(w *World, challenge string, tokens bool) {
	a.asked = challenge == totpFactor
	if w.custom {
		return
	}
	switch challenge {
	case "MFA_SETUP":
		a.showing |= theKey | theList
		a.saidActive = false
	case totpFactor, "SELECT_MFA_TYPE":
		a.saidActive = true
	case smsFactor, emailFactor:
	case "":
		if !tokens {
			return
		}
		if w.truth(a.name).Key == "" {
			a.showing |= theKey
		}
	default:
		return
	}
	a.showing |= theAsking | theStatus
}
