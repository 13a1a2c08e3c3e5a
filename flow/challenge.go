package flow

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// A challenge of Cognito's is a row: what to ask, and how the answer goes on the wire
// (API reference, RespondToAuthChallenge). Supporting another one is adding a row.
type row struct {
	ask    func(run, Challenge) Ask
	answer func(Challenge, map[string]string) (map[string]Secret, *Error)
	stuck  func(Challenge) *Error // nil, or says why this one cannot be answered
}

var challenges = map[string]row{
	newPassword:         {ask: askNewPassword, answer: answerNewPassword, stuck: oddAttributes},
	softwareToken:       {ask: askSoftwareToken, answer: oneValue("code", softwareTokenCode)},
	"SMS_MFA":           {ask: askSentCode, answer: oneValue("code", "SMS_MFA_CODE")},
	"SMS_OTP":           {ask: askSentCode, answer: oneValue("code", "SMS_OTP_CODE")},
	emailCode:           {ask: askSentCode, answer: oneValue("code", "EMAIL_OTP_CODE")},
	selectFactor:        {ask: askFactor, answer: oneValue("factor", "ANSWER"), stuck: noFactor},
	selectChallenge:     {ask: askChallenge, answer: oneValue("challenge", "ANSWER"), stuck: onlyPasskeys},
	"PASSWORD":          {ask: askPassword, answer: oneValue("password", "PASSWORD")},
	"PASSWORD_SRP":      {ask: askPassword, answer: oneValue("password", "PASSWORD")},
	"ADMIN_NO_SRP_AUTH": {ask: askPassword, answer: oneValue("password", "PASSWORD")},
	"CUSTOM_CHALLENGE":  {ask: askCustom, answer: oneValue("answer", "ANSWER")},
}

// explained says what the person can do about a challenge that has no row.
var explained = map[string]Error{
	"WEB_AUTHN": {Remedy: Remedy{Name: AvoidPasskey, Challenge: "PASSWORD_SRP"}},
	// Cognito asks these of a client that sends the key of a remembered device, which this one never does.
	"DEVICE_SRP_AUTH":          {Hint: "no device is remembered here; please report how you came to be asked"},
	"DEVICE_PASSWORD_VERIFIER": {Hint: "no device is remembered here; please report how you came to be asked"},
}

// Knows reports whether flow has an answer or an explanation for the challenge of that name.
func Knows(name string) bool {
	_, answered := challenges[name]
	_, ok := explained[name]
	return answered || ok || name == mfaSetup
}

func unanswerable(name string) *Error {
	err, ok := explained[name]
	if !ok {
		err.Hint = "please report this challenge's name: it is newer than this program"
	}
	err.Code, err.Fault = CodeUnsupportedChallenge, Elsewhere
	err.Msg = Fill("the pool asks for {challenge}, which cannot be answered here", "challenge", shown(name, mostName))
	return &err
}

const (
	mfaSetup        = "MFA_SETUP" // not a row: it is the way to the QR code, see reply
	softwareToken   = "SOFTWARE_TOKEN_MFA"
	newPassword     = "NEW_PASSWORD_REQUIRED"
	emailCode       = "EMAIL_OTP"
	selectFactor    = "SELECT_MFA_TYPE"
	selectChallenge = "SELECT_CHALLENGE"
	passwordSRP     = "PASSWORD_SRP"

	softwareTokenCode = "SOFTWARE_TOKEN_MFA_CODE" // the answer to softwareToken
)

// oneValue sends the value of one field under one key.
func oneValue(field, key string) func(Challenge, map[string]string) (map[string]Secret, *Error) {
	return func(_ Challenge, v map[string]string) (map[string]Secret, *Error) {
		return map[string]Secret{key: NewSecret(v[field])}, nil
	}
}

