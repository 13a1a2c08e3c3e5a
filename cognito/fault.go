package cognito

import "cognito-enroll/flow"

// The codes of what Cognito, or what stands between, answers; flow has those that it acts on.
const (
	lockedOut           flow.ErrorCode = "locked-out" // too many wrong passwords or codes
	temporaryExpired    flow.ErrorCode = "temporary-password-expired"
	passwordRefused     flow.ErrorCode = "password-refused" // a new one, by the pool's policy
	userDisabled        flow.ErrorCode = "user-disabled"
	cannotReset         flow.ErrorCode = "cannot-reset"
	cannotConfirm       flow.ErrorCode = "cannot-confirm"
	userNotFound        flow.ErrorCode = "user-not-found"
	aliasTaken          flow.ErrorCode = "alias-taken" // another user has the email address or phone number
	clientSecretMissing flow.ErrorCode = "client-secret-missing"
	clientSecretWrong   flow.ErrorCode = "client-secret-wrong"
	clientNotFound      flow.ErrorCode = "client-not-found"
	deviceNotFound      flow.ErrorCode = "device-not-found"
	poolNotFound        flow.ErrorCode = "pool-not-found"
	poolBroken          flow.ErrorCode = "pool-broken"      // its configuration or a trigger of it
	challengeFailed     flow.ErrorCode = "challenge-failed" // a question of the pool's own
	triggerRefused      flow.ErrorCode = "trigger-refused"
	noCredentials       flow.ErrorCode = "no-credentials" // AWS's, which the admin flow needs
	credentialsExpired  flow.ErrorCode = "credentials-expired"
	credentialsInvalid  flow.ErrorCode = "credentials-invalid"
	accessDenied        flow.ErrorCode = "access-denied" // by IAM
	attributeReadOnly   flow.ErrorCode = "attribute-read-only"
	sessionExpired      flow.ErrorCode = "session-expired"
	tokenExpired        flow.ErrorCode = "token-expired"
	tokenRevoked        flow.ErrorCode = "token-revoked"
	tokenInvalid        flow.ErrorCode = "token-invalid"
	tokenScope          flow.ErrorCode = "token-scope" // aws.cognito.signin.user.admin is missing
	codeNotSent         flow.ErrorCode = "code-not-sent"
	totpOff             flow.ErrorCode = "totp-off" // the pool's switch for authenticator apps
	noFactor            flow.ErrorCode = "no-factor"
	refused             flow.ErrorCode = "refused" // for a reason that nobody has documented
	throttled           flow.ErrorCode = "throttled"
	limitExceeded       flow.ErrorCode = "limit-exceeded"
	conflict            flow.ErrorCode = "conflict"
	blocked             flow.ErrorCode = "blocked" // by AWS WAF
	unreachable         flow.ErrorCode = "unreachable"
	tlsFailed           flow.ErrorCode = "tls-failed"
	notCognito          flow.ErrorCode = "not-cognito" // a proxy or a captive portal answered
)

// fault is a row: which failure it is, and what it means for the person. The first row that
// matches counts.
//
// Msg, hint and the remedy's parameters may name {client}, {pool}, {region} and {host} of the Client, {flow} of
// a sign-in, the {operation}, the exception's {code}, its {text} and the {detail} after a colon in it; the
// remedy also its {request}. Texts that repeat what was typed, as those of failed constraints do, are not shown.
type fault struct {
	when   string // exceptions without the ending "Exception", or codes of failure; any if empty
	text   string // what the message has in it, in lower case
	during string // where, any if empty: see places
	code   flow.ErrorCode
	fault  flow.Fault
	field  string
	msg    string
	hint   string      // as that of a flow.Error
	remedy flow.Remedy // instead of hint
}

