package admin

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"

	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cmd/cognito-enroll/help"
	"cognito-enroll/cmd/cognito-enroll/settings"
	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/cognito"
	"cognito-enroll/flow"
	"cognito-enroll/ui/ndjson"
)

// reportFlags are those of admin report.
type reportFlags struct {
	csv, asJSON, enforce, resume, force bool
	rate                                float64
	show, journal                       string
}

// group is which users of a report belong together.
type group string

// The groups, as --show has them.
const (
	withApp     group = "authenticator" // can use an authenticator app
	onlyText    group = "text-message"  // no authenticator app, but text messages
	onlyEmail   group = "email"         // neither, but email
	withNothing group = "none"          // no second factor
	federated   group = "federated"     // another provider signs them in
	disabled    group = "disabled"
	deleted     group = "deleted" // while the report was made
)

const everybody = "all"

// Values are those of the flags that have a fixed set of them, and what each means.
var Values = map[string][]cobra.Completion{
	"show": {
		everybody + "\tevery user",
		string(withApp) + "\tcan use an authenticator app",
		string(onlyText) + "\thas text messages and no authenticator app",
		string(onlyEmail) + "\thas email and nothing else",
		string(withNothing) + "\thas no second factor",
		string(federated) + "\tsigns in with another provider",
		string(disabled) + "\tcannot sign in",
		string(deleted) + "\twas deleted while the report was made",
	},
}

func newReport(t *terminal.Terminal) *cobra.Command {
	var s settings.Settings
	var f reportFlags
	cmd := &cobra.Command{
		Use:   "report [--pool-id ID]",
		Short: "List who can use an authenticator, and who has no MFA",
		Long: `List every user with the status, the factors and the last change, and sum up who has no MFA. Cognito
tells the factors of one user at a time, so it is a request for each user, except disabled users
and users of other providers.

The quota for these requests is shared with the sign-ins of your applications. So there are 20 a
second, half as many when Cognito refuses some, and then slowly more again. For 100,000 users that
takes an hour and a half.

A journal notes each answer. After Ctrl+C or a crash, --resume goes on from there. The journal
holds names and email addresses, and only you can read it. It is deleted at the end.

With --enforce-check the report says what happens to each user if MFA becomes required in this
pool. Nothing is changed.

AWS must allow you cognito-idp:DescribeUserPool, GetUserPoolMfaConfig, ListUsers and AdminGetUser.`,
		Example: `  cognito-enroll admin report --pool-id eu-west-1_AbCdEf123 --csv >users.csv
  cognito-enroll admin report --pool-id eu-west-1_AbCdEf123 --show none
  cognito-enroll admin report --pool-id eu-west-1_AbCdEf123 --enforce-check --rate 5`,
		Args: help.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.check(); err != nil {
				return err
			}
			return at(cmd, t, &s, f.asJSON, nil, func(ctx context.Context, d *desk) error { return d.report(ctx, f) })
		},
	}
	s.AddAdminTo(cmd.Flags())
	cmd.Flags().BoolVar(&f.csv, "csv", false, "print CSV; values that a spreadsheet would run as formulas begin with '")
	cmd.Flags().BoolVar(&f.asJSON, "json", false, "print an object for each user, and the summary as the last one")
	cmd.Flags().StringVar(&f.show, "show", everybody, "print only users of `GROUP`, such as none; the summary counts all")
	cmd.Flags().BoolVar(&f.enforce, "enforce-check", false, "say what happens to each user if MFA becomes required")
	cmd.Flags().Float64Var(&f.rate, "rate", 20, "make at most `N` requests a second; 0 for no limit")
	cmd.Flags().StringVar(&f.journal, "journal", "", "keep the journal in `FILE` (default: in your cache directory)")
	cmd.Flags().BoolVar(&f.resume, "resume", false, "go on with a report that did not end")
	cmd.Flags().BoolVar(&f.force, "force", false, "begin again even if a report did not end")
	return cmd
}

