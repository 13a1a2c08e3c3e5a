package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cognito-enroll/flow"
)

// What looks real is offered, and what somebody made up is not.
func TestPoolIn(t *testing.T) {
	for text, want := range map[string]kind{
		"eu-west-1_AbCdEf123":                        real,
		"eusc-de-east-1_Qm7RtX2vB":                   real,
		"us-iso-east-1_Qm7RtX2vB":                    real,
		"local_5HnLk2Jz":                             real,
		"local_testpool":                             real, // people choose the names of an emulator's pools
		"us-east-1_a1b2c3d4e5f60718293a4b5c6d7e8f90": real,
		"us-east-1_demoOPT00":                        real,
		"https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Qm7RtX2vB/":        real,
		"arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_Qm7RtX2vB": real,
		"us-east-1_XXXXXXXXX":                    fake,
		"us-east-1_ABC123":                       fake,
		"us-east-1_abc123DEF":                    fake,
		"us-east-1_zyxwvutsr":                    fake,
		"us-east-1_EXAMPLE":                      fake,
		"us-east-1_yourpool1":                    fake,
		"us-east-1_xyxyxyxyx":                    fake,
		"us-east-1_Qm7aaaaaB":                    fake,
		"us-east-1_abc":                          fake,
		"local_xxxxx":                            fake,
		"us-east-1_":                             partial,
		"us-east-1_Qm7":                          partial,
		"us-east_Qm7RtX2vB":                      plain,
		"US-EAST-1_Qm7RtX2vB":                    plain,
		"my_pool":                                plain,
		"locally_Qm7RtX2vB":                      plain,
		"us-east-1_Qm7RtX2v!":                    plain,
		"eu-west-1:12345678-1234-1234-1234-123":  plain,
		"us-east-1_" + strings.Repeat("aB3", 20): plain,
		strings.Repeat("/", longest) + "us-east-1_Qm7RtX2vB": plain,
	} {
		id, k := poolIn(text)
		if k != want {
			t.Errorf("%.80q is %d, want %d", text, k, want)
		}
		if k == real && !flow.IsPoolID(id) {
			t.Errorf("%.80q: %q is offered and cannot be typed", text, id)
		}
	}
}

func TestClientShape(t *testing.T) {
	for text, want := range map[string]bool{
		"5rk2m9vq0xw7t3hd8zb4npl61c": true, "5rk2m9vq0xw7t3hd8zb4npl6": true, "5rk2m9vq0xw7t3hd8zb4npl61c0": true,
		"5rk2m9vq0xw7t3hd8zb4npl": false, "5rk2m9vq0xw7t3hd8zb4npl61c00": false, "5RK2M9VQ0XW7T3HD8ZB4NPL61C": false,
		"abcdefghijklmnopqrstuvwxyz": false, "01234567890123456789012345": false, "5rk2m9vq0xw7-3hd8zb4npl61c": false,
	} {
		if clientShape(text) != want {
			t.Errorf("%q: %t", text, !want)
		}
	}
}

