package cognito

import (
	"net/http"
	"testing"
	"time"

	"cognito-enroll/flow"
)

func TestSkew(t *testing.T) {
	const json = "application/x-amz-json-1.1"
	for _, tc := range []struct {
		name        string
		date        string // the answer's; our clock says 04:05:06 on average
		status      int
		contentType string
		want        time.Duration
	}{
		{"right", "Tue, 03 Feb 2026 04:05:06 GMT", 200, json, 0},
		{"ahead", "Tue, 03 Feb 2026 04:04:36 GMT", 200, json, 30 * time.Second},
		{"behind", "Tue, 03 Feb 2026 05:05:06 GMT", 200, json, -time.Hour},
		{"a refusal", "Tue, 03 Feb 2026 04:04:36 GMT", 400, json, 30 * time.Second},
		{"an internal error", "Tue, 03 Feb 2026 04:04:36 GMT", 500, json, 30 * time.Second},
		{"no Date", "", 200, json, 0},
		{"no date", "yesterday", 200, json, 0},
		{"a captive portal", "Tue, 03 Feb 2026 04:04:36 GMT", 200, "text/html", 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c, now := clocked(t, func(*http.Request) (*http.Response, error) {
				header := http.Header{"Content-Type": {tc.contentType}}
				if tc.date != "" {
					header.Set("Date", tc.date)
				}
				return respondWith(tc.status, header, `{"ChallengeName": "MFA_SETUP"}`), nil
			})
			*now = time.Date(2026, time.February, 3, 4, 5, 5, 500e6, time.UTC)
			var got time.Duration
			switch e := c.Do(t.Context(), calls["SignIn"]).(type) {
			case flow.Reply:
				got = e.Skew
			case flow.Failed:
				got = e.Skew
			}
			if got != tc.want {
				t.Errorf("the skew is %v, want %v", got, tc.want)
			}
		})
	}
}

// clocked returns a Client whose requests take 1.8 seconds by its clock.
func clocked(t *testing.T, answer transport) (*Client, *time.Time) {
	t.Helper()
	now := new(time.Time)
	c, err := New(Config{
		PoolID: "us-east-1_AbCdEf123", ClientID: "3n4b5urk1ft4fl3mg5e62d9ado",
		Now: func() time.Time { return *now },
		Transport: transport(func(r *http.Request) (*http.Response, error) {
			res, err := answer(r)
			*now = now.Add(1800 * time.Millisecond)
			return res, err
		}),
	})
	if err != nil {
		t.Fatal(err)
	}
	return c, now
}

// TestSkewAfterLoss: nothing is known when no answer comes.
func TestSkewAfterLoss(t *testing.T) {
	c := newClient(t, func(*http.Request) (*http.Response, error) { return nil, networkFailures["reset"] })
	if e := c.Do(t.Context(), calls["Status"]).(flow.Failed); e.Skew != 0 {
		t.Errorf("the skew is %v", e.Skew)
	}
}
