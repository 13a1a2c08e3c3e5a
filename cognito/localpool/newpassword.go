package localpool

import (
	"maps"
	"slices"
	"strings"
)

const (
	newPasswordRequired = "NEW_PASSWORD_REQUIRED"
	attributePrefix     = "userAttributes."
)

func askNewPassword(ss *session) map[string]string {
	u := ss.user
	required := []string{}
	for _, name := range u.missingAttributes() {
		required = append(required, attributePrefix+name)
	}
	have := map[string]string{}
	for _, a := range u.attributes {
		have[a.Name] = a.Value
	}
	p := ss.parameters()
	p["requiredAttributes"], p["userAttributes"] = jsonText(required), jsonText(have)
	return p
}

// answerNewPassword takes a password and every required attribute that has no value yet. Values of
// ChallengeResponses have no constraint, so it is the policy that refuses a short password.
func (s *Server) answerNewPassword(ss *session, p params) (*authOutput, error) {
	u := ss.user
	if u.status != statusTemporary {
		return nil, errSessionInvalid
	}
	if p["NEW_PASSWORD"] == "" {
		return nil, missingParameter("NEW_PASSWORD")
	}
	if err := u.pool.policy.accept(p["NEW_PASSWORD"]); err != nil {
		return nil, err
	}
	var given []attribute
	required := u.pool.required()
	for _, key := range slices.Sorted(maps.Keys(p)) {
		name, ok := strings.CutPrefix(key, attributePrefix)
		if !ok || p[key] == "" {
			continue
		}
		switch {
		case !ss.client.writes(name):
			return nil, errForbiddenAttribute
		case u.attribute(name) != "" && (slices.Contains(required, name) || slices.Contains(contacts, name)):
			return nil, notAuthorized("Cannot modify an already provided %s", name)
		}
		given = append(given, attribute{name, p[key]})
	}
	for _, name := range u.missingAttributes() {
		if !slices.ContainsFunc(given, func(a attribute) bool { return a.Name == name }) {
			return nil, invalidParameter("Invalid attributes given, %s is missing", name)
		}
	}
	if err := u.pool.checkAttributes(given); err != nil {
		return nil, err
	}
	u.setAttributes(given)
	s.setPassword(u, p["NEW_PASSWORD"], statusConfirmed)
	return s.proceed(ss.login)
}
