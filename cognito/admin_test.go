package cognito

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/credentials"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/smithy-go/middleware"
	"github.com/google/go-cmp/cmp"

	"cognito-enroll/flow"
)

// newAdmin returns the Admin of pool us-east-1_AbCdEf123 to which t answers.
func newAdmin(tb testing.TB, t transport) *Admin {
	tb.Helper()
	a, err := NewAdmin(Config{
		PoolID:      "us-east-1_AbCdEf123",
		Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", theAWSKey.Reveal(), ""),
		Transport:   t,
	})
	if err != nil {
		tb.Fatal(err)
	}
	return a
}

// The SDK does not have AdminDeleteSoftwareToken. Under a wrong target the same request would sign the user out.
func TestDeleteSoftwareTokenOnTheWire(t *testing.T) {
	var sent []*http.Request
	var body []byte
	a := newAdmin(t, func(r *http.Request) (*http.Response, error) {
		sent = append(sent, r)
		body, _ = io.ReadAll(r.Body)
		header := http.Header{"Content-Type": {"application/x-amz-json-1.1"}, "X-Amzn-Requestid": {"req-1"}}
		return respondWith(http.StatusOK, header, "{}"), nil
	})
	o := a.DeleteSoftwareToken(t.Context(), "amy")
	if o.Err != nil || o.Done != flow.Yes || o.Operation != "AdminDeleteSoftwareToken" || o.Request != "req-1" {
		t.Errorf("%+v", o)
	}
	if len(sent) != 1 {
		t.Fatalf("%d requests were sent", len(sent))
	}
	want := []string{"AWSCognitoIdentityProviderService.AdminDeleteSoftwareToken"}
	if got := sent[0].Header.Values("X-Amz-Target"); !slices.Equal(got, want) {
		t.Errorf("the target is %q, want %q", got, want)
	}
	if got := sent[0].Header.Get("Authorization"); !strings.HasPrefix(got, "AWS4-HMAC-SHA256 ") ||
		!strings.Contains(got, "x-amz-target") {
		t.Errorf("the target is not signed: %s", got)
	}
	var in map[string]string
	if err := json.Unmarshal(body, &in); err != nil {
		t.Fatal(err)
	}
	if want := map[string]string{"UserPoolId": "us-east-1_AbCdEf123", "Username": "amy"}; !maps.Equal(in, want) {
		t.Errorf("the input is %v, want %v", in, want)
	}

	// A neighbor of it is still itself.
	if o := a.SignOut(t.Context(), "amy"); o.Err != nil || len(sent) != 2 ||
		sent[1].Header.Get("X-Amz-Target") != "AWSCognitoIdentityProviderService.AdminUserGlobalSignOut" {
		t.Errorf("the sign-out: %+v, %q", o, sent[1].Header.Get("X-Amz-Target"))
	}
}

// If something takes the target away, or adds another, nothing is sent.
func TestNothingIsSentUnderAnotherTarget(t *testing.T) {
	sent := 0
	a := newAdmin(t, func(*http.Request) (*http.Response, error) {
		sent++
		return respondWith(http.StatusOK, nil, "{}"), nil
	})
	guard := wantTarget("AWSCognitoIdentityProviderService.AdminDeleteSoftwareToken")
	name := "amy"
	_, err := a.api.AdminUserGlobalSignOut(t.Context(),
		&cip.AdminUserGlobalSignOutInput{UserPoolId: &a.config.PoolID, Username: &name},
		func(o *cip.Options) { o.APIOptions = []func(*middleware.Stack) error{guard} })
	if f, ok := errors.AsType[failure](err); !ok || f.code != "malfunction" || sent != 0 {
		t.Errorf("%v after %d requests", err, sent)
	}
}

