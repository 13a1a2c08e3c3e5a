package terminal

import (
	"cmp"
	"io"

	"github.com/charmbracelet/colorprofile"

	"cognito-enroll/ui/theme"
)

// Styled is Text for sentences in colors. They are left out where Out is no terminal, and where Facts says so. The
// values of --color, "on" and "off", win over that; "auto" and "" do not.
func (t *Terminal) Styled(color string) io.Writer {
	w := &colorprofile.Writer{Forward: t.Text(), Profile: colorprofile.NoTTY}
	if t.OutKind != Screen {
		return w
	}
	w.Profile = FactsOf(t.Environ, t.profile(), nil).Profile
	switch color {
	case "on":
		w.Profile = max(w.Profile, colorprofile.ANSI256)
	case "off":
		w.Profile = min(w.Profile, colorprofile.ASCII)
	}
	return w
}

// Background is what the environment says of it, in the words of Facts. The terminal is not asked.
func (t *Terminal) Background() string { return cmp.Or(colorFGBG(t.Getenv("COLORFGBG")), "unknown") }

// Colors are those for a background, in the words of Facts.
func Colors(background string) theme.Colors {
	return theme.For(map[string]theme.Background{"dark": theme.Dark, "light": theme.Light}[background])
}