// AWS documents the exceptions but not their texts, and may change these; they are collected from
// public issues (amplify-js#2824, amazon-cognito-identity-js#506 and #683, and many more). So a text
// tells apart only what one exception is used for.
var faults = []fault{
	// The password.
	{
		when: "NotAuthorized", text: "incorrect username or password", during: "Passwordless",
		code: refused, fault: flow.Retry, field: "username",
		msg:  "pool {pool} does not let this user in",
		hint: "check the username",
	},
	{
		when: "NotAuthorized", text: "incorrect username or password", during: "SignIn",
		code: flow.CodeWrongPassword, fault: flow.Retry, field: "password",
		msg:  "the username or the password is wrong",
		hint: "check both; a user that is not in pool {pool} gets the same answer",
	},
	{
		when: "NotAuthorized", text: "incorrect username or password", during: "CUSTOM_CHALLENGE",
		code: challengeFailed, fault: flow.Restart,
		msg:  "the pool did not accept your answer and ended this sign-in",
		hint: "sign in again",
	},
	{
		when:   "NotAuthorized",
		text:   "incorrect username or password",
		during: "PASSWORD PASSWORD_SRP ADMIN_NO_SRP_AUTH",
		code:   flow.CodeWrongPassword, fault: flow.Restart,
		msg:  "the username or the password is wrong",
		hint: "sign in again and check both",
	},
	{
		when: "NotAuthorized", text: "incorrect username or password", code: refused, fault: flow.Restart,
		msg:  "the pool ended this sign-in: {text}",
		hint: "sign in again",
	},
	{
		when: "NotAuthorized", text: "attempts exceeded", code: lockedOut, fault: flow.Wait,
		msg:  "too many failed attempts",
		hint: "wait a few minutes, then try again; every failure makes the wait longer, up to 15 minutes",
	},
	{
		when: "NotAuthorized", text: "temporary password has expired",
		code: temporaryExpired, fault: flow.Elsewhere,
		msg:  "your temporary password has expired",
		hint: "ask the pool's administrator for a new one (AdminSetUserPassword)",
	},
	{
		// cognito-local's answer
		when: "InvalidPassword", during: "SignIn",
		code: flow.CodeWrongPassword, fault: flow.Retry, field: "password",
		msg:  "the password is wrong",
		hint: "check the password",
	},
	{
		when: "InvalidPassword", code: passwordRefused, fault: flow.Retry, field: "new-password",
		msg:  "the pool does not accept this password: {detail}",
		hint: "choose another password",
	},
	{
		when: "PasswordHistoryPolicyViolation", code: passwordRefused, fault: flow.Retry, field: "new-password",
		msg:  "the pool does not accept a password that you used before",
		hint: "choose another password",
	},
	{
		when: "PasswordResetRequired", code: flow.CodeResetRequired, fault: flow.Elsewhere,
		msg:  "this user needs a new password",
		hint: "set one with \"forgot password\" where this pool's users sign in, then come back",
	},
	{
		when: "NotAuthorized", text: "password cannot be reset", code: cannotReset, fault: flow.Elsewhere,
		msg:  "this user's password cannot be reset: the first sign-in or the sign-up was never finished",
		hint: "use the temporary password or the code that was sent, or ask the pool's administrator to send it again",
	},
	{
		when: "InvalidParameter", text: "no registered/verified", code: cannotReset, fault: flow.Elsewhere,
		msg:  "this user has no verified email address or phone number to send a code to",
		hint: "ask the pool's administrator to set a password (AdminSetUserPassword)",
	},

	// The user.
	{
		when: "NotAuthorized", text: "user is disabled", code: userDisabled, fault: flow.Elsewhere,
		msg:  "this user is disabled",
		hint: "ask the pool's administrator to enable the user",
	},
	{
		when: "UserNotConfirmed", code: flow.CodeNotConfirmed, fault: flow.Elsewhere,
		msg:  "this user's sign-up was not finished",
		hint: "confirm it with the code that was sent, or ask the pool's administrator (AdminConfirmSignUp)",
	},
	{
		when: "NotAuthorized InvalidParameter", text: "current status is confirmed",
		code: flow.CodeConfirmed, fault: flow.Restart,
		msg:  "this sign-up is already confirmed",
		hint: "sign in",
	},
	{
		when: "InvalidParameter", text: "already confirmed", code: flow.CodeConfirmed, fault: flow.Restart,
		msg:  "this sign-up is already confirmed",
		hint: "sign in",
	},
	{
		when: "InvalidParameter", text: "cannot resend codes", code: cannotConfirm, fault: flow.Elsewhere,
		msg:  "the pool does not send codes to confirm a sign-up",
		hint: "ask the pool's administrator to confirm it (AdminConfirmSignUp)",
	},
	{
		when: "UserNotFound", during: "SignIn", code: userNotFound, fault: flow.Retry, field: "username",
		msg:  "pool {pool} has no such user",
		hint: "check the username",
	},
	{
		when: "UserNotFound", code: userNotFound, fault: flow.Restart,
		msg:  "this user no longer exists in pool {pool}",
		hint: "sign in again",
	},
	{
		when: "AliasExists", during: "Confirm", code: aliasTaken, fault: flow.Elsewhere,
		msg:  "another user has this email address or phone number",
		hint: "sign in as that user, or ask the pool's administrator",
	},
	{
		when: "AliasExists", code: aliasTaken, fault: flow.Retry,
		msg:  "another user has this email address or phone number",
		hint: "use another one, or ask the pool's administrator",
	},

	// The app client and the pool.
	{
		when: "NotAuthorized", text: "secret_hash was not received",
		code: clientSecretMissing, fault: flow.Elsewhere,
		msg:    "app client {client} has a secret, and none was given",
		remedy: flow.Remedy{Name: flow.GiveClientSecret},
	},
	{
		when: "InvalidParameter", text: "missing required parameter secret_hash",
		code: clientSecretMissing, fault: flow.Elsewhere,
		msg:    "app client {client} has a secret, and none was given",
		remedy: flow.Remedy{Name: flow.GiveClientSecret},
	},
	{
		when: "NotAuthorized", text: "secret hash", code: clientSecretWrong, fault: flow.Elsewhere,
		msg:    "the client secret does not belong to app client {client}",
		remedy: flow.Remedy{Name: flow.CheckClientSecret},
	},
	{
		when: "NotAuthorized", text: "secrethash", code: clientSecretWrong, fault: flow.Elsewhere,
		msg:    "the client secret does not belong to app client {client}",
		remedy: flow.Remedy{Name: flow.CheckClientSecret},
	},
	{
		when: "InvalidParameter", during: "SELECT_MFA_TYPE SELECT_CHALLENGE", code: flow.CodeSessionInvalid,
		fault: flow.Restart,
		msg:   "the pool no longer offers this choice",
		hint:  "sign in again",
	},
	{
		when: "InvalidParameter", text: "missing required parameter", code: flow.CodeUnexpected, fault: flow.Bug,
		msg:    "Cognito expects another value in {operation}: {text}",
		remedy: flow.Remedy{Name: flow.Report, Request: "{request}"},
	},
	{
		when: "InvalidParameter", text: "lambda trigger is not configured", code: poolBroken, fault: flow.Elsewhere,
		msg:    "pool {pool} has no trigger for {flow}",
		remedy: flow.Remedy{Name: flow.AddTrigger, Flow: "{flow}"},
	},
	{
		when: "InvalidParameter", text: "not enabled for th", code: flow.CodeFlowNotEnabled, fault: flow.Elsewhere,
		msg:    "app client {client} does not allow {flow}",
		remedy: flow.Remedy{Name: flow.AllowAuthFlow, Flow: "{flow}"},
	},
	{
		// cognito-local's answer
		when: "Unsupported", text: "authflow=", during: "SignIn",
		code: flow.CodeFlowNotEnabled, fault: flow.Elsewhere,
		msg:    "the pool at {host} does not know {flow}",
		remedy: flow.Remedy{Name: flow.ChooseAuthFlow},
	},
	{
		when: "ResourceNotFound", text: "user pool client", code: clientNotFound, fault: flow.Elsewhere,
		msg:    "app client {client} does not exist in region {region}",
		remedy: flow.Remedy{Name: flow.CheckClientID, Region: "{region}"},
	},
	{
		when: "ResourceNotFound", text: "user pool", during: "ADMIN_USER_PASSWORD_AUTH Clients",
		code: poolNotFound, fault: flow.Elsewhere,
		msg:    "user pool {pool} does not exist in region {region} of the account of the AWS credentials",
		remedy: flow.Remedy{Name: flow.CheckPoolAccount, Region: "{region}"},
	},
	{
		when: "ResourceNotFound", text: "user pool", code: poolNotFound, fault: flow.Elsewhere,
		msg:    "user pool {pool} does not exist in region {region}",
		remedy: flow.Remedy{Name: flow.CheckPoolID, Region: "{region}"},
	},
	{
		when: "ResourceNotFound", text: "device", code: deviceNotFound, fault: flow.Restart,
		msg:  "Cognito no longer knows the device",
		hint: "sign in again",
	},
	{
		when: "ResourceNotFound", code: poolNotFound, fault: flow.Elsewhere,
		msg:    "pool {pool} or its app client {client} does not exist in region {region}",
		remedy: flow.Remedy{Name: flow.CheckIDs},
	},
	{
		when: "UserLambdaValidation", during: "CUSTOM_CHALLENGE", code: challengeFailed, fault: flow.Restart,
		msg:  "a trigger of the pool refused: {text}",
		hint: "sign in again, and ask the pool's administrator if that does not help",
	},
	{
		when: "UserLambdaValidation", text: "postconfirmation", code: triggerRefused, fault: flow.Restart,
		msg:  "a trigger of the pool refused: {text}",
		hint: "sign in again",
	},
	{
		when: "UserLambdaValidation", code: triggerRefused, fault: flow.Elsewhere,
		msg:  "a trigger of the pool refused: {text}",
		hint: "ask the pool's administrator",
	},
	{
		when: "UnexpectedLambda InvalidLambdaResponse", code: poolBroken, fault: flow.Elsewhere,
		msg:    "a trigger of the pool is broken: {text}",
		remedy: flow.Remedy{Name: flow.TellAdministrator, Request: "{request}"},
	},
	{
		when: "InvalidUserPoolConfiguration InvalidSmsRoleAccessPolicy InvalidSmsRoleTrustRelationship " +
			"InvalidEmailRoleAccessPolicy",
		code: poolBroken, fault: flow.Elsewhere,
		msg:    "the pool's configuration is broken: {code}",
		remedy: flow.Remedy{Name: flow.TellAdministrator, Request: "{request}"},
	},
	{
		when: "NotAuthorized", text: "unauthorized attribute", code: attributeReadOnly, fault: flow.Elsewhere,
		msg:  "app client {client} may not write an attribute that the pool requires",
		hint: "ask the pool's administrator to make the required attributes writable for the client",
	},

	// AWS credentials, and what IAM makes of them.
	{
		when: "no-credentials MissingAuthenticationToken", code: noCredentials, fault: flow.Elsewhere,
		msg:    "no AWS credentials",
		remedy: flow.Remedy{Name: flow.GetCredentials},
	},
	{
		when: "AccessDenied", during: "ADMIN_USER_PASSWORD_AUTH", code: accessDenied, fault: flow.Elsewhere,
		msg:    "the AWS credentials do not allow cognito-idp:{operation}",
		remedy: flow.Remedy{Name: flow.AllowOperation, Operation: "{operation}", Pool: "{pool}"},
	},
	{
		when: "AccessDenied", during: "Pools Clients", code: accessDenied, fault: flow.Elsewhere,
		msg:    "the AWS credentials do not allow cognito-idp:{operation}",
		remedy: flow.Remedy{Name: flow.AllowListing, Operation: "{operation}"},
	},
	{
		when: "ExpiredToken", code: credentialsExpired, fault: flow.Elsewhere,
		msg:    "the AWS credentials have expired",
		remedy: flow.Remedy{Name: flow.RenewCredentials},
	},
	{
		when: "UnrecognizedClient InvalidClientTokenId", code: credentialsInvalid, fault: flow.Elsewhere,
		msg:    "AWS does not know these credentials",
		remedy: flow.Remedy{Name: flow.GetCredentials},
	},
	{
		when: "InvalidSignature", text: "signature expired", code: flow.CodeClock, fault: flow.Elsewhere,
		msg:    "the clock here is behind, so AWS refuses the signature",
		remedy: flow.Remedy{Name: flow.SetClock},
	},
	{
		when: "InvalidSignature", text: "signature not yet current", code: flow.CodeClock, fault: flow.Elsewhere,
		msg:    "the clock here is ahead, so AWS refuses the signature",
		remedy: flow.Remedy{Name: flow.SetClock},
	},
	{
		when: "InvalidSignature SignatureDoesNotMatch", code: credentialsInvalid, fault: flow.Elsewhere,
		msg:    "AWS refuses the signature: the secret access key or the clock here is wrong",
		remedy: flow.Remedy{Name: flow.CheckCredentials},
	},

	// The Session and the access token.
	{
		when: "NotAuthorized", text: "session is expired", code: sessionExpired, fault: flow.Restart,
		msg:  "the session has expired: Cognito keeps it for a few minutes",
		hint: "sign in again; if the time is too short, ask the pool's administrator to raise AuthSessionValidity",
	},
	{
		when: "NotAuthorized", text: "session can only be used once",
		code: flow.CodeSessionUsed, fault: flow.Restart,
		msg:  "this session has already been answered",
		hint: "sign in again",
	},
	{
		when: "NotAuthorized", text: "invalid session", code: flow.CodeSessionInvalid, fault: flow.Restart,
		msg:  "Cognito does not know this session",
		hint: "sign in again",
	},
	{
		when: "InvalidParameter", text: "at 'session'", code: flow.CodeSessionInvalid, fault: flow.Restart,
		msg:  "Cognito does not know this session",
		hint: "sign in again",
	},
	{
		when: "NotAuthorized", text: "access token has expired", code: tokenExpired, fault: flow.Restart,
		msg:  "your sign-in has expired",
		hint: "sign in again",
	},
	{
		when: "NotAuthorized", text: "access token has been revoked", code: tokenRevoked, fault: flow.Restart,
		msg:  "you were signed out in the meantime",
		hint: "sign in again",
	},
	{
		when: "NotAuthorized", text: "required scopes", code: tokenScope, fault: flow.Elsewhere,
		msg:  "your access token lacks the scope aws.cognito.signin.user.admin",
		hint: "sign in with a password, or request the scope from an app client that allows it",
	},
	{
		when: "NotAuthorized", text: "invalid access token", code: tokenInvalid, fault: flow.Restart,
		msg:  "Cognito does not accept the access token",
		hint: "sign in again",
	},
	{
		when: "InvalidParameter", text: "at 'accesstoken'", code: tokenInvalid, fault: flow.Restart,
		msg:  "Cognito does not accept the access token",
		hint: "sign in again",
	},

	// The code.
	{
		when: "CodeMismatch", during: "SMS_MFA SMS_OTP EMAIL_OTP",
		code: flow.CodeMismatch, fault: flow.Retry, field: "code",
		msg:  "this code is wrong",
		hint: "use the newest code; if none comes or it is refused again, go back and sign in for another",
	},
	{
		when: "CodeMismatch", during: "Reset Confirm", code: flow.CodeMismatch, fault: flow.Retry, field: "code",
		msg:  "this code is wrong",
		hint: "use the newest code, or go back to have another one sent",
	},
	{
		when: "EnableSoftwareTokenMFA CodeMismatch", during: "Verify SOFTWARE_TOKEN_MFA",
		code: flow.CodeMismatch, fault: flow.Retry, field: "code",
		msg:  "this code is wrong",
		hint: "wait for the next code of the right entry in your app, and turn on automatic date and time on the phone",
	},
	{
		when: "CodeMismatch", code: flow.CodeSessionInvalid, fault: flow.Restart,
		msg:  "Cognito expected another answer in this sign-in",
		hint: "sign in again",
	},
	{
		when: "not-verified", code: flow.CodeMismatch, fault: flow.Retry, field: "code",
		msg:  "Cognito did not accept the code",
		hint: "wait for the next code of the right entry in your app, and turn on automatic date and time on the phone",
	},
	{
		when: "ExpiredCode", text: "already been used", code: flow.CodeUsed, fault: flow.Retry, field: "code",
		msg:  "this code was already used, and a code works once",
		hint: "wait until the app shows the next code",
	},
	{
		when: "ExpiredCode", during: "Reset Confirm", code: flow.CodeExpired, fault: flow.Retry, field: "code",
		msg:  "the code has expired, or is not the newest",
		hint: "use the newest code, or go back to have another one sent",
	},
	{
		when: "ExpiredCode", code: flow.CodeExpired, fault: flow.Restart,
		msg:  "the code has expired",
		hint: "sign in again",
	},
	{
		when: "CodeDeliveryFailure", code: codeNotSent, fault: flow.Elsewhere,
		msg:    "the pool could not send the code: {text}",
		remedy: flow.Remedy{Name: flow.AskAdministrator, Request: "{request}"},
	},
	{
		when: "SoftwareTokenMFANotFound", text: "enabled by the userpool", code: totpOff, fault: flow.Elsewhere,
		msg:  "authenticator apps are turned off in pool {pool}",
		hint: "ask the pool's administrator to turn them on in its MFA settings",
	},
	{
		when: "SoftwareTokenMFANotFound", code: flow.CodeNoAuthenticator, fault: flow.Restart,
		msg:  "Cognito has no authenticator for this user",
		hint: "sign in again",
	},
	{
		when: "InvalidParameter", text: "software token mfa", code: flow.CodeNoAuthenticator, fault: flow.Restart,
		msg:  "Cognito has no authenticator for this user",
		hint: "sign in again",
	},
	{
		when: "MFAMethodNotFound", code: noFactor, fault: flow.Elsewhere,
		msg:  "this user has no second factor to use",
		hint: "ask the pool's administrator to add a phone number or an email address",
	},

	// What was typed, by its constraints.
	{
		when: "InvalidParameter", text: "at 'usercode'",
		code: flow.CodeInvalidInput, fault: flow.Retry, field: "code",
		msg:  "a code has six digits",
		hint: "type the six digits that the app shows",
	},
	{
		when: "InvalidParameter", text: "at 'confirmationcode'",
		code: flow.CodeInvalidInput, fault: flow.Retry, field: "code",
		msg:  "Cognito rejects the format of this code",
		hint: "type it as it was sent",
	},
	{
		when: "InvalidParameter", text: "at 'username'",
		code: flow.CodeInvalidInput, fault: flow.Retry, field: "username",
		msg:  "Cognito rejects this username",
		hint: "a username has no spaces and at most 128 characters",
	},
	{
		when: "InvalidParameter", text: "at 'friendlydevicename'",
		code: flow.CodeInvalidInput, fault: flow.Retry, field: "device",
		msg:  "Cognito rejects this device name",
		hint: "go back and choose another",
	},
	{
		when: "InvalidParameter", text: "at 'password'", during: "NEW_PASSWORD_REQUIRED Reset",
		code: passwordRefused, fault: flow.Retry, field: "new-password",
		msg:  "Cognito rejects this password",
		hint: "a password has at least 6 characters and no spaces",
	},
	{
		when: "InvalidParameter", text: "at 'password'",
		code: flow.CodeInvalidInput, fault: flow.Retry, field: "password",
		msg:  "Cognito rejects this password",
		hint: "a password has at most 256 characters and no spaces",
	},
	{
		when: "InvalidParameter", text: "failed to satisfy constraint", code: flow.CodeUnexpected, fault: flow.Bug,
		msg:    "Cognito rejects the format of a value in {operation}",
		remedy: flow.Remedy{Name: flow.Report, Request: "{request}"},
	},
	{
		when: "InvalidParameter", during: "EMAIL", code: flow.CodeInvalidInput, fault: flow.Retry, field: "email",
		msg:  "the pool does not accept this address: {text}",
		hint: "use another one",
	},
	{
		when: "InvalidParameter", during: "NEW_PASSWORD_REQUIRED", code: flow.CodeInvalidInput, fault: flow.Retry,
		msg:  "the pool does not accept this: {text}",
		hint: "correct the answer that it refers to",
	},

	// The service.
	{
		when: "TooManyRequests Throttling Throttled RequestThrottled RequestLimitExceeded SlowDown",
		code: throttled, fault: flow.Wait,
		msg:  "Cognito is limiting requests from this AWS account",
		hint: "try again in a few seconds",
	},
	{
		when: "LimitExceeded TooManyFailedAttempts", during: "Forgot Reset", code: limitExceeded, fault: flow.Wait,
		msg:  "this user has made too many attempts",
		hint: "try again in an hour: a user may request and try codes only five to twenty times an hour",
	},
	{
		when: "LimitExceeded TooManyFailedAttempts", code: limitExceeded, fault: flow.Wait,
		msg:  "this user has made too many attempts",
		hint: "try again later: it may take up to an hour",
	},
	{
		when: "ConcurrentModification", code: conflict, fault: flow.Wait,
		msg:  "something else changed this user at the same time",
		hint: "try again",
	},
	{
		when: "Forbidden", code: blocked, fault: flow.Elsewhere,
		msg:    "a firewall in front of the pool (AWS WAF) blocked the request",
		remedy: flow.Remedy{Name: flow.ChangeNetwork, Request: "{request}"},
	},
	{
		when: "FeatureUnavailableInTier", code: flow.CodeUnavailable, fault: flow.Elsewhere,
		msg:    "the feature plan of pool {pool} does not include {flow}",
		remedy: flow.Remedy{Name: flow.UpgradePlan, Flow: "{flow}"},
	},
	{
		when: "OperationNotEnabled UnsupportedOperation Unsupported", code: flow.CodeUnavailable, fault: flow.Elsewhere,
		msg:  "this pool does not offer {operation}: {text}",
		hint: "ask the pool's administrator",
	},
	{
		when: "InternalError", code: flow.CodeNoAnswer, fault: flow.Wait,
		msg:  "Cognito had an internal error",
		hint: "try again",
	},
	{
		when: "NotAuthorized", during: "Passwordless", code: refused, fault: flow.Retry, field: "username",
		msg:  "Cognito refused the sign-in: {text}",
		hint: "check the username",
	},
	{
		when: "NotAuthorized", during: "SignIn", code: refused, fault: flow.Retry, field: "password",
		msg:  "Cognito refused the sign-in: {text}",
		hint: "check the username and the password",
	},
	{
		when: "NotAuthorized AccessDenied", code: refused, fault: flow.Elsewhere,
		msg:    "Cognito refused {operation}: {text}",
		remedy: flow.Remedy{Name: flow.AskAdministrator, Request: "{request}"},
	},

	// The way there.
	{
		when: "offline", code: unreachable, fault: flow.Wait,
		msg:    "cannot find {text}",
		remedy: flow.Remedy{Name: flow.CheckNetwork},
	},
	{
		when: "no-own-host", during: "SignIn Pools", code: unreachable, fault: flow.Elsewhere,
		msg:    "cannot find {text}",
		remedy: flow.Remedy{Name: flow.CheckNetwork},
	},
	{
		when: "no-own-host", code: unreachable, fault: flow.Wait,
		msg:    "can no longer find {text}",
		remedy: flow.Remedy{Name: flow.CheckNetwork},
	},
	{
		when: "no-such-host", during: "SignIn Pools", code: unreachable, fault: flow.Elsewhere,
		msg:    "cannot find {text}",
		remedy: flow.Remedy{Name: flow.CheckHost, Region: "{region}"},
	},
	{
		when: "no-such-host", code: unreachable, fault: flow.Wait,
		msg:    "can no longer find {text}",
		remedy: flow.Remedy{Name: flow.CheckNetwork},
	},
	{
		when: "unreachable", code: unreachable, fault: flow.Wait,
		msg:    "cannot reach {host}: {text}",
		remedy: flow.Remedy{Name: flow.CheckNetwork},
	},
	{
		when: "other-host", code: tlsFailed, fault: flow.Elsewhere,
		msg:    "cannot connect to {host} securely: {text}",
		remedy: flow.Remedy{Name: flow.LogInToNetwork},
	},
	{
		when: "tls", code: tlsFailed, fault: flow.Elsewhere,
		msg:    "cannot connect to {host} securely: {text}",
		remedy: flow.Remedy{Name: flow.CheckTLS},
	},
	{
		when: "not-cognito", code: notCognito, fault: flow.Wait,
		msg:    "{host} did not answer like Cognito: {text}",
		remedy: flow.Remedy{Name: flow.LogInToNetwork},
	},
	{
		when: "not-http", code: flow.CodeNoAnswer, fault: flow.Wait,
		msg:    "the answer from {host} makes no sense: {text}",
		remedy: flow.Remedy{Name: flow.LogInToNetwork},
	},
	{
		when: "no-answer", code: flow.CodeNoAnswer, fault: flow.Wait,
		msg:    "no answer from {host}",
		remedy: flow.Remedy{Name: flow.CheckNetwork},
	},
	{
		when: "server-error", code: flow.CodeNoAnswer, fault: flow.Wait,
		msg:  "{host} answered with an error: {text}",
		hint: "wait a few seconds, then try again; if the error stays, tell the pool's administrator",
	},
	{
		when: "cut", code: flow.CodeNoAnswer, fault: flow.Wait,
		msg:    "the answer from {host} was cut off",
		remedy: flow.Remedy{Name: flow.CheckNetwork},
	},
	{
		when: "too-large", code: flow.CodeNoAnswer, fault: flow.Wait,
		msg:    "the answer from {host} ({text}) is larger than any from Cognito",
		remedy: flow.Remedy{Name: flow.LogInToNetwork},
	},
	{
		when: "incomplete", code: flow.CodeNoAnswer, fault: flow.Wait,
		msg:  "the answer from {host} is incomplete: {text}",
		hint: "try again; if that happens again, tell the pool's administrator",
	},
	{
		when: "cancelled", code: flow.CodeCanceled, fault: flow.Wait,
		msg: "canceled",
	},

	// What should not happen.
	{
		when: "malformed", code: flow.CodeUnexpected, fault: flow.Bug,
		msg:    "{host} did not answer like Cognito: {text}",
		remedy: flow.Remedy{Name: flow.CheckEndpoint, Request: "{request}"},
	},
	{
		when: "foreign", code: flow.CodeUnexpected, fault: flow.Elsewhere,
		msg:  "{host} refused {operation} with an error that Cognito does not have: {text}",
		hint: "ask whoever runs this endpoint",
	},
	{
		when: "malfunction", code: flow.CodeUnexpected, fault: flow.Bug,
		msg:    "this should not happen: {text}",
		remedy: flow.Remedy{Name: flow.Report},
	},
	{
		code: flow.CodeUnexpected, fault: flow.Bug,
		msg:    "Cognito answered {code} to {operation}: {text}",
		remedy: flow.Remedy{Name: flow.Report, Request: "{request}"},
	},
}
