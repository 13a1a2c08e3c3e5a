package cognito

import "cognito-enroll/flow"

// The codes of what only an administrator meets.
const (
	userExists  flow.ErrorCode = "user-exists"
	WrongStatus flow.ErrorCode = "wrong-status" // that of the account does not allow the operation
)

// ListExpired says that a list cannot be continued from a page any more. Only an administrator meets it.
const ListExpired flow.ErrorCode = "list-expired"

// NotFound reports whether err says that there is no such user.
func NotFound(err *flow.Error) bool { return err != nil && err.Code == userNotFound }

// Unavailable reports whether err says that the pool or the endpoint does not have the operation.
func Unavailable(err *flow.Error) bool { return err != nil && err.Code == flow.CodeUnavailable }

// Denied reports whether err says that IAM does not allow the operation.
func Denied(err *flow.Error) bool { return err != nil && err.Code == accessDenied }

const deleteToken = "AdminDeleteSoftwareToken"

// byHand is what is left where an authenticator cannot be deleted.
const byHand = "disable the user until it is solved (AdminDisableUser), or have the user replace the authenticator where a " +
	"session is still open; docs/admin.md has what else can be done by hand"

// adminFaults are the rows for an administrator, who is told of somebody else. The rest is in faults.
var adminFaults = []fault{
	{
		when: "UserNotFound", code: userNotFound, fault: flow.Retry, field: "username",
		msg:  "pool {pool} has no such user",
		hint: "check the name; it can be a username, a sub or, if the pool signs in by it, an email address",
	},
	{
		when: "AccessDenied", code: accessDenied, fault: flow.Elsewhere,
		msg:    "the AWS credentials do not allow cognito-idp:{operation}",
		remedy: flow.Remedy{Name: flow.AllowOperation, Operation: "{operation}", Pool: "{pool}"},
	},
	{
		when: "UsernameExists", code: userExists, fault: flow.Elsewhere,
		msg:  "there is such a user already",
		hint: "run it again without creating the user",
	},
	{
		when: "AliasExists", code: aliasTaken, fault: flow.Elsewhere,
		msg:  "another user has this email address or phone number",
		hint: "use another one, or invite that user",
	},
	{
		when: "UnsupportedUserState", code: WrongStatus, fault: flow.Elsewhere,
		msg:  "the status of this user does not allow {operation}: {text}",
		hint: "run it again to see the status",
	},
	{
		when: "CodeDeliveryFailure", code: codeNotSent, fault: flow.Elsewhere,
		msg:    "Cognito could not send the message: {text}",
		remedy: flow.Remedy{Name: flow.TellAdministrator, Request: "{request}"},
	},
	{
		when: "UserNotConfirmed", code: flow.CodeNotConfirmed, fault: flow.Elsewhere,
		msg:  "this user's sign-up was not finished",
		hint: "confirm it first (AdminConfirmSignUp)",
	},
	{
		when: "UnknownOperation", during: deleteToken, code: flow.CodeUnavailable, fault: flow.Elsewhere,
		msg:  "{host} does not have the operation {operation}",
		hint: byHand,
	},
	{
		when: "OperationNotEnabled UnsupportedOperation Unsupported", during: deleteToken, code: flow.CodeUnavailable,
		fault: flow.Elsewhere,
		msg:   "this pool does not offer {operation}: {text}",
		hint:  byHand,
	},
	{
		when: "UnknownOperation", code: flow.CodeUnavailable, fault: flow.Elsewhere,
		msg:  "{host} does not have the operation {operation}",
		hint: "ask whoever runs this endpoint",
	},
	{
		when: "OperationNotEnabled UnsupportedOperation Unsupported", code: flow.CodeUnavailable, fault: flow.Elsewhere,
		msg:  "this pool does not offer {operation}: {text}",
		hint: "look at the pool's settings",
	},
	{
		when: "ResourceNotFound", text: "user pool", code: poolNotFound, fault: flow.Elsewhere,
		msg:    "user pool {pool} does not exist in region {region} of the account of the AWS credentials",
		remedy: flow.Remedy{Name: flow.CheckPoolAccount, Region: "{region}"},
	},
	{
		when: "ResourceNotFound", text: "device", code: deviceNotFound, fault: flow.Retry,
		msg:  "Cognito no longer knows the device",
		hint: "run this again",
	},
	{
		when: "InvalidParameter", text: "agination", during: "ListUsers", code: ListExpired, fault: flow.Wait,
		msg:  "the list of users cannot be continued from here",
		hint: "start it again",
	},
	{
		when: "InvalidParameter", text: "at 'username'", code: flow.CodeInvalidInput, fault: flow.Retry,
		msg:  "Cognito rejects this username",
		hint: "a username has no spaces and at most 128 characters",
	},
	{
		when: "NotAuthorized InvalidParameter LimitExceeded", code: refused, fault: flow.Elsewhere,
		msg:    "Cognito refused {operation}: {text}",
		remedy: flow.Remedy{Name: flow.AskAdministrator, Request: "{request}"},
	},
}
