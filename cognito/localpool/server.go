package localpool

import (
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// Options says what a [Server] takes from its environment. The zero Options is ready to use.
// With Now, Random and Signer set, and a single caller at a time, a run is the same every time.
type Options struct {
	Now func() time.Time // the clock of everything that has a date or expires; default time.Now
	// secrets, IDs and Sessions, but not the signing key. It must not fail. Default crypto/rand.Reader
	Random io.Reader
	Region string // the first part of pool ids; default "us-east-1"
	Issuer string // the URL before the pool ID in the claim iss; default that of AWS in Region

	// After waits for the fault Slow; default time.After.
	After func(time.Duration) <-chan time.Time

	// Signer signs the tokens, with the first of its algorithms; default an RSA key that is made
	// with the first token. Share one between servers to spare each the making of a key:
	// cryptosigner.Opaque of go-jose has it from a crypto.Signer, and [NewHMACSigner] is faster
	// still. One without a public key must be a jose.OpaqueVerifier as well.
	Signer jose.OpaqueSigner

	// NoControl leaves out the paths that are not Cognito's: /_faults, /_messages and /_health. They
	// are for whoever runs the server, not for everybody who reaches it.
	NoControl bool

	// Deliver takes the place of mail and text messages. It is called while the server is
	// locked, before the request that sends the code is answered: it must return soon,
	// and not call the server. If it is nil, messages are lost.
	Deliver func(Message)
}

// Server is a set of user pools in one region. It is an [http.Handler] and safe for
// concurrent use.
type Server struct {
	o           Options
	mux         *http.ServeMux
	faults      faults
	operations  map[string]operation
	flows       map[string]flow
	challenges  map[string]challenge
	algorithm   jose.SignatureAlgorithm
	issuerHost  string // the host name in Options.Issuer
	bodyTimeout time.Duration
	tokens      func() (*tokenSigner, error)

	mu       sync.Mutex // guards what follows, and o.Random
	store    *store     // nil: nothing is kept
	call     *exchange  // the one that holds mu; nil outside of ServeHTTP
	pools    pools
	clients  map[string]*client
	sessions sessions              // by Session, or by SECRET_BLOCK
	revoked  map[string]revocation // by origin_jti, or by the ID of a refresh token
	secret   []byte                // what only this server knows
	known    knownTokens
	messages []Message // the newest, oldest first
}

// New returns a server without pools.
func New(o Options) *Server {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.After == nil {
		o.After = time.After
	}
	if o.Region == "" {
		o.Region = "us-east-1"
	}
	if o.Issuer == "" {
		o.Issuer = "https://cognito-idp." + o.Region + ".amazonaws.com"
	}
	s := &Server{
		o:        o,
		mux:      http.NewServeMux(),
		clients:  make(map[string]*client),
		sessions: sessions{byHash: make(map[[sha256.Size]byte]*session)},
		pools:    pools{byID: make(map[string]*pool)},
		revoked:  make(map[string]revocation),
	}
	if u, err := url.Parse(o.Issuer); err == nil {
		s.issuerHost = strings.ToLower(u.Hostname())
	}
	s.bodyTimeout = bodyTimeout
	s.o.Now = func() time.Time { return o.Now().Add(s.faults.ahead()) }
	s.secret = s.random(32)
	s.algorithm = jose.RS256
	if o.Signer != nil {
		s.algorithm = o.Signer.Algs()[0]
	}
	s.tokens = sync.OnceValues(func() (*tokenSigner, error) {
		signer, err := o.Signer, error(nil)
		if signer == nil {
			signer, err = newRSASigner()
		}
		if err != nil {
			return nil, err
		}
		return newTokenSigner(signer, s.algorithm)
	})
	s.operations = s.operationTable()
	s.flows = s.flowTable()
	s.challenges = s.challengeTable()
	s.mux.HandleFunc("POST /{$}", s.post)
	s.mux.HandleFunc("OPTIONS /{$}", preflight)
	s.mux.HandleFunc("/_faults", s.serveFaults)
	s.mux.HandleFunc("/_messages", s.serveMessages)
	s.mux.HandleFunc("GET /_health", s.serveHealth)
	s.mux.HandleFunc("GET /{pool}/.well-known/jwks.json", s.jwks)
	s.mux.HandleFunc("GET /{pool}/.well-known/openid-configuration", s.discovery)
	return s
}

// operation is a row of the table: whether the request must be signed, and what reads its body and
// returns what answers it.
type operation struct {
	signed bool
	read   func(body []byte) (answer func() (any, error), err error)
}

func (s *Server) operationTable() map[string]operation {
	return map[string]operation{
		"InitiateAuth":           open(s.initiateAuth),
		"RespondToAuthChallenge": open(s.respondToAuthChallenge),
		"AssociateSoftwareToken": open(s.associateSoftwareToken),
		"VerifySoftwareToken":    open(s.verifySoftwareToken),
		"SetUserMFAPreference":   open(s.setUserMFAPreference),
		"GetUser":                open(s.getUser),
		"GetUserAuthFactors":     open(s.getUserAuthFactors),
		"GlobalSignOut":          open(s.globalSignOut),
		"RevokeToken":            open(s.revokeToken),
		"ChangePassword":         open(s.changePassword),
		"DeleteUser":             open(s.deleteUser),
		"UpdateUserAttributes":   open(s.updateUserAttributes),
		"DeleteUserAttributes":   open(s.deleteUserAttributes),
		"VerifyUserAttribute":    open(s.verifyUserAttribute),

		"GetUserAttributeVerificationCode": open(s.getUserAttributeVerificationCode),
		"GetTokensFromRefreshToken":        open(s.getTokensFromRefreshToken),

		"ConfirmDevice":          open(s.confirmDevice),
		"SignUp":                 open(s.signUp),
		"ConfirmSignUp":          open(s.confirmSignUp),
		"ResendConfirmationCode": open(s.resendConfirmationCode),
		"ForgotPassword":         open(s.forgotPassword),
		"ConfirmForgotPassword":  open(s.confirmForgotPassword),

		"AdminInitiateAuth":           signed(s.adminInitiateAuth),
		"AdminRespondToAuthChallenge": signed(s.adminRespondToAuthChallenge),
		"AdminSetUserMFAPreference":   signed(s.adminSetUserMFAPreference),
		"AdminCreateUser":             signed(s.adminCreateUser),
		"AdminSetUserPassword":        signed(s.adminSetUserPassword),
		"AdminResetUserPassword":      signed(s.onUser(s.resetPassword)),
		"AdminConfirmSignUp":          signed(s.onUser(s.confirm)),
		"AdminEnableUser":             signed(s.onUser(s.enable)),
		"AdminDisableUser":            signed(s.onUser(s.disable)),
		"AdminUserGlobalSignOut":      signed(s.onUser(s.signOut)),
		"AdminDeleteSoftwareToken":    signed(s.onUser(s.deleteSoftwareToken)),
		"AdminGetUser":                signed(s.adminGetUser),
		"AdminDeleteUser":             signed(s.onUser(s.adminDeleteUser)),
		"AdminUpdateUserAttributes":   signed(s.adminUpdateUserAttributes),
		"AdminDeleteUserAttributes":   signed(s.adminDeleteUserAttributes),
		"AdminListDevices":            signed(s.adminListDevices),
		"AdminForgetDevice":           signed(s.adminForgetDevice),
		"AdminAddUserToGroup":         signed(s.adminAddUserToGroup),
		"AdminRemoveUserFromGroup":    signed(s.adminRemoveUserFromGroup),
		"AdminListGroupsForUser":      signed(s.adminListGroupsForUser),
		"CreateGroup":                 signed(s.createGroup),
		"GetGroup":                    signed(s.getGroup),
		"ListGroups":                  signed(s.listGroups),
		"UpdateGroup":                 signed(s.updateGroup),
		"DeleteGroup":                 signed(s.deleteGroup),
		"ListUsersInGroup":            signed(s.listUsersInGroup),
		"ListUsers":                   signed(s.listUsers),
		"CreateUserPool":              signed(s.createUserPool),
		"DescribeUserPool":            signed(s.describeUserPool),
		"UpdateUserPool":              signed(s.updateUserPool),
		"DeleteUserPool":              signed(s.deleteUserPool),
		"AddCustomAttributes":         signed(s.addCustomAttributes),
		"ListUserPools":               signed(s.listUserPools),
		"SetUserPoolMfaConfig":        signed(s.setUserPoolMfaConfig),
		"GetUserPoolMfaConfig":        signed(s.getUserPoolMfaConfig),
		"CreateUserPoolClient":        signed(s.createUserPoolClient),
		"DescribeUserPoolClient":      signed(s.describeUserPoolClient),
		"UpdateUserPoolClient":        signed(s.updateUserPoolClient),
		"DeleteUserPoolClient":        signed(s.deleteUserPoolClient),
		"ListUserPoolClients":         signed(s.listUserPoolClients),
	}
}

// open makes the row of an operation that carries its own proof, such as a token.
// Members that it does not know are ignored, and null is as good as absent.
func open[In, Out any](f func(In) (Out, error)) operation {
	return operation{read: func(body []byte) (func() (any, error), error) {
		var in In
		if err := decode(body, &in); err != nil {
			return nil, refuse("SerializationException", "")
		}
		return func() (any, error) { return f(in) }, nil
	}}
}

// signed makes the row of an operation that needs AWS credentials.
func signed[In, Out any](f func(In) (Out, error)) operation {
	o := open(f)
	o.signed = true
	return o
}

// ServeHTTP answers POST / and the CORS preflight for it, and the two public documents under
// /{pool}/.well-known/; and, unless Options.NoControl says otherwise, /_faults (see [Fault]),
// /_messages and /_health.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Date", s.o.Now().UTC().Format(http.TimeFormat))
	if s.guard(w, r) {
		return
	}
	s.mux.ServeHTTP(w, r)
}