func (f reportFlags) check() error {
	known := slices.ContainsFunc(Values["show"], func(v string) bool { return strings.HasPrefix(v, f.show+"\t") })
	switch {
	case f.csv && f.asJSON:
		return exit.Usagef("choose one of them", "--csv and --json cannot be used together")
	case f.resume && f.force:
		return exit.Usagef("choose one of them", "--resume and --force cannot be used together")
	case f.rate < 0 || f.rate > 0 && f.rate < 0.01 || f.rate > 1e6 || f.rate != f.rate:
		return exit.Usagef("give requests a second, such as 20, or 0 for no limit", "--rate cannot be %v", f.rate)
	case !known:
		return exit.Usagef("the help of report lists the groups", "unknown --show %q", f.show)
	}
	return nil
}

func (d *desk) report(ctx context.Context, f reportFlags) error {
	name := f.journal
	if name == "" {
		var err error
		if name, err = standardJournal(d.terminal, d.pool.ID); err != nil {
			return d.fail(err)
		}
	}
	head := journalHead{V: journalVersion, Pool: d.pool.ID, Host: d.Destination().Host, Started: time.Now().UTC()}
	j, err := openJournal(d.terminal, name, head, f.resume, f.force)
	if err != nil {
		return d.fail(err)
	}
	defer j.file.Close()
	p := newProgress(d.terminal, d.pool.Estimated)
	sum := summary{byGroup: map[group]int{}, byNext: map[next]int{}}
	pool := d.pool
	if f.enforce {
		pool.MFA = cognito.MFARequired
	}
	rows := d.rows(f)
	s := &survey{desk: d, pace: newPacer(f.rate), journal: j, tick: p.tick, resumed: p.resumed, note: p.say}
	s.row = func(r row) error {
		e := entry{row: r, group: groupOf(d.pool, r), next: nextOf(pool, r)}
		sum.add(e)
		if f.show != everybody && group(f.show) != e.group {
			return nil
		}
		p.clear()
		return written(rows.write(e), "the report", freeSpace)
	}
	err = s.run(ctx, f.resume)
	p.clear()
	if err == nil {
		err = written(rows.end(sum, s), "the report", freeSpace)
	}
	if errors.Is(err, exit.ErrReaderGone) {
		return err
	}
	if err != nil {
		return d.fail(err)
	}
	return j.remove()
}

// written says why what could not be written: nobody reads any more, or the disk is full.
func written(err error, what, hint string) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.EPIPE):
		return exit.ErrReaderGone
	}
	return &cannotWrite{fmt.Sprintf("cannot write %s: %s", what, err), hint}
}

// entry is a row and what it means.
type entry struct {
	row
	group group
	next  next // with --enforce-check, if MFA were required
}

// groupOf says where a user belongs. A pool that requires MFA sends text messages and email to whoever can get them,
// whether or not Cognito lists that as a factor.
func groupOf(p cognito.Pool, r row) group {
	switch {
	case r.gone:
		return deleted
	case r.user.Status == cognito.StatusFederated:
		return federated
	case !r.user.Enabled:
		return disabled
	case r.user.Has(cognito.FactorTOTP):
		return withApp
	case r.user.Has(cognito.FactorSMS):
		return onlyText
	case r.user.Has(cognito.FactorEmail):
		return onlyEmail
	case p.MFA != cognito.MFARequired:
		return withNothing
	}
	switch follows(p, r.user) {
	case nextText:
		return onlyText
	case nextEmail:
		return onlyEmail
	}
	return withNothing
}

func nextOf(p cognito.Pool, r row) next {
	if r.gone {
		return nextUnknown
	}
	return follows(p, r.user)
}

// summary counts.
type summary struct {
	byGroup map[group]int
	byNext  map[next]int
}

func (s *summary) add(e entry) {
	s.byGroup[e.group]++
	if e.group != deleted {
		s.byNext[e.next]++
	}
}

// local are the users whom this pool signs in.
func (s *summary) local() int {
	return s.byGroup[withApp] + s.byGroup[onlyText] + s.byGroup[onlyEmail] + s.byGroup[withNothing]
}

