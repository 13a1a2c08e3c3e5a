package qrcode

import "rsc.io/qr"

// PNG returns the QR code of text as an image, with the quiet zone of the standard and 8 pixels a module.
func PNG(text string) ([]byte, error) {
	code, err := encode(text)
	if err != nil {
		return nil, err
	}
	image := qr.Code{Bitmap: code.Bitmap, Size: code.Size, Stride: code.Stride, Scale: 8}
	return image.PNG(), nil
}
