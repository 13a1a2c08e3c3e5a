package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"cognito-enroll/cmd/cognito-enroll/exit"
	"cognito-enroll/flow"
)

// docs/reference.md says what the program has: commands, flags, exit codes and error codes.
func TestReference(t *testing.T) {
	generated(t, reference(t), "..", "..", "docs", "reference.md")
}

func reference(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("# Reference\n\nThis page is generated from the program: `go generate ./cmd/cognito-enroll` writes it.\n")

	line("## Commands\n\n| command | what it does |\n|---|---|")
	root := newRoot(process())
	for _, cmd := range commands(root) {
		if cmd != root && cmd.Runnable() {
			line("| `%s` | %s |", cell(cmd.UseLine()), cell(cmd.Short))
		}
	}
	line("\n`cognito-enroll` without a command does the same as `cognito-enroll enroll`.\n")

	line("## Flags\n\n| flag | what it does | default | commands |\n|---|---|---|---|")
	type flag struct{ name, usage, standard string }
	having := map[flag][]string{}
	for _, cmd := range commands(root) {
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if f.Hidden || cmd == root && f.Name != "version" {
				return
			}
			placeholder, usage := pflag.UnquoteUsage(f)
			name := "--" + f.Name
			if f.Shorthand != "" {
				name = "-" + f.Shorthand + ", " + name
			}
			if f.Name == "help" {
				usage = "show the help of the command"
			}
			standard := f.DefValue
			if standard == "false" || standard == "[]" {
				standard = ""
			}
			as := flag{strings.TrimSpace(name + " " + placeholder), usage, standard}
			having[as] = append(having[as], cmd.Name())
		})
	}
	flags := slices.SortedFunc(maps.Keys(having), func(a, b flag) int {
		return strings.Compare(strings.TrimLeft(a.name+a.usage, "-"), strings.TrimLeft(b.name+b.usage, "-"))
	})
	for _, f := range flags {
		in := strings.Join(having[f], ", ")
		switch f.name {
		case "-h, --help":
			in = "all"
		case "-v, --version":
			in = "cognito-enroll"
		}
		line("| `%s` | %s | %s | %s |", f.name, cell(f.usage), cell(f.standard), in)
	}

	values := flagValues()
	line("\n### Values\n\n| flag | value | meaning |\n|---|---|---|")
	for _, name := range slices.Sorted(maps.Keys(values)) {
		for _, v := range values[name] {
			value, meaning, _ := strings.Cut(v, "\t")
			line("| `--%s` | `%s` | %s |", name, value, cell(meaning))
		}
	}

	line("\n## Exit codes\n\n| code | name | meaning |\n|---|---|---|")
	for _, e := range exit.Table {
		line("| %d | %s | %s |", e.Code, e.Name, cell(e.Meaning))
	}

	line("\n## Faults\n\nIn JSON, `fault` says what can be done. It decides the exit code.\n")
	line("| fault | exit code | what you can do |\n|---|---|---|")
	for _, f := range []struct {
		fault flow.Fault
		do    string
	}{
		{flow.Retry, "answer the same question again"},
		{flow.Restart, "sign in again"},
		{flow.Wait, "wait, then try again"},
		{flow.Elsewhere, "change something else first: the pool, the app client or the flags"},
		{flow.Bug, "report it"},
	} {
		line("| `%s` | %d | %s |", f.fault, exit.Code(&flow.Error{Fault: f.fault}), f.do)
	}

	line("\n## Error codes\n\nIn JSON, `code` says what happened. The codes are stable.\n\n| code | what happened |\n|---|---|")
	codes := errorCodes(t)
	for _, code := range codes {
		meaning, ok := errorMeanings[code]
		if !ok {
			t.Errorf("errorMeanings does not say what %s means", code)
		}
		line("| `%s` | %s |", code, cell(meaning))
	}
	for code := range errorMeanings {
		if !slices.Contains(codes, code) {
			t.Errorf("errorMeanings has %s, which does not exist", code)
		}
	}
	return b.String()
}

// cell makes text fit for a cell of a Markdown table.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }

