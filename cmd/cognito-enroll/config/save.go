package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/pelletier/go-toml/v2"
)

// isProfileName reports whether name can stand in [profile.NAME] without quotes.
func isProfileName(name string) bool {
	return name != "" && len(name) <= 64 && strings.Trim(strings.ToLower(name), "abcdefghijklmnopqrstuvwxyz0123456789_-") == ""
}

// AppendProfile adds [profile.NAME] with settings to the end of the config.toml at file, and makes the file, readable
// only by its owner, if there is none. What is in it stays, comments included: nothing is rewritten, also if the disk
// is full. No setting has a secret as its value. Its error is an *Error, or an *fs.PathError if the system does not let
// the file be read or written.
func AppendProfile(file, name string, settings []Setting) error {
	if !isProfileName(name) {
		return &Error{Msg: fmt.Sprintf("%q cannot be the name of a profile", name),
			Hint: "use letters, digits, - and _"}
	}
	if info, err := os.Stat(file); err == nil && !info.Mode().IsRegular() {
		return &fs.PathError{Op: "open", Path: file, Err: errors.New("it is not a regular file")}
	}
	text, err := readAll(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) {
		return err
	}
	if byteOrder(text) != nil {
		return &Error{File: file, Msg: "this is UTF-16", Hint: "save it as UTF-8 first"}
	}
	var tree struct{ Profile map[string]any }
	content := bytes.TrimPrefix(text, byteOrderMark)
	if toml.Unmarshal(content, &tree) != nil {
		return &Error{File: file, Msg: "this is not TOML, or profile is no table",
			Hint: "correct it first; cognito-enroll config shows where"}
	}
	if _, ok := tree.Profile[name]; ok {
		return &Error{File: file, Msg: fmt.Sprintf("there is a profile %q already", name),
			Hint: "choose another name, or change it in the file: nothing is rewritten"}
	}
	values := map[string]string{}
	for _, s := range settings {
		values[strings.ReplaceAll(s.Key, "-", "_")] = s.Value
	}
	table, err := toml.Marshal(values)
	if err != nil {
		return err
	}
	addition := fmt.Sprintf("[profile.%s]\n%s", name, table)
	if len(text) > 0 {
		addition = "\n" + addition
	}
	if len(text) > 0 && text[len(text)-1] != '\n' {
		addition = "\n" + addition
	}
	if err := toml.Unmarshal(append(content, addition...), &tree); err != nil {
		return &Error{File: file, Msg: "a table cannot be added at the end of it",
			Hint: "write the profiles as tables, as in [profile.NAME]"}
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	_, missing := os.Lstat(file)
	to, err := os.OpenFile(file, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if _, err = to.WriteString(addition); err != nil {
		to.Truncate(int64(len(text))) // half a profile would be a mistake in the file
	}
	if err = errors.Join(err, to.Close()); err != nil && errors.Is(missing, fs.ErrNotExist) {
		os.Remove(file)
	}
	return err
}
