package simulate

import (
	"fmt"
	"slices"
	"strings"

	"cognito-enroll/cognito/localpool"
	"cognito-enroll/flow"
)

// Lie is a claim that is not true, or something that must not happen.
type Lie struct {
	Kind  string // stable, for counting and for shrinking
	Turn  int
	Where string // the ID of the Ask
	Text  string
}

// asks is the challenge that follows a right password of somebody whose account is in order, empty for
// none. It reads the pool's decision off the Truth, so that it can also be told for an account that is
// not in order.
func (w *World) asks(t localpool.Truth) string {
	var has []string
	offered := func(f string) bool { return slices.Contains(w.plan.Pool.Factors, f) }
	add := func(f string, it bool) {
		if it && t.MFA != "OFF" && (t.MFA == "ON" || f == totpFactor && t.TOTP || slices.Contains(t.Factors, f)) {
			has = append(has, f)
		}
	}
	add(smsFactor, offered(smsFactor) && t.Username == alice && w.plan.User.Phone)
	add(emailFactor, offered(emailFactor) && (w.plan.User.Email || t.EmailVerified))
	add(totpFactor, t.Key != "")
	switch {
	case len(has) == 0 && t.MFA == "ON":
		return "MFA_SETUP"
	case len(has) == 0:
		return ""
	case slices.Contains(has, t.Preferred):
		return t.Preferred
	case len(has) == 1:
		return has[0]
	case slices.Contains(has, totpFactor):
		return "SELECT_MFA_TYPE"
	}
	return "SELECT_MFA_TYPE without it"
}

// asksCode is whether the next sign-in asks for the code of an authenticator.
func (w *World) asksCode(t localpool.Truth) flow.Known {
	switch w.asks(t) {
	case totpFactor:
		return flow.Yes
	case "SELECT_MFA_TYPE":
		return flow.Unknown // as the person chooses
	}
	return flow.No
}

func byEmail(t localpool.Truth) bool { return slices.Contains(t.Factors, emailFactor) }

// active reports whether t's authenticator is one that counts.
func (w *World) active(t localpool.Truth) bool {
	return t.Key != "" && (t.TOTP || w.asksCode(t) != flow.No)
}

// listed reports whether the pool lists an authenticator, be there one or not: its list may be wrong
// (amplify-js#1226), and nobody but a sign-in can tell. Who dropped the authenticator knows better.
func (a *account) listed(t localpool.Truth) bool { return t.TOTP && !a.dropped }

// fate is what a text says is to be done with the entries.
type fate struct{ new, old, other, earlier flow.Fate }

// noteFates reads a note. There are few that name an entry, and Claims does not cover them.
func noteFates(note string) (f fate) {
	for _, said := range strings.Split(note, ". ") {
		low := strings.ToLower(said)
		switch {
		case strings.Contains(low, "delete the other entry"):
			f.other = flow.Delete
		case strings.Contains(low, "delete that one first"):
			f.earlier = flow.Delete
		case strings.Contains(low, "delete the entry"), strings.Contains(low, "delete the new entry"):
			f.new = flow.Delete
		}
		if strings.Contains(low, "delete the old one") || strings.Contains(low, "and the old one from your app") {
			f.old = flow.Delete
		}
	}
	return f
}

// obeying is what is left of the entries for somebody who does as told. The new entry is that of the
// key that was on the screen last; typed is the key whose code was typed last.
func (a *account) obeying(f fate, typed string) []entry {
	return slices.DeleteFunc(slices.Clone(a.entries), func(e entry) bool {
		isNew := e.key == a.shown
		switch {
		case isNew && f.new == flow.Delete, !isNew && f.old == flow.Delete:
			return true
		case f.other == flow.Delete:
			return e.key != typed
		case f.earlier == flow.Delete:
			return !isNew && e.key != a.at.Key
		}
		return false
	})
}

// advice are the texts that may say what to do with an entry.
func advice(a flow.Ask) []string {
	list := []string{a.Note}
	if a.Phase == flow.Finished {
		list = append(list, a.Body)
	}
	if a.Problem != nil {
		list = append(list, a.Problem.Msg, a.Problem.Hint)
	}
	return list
}

