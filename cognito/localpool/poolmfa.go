package localpool

import "slices"

type softwareTokenConfig struct{ Enabled bool }

// mfaConfig is the input of SetUserPoolMfaConfig, and its output. SMS and email are
// switched on by being there, and what stands in them does not matter here.
type mfaConfig struct {
	SmsMfaConfiguration           *struct{}            `json:",omitempty"`
	SoftwareTokenMfaConfiguration *softwareTokenConfig `json:",omitempty"`
	EmailMfaConfiguration         *struct{}            `json:",omitempty"`
	MfaConfiguration              string
}

func (p *pool) mfaConfig() *mfaConfig {
	c := &mfaConfig{MfaConfiguration: p.mfa}
	if p.offers(smsMFA) {
		c.SmsMfaConfiguration = &struct{}{}
	}
	if p.offers(softwareTokenMFA) {
		c.SoftwareTokenMfaConfiguration = &softwareTokenConfig{true}
	}
	if p.offers(emailOTP) {
		c.EmailMfaConfiguration = &struct{}{}
	}
	return c
}

func (s *Server) setUserPoolMfaConfig(in struct {
	poolInput
	mfaConfig
}) (*mfaConfig, error) {
	p, err := s.poolByID(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	var v checks
	v.oneOf("mfaConfiguration", in.MfaConfiguration, mfaModes)
	if err := v.err(); err != nil {
		return nil, err
	}
	mfa, factors := p.mfa, map[string]bool{
		smsMFA:           p.offers(smsMFA) || in.SmsMfaConfiguration != nil,
		emailOTP:         p.offers(emailOTP) || in.EmailMfaConfiguration != nil,
		softwareTokenMFA: p.offers(softwareTokenMFA),
	}
	if in.MfaConfiguration != "" {
		mfa = in.MfaConfiguration
	}
	if in.SoftwareTokenMfaConfiguration != nil {
		factors[softwareTokenMFA] = in.SoftwareTokenMfaConfiguration.Enabled
	}
	list := slices.DeleteFunc(slices.Clone(mfaFactors), func(f string) bool { return !factors[f] })
	if mfa != mfaOff && p.mfa == mfaOff && len(list) == 0 {
		return nil, errNoFactor
	}
	p.mfa, p.factors, p.modified = mfa, list, s.o.Now()
	return p.mfaConfig(), nil
}

func (s *Server) getUserPoolMfaConfig(in poolInput) (*mfaConfig, error) {
	p, err := s.poolByID(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	return p.mfaConfig(), nil
}
