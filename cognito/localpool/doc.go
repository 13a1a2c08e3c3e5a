// Package localpool is an Amazon Cognito user pool in memory: an [http.Handler] that
// speaks Cognito's wire protocol (AWS JSON 1.1), so that real clients can sign in,
// enroll an authenticator and read their status without an AWS account.
//
//	server := localpool.New(localpool.Options{})
//	seed, err := server.Seed(localpool.Seed{Pools: …}) // ids and secrets filled in
//	http.Serve(listener, server)
//
// One request goes through one table at each level: [Server] looks the operation up
// (server.go), InitiateAuth its flow (auth.go), RespondToAuthChallenge its challenge
// (challenge.go). A new operation, flow or challenge is a row.
//
// What is real: the SRP proof, the codes of RFC 6238 and their single use, Sessions
// bound to client, user and step, the signatures of the tokens. What is not: the
// signature of a signed request is read but cannot be verified, because any AWS
// credentials are accepted; a code goes to Options.Deliver rather than by mail; Lambda
// triggers are one question, see [QuestionSeed]; passkeys are offered and refused.
// Nothing is kept after the process, unless the server is one of [Open]. The
// conversations in testdata/transcripts show every path, with what is asked and
// answered on the wire, and docs/local-pool.md has a table of the operations.
//
// It misbehaves on demand: see [Fault], for [Server.Inject] and for the endpoint
// /_faults, which the command "cognito-enroll pool" has too:
//
//	curl -X PUT -d '[{"kind":"throttle","operation":"InitiateAuth","times":2}]' http://127.0.0.1:9229/_faults
//
// It is for tests and demo. Passwords are kept in clear, since the
// demo shows them: let it listen on the loopback interface only, where pages of
// other origins may call no more than the operations of users, and give it no secret that
// is used elsewhere.
//
// The module is not published: until it is, use it by a replace directive in go.mod.
// Package localpooltest serves it to a test in one line.
package localpool