// judge holds what is said in a against what is so.
func (w *World) judge(a flow.Ask, p *person) {
	acc := w.acting
	t := w.truth(acc.name)
	if a.Enroll != nil {
		w.judgeKey(a, acc, t)
	}
	w.judgeEntries(a, acc, t, p)
	w.judgeSentences(a, acc, t)
	w.judgeFacts(a, acc, t)
	w.judgeChanges(a)
	w.judgeEnd(a, acc, t, p)
	w.judgeAsk(a, acc, p)
	w.judgeSecrets(a)
}

// said are sentences whose truth the pool can tell, by what they have in them. A mutant of the table of
// sentences is found by these; all others are judged by the Facts from which they follow.
var said = []struct {
	text  string
	about aspect // that has to be known
	is    func(w *World, acc *account, t localpool.Truth) bool
}{
	{"uthenticator is unchanged.", theKey, func(_ *World, acc *account, t localpool.Truth) bool {
		return t.Key == acc.at.Key || acc.ours&theKey == 0
	}},
	{"is still enrolled", theKey | theAsking | theList, func(w *World, acc *account, t localpool.Truth) bool {
		return w.active(t) || acc.listed(t)
	}},
	{"Your authenticator is enrolled", theKey | theAsking | theList, func(w *World, acc *account, t localpool.Truth) bool {
		return w.active(t) || acc.listed(t)
	}},
	{"Your authenticator is replaced", theKey, func(_ *World, acc *account, t localpool.Truth) bool {
		return t.Key == "" || acc.shown != "" && t.Key == acc.shown && t.Key != acc.at.Key
	}},
	{"Your authenticator is off", theKey | theAsking | theList, func(w *World, acc *account, t localpool.Truth) bool {
		return w.asksCode(t) != flow.Yes
	}},
	{"No authenticator is enrolled", theKey | theAsking | theList, func(w *World, acc *account, t localpool.Truth) bool {
		return w.asksCode(t) != flow.Yes
	}},
	{"No authenticator was enrolled", theKey, func(_ *World, acc *account, t localpool.Truth) bool {
		return acc.shown == "" || t.Key != acc.shown || t.Key == acc.at.Key
	}},
	{"Your new password is active", thePassword, func(_ *World, acc *account, t localpool.Truth) bool {
		return slices.Contains(acc.chosen, t.Password)
	}},
	{"Your sign-up is confirmed", theSignUp, func(_ *World, _ *account, t localpool.Truth) bool { return t.Confirmed }},
	{"Codes by email are set up", theEmail, func(_ *World, _ *account, t localpool.Truth) bool { return byEmail(t) }},
}

// judgeSentences holds those of said against the pool. What is said about somebody else is left out.
func (w *World) judgeSentences(a flow.Ask, acc *account, t localpool.Truth) {
	standing, _, _ := strings.Cut(a.Standing, "About ")
	texts := []string{a.Title, standing}
	if a.Phase == flow.Finished {
		body, _, _ := strings.Cut(a.Body, "About ")
		texts = append(texts, body)
	}
	for _, text := range texts {
		for _, s := range said {
			if strings.Contains(text, s.text) && acc.unseen&s.about == 0 && !s.is(w, acc, t) {
				w.lie("sentence", "%q is not so: %q", s.text, text)
			}
		}
	}
}

// judgeAsk is for what a question, or an end, says by being there.
func (w *World) judgeAsk(a flow.Ask, acc *account, p *person) {
	if a.ID == "get-ready" && p.consented == "turn-off" && a.Facts.Old == flow.Off {
		w.lie("unasked", "somebody who turned the authenticator off is asked to enroll one")
	}
	last := a.Step == len(a.Steps)-1
	if a.ID == "sign-in" && a.Phase == flow.Asking && a.Problem == nil && last && a.Facts.New >= flow.Taken &&
		p.proofs == 0 && !w.plan.TestSignIn {
		w.lie("unasked", "a test that nobody wanted asks for a password")
	}
	if i := slices.Index(a.Steps, "Scan"); i >= 0 && a.Step >= i && acc.shown == "" && a.Phase == flow.Finished {
		w.lie("steps", "%q is ticked, and nobody saw a key", a.Steps[i])
	}
	if a.ID == "connect" { // another pool may be chosen: what was seen of this one is let go
		acc.read = false
	}
	if a.Facts.Old == flow.NotLooked && a.Facts.New == flow.NotBegun && acc.read {
		w.lie("not looked", "an answer said what there is, and it is not known")
	}
}

