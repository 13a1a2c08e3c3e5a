package config

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// words are those of a name in any spelling: UserPoolClientId, user_pool_client_id, USER-POOL-CLIENT-ID.
func words(name string) []string {
	var b strings.Builder
	runes := []rune(name)
	for i, r := range runes {
		after := i > 0 && unicode.IsLower(runes[i-1])
		within := i > 0 && unicode.IsUpper(runes[i-1]) && i+1 < len(runes) && unicode.IsLower(runes[i+1]) // the I of AWSId
		if unicode.IsUpper(r) && (after || within) {
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return strings.FieldsFunc(b.String(), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// Telling are the words of each name that tell it from the others: "staging" and "prod" are those of Staging.WebClientId
// and Prod.WebClientId. It is "" where there are none, and where they are no words, as in a hash.
func Telling(names []string) map[string]string {
	type split struct{ forward, backward []string }
	all := map[string]split{}
	for _, name := range names {
		own := words(name)
		all[name] = split{own, reversed(own)}
	}
	telling := map[string]string{}
	for name, own := range all {
		first, last := len(own.forward), len(own.forward) // words that all have, at the beginning and at the end
		for other, its := range all {
			if other != name {
				first, last = min(first, shared(own.forward, its.forward)), min(last, shared(own.backward, its.backward))
			}
		}
		telling[name] = said(own.forward[first:max(first, len(own.forward)-last)])
	}
	return telling
}

// said is what words say, if they are some and no hash.
func said(words []string) string {
	const most = 24 // characters: it is a help, and stands before the name of the file
	text := strings.Join(words, " ")
	if utf8.RuneCountInString(text) > most || strings.ContainsFunc(text, unicode.IsDigit) {
		return ""
	}
	return text
}

// shared is how many words a and b begin with alike.
func shared(a, b []string) (n int) {
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

func reversed(words []string) []string {
	words = slices.Clone(words)
	slices.Reverse(words)
	return words
}

// The words that names are made of.
var (
	// services have app clients of their own. They are words of a name, so that "line" would be a bad one.
	services = newSet(`
		google facebook fb github gitlab bitbucket apple siwa twitter linkedin microsoft msal azure azuread entra
		okta auth0 onelogin keycloak firebase stripe slack discord twitch spotify paypal salesforce hubspot zoom
		dropbox instagram tiktok kakao naver yahoo vpn openvpn wireguard mqtt kafka redis mongo mongodb sentry
		datadog twilio sendgrid mailgun mailchimp intercom zendesk shopify plaid xero quickbooks intuit atlassian
		jira notion figma adobe docusign lwa steam reddit pinterest snapchat ldap iot algolia contentful
		cloudinary mapbox pusher wechat strava fitbit garmin square paddle asana trello clerk supabase workos ping
		pingfederate amplitude mixpanel segment samlify netlify vercel digitalocean cloudflare heroku gcp alexa
		hydra dex
	`)
	// poolWords say that a name is about Cognito.
	poolWords = newSet("cognito pool pools userpool userpools amplify")
	// neutral say nothing about whose id it is: an object that has a pool and an "id" has the app client's.
	neutral = newSet(`
		id ids aud audience audiences app apps web native mobile ios android spa admin m2m value default frontend
		backend api server desktop
	`)
	// common say what something is, not which of several.
	common = newSet(`
		user users pool pools userpool userpools userpoolid client clients clientid appclient appclientid id ids
		secret app web native aws amazon cognito amplify output outputs value default public next react vite vue
		nuxt expo gatsby ng the auth authentication config configuration settings export exports ref name arn
		issuer iss url uri provider authority audience aud region env environment const let var stack identity key
		jwks jwk domain endpoint oidc oauth oauth2 jwt my of for service services
	`)
	// environments, by the names that they go under.
	environments = map[string]string{
		"dev": "dev", "develop": "dev", "development": "dev",
		"prod": "prod", "production": "prod", "prd": "prod", "live": "prod",
		"stg": "staging", "stage": "staging", "staging": "staging", "stag": "staging",
		"test": "test", "testing": "test", "tst": "test", "qa": "qa", "uat": "uat", "sit": "sit", "perf": "perf",
		"preprod": "preprod", "preview": "preview", "demo": "demo", "dr": "dr",
		"sandbox": "sandbox", "sbx": "sandbox", "local": "local", "localhost": "local",
		"integration": "int", "int": "int", "acceptance": "acc", "acc": "acc",
		"alpha": "alpha", "beta": "beta", "canary": "canary",
	}
	// valueNames are of a value whose name stands beside it, or around it.
	valueNames = newSet(`
		value outputvalue parametervalue default defaultvalue text string stringvalue content fallback
	`)
	// labelNames are of such a name.
	labelNames = newSet("name key outputkey parameterkey label variable android:name")
	// whoNames are of whose login something is for.
	whoNames = newSet(`
		provider provider_name providername provider_type providertype idp service
	`)
	// audiences are of a client's ID, and clientWords end its name, if it is about Cognito.
	audiences   = newSet("audience audiences aud")
	clientWords = newSet("id ids key app apps")
	// plainWords are of a name that is not that of a secret alone.
	plainWords = newSet("arn name id ids")
	// prose is written for people.
	prose = newSet(`
		description comment comments note notes title summary documentation example examples placeholder help
		usage doc docs message markdown hint long short
	`)
)

// set is made of words when it is first asked: most runs look into no file.
type set struct {
	text    string
	made    sync.Once
	members map[string]bool
}

// newSet is inlined, so that the compiler lays it out.
func newSet(text string) *set { return &set{text: text} }

func (s *set) has(word string) bool {
	s.made.Do(func() {
		s.members = map[string]bool{}
		for member := range strings.FieldsSeq(s.text) {
			s.members[member] = true
		}
	})
	return s.members[word]
}

func anyIn(w []string, of *set) bool { return slices.ContainsFunc(w, of.has) }

// joined is a name without its spelling, as in userpoolclientid.
func joined(w []string) string { return strings.Join(w, "") }

// aboutPool reports whether the words of a name say that it is about Cognito, glued together or not.
func aboutPool(w []string) bool {
	return anyIn(w, poolWords) || slices.ContainsFunc(w, func(word string) bool {
		return strings.Contains(word, "cognito") || strings.Contains(word, "userpool")
	})
}

// aboutService reports whether they say that it is about somebody else's login. Amazon's own is one, without Cognito.
func aboutService(w []string) bool {
	return anyIn(w, services) || slices.Contains(w, "amazon") && !aboutPool(w)
}

// clientName reports whether the words are those of an app client's ID.
func clientName(w []string) bool {
	j := joined(w)
	switch {
	case secretName(w), strings.Contains(j, "identitypool"), strings.Contains(j, "clienttoken"):
		return false
	case strings.Contains(j, "client"), anyIn(w, audiences):
		return true
	}
	return aboutPool(w) && !poolName(w) && len(w) > 0 && anyIn(w[len(w)-1:], clientWords)
}

// poolName reports whether the words are those of a user pool's ID.
func poolName(w []string) bool {
	j := joined(w)
	return !strings.Contains(j, "client") && !strings.Contains(j, "identity") && (strings.Contains(j, "pool"))
}

// secretName reports whether the words are those of a client secret.
func secretName(w []string) bool { return strings.Contains(joined(w), "secret") }

// stem is what the names of a client's ID and of its secret have in common.
func stem(w []string) string {
	j := joined(w)
	for _, end := range []string{"value", "output", "id", "ids", "secret", "key"} {
		j = strings.TrimSuffix(j, end)
	}
	return j
}

// environmentOf returns the environment that a name speaks of, or "".
func environmentOf(name string) string {
	for _, w := range words(name) {
		if env, ok := environments[strings.TrimRight(w, "0123456789")]; ok {
			return env
		}
	}
	return ""
}

// telling returns the words of a name that tell one pool's names from another's.
func telling(name string) (all []string) {
	for _, w := range words(name) {
		letters := strings.TrimRight(w, "0123456789")
		if digits := w[len(letters):]; letters != "" && digits != "" && !common.has(w) {
			if !common.has(letters) {
				all = append(all, letters)
			}
			all = append(all, digits)
		} else if !common.has(w) {
			all = append(all, w)
		}
	}
	return all
}
