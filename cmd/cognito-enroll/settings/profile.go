package settings

import (
	"github.com/spf13/pflag"

	"cognito-enroll/cmd/cognito-enroll/config"
	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/cognito"
	"cognito-enroll/flow"
)

// Profile is one of config.toml, for whoever serves it to others.
type Profile struct {
	Client  *cognito.Client
	Options flow.Options // for a run
	found   config.Found
}

// OpenProfile reads the profile name of config.toml, which is file or where t looks for it, and nothing else: no
// environment, no project, no settings or credentials of AWS's. A username there is nobody's who is served.
func OpenProfile(t *terminal.Terminal, file, name string) (*Profile, error) {
	s := &Settings{Sources: Sources{Alone: true}}
	flags := pflag.NewFlagSet(name, pflag.ContinueOnError)
	s.AddPoolTo(flags)
	s.AddFlowTo(flags)
	s.AddNamesTo(flags)
	s.file, s.profile = file, name // AddPoolTo has set them to their defaults
	alone := &terminal.Terminal{Folders: t.Folders, Trusted: t.Trusted, May: terminal.May{Files: true}}
	if err := s.Find(flags, alone); err != nil {
		return nil, err
	}
	if !s.complete() {
		return nil, exit.Usagef("add both to the profile in config.toml",
			"the profile %q has no pool_id or no client_id", name)
	}
	o, err := s.FlowOptions()
	if err != nil {
		return nil, err
	}
	if o.AuthFlow == flow.Admin {
		return nil, exit.Usagef("choose another auth_flow for the profile",
			"the profile %q cannot be served with auth_flow \"admin\", which needs AWS credentials", name)
	}
	c := cognito.Config{PoolID: s.Pool, ClientID: s.Client, Region: s.Region, Endpoint: s.Endpoint}
	if err := s.sameRegion(c, s.Pool); err != nil {
		return nil, err
	}
	withCredentials := *alone
	withCredentials.Environ = []string{"CREDENTIALS_DIRECTORY=" + t.Getenv("CREDENTIALS_DIRECTORY")}
	if c.ClientSecret, err = s.secret(&withCredentials, s.Pool, s.Client, s.SecretFile); err != nil {
		return nil, err
	}
	p := &Profile{Options: o, found: s.Found}
	if p.Client, err = cognito.New(c); err != nil {
		return nil, asUsage(err)
	}
	p.Options.To = p.Client.Destination()
	if p.Options.Issuer == "" {
		p.Options.Issuer = issuer(s.Pool)
	}
	return p, nil
}

// Dress gives the flags of a front end what the profile says about them.
func (p *Profile) Dress(flags *pflag.FlagSet) {
	for _, setting := range p.found.Settings {
		if flag := flags.Lookup(setting.Key); flag != nil {
			flag.Value.Set(setting.Value) // which was checked
		}
	}
}