// judgeKey is for the key on the screen.
func (w *World) judgeKey(a flow.Ask, acc *account, t localpool.Truth) {
	key := a.Enroll.Key.Reveal()
	acc.shown = key
	if len(w.keys) == 0 || w.keys[len(w.keys)-1] != key {
		w.lie("key", "the key on the screen is not the one that the pool gave last")
	}
	if !strings.Contains(a.Enroll.URI.Reveal(), key) {
		w.lie("key", "the QR code is of another key")
	}
}

// judgeEntries lets somebody obey, who then signs in afresh.
func (w *World) judgeEntries(a flow.Ask, acc *account, t localpool.Truth, p *person) {
	has := func(list []entry) bool { return slices.Contains(list, entry{t.Key}) }
	counts := t.Key != "" && w.asksCode(t) != flow.No && has(acc.entries) && acc.unseen&theKey == 0
	c := a.Claims
	if counts && !has(acc.obeying(fate{new: c.New, old: c.Old}, p.typed)) {
		w.lie("locked out", "whoever obeys the standing deletes the entry that counts")
	}
	for _, text := range advice(a) {
		if counts && !has(acc.obeying(noteFates(text), p.typed)) {
			w.lie("locked out by a note", "whoever obeys %q deletes the entry that counts", text)
		}
	}
	if acc.shown == "" && c.New != flow.NoEntry {
		w.lie("no such entry", "nobody has seen a key, and its entry is one to %s", c.New)
	}
	if a.Enroll != nil && a.Phase == flow.Asking && noteFates(a.Note).new == flow.Delete {
		w.lie("note", "the note beside the QR code is of its own entry: %q", a.Note)
	}
	if acc.unseen&theAsking == 0 {
		switch is := w.asksCode(t); {
		case c.Asks == flow.Yes && is == flow.No:
			w.lie("asks", "the next sign-in asks for no code: %q", w.asks(t))
		case c.Asks == flow.No && is == flow.Yes:
			w.lie("asks not", "the next sign-in asks for a code")
		}
	}
}

// judgeFacts holds each of the Facts against the pool.
func (w *World) judgeFacts(a flow.Ask, acc *account, t localpool.Truth) {
	f := a.Facts
	known := func(what aspect) bool { return acc.unseen&what == 0 }
	wrong := func(kind, text string) {
		w.lie(kind, "new %s, old %s, asked %s: %s", f.New, f.Old, f.Asked, text)
	}
	isNew := acc.shown != "" && t.Key == acc.shown
	if known(theKey) {
		switch {
		case f.New >= flow.Taken && !isNew && t.Key != "":
			wrong("taken", "the authenticator that counts is another one")
		case f.New == flow.On && !w.active(t) && !acc.listed(t) && known(theAsking|theList):
			wrong("on", "it is not active")
		case f.New <= flow.Kept && isNew && acc.shown != acc.at.Key:
			wrong("not taken", "the new authenticator was accepted")
		}
		switch {
		case f.Old == flow.Replaced && t.Key == acc.at.Key && acc.at.Key != "":
			wrong("replaced", "the old authenticator counts")
		case f.Old == flow.None && f.New < flow.MaybeTaken && w.active(t) && known(theAsking|theList):
			wrong("none", "there is an active authenticator")
		case (f.Old == flow.There || f.Old == flow.StillOn) && f.New < flow.MaybeTaken && t.Key == "" && known(theList) &&
			!acc.listed(t):
			wrong("there", "there is no authenticator")
		}
	}
	if f.Old == flow.Off && f.New == flow.NotBegun && known(theAsking|theList|theKey) && w.asksCode(t) == flow.Yes {
		wrong("off", "the authenticator is on")
	}
	if known(theKey | theAsking | theList) {
		switch {
		case f.Enrolled() == flow.Yes && !w.active(t) && !acc.listed(t):
			wrong("enrolled", "no authenticator is active")
		case f.Enrolled() == flow.No && w.asksCode(t) == flow.Yes:
			wrong("not enrolled", "an authenticator is active")
		}
	}
	if f.Tested && f.New == flow.On && known(theKey) && acc.accepted != acc.shown {
		wrong("tested", "no sign-in accepted a code of it")
	}
	change := func(name string, said flow.Known, what aspect, is bool) {
		switch {
		case said == flow.Yes && !is && known(what):
			wrong(name, "it is said to be changed, and is not")
		case said == flow.No && acc.ours&what != 0:
			wrong("no "+name, "it is said not to be changed, and is")
		}
	}
	change("password", f.Password, thePassword, slices.Contains(acc.chosen, t.Password))
	change("sign-up", f.Confirmed, theSignUp, t.Confirmed)
	change("email", f.Email, theEmail, byEmail(t))
	if f.Untouched() && acc.ours&^theAsking != 0 {
		w.lie("untouched", "this account was changed")
	}
}

