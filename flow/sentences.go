package flow

import (
	"strings"
	"time"
)

// Every sentence about the state of the account is here, as a function of Facts, and of the Goal or
// the event where that is needed. Slots are filled by name.

// Fate is what a person who obeys a sentence does with an entry in the authenticator app.
type Fate int

const (
	NoEntry Fate = iota // there is nothing to do about it
	Keep
	Delete
)

func (f Fate) String() string { return [...]string{"-", "keep", "delete"}[f] }

// Claims are what the sentences about an account say, for programs and for tests of the truth.
type Claims struct {
	New  Fate  // of the entry that this run made
	Old  Fate  // of the entry from before
	Asks Known // whether the next sign-in asks for a code of an authenticator
}

// sentences are those about an authenticator at one place of the two ladders.
type sentences struct {
	New    New
	Old    Old
	claims Claims

	standing string // what is true if the run ends here
	title    string // of the end of the run
	body     string // and what it says below
	tested   string // the title when a fresh sign-in was tested
}

const (
	unsureTitle   = "Cognito has not said whether your authenticator is active"
	inactiveTitle = "Cognito accepted the code, but does not list your authenticator as active"
	keepUntil     = " Keep the entry {entry} until you enroll again. Enrolling again makes a new key; delete this entry " +
		"then."
)

