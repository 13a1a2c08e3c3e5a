package step

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/flow"
	"cognito-enroll/ui"
	"cognito-enroll/ui/ndjson"
)

// Step is one call. Connect leads to where it is made, which may be the pool of the access token.
type Step struct {
	Pool    string // user pool ID; "" if nobody named one
	Connect func(pool string) (ui.Pool, error)
	Out     io.Writer
	Now     func() time.Time
}

// Entry is what the app shows, as far as anybody said.
type Entry struct{ Issuer, Account string }

// associated and verified are what goes out. Times are RFC 3339 in UTC.
type (
	associated struct {
		Key     string `json:"key"` // base32
		URI     string `json:"uri"` // otpauth://
		Session string `json:"session,omitempty"`
		Expires string `json:"expires_at_least,omitempty"` // Cognito keeps the session or the token until then
	}
	verified struct {
		Status  string `json:"status"`
		Session string `json:"session,omitempty"`
	}
	failed struct {
		Problem  *ndjson.Error `json:"problem"`
		Standing string        `json:"standing,omitempty"` // what may have happened all the same
	}
)

// Associate asks for a key, and gives draw the URI of it if there is one.
func (s Step) Associate(ctx context.Context, in Input, entry Entry, draw func(uri string) error) error {
	token, to, err := s.begin(in)
	if err != nil {
		return err
	}
	reply, err := s.call(ctx, to, flow.Associate{Grant: in.Grant})
	if err != nil {
		return err
	}
	got := reply.Result.(flow.Associated)
	out := associated{Key: got.Key.Reveal(), Session: got.Session.Reveal()}
	ends := token.Expires
	if in.Grant.AccessToken.Empty() {
		ends = flow.SessionEnds(reply.At)
	}
	out.Expires = ends.UTC().Format(time.RFC3339)
	uri := flow.KeyURI(entry.issuer(s.Pool, token.Pool), entry.label(token.Username), got.Key)
	out.URI = uri.Reveal()
	if err := s.write(out); err != nil || draw == nil {
		return err
	}
	return draw(uri.Reveal())
}

// issuer names the service after the pool if nobody did.
func (e Entry) issuer(pools ...string) string {
	if e.Issuer != "" {
		return e.Issuer
	}
	for _, pool := range pools {
		if pool != "" {
			_, name := flow.SplitPoolID(pool)
			return "Cognito " + name
		}
	}
	return "Cognito"
}

// label is the user of the token if nobody said, and with a Session nobody knows.
func (e Entry) label(ofToken string) string {
	switch {
	case e.Account != "":
		return e.Account
	case ofToken != "":
		return ofToken
	}
	return "user"
}

// Verify sends a code, unless it does not fit the key.
func (s Step) Verify(ctx context.Context, in Input) error {
	_, to, err := s.begin(in)
	if err != nil {
		return err
	}
	if !in.Key.Empty() {
		if unfit := flow.Unfit(in.Key, in.Code, s.Now()); unfit != nil {
			return s.fail(unfit, "")
		}
	}
	reply, err := s.call(ctx, to, flow.Verify{Grant: in.Grant, Code: in.Code, Device: in.Device})
	if err != nil {
		return err
	}
	return s.write(verified{Status: "SUCCESS", Session: reply.Result.(flow.Verified).Session.Reveal()})
}

// begin looks at the access token, if there is one, before it is sent, and leads to where calls go.
func (s Step) begin(in Input) (token flow.AccessToken, to ui.Pool, err error) {
	if !in.Grant.AccessToken.Empty() {
		var wrong *flow.Error
		if token, wrong = flow.ReadAccessToken(in.Grant.AccessToken, s.Pool, s.Now()); wrong != nil {
			return token, nil, s.fail(wrong, "")
		}
	}
	to, err = s.Connect(token.Pool)
	return token, to, err
}

func (s Step) call(ctx context.Context, to ui.Pool, call flow.Call) (flow.Reply, error) {
	switch event := to.Do(ctx, call).(type) {
	case flow.Reply:
		return event, nil
	case flow.Failed:
		return flow.Reply{}, s.fail(event.Err, flow.AfterStep(call, event.Done))
	default:
		return flow.Reply{}, fmt.Errorf("%T is no answer to %T", event, call)
	}
}

// fail writes the problem for programs, and returns it for people.
func (s Step) fail(problem *flow.Error, standing string) error {
	if err := s.write(failed{ndjson.NewError(problem), standing}); err != nil {
		return err
	}
	return &exit.Unfinished{Problem: problem, Standing: standing}
}

func (s Step) write(object any) error {
	e := json.NewEncoder(s.Out)
	e.SetEscapeHTML(false)
	return e.Encode(object)
}
