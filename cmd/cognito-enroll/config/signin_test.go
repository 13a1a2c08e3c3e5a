package config

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestSignInAttributes(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		want       []string
	}{
		{"amplify_outputs.json", `{"auth": {"username_attributes": ["email"], "x": ["phone_number"]}}`, []string{"email"}},
		{"aws-exports.js", `"aws_cognito_username_attributes": ["PHONE_NUMBER"],`, []string{"phone_number"}},
		{"amplifyconfiguration.json", `"usernameAttributes": ["EMAIL", "PHONE_NUMBER"]`, []string{"email", "phone_number"}},
		{"Terraform", "username_attributes      = [\"email\"]", []string{"email"}},
		{"CloudFormation", "UsernameAttributes:\n  - email\nPolicies:\n  - phone_number\n", []string{"email"}},
		{"CloudFormation in one line", "UsernameAttributes: [email, 'phone_number']", []string{"email", "phone_number"}},
		{"twice the same", "username_attributes = [\"email\"]\nusername_attributes = [\"email\"]", []string{"email"}},
		{"two things", "username_attributes = [\"email\"]\nusernameAttributes: [phone_number]", nil},
		{"none", `"aws_cognito_username_attributes": [],`, nil},
		{"another list", `"standard_required_attributes": ["email"]`, nil},
		{"no list", `username_attributes = var.attributes`, nil},
		{"no end", `username_attributes = ["email"`, nil},
		{"no sign", `username_attributes ["email"]`, nil},
		{"what is none", `username_attributes = ["\u001b[2J", "name"]`, nil},
		{"the end", `username_attributes`, nil},
	} {
		if got := signInAttributes(tt.text); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestSignInOfCandidates(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const one = `"user_pool_id": "eu-west-1_Gen2Pool1", "user_pool_client_id": "2gen5client6k3v9wq07abcdef"`
	signIn := func() []string {
		found, err := Find(Input{Dir: dir})
		if err != nil || len(found.Candidates) == 0 {
			t.Fatal(found, err)
		}
		return found.Candidates[0].SignIn
	}
	write("amplify_outputs.json", `{"auth": {`+one+`, "username_attributes": ["email"]}}`)
	if got := signIn(); !slices.Equal(got, []string{"email"}) {
		t.Errorf("one pool: %q", got)
	}
	write("amplify_outputs.json", `{"auth": {`+one+`, "username_attributes": ["email"]}, "other": {
		"user_pool_id": "eu-west-1_x8Kd03PqZ", "user_pool_client_id": "7mq2v9xk4b1c8d0f3g6h5j2k1n"}}`)
	if got := signIn(); got != nil {
		t.Errorf("of two pools in one file: %q", got)
	}
}
