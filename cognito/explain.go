package cognito

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"cognito-enroll/flow"
)

// failure is a failure that is not one of Cognito's exceptions. Its code stands in the table.
type failure struct{ code, text string }

func (t failure) Error() string { return t.code + ": " + t.text }

// explain finds err's row and fills in its words.
func (c *Client) explain(call flow.Call, err error) *flow.Error {
	what := c.placed(identify(err), call)
	row := lookup(what, call)
	operation, request, said := "a call", "", shown(call, what.text)
	if op, ok := errors.AsType[*smithy.OperationError](err); ok {
		operation = op.Operation()
	}
	if admin, ok := call.(adminCall); ok { // the SDK may name another
		operation = admin.operation
	}
	if res, ok := errors.AsType[*awshttp.ResponseError](err); ok && res.ServiceRequestID() != "" {
		request = shown(call, res.ServiceRequestID())
	}
	if said == "" || said == "UnknownError" { // the SDK's word for a message that is missing
		said = "it gave no reason"
	}
	_, detail, ok := strings.Cut(said, ": ")
	if !ok {
		detail = said
	}
	authFlow := flowOf(call)
	named := authFlow
	if named == "" {
		named = "this flow"
	}
	words := func(text string) string {
		return c.fill(text, "flow", named, "operation", operation, "code", shown(call, what.code),
			"text", said, "detail", detail)
	}
	remedy, ids := row.remedy, strings.NewReplacer(
		"{pool}", c.config.PoolID, "{region}", c.config.Region, "{flow}", authFlow, "{operation}", operation,
		"{request}", request,
	)
	for _, p := range []*string{&remedy.Region, &remedy.Pool, &remedy.Flow, &remedy.Operation, &remedy.Request} {
		*p = ids.Replace(*p)
	}
	if remedy.Name == flow.AllowAuthFlow && authFlow == "" {
		remedy = flow.Remedy{Name: flow.ChooseAuthFlow}
	}
	return &flow.Error{
		Code: row.code, Fault: row.fault, Field: row.field,
		Msg: words(row.msg), Hint: words(row.hint), Remedy: remedy,
	}
}

// flowOf is Cognito's name for the flow of call, or "".
func flowOf(call flow.Call) string {
	by := flow.Token
	switch call := call.(type) {
	case flow.SignIn:
		by = call.Flow
	case flow.Respond:
		by = call.Flow
	}
	if by == flow.Token {
		return ""
	}
	return string(wireName(by))
}

// placed says more of a failure, with what is known of the endpoint: whether its name has to be right, and whether an
// exception that nobody has documented can be one of AWS's.
func (c *Client) placed(what failure, call flow.Call) failure {
	undocumented := lookup(what, call) == &faults[len(faults)-1]
	switch {
	case what.code == "no-such-host" && !c.to.AWS:
		what.code = "no-own-host"
	case what.code == "no-such-host" && slices.Contains(knownRegions, c.config.Region):
		what.code = "offline"
	case undocumented && !c.to.AWS && what.code == "UnknownError":
		what.code = "foreign"
	case undocumented && !c.to.AWS:
		what = failure{"foreign", strings.TrimSuffix(what.code+": "+what.text, ": ")}
	}
	return what
}

// fill puts values instead of {slots} as flow.Fill does, and knows the names of what c is about: {client}, {pool},
// {region} and {host}.
func (c *Client) fill(text string, pairs ...string) string {
	pool := strconv.Quote(c.config.PoolID)
	if c.config.PoolID == "" { // of NewForSteps
		pool = "(not named)"
	}
	return flow.Fill(text, append(pairs,
		"client", strconv.Quote(c.config.ClientID), "pool", pool,
		"region", strconv.Quote(c.config.Region),
		"host", c.host,
	)...)
}

// lookup returns the first row that matches; for an administrator's call those of adminFaults come first.
func lookup(what failure, call flow.Call) *fault {
	here := places(call)
	exception, text := strings.TrimSuffix(what.code, "Exception"), strings.ToLower(what.text)
	matches := func(f fault) bool {
		return (f.when == "" || slices.Contains(strings.Fields(f.when), exception)) &&
			strings.Contains(text, f.text) &&
			(f.during == "" || slices.ContainsFunc(strings.Fields(f.during),
				func(d string) bool { return slices.Contains(here, d) }))
	}
	if _, ok := call.(adminCall); ok {
		if i := slices.IndexFunc(adminFaults, matches); i >= 0 {
			return &adminFaults[i]
		}
	}
	return &faults[slices.IndexFunc(faults, matches)]
}

// places are the words by which a row names call: its type, its flow, the challenge and the keys of
// its responses; a sign-in without a password is also Passwordless.
func places(call flow.Call) []string {
	list := []string{strings.TrimPrefix(fmt.Sprintf("%T", call), "flow.")}
	switch call := call.(type) {
	case adminCall:
		list = append(list, call.operation)
	case flow.SignIn:
		list = append(list, string(wireName(call.Flow)))
		if call.Password.Empty() {
			list = append(list, "Passwordless")
		}
	case flow.Respond:
		list = append(list, string(call.Flow), call.Challenge)
		for key := range call.Responses {
			list = append(list, key)
		}
	}
	return list
}

