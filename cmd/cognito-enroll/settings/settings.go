// Package settings is what says which pool, which app client and who: flags, and what is found without them.
package settings

import (
	"bufio"
	"context"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/cognito"
	"cognito-enroll/flow"
)

// Settings are the flags that say which pool and who.
type Settings struct {
	Sources
	Pool, Client, SecretFile, Region, Endpoint string
	TokenOnStdin                               bool         // an access token instead of signing in
	Browsed                                    bool         // the client's secret is in the AWS account
	Options                                    flow.Options // of the flow, but for what the flags here say

	username, authFlow, preferred string
	browse                        bool
	aws                           cognito.Environment // after config
}

var authFlows = map[string]flow.AuthFlow{
	"auto":       flow.Auto,
	"srp":        flow.SRP,
	"password":   flow.Password,
	"choice":     flow.Choice,
	"custom":     flow.Custom,
	"custom-srp": flow.CustomSRP,
	"admin":      flow.Admin,
}

// Values are those of the flags that have a fixed set of them, and what each means.
var Values = map[string][]cobra.Completion{
	"auth-flow": {
		"auto\tSRP, and what the client allows instead",
		"srp\tthe password is proved and stays here",
		"password\tthe password is sent to Cognito",
		"choice\tthe pool offers ways to sign in",
		"custom\tthe questions of the pool's own triggers",
		"custom-srp\tthe password, then those questions",
		"admin\twith AWS credentials, beside the user",
	},
	"preferred-challenge": {
		"PASSWORD\tthe password, sent to Cognito",
		"PASSWORD_SRP\tthe password, proved",
		"EMAIL_OTP\ta code by e-mail",
		"SMS_OTP\ta code by SMS",
		"WEB_AUTHN\ta passkey, which needs a browser",
	},
}

// AddTo adds the flags that say which pool and who, and how to sign in.
func (s *Settings) AddTo(f *pflag.FlagSet) {
	s.AddPoolTo(f)
	s.AddUserTo(f)
	s.AddFlowTo(f)
	f.BoolVar(&s.browse, "aws-credentials", false, "offer the pools of your AWS account to choose from")
	f.BoolVar(&s.TokenOnStdin, "access-token-stdin", false, "read an access token from stdin in place of signing in")
}

// AddUserTo adds the flag that says who.
func (s *Settings) AddUserTo(f *pflag.FlagSet) {
	f.StringVar(&s.username, "username", "", "`NAME` of who signs in (default: asked)")
}

// AddPoolTo adds the flags that say which pool.
func (s *Settings) AddPoolTo(f *pflag.FlagSet) {
	f.StringVar(&s.Pool, "pool-id", "", "`ID` of the user pool, as in eu-west-1_AbCdEf123")
	f.StringVar(&s.Client, "client-id", "", "`ID` of the app client")
	f.StringVar(&s.SecretFile, "client-secret-file", "", "`FILE` that holds the app client's secret, if it has one")
	f.StringVar(&s.Region, "region", "", "AWS `REGION` (default: the one in the pool id)")
	f.StringVar(&s.Endpoint, "endpoint-url", "", "`URL` of another endpoint than AWS's; plain http only on loopback")
	s.Sources.AddTo(f)
}

// AddNamesTo adds the flags for what the enrollment is called.
func (s *Settings) AddNamesTo(f *pflag.FlagSet) {
	f.StringVar(&s.Options.Device, "device-name", "", "`NAME` of the device, to be edited (default: asked)")
	f.StringVar(
		&s.Options.Issuer,
		"issuer",
		"",
		"`NAME` of the service in the authenticator app (default: Cognito and the pool)",
	)
}

// AddFlowTo adds the flags that say how to sign in.
func (s *Settings) AddFlowTo(f *pflag.FlagSet) {
	f.StringVar(
		&s.authFlow,
		"auth-flow",
		"auto",
		"`FLOW` to sign in with: auto, srp, password, choice, custom, custom-srp or admin",
	)
	f.StringVar(
		&s.preferred,
		"preferred-challenge",
		"",
		"`NAME` of what --auth-flow choice begins with, as in PASSWORD_SRP or EMAIL_OTP",
	)
}

