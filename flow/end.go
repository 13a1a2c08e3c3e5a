package flow

import (
	"slices"
	"strings"
)

// done holds the result of a run that went well.
type done struct {
	run
	profile Profile
}

func (s done) ask() Ask {
	listed := slices.Contains(s.profile.Factors, softwareToken)
	a := Ask{
		ID: "done", Phase: Finished, Step: stepDone, Account: s.username, Note: s.note, Standing: s.standing(),
		Title: "Your authenticator is enrolled", Body: "No authenticator was changed.",
		Summary: &Summary{
			User: s.user(), Pool: s.profile.Pool, Device: s.device,
			Factors: s.profile.Factors, Preferred: s.profile.Preferred, New: s.verified, Tested: s.proving, Enrolled: listed || s.verified,
		},
		CanProve: !s.proving && s.provable() && s.verified,
	}
	switch {
	case s.proving:
		a.Title = "Tested: your next sign-in works"
		a.Body = "It asked for a code, and took that of your app."
		if s.verified && s.replacing {
			a.Title = "Done: replaced, and your next sign-in works"
			a.Body = "It asked for a code, and took that of the new entry. Delete the old one from your app."
		} else if s.verified {
			a.Title = "Done: enrolled, and your next sign-in works"
		}
		if s.device != "" {
			a.Body += " The device is called «" + s.device + "»."
		}
	case s.doubt:
		a.Body = ""
	case s.disabling && listed:
		a.Title = "Your authenticator is still on"
		a.Body = "Cognito took the wish to turn it off and changed nothing, as it does in a pool that requires MFA."
	case s.disabling:
		a.Title = "Your authenticator is off"
		a.Body = "Sign-ins do not ask for its code any more. Its key may still be known to Cognito; to use it again, enrol anew."
	case s.verified && !listed:
		a.Title = "Done: Cognito accepted the code"
		a.Body = "It does not list the authenticator, though. Test it with a new sign-in to see whether it asks for a code."
	case s.verified && s.replacing:
		a.Title = "Done: your authenticator is replaced"
		a.Body = "Your next sign-in asks for a code from the new entry. Delete the old one from your app."
	case s.verified:
		a.Title = "Done: your authenticator is enrolled"
		a.Body = "Your next sign-in asks for a code from it. A code works once, so the one you just typed will not."
	case s.byEmail:
		a.Title = "Done: codes come by e-mail"
		a.Body = "Your next sign-in asks for a code that is sent to you."
	case !listed:
		a.Title = "No authenticator is enrolled"
	case !s.asked && s.provable():
		a.Title = "Cognito lists an authenticator"
		a.Body = "This sign-in did not ask for its code, though, so it may not be in use (amplify-js#1226)."
	}
	return a
}

// user is the name that was typed, with Cognito's own where the two differ.
func (s done) user() string {
	if s.username == "" || strings.EqualFold(s.username, s.profile.Username) {
		return s.profile.Username
	}
	return s.username + " (" + s.profile.Username + ")"
}

func (s done) next(e Event) (step, Call, error) {
	if _, ok := e.(Prove); ok && s.ask().CanProve {
		return prove(s.run)
	}
	return s, nil, nil
}

// stopped holds a problem that only a change elsewhere can mend.
type stopped struct {
	run
	problem *Error
}

func (s stopped) ask() Ask {
	a := Ask{
		ID: "stopped", Phase: Finished, Title: "Stopped", Body: s.standing(), Account: s.username,
		Note: s.note, Problem: s.problem, Standing: s.standing(),
	}
	switch {
	case s.verified:
		a.Step = stepDone
	case !s.key.Empty():
		a.Step = stepScan
	}
	return a
}

func (s stopped) next(Event) (step, Call, error) { return s, nil, nil }