// rows are all places that a run can reach, in the order of the ladders; a test searches for others.
var rows = []sentences{
	{New: NotBegun, Old: NotLooked, claims: Claims{NoEntry, NoEntry, Unknown},
		standing: "No authenticator was enrolled.",
		title:    "Nobody has looked whether an authenticator is enrolled"},
	{New: NotBegun, Old: None, claims: Claims{NoEntry, NoEntry, No},
		standing: "No authenticator was enrolled.",
		title:    "No authenticator is enrolled"},
	{New: NotBegun, Old: There, claims: Claims{NoEntry, Keep, Unknown},
		standing: "Your authenticator is unchanged.",
		title:    "Your authenticator is enrolled", tested: "Your next sign-in works"},
	{New: NotBegun, Old: MaybeOff, claims: Claims{NoEntry, Keep, Unknown},
		standing: "Your authenticator may be off. Keep its entry until a sign-in shows whether it asks for a code.",
		title:    "Your authenticator may be off"},
	{New: NotBegun, Old: Off, claims: Claims{NoEntry, NoEntry, No},
		standing: "Your authenticator is off.",
		title:    "Your authenticator is off",
		body:     "Cognito no longer lists it. To use an authenticator again, enroll one."},
	{New: NotBegun, Old: StillOn, claims: Claims{NoEntry, Keep, Unknown},
		standing: "Your authenticator is still on. Keep its entry.",
		title:    "Your authenticator is still on", tested: "Your next sign-in works"},

	{New: KeyAsked, Old: NotLooked, claims: Claims{NoEntry, NoEntry, Unknown},
		standing: "No authenticator was enrolled.",
		title:    "Nobody has looked whether an authenticator is enrolled"},
	{New: KeyAsked, Old: None, claims: Claims{NoEntry, NoEntry, No},
		standing: "No authenticator was enrolled.",
		title:    "No authenticator is enrolled"},
	{New: KeyAsked, Old: There, claims: Claims{NoEntry, Keep, Unknown},
		standing: "The authenticator from before is still enrolled. Keep its entry.",
		title:    "The authenticator from before is still enrolled", tested: "Your next sign-in works"},
	{New: KeyAsked, Old: MaybeDropped, claims: Claims{NoEntry, Keep, Unknown},
		standing: "Cognito may have dropped your old authenticator when it was asked for a new key." +
			" Keep its entry, and sign in with it to find out. If that fails, run this again and finish it.",
		title: "Your old authenticator may not work any more"},

	{New: Shown, Old: None, claims: Claims{Delete, NoEntry, No},
		standing: "No authenticator was enrolled. If your app has the entry {entry}, delete it.",
		title:    "No authenticator is enrolled",
		body:     "If your app has the entry {entry}, delete it."},
	{New: Shown, Old: There, claims: Claims{Delete, Keep, Unknown},
		standing: "The authenticator from before is still enrolled. Keep its entry, and delete the new entry {entry}.",
		title:    "The authenticator from before is still enrolled",
		body:     "Keep its entry, and delete the new entry {entry}.", tested: "Your next sign-in works"},
	{New: Shown, Old: MaybeDropped, claims: Claims{Delete, Keep, Unknown},
		standing: "Cognito may have dropped your old authenticator when it made the new key." +
			" Keep the old entry, and sign in with it to find out. If that fails, run this again and finish it." +
			" Delete the new entry {entry}.",
		title: "Your old authenticator may not work any more",
		body: "Keep the old entry, and sign in with it to find out. If that fails, run this again and finish it." +
			" Delete the new entry {entry}."},

	{New: Kept, Old: None, claims: Claims{Keep, NoEntry, No},
		standing: "No authenticator is enrolled yet. Keep the entry {entry}: its code is needed before the session is over.",
		title:    "No authenticator is enrolled yet"},
	{New: Kept, Old: MaybeDropped, claims: Claims{Keep, Keep, Unknown},
		standing: "The new authenticator is not enrolled yet. Keep the entry {entry}: its code is needed before the " +
			"session is over." +
			" Cognito may have dropped your old authenticator when it made the new key, but keep its entry until then.",
		title: "The new authenticator is not enrolled yet"},

	{New: MaybeTaken, Old: None, claims: Claims{Keep, NoEntry, Unknown},
		standing: "It is not known whether Cognito accepted the code. Keep the entry {entry}." +
			" If your next sign-in asks for a code, use that entry. If it does not, run this again.",
		title: unsureTitle},
	{New: MaybeTaken, Old: There, claims: Claims{Keep, Keep, Unknown},
		standing: "An authenticator is enrolled: the one whose code was accepted when you signed in. Delete the other " +
			"entry from your app.",
		title:  "Your authenticator is enrolled",
		body:   "It is the one whose code was accepted when you signed in. Delete the other entry from your app.",
		tested: "Your next sign-in works"},
	{New: MaybeTaken, Old: MaybeDropped, claims: Claims{Keep, Keep, Unknown},
		standing: "It is not known whether Cognito accepted the new authenticator." +
			" Keep the new entry {entry} and the old one until a sign-in shows whose code it accepts.",
		title: unsureTitle},

	{New: Taken, Old: None, claims: Claims{Keep, NoEntry, Unknown},
		standing: "Cognito accepted the code, but does not list your authenticator as active." + keepUntil,
		title:    inactiveTitle,
		body:     "Cognito does not list it as active, so sign-ins may not ask for its code." + keepUntil},
	{New: Taken, Old: Replaced, claims: Claims{Keep, Delete, Unknown},
		standing: "Cognito accepted the new authenticator, but does not list it as active." + keepUntil +
			" Delete the old one now.",
		title: inactiveTitle,
		body: "It has replaced the old one, but Cognito does not list it as active, so sign-ins may not ask for its code." +
			keepUntil + " Delete the old one now."},

	{New: MaybeOn, Old: None, claims: Claims{Keep, NoEntry, Unknown},
		standing: "Cognito accepted the code. Keep the entry {entry}. Your next sign-in shows whether it asks for a code " +
			"of it.",
		title: unsureTitle},
	{New: MaybeOn, Old: Replaced, claims: Claims{Keep, Delete, Unknown},
		standing: "Cognito accepted the new authenticator. Keep the new entry {entry} and delete the old one." +
			" Your next sign-in shows whether it asks for a code.",
		title: unsureTitle},

	{New: On, Old: None, claims: Claims{Keep, NoEntry, Unknown},
		standing: "Your authenticator is enrolled. Keep the entry {entry} in your app.",
		title:    "Your authenticator is enrolled",
		tested:   "Your authenticator is enrolled, and your next sign-in works"},
	{New: On, Old: Replaced, claims: Claims{Keep, Delete, Unknown},
		standing: "Your authenticator is replaced. Keep the new entry {entry} and delete the old one.",
		title:    "Your authenticator is replaced",
		body:     "Delete the old entry from your app.",
		tested:   "Your authenticator is replaced, and your next sign-in works"},
}

// authenticator returns the row of f. Where nothing was foreseen it says the least.
func (f Facts) authenticator() sentences {
	for _, row := range rows {
		if row.New == f.New && row.Old == f.Old {
			if f.Asked != Unknown && (f.New == On || f.New == NotBegun && f.Old.active()) {
				row.claims.Asks = f.Asked
			}
			return row
		}
	}
	return sentences{New: f.New, Old: f.Old,
		standing: "It is not known whether an authenticator is enrolled. Keep its entries.", title: unsureTitle}
}

// Claims returns what the sentences about f say.
func (f Facts) Claims() Claims { return f.authenticator().claims }

