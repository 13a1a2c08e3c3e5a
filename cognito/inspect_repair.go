package cognito

import (
	"strings"

	"cognito-enroll/flow"
)

const (
	appClients = "App clients"
	appClient  = appClients + " > (the client) > App client information"
)

// repair makes a Repair of a way below the pool's page in the console (Developer Guide, "Implement
// authentication flows" and "Adding MFA to a user pool"), an operation of aws cognito-idp with its
// options, and an attribute.
func (c *Client) repair(console, operation, more, terraform string) *Repair {
	r := &Repair{
		Console:   "Amazon Cognito > User pools > " + c.config.PoolID + " > " + console,
		CLI:       "aws cognito-idp " + operation,
		Terraform: terraform,
	}
	if flow.IsRegion(c.config.Region) {
		r.CLI += options("region", c.config.Region)
	}
	r.CLI += options("user-pool-id", c.config.PoolID) + more // New has checked that no shell minds it
	return r
}

// options are those of the AWS CLI: name, value, name, value.
func options(pairs ...string) string {
	var b strings.Builder
	for i := 0; i < len(pairs); i += 2 {
		b.WriteString(" --" + pairs[i] + " " + pairs[i+1])
	}
	return b.String()
}

// clientRepair is a repair of the app client itself.
func (c *Client) clientRepair(console, option, attribute string) *Repair {
	r := c.repair(appClient+" > Edit > "+console, "update-user-pool-client",
		options("client-id", c.config.ClientID)+option,
		"aws_cognito_user_pool_client."+attribute)
	r.Note = "what is not named is set back to its default (API reference, UpdateUserPoolClient): name the other " +
		"settings as well"
	return r
}

// flowRepair allows SRP, and keeps what is known to be allowed.
func (x *inspector) flowRepair(known map[flow.AuthFlow]inference) *Repair {
	list := []string{"ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"}
	for _, f := range []flow.AuthFlow{flow.Password, flow.Choice, flow.Custom, flow.Admin} {
		if v, ok := known[f]; ok && v == allowed {
			list = append(list, "ALLOW_"+string(f))
		}
	}
	return x.clientRepair("App client flows", options("explicit-auth-flows", strings.Join(list, " ")),
		`explicit_auth_flows = ["`+strings.Join(list, `", "`)+`"]`)
}
