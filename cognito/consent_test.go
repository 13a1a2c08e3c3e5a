package cognito_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"cognito-enroll/cognito"
	"cognito-enroll/flow"
)

const typedPassword = "Correct-Horse-9!"

// refuser is a server that allows nothing that would not send it the password, in one of several ways, and keeps
// what it gets.
type refuser struct {
	way  string
	seen strings.Builder
}

func (r *refuser) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, _ := io.ReadAll(request.Body)
	r.seen.Write(body)
	var in struct{ AuthFlow, ChallengeName string }
	json.Unmarshal(body, &in)
	exception := func(status int, code, message string) {
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"__type":%q,"message":%q}`, code, message)
	}
	challenge := func(name, available string) {
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		fmt.Fprintf(w, `{"ChallengeName":%q,"Session":"a-session-of-twenty-characters","AvailableChallenges":[%s],"ChallengeParameters":{}}`, name, available)
	}
	refuses := func() { exception(400, "InvalidParameterException", in.AuthFlow+" is not enabled for the client.") }
	switch {
	case in.AuthFlow == "USER_SRP_AUTH" && !strings.HasPrefix(r.way, "at once"):
		refuses()
	case r.way == "all refused", in.AuthFlow == "USER_PASSWORD_AUTH":
		refuses()
	case r.way == "plan":
		exception(400, "FeatureUnavailableInTierException", "USER_AUTH is not in this tier.")
	case r.way == "unknown":
		exception(400, "NotImplementedException", "no USER_AUTH here")
	case strings.HasSuffix(r.way, "SELECT_CHALLENGE"):
		challenge("SELECT_CHALLENGE", `"PASSWORD"`)
	default:
		challenge(r.way[strings.LastIndexByte(r.way, ' ')+1:], "")
	}
}

// TestPasswordStays: whatever a server that refuses SRP says, it does not get the password before the person has
// agreed. With a no nothing more is sent.
func TestPasswordStays(t *testing.T) {
	for _, way := range []string{
		"all refused", "plan", "unknown", "asks PASSWORD", "asks SELECT_CHALLENGE", "asks ADMIN_NO_SRP_AUTH",
		"at once PASSWORD", "at once SELECT_CHALLENGE", "at once ADMIN_NO_SRP_AUTH",
	} {
		for _, choice := range []string{"no", "yes"} {
			t.Run(way+", "+choice, func(t *testing.T) {
				r := &refuser{way: way}
				web := httptest.NewServer(r)
				defer web.Close()
				client, err := cognito.New(cognito.Config{PoolID: "us-east-1_AbCdEf123", ClientID: "4example", Endpoint: web.URL})
				if err != nil {
					t.Fatal(err)
				}
				s := flow.Start(flow.Options{Issuer: "Acme", Pool: "us-east-1_AbCdEf123", To: client.Destination()})
				s = sayUntil(t, client, s, "send-password")
				if strings.Contains(r.seen.String(), typedPassword) {
					t.Fatalf("the password was sent unasked:\n%s", &r.seen)
				}
				a := s.Ask()
				if a.Fields[0].Options[0].Value != "no" || strings.Contains(a.Body, "TLS") ||
					!strings.Contains(a.Body, strings.TrimPrefix(web.URL, "http://")) {
					t.Errorf("no is not the default, TLS is promised or the host is missing: %+v", a)
				}
				before := r.seen.Len()
				s = say(t, client, s, map[string]string{"choice": choice})
				switch sent := strings.Contains(r.seen.String(), typedPassword); {
				case sent != (choice == "yes"):
					t.Errorf("after %q, sent is %v", choice, sent)
				case choice == "no" && (r.seen.Len() != before || s.Ask().Problem == nil ||
					s.Ask().Problem.Fault != flow.Elsewhere):
					t.Errorf("after no: %d bytes were sent, and the problem is %v", r.seen.Len()-before, s.Ask().Problem)
				}
			})
		}
	}
}

// sayUntil answers the questions before the one that is named.
func sayUntil(t *testing.T, c *cognito.Client, s flow.State, id string) flow.State {
	for range 5 {
		if s.Ask().ID == id {
			return s
		}
		s = say(t, c, s, map[string]string{"username": "alice", "password": typedPassword, "challenge": "PASSWORD"})
	}
	t.Fatalf("%q was not asked, but %+v", id, s.Ask())
	return s
}

// say answers one question, and makes the calls that follow.
func say(t *testing.T, c *cognito.Client, s flow.State, values map[string]string) flow.State {
	answer := flow.Answer{Values: map[string]flow.Secret{}, At: time.Now()}
	for key, value := range values {
		answer.Values[key] = flow.NewSecret(value)
	}
	var event flow.Event = answer
	for event != nil {
		next, call, err := flow.Next(s, event)
		if err != nil {
			t.Fatal(err)
		}
		s, event = next, nil
		if call != nil {
			event = c.Do(t.Context(), call)
		}
	}
	return s
}
