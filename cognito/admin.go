package cognito

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"cognito-enroll/flow"
)

// Admin makes an administrator's calls about the users of one pool, signed with Config.Credentials. It is safe for
// concurrent use when its Config's Now is.
type Admin struct{ *Client }

// NewAdmin returns the Admin of the pool of c, which needs no ClientID. Its error is a *ConfigError.
func NewAdmin(c Config) (*Admin, error) {
	if !flow.IsPoolID(c.PoolID) {
		return nil, invalid("a user pool ID looks like us-east-1_AbCdEf123; its overview page in the console shows it",
			"%q is %s", c.PoolID, flow.NoPoolID(c.PoolID))
	}
	if c.Region == "" {
		c.Region, _ = flow.SplitPoolID(c.PoolID)
	}
	client, err := c.client()
	if err != nil {
		return nil, err
	}
	return &Admin{client}, nil
}

// Region returns the AWS region that is asked.
func (a *Admin) Region() string { return a.config.Region }

// PoolID returns the pool's ID.
func (a *Admin) PoolID() string { return a.config.PoolID }

// Outcome is what came of one signed call.
type Outcome struct {
	Operation string      // of the API, such as AdminGetUser
	Request   string      // AWS's ID of the last request, "" if no answer came
	At        time.Time   // when the answer came, or was given up
	Done      flow.Known  // whether it was carried out; Yes without Err
	Err       *flow.Error // nil if it succeeded; its texts can be shown on a terminal
	Pause     bool        // Err says that there were too many requests
}

// adminCall is a signed call, for the tables of faults and outcomes. Only what is secret of its input is in it.
type adminCall struct {
	operation string
	user      string // the name that is asked about, "" for none
	secrets   []flow.Secret
}

// Fits implements flow.Call. No run makes it, so no result is one of a run's.
func (adminCall) Fits(flow.Result) bool { return false }

// Secrets implements flow.Call.
func (c adminCall) Secrets() []flow.Secret { return c.secrets }

// do makes a call, which takes Config.Timeout at most.
func (a *Admin) do(ctx context.Context, call adminCall,
	send func(context.Context) (middleware.Metadata, error)) Outcome {
	ctx, cancel := a.config.within(ctx, 1)
	defer cancel()
	outcome := &outcome{call: call}
	var skew time.Duration
	ctx = context.WithValue(context.WithValue(ctx, skewKey{}, &skew), outcomeKey{}, outcome)
	ctx, _ = a.config.Trace.begin(ctx, a.host, call, &skew)
	o := Outcome{Operation: call.operation, Done: flow.Yes}
	err := a.needCredentials(ctx)
	if err == nil {
		var metadata middleware.Metadata
		metadata, err = send(ctx)
		o.Request, _ = awsmiddleware.GetRequestIDMetadata(metadata)
	}
	if err != nil {
		o.Err, o.Done = a.explain(call, err), outcome.done(err)
		o.Pause = o.Err.Code == throttled
		if res, ok := errors.AsType[*awshttp.ResponseError](err); ok {
			o.Request = res.ServiceRequestID()
		}
		for _, text := range []*string{&o.Err.Msg, &o.Err.Hint, &o.Err.Remedy.Request} {
			*text = flow.Printable(*text)
		}
	}
	o.Request, o.At = flow.Printable(shown(call, o.Request)), a.config.Now()
	return o
}

// DeleteSoftwareToken makes Cognito forget a user's authenticator (API reference, AdminDeleteSoftwareToken). The
// answer says nothing about whether there was one.
//
// The SDK does not have the operation. Its input and output are those of AdminUserGlobalSignOut, so that is sent
// with another target. If the target were lost, the call would sign the user out, so nothing is sent without it.
func (a *Admin) DeleteSoftwareToken(ctx context.Context, username string) Outcome {
	return a.do(ctx, adminCall{operation: deleteToken, user: username},
		func(ctx context.Context) (middleware.Metadata, error) {
			out, err := a.api.AdminUserGlobalSignOut(ctx,
				&cip.AdminUserGlobalSignOutInput{UserPoolId: &a.config.PoolID, Username: &username},
				func(o *cip.Options) { o.APIOptions = append(slices.Clone(o.APIOptions), retarget(deleteToken)...) })
			return metadata(out, err)
		})
}

// targetHeader names the operation of a request, after targetPrefix.
const targetHeader, targetPrefix = "X-Amz-Target", "AWSCognitoIdentityProviderService."

// retarget returns what makes the SDK send another operation than the method is for: the header is set before the
// request is signed, and looked at after everything else was done to the request.
func retarget(operation string) []func(*middleware.Stack) error {
	target := targetPrefix + operation
	return []func(*middleware.Stack) error{smithyhttp.SetHeaderValue(targetHeader, target), wantTarget(target)}
}

// wantTarget sends nothing that has not this one target.
func wantTarget(target string) func(*middleware.Stack) error {
	return func(stack *middleware.Stack) error {
		return stack.Deserialize.Add(middleware.DeserializeMiddlewareFunc("WantTarget", func(
			ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler,
		) (middleware.DeserializeOutput, middleware.Metadata, error) {
			request, ok := in.Request.(*smithyhttp.Request)
			if !ok || !slices.Equal(request.Header.Values(targetHeader), []string{target}) {
				return middleware.DeserializeOutput{}, middleware.Metadata{},
					failure{"malfunction", "the request was for another operation, and was not sent"}
			}
			return next.HandleDeserialize(ctx, in)
		}), middleware.After)
	}
}

// SignOut ends all sessions of a user (API reference, AdminUserGlobalSignOut). Access tokens that exist stay good
// until they expire wherever nobody asks Cognito about them.
func (a *Admin) SignOut(ctx context.Context, username string) Outcome {
	return a.do(ctx, adminCall{operation: "AdminUserGlobalSignOut", user: username},
		func(ctx context.Context) (middleware.Metadata, error) {
			out, err := a.api.AdminUserGlobalSignOut(ctx,
				&cip.AdminUserGlobalSignOutInput{UserPoolId: &a.config.PoolID, Username: &username}, a.repeatable)
			return metadata(out, err)
		})
}

// ForgetDevice makes Cognito forget a device, whose next sign-in needs the second factor again.
func (a *Admin) ForgetDevice(ctx context.Context, username, key string) Outcome {
	return a.do(ctx, adminCall{operation: "AdminForgetDevice", user: username},
		func(ctx context.Context) (middleware.Metadata, error) {
			out, err := a.api.AdminForgetDevice(ctx,
				&cip.AdminForgetDeviceInput{UserPoolId: &a.config.PoolID, Username: &username, DeviceKey: aws.String(key)})
			return metadata(out, err)
		})
}

// metadata returns that of an output, of which there is none with an error.
func metadata(out any, err error) (middleware.Metadata, error) {
	if err != nil {
		return middleware.Metadata{}, err
	}
	switch out := out.(type) {
	case *cip.AdminUserGlobalSignOutOutput:
		return out.ResultMetadata, nil
	case *cip.AdminForgetDeviceOutput:
		return out.ResultMetadata, nil
	case *cip.AdminGetUserOutput:
		return out.ResultMetadata, nil
	case *cip.AdminListDevicesOutput:
		return out.ResultMetadata, nil
	case *cip.ListUsersOutput:
		return out.ResultMetadata, nil
	case *cip.DescribeUserPoolOutput:
		return out.ResultMetadata, nil
	case *cip.GetUserPoolMfaConfigOutput:
		return out.ResultMetadata, nil
	}
	return middleware.Metadata{}, failure{"malfunction", "an output is unknown"}
}
