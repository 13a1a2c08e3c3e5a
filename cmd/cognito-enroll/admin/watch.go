package admin

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cmd/cognito-enroll/settings"
	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/cognito"
	"cognito-enroll/flow"
	"cognito-enroll/ui"
	"cognito-enroll/ui/ndjson"
)

// How often a user is looked at, and how rarely when Cognito refuses that because there are too many requests.
const (
	watchInterval = 3 * time.Second
	longestPause  = 30 * time.Second
	watchTime     = 15 * time.Minute
)

func newWatch(t *terminal.Terminal) *cobra.Command {
	var s settings.Settings
	var asJSON bool
	var limit time.Duration
	cmd := &cobra.Command{
		Use:   "watch USER [--pool-id ID]",
		Short: "See on the phone how far somebody is with enrolling",
		Long: `See how far somebody is with enrolling, while you are on the phone. It looks at the user every three
seconds, and prints a line when something changed: the status, the factors, the preference, the
time of the last change. It changes nothing.

Cognito does not tell administrators about sign-ins, nor that a new authenticator replaced an old
one. It ends when the user is enrolled, and after 15 minutes in any case. The exit code is 0 if the
user is enrolled, and 6 if the time is over.

AWS must allow you cognito-idp:DescribeUserPool, GetUserPoolMfaConfig, AdminGetUser and ListUsers.`,
		Example: `  cognito-enroll admin watch ada --pool-id eu-west-1_AbCdEf123
  cognito-enroll admin watch ada --pool-id eu-west-1_AbCdEf123 --for 5m --json`,
		Args: oneUser,
		RunE: func(cmd *cobra.Command, args []string) error {
			check := func() error {
				if limit < 0 || limit > 24*time.Hour {
					return exit.Usagef("give a time such as 5m", "--for cannot be %s", limit)
				}
				return nil
			}
			return at(cmd, t, &s, asJSON, check, func(ctx context.Context, d *desk) error {
				return d.watch(ctx, args[0], limit)
			})
		},
	}
	s.AddAdminTo(cmd.Flags())
	cmd.Flags().DurationVar(&limit, "for", watchTime, "end after `TIME`, such as 5m")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print an object for each change")
	return cmd
}

// change is what is different from the last look.
type change string

// The changes; the values are stable, for programs.
const (
	changeBegin    change = "begin" // the first look
	changePassword change = "password"
	changeStatus   change = "status"
	changeFactors  change = "factors"
	changePrefer   change = "preferred"
	changeEnabled  change = "enabled"
	changeOther    change = "other"     // only the time of the last change
	changeLost     change = "no-answer" // nothing could be seen
	changeEnrolled change = "enrolled"  // the end
	changeTime     change = "time-over" // the end
)

// changes are the differences between two looks at a user.
func changes(was, now cognito.User) (list []change) {
	if was.Status != now.Status {
		list = append(list, changeStatus)
		if now.Status == cognito.StatusConfirmed &&
			(was.Status == cognito.StatusTemporary || was.Status == cognito.StatusReset) {
			list[0] = changePassword
		}
	}
	if was.Enabled != now.Enabled {
		list = append(list, changeEnabled)
	}
	sorted := func(factors []string) []string { return slices.Sorted(slices.Values(factors)) }
	if !slices.Equal(sorted(was.Factors), sorted(now.Factors)) {
		list = append(list, changeFactors)
	}
	if was.Preferred != now.Preferred {
		list = append(list, changePrefer)
	}
	if len(list) == 0 && !was.Modified.Equal(now.Modified) {
		list = append(list, changeOther)
	}
	return list
}

// inWords says what a change is; nothing of it is more than could be seen.
func (c change) inWords(u cognito.User) string {
	switch c {
	case changeBegin:
		return fmt.Sprintf("User %s: status %s, active factors: %s.", quoted(u.Username), status(u),
			inWords(u.Factors, u.Preferred))
	case changePassword:
		return "The user has chosen a new password. The status is " + line(u.Status) + "."
	case changeStatus:
		return "The status is now " + line(u.Status) + "."
	case changeEnabled:
		return "The user is now " + strings.TrimPrefix(status(u), line(u.Status)+", ") + "."
	case changeFactors:
		return "Active factors are now: " + inWords(u.Factors, u.Preferred) + "."
	case changePrefer:
		if u.Preferred == "" {
			return "No factor is preferred now."
		}
		return "Preferred is now: " + inWords([]string{u.Preferred}, "") + "."
	case changeOther:
		return "Something else was changed, which cannot be seen from here."
	case changeLost:
		return "Cognito does not answer. The next look follows soon."
	case changeEnrolled:
		return "An authenticator app is active."
	}
	return "The time is over, and no authenticator app is active."
}

// watchObject is what was seen at one time.
type watchObject struct {
	ndjson.Header
	At      string     `json:"at"`
	Changes []change   `json:"changes"`
	User    userObject `json:"user"` // as it was seen last
	Text    string     `json:"text"`
}

const seenText = "what was seen"

// seen prints what is new.
func (d *desk) seen(u cognito.User, list ...change) error {
	var texts []string
	for _, c := range list {
		texts = append(texts, c.inWords(u))
	}
	at, text := time.Now(), strings.Join(texts, " ")
	if d.json {
		err := ndjson.Write(d.terminal.Out, watchObject{header("watch"), stamp(at), list, newUserObject(u), text})
		return written(err, seenText, "")
	}
	_, err := fmt.Fprintf(d.terminal.Out, "%s  %s\n", at.Format(time.TimeOnly), text)
	return written(err, seenText, "")
}

// watch looks at a user until there is an authenticator, or the time is over.
func (d *desk) watch(ctx context.Context, name string, limit time.Duration) error {
	u, problem := d.find(ctx, name)
	if problem == nil && u.Status == cognito.StatusFederated {
		problem = &flow.Error{Code: flow.CodeFederated, Fault: flow.Elsewhere,
			Msg:  fmt.Sprintf("user %s signs in with another provider, and Cognito asks for no MFA", quoted(u.Username)),
			Hint: "look at that provider"}
	}
	if problem != nil {
		return d.fail(problem)
	}
	fmt.Fprintf(d.out(), "%s\n\n%s\n\n", d.heading(), "Sign-ins cannot be seen, nor that a new authenticator replaced "+
		"an old one. Press Ctrl+C to end.")
	if err := d.seen(u, changeBegin); err != nil {
		return err
	}
	end := time.Now().Add(limit)
	pause, lost := watchInterval, false
	for {
		if u.Has(cognito.FactorTOTP) {
			return d.seen(u, changeEnrolled)
		}
		left := time.Until(end)
		if left <= 0 {
			if err := d.seen(u, changeTime); err != nil {
				return err
			}
			return exit.ErrNotEnrolled
		}
		select {
		case <-time.After(min(pause, left)):
		case <-ctx.Done():
			return ui.ErrCanceled
		}
		now, o := d.UserOnce(ctx, u.Username)
		switch {
		case ctx.Err() != nil:
			return ui.ErrCanceled
		case o.Pause:
			pause = min(2*pause, longestPause)
		case o.Err != nil && o.Err.Fault == flow.Wait:
			if !lost {
				if err := d.seen(u, changeLost); err != nil {
					return err
				}
			}
			lost = true
		case o.Err != nil:
			return d.fail(o.Err)
		default:
			pause, lost = watchInterval, false
			list := changes(u, now)
			if u = now; len(list) > 0 {
				if err := d.seen(u, list...); err != nil {
					return err
				}
			}
		}
	}
}
