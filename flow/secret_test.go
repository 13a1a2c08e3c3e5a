package flow

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestSecretIsNeverPrinted(t *testing.T) {
	s := NewSecret("hunter2")
	type holder struct {
		Exported Secret
		hidden   Secret
		list     []Secret
		table    map[string]Secret
		pointer  *Secret
	}
	h := holder{s, s, []Secret{s}, map[string]Secret{"k": s}, &s}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T", "%10s"} {
		for _, v := range []any{s, &s, h, &h, []any{s}} {
			if out := fmt.Sprintf(verb, v); strings.Contains(out, "hunter2") ||
				strings.Contains(out, fmt.Sprintf("%x", "hunter2")) {
				t.Errorf("%s of %T prints %s", verb, v, out)
			}
		}
	}
	out, err := json.Marshal(map[string]any{"s": s, "m": map[Secret]int{s: 1}})
	if err != nil || strings.Contains(string(out), "hunter2") {
		t.Errorf("JSON: %s, %v", out, err)
	}
	if got := s.Reveal(); got != "hunter2" {
		t.Errorf("Reveal gives %q", got)
	}
}

func TestSecretCompares(t *testing.T) {
	if NewSecret("a") != NewSecret(strings.Clone("a")) || NewSecret("a") == NewSecret("b") || NewSecret("") != (Secret{}) {
		t.Error("secrets are not compared by their text")
	}
	if !NewSecret("").Empty() || NewSecret("").Reveal() != "" || NewSecret(" ").Empty() {
		t.Error("Empty is wrong")
	}
}
