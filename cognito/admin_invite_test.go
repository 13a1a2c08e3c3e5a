package cognito

import (
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"cognito-enroll/flow"
)

func TestNewPassword(t *testing.T) {
	seen := map[string]bool{}
	for range 200 {
		secret, err := NewPassword(rand.Reader, 16)
		if err != nil {
			t.Fatal(err)
		}
		text := secret.Reveal()
		for _, kind := range []string{"abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789", "-+.="} {
			if !strings.ContainsAny(text, kind) {
				t.Errorf("%q has none of %q", text, kind)
			}
		}
		if len(text) != 16 || strings.ContainsAny(text, "lIO01o") || seen[text] {
			t.Errorf("%q", text)
		}
		seen[text] = true
	}
	if _, err := NewPassword(strings.NewReader(""), 16); err == nil {
		t.Error("a password without randomness")
	}
}

// What is sent to create users, and that a password is nowhere but there.
func TestCreateOnTheWire(t *testing.T) {
	for name, test := range map[string]struct {
		user NewUser
		want string
	}{
		"email": {NewUser{Username: "amy", Email: "amy@example.com"}, `{"DesiredDeliveryMediums":["EMAIL"],` +
			`"UserAttributes":[{"Name":"email","Value":"amy@example.com"}],"UserPoolId":"us-east-1_AbCdEf123","Username":"amy"}`},
		"shown": {NewUser{Username: "amy", Phone: "+15555550123", Password: theNewPassword}, `{"MessageAction":"SUPPRESS",` +
			`"TemporaryPassword":"the-New-Password-2","UserAttributes":[{"Name":"phone_number","Value":"+15555550123"}],` +
			`"UserPoolId":"us-east-1_AbCdEf123","Username":"amy"}`},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAdmin(t, func(r *http.Request) (*http.Response, error) {
				body, _ := io.ReadAll(r.Body)
				var object any
				if err := json.Unmarshal(body, &object); err != nil {
					t.Fatal(err)
				}
				if got, _ := json.Marshal(object); string(got) != test.want {
					t.Errorf("%s was sent", got)
				}
				return respondWith(http.StatusBadRequest, http.Header{"Content-Type": {"application/x-amz-json-1.1"},
					"X-Amzn-Errortype": {"InvalidPasswordException:"}}, `{"message":"Not the-New-Password-2"}`), nil
			})
			_, o := a.Create(t.Context(), test.user)
			if o.Err == nil || strings.Contains(o.Err.Msg+o.Err.Hint, "the-New-Password-2") && !test.user.Password.Empty() {
				t.Errorf("%+v", o.Err)
			}
		})
	}
}

func TestFaultsOfInvitations(t *testing.T) {
	for exception, want := range map[string]struct {
		code flow.ErrorCode
		done flow.Known
	}{
		"UsernameExists":       {userExists, flow.Unknown}, // perhaps by this request, which was delivered twice
		"AliasExists":          {aliasTaken, flow.No},
		"UnsupportedUserState": {WrongStatus, flow.No},
		"CodeDeliveryFailure":  {codeNotSent, flow.Unknown}, // the user may be there
	} {
		a := newAdmin(t, func(*http.Request) (*http.Response, error) {
			return respondWith(http.StatusBadRequest, http.Header{"Content-Type": {"application/x-amz-json-1.1"},
				"X-Amzn-Errortype": {exception + "Exception:"}}, `{"message":"x"}`), nil
		})
		if _, o := a.Resend(t.Context(), "amy"); o.Err == nil || o.Err.Code != want.code || o.Done != want.done {
			t.Errorf("%s: %+v, %+v", exception, o, o.Err)
		}
	}
}