func askSoftwareToken(r run, c Challenge) Ask {
	a := Ask{ID: "code", Fields: []Field{{Key: "code", Label: "Code", Kind: Code, Min: 6, Max: 6,
		Optional: r.goal == ToShow}}}
	a.Title, a.Body = r.facts.codeQuestion(r.goal, c.Params["FRIENDLY_DEVICE_NAME"])
	if r.goal == ToTest {
		a.ID = "prove"
	}
	if r.goal == ToTest || r.facts.New >= Taken {
		a.NextCode = r.nextCode
	}
	return a
}

// askSentCode is for a code that was sent; there is no way to have it sent again but to sign in
// again (amplify-js#6676).
func askSentCode(_ run, c Challenge) Ask {
	sent := Delivered{Medium: c.Params["CODE_DELIVERY_DELIVERY_MEDIUM"],
		Destination: c.Params["CODE_DELIVERY_DESTINATION"]}
	if sent.Medium == "" {
		sent.Medium = map[bool]string{true: "EMAIL", false: "SMS"}[c.Name == emailCode]
	}
	return Ask{
		ID: "sent-code", Title: "A code was sent to you",
		Body:   sent.sentence() + " If it does not come, go back and sign in again: that sends another.",
		Fields: []Field{codeField()},
	}
}

func askPassword(run, Challenge) Ask {
	return Ask{
		ID: "password", Title: "Your password",
		Fields: []Field{{Key: "password", Label: "Password", Kind: Hidden, Min: 1, Max: 256}},
	}
}

// askFactor reads MFAS_CAN_CHOOSE, which AWS's guide calls MFAS_CAN_SELECT.
func askFactor(_ run, c Challenge) Ask {
	return Ask{
		ID: "factor", Title: "Choose your second factor",
		Body:   "This account has more than one.",
		Fields: []Field{choice("factor", "Factor", factorsToChoose(c))},
	}
}

func factorsToChoose(c Challenge) []string {
	if list := names(jsonList(c.Params["MFAS_CAN_CHOOSE"])); len(list) > 0 {
		return list
	}
	return names(jsonList(c.Params["MFAS_CAN_SELECT"]))
}

