package main

import (
	"context"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cognito"
	"cognito-enroll/flow"
)

// settings are the flags that say which pool and who.
type settings struct {
	sources
	pool, client, secretFile, region, endpoint string
	username, authFlow, preferred              string
	tokenOnStdin, browse                       bool
	browsed                                    bool                // the client's secret is in the AWS account
	aws                                        cognito.Environment // after config
	options                                    flow.Options        // of the flow, but for what the flags above say
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

func (s *settings) addTo(f *pflag.FlagSet) {
	s.addPoolTo(f)
	s.addUserTo(f)
	s.addFlowTo(f)
	f.BoolVar(&s.browse, "aws-credentials", false, "offer the pools of your AWS account to choose from")
	f.BoolVar(&s.tokenOnStdin, "access-token-stdin", false, "read an access token from stdin in place of signing in")
}

func (s *settings) addUserTo(f *pflag.FlagSet) {
	f.StringVar(&s.username, "username", "", "`NAME` of who signs in (default: asked)")
}

func (s *settings) addPoolTo(f *pflag.FlagSet) {
	f.StringVar(&s.pool, "pool-id", "", "`ID` of the user pool, as in eu-west-1_AbCdEf123")
	f.StringVar(&s.client, "client-id", "", "`ID` of the app client")
	f.StringVar(&s.secretFile, "client-secret-file", "", "`FILE` that holds the app client's secret, if it has one")
	f.StringVar(&s.region, "region", "", "AWS `REGION` (default: the one in the pool id)")
	f.StringVar(&s.endpoint, "endpoint-url", "", "`URL` of another endpoint than AWS's; plain http only on loopback")
	s.sources.addTo(f)
}

func (s *settings) addNamesTo(f *pflag.FlagSet) {
	f.StringVar(&s.options.Device, "device-name", "", "`NAME` of the device, to be edited (default: asked)")
	f.StringVar(&s.options.Issuer, "issuer", "", "`NAME` of the service in the authenticator app (default: Cognito and the pool)")
}

func (s *settings) addFlowTo(f *pflag.FlagSet) {
	f.StringVar(&s.authFlow, "auth-flow", "auto", "`FLOW` to sign in with: auto, srp, password, choice, custom, custom-srp or admin")
	f.StringVar(&s.preferred, "preferred-challenge", "", "`NAME` of what --auth-flow choice begins with, as in PASSWORD_SRP or EMAIL_OTP")
}

func newEnroll() *cobra.Command {
	var s settings
	var f front
	var p picture
	cmd := &cobra.Command{
		Use:   "cognito-enroll [--pool-id ID --client-id ID]",
		Short: "Enrol an authenticator app in an Amazon Cognito user pool",
		Long: `Enrol an authenticator app (TOTP, software token MFA) in an Amazon Cognito user pool.

Signs you in, shows the QR code in the terminal, checks the code of your app, names the
device and shows the result. The password is proved with SRP and does not leave this
machine, unless the app client allows nothing else.

Without a pool it asks for one: what was found in your project, the ids, a token of the pool,
or a choice from your AWS account. AWS credentials are needed for that choice, with
--aws-credentials, and for --auth-flow admin: that is for an administrator who sits with the
user. Nothing else uses them.`,
		Example: `  cognito-enroll --pool-id eu-west-1_AbCdEf123 --client-id 4example5client6id7
  cognito-enroll --pool-profile staging --username alice --issuer "Acme Staging" --prove
  cognito-enroll --aws-credentials
  cognito-enroll demo`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			f.open(cmd)
			client, start, err := s.open(cmd, &f)
			if err != nil {
				return err
			}
			if err := p.check(); err != nil {
				return err
			}
			_, err = f.run(cmd.Context(), job{start: start, pool: client, save: p.saver()})
			return errors.Join(err, p.remove())
		},
	}
	s.addTo(cmd.Flags())
	f.addTo(cmd.Flags())
	p.addTo(cmd.Flags())
	s.addNamesTo(cmd.Flags())
	cmd.Flags().BoolVar(&s.options.Prove, "prove", false, "test the result with a fresh sign-in")
	return cmd
}

// open finds and checks the settings, reads the token that f's stdin may begin with, and returns the
// edge and the state to start from: signing in, or choosing a pool if none is settled.
func (s *settings) open(cmd *cobra.Command, f *front) (*connector, flow.State, error) {
	fail := func(err error) (*connector, flow.State, error) { return nil, flow.State{}, err }
	if s.terraform && s.tokenOnStdin {
		return fail(exit.Usagef("leave one of them out", "--terraform-stdin and --access-token-stdin both read stdin"))
	}
	if err := s.find(cmd, f); err != nil {
		return fail(err)
	}
	o, err := s.flowOptions()
	if err != nil {
		return fail(err)
	}
	if s.tokenOnStdin {
		if o.AccessToken, err = readToken(f.stdin); err != nil {
			return fail(err)
		}
		f.stdinUsed = true
		if err := s.takeIssuer(o.AccessToken); err != nil {
			return fail(err)
		}
	}
	edge, err := s.connector(cmd.Context(), o.AuthFlow == flow.Admin || s.browse && !s.settled())
	if err != nil {
		return fail(err)
	}
	o.Pool, o.Welcome = s.pool, strings.Join(s.told(), "\n")
	if !s.settled() {
		o.Connect, o.Targets, o.Browse = true, s.targets(s.pool), edge.account != nil
		if o.Region = s.region; o.Region == "" {
			o.Region = s.aws.Region
		}
	} else if o.Issuer == "" {
		o.Issuer = issuer(s.pool)
	}
	return edge, flow.Start(o), nil
}

// settled reports whether the app client is known, and so nobody has to be asked.
func (s *settings) settled() bool { return s.pool != "" && s.client != "" }

// takeIssuer settles pool and client by those of an access token, but for what was said.
func (s *settings) takeIssuer(token flow.Secret) error {
	if s.settled() {
		return nil
	}
	pool, client, err := flow.IssuerOf(token)
	if err != nil {
		return err
	}
	if s.pool == "" {
		s.pool = pool
	}
	if s.pool == pool && s.client == "" {
		s.client = client
	}
	return nil
}

// newClient returns the client of the pool, withAWS credentials or, as everybody else, without.
func (s *settings) newClient(ctx context.Context, withAWS bool) (*cognito.Client, error) {
	edge, err := s.connector(ctx, withAWS)
	if err != nil {
		return nil, err
	}
	return edge.to, nil
}

// flowOptions checks the flags that are for the flow.
func (s *settings) flowOptions() (flow.Options, error) {
	o := s.options
	o.Pool, o.Username, o.Preferred = s.pool, s.username, s.preferred
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
		return o, exit.Usagef("choose auto, srp, password, choice, custom, custom-srp or admin", "--auth-flow %q is not one of them", s.authFlow)
	}
	o.AuthFlow = authFlow
	if o.Preferred != "" && authFlow != flow.Choice {
		return o, exit.Usagef("add --auth-flow choice, or leave it out", "--preferred-challenge %q goes with --auth-flow choice alone", o.Preferred)
	}
	if s.tokenOnStdin {
		if authFlow != flow.Auto {
			return o, exit.Usagef("leave one of them out", "--access-token-stdin takes the place of --auth-flow %s", s.authFlow)
		}
		o.AuthFlow = flow.Token
	}
	return o, nil
}

// readSecret reads an app client's secret. On the command line it would be in the shell's history.
func readSecret(file string) (flow.Secret, error) {
	if file == "" {
		return flow.Secret{}, nil
	}
	f, err := openPrivate(file)
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
