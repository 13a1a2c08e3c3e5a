package cognito

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"

	"cognito-enroll/flow"
)

// outcome is what the attempts of one call leave open. A call may be made of several requests, and
// a request of several attempts, of which the SDK returns only the last error.
type outcome struct {
	call      flow.Call
	uncertain bool // an attempt failed that may have been carried out
	answered  bool // the last attempt succeeded
}

// done is flow.Failed.Done for a call that failed with err. A success that is of no use to us says
// nothing about what was done.
func (o *outcome) done(err error) flow.Known {
	if _, ours := errors.AsType[failure](err); o.uncertain || ours && o.answered {
		return flow.Unknown
	}
	return flow.No
}

type (
	outcomeKey struct{} // leads to the *outcome of a Do
	arrivedKey struct{} // leads to an *atomic.Bool: the request of this attempt may have arrived
)

// watch adds a middleware that sees the error of each attempt.
func watch(stack *middleware.Stack) error {
	return stack.Finalize.Insert(middleware.FinalizeMiddlewareFunc("Outcome", func(
		ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler,
	) (middleware.FinalizeOutput, middleware.Metadata, error) {
		o, ok := ctx.Value(outcomeKey{}).(*outcome)
		if !ok {
			return next.HandleFinalize(ctx, in)
		}
		arrived := new(atomic.Bool)
		start := time.Now()
		out, metadata, err := next.HandleFinalize(context.WithValue(ctx, arrivedKey{}, arrived), in)
		if c, ok := ctx.Value(traceKey{}).(*traced); ok {
			c.attempted(awsmiddleware.GetOperationName(ctx), start, metadata, err)
		}
		o.answered = err == nil
		o.uncertain = o.uncertain || err != nil && arrived.Load() && !beforeCommit(o.call, err)
		return out, metadata, err
	}), "Retry", middleware.After)
}

// early are the exceptions that Cognito gives before it does what a call asks for. Those that are
// missing may come later: triggers run after a password was set or a sign-up was confirmed, codes
// are sent for the step that follows, and ConcurrentModificationException may come from the same
// request, delivered twice. Nothing is known about exceptions that nobody has documented.
var early = strings.Fields(`
	NotAuthorized InvalidParameter ResourceNotFound UserNotFound UserNotConfirmed PasswordResetRequired
	InvalidPassword PasswordHistoryPolicyViolation AliasExists CodeMismatch ExpiredCode EnableSoftwareTokenMFA
	SoftwareTokenMFANotFound MFAMethodNotFound LimitExceeded TooManyFailedAttempts
	TooManyRequests Throttling Throttled RequestThrottled RequestLimitExceeded SlowDown Forbidden
	FeatureUnavailableInTier OperationNotEnabled UnsupportedOperation Unsupported
	AccessDenied MissingAuthenticationToken ExpiredToken UnrecognizedClient InvalidClientTokenId InvalidSignature
	SignatureDoesNotMatch UnsupportedUserState UnknownOperation`)

// beforeCommit reports whether err is certain to come before anything was done for call. Certain is
// only a refusal in Cognito's form; an error with status 500 or above is none, whatever its name.
func beforeCommit(call flow.Call, err error) bool {
	res, ok := errors.AsType[*awshttp.ResponseError](err)
	if !ok || res.HTTPStatusCode() < 400 || res.HTTPStatusCode() >= 500 {
		return false
	}
	api, ok := errors.AsType[smithy.APIError](err)
	if !ok || !slices.Contains(early, strings.TrimSuffix(api.ErrorCode(), "Exception")) {
		return false
	}
	code := lookup(identify(err), call).code
	switch code {
	case flow.CodeSessionUsed, flow.CodeConfirmed, flow.CodeUsed:
		return false // perhaps by this request, which was delivered twice
	}
	switch call := call.(type) {
	case flow.Reset, flow.Confirm:
		return code != flow.CodeExpired // a code that was used is an expired one
	case flow.Respond:
		// The answer is taken first, and a refusal may be that of the step that follows.
		return !commits(call) || !slices.Contains(ofNextStep, code)
	}
	return true
}

// commits reports whether the answer to a challenge may change the user: set a password or a factor.
func commits(call flow.Respond) bool {
	return slices.Contains([]types.ChallengeNameType{
		types.ChallengeNameTypeNewPasswordRequired, types.ChallengeNameTypeMfaSetup, types.ChallengeNameTypeEmailOtp,
	}, types.ChallengeNameType(call.Challenge))
}

