package main

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"strings"

	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cognito/simulate"
	"cognito-enroll/flow"
)

// What plain lines call the questions, the fields and the options. They name no IDs.
var (
	titles = map[string]string{
		"Send your password itself?": "send-password",
		"Sign in":                    "sign-in", "Choose a new password": "new-password",
		"You need a new password":       "reset-required",
		"Your sign-up was not finished": "unconfirmed", "Confirm your sign-up": "confirm-sign-up",
		"Your password":          "password",
		"A code was sent to you": "sent-code", "A question of this pool": "custom", "Your authenticator's code": "code",
		"A test of your next sign-in": "prove", "Choose your second factor": "factor",
		"How do you want to sign in?": "challenge",
		"Replace your authenticator?": "replace", "Turn your authenticator off?": "turn-off", "Codes by email": "e-mail",
		"Get your authenticator app ready": "get-ready", "Almost done": "finishing", "You are signed in": "signed-in",
		"Add this key to your authenticator app. Then type the six digits that the app shows.": "scan",
		"You already have an authenticator":                                                    "enrolled",
		"Cognito lists an authenticator":                                                       "enrolled",
	}
	labels = map[string]string{
		"Username": "username", "Password": "password", "New password": "new-password", "Repeat password": "repeat",
		"Code":        "code",
		"Device name": "device", "Account in the app": "entry", "Email address": "email", "Answer": "answer", "Name": "name", "Choice": "choice",
		"Factor":    "factor",
		"Challenge": "challenge", "Press Enter to continue": "-",
	}
	chosen = map[string]string{
		"leave": "Leave it as it is", "test": "Test it with a new sign-in", "replace": "Replace it with another",
		"turn-off": "Turn it off",
		"app":      "Authenticator app", "email": "Codes by email", "SOFTWARE_TOKEN_MFA": "authenticator app",
		"SMS_MFA":   "text message",
		"EMAIL_OTP": "email", "PASSWORD_SRP": "password", "PASSWORD": "password", "SMS_OTP": "code by text message",
	}
	yesOrNo = map[string]string{
		"replace yes": "Replace it", "replace no": "Keep the old one", "turn-off yes": "Turn it off",
		"turn-off no": "Keep it on",
	}
	prompt = regexp.MustCompile(`^([^:\n]*?)(, 1 to \d+)?( \([^)\n]*\))?: $`)
	groups = regexp.MustCompile(`Key, in groups: ([A-Z2-7 ]+)`)
	option = regexp.MustCompile(`(?m)^(\d+): (.+)$`)
)

// lines is a conversation in plain lines.
type lines struct {
	*session
	id     string // of the question
	key    string // that was told last
	values map[string]flow.Secret
}

// plain answers the questions of plain lines, one field after the other.
func (s *session) plain(in io.Writer, out *bufio.Reader) {
	l := lines{session: s}
	said := ""
	for prompts := 0; prompts < 100; {
		b, err := out.ReadByte()
		if err != nil {
			return
		}
		said += string(b)
		m := prompt.FindStringSubmatch(said[strings.LastIndexByte(said, '\n')+1:])
		if m == nil || labels[m[1]] == "" {
			continue
		}
		prompts++
		text, ok := l.answer(labels[m[1]], m[2] != "", said)
		if !ok {
			return
		}
		said = ""
		fmt.Fprintln(in, text)
	}
	s.t.Errorf("a hundred prompts, and no end, at %q", l.id)
}