func TestOutcomesOfAdmin(t *testing.T) {
	exception := func(status int, name, message string) transport {
		return func(*http.Request) (*http.Response, error) {
			header := http.Header{"Content-Type": {"application/x-amz-json-1.1"}, "X-Amzn-Errortype": {name + ":"},
				"X-Amzn-Requestid": {"req-2"}}
			body, _ := json.Marshal(map[string]string{"__type": name, "message": message})
			return respondWith(status, header, string(body)), nil
		}
	}
	lost := transport(func(r *http.Request) (*http.Response, error) {
		io.Copy(io.Discard, r.Body)
		return nil, io.ErrUnexpectedEOF
	})
	for name, test := range map[string]struct {
		answer transport
		done   flow.Known
		code   flow.ErrorCode
		fault  flow.Fault
		msg    string
	}{
		"lost": {lost, flow.Unknown, flow.CodeNoAnswer, flow.Wait, "no answer from"},
		"500":  {exception(500, "InternalErrorException", "x"), flow.Unknown, flow.CodeNoAnswer, flow.Wait, ""},
		"denied": {
			exception(400, "AccessDeniedException", "User: arn is not authorized to perform: cognito-idp:X"), flow.No,
			accessDenied, flow.Elsewhere, "the AWS credentials do not allow cognito-idp:AdminDeleteSoftwareToken",
		},
		"no user": {
			exception(400, "UserNotFoundException", "User does not exist."), flow.No, userNotFound, flow.Retry,
			`pool "us-east-1_AbCdEf123" has no such user`,
		},
		"unconfirmed": {
			exception(400, "UserNotConfirmedException", "x"), flow.No, flow.CodeNotConfirmed, flow.Elsewhere,
			"this user's sign-up was not finished",
		},
		"no operation": {
			exception(400, "UnknownOperationException", ""), flow.No, flow.CodeUnavailable, flow.Elsewhere,
			"does not have the operation AdminDeleteSoftwareToken",
		},
		"not enabled": {
			exception(400, "OperationNotEnabledException", "not here"), flow.No, flow.CodeUnavailable, flow.Elsewhere,
			"this pool does not offer AdminDeleteSoftwareToken: not here",
		},
		"no pool": {
			exception(400, "ResourceNotFoundException", "User pool us-east-1_AbCdEf123 does not exist."), flow.No, poolNotFound,
			flow.Elsewhere, "of the account of the AWS credentials",
		},
		"hostile": {
			exception(400, "NotAuthorizedException", "a\u202eb\x1b[2J\nc"), flow.No, refused, flow.Elsewhere,
			"Cognito refused AdminDeleteSoftwareToken: a\ufffdb\ufffd[2J c",
		},
		"name": {
			exception(400, "InvalidParameterException", "Value at 'username' failed to satisfy constraint"), flow.No,
			flow.CodeInvalidInput, flow.Retry, "Cognito rejects this username",
		},
		"expired": {
			exception(400, "ExpiredTokenException", "x"), flow.No, credentialsExpired, flow.Elsewhere, "have expired",
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := newAdmin(t, test.answer).DeleteSoftwareToken(t.Context(), "amy")
			if o.Err == nil {
				t.Fatal("it succeeds")
			}
			if o.Done != test.done || o.Err.Code != test.code || o.Err.Fault != test.fault ||
				!strings.Contains(o.Err.Msg, test.msg) {
				t.Errorf("%+v: %+v", o, o.Err)
			}
			if name != "lost" && o.Request != "req-2" {
				t.Errorf("the request's ID is %q", o.Request)
			}
		})
	}
}

func TestAdminWithoutCredentials(t *testing.T) {
	a, err := NewAdmin(Config{PoolID: "us-east-1_AbCdEf123", Transport: transport(func(*http.Request) (*http.Response,
		error) {
		t.Error("a request is sent")
		return nil, io.EOF
	})})
	if err != nil {
		t.Fatal(err)
	}
	if o := a.DeleteSoftwareToken(t.Context(), "amy"); o.Err == nil || o.Err.Code != noCredentials || o.Done != flow.No {
		t.Errorf("%+v", o)
	}
}

// An answer without what counts is none.
func TestIncompleteAnswersToAdmin(t *testing.T) {
	a := newAdmin(t, func(*http.Request) (*http.Response, error) { return respondWith(http.StatusOK, nil, "{}"), nil })
	_, user := a.User(t.Context(), "amy")
	_, users := a.Users(t.Context(), Filter{}, "", 0)
	_, pool := a.Pool(t.Context())
	for _, o := range []Outcome{user, users, pool} {
		if o.Err == nil || o.Err.Code != flow.CodeNoAnswer || o.Done != flow.Unknown {
			t.Errorf("%s: %+v", o.Operation, o)
		}
	}
}

func TestFilter(t *testing.T) {
	for want, f := range map[string]Filter{
		``:                        {},
		`email = "a@example.com"`: {Attribute: "email", Value: "a@example.com"},
		`username ^= "a\"b\\c"`:   {Attribute: "username", Value: `a"b\c`, Prefix: true},
	} {
		if diff := cmp.Diff(want, f.String()); diff != "" {
			t.Error(diff)
		}
	}
}
