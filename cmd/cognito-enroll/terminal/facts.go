package terminal

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/term"

	"cognito-enroll/flow"
	"cognito-enroll/ui/qrcode"
	"cognito-enroll/ui/wizard"
)

// Facts is what is known of a terminal. Its texts can be printed; doctor --json has them as they are.
type Facts struct {
	Interactive bool     `json:"interactive"`           // stdin and stdout are a terminal
	Columns     int      `json:"columns,omitempty"`     // cells
	Rows        int      `json:"rows,omitempty"`        // cells
	Term        string   `json:"term"`                  // TERM
	Colors      string   `json:"colors"`                // "none", "16", "256" or "true"
	UTF8        bool     `json:"utf8"`                  // as the locale says, or the terminal
	Locale      string   `json:"locale,omitempty"`      // what says so, as in LANG=C.UTF-8
	Background  string   `json:"background"`            // "dark", "light" or "unknown"
	Multiplexer string   `json:"multiplexer,omitempty"` // "tmux", "screen" or "tmux or screen"
	Recorders   []string `json:"recorders,omitempty"`   // what visibly records the session
	Rendering   string   `json:"rendering"`             // of QR codes

	Profile     colorprofile.Profile `json:"-"`
	Told        bool                 `json:"-"` // UTF8 is what the terminal says, or tmux, and the locale does not
	TmuxASCII   bool                 `json:"-"` // tmux says that it was attached without UTF-8
	NoColor     bool                 `json:"-"` // NO_COLOR forbids colors, whatever its value is (no-color.org)
	Passthrough wizard.Multiplexer   `json:"-"` // the multiplexer by what it has to be told
}

// Facts returns what the environment and the process say. The terminal itself is not asked.
func (t *Terminal) Facts(ctx context.Context) Facts {
	var above []string
	if t.Ancestors != nil {
		above = t.Ancestors()
	}
	f := FactsOf(t.Environ, t.profile(), above)
	if t.OutKind == Screen && t.Tmux != nil && t.Getenv("TMUX") != "" {
		f = f.in(t.Tmux(ctx))
	}
	if f.Interactive = t.Interactive(); f.Interactive {
		f.Columns, f.Rows = t.Cells()
	}
	return f
}

// profile is what Bubble Tea would find if Out is a file, and what the environment says otherwise.
func (t *Terminal) profile() colorprofile.Profile {
	if out, ok := t.Out.(term.File); ok && t.OutKind == Screen {
		return colorprofile.Detect(out, t.Environ)
	}
	return colorprofile.Env(t.Environ)
}

// FactsOf returns what an environment tells of a terminal with the colors of profile, below the programs above.
func FactsOf(environ []string, profile colorprofile.Profile, above []string) Facts {
	get := getenv(environ)
	f := Facts{
		Term: flow.Printable(get("TERM")), Background: cmp.Or(colorFGBG(get("COLORFGBG")), "unknown"), Profile: profile, NoColor: get("NO_COLOR") != "",
		Recorders: recorders(get, above), UTF8: utf8Locale(get), Passthrough: multiplexer(get),
	}
	if f.Profile == colorprofile.ANSI && indexed(get("TERM")) {
		f.Profile = colorprofile.ANSI256
	}
	if f.NoColor || monochrome(get("TERM")) {
		f.Profile = min(profile, colorprofile.ASCII)
	}
	f.Colors = colorsOf(f.Profile)
	if name, value := locale(get); name != "" {
		f.Locale = flow.Printable(name + "=" + value)
	}
	f.Multiplexer = string(f.Passthrough)
	if f.Passthrough == wizard.GNUScreen && get("STY") == "" {
		f.Multiplexer = "tmux or screen" // both call themselves so, and over SSH nothing else tells
	}
	f.Rendering = f.rendering()
	return f
}

// Tmux is what tmux tells of a pane and of the terminal that it is shown in; the zero Tmux tells nothing.
type Tmux struct {
	Piped    bool // what is shown goes to a program as well
	Attached bool // there is a terminal that shows it, of which it tells:
	UTF8     bool // it shows that, as the locale or -u said when it was attached
	Colors   bool // it shows 256 or more; others are put in their place without a word
}

// TmuxFormat is what tmux has to tell for ParseTmux (tmux(1), "FORMATS").
const TmuxFormat = "#{pane_pipe}|#{client_utf8}|#{client_termname}|#{client_termfeatures}"

// ParseTmux reads what tmux says to TmuxFormat.
func ParseTmux(line string) Tmux {
	parts := strings.Split(strings.TrimSpace(line), "|")
	if len(parts) != strings.Count(TmuxFormat, "|")+1 {
		return Tmux{}
	}
	name, features := parts[2], strings.Split(parts[3], ",")
	// Of a terminal that did not tell, tmux knows what terminfo says of its name.
	few := slices.Contains([]string{"xterm", "screen", "tmux", "rxvt", "putty"}, name) || !indexed(name)
	return Tmux{
		Piped: parts[0] == "1", Attached: parts[1] != "", UTF8: parts[1] == "1",
		Colors: !few || slices.Contains(features, "256") || slices.Contains(features, "RGB"),
	}
}

// in returns f of a pane of tmux, which knows better than the environment.
func (f Facts) in(t Tmux) Facts {
	if t.Piped {
		f.Recorders = append(f.Recorders, "tmux pipe-pane")
	}
	if !t.Attached {
		return f
	}
	f.Told, f.TmuxASCII = f.Locale == "" || t.UTF8 != f.UTF8, !t.UTF8
	f.UTF8 = t.UTF8
	if !t.Colors {
		f.Profile = min(f.Profile, colorprofile.ANSI)
		f.Colors = colorsOf(f.Profile)
	}
	f.Rendering = f.rendering()
	return f
}