// answer is the line for one field, after what was said since the last. Not ok is to leave.
func (l *lines) answer(field string, choose bool, said string) (text string, ok bool) {
	for line := range strings.Lines(said) {
		line = strings.TrimSpace(line)
		if _, station, ok := strings.Cut(line, ": "); ok && strings.HasPrefix(line, "Step ") {
			line = strings.TrimSuffix(station, ".") // a title that is that of the station is not said again
		}
		line, _, _ = strings.Cut(line, ": \"") // and the name of a device
		switch {
		case titles[line] != "":
			l.id, l.values = titles[line], nil
		case strings.HasPrefix(line, "Problem: "):
			l.values = nil
		}
	}
	switch {
	case l.id == "new-password" && strings.Contains(said, "sent"):
		l.id = "reset-password"
	case l.id == "factor" && strings.Contains(said, ": "+chosen["app"]+"\n"):
		l.id = "set-up"
	case field == "username" && l.id != "prove": // its title is that of the station, which did not change
		l.id = "sign-in"
	}
	options := option.FindAllStringSubmatch(said, -1)
	if _, ok := l.values[field]; !ok || field == "-" {
		if l.values = l.ask(field, said, options); l.values == nil {
			return "", false
		}
	}
	text = l.values[field].Reveal()
	if !choose {
		return text, true
	}
	if l.id == "send-password" { // where a program says the word itself
		return text, true
	}
	wanted := chosen[text]
	if l.id == "replace" || l.id == "turn-off" {
		wanted = yesOrNo[l.id+" "+text]
	}
	for _, o := range options {
		if o[2] == wanted {
			return o[1], true
		}
	}
	l.t.Errorf("%q is not among the choices of %q", wanted, l.id)
	return "", false
}

// ask has the person answer the question. Nil is to leave.
func (l *lines) ask(field, said string, options [][]string) map[string]flow.Secret {
	a := flow.Ask{ID: l.id, Fields: []flow.Field{{Key: field}}}
	for _, o := range options {
		for value, label := range chosen {
			if label == o[2] {
				a.Fields[0].Options = append(a.Fields[0].Options, flow.Option{Value: value, Label: label})
			}
		}
	}
	if l.id == "prove" && field == "-" {
		a.ID = "proving"
	}
	if l.id == "prove" && (field == "username" || field == "password") {
		a.ID = "sign-in"
		a.Steps, a.Step = []string{"Sign in", "Done"}, 1
	}
	if l.id == "new-password" || l.id == "reset-password" {
		a.Fields = append(a.Fields, flow.Field{Key: "name"})
	}
	if m := groups.FindStringSubmatch(said); m != nil {
		l.key = strings.ReplaceAll(m[1], " ", "")
	}
	if l.id == "scan" {
		a.Enroll = &flow.Enroll{Key: flow.NewSecret(l.key), URI: flow.NewSecret(l.key)}
	}
	if strings.Contains(said, "Problem: ") {
		a.Problem = &flow.Error{Fault: flow.Retry, Code: flow.CodeMismatch}
		switch {
		case a.ID == "sign-in":
			a.Problem.Code = flow.CodeWrongPassword
		case strings.Contains(said, "to try it anyway"):
			a.Problem.Code = flow.CodeUnlikely
		}
	}
	l.asked = a.ID
	answer, ok := l.live.Voice(a).(flow.Answer)
	if !ok {
		l.left = true
		return nil
	}
	if answer.Values == nil {
		answer.Values = map[string]flow.Secret{}
	}
	return answer.Values
}

// judgePlain holds the exit code of a run in plain lines, which tell no facts, against the pool.
func (s *session) judgePlain(code int, status bool) {
	uncertain := s.live.Uncertain()
	switch {
	case code == exit.Bug && len(s.plan.Faults) == 0:
		s.t.Errorf("exit code %d", code)
	case s.left && (code == exit.Done || code == exit.NotEnrolled):
		s.t.Errorf("exit code %d for somebody who left at %q", code, s.asked)
	case code == exit.NotEnrolled && !status:
		s.t.Errorf("exit code %d is that of status", code)
	case code == exit.Done && !uncertain && !s.live.Active() &&
		(status || s.plan.Goal == simulate.Enroll || s.plan.Goal == simulate.Replace):
		s.t.Errorf("exit code %d, and no authenticator is active", code)
	case code == exit.NotEnrolled && !uncertain && s.live.Asks() == flow.Yes:
		s.t.Errorf("exit code %d, and the next sign-in asks for a code", code)
	}
}
