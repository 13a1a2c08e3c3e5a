package wizard

import (
	"cognito-enroll/flow"
	"cognito-enroll/ui/qrcode"
)

// picture remembers the QR code that was drawn last. A frame is drawn each second and after each key, and to draw
// the code is most of that. The copies of a Model share it.
type picture struct {
	of    subject
	entry flow.Entry
	drawn qrcode.Picture
	err   error

	fitting []qrcode.Style // see there
	fitted  bool           // that was looked for
}

// subject is all that a picture depends on: the shorter URIs are made of the longest.
type subject struct {
	uri   flow.Secret
	room  qrcode.Room
	asked bool // no other style will do
}

// draw draws the longest entry that fits, in the style that was asked for, or else in the one that is liked best and
// then in any.
func (f frame) draw() (flow.Entry, qrcode.Picture, error) {
	of := subject{f.ask.Enroll.URI, f.room(), f.display.asked}
	if p := f.picture; of != p.of {
		*p = picture{of: of}
		p.entry, p.drawn, p.err = f.drawAnew()
	}
	return f.picture.entry, f.picture.drawn, f.picture.err
}

// fitting are the styles that draw at least the shortest entry. To find them is to draw each.
func (f frame) fitting() []qrcode.Style {
	f.draw()
	if p := f.picture; !p.fitted {
		entries := f.entries()
		p.fitting, p.fitted = qrcode.Fitting(entries[len(entries)-1].URI.Reveal(), f.room()), true
	}
	return f.picture.fitting
}

// forget drops the key with its picture.
func (p *picture) forget() { *p = picture{} }