// An environment has several names, and a word that only holds one is none.
func TestEnvironmentOf(t *testing.T) {
	for name, want := range map[string]string{
		"COGNITO_POOL_ID_DEV": "dev", "developmentPoolId": "dev", ".env.production": "prod", "AuthStagingStack": "staging",
		"dev2":    "dev",
		"devices": "", "PRODUCT_POOL_ID": "", "": "",
	} {
		if got := environmentOf(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

// Below the home directory there are other people's projects: only what stands in it counts.
func TestHome(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, ".env", madeUpIDs.Replace("COGNITO_USER_POOL_ID=@P1\n"))
	put(t, dir, "work/.env", madeUpIDs.Replace("COGNITO_USER_POOL_ID=@P2\n"))
	for home, want := range map[string]int{dir: 1, "": 2} {
		found, err := Find(Input{Dir: dir, Home: home})
		if err != nil || len(found.Candidates) != want {
			t.Errorf("home %q: %v, %v", home, described(found.Candidates), err)
		}
	}
}

// Outside of a repository the parents are somebody else's.
func TestOutsideOfARepository(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, ".env", madeUpIDs.Replace("COGNITO_USER_POOL_ID=@P1\n"))
	put(t, dir, "work/.env", madeUpIDs.Replace("COGNITO_USER_POOL_ID=@P2\n"))
	found, err := Find(Input{Dir: filepath.Join(dir, "work")})
	if err != nil || len(found.Candidates) != 1 || found.Candidates[0].Pool != madeUpIDs.Replace("@P2") {
		t.Errorf("%v, %v", described(found.Candidates), err)
	}
}

// A run that goes on later reads the files that its secret is from, and no others.
func TestBeside(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, ".git/HEAD", "")
	put(t, dir, ".env", madeUpIDs.Replace("COGNITO_USER_POOL_ID=@P1\n"))
	put(t, dir, ".env.local", madeUpIDs.Replace("COGNITO_CLIENT_ID=@C1\nCOGNITO_CLIENT_SECRET=@S1\n"))
	put(t, dir, "other/.env", madeUpIDs.Replace("COGNITO_USER_POOL_ID=@P2\nCOGNITO_CLIENT_ID=@C2\n"))
	pool, client := madeUpIDs.Replace("@P1"), madeUpIDs.Replace("@C1")
	first, err := Find(Input{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	files := first.SecretFiles(pool, client)
	if len(files) != 2 || first.SecretFiles(pool, "another") != nil {
		t.Fatalf("files %q", files)
	}
	for i := range files {
		files[i] = filepath.Join(dir, files[i])
	}
	later, err := Find(Input{Beside: append(files, filepath.Join(dir, "none.env"), filepath.Join(dir, "picture.png"))})
	if err != nil || len(later.Candidates) != 1 {
		t.Fatalf("%v, %v", described(later.Candidates), err)
	}
	if secret, source := later.Secret(pool, client); secret.Reveal() != madeUpIDs.Replace("@S1") || source.Line != 2 {
		t.Errorf("secret from %v", source)
	}
	if secret, _ := later.Secret(pool, "another"); !secret.Empty() {
		t.Error("a secret for another client")
	}
}

// What is no file is not opened: it would not end.
func TestNoFile(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, ".git/HEAD", "")
	if err := os.Symlink("/dev/zero", filepath.Join(dir, "outputs.json")); err != nil {
		t.Skip(err)
	}
	if err := os.Symlink(dir, filepath.Join(dir, "loop.json")); err != nil {
		t.Skip(err)
	}
	found, err := Find(Input{Dir: dir})
	if err != nil || len(found.Candidates) > 0 || len(found.Warnings) != 1 {
		t.Errorf("%v, %v, %v", described(found.Candidates), found.Warnings, err)
	}
}

func TestTelling(t *testing.T) {
	for _, tt := range []struct{ names, want []string }{
		{[]string{"Staging.WebClientId", "Prod.WebClientId"}, []string{"staging", "prod"}},
		{[]string{"REACT_APP_STAGING_CLIENT_ID", "REACT_APP_PROD_CLIENT_ID"}, []string{"staging", "prod"}},
		{[]string{"auth.web_client", "auth.admin_client", "auth.mobile_client"}, []string{"web", "admin", "mobile"}},
		{[]string{"Staging.WebClientId", "Prod.WebClientId", "Prod.AdminClientId"}, []string{"staging web", "prod web", "prod admin"}},
		{[]string{"client_id", "prod_client_id"}, []string{"", "prod"}},
		{[]string{"client_id"}, []string{""}},
		{[]string{"client_id", "client_id"}, []string{"", ""}},
		{[]string{"OutClient2F5918F76B", "OutClient9A41"}, []string{"", ""}},
		{[]string{strings.Repeat("long_", 9) + "client", "short_client"}, []string{"", "short"}},
		{[]string{"", "a"}, []string{"", "a"}},
	} {
		telling := Telling(tt.names)
		for i, name := range tt.names {
			if got := telling[name]; got != tt.want[i] {
				t.Errorf("%q among %q is told by %q, want %q", name, tt.names, got, tt.want[i])
			}
		}
	}
}
