package settings

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"cognito-enroll/cmd/cognito-enroll/config"
	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/cognito"
	"cognito-enroll/flow"
)

// Admin returns the edge to the pool for an administrator, with AWS credentials. A pool that nobody named is taken if
// it is the only one of the project, and guessed says where it was found: before anything changes there, somebody has
// to say that it is the one.
func (s *Settings) Admin(ctx context.Context, flags *pflag.FlagSet, t *terminal.Terminal) (admin *cognito.Admin,
	guessed string, err error) {
	if err := s.Find(flags, t); err != nil {
		return nil, "", err
	}
	if err := s.CheckIDs(); err != nil {
		return nil, "", err
	}
	if s.Pool == "" {
		if guessed, err = s.guess(); err != nil {
			return nil, "", err
		}
	}
	c, err := s.config(ctx, t, true)
	if err != nil {
		return nil, "", asUsage(err)
	}
	if c.PoolID = s.Pool; flow.IsPoolID(c.PoolID) {
		if err := s.sameRegion(c, c.PoolID); err != nil {
			return nil, "", err
		}
	}
	admin, err = cognito.NewAdmin(c)
	return admin, guessed, asUsage(err)
}

// guess takes the only pool of the project, and returns where it was found; "" if that was piped in, which is as good
// as naming it.
func (s *Settings) guess() (from string, err error) {
	const hint = "name it with --pool-id"
	var ids []string
	for _, c := range s.Found.Candidates {
		if !slices.Contains(ids, c.Pool) {
			ids = append(ids, c.Pool)
		}
	}
	switch len(ids) {
	case 0:
		return "", exit.Usagef(hint, "no user pool is known")
	case 1:
	default:
		return "", exit.Usagef(hint, "several user pools were found: %s", flow.Printable(strings.Join(ids[:min(len(ids), 5)],
			", ")))
	}
	s.Pool = ids[0]
	if s.Client == "" && len(s.Found.Candidates) == 1 {
		s.Client = s.Found.Candidates[0].Client
	}
	if source := s.Found.Candidates[0].Sources[0]; source.Kind != config.Terraform {
		from = source.String()
	}
	return from, nil
}

// Caller asks AWS whose the credentials of the edge are, as cognito.Caller does.
func (s *Settings) Caller(ctx context.Context, t *terminal.Terminal, a *cognito.Admin) (string, error) {
	chosen, err := s.chosen(t)
	if err != nil {
		return "", err
	}
	return cognito.Caller(ctx, a.Region(), chosen, a.Destination().AWS)
}
