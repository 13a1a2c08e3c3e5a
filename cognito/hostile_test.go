package cognito

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"cognito-enroll/flow"
)

// TestNoSecretInErrors: a server that repeats everything it was sent gets none of it shown.
func TestNoSecretInErrors(t *testing.T) {
	exceptions := []string{"FancyNewException"}
	for _, f := range faults {
		for _, when := range strings.Fields(f.when) {
			exceptions = append(exceptions, when+"Exception")
		}
	}
	slices.Sort(exceptions)
	var answers []func(sent string) *http.Response
	for _, exception := range slices.Compact(exceptions) {
		for _, text := range []string{"%s", "PreAuthentication failed with error: %s.",
			"software token mfa at 'usercode' %s"} {
			answers = append(answers, func(sent string) *http.Response {
				header := http.Header{"Content-Type": {"application/x-amz-json-1.1"}, "X-Amzn-Errortype": {exception},
					"X-Amzn-Requestid": {sent}}
				return respondWith(http.StatusBadRequest, header, fmt.Sprintf(`{"message": %q}`, fmt.Sprintf(text, sent)))
			})
		}
	}
	for _, status := range []int{200, 302, 400, 403} {
		for _, contentType := range []string{"text/html", "application/json"} {
			for _, body := range []string{"%s", `{"Session": "%s`, `{"Session": ["%s"]}`, `{"__type": "%s"}`, `{"Status": "%s"}`,
				`{"ChallengeName": "PASSWORD_VERIFIER", "ChallengeParameters": {"USER_ID_FOR_SRP": "u", "SALT": "%s"}}`} {
				answers = append(answers, func(sent string) *http.Response {
					return respondWith(status, http.Header{"Content-Type": {contentType}, "Location": {sent}}, fmt.Sprintf(body, sent))
				})
			}
		}
	}
	for name, call := range calls {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { // its clock does not wait for the SDK to try again
				for i, answer := range answers {
					failed, ok := newClient(t, func(r *http.Request) (*http.Response, error) {
						return answer(strings.Join(values(read(t, r).body), " ")), nil
					}).Do(t.Context(), call).(flow.Failed)
					if !ok {
						continue
					}
					shown := fmt.Sprintf("%+v %v", *failed.Err, failed.Err)
					for _, s := range secretsOfCalls {
						if strings.Contains(shown, s.Reveal()) {
							t.Errorf("answer %d: a secret is shown: %.300s", i, shown)
						}
					}
				}
			})
		})
	}
}

// values returns the texts in m.
func values(m map[string]any) []string {
	var all []string
	for _, v := range m {
		switch v := v.(type) {
		case string:
			all = append(all, v)
		case map[string]any:
			all = append(all, values(v)...)
		}
	}
	return all
}

// FuzzDo: whatever comes back, it is a Reply or a Failed with words, and no panic.
func FuzzDo(f *testing.F) {
	names := make([]string, 0, len(calls))
	for name := range calls {
		names = append(names, name)
	}
	slices.Sort(names)
	for i := range names {
		f.Add(i, 200, "application/x-amz-json-1.1", "",
			`{"ChallengeName":"PASSWORD_VERIFIER","ChallengeParameters":{"USER_ID_FOR_SRP":"u","SALT":"0f","SRP_B":"5","SECRET_BLOCK":"AAAA"},"Status":"SUCCESS","SecretCode":"K","Username":"u"}`)
		f.Add(i, 400, "application/x-amz-json-1.1", "NotAuthorizedException:",
			`{"__type":"NotAuthorizedException","message":"Invalid session for the user."}`)
		f.Add(i, 200, "text/html", "", "<html>")
		f.Add(i, 500, "", "x#y:z", `{"code":5}`)
		f.Add(i, 200, "application/json", "",
			`{"AuthenticationResult":{"AccessToken":"","ExpiresIn":-2147483648},"ChallengeParameters":null}`)
	}
	f.Fuzz(func(t *testing.T, call, status int, contentType, errorType, body string) {
		name := names[uint(call)%uint(len(names))]
		synctest.Test(t, func(t *testing.T) { // its clock does not wait for the SDK to try again
			c := newClient(t, func(*http.Request) (*http.Response, error) {
				return respondWith(100+int(uint(status)%900), http.Header{"Content-Type": {contentType},
					"X-Amzn-Errortype": {errorType}}, body), nil
			})
			switch e := c.Do(t.Context(), calls[name]).(type) {
			case flow.Reply:
				if e.Result == nil {
					t.Error("a Reply without a Result")
				}
			case flow.Failed:
				if e.Err.Code == "" || e.Err.Msg == "" || (e.Err.Hint == "") == (e.Err.Remedy.Name == "") ||
					strings.ContainsAny(e.Err.Msg, "{}") && !strings.ContainsAny(body+errorType, "{}") {
					t.Errorf("the failure has no words: %+v", *e.Err)
				}
			default:
				t.Errorf("the event is a %T", e)
			}
		})
	})
}
