package simulate

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pquerna/otp/totp"

	"cognito-enroll/flow"
)

// period is how long an app shows a code, in seconds.
const period = int64(flow.Period / time.Second)

// codeAt is the code of key at a moment.
func codeAt(key string, at time.Time) string {
	code, err := totp.GenerateCode(key, at)
	if err != nil {
		return "000000"
	}
	return code
}

// person answers the questions of a run. Without slips it is a careful one, who reads what is said,
// waits for the next code and tries again.
type person struct {
	w     *World
	plan  Plan
	turns int
	phone time.Duration // how far the phone's clock is ahead

	asBob    bool // begins with another name
	strayed  bool
	token    string
	tries    map[string]int // answers to a question that were refused in a row
	entry    int            // which of the entries is tried now
	password int            // which of the passwords
	news     int            // passwords that were made up
	last     string         // code
	declined bool
	proofs   int

	consented string // what the person said yes to
	typed     string // the key whose code was typed last
	made      *typed // how the code in the present answer was made
}

func newPerson(w *World) *person {
	return &person{w: w, plan: w.plan, phone: w.plan.Phone, asBob: w.plan.Other, tries: map[string]int{}}
}

// slip reports whether the person does this at the present question.
func (p *person) slip(what SlipKind) bool {
	return slices.ContainsFunc(p.plan.Slips, func(s Slip) bool { return s.At == p.turns && s.What == what })
}

func give(pairs ...string) map[string]flow.Secret {
	m := map[string]flow.Secret{}
	for pair := range slices.Chunk(pairs, 2) {
		m[pair[0]] = flow.NewSecret(pair[1])
	}
	return m
}

// answer is what the person does at a question; nil is to leave.
func (p *person) answer(a flow.Ask) flow.Event {
	p.turns++
	p.made = nil
	p.w.wait(5 * time.Second)
	if p.slip(Dawdle) {
		p.w.wait(16 * time.Minute)
	}
	if p.slip(Sleep) {
		p.w.wait(2 * time.Hour)
	}
	if a.Phase == flow.Finished {
		if a.CanTestSignIn && p.plan.Test && p.proofs < 2 {
			p.proofs++
			return flow.TestSignIn{}
		}
		return nil
	}
	if p.plan.Leave == p.turns {
		return nil
	}
	if p.plan.Obeys {
		p.obeyNote(a)
	}
	refused := a.Problem != nil
	if !refused {
		p.tries[a.ID] = 0
	} else {
		p.tries[a.ID]++
		p.heed(*a.Problem)
	}
	if a.CanBack && (p.slip(GoBack) || p.astray(a) || p.hopeless(a)) {
		p.tries[a.ID] = 0
		return flow.Back{}
	}
	values := p.values(a)
	if values == nil {
		return nil
	}
	return flow.Answer{Values: values, At: p.w.now()}
}

// astray is for somebody who typed another's name: they find out, and go back.
func (p *person) astray(a flow.Ask) bool {
	if !p.asBob || a.ID == "sign-in" || a.ID == "connect" {
		return false
	}
	if p.strayed {
		p.asBob = false
	}
	if a.ID == "get-ready" || p.turns > 6 {
		p.strayed = true
	}
	return !p.asBob
}

// hopeless is where the hint is to go back.
func (p *person) hopeless(a flow.Ask) bool {
	switch a.ID {
	case "scan", "sent-code", "reset-password", "confirm-sign-up":
		return p.tries[a.ID] >= 3
	case "finish":
		return a.CanBack
	case "code", "prove":
		return p.tries[a.ID] >= 5
	}
	return false
}

// heed is what the person does about a problem before trying again.
func (p *person) heed(e flow.Error) {
	switch {
	case e.Code == flow.CodeUnlikely && strings.Contains(e.Msg, "clock"):
		p.phone = 0
	case e.Code == flow.CodeClock, e.Code == flow.CodeWrongToken:
		p.w.ahead = 0
	case e.Code == flow.CodeWrongPassword:
		p.password++
	case e.Code == flow.CodeMismatch || e.Code == flow.CodeUnlikely:
		p.entry++
		p.phone = 0 // which is what the hint says
	case e.Fault == flow.Wait:
		p.w.wait(time.Minute)
	}
}

