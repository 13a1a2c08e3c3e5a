package localpool

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// What a request leaves out, or has too much of, is refused in the words of the model's constraints.
func TestMembers(t *testing.T) {
	r := newRig(t, Options{})
	pool := r.seed(t, PoolSeed{Name: "p", Clients: []ClientSeed{{ID: "c"}}, Groups: []string{"staff"}, TracksDevices: true,
		Users: []UserSeed{{Username: "bob", Password: aPassword}}}).Pools[0].ID
	out, err := r.enter("c", "bob", aPassword)
	if err != nil {
		t.Fatal(err)
	}
	token := out.AuthenticationResult.AccessToken
	attributes := func(n int) string {
		var list []string
		for i := range n {
			list = append(list, fmt.Sprintf(`{"Name":"a%d","AttributeDataType":"String"}`, i))
		}
		return strings.Join(list, ",")
	}
	urls := strings.Repeat(`"https://example.com",`, 100) + `"https://example.com"`
	const null = "Member must not be null"
	for _, tt := range []struct {
		operation, body string
		want            string // in the answer
	}{
		{"AdminUpdateUserAttributes", `{"UserPoolId":POOL,"Username":"bob"}`,
			"'userAttributes' failed to satisfy constraint: " + null},
		{"AdminDeleteUserAttributes", `{"UserPoolId":POOL,"Username":"bob"}`,
			"'userAttributeNames' failed to satisfy constraint: " + null},
		{"UpdateUserAttributes", `{"AccessToken":TOKEN}`, "'userAttributes' failed to satisfy constraint: " + null},
		{"DeleteUserAttributes", `{"AccessToken":TOKEN}`,
			"'userAttributeNames' failed to satisfy constraint: " + null},
		{"AdminForgetDevice", `{"UserPoolId":POOL,"Username":"bob"}`,
			"'deviceKey' failed to satisfy constraint: " + null},
		{"ConfirmDevice", `{"AccessToken":TOKEN}`, "'deviceKey' failed to satisfy constraint: " + null},
		{"UpdateUserAttributes", `{"AccessToken":TOKEN,"UserAttributes":[]}`, "CodeDeliveryDetailsList"},
		{"CreateGroup", `{"UserPoolId":POOL,"GroupName":"g","RoleArn":"arn:aws:iam::role"}`,
			"'roleArn' failed to satisfy constraint: "},
		{"UpdateGroup", `{"UserPoolId":POOL,"GroupName":"staff","RoleArn":"x"}`,
			"'roleArn' failed to satisfy constraint: "},
		{"UpdateGroup", `{"UserPoolId":POOL,"GroupName":"staff","RoleArn":"arn:aws:iam::000000000000:role/staff"}`,
			`"RoleArn":"arn:`},
		{"ListUsers", `{"UserPoolId":POOL,"Filter":"` + strings.Repeat("x", 257) + `"}`,
			"'filter' failed to satisfy constraint: "},

		{"AddCustomAttributes", `{"UserPoolId":POOL,"CustomAttributes":[` + attributes(26) + `]}`,
			"less than or equal to 25"},
		{"AddCustomAttributes", `{"UserPoolId":POOL,"CustomAttributes":[` + attributes(25) + `]}`, `{}`},
		{"CreateUserPool", `{"PoolName":"q","Schema":[` + attributes(51) + `]}`, "less than or equal to 50"},
		{"CreateUserPool", `{"PoolName":"q","Schema":[{"Name":"a b"}]}`, "regular expression pattern"},
		{"CreateUserPool", `{"PoolName":"q","Schema":[{"Name":"a","StringAttributeConstraints":{"MinLength":"many"}}]}`,
			"custom:a: "},
		{"CreateUserPool", `{"PoolName":"q","Schema":[{"Name":"a","StringAttributeConstraints":{"MinLength":"2","MaxLength":"1"}}]}`,
			"custom:a: "},
		{"CreateUserPool", `{"PoolName":"q","Schema":[{"Name":"a","AttributeDataType":"Number","NumberAttributeConstraints":{"MaxValue":"1.5"}}]}`,
			"custom:a: "},
		{"CreateUserPool", `{"PoolName":"q","Schema":[{"Name":"name","StringAttributeConstraints":{"MaxLength":"x"}}]}`,
			"name: "},
		{"CreateUserPool", `{"PoolName":"q","Schema":[{"Name":"a","StringAttributeConstraints":{"MinLength":"1","MaxLength":"1"}}]}`,
			`"MaxLength":"1"`},

		{"CreateUserPool", `{"PoolName":"q","UserPoolTier":"BANANA"}`,
			"'userPoolTier' failed to satisfy constraint: "},
		{"CreateUserPool", `{"PoolName":"q","UserPoolTier":"LITE"}`, `"UserPoolTier":"LITE"`},
		{"CreateUserPool", `{"PoolName":"q","SmsVerificationMessage":"no code"}`,
			"'smsVerificationMessage' failed to satisfy constraint: "},
		{"CreateUserPool", `{"PoolName":"q","EmailVerificationMessage":"no code"}`,
			"'emailVerificationMessage' failed to satisfy constraint: "},
		{"CreateUserPool", `{"PoolName":"q","EmailVerificationSubject":"` + strings.Repeat("x", 141) + `"}`,
			"'emailVerificationSubject' failed to satisfy constraint: "},
		{"CreateUserPool", `{"PoolName":"q","UserPoolTags":{"a":"b"},"SmsVerificationMessage":"use {####}"}`,
			`"UserPoolTags":{"a":"b"}`},
		{"CreateUserPool", `{"PoolName":"q","UserPoolTags":5}`, "SerializationException"},
		{"CreateUserPool", `{"PoolName":"q","EmailConfiguration":[]}`, "SerializationException"},
		{"CreateUserPool", `{"PoolName":"q","SmsConfiguration":"x"}`, "SerializationException"},
		{"CreateUserPool", `{"PoolName":"q","SmsConfiguration":{"SnsCallerArn":"arn:aws:iam::000000000000:role/sms","ExternalId":"e"}}`,
			`"ExternalId":"e"`},
		{"UpdateUserPool", `{"UserPoolId":POOL,"SmsAuthenticationMessage":1}`, "SerializationException"},
		{"UpdateUserPool", `{"UserPoolId":POOL,"VerificationMessageTemplate":{"DefaultEmailOption":"BY_DOVE"}}`,
			"defaultEmailOption' failed to satisfy"},
		{"CreateUserPoolClient", `{"UserPoolId":POOL,"ClientName":"c","CallbackURLs":"https://example.com"}`,
			"SerializationException"},
		{"CreateUserPoolClient", `{"UserPoolId":POOL,"ClientName":"c","AllowedOAuthFlowsUserPoolClient":"yes"}`,
			"SerializationException"},
		{"CreateUserPoolClient", `{"UserPoolId":POOL,"ClientName":"c","CallbackURLs":[` + urls + `]}`,
			"less than or equal to 100"},
		{"CreateUserPoolClient", `{"UserPoolId":POOL,"ClientName":"c","LogoutURLs":["a b"]}`,
			"'logoutURLs' failed to satisfy constraint: "},
		{"CreateUserPoolClient", `{"UserPoolId":POOL,"ClientName":"c","AllowedOAuthFlows":["magic"]}`,
			"'allowedOAuthFlows' failed to satisfy constraint: "},
		{"CreateUserPoolClient", `{"UserPoolId":POOL,"ClientName":"c","AllowedOAuthScopes":["open id"]}`,
			"'allowedOAuthScopes' failed to satisfy constraint: "},
		{"UpdateUserPoolClient", `{"UserPoolId":POOL,"ClientId":"c","AllowedOAuthFlowsUserPoolClient":false,"LogoutURLs":["shop://out"],"AllowedOAuthScopes":["openid"]}`,
			`"LogoutURLs":["shop://out"],"AllowedOAuthScopes":["openid"],"AllowedOAuthFlowsUserPoolClient":false`},
	} {
		t.Run(tt.operation, func(t *testing.T) {
			body := strings.NewReplacer("POOL", `"`+pool+`"`, "TOKEN", `"`+token+`"`).Replace(tt.body)
			if _, got := r.post(t, tt.operation, body, http.Header{"Authorization": {signature}}); !strings.Contains(got, tt.want) {
				t.Errorf("%.300s\ngot %.500s\nwant in it %s", tt.body, got, tt.want)
			}
		})
	}
}
