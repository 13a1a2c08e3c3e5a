// Package settings is what says which pool, which app client and who: flags, and what is found without them.
package settings

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"strings"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"cognito-enroll/cmd/cognito-enroll/config"
	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/cognito"
	"cognito-enroll/flow"
)

// Settings are the flags that say which pool and who.
type Settings struct {
	Sources
	Network
	Pool, Client, SecretFile, Region, Endpoint string
	TokenOnStdin                               bool         // an access token instead of signing in
	SessionOnStdin                             bool         // the Session of a sign-in that another program began
	Browsed                                    bool         // the client's secret is in the AWS account
	Options                                    flow.Options // of the flow, but for what the flags here say

	// TakeOne reports whether the only pool that was found may be taken without a question: the front end shows which
	// one it is before it reads a password. Nil is never.
	TakeOne func() bool

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
		"auto\tSRP; if the app client refuses that, you are asked before the password itself is sent",
		"srp\tthe password is proved and stays on this machine",
		"password\tthe password is sent to Cognito",
		"choice\tthe pool offers ways to sign in; you choose",
		"custom\tthe questions of the pool's own triggers",
		"custom-srp\tthe password, then those questions",
		"admin\twith AWS credentials, for an administrator",
	},
	"preferred-challenge": {
		"PASSWORD\tthe password, sent to Cognito",
		"PASSWORD_SRP\tthe password, proved with SRP",
		"EMAIL_OTP\ta code by email",
		"SMS_OTP\ta code by text message",
		"WEB_AUTHN\ta passkey, which needs a browser",
	},
}

// AddTo adds the flags that say which pool and who, and how to sign in.
func (s *Settings) AddTo(f *pflag.FlagSet) {
	s.AddPoolTo(f)
	s.AddUserTo(f)
	s.AddFlowTo(f)
	f.BoolVar(&s.browse, "aws-credentials", false, "offer the pools of your AWS account")
	f.BoolVar(&s.TokenOnStdin, "access-token-stdin", false, "read an access token from stdin instead of signing in")
}

// AddSessionTo adds the flags for a sign-in that another program began.
func (s *Settings) AddSessionTo(f *pflag.FlagSet) {
	f.BoolVar(&s.SessionOnStdin, "session-stdin", false,
		"read the Session of another program's MFA_SETUP from stdin, alone or in its JSON")
	f.BoolVar(&s.Options.HandBack, "hand-back", false,
		"go on from a Session, and let the program that owns it answer MFA_SETUP")
}

// AddUserTo adds the flag that says who.
func (s *Settings) AddUserTo(f *pflag.FlagSet) {
	f.StringVar(&s.username, "username", "", "sign in as `NAME` (asked if omitted)")
}

// AddAccountTo adds the flag that names the account in the authenticator app.
func (s *Settings) AddAccountTo(f *pflag.FlagSet) {
	f.StringVar(&s.username, "username", "", "show `NAME` as the account in the authenticator app")
}

// AddPoolTo adds the flags that say which pool and app client.
func (s *Settings) AddPoolTo(f *pflag.FlagSet) {
	s.AddPlaceTo(f)
	s.AddClientTo(f)
	s.Sources.AddTo(f)
}

// AddClientTo adds the flags that say which app client.
func (s *Settings) AddClientTo(f *pflag.FlagSet) {
	f.StringVar(&s.Client, "client-id", "", "app client `ID`")
	f.StringVar(&s.SecretFile, "client-secret-file", "", "read the app client's secret from `FILE`, if it has one")
}

// AddAdminTo adds the flags that say which pool, for an administrator, who needs no app client.
func (s *Settings) AddAdminTo(f *pflag.FlagSet) {
	s.AddPlaceTo(f)
	s.Sources.AddTo(f)
}

// AddPlaceTo adds the flags that say where calls go.
func (s *Settings) AddPlaceTo(f *pflag.FlagSet) {
	f.StringVar(&s.Pool, "pool-id", "", "user pool `ID`, such as eu-west-1_AbCdEf123; an issuer URL or an ARN also works")
	f.StringVar(&s.Region, "region", "", "AWS `REGION` (default: the one in the pool ID)")
	f.StringVar(&s.Endpoint, "endpoint-url", "", "use the endpoint at `URL` instead of AWS; plain http only on loopback")
	s.AddNetworkTo(f)
}

