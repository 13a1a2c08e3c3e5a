package ui

import "testing"

func TestSpell(t *testing.T) {
	for _, r := range "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" {
		if nato[r] == "" {
			t.Errorf("%c has no word", r)
		}
	}
	if got, want := Spell("AB2CZ")[1], " 2 Z    Zulu"; got != want {
		t.Errorf("the second group is %q, want %q", got, want)
	}
}

func TestSentence(t *testing.T) {
	for text, want := range map[string]string{
		"":                         "",
		"the code is wrong":        "The code is wrong.",
		"is it?":                   "Is it?",
		"TOTP is off in the pool.": "TOTP is off in the pool.",
		"a code works once":        "A code works once.",
	} {
		if got := Sentence(text); got != want {
			t.Errorf("Sentence(%q) is %q, want %q", text, got, want)
		}
	}
}
