package admin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cmd/cognito-enroll/help"
	"cognito-enroll/cmd/cognito-enroll/settings"
	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/cognito"
	"cognito-enroll/flow"
	"cognito-enroll/ui"
	"cognito-enroll/ui/ndjson"
)

// resetFlags are those of admin reset.
type resetFlags struct {
	yes                  string
	passwordAlone        bool
	forgetDevices        bool
	keepSessions, asJSON bool
}

func newReset(t *terminal.Terminal) *cobra.Command {
	var s settings.Settings
	var f resetFlags
	cmd := &cobra.Command{
		Use:   "reset USER [--pool-id ID]",
		Short: "Delete the authenticator of somebody who lost the phone",
		Long: `Delete the authenticator of somebody who lost the phone. A user who still has it needs no reset: a
new authenticator replaces the old one. USER is a username, a sub, or an email address if the pool
signs in by it.

First it shows who that is and what follows: whether the user enrolls at the next sign-in, gets
codes that may reach the lost phone, or can sign in with the password alone. The last is refused
unless you choose it. Then it asks whether you verified who is calling, and for the username.
The last lines are a receipt: who asked, what was done, what is true now and what to tell the user.

All sessions of the user end, unless --keep-sessions is given. Access tokens that exist may still
be accepted elsewhere until they expire, usually for an hour. A remembered device signs in without
MFA. Passkeys cannot be seen: one may still sign in, on the lost phone as well.

AWS must allow you cognito-idp:DescribeUserPool, GetUserPoolMfaConfig, AdminGetUser, ListUsers,
AdminListDevices, AdminForgetDevice, AdminDeleteSoftwareToken and AdminUserGlobalSignOut.`,
		Example: `  cognito-enroll admin reset ada --pool-id eu-west-1_AbCdEf123
  cognito-enroll admin reset ada --pool-id eu-west-1_AbCdEf123 --yes ada --json`,
		Args: oneUser,
		RunE: func(cmd *cobra.Command, args []string) error {
			return at(cmd, t, &s, f.asJSON, nil, func(ctx context.Context, d *desk) error {
				return d.reset(ctx, args[0], f)
			})
		},
	}
	s.AddAdminTo(cmd.Flags())
	cmd.Flags().StringVar(&f.yes, "yes", "", "do not ask; you verified the caller, and the username is `NAME`")
	cmd.Flags().BoolVar(&f.passwordAlone, "allow-password-alone", false,
		"go on even if the password alone then opens the account")
	cmd.Flags().BoolVar(&f.forgetDevices, "forget-devices", false, "also forget the remembered devices (asked if omitted)")
	cmd.Flags().BoolVar(&f.keepSessions, "keep-sessions", false, "do not sign the user out")
	cmd.Flags().BoolVar(&f.asJSON, "json", false, "print the receipt as JSON and ask nothing")
	return cmd
}

// oneUser wants the name of one user.
func oneUser(cmd *cobra.Command, args []string) error {
	switch {
	case len(args) == 0:
		return exit.Usagef("add a username, a sub or an email address; "+help.See(cmd), "no user is named")
	case len(args) > 1:
		return help.NoArgs(cmd, args[1:])
	case args[0] == "" || flow.Unprintable(args[0]) != "":
		return exit.Usagef("check the name; "+help.See(cmd), "%q cannot be a user", line(args[0]))
	}
	return nil
}

// found is what there is before anything changes.
type found struct {
	user    cognito.User
	devices []string // keys of remembered ones
	then    next     // once the authenticator is deleted
}

func (d *desk) reset(ctx context.Context, name string, f resetFlags) error {
	was, err := d.look(ctx, name)
	if err != nil {
		return d.fail(err)
	}
	if err := d.show(was); err != nil {
		return d.fail(err)
	}
	forget, err := d.settle(ctx, was, name, f)
	if errors.Is(err, ui.ErrCanceled) {
		fmt.Fprintln(d.out(), "Nothing was changed.")
	}
	if err != nil {
		return d.fail(err)
	}
	r := d.carryOut(ctx, was, forget, f)
	return errors.Join(d.tell(r), r.err())
}