// AddNamesTo adds the flags for what the enrollment is called.
func (s *Settings) AddNamesTo(f *pflag.FlagSet) {
	f.StringVar(&s.Options.Device, "device-name", "", "suggest `NAME` for the device (asked if omitted)")
	f.StringVar(
		&s.Options.Issuer,
		"issuer",
		"",
		"show `NAME` as the service in the authenticator app (default: Cognito and the pool)",
	)
}

// AddFlowTo adds the flags that say how to sign in.
func (s *Settings) AddFlowTo(f *pflag.FlagSet) {
	f.StringVar(
		&s.authFlow,
		"auth-flow",
		"auto",
		"sign in with `FLOW`: auto, srp, password, choice, custom, custom-srp or admin",
	)
	f.StringVar(
		&s.preferred,
		"preferred-challenge",
		"",
		"start --auth-flow choice with `NAME`, such as PASSWORD_SRP or EMAIL_OTP",
	)
}

// Open finds and checks the settings, reads the token that t's stdin may begin with, and returns the
// edge and the state to start from: signing in, or choosing a pool if that is not known.
func (s *Settings) Open(ctx context.Context, flags *pflag.FlagSet, t *terminal.Terminal) (*Edge, flow.State, error) {
	fail := func(err error) (*Edge, flow.State, error) { return nil, flow.State{}, err }
	if err := s.oneReadsStdin(); err != nil {
		return fail(err)
	}
	for _, name := range []string{"username", "prove"} { // who it is the token says
		if s.TokenOnStdin && flags.Changed(name) {
			return fail(exit.Usagef("leave one of them out", "--access-token-stdin and --%s cannot be used together", name))
		}
	}
	if err := s.Find(flags, t); err != nil {
		return fail(err)
	}
	if err := s.CheckIDs(); err != nil {
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
	if s.SessionOnStdin {
		if o.Session, err = readSession(t.Data()); err != nil {
			return fail(err)
		}
	}
	if s.browse && s.complete() {
		return fail(exit.Usagef("leave it out", "--aws-credentials has no effect: the user pool is from %s", s.source()))
	}
	edge, err := s.edge(ctx, t, o.AuthFlow == flow.Admin || s.browse)
	if err != nil {
		return fail(err)
	}
	if o.Username == "" {
		o.Username = s.recall(t)
	}
	o.Pool, o.Welcome = s.Pool, strings.Join(s.Origins(), "\n")
	if !s.complete() {
		o.AskPool, o.Browse = true, edge.account != nil
		if s.Pool != "" {
			o.To.Source = s.source()
		}
		if s.Found.Get("client-id").Source.Kind == config.Flag { // others need not be meant for the pool
			o.Client = s.Client
		}
		o.Targets = s.targets(s.Pool, o.Client)
		if len(o.Targets) == 1 && !s.browse && s.TakeOne != nil && s.TakeOne() {
			// What is in its way is told when it is chosen.
			if reply, ok := edge.Do(ctx, o.Connect(o.Targets[0])).(flow.Reply); ok {
				to := reply.Result.(flow.Connected)
				o.Taken = &to
			}
		}
		if o.Region = s.Region; o.Region == "" {
			o.Region = s.aws.Region
		}
	} else {
		if o.Issuer == "" {
			o.Issuer = issuer(s.Pool)
		}
		o.SignIn = s.signIn(s.Pool, s.Client)
		o.To = edge.client().Destination()
		o.To.Source = s.source()
	}
	return edge, flow.Start(o), nil
}

// CheckIDs refuses ids that are none, before anything is read, asked or sent.
func (s *Settings) CheckIDs() error {
	if s.Pool != "" {
		if err := cognito.CheckPoolID(s.Pool); err != nil {
			return asUsage(err)
		}
	}
	if s.Client != "" {
		return asUsage(cognito.CheckClientID(s.Client))
	}
	return nil
}

// oneReadsStdin refuses two flags that both do.
func (s *Settings) oneReadsStdin() error {
	var flags []string
	for _, flag := range []struct {
		set  bool
		name string
	}{{s.terraform, "--terraform-stdin"}, {s.TokenOnStdin, "--access-token-stdin"},
		{s.SessionOnStdin, "--session-stdin"}} {
		if flag.set {
			flags = append(flags, flag.name)
		}
	}
	if len(flags) < 2 {
		return nil
	}
	return exit.Usagef("leave one of them out", "%s and %s both read stdin", flags[0], flags[1])
}

// complete reports whether the app client is known, and so nobody has to be asked.
func (s *Settings) complete() bool { return s.Pool != "" && s.Client != "" }

// source is where the user pool's ID is from, to follow "from".
func (s *Settings) source() string {
	switch from := s.Found.Get("pool-id").Source; from.Kind {
	case "": // of no setting
		return "the access token"
	case config.Flag:
		return "the command line"
	default:
		return from.String()
	}
}

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

// NewStepClient returns a client for calls that name no app client, in the pool of the flags or, if they name
// none, in the one with the id pool. Without either it is AWS's configuration that has to say the region.
func (s *Settings) NewStepClient(ctx context.Context, t *terminal.Terminal, pool string) (*cognito.Client, error) {
	c, err := s.config(ctx, t, false)
	if err != nil {
		return nil, asUsage(err)
	}
	if c.PoolID = s.Pool; c.PoolID == "" && flow.IsPoolID(pool) {
		c.PoolID = pool
	}
	if c.Region == "" && c.PoolID == "" {
		c.Region = s.aws.Region
	}
	if c.Region == "" && c.PoolID == "" && c.Endpoint == "" {
		return nil, exit.Usagef("name it with --region, or name the pool with --pool-id", "the AWS region is not known")
	}
	client, err := cognito.NewForSteps(c)
	return client, asUsage(err)
}

// Names returns what the enrollment is called: the service and the account in the app, "" if nobody said.
func (s *Settings) Names() (issuer, account string, err error) {
	o := s.Options
	o.Username = s.username
	return o.Issuer, o.Username, s.checkNames(o)
}

// checkNames refuses what cannot be shown.
func (s *Settings) checkNames(o flow.Options) error {
	for flag, value := range map[string]string{"username": o.Username, "device-name": o.Device, "issuer": o.Issuer} {
		if character := flow.Unprintable(value); character != "" {
			return exit.Usagef("leave it out", "--%s %q has a character that cannot be printed: %s", flag, value, character)
		}
	}
	if o.Issuer != "" && flow.Label(o.Issuer) == "" {
		return exit.Usagef("give the name that your app should show", "--issuer is blank")
	}
	return nil
}

// FlowOptions checks the flags that are for the flow.
func (s *Settings) FlowOptions() (flow.Options, error) {
	o := s.Options
	o.Pool, o.Username, o.Preferred = s.Pool, s.username, s.preferred
	if err := s.checkNames(o); err != nil {
		return o, err
	}
	authFlow, ok := authFlows[s.authFlow]
	if !ok {
		return o, exit.Usagef(
			"choose auto, srp, password, choice, custom, custom-srp or admin",
			"unknown --auth-flow %q",
			s.authFlow,
		)
	}
	o.AuthFlow = authFlow
	if o.TestSignIn && authFlow == flow.Custom {
		return o, exit.Usagef("leave one of them out", "--prove and --auth-flow custom cannot be used together")
	}
	if o.Preferred != "" && authFlow != flow.Choice {
		return o, exit.Usagef(
			"add --auth-flow choice, or leave it out",
			"--preferred-challenge %q works only with --auth-flow choice",
			o.Preferred,
		)
	}
	if s.TokenOnStdin {
		if authFlow != flow.Auto {
			return o, exit.Usagef("leave one of them out", "--access-token-stdin and --auth-flow %s cannot be used together",
				s.authFlow)
		}
		o.AuthFlow = flow.Token
	}
	if flag := s.fromSession(); flag != "" {
		if authFlow != flow.Auto {
			return o, exit.Usagef("leave one of them out", "%s and --auth-flow %s cannot be used together", flag, s.authFlow)
		}
		if s.TokenOnStdin {
			return o, exit.Usagef("leave one of them out", "%s and --access-token-stdin cannot be used together", flag)
		}
		if o.TestSignIn {
			return o, exit.Usagef("leave one of them out: the sign-in belongs to the other program",
				"%s and --prove cannot be used together", flag)
		}
		o.AuthFlow = flow.FromSession
	}
	return o, nil
}

// fromSession is the flag that makes a run go on with another program's sign-in, or "".
func (s *Settings) fromSession() string {
	switch {
	case s.SessionOnStdin:
		return "--session-stdin"
	case s.Options.HandBack:
		return "--hand-back"
	}
	return ""
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
		return flow.Secret{}, exit.Usagef("write the app client's secret into it, and nothing else", "%q is empty", file)
	}
	return flow.NewSecret(secret), nil
}