// Open finds and checks the settings, reads the token that t's stdin may begin with, and returns the
// edge and the state to start from: signing in, or choosing a pool if that is not known.
func (s *Settings) Open(ctx context.Context, flags *pflag.FlagSet, t *terminal.Terminal) (*Edge, flow.State, error) {
	fail := func(err error) (*Edge, flow.State, error) { return nil, flow.State{}, err }
	if s.terraform && s.TokenOnStdin {
		return fail(exit.Usagef("leave one of them out", "--terraform-stdin and --access-token-stdin both read stdin"))
	}
	if err := s.Find(flags, t); err != nil {
		return fail(err)
	}
	o, err := s.FlowOptions()
	if err != nil {
		return fail(err)
	}
	if s.TokenOnStdin {
		if o.AccessToken, err = readToken(t.Data()); err != nil {
			return fail(err)
		}
		if err := s.takeIssuer(o.AccessToken); err != nil {
			return fail(err)
		}
	}
	edge, err := s.edge(ctx, t, o.AuthFlow == flow.Admin || s.browse && !s.complete())
	if err != nil {
		return fail(err)
	}
	o.Pool, o.Welcome = s.Pool, strings.Join(s.Origins(), "\n")
	if !s.complete() {
		o.Connect, o.Targets, o.Browse = true, s.targets(s.Pool), edge.account != nil
		if o.Region = s.Region; o.Region == "" {
			o.Region = s.aws.Region
		}
	} else if o.Issuer == "" {
		o.Issuer = issuer(s.Pool)
	}
	return edge, flow.Start(o), nil
}

// complete reports whether the app client is known, and so nobody has to be asked.
func (s *Settings) complete() bool { return s.Pool != "" && s.Client != "" }

// takeIssuer settles pool and client by those of an access token, but for what was said.
func (s *Settings) takeIssuer(token flow.Secret) error {
	if s.complete() {
		return nil
	}
	pool, client, err := flow.IssuerOf(token)
	if err != nil {
		return err
	}
	if s.Pool == "" {
		s.Pool = pool
	}
	if s.Pool == pool && s.Client == "" {
		s.Client = client
	}
	return nil
}

// NewClient returns the client of the pool, withAWS credentials or, as everybody else, without.
func (s *Settings) NewClient(ctx context.Context, t *terminal.Terminal, withAWS bool) (*cognito.Client, error) {
	edge, err := s.edge(ctx, t, withAWS)
	if err != nil {
		return nil, err
	}
	return edge.to, nil
}

// FlowOptions checks the flags that are for the flow.
func (s *Settings) FlowOptions() (flow.Options, error) {
	o := s.Options
	o.Pool, o.Username, o.Preferred = s.Pool, s.username, s.preferred
	for flag, value := range map[string]string{"username": o.Username, "device-name": o.Device, "issuer": o.Issuer} {
		if strings.ContainsFunc(value, func(r rune) bool { return !strconv.IsPrint(r) }) {
			return o, exit.Usagef("leave control characters out of it", "--%s %q cannot be printed", flag, value)
		}
	}
	if o.Issuer != "" && flow.Label(o.Issuer) == "" {
		return o, exit.Usagef("give the name that your app is to show", "--issuer is blank")
	}
	authFlow, ok := authFlows[s.authFlow]
	if !ok {
		return o, exit.Usagef(
			"choose auto, srp, password, choice, custom, custom-srp or admin",
			"--auth-flow %q is not one of them",
			s.authFlow,
		)
	}
	o.AuthFlow = authFlow
	if o.Preferred != "" && authFlow != flow.Choice {
		return o, exit.Usagef(
			"add --auth-flow choice, or leave it out",
			"--preferred-challenge %q goes with --auth-flow choice alone",
			o.Preferred,
		)
	}
	if s.TokenOnStdin {
		if authFlow != flow.Auto {
			return o, exit.Usagef("leave one of them out", "--access-token-stdin takes the place of --auth-flow %s", s.authFlow)
		}
		o.AuthFlow = flow.Token
	}
	return o, nil
}

// readSecret reads an app client's secret. On the command line it would be in the shell's history.
func readSecret(t *terminal.Terminal, file string) (flow.Secret, error) {
	if file == "" {
		return flow.Secret{}, nil
	}
	f, err := t.OpenPrivate(file)
	if err != nil {
		return flow.Secret{}, err
	}
	defer f.Close()
	const most = 4096
	text, err := io.ReadAll(io.LimitReader(f, most))
	if err != nil {
		return flow.Secret{}, exit.Usagef("check --client-secret-file", "%s", err)
	}
	secret := strings.TrimSpace(string(text))
	if secret == "" {
		return flow.Secret{}, exit.Usagef("put the app client's secret into it, alone", "%q is empty", file)
	}
	return flow.NewSecret(secret), nil
}

// readToken reads an access token, the first line of stdin. Of its claims flow judges.
func readToken(stdin *bufio.Reader) (flow.Secret, error) {
	const longest = 16384
	var text strings.Builder
	for text.Len() < longest {
		c, err := stdin.ReadByte()
		if err == io.EOF || err == nil && c == '\n' && strings.TrimSpace(text.String()) != "" {
			break
		}
		if err != nil {
			return flow.Secret{}, exit.Usagef("pipe an access token to it", "stdin cannot be read: %s", err)
		}
		text.WriteByte(c)
	}
	token := flow.NewSecret(strings.TrimSpace(text.String()))
	if token.Empty() {
		return token, exit.Usagef(
			"pipe an access token to it, as in cognito-enroll --access-token-stdin <token.txt",
			"there is no access token on stdin",
		)
	}
	return token, nil
}