// look reads the user and refuses one who cannot be reset, before anything is touched.
func (d *desk) look(ctx context.Context, name string) (was found, err error) {
	user, problem := d.find(ctx, name)
	if problem != nil {
		return was, problem
	}
	was.user = user
	switch user.Status {
	case cognito.StatusFederated:
		return was, &flow.Error{Code: flow.CodeFederated, Fault: flow.Elsewhere,
			Msg:  fmt.Sprintf("user %s signs in with another provider, and Cognito asks for no MFA", quoted(user.Username)),
			Hint: "reset the authenticator at that provider"}
	case cognito.StatusUnconfirmed:
		return was, &flow.Error{Code: flow.CodeNotConfirmed, Fault: flow.Elsewhere,
			Msg:  fmt.Sprintf("user %s never finished the sign-up, so there is no authenticator to delete", quoted(user.Username)),
			Hint: "the user finishes it with the code that was sent, or you confirm it (AdminConfirmSignUp)"}
	}
	if d.pool.Devices {
		keys, o := d.RememberedDevices(ctx, user.Username)
		if o.Err != nil {
			return was, o.Err
		}
		was.devices = keys
	}
	was.then = follows(d.pool, without(user))
	return was, nil
}

func quoted(text string) string { return strconv.Quote(line(text)) }

// show says what is, and what will be. Where nobody can read that, nothing is changed.
func (d *desk) show(was found) error {
	w, u := &strings.Builder{}, was.user
	fmt.Fprintf(w, "%s\n\n", d.heading())
	rows := [][2]string{
		{"Username", line(u.Username)}, {"Email", orNone(u.Email)}, {"Sub", orUnknown(u.Sub)}, {"Status", status(u)},
		{"Factors", inWords(u.Factors, u.Preferred)}, {"MFA", mfaInWords(d.pool)}, {"Devices", d.devices(was.devices)},
		{"Passkeys", d.passkeys()},
		{"Changed", orUnknown(stamp(u.Modified))}, {"You are", d.by},
	}
	for _, r := range rows {
		fmt.Fprintf(w, "%-10s%s\n", r[0], r[1])
	}
	fmt.Fprintln(w)
	if !u.Has(cognito.FactorTOTP) {
		fmt.Fprintln(w, "Cognito lists no authenticator app as active. One that was never turned on may exist.")
	}
	if !u.Enabled {
		fmt.Fprintln(w, "This user is disabled. A reset does not change that.")
	}
	fmt.Fprintln(w, "If the authenticator is deleted:\n"+willBe(was.then))
	if len(was.devices) > 0 {
		fmt.Fprintln(w, "A remembered device still signs in with the password alone, unless it is forgotten as well.")
	}
	return d.before(w.String())
}

// before prints what is about to be done.
func (d *desk) before(text string) error {
	if _, err := io.WriteString(d.out(), text); err != nil {
		return &cannotWrite{fmt.Sprintf("cannot write what is about to be done: %s", err), "nothing was changed"}
	}
	return nil
}

// after is the error of printing what was done, which then says it.
func after(err error, what string, standing ...string) error {
	if err == nil {
		return nil
	}
	return &cannotWrite{fmt.Sprintf("cannot write %s: %s", what, err), "it says: " + strings.Join(standing, " ")}
}

func orNone(text string) string {
	if text == "" {
		return "none"
	}
	return line(text)
}

func status(u cognito.User) string {
	if u.Enabled {
		return line(u.Status) + ", enabled"
	}
	return line(u.Status) + ", disabled"
}

func (d *desk) devices(keys []string) string {
	switch {
	case !d.pool.Devices:
		return "not remembered in this pool"
	case len(keys) == 1:
		return "1 is remembered"
	}
	return fmt.Sprintf("%d are remembered", len(keys))
}

// passkeys says what can be known of them: Cognito lists them to nobody but the user (API reference,
// ListWebAuthnCredentials).
func (d *desk) passkeys() string {
	if d.pool.NoPasskeys {
		return "not offered for sign-in in this pool"
	}
	return "cannot be seen; one may still sign in"
}

const passwordAloneHint = "give the user a new temporary password first, or disable the user while you are on the phone; " +
	"otherwise add --allow-password-alone"