const nothingChanged = "Nothing was changed."

// judgeChanges is for the sentence about all accounts.
func (w *World) judgeChanges(a flow.Ask) {
	if a.Standing != nothingChanged {
		return
	}
	for _, c := range w.Ours {
		if !c.late && c.what != 0 {
			w.lie("nothing changed", "%s changed %s", c.Op, c.Account)
		}
	}
}

// judgeEnd is for a run that is over.
func (w *World) judgeEnd(a flow.Ask, acc *account, t localpool.Truth, p *person) {
	if a.Phase != flow.Finished {
		return
	}
	switch s := a.Summary; {
	case s == nil && a.Problem == nil:
		w.lie("end", "the run stopped, and does not say why")
	case s == nil:
	case s.Enrolled != (a.Facts.Enrolled() == flow.Yes):
		w.lie("end", "the summary is not that of the facts")
	case a.Problem == nil && !s.Enrolled && !s.HandedBack && (w.plan.Goal == Enroll || w.plan.Goal == Replace):
		w.lie("exit code", "success, and nobody is enrolled")
	case a.Problem == nil && w.plan.Goal == TurnOff && p.consented == "turn-off" && w.asksCode(t) == flow.Yes &&
		acc.unseen == 0:
		w.lie("exit code", "success, and the authenticator is on")
	}
	if a.Summary != nil && a.Summary.Device != "" && !a.Summary.Enrolled {
		w.lie("device", "a device is listed, and no authenticator is active")
	}
	if a.Problem != nil && a.Problem.Code == flow.CodeNotAsked && acc.unseen == 0 && w.asksCode(t) != flow.No {
		w.lie("asked for", "the sign-in is said not to have asked for a code, and it asks: %q", w.asks(t))
	}
	if a.Problem != nil && a.Problem.Code == flow.CodeTooManyRestarts && w.plan.troubles() < 6 && w.plan.Ahead == 0 {
		w.lie("no end", "there was little trouble, and nobody gets in: %s", a.Problem.Msg)
	}
	if a.Problem != nil && a.Problem.Fault == flow.Bug && (len(w.plan.Faults) == 0 || a.Problem.Code == "not-allowed") {
		w.lie("bug", "%s: %s", a.Problem.Code, a.Problem.Msg)
	}
}

// judgeSecrets looks for secrets in what is printed.
func (w *World) judgeSecrets(a flow.Ask) {
	texts := []string{a.Title, a.Body, a.Note, a.Progress, a.Standing}
	if a.Problem != nil {
		texts = append(texts, a.Problem.Msg, a.Problem.Hint, fmt.Sprint(a.Problem.Remedy))
	}
	for _, f := range a.Fields {
		texts = append(texts, f.Label)
	}
	all := strings.Join(texts, "\n")
	found := func(what, secret string) {
		if len(secret) > 6 && strings.Contains(all, secret) {
			w.lie("secret", "a %s is printed", what)
		}
	}
	for _, acc := range []*account{w.accounts[alice], w.accounts[bob]} {
		for _, s := range acc.passwords {
			found("password", s)
		}
	}
	for _, k := range w.keys {
		found("key", k)
	}
	found("session", w.session)
	found("client secret", secret)
}

// permitted holds a change of ours to what was agreed to.
func (w *World) permitted(c Change, before localpool.Truth) {
	acc := w.accounts[c.Account]
	const authenticator = theKey | theList | thePending
	switch {
	case w.plan.Goal == Look:
		w.lie("looking", "%s changed something", c.Op)
	case c.what&authenticator != 0 && (w.plan.Goal == Leave || w.plan.Goal == Test || w.plan.Goal == TurnOff &&
		w.consent != "turn-off"):
		w.lie("unasked", "%s changed the authenticator of somebody who came to %s", c.Op, w.plan.Goal)
	case c.what&theKey != 0 && before.Key != "" && !slices.Contains(w.keys, before.Key) && acc.saidActive &&
		w.consent != "replace":
		w.lie("unasked", "%s replaced an authenticator without a yes", c.Op)
	}
}
