package cognito

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go/middleware"
)

// User is what an administrator sees of a user. The texts are as Cognito sent them, and not fit for a terminal.
type User struct {
	Username, Sub, Email, Phone string
	Status                      string // of the account, such as CONFIRMED or EXTERNAL_PROVIDER
	Enabled                     bool
	Created, Modified           time.Time
	Factors                     []string // UserMFASettingList; nil as well when nobody asked
	Preferred                   string   // PreferredMfaSetting
}

// The statuses that decide something here (API reference, UserType).
const (
	StatusConfirmed   = "CONFIRMED"
	StatusUnconfirmed = "UNCONFIRMED"
	StatusFederated   = "EXTERNAL_PROVIDER"
	StatusReset       = "RESET_REQUIRED"
	StatusTemporary   = "FORCE_CHANGE_PASSWORD"
)

// The second factors, as UserMFASettingList names them (API reference, AdminGetUser).
const (
	FactorTOTP  = "SOFTWARE_TOKEN_MFA"
	FactorSMS   = "SMS_MFA"
	FactorEmail = "EMAIL_OTP"
)

// Has reports whether a factor is active.
func (u User) Has(factor string) bool { return slices.Contains(u.Factors, factor) }

func (u *User) take(attributes []types.AttributeType) {
	for name, to := range map[string]*string{"sub": &u.Sub, "email": &u.Email, "phone_number": &u.Phone} {
		for _, a := range attributes {
			if aws.ToString(a.Name) == name {
				*to = aws.ToString(a.Value)
			}
		}
	}
}

// User reads one user by any name that Cognito takes for one: username, sub or an alias.
func (a *Admin) User(ctx context.Context, name string) (u User, o Outcome) {
	return a.user(ctx, name, a.repeatable)
}

// UserOnce is User without repetitions, for whoever paces many such requests.
func (a *Admin) UserOnce(ctx context.Context, name string) (User, Outcome) {
	return a.user(ctx, name, func(*cip.Options) {})
}

func (a *Admin) user(ctx context.Context, name string, how func(*cip.Options)) (u User, o Outcome) {
	o = a.do(ctx, adminCall{operation: "AdminGetUser", user: name},
		func(ctx context.Context) (middleware.Metadata, error) {
			out, err := a.api.AdminGetUser(ctx, &cip.AdminGetUserInput{UserPoolId: &a.config.PoolID, Username: &name}, how)
			switch {
			case err != nil:
				return middleware.Metadata{}, err
			case aws.ToString(out.Username) == "":
				return out.ResultMetadata, failure{"incomplete", "there is no Username"}
			case out.UserStatus == "":
				return out.ResultMetadata, failure{"incomplete", "there is no UserStatus"}
			}
			u = User{Username: *out.Username, Status: string(out.UserStatus), Enabled: out.Enabled,
				Created: aws.ToTime(out.UserCreateDate), Modified: aws.ToTime(out.UserLastModifiedDate),
				Factors: out.UserMFASettingList, Preferred: aws.ToString(out.PreferredMfaSetting)}
			u.take(out.UserAttributes)
			return metadata(out, nil)
		})
	return u, o
}

// Users is one page of a list.
type Users struct {
	Users []User // without Factors and Preferred, which ListUsers does not tell
	Next  string // the token of the next page, "" after the last one
}

// Filter is which users a list has: those whose Attribute is Value, or begins with it.
type Filter struct {
	Attribute, Value string // no Attribute is every user
	Prefix           bool
}

// String is the filter as Cognito wants it (API reference, ListUsers). Value stays one value, whatever is in it.
func (f Filter) String() string {
	if f.Attribute == "" {
		return ""
	}
	sign := "="
	if f.Prefix {
		sign = "^="
	}
	return f.Attribute + " " + sign + ` "` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(f.Value) + `"`
}

// Users lists the users that pass the filter, from the page that token names: 60 at most, and most if that is less
// and not 0. It is not repeated.
func (a *Admin) Users(ctx context.Context, filter Filter, token string, most int) (page Users, o Outcome) {
	in := &cip.ListUsersInput{UserPoolId: &a.config.PoolID, Limit: aws.Int32(pageSize)}
	if most > 0 && most < pageSize {
		in.Limit = aws.Int32(int32(most))
	}
	if text := filter.String(); text != "" {
		in.Filter = &text
	}
	if token != "" {
		in.PaginationToken = &token
	}
	o = a.do(ctx, adminCall{operation: "ListUsers", user: filter.Value},
		func(ctx context.Context) (middleware.Metadata, error) {
			out, err := a.api.ListUsers(ctx, in)
			if err != nil {
				return middleware.Metadata{}, err
			}
			if out.Users == nil { // {} is not a list without users
				return out.ResultMetadata, failure{"incomplete", "there is no list of users"}
			}
			for _, t := range out.Users {
				if aws.ToString(t.Username) == "" {
					return out.ResultMetadata, failure{"incomplete", "there is no Username"}
				}
				u := User{Username: *t.Username, Status: string(t.UserStatus), Enabled: t.Enabled,
					Created: aws.ToTime(t.UserCreateDate), Modified: aws.ToTime(t.UserLastModifiedDate)}
				u.take(t.Attributes)
				page.Users = append(page.Users, u)
			}
			page.Next = aws.ToString(out.PaginationToken)
			return metadata(out, nil)
		})
	if o.Err != nil {
		page = Users{}
	}
	return page, o
}