// grouped is a number with commas, as a manager reads it.
func grouped(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// count puts a number into a sentence, with one for 1.
func count(n int, one, many string) string {
	if n == 1 {
		return flow.Fill(one, "n", "1")
	}
	return flow.Fill(many, "n", grouped(n))
}

// sentences are the summary for a person.
func (s *summary) sentences(p cognito.Pool, enforce bool) []string {
	var lines []string
	say := func(n int, one, many string) {
		if n > 0 {
			lines = append(lines, count(n, one, many))
		}
	}
	lines = append(lines, flow.Fill("{n} of {all} users can use an authenticator app.", "n",
		grouped(s.byGroup[withApp]), "all", grouped(s.local())))
	say(s.byGroup[onlyText], "{n} has only text messages.", "{n} have only text messages.")
	say(s.byGroup[onlyEmail], "{n} has only email.", "{n} have only email.")
	say(s.byGroup[withNothing], "{n} has no MFA.", "{n} have no MFA.")
	say(s.byGroup[federated], "{n} more signs in with another provider, where the MFA is.",
		"{n} more sign in with another provider, where their MFA is.")
	say(s.byGroup[disabled], "{n} more is disabled.", "{n} more are disabled.")
	say(s.byGroup[deleted], "{n} was deleted while the report was made.", "{n} were deleted while the report was made.")
	if !enforce {
		return lines
	}
	lines = append(lines, "", "If MFA becomes required in this pool, then at the next sign-in:")
	say(s.byNext[nextCode], "{n} types a code of the authenticator app, as before.",
		"{n} type a code of the authenticator app, as before.")
	say(s.byNext[nextEnroll], "{n} is asked to set up an authenticator app.", "{n} are asked to set up an authenticator app.")
	say(s.byNext[nextText], "{n} gets a text message, and is never asked to set up an authenticator app.",
		"{n} get a text message, and are never asked to set up an authenticator app.")
	say(s.byNext[nextEmail], "{n} gets an email, and is never asked to set up an authenticator app.",
		"{n} get an email, and are never asked to set up an authenticator app.")
	lines = append(lines, count(s.byNext[nextLocked], "{n} is locked out.", "{n} are locked out."))
	if !p.TOTP {
		lines = append(lines, "Authenticator apps are turned off in this pool, so nobody is asked to set one up.")
	}
	return append(lines, "Nothing was changed.")
}

// rows is where a report is printed.
type rows interface {
	write(entry) error
	end(summary, *survey) error
}

func (d *desk) rows(f reportFlags) rows {
	switch {
	case f.csv:
		return newCSVRows(d, f)
	case f.asJSON:
		return &jsonRows{d, f}
	}
	return &tableRows{desk: d, flags: f}
}

// tableRows are for people. With --enforce-check only the users who would be locked out are listed.
type tableRows struct {
	desk  *desk
	flags reportFlags
	begun bool
}

// tableRow has what matters first: a terminal shows as much of it as fits.
const tableRow = "%-26s  %-29s  %-21s  %-7s  %s"

// line prints a row, on a terminal in one line.
func (t *tableRows) line(cells ...any) error {
	text := fmt.Sprintf(tableRow, cells...)
	if t.desk.terminal.OutKind == terminal.Screen {
		text = strings.TrimRight(ansi.Truncate(text, columnsOf(t.desk.terminal), ""), " ")
	}
	_, err := fmt.Fprintln(t.desk.terminal.Out, text)
	return err
}

func (t *tableRows) write(e entry) error {
	if t.flags.enforce && e.next != nextLocked {
		return nil
	}
	w := t.desk.terminal.Out
	if !t.begun {
		t.begun = true
		fmt.Fprintf(w, "%s\n\n", t.desk.heading())
		t.line("USER", "FACTORS", "STATUS", "ENABLED", "CHANGED")
	}
	enabled := "yes"
	if !e.user.Enabled {
		enabled = "no"
	}
	name := line(e.user.Username)
	if e.user.Email != "" && e.user.Email != e.user.Username {
		name = line(e.user.Email)
	}
	return t.line(name, e.factors(), line(e.user.Status), enabled, stamp(e.user.Modified))
}

// factors are those of the row in words.
func (e entry) factors() string {
	switch e.group {
	case federated:
		return "of another provider"
	case disabled:
		return "not read"
	case deleted:
		return "deleted"
	}
	return inWords(e.user.Factors, e.user.Preferred)
}

func (t *tableRows) end(s summary, _ *survey) error {
	w := t.desk.terminal.Out
	if t.begun {
		fmt.Fprintln(w)
	} else {
		fmt.Fprintf(w, "%s\n\n", t.desk.heading())
	}
	_, err := fmt.Fprintln(t.desk.out(), strings.Join(s.sentences(t.desk.pool, t.flags.enforce), "\n"))
	return err
}

// csvRows are for spreadsheets. The summary goes to stderr.
type csvRows struct {
	desk  *desk
	flags reportFlags
	w     *csv.Writer
	begun bool
}

func newCSVRows(d *desk, f reportFlags) *csvRows {
	return &csvRows{desk: d, flags: f, w: csv.NewWriter(d.terminal.Out)}
}

var csvColumns = []string{
	"username", "email", "sub", "status", "enabled", "federated", "group", "factors", "preferred", "modified",
}

func (c *csvRows) head() error {
	c.begun = true
	columns := csvColumns
	if c.flags.enforce {
		columns = append(slices.Clone(columns), "if_required")
	}
	return c.w.Write(columns)
}

func (c *csvRows) write(e entry) error {
	if !c.begun {
		if err := c.head(); err != nil {
			return err
		}
	}
	u := e.user
	fields := []string{
		u.Username, u.Email, u.Sub, u.Status, strconv.FormatBool(u.Enabled), strconv.FormatBool(e.group == federated),
		string(e.group), strings.Join(u.Factors, " "), u.Preferred, stamp(u.Modified),
	}
	if c.flags.enforce {
		fields = append(fields, string(e.next))
	}
	for i := range fields {
		fields[i] = cell(fields[i])
	}
	if err := c.w.Write(fields); err != nil {
		return err
	}
	c.w.Flush()
	return c.w.Error()
}

const formulas = "=+-@|%\uff1d\uff0b\uff0d\uff20"

// cell is a text that a spreadsheet takes for a text. OWASP, "CSV Injection", lists what begins a formula; the wide
// forms do in some.
func cell(text string) string {
	text = flow.Printable(text)
	if first, _ := utf8.DecodeRuneInString(strings.TrimLeft(text, " ")); strings.ContainsRune(formulas, first) {
		return "'" + text
	}
	return text
}

func (c *csvRows) end(s summary, _ *survey) error {
	if !c.begun {
		if err := c.head(); err != nil {
			return err
		}
	}
	if c.w.Flush(); c.w.Error() != nil {
		return c.w.Error()
	}
	fmt.Fprintln(c.desk.terminal.Notes(), strings.Join(s.sentences(c.desk.pool, c.flags.enforce), "\n"))
	return nil
}

// jsonRows are for programs.
type jsonRows struct {
	desk  *desk
	flags reportFlags
}

// rowObject is one user.
type rowObject struct {
	ndjson.Header
	userObject
	Read       bool  `json:"read"` // the factors are known
	Group      group `json:"group"`
	IfRequired next  `json:"if_required,omitempty"`
}

// summaryObject is the last one of a report.
type summaryObject struct {
	ndjson.Header
	Pool       string        `json:"pool"`
	Users      int           `json:"users"`
	Groups     map[group]int `json:"groups"`
	IfRequired map[next]int  `json:"if_required,omitempty"`
	Requests   int           `json:"requests"` // of this run, those for the pool's settings apart
	Throttled  int           `json:"throttled"`
	Text       string        `json:"text"`
}

func (j *jsonRows) write(e entry) error {
	o := rowObject{Header: header("user"), userObject: newUserObject(e.user), Read: e.read, Group: e.group}
	if j.flags.enforce {
		o.IfRequired = e.next
	}
	return ndjson.Write(j.desk.terminal.Out, o)
}

func (j *jsonRows) end(s summary, made *survey) error {
	o := summaryObject{Header: header("summary"), Pool: j.desk.pool.ID, Users: made.done, Groups: s.byGroup,
		Requests: made.requests, Throttled: made.throttled,
		Text: strings.Join(strings.Fields(strings.Join(s.sentences(j.desk.pool, j.flags.enforce), " ")), " ")}
	if j.flags.enforce {
		o.IfRequired = s.byNext
	}
	return ndjson.Write(j.desk.terminal.Out, o)
}