func colorsOf(p colorprofile.Profile) string {
	switch p {
	case colorprofile.ANSI:
		return "16"
	case colorprofile.ANSI256:
		return "256"
	case colorprofile.TrueColor:
		return "true"
	}
	return "none"
}

// monochrome reports whether the name of a terminal says that it has no colors, as in xterm-mono and vt220-m.
func monochrome(term string) bool {
	return strings.HasSuffix(term, "-mono") || strings.HasSuffix(term, "-m")
}

// indexed reports whether a terminal has 256 colors, whatever else its name promises: TERM=xterm is the name of many
// that have them. The consoles and the terminals of old do not, and there the 5 of "38;5" means to blink.
func indexed(term string) bool {
	for _, name := range []string{"linux", "vt", "dumb", "ansi", "cons", "sun", "eterm", "wsvt"} {
		if strings.HasPrefix(term, name) {
			return false
		}
	}
	return term != "" && !strings.HasSuffix(term, "-16color")
}

// colorFGBG is the background that COLORFGBG tells, "15;0" or "15;default;0": the number of one of 16 colors, of which
// 7 and from 9 on are light. Its inventor is rxvt; konsole and others set it as well. "" if it tells nothing.
func colorFGBG(value string) string {
	n, err := strconv.Atoi(value[strings.LastIndexByte(value, ';')+1:])
	switch {
	case err != nil || n < 0 || n > 15:
		return ""
	case n < 7 || n == 8:
		return "dark"
	}
	return "light"
}

// rendering is how QR codes are drawn.
func (f Facts) rendering() string {
	switch {
	case f.UTF8 && f.HasColors():
		return "half blocks in black on white, or whole cells where they fit"
	case f.UTF8:
		return "half blocks in the terminal's own two colors, or whole cells where they fit"
	case f.HasColors():
		return "two cells a module in black on white"
	}
	return "two cells a module in the terminal's own two colors"
}

// TellsUTF8 reports whether it is worth asking the terminal for UTF-8, which it is where no locale is set, and where
// the locale says no. Inside of tmux or screen it is the multiplexer who answers, and it shows what the terminal
// around it does not only as signs like "_": there only its no counts.
func (f Facts) TellsUTF8() bool {
	if f.Locale == "" {
		return !f.Told && runtime.GOOS != "windows"
	}
	return !f.UTF8 && f.Passthrough == wizard.NoMultiplexer
}

// With returns f with what the terminal answered.
func (f Facts) With(a Answers) Facts {
	if a.Background != "unknown" {
		f.Background = a.Background
	}
	if yes := a.UTF8 == flow.Yes; a.UTF8 != flow.Unknown {
		f.Told, f.UTF8 = f.Locale == "" || yes != f.UTF8, yes
	}
	f.Rendering = f.rendering()
	return f
}

// HasColors reports whether there are more than the terminal's own two.
func (f Facts) HasColors() bool { return f.Profile >= colorprofile.ANSI }

// Room is what the whole of the terminal has for a QR code; of one that does not tell its size, nothing.
func (f Facts) Room() qrcode.Room {
	return qrcode.Room{
		Width: f.Columns, Height: f.Rows, Colors: wizard.Colors(f.Profile), UTF8: f.UTF8,
		Background: Backgrounds[f.Background],
	}
}

// Backgrounds are the words for a background, as in --theme.
var Backgrounds = map[string]qrcode.Background{"dark": qrcode.Dark, "light": qrcode.Light}

// UTF8 reports whether the terminal shows more than ASCII, as the locale says. Where none is set, terminals
// do nowadays.
func (t *Terminal) UTF8() bool { return utf8Locale(t.Getenv) }

// locale is the variable that counts, the first that is set (POSIX, "Environment Variables").
func locale(getenv func(string) string) (name, value string) {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if value := getenv(name); value != "" {
			return name, value
		}
	}
	return "", ""
}

func utf8Locale(getenv func(string) string) bool {
	_, value := locale(getenv)
	codeset := strings.ReplaceAll(strings.ToLower(value), "-", "")
	return value == "" || strings.Contains(codeset, "utf8") || runtime.GOOS == "windows"
}

func multiplexer(getenv func(string) string) wizard.Multiplexer {
	term := getenv("TERM")
	switch {
	case getenv("TMUX") != "", strings.HasPrefix(term, "tmux"):
		return wizard.Tmux
	case getenv("STY") != "", strings.HasPrefix(term, "screen"): // over SSH, either
		return wizard.GNUScreen
	}
	return wizard.NoMultiplexer
}

// recorders knows the programs that say so, and those that the session runs under.
func recorders(getenv func(string) string, above []string) []string {
	if getenv("ASCIINEMA_REC") != "" || getenv("ASCIINEMA_SESSION") != "" {
		return []string{"asciinema"}
	}
	if getenv("SCRIPT") != "" { // BSD's; the one of util-linux tells nobody
		return []string{"script"}
	}
	known := []string{"script", "asciinema", "ttyrec", "termrec", "tlog-rec", "tlog-rec-session"}
	if i := slices.IndexFunc(above, func(name string) bool { return slices.Contains(known, name) }); i >= 0 {
		return []string{above[i]}
	}
	return nil
}
