package theme

import (
	"fmt"
	"image/color"
	"math"
	"testing"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
)

// luminance is the relative one of WCAG 2.2.
func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	linear := func(v uint32) float64 {
		s := float64(v) / 0xffff
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}

// contrast is the ratio of WCAG 2.2, 1 to 21.
func contrast(a, b color.Color) float64 {
	high, low := luminance(a), luminance(b)
	return (max(high, low) + 0.05) / (min(high, low) + 0.05)
}

func TestContrastItself(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want string
	}{{"#000000", "#ffffff", "21.00"}, {"#777777", "#ffffff", "4.48"}, {"#ff0000", "#ffffff", "4.00"}} {
		if got := fmt.Sprintf("%.2f", contrast(lipgloss.Color(tt.a), lipgloss.Color(tt.b))); got != tt.want {
			t.Errorf("%s on %s: %s, want %s", tt.a, tt.b, got, tt.want)
		}
	}
}

// Every color can be read on the backgrounds that it is for, in true color and in 256 colors.
func TestContrast(t *testing.T) {
	const least = 4.5
	for b, backgrounds := range map[Background]map[string]string{
		Unknown: {"black": "#000000", "white": "#ffffff"},
		Dark: {"black": "#000000", "VS Code": "#1e1e1e", "Solarized": "#002b36", "Dracula": "#282a36", "GitHub": "#0d1117",
			"Ubuntu": "#300a24", "GNOME": "#171421"},
		Light: {"white": "#ffffff", "Solarized": "#fdf6e3", "GitHub": "#f6f8fa", "Gruvbox": "#fbf1c7", "base16": "#f8f8f8"},
	} {
		for name, background := range backgrounds {
			for i, ink := range For(b).Inks() {
				for _, p := range []colorprofile.Profile{colorprofile.TrueColor, colorprofile.ANSI256} {
					shown := p.Convert(ink)
					if c := contrast(shown, lipgloss.Color(background)); c < least {
						t.Errorf("background %d, color %d in %s on %s: %.2f:1, want %.1f:1", b, i, p, name, c, least)
					}
				}
			}
		}
	}
}
