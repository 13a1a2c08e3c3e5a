package simulate

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"cognito-enroll/flow"
)

// Transcript is a traced run in the form of flow/testdata, without what flow says to it: flow's own test
// fills that in when it is told to rewrite. The times, Sessions and the first key are those that the
// other transcripts have.
func Transcript(r Result) string {
	w := writer{sessions: map[flow.Secret]string{}}
	fmt.Fprintf(&w.text, "# Found by the simulator, with the plan\n# %s\n", r.Plan)
	if len(r.Lies) > 0 {
		fmt.Fprintf(&w.text, "# It was a lie (%s): %s\n", r.Lies[0].Kind, r.Lies[0].Text)
	}
	if len(r.Steps) > 0 {
		w.shift = r.Steps[0].At.Sub(start).Truncate(flow.Period)
		w.at = start.Add(w.shift)
	}
	for _, s := range r.Steps {
		w.step(s)
	}
	return w.text.String()
}

// flowKey is the key of which flow's transcripts can name the codes.
const flowKey = "C7VTYKPRT6IK3VVYPQU3O2K56Q3H7LAN7PXIBSOOGE4WPLOCOVXQ"

type writer struct {
	text     strings.Builder
	shift    time.Duration // of the run's time against the transcript's
	at       time.Time
	sessions map[flow.Secret]string
	first    string // the key for which flowKey stands
}

func (w *writer) line(words ...string) {
	words = slices.DeleteFunc(words, func(s string) bool { return s == "" })
	fmt.Fprintf(&w.text, "%s\n----\n\n", strings.Join(words, " "))
}

// pair is KEY=VALUE, or nothing for an empty value.
func pair(key, value string) string {
	value = strings.NewReplacer("(", "[", ")", "]", "\n", `\n`).Replace(value)
	switch {
	case value == "":
		return ""
	case strings.ContainsAny(value, " ,=\"{["):
		return key + "=(" + value + ")"
	}
	return key + "=" + value
}

func when(is bool, word string) string {
	if is {
		return word
	}
	return ""
}

func (w *writer) session(s flow.Secret) string {
	if s.Empty() {
		return ""
	}
	if w.sessions[s] == "" {
		w.sessions[s] = fmt.Sprintf("S%d", len(w.sessions)+1)
	}
	return w.sessions[s]
}

func (w *writer) key(key string) string {
	if w.first == "" {
		w.first = key
	}
	if key == w.first {
		return flowKey
	}
	return key
}

func (w *writer) step(s Step) {
	if d := s.At.Sub(w.at).Round(time.Second); d != 0 {
		w.line("wait", d.String())
		w.at = w.at.Add(d)
	}
	switch e := s.Event.(type) {
	case nil:
		w.begin(*s.Start)
	case flow.Answer:
		words := []string{"answer"}
		for _, key := range slices.Sorted(maps.Keys(e.Values)) {
			value := e.Values[key].Reveal()
			switch {
			case key == "code" && s.Code != nil:
				value = w.code(*s.Code)
			case key == "token":
				value = w.token(value)
			}
			words = append(words, pair(key, value))
		}
		w.line(words...)
	case flow.Back:
		w.line("back")
	case flow.TestSignIn:
		w.line("prove")
	case flow.Failed:
		w.line("fail", e.Err.Fault.String(), pair("code", string(e.Err.Code)), pair("field", e.Err.Field),
			"done="+e.Done.String(),
			pair("msg", e.Err.Msg), pair("hint", e.Err.Hint), pair("remedy", string(e.Err.Remedy.Name)), skew(e.Skew))
	case flow.Reply:
		w.reply(e)
	}
}

func skew(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return "skew=" + d.String()
}

func (w *writer) begin(o flow.Options) {
	words := []string{"start"}
	if o.AskPool {
		words = append(words, "connect", "target=(us-east-1_AbC,app,a file)")
	}
	if p := o.Resume; p != nil {
		words = append(words, "resume", pair("username", p.Username), pair("device", p.Device),
			pair("session", w.session(p.Grant.Session)),
			when(!p.Grant.AccessToken.Empty(), "token=(the access token)"), when(p.Facts.New == flow.MaybeTaken, "uncertain"),
			when(p.Facts.Old == flow.MaybeDropped, "replacing"))
	}
	w.line(append(words, pair("flow", string(o.AuthFlow)), pair("preferred", o.Preferred), when(o.TestSignIn, "prove"),
		when(o.Show, "show"))...)
}

// code is @ with the distance from now for the first key, and for others the code of the same moment.
func (w *writer) code(c typed) string {
	if c.key == w.first {
		if d := c.at.Add(-w.shift).Sub(w.at.Add(-w.shift)).Round(time.Second); d != 0 {
			return "@" + d.String()
		}
		return "@"
	}
	return codeAt(c.key, c.at.Add(-w.shift))
}

// token is the claims of an access token, for the pool of the transcripts.
func (w *writer) token(text string) string {
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return text
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	var claims map[string]any
	if err != nil || json.Unmarshal(payload, &claims) != nil {
		return text
	}
	kept := map[string]any{"iss": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_AbC"}
	for _, name := range []string{"token_use", "scope", "username", "client_id"} {
		kept[name] = claims[name]
	}
	if exp, ok := claims["exp"].(float64); ok {
		kept["exp"] = exp - w.shift.Seconds()
	}
	out, err := json.Marshal(kept)
	if err != nil {
		return text
	}
	return string(out)
}

func (w *writer) reply(e flow.Reply) {
	words := []string{"reply"}
	switch r := e.Result.(type) {
	case flow.Challenge:
		words = append(words, "challenge", r.Name, pair("session", w.session(r.Session)))
		for _, key := range slices.Sorted(maps.Keys(r.Params)) {
			words = append(words, listing(key, r.Params[key]))
		}
		if len(r.Available) > 0 {
			words = append(words, "available=("+strings.Join(r.Available, ",")+")")
		}
	case flow.Tokens:
		words = append(words, "tokens")
	case flow.Associated:
		words = append(words, "associated", "key="+w.key(r.Key.Reveal()), pair("session", w.session(r.Session)))
	case flow.Verified:
		words = append(words, "verified", pair("session", w.session(r.Session)))
	case flow.Accepted:
		words = append(words, "accepted")
	case flow.Delivered:
		words = append(words, "delivered", pair("medium", r.Medium), pair("to", r.Destination))
	case flow.Profile:
		words = append(words, "profile", when(len(r.Factors) > 0, "factors=("+strings.Join(r.Factors, ",")+")"),
			pair("preferred", r.Preferred))
	case flow.Connected:
		words = append(words, "connected", "pool=us-east-1_AbC", pair("issuer", r.Issuer))
	}
	w.line(append(words, skew(e.Skew))...)
}

// listing is a parameter of a challenge, whose lists are JSON and have to stay so.
func listing(key, value string) string {
	if value == "" {
		return ""
	}
	return key + "=(" + strings.NewReplacer("(", "", ")", "").Replace(value) + ")"
}
