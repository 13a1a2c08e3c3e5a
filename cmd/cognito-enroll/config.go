package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/spf13/cobra"

	"cognito-enroll/cmd/cognito-enroll/config"
	"cognito-enroll/cmd/cognito-enroll/front"
	"cognito-enroll/cmd/cognito-enroll/help"
	"cognito-enroll/cmd/cognito-enroll/settings"
	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/cognito"
	"cognito-enroll/flow"
	"cognito-enroll/ui/ndjson"
	"cognito-enroll/ui/theme"
)

func newConfig(t *terminal.Terminal) *cobra.Command {
	var s settings.Settings
	var a front.Appearance
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Show settings and where they come from",
		Long: `Show every setting and where it comes from. The strongest source wins:

  1. flags
  2. the environment: COGNITO_ENROLL_POOL_ID and so on, one for each key,
     then names that other programs use, such as COGNITO_USER_POOL_ID and
     VITE_COGNITO_CLIENT_ID
  3. --config FILE, or cognito-enroll/config.toml in your configuration
     directory, with a table for each profile:

       default_profile = "staging"
       [profile.staging]
       pool_id = "eu-west-1_AbCdEf123"
       client_id = "4example5client6id7"
       client_secret_file = "staging.secret"

The keys are the long names of the flags: pool-id, client-id, client-secret-file, region,
endpoint-url, username, device-name, issuer, auth-flow, preferred-challenge, theme, qr and
cover.

Pools in the files of your project are listed, and used only if you choose them. These files
are read: .env and its variants, JSON, YAML, TOML, XML, Terraform and source code, in this
directory, below it, and in its parents up to the root of the repository. Dependencies, build
outputs, tests, examples and documentation are skipped. --terraform-stdin also reads the output
of terraform output -json. A warning names what was left out, and what looks like a placeholder
or cut off.

AWS settings come last: AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER,
AWS_USE_FIPS_ENDPOINT, AWS_USE_DUALSTACK_ENDPOINT, AWS_CA_BUNDLE and the proxies.

No secret is shown. Nothing is sent. config save adds a profile.`,
		Example: `  cognito-enroll config
  cognito-enroll config --pool-profile staging --json
  terraform output -json | cognito-enroll config --terraform-stdin`,
		Args: help.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := s.Find(cmd.Flags(), t); err != nil {
				return err
			}
			aws, err := s.AWS(cmd.Context(), t)
			if err != nil {
				return err
			}
			if asJSON {
				return ndjson.Write(t.Out, newConfigJSON(s.Found, aws))
			}
			return printConfig(t, a, s.Found, aws)
		},
	}
	cmd.AddCommand(newConfigSave(t))
	s.AddPoolTo(cmd.Flags())
	s.AddFlowTo(cmd.Flags())
	s.AddNamesTo(cmd.Flags())
	s.AddUserTo(cmd.Flags())
	a.AddTo(cmd.Flags())
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func newConfigSave(t *terminal.Terminal) *cobra.Command {
	var s settings.Settings
	cmd := &cobra.Command{
		Use:   "save NAME --pool-id ID --client-id ID",
		Short: "Add a profile to config.toml",
		Long: `Add the profile NAME to config.toml, with the IDs and with every other setting that is given as a
flag. It is added at the end: nothing in the file is rewritten, and a profile of that name stays
as it is. A file that --config names is made if it is missing. A client secret is not saved, only
the name of the file with it. Nothing is sent.

A run with --pool-profile NAME then needs no IDs, and offers the username of the last run with
that profile that came to its end. It is kept in usernames.json beside config.toml.`,
		Example: `  cognito-enroll config save staging --pool-id eu-west-1_AbCdEf123 --client-id 4example5client6id7
  cognito-enroll --pool-profile staging`,
		Args: help.OneArg("the name of the profile"),
		RunE: func(cmd *cobra.Command, args []string) error {
			file, err := s.Save(cmd.Context(), cmd.Flags(), t, args[0])
			if err != nil {
				return err
			}
			fmt.Fprintf(t.Text(), "Added the profile %s to %s.\nUse it with: cognito-enroll --pool-profile %s\n", args[0],
				flow.Printable(file), args[0])
			return nil
		},
	}
	s.AddPlaceTo(cmd.Flags())
	s.AddClientTo(cmd.Flags())
	s.AddConfigTo(cmd.Flags())
	s.AddFlowTo(cmd.Flags())
	s.AddNamesTo(cmd.Flags())
	s.AddUserTo(cmd.Flags())
	return cmd
}

