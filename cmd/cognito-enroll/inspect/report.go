package inspect

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/charmbracelet/colorprofile"

	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/cmd/cognito-enroll/version"
	"cognito-enroll/flow"
	"cognito-enroll/ui"
)

// Report writes what doctor finds to a file, for somebody who helps. It holds the IDs of pool and app client, no
// secrets, and hashes instead of usernames.
type Report struct{ File string }

// Check refuses, before anything is asked, a file that exists or that cannot be used here.
func (r Report) Check(t *terminal.Terminal) error {
	if err := t.Allows(r.File); err != nil {
		return err
	}
	if _, err := os.Lstat(r.File); !errors.Is(err, fs.ErrNotExist) {
		return exit.Usagef("choose another name for the report", "%q exists", r.File)
	}
	return nil
}

// Run prints the report, and then writes it: what is in the file was seen before. Whoever sits at a terminal is
// asked whether to. Its error says that there is a problem, as that of the function Run, or that nothing was written.
func (r Report) Run(ctx context.Context, t *terminal.Terminal, facts terminal.Facts, pool Pool) error {
	text, problem := report(ctx, t, facts, pool)
	fmt.Fprint(t.Text(), text)
	if t.Interactive() {
		fmt.Fprintf(t.Text(), "\nWrite this to %q? Type yes or no: ", r.File)
		answer, err := t.Input().Line(ctx, false)
		if err != nil || !slices.Contains([]string{"y", "yes"}, strings.ToLower(strings.TrimSpace(answer))) {
			fmt.Fprintln(t.Out, "Nothing was written.")
			return problem
		}
	}
	if err := r.write(text); err != nil {
		return exit.Usagef("choose another name for the report", "cannot write %q: %s", r.File, err)
	}
	fmt.Fprintf(t.Text(), "\nThe report is in %q, readable only by you.\n", r.File)
	return problem
}

