package cognito

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"cognito-enroll/flow"
)

// Caller asks AWS whose the credentials are, and returns the ARN, such as arn:aws:iam::123456789012:user/ada. It asks
// where AWS's configuration says; atAWS is whether it may ask AWS itself when that says nothing.
func Caller(ctx context.Context, region string, chosen Chosen, atAWS bool) (string, error) {
	e := Environment{chosen: chosen}
	bundle, err := e.readable()
	if err != nil {
		return "", err
	}
	loaded, err := config.LoadDefaultConfig(ctx, append(chosen.options(bundle), config.WithRegion(region),
		config.WithHTTPClient(awshttp.NewBuildableClient().WithTransportOptions(http1)))...)
	if err != nil {
		return "", errors.New("the AWS configuration cannot be read")
	}
	client := sts.NewFromConfig(loaded)
	if client.Options().BaseEndpoint == nil && !atAWS {
		return "", errors.New("AWS is not asked")
	}
	out, err := client.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return "", errors.New("AWS does not tell") // the text may hold more than is to be shown
	}
	return flow.Printable(shown(nil, aws.ToString(out.Arn))), nil
}
