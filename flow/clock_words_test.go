package flow

import (
	"testing"
	"time"
)

// TestInWords: a number has its own word where it is one.
func TestInWords(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 seconds", time.Second: "1 second", -time.Second: "1 second", 40 * time.Second: "40 seconds",
		89 * time.Second: "89 seconds", 90 * time.Second: "2 minutes", 118 * time.Minute: "118 minutes",
		119 * time.Minute: "2 hours",
	} {
		if got := InWords(d); got != want {
			t.Errorf("%s is %q, want %q", d, got, want)
		}
	}
}

// TestCheckCounts: sentences about lengths are whole, also where the length is one.
func TestCheckCounts(t *testing.T) {
	for _, tt := range []struct {
		field       Field
		value, want string
	}{
		{Field{Label: "PIN", Kind: Code, Min: 1, Max: 1}, "12", "the code has 1 digit; this has 2"},
		{Field{Label: "Code", Kind: Code, Min: 4, Max: 10}, "12", "the code has 4 to 10 digits; this has 2"},
		{Field{Label: "Initial", Min: 1, Max: 1}, "ab", `"Initial" can have only 1 character; this has 2`},
		{Field{Label: "New password", Kind: Hidden, Min: 6, Max: 9}, "ab",
			`"New password" needs at least 6 characters; this has 2`},
		{Field{Label: "{n} {has}", Min: 2, Max: 9}, "a", `"{n} {has}" needs at least 2 characters; this has 1`},
	} {
		if _, err := tt.field.Check(tt.value); err == nil || err.Msg != tt.want {
			t.Errorf("%v, want %q", err, tt.want)
		}
	}
}
