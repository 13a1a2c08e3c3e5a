package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// project copies a folder of testdata, shaped as tools leave it, to where a repository's root is marked.
func project(t *testing.T, name string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", name))); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, ".git"), 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// described writes candidates as a person would see them; of a secret, only that it is there.
func described(candidates []Candidate) (lines []string) {
	for _, c := range candidates {
		line := c.Pool + " " + c.Client
		if !c.Secret.Empty() {
			line += " and its secret of " + c.SecretSource.Name
		}
		for _, s := range c.Sources {
			line += ", " + s.String()
		}
		lines = append(lines, line)
	}
	return lines
}

// In a project of each kind the right ids are found, and where each came from.
func TestProject(t *testing.T) {
	const plugin = "auth.plugins.awsCognitoAuthPlugin.CognitoUserPool.Default."
	for _, tt := range []struct {
		project, dir string
		want         []string
	}{
		{"gen2", "", []string{"eu-west-1_Gen2Pool1 2gen5client6k3v9wq07abcdef, amplify_outputs.json:3 auth.user_pool_id, " +
			"amplify_outputs.json:5 auth.user_pool_client_id"}},
		{"gen1", "", []string{"us-east-1_Gen1Pool1 1gen5client6k3v9wq07abcdef, src/aws-exports.js:8 " +
			"awsmobile.aws_user_pools_id, src/aws-exports.js:9 awsmobile.aws_user_pools_web_client_id"}},
		{"gen1", "src", []string{"us-east-1_Gen1Pool1 1gen5client6k3v9wq07abcdef, aws-exports.js:8 " +
			"awsmobile.aws_user_pools_id, aws-exports.js:9 awsmobile.aws_user_pools_web_client_id"}},
		{"mobile", "", []string{"eu-west-1_MobilePool 3mobile5client6k3v9wq07abc and its secret of " + plugin +
			"AppClientSecret, amplifyconfiguration.json:13 " + plugin + "PoolId, amplifyconfiguration.json:14 " + plugin +
			"AppClientId"}},
		{"legacy", "", []string{"ap-southeast-2_Legacy1 4legacy5client6k3v9wq07abc, aws-exports.json:1 aws_user_pools_id, " +
			"aws-exports.json:1 aws_user_pools_web_client_id, " +
			"awsconfiguration.json:3 CognitoUserPool.Default.PoolId, awsconfiguration.json:3 " +
			"CognitoUserPool.Default.AppClientId"}},
		{"cdk", "", []string{
			"eu-central-1_Staging01 5staging5client6k3v9wq07ab, cdk-outputs.json:3 AuthStagingStack.UserPoolId, " +
				"cdk-outputs.json:4 AuthStagingStack.UserPoolClientId, cdk-outputs.json:5 AuthStagingStack.UserPoolArn",
			"eu-central-1_Prod00001 6prod555client6k3v9wq07abc, cdk-outputs.json:8 " +
				"AuthProdStack.ExportsOutputRefUserPool6BA7E5F296FD7236, cdk-outputs.json:9 AuthProdStack.WebClientId",
			"eu-central-1_Prod00001 7prod555admin66k3v9wq07abc, cdk-outputs.json:8 " +
				"AuthProdStack.ExportsOutputRefUserPool6BA7E5F296FD7236, cdk-outputs.json:10 AuthProdStack.AdminClientId",
		}},
		{"nextjs", "", []string{"us-west-2_NextPool1 8next555client6k3v9wq07abc, .env.local:2 " +
			"NEXT_PUBLIC_COGNITO_USER_POOL_ID, .env.local:3 NEXT_PUBLIC_COGNITO_CLIENT_ID"}},
		{"vite", "", []string{"us-west-2_VitePool1 9vite555client6k3v9wq07abc, .env:1 VITE_AWS_USER_POOL_ID, " +
			".env.development:1 VITE_USER_POOL_CLIENT_ID"}},
		{"sst", "", []string{"us-east-1_SstPool01 asst555client6k3v9wq07abcd, .sst/outputs.json:1 my-app-prod.UserPool, " +
			".sst/outputs.json:1 my-app-prod.UserPoolClient"}},
		{"monorepo", "packages/web", []string{"eu-west-1_Gen2Pool1 2gen5client6k3v9wq07abcdef and its secret of " +
			"COGNITO_APP_CLIENT_SECRET, .env:1 COGNITO_USER_POOL_ID, .env:2 COGNITO_APP_CLIENT_ID, " +
			"../../amplify_outputs.json:3 auth.user_pool_id, ../../amplify_outputs.json:5 auth.user_pool_client_id"}},
	} {
		t.Run(tt.project+"/"+tt.dir, func(t *testing.T) {
			found, err := Find(Input{Dir: filepath.Join(project(t, tt.project), tt.dir)})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, described(found.Candidates)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if len(found.Settings) > 0 {
				t.Errorf("used unasked: %v", found.Settings)
			}
		})
	}
}

func TestTerraform(t *testing.T) {
	file, err := os.Open("testdata/terraform.json")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	found, err := Find(Input{Terraform: file})
	want := []string{
		"eu-north-1_TfStage01 bstage55client6k3v9wq07abc and its secret of staging_user_pool_client_secret, terraform " +
			"output staging_user_pool_id, terraform output staging_user_pool_client_id",
		"eu-north-1_TfProd001 cprod555client6k3v9wq07abc, terraform output prod.pool_id, terraform output prod.client_id",
	}
	if diff := cmp.Diff(want, described(found.Candidates)); diff != "" || err != nil {
		t.Errorf("%v, -want +got:\n%s", err, diff)
	}
	for text, want := range map[string]string{
		"":                                 "stdin: it is empty",
		"\x00\x00\x00":                     "stdin: this is not text",
		"{\n\"a\": {\"value\": \"eu-wes":   "stdin: looks cut off in line 2",
		"user_pool_id = none\n":            "stdin: no Terraform output is a user pool ID",
		`{"a": {"value": "no id at all"}}`: "stdin: no Terraform output is a user pool ID",
		strings.Repeat("[", 100):           "stdin: looks cut off in line 1",
		strings.Repeat("#", largest+1):     "stdin: larger than 1024 KiB",
	} {
		if _, err := Find(Input{Terraform: strings.NewReader(text)}); err == nil || err.Error() != want {
			t.Errorf("%.30q: %v, want %s", text, err, want)
		}
	}
}

const configText = `# pools
issuer = "Acme"
default_profile = "staging"

[profile.staging]
pool_id = "eu-west-1_Staging01"
client_id = "staging"
client_secret_file = "~/staging.secret"

[profile.prod]
pool_id = "eu-west-1_Prod00001"
client_id = "prod"
client_secret_file = "prod.secret"
issuer = "Acme Production"
cover = true
`

func write(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// lines of settings as `config` prints them.
func shown(f Found) string {
	var b strings.Builder
	for _, s := range f.Settings {
		fmt.Fprintf(&b, "%s=%s (%s)", s.Key, s.Value, s.Source)
		for _, l := range s.Losers {
			fmt.Fprintf(&b, " not %s (%s)", l.Value, l.Source)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// The strongest source wins, the others are told, and what belongs to another pool is not mixed in.
func TestLayers(t *testing.T) {
	file := write(t, configText)
	for name, tt := range map[string]struct {
		in   Input
		want string
	}{
		"default profile": {Input{Standard: file, Home: "/home/ann"}, `
pool-id=eu-west-1_Staging01 (F:6 profile.staging.pool_id)
client-id=staging (F:7 profile.staging.client_id)
client-secret-file=/home/ann/staging.secret (F:8 profile.staging.client_secret_file)
issuer=Acme (F:2 issuer)
`},
		"a profile": {Input{File: file, Profile: "prod"}, `
pool-id=eu-west-1_Prod00001 (F:11 profile.prod.pool_id)
client-id=prod (F:12 profile.prod.client_id)
client-secret-file=D/prod.secret (F:13 profile.prod.client_secret_file)
issuer=Acme Production (F:14 profile.prod.issuer)
cover=true (F:15 profile.prod.cover)
`},
		"a flag beats a variable, and that the file": {Input{File: file, Home: "/home/ann", Flags: map[string]string{"issuer": "A"}, Environ: []string{"COGNITO_ENROLL_ISSUER=B", "COGNITO_ENROLL_USERNAME=ann"}}, `
pool-id=eu-west-1_Staging01 (F:6 profile.staging.pool_id)
client-id=staging (F:7 profile.staging.client_id)
client-secret-file=/home/ann/staging.secret (F:8 profile.staging.client_secret_file)
username=ann (environment COGNITO_ENROLL_USERNAME)
issuer=A (flag --issuer) not B (environment COGNITO_ENROLL_ISSUER) not Acme (F:2 issuer)
`},
		"another pool's client is not taken": {Input{File: file, Flags: map[string]string{"pool-id": "eu-west-1_Other"},
			Environ: []string{"COGNITO_USER_POOL_ID=eu-west-1_AbCdEf123", "COGNITO_CLIENT_ID=4k3v9wq05client6id7abcdef"}}, `
pool-id=eu-west-1_Other (flag --pool-id) not eu-west-1_AbCdEf123 (environment COGNITO_USER_POOL_ID) not eu-west-1_Staging01 (F:6 profile.staging.pool_id)
issuer=Acme (F:2 issuer)
`},
		"another client's secret is not taken": {Input{File: file, Home: "/home/ann", Flags: map[string]string{"client-id": "web"}}, `
pool-id=eu-west-1_Staging01 (F:6 profile.staging.pool_id)
client-id=web (flag --client-id) not staging (F:7 profile.staging.client_id)
issuer=Acme (F:2 issuer)
`},
		"well-known variables": {Input{Environ: []string{"VITE_USER_POOL_ID=eu-west-1_AbCdEf123", "VITE_USER_POOL_CLIENT_ID=4k3v9wq05client6id7abcdef", "GITHUB_CLIENT_ID=0123456789abcdef0123"}}, `
pool-id=eu-west-1_AbCdEf123 (environment VITE_USER_POOL_ID)
client-id=4k3v9wq05client6id7abcdef (environment VITE_USER_POOL_CLIENT_ID)
`},
		"the pool of one source, the client of another": {Input{Flags: map[string]string{"client-id": "abc"}, Environ: []string{"COGNITO_ENROLL_POOL_ID=eu-west-1_AbC"}}, `
pool-id=eu-west-1_AbC (environment COGNITO_ENROLL_POOL_ID)
client-id=abc (flag --client-id)
`},
		"an issuer's URL": {Input{Flags: map[string]string{"pool-id": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC"}}, "\npool-id=eu-west-1_AbC (flag --pool-id)\n"},
		"defaults":        {Input{Defaults: map[string]string{"theme": "auto"}}, "\ntheme=auto (default)\n"},
		"nothing":         {Input{Standard: file + ".none"}, "\n"},
		"no place":        {Input{Standard: file + "/cognito-enroll/config.toml"}, "\n"},
	} {
		t.Run(name, func(t *testing.T) {
			found, err := Find(tt.in)
			if err != nil {
				t.Fatal(err)
			}
			got := "\n" + strings.NewReplacer(file, "F", filepath.Dir(file), "D").Replace(shown(found))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// What is wrong with config.toml and with our own variables is told with its place and what was expected.
func TestMistakes(t *testing.T) {
	check := func(key, value string) string {
		if key == "theme" && value != "dark" {
			return "dark"
		}
		return ""
	}
	for name, tt := range map[string]struct {
		text       string
		in         Input
		want, hint string
	}{
		"unknown key": {"issuer = \"A\"\n[profile.a]\npool_idd = \"x\"\n", Input{},
			"F:3: profile.a.pool_idd: unknown key", "did you mean pool_id?"},
		"wrong kind":  {"\npool_id = 3\n", Input{}, "F:2: pool_id: expected text in quotation marks", ""},
		"no boolean":  {"cover = \"yes\"\n", Input{}, "F:1: cover: expected true or false", ""},
		"wrong value": {"theme = \"pink\"\n", Input{}, `F:1: theme: expected dark, not "pink"`, ""},
		"no TOML":     {"issuer = \"A\"\npool_id: x\n", Input{}, "F:2: this is not TOML", ""},
		"cut off":     {"issuer = \"A\"\npool_id = \"x", Input{}, "F:2: this is not TOML", ""},
		"a secret": {"[profile.a]\nclient_secret = \"hush\"\n", Input{},
			"F:2: profile.a.client_secret: a secret must not be in this file", "did you mean client_secret_file?"},
		"no table": {"profile = 3\n", Input{}, "F:1: profile: expected a table, as in [profile.staging]", ""},
		"default profile": {"default_profile = \"stagin\"\n[profile.staging]\n", Input{},
			"F:1: default_profile: expected the name of a profile of this file", "did you mean staging?"},
		"profile": {"[profile.staging]\n", Input{Profile: "stagign"}, `F: no profile "stagign"`,
			"did you mean staging?"},
		"no profile": {"", Input{Profile: "a"}, `F: no profile "a"`,
			"add a table [profile.NAME] with keys such as pool_id"},
		"our variable": {"", Input{Environ: []string{"COGNITO_ENROLL_POOLID=x"}},
			"COGNITO_ENROLL_POOLID: unknown setting", "did you mean COGNITO_ENROLL_POOL_ID?"},
		"a variable's text": {"", Input{Environ: []string{"COGNITO_ENROLL_THEME=pink"}},
			`COGNITO_ENROLL_THEME: expected dark, not "pink"`, ""},
		"hostile": {"\"\\u001b[2J\" = 1\n", Input{}, "F:1: \uFFFD[2J: unknown key", ""},
	} {
		t.Run(name, func(t *testing.T) {
			file := write(t, tt.text)
			tt.in.File, tt.in.Check = file, check
			_, err := Find(tt.in)
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("error %v", err)
			}
			if got := strings.ReplaceAll(e.Error(), file, "F"); got != tt.want || tt.hint != "" && e.Hint != tt.hint {
				t.Errorf("got  %s (%s)\nwant %s (%s)", got, e.Hint, tt.want, tt.hint)
			}
		})
	}
	if _, err := Find(Input{File: "none.toml"}); err == nil {
		t.Error("a file that a flag names has to be there")
	}
	if runtime.GOOS != "windows" {
		file := write(t, configText)
		os.Chmod(file, 0o666)
		if _, err := Find(Input{File: file}); err == nil || !strings.Contains(err.Error(),
			"others can write it (mode 0666)") {
			t.Errorf("error %v", err)
		}
	}
}

// What is wrong with a file of somebody else's is a warning, and the other files count.
func TestWarnings(t *testing.T) {
	dir := project(t, "nextjs")
	for name, text := range map[string]string{
		"amplify_outputs.json":      "{\"auth\": {\n\"user_pool_id\": \"eu-w",
		"amplifyconfiguration.json": "const x = 3",
		"cdk-outputs.json":          strings.Repeat(" ", largest+1),
		"data.json":                 strings.Repeat(" ", largest+1),
		"awsconfiguration.json":     strings.Repeat("[", 1000),
		".env":                      "COGNITO_CLIENT_SECRET=\"hush\n\x1b[2J",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("aws-exports.json", filepath.Join(dir, "aws-exports.json")); err != nil {
		t.Skip(err)
	}
	found, err := Find(Input{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, w := range found.Warnings {
		got = append(got, w.Error())
	}
	want := []string{
		"amplify_outputs.json:2: looks cut off",
		"aws-exports.json: cannot be read",
		"awsconfiguration.json:1: looks cut off",
		"cdk-outputs.json: left out: larger than 1024 KiB (and 1 more)",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if len(found.Candidates) != 1 {
		t.Errorf("candidates %v", described(found.Candidates))
	}
}
