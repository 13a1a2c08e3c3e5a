package flow

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Phase says whose turn it is.
type Phase int

const (
	// Asking: the front end collects an Answer, or a Back where CanBack allows it.
	Asking Phase = iota
	// Working: a Call is under way; the next event is its Reply or Failed.
	Working
	// Finished: the run is over; the Ask holds either a Summary or the Problem that stopped it.
	Finished
)

func (p Phase) String() string { return [...]string{"asking", "working", "finished"}[p] }

// Ask is what a State has to say to the person and what it wants to know, words included. Every
// string in it is safe to print: control characters, also those of a hostile server, are replaced.
type Ask struct {
	ID            string // stable name of the question: "sign-in", "scan", "done", ...
	Phase         Phase
	Steps         []string // the steps of this run, in the order in which the person passes them
	Step          int      // index of the one that is reached
	Title         string
	Body          string // sentences; a newline ends a paragraph
	Note          string // something that happened on the way and that the person should know
	Progress      string // while Working: what is being done
	Account       string // whose sign-in this is, as typed; "" before anybody said
	Pool          string // ID of the user pool that this is about; "" before one was chosen
	Service       string // what the authenticator app shows as the service, and so a name for the pool; "" likewise
	Fields        []Field
	Enroll        *Enroll  // only when there is something to scan
	Summary       *Summary // only when Finished and the account was read
	Problem       *Error   // why the question is asked again, what stopped the run, or why its goal was missed
	HandBack      Secret   // only at the end of a run with Options.HandBack: the Session that answers MFA_SETUP
	Standing      string   // what is true if the run ends here
	Facts         Facts    // what Standing follows from, for programs
	Claims        Claims   // and what it says
	Ahead         Remedy   // what answers the question before the run, for who cannot be asked
	CanBack       bool
	CanTestSignIn bool          // when Finished: TestSignIn is understood
	NextCode      time.Time     // the code that the app shows before then was used already
	Skew          time.Duration // how far this computer's clock is ahead of Cognito's, as far as known
}

// Field is one value that the person is asked for.
type Field struct {
	Key   string
	Label string
	Kind  Kind
	Value Secret // what to put into the field at first
	Min   int    // fewest runes, or digits of a Code
	Max   int    // most

	Optional bool // of a Code: it may be left empty

	Options  []Option // of Choose; the first is the default
	Explicit bool     // of Choose: the default is for people, and a program has to say it
}

// Option is one answer to a Field of Kind Choose.
type Option struct {
	Value string
	Label string // in words; where there is little room it may be shortened
	ID    string // what it is known by, to be shown whole beside the Label; "" for none
}

// Text is an Option in a line of its own.
func (o Option) Text() string {
	if o.ID == "" {
		return o.Label
	}
	return Fill("{label} ({id})", "label", o.Label, "id", o.ID)
}

// Kind is the sort of value a Field takes, and decides how a front end collects it.
type Kind int

const (
	Text   Kind = iota // a line of printable text
	Hidden             // a password: never echoed
	Code               // a one-time code: digits
	Choose             // one of the Options
)

func (k Kind) String() string { return [...]string{"text", "hidden", "code", "choose"}[k] }

// Check returns the value as it will be used, or what is wrong with it. Line ends that a paste
// brings along are dropped, text is trimmed, and of a code only the digits are kept: "123 456" is
// 123456, and so is "Code: 123456".
func (f Field) Check(value string) (string, *Error) {
	value = strings.TrimRight(value, "\r\n")
	if f.Kind == Text {
		value = strings.TrimSpace(value)
	}
	if f.Kind == Choose {
		if !slices.ContainsFunc(f.Options, func(o Option) bool { return o.Value == value }) {
			return "", invalid(f.Key, "choose one of the options")
		}
		return value, nil
	}
	if f.Kind == Code {
		digits, ok := f.CodeIn(value)
		if !ok {
			return "", invalid(f.Key, "a code has digits only")
		}
		if n := len(digits); (n > 0 || !f.Optional) && (n < f.Min || n > f.Max) {
			return "", invalid(f.Key, f.otherLength(n))
		}
		return digits, nil
	}
	n := utf8.RuneCountInString(value)
	wrong := ""
	switch {
	case n == 0 && f.Min > 0:
		wrong = "{field} is empty"
	case n < f.Min:
		wrong = plural(f.Min, "{field} needs at least 1 character; this has {has}",
			"{field} needs at least {n} characters; this has {has}")
	case n > f.Max:
		wrong = plural(f.Max, "{field} can have only 1 character; this has {has}",
			"{field} can have at most {n} characters; this has {has}")
	case f.Kind != Hidden && Unprintable(value) != "", Unprintable(strings.ReplaceAll(value, "\t", " ")) != "":
		wrong = "{field} has a character that cannot be printed: {character}"
	default:
		return value, nil
	}
	return "", invalid(f.Key, Fill(wrong, "has", strconv.Itoa(n), "field", quoted(f.Label),
		"character", Unprintable(value)))
}