// settle asks what has to be known before anything changes, and whether to forget the devices.
func (d *desk) settle(ctx context.Context, was found, name string, f resetFlags) (forget bool, err error) {
	silent := f.yes != ""
	if silent && !isName(was.user, name, f.yes) {
		return false, exit.Usagef("give the username after --yes", "--yes %q is not the name of user %s", line(f.yes),
			quoted(was.user.Username))
	}
	if silent && d.guessed != "" {
		return false, exit.Usagef("name it with --pool-id "+d.pool.ID, "user pool %q was found in %s, and nobody confirmed it",
			d.pool.ID, line(d.guessed))
	}
	if !silent {
		if err := d.confirmPool(ctx); err != nil {
			return false, notAsked(err, was.yesHint())
		}
	}
	if was.then == nextPassword && !f.passwordAlone {
		if silent {
			return false, alone(was)
		}
		fmt.Fprintln(d.out(), "\nThis is how accounts are stolen: whoever has the password is in. It is safer to "+
			"give the user a new temporary password first, or to disable the user while you are on the phone.")
		yes, err := d.agree(ctx, "Let the password alone open the account?")
		if err != nil {
			return false, notAsked(err, was.yesHint())
		}
		if !yes {
			return false, alone(was)
		}
	}
	if silent {
		return f.forgetDevices, nil
	}
	yes, err := d.agree(ctx, "Did you verify who is asking, for example by calling back?")
	if err == nil && !yes {
		err = ui.ErrCanceled
	}
	if err != nil {
		return false, notAsked(err, was.yesHint())
	}
	if forget = f.forgetDevices; !forget && len(was.devices) > 0 {
		if forget, err = d.agree(ctx, "Forget the remembered devices, too?"); err != nil {
			return false, notAsked(err, was.yesHint())
		}
	}
	typed, err := d.ask(ctx, fmt.Sprintf("Type the username %s to delete the authenticator:", quoted(was.user.Username)))
	if err == nil && !isName(was.user, was.user.Username, typed) {
		err = ui.ErrCanceled
	}
	return forget, notAsked(err, was.yesHint())
}

func alone(was found) error {
	return &flow.Error{Code: codePasswordAlone, Fault: flow.Elsewhere,
		Msg:  fmt.Sprintf("the password alone would open the account of user %s", quoted(was.user.Username)),
		Hint: passwordAloneHint}
}

// codePasswordAlone is the refusal to leave an account without a second factor.
const codePasswordAlone flow.ErrorCode = "password-alone"

func (was found) yesHint() string {
	return "add --yes NAME if you verified the caller; NAME is " + quoted(was.user.Username)
}

// notAsked says what to add where nobody can be asked.
func notAsked(err error, hint string) error {
	if errors.Is(err, errNotAsked) {
		return exit.Usagef(hint, "nobody can be asked to confirm this")
	}
	return err
}

// isName reports whether typed is the user's own name, or the one by which the user was found.
func isName(u cognito.User, found, typed string) bool {
	return typed != "" && (typed == u.Username || typed == found || typed == u.Sub || typed == u.Email)
}

// receipt is what was done and what is true now.
type receipt struct {
	at        time.Time
	was       found
	forgot    int // devices
	steps     []cognito.Outcome
	keep      bool
	now       cognito.User
	seen      bool       // now was read after the last change
	deleted   flow.Known // the authenticator
	signedOut flow.Known
}

// carryOut does it. It stops at the first call that was refused; what is not known is looked up, and nothing is done
// twice.
func (d *desk) carryOut(ctx context.Context, was found, forget bool, f resetFlags) receipt {
	r := receipt{at: time.Now(), was: was, keep: f.keepSessions, signedOut: flow.No}
	step := func(o cognito.Outcome) flow.Known {
		r.steps = append(r.steps, o)
		return o.Done
	}
	see := func() {
		var o cognito.Outcome
		r.now, o = d.User(ctx, was.user.Username)
		step(o)
		r.seen = o.Err == nil
	}
	r.deleted = step(d.DeleteSoftwareToken(ctx, was.user.Username))
	if r.deleted == flow.Unknown {
		see()
		if r.seen && was.user.Has(cognito.FactorTOTP) && !r.now.Has(cognito.FactorTOTP) {
			r.deleted = flow.Yes
		}
	}
	if r.deleted != flow.Yes {
		return r
	}
	if forget {
		for _, key := range was.devices {
			if step(d.ForgetDevice(ctx, was.user.Username, key)) != flow.Yes {
				break
			}
			r.forgot++
		}
	}
	if !f.keepSessions {
		r.signedOut = step(d.SignOut(ctx, was.user.Username))
	}
	see()
	return r
}