// targetPrefix stands before the operation in X-Amz-Target.
const targetPrefix = "AWSCognitoIdentityProviderService."

// maxBody holds the longest FriendlyDeviceName, 131072 characters, however it is escaped.
const maxBody = 1 << 20

// bodyTimeout is how long a request may take to arrive after its header.
const bodyTimeout = 10 * time.Second

// readBody reads what is posted, but not for ever.
func (s *Server) readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	deadline := http.NewResponseController(w)
	deadline.SetReadDeadline(time.Now().Add(s.bodyTimeout)) // where there is no connection there is nothing to wait for
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	deadline.SetReadDeadline(time.Time{})
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, errTooLarge
	case err != nil:
		w.Header().Set("Connection", "close")
		return nil, errIncomplete
	default:
		return body, nil
	}
}

func (s *Server) post(w http.ResponseWriter, r *http.Request) {
	body, err := s.readBody(w, r)
	name := strings.TrimPrefix(r.Header.Get("X-Amz-Target"), targetPrefix)
	h := w.Header()
	switch {
	case err == nil && s.operations[name].signed && foreign(r):
		err = errForeign
	default:
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Access-Control-Expose-Headers", "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date")
	}
	if f, ok := s.faults.next(name); ok && err == nil && s.inject(w, r, f, body) {
		return
	}
	id, reply, err := s.answer(r.Header, body, err)
	h.Set("X-Amzn-Requestid", id)
	h.Set("Content-Type", "application/x-amz-json-1.1")
	if err != nil {
		writeError(w, err)
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(reply)))
	w.Write(reply)
}

