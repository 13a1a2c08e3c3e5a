package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"

	"cognito-enroll/ui/qrcode"
)

// memory is what is kept from one run to the next: how the person likes the QR code, and no more. It
// is a convenience, so nobody hears of a file that cannot be read or written.
type memory struct {
	QR     qrcode.Style `json:"qr"`
	Invert bool         `json:"invert"`
}

// memoryFile is in the folder that the system has for settings; "" if it has none.
func memoryFile() string {
	dir, err := os.UserConfigDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "cognito-enroll", "qr.json")
}

func recall(file string) memory {
	m := memory{QR: qrcode.Auto}
	text, err := os.ReadFile(file)
	if err != nil {
		return m
	}
	var found memory
	if json.Unmarshal(text, &found) != nil || !slices.Contains(styles, found.QR) {
		return m
	}
	return found
}

func (m memory) save(file string) {
	text, err := json.Marshal(m)
	if err != nil || file == "" || os.MkdirAll(filepath.Dir(file), 0o700) != nil {
		return
	}
	os.WriteFile(file, append(text, '\n'), 0o600)
}
