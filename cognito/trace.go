package cognito

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"cognito-enroll/flow"
)

// Trace writes what happens to calls, for somebody who has to find out why one goes wrong: a line for each attempt
// of a request, and one for what it meant. No line has a body, a header that authorizes, or a secret that a call
// or a result of the same Trace had, and none has a user's name unless Users. It is safe for concurrent use.
type Trace struct {
	Out   io.Writer
	Users bool             // names of users may be shown
	Now   func() time.Time // default: time.Now

	mu     sync.Mutex
	calls  int
	hidden []string // longest first
}

// traced is a call under way, in its context.
type traced struct {
	trace   *Trace
	host    string
	call    flow.Call
	n       int
	attempt int
	skew    *time.Duration
}

type traceKey struct{}

// begin numbers a call. A nil Trace has nothing to do.
func (t *Trace) begin(ctx context.Context, host string, call flow.Call, skew *time.Duration) (context.Context,
	*traced) {
	if t == nil {
		return ctx, nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.calls++
	for _, s := range call.Secrets() {
		t.hide(s.Reveal())
	}
	if !t.Users {
		t.hide(userOf(call))
	}
	c := &traced{trace: t, host: host, call: call, n: t.calls, skew: skew}
	return context.WithValue(ctx, traceKey{}, c), c
}

// leastHidden is in bytes: what is shorter is neither a password nor a code, and would tear other words.
const leastHidden = 4

// hide keeps text out of what follows.
func (t *Trace) hide(text string) {
	if len(text) < leastHidden || slices.Contains(t.hidden, text) {
		return
	}
	t.hidden = append(t.hidden, text)
	slices.SortFunc(t.hidden, func(a, b string) int { return len(b) - len(a) })
}

// userOf is the name that a call has of somebody, "" if it has none.
func userOf(call flow.Call) string {
	switch c := call.(type) {
	case adminCall:
		return c.user
	case flow.SignIn:
		return c.Username
	case flow.Respond:
		return c.Username
	case flow.Forgot:
		return c.Username
	case flow.Reset:
		return c.Username
	case flow.Resend:
		return c.Username
	case flow.Confirm:
		return c.Username
	case flow.Verify:
		return c.Device // people name their phones after themselves
	}
	return ""
}

// attempted writes what came of one attempt that began at start.
func (c *traced) attempted(operation string, start time.Time, metadata middleware.Metadata, err error) {
	c.attempt++
	if admin, ok := c.call.(adminCall); ok { // the SDK may name another
		operation = admin.operation
	}
	status, request := 0, ""
	if raw, ok := awsmiddleware.GetRawResponse(metadata).(*smithyhttp.Response); ok && raw != nil {
		status = raw.StatusCode
	}
	request, _ = awsmiddleware.GetRequestIDMetadata(metadata)
	if res, ok := errors.AsType[*awshttp.ResponseError](err); ok {
		status, request = res.HTTPStatusCode(), res.ServiceRequestID()
	}
	fields := []string{"operation", operation, "attempt", strconv.Itoa(c.attempt), "host", c.host,
		"duration", time.Since(start).Round(time.Millisecond).String()}
	if status != 0 {
		fields = append(fields, "status", strconv.Itoa(status))
	}
	if request != "" {
		fields = append(fields, "request", request)
	}
	if *c.skew != 0 {
		fields = append(fields, "clock_ahead", c.skew.String())
	}
	if err != nil {
		what := identify(err)
		fields = append(fields, "error", what.code, "text", shown(c.call, c.trace.masked(what.text)))
	}
	c.trace.line(c.n, fields)
}

// end writes what the call meant.
func (c *traced) end(event flow.Event) {
	if c == nil {
		return
	}
	t := c.trace
	fields := []string{"call", strings.TrimPrefix(fmt.Sprintf("%T", c.call), "flow.")}
	switch e := event.(type) {
	case flow.Failed:
		fields = append(fields, "fault", e.Err.Fault.String(), "code", string(e.Err.Code), "done", e.Done.String())
	case flow.Reply:
		t.mu.Lock()
		for _, s := range secretsOf(e.Result) {
			t.hide(s.Reveal())
		}
		if p, ok := e.Result.(flow.Profile); ok && !t.Users {
			t.hide(p.Username)
		}
		t.mu.Unlock()
		fields = append(fields, "result", strings.TrimPrefix(fmt.Sprintf("%T", e.Result), "flow."))
		if challenge, ok := e.Result.(flow.Challenge); ok {
			fields = append(fields, "challenge", challenge.Name)
		}
	}
	t.line(c.n, fields)
}

// Learned notes what flow knows of the account after the last call. A nil Trace has nothing to do.
func (t *Trace) Learned(f flow.Facts) {
	if t == nil {
		return
	}
	t.mu.Lock()
	n := t.calls
	t.mu.Unlock()
	t.line(n, []string{"new", f.New.String(), "old", f.Old.String(), "password_changed", f.Password.String(),
		"sign_up_confirmed", f.Confirmed.String(), "codes_by_email", f.Email.String(), "sign_in_asked", f.Asked.String(),
		"listed", f.Listed.String(), "tested", strconv.FormatBool(f.Tested)})
}

// Learned notes in the Trace, if there is one, what flow knows of the account after the last call.
func (c *Client) Learned(f flow.Facts) { c.config.Trace.Learned(f) }

// secretsOf are those of a result; a challenge's parameters may name the user.
func secretsOf(r flow.Result) []flow.Secret {
	switch r := r.(type) {
	case flow.Challenge:
		list := []flow.Secret{r.Session}
		for _, value := range r.Params {
			list = append(list, flow.NewSecret(value))
		}
		return list
	case flow.Tokens:
		return []flow.Secret{r.AccessToken}
	case flow.Associated:
		return []flow.Secret{r.Key, r.Session}
	case flow.Verified:
		return []flow.Secret{r.Session}
	case flow.Delivered:
		return []flow.Secret{flow.NewSecret(r.Destination)}
	}
	return nil
}

// hides keeps the secrets of a request that is one of several of a call out of what follows.
func hides(ctx context.Context, secrets []flow.Secret) {
	c, ok := ctx.Value(traceKey{}).(*traced)
	if !ok {
		return
	}
	c.trace.mu.Lock()
	defer c.trace.mu.Unlock()
	for _, s := range secrets {
		c.trace.hide(s.Reveal())
	}
}

// masked is text without what is hidden. It comes before text is cut, or a part of a secret could stay.
func (t *Trace) masked(text string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.mask(text)
}

func (t *Trace) mask(text string) string {
	for _, hidden := range t.hidden {
		text = strings.ReplaceAll(text, hidden, "[hidden]")
	}
	return text
}

func (t *Trace) now() time.Time {
	if t.Now != nil {
		return t.Now()
	}
	return time.Now()
}

// line writes names and values. A value that a space or a quote could tear is quoted.
func (t *Trace) line(n int, fields []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var b strings.Builder
	fmt.Fprintf(&b, "%s n=%d", t.now().UTC().Format("2006-01-02T15:04:05.000Z"), n)
	for i := 0; i < len(fields); i += 2 {
		value := t.mask(fields[i+1])
		if value = flow.Printable(value); value == "" || strings.ContainsAny(value, " \"=\\") {
			value = strconv.Quote(value)
		}
		fmt.Fprintf(&b, " %s=%s", fields[i], value)
	}
	fmt.Fprintln(t.Out, b.String())
}