// exchange is a request while it is answered.
type exchange struct {
	touched []entity // what it may have changed
}

// answer makes the reply, as bytes, while nobody else changes what it is made of.
func (s *Server) answer(h http.Header, body []byte, err error) (requestID string, reply []byte, _ error) {
	name, ours := strings.CutPrefix(h.Get("X-Amz-Target"), targetPrefix)
	o, known := s.operations[name]
	var answer func() (any, error)
	switch {
	case err != nil:
	case !ours || !known:
		err = unknownOperation(name)
	case o.signed:
		err = checkAuthorization(h.Get("Authorization"))
	}
	if err == nil {
		answer, err = o.read(body)
	}
	if err == nil && o.signed {
		answer = s.ifAllowed(name, body, answer)
	}

	requestID, reply, ticket, err := s.carryOut(answer, err)
	if s.store != nil {
		if failed := s.store.wait(ticket); failed != nil {
			return requestID, nil, errInternal
		}
	}
	return requestID, reply, err
}

// carryOut calls answer, unless there is an err already, and returns the ticket of what it changed.
func (s *Server) carryOut(answer func() (any, error), err error) (requestID string, reply []byte, ticket int, _ error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	requestID = s.newUUID()
	if err != nil {
		return requestID, nil, 0, err
	}
	s.call = &exchange{}
	defer func() { s.call = nil }()
	out, err := answer()
	if s.store != nil { // a refusal may count
		ticket = s.store.queue(s.call.touched)
	}
	if err != nil {
		return requestID, nil, ticket, err
	}
	return requestID, encode(out), ticket, nil
}

// outside runs f, which takes long and must not use anything that mu guards, without holding mu.
// Others may change all of that meanwhile.
func (s *Server) outside(f func()) {
	if c := s.call; c != nil {
		s.call = nil
		s.mu.Unlock()
		defer func() {
			s.mu.Lock()
			s.call = c
		}()
	}
	f()
}
