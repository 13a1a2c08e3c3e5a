package main

import "testing"

// TestMutantsFit holds the list of mutants to the code: each of them changes what is there.
func TestMutantsFit(t *testing.T) {
	list, err := parseMutants(mutantsText)
	if err != nil {
		t.Fatal(err)
	}
	if len(list) < 30 {
		t.Errorf("there are only %d mutants", len(list))
	}
	for _, m := range list {
		files, err := m.apply("../../..")
		if err != nil {
			t.Error(err)
		}
		if len(files) == 0 {
			t.Errorf("mutant %q changes nothing", m.name)
		}
	}
}