// ofNextStep are refusals that a sign-in can meet after it took a new password or a second factor.
var ofNextStep = []flow.ErrorCode{
	noFactor, totpOff, flow.CodeNoAuthenticator, userDisabled, flow.CodeNotConfirmed, flow.CodeResetRequired,
	limitExceeded, flow.CodeUnavailable, refused,
}

// incomplete fails for a result that flow could not rely on. The SDK returns no error for an answer
// without the members that count, such as {} or one with nulls.
func incomplete(call flow.Call, result flow.Result) error {
	lacks := func(member string) error { return failure{"incomplete", "there is no " + member} }
	bySession := true
	switch call := call.(type) {
	case flow.Associate:
		bySession = call.Grant.AccessToken.Empty()
	case flow.Verify:
		bySession = call.Grant.AccessToken.Empty()
	}
	switch r := result.(type) {
	case flow.Challenge:
		switch {
		case r.Name == "":
			return lacks("ChallengeName")
		case r.Session.Empty():
			return lacks("Session")
		}
	case flow.Tokens:
		if r.AccessToken.Empty() {
			return lacks("AccessToken")
		}
	case flow.Associated:
		switch {
		case r.Key.Empty():
			return lacks("SecretCode")
		case bySession && r.Session.Empty():
			return lacks("Session")
		}
	case flow.Verified:
		if bySession && r.Session.Empty() {
			return lacks("Session")
		}
	case flow.Profile:
		if r.Username == "" {
			return lacks("Username")
		}
	case flow.Listed:
		if slices.ContainsFunc(r.Options, func(o flow.Option) bool { return o.Value == "" }) {
			return lacks("id")
		}
	case flow.Accepted, flow.Delivered:
	default:
		return failure{"malfunction", fmt.Sprintf("%T has the result %T", call, result)}
	}
	return nil
}

// witness notes whether a request may have arrived, and reads the answer, maxAnswer bytes at most. A
// success that is not one JSON object is handed on as an error of reading it.
type witness struct{ http.RoundTripper }

func (w witness) RoundTrip(r *http.Request) (*http.Response, error) {
	var read atomic.Bool
	r = r.WithContext(r.Context()) // a RoundTripper must not change the one it was given
	r.Body = noticed{r.Body, &read}
	res, err := w.RoundTripper.RoundTrip(r)
	if arrived, ok := r.Context().Value(arrivedKey{}).(*atomic.Bool); ok {
		arrived.Store(err == nil || read.Load() || !neverSent(r.Context(), err))
	}
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	res.Body.Close()
	switch {
	case err != nil && r.Context().Err() == nil && !ended(err):
		err = failure{"not-http", "its body cannot be read"}
	case err != nil && r.Context().Err() == nil:
		err = failure{code: "cut"}
	case err == nil && len(body) > maxAnswer:
		err = failure{"too-large", fmt.Sprintf("%d %s", res.StatusCode, http.StatusText(res.StatusCode))}
	case err == nil && res.StatusCode/100 == 2:
		err = unlike(res, body)
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	if err != nil {
		res.Body = io.NopCloser(failing{err})
	}
	return res, nil
}

// ended reports whether err is the end of a connection, and not something wrong with what came over it.
func ended(err error) bool {
	_, network := errors.AsType[net.Error](err)
	return network || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// neverSent reports whether an attempt ended before anything of it was sent, provided that nobody has
// read its body: no connection came about, or the caller had gone. Other errors count as the loss of
// an answer, as not every RoundTripper needs the body to be read.
func neverSent(ctx context.Context, err error) bool {
	code := unsent(err).code
	return ctx.Err() != nil || code != "no-answer" && code != "not-http"
}

// unlike fails for a success that Cognito cannot have sent: it answers with a JSON object, if only
// with {}.
func unlike(res *http.Response, body []byte) error {
	var object map[string]json.RawMessage
	err := json.Unmarshal(body, &object)
	body = bytes.TrimSpace(body)
	switch {
	case object != nil && err == nil && object["__type"] == nil:
		return nil
	case !isJSON(res):
		return notCognitos(res.StatusCode)
	case len(body) == 0 || bytes.Equal(body, []byte("null")):
		return failure{"incomplete", "it is empty"}
	case err != nil && body[0] == '{' && strings.Contains(err.Error(), "unexpected end"):
		return failure{code: "cut"} // encoding/json exports no error for it
	}
	return failure{"malformed", "it cannot be decoded"}
}

// noticed is a request's body that notes whether anybody has read from it.
type noticed struct {
	io.ReadCloser
	read *atomic.Bool
}

func (n noticed) Read(p []byte) (int, error) {
	n.read.Store(true)
	return n.ReadCloser.Read(p)
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
