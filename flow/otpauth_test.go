package flow

import (
	"net/url"
	"strings"
	"testing"
)

func TestKeyURI(t *testing.T) {
	for _, tt := range []struct{ issuer, account, want string }{
		{"Acme", "alice", "otpauth://totp/Acme:alice?secret=KEY&issuer=Acme"},
		{"Acme Corp", "alice@example.com", "otpauth://totp/Acme%20Corp:alice%40example.com?secret=KEY&issuer=Acme%20Corp"},
		{"A&B=C+D#E?F/G%H", "a+b", "otpauth://totp/A%26B%3DC%2BD%23E%3FF%2FG%25H:a%2Bb?secret=KEY&issuer=A%26B%3DC%2BD%23E%3FF%2FG%25H"},
		{"Acme: Prod", "team:alice", "otpauth://totp/Acme-%20Prod:team-alice?secret=KEY&issuer=Acme-%20Prod"},
		{"  Acme\t\nCorp ", "al\x1b[2Jice\u202e", "otpauth://totp/Acme%20Corp:al%5B2Jice?secret=KEY&issuer=Acme%20Corp"},
		{"Ünï", "~a-b._", "otpauth://totp/%C3%9Cn%C3%AF:~a-b._?secret=KEY&issuer=%C3%9Cn%C3%AF"},
	} {
		got := KeyURI(tt.issuer, tt.account, NewSecret("KEY")).Reveal()
		if got != tt.want {
			t.Errorf("KeyURI(%q, %q)\n got %s\nwant %s", tt.issuer, tt.account, got, tt.want)
		}
		u, err := url.Parse(got)
		if err != nil {
			t.Fatal(err)
		}
		if want := Label(tt.issuer) + ":" + Label(tt.account); strings.TrimPrefix(u.Path, "/") != want {
			t.Errorf("the label reads back as %q, want %q", u.Path, want)
		}
		if q := u.Query(); q.Get("issuer") != Label(tt.issuer) || q.Get("secret") != "KEY" || len(q) != 2 {
			t.Errorf("the parameters read back as %v", q)
		}
	}
}

func TestShorter(t *testing.T) {
	for _, tt := range []struct {
		account string
		want    []string
	}{
		{"alice", []string{"otpauth://totp/Acme%20Corp:alice?secret=KEY"}},
		{"firstname.lastname@acme.example", []string{
			"otpauth://totp/Acme%20Corp:firstname.lastname%40acme.example?secret=KEY",
			"otpauth://totp/Acme%20Corp:firstname.lastn%E2%80%A6?secret=KEY",
		}},
		{"alice 2026-11-25", []string{"otpauth://totp/Acme%20Corp:alice%202026-11-25?secret=KEY"}},
		{"firstname 2026-11-25", []string{
			"otpauth://totp/Acme%20Corp:firstname%202026-11-25?secret=KEY",
			"otpauth://totp/Acme%20Corp:firs%E2%80%A6%202026-11-25?secret=KEY", // the date is what tells it from the old one
		}},
	} {
		entries := shorter("Acme Corp", tt.account, NewSecret("KEY"))
		for i, e := range entries {
			if i >= len(tt.want) || e.URI.Reveal() != tt.want[i] {
				t.Errorf("%s: entry %d is %s", tt.account, i, e.URI.Reveal())
			}
			u, err := url.Parse(e.URI.Reveal())
			if err != nil || u.Path != "/Acme Corp:"+e.Account {
				t.Errorf("%s: the label of entry %d reads back as %q, %v", tt.account, i, u.Path, err)
			}
		}
		if len(entries) != len(tt.want) {
			t.Errorf("%s: %d entries", tt.account, len(entries))
		}
	}
}
