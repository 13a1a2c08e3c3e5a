package localpool

import (
	"fmt"
	"net/http"
)

// apiError is a refusal as Cognito writes it. Clients branch on code; the texts are
// the service's own where one has been published, in its documentation or in an issue.
type apiError struct {
	status  int
	code    string // "NotAuthorizedException"
	message string // may be empty
}

func (e *apiError) Error() string { return e.code + ": " + e.message }

func refuse(code, format string, args ...any) *apiError {
	return &apiError{http.StatusBadRequest, code, fmt.Sprintf(format, args...)}
}

func notAuthorized(format string, args ...any) *apiError {
	return refuse("NotAuthorizedException", format, args...)
}

func invalidParameter(format string, args ...any) *apiError {
	return refuse("InvalidParameterException", format, args...)
}

// unknownOperation says more than Cognito, which has no message here: this server lacks operations
// that the service has.
func unknownOperation(name string) *apiError {
	if name == "" {
		return refuse("UnknownOperationException", "The header X-Amz-Target names no operation of %s*", targetPrefix)
	}
	return refuse("UnknownOperationException", "This local user pool has no operation %s", name)
}

func missingParameter(name string) *apiError {
	return invalidParameter("Missing required parameter %s", name)
}

// The request and its signature.
var (
	errUnsigned      = refuse("MissingAuthenticationTokenException", "Missing Authentication Token")
	errMalformedAuth = refuse("IncompleteSignatureException",
		"Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters.")
	errWrongService = refuse("InvalidSignatureException",
		"Credential should be scoped to correct service: 'cognito-idp'.")
	errTooLarge = &apiError{http.StatusRequestEntityTooLarge, "RequestEntityTooLargeException",
		"Request body is too large."}
	errIncomplete = &apiError{http.StatusRequestTimeout, "RequestTimeoutException", "The request body did not arrive."}
	// text is ours
	errForeign = &apiError{http.StatusForbidden, "AccessDeniedException",
		"Signed operations are not for pages of other origins."}
	errInternal = &apiError{http.StatusInternalServerError, "InternalErrorException", "Something went wrong"}
)

// Signing in.
var (
	errIncorrect        = notAuthorized("Incorrect username or password.")
	errAttemptsExceeded = notAuthorized("Password attempts exceeded")
	errDisabled         = notAuthorized("User is disabled.")
	errTemporaryExpired = notAuthorized("Temporary password has expired and must be reset by an administrator.")
	errUserNotFound     = refuse("UserNotFoundException", "User does not exist.")
	errNotConfirmed     = refuse("UserNotConfirmedException", "User is not confirmed.")
	errResetRequired    = refuse("PasswordResetRequiredException", "Password reset required for the user")
	errFlowNotSupported = invalidParameter("Initiate Auth method not supported.") // getmoto/moto#4836
	errNoTrigger        = invalidParameter("Custom auth lambda trigger is not configured for the user pool.")
	// amazon-cognito-identity-js#683
	errTimestamp    = invalidParameter("TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english.")
	errCodeMismatch = refuse("CodeMismatchException", "Invalid code received for user")
	errCodeOrState  = refuse("CodeMismatchException", "Invalid code or auth state for the user.") // amplify-js#11069
	errCodeUsed     = refuse("ExpiredCodeException", "Your software token has already been used once.")
	// text is ours
	errNoMethod = refuse("MFAMethodNotFoundException", "There is no MFA method that the user could use")
	// text is ours
	errNoChoice = invalidParameter("ANSWER is not one of the choices")
	// text is ours
	errWebAuthn           = invalidParameter("WEB_AUTHN is not supported by this server")
	errEmailFormat        = invalidParameter("Invalid email address format.")
	errPhoneFormat        = invalidParameter("Invalid phone number format.")
	errForbiddenAttribute = notAuthorized("A client attempted to write unauthorized attribute")
)

// Signing up, and new passwords.
var (
	errUserClient   = refuse("UserNotFoundException", "Username/client id combination not found.")
	errCodeWrong    = refuse("CodeMismatchException", "Invalid verification code provided, please try again.")
	errCodeExpired  = refuse("ExpiredCodeException", "Invalid code provided, please request a code again.")
	errLimit        = refuse("LimitExceededException", "Attempt limit exceeded, please try after some time.")
	errSignUpClosed = notAuthorized("SignUp is not permitted for this user pool")
	errAdminResets  = notAuthorized("Contact administrator to reset password.") // text is ours
	errNoContact    = invalidParameter("Cannot reset password for the user as there is no registered/verified email or " +
		"phone_number")
	errPasswordState = notAuthorized("User password cannot be reset in the current state.")
	errNoCodes       = invalidParameter("Cannot resend codes. Auto verification not turned on.") // amplify-cli#3646
	errConfirmed     = invalidParameter("User is already confirmed.")
	errNowhere       = invalidParameter("The user has no attribute that the user pool verifies") // text is ours
)

