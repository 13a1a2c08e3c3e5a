package flow

// Fault says what the person can do about an Error; flow acts on it and nothing else.
type Fault int

const (
	// Bug is ours, or a reply nobody has documented: the run stops and asks for a report.
	Bug Fault = iota
	// Retry: the answer was wrong; the same question is asked again.
	Retry
	// Restart: the session or token is dead; the run goes back to signing in.
	Restart
	// Wait: nobody's fault, and it passes; the same question is asked again, answers kept.
	Wait
	// Elsewhere: only a change outside of this run helps, in the pool, the app client or how this was started.
	Elsewhere
)

func (f Fault) String() string {
	return [...]string{"bug", "retry", "restart", "wait", "elsewhere"}[f]
}

// ErrorCode names an Error for programs; the values are stable.
type ErrorCode string

// The codes that flow itself gives or acts on; package cognito has those of Cognito's exceptions.
const (
	CodeInvalidInput ErrorCode = "invalid-input"
	CodeUnlikely     ErrorCode = "unlikely-code" // a code that does not fit the key; it was not sent
	CodeWrongToken   ErrorCode = "wrong-token"   // an access token that cannot be of use
	CodeWrongSession ErrorCode = "wrong-session" // a text that cannot be a Session
	CodeClock        ErrorCode = "clock"         // this computer's clock is wrong
	CodeCanceled     ErrorCode = "cancelled"     // by a signal or by the person; programs know it by this spelling
	CodeNothingThere ErrorCode = "nothing-there" // no user pool in the region, or no app client in the pool

	CodeWrongPassword  ErrorCode = "wrong-password"
	CodeMismatch       ErrorCode = "code-mismatch" // a one-time code was refused
	CodeUsed           ErrorCode = "code-used"     // a code works once
	CodeNoAnswer       ErrorCode = "no-answer"     // the request was sent and may have been carried out
	CodeFlowNotEnabled ErrorCode = "flow-not-enabled"
	CodeResetRequired  ErrorCode = "password-reset-required"
	CodeNotConfirmed   ErrorCode = "user-not-confirmed"

	CodeSessionUsed    ErrorCode = "session-used"      // a session works once
	CodeSessionInvalid ErrorCode = "session-invalid"   // Cognito does not know a session, or not any more
	CodeExpired        ErrorCode = "code-expired"      // a code that was sent, or that works once
	CodeConfirmed      ErrorCode = "already-confirmed" // a sign-up

	CodeNoAuthenticator ErrorCode = "totp-not-set-up"   // Cognito has none for the user
	CodeNotActive       ErrorCode = "not-active"        // verified, but not known to be active
	CodeStillOn         ErrorCode = "still-on"          // the request to turn it off changed nothing
	CodeNotKnown        ErrorCode = "not-known"         // a look at an account that has to be changed first
	CodeFederated       ErrorCode = "federated-user"    // an identity provider signs the user in, and no pool
	CodeTooManyRestarts ErrorCode = "too-many-restarts" // one session after the other ended

	CodeNotSent     ErrorCode = "password-not-sent" // the person did not want the password itself to be sent
	CodeOddPassword ErrorCode = "odd-password"      // a new one that may have come out of a paste; it was not set
	CodeUnavailable ErrorCode = "unavailable"       // the pool or its plan does not offer it
	CodeUnexpected  ErrorCode = "unexpected"        // an answer that nobody has documented

	CodeUnsupportedChallenge ErrorCode = "unsupported-challenge"
	CodeTooManyChallenges    ErrorCode = "too-many-challenges"
	CodeTOTPNotOffered       ErrorCode = "totp-not-offered" // MFA_SETUP without SOFTWARE_TOKEN_MFA
	CodeBadKey               ErrorCode = "bad-key"          // the SecretCode is not one that an app could take
	CodeNotAsked             ErrorCode = "not-asked"        // the proof met no SOFTWARE_TOKEN_MFA
)

// Error is a failure. Msg says what happened, in lower case and without a full stop. What to do now is a
// Remedy where a front end has something of its own to say about it, such as a flag, and else Hint, in words
// like those of Msg; never both. No field ever holds a secret.
type Error struct {
	Code   ErrorCode
	Fault  Fault
	Field  string // the Field.Key that it is about, or ""
	Msg    string
	Hint   string
	Remedy Remedy
}

func (e *Error) Error() string { return e.Msg }

func invalid(field, msg string) *Error {
	return &Error{Code: CodeInvalidInput, Fault: Retry, Field: field, Msg: msg}
}