// write makes the file, which must not exist by now.
func (r Report) write(text string) error {
	f, err := os.OpenFile(r.File, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err == nil {
		_, err = f.WriteString(text)
		err = errors.Join(err, f.Close())
	}
	if at, ok := errors.AsType[*fs.PathError](err); ok {
		return at.Err // the name may have characters that a screen must not get
	}
	return err
}

// report returns its text, and the problem that an enrollment would meet.
func report(ctx context.Context, t *terminal.Terminal, facts terminal.Facts, pool Pool) (string, error) {
	var found strings.Builder
	problem := Conclude(look(ctx, sheet{Writer: plainText(&found)}, facts, pool).Findings)
	user := pool.Found.Get("username").Value
	hide := redactor{key: pool.ID, user: user, home: t.Folders.Home, ids: []string{pool.ID, pool.ClientID}}
	var b strings.Builder
	line := func(name, value string) { fmt.Fprintf(&b, "%s: %s\n", name, cmp.Or(value, "none")) }
	b.WriteString("Report of cognito-enroll doctor\n\n" +
		"It has no passwords, keys, codes, tokens or sessions. Usernames are replaced by hashes.\n\n")
	line("Version", version.Text(version.Build()))
	line("Time", time.Now().UTC().Format(time.RFC3339))
	line("User pool", pool.ID)
	line("App client", pool.ClientID)
	if user != "" {
		user = hide.hash(user)
	}
	line("Username", user)
	line("Variables that are set, without their values", strings.Join(variables(t.Environ), ", "))
	fmt.Fprintf(&b, "\n%s", hide.text(found.String()))
	if candidates := pool.Found.Candidates; pool.Client == nil && len(candidates) > 0 {
		b.WriteString("\nFound in the project, and not contacted:\n")
		for _, c := range candidates { // not where: the names of files and keys may hold anything
			fmt.Fprintf(&b, "  user pool %s, app client %s\n", c.Pool, cmp.Or(c.Client, "unknown"))
		}
	}
	if problem != nil {
		fmt.Fprintf(&b, "\n%s\n", hide.text(ui.Sentence(problem.Error())))
	}
	return b.String(), problem
}

// plainText leaves all styles out.
func plainText(w io.Writer) io.Writer {
	return &colorprofile.Writer{Forward: w, Profile: colorprofile.NoTTY}
}

// variables are the names of those of the environment that may matter; their values may be secret.
func variables(environ []string) (names []string) {
	matters := regexp.MustCompile(`(?i)^(AWS_|COGNITO_|NO_COLOR$|ACCESSIBLE$|TERM$|COLORTERM$|TMUX$|STY$|SSH_TTY$|` +
		`(HTTPS?|ALL|NO)_PROXY$|SSL_CERT_|LC_ALL$|LC_CTYPE$|LANG$)`)
	for _, variable := range environ {
		name, value, _ := strings.Cut(variable, "=")
		if value != "" && matters.MatchString(name) {
			names = append(names, flow.Printable(name))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// redactor takes out of a text what somebody who helps need not know. Findings hold no secret; but they quote
// servers and the names of files, and those may hold anything.
type redactor struct {
	key  string   // of the hashes: the pool's ID, so that one user has another hash in each pool
	user string   // a name that is known; "" for none
	home string   // the folder that ~ stands for
	ids  []string // of pools and app clients, which stay, however long they are
}

// What is taken out of texts: what may be a key, a token, a session or credentials, which is longer than IDs are,
// and the names of people in email addresses, phone numbers, folders and ARNs.
// They are compiled when there is a report.
var patterns = sync.OnceValue(func() (p struct{ blob, userInfo, address, phone, folder, arn *regexp.Regexp }) {
	p.blob = regexp.MustCompile(`(?i)otpauth://\S+|\bAYABe\S+|\beyJ[\w.+/=-]{8,}|\bA[KS]IA[A-Z0-9]{12,}` +
		`|[\w+=-]{41,}|\b[A-Z2-7]{32,}\b`)
	p.userInfo = regexp.MustCompile(`(://)[^/\s@]+@`)
	p.address = regexp.MustCompile(`[\w.%+'-]+@[\w-]+(\.[\w-]+)+`)
	p.phone = regexp.MustCompile(`\+\d{7,15}\b`)
	p.folder = regexp.MustCompile(`((?:/home/|/Users/|\\Users\\))([^/\\\s:"]+)`)
	p.arn = regexp.MustCompile(`(arn:aws[\w-]*:(?:iam|sts):[\w-]*:\d*:[\w-]+/)([^\s"]+)`)
	return p
})

func (r redactor) text(s string) string {
	const removed = "[removed]"
	p := patterns()
	if r.home != "" && r.home != "/" {
		s = strings.ReplaceAll(s, r.home, "~")
	}
	s = p.userInfo.ReplaceAllString(s, "${1}"+removed+"@")
	s = p.blob.ReplaceAllStringFunc(s, func(found string) string {
		if slices.Contains(r.ids, found) {
			return found
		}
		return removed
	})
	s = p.address.ReplaceAllStringFunc(s, r.hash)
	s = p.phone.ReplaceAllStringFunc(s, r.hash)
	for _, named := range []*regexp.Regexp{p.folder, p.arn} {
		s = named.ReplaceAllStringFunc(s, func(found string) string {
			part := named.FindStringSubmatch(found)
			return part[1] + r.hash(part[2])
		})
	}
	if r.user != "" {
		word := regexp.MustCompile(`(^|[^\w-])` + regexp.QuoteMeta(r.user) + `([^\w-]|$)`)
		for range 2 { // two names may share what is between them
			s = word.ReplaceAllString(s, "${1}"+r.hash(r.user)+"${2}")
		}
	}
	return s
}

// hash stands for a name: the same in all reports about the pool. It can be checked by whoever knows the name
// already, and it has 48 bits, so that it cannot be taken for anything else.
func (r redactor) hash(name string) string {
	mac := hmac.New(sha256.New, []byte(r.key))
	mac.Write([]byte(name))
	return "user-" + hex.EncodeToString(mac.Sum(nil)[:6])
}
