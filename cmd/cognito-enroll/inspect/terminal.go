package inspect

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/cognito"
	"cognito-enroll/flow"
	"cognito-enroll/ui/qrcode"
)

// draw draws as the wizard does in a window of that size.
func draw(f terminal.Facts, text string) (qrcode.Picture, error) {
	room := f.Room()
	room.Height-- // for the keys
	return qrcode.Draw(text, room)
}

func findings(f terminal.Facts) []cognito.Finding {
	list := []cognito.Finding{window(f), palette(f), encoding(f)}
	if f.Interactive {
		found := cognito.Finding{Topic: "background", Level: cognito.LevelOK,
			Text: flow.Fill("the background is {color}", "color", f.Background)}
		if f.Background == "unknown" {
			found.Level, found.Text = cognito.LevelUnknown, "the terminal does not tell whether its background is dark or light"
		}
		list = append(list, found)
	}
	if f.Multiplexer != "" {
		list = append(list, cognito.Finding{Topic: "multiplexer", Level: cognito.LevelOK,
			Text: flow.Fill("inside {program}", "program", f.Multiplexer)})
	}
	return append(append(list, clipboard(f), recording(f)), qrCode(f)...)
}

func window(f terminal.Facts) cognito.Finding {
	found := cognito.Finding{Topic: "terminal", Level: cognito.LevelOK}
	switch {
	case !f.Interactive:
		found.Level = cognito.LevelUnknown
		found.Text = "stdin or stdout is not a terminal; the rest is what the environment says"
		found.Hint = "run it in a terminal, without pipes; over SSH, use ssh -t"
	case f.Term == "dumb":
		found.Level = cognito.LevelWarning
		found.Text = "TERM=dumb cannot show a full screen, so questions are asked in plain lines; --qr draws the QR code"
		found.Hint = "for screens, set TERM to the name of the terminal, such as xterm-256color"
	case f.Columns == 0 || f.Rows == 0:
		found.Level = cognito.LevelUnknown
		found.Text = flow.Fill("the terminal does not tell its size; TERM={term}", "term", f.Term)
	default:
		found.Text = fmt.Sprintf("%d×%d cells, TERM=%s", f.Columns, f.Rows, f.Term)
	}
	return found
}

func palette(f terminal.Facts) cognito.Finding {
	text := map[string]string{"16": "16 colors", "256": "256 colors", "true": "true color", "none": "no colors"}[f.Colors]
	if f.NoColor {
		text = "no colors, because NO_COLOR is set"
	}
	return cognito.Finding{Topic: "colors", Level: cognito.LevelOK, Text: text}
}

func encoding(f terminal.Facts) cognito.Finding {
	switch {
	case f.TmuxASCII:
		return cognito.Finding{Topic: "encoding", Level: cognito.LevelWarning,
			Text: "no UTF-8, says tmux; the QR code is four times as large",
			Hint: "attach again with tmux -u if the terminal supports it; you can also type the key"}
	case f.Told && !f.UTF8:
		return cognito.Finding{Topic: "encoding", Level: cognito.LevelWarning,
			Text: "the terminal shows no UTF-8; the QR code is four times as large", Hint: "you can also type the key"}
	case f.Told && f.Locale == "":
		return cognito.Finding{Topic: "encoding", Level: cognito.LevelOK, Text: "the terminal shows UTF-8"}
	case f.Locale == "":
		return cognito.Finding{
			Topic: "encoding",
			Level: cognito.LevelOK,
			Text:  "assumed to show UTF-8, because LC_ALL, LC_CTYPE and LANG are not set",
		}
	case f.Told:
		return cognito.Finding{Topic: "encoding", Level: cognito.LevelOK,
			Text: flow.Fill("the terminal shows UTF-8, though not by {setting}", "setting", f.Locale)}
	case f.UTF8:
		return cognito.Finding{Topic: "encoding", Level: cognito.LevelOK,
			Text: flow.Fill("UTF-8, says {setting}", "setting", f.Locale)}
	}
	return cognito.Finding{
		Topic: "encoding", Level: cognito.LevelWarning,
		Text: flow.Fill("no UTF-8, says {setting}; the QR code is four times as large", "setting", f.Locale),
		Hint: "set LC_ALL=C.UTF-8 if the terminal supports it; you can also type the key",
	}
}

