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
	aliasTaken          flow.ErrorCode = "alias-taken" // another user has the e-mail address or phone number
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
	sessionInvalid      flow.ErrorCode = "session-invalid"
	tokenExpired        flow.ErrorCode = "token-expired"
	tokenRevoked        flow.ErrorCode = "token-revoked"
	tokenInvalid        flow.ErrorCode = "token-invalid"
	tokenScope          flow.ErrorCode = "token-scope" // aws.cognito.signin.user.admin is missing
	codeNotSent         flow.ErrorCode = "code-not-sent"
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
	during string // where, any if empty: see places
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
	{"NotAuthorized", "incorrect username or password", "Passwordless", refused, flow.Retry, "username",
		"pool {pool} does not let this user in",
		"check the user name"},
	{"NotAuthorized", "incorrect username or password", "USER_PASSWORD_AUTH ADMIN_USER_PASSWORD_AUTH", flow.CodeWrongPassword, flow.Retry, "password",
		"the user name or the password is wrong",
		"check both; a user that pool {pool} does not have gets the same answer"},
	{"NotAuthorized", "incorrect username or password", "SignIn", flow.CodeWrongPassword, flow.Retry, "password",
		"the user name or the password is wrong",
		"check both; a user that pool {pool} does not have gets the same answer, and so does a computer whose clock is wrong"},
	{"NotAuthorized", "incorrect username or password", "CUSTOM_CHALLENGE", challengeFailed, flow.Restart, "",
		"the pool did not take your answer, and ended this sign-in",
		"sign in again"},
	{"NotAuthorized", "incorrect username or password", "PASSWORD PASSWORD_SRP ADMIN_NO_SRP_AUTH", flow.CodeWrongPassword, flow.Restart, "",
		"the user name or the password is wrong",
		"sign in again and check both; a computer whose clock is wrong gets the same answer"},
	{"NotAuthorized", "incorrect username or password", "", refused, flow.Restart, "",
		"the pool ended this sign-in: {text}",
		"sign in again"},
	{"NotAuthorized", "attempts exceeded", "", lockedOut, flow.Wait, "",
		"after too many wrong passwords or codes this user is locked for a while",
		"wait, and it passes: AWS speaks of 1 second after five wrong ones, twice as long after each further one (32 seconds after ten), and 15 minutes at most; what is tried meanwhile does not count"},
	{"NotAuthorized", "temporary password has expired", "", temporaryExpired, flow.Elsewhere, "",
		"your temporary password has expired",
		"ask the pool's administrator for a new one (AdminCreateUser with MessageAction RESEND, or AdminSetUserPassword)"},
	{"InvalidPassword", "", "SignIn", flow.CodeWrongPassword, flow.Retry, "password", // cognito-local's answer
		"the password is wrong",
		"check it"},
	{"InvalidPassword", "", "", passwordRefused, flow.Retry, "new-password",
		"the pool does not take this password: {detail}",
		"choose another"},
	{"PasswordHistoryPolicyViolation", "", "", passwordRefused, flow.Retry, "new-password",
		"the pool does not take a password that you have had before",
		"choose another"},
	{"PasswordResetRequired", "", "", flow.CodeResetRequired, flow.Elsewhere, "",
		"the password of this user was reset and has to be set anew",
		"set it where this pool's users do (\"forgot password\"), then come back"},
	{"NotAuthorized", "password cannot be reset", "", cannotReset, flow.Elsewhere, "",
		"the password of this user cannot be reset: the first sign-in, or the sign-up, was never finished",
		"finish it with the temporary password or the code that was sent, or ask the pool's administrator to send it again"},
	{"InvalidParameter", "no registered/verified", "", cannotReset, flow.Elsewhere, "",
		"this user has no verified e-mail address or phone number to which a code could go",
		"ask the pool's administrator to set a password (AdminSetUserPassword)"},

	// The user.
	{"NotAuthorized", "user is disabled", "", userDisabled, flow.Elsewhere, "",
		"this user is disabled",
		"ask the pool's administrator to enable the user"},
	{"UserNotConfirmed", "", "", flow.CodeNotConfirmed, flow.Elsewhere, "",
		"this user's sign-up was not finished",
		"confirm it with the code that was sent, or ask the pool's administrator to confirm it (AdminConfirmSignUp)"},
	{"NotAuthorized InvalidParameter", "current status is confirmed", "", flow.CodeConfirmed, flow.Restart, "",
		"this sign-up is confirmed already",
		"sign in"},
	{"InvalidParameter", "already confirmed", "", flow.CodeConfirmed, flow.Restart, "",
		"this sign-up is confirmed already",
		"sign in"},
	{"InvalidParameter", "cannot resend codes", "", cannotConfirm, flow.Elsewhere, "",
		"the pool does not send codes that confirm a sign-up",
		"ask the pool's administrator to confirm it (AdminConfirmSignUp)"},
	{"UserNotFound", "", "SignIn", userNotFound, flow.Retry, "username",
		"pool {pool} has no such user",
		"check the user name"},
	{"UserNotFound", "", "", userNotFound, flow.Restart, "",
		"pool {pool} has this user no longer",
		"sign in again"},
	{"AliasExists", "", "Confirm", aliasTaken, flow.Elsewhere, "",
		"another user has this e-mail address or phone number",
		"sign in as that user, or ask the pool's administrator"},
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
	{"InvalidParameter", "missing required parameter", "", unexpected, flow.Bug, "",
		"Cognito misses a value in {operation}: {text}",
		"please report this{request}"},
	{"InvalidParameter", "lambda trigger is not configured", "", poolBroken, flow.Elsewhere, "",
		"pool {pool} has no trigger for {flow}",
		"choose another flow with --auth-flow, or ask the pool's administrator for the trigger DefineAuthChallenge"},
	{"InvalidParameter", "not enabled for th", "", flow.CodeFlowNotEnabled, flow.Elsewhere, "",
		"app client {client} does not allow {flow}",
		"choose another flow with --auth-flow, or ask the pool's administrator to add ALLOW_{flow} to the client"},
	{"Unsupported", "authflow=", "SignIn", flow.CodeFlowNotEnabled, flow.Elsewhere, "", // cognito-local's answer
		"the pool at {host} does not know {flow}",
		"choose another flow with --auth-flow"},
	{"ResourceNotFound", "user pool client", "", clientNotFound, flow.Elsewhere, "",
		"app client {client} does not exist in region {region}",
		"check --client-id, and that the pool's region is right"},
	{"ResourceNotFound", "user pool", "ADMIN_USER_PASSWORD_AUTH Clients", poolNotFound, flow.Elsewhere, "",
		"user pool {pool} does not exist in region {region} of the AWS account of your credentials",
		"check --pool-id, the pool's region, and AWS_PROFILE"},
	{"ResourceNotFound", "user pool", "", poolNotFound, flow.Elsewhere, "",
		"user pool {pool} does not exist in region {region}",
		"check --pool-id, and that the pool's region is right"},
	{"ResourceNotFound", "device", "", deviceNotFound, flow.Restart, "",
		"Cognito does not know the device any more",
		"sign in again"},
	{"ResourceNotFound", "", "", poolNotFound, flow.Elsewhere, "",
		"pool {pool} or its app client {client} does not exist in region {region}",
		"check --pool-id and --client-id"},
	{"UserLambdaValidation", "", "CUSTOM_CHALLENGE", challengeFailed, flow.Restart, "",
		"a trigger of the pool refused: {text}",
		"sign in again, and ask the pool's administrator if that does not help"},
	{"UserLambdaValidation", "postconfirmation", "", triggerRefused, flow.Restart, "",
		"a trigger of the pool refused: {text}",
		"sign in again"},
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

	// AWS credentials, and what IAM makes of them.
	{"no-credentials MissingAuthenticationToken", "", "", noCredentials, flow.Elsewhere, "",
		"no AWS credentials",
		"aws sso login, or AWS_PROFILE"},
	{"AccessDenied", "", "ADMIN_USER_PASSWORD_AUTH", accessDenied, flow.Elsewhere, "",
		"your AWS credentials do not allow cognito-idp:{operation}",
		"ask for a policy that allows it for pool {pool}, or choose other credentials with AWS_PROFILE"},
	{"AccessDenied", "", "Pools Clients", accessDenied, flow.Elsewhere, "",
		"your AWS credentials do not allow cognito-idp:{operation}",
		"ask for a policy that allows it, choose other credentials with AWS_PROFILE, or type the ids"},
	{"ExpiredToken", "", "", credentialsExpired, flow.Elsewhere, "",
		"your AWS credentials have expired",
		"aws sso login, then run this again"},
	{"UnrecognizedClient InvalidClientTokenId", "", "", credentialsInvalid, flow.Elsewhere, "",
		"AWS does not know your AWS credentials",
		"aws sso login, or AWS_PROFILE"},
	{"InvalidSignature", "signature expired", "", flow.CodeClock, flow.Elsewhere, "",
		"this computer's clock is behind, and then AWS refuses what is signed",
		"set the clock, then run this again"},
	{"InvalidSignature", "signature not yet current", "", flow.CodeClock, flow.Elsewhere, "",
		"this computer's clock is ahead, and then AWS refuses what is signed",
		"set the clock, then run this again"},
	{"InvalidSignature SignatureDoesNotMatch", "", "", credentialsInvalid, flow.Elsewhere, "",
		"AWS refuses the signature: the secret access key is wrong, or this computer's clock is",
		"check both; aws sts get-caller-identity tells whether the key is right"},

	// The Session and the access token.
	{"NotAuthorized", "session is expired", "", sessionExpired, flow.Restart, "",
		"the session is over: Cognito keeps it for a few minutes",
		"sign in again; if that is too short, the administrator can raise AuthSessionValidity of the app client to 15 minutes"},
	{"NotAuthorized", "session can only be used once", "", flow.CodeSessionUsed, flow.Restart, "",
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
		"sign in with a password, or ask for the scope in the app client and in the request; a pre token generation trigger may take it away"},
	{"NotAuthorized", "invalid access token", "", tokenInvalid, flow.Restart, "",
		"Cognito does not accept the access token",
		"sign in again"},
	{"InvalidParameter", "at 'accesstoken'", "", tokenInvalid, flow.Restart, "",
		"Cognito does not accept the access token",
		"sign in again"},

	// The code.
	{"CodeMismatch", "", "SMS_MFA SMS_OTP EMAIL_OTP", flow.CodeMismatch, flow.Retry, "code",
		"this code is not right",
		"take the newest that was sent; if it does not come or is refused again, go back and sign in for another"},
	{"CodeMismatch", "", "Reset Confirm", flow.CodeMismatch, flow.Retry, "code",
		"this code is not right",
		"take the newest that was sent, or go back to have another one sent"},
	{"EnableSoftwareTokenMFA CodeMismatch", "", "Verify SOFTWARE_TOKEN_MFA", flow.CodeMismatch, flow.Retry, "code",
		"this code is not right",
		"wait for the next code of the right entry in your app, and check that the phone sets its clock by itself"},
	{"CodeMismatch", "", "", sessionInvalid, flow.Restart, "",
		"Cognito expected another answer in this sign-in",
		"sign in again"},
	{"not-verified", "", "", flow.CodeMismatch, flow.Retry, "code",
		"Cognito did not accept the code",
		"wait for the next code of the right entry in your app, and check that the phone sets its clock by itself"},
	{"ExpiredCode", "already been used", "", flow.CodeUsed, flow.Retry, "code",
		"this code was used already, and a code works once",
		"wait until the app shows the next code"},
	{"ExpiredCode", "", "Reset Confirm", flow.CodeExpired, flow.Retry, "code",
		"the code has expired, or is not the newest",
		"take the newest that was sent, or go back to have another one sent"},
	{"ExpiredCode", "", "", flow.CodeExpired, flow.Restart, "",
		"the code has expired",
		"sign in again"},
	{"CodeDeliveryFailure", "", "", codeNotSent, flow.Elsewhere, "",
		"the pool could not send the code: {text}",
		"ask the pool's administrator{request}"},
	{"SoftwareTokenMFANotFound", "enabled by the userpool", "", totpOff, flow.Elsewhere, "",
		"authenticator apps are turned off in pool {pool}",
		"ask the pool's administrator to turn them on in its MFA settings"},
	{"SoftwareTokenMFANotFound", "", "", totpNotSetUp, flow.Restart, "",
		"Cognito has no authenticator for this user",
		"sign in again"},
	{"InvalidParameter", "software token mfa", "", totpNotSetUp, flow.Restart, "",
		"Cognito has no authenticator for this user",
		"sign in again"},
	{"MFAMethodNotFound", "", "", noFactor, flow.Elsewhere, "",
		"there is no second factor that this user could use",
		"ask the pool's administrator to add a phone number or an e-mail address"},

	// What was typed, by its constraints.
	{"InvalidParameter", "at 'usercode'", "", flow.CodeInvalidInput, flow.Retry, "code",
		"a code has six digits",
		"type the six digits that the app shows"},
	{"InvalidParameter", "at 'confirmationcode'", "", flow.CodeInvalidInput, flow.Retry, "code",
		"Cognito does not take the form of this code",
		"type it as it was sent"},
	{"InvalidParameter", "at 'username'", "", flow.CodeInvalidInput, flow.Retry, "username",
		"Cognito does not take this user name",
		"a user name has no spaces and at most 128 characters"},
	{"InvalidParameter", "at 'friendlydevicename'", "", flow.CodeInvalidInput, flow.Retry, "device",
		"Cognito does not take this device name",
		"go back and choose another"},
	{"InvalidParameter", "at 'password'", "NEW_PASSWORD_REQUIRED Reset", passwordRefused, flow.Retry, "new-password",
		"Cognito does not take this password",
		"a password has at least 6 characters and no spaces"},
	{"InvalidParameter", "at 'password'", "", flow.CodeInvalidInput, flow.Retry, "password",
		"Cognito does not take this password",
		"a password has at most 256 characters and no spaces"},
	{"InvalidParameter", "failed to satisfy constraint", "", unexpected, flow.Bug, "",
		"Cognito does not take the form of a value in {operation}",
		"please report this{request}"},
	{"InvalidParameter", "", "EMAIL", flow.CodeInvalidInput, flow.Retry, "email",
		"the pool does not take this address: {text}",
		"give another"},
	{"InvalidParameter", "", "NEW_PASSWORD_REQUIRED", flow.CodeInvalidInput, flow.Retry, "",
		"the pool does not take this: {text}",
		"change the answer that it means"},

	// The service.
	{"TooManyRequests Throttling Throttled RequestThrottled RequestLimitExceeded SlowDown", "", "", throttled, flow.Wait, "",
		"Cognito has more requests than this AWS account may make",
		"try again in a few seconds"},
	{"LimitExceeded TooManyFailedAttempts", "", "Forgot Reset", limitExceeded, flow.Wait, "",
		"this user has made too many attempts",
		"try again in an hour: the pool lets a user ask for codes and try them five to twenty times in that time"},
	{"LimitExceeded TooManyFailedAttempts", "", "", limitExceeded, flow.Wait, "",
		"this user has made too many attempts",
		"try again later: it may take from minutes to an hour"},
	{"ConcurrentModification", "", "", conflict, flow.Wait, "",
		"something else changed this user at the same moment",
		"try again"},
	{"Forbidden", "", "", blocked, flow.Elsewhere, "",
		"a firewall in front of the pool (AWS WAF) blocked the request",
		"try from another network, or ask the pool's administrator{request}"},
	{"FeatureUnavailableInTier", "", "", unavailable, flow.Elsewhere, "",
		"the feature plan of pool {pool} does not include {flow}",
		"choose another flow with --auth-flow, or ask the pool's administrator for the plan Essentials"},
	{"OperationNotEnabled UnsupportedOperation Unsupported", "", "", unavailable, flow.Elsewhere, "",
		"this pool does not offer {operation}: {text}",
		"ask the pool's administrator"},
	{"InternalError", "", "", flow.CodeNoAnswer, flow.Wait, "",
		"Cognito had an internal error",
		"try again"},
	{"NotAuthorized", "", "Passwordless", refused, flow.Retry, "username",
		"Cognito refused the sign-in: {text}",
		"check the user name"},
	{"NotAuthorized", "", "SignIn", refused, flow.Retry, "password",
		"Cognito refused the sign-in: {text}",
		"check the user name and the password"},
	{"NotAuthorized AccessDenied", "", "", refused, flow.Elsewhere, "",
		"Cognito refused {operation}: {text}",
		"ask the pool's administrator{request}"},

	// The way there.
	{"no-such-host", "", "SignIn Pools", unreachable, flow.Elsewhere, "",
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
		"check this computer's clock, and whether this network wants you to log in; if a proxy opens TLS here, name its certificate in AWS_CA_BUNDLE, or add it to the system's"},
	{"not-cognito", "", "", notCognito, flow.Wait, "",
		"something other than Cognito answered for {host}: {text}",
		"if this network wants you to log in, do so in a browser; check --endpoint-url if you use it; then try again"},
	{"no-answer", "", "", flow.CodeNoAnswer, flow.Wait, "",
		"no answer came from {host}",
		"check the network, and try again"},
	{"server-error", "", "", flow.CodeNoAnswer, flow.Wait, "",
		"{host} answered with an error: {text}",
		"wait a few seconds, then try again; if the error stays, tell the pool's administrator"},
	{"cut", "", "", flow.CodeNoAnswer, flow.Wait, "",
		"the answer from {host} was cut off",
		"check the network, and try again"},
	{"too-large", "", "", flow.CodeNoAnswer, flow.Wait, "",
		"the answer from {host} ({text}) is larger than any from Cognito",
		"if this network wants you to log in, do so in a browser, then try again"},
	{"incomplete", "", "", flow.CodeNoAnswer, flow.Wait, "",
		"the answer from {host} is incomplete: {text}",
		"try again; if that happens again, tell the pool's administrator"},
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
