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
			e := &Error{Key: name, Msg: "unknown setting", Hint: "see cognito-enroll config --help"}
			if near := Nearest(key, Keys); near != "" {
				e.Hint = "did you mean " + ownPrefix + strings.ToUpper(strings.ReplaceAll(near, "-", "_")) + "?"
			}
			return nil, e
		}
		if in.Check != nil {
			if expected := in.Check(key, value); expected != "" {
				return nil, &Error{Key: name, Msg: fmt.Sprintf("expected %s, not %q", expected, value),
					Hint: "change the environment variable, or unset it"}
			}
		}
		all = append(all, Setting{Key: key, Value: value, Source: Source{Kind: Environment, Name: name}})
	}
	return all, nil
}
