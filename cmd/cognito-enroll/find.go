package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"cognito-enroll/cmd/cognito-enroll/config"
	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/flow"
)

// sources are the flags that say where settings are found.
type sources struct {
	file, profile string
	terraform     bool
	found         config.Found // after find
}

func (s *sources) addTo(f *pflag.FlagSet) {
	f.StringVar(&s.file, "config", "", "`FILE` with settings (default: config.toml in your folder for settings)")
	f.StringVar(&s.profile, "pool-profile", "", "`NAME` of the [profile.NAME] of config.toml to take")
	f.BoolVar(&s.terraform, "terraform-stdin", false, "read what terraform output -json writes from stdin, to find the pool")
}

// find looks for settings, and gives cmd's flags that were not set what it found for them. The files of
// the project are looked at and nothing is taken from them.
func (s *sources) find(cmd *cobra.Command, f *front) error {
	if err := s.look(cmd, f); err != nil {
		return err
	}
	for _, setting := range s.found.Settings {
		flag := cmd.Flags().Lookup(setting.Key)
		if flag == nil {
			continue
		}
		if err := flag.Value.Set(setting.Value); err != nil {
			return exit.Usagef("change it there", "%s: %q is not a value of %s", setting.Source, setting.Value, setting.Key)
		}
	}
	return nil
}

// targets are what was found to choose from: of pool, if that is settled.
func (s *sources) targets(pool string) (all []flow.Target) {
	for _, c := range s.found.Candidates {
		if c.Client == "" || pool != "" && c.Pool != pool {
			continue
		}
		t := flow.Target{Pool: c.Pool, Client: c.Client}
		t.Source = c.Sources[1].String() // the client's: one pool may have several
		if !c.Secret.Empty() {
			t.Source += ", with its secret"
		}
		all = append(all, t)
	}
	return all
}

// look finds, and changes nothing.
func (s *sources) look(cmd *cobra.Command, f *front) (err error) {
	in := config.Input{
		Flags: map[string]string{}, Environ: os.Environ(), File: s.file, Standard: standardConfig(), Profile: s.profile, Check: checkSetting,
		Defaults: map[string]string{"auth-flow": "auto", "theme": "auto"},
	}
	in.Home, _ = os.UserHomeDir()
	in.Dir, _ = os.Getwd()
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if slices.Contains(config.Keys, f.Name) {
			in.Flags[f.Name] = f.Value.String()
		}
	})
	if s.terraform {
		in.Terraform = f.stdin
		f.stdinUsed = true
	}
	s.found, err = config.Find(in)
	return asUsage(err)
}

// standardConfig is where settings are looked for when no flag says; "" if the system has no place.
func standardConfig() string {
	dir := os.Getenv("XDG_CONFIG_HOME")
	if !filepath.IsAbs(dir) { // as the XDG Base Directory Specification wants it
		var err error
		if dir, err = os.UserConfigDir(); err != nil {
			return ""
		}
	}
	return filepath.Join(dir, "cognito-enroll", "config.toml")
}

// checkSetting says what a setting that was not typed as a flag has to be.
func checkSetting(key, value string) string {
	switch {
	case key == "auth-flow" && !known(authFlows, value):
		return "auto, srp, password, choice, custom, custom-srp or admin"
	case key == "theme" && !known(themes, value):
		return "auto, dark, light or none"
	case key == "qr" && appearance{theme: "auto", qr: value}.check() != nil:
		return "auto, half, full, ascii, sixel or none"
	case key == "cover" && value != "true" && value != "false":
		return "true or false"
	}
	return ""
}

func known[V any](all map[string]V, key string) bool { _, ok := all[key]; return ok }

// told says where pool, client and endpoint came from if nobody typed them, and what else there was.
func (s *settings) told() (lines []string) {
	for _, key := range []string{"pool-id", "client-id", "endpoint-url"} {
		setting := s.found.Get(key)
		what := map[string]string{"pool-id": "User pool", "client-id": "App client", "endpoint-url": "Endpoint"}[key]
		if kind := setting.Source.Kind; kind != "" && kind != config.Flag {
			lines = append(lines, fmt.Sprintf("%s %s, from %s.", what, setting.Value, setting.Source))
		}
		for _, l := range setting.Losers {
			lines = append(lines, fmt.Sprintf("Not used: %s %s, from %s.", strings.ToLower(what), l.Value, l.Source))
		}
	}
	if secret, source := s.found.Secret(s.pool, s.client); s.secretFile == "" && !secret.Empty() {
		lines = append(lines, fmt.Sprintf("Its secret is from %s.", source))
	}
	for _, u := range s.aws.Used {
		if u.Name == "endpoint_url" && s.endpoint == "" {
			lines = append(lines, fmt.Sprintf("Endpoint %s, from %s.", u.Value, u.From))
		}
	}
	return lines
}

// secret returns that of the client, from beside its id if no file is named.
func (s *sources) secret(pool, client, file string) (flow.Secret, error) {
	if file != "" {
		return readSecret(file)
	}
	secret, _ := s.found.Secret(pool, client)
	return secret, nil
}
