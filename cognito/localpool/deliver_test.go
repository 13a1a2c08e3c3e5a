package localpool

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMasked(t *testing.T) {
	for _, tt := range []struct{ attribute, address, want string }{
		{"email", "alice@example.com", "a***@e***"},
		{"email", "élodie@éxample.com", "é***@é***"},
		{"email", "nonsense", "n***@***"},
		{"phone_number", "+15550101234", "+*******1234"},
		{"phone_number", "+1234", "+1234"},
		{"phone_number", "12", "+12"},
	} {
		if got := (contact{attribute: tt.attribute, address: tt.address}).masked(); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.address, got, tt.want)
		}
	}
}

func TestDeliver(t *testing.T) {
	invite := adminCreateUserInput{UserPoolId: "us-east-1_Demo12345", Username: "alice",
		TemporaryPassword: "Temp-Horse-9!",
		UserAttributes:    []attribute{{"email", "alice@example.com"}}}
	var got []Message
	for _, deliver := range []func(Message){nil, func(m Message) { got = append(got, m) }} {
		r := newRig(t, Options{Deliver: deliver})
		r.seed(t, PoolSeed{ID: "us-east-1_Demo12345", Name: "p"})
		if _, err := r.adminCreateUser(invite); err != nil {
			t.Fatal(err)
		}
	}
	if d := cmp.Diff([]Message{{"alice", "EMAIL", "alice@example.com", "Temp-Horse-9!"}}, got); d != "" {
		t.Errorf("messages (-want +got):\n%s", d)
	}
}
