package cognito

import (
	"context"
	"crypto/rand"
	"io"
	"math/big"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go/middleware"

	"cognito-enroll/flow"
)

// NewUser is whom to create. Email or Phone is where Cognito sends the temporary password, unless Password is ours:
// then it sends nothing.
type NewUser struct {
	Username, Email, Phone string
	Password               flow.Secret
}

// Create makes a user (API reference, AdminCreateUser). The name that Cognito gave the user may be another than that of
// n. It is sent once: where the answer is lost, the user may exist, and have a message or not.
func (a *Admin) Create(ctx context.Context, n NewUser) (u User, o Outcome) {
	in := &cip.AdminCreateUserInput{UserPoolId: &a.config.PoolID, Username: &n.Username,
		TemporaryPassword: reveal(n.Password)}
	for _, to := range []struct {
		name, value string
		medium      types.DeliveryMediumType
	}{{"email", n.Email, types.DeliveryMediumTypeEmail}, {"phone_number", n.Phone, types.DeliveryMediumTypeSms}} {
		if to.value != "" {
			in.UserAttributes = append(in.UserAttributes, types.AttributeType{Name: aws.String(to.name),
				Value: aws.String(to.value)})
			in.DesiredDeliveryMediums = append(in.DesiredDeliveryMediums, to.medium)
		}
	}
	if !n.Password.Empty() {
		in.MessageAction, in.DesiredDeliveryMediums = types.MessageActionTypeSuppress, nil
	}
	return a.create(ctx, in, n.Password)
}

// Resend has Cognito make a new temporary password and send it, to a user who has not used the last one.
func (a *Admin) Resend(ctx context.Context, username string) (u User, o Outcome) {
	return a.create(ctx, &cip.AdminCreateUserInput{UserPoolId: &a.config.PoolID, Username: &username,
		MessageAction: types.MessageActionTypeResend}, flow.Secret{})
}

func (a *Admin) create(ctx context.Context, in *cip.AdminCreateUserInput, password flow.Secret) (u User, o Outcome) {
	call := adminCall{operation: "AdminCreateUser", user: aws.ToString(in.Username), secrets: []flow.Secret{password}}
	o = a.do(ctx, call, func(ctx context.Context) (middleware.Metadata, error) {
		out, err := a.api.AdminCreateUser(ctx, in)
		switch {
		case err != nil:
			return middleware.Metadata{}, err
		case out.User == nil || aws.ToString(out.User.Username) == "":
			return out.ResultMetadata, failure{"incomplete", "there is no User"}
		}
		t := out.User
		u = User{Username: *t.Username, Status: string(t.UserStatus), Enabled: t.Enabled,
			Created: aws.ToTime(t.UserCreateDate), Modified: aws.ToTime(t.UserLastModifiedDate)}
		u.take(t.Attributes)
		return out.ResultMetadata, nil
	})
	return u, o
}

// SetTemporaryPassword replaces the user's password by one that has to be changed at the next sign-in (API reference,
// AdminSetUserPassword). Cognito sends nothing.
func (a *Admin) SetTemporaryPassword(ctx context.Context, username string, password flow.Secret) Outcome {
	call := adminCall{operation: "AdminSetUserPassword", user: username, secrets: []flow.Secret{password}}
	return a.do(ctx, call, func(ctx context.Context) (middleware.Metadata, error) {
		out, err := a.api.AdminSetUserPassword(ctx, &cip.AdminSetUserPasswordInput{UserPoolId: &a.config.PoolID,
			Username: &username, Password: reveal(password)})
		if err != nil {
			return middleware.Metadata{}, err
		}
		return out.ResultMetadata, nil
	})
}

// ResetPassword makes the user's password void and has Cognito send a code for a new one (API reference,
// AdminResetUserPassword).
func (a *Admin) ResetPassword(ctx context.Context, username string) Outcome {
	return a.do(ctx, adminCall{operation: "AdminResetUserPassword", user: username},
		func(ctx context.Context) (middleware.Metadata, error) {
			out, err := a.api.AdminResetUserPassword(ctx,
				&cip.AdminResetUserPasswordInput{UserPoolId: &a.config.PoolID, Username: &username})
			if err != nil {
				return middleware.Metadata{}, err
			}
			return out.ResultMetadata, nil
		})
}

// NewPassword draws a password of n characters, and 12 at least, that has some of each kind. It leaves out what is
// easily taken for something else when it is read out.
func NewPassword(random io.Reader, n int) (flow.Secret, error) {
	kinds := []string{"abcdefghijkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789", "-+.="}
	all := kinds[0] + kinds[1] + kinds[2]
	draw := func(n int) (int, error) {
		i, err := rand.Int(random, big.NewInt(int64(n)))
		if err != nil {
			return 0, err
		}
		return int(i.Int64()), nil
	}
	n = max(n, 12)
	text := make([]byte, 0, n)
	for len(text) < n {
		from := all
		if len(text) < len(kinds) {
			from = kinds[len(text)]
		}
		i, err := draw(len(from))
		if err != nil {
			return flow.Secret{}, err
		}
		text = append(text, from[i])
	}
	for i := n - 1; i > 0; i-- { // so that nobody knows which kind is where
		j, err := draw(i + 1)
		if err != nil {
			return flow.Secret{}, err
		}
		text[i], text[j] = text[j], text[i]
	}
	return flow.NewSecret(string(text)), nil
}
