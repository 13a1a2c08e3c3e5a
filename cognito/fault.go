package cognito

import "cognito-enroll/flow"

// The codes of what Cognito, or what stands between, answers; flow has those that it acts on.
const (
	wrongPassword       flow.ErrorCode = "wrong-password"
	lockedOut           flow.ErrorCode = "locked-out" // too many wrong passwords
	temporaryExpired    flow.ErrorCode = "temporary-password-expired"
	passwordRefused     flow.ErrorCode = "password-refused" // a new one, by the pool's policy
	resetRequired       flow.ErrorCode = "password-reset-required"
	userDisabled        flow.ErrorCode = "user-disabled"
	userNotConfirmed    flow.ErrorCode = "user-not-confirmed"
	userNotFound        flow.ErrorCode = "user-not-found"
	aliasTaken          flow.ErrorCode = "alias-taken" // another user has the e-mail address or phone number
	clientSecretMissing flow.ErrorCode = "client-secret-missing"
	clientSecretWrong   flow.ErrorCode = "client-secret-wrong"
	clientNotFound      flow.ErrorCode = "client-not-found"
	poolNotFound        flow.ErrorCode = "pool-not-found"
	poolBroken          flow.ErrorCode = "pool-broken" // its configuration or a trigger of it
	triggerRefused      flow.ErrorCode = "trigger-refused"
	attributeReadOnly   flow.ErrorCode = "attribute-read-only"
	sessionExpired      flow.ErrorCode = "session-expired"
	sessionUsed         flow.ErrorCode = "session-used"
	sessionInvalid      flow.ErrorCode = "session-invalid"
	tokenExpired        flow.ErrorCode = "token-expired"
	tokenRevoked        flow.ErrorCode = "token-revoked"
	tokenInvalid        flow.ErrorCode = "token-invalid"
	tokenScope          flow.ErrorCode = "token-scope" // aws.cognito.signin.user.admin is missing
	codeUsed            flow.ErrorCode = "code-used"
	codeExpired         flow.ErrorCode = "code-expired"
	totpOff             flow.ErrorCode = "totp-off"        // the pool's switch for authenticator apps
	totpNotSetUp        flow.ErrorCode = "totp-not-set-up" // the user has no software token
	noFactor            flow.ErrorCode = "no-factor"
	refused             flow.ErrorCode = "refused" // for a reason that nobody has documented
	unavailable         flow.ErrorCode = "unavailable"
	throttled           flow.ErrorCode = "throttled"
	limitExceeded       flow.ErrorCode = "limit-exceeded"
	conflict            flow.ErrorCode = "conflict"
	blocked             flow.ErrorCode = "blocked" // by AWS WAF
	unreachable         flow.ErrorCode = "unreachable"
	tlsFailed           flow.ErrorCode = "tls-failed"
	notCognito          flow.ErrorCode = "not-cognito" // a proxy or a captive portal answered
	cancelled           flow.ErrorCode = "cancelled"
	unexpected          flow.ErrorCode = "unexpected"
)

// fault is a row: which failure it is, and what it means for the person. The first row that
// matches counts.
//
// Msg and hint may name {client}, {pool}, {region} and {host} of the Client, {flow} of a sign-in,
// the {operation}, the exception's {code}, its {text} and the {detail} after a colon in it, and its
// {request}. Texts that repeat what was typed, as those of failed constraints do, are not shown.
type fault struct {
	when   string // exceptions without the ending "Exception", or codes of trouble; any if empty
	text   string // what the message has in it, in lower case
	during string // the flow.Call or challenge that failed
	code   flow.ErrorCode
	fault  flow.Fault
	field  string
	msg    string
	hint   string
}

