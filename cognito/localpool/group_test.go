package localpool

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// claimsOf reads what a token says, without checking it.
func claimsOf(t *testing.T, token string) map[string]any {
	t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	var claims map[string]any
	if err := json.Unmarshal(b, &claims); err != nil {
		t.Fatal(err)
	}
	return claims
}

func role(name string) string { return "arn:aws:iam::000000000000:role/" + name }

func TestGroupsInTokens(t *testing.T) {
	type groups struct{ Groups, Roles, Preferred any }
	list := func(names ...any) any { return names }
	for _, tt := range []struct {
		name   string
		groups []groupInput // in order of joining
		want   groups
	}{
		{"none", nil, groups{}},
		{"no roles", []groupInput{{GroupName: "b"}, {GroupName: "a"}}, groups{Groups: list("a", "b")}},
		{"precedence", []groupInput{{GroupName: "c", RoleArn: role("rc"), Precedence: new(3)}, {GroupName: "a"},
			{GroupName: "b", RoleArn: role("rb"), Precedence: new(0)}},
			groups{list("b", "c", "a"), list(role("rb"), role("rc")), role("rb")}},
		{"tie", []groupInput{{GroupName: "a", RoleArn: role("ra"), Precedence: new(1)},
			{GroupName: "b", RoleArn: role("rb"), Precedence: new(1)}}, groups{list("a", "b"),
			list(role("ra"), role("rb")), nil}},
		{"same role", []groupInput{{GroupName: "a", RoleArn: role("r"), Precedence: new(1)},
			{GroupName: "b", RoleArn: role("r"), Precedence: new(1)}}, groups{list("a", "b"), list(role("r")), role("r")}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, Options{})
			pool := r.seed(t, PoolSeed{Name: "p", Clients: []ClientSeed{{ID: "c"}},
				Users: []UserSeed{{Username: "bob", Password: aPassword}}}).Pools[0].ID
			for _, g := range tt.groups {
				g.UserPoolId = pool
				if _, err := r.createGroup(g); err != nil {
					t.Fatal(err)
				}
				if _, err := r.adminAddUserToGroup(memberInput{pool, "bob", g.GroupName}); err != nil {
					t.Fatal(err)
				}
			}
			out, err := r.enter("c", "bob", aPassword)
			if err != nil {
				t.Fatal(err)
			}
			access, id := claimsOf(t, out.AuthenticationResult.AccessToken), claimsOf(t, out.AuthenticationResult.IdToken)
			if d := cmp.Diff(tt.want, groups{id["cognito:groups"], id["cognito:roles"], id["cognito:preferred_role"]}); d != "" {
				t.Errorf("ID token (-want +got):\n%s", d)
			}
			if d := cmp.Diff(tt.want.Groups, access["cognito:groups"]); d != "" {
				t.Errorf("access token (-want +got):\n%s", d)
			}
		})
	}
}

// An ID token shows what the client may read.
func TestReadAttributes(t *testing.T) {
	r := newRig(t, Options{})
	r.seed(t, PoolSeed{Name: "p", Clients: []ClientSeed{{ID: "c"}},
		Users: []UserSeed{{Username: "bob", Password: aPassword,
			Attributes: map[string]string{"email": "bob@example.com", "email_verified": "True", "name": "Bob"}}}})
	r.clients["c"].ReadAttributes = []string{"email_verified"}
	out, err := r.enter("c", "bob", aPassword)
	if err != nil {
		t.Fatal(err)
	}
	id := claimsOf(t, out.AuthenticationResult.IdToken)
	if id["email_verified"] != true || id["email"] != nil || id["name"] != nil || id["sub"] == nil {
		t.Errorf("got %v", id)
	}
}