const nothingChanged = "Nothing was changed."

// standing says what is true if the run ends here.
func (f Facts) standing(entry string) string {
	if f.Untouched() {
		return nothingChanged
	}
	said := []string{f.account()}
	if s := Fill(f.authenticator().standing, "entry", entry); s != "" {
		said = append(said, s)
	}
	return strings.TrimSpace(strings.Join(said, " "))
}

// account says what this run changed beside the authenticator.
func (f Facts) account() string {
	var said []string
	for _, change := range []struct {
		is          Known
		yes, unsure string
	}{
		{f.Password, "Your new password is active.", "Your new password may be active."},
		{f.Confirmed, "Your sign-up is confirmed.", "Your sign-up may be confirmed."},
		{f.Email, "Codes by email are set up.", "Codes by email may be set up."},
	} {
		switch change.is {
		case Yes:
			said = append(said, change.yes)
		case Unknown:
			said = append(said, change.unsure)
		}
	}
	return strings.Join(said, " ")
}

// Fill puts values instead of {slots}: name, value, name, value. Braces in a value stay as they are: it may be
// from a server or a file.
func Fill(text string, pairs ...string) string {
	var slots []string
	for i := 0; i < len(pairs); i += 2 {
		slots = append(slots, "{"+pairs[i]+"}", oneLine(pairs[i+1]))
	}
	return strings.NewReplacer(slots...).Replace(text)
}

// quoted names a thing from outside.
func quoted(name string) string { return `"` + name + `"` }

// ending is the title and the body of a run that is over, and the problem if its goal was not reached.
func (f Facts) ending(goal Goal, entry, device string, askable bool) (title, body string, problem *Error) {
	row := f.authenticator()
	title, body = row.title, Fill(row.body, "entry", entry)
	add := func(more string) { body = strings.TrimSpace(body + " " + more) }
	put := func(first string) { body = strings.TrimSpace(first + " " + body) }
	switch {
	case f.Tested && row.tested != "":
		title = row.tested
		if device != "" {
			put("The device is called " + quoted(device) + ".")
		}
		put("It asked for a code and accepted the one from your app.")
	case f.New == On:
		if f.Asked == Yes {
			put("Your next sign-in asks for a code from it.")
		} else {
			put("Cognito lists it as active.")
		}
		add("A code works once, so wait for the next one before you sign in.")
	case goal == ToEmail && f.Email == Yes && !f.Old.active():
		title = "Codes by email are set up"
		add("Your next sign-in asks for a code that is sent to you.")
	case goal == ToEmail && f.Email != No:
		title = "Codes by email are set up"
		if f.Email == Unknown {
			title = "Codes by email may be set up"
		}
		add("Your next sign-in shows whether it asks for a code that is sent to you.")
	case goal == ToTurnOff && f.New == NotBegun && f.Old.active():
		title = "Your authenticator is still on"
		add("Cognito still lists it as active, as it does in a pool that requires MFA.")
		problem = &Error{Code: CodeStillOn, Fault: Elsewhere, Msg: "the authenticator is still on",
			Hint: "ask the pool's administrator to make MFA optional"}
	case goal == ToTurnOff && f.Old == MaybeOff:
		problem = &Error{Code: CodeNotKnown, Fault: Elsewhere, Msg: "it is not known whether the authenticator is off",
			Hint: "sign in again to find out"}
	case goal == ToTurnOff && f.Old == Off && f.Asked == Yes:
		add("This pool requires MFA: your next sign-in asks you to set up a factor.")
	case f.New == NotBegun && f.Old.active() && f.Asked == No && askable:
		title = "Cognito lists an authenticator"
		add(notInUse)
	case f.New < MaybeTaken && f.Old == MaybeDropped:
		problem = &Error{Code: CodeNotActive, Fault: Elsewhere, Msg: "your old authenticator is not known to be active",
			Hint: "sign in with it to find out; if that fails, run this again and finish it"}
	case (f.New == Shown || f.New == KeyAsked || goal == ToTest) && f.Enrolled() == No:
		problem = &Error{Code: CodeNotActive, Fault: Elsewhere, Msg: "no authenticator is active any more",
			Hint: "run this again to enroll one"}
	case f.New >= MaybeTaken && f.Enrolled() != Yes:
		problem = &Error{Code: CodeNotActive, Fault: Elsewhere, Msg: "your authenticator is not known to be active",
			Hint: "try again, or ask the pool's administrator to look at the pool's MFA settings"}
	}
	return title, body, problem
}

