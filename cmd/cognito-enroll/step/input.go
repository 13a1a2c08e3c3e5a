// Package step makes a single call for a script: JSON in, JSON out, and nothing kept.
package step

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"cognito-enroll/cmd/cognito-enroll/config"
	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/flow"
)

// The members of the input.
const (
	accessToken = "access_token"
	session     = "session"
	code        = "code"
	deviceName  = "device_name"
	key         = "key"
)

// The inputs, by their members in the order of the skeleton.
var (
	ForAssociate = Members{accessToken, session}
	ForVerify    = Members{accessToken, session, code, deviceName, key}
)

// Members are what an input may have.
type Members []string

// Skeleton writes an input with empty members, for somebody to fill in.
func (m Members) Skeleton(w io.Writer) error {
	lines := make([]string, len(m))
	for i, name := range m {
		lines[i] = fmt.Sprintf("  %q: \"\"", name)
	}
	_, err := fmt.Fprintf(w, "{\n%s\n}\n", strings.Join(lines, ",\n"))
	return err
}

// Input is one that was checked. Of the access token flow judges.
type Input struct {
	Grant  flow.Grant
	Code   flow.Secret
	Device string
	Key    flow.Secret // base32; empty if the code is not to be compared with it
}

// longest is how long an input may be, in bytes. An access token is the most of it.
const longest = 64 << 10

// Read reads the input from file, which nobody else may read, or without one from t's stdin. Its error names every
// mistake, and none of the values.
func (m Members) Read(t *terminal.Terminal, file string) (Input, error) {
	text, err := read(t, file)
	if err != nil {
		return Input{}, err
	}
	values, mistakes := m.values(text)
	var in Input
	if len(mistakes) == 0 {
		in, mistakes = m.check(values)
	}
	if len(mistakes) > 0 {
		return in, exit.Usagef("--skeleton prints an input to fill in", "the input is wrong: %s",
			strings.Join(mistakes, "; "))
	}
	return in, nil
}

func read(t *terminal.Terminal, file string) ([]byte, error) {
	var from io.Reader = bufio.NewReader(t.In)
	switch {
	case file != "":
		f, err := t.OpenPrivate(file)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		from = f
	case t.Typed():
		return nil, exit.Usagef("pipe it, or name a file with --input: what is typed here can be read on the screen",
			"the input comes from stdin, and that is a keyboard")
	}
	text, err := io.ReadAll(io.LimitReader(from, longest+1))
	switch {
	case err != nil:
		return nil, exit.Usagef("pipe JSON to stdin, or name a file with --input", "cannot read the input: %s", err)
	case len(text) > longest:
		return nil, exit.Usagef("check what is piped", "the input is longer than %d bytes", longest)
	case len(bytes.TrimSpace(text)) == 0:
		return nil, exit.Usagef("pipe JSON to stdin, or name a file with --input; --skeleton prints an input to fill in",
			"there is no input")
	}
	return text, nil
}

// values are the members of one JSON object, by their names. Messages of encoding/json may quote the input, which
// holds secrets: they are not passed on.
func (m Members) values(text []byte) (values map[string]string, mistakes []string) {
	d := json.NewDecoder(bytes.NewReader(text))
	broken := func(err error) []string {
		if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
			return append(mistakes, "the JSON ends too early")
		}
		return append(mistakes, fmt.Sprintf("it is not JSON at byte %d", d.InputOffset()+1))
	}
	if start, err := d.Token(); err != nil {
		return nil, broken(err)
	} else if start != json.Delim('{') {
		return nil, []string{"it is not a JSON object"}
	}
	values = map[string]string{}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, broken(err)
		}
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return nil, broken(err)
		}
		if mistake := m.member(values, name.(string), raw); mistake != "" {
			mistakes = append(mistakes, mistake)
		}
	}
	if _, err := d.Token(); err != nil {
		return nil, broken(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		mistakes = append(mistakes, "there is something after the object")
	}
	return values, mistakes
}

// member adds one to values, or says what is wrong with it.
func (m Members) member(values map[string]string, name string, raw json.RawMessage) (mistake string) {
	quoted := strconv.Quote(flow.Printable(name))
	if !slices.Contains(m, name) {
		if slices.Contains(ForVerify, name) {
			return quoted + " is for verify"
		}
		if meant := m.meant(name); meant != "" {
			return fmt.Sprintf("unknown member %s (did you mean %q?)", quoted, meant)
		}
		return "unknown member " + quoted
	}
	if _, twice := values[name]; twice {
		return quoted + " is there twice"
	}
	var text *string
	if json.Unmarshal(raw, &text) != nil || text == nil {
		values[name] = ""
		return quoted + " has to be a string, in quotes"
	}
	values[name] = *text
	return ""
}

// awsNames are what the AWS CLI and its skeleton call the members.
var awsNames = map[string]string{
	"usercode": code, "friendlydevicename": deviceName, "secretcode": key, "token": accessToken,
}

// meant is the member that name may stand for, or "".
func (m Members) meant(name string) string {
	plain := strings.NewReplacer("-", "", "_", "").Replace(strings.ToLower(name))
	for _, member := range m {
		if strings.ReplaceAll(member, "_", "") == plain || awsNames[plain] == member {
			return member
		}
	}
	return config.Nearest(name, m)
}

// check reads the values, of which an empty one is as good as none.
func (m Members) check(values map[string]string) (in Input, mistakes []string) {
	wrong := func(mistake string) { mistakes = append(mistakes, mistake) }
	in.Grant = flow.Grant{
		AccessToken: flow.NewSecret(strings.TrimSpace(values[accessToken])),
		Session:     flow.NewSecret(strings.TrimSpace(values[session])),
	}
	switch hasToken, hasSession := !in.Grant.AccessToken.Empty(), !in.Grant.Session.Empty(); {
	case hasToken && hasSession:
		wrong(`"access_token" and "session" exclude each other: give one`)
	case hasSession:
		if err := flow.CheckSession(in.Grant.Session); err != nil {
			wrong(fmt.Sprintf("%q: %s", session, err.Msg))
		}
	case !hasToken:
		wrong(`"access_token" or "session" is needed`)
	}
	if !slices.Contains(m, code) {
		return in, mistakes
	}
	digits, err := flow.CodeField().Check(values[code])
	switch {
	case values[code] == "":
		wrong(`"code" is needed`)
	case err != nil:
		wrong(fmt.Sprintf("%q: %s", code, err.Msg))
	}
	in.Code = flow.NewSecret(digits)
	if values[deviceName] != "" {
		if in.Device, err = flow.DeviceField().Check(values[deviceName]); err != nil {
			wrong(fmt.Sprintf("%q: %s", deviceName, err.Msg))
		}
	}
	if in.Key = flow.NewSecret(values[key]); !in.Key.Empty() && !flow.IsKey(in.Key) {
		wrong(`"key" is not base32: letters and the digits 2 to 7`)
	}
	return in, mistakes
}