// problem is the first call that did not succeed; a look at the user is none if the last one succeeded.
func (r receipt) problem() *flow.Error {
	for _, o := range r.steps {
		known := r.deleted == flow.Yes && o.Operation == deleteOperation || r.seen && o.Operation == lookOperation
		if o.Err != nil && !known {
			return o.Err
		}
	}
	return nil
}

const deleteOperation, lookOperation = "AdminDeleteSoftwareToken", "AdminGetUser"

// result is the receipt in one word, for programs.
func (r receipt) result() string {
	switch {
	case r.deleted == flow.No:
		return "unchanged"
	case r.deleted == flow.Unknown:
		return unknown
	case r.seen && r.now.Has(cognito.FactorTOTP):
		return "still-listed"
	case r.problem() != nil:
		return "partly"
	}
	return "reset"
}

// codeStillListed says that Cognito lists an authenticator after it was deleted.
const codeStillListed flow.ErrorCode = "still-listed"

// err is how the command ends.
func (r receipt) err() error {
	switch r.result() {
	case "reset":
		return nil
	case "still-listed":
		return &flow.Error{Code: codeStillListed, Fault: flow.Wait, Msg: "Cognito still lists an authenticator app",
			Hint: "run it again, unless the user has enrolled in the meantime"}
	case "partly":
		p := *r.problem()
		p.Msg = "the authenticator was deleted, but not everything else was done: " + p.Msg
		return &p
	}
	return r.problem()
}

// standing says what is true now.
func (d *desk) standing(r receipt) (lines []string) {
	say := func(text string) { lines = append(lines, text) }
	switch r.result() {
	case "unchanged":
		say("Nothing was changed.")
		if r.was.user.Has(cognito.FactorTOTP) {
			say("The authenticator still works.")
		}
		return lines
	case unknown:
		say("Nobody can say whether the authenticator was deleted: the answer was lost.")
		if r.seen && r.now.Has(cognito.FactorTOTP) {
			say("Cognito listed it as active after that.")
		}
		say("Nothing else was changed. It is safe to run this again, unless the user enrolls in the meantime.")
		return lines
	case "still-listed":
		say("Cognito reported the authenticator as deleted, and still lists one. Either the deletion changed nothing, or the " +
			"user has enrolled another one since.")
	default:
		say("The authenticator is deleted. Its codes no longer work.")
		if !r.seen {
			say("The user could not be read after that.")
		} else {
			say(willBe(follows(d.pool, r.now)))
		}
	}
	switch {
	case len(r.was.devices) > r.forgot && r.forgot > 0:
		say(fmt.Sprintf("%d of %d remembered devices are forgotten. The others sign in without MFA.", r.forgot,
			len(r.was.devices)))
	case len(r.was.devices) > r.forgot:
		say(fmt.Sprintf("The remembered devices were not forgotten (%d). They sign in without MFA.", len(r.was.devices)))
	case r.forgot > 0:
		say("The remembered devices are forgotten.")
	}
	if !d.pool.NoPasskeys {
		say("Passkeys cannot be seen from here. If the user has one, it may still sign in, on the lost phone as well.")
	}
	switch {
	case r.signedOut == flow.Yes:
		say("All sessions have ended. An access token may still be accepted elsewhere until it expires.")
	case r.signedOut == flow.Unknown:
		say("Nobody can say whether the sessions have ended: the answer was lost.")
	case r.keep:
		say("The sessions of the user go on.")
	default:
		say("The sessions of the user were not ended.")
	}
	return lines
}

// advice is what to tell the user, "" if there is nothing to tell yet.
func (d *desk) advice(r receipt) string {
	if r.result() != "reset" && r.result() != "partly" || !r.seen {
		return ""
	}
	const old = " Delete the old entry if you find it in an app: its codes no longer work."
	switch follows(d.pool, r.now) {
	case nextEnroll:
		return "Sign in as usual. You are asked to set up an authenticator app: have the new phone ready." + old
	case nextText:
		return "Sign in as usual. A code is sent by text message to the number on file. Block the SIM card of the lost " +
			"phone if that is the number." + old
	case nextEmail:
		return "Sign in as usual. A code is sent by email." + old
	case nextPassword:
		return "Sign in with your password now and set up an authenticator app at once: until then, the password alone " +
			"opens your account." + old
	case nextDisabled:
		return "Your account is disabled. Wait until it is enabled again before you sign in."
	}
	return ""
}

