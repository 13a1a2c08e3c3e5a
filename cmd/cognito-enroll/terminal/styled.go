package terminal

import (
	"cmp"
	"io"

	"github.com/charmbracelet/colorprofile"

	"cognito-enroll/ui/theme"
)

// Styled is Text for sentences in colors. They are left out where Out is no terminal, and where NO_COLOR is set. The
// values of --color, "on" and "off", win over NO_COLOR; "auto" and "" do not.
func (t *Terminal) Styled(color string) io.Writer {
	w := &colorprofile.Writer{Forward: t.Text(), Profile: colorprofile.NoTTY}
	if t.OutKind != Screen {
		return w
	}
	w.Profile = t.profile()
	switch {
	case color == "on":
		w.Profile = max(w.Profile, colorprofile.ANSI256)
	case color == "off", t.Getenv("NO_COLOR") != "":
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
