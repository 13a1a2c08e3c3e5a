// Package cognito is the edge: the AWS SDK in, package flow's vocabulary out. Client.Do makes a
// flow.Call and turns what comes back into a flow.Reply or a flow.Failed:
//
//	flow.SignIn     InitiateAuth, and RespondToAuthChallenge(PASSWORD_VERIFIER) for SRP
//	flow.Respond    RespondToAuthChallenge, and the same for SRP
//	flow.Associate  AssociateSoftwareToken
//	flow.Verify     VerifySoftwareToken
//	flow.Prefer     SetUserMFAPreference
//	flow.Disable    SetUserMFAPreference
//	flow.Status     GetUser
//	flow.Forgot     ForgotPassword
//	flow.Reset      ConfirmForgotPassword
//	flow.Resend     ResendConfirmationCode
//	flow.Confirm    ConfirmSignUp
//
// None of these operations is signed: no AWS account, credentials or configuration files are
// read. Only a sign-in with flow.Admin goes through AdminInitiateAuth and
// AdminRespondToAuthChallenge, which are signed with Config.Credentials; Client.Inspect, which looks
// at a pool before anybody signs in, reads its settings with them. Before there is a pool, an Account
// finds one with credentials:
//
//	flow.Pools      ListUserPools
//	flow.Clients    ListUserPoolClients
//
// and reads the secret of an app client that was chosen there (DescribeUserPoolClient).
// What Cognito says when it refuses is read in one place, the table in fault.go.
//
// A password, a code or a Session is sent once and never again by itself: an answer that got lost
// would otherwise come back as the refusal of its repetition.
//
// Whether a call that failed was carried out all the same is judged in one place, outcome.go: No only for
// a request that never arrived, or for a refusal that comes before anything is done; else Unknown.
package cognito