// values are those of a careful person's answer, or nil to leave.
func (p *person) values(a flow.Ask) map[string]flow.Secret {
	acc := p.w.acting
	switch a.ID {
	case "connect":
		return give("target", a.Fields[0].Options[0].Value)
	case "sign-in":
		return p.signIn(a)
	case "send-password":
		if p.slip(Decline) {
			return give("choice", "no")
		}
		p.w.maySend = true
		p.w.met["a password itself"]++
		return give("choice", "yes")
	case "reset-required", "unconfirmed", "signed-in", "finishing", "proving":
		return give()
	case "reset-password", "new-password":
		password := p.newPassword()
		values := give("code", p.inbox(), "new-password", password, "repeat", password)
		for _, f := range a.Fields {
			if _, ok := values[f.Key]; !ok {
				values[f.Key] = flow.NewSecret("Alice Example")
			}
		}
		return values
	case "confirm-sign-up", "sent-code":
		return give("code", p.inbox())
	case "challenge":
		return give("challenge", a.Fields[0].Options[p.tries[a.ID]%len(a.Fields[0].Options)].Value)
	case "password":
		return give("password", p.knows())
	case "factor":
		for _, o := range a.Fields[0].Options {
			if o.Value == totpFactor && len(acc.entries) > 0 {
				return give("factor", totpFactor)
			}
		}
		return give("factor", a.Fields[0].Options[0].Value)
	case "custom":
		if p.slip(Mistype) {
			return give("answer", "forty-one")
		}
		return give("answer", answer)
	case "enrolled":
		choice := map[Goal]string{Replace: "replace", TurnOff: "turn-off", Test: "test"}[p.plan.Goal]
		if choice == "" || p.consented == choice && p.proofs > 0 || !offers(a, choice) {
			choice = "leave"
		}
		return give("choice", choice)
	case "replace", "turn-off":
		if p.slip(Decline) && !p.declined {
			p.declined = true
			return give("choice", "no")
		}
		p.consented = a.ID
		return give("choice", "yes")
	case "set-up":
		if p.plan.Goal == Email {
			p.consented = "email"
			return give("factor", "email")
		}
		return give("factor", "app")
	case "e-mail":
		return give("email", p.w.acting.name+"@example.net")
	case "get-ready":
		if p.plan.Goal == Leave || p.plan.Goal == Test || p.plan.Goal == TurnOff {
			return nil // this is not what they came for
		}
		return give("device", "New phone")
	case "code", "prove":
		if a.Fields[0].Optional && p.plan.Goal == Look && p.plan.Seed%2 == 0 {
			return give("code", "")
		}
		key := p.key(a)
		if key == "" {
			return nil
		}
		return give("code", p.code(key, a))
	case "scan":
		key := a.Enroll.Key.Reveal()
		if !slices.Contains(acc.entries, entry{key}) {
			acc.entries = append(acc.entries, entry{key})
			p.w.wait(20 * time.Second)
		}
		p.entry = 0
		return give("code", p.code(key, a))
	case "finish":
		if len(acc.entries) == 0 {
			return nil
		}
		return give("code", p.code(acc.entries[len(acc.entries)-1].key, a))
	}
	p.w.lie("question", "nobody knows what to say to %q", a.ID)
	return nil
}

func offers(a flow.Ask, choice string) bool {
	return slices.ContainsFunc(a.Fields[0].Options, func(o flow.Option) bool { return o.Value == choice })
}

func (p *person) signIn(a flow.Ask) map[string]flow.Secret {
	name := alice
	testing := len(a.Steps) > 0 && a.Step == len(a.Steps)-1
	switch {
	case testing:
		name, p.asBob = p.w.acting.name, false
	case p.asBob, p.slip(OtherUser):
		name = bob
		p.asBob, p.strayed = true, false
	}
	p.w.act(name)
	if a.Fields[0].Key == "token" {
		if p.token == "" || a.Problem != nil {
			p.token, _, _ = p.w.signIn(name)
			p.w.wait(time.Minute)
		}
		if p.token == "" {
			return nil // they have none
		}
		return give("token", p.token)
	}
	if slices.ContainsFunc(a.Fields, func(f flow.Field) bool { return f.Key == "session" }) {
		session := p.w.began(name, p.plan.Seed%2 == 0)
		if session == "" || p.tries[a.ID] > 3 {
			return nil
		}
		if p.slip(Mistype) {
			session = session[1:]
			p.w.session = session
		}
		return give("username", p.w.typedFor(name), "session", session)
	}
	password := p.knows()
	if p.slip(Mistype) {
		password += "x"
	}
	return give("username", p.w.typedFor(name), "password", password)
}

// knows is the password that is tried now: the newest first.
func (p *person) knows() string {
	list := p.w.acting.passwords
	return list[p.password%len(list)]
}

func (p *person) newPassword() string {
	if p.slip(Weak) {
		return "weakling"
	}
	p.news++
	password := fmt.Sprintf("Chosen-Pass-%d", p.news)
	acc := p.w.acting
	acc.passwords, acc.chosen = append([]string{password}, acc.passwords...), append(acc.chosen, password)
	p.password = 0
	return password
}

func (p *person) inbox() string {
	code := p.w.inbox[p.w.acting.name]
	if code == "" {
		return "00000000"
	}
	if p.slip(Mistype) {
		return wrong(code)
	}
	return code
}

// wrong is code with another last digit.
func wrong(code string) string {
	last := code[len(code)-1]
	return code[:len(code)-1] + string('0'+(last-'0'+1)%10)
}

// key is that of the entry whose code is typed: the newest, and when that is refused the one before.
func (p *person) key(a flow.Ask) string {
	list := p.w.acting.entries
	if len(list) == 0 {
		return ""
	}
	i := len(list) - 1 - p.entry%len(list)
	if a.Facts.New < flow.MaybeTaken && p.w.acting.shown != "" {
		i = p.entry % len(list) // the old one
	}
	return list[i].key
}

// code is what the person types for the entry of key.
func (p *person) code(key string, a flow.Ask) string {
	acc := p.w.acting
	if p.slip(OtherKey) {
		key = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSW"
		for _, e := range acc.entries {
			if e.key != key {
				key = e.key
			}
		}
	}
	if p.slip(Again) && p.last != "" {
		return p.last
	}
	at := func() time.Time { return p.w.clock.Add(p.phone) }
	if used, ok := acc.spent[key]; ok && at().Unix()/period <= used {
		p.w.clock = time.Unix((used+1)*period, 0).UTC().Add(time.Second - p.phone)
	}
	shows := at()
	if p.slip(OldCode) {
		shows = shows.Add(-10 * flow.Period)
	}
	code := codeAt(key, shows)
	acc.spent[key] = shows.Unix() / period
	p.made = &typed{key, shows}
	if p.slip(Mistype) {
		code, p.made = wrong(code), nil
	}
	p.last, p.typed = code, key
	return code
}

// obeyNote deletes the entries that a note says to delete.
func (p *person) obeyNote(a flow.Ask) {
	acc := p.w.acting
	fates := noteFates(a.Note)
	if fates == (fate{}) {
		return
	}
	acc.entries = acc.obeying(fates, p.typed)
}
