package localpool

import (
	"cmp"
	"encoding/base64"
	"math/big"
	"slices"
	"strings"
	"time"

	"cognito-enroll/cognito/srp"
)

// device is what a sign-in came from, in a pool that tracks devices. Before ConfirmDevice
// it is as good as unknown; then its sign-ins prove a password of the device's own, and
// no second factor is asked for ("Working with user devices", Developer Guide).
type device struct {
	key, group    string
	created, used time.Time
	verifier      srp.Verifier
	confirmed     bool
}

// newDevice is the NewDeviceMetadata of tokens.
type newDevice struct{ DeviceKey, DeviceGroupKey string }

func (s *Server) addDevice(u *user) *device {
	now := s.o.Now()
	d := &device{key: s.o.Region + "_" + s.newUUID(), group: "-" + s.newText(alphanum, 8), created: now, used: now}
	if u.devices == nil {
		u.devices = make(map[string]*device)
	}
	u.devices[d.key] = d
	return d
}

// device is the remembered one that DEVICE_KEY named, or nil.
func (l login) device() *device {
	if d := l.user.devices[l.deviceKey]; d != nil && d.confirmed {
		return d
	}
	return nil
}

// checkDevice refuses a DEVICE_KEY that names nothing. Clients forget it then.
func (l login) checkDevice() error {
	if l.user != nil && l.user.pool.devices != nil && l.deviceKey != "" && l.device() == nil {
		return errNoDevice
	}
	return nil
}

type confirmDeviceInput struct {
	AccessToken, DeviceKey     string
	DeviceSecretVerifierConfig struct{ PasswordVerifier, Salt string } // base64
}

type confirmDeviceOutput struct{ UserConfirmationNecessary bool }

func (s *Server) confirmDevice(in confirmDeviceInput) (*confirmDeviceOutput, error) {
	var v checks
	if v.deviceKey(in.DeviceKey); v.err() != nil {
		return nil, v.err()
	}
	u, err := s.signedInUser(in.AccessToken)
	if err != nil {
		return nil, err
	}
	d := u.devices[in.DeviceKey]
	if d == nil {
		return nil, errNoDevice
	}
	salt, ok1 := parseNumber(in.DeviceSecretVerifierConfig.Salt, len(d.verifier.Salt))
	verifier, ok2 := parseNumber(in.DeviceSecretVerifierConfig.PasswordVerifier, len(d.verifier.V))
	if !ok1 || !ok2 || verifier.Sign() == 0 {
		return nil, errVerifier
	}
	salt.FillBytes(d.verifier.Salt[:])
	verifier.FillBytes(d.verifier.V[:])
	d.confirmed = true
	return &confirmDeviceOutput{}, nil
}

// parseNumber reads base64 of at most size bytes, big-endian, after which zeros may lead.
func parseNumber(text string, size int) (n *big.Int, ok bool) {
	b, err := base64.StdEncoding.DecodeString(text)
	n = new(big.Int).SetBytes(b)
	return n, err == nil && len(b) > 0 && n.BitLen() <= 8*size
}

// answerDeviceSRP goes on to DEVICE_PASSWORD_VERIFIER.
func (s *Server) answerDeviceSRP(ss *session, p params) (*authOutput, error) {
	d := ss.device()
	if d == nil || p["DEVICE_KEY"] != d.key {
		return nil, errNoDevice
	}
	verifier := d.verifier
	out, err := s.askProof(ss.login, "DEVICE_PASSWORD_VERIFIER", p["SRP_A"],
		func() (srp.Verifier, error) { return verifier, nil })
	if err != nil {
		return nil, err
	}
	out.ChallengeParameters["DEVICE_KEY"], out.ChallengeParameters["USERNAME"] = d.key, ss.userID
	return out, nil
}

// answerDeviceVerifier judges a proof where DeviceGroupKey stands for the pool's name and
// DeviceKey for the user's.
func (s *Server) answerDeviceVerifier(ss *session, p params) (*authOutput, error) {
	d := ss.device()
	if d == nil || p["DEVICE_KEY"] != d.key {
		return nil, errNoDevice
	}
	right, err := s.checkProof(ss, p, d.group, d.key)
	if err != nil {
		return nil, err
	}
	if err := s.countAttempt(ss.user, right); err != nil {
		return nil, err
	}
	d.used = s.o.Now()
	return s.admit(ss.login)
}

type deviceType struct {
	DeviceKey                   string
	DeviceAttributes            []attribute
	DeviceCreateDate            epoch
	DeviceLastModifiedDate      epoch
	DeviceLastAuthenticatedDate epoch
}

type listDevicesOutput struct {
	Devices         []deviceType
	PaginationToken string `json:",omitempty"`
}

// adminListDevices lists all devices of a user, oldest first, on one page: there are few.
func (s *Server) adminListDevices(in struct {
	userInput
	Limit *int
}) (*listDevicesOutput, error) {
	u, err := s.namedUser(in.UserPoolId, in.Username)
	if err != nil {
		return nil, err
	}
	if u.pool.devices == nil {
		return nil, errNoTracking
	}
	if _, err := limit(in.Limit); err != nil {
		return nil, err
	}
	out := &listDevicesOutput{Devices: []deviceType{}}
	for _, d := range u.devices {
		status := "not_remembered"
		if d.confirmed {
			status = "remembered"
		}
		out.Devices = append(out.Devices, deviceType{d.key, []attribute{{"device_status", status}}, epoch(d.created),
			epoch(d.created), epoch(d.used)})
	}
	slices.SortFunc(out.Devices, func(a, b deviceType) int {
		return cmp.Or(time.Time(a.DeviceCreateDate).Compare(time.Time(b.DeviceCreateDate)),
			strings.Compare(a.DeviceKey, b.DeviceKey))
	})
	return out, nil
}

// adminForgetDevice ends the sign-ins from the device as well.
func (s *Server) adminForgetDevice(in struct {
	userInput
	DeviceKey string
}) (*empty, error) {
	var v checks
	if v.deviceKey(in.DeviceKey); v.err() != nil {
		return nil, v.err()
	}
	u, err := s.namedUser(in.UserPoolId, in.Username)
	if err != nil {
		return nil, err
	}
	if u.pool.devices == nil {
		return nil, errNoTracking
	}
	if u.devices[in.DeviceKey] == nil {
		return nil, errNoDevice
	}
	delete(u.devices, in.DeviceKey)
	return &empty{}, nil
}
