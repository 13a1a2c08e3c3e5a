// Package flow is the enrollment of an authenticator app in an Amazon Cognito user pool, as a value.
// It does no I/O: no network, no clock, no randomness, no terminal. Next takes a State and what
// happened, and gives the next State and at most one Call that it wants made to Cognito. Every State
// says its Ask: what to tell the person and which fields to collect. A front end is anything that
// shows an Ask and returns an Answer; package cognito turns a Call into a Reply or a Failed.
//
//	s := flow.Start(options)
//	for s.Ask().Phase != flow.Finished {
//		event := ... // an Answer to s.Ask(), or the Reply to the last call
//		s, call, err = flow.Next(s, event)
//	}
//
// # The way through
//
// The questions by their Ask.ID, in the order in which a person meets them:
//
//	connect          which pool: one that was found, or one of the next
//	pool             its ID and that of an app client, or the one of the two that is not known
//	token            a token that says them
//	region           where in an AWS account to look
//	user-pool        the user pools there
//	client           an app client of one: its ID, or the choice among those in the AWS account
//	sign-in          username and password, or what the auth flow begins with, or what another program has got
//	send-password    whether the password itself may be sent, where SRP is refused
//	reset-required   the password was reset: have a code sent
//	reset-password   that code, and a new password
//	unconfirmed      the sign-up was not finished: have a code sent
//	confirm-sign-up  that code
//	new-password     the challenge NEW_PASSWORD_REQUIRED
//	challenge        the challenge SELECT_CHALLENGE
//	password         the challenges PASSWORD and PASSWORD_SRP
//	factor           the challenge SELECT_MFA_TYPE
//	sent-code        the challenges SMS_MFA, SMS_OTP and EMAIL_OTP
//	custom           the challenge CUSTOM_CHALLENGE
//	code             the challenge SOFTWARE_TOKEN_MFA
//	signed-in        nothing to ask; the user's factors are read
//	enrolled         leave, test, replace or turn off the authenticator that there is
//	replace          whether really
//	turn-off         whether really
//	set-up           the challenge MFA_SETUP, when it offers email as well
//	e-mail           the address for that
//	get-ready        the device's name, while the app is fetched
//	scan             the QR code and the code of the app
//	finish           that code, when another run showed the QR code
//	finishing        nothing to ask; the challenge is answered, the preference set, the factors read
//	proving          nothing to ask; a fresh sign-in is under way
//	prove            that sign-in's challenge SOFTWARE_TOKEN_MFA
//	done             the summary
//	handed-back      the summary of a run that leaves the last step of the sign-in to the program that began it
//	stopped          the problem that only a change elsewhere can solve
//
// and where the calls lead:
//
//	connect, pool, token, client ───────────────────Connect→ sign-in
//	connect ─Clients→ client, where the pool is known
//	region ─Pools→ user-pool ─Clients→ client ──────Connect→ sign-in
//	sign-in ─SignIn→ tokens ─Status→ enrolled ───→ done, the test, or get-ready
//	            │               └──→ get-ready ─Associate(access token)→ scan
//	            ├──→ MFA_SETUP ────→ get-ready ─Associate(Session)─────→ scan
//	            ├──→ another challenge ─Respond→ (again)
//	            ├──→ SRP is refused → send-password ─SignIn or Respond→ (again)
//	            ├──→ a challenge without a row → stopped
//	            └──→ an account to recover: a code, a new password, and (again)
//	sign-in with another program's Session ─→ get-ready ─Associate(Session)─→ scan
//	scan ─Verify→ by access token: Prefer, Status ───────────────→ done
//	         └──→ by Session:      Respond(MFA_SETUP), Status ───→ done
//	                               or nothing more ───────────────→ handed-back
//	done ─SignIn→ prove ─Respond→ Status → done
//
// The function reply holds these branches and the rules behind them. What a failed call does
// depends on its Fault: Retry and Wait ask the same question again, Restart signs in again, Elsewhere
// and Bug end in stopped. Before there is a pool only Bug does: there are other ways to one.
// What helps against a failure is a Remedy, which the front end words: no text here names a flag.
//
// What is known of the account is in Facts; learn alone changes them, and every sentence about the
// account follows from them (sentences.go).
//
// The transcripts in testdata tell each way through, word for word.
//
// # Glossary
//
//	answer      what a person gives to a question; what Cognito gives is a reply
//	entry       what an authenticator app holds: a name and a key
//	challenge   what Cognito asks in a sign-in
//	code        digits that work once: of an app, or sent
//	fault       what kind of failure an Error is: who can do something about it
//	factor      a way to prove who one is; the second one is MFA's
//	goal        what somebody wants of a run
//	key         the secret that an app and Cognito share
//	period      the 30 seconds for which an app shows a code
//	question    a stage at which the person's answer is awaited
//	remedy      what helps against an Error
//	reply       what Cognito gave to a call
//	run         one use of this package, from Start to the end
//	stage       where a run is: at a question, at a call, or at its end
//	standing    what is true if the run ends now
//	step        a part of the run, as the person is shown it
//	suspended   put away, for another run to finish
//	test        a fresh sign-in, to see what the next one will be like; "prove" on the wire
//	topic       what a question is about
//	verdict     what a code says about the app that made it
package flow