// otherLength says how many digits a code has that is not one with n.
func (f Field) otherLength(n int) string {
	text := "the code has {least} to {most} digits; this has {has}"
	if f.Min == f.Max {
		text = plural(f.Min, "the code has 1 digit; this has {has}", "the code has {n} digits; this has {has}")
	}
	return Fill(text, "least", strconv.Itoa(f.Min), "most", strconv.Itoa(f.Max), "has", strconv.Itoa(n))
}

// Enroll is what the person's app needs.
type Enroll struct {
	Issuer   string    // what the app shows as the service
	Account  string    // and under it
	Key      Secret    // base32, for typing
	URI      Secret    // the same as a key URI, for scanning
	Shorter  []Entry   // and shorter and shorter ones, for windows that are too small
	Deadline time.Time // Cognito keeps the session at least until then; zero if unknown
}

// Entry is what an app gets by scanning: the same key under a shorter name.
type Entry struct {
	URI     Secret
	Account string // as the app shows it
}

// Summary is the result of a run that ended with a look at the account.
type Summary struct {
	User      string
	Pool      string   // user pool ID
	Device    string   // friendly device name of the active authenticator; "" when Cognito did not say
	Factors   []string // active factors in Cognito's names: SOFTWARE_TOKEN_MFA, SMS_MFA, ...
	Partial   bool     // the list was not read: there may be other factors
	Preferred string
	Enrolled  bool // an authenticator is known to be active
	New       bool // the one of this run, not one from before
	Tested    bool // a fresh sign-in accepted a code of it

	HandedBack bool // the sign-in goes on elsewhere, and nobody has read the factors
}

// ActiveFactors is the label of that row of a Summary.
const ActiveFactors = "Active factors"

// Rows returns the Summary as label and value, for a front end to align.
func (s Summary) Rows() [][2]string {
	rows := [][2]string{{"User", s.User}, {"User pool", s.Pool}}
	if s.HandedBack {
		return append(rows, [2]string{"Sign-in", "goes on in the program that began it"})
	}
	if s.Device != "" {
		rows = append(rows, [2]string{"Device name", s.Device})
	}
	factors := "none"
	if len(s.Factors) > 0 {
		names := make([]string, len(s.Factors))
		for i, f := range s.Factors {
			names[i] = factorName(f)
		}
		factors = strings.Join(names, ", ")
	}
	if s.Partial {
		return append(rows, [2]string{ActiveFactors, "authenticator app; others were not read"})
	}
	preferred := "none set"
	if s.Preferred != "" {
		preferred = factorName(s.Preferred)
	} else if len(s.Factors) == 1 {
		preferred = "none set; there is only one"
	}
	return append(rows, [2]string{ActiveFactors, factors}, [2]string{"Preferred", preferred})
}

// factorName puts Cognito's name of a factor into words.
func factorName(factor string) string {
	switch factor {
	case softwareToken:
		return "authenticator app"
	case "SMS_MFA":
		return "text message"
	case emailCode:
		return "email"
	case "SMS_OTP":
		return "code by text message"
	case "PASSWORD", "PASSWORD_SRP":
		return "password"
	}
	return factor
}

// printable makes every string of the Ask safe for a terminal.
func (a Ask) printable() Ask {
	said := func(s string) string { return Printable(shown(s, mostSaid)) }
	text := func(s string) string { return Printable(shown(s, mostText)) }
	for _, s := range []*string{&a.Title, &a.Note, &a.Progress, &a.Account, &a.Standing, &a.Pool, &a.Service} {
		*s = said(*s)
	}
	lines := strings.Split(a.Body, "\n")
	for i, l := range lines { // which may have columns; what a server says in them is in one line by now
		lines[i] = Printable(cut(l, mostSaid))
	}
	a.Body = strings.Join(lines, "\n")
	fields := make([]Field, len(a.Fields))
	for i, f := range a.Fields {
		f.Label = text(f.Label)
		f.Options = slices.Clone(f.Options)
		for j := range f.Options {
			f.Options[j].Label, f.Options[j].ID = text(f.Options[j].Label), text(f.Options[j].ID)
		}
		if f.Kind != Hidden {
			f.Value = NewSecret(Printable(f.Value.Reveal()))
		}
		fields[i] = f
	}
	a.Fields = fields
	if a.Problem != nil {
		p := *a.Problem
		p.Msg, p.Hint, p.Remedy = said(p.Msg), said(p.Hint), p.Remedy.printable()
		a.Problem = &p
	}
	if a.Summary != nil {
		s := *a.Summary
		s.User, s.Pool, s.Device, s.Preferred = text(s.User), text(s.Pool), text(s.Device), text(s.Preferred)
		s.Factors = make([]string, len(a.Summary.Factors))
		for i, f := range a.Summary.Factors {
			s.Factors[i] = text(f)
		}
		a.Summary = &s
	}
	return a
}
