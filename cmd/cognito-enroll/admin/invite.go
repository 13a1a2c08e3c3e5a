package admin

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cmd/cognito-enroll/inspect"
	"cognito-enroll/cmd/cognito-enroll/settings"
	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/cognito"
	"cognito-enroll/flow"
	"cognito-enroll/ui"
	"cognito-enroll/ui/ndjson"
	"cognito-enroll/ui/qrcode"
)

// inviteFlags are those of admin invite.
type inviteFlags struct {
	create, resetPassword, showPassword, cancel bool
	email, phone, yes, ssh                      string
	qr, asJSON                                  bool
}

func newInvite(t *terminal.Terminal) *cobra.Command {
	var s settings.Settings
	var f inviteFlags
	cmd := &cobra.Command{
		Use:   "invite USER [--pool-id ID --client-id ID]",
		Short: "Hand an enrollment over to somebody",
		Long: `Hand an enrollment over to somebody, and print what to send. There is no secret in it: Cognito sends
the temporary password or the code, and you see neither. First it checks whether an enrollment can
work with this app client, as doctor does.

A user who is confirmed is left alone: there is only the text. With --reset-password, Cognito sends
that user a code for a new password. A user who never signed in gets the invitation again, and an
older one stops working. A new user is created only with --create, and --email or --phone.

With --show-password nothing is sent. A temporary password is shown once, for you to read out.
With --cancel an open invitation stops working. No user is ever deleted.

AWS must allow you cognito-idp:DescribeUserPool, GetUserPoolMfaConfig, DescribeUserPoolClient,
AdminGetUser, ListUsers, and AdminCreateUser, AdminSetUserPassword or AdminResetUserPassword.`,
		Example: `  cognito-enroll admin invite ada --pool-id eu-west-1_AbCdEf123 --client-id 4example5client6id7
  cognito-enroll admin invite ada --pool-id eu-west-1_AbCdEf123 --client-id 4example5client6id7 \
      --create --email ada@example.com --yes ada --json`,
		Args: oneUser,
		RunE: func(cmd *cobra.Command, args []string) error {
			check := func() error { return f.check(t) }
			return at(cmd, t, &s, f.asJSON, check, func(ctx context.Context, d *desk) error {
				if s.Client == "" {
					return d.fail(exit.Usagef("name it with --client-id", "no app client is known"))
				}
				return d.invite(ctx, args[0], f)
			})
		},
	}
	s.AddPoolTo(cmd.Flags())
	cmd.Flags().BoolVar(&f.create, "create", false, "create the user; needs --email or --phone")
	cmd.Flags().StringVar(&f.email, "email", "", "with --create, have the invitation sent to `ADDRESS`")
	cmd.Flags().StringVar(&f.phone, "phone", "", "with --create, have the invitation sent to `NUMBER`, such as +15555550123")
	cmd.Flags().BoolVar(&f.resetPassword, "reset-password", false, "have a confirmed user choose a new password, with a code")
	cmd.Flags().BoolVar(&f.showPassword, "show-password", false, "send nothing; show a temporary password once to read out")
	cmd.Flags().BoolVar(&f.cancel, "cancel", false, "make an open invitation useless")
	cmd.Flags().StringVar(&f.ssh, "ssh", "", "name the line ssh -t `HOST` instead of the command")
	cmd.Flags().BoolVar(&f.qr, "qr", false, "also draw the text as a QR code")
	cmd.Flags().StringVar(&f.yes, "yes", "", "do not ask; the username is `NAME`")
	cmd.Flags().BoolVar(&f.asJSON, "json", false, "print JSON and ask nothing")
	return cmd
}