// names are those that can be one of Cognito's, once each.
func names(list []string) (all []string) {
	for _, name := range list {
		if name != "" && len(name) <= mostName && len(all) < mostList && !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return all
}

func noFactor(c Challenge) *Error {
	if len(factorsToChoose(c)) > 0 {
		return nil
	}
	return &Error{Code: CodeUnsupportedChallenge, Fault: Elsewhere,
		Msg:  "the pool wants a second factor to be chosen, and offers none",
		Hint: "ask the pool's administrator to set a preferred factor for this user"}
}

func askChallenge(_ run, c Challenge) Ask {
	a := Ask{
		ID: "challenge", Title: "How do you want to sign in?",
		Fields: []Field{choice("challenge", "Challenge", firstFactors(c))},
	}
	if slices.Contains(c.Available, "WEB_AUTHN") {
		a.Body = "The pool offers a passkey as well, but that needs a browser."
	}
	return a
}

// firstFactors are those that a terminal can serve. Of the two ways to give the password, the one
// that does not send it is taken.
func firstFactors(c Challenge) []string {
	var list []string
	for _, name := range names(c.Available) {
		known := slices.Contains([]string{"PASSWORD", "PASSWORD_SRP", emailCode, "SMS_OTP"}, name)
		if known && !(name == "PASSWORD" && slices.Contains(c.Available, "PASSWORD_SRP")) {
			list = append(list, name)
		}
	}
	return list
}

func onlyPasskeys(c Challenge) *Error {
	if len(firstFactors(c)) > 0 {
		return nil
	}
	return &Error{Code: CodeUnsupportedChallenge, Fault: Elsewhere,
		Msg: Fill("the pool lets this user sign in only with {ways}, which does not work in a terminal",
			"ways", shown(strings.Join(c.Available, ", "), mostText)),
		Hint: "ask the pool's administrator to allow a password or a code as well"}
}

func choice(key, label string, values []string) Field {
	f := Field{Key: key, Label: label, Kind: Choose}
	for _, v := range values {
		f.Options = append(f.Options, Option{Value: v, Label: factorName(v)})
	}
	return f
}

// askCustom shows what the pool's Lambda trigger has to say (publicChallengeParameters).
func askCustom(_ run, c Challenge) Ask {
	a := Ask{
		ID: "custom", Title: "A question of this pool",
		Body:   "The pool's own sign-in asks:",
		Fields: []Field{{Key: "answer", Label: "Answer", Kind: Hidden, Min: 1, Max: 2048}},
	}
	for i, key := range slices.Sorted(maps.Keys(c.Params)) {
		if key != "USERNAME" && key != "USER_ID_FOR_SRP" && i < mostList {
			a.Body += "\n  " + shown(key, mostName) + ": " + shown(c.Params[key], mostSaid/2)
		}
	}
	return a
}

func askNewPassword(_ run, c Challenge) Ask {
	a := Ask{
		ID:     "new-password",
		Title:  "Choose a new password",
		Body:   "The password you gave was a temporary one.",
		Fields: newPasswordFields(),
	}
	for _, name := range missingAttributes(c) {
		a.Fields = append(a.Fields, Field{Key: name, Label: attributeLabel(name), Kind: Text, Min: 1, Max: 2048})
	}
	if len(a.Fields) > 2 {
		a.Body += " This pool also wants to know a little more about you."
	}
	return a
}

func answerNewPassword(c Challenge, v map[string]string) (map[string]Secret, *Error) {
	if err := checkRepeat(v); err != nil {
		return nil, err
	}
	responses := map[string]Secret{"NEW_PASSWORD": NewSecret(v["new-password"])}
	for _, name := range missingAttributes(c) {
		responses["userAttributes."+name] = NewSecret(v[name])
	}
	return responses, nil
}

// missingAttributes returns the required attributes that have no value yet, without their prefix.
// One that has a value must not be sent again (API reference, RespondToAuthChallenge).
func missingAttributes(c Challenge) []string {
	var present map[string]string
	if json.Unmarshal([]byte(c.Params["userAttributes"]), &present) != nil {
		present = nil
	}
	var missing []string
	for _, name := range jsonList(c.Params["requiredAttributes"]) {
		name = strings.TrimPrefix(name, "userAttributes.")
		if present[name] == "" && !slices.Contains(missing, name) {
			missing = append(missing, name)
		}
	}
	return missing
}

// oddAttributes is for attributes that no pool can have: a name has 32 characters at most, but for "custom:", and
// there are 50 custom ones beside the standard ones (API reference, SchemaAttributeType; quotas).
func oddAttributes(c Challenge) *Error {
	const most = 100
	names := missingAttributes(c)
	if len(names) <= most && !slices.ContainsFunc(names, func(name string) bool { return len(name) > mostName }) {
		return nil
	}
	return &Error{Code: CodeUnsupportedChallenge, Fault: Elsewhere,
		Msg:    "the pool requires attributes that no user pool can have",
		Remedy: Remedy{Name: CheckEndpoint}}
}

// attributeLabel makes "phone_number" read as "Phone number", and adds the format where Cognito
// insists on one (OpenID Connect Core 1.0, section 5.1).
func attributeLabel(name string) string {
	label := strings.ReplaceAll(strings.TrimPrefix(name, "custom:"), "_", " ")
	if label != "" {
		label = strings.ToUpper(label[:1]) + label[1:]
	}
	switch name {
	case "phone_number":
		label += " (+15551234567)"
	case "birthdate":
		label += " (YYYY-MM-DD)"
	}
	return label
}

// jsonList parses a list that came as JSON text inside a string, as lists in ChallengeParameters do.
// What is not such a list gives nil.
func jsonList(text string) []string {
	var list []string
	if json.Unmarshal([]byte(text), &list) != nil {
		return nil
	}
	return list
}