// receiptObject is the receipt for a program.
type receiptObject struct {
	ndjson.Header
	Result  string        `json:"result"` // reset, partly, still-listed, unchanged or unknown
	At      string        `json:"at"`
	By      string        `json:"by"`
	Account string        `json:"account"`
	Region  string        `json:"region"`
	Pool    string        `json:"pool"`
	User    userObject    `json:"user"`          // before
	Now     *userObject   `json:"now,omitempty"` // after, if it could be read
	Calls   []callObject  `json:"calls"`
	Deleted flow.Known    `json:"deleted"` // the authenticator
	Ended   flow.Known    `json:"sessions_ended"`
	Devices deviceCount   `json:"devices"`
	Next    next          `json:"next_sign_in"`
	Stands  string        `json:"standing"`       // what is true now
	Tell    string        `json:"tell,omitempty"` // what to tell the user
	Error   *ndjson.Error `json:"problem,omitempty"`
}

type userObject struct {
	Username  string   `json:"username"`
	Sub       string   `json:"sub,omitempty"`
	Email     string   `json:"email,omitempty"`
	Status    string   `json:"status"`
	Enabled   bool     `json:"enabled"`
	Factors   []string `json:"factors"`
	Preferred string   `json:"preferred,omitempty"`
	Modified  string   `json:"modified,omitempty"`
}

type callObject struct {
	Operation string     `json:"operation"`
	Request   string     `json:"request_id,omitempty"`
	At        string     `json:"at"`
	Done      flow.Known `json:"done"`
}

type deviceCount struct {
	Remembered int `json:"remembered"`
	Forgotten  int `json:"forgotten"`
}

func newUserObject(u cognito.User) userObject {
	return userObject{u.Username, u.Sub, u.Email, u.Status, u.Enabled, append([]string{}, u.Factors...), u.Preferred,
		stamp(u.Modified)}
}

func calls(steps []cognito.Outcome) []callObject {
	all := []callObject{}
	for _, o := range steps {
		all = append(all, callObject{o.Operation, o.Request, stamp(o.At), o.Done})
	}
	return all
}

// tell prints the receipt.
func (d *desk) tell(r receipt) error {
	then := nextUnknown
	if r.seen && r.deleted == flow.Yes {
		then = follows(d.pool, r.now)
	}
	if d.json {
		o := receiptObject{
			Header: header("reset"), Result: r.result(), At: stamp(r.at), By: d.by, Account: d.pool.Account, Region: d.pool.Region,
			Pool: d.pool.ID, User: newUserObject(r.was.user), Calls: calls(r.steps), Deleted: r.deleted, Ended: r.signedOut,
			Devices: deviceCount{len(r.was.devices), r.forgot}, Next: then, Stands: strings.Join(d.standing(r), " "),
			Tell: d.advice(r),
		}
		if r.seen {
			now := newUserObject(r.now)
			o.Now = &now
		}
		if problem, ok := errors.AsType[*flow.Error](r.err()); ok {
			o.Error = ndjson.NewError(problem)
		}
		return after(ndjson.Write(d.terminal.Out, o), "the receipt", d.standing(r)...)
	}
	w := &strings.Builder{}
	fmt.Fprintf(w, "\nReceipt\n%s\nAsked by %s for user %s at %s\n", d.heading(), d.by, quoted(r.was.user.Username), stamp(r.at))
	tellCalls(w, r.steps)
	fmt.Fprintln(w)
	fmt.Fprintln(w, strings.Join(d.standing(r), "\n"))
	if text := d.advice(r); text != "" {
		fmt.Fprintln(w, "\nTell the user:\n"+text)
	}
	_, err := io.WriteString(d.terminal.Text(), w.String())
	return after(err, "the receipt", d.standing(r)...)
}

// tellCalls lists what was asked of Cognito.
func tellCalls(w io.Writer, steps []cognito.Outcome) {
	words := map[flow.Known]string{flow.Yes: "done", flow.No: "refused", flow.Unknown: "unknown"}
	for _, o := range steps {
		fmt.Fprintf(w, "  %-7s %-24s request %s\n", words[o.Done], o.Operation, orUnknown(o.Request))
	}
}