func (f inviteFlags) check(t *terminal.Terminal) error {
	chosen := 0
	for _, one := range []bool{f.create, f.resetPassword, f.cancel} {
		if one {
			chosen++
		}
	}
	for _, text := range []string{f.email, f.phone, f.ssh} {
		if bad := flow.Unprintable(text); bad != "" {
			return exit.Usagef("leave it out", "%q has a character that cannot be printed: %s", text, bad)
		}
	}
	switch {
	case chosen > 1:
		return exit.Usagef("choose one of them", "--create, --reset-password and --cancel cannot be used together")
	case f.create && f.email == "" && f.phone == "":
		return exit.Usagef("say where Cognito sends the temporary password", "--create needs --email or --phone")
	case !f.create && f.email+f.phone != "":
		return exit.Usagef("add --create, or leave them out", "--email and --phone are for a new user")
	case f.showPassword && (f.resetPassword || f.cancel):
		return exit.Usagef("leave it out", "--show-password works only for a new user or an open invitation")
	case f.showPassword && (f.asJSON || !t.Interactive() || t.Getenv("TERM") == "dumb"):
		return exit.Usagef("run it in a terminal, without pipes and --json", "--show-password needs a terminal")
	case f.qr && (f.asJSON || t.OutKind != terminal.Screen):
		return exit.Usagef("run it in a terminal, without pipes and --json", "--qr needs a terminal")
	case strings.HasPrefix(f.ssh, "-") || strings.ContainsAny(f.ssh, " \t'\"\\$`;&|<>()*?#!"):
		return exit.Usagef("give a host, as in --ssh enroll.example.com", "--ssh %q is not a host", f.ssh)
	}
	return nil
}

// step is what an invitation asks of Cognito.
type step string

// The steps; the values are stable, for programs.
const (
	stepNothing step = "none"           // the text is all there is
	stepCreate  step = "create"         // and send
	stepResend  step = "resend"         // a new temporary password
	stepCode    step = "reset-password" // a code for a new password
	stepShow    step = "show-password"  // send nothing
	stepCancel  step = "cancel"         // a password that nobody knows
)

// invitation is what is asked, and what came of it.
type invitation struct {
	user    cognito.User // as far as there is one
	exists  bool
	step    step
	done    flow.Known // of the step; Yes for none
	steps   []cognito.Outcome
	until   time.Time // the temporary password is good
	problem *flow.Error
}

func (d *desk) invite(ctx context.Context, name string, f inviteFlags) error {
	if !f.cancel {
		if err := d.preflight(ctx); err != nil {
			return d.fail(err)
		}
	}
	i, err := d.plan(ctx, name, f)
	if err != nil {
		return d.fail(err)
	}
	if err := d.before(fmt.Sprintf("%s\n\n%s\n", d.heading(), i.before(d.pool))); err != nil {
		return d.fail(err)
	}
	if err := d.settleInvite(ctx, i, name, f); err != nil {
		if errors.Is(err, ui.ErrCanceled) {
			fmt.Fprintln(d.out(), "Nothing was changed.")
		}
		return d.fail(err)
	}
	var shown flow.Secret
	if shown, err = d.perform(ctx, &i, name, f); err != nil {
		return d.fail(err)
	}
	if err := d.tellInvite(ctx, i, f); err != nil {
		return err
	}
	if i.problem != nil {
		return i.problem
	}
	return d.showOnce(ctx, shown)
}

// preflight refuses to invite somebody to what cannot work.
func (d *desk) preflight(ctx context.Context) error {
	c, err := d.settings.NewClient(ctx, d.terminal, true)
	if err != nil {
		return err
	}
	err = inspect.Conclude(c.Inspect(ctx).Findings)
	if problem, ok := errors.AsType[*flow.Error](err); ok && problem.Code == "" {
		problem.Code = codePreflight
	}
	return err
}

// codePreflight says that an enrollment would not work.
const codePreflight flow.ErrorCode = "preflight"

