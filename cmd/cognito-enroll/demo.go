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
	f := front.New(t)
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Try the wizard on a user pool inside this program",
		Long: `Try the wizard on a user pool inside this program: no AWS account, nothing to set up, and
nothing left afterwards. The first screen lists the users; p shows a simulated phone with
the code, but a real authenticator app works too.

--auth-flow choice and custom are for the user "optional", whose pool has them.
With --fault something goes wrong on the way:

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
					"choose another; cognito-enroll itself takes it",
					"--auth-flow admin is for AWS credentials, and the demonstration has none",
				)
			}
			mode, err := f.Settle()
			if err != nil {
				return err
			}
			pools, err := demo.Start(fault)
			if err != nil {
				return err
			}
			defer pools.Stop()
			o.Welcome = pools.Welcome(mode != front.Screens)
			_, err = f.Run(cmd.Context(), front.Job{Start: flow.Start(o), Pool: pools, Phone: pools.Phone()})
			return err
		},
	}
	s.AddFlowTo(cmd.Flags())
	f.AddTo(cmd.Flags())
	cmd.Flags().StringVar(&name, "fault", "", "`NAME` of what goes wrong, from the list above")
	return cmd
}
