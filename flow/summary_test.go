package flow

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSummaryRows(t *testing.T) {
	for _, tt := range []struct {
		summary Summary
		want    [][2]string
	}{
		{Summary{User: "alice", Pool: "p_1"}, [][2]string{
			{"User", "alice"}, {"User pool", "p_1"}, {"Active factors", "none"}, {"Preferred", "none set"},
		}},
		{Summary{User: "alice", Pool: "p_1", Device: "Pixel", Factors: []string{"SOFTWARE_TOKEN_MFA"}}, [][2]string{
			{"User", "alice"}, {"User pool", "p_1"}, {"Device name", "Pixel"},
			{"Active factors", "authenticator app"}, {"Preferred", "none set; there is only one"},
		}},
		{Summary{User: "alice", Pool: "p_1", Factors: []string{"SMS_MFA", "EMAIL_OTP", "CARRIER_PIGEON"},
			Preferred: "SMS_MFA"}, [][2]string{
			{"User", "alice"}, {"User pool", "p_1"},
			{"Active factors", "text message, email, CARRIER_PIGEON"}, {"Preferred", "text message"},
		}},
	} {
		if diff := cmp.Diff(tt.want, tt.summary.Rows()); diff != "" {
			t.Errorf("the rows of %+v:\n%s", tt.summary, diff)
		}
	}
}