// plan decides what to do about the user, and refuses what would not help.
func (d *desk) plan(ctx context.Context, name string, f inviteFlags) (i invitation, err error) {
	i.done = flow.Yes
	user, problem := d.find(ctx, name)
	switch {
	case cognito.NotFound(problem) && f.create:
		i.step = stepCreate
		i.user = cognito.User{Username: name, Email: f.email, Phone: f.phone}
		if f.showPassword {
			i.step = stepShow
		}
		return i, nil
	case cognito.NotFound(problem) && !strings.HasPrefix(problem.Hint, "did you mean"):
		problem.Hint = "check the name, or add --create and --email ADDRESS for a new user"
		return i, problem
	case problem != nil:
		return i, problem
	}
	i.user, i.exists, i.step = user, true, stepNothing
	refuse := func(hint, format string, args ...any) (invitation, error) {
		return i, &flow.Error{Code: cognito.WrongStatus, Fault: flow.Elsewhere, Msg: fmt.Sprintf(format, args...), Hint: hint}
	}
	named := quoted(user.Username)
	open := user.Status == cognito.StatusTemporary
	if open {
		i.until = user.Modified.Add(time.Duration(d.pool.TemporaryDays) * 24 * time.Hour)
	}
	switch {
	case f.create:
		return refuse("leave --create and the address out", "user %s exists already", named)
	case user.Status == cognito.StatusFederated:
		return i, &flow.Error{Code: flow.CodeFederated, Fault: flow.Elsewhere,
			Msg:  fmt.Sprintf("user %s signs in with another provider, and Cognito asks for no MFA", named),
			Hint: "set MFA up at that provider"}
	case !user.Enabled && !f.cancel:
		return refuse("enable the user first (AdminEnableUser)", "user %s is disabled", named)
	case user.Status == cognito.StatusUnconfirmed:
		return refuse("the user finishes it with the code that was sent, or you confirm it (AdminConfirmSignUp)",
			"user %s never finished the sign-up", named)
	case f.cancel && !open:
		return refuse("there is nothing to cancel", "user %s has no open invitation", named)
	case f.showPassword && !open:
		return refuse("leave --show-password out; --reset-password has a code sent",
			"user %s has a password, which is left alone", named)
	case f.resetPassword && open:
		return refuse("leave --reset-password out: the invitation is sent again",
			"user %s has no password yet", named)
	case f.cancel:
		i.step = stepCancel
	case f.showPassword:
		i.step = stepShow
	case f.resetPassword:
		i.step = stepCode
	case open:
		i.step = stepResend
	}
	return i, nil
}

// before says what is, and what will be done.
func (i invitation) before(p cognito.Pool) string {
	named := quoted(i.user.Username)
	days := count(p.TemporaryDays, "{n} day", "{n} days")
	isOpen := ""
	if !i.until.IsZero() {
		isOpen = fmt.Sprintf("An invitation for user %s is open. It works until about %s. ", named, stamp(i.until))
		if time.Now().After(i.until) {
			isOpen = fmt.Sprintf("The invitation for user %s has expired, at about %s. ", named, stamp(i.until))
		}
	}
	switch i.step {
	case stepCreate:
		to := orNone(i.user.Email)
		if i.user.Email == "" {
			to = line(i.user.Phone)
		}
		return fmt.Sprintf("There is no user %s. Cognito creates the user and sends a temporary password to %s. It works for %s.",
			named, to, days)
	case stepResend:
		return isOpen + "Cognito sends a new temporary password, and the old one stops working. The new one works for " + days + "."
	case stepCode:
		return fmt.Sprintf("User %s is in status %s. The password stops working, and Cognito sends the user a code to choose a "+
			"new one.", named, line(i.user.Status))
	case stepShow:
		return isOpen + "Cognito sends nothing. A temporary password is shown here once. It works for " + days + "."
	case stepCancel:
		return isOpen + "The temporary password is replaced by one that nobody knows. The user stays."
	}
	return fmt.Sprintf("User %s is in status %s and has a password. Nothing is changed, and nothing is sent. Active factors: %s.",
		named, line(i.user.Status), inWords(i.user.Factors, i.user.Preferred))
}

// settleInvite asks before something changes.
func (d *desk) settleInvite(ctx context.Context, i invitation, name string, f inviteFlags) error {
	if i.step == stepNothing {
		return nil
	}
	if f.yes != "" {
		switch {
		case !isName(i.user, name, f.yes):
			return exit.Usagef("give the username after --yes", "--yes %q is not the name of user %s", line(f.yes),
				quoted(i.user.Username))
		case d.guessed != "":
			return exit.Usagef("name it with --pool-id "+d.pool.ID, "user pool %q was found in %s, and nobody confirmed it",
				d.pool.ID, line(d.guessed))
		}
		return nil
	}
	err := d.confirmPool(ctx)
	yes := false
	if err == nil {
		if yes, err = d.agree(ctx, "Go on?"); err == nil && !yes {
			err = ui.ErrCanceled
		}
	}
	return notAsked(err, "add --yes NAME to go on unasked; NAME is "+quoted(i.user.Username))
}