// Pool is what matters here of a pool's settings.
type Pool struct {
	ID, Name, Account, Region string
	MFA                       string // OFF, OPTIONAL or ON
	TOTP, SMS, Email          bool   // the second factors that are turned on
	NoPasskeys                bool   // its list of first factors has no passkey; false as well if there is no list
	Devices                   bool   // it tracks devices, and those that it remembers need no second factor
	Estimated                 int    // how many users it has, by Cognito's estimate
	TemporaryDays             int    // how long a temporary password is good
	MinimumLength             int    // of a password; 0 if that is not told
}

// The values of Pool.MFA.
const (
	MFAOff      = string(types.UserPoolMfaTypeOff)
	MFAOptional = string(types.UserPoolMfaTypeOptional)
	MFARequired = string(types.UserPoolMfaTypeOn)
)

// Pool reads the settings with DescribeUserPool and GetUserPoolMfaConfig. The Outcome is that of the call that failed,
// or of the last.
func (a *Admin) Pool(ctx context.Context) (p Pool, o Outcome) {
	p = Pool{ID: a.config.PoolID, Region: a.config.Region, TemporaryDays: 7}
	o = a.do(ctx, adminCall{operation: "DescribeUserPool"}, func(ctx context.Context) (middleware.Metadata, error) {
		out, err := a.api.DescribeUserPool(ctx, &cip.DescribeUserPoolInput{UserPoolId: &a.config.PoolID}, a.repeatable)
		switch {
		case err != nil:
			return middleware.Metadata{}, err
		case out.UserPool == nil || aws.ToString(out.UserPool.Id) == "":
			return out.ResultMetadata, failure{"incomplete", "there is no UserPool"}
		}
		d := out.UserPool
		p.Name, p.Devices, p.Estimated = aws.ToString(d.Name), d.DeviceConfiguration != nil, int(d.EstimatedNumberOfUsers)
		if arn := strings.Split(aws.ToString(d.Arn), ":"); len(arn) > 4 {
			p.Account = arn[4]
		}
		if c := d.AdminCreateUserConfig; c != nil && c.UnusedAccountValidityDays > 0 {
			p.TemporaryDays = int(c.UnusedAccountValidityDays)
		}
		if c := d.Policies; c != nil && c.PasswordPolicy != nil && c.PasswordPolicy.TemporaryPasswordValidityDays > 0 {
			p.TemporaryDays = int(c.PasswordPolicy.TemporaryPasswordValidityDays)
		}
		if c := d.Policies; c != nil && c.SignInPolicy != nil {
			first := c.SignInPolicy.AllowedFirstAuthFactors
			p.NoPasskeys = len(first) > 0 && !slices.Contains(first, types.AuthFactorTypeWebAuthn)
		}
		if c := d.Policies; c != nil && c.PasswordPolicy != nil {
			p.MinimumLength = int(aws.ToInt32(c.PasswordPolicy.MinimumLength))
		}
		return metadata(out, nil)
	})
	if o.Err != nil {
		return p, o
	}
	o = a.do(ctx, adminCall{operation: "GetUserPoolMfaConfig"},
		func(ctx context.Context) (middleware.Metadata, error) {
			out, err := a.api.GetUserPoolMfaConfig(ctx, &cip.GetUserPoolMfaConfigInput{UserPoolId: &a.config.PoolID},
				a.repeatable)
			switch {
			case err != nil:
				return middleware.Metadata{}, err
			case out.MfaConfiguration == "":
				return out.ResultMetadata, failure{"incomplete", "there is no MfaConfiguration"}
			}
			totp := out.SoftwareTokenMfaConfiguration
			p.MFA, p.TOTP = string(out.MfaConfiguration), totp != nil && totp.Enabled
			p.SMS, p.Email = out.SmsMfaConfiguration != nil, out.EmailMfaConfiguration != nil
			return metadata(out, nil)
		})
	return p, o
}

// RememberedDevices returns the keys of the devices from which the user signs in without a second factor.
func (a *Admin) RememberedDevices(ctx context.Context, username string) (keys []string, o Outcome) {
	token := ""
	for range mostListed {
		in := &cip.AdminListDevicesInput{UserPoolId: &a.config.PoolID, Username: &username, Limit: aws.Int32(pageSize)}
		if token != "" {
			in.PaginationToken = &token
		}
		next := ""
		o = a.do(ctx, adminCall{operation: "AdminListDevices", user: username},
			func(ctx context.Context) (middleware.Metadata, error) {
				out, err := a.api.AdminListDevices(ctx, in, a.repeatable)
				if err != nil {
					return middleware.Metadata{}, err
				}
				for _, d := range out.Devices {
					if key := aws.ToString(d.DeviceKey); key != "" && remembered(d) {
						keys = append(keys, key)
					}
				}
				next = aws.ToString(out.PaginationToken)
				return metadata(out, nil)
			})
		if token = next; o.Err != nil || token == "" {
			break
		}
	}
	return keys, o
}

// remembered leaves out a device only if an attribute says that it is not remembered. Cognito documents no list of
// them: dev:device_remembered_status and device_status are those that have been seen.
func remembered(d types.DeviceType) bool {
	return !slices.ContainsFunc(d.DeviceAttributes, func(a types.AttributeType) bool {
		return strings.Contains(aws.ToString(a.Name), "status") && aws.ToString(a.Value) == "not_remembered"
	})
}
