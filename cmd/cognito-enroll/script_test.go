package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"cognito-enroll/cmd/cognito-enroll/demo"
	"cognito-enroll/cognito/localpool"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"cognito-enroll": main})
}

// TestScripts runs testdata/*.txtar: the program as a shell sees it. The shell scripts of
// docs/scripting.md are beside each.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata", RequireExplicitExec: true, RequireUniqueNames: true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "pool": embedded, "fault": fault, "answers": answers, "valid": valid, "refuser": refuser, "saw": saw,
			"chatty": chatty, "seed": seeded, "caller": caller, "validadmin": validAdmin,
		},
		Setup: func(env *testscript.Env) error {
			source, err := os.Getwd()
			env.Setenv("SOURCE", source)
			return errors.Join(err, documentedScripts(env))
		},
		// CI has all the tools, or has to be fixed.
		Condition: func(cond string) (bool, error) {
			if cond == "root" { // whom no permissions stop
				return os.Geteuid() == 0, nil
			}
			tool, ok := strings.CutPrefix(cond, "lacks:")
			if !ok {
				return false, fmt.Errorf("no condition %q", cond)
			}
			_, err := exec.LookPath(tool)
			return err != nil && os.Getenv("CI") == "", nil
		},
	})
}

// documentedScripts writes the blocks of shell in docs/scripting.md and docs/aws-cli.md that begin with "# NAME " to
// files of that name.
func documentedScripts(env *testscript.Env) error {
	for _, page := range []string{"scripting.md", "aws-cli.md"} {
		text, err := os.ReadFile(filepath.Join("..", "..", "docs", page))
		if err != nil {
			return err
		}
		for _, m := range regexp.MustCompile("(?s)```sh\n(#!/bin/sh\n# (\\S+) .*?)```").FindAllSubmatch(text, -1) {
			if err := os.WriteFile(filepath.Join(env.WorkDir, string(m[2])), m[1], 0o755); err != nil {
				return err
			}
		}
	}
	return nil
}

// exits is "exits CODE PROGRAM ARGS...": exec, for a program that must end with that code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARGS...")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		code = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if fmt.Sprint(code) != args[0] {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}

// embedded is "pool": $ENDPOINT becomes that of an embedded user pool with the users of demo, and $SECRET
// the secret of its client demooptional0secret0client.
func embedded(ts *testscript.TestScript, _ bool, _ []string) {
	seed, err := demo.Seed()
	ts.Check(err)
	server := localpool.New(localpool.Options{})
	seed, err = server.Seed(seed)
	ts.Check(err)
	for _, p := range seed.Pools {
		for _, c := range p.Clients {
			if c.ID == "demooptional0secret0client" {
				ts.Setenv("SECRET", c.Secret)
			}
		}
	}
	endpoint(ts, server)
}

// seeded is "seed FILE [OPERATION=EXCEPTION]": $ENDPOINT becomes that of an embedded user pool with the seed in FILE, and
// there are AWS credentials. It refuses the operation with the exception.
func seeded(ts *testscript.TestScript, _ bool, args []string) {
	file, err := localpool.ParseSeed([]byte(ts.ReadFile(args[0])))
	ts.Check(err)
	server := localpool.New(localpool.Options{})
	_, err = server.Seed(file.Seed)
	ts.Check(err)
	refused, exception := "", ""
	if len(args) > 1 {
		refused, exception, _ = strings.Cut(args[1], "=")
	}
	endpoint(ts, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.Header.Get("X-Amz-Target"), "."+refused) {
			server.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		w.Header().Set("X-Amzn-Errortype", exception)
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(w, `{"__type":%q,"message":"not today"}`, exception)
	}))
	for name, value := range map[string]string{"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "example",
		"AWS_EC2_METADATA_DISABLED": "true", "COGNITO_ENROLL_ENDPOINT_URL": ts.Getenv("ENDPOINT")} {
		ts.Setenv(name, value)
	}
}

