package admin

import (
	"slices"
	"testing"
	"time"

	"cognito-enroll/cognito"
)

func TestChanges(t *testing.T) {
	at := time.Date(2026, time.February, 3, 4, 5, 6, 0, time.UTC)
	base := cognito.User{Username: "ada", Status: "FORCE_CHANGE_PASSWORD", Enabled: true, Modified: at,
		Factors: []string{cognito.FactorSMS, cognito.FactorEmail}, Preferred: cognito.FactorSMS}
	with := func(change func(*cognito.User)) cognito.User {
		u := base
		u.Modified = at.Add(time.Second)
		change(&u)
		return u
	}
	for text, test := range map[string]struct {
		now  cognito.User
		want []change
	}{
		"": {base, nil},
		"Something else was changed, which cannot be seen from here.": {
			with(func(*cognito.User) {}), []change{changeOther},
		},
		"The user has chosen a new password. The status is CONFIRMED.": {
			with(func(u *cognito.User) { u.Status = "CONFIRMED" }), []change{changePassword},
		},
		"The status is now RESET_REQUIRED.": {
			with(func(u *cognito.User) { u.Status = "RESET_REQUIRED" }), []change{changeStatus},
		},
		"The user is now disabled.": {
			with(func(u *cognito.User) { u.Enabled = false }), []change{changeEnabled},
		},
		"Active factors are now: email, text message (preferred), authenticator app.": {
			with(func(u *cognito.User) {
				u.Factors = []string{cognito.FactorEmail, cognito.FactorSMS, cognito.FactorTOTP}
			}), []change{changeFactors},
		},
		"Preferred is now: email.": {
			with(func(u *cognito.User) { u.Preferred = cognito.FactorEmail }), []change{changePrefer},
		},
		"No factor is preferred now.": {
			with(func(u *cognito.User) { u.Preferred = "" }), []change{changePrefer},
		},
	} {
		got := changes(base, test.now)
		if !slices.Equal(got, test.want) {
			t.Errorf("%q, want %q", got, test.want)
		}
		if len(got) == 1 && got[0].inWords(test.now) != text {
			t.Errorf("%q, want %q", got[0].inWords(test.now), text)
		}
	}
	other := base
	other.Factors = []string{cognito.FactorEmail, cognito.FactorSMS}
	if got := changes(base, other); got != nil {
		t.Errorf("another order is a change: %q", got)
	}
}