// errorCodes are the values of all constants of the type flow.ErrorCode.
func errorCodes(t *testing.T) (codes []string) {
	t.Helper()
	for _, dir := range []string{"flow", "cognito", "ui", "cmd"} {
		err := filepath.WalkDir(filepath.Join("..", "..", dir), func(path string, d fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				spec, ok := n.(*ast.ValueSpec)
				if !ok || len(spec.Values) != 1 || !isErrorCode(spec.Type) {
					return true
				}
				if value, ok := spec.Values[0].(*ast.BasicLit); ok && value.Kind == token.STRING {
					code, err := strconv.Unquote(value.Value)
					if err == nil && !slices.Contains(codes, code) {
						codes = append(codes, code)
					}
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(codes) < 40 {
		t.Fatalf("only %d error codes: %q", len(codes), codes)
	}
	slices.Sort(codes)
	return codes
}

func isErrorCode(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name == "ErrorCode"
	case *ast.SelectorExpr:
		return e.Sel.Name == "ErrorCode"
	}
	return false
}

// errorMeanings say for a reader of JSON what each error code means.
var errorMeanings = map[string]string{
	"access-denied":              "AWS does not allow these credentials to do this",
	"ambiguous-user":             "admin only: several users have this name",
	"list-expired":               "admin only: the list of users cannot be continued from here",
	"password-alone":             "admin only: the password alone would open the account, and nobody chose that",
	"preflight":                  "admin only: an enrollment would not work in this pool with this app client",
	"user-exists":                "admin only: there is such a user already",
	"wrong-status":               "admin only: the status of the user does not allow this",
	"still-listed":               "admin only: Cognito still lists an authenticator that it reported as deleted",
	"alias-taken":                "another user has this email address or phone number",
	"already-confirmed":          "the sign-up has already been confirmed",
	"attribute-read-only":        "the app client must not write an attribute that is required",
	"bad-key":                    "Cognito sent a key that no app accepts",
	"bad-line":                   "a line of the input does not answer the question; nothing was sent",
	"blocked":                    "AWS WAF blocked the request",
	"cancelled":                  "a signal or the person ended the run",
	"cannot-confirm":             "this sign-up cannot be confirmed here",
	"cannot-reset":               "this password cannot be reset here",
	"challenge-failed":           "an answer to a question of the pool was wrong",
	"client-not-found":           "the app client does not exist in this pool",
	"client-secret-missing":      "the app client has a secret, and none was given",
	"client-secret-wrong":        "the secret of the app client is wrong",
	"clock":                      "this computer's clock is wrong",
	"code-expired":               "a code that was sent has expired",
	"code-mismatch":              "the code is wrong",
	"code-not-sent":              "Cognito could not send a code",
	"code-used":                  "the code has already been used; a code works once",
	"conflict":                   "something else changed the account at the same time",
	"credentials-expired":        "the AWS credentials have expired",
	"credentials-invalid":        "the AWS credentials are wrong",
	"device-not-found":           "the pool does not know this remembered device",
	"flow-not-enabled":           "the app client does not allow this way to sign in",
	"input":                      "the input ended at a question, or cannot be read",
	"odd-password":               "the new password has a space at an end, or the like; it was not set",
	"password-not-sent":          "the app client wants the password itself, and the person said no: it was not sent",
	"invalid-input":              "the answer cannot be right, so nothing was sent",
	"limit-exceeded":             "too many attempts, or a limit of the AWS account",
	"locked-out":                 "too many failed attempts",
	"no-answer":                  "no answer arrived that is of any use; the request may have been carried out",
	"no-credentials":             "there are no AWS credentials",
	"no-factor":                  "the user has no factor to sign in with",
	"not-active":                 "the code was accepted, but the authenticator is not known to be active",
	"not-asked":                  "the test sign-in did not ask for a code of the authenticator",
	"not-cognito":                "something other than Cognito answered, such as the login page of a network",
	"not-known":                  "the account must be changed before its factors can be known",
	"nothing-there":              "the region has no user pool, or the pool no app client",
	"password-refused":           "the new password does not meet the pool's policy",
	"password-reset-required":    "the password must be reset first",
	"pool-broken":                "the pool's configuration or one of its triggers does not work",
	"pool-not-found":             "the user pool does not exist",
	"refused":                    "Cognito refused for an undocumented reason",
	"session-expired":            "the session has expired",
	"session-invalid":            "the session is not valid",
	"session-used":               "the session has already been answered",
	"still-on":                   "Cognito accepted the request to turn the authenticator off, but changed nothing",
	"temporary-password-expired": "the temporary password has expired",
	"throttled":                  "Cognito is limiting requests",
	"tls-failed":                 "the secure connection failed",
	"token-expired":              "the access token has expired",
	"token-invalid":              "the access token is not valid",
	"token-revoked":              "the access token was revoked",
	"token-scope":                "the access token lacks the scope aws.cognito.signin.user.admin",
	"too-many-challenges":        "Cognito asks one question after the other without an end",
	"too-many-restarts":          "one session after the other ended",
	"federated-user":             "an identity provider signs this user in and asks for the second factor, not the pool",
	"totp-not-offered":           "Cognito requires a factor to be set up, but does not offer an authenticator app",
	"totp-not-set-up":            "the user has no authenticator",
	"totp-off":                   "authenticator apps are turned off in the pool",
	"trigger-refused":            "a trigger of the pool refused",
	"unavailable":                "Cognito is not available now",
	"unexpected":                 "Cognito gave an undocumented answer",
	"unlikely-code":              "the code does not fit the key; it was not sent",
	"unreachable":                "the server cannot be reached",
	"unsupported-challenge":      "Cognito asks for something that a terminal cannot do, such as a passkey",
	"user-disabled":              "an administrator has disabled the user",
	"user-not-confirmed":         "the sign-up was not confirmed",
	"user-not-found":             "the user does not exist",
	"wrong-password":             "the username or the password is wrong",
	"wrong-session":              "the Session cannot be used here",
	"wrong-token":                "the access token cannot be used here",
}
