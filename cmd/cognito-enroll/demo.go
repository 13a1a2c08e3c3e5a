package main

import (
	"github.com/spf13/cobra"

	"cognito-enroll/cmd/cognito-enroll/demo"
	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cmd/cognito-enroll/front"
	"cognito-enroll/cmd/cognito-enroll/help"
	"cognito-enroll/cmd/cognito-enroll/settings"
	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/flow"
)

func newDemo(t *terminal.Terminal) *cobra.Command {
	var name string
	var s settings.Settings
	var keyTo front.KeyTo
	f := front.New(t)
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Try it without an AWS account",
		Long: `Try the wizard on user pools inside this program. You need no AWS account, and nothing is left
afterwards. Choose a scenario, and its user is signed in for you; --username begins that one at
once, also with --plain. A simulated phone stands beside the wizard in windows of 110 columns or more, and in smaller
ones p shows its code. You can also use a real authenticator app.

--auth-flow choice and --auth-flow custom work for the user "optional". The key n (Ctrl+N in text
fields) makes the next thing go wrong, one after the other, and --fault does so from the start:

` + help.Listing(demo.Faults()),
		Example: "  cognito-enroll demo\n  cognito-enroll demo --fault lost-response",
		Args:    help.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			fault, err := demo.FaultNamed(name)
			if err != nil {
				return err
			}
			s.Options.Issuer = "Demo"
			o, err := s.FlowOptions()
			if err != nil {
				return err
			}
			if o.AuthFlow == flow.Admin {
				return exit.Usagef(
					"choose another flow for the demo",
					"the demo has no AWS credentials for --auth-flow admin",
				)
			}
			mode, err := f.ChooseMode()
			if err != nil {
				return err
			}
			if err := keyTo.Check(t, cmd.Flags(), mode); err != nil {
				return err
			}
			pools, err := demo.Start(fault)
			if err != nil {
				return err
			}
			defer pools.Stop()
			o.To, o.Patience = pools.Destination(), demo.Patience
			scenarios, err := pools.Scenarios(o, o.Username)
			if err != nil {
				return err
			}
			if mode != front.Screens {
				o.Welcome = pools.Welcome("this machine", true)
			}
			job := front.Job{Start: flow.Start(o), Pool: pools, Phone: pools.Phone(), Scenarios: scenarios,
				KeyTo: keyTo.Recipient(t)}
			if mode == front.Lines && o.Username != "" {
				if job.Start, job.Around, err = pools.SignedIn(scenarios[0], t.Text()); err != nil {
					return err
				}
			}
			_, err = f.Run(cmd.Context(), job)
			return err
		},
	}
	s.AddUserTo(cmd.Flags())
	s.AddFlowTo(cmd.Flags())
	f.AddTo(cmd.Flags())
	keyTo.AddTo(cmd.Flags())
	cmd.Flags().StringVar(&name, "fault", "", "make `NAME` go wrong, from the list above")
	return cmd
}
