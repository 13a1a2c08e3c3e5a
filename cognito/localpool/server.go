package localpool

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// Options says what a [Server] takes from its surroundings. The zero Options is ready to use.
// With Now, Random and Signer set, and a single caller at a time, a run is the same every time.
type Options struct {
	Now    func() time.Time // the clock of everything that has a date or expires; default time.Now
	Random io.Reader        // secrets, ids and Sessions, but not the signing key; must not fail; default crypto/rand.Reader
	Region string           // the first part of pool ids; default "us-east-1"
	Issuer string           // the URL before the pool id in the claim iss; default that of AWS in Region

	// After waits for the fault Slow; default time.After.
	After func(time.Duration) <-chan time.Time

	// Signer signs the tokens, with the first of its algorithms; default an RSA key that is made
	// with the first token. Share one between servers to spare each the making of a key:
	// cryptosigner.Opaque of go-jose has it from a crypto.Signer, and [NewHMACSigner] is faster
	// still. One without a public key must be a jose.OpaqueVerifier as well.
	Signer jose.OpaqueSigner

	// Deliver takes the place of mail and text messages. It is called while the server is
	// locked, before the request that sends the code is answered: it must return soon,
	// and not call the server. If it is nil, messages are lost.
	Deliver func(Message)
}

// Server is a set of user pools in one region. It is an [http.Handler] and safe for
// concurrent use.
type Server struct {
	o          Options
	mux        *http.ServeMux
	faults     faults
	operations map[string]operation
	flows      map[string]flow
	challenges map[string]challenge
	algorithm  jose.SignatureAlgorithm
	tokens     func() (*tokenSigner, error)

	mu       sync.Mutex // guards what follows, and o.Random
	pools    []*pool    // in order of creation
	clients  map[string]*client
	sessions sessions          // by Session, or by SECRET_BLOCK
	grants   map[string]*grant // by origin_jti
	refresh  map[string]*grant // by refresh token
	saltKey  []byte
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
		grants:   make(map[string]*grant),
		refresh:  make(map[string]*grant),
	}
	s.o.Now = func() time.Time { return o.Now().Add(s.faults.ahead()) }
	s.saltKey = s.random(32)
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
	s.mux.HandleFunc("GET /{pool}/.well-known/jwks.json", s.jwks)
	s.mux.HandleFunc("GET /{pool}/.well-known/openid-configuration", s.discovery)
	return s
}

// operation is a row of the table: whether the request must be signed, and what
// answers its body.
type operation struct {
	signed bool
	call   func(body []byte) (any, error)
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
		"ListUsers":                   signed(s.listUsers),
		"CreateUserPool":              signed(s.createUserPool),
		"DescribeUserPool":            signed(s.describeUserPool),
		"ListUserPools":               signed(s.listUserPools),
		"SetUserPoolMfaConfig":        signed(s.setUserPoolMfaConfig),
		"GetUserPoolMfaConfig":        signed(s.getUserPoolMfaConfig),
		"CreateUserPoolClient":        signed(s.createUserPoolClient),
		"DescribeUserPoolClient":      signed(s.describeUserPoolClient),
		"ListUserPoolClients":         signed(s.listUserPoolClients),
	}
}

// open makes the row of an operation that carries its own proof, such as a token.
// Members that it does not know are ignored, and null is as good as absent.
func open[In, Out any](f func(In) (Out, error)) operation {
	return operation{call: func(body []byte) (any, error) {
		var in In
		if err := json.Unmarshal(body, &in); err != nil {
			return nil, refuse("SerializationException", "")
		}
		return f(in)
	}}
}

// signed makes the row of an operation that needs AWS credentials.
func signed[In, Out any](f func(In) (Out, error)) operation {
	o := open(f)
	o.signed = true
	return o
}

// ServeHTTP answers POST / and the CORS preflight for it, and the two public
// documents under /{pool}/.well-known/; and /_faults, see [Fault].
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Date", s.o.Now().UTC().Format(http.TimeFormat))
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Expose-Headers", "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date")
	s.mux.ServeHTTP(w, r)
}

func preflight(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Access-Control-Allow-Methods", "POST")
	h.Set("Access-Control-Allow-Headers", r.Header.Get("Access-Control-Request-Headers"))
	h.Set("Access-Control-Max-Age", "172800")
}

// targetPrefix stands before the operation in X-Amz-Target.
const targetPrefix = "AWSCognitoIdentityProviderService."

// maxBody holds the longest FriendlyDeviceName, 131072 characters, however it is escaped.
const maxBody = 1 << 20

func (s *Server) post(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	name, _ := strings.CutPrefix(r.Header.Get("X-Amz-Target"), targetPrefix)
	if f, ok := s.faults.next(name); ok && err == nil && s.strike(w, r, f, body) {
		return
	}
	id, reply, err := s.answer(r.Header, body, err)
	w.Header().Set("X-Amzn-Requestid", id)
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	if err != nil {
		writeError(w, err)
		return
	}
	w.Write(reply)
}

// answer makes the reply, as bytes, while nobody else changes what it is made of.
func (s *Server) answer(h http.Header, body []byte, err error) (requestID string, reply []byte, _ error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	requestID = s.newUUID()
	if err != nil {
		return requestID, nil, errTooLarge
	}
	out, err := s.dispatch(h, body)
	if err != nil {
		return requestID, nil, err
	}
	return requestID, encode(out), nil
}

func (s *Server) dispatch(h http.Header, body []byte) (any, error) {
	name, ours := strings.CutPrefix(h.Get("X-Amz-Target"), targetPrefix)
	o, known := s.operations[name]
	if !ours || !known {
		return nil, unknownOperation(name)
	}
	if o.signed {
		if err := checkAuthorization(h.Get("Authorization")); err != nil {
			return nil, err
		}
	}
	return o.call(body)
}
