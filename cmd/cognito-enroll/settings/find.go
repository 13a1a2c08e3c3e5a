package settings

import (
	"fmt"
	"path/filepath"
	"slices"

	"github.com/spf13/pflag"

	"cognito-enroll/cmd/cognito-enroll/config"
	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cmd/cognito-enroll/front"
	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/flow"
)

// Sources are the flags that say where settings are found.
type Sources struct {
	file, profile string
	terraform     bool
	Alone         bool         // the project is not looked at
	MayBeMissing  bool         // so may the file that --config names
	Beside        []string     // but for these files of it
	Found         config.Found // after Look
}

// AddTo adds the flags.
func (s *Sources) AddTo(f *pflag.FlagSet) {
	s.AddFileTo(f)
	f.BoolVar(
		&s.terraform,
		"terraform-stdin",
		false,
		"read the output of terraform output -json from stdin, to find the pool",
	)
}

// AddFileTo adds the flags of config.toml alone.
func (s *Sources) AddFileTo(f *pflag.FlagSet) {
	s.AddConfigTo(f)
	f.StringVar(&s.profile, "pool-profile", "", "use the profile `NAME` of config.toml")
}

// AddConfigTo adds the flag that says which config.toml.
func (s *Sources) AddConfigTo(f *pflag.FlagSet) {
	f.StringVar(&s.file, "config", "", "read settings from `FILE` (default: config.toml in your configuration directory)")
}

// Find looks for settings, and gives the flags that were not set what it found for them. The files of
// the project are looked at and nothing is taken from them.
func (s *Sources) Find(flags *pflag.FlagSet, t *terminal.Terminal) error {
	if err := s.Look(flags, t); err != nil {
		return err
	}
	for _, setting := range s.Found.Settings {
		flag := flags.Lookup(setting.Key)
		if flag == nil {
			continue
		}
		if err := flag.Value.Set(setting.Value); err != nil {
			return exit.Usagef("change it there", "%s: %q is not a value of %s", setting.Source, setting.Value, setting.Key)
		}
	}
	return nil
}

// targets are what was found to choose from: of pool, or of client, if one of them is settled.
func (s *Sources) targets(pool, client string) (all []flow.Target) {
	names := map[string][]string{} // of the app clients, by file
	for _, c := range s.Found.Candidates {
		if c.Client != "" {
			names[c.Sources[1].Place()] = append(names[c.Sources[1].Place()], c.Sources[1].Name)
		}
	}
	telling := map[string]map[string]string{}
	for file, all := range names {
		telling[file] = config.Telling(all)
	}
	for _, c := range s.Found.Candidates {
		if c.Client == "" || pool != "" && c.Pool != pool || client != "" && c.Client != client {
			continue
		}
		t := flow.Target{Pool: c.Pool, Client: c.Client, SignIn: c.SignIn}
		t.Source = c.Sources[1].Place() // the client's: one pool may have several
		if words := telling[t.Source][c.Sources[1].Name]; words != "" {
			t.Source = flow.Printable(words) + " in " + t.Source
		}
		if !c.Secret.Empty() {
			t.Source += ", with its secret"
		}
		all = append(all, t)
	}
	return all
}

// signIn is what users of the pool sign in with, as far as the files of the project say.
func (s *Sources) signIn(pool, client string) []string {
	for _, c := range s.Found.Candidates {
		if c.Pool == pool && (c.Client == client || c.Client == "") {
			return c.SignIn
		}
	}
	return nil
}

// Look finds, and changes nothing.
func (s *Sources) Look(flags *pflag.FlagSet, t *terminal.Terminal) (err error) {
	in := config.Input{
		Flags: map[string]string{}, Environ: t.Environ, File: s.file, Profile: s.profile, Check: checkSetting,
		Defaults: map[string]string{"auth-flow": "auto", "theme": "auto"}, Home: t.Folders.Home, Trusted: t.Trusted,
	}
	if t.May.Files {
		in.Standard, in.Beside = standard(t), s.Beside
		if !s.Alone {
			in.Dir = t.Folders.Work
		}
		if s.MayBeMissing && s.file != "" {
			in.File, in.Standard = "", s.file
		}
	} else if s.file != "" {
		return t.Allows(s.file)
	}
	flags.Visit(func(f *pflag.Flag) {
		if slices.Contains(config.Keys, f.Name) {
			in.Flags[f.Name] = f.Value.String()
		}
	})
	if s.terraform {
		in.Terraform = t.Data()
	}
	s.Found, err = config.Find(in)
	return asUsage(err)
}

// standard is where settings are looked for when no flag says; "" if t has no place.
func standard(t *terminal.Terminal) string {
	if t.Folders.Settings == "" {
		return ""
	}
	return filepath.Join(t.Folders.Settings, "config.toml")
}

// Profiles returns those of config.toml, which is file or where it is looked for without one; none when there
// is a mistake in it.
func Profiles(t *terminal.Terminal, file string) []string {
	found, err := config.Find(config.Input{File: file, Standard: standard(t), Check: checkSetting})
	if err != nil {
		return nil
	}
	return found.Profiles
}

// checkSetting says what a setting that was not typed as a flag has to be.
func checkSetting(key, value string) string {
	if _, ok := authFlows[value]; key == "auth-flow" && !ok {
		return "auto, srp, password, choice, custom, custom-srp or admin"
	}
	return front.CheckSetting(key, value)
}

// Origins says where pool, client and endpoint came from if nobody typed them, and what else there was.
func (s *Settings) Origins() (lines []string) {
	for _, row := range []struct{ key, used, notUsed string }{
		{"pool-id", "User pool {value}, from {source}.", "Not used: user pool {value}, from {source}."},
		{"client-id", "App client {value}, from {source}.", "Not used: app client {value}, from {source}."},
		{"endpoint-url", "Endpoint {value}, from {source}.", "Not used: endpoint {value}, from {source}."},
	} {
		setting := s.Found.Get(row.key)
		if kind := setting.Source.Kind; kind != "" && kind != config.Flag {
			lines = append(lines, flow.Fill(row.used, "value", setting.Value, "source", setting.Source.String()))
		}
		for _, l := range setting.Losers {
			lines = append(lines, flow.Fill(row.notUsed, "value", l.Value, "source", l.Source.String()))
		}
	}
	if secret, source := s.Found.Secret(s.Pool, s.Client); s.SecretFile == "" && !secret.Empty() {
		lines = append(lines, fmt.Sprintf("Client secret from %s.", source))
	}
	for _, u := range s.aws.Used {
		if u.Name == "endpoint_url" && s.Endpoint == "" {
			lines = append(lines, fmt.Sprintf("Endpoint %s, from %s.", u.Value, u.From))
		}
	}
	region, _ := flow.SplitPoolID(s.Pool)
	ownEndpoint := s.Endpoint != "" || s.aws.Endpoint != ""
	if s.Region != "" && s.Pool != "" && s.Region != region && ownEndpoint {
		lines = append(lines, flow.Fill("The region {region} is not the one in the pool ID. The endpoint decides.",
			"region", s.Region))
	}
	return lines
}

// secret returns that of the client, from beside its id if no file is named.
func (s *Sources) secret(t *terminal.Terminal, pool, client, file string) (flow.Secret, error) {
	if file != "" {
		return readSecret(t, file)
	}
	secret, _ := s.Found.Secret(pool, client)
	return secret, nil
}