// clipboard promises nothing: no terminal tells whether it copied.
func clipboard(f terminal.Facts) cognito.Finding {
	text := "the key can be copied if the terminal allows it (OSC 52)"
	switch {
	case f.Term == "linux":
		text = "the Linux console has no clipboard"
	case f.Multiplexer == "tmux":
		text = "the key can be copied if tmux has set-clipboard on and the terminal allows it (OSC 52)"
	case f.Multiplexer == "screen":
		text = "the key cannot be copied, because screen does not pass it on (OSC 52)"
	case f.Multiplexer != "":
		text = "the key can be copied if this is tmux with set-clipboard on and the terminal allows it (OSC 52)"
	}
	return cognito.Finding{Topic: "clipboard", Level: cognito.LevelUnknown, Text: text}
}

func recording(f terminal.Facts) cognito.Finding {
	if len(f.Recorders) == 0 {
		return cognito.Finding{
			Topic: "recording",
			Level: cognito.LevelOK,
			Text:  "no sign of a recording (asciinema, script, tmux pipe-pane)",
		}
	}
	return cognito.Finding{
		Topic: "recording", Level: cognito.LevelWarning,
		Text: flow.Fill("this session is being recorded: {programs}", "programs", strings.Join(f.Recorders, ", ")),
		Hint: "end the recording before you enroll; the QR code contains the key",
	}
}

// qrCode says how a code is drawn and whether a usual one fits.
func qrCode(f terminal.Facts) []cognito.Finding {
	const topic = "qr-code"
	drawn := cognito.Finding{
		Topic: topic, Level: cognito.LevelOK, Text: flow.Fill("QR codes are drawn as {rendering}", "rendering", f.Rendering),
	}
	if !f.HasColors() && f.Background == "unknown" {
		drawn.Level = cognito.LevelWarning
		drawn.Text = flow.Fill("QR codes are drawn as {rendering}, and the background is assumed to be dark", "rendering",
			f.Rendering)
		drawn.Hint = "if the background is light, press i in the wizard, which inverts the code, or type the key"
	}
	if f.Columns == 0 {
		return []cognito.Finding{drawn}
	}
	key := flow.NewSecret(strings.Repeat("A", 52)) // as long as Cognito's, and measured only
	p, err := draw(f, flow.KeyURI("Cognito AbCdEf123", "firstname.lastname", key).Reveal())
	size := func(text string, width, height int) string {
		return flow.Fill(text, "width", strconv.Itoa(width), "height", strconv.Itoa(height))
	}
	var small *qrcode.TooSmall
	switch {
	case errors.As(err, &small):
		return []cognito.Finding{drawn, {
			Topic: topic, Level: cognito.LevelWarning,
			Text: size("a usual QR code needs {width}×{height} cells and a line", small.Width, small.Height),
			Hint: "enlarge the window or use a smaller font; you can also type the key",
		}}
	case err == nil:
		return []cognito.Finding{drawn, {
			Topic: topic, Level: cognito.LevelOK,
			Text: size("a usual QR code takes {width}×{height} cells", p.Width, p.Height),
		}}
	}
	return []cognito.Finding{drawn}
}

const testText = "cognito-enroll: this code scans"

// drawTest draws a QR code without a secret, if it fits.
func drawTest(w io.Writer, f terminal.Facts) {
	p, err := draw(f, testText)
	if err != nil {
		fmt.Fprintf(w, "\nThe test code cannot be drawn: %s.\n", err)
		return
	}
	fmt.Fprintf(w, "\nScan this with your phone. It contains no secret, only the text %q.\n\n", testText)
	for _, line := range p.Lines {
		fmt.Fprintln(w, line)
	}
	fmt.Fprintln(
		w,
		"\nIf it does not scan, use a larger font, turn off line spacing and transparency, or try another theme. During "+
			"enrollment you can also type the key.",
	)
}
