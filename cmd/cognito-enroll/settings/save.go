package settings

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"

	"github.com/spf13/pflag"

	"cognito-enroll/cmd/cognito-enroll/config"
	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/cmd/cognito-enroll/terminal"
	"cognito-enroll/flow"
)

// Save adds the settings that were given as flags to config.toml, as the profile name, and returns the file. Nothing is
// sent, and nothing that stands there is changed. The IDs may also be from the environment.
func (s *Settings) Save(ctx context.Context, flags *pflag.FlagSet, t *terminal.Terminal, name string) (string, error) {
	file := s.file
	if file == "" {
		file = standard(t)
	}
	if file == "" {
		return "", exit.Usagef("name a file with --config", "there is no configuration directory")
	}
	if err := t.Allows(file); err != nil {
		return "", err
	}
	s.Alone, s.MayBeMissing = true, true
	if err := s.Find(flags, t); err != nil {
		return "", cannotSave(file, err)
	}
	if err := s.CheckIDs(); err != nil {
		return "", err
	}
	if !s.complete() {
		return "", exit.Usagef("add --pool-id and --client-id", "a profile needs a user pool and an app client")
	}
	if _, err := s.FlowOptions(); err != nil {
		return "", err
	}
	if _, err := s.NewClient(ctx, t, false); err != nil { // which checks the rest
		return "", err
	}
	var keep []config.Setting
	for _, setting := range s.Found.Settings {
		switch {
		case setting.Key == "client-secret-file" && setting.Source.Kind == config.Flag:
			absolute, err := filepath.Abs(setting.Value)
			if err != nil {
				return "", err
			}
			setting.Value = absolute
		case setting.Key == "pool-id", setting.Key == "client-id", setting.Source.Kind == config.Flag:
		default:
			continue
		}
		keep = append(keep, setting)
	}
	return file, cannotSave(file, asUsage(config.AppendProfile(file, name, keep)))
}

// cannotSave returns err, as what keeps a profile from being saved to file if the system gave it.
func cannotSave(file string, err error) error {
	if _, ok := errors.AsType[*fs.PathError](err); !ok {
		return err
	}
	return exit.CannotSave(file, err, "check the permissions and the space there, or name another file with --config")
}

// Offer says how to keep the pool of a run whose IDs were typed, or "".
func (e *Edge) Offer() string {
	to, endpoint := e.Chosen()
	if to.Source != "what you typed" || endpoint != "" || e.settings.Region != "" {
		return ""
	}
	return fmt.Sprintf("to keep these IDs: cognito-enroll config save NAME --pool-id %s --client-id %s", to.Pool, to.Client)
}

// usernamesFile is where the last username of each profile is kept; "" if nowhere.
func usernamesFile(t *terminal.Terminal) string {
	if !t.May.Memory || t.Folders.Settings == "" {
		return ""
	}
	return filepath.Join(t.Folders.Settings, "usernames.json")
}

// ofProfile reports whether the pool is that of a profile, and so its username may be kept.
func (s *Settings) ofProfile() bool {
	return s.Found.Profile != "" && s.Found.Get("pool-id").Source.Kind == config.Config && !s.TokenOnStdin
}

// recall returns the username with which somebody got to an end in the pool of the profile last, or "".
func (s *Settings) recall(t *terminal.Terminal) string {
	if !s.ofProfile() || usernamesFile(t) == "" {
		return ""
	}
	name := readUsernames(usernamesFile(t))[s.usernameKey()]
	if flow.Unprintable(name) != "" {
		return ""
	}
	return name
}

// usernameKey holds the pool, too: a profile may be changed, and a username is nobody else's business.
func (s *Settings) usernameKey() string { return s.Found.Profile + " " + s.Pool }

// Remember keeps the username of a run that came to its end, for the profile that it was for. It is a convenience:
// nobody hears of a file that cannot be written.
func (s *Settings) Remember(t *terminal.Terminal, last flow.Ask) {
	file := usernamesFile(t)
	if file == "" || !s.ofProfile() || last.Summary == nil || last.Account == "" || last.Account == s.username {
		return
	}
	names := maps.Clone(readUsernames(file))
	if names == nil {
		names = map[string]string{}
	}
	if names[s.usernameKey()] == last.Account {
		return
	}
	names[s.usernameKey()] = last.Account
	text, err := json.Marshal(names)
	if err != nil || os.MkdirAll(filepath.Dir(file), 0o700) != nil {
		return
	}
	if info, err := os.Lstat(file); err == nil && !info.Mode().IsRegular() {
		return
	}
	next, err := os.CreateTemp(filepath.Dir(file), ".usernames-*") // 0600
	if err != nil {
		return
	}
	_, err = next.Write(append(text, '\n'))
	if errors.Join(err, next.Close()) != nil || os.Rename(next.Name(), file) != nil {
		os.Remove(next.Name())
	}
}

func readUsernames(file string) (names map[string]string) {
	text, err := os.ReadFile(file)
	if err != nil || json.Unmarshal(text, &names) != nil {
		return nil
	}
	return names
}
