package flow

// Remedy is what helps against an Error, as data: its name and the values that go with it. Whoever shows the
// Error puts it into words, because only a front end knows its flags, or that it has none; package ui has the
// wordings. The zero Remedy is none. A parameter that a Remedy does not use is empty.
type Remedy struct {
	Name      RemedyName `json:"name"`
	Region    string     `json:"region,omitempty"`    // AWS region
	Pool      string     `json:"pool,omitempty"`      // user pool ID
	Flow      string     `json:"flow,omitempty"`      // an AuthFlow by Cognito's name
	Challenge string     `json:"challenge,omitempty"` // to begin AuthFlow Choice with
	Operation string     `json:"operation,omitempty"` // of the API, such as AdminInitiateAuth
	Setting   string     `json:"setting,omitempty"`   // of the environment, such as AWS_CA_BUNDLE, or where it is
	Request   string     `json:"request,omitempty"`   // AWS's id of the request that failed, if it came
}

// RemedyName names a Remedy for programs; the values are stable.
type RemedyName string

// The remedies, and the parameters they use.
const (
	CheckPoolID       RemedyName = "check-pool-id"       // Region: there is no such pool there
	CheckTokensPool   RemedyName = "check-tokens-pool"   // Pool: the token belongs to another one
	CheckPoolAccount  RemedyName = "check-pool-account"  // Region: nor in the account of the AWS credentials
	CheckClientsPool  RemedyName = "check-clients-pool"  // Pool: the app client belongs to another one
	CheckClientID     RemedyName = "check-client-id"     // Region: there is no such app client there
	CheckIDs          RemedyName = "check-ids"           // the pool's, the app client's or both
	GiveClientSecret  RemedyName = "give-client-secret"  // none was given, and the app client has one
	CheckClientSecret RemedyName = "check-client-secret" // the one that was given is not the app client's
	OmitClientSecret  RemedyName = "omit-client-secret"  // one was given, and the app client has none
	FixClientSecret   RemedyName = "fix-client-secret"   // what was given cannot be one

	AgreeToSend     RemedyName = "agree-to-send"     // the password itself, by choosing the flow that does
	AllowSRP        RemedyName = "allow-srp"         // in the app client, which allows nothing but the password itself
	ChooseAuthFlow  RemedyName = "choose-auth-flow"  // the pool does not know the one that is used
	AllowAuthFlow   RemedyName = "allow-auth-flow"   // Flow: the app client does not allow it
	UseListedFlow   RemedyName = "use-listed-flow"   // the app client allows none of those that are tried unasked
	TryOtherFlows   RemedyName = "try-other-flows"   // the same, and which others it allows is not known
	AddTrigger      RemedyName = "add-trigger"       // Flow: the pool lacks the triggers for it
	UpgradePlan     RemedyName = "upgrade-plan"      // Flow: the pool's feature plan does not include it
	AvoidPasskey    RemedyName = "avoid-passkey"     // Challenge: begin with it, as a passkey needs a browser
	SignInElsewhere RemedyName = "sign-in-elsewhere" // the account has to be changed, which was ruled out here

	SetClock          RemedyName = "set-clock"          // it is too far from Cognito's
	GetCredentials    RemedyName = "get-credentials"    // AWS's
	RenewCredentials  RemedyName = "renew-credentials"  // AWS's, which have expired
	CheckCredentials  RemedyName = "check-credentials"  // AWS's: the secret access key, or the clock
	CheckProfile      RemedyName = "check-profile"      // of AWS's configuration
	CheckAWSConfig    RemedyName = "check-aws-config"   // it cannot be read
	AllowOperation    RemedyName = "allow-operation"    // Operation, Pool: IAM does not
	AllowListing      RemedyName = "allow-listing"      // Operation: IAM does not
	BrowseElsewhere   RemedyName = "browse-elsewhere"   // no user pool in the region and account
	AskWithAWS        RemedyName = "ask-with-aws"       // AWS credentials would tell
	SetToBoolean      RemedyName = "set-to-boolean"     // Setting
	CheckSetting      RemedyName = "check-setting"      // Setting: it names a file that cannot be used
	ChangeSetting     RemedyName = "change-setting"     // Setting: where it is
	DropEndpoint      RemedyName = "drop-endpoint"      // two settings of the endpoint exclude each other
	GiveEndpoint      RemedyName = "give-endpoint"      // the pool's ID does not begin with a region
	FixEndpoint       RemedyName = "fix-endpoint"       // it is not a plain URL
	CheckRegion       RemedyName = "check-region"       // Cognito has no endpoint there
	CheckHost         RemedyName = "check-host"         // Region: no host of that name
	CheckNetwork      RemedyName = "check-network"      // the host cannot be reached
	CheckTLS          RemedyName = "check-tls"          // no secure connection
	LogInToNetwork    RemedyName = "log-in-to-network"  // something else answered, such as a login page
	CheckEndpoint     RemedyName = "check-endpoint"     // Request: the answer is not Cognito's
	ChangeNetwork     RemedyName = "change-network"     // Request: a firewall blocked it
	AskAdministrator  RemedyName = "ask-administrator"  // Request: the pool refused
	TellAdministrator RemedyName = "tell-administrator" // Request: the pool is broken
	Report            RemedyName = "report"             // Request: it is a bug
)

// Remedies are all names, for tests that nothing is forgotten.
var Remedies = []RemedyName{
	CheckPoolID, CheckTokensPool, CheckPoolAccount, CheckClientsPool, CheckClientID, CheckIDs,
	GiveClientSecret, CheckClientSecret, OmitClientSecret, FixClientSecret,
	AgreeToSend, AllowSRP, ChooseAuthFlow, AllowAuthFlow,
	UseListedFlow, TryOtherFlows, AddTrigger, UpgradePlan, AvoidPasskey, SignInElsewhere,
	SetClock, GetCredentials, RenewCredentials, CheckCredentials, CheckProfile, CheckAWSConfig, AllowOperation,
	AllowListing,
	BrowseElsewhere, AskWithAWS, SetToBoolean, CheckSetting, ChangeSetting, DropEndpoint, GiveEndpoint, FixEndpoint,
	CheckRegion, CheckHost, CheckNetwork, CheckTLS, LogInToNetwork, CheckEndpoint, ChangeNetwork,
	AskAdministrator, TellAdministrator, Report,
}

// printable makes every parameter safe for a terminal.
func (r Remedy) printable() Remedy {
	for _, p := range []*string{&r.Region, &r.Pool, &r.Flow, &r.Challenge, &r.Operation, &r.Setting, &r.Request} {
		*p = Printable(shown(*p, mostText))
	}
	return r
}