// readSession reads a Session, the first line of stdin, or the JSON object with which stdin begins. What is in it
// flow judges. Of what follows, the rest of the line is read.
func readSession(stdin *bufio.Reader) (flow.Secret, error) {
	const hint = "pipe the Session, or the JSON that it is in, as in aws cognito-idp initiate-auth … | cognito-enroll " +
		"--session-stdin"
	for {
		c, err := stdin.ReadByte()
		if err == io.EOF {
			return flow.Secret{}, exit.Usagef(hint, "there is no Session on stdin")
		}
		if err != nil {
			return flow.Secret{}, exit.Usagef(hint, "cannot read stdin: %s", err)
		}
		if !unicode.IsSpace(rune(c)) {
			break
		}
	}
	if err := stdin.UnreadByte(); err != nil {
		return flow.Secret{}, err
	}
	if begin, err := stdin.Peek(1); err != nil || begin[0] != '{' {
		return readLine(stdin, hint, "Session")
	}
	var object json.RawMessage
	// A decoder reads ahead as far as a Read takes it.
	// its error may quote the text
	if json.NewDecoder(io.LimitReader(byteReader{stdin}, longestLine)).Decode(&object) != nil {
		return flow.Secret{}, exit.Usagef(hint, "the JSON on stdin is broken, or ends too early")
	}
	var line bytes.Buffer
	if err := json.Compact(&line, object); err != nil {
		return flow.Secret{}, err
	}
	if _, err := stdin.ReadSlice('\n'); err != nil && err != io.EOF {
		return flow.Secret{}, exit.Usagef(hint, "there is something after the JSON on stdin")
	}
	return flow.NewSecret(line.String()), nil
}

