package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/charmbracelet/colorprofile"

	"cognito-enroll/cognito"
	"cognito-enroll/flow"
	"cognito-enroll/ui/qrcode"
	"cognito-enroll/ui/wizard"
)

// terminalFacts is what is known about the terminal. Term and Locale are the environment's words.
type terminalFacts struct {
	Interactive bool     `json:"interactive"`           // stdin and stdout are a terminal
	Columns     int      `json:"columns,omitempty"`     // cells
	Rows        int      `json:"rows,omitempty"`        // cells
	Term        string   `json:"term"`                  // TERM
	Colors      string   `json:"colors"`                // "none", "16", "256" or "true"
	UTF8        bool     `json:"utf8"`                  // as the locale says
	Locale      string   `json:"locale,omitempty"`      // what says so, as in LANG=C.UTF-8
	Background  string   `json:"background"`            // "dark", "light" or "unknown"
	Multiplexer string   `json:"multiplexer,omitempty"` // "tmux", "screen" or "tmux or screen"
	Recorders   []string `json:"recorders,omitempty"`   // what visibly records the session
	Rendering   string   `json:"rendering"`             // of QR codes

	profile colorprofile.Profile
	noColor bool // NO_COLOR forbids colours
}

// factsOf are the facts that an environment tells, of a terminal with the colours of profile.
func factsOf(env []string, profile colorprofile.Profile) terminalFacts {
	get := map[string]string{}
	for _, e := range env {
		name, value, _ := strings.Cut(e, "=")
		get[name] = value
	}
	f := terminalFacts{Term: harmlessText(get["TERM"]), Background: "unknown", profile: profile}
	if f.noColor = get["NO_COLOR"] != ""; f.noColor {
		f.profile = min(profile, colorprofile.ASCII)
	}
	switch f.profile {
	case colorprofile.ANSI:
		f.Colors = "16"
	case colorprofile.ANSI256:
		f.Colors = "256"
	case colorprofile.TrueColor:
		f.Colors = "true"
	default:
		f.Colors = "none"
	}
	getenv := func(name string) string { return get[name] }
	name, value := locale(getenv)
	if f.UTF8 = utf8Locale(getenv); name != "" {
		f.Locale = harmlessText(name + "=" + value)
	}
	f.Multiplexer = string(multiplexer(getenv))
	if f.Multiplexer == string(wizard.GNUScreen) && get["STY"] == "" {
		f.Multiplexer = "tmux or screen" // both call themselves so, and over SSH nothing else tells
	}
	if r := recorder(getenv, ancestors()); r != "" {
		f.Recorders = append(f.Recorders, r)
	}
	f.Rendering = "half blocks"
	if !f.UTF8 {
		f.Rendering = "two cells a module"
	}
	if f.colors() {
		f.Rendering += " in black on white"
	} else {
		f.Rendering += " in the terminal's own two colours"
	}
	return f
}

func (f terminalFacts) colors() bool { return f.profile >= colorprofile.ANSI }

// draw is the one place that knows how the wizard draws QR codes.
func (f terminalFacts) draw(text string) (qrcode.Picture, error) {
	background := map[string]qrcode.Background{"dark": qrcode.Dark, "light": qrcode.Light}[f.Background]
	return qrcode.Draw(text, qrcode.Room{Width: f.Columns, Height: f.Rows - 1, Colors: wizard.Colors(f.profile), Background: background, UTF8: f.UTF8})
}

func (f terminalFacts) findings() []cognito.Finding {
	list := []cognito.Finding{f.window(), f.palette(), f.encoding()}
	if f.Interactive {
		found := cognito.Finding{Topic: "background", Level: cognito.LevelOK, Text: "the background is " + f.Background}
		if f.Background == "unknown" {
			found.Level, found.Text = cognito.LevelUnknown, "whether the background is dark or light: the terminal does not say"
		}
		list = append(list, found)
	}
	if f.Multiplexer != "" {
		list = append(list, cognito.Finding{Topic: "multiplexer", Level: cognito.LevelOK, Text: "inside " + f.Multiplexer})
	}
	return append(list, f.clipboard(), f.recording(), f.qrCode())
}

func (f terminalFacts) window() cognito.Finding {
	found := cognito.Finding{Topic: "terminal", Level: cognito.LevelOK}
	switch {
	case !f.Interactive:
		found.Level = cognito.LevelUnknown
		found.Text = "stdin or stdout is not a terminal: what follows is what the environment says of one"
		found.Hint = "run it in a terminal, without pipes; over SSH use ssh -t"
	case f.Term == "dumb":
		found.Level = cognito.LevelWarning
		found.Text = "TERM=dumb cannot show a full screen: questions come in plain lines, and the QR code with --qr"
		found.Hint = "for screens, set TERM to what the terminal is, such as xterm-256color"
	case f.Columns == 0 || f.Rows == 0:
		found.Level = cognito.LevelUnknown
		found.Text = "the terminal does not tell its size; TERM=" + f.Term
	default:
		found.Text = fmt.Sprintf("%d×%d cells, TERM=%s", f.Columns, f.Rows, f.Term)
	}
	return found
}

