package wizard

import "testing"

// BenchmarkView is one frame of the screen with the QR code.
func BenchmarkView(b *testing.B) {
	m := toScan(&script{}, 80, 24)
	b.ReportAllocs()
	for b.Loop() {
		m.View()
	}
}