// identify reduces err to an exception of Cognito's, its text included, or to a failure of ours. An
// exception is known by its code, not by its Go type: the SDK has types for those alone that the
// operation's model lists.
//
// Unless it is certain that a request was not carried out, the answer to it counts as lost.
func identify(err error) failure {
	if t, ok := errors.AsType[failure](err); ok {
		return t
	}
	switch {
	case errors.Is(err, context.Canceled):
		return failure{code: "cancelled"}
	case errors.Is(err, context.DeadlineExceeded):
		return failure{code: "no-answer"}
	}
	status, typed := 0, false
	if res, ok := errors.AsType[*awshttp.ResponseError](err); ok {
		status, typed = res.HTTPStatusCode(), res.Response != nil && isJSON(res.Response.Response)
	}
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		known := failure{api.ErrorCode(), api.ErrorMessage()}
		switch {
		case known.code == "UnknownError" && (!typed || status < 400),
			// an empty body; or it judges what was sent
			status >= 500 && !slices.Contains([]flow.Fault{flow.Wait, flow.Elsewhere}, lookup(known, nil).fault):
			return notCognitos(status)
		}
		return known
	}
	if _, ok := errors.AsType[*smithy.DeserializationError](err); ok {
		// The error itself may carry a piece of the body, and with it a token: it is not shown.
		if typed && status < 500 {
			return failure{"malformed", "it cannot be decoded"}
		}
		return notCognitos(status)
	}
	if send, ok := errors.AsType[*smithyhttp.RequestSendError](err); ok {
		return unsent(send)
	}
	if params, ok := errors.AsType[smithy.InvalidParamsError](err); ok {
		return failure{"malfunction", params.Error()}
	}
	return failure{"malfunction", fmt.Sprintf("%T", err)}
}

// notCognitos is an answer that does not look like one of Cognito's. One with a status of 5xx is what a
// gateway in front of it says, too.
func notCognitos(status int) failure {
	text := fmt.Sprintf("%d %s", status, http.StatusText(status))
	if http.StatusText(status) == "" {
		text = fmt.Sprintf("HTTP status %d", status)
	}
	if status >= 500 && status < 600 {
		return failure{"server-error", text}
	}
	return failure{"not-cognito", text}
}

func isJSON(res *http.Response) bool {
	return strings.Contains(res.Header.Get("Content-Type"), "json")
}

// unsent tells failures to reach the host from the loss of an answer.
func unsent(err error) failure {
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		if dns.IsNotFound {
			return failure{"no-such-host", dns.Name}
		}
		return failure{"unreachable", dns.Err}
	}
	if errors.Is(err, http.ErrSchemeMismatch) {
		return failure{"tls", "it speaks plain http"}
	}
	if e, ok := errors.AsType[x509.HostnameError](err); ok {
		return failure{"other-host", e.Error()}
	}
	if e, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return failure{"tls", e.Err.Error()}
	}
	if e, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return failure{"tls", e.Msg}
	}
	op, ok := errors.AsType[*net.OpError](err)
	if ok && (op.Op == "remote error" || op.Op == "local error") { // an alert, for which crypto/tls exports no type
		return failure{"tls", strings.TrimPrefix(op.Err.Error(), "tls: ")}
	}
	if _, text, found := strings.Cut(err.Error(), "tls: "); found { // nor for what fails in a handshake
		return failure{"tls", text}
	}
	if strings.HasSuffix(err.Error(), "TLS handshake timeout") { // net/http exports no type for it
		return failure{"unreachable", "TLS handshake timeout"}
	}
	if ok && (op.Op == "dial" || op.Op == "proxyconnect") {
		return failure{"unreachable", op.Err.Error()}
	}
	// An answer that is not HTTP, for which net/http exports no type either. A connection that ended gives an error of
	// package io or net in its place.
	notHTTP := strings.Contains(err.Error(), "net/http: HTTP/1.x transport connection broken: ")
	if notHTTP && !ok && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) ||
		strings.Contains(err.Error(), "net/http: server response headers exceeded") {
		return failure{"not-http", "it is not HTTP"}
	}
	return failure{code: "no-answer"}
}

// shown is a text of the server's as it may be shown: in one line, at most 200 characters, without a
// full stop, and without the secrets that were sent to it.
func shown(call flow.Call, text string) string {
	var list []flow.Secret
	if call != nil {
		list = call.Secrets()
	}
	// one may be part of another
	slices.SortFunc(list, func(a, b flow.Secret) int { return len(b.Reveal()) - len(a.Reveal()) })
	for _, s := range list {
		// Nothing shorter is a password or a code.
		if utf8.RuneCountInString(s.Reveal()) >= 4 {
			text = strings.ReplaceAll(text, s.Reveal(), "[secret]")
		}
	}
	text = strings.TrimSuffix(strings.Join(strings.Fields(text), " "), ".")
	if r := []rune(text); len(r) > 200 {
		text = string(r[:200]) + "…"
	}
	return text
}
