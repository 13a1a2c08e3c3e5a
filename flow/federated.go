package flow

import (
	"encoding/json"
	"strings"
)

// identity is one of the accounts with an identity provider that a user of the pool stands for: a member of the
// attribute and claim "identities" (Developer Guide, "Linking federated users to an existing user profile").
type identity struct {
	Provider string `json:"providerName"`
	User     string `json:"userId"`
}

// identities reads the claim, which is a list or the text of one; what is neither is no identity.
func (c claims) identities() (list []identity) {
	var text string
	if json.Unmarshal(c.Identities, &text) == nil {
		c.Identities = json.RawMessage(text)
	}
	if json.Unmarshal(c.Identities, &list) != nil {
		return nil
	}
	return list
}

// provider returns the identity provider of the token's user, and whether the user can sign in nowhere else.
// Cognito names such a user after the provider, as in Google_123, and puts the user into a group of the name
// us-east-1_AbCdEf123_Google. A user of another name has an account with the provider linked to one of the
// pool's, which has a password as well.
func (c claims) provider() (name string, only bool) {
	linked := ""
	for _, id := range c.identities() {
		if strings.EqualFold(c.user(), id.Provider+"_"+id.User) {
			return id.Provider, true
		}
		if linked == "" {
			linked = id.Provider
		}
	}
	var groups []string
	if json.Unmarshal(c.Groups, &groups) == nil {
		for _, group := range groups {
			name, ok := strings.CutPrefix(group, c.pool()+"_")
			if ok && name != "" && hasPrefixFold(c.user(), name+"_") {
				return name, true
			}
		}
	}
	if name := socialProvider(c.user()); name != "" {
		return name, true
	}
	return linked, false
}

// socialProviders are those whose names in a pool are AWS's choice (API reference, CreateIdentityProvider).
var socialProviders = map[string]string{
	"Google": "Google", "Facebook": "Facebook", "LoginWithAmazon": "Amazon", "SignInWithApple": "Apple",
}

// socialProvider returns the provider after which Cognito names a user like this one, in a pool where case counts
// or not; "" if there is none.
func socialProvider(username string) string {
	for name, label := range socialProviders {
		if hasPrefixFold(username, name+"_") {
			return label
		}
	}
	return ""
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) > len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// federated is for a user who signs in with an identity provider and not with the pool: Cognito neither enrolls
// such a user nor asks for a second factor (Developer Guide, "Adding MFA to a user pool"; amplify-js#4555, #7755).
func federated(username, provider string) *Error {
	if label, ok := socialProviders[provider]; ok {
		provider = label
	}
	return &Error{Code: CodeFederated, Fault: Elsewhere,
		Msg: Fill("{user} signs in with {provider}, which asks for the second factor, not this pool",
			"user", quoted(Label(username)), "provider", Label(provider)),
		Hint: Fill("set up the second factor in your account with {provider}", "provider", Label(provider))}
}

// linkedNote is said to a user who can sign in both ways.
func linkedNote(provider string) string {
	return Fill("You can also sign in with {provider}, which then asks for the second factor, not this pool."+
		" The authenticator that you enroll here is for signing in with the pool's own password.",
		"provider", Label(provider))
}

// federatedHint is for a refusal of a username that looks like that of such a user.
func federatedHint(provider string) string {
	return Fill("if you sign in with {provider}, it asks for the second factor, not this pool; otherwise check the"+
		" username and the password", "provider", provider)
}
