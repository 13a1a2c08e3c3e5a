package inspect

import (
	"errors"
	"fmt"
	"io"
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
		found := cognito.Finding{Topic: "background", Level: cognito.LevelOK, Text: "the background is " + f.Background}
		if f.Background == "unknown" {
			found.Level, found.Text = cognito.LevelUnknown, "the terminal does not tell whether its background is dark or light"
		}
		list = append(list, found)
	}
	if f.Multiplexer != "" {
		list = append(list, cognito.Finding{Topic: "multiplexer", Level: cognito.LevelOK, Text: "inside " + f.Multiplexer})
	}
	return append(list, clipboard(f), recording(f), qrCode(f))
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
		found.Text = "the terminal does not tell its size; TERM=" + f.Term
	default:
		found.Text = fmt.Sprintf("%d×%d cells, TERM=%s", f.Columns, f.Rows, f.Term)
	}
	return found
}

func palette(f terminal.Facts) cognito.Finding {
	text := map[string]string{"16": "16 colors", "256": "256 colors", "true": "true color", "none": "no colors"}[f.Colors]
	if f.NoColor {
		text += ", because NO_COLOR is set"
	}
	return cognito.Finding{Topic: "colors", Level: cognito.LevelOK, Text: text}
}

func encoding(f terminal.Facts) cognito.Finding {
	switch {
	case f.Locale == "":
		return cognito.Finding{
			Topic: "encoding",
			Level: cognito.LevelOK,
			Text:  "assumed to show UTF-8, because LC_ALL, LC_CTYPE and LANG are not set",
		}
	case f.UTF8:
		return cognito.Finding{Topic: "encoding", Level: cognito.LevelOK, Text: "UTF-8, says " + f.Locale}
	}
	return cognito.Finding{
		Topic: "encoding", Level: cognito.LevelWarning, Text: "no UTF-8, says " + f.Locale + "; the QR code is four times as large",
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
		text += "; tmux needs set-clipboard on"
	case f.Multiplexer == "screen":
		text += "; screen does not pass it on"
	case f.Multiplexer != "":
		text += "; tmux needs set-clipboard on, and screen does not pass it on"
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
		Topic: "recording", Level: cognito.LevelWarning, Text: "this session is being recorded: " + strings.Join(f.Recorders, ", "),
		Hint: "end the recording before you enroll; the QR code contains the key",
	}
}

func qrCode(f terminal.Facts) cognito.Finding {
	found := cognito.Finding{Topic: "qr-code", Level: cognito.LevelOK, Text: "QR codes are drawn as " + f.Rendering}
	if !f.HasColors() {
		found.Text += ", because it shows no others"
		if f.Background == "unknown" {
			found.Level = cognito.LevelWarning
			found.Text += "; the background is assumed to be dark, and i in the wizard inverts it"
			found.Hint = "if the background is light, press i in the wizard, or type the key"
		}
	}
	if f.Columns == 0 {
		return found
	}
	key := flow.NewSecret(strings.Repeat("A", 52)) // as long as Cognito's, and measured only
	p, err := draw(f, flow.KeyURI("Cognito AbCdEf123", "firstname.lastname", key).Reveal())
	var small *qrcode.TooSmall
	switch {
	case errors.As(err, &small):
		found.Level = cognito.LevelWarning
		found.Text += fmt.Sprintf("; a usual one needs %d×%d cells and a line", small.Width, small.Height)
		found.Hint = "enlarge the window or use a smaller font; you can also type the key"
	case err == nil:
		found.Text += fmt.Sprintf("; a usual one takes %d×%d cells", p.Width, p.Height)
	}
	return found
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
		"\nIf it does not scan, use a larger font, turn off line spacing and transparency,\nor try another theme. During enrollment you can also type the key.",
	)
}
