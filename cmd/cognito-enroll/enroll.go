package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"cognito-enroll/cognito"
	"cognito-enroll/flow"
	"cognito-enroll/ui/wizard"
)

// settings are the flags of an enrolment.
type settings struct {
	pool, client, secretFile, region, endpoint string
	username, device, issuer, authFlow         string
}

func newEnroll() *cobra.Command {
	var s settings
	cmd := &cobra.Command{
		Use:   "cognito-enroll --pool-id ID --client-id ID",
		Short: "Enrol an authenticator app in an Amazon Cognito user pool",
		Long: `Enrol an authenticator app (TOTP, software token MFA) in an Amazon Cognito user pool.

Signs you in, shows the QR code in the terminal, checks the code of your app, names the
device and shows the result. The password is proved with SRP and does not leave this
machine, unless the app client allows nothing else. No AWS credentials are needed.`,
		Example: `  cognito-enroll --pool-id eu-west-1_AbCdEf123 --client-id 4example5client6id7
  cognito-enroll --pool-id eu-west-1_AbCdEf123 --client-id 4example5client6id7 \
      --client-secret-file secret.txt --username alice --issuer "Acme Staging"
  cognito-enroll demo`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return s.run(cmd.Context(), cmd.OutOrStdout()) },
	}
	f := cmd.Flags()
	f.StringVar(&s.pool, "pool-id", "", "user pool, as in eu-west-1_AbCdEf123")
	f.StringVar(&s.client, "client-id", "", "app client")
	f.StringVar(&s.secretFile, "client-secret-file", "", "file that holds the app client's secret, if it has one")
	f.StringVar(&s.region, "region", "", "AWS region (default: the one in the pool id)")
	f.StringVar(&s.endpoint, "endpoint-url", "", "another endpoint than AWS's; plain http only on loopback")
	f.StringVar(&s.username, "username", "", "who signs in (default: asked)")
	f.StringVar(&s.device, "device-name", "", "name of the device, to be edited (default: asked)")
	f.StringVar(&s.issuer, "issuer", "", "name of the service in the authenticator app (default: Cognito and the pool)")
	f.StringVar(&s.authFlow, "auth-flow", "auto", "how the password is proved: auto, srp or password")
	return cmd
}

func (s settings) run(ctx context.Context, stdout io.Writer) error {
	if s.pool == "" || s.client == "" {
		return usagef("both are on the pool's pages in the console; cognito-enroll demo needs neither", "--pool-id and --client-id are needed")
	}
	start, err := s.start()
	if err != nil {
		return err
	}
	secret, err := readSecret(s.secretFile)
	if err != nil {
		return err
	}
	client, err := cognito.New(cognito.Config{
		Region: s.region, PoolID: s.pool, ClientID: s.client, ClientSecret: secret, Endpoint: s.endpoint,
	})
	if err != nil {
		return err
	}
	return runWizard(ctx, stdout, wizard.Config{Start: start, Pool: client})
}

// start checks the flags that are for the flow.
func (s settings) start() (flow.State, error) {
	o := flow.Options{Username: s.username, Device: s.device, Issuer: s.issuer}
	if o.Issuer == "" {
		_, name, _ := strings.Cut(s.pool, "_")
		o.Issuer = "Cognito " + name
	}
	for flag, value := range map[string]string{"username": s.username, "device-name": s.device, "issuer": s.issuer} {
		if strings.ContainsFunc(value, func(r rune) bool { return !strconv.IsPrint(r) }) {
			return flow.State{}, usagef("leave control characters out of it", "--%s %q cannot be printed", flag, value)
		}
	}
	if s.issuer != "" && flow.Label(s.issuer) == "" {
		return flow.State{}, usagef("give the name that your app is to show", "--issuer is blank")
	}
	flows := map[string]flow.AuthFlow{"auto": flow.Auto, "srp": flow.SRP, "password": flow.Password}
	authFlow, ok := flows[s.authFlow]
	if !ok {
		return flow.State{}, usagef("choose auto, srp or password", "--auth-flow %q is not one of them", s.authFlow)
	}
	o.AuthFlow = authFlow
	return flow.Start(o), nil
}

// readSecret reads an app client's secret. On the command line it would be in the shell's history.
func readSecret(file string) (flow.Secret, error) {
	if file == "" {
		return flow.Secret{}, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return flow.Secret{}, usagef("check --client-secret-file", "%s", err)
	}
	secret := strings.TrimSpace(string(text))
	if secret == "" {
		return flow.Secret{}, usagef("put the app client's secret into it, alone", "%q is empty", file)
	}
	return flow.NewSecret(secret), nil
}

// runWizard shows the wizard and then writes the summary to stdout, where it outlives the screen.
func runWizard(ctx context.Context, stdout io.Writer, c wizard.Config) error {
	options, err := terminal()
	if err != nil {
		return err
	}
	last, err := wizard.Run(ctx, c, options...)
	ask := last.Ask()
	if err != nil && !errors.Is(err, wizard.ErrCancelled) {
		return err
	}
	if ask.Summary == nil {
		return &unfinished{ask.Problem, ask.Standing}
	}
	fmt.Fprintln(stdout, ask.Title)
	table := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	for _, row := range ask.Summary.Rows() {
		fmt.Fprintf(table, "%s\t%s\n", row[0], row[1])
	}
	return table.Flush()
}

// terminal refuses what cannot show a wizard, and honours NO_COLOR whatever its value is
// (no-color.org); Bubble Tea would take NO_COLOR=yes for a no.
func terminal() ([]tea.ProgramOption, error) {
	for _, f := range []*os.File{os.Stdin, os.Stdout} {
		if !term.IsTerminal(f.Fd()) {
			return nil, usagef("run it in a terminal, without pipes; over SSH use ssh -t", "%s is not a terminal", strings.TrimPrefix(f.Name(), "/dev/"))
		}
	}
	if t := os.Getenv("TERM"); t == "dumb" {
		return nil, usagef("set TERM to what the terminal is, such as xterm-256color", "TERM=%s cannot show a full screen", t)
	}
	if os.Getenv("NO_COLOR") != "" {
		return []tea.ProgramOption{tea.WithColorProfile(colorprofile.ASCII)}, nil
	}
	return nil, nil
}
