package flow

import (
	"encoding/json"
	"slices"
	"strings"
)

// A challenge of Cognito's is a row: what to ask, and how the answer goes on the wire
// (API reference, RespondToAuthChallenge). Supporting another one is adding a row.
type row struct {
	ask    func(run, Challenge) Ask
	answer func(Challenge, map[string]string) (map[string]Secret, *Error)
}

var challenges = map[string]row{
	"NEW_PASSWORD_REQUIRED": {askNewPassword, answerNewPassword},
	"SOFTWARE_TOKEN_MFA":    {askSoftwareToken, answerSoftwareToken},
}

// unsupported says what the person can do about a challenge that has no row.
var unsupported = map[string]string{
	"SMS_MFA":                  "sign in where text messages are answered, or ask your administrator to turn SMS off for this user",
	"EMAIL_OTP":                "sign in where e-mailed codes are answered, or ask your administrator to turn e-mail codes off for this user",
	"SMS_OTP":                  "sign in with a password flow instead",
	"SELECT_MFA_TYPE":          "ask your administrator to set a preferred factor for this user",
	"SELECT_CHALLENGE":         "sign in with a password flow instead",
	"PASSWORD":                 "sign in with a password flow instead",
	"PASSWORD_SRP":             "sign in with a password flow instead",
	"WEB_AUTHN":                "a passkey needs a browser; sign in with a password flow instead",
	"CUSTOM_CHALLENGE":         "this pool asks its own questions through Lambda; enrol in the app that it belongs to",
	"DEVICE_SRP_AUTH":          "no device key was sent, so this should not happen; please report it",
	"DEVICE_PASSWORD_VERIFIER": "no device key was sent, so this should not happen; please report it",
	"ADMIN_NO_SRP_AUTH":        "this is an administrator's flow, which was not used; please report it",
}

// Knows reports whether flow has an answer or an explanation for the challenge of that name.
func Knows(name string) bool {
	_, answered := challenges[name]
	_, explained := unsupported[name]
	return answered || explained || name == mfaSetup
}

const (
	mfaSetup      = "MFA_SETUP" // not a row: it is the way to the QR code, see arrive
	softwareToken = "SOFTWARE_TOKEN_MFA"
)

func askSoftwareToken(r run, c Challenge) Ask {
	a := Ask{
		ID:     "code",
		Title:  "Your authenticator's code",
		Body:   "This account has an authenticator already. Type the six digits that it shows now.",
		Fields: []Field{{Key: "code", Label: "Code", Kind: Code, Min: 6, Max: 6}},
	}
	if name := c.Params["FRIENDLY_DEVICE_NAME"]; name != "" {
		a.Body = "This account has an authenticator already: «" + name + "». Type the six digits that it shows now."
	}
	if r.verified {
		a.Body = "Your authenticator is enrolled, and Cognito asks for one more code. A code works once: wait until the app shows the next one."
	}
	return a
}

func answerSoftwareToken(_ Challenge, v map[string]string) (map[string]Secret, *Error) {
	return map[string]Secret{"SOFTWARE_TOKEN_MFA_CODE": NewSecret(v["code"])}, nil
}

func askNewPassword(_ run, c Challenge) Ask {
	a := Ask{
		ID:    "new-password",
		Title: "Choose a new password",
		Body:  "The password you gave was a temporary one.",
		Fields: []Field{
			{Key: "new-password", Label: "New password", Kind: Hidden, Min: 6, Max: 256},
			{Key: "repeat", Label: "Repeat password", Kind: Hidden, Min: 6, Max: 256},
		},
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
	if v["new-password"] != v["repeat"] {
		return nil, invalid("repeat", "the two passwords are not the same")
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