// caller is "caller ARN": there is an STS that says so. Without ARN it never answers.
func caller(ts *testscript.TestScript, _ bool, args []string) {
	over := make(chan struct{})
	sts := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(args) == 0 {
			select {
			case <-over:
			case <-r.Context().Done():
			}
			return
		}
		w.Header().Set("Content-Type", "text/xml")
		fmt.Fprintf(w, "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>"+
			"<Arn>%s</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>", args[0])
	}))
	ts.Defer(func() { close(over); sts.Close() })
	ts.Setenv("AWS_ENDPOINT_URL_STS", sts.URL)
}

// fault is "fault KIND OPERATION": the pool misbehaves so at the next such call.
func fault(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: fault KIND OPERATION")
	}
	body := strings.NewReader(fmt.Sprintf(`[{"kind":%q,"operation":%q}]`, args[0], args[1]))
	request, err := http.NewRequest("PUT", ts.Getenv("ENDPOINT")+"/_faults", body)
	ts.Check(err)
	response, err := http.DefaultClient.Do(request)
	ts.Check(err)
	response.Body.Close()
	if response.StatusCode/100 != 2 {
		ts.Fatalf("%s", response.Status)
	}
}

// answers is "answers BODY": $ENDPOINT becomes that of a server that answers so to whatever is asked.
func answers(ts *testscript.TestScript, _ bool, args []string) {
	endpoint(ts, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		fmt.Fprint(w, strings.Join(args, " "))
	}))
}

// refuser is "refuser": $ENDPOINT becomes that of a server that allows no flow. What it gets is in the file "seen".
func refuser(ts *testscript.TestScript, _ bool, _ []string) {
	seen := ts.MkAbs("seen")
	ts.Check(os.WriteFile(seen, nil, 0o600))
	endpoint(ts, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		file, opened := os.OpenFile(seen, os.O_APPEND|os.O_WRONLY, 0)
		if err := errors.Join(err, opened); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		defer file.Close()
		file.Write(body)
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"__type":"InvalidParameterException","message":"USER_SRP_AUTH is not enabled for the client."}`)
	}))
}

// chatty is "chatty": $ENDPOINT becomes that of a server that refuses the first request, and then says more, unasked.
func chatty(ts *testscript.TestScript, _ bool, _ []string) {
	said := make(chan struct{})
	first := true
	endpoint(ts, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		if !first { // the program comes again when the first connection is long over
			<-said
			http.Error(w, "", http.StatusTeapot)
			return
		}
		first = false
		c, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		const body = `{"__type":"NotAuthorizedException","message":"Incorrect username or password."}`
		fmt.Fprintf(c, "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"+
			"Key URI: forged\n\x1b[2J", len(body), body)
		io.Copy(io.Discard, c) // until the program has given the connection up
		c.Close()
		close(said)
	}))
}

// saw is "[!] saw TEXT": the refuser got TEXT, and something at all.
func saw(ts *testscript.TestScript, neg bool, args []string) {
	got := ts.ReadFile("seen")
	if got == "" || strings.Contains(got, args[0]) == neg {
		ts.Fatalf("the server got %q", got)
	}
}

func endpoint(ts *testscript.TestScript, h http.Handler) {
	server := httptest.NewServer(h)
	ts.Defer(server.Close)
	ts.Setenv("ENDPOINT", server.URL)
}

// valid is "valid": every line of stdout is an object of the schema.
func valid(ts *testscript.TestScript, _ bool, _ []string) {
	validBy(ts, filepath.Join(ts.Getenv("SOURCE"), "..", "..", "ui", "ndjson", "schema.json"))
}

// validAdmin is "validadmin": the same for the schema of admin.
func validAdmin(ts *testscript.TestScript, _ bool, _ []string) {
	validBy(ts, filepath.Join(ts.Getenv("SOURCE"), "admin", "schema.json"))
}

func validBy(ts *testscript.TestScript, file string) {
	schema, err := jsonschema.NewCompiler().Compile(file)
	ts.Check(err)
	n := 0
	for line := range strings.Lines(ts.ReadFile("stdout")) {
		object, err := jsonschema.UnmarshalJSON(strings.NewReader(line))
		ts.Check(err)
		ts.Check(schema.Validate(object))
		n++
	}
	if n == 0 {
		ts.Fatalf("nothing is written")
	}
}