const notInUse = "This sign-in did not ask for its code, so it may not be in use."

// restarted says what becomes of the entry in the app when the session is over.
func (f Facts) restarted(entry string) string {
	switch {
	case f.New >= Taken:
		return Fill("Cognito accepted your code: keep the entry {entry}. Sign in once more. If you are asked for a code, "+
			"use the next one.", "entry", entry)
	case f.New == MaybeTaken && f.Old == MaybeDropped:
		return "Keep both entries: it is not known whether Cognito accepted the new authenticator. Sign in again to find out."
	case f.New == MaybeTaken:
		return Fill("Keep the entry {entry}: your last code may have been accepted. Sign in again to find out.", "entry",
			entry)
	case f.New >= Shown && f.Old != None:
		return Fill("The session is over, and its key with it. Delete the new entry {entry} from your app, and keep the "+
			"old one: you get a new key.", "entry", entry)
	case f.New >= Shown:
		return Fill("The session is over, and its key with it. Delete the entry {entry} from your app: you get a new key.",
			"entry", entry)
	}
	return ""
}

// news says what a sign-in showed of an authenticator that was uncertain before it.
func news(before, after Facts, challenge, entry string) string {
	switch {
	case before.New >= MaybeTaken && after.New == Shown && before.Old == MaybeDropped && after.Old == None:
		return Fill("Neither authenticator counts any more. Delete the entry {entry} and the old one from your app.",
			"entry", entry)
	case before.New == MaybeTaken && after.New == On && after.Old == Replaced:
		return Fill("The new authenticator counts: keep the entry {entry} and delete the old one.", "entry", entry)
	case before.New == MaybeTaken && after.New == On:
		return Fill("Your earlier code was accepted: keep the entry {entry}.", "entry", entry)
	case before.New == MaybeTaken && after.New == Shown && after.Old == There:
		return Fill("The old authenticator counts: keep its entry, and delete the entry {entry}.", "entry", entry)
	case before.New >= MaybeTaken && after.New == Shown:
		return Fill("Your earlier code was not accepted, or does not count any more. Delete the entry {entry} from your "+
			"app.", "entry", entry)
	case after.New == MaybeTaken && after.Old == There && before.Old != There:
		return "The authenticator whose code you just typed is the one that counts. Delete the other entry from your app."
	case after.New == MaybeTaken && after.Old != There && challenge == softwareToken:
		return "One of your two authenticators counts, the new one or the old one. It is the one whose code is accepted now."
	case before.Old == None && after.Old == MaybeDropped && after.New == Shown && challenge == "":
		return Fill("Cognito lists an authenticator that was not there before. The new key no longer counts: delete the "+
			"new entry {entry} from your app.", "entry", entry)
	case before.Old != There && after.Old == There && after.New == Shown:
		return Fill("The authenticator from before is still enrolled. The new key no longer counts: delete the new entry "+
			"{entry} from your app.", "entry", entry)
	case before.Old == MaybeDropped && after.Old == There:
		return "The authenticator from before is still enrolled."
	case before.Old == MaybeDropped && after.Old == None, before.Old == There && after.Old == None && after.Asked == Yes:
		return "Your old authenticator is gone."
	}
	return ""
}

// newKey is said beside a key when the app may have an entry of an earlier one.
func (f Facts) newKey(entry string) string {
	switch {
	case f.Old == MaybeDropped:
		return Fill("This is a new key. If your app has an entry from before, keep that one until you are done, but use "+
			"the new entry {entry} here.", "entry", entry)
	case f.New < Shown:
		return ""
	}
	return Fill("This is a new key. If your app has an entry {entry} from an earlier key, delete that one first.",
		"entry", entry)
}

// codeQuestion is what the question for an authenticator's code says.
func (f Facts) codeQuestion(goal Goal, device string) (title, body string) {
	title = "Your authenticator's code"
	switch {
	case goal == ToTest:
		title = "A test of your next sign-in"
		body = "This is what your next sign-in asks. A code works once: wait until the app shows the next one, then type it."
	case f.New >= Taken:
		body = "Cognito accepted your authenticator and asks for one more code. A code works once: wait until the app " +
			"shows the next one."
	case goal == ToShow && device != "":
		body = "Your authenticator is enrolled: {device}. Its code is needed only to list all factors. Leave it empty to " +
			"stop here."
	case goal == ToShow:
		body = "Your authenticator is enrolled. Its code is needed only to list all factors. Leave it empty to stop here."
	case device != "":
		body = "This account has an authenticator: {device}. Type the six digits that it shows now."
	default:
		body = "This account has an authenticator. Type the six digits that it shows now."
	}
	return title, Fill(body, "device", quoted(device))
}

