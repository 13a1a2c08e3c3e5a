package front

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"

	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/ui/qrcode"
)

// memory is what is kept from one run to the next: how the person likes the QR code, and no more. It
// is a convenience, so nobody hears of a file that cannot be read or written.
type memory struct {
	QR     qrcode.Style `json:"qr"`
	Invert bool         `json:"invert"`
}

// memoryFile is where t keeps it; "" if nowhere.
func memoryFile(t *terminal.Terminal) string {
	if !t.May.Memory || t.Folders.Settings == "" {
		return ""
	}
	return filepath.Join(t.Folders.Settings, "qr.json")
}

func recall(file string) memory {
	m := memory{QR: qrcode.Auto}
	text, err := os.ReadFile(file)
	if err != nil {
		return m
	}
	var found memory
	if json.Unmarshal(text, &found) != nil || !slices.Contains(styles, found.QR) || found.QR == qrcode.None {
		return m
	}
	return found
}

// save puts a file in the place of the one before. What is there and no file, a link to one included, stays.
func (m memory) save(file string) {
	text, err := json.Marshal(m)
	if err != nil || file == "" || os.MkdirAll(filepath.Dir(file), 0o700) != nil {
		return
	}
	if info, err := os.Lstat(file); err == nil && !info.Mode().IsRegular() {
		return
	}
	next, err := os.CreateTemp(filepath.Dir(file), ".qr-*") // 0600
	if err != nil {
		return
	}
	_, err = next.Write(append(text, '\n'))
	if errors.Join(err, next.Close()) != nil || os.Rename(next.Name(), file) != nil {
		os.Remove(next.Name())
	}
}
