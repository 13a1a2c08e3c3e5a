package cognito

import (
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-enroll/flow"
)

// settings is about what no refusal tells.
func (x *inspector) settings() []Finding {
	if x.config.Credentials == nil {
		unknown := func(topic, text string) Finding {
			return Finding{Topic: topic, Level: LevelUnknown, Text: x.fill(text), Remedy: flow.Remedy{Name: flow.AskWithAWS}}
		}
		return []Finding{
			unknown("mfa", "only AWS credentials tell whether authenticator apps are turned on in pool {pool}"),
			unknown("session", "only AWS credentials tell how long a session lasts"),
			unknown("pool", "only AWS credentials tell whether the app client belongs to pool {pool}"),
		}
	}
	var list []Finding
	switch err := x.clientErr; {
	case err == nil:
	case err.Code == clientNotFound: // yet InitiateAuth knows it
		list = append(list, Finding{
			Topic: "pool", Level: LevelProblem, Fault: flow.Elsewhere,
			Text:   x.fill("app client {client} does not belong to pool {pool}"),
			Remedy: flow.Remedy{Name: flow.CheckClientsPool, Pool: x.config.PoolID},
			Repair: x.repair(appClients, "list-user-pool-clients", "", "aws_cognito_user_pool_client.user_pool_id"),
		})
	case err.Code == poolNotFound:
		list = append(list, failed("pool", LevelProblem, err))
	default:
		list = append(list, failed("pool", LevelUnknown, err))
	}
	if x.client != nil {
		list = append(list, x.fine("pool", "the app client belongs to pool {pool}"), x.session())
	}
	if x.mfa != nil {
		list = append(list, x.totp())
	}
	if x.mfaErr != nil {
		list = append(list, failed("mfa", LevelUnknown, x.mfaErr))
	}
	return list
}

// session is about AuthSessionValidity, which is 3 minutes by default (API reference,
// UserPoolClientType).
func (x *inspector) session() Finding {
	minutes := aws.ToInt32(x.client.AuthSessionValidity)
	if minutes == 0 {
		minutes = 3
	}
	last := strconv.Itoa(int(minutes))
	found := x.fine("session", "a session lasts {minutes} minutes", "minutes", last)
	if minutes < 5 && x.mfa != nil && x.mfa.mode == types.UserPoolMfaTypeOn {
		found.Level = LevelWarning
		found.Text = x.fill("a session lasts {minutes} minutes, which is little time to install an app and to scan",
			"minutes", last)
		found.Repair = x.clientRepair("Authentication flow session duration", options("auth-session-validity", "15"),
			"auth_session_validity = 15")
	}
	return found
}

func (x *inspector) totp() Finding {
	mode := x.mfa.mode
	switch {
	case x.mfa.totp && mode == types.UserPoolMfaTypeOn:
		return x.fine("mfa", "authenticator apps are turned on in pool {pool}, and MFA is required")
	case x.mfa.totp && mode != types.UserPoolMfaTypeOff:
		return x.fine("mfa", "authenticator apps are turned on in pool {pool}, and MFA is left to the user")
	}
	text := "authenticator apps are turned off in pool {pool}"
	if mode != types.UserPoolMfaTypeOn {
		mode = types.UserPoolMfaTypeOptional
	}
	if x.mfa.totp {
		text = "MFA is turned off in pool {pool}"
	}
	found := Finding{Topic: "mfa", Level: LevelProblem, Fault: flow.Elsewhere, Text: x.fill(text)}
	found.Repair = x.repair("Sign-in > Multi-factor authentication > Edit > Authenticator apps",
		"set-user-pool-mfa-config",
		options("mfa-configuration", string(mode), "software-token-mfa-configuration", "Enabled=true"),
		fmt.Sprintf("aws_cognito_user_pool.mfa_configuration = %q, software_token_mfa_configuration { enabled = true }",
			mode))
	found.Repair.Note = "if the pool has text messages or email for MFA, name their settings as well"
	return found
}

// existence is about telling strangers who has an account: no matter of enrollments, but seen.
func (x *inspector) existence() []Finding {
	tells := x.client != nil && x.client.PreventUserExistenceErrors == types.PreventUserExistenceErrorTypesLegacy
	for _, err := range x.answers {
		tells = tells || err != nil && err.Code == userNotFound
	}
	if !tells {
		return nil
	}
	return []Finding{{
		Topic: "user-existence", Level: LevelWarning, Text: "the app client tells anybody whether a user exists",
		Repair: x.clientRepair("Prevent user existence errors", options("prevent-user-existence-errors", "ENABLED"),
			`prevent_user_existence_errors = "ENABLED"`),
	}}
}
