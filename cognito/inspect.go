package cognito

import (
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-enroll/cognito/srp"
	"cognito-enroll/flow"
)

// Inspection is what Inspect found out.
type Inspection struct {
	Host     string // who was asked
	Findings []Finding
	Dated    bool          // an answer had a Date to compare with
	Skew     time.Duration // then: how far our clock is ahead of it, in whole seconds
}

// Finding is one thing that is known, or not to be known, about a pool and its app client. Text and
// Hint follow the rules of flow.Error's, and hold no secret; they may quote a server.
type Finding struct {
	Topic  string      `json:"topic"` // what it is about, such as "client-secret"; the values are stable
	Level  Level       `json:"level"`
	Text   string      `json:"text"`
	Hint   string      `json:"hint,omitempty"`
	Remedy flow.Remedy `json:"remedy,omitzero"`  // instead of Hint
	Repair *Repair     `json:"repair,omitempty"` // for a setting of AWS's
	Fault  flow.Fault  `json:"-"`                // of a LevelProblem: what the person can do
}

// Level says what a Finding means for an enrollment.
type Level string

const (
	LevelOK      Level = "ok"
	LevelWarning Level = "warning" // an enrollment works, but there is something to know
	LevelProblem Level = "problem" // none works before this is fixed
	LevelUnknown Level = "unknown" // not to be known from here
)

// Repair is where a setting is changed, or read: one of three ways, for whoever runs the pool.
type Repair struct {
	Console   string `json:"console"`        // the way through the AWS console
	CLI       string `json:"cli"`            // a line for the AWS CLI
	Note      string `json:"note,omitempty"` // what to mind with it
	Terraform string `json:"terraform"`      // resource and attribute of the AWS provider
}

// Inspect finds out whether an enrollment could work. It begins sign-ins, four at most, for users
// that do not exist, and goes on with none: nothing is changed, and nobody can be locked out. What
// their refusals do not tell is asked with Config.Credentials, if there are any, by
// DescribeUserPoolClient and GetUserPoolMfaConfig. Each call takes 20 seconds at most.
func (c *Client) Inspect(ctx context.Context) Inspection {
	const none time.Duration = -1 << 63
	skew := none
	ctx = context.WithValue(ctx, skewKey{}, &skew)

	x := inspector{Client: c, answers: map[flow.AuthFlow]*flow.Error{}}
	x.beginEach(ctx)
	if c.config.Credentials != nil && !x.inferred(absent) {
		x.describe(ctx)
	}
	in := Inspection{Host: c.host, Findings: x.findings()}
	if skew != none {
		in.Dated, in.Skew = true, skew
	}
	return in
}

// inspector is an Inspect under way.
type inspector struct {
	*Client // without a secret, once it is known that the app client has none

	answers  map[flow.AuthFlow]*flow.Error // to the sign-ins that were begun; nil is a first challenge
	needless bool                          // a secret was given, and the app client has none

	// What Cognito answered to signed calls, if it was asked.
	client    *types.UserPoolClientType
	clientErr *flow.Error
	mfa       *mfaConfig
	mfaErr    *flow.Error
}

// automatic are the flows that flow.Auto tries, in its order.
var automatic = []flow.AuthFlow{flow.SRP, flow.Password, flow.Choice}

// beginEach begins a sign-in with each flow. Cognito refuses a proof of a client secret in the same words
// whether it is another secret's or the app client has none, so once it is left out.
func (x *inspector) beginEach(ctx context.Context) {
	tried := false
	for _, f := range automatic {
		err := x.begin(ctx, f)
		if err != nil && err.Code == clientSecretWrong && !tried {
			tried = true
			bare := *x.Client
			bare.config.ClientSecret = flow.Secret{}
			without := bare.begin(ctx, f)
			if v := infer(without); v == allowed || v == denied {
				x.Client, x.needless, err = &bare, true, without
			}
		}
		x.answers[f] = err
		if infer(err) == absent {
			return
		}
	}
}

// begin sends the first request of a sign-in for a user with a name that nobody has; where there must
// be a password, it is nobody's.
func (c *Client) begin(ctx context.Context, f flow.AuthFlow) *flow.Error {
	ctx, cancel := c.config.within(ctx, 1)
	defer cancel()
	call := flow.SignIn{Flow: f}
	half, err := srp.NewClient(c.config.Random)
	if err != nil {
		return c.explain(call, failure{"malfunction", err.Error()})
	}
	random := half.A()
	call.Username = "cognito-enroll-doctor-" + random[:16]
	parameters := map[string]string{"USERNAME": call.Username}
	switch f {
	case flow.SRP:
		parameters["SRP_A"] = random
	case flow.Password:
		call.Password = flow.NewSecret(random[16:48])
		parameters["PASSWORD"] = call.Password.Reveal()
	}
	if _, err := c.initiate(ctx, f, parameters); err != nil {
		return c.explain(call, err)
	}
	return nil
}

// inference is what an answer tells about the flow that it was asked with.
type inference int

const (
	obscured inference = iota // nothing: it is about something else
	allowed
	denied // the app client does not allow it, or the pool does not have it
	locked // the client secret stands before it
	absent // Cognito did not answer, or there is no such app client
)

func infer(err *flow.Error) inference {
	if err == nil {
		return allowed
	}
	switch err.Code {
	case userNotFound, flow.CodeWrongPassword, refused, triggerRefused, flow.CodeResetRequired, flow.CodeNotConfirmed,
		lockedOut, userDisabled:
		return allowed
	case flow.CodeFlowNotEnabled, flow.CodeUnavailable:
		return denied
	case clientSecretMissing, clientSecretWrong:
		return locked
	case clientNotFound, poolNotFound, unreachable, tlsFailed, notCognito, flow.CodeNoAnswer, flow.CodeCanceled:
		return absent
	}
	return obscured
}

// inferred reports whether an answer is one of these.
func (x *inspector) inferred(as ...inference) bool {
	for _, err := range x.answers {
		if slices.Contains(as, infer(err)) {
			return true
		}
	}
	return false
}
