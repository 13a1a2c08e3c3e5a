package settings

import (
	"errors"
	"io/fs"
	"os"
	"time"

	"github.com/spf13/pflag"

	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/cognito"
)

// Network are the flags of every command that makes calls, as the AWS CLI has them.
type Network struct {
	timeout              time.Duration // as a cognito.Config has it
	debug                string        // file, or - for stderr
	debugUsers           bool
	trace                *cognito.Trace // once it is open
	caBundle, awsProfile string
}

// AddNetworkTo adds the flags.
func (n *Network) AddNetworkTo(f *pflag.FlagSet) {
	f.Func("timeout", "wait `DURATION` for a call, 2/5 of it for the connection; 0 waits (default: 20s)",
		func(text string) error {
			d, err := time.ParseDuration(text)
			if err != nil || d < 0 {
				return exit.Usagef("give a number and a unit, as in 30s or 2m, or 0 to wait", "--timeout %q is not a duration",
					text)
			}
			if n.timeout = d; d == 0 {
				n.timeout = -1
			}
			return nil
		})
	f.StringVar(&n.caBundle, "ca-bundle", "",
		"trust the certificates in `FILE` (PEM) and no others (default: AWS_CA_BUNDLE)")
	f.StringVar(&n.awsProfile, "profile", "", "use the profile `NAME` of the AWS configuration (default: AWS_PROFILE)")
	f.StringVar(&n.debug, "debug", "", "write a line for each call to `FILE`, without secrets (- is stderr)")
	f.BoolVar(&n.debugUsers, "debug-users", false, "let --debug show the names of users")
	f.BoolFunc("no-verify-ssl", "refused: name a CA bundle instead", func(string) error {
		return exit.Usagef("name the certificate of your proxy or endpoint with --ca-bundle FILE",
			"--no-verify-ssl is refused: anybody on the way could read your password and the key")
	})
	f.Lookup("no-verify-ssl").Hidden = true
}

// DebugsOnStderr reports whether lines are written to stderr while a run goes on.
func (n *Network) DebugsOnStderr() bool { return n.debug == "-" }

// openTrace opens what --debug names, once; nil if that is nothing.
func (n *Network) openTrace(t *terminal.Terminal) (*cognito.Trace, error) {
	switch {
	case n.debug == "" && n.debugUsers:
		return nil, exit.Usagef("add --debug FILE, or leave it out", "--debug-users works only with --debug")
	case n.debug == "" || n.trace != nil:
		return n.trace, nil
	case n.debug == "-":
		n.trace = &cognito.Trace{Out: t.Err, Users: n.debugUsers}
		return n.trace, nil
	}
	if err := t.Allows(n.debug); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(n.debug, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	switch {
	case errors.Is(err, fs.ErrExist):
		return nil, exit.Usagef("choose another name for --debug", "%q exists", n.debug)
	case err != nil:
		return nil, exit.AsUsage(err, "check --debug")
	}
	n.trace = &cognito.Trace{Out: file, Users: n.debugUsers}
	return n.trace, nil
}

// chosen is what the flags choose instead of the environment.
func (n *Network) chosen(t *terminal.Terminal) (cognito.Chosen, error) {
	if n.caBundle != "" {
		if err := t.Allows(n.caBundle); err != nil {
			return cognito.Chosen{}, err
		}
	}
	return cognito.Chosen{
		Profile: n.awsProfile, ProfileName: "flag --profile", CABundle: n.caBundle, CAName: "--ca-bundle",
	}, nil
}
