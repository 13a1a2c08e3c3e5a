package ui

import "cognito-enroll/flow"

// Wording puts a Remedy into words: one sentence in the imperative, in lower case and without a full stop. The
// zero Wording is CommandLine.
type Wording int

const (
	// CommandLine is for somebody who started this program, and can start it again with other flags.
	CommandLine Wording = iota
	// Served is for people who reach this program through a server, as over SSH, and for programs: there are no flags.
	Served
)

// Hint returns what to do about e, or "".
func (w Wording) Hint(e *flow.Error) string {
	r := e.Remedy
	if r.Name == "" {
		return e.Hint
	}
	text := remedies[r.Name][w]
	if text == "" {
		text = remedies[r.Name][CommandLine]
	}
	if with, ok := withRequest[r.Name]; ok && r.Request != "" {
		if text = with[w]; text == "" {
			text = with[CommandLine]
		}
	}
	return flow.Fill(text, "region", r.Region, "pool", r.Pool, "flow", r.Flow, "challenge", r.Challenge,
		"operation", r.Operation, "setting", r.Setting, "request", r.Request)
}

const askOperator = "tell whoever runs this service"

// remedies are the words for each, by Wording; the second is left out where it is the same.
var remedies = map[flow.RemedyName][2]string{
	flow.CheckPoolID: {
		"check --pool-id and the pool's region",
		"check the user pool ID and its region, {region}",
	},
	flow.CheckTokensPool: {
		"check --pool-id, or sign in to this pool",
		"sign in to user pool {pool}, and paste that access token",
	},
	flow.CheckPoolAccount: {
		"check --pool-id, the pool's region and AWS_PROFILE",
		"check the user pool ID and its region, {region}",
	},
	flow.CheckClientsPool: {
		"check --pool-id: with a wrong one, the right password is refused",
		"check the user pool ID: with a wrong one, the right password is refused",
	},
	flow.CheckClientID: {
		"check --client-id and the pool's region",
		"check the app client ID and the pool's region, {region}",
	},
	flow.CheckIDs: {
		"check --pool-id and --client-id",
		"check the user pool ID and the app client ID",
	},
	flow.GiveClientSecret: {
		"name a file that holds the secret with --client-secret-file, or use an app client without one",
		"use an app client without a secret, or ask whoever runs this service to add the secret",
	},
	flow.CheckClientSecret: {
		"check the file that --client-secret-file names; leave the flag out if the app client has no secret",
		askOperator + ": the client secret is wrong",
	},
	flow.OmitClientSecret: {
		"leave --client-secret-file out",
		askOperator + ": the app client has no secret",
	},
	flow.FixClientSecret: {
		"put only the secret into the file that --client-secret-file names, without spaces and line breaks",
		askOperator + ": the client secret cannot have spaces or line breaks",
	},

	flow.AgreeToSend: {
		"agree with --auth-flow password to have your password itself sent",
		"answer yes or no",
	},
	flow.AllowSRP: {
		"ask the pool's administrator to add ALLOW_USER_SRP_AUTH to the app client, or agree with --auth-flow password",
		"ask the pool's administrator to add ALLOW_USER_SRP_AUTH to the app client",
	},
	flow.ChooseAuthFlow: {
		"choose another flow with --auth-flow",
		askOperator + ": it needs another auth flow",
	},
	flow.AllowAuthFlow: {
		"choose another flow with --auth-flow, or ask the pool's administrator to add ALLOW_{flow} to the app client",
		"ask the pool's administrator to add ALLOW_{flow} to the app client",
	},
	flow.UseListedFlow: {
		"choose one of them with --auth-flow, or allow SRP",
		"allow SRP in the app client",
	},
	flow.TryOtherFlows: {
		"allow SRP; custom and admin flows were not tried, and --auth-flow chooses them",
		"allow SRP in the app client; custom and admin flows were not tried",
	},
	flow.AddTrigger: {
		"choose another flow with --auth-flow, or ask the pool's administrator for the trigger DefineAuthChallenge",
		"ask the pool's administrator for the trigger DefineAuthChallenge",
	},
	flow.UpgradePlan: {
		"choose another flow with --auth-flow, or ask the pool's administrator for the plan Essentials",
		"ask the pool's administrator for the plan Essentials",
	},
	flow.AvoidPasskey: {
		"a passkey needs a browser: use --auth-flow choice --preferred-challenge {challenge}",
		"a passkey needs a browser: ask the pool's administrator to allow a password or a code as well",
	},
	flow.SignInElsewhere: {
		"sign in where this pool's users do, or run cognito-enroll, which also does that",
		"sign in where this pool's users do",
	},

	flow.SetClock: {
		"set this computer's clock, then try again",
		askOperator + ": its clock is wrong",
	},
	flow.GetCredentials: {
		"run aws sso login, or set AWS_PROFILE",
		askOperator + ": it has no AWS credentials",
	},
	flow.RenewCredentials: {
		"run aws sso login, then run this again",
		askOperator + ": its AWS credentials have expired",
	},
	flow.CheckCredentials: {
		"check both; aws sts get-caller-identity tells whether the key is right",
		askOperator + ": its AWS credentials or its clock are wrong",
	},
	flow.CheckProfile: {
		"check --profile or AWS_PROFILE; aws configure list-profiles prints the profiles",
		askOperator + ": its AWS profile does not exist",
	},
	flow.CheckAWSConfig: {
		"check ~/.aws/config, or the file that AWS_CONFIG_FILE names; aws sts get-caller-identity tells whether it works",
		askOperator + ": its AWS configuration cannot be read",
	},
	flow.AllowOperation: {
		"ask for a policy that allows it for pool {pool}, or choose other credentials with AWS_PROFILE",
		"ask whoever runs this service for a policy that allows {operation} for pool {pool}",
	},
	flow.AllowListing: {
		"ask for a policy that allows it, choose other credentials with AWS_PROFILE, or type the IDs",
		"type the IDs, or ask whoever runs this service for a policy that allows {operation}",
	},
	flow.BrowseElsewhere: {
		"type another region, or choose other credentials with AWS_PROFILE",
		"type another region",
	},
	flow.AskWithAWS: {
		"add --aws-credentials to ask with yours",
		"ask the pool's administrator",
	},
	flow.SetToBoolean: {
		"set {setting} to true or to false",
		askOperator + ": {setting} has to be true or false",
	},
	flow.CheckSetting: {
		"check {setting}: it names a file with certificates in PEM",
		askOperator + ": {setting} has to name a file with certificates in PEM",
	},
	flow.ChangeSetting: {
		"change it where it is set: {setting}",
		askOperator + ": its endpoint is wrong",
	},
	flow.DropEndpoint: {
		"remove --endpoint-url, or AWS_USE_FIPS_ENDPOINT and AWS_USE_DUALSTACK_ENDPOINT",
		askOperator + ": its endpoint is wrong",
	},
	flow.GiveEndpoint: {
		"start the user pool ID with the region, like us-east-1_AbCdEf123; a pool outside AWS needs --endpoint-url",
		"start the user pool ID with the region, like us-east-1_AbCdEf123",
	},
	flow.FixEndpoint: {
		"give --endpoint-url a scheme, a host and a port, as in http://127.0.0.1:9229",
		askOperator + ": its endpoint is wrong",
	},
	flow.CheckRegion: {
		"check --region",
		"check the region",
	},
	flow.CheckHost: {
		"check that you are online and that region {region} exists, or --endpoint-url if you use it",
		"check that region {region} exists, and try again later",
	},
	flow.CheckNetwork: {
		"check the network, and the proxy and --endpoint-url if you use them; then try again",
		"wait a moment, then try again",
	},
	flow.CheckTLS: {
		"check this computer's clock and whether this network wants you to log in; " +
			"if a proxy inspects TLS, name its certificate in AWS_CA_BUNDLE",
		askOperator + ": its secure connection to Cognito fails",
	},
	flow.LogInToNetwork: {
		"is this the login page of your network? Log in with a browser, check --endpoint-url if you use it, then try again",
		"wait a moment, then try again",
	},
	flow.CheckEndpoint: {
		"check --endpoint-url if you use it; otherwise report this",
		askOperator,
	},
	flow.ChangeNetwork: {
		"try from another network, or ask the pool's administrator",
		"ask the pool's administrator",
	},
	flow.AskAdministrator:  {"ask the pool's administrator"},
	flow.TellAdministrator: {"tell the pool's administrator"},
	flow.Report:            {"please report this"},
}

// withRequest are the words for those that AWS's id of the request helps.
var withRequest = map[flow.RemedyName][2]string{
	flow.CheckEndpoint: {
		"check --endpoint-url if you use it; otherwise report this, with the request ID {request}",
		askOperator + ", with the request ID {request}",
	},
	flow.ChangeNetwork: {
		"try from another network, or ask the pool's administrator, with the request ID {request}",
		"ask the pool's administrator, with the request ID {request}",
	},
	flow.AskAdministrator:  {"ask the pool's administrator, with the request ID {request}"},
	flow.TellAdministrator: {"tell the pool's administrator, with the request ID {request}"},
	flow.Report:            {"please report this, with the request ID {request}"},
}