// AWS documents the exceptions but not their texts, and may change these; they are collected from
// public issues (amplify-js#2824, amazon-cognito-identity-js#506 and #683, and many more). So a text
// tells apart only what one exception is used for.
var faults = []fault{
	// The password.
	{"NotAuthorized", "incorrect username or password", "", wrongPassword, flow.Retry, "password",
		"the user name or the password is wrong",
		"check both; a user that pool {pool} does not have gets the same answer, and so does a computer whose clock is wrong"},
	{"NotAuthorized", "password attempts exceeded", "", lockedOut, flow.Wait, "",
		"after too many wrong passwords this user is locked for a while",
		"wait before you try again: the lock lasts a second at first, and with every wrong password longer, up to 15 minutes"},
	{"NotAuthorized", "temporary password has expired", "", temporaryExpired, flow.Elsewhere, "",
		"your temporary password has expired",
		"ask the pool's administrator for a new one"},
	{"InvalidPassword", "", "SignIn", wrongPassword, flow.Retry, "password", // cognito-local's answer
		"the password is wrong",
		"check it"},
	{"InvalidPassword", "", "", passwordRefused, flow.Retry, "new-password",
		"the pool does not take this password: {detail}",
		"choose another"},
	{"PasswordHistoryPolicyViolation", "", "", passwordRefused, flow.Retry, "new-password",
		"the pool does not take a password that you have had before",
		"choose another"},
	{"PasswordResetRequired", "", "", resetRequired, flow.Elsewhere, "",
		"the password of this user was reset and has to be set anew",
		"set it where this pool's users do (\"forgot password\"), then come back"},

	// The user.
	{"NotAuthorized", "user is disabled", "", userDisabled, flow.Elsewhere, "",
		"this user is disabled",
		"ask the pool's administrator to enable the user"},
	{"UserNotConfirmed", "", "", userNotConfirmed, flow.Elsewhere, "",
		"this user's sign-up was not finished",
		"confirm it with the code that was sent, or ask the pool's administrator to confirm it"},
	{"UserNotFound", "", "SignIn", userNotFound, flow.Retry, "username",
		"pool {pool} has no such user",
		"check the user name"},
	{"UserNotFound", "", "", userNotFound, flow.Restart, "",
		"pool {pool} has this user no longer",
		"sign in again"},
	{"AliasExists", "", "", aliasTaken, flow.Retry, "",
		"another user has this e-mail address or phone number",
		"give another, or ask the pool's administrator"},

	// The app client and the pool.
	{"NotAuthorized", "secret_hash was not received", "", clientSecretMissing, flow.Elsewhere, "",
		"app client {client} has a secret, and none was given",
		"name a file that holds the secret with --client-secret-file, or use an app client without one"},
	{"InvalidParameter", "missing required parameter secret_hash", "", clientSecretMissing, flow.Elsewhere, "",
		"app client {client} has a secret, and none was given",
		"name a file that holds the secret with --client-secret-file, or use an app client without one"},
	{"NotAuthorized", "secret hash", "", clientSecretWrong, flow.Elsewhere, "",
		"the client secret is not that of app client {client}",
		"check the file that --client-secret-file names; leave the flag out if the client has no secret"},
	{"NotAuthorized", "secrethash", "", clientSecretWrong, flow.Elsewhere, "",
		"the client secret is not that of app client {client}",
		"check the file that --client-secret-file names; leave the flag out if the client has no secret"},
	{"InvalidParameter", "not enabled for th", "", flow.CodeFlowNotEnabled, flow.Elsewhere, "",
		"app client {client} does not allow {flow}",
		"choose another flow with --auth-flow, or ask the pool's administrator to add ALLOW_{flow} to the client"},
	{"Unsupported", "authflow=", "SignIn", flow.CodeFlowNotEnabled, flow.Elsewhere, "", // cognito-local's answer
		"the pool at {host} does not know {flow}",
		"choose another flow with --auth-flow"},
	{"ResourceNotFound", "user pool client", "", clientNotFound, flow.Elsewhere, "",
		"app client {client} does not exist in region {region}",
		"check --client-id, and that the pool's region is right"},
	{"ResourceNotFound", "user pool", "", poolNotFound, flow.Elsewhere, "",
		"user pool {pool} does not exist in region {region}",
		"check --pool-id, and that the pool's region is right"},
	{"ResourceNotFound", "", "", poolNotFound, flow.Elsewhere, "",
		"pool {pool} or its app client {client} does not exist in region {region}",
		"check --pool-id and --client-id"},
	{"UserLambdaValidation", "", "", triggerRefused, flow.Elsewhere, "",
		"a trigger of the pool refused: {text}",
		"ask the pool's administrator"},
	{"UnexpectedLambda InvalidLambdaResponse", "", "", poolBroken, flow.Elsewhere, "",
		"a trigger of the pool is broken: {text}",
		"tell the pool's administrator{request}"},
	{"InvalidUserPoolConfiguration InvalidSmsRoleAccessPolicy InvalidSmsRoleTrustRelationship InvalidEmailRoleAccessPolicy", "", "", poolBroken, flow.Elsewhere, "",
		"the pool's configuration is broken: {code}",
		"tell the pool's administrator{request}"},
	{"NotAuthorized", "unauthorized attribute", "", attributeReadOnly, flow.Elsewhere, "",
		"app client {client} may not write an attribute that the pool requires",
		"ask the pool's administrator to make the required attributes writable for the client"},

	// The Session and the access token.
	{"NotAuthorized", "session is expired", "", sessionExpired, flow.Restart, "",
		"the session is over: Cognito keeps it for a few minutes",
		"sign in again; if that is too short, the administrator can raise AuthSessionValidity of the app client to 15 minutes"},
	{"NotAuthorized", "session can only be used once", "NEW_PASSWORD_REQUIRED", sessionUsed, flow.Restart, "",
		"Cognito had an answer in this session already",
		"sign in again, first with your new password: it may be in force"},
	{"NotAuthorized", "session can only be used once", "", sessionUsed, flow.Restart, "",
		"Cognito had an answer in this session already",
		"sign in again"},
	{"NotAuthorized", "invalid session", "", sessionInvalid, flow.Restart, "",
		"Cognito does not know this session",
		"sign in again"},
	{"InvalidParameter", "at 'session'", "", sessionInvalid, flow.Restart, "",
		"Cognito does not know this session",
		"sign in again"},
	{"NotAuthorized", "access token has expired", "", tokenExpired, flow.Restart, "",
		"you were signed in for too long",
		"sign in again"},
	{"NotAuthorized", "access token has been revoked", "", tokenRevoked, flow.Restart, "",
		"you were signed out in the meantime",
		"sign in again"},
	{"NotAuthorized", "required scopes", "", tokenScope, flow.Elsewhere, "",
		"your access token lacks the scope aws.cognito.signin.user.admin",
		"ask the pool's administrator: a pre token generation trigger may take it away"},
	{"NotAuthorized", "invalid access token", "", tokenInvalid, flow.Restart, "",
		"Cognito does not accept the access token",
		"sign in again"},
	{"InvalidParameter", "at 'accesstoken'", "", tokenInvalid, flow.Restart, "",
		"Cognito does not accept the access token",
		"sign in again"},

	// The code.
	{"EnableSoftwareTokenMFA CodeMismatch", "", "", flow.CodeMismatch, flow.Retry, "code",
		"this code is not right",
		"wait for the next code of the right entry in your app, and check that the phone sets its clock by itself"},
	{"not-verified", "", "", flow.CodeMismatch, flow.Retry, "code",
		"Cognito did not accept the code",
		"wait for the next code of the right entry in your app, and check that the phone sets its clock by itself"},
	{"ExpiredCode", "already been used", "", codeUsed, flow.Retry, "code",
		"this code was used already, and a code works once",
		"wait until the app shows the next code"},
	{"ExpiredCode", "", "", codeExpired, flow.Restart, "",
		"the code has expired",
		"sign in again"},
	{"SoftwareTokenMFANotFound", "enabled by the userpool", "", totpOff, flow.Elsewhere, "",
		"authenticator apps are turned off in pool {pool}",
		"ask the pool's administrator to turn them on in its MFA settings"},
	{"SoftwareTokenMFANotFound", "", "", totpNotSetUp, flow.Restart, "",
		"Cognito has no authenticator for this user",
		"sign in again"},
	{"InvalidParameter", "software token mfa", "", totpNotSetUp, flow.Restart, "",
		"Cognito has no authenticator for this user",
		"sign in and enrol again"},
	{"MFAMethodNotFound", "", "", noFactor, flow.Elsewhere, "",
		"there is no second factor that this user could use",
		"ask the pool's administrator to add a phone number or an e-mail address"},

	// What was typed, by its constraints.
	{"InvalidParameter", "at 'usercode'", "", flow.CodeInvalidInput, flow.Retry, "code",
		"a code has six digits",
		"type the six digits that the app shows"},
	{"InvalidParameter", "at 'username'", "", flow.CodeInvalidInput, flow.Retry, "username",
		"Cognito does not take this user name",
		"a user name has no spaces and at most 128 characters"},
	{"InvalidParameter", "at 'friendlydevicename'", "", flow.CodeInvalidInput, flow.Retry, "device",
		"Cognito does not take this device name",
		"go back and choose another"},
	{"InvalidParameter", "at 'password'", "NEW_PASSWORD_REQUIRED", passwordRefused, flow.Retry, "new-password",
		"Cognito does not take this password",
		"a password has at least 6 characters and no spaces"},
	{"InvalidParameter", "at 'password'", "", flow.CodeInvalidInput, flow.Retry, "password",
		"Cognito does not take this password",
		"a password has at most 256 characters and no spaces"},
	{"InvalidParameter", "failed to satisfy constraint", "", unexpected, flow.Bug, "",
		"Cognito does not take the form of a value in {operation}",
		"please report this{request}"},
	{"InvalidParameter", "", "NEW_PASSWORD_REQUIRED", flow.CodeInvalidInput, flow.Retry, "",
		"the pool does not take this: {text}",
		"change the answer that it means"},

	// The service.
	{"TooManyRequests Throttling Throttled RequestThrottled RequestLimitExceeded SlowDown", "", "", throttled, flow.Wait, "",
		"Cognito has more requests than this AWS account may make",
		"try again in a few seconds"},
	{"LimitExceeded TooManyFailedAttempts", "", "", limitExceeded, flow.Wait, "",
		"this user has made too many attempts",
		"try again later: it may take from minutes to an hour"},
	{"ConcurrentModification", "", "", conflict, flow.Wait, "",
		"something else changed this user at the same moment",
		"try again"},
	{"Forbidden", "", "", blocked, flow.Elsewhere, "",
		"a firewall in front of the pool (AWS WAF) blocked the request",
		"try from another network, or ask the pool's administrator{request}"},
	{"OperationNotEnabled FeatureUnavailableInTier UnsupportedOperation Unsupported", "", "", unavailable, flow.Elsewhere, "",
		"this pool does not offer {operation}: {text}",
		"ask the pool's administrator"},
	{"InternalError", "", "", flow.CodeNoAnswer, flow.Wait, "",
		"Cognito had an internal error",
		"try again"},
	{"NotAuthorized", "", "SignIn", refused, flow.Retry, "password",
		"Cognito refused the sign-in: {text}",
		"check the user name and the password"},
	{"NotAuthorized", "", "", refused, flow.Elsewhere, "",
		"Cognito refused {operation}: {text}",
		"ask the pool's administrator{request}"},

	// The way there.
	{"no-such-host", "", "SignIn", unreachable, flow.Elsewhere, "",
		"there is no host {text}",
		"check that region {region} exists, or --endpoint-url if you use it, and that this computer is online"},
	{"no-such-host", "", "", unreachable, flow.Wait, "",
		"there is no host {text} any more",
		"check that this computer is online, and try again"},
	{"unreachable", "", "", unreachable, flow.Wait, "",
		"{host} cannot be reached: {text}",
		"check the network, and the proxy and --endpoint-url if you use them, and try again"},
	{"tls", "", "", tlsFailed, flow.Elsewhere, "",
		"there is no secure connection to {host}: {text}",
		"check this computer's clock; if a proxy opens TLS here, add its certificate to the system's"},
	{"not-cognito", "", "", notCognito, flow.Wait, "",
		"something else than Cognito answered for {host}: {text}",
		"if this network wants you to log in, do so in a browser; check --endpoint-url if you use it; then try again"},
	{"no-answer", "", "NEW_PASSWORD_REQUIRED", flow.CodeNoAnswer, flow.Wait, "",
		"no answer came from {host}",
		"your new password may be in force already; try again, and if that is refused, sign in with it"},
	{"no-answer", "", "", flow.CodeNoAnswer, flow.Wait, "",
		"no answer came from {host}",
		"check the network, and try again"},
	{"cancelled", "", "", cancelled, flow.Wait, "",
		"cancelled",
		""},

	// What should not happen.
	{"malformed", "", "", unexpected, flow.Bug, "",
		"the answer of {host} is not Cognito's: {text}",
		"check --endpoint-url if you use it; otherwise please report this{request}"},
	{"malfunction", "", "", unexpected, flow.Bug, "",
		"this should not happen: {text}",
		"please report this"},
	{"", "", "", unexpected, flow.Bug, "",
		"Cognito answered {code} to {operation}: {text}",
		"please report this{request}"},
}
