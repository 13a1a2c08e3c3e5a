package config

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"
)

// byteOrderMark is that of UTF-8.
var byteOrderMark = []byte("\xef\xbb\xbf")

// decode returns the text of a file: without a byte order mark, UTF-16 as UTF-8, each line ended by "\n". It returns
// false for what is no text.
func decode(raw []byte) (string, bool) {
	raw = bytes.TrimPrefix(raw, byteOrderMark)
	var text string
	switch order := byteOrder(raw); {
	case order != nil:
		units := make([]uint16, len(raw)/2)
		for i := range units {
			units[i] = order.Uint16(raw[2*i:])
		}
		text = strings.TrimPrefix(string(utf16.Decode(units)), "\ufeff")
	default:
		text = string(raw)
	}
	if strings.ContainsRune(text, 0) {
		return "", false
	}
	if strings.Contains(text, "\r") {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	}
	return text, true
}

// byteOrder returns that of UTF-16, which a mark tells or, in plain ASCII, every second byte; nil for all else.
func byteOrder(raw []byte) binary.ByteOrder {
	switch {
	case len(raw) < 2:
	case raw[0] == 0xff && raw[1] == 0xfe, raw[0] != 0 && raw[1] == 0:
		return binary.LittleEndian
	case raw[0] == 0xfe && raw[1] == 0xff, raw[0] == 0 && raw[1] != 0:
		return binary.BigEndian
	}
	return nil
}
