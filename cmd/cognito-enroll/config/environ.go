package config

import (
	"fmt"
	"slices"
	"strings"
)

const ownPrefix = "COGNITO_ENROLL_"

// ownVariables are those that are named after us: they are meant for us, so a wrong one is an error.
func ownVariables(in Input) (all []Setting, err error) {
	for _, variable := range in.Environ {
		name, value, _ := strings.Cut(variable, "=")
		rest, ok := strings.CutPrefix(name, ownPrefix)
		if !ok || value == "" || strings.HasPrefix(rest, "TEST_") {
			continue
		}
		key := strings.ToLower(strings.ReplaceAll(rest, "_", "-"))
		if !slices.Contains(Keys, key) {
			e := &Error{Key: name, Msg: "there is no such setting", Hint: "see cognito-enroll config --help"}
			if near := Nearest(key, Keys); near != "" {
				e.Hint = "did you mean " + ownPrefix + strings.ToUpper(strings.ReplaceAll(near, "-", "_")) + "?"
			}
			return nil, e
		}
		if in.Check != nil {
			if expected := in.Check(key, value); expected != "" {
				return nil, &Error{Key: name, Msg: fmt.Sprintf("expected %s, this is %q", expected, value), Hint: "change the environment variable, or unset it"}
			}
		}
		all = append(all, Setting{Key: key, Value: value, Source: Source{Kind: Environment, Name: name}})
	}
	return all, nil
}

// environment are the variables that are anybody's: COGNITO_USER_POOL_ID, VITE_COGNITO_CLIENT_ID, ...
func environment(environ []string) (entries []entry) {
	for _, variable := range environ {
		name, value, _ := strings.Cut(variable, "=")
		if !strings.HasPrefix(name, ownPrefix) && speaksOfCognito(name) {
			entries = append(entries, entry{path: []string{name}, value: value, source: Source{Kind: Environment, Name: name}})
		}
	}
	return entries
}

// speaksOfCognito reports whether a variable's name says whose id it is: CLIENT_ID alone may be anybody's.
func speaksOfCognito(name string) bool {
	return slices.ContainsFunc(words(name), func(w string) bool {
		return w == "cognito" || w == "pool" || w == "pools" || w == "userpool"
	})
}

// settingsOf are the settings that the candidates of the environment amount to.
func settingsOf(found []Candidate) (all []Setting) {
	for _, c := range found {
		for _, s := range c.Sources {
			value := Setting{Key: "pool-id", Value: c.Pool, Source: s}
			if isClientName(s.Name) {
				value.Key, value.Value = "client-id", c.Client
			}
			if !slices.ContainsFunc(all, func(t Setting) bool { return t.Source == s }) {
				all = append(all, value)
			}
		}
	}
	return all
}