// Sessions and tokens.
var (
	errSessionInvalid = notAuthorized("Invalid session for the user.")
	errSessionUsed    = notAuthorized("Invalid session for the user, session can only be used once.")
	errSessionExpired = notAuthorized("Invalid session for the user, session is expired.")
	errAccessInvalid  = notAuthorized("Invalid Access Token")
	errAccessExpired  = notAuthorized("Access Token has expired")
	errAccessRevoked  = notAuthorized("Access Token has been revoked")
	errNoDevice       = refuse("ResourceNotFoundException", "Device does not exist.")
	// text is ours
	errNoTracking = refuse("InvalidUserPoolConfigurationException", "Device tracking is not enabled for the user pool")
	// text is ours
	errVerifier       = invalidParameter("DeviceSecretVerifierConfig is invalid.")
	errRefreshInvalid = notAuthorized("Invalid Refresh Token")
	errRefreshExpired = notAuthorized("Refresh Token has expired")
	errRefreshRevoked = notAuthorized("Refresh Token has been revoked")
	// text is ours
	errRotates = notAuthorized("Refresh token rotation is enabled for this client; use GetTokensFromRefreshToken")
	// text is ours
	errRefreshReused = refuse("RefreshTokenReuseException", "Refresh token has already been used")
	// text is ours
	errNoRevocation = refuse("UnsupportedOperationException", "Token revocation is not enabled for this client")
	// text is ours
	errNotRefresh = refuse("UnsupportedTokenTypeException", "Unsupported token type")
	// text is ours
	errRevokeClient = refuse("UnauthorizedException", "Client authentication failed")
)

// Enrolling.
var (
	errOneGrant = invalidParameter("Exactly one of AccessToken and Session is required") // text is ours
	errTOTPOff  = refuse("SoftwareTokenMFANotFoundException",
		"Software Token MFA has not been enabled by the userPool")
	// amazon-cognito-identity-js#630
	errNoToken = refuse("SoftwareTokenMFANotFoundException", "Software Token MFA does not exist for the user.")
	// amplify-flutter#4490
	errVerify      = refuse("EnableSoftwareTokenMFAException", "Code mismatch and fail enable Software Token MFA")
	errNotVerified = invalidParameter("User has not verified software token mfa")
	// amplify-js#1812, #3844
	errNotSetUp = invalidParameter("User has not set up software token mfa")
	// aws-sdk-js-v3#4645
	errNoDelivery = invalidParameter("User does not have delivery config set to turn on SOFTWARE_TOKEN_MFA")
	// amplify-js#618
	errNoPhone = invalidParameter("User does not have a phone_number set to turn on SMS MFA")
	// text is ours
	errNoEmail = invalidParameter("User does not have an email set to turn on Email MFA")
	// text is ours
	errFactorOff = invalidParameter("The MFA method is not enabled for the user pool")
	// text is ours
	errTwoPreferred = invalidParameter("Only one MFA method can be preferred")
	errBothAliases  = invalidParameter("Only one of the aliasAttributes or usernameAttributes can be set in a user " +
		"pool.")
	errDeletionProtected = invalidParameter("The user pool cannot be deleted because deletion protection is activated. " +
		"Deletion protection must be inactivated first.")
	errTwoSecrets      = invalidParameter("Only one of ClientSecret and GenerateSecret can be given") // text is ours
	errReadAttributes  = invalidParameter("Invalid read attributes specified while creating a client")
	errWriteAttributes = invalidParameter("Invalid write attributes specified while creating a client")
	errUserExists      = refuse("UsernameExistsException", "User account already exists")
	errFilter          = invalidParameter("Error while parsing filter.")
	errPage            = invalidParameter("Invalid pagination token.") // text is ours
	errSMSFirst        = invalidParameter("SMS configuration and Auto verification for phone_number are required when " +
		"MFA is required/optional")
	// text is ours
	errNoFactor = invalidParameter("Invalid MFA configuration given, can't turn on MFA without an MFA method")
	// text is ours
	errNoPassword = invalidParameter("PASSWORD has to be among AllowedFirstAuthFactors")
	// aws-cdk#7625
	errRefreshFlow = invalidParameter("REFRESH_TOKEN_AUTH should always be allowed.")
	// text is ours
	errMixedFlows = invalidParameter("Legacy values of ExplicitAuthFlows cannot be mixed with those that begin " +
		"with ALLOW_")
	errTokenValidity = invalidParameter("Invalid range for token validity.")
)
