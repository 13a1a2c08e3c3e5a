package terminal

import (
	"io"

	"github.com/charmbracelet/colorprofile"

	"cognito-enroll/ui/theme"
)

// Styled is Out for a text in colors. They are left out where Out is no terminal, and where NO_COLOR is set.
func (t *Terminal) Styled() io.Writer {
	w := &colorprofile.Writer{Forward: t.Out, Profile: colorprofile.NoTTY}
	if t.OutKind == Screen {
		if w.Profile = t.profile(); t.Getenv("NO_COLOR") != "" {
			w.Profile = min(w.Profile, colorprofile.ASCII)
		}
	}
	return w
}

// Colors are those for a background, in the words of Facts.
func Colors(background string) theme.Colors {
	return theme.For(map[string]theme.Background{"dark": theme.Dark, "light": theme.Light}[background])
}
