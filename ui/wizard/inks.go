package wizard

import (
	"fmt"
	"image/color"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"cognito-enroll/ui/qrcode"
)

// inks are what the terminal says of the QR code's two colors among its 256; nil where it says nothing.
type inks struct{ black, white color.Color }

// askInks asks for them (OSC 4, xterm's "Change Color Number").
var askInks = fmt.Sprintf("\x1b]4;%d;?\x1b\\\x1b]4;%d;?\x1b\\", qrcode.Black256, qrcode.White256)

// answered takes an operating system command that the terminal sent.
func (i inks) answered(command string) inks {
	text, ok := strings.CutPrefix(strings.TrimRight(command, "\a\x1b\\"), "\x1b]4;")
	number, value, cut := strings.Cut(text, ";")
	c := ansi.XParseColor(value)
	if !ok || !cut || c == nil {
		return i
	}
	switch number {
	case strconv.Itoa(qrcode.Black256):
		i.black = c
	case strconv.Itoa(qrcode.White256):
		i.white = c
	}
	return i
}

// faded reports whether a scanner may not tell the two apart: it wants the dark one to be half as bright at most.
func (i inks) faded() bool {
	if i.black == nil || i.white == nil {
		return false
	}
	brightness := func(c color.Color) uint8 { return color.GrayModel.Convert(c).(color.Gray).Y }
	return int(brightness(i.black))*2 > int(brightness(i.white))
}