// printConfig writes a table for people, and what could not be read to stderr.
func printConfig(t *terminal.Terminal, a front.Appearance, found config.Found, aws []cognito.Used) error {
	var rows [][3]string
	for _, s := range found.Settings {
		rows = append(rows, [3]string{s.Key, flow.Printable(s.Value), s.Source.String()})
		for _, l := range s.Losers {
			rows = append(rows, [3]string{"  not", flow.Printable(l.Value), l.Source.String()})
		}
	}
	for _, u := range aws {
		rows = append(rows, [3]string{"AWS " + u.Name, flow.Printable(u.Value), flow.Printable(u.From)})
	}
	stdout, columns := a.Styled(t), t.Columns()
	if _, err := io.WriteString(stdout, table(rows, a.Colors(), columns)); err != nil {
		return err
	}
	offered := slices.DeleteFunc(slices.Clone(found.Candidates), func(c config.Candidate) bool {
		return c.Pool == found.Get("pool-id").Value && c.Client == found.Get("client-id").Value
	})
	if len(offered) > 0 {
		fmt.Fprintln(stdout, "\nFound in your project, used only if you choose it:")
	}
	for _, c := range offered {
		fmt.Fprintln(stdout, "\n"+candidate(c, columns))
		for _, s := range c.Sources {
			fmt.Fprintln(stdout, terminal.Hang("    ", s.String(), columns))
		}
	}
	if len(found.Profiles) > 0 {
		fmt.Fprintf(stdout, "\nProfiles: %s\n", flow.Printable(strings.Join(found.Profiles, ", ")))
	}
	for _, w := range found.Warnings {
		fmt.Fprintf(t.Notes(), "cognito-enroll: warning: %s\n", w)
	}
	return nil
}

// table sets what is a setting, its value and where it is from in three columns. In a window that is too narrow for a
// row, the third goes below.
func table(rows [][3]string, colors theme.Colors, columns int) string {
	var b strings.Builder
	var widths [2]int
	for i := range widths {
		for _, row := range rows {
			widths[i] = max(widths[i], lipgloss.Width(row[i])+2)
		}
	}
	for _, row := range rows {
		key, value, from := row[0], row[1], row[2]
		b.WriteString(key + strings.Repeat(" ", widths[0]-lipgloss.Width(key)) + colors.Title.Render(value))
		space := strings.Repeat(" ", widths[1]-lipgloss.Width(value))
		if columns > 0 && widths[0]+widths[1]+lipgloss.Width(from) > columns {
			space = "\n" + strings.Repeat(" ", widths[0])
			from = terminal.Wrap(from, max(1, columns-widths[0]))
		}
		b.WriteString(space)
		for i, line := range strings.Split(from, "\n") {
			if i > 0 {
				b.WriteString("\n" + strings.Repeat(" ", widths[0]))
			}
			b.WriteString(colors.Quiet.Render(line))
		}
		b.WriteString("\n")
	}
	return b.String()
}

// candidate names the pool and the app client, in a line of its own each if they do not fit into one of so many
// columns. 0 is any number.
func candidate(c config.Candidate, columns int) string {
	line := fmt.Sprintf("  %s, %s", c.Pool, candidateClient(c))
	if columns > 0 && lipgloss.Width(line) > columns {
		return fmt.Sprintf("  %s,\n", c.Pool) + terminal.Hang("  ", candidateClient(c), columns)
	}
	return line
}

func candidateClient(c config.Candidate) string {
	switch {
	case c.Client == "":
		return "no app client"
	case !c.Secret.Empty():
		return flow.Fill("app client {client} with its secret", "client", c.Client)
	}
	return flow.Fill("app client {client}", "client", c.Client)
}

// The object of config --json.
type (
	configJSON struct {
		V          int                    `json:"v"` // 1; another when something changes its meaning
		Settings   []settingJSON          `json:"settings"`
		AWS        []awsJSON              `json:"aws"` // by AWS's conventions
		Candidates []config.CandidateJSON `json:"candidates"`
		Profiles   []string               `json:"profiles"`
		Warnings   []string               `json:"warnings"`
	}
	settingJSON struct {
		Key    string            `json:"key"`
		Value  string            `json:"value"`
		Source config.SourceJSON `json:"source"`
		Losers []settingJSON     `json:"losers,omitempty"` // what other sources say
	}
	awsJSON struct {
		Name  string `json:"name"` // as in AWS's configuration
		Value string `json:"value"`
		From  string `json:"from"`
	}
)

func newConfigJSON(found config.Found, aws []cognito.Used) configJSON {
	c := configJSON{
		V:          1,
		Settings:   settingsJSON(found.Settings),
		AWS:        []awsJSON{},
		Candidates: []config.CandidateJSON{},
		Profiles:   append([]string{}, found.Profiles...),
		Warnings:   []string{},
	}
	for _, u := range aws {
		c.AWS = append(c.AWS, awsJSON(u))
	}
	c.Candidates = append(c.Candidates, config.CandidatesJSON(found)...)
	for _, w := range found.Warnings {
		c.Warnings = append(c.Warnings, w.Error())
	}
	return c
}

func settingsJSON(settings []config.Setting) []settingJSON {
	all := []settingJSON{}
	for _, s := range settings {
		out := settingJSON{Key: s.Key, Value: s.Value, Source: config.SourceJSON(s.Source)}
		if len(s.Losers) > 0 {
			out.Losers = settingsJSON(s.Losers)
		}
		all = append(all, out)
	}
	return all
}
