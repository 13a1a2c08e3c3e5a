package qrcode

import (
	"bytes"
	"image/png"
	"testing"
)

func TestPNG(t *testing.T) {
	for name, text := range uris {
		file, err := PNG(text)
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := decode(img); err != nil || got != text {
			t.Errorf("%s: scanned %q, %v", name, got, err)
		}
	}
}