// perform makes the one call of the step. A lost answer is looked up as far as that tells.
func (d *desk) perform(ctx context.Context, i *invitation, name string, f inviteFlags) (shown flow.Secret, err error) {
	var password flow.Secret
	if i.step == stepShow || i.step == stepCancel {
		length := 16
		if i.step == stepCancel {
			length = 40
		}
		if password, err = cognito.NewPassword(rand.Reader, max(length, d.pool.MinimumLength)); err != nil {
			return shown, err
		}
	}
	var o cognito.Outcome
	u := i.user
	switch {
	case i.step == stepNothing:
		return shown, nil
	case i.step == stepCreate || i.step == stepShow && !i.exists:
		u, o = d.Create(ctx, cognito.NewUser{Username: name, Email: f.email, Phone: f.phone, Password: password})
	case i.step == stepResend:
		u, o = d.Resend(ctx, i.user.Username)
	case i.step == stepCode:
		o = d.ResetPassword(ctx, i.user.Username)
	default:
		o = d.SetTemporaryPassword(ctx, i.user.Username, password)
	}
	i.steps, i.done, i.problem = append(i.steps, o), o.Done, o.Err
	if o.Err == nil {
		i.user.Username, i.user.Status = u.Username, u.Status
		if i.step != stepCode && i.step != stepCancel {
			i.until = o.At.Add(time.Duration(d.pool.TemporaryDays) * 24 * time.Hour)
		}
		if i.step == stepShow {
			shown = password
		}
		return shown, nil
	}
	if o.Done == flow.Unknown && !i.exists { // whether there is a user is all that can be seen
		found, o := d.User(ctx, name)
		i.steps = append(i.steps, o)
		i.exists = o.Err == nil
		if i.exists {
			i.user = found
		}
	}
	return shown, nil
}

// after says what is true now.
func (i invitation) after() string {
	named := quoted(i.user.Username)
	switch {
	case i.step == stepNothing:
		return "Nothing was changed."
	case i.done == flow.No:
		return "Nothing was changed."
	case i.done == flow.Unknown && i.step == stepCreate && i.exists:
		return fmt.Sprintf("User %s exists now. Nobody can say whether the invitation was sent. Run this again without --create: "+
			"it is sent again.", named)
	case i.done == flow.Unknown && !i.exists:
		return "The answer was lost, and no such user is seen. Run it again; if there is a user by then, leave --create out."
	case i.done == flow.Unknown && i.step == stepShow:
		return "The answer was lost. Nobody can say whether the password was set, so it is not shown. Run this again, without " +
			"--create if the user exists."
	case i.done == flow.Unknown:
		return "The answer was lost, and nobody can say whether it was done. It is safe to run this again."
	}
	switch i.step {
	case stepCreate:
		return fmt.Sprintf("User %s was created, and Cognito sends a temporary password.", named)
	case stepResend:
		return "Cognito sends a new temporary password. Older ones no longer work."
	case stepCode:
		return "Cognito sends a code. The password no longer works."
	case stepCancel:
		return "The invitation no longer works. To invite the user again, run this without --cancel."
	}
	return "The temporary password is set. Cognito sends nothing."
}

