package cognito

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"

	"cognito-enroll/flow"
)

// LoadCredentials finds AWS credentials where the AWS CLI does: environment, profile, AWS_PROFILE,
// single sign-on, the machine's role. They are looked up once here, so that whoever has none learns
// it at once. Its error is a *ConfigError.
func LoadCredentials(ctx context.Context, region string, chosen Chosen) (aws.CredentialsProvider, error) {
	e := Environment{chosen: chosen}
	bundle, err := e.readable()
	if err != nil {
		return nil, err
	}
	loaded, err := config.LoadDefaultConfig(ctx, append(chosen.options(bundle), config.WithRegion(region),
		config.WithHTTPClient(awshttp.NewBuildableClient().WithTransportOptions(http1)))...)
	if profile, ok := errors.AsType[config.SharedConfigProfileNotExistError](err); ok {
		return nil, remedied(flow.CheckProfile, "there is no AWS profile %q", profile.Profile)
	}
	if err != nil { // its text may quote a line of the file
		return nil, remedied(flow.CheckAWSConfig, "the AWS configuration cannot be read")
	}
	if !usable(ctx, loaded.Credentials) {
		return nil, remedied(flow.GetCredentials, "no AWS credentials")
	}
	return loaded.Credentials, nil
}

// needCredentials fails when there are none: the SDK would send the call unsigned.
func (c *Client) needCredentials(ctx context.Context) error {
	switch {
	case usable(ctx, c.config.Credentials):
		return nil
	case errors.Is(ctx.Err(), context.Canceled):
		return ctx.Err()
	}
	return failure{code: "no-credentials"}
}

// usable does not tell why credentials cannot be had: the text may show some, as that of a
// credential_process whose output cannot be read.
func usable(ctx context.Context, p aws.CredentialsProvider) bool {
	if p == nil {
		return false
	}
	found, err := p.Retrieve(ctx)
	return err == nil && found.HasKeys()
}
