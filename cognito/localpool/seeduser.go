package localpool

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/google/uuid"
)

// UserSeed describes one user.
type UserSeed struct {
	Username string `json:"username"` // in a pool of UsernameAttributes the address or number
	Password string `json:"password"`
	// CONFIRMED if empty; FORCE_CHANGE_PASSWORD makes the password temporary; RESET_REQUIRED; UNCONFIRMED;
	// EXTERNAL_PROVIDER never signs in here, whatever the password
	Status   string `json:"status,omitempty"`
	Disabled bool   `json:"disabled,omitempty"`
	// sub is drawn if it is not here; email and phone_number are verified, unless email_verified or
	// phone_number_verified says otherwise
	Attributes map[string]string `json:"attributes,omitempty"`
	// an authenticator that is enrolled, and preferred if there are no other Factors
	TOTP      *TOTPSeed `json:"totp,omitempty"`
	Factors   []string  `json:"factors,omitempty"`   // SMS_MFA, EMAIL_OTP: active beside TOTP
	Preferred string    `json:"preferred,omitempty"` // one of the active factors
	Groups    []string  `json:"groups,omitempty"`    // names
	// how many devices are remembered, 1000 at most, in a pool that tracks them; nobody can sign in
	// from these
	Devices int `json:"devices,omitempty"`
}

// TOTPSeed describes an enrolled authenticator.
type TOTPSeed struct {
	Secret string `json:"secret,omitempty"` // base32 without padding; drawn if empty
	Device string `json:"device,omitempty"` // FriendlyDeviceName
}

// mostDevices is more than anybody has.
const mostDevices = 1000

func (s *Server) seedUser(p *pool, seed *UserSeed) (*user, error) {
	status := seed.Status
	if status == "" {
		status = statusConfirmed
	}
	var v checks
	v.username(seed.Username)
	v.required("password", seed.Password)
	v.password("password", seed.Password)
	v.between("devices", &seed.Devices, 0, mostDevices)
	v.oneOf("status", status, []string{statusConfirmed, statusTemporary, statusReset, statusUnconfirmed,
		statusFederated})
	if err := v.err(); err != nil {
		return nil, err
	}
	if err := p.policy.accept(seed.Password); err != nil {
		return nil, err
	}
	var attributes []attribute
	for _, name := range slices.Sorted(maps.Keys(seed.Attributes)) {
		if name != "sub" {
			attributes = append(attributes, attribute{name, seed.Attributes[name]})
		}
	}
	u, err := s.newUser(p, seed.Username, attributes)
	if err != nil {
		return nil, err
	}
	if sub := seed.Attributes["sub"]; sub != "" {
		if uuid.Validate(sub) != nil {
			return nil, fmt.Errorf("sub %q is no UUID", sub)
		}
		if u.username == u.sub {
			u.username = sub
		}
		u.sub = sub
	}
	for _, name := range seed.Groups {
		if p.group(name) == nil {
			return nil, fmt.Errorf("the pool has no group %q", name)
		}
		if !slices.Contains(u.groups, name) {
			u.groups = append(u.groups, name)
		}
	}
	s.setPassword(u, seed.Password, status)
	u.enabled = !seed.Disabled
	for _, name := range contacts {
		if u.attribute(name) != "" && u.attribute(name+"_verified") == "" {
			u.setAttributes([]attribute{{name + "_verified", "true"}})
		}
	}
	if err := u.claimAliases(false); err != nil {
		return nil, err
	}
	if seed.TOTP != nil {
		if err := s.seedTOTP(u, seed); err != nil {
			return nil, err
		}
	}
	if seed.Devices > 0 && p.devices == nil {
		return nil, errors.New("the pool does not track devices")
	}
	for range seed.Devices {
		s.addDevice(u).confirmed = true // with a verifier of zeros, with which no proof begins
	}
	for _, f := range seed.Factors {
		if f == softwareTokenMFA || !u.has(f) {
			return nil, fmt.Errorf("the factor %q is not the pool's, or has no address", f)
		}
		u.switchOn(f, false)
	}
	if p := seed.Preferred; p != "" {
		if !slices.Contains(u.factors, p) {
			return nil, fmt.Errorf("the preferred factor %q is not active", p)
		}
		u.switchOn(p, true)
	}
	return u, nil
}

func (s *Server) seedTOTP(u *user, seed *UserSeed) error {
	totp := *seed.TOTP
	u.token = s.newSoftwareToken()
	setOrFill(&u.token.secret, &totp.Secret)
	u.token.verified, u.token.device = true, totp.Device
	if u.token.code(0) == "" {
		return errors.New("the secret of its authenticator is not base32")
	}
	u.switchOn(softwareTokenMFA, len(seed.Factors) == 0)
	seed.TOTP = &totp
	return nil
}