func (f terminalFacts) palette() cognito.Finding {
	text := map[string]string{"16": "16 colours", "256": "256 colours", "true": "true colour", "none": "no colours"}[f.Colors]
	if f.noColor {
		text += ", because NO_COLOR is set"
	}
	return cognito.Finding{Topic: "colors", Level: cognito.LevelOK, Text: text}
}

func (f terminalFacts) encoding() cognito.Finding {
	switch {
	case f.Locale == "":
		return cognito.Finding{Topic: "encoding", Level: cognito.LevelOK, Text: "taken for UTF-8, as LC_ALL, LC_CTYPE and LANG are not set"}
	case f.UTF8:
		return cognito.Finding{Topic: "encoding", Level: cognito.LevelOK, Text: "UTF-8, says " + f.Locale}
	}
	return cognito.Finding{
		Topic: "encoding", Level: cognito.LevelWarning, Text: "no UTF-8, says " + f.Locale + ": the QR code takes four times the room",
		Hint: "set LC_ALL=C.UTF-8 if the terminal can show it; the key can be typed all the same",
	}
}

// clipboard promises nothing: no terminal tells whether it copied.
func (f terminalFacts) clipboard() cognito.Finding {
	text := "copying is a request to the terminal (OSC 52), which has to allow it"
	switch {
	case f.Term == "linux":
		text = "the Linux console has no clipboard"
	case f.Multiplexer == "tmux":
		text += "; tmux needs set-clipboard on"
	case f.Multiplexer == "screen":
		text += "; screen does not pass it on"
	case f.Multiplexer != "":
		text += "; tmux needs set-clipboard on, and screen does not pass it on"
	}
	return cognito.Finding{Topic: "clipboard", Level: cognito.LevelUnknown, Text: text}
}

func (f terminalFacts) recording() cognito.Finding {
	if len(f.Recorders) == 0 {
		return cognito.Finding{Topic: "recording", Level: cognito.LevelOK, Text: "no sign of a recording (asciinema, script, tmux pipe-pane)"}
	}
	return cognito.Finding{
		Topic: "recording", Level: cognito.LevelWarning, Text: "this session is being recorded: " + strings.Join(f.Recorders, ", "),
		Hint: "end the recording before you enrol: the QR code is the key",
	}
}

func (f terminalFacts) qrCode() cognito.Finding {
	found := cognito.Finding{Topic: "qr-code", Level: cognito.LevelOK, Text: "QR codes are drawn as " + f.Rendering}
	if !f.colors() {
		found.Text += ", as it shows no others"
		if f.Background == "unknown" {
			found.Level = cognito.LevelWarning
			found.Text += "; its background is taken for dark, and i in the wizard inverts it"
			found.Hint = "on a light background the code comes out inverted, and many apps do not scan that: type the key"
		}
	}
	if f.Columns == 0 {
		return found
	}
	key := flow.NewSecret(strings.Repeat("A", 52)) // as long as Cognito's, and measured only
	p, err := f.draw(flow.KeyURI("Cognito AbCdEf123", "firstname.lastname", key).Reveal())
	var small *qrcode.TooSmall
	switch {
	case errors.As(err, &small):
		found.Level = cognito.LevelWarning
		found.Text += fmt.Sprintf("; a usual one needs %d×%d cells and a line", small.Width, small.Height)
		found.Hint = "enlarge the window or choose a smaller font; the key can be typed all the same"
	case err == nil:
		found.Text += fmt.Sprintf("; a usual one takes %d×%d cells", p.Width, p.Height)
	}
	return found
}

const testText = "cognito-enroll: this code scans"

// drawTest draws a QR code without a secret, if it fits.
func (f terminalFacts) drawTest(w io.Writer) {
	p, err := f.draw(testText)
	if err != nil {
		fmt.Fprintf(w, "\nThere is no test code to scan: %s.\n", err)
		return
	}
	fmt.Fprintf(w, "\nScan this with your phone. It is no secret, and says %q.\n\n", testText)
	for _, line := range p.Lines {
		fmt.Fprintln(w, line)
	}
	fmt.Fprintln(w, "\nIf it does not scan: enlarge the font, take out the line spacing and transparency,\nor try another theme. An enrolment shows the key to type as well.")
}
