package cognito

import (
	"context"
	"net/http"
	"strings"
	"time"
)

// skewKey leads to the *time.Duration in which a Do wants to know how far our clock is ahead.
type skewKey struct{}

// timed compares our clock with the Date of each answer, in whole seconds, as Date has no others.
// What is not JSON does not come from Cognito, and its Date is not looked at.
type timed struct {
	http.RoundTripper
	now func() time.Time
}

func (t timed) RoundTrip(r *http.Request) (*http.Response, error) {
	sent := t.now()
	res, err := t.RoundTripper.RoundTrip(r)
	if err != nil || !strings.Contains(res.Header.Get("Content-Type"), "json") {
		return res, err
	}
	if date, err := http.ParseTime(res.Header.Get("Date")); err == nil {
		note(r.Context(), sent.Add(t.now().Sub(sent)/2).Truncate(time.Second).Sub(date))
	}
	return res, nil
}

func note(ctx context.Context, skew time.Duration) {
	if to, ok := ctx.Value(skewKey{}).(*time.Duration); ok {
		*to = skew
	}
}
