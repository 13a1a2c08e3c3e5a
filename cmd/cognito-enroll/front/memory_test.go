package front

import (
	"os"
	"path/filepath"
	"testing"

	"cognito-enroll/ui/qrcode"
)

func TestMemory(t *testing.T) {
	file := filepath.Join(t.TempDir(), "deep", "qr.json")
	automatic := memory{QR: qrcode.Auto}
	if got := recall(file); got != automatic {
		t.Errorf("without a file: %+v", got)
	}
	want := memory{qrcode.Full, true}
	want.save(file)
	if got := recall(file); got != want {
		t.Errorf("saved %+v, recalled %+v", want, got)
	}
	for _, text := range []string{"", "{", `{"qr":"watercolour"}`, `{"qr":"none"}`, "[]"} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := recall(file); got != automatic {
			t.Errorf("from %q: %+v", text, got)
		}
	}
	want.save("")                            // nowhere to save to
	want.save(filepath.Join(file, "beyond")) // a file is no folder
}

// TestMemoryThroughLink: what a link leads to stays, and so does the link.
func TestMemoryThroughLink(t *testing.T) {
	dir := t.TempDir()
	victim, file := filepath.Join(dir, "victim"), filepath.Join(dir, "qr.json")
	if err := os.WriteFile(victim, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(victim, file); err != nil {
		t.Skip("there are no symbolic links here")
	}
	memory{QR: qrcode.Half}.save(file)
	if text, err := os.ReadFile(victim); err != nil || string(text) != "precious" {
		t.Errorf("it has %q, %v", text, err)
	}
}