// between says what is under way between two questions.
func (f Facts) between(goal Goal) (id, title, body string) {
	switch {
	case goal == ToTest:
		return "proving", "A test of your next sign-in", "You are signed in afresh, as you will be next time."
	case goal == ToTurnOff:
		return "finishing", "Almost done", "Your authenticator is being turned off."
	case f.New >= Taken:
		return "finishing", "Almost done", "Cognito has accepted the code. It is being made your preferred factor."
	}
	return "signed-in", "You are signed in", "Next comes a look at what your account already has."
}

// uncertainHint is the hint when nobody knows whether call was carried out; "" where that changes nothing, or
// where the failure itself has a hint that is worth more.
func uncertainHint(call Call, f Fault) string {
	again := f == Retry || f == Wait
	switch c := call.(type) {
	case Respond:
		if _, ok := c.Responses["NEW_PASSWORD"]; ok {
			return uncertainHint(Reset{}, f)
		}
	case Reset:
		switch {
		case f == Restart:
			return "sign in again, first with your new password: it may be active"
		case again:
			return "your new password may be active already; try again, and if that is refused, sign in with it"
		}
	case Confirm:
		if again {
			return "your sign-up may be confirmed already; try again, and if that is refused, go back and sign in"
		}
	case Forgot, Resend:
		if again {
			return "try again; a code may be on its way all the same, and the newest one counts"
		}
	case Verify:
		if again {
			return "the code may have been accepted, so keep the entry; type the next code to find out"
		}
	}
	return ""
}

// whichSession is what may be wrong with a Session that Cognito does not know.
const whichSession = "That Session was used or has expired, or it belongs to another app client or another challenge:" +
	" Cognito does not tell which."

// What is true after a step that may have been carried out.
const (
	keyUnknown   = "It is not known whether Cognito made a key. Nobody has seen it: ask for another one."
	maybeDropped = "Cognito may have dropped the authenticator from before, but keep its entry until a sign-in shows that."
	codeUnknown  = "It is not known whether Cognito accepted the code. Keep the entry until a sign-in shows it."
)

// Goal is what somebody wants. It decides which calls may be made, and hardly any sentence.
type Goal int

const (
	ToEnroll  Goal = iota // an authenticator, where there is none
	ToReplace             // the one that there is by another
	ToTurnOff             // the one that there is
	ToTest                // the next sign-in
	ToShow                // at what there is
	ToEmail               // have codes sent by email instead
)

// allows reports whether c may be made on the way to g. Looking and testing change nothing.
func (g Goal) allows(c Call) bool {
	changes := false
	switch c := c.(type) {
	case Associate, Verify, Prefer:
		return g == ToEnroll || g == ToReplace
	case Disable:
		return g == ToTurnOff
	case Respond:
		changes = c.Challenge == newPassword || c.Challenge == mfaSetup
	case Forgot, Reset, Resend, Confirm:
		changes = true
	}
	return !changes || g != ToShow && g != ToTest
}

// StepScan is the step at which a key is added to the app, and its code typed. A front end that draws no QR code
// has another word for it.
const StepScan = "Scan"

// steps are the parts of a run, in the order in which a person passes them.
func (g Goal) steps(f Facts) []string {
	switch {
	case f.New <= KeyAsked && g == ToTurnOff:
		return []string{"Sign in", "Turn off", "Done"}
	case f.New <= KeyAsked && g == ToTest:
		return []string{"Sign in", "Test", "Done"}
	case f.New <= KeyAsked && g == ToShow:
		return []string{"Sign in", "Done"}
	case f.New <= KeyAsked && g == ToEnroll && f.Old.active():
		return []string{"Sign in", "Choose", "Done"}
	case g == ToEmail:
		return []string{"Sign in", "Email", "Done"}
	}
	return []string{"Sign in", "Get ready", StepScan, "Done"}
}

// clockNote is said when the clock here differs from Cognito's.
func clockNote(skew time.Duration) string {
	if skew.Abs() <= Plausible {
		return ""
	}
	return clock(skew, "The clock here is {off} fast, compared with Cognito's. Codes follow Cognito's.",
		"The clock here is {off} slow, compared with Cognito's. Codes follow Cognito's.")
}