// byteReader reads one byte at a time.
type byteReader struct{ io.ByteReader }

func (r byteReader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	c, err := r.ReadByte()
	if err != nil {
		return 0, err
	}
	p[0] = c
	return 1, nil
}

// longestLine is in bytes; an access token needs the most.
const longestLine = 16384

// readToken reads an access token, the first line of stdin. Of its claims flow judges.
func readToken(stdin *bufio.Reader) (flow.Secret, error) {
	return readLine(stdin, "pipe an access token to stdin, as in cognito-enroll --access-token-stdin <token.txt",
		"access token")
}

// readLine reads the first line of stdin that is not empty, which is a what.
func readLine(stdin *bufio.Reader, hint, what string) (flow.Secret, error) {
	var text strings.Builder
	for text.Len() < longestLine {
		c, err := stdin.ReadByte()
		if err == io.EOF || err == nil && c == '\n' && strings.TrimSpace(text.String()) != "" {
			break
		}
		if err != nil {
			return flow.Secret{}, exit.Usagef(hint, "cannot read stdin: %s", err)
		}
		text.WriteByte(c)
	}
	token := flow.NewSecret(strings.TrimSpace(text.String()))
	if token.Empty() {
		return token, exit.Usagef(hint, "there is no %s on stdin", what)
	}
	return token, nil
}