// shellQuoted is a word as a POSIX shell takes it for itself.
func shellQuoted(text string) string {
	plain := text != "" && strings.IndexFunc(text, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("@%+=:,./_-", r))
	}) < 0
	if plain && !strings.HasPrefix(text, "-") {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

// command is what the user runs.
func (d *desk) command(u cognito.User, f inviteFlags) string {
	if f.ssh != "" {
		return "ssh -t " + f.ssh
	}
	name := u.Username
	if u.Email != "" && name == u.Sub { // a UUID, in a pool where users are called by an address
		name = u.Email
	}
	text := "cognito-enroll --pool-id " + d.pool.ID + " --client-id " + shellQuoted(d.settings.Client)
	if d.settings.Endpoint != "" {
		text += " --endpoint-url " + shellQuoted(flow.Printable(d.settings.Endpoint))
	}
	return text + " --username=" + shellQuoted(line(name))
}

// message is what to send to the user; "" if there is nothing to invite to. There is no secret in it.
func (d *desk) message(i invitation, f inviteFlags) string {
	if i.step == stepCancel || i.done == flow.No || i.done == flow.Unknown {
		return ""
	}
	lines := []string{
		fmt.Sprintf("Please set up an authenticator app for your account %s (%s).", quoted(i.user.Username), line(d.pool.Name)),
		"Have your phone ready, and run this in a terminal:",
		"",
		"  " + d.command(i.user, f),
		"",
	}
	switch i.step {
	case stepCreate, stepResend:
		lines = append(lines, "Sign in with the temporary password that was sent to you. It works until about "+stamp(i.until)+".")
	case stepShow:
		lines = append(lines, "Sign in with the temporary password that you are told. It works until about "+stamp(i.until)+".")
	case stepCode:
		lines = append(lines, "A code was sent to you. Choose a new password with it when you are asked.")
	default:
		lines = append(lines, "Sign in with your password.")
	}
	return strings.Join(lines, "\n")
}

// inviteObject is an invitation for a program.
type inviteObject struct {
	ndjson.Header
	Step    step          `json:"step"`
	Done    flow.Known    `json:"done"`
	By      string        `json:"by"`
	Account string        `json:"account"`
	Region  string        `json:"region"`
	Pool    string        `json:"pool"`
	User    userObject    `json:"user"`
	Calls   []callObject  `json:"calls"`
	Until   string        `json:"until,omitempty"`   // the temporary password works
	Command string        `json:"command,omitempty"` // that the user runs
	Message string        `json:"message,omitempty"` // to send to the user
	Stands  string        `json:"standing"`
	Error   *ndjson.Error `json:"problem,omitempty"`
}

func (d *desk) tellInvite(ctx context.Context, i invitation, f inviteFlags) error {
	message := d.message(i, f)
	if d.json {
		o := inviteObject{
			Header: header("invite"), Step: i.step, Done: i.done, By: d.by, Account: d.pool.Account, Region: d.pool.Region,
			Pool: d.pool.ID, User: newUserObject(i.user), Calls: calls(i.steps), Message: message, Stands: i.after(),
			Error: ndjson.NewError(i.problem),
		}
		if message != "" {
			o.Until, o.Command = stamp(i.until), d.command(i.user, f)
		}
		return after(ndjson.Write(d.terminal.Out, o), "the invitation", i.after())
	}
	said, toCopy := &strings.Builder{}, &strings.Builder{} // no line of the latter is broken
	fmt.Fprintln(said)
	tellCalls(said, i.steps)
	fmt.Fprintln(said, i.after())
	if message != "" {
		fmt.Fprintf(toCopy, "\nSend this to the user:\n\n%s\n", message)
	}
	if message != "" && f.qr {
		d.draw(ctx, toCopy, message)
	}
	_, err := io.WriteString(d.terminal.Text(), said.String())
	if err == nil {
		_, err = io.WriteString(d.terminal.Out, toCopy.String())
	}
	return after(err, "the invitation", i.after())
}

// draw draws message as a QR code. The window can be made higher afterwards: nothing has to be run again.
func (d *desk) draw(ctx context.Context, w io.Writer, message string) {
	room := d.terminal.Facts(ctx).Room()
	rows := room.Height
	room.Height = math.MaxInt
	picture, err := qrcode.Draw(message, room)
	if err != nil {
		fmt.Fprintf(w, "\nThe QR code cannot be drawn: %s.\n", err)
		return
	}
	fmt.Fprintln(w, "\n"+strings.Join(picture.Lines, "\n"))
	if picture.Height > rows {
		fmt.Fprintf(w, "\n%s\n", flow.Fill("The QR code is {rows} rows high. Make the window higher to "+
			"scan it.", "rows", strconv.Itoa(picture.Height)))
	}
}

// The alternate screen of a terminal leaves nothing in what can be scrolled back (xterm, "Control Sequences").
const alternateScreen, mainScreen = "\x1b[?1049h\x1b[H\x1b[2J", "\x1b[2J\x1b[?1049l"

// showOnce shows a password on a screen of its own until Enter is pressed.
func (d *desk) showOnce(ctx context.Context, password flow.Secret) error {
	if password.Empty() {
		return nil
	}
	io.WriteString(d.terminal.Out, alternateScreen)
	_, err := d.ask(ctx, fmt.Sprintf("The temporary password is\n\n    %s\n\nRead it out, and press Enter to take it off the "+
		"screen.", password.Reveal()))
	io.WriteString(d.terminal.Out, mainScreen)
	if errors.Is(err, ui.ErrCanceled) {
		return nil // it was shown
	}
	return err
}
