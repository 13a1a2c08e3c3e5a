// Package qrcode draws a URI as a QR code of terminal cells that a phone can scan. It is pure:
// text in, text out.
package qrcode

import (
	"errors"

	"rsc.io/qr/coding"
)

// symbol is an encoded QR code.
type symbol struct{ *coding.Code }

// encode makes the smallest QR code of text, at error correction level L: a screen has no dirt on
// it. A key in base32 takes fewer bits as an alphanumeric segment than as bytes, often enough to
// save a size, so both ways are tried.
func encode(text string) (symbol, error) {
	whole := []coding.Encoding{coding.String(text)}
	for v := coding.Version(coding.MinVersion); v <= coding.MaxVersion; v++ {
		for _, parts := range [][]coding.Encoding{whole, segments(text)} {
			if !fits(parts, v) {
				continue
			}
			plan, err := coding.NewPlan(v, coding.L, 0)
			if err != nil {
				return symbol{}, err
			}
			code, err := plan.Encode(parts...)
			return symbol{code}, err
		}
	}
	return symbol{}, errors.New("the text is too long for a QR code")
}

func fits(parts []coding.Encoding, v coding.Version) bool {
	bits := 0
	for _, p := range parts {
		bits += p.Bits(v)
	}
	return bits <= v.DataBytes(coding.L)*8
}

// segments takes the longest run of alphanumeric characters, in a key URI the key, out of the bytes.
func segments(text string) []coding.Encoding {
	from, to := 0, 0
	for i := 0; i < len(text); {
		j := i
		for j < len(text) && coding.Alpha(text[j:j+1]).Check() == nil {
			j++
		}
		if j-i > to-from {
			from, to = i, j
		}
		i = j + 1
	}
	var parts []coding.Encoding
	if from > 0 {
		parts = append(parts, coding.String(text[:from]))
	}
	if to > from {
		parts = append(parts, coding.Alpha(text[from:to]))
	}
	if to < len(text) {
		parts = append(parts, coding.String(text[to:]))
	}
	return parts
}
